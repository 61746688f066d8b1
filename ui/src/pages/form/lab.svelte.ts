import { tick } from "svelte";

import { live } from "../../model/live.svelte";
import { go } from "../../model/route.svelte";
import type { Field } from "../../model/field.svelte";
import { companions, isBeside, resultOf } from "../../forms/lab";
import { t } from "../../i18n/lang.svelte";
import { wordRefusal } from "../../i18n/refusal";
import * as ipc from "../../ipc/commands";
import { asRefused } from "../../ipc/refused";
import { askLabEvent } from "./questions";
import type { FormDesk } from "./form-model.svelte";

/** What hands do at a laboratory result: its limits, the judgement on it, the adverse event made of it. */
export class LabActs {
  /** The result whose limits are folded out, or empty. */
  open = $state("");
  readonly #desk: FormDesk;
  readonly #goTo: (cell: string) => Promise<boolean>;

  constructor(desk: FormDesk, goTo: (cell: string) => Promise<boolean>) {
    this.#desk = desk;
    this.#goTo = goTo;
  }

  #row(field: Field): Field[] {
    const block = this.#desk.sheet.blocks.find((one) => one.group.oid === field.group);
    return block?.rows.find((row) => row.repeat === field.repeat)?.fields ?? [];
  }

  /** Folds out what stands beside a result, so that a limit or a judgement can be shown. */
  async show(field: Field): Promise<void> {
    if (!isBeside(field)) return;
    this.open = resultOf(field, this.#row(field))?.key ?? "";
    await tick();
  }

  /** Folds the limits of the focused result out or in; the focus goes to the judgement, or else to the first limit. */
  async toggle(field: Field | undefined): Promise<void> {
    if (field === undefined || field.shape.analyte === null) return;
    const result = isBeside(field) ? resultOf(field, this.#row(field)) : field;
    if (result === undefined) return;
    if (this.open === result.key) {
      await this.#goTo(result.key);
      this.open = "";
      return;
    }
    if (!(await this.#desk.save(field))) return;
    this.open = result.key;
    await tick();
    const beside = companions(result, this.#row(result)).filter((one) => one.cell.visible);
    const to = beside.find((one) => one.shape.analyte?.part === "significance") ?? beside[0];
    if (to !== undefined) await this.#goTo(to.key);
  }

  /** Asks the person, and only then makes an adverse event of the proposed grade; goes to its row. */
  async event(field: Field | undefined): Promise<void> {
    const grade = field?.cell.lab?.grade;
    if (field === undefined || grade == null || !grade.recordable || !this.#desk.editable) return;
    if (!(await this.#desk.settleAll())) return;
    if ((await askLabEvent(field.shape.question, grade)) !== "record") return;
    try {
      const row = await ipc.labEvent({ subject: this.#desk.subject, cell: field.key });
      live.say(t("lab.event.said", { term: grade.term, grade: grade.grade ?? 0 }));
      go({ page: "form", subject: this.#desk.subject, form: row.form, cell: row.cell });
    } catch (thrown) {
      live.alert(wordRefusal(asRefused(thrown)));
    }
  }
}
