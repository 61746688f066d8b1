import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { LabFileFault, LabFileReport, LabFileView, LabMapping, LabVerdict } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";

/** A laboratory's file on its way in: chosen, mapped, looked through, recorded. */
export class LabImport {
  labs = $state.raw<string[]>([]);
  lab = $state("");
  file = $state.raw<LabFileView | null>(null);
  fault = $state.raw<LabFileFault | null>(null);
  report = $state.raw<LabFileReport | null>(null);
  refused = $state.raw<RefusedError | null>(null);
  busy = $state(false);
  /** Lines whose value a person takes in place of the form's value. */
  taken = $state.raw<number[]>([]);

  async fetch(): Promise<void> {
    await this.#do(async () => {
      const register = await ipc.labRegister({ lang: lang.tag });
      this.labs = register.labs;
      if (this.lab === "") this.lab = register.labs[0] ?? "";
      if (this.file !== null) this.file = await ipc.labFileMap({ mapping: this.file.mapping, lang: lang.tag });
    });
  }

  /** Asks for a file, and reads it. */
  async open(): Promise<void> {
    await this.#do(async () => {
      const { file, fault } = await ipc.labFileOpen({ lab: this.lab, lang: lang.tag });
      this.file = file;
      this.fault = fault;
      this.report = null;
      this.taken = [];
    });
  }

  /** Reads the open file by another mapping. */
  async map(change: Partial<LabMapping>): Promise<void> {
    const { file } = this;
    if (file === null) return;
    await this.#do(async () => {
      this.file = await ipc.labFileMap({ mapping: { ...file.mapping, ...change }, lang: lang.tag });
      this.taken = [];
    });
  }

  /** What a test or a unit of the file means here. */
  meant(list: "tests" | "units", said: string, meant: string): Promise<void> {
    const pairs = this.file?.mapping[list] ?? [];
    return this.map({ [list]: pairs.map((pair) => (pair.said === said ? { said, meant } : pair)) });
  }

  take(line: number, taken: boolean): void {
    this.taken = taken ? [...this.taken, line] : this.taken.filter((other) => other !== line);
  }

  count(verdict: LabVerdict): number {
    return this.file?.counts.find((one) => one.verdict === verdict)?.rows ?? 0;
  }

  get ready(): boolean {
    return !this.busy && this.file !== null && this.count("new") + this.taken.length > 0;
  }

  /** Records what is new, and what a person took; a change asks for its reason first. */
  async record(): Promise<void> {
    if (!this.ready) return;
    const asks = this.taken.length > 0 || this.file?.reasonNeeded === true;
    const reason = asks
      ? await ask.text({ title: t("reason.title"), label: t("reason.label"), suggestions: [t("labimport.reason")] })
      : null;
    if (asks && reason === null) return;
    await this.#do(async () => {
      this.report = await ipc.labFileImport({ taken: this.taken, reason });
      this.file = null;
      live.say(t("labimport.done", { results: this.report.results, panels: this.report.panels }));
    });
  }

  /** Puts the file away unrecorded. */
  async close(): Promise<void> {
    await this.#do(async () => {
      await ipc.labFileClose();
      this.file = null;
    });
  }

  async #do(what: () => Promise<void>): Promise<void> {
    this.busy = true;
    try {
      await what();
      this.refused = null;
    } catch (thrown) {
      const refused = asRefused(thrown);
      this.refused = refused.code === "cancelled" ? null : refused;
    } finally {
      this.busy = false;
    }
  }
}
