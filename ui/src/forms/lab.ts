import type { Field } from "./field.svelte";
import { seen } from "./sheet.svelte";

/** Whether a question stands beside a laboratory result: a limit, or the judgement on it. */
export const isBeside = (field: Field): boolean => field.shape.analyte !== null && field.shape.analyte.part !== "result";

/** The questions of the same row that belong to a result, in the order of the form. */
export function companions(field: Field, row: Field[]): Field[] {
  const code = field.shape.analyte?.code;
  return code === undefined ? [] : row.filter((other) => other !== field && other.shape.analyte?.code === code);
}

/** The result that a limit or a judgement belongs to. */
export const resultOf = (field: Field, row: Field[]): Field | undefined =>
  companions(field, row).find((other) => other.shape.analyte?.part === "result");

/** Whether something of it waits for a person, so that it must not stay folded away. */
function waits(field: Field, result: Field | undefined): boolean {
  const { cell, shape } = field;
  const lacking = shape.mandatory && !field.answered && result?.answered === true;
  const open = cell.findings.some((finding) => finding.confirmed === null);
  return lacking || open || cell.draft !== null || cell.conflict.length > 0 || cell.queries > 0 || field.refused !== null;
}

export type Place = "row" | "beside" | "hidden";

/** How each question of a row is on the screen; the results are looked up once, for a panel has many. */
export function placesOf(row: Field[], open: string): Map<Field, Place> {
  const results = new Map(row.filter((field) => field.shape.analyte?.part === "result").map((field) => [field.shape.analyte?.code, field]));
  return new Map(row.map((field) => [field, placeOf(field, results.get(field.shape.analyte?.code), open)]));
}

/** As a row of its own, folded out beside its result, or not at all. */
function placeOf(field: Field, result: Field | undefined, open: string): Place {
  if (!seen(field)) return "hidden";
  if (!isBeside(field)) return "row";
  if (field.focused || field.dirty || open === result?.key || waits(field, result)) return "row";
  return field.shape.analyte?.part === "significance" ? "beside" : "hidden";
}
