import type { GroupShape, ItemShape } from "../ipc/messages";
import type { Field } from "./field.svelte";

const INLINE = 6;
const SUMMARY = 5;

/** Whether the rows of a group can be typed into as they stand in the table, or open one at a time. */
export function isInline(group: GroupShape): boolean {
  return group.items.length <= INLINE && group.items.every((item) => item.control !== "long_text");
}

/** The questions that a table shows of each row: all, or the first few where there are many. */
export function columnsOf(group: GroupShape): ItemShape[] {
  if (isInline(group)) return group.items;
  return group.items.filter((item) => item.control !== "long_text").slice(0, SUMMARY);
}

/** What of a row wants attention, worst first. */
export function rowTrouble(fields: Field[]): "must_change" | "confirm" | "started" | "complete" {
  const open = fields.flatMap((field) => field.cell.findings.filter((finding) => finding.confirmed === null));
  if (fields.some((f) => f.cell.conflict.length > 0) || open.some((f) => f.severity === "hard")) return "must_change";
  if (open.length > 0) return "confirm";
  const lacking = fields.some((f) => f.cell.visible && f.shape.mandatory && !f.derived && !f.answered);
  return lacking ? "started" : "complete";
}
