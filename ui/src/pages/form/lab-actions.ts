// Laboratory results: their limits unfolded, and an adverse event made of the grade that is proposed.

import { tick } from "svelte";

import { companions, isCompanion, resultOf } from "../../forms/lab";
import { t } from "../../i18n/lang.svelte";
import { wordRefusal } from "../../i18n/refusal";
import * as ipc from "../../ipc/commands";
import { asRefused } from "../../ipc/refused";
import type { Field } from "../../model/field.svelte";
import { live } from "../../model/live.svelte";
import { go } from "../../model/route.svelte";
import type { FormModel } from "./form-model.svelte";
import type { FormScreen } from "./form-screen.svelte";
import { askLabEvent } from "./questions";

/** Unfolds a result's limits or folds them again; the focus goes to the judgement, or else to the first limit. */
export async function toggleLimits(model: FormModel, screen: FormScreen, field: Field | undefined): Promise<void> {
  if (field === undefined || field.shape.analyte === null) return;
  const result = isCompanion(field) ? resultOf(field, field.row) : field;
  if (result === undefined) return;
  if (screen.openLimits === result.key) {
    await screen.goTo(result.key);
    screen.openLimits = "";
    return;
  }
  if (!(await model.save(field))) return;
  screen.openLimits = result.key;
  await tick();
  const shown = companions(result, result.row).filter((one) => one.cell.visible);
  const to = shown.find((one) => one.shape.analyte?.part === "significance") ?? shown[0];
  if (to !== undefined) await screen.goTo(to.key);
}

/** Asks the person, and only then makes an adverse event of the proposed grade; goes to its row. */
export async function recordLabEvent(model: FormModel, field: Field | undefined): Promise<void> {
  const grade = field?.cell.lab?.grade;
  if (field === undefined || grade == null || !grade.recordable || !model.editable) return;
  if (!(await model.saveAll())) return;
  if ((await askLabEvent(field.shape.question, grade)) !== "record") return;
  try {
    const row = await ipc.labEvent({ subject: model.subject, cell: field.key });
    live.say(t("lab.event.said", { term: grade.term, grade: grade.grade ?? 0 }));
    go({ page: "form", subject: model.subject, form: row.form, cell: row.cell });
  } catch (thrown) {
    live.alert(wordRefusal(asRefused(thrown)));
  }
}
