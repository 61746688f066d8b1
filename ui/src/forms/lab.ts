import type { Field } from "../model/field.svelte";
import { isShown } from "../model/field-set.svelte";

/** Whether a question belongs to a laboratory result: a limit, or the judgement on it. */
export const isCompanion = (field: Field): boolean =>
  field.shape.analyte !== null && field.shape.analyte.part !== "result";

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
  return (
    lacking || open || cell.draft !== null || cell.conflict.length > 0 || cell.queries > 0 || field.refused !== null
  );
}

export type Place = "row" | "beside" | "hidden";

/** The results of a row by their analytes; a panel has many, and each question beside one looks for it. */
export function resultsIn(row: Field[]): Map<string, Field> {
  const results = row.filter((field) => field.shape.analyte?.part === "result");
  return new Map(results.map((field) => [field.shape.analyte?.code ?? "", field]));
}

/** How a question is on the screen: as a row of its own, folded out beside its result, or not at all. */
export function placeOf(field: Field, results: Map<string, Field>, open: string): Place {
  const result = results.get(field.shape.analyte?.code ?? "");
  if (!isShown(field)) return "hidden";
  if (!isCompanion(field)) return "row";
  if (field.focused || field.dirty || open === result?.key || waits(field, result)) return "row";
  return field.shape.analyte?.part === "significance" ? "beside" : "hidden";
}
