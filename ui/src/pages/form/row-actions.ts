// Rows of repeating groups: opened, added, removed, with the focus where the work goes on.

import { tick } from "svelte";

import { isInline } from "../../forms/columns";
import * as ipc from "../../ipc/commands";
import type { FieldGroup } from "../../model/field-set.svelte";
import type { Field } from "../../model/field.svelte";
import type { FormModel } from "./form-model.svelte";
import type { FormScreen } from "./form-screen.svelte";
import { askRemove } from "./questions";

const groupOf = (model: FormModel, oid: string): FieldGroup | undefined =>
  model.fields.groups.find((group) => group.shape.oid === oid);
const repeatsOf = (model: FormModel, oid: string): string[] => groupOf(model, oid)?.rows.map((row) => row.repeat) ?? [];

/** Opens a row, or closes it where it is open. */
export function toggleRow(model: FormModel, screen: FormScreen, group: string, repeat: string): void {
  const closes = screen.openRow(group) === repeat;
  screen.setOpenRow(group, closes ? "" : repeat);
  if (!closes) void focusRow(model, screen, group, repeat);
}

export async function addRow(model: FormModel, screen: FormScreen, group: string): Promise<void> {
  const known = new Set(repeatsOf(model, group));
  if (!(await model.apply(() => ipc.rowAdd({ ...model.request, group })))) return;
  const added = repeatsOf(model, group).find((repeat) => !known.has(repeat));
  if (added === undefined) return;
  screen.setOpenRow(group, added);
  await focusRow(model, screen, group, added);
}

/** Removes a row, once the person has said why. */
export async function removeRow(model: FormModel, screen: FormScreen, group: string, repeat: string): Promise<void> {
  const reason = await askRemove();
  if (reason === null) return;
  await model.apply(() => ipc.rowRemove({ ...model.request, group, repeat, reason }));
  screen.setOpenRow(group, "");
  await tick();
  screen.focusFirst(`[data-act="row-add"][data-for="${CSS.escape(group)}"]`);
}

/** The group to which a row is added from a field: its own, or the first that repeats. */
export function groupToExtend(model: FormModel, field: Field | undefined): string | null {
  const repeating = model.fields.groups.filter((group) => group.shape.repeating);
  return (repeating.find((group) => group.shape.oid === field?.group) ?? repeating[0])?.shape.oid ?? null;
}

/** Whether a field is in a row that can be removed. */
export const isInRow = (model: FormModel, field: Field): boolean =>
  groupOf(model, field.group)?.shape.repeating === true;

async function focusRow(model: FormModel, screen: FormScreen, oid: string, repeat: string): Promise<void> {
  await tick();
  const group = groupOf(model, oid);
  if (group === undefined) return;
  const fields = group.rows.find((row) => row.repeat === repeat)?.fields ?? [];
  const asked = fields.filter((field) => field.cell.visible && !field.derived);
  const first = isInline(group.shape) ? asked[0] : (asked.find((field) => !field.answered) ?? asked[0]);
  if (first !== undefined) screen.focusOn(first.key);
}
