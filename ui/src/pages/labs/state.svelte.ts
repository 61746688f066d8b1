import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { LabLine, LabLineTyped, LabRegister } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";

const EMPTY: LabLineTyped = {
  lab: "",
  analyte: "",
  sex: "",
  from: "",
  to: "",
  low: "",
  high: "",
  unit: "",
  replaces: "",
};

/** The register of laboratory limits, and the line that is being typed. */
export class LabsState extends Loaded<LabRegister> {
  line = $state<LabLineTyped>({ ...EMPTY });
  busy = $state(false);
  wrong = $state.raw<RefusedError | null>(null);

  async fetch(): Promise<void> {
    await this.load(() => ipc.labRegister({ lang: lang.tag }));
    if (this.line.lab === "") this.line.lab = this.now?.labs[0] ?? "";
    if (this.line.analyte === "") this.line.analyte = this.now?.analytes[0]?.code ?? "";
  }

  /** Symbols of the units that the chosen analyte has. */
  get units(): string[] {
    return this.now?.analytes.find((analyte) => analyte.code === this.line.analyte)?.units ?? [];
  }

  /** Puts the line into the register; the next analyte waits then, so that a list is typed in one go. */
  async set(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    try {
      const { line } = this;
      this.now = await ipc.labRangeSet({ line: { ...line }, lang: lang.tag });
      this.wrong = null;
      live.say(t("labs.set.said", { analyte: line.analyte }));
      const codes = this.now.analytes.map((analyte) => analyte.code);
      const next = line.replaces === "" ? (codes[codes.indexOf(line.analyte) + 1] ?? line.analyte) : line.analyte;
      this.line = { ...line, analyte: next, low: "", high: "", unit: "", replaces: "" };
      return true;
    } catch (thrown) {
      this.wrong = asRefused(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Takes a line into the form, to be replaced by what is typed. */
  edit(line: LabLine): void {
    const { lab, analyte, sex, from, to, low, high, unit } = line;
    this.line = { lab, analyte, sex, from, to, low, high, unit, replaces: line.id };
    this.wrong = null;
  }

  /** Lets the line stand as it is. */
  leave(): void {
    this.line = { ...EMPTY, lab: this.line.lab, analyte: this.line.analyte };
    this.wrong = null;
  }

  /** Withdraws a line, after asking. */
  async withdraw(line: LabLine): Promise<void> {
    const sure = await ask.choice({
      title: t("labs.withdraw.title", { analyte: line.question, lab: line.lab }),
      hint: t("labs.withdraw.hint"),
      options: [{ code: "withdraw", label: t("labs.withdraw") }],
    });
    if (sure === "withdraw") await this.load(() => ipc.labRangeWithdraw({ line: line.id, lang: lang.tag }));
  }
}
