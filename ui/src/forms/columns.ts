import type { GroupShape, ItemShape } from "../ipc/messages";
import type { MarkName } from "../controls/mark-name";
import type { Field } from "../model/field.svelte";
import { room } from "../controls/width";

const SUMMARY = 6;
/** Letters that fit side by side in the narrowest table. */
const LINE = 62;
const ROOM: Partial<Record<ItemShape["control"], number>> = {
  number: 11,
  date: 12,
  time: 8,
  date_time: 20,
  list: 16,
  term: 24,
  text: 14,
  derived: 10,
};

/** Whether the rows of a group can be typed into as they stand in the table, or open one at a time. */
export function isInline(group: GroupShape): boolean {
  if (group.items.some((item) => item.control === "long_text" || item.control === "file")) return false;
  return group.items.reduce((sum, item) => sum + (ROOM[item.control] ?? room(item)), 0) <= LINE;
}

/** The questions that a table shows of each row: all, or the first few where there are many. */
export function columnsOf(group: GroupShape): ItemShape[] {
  if (isInline(group)) return group.items;
  return group.items.filter((item) => item.control !== "long_text").slice(0, SUMMARY);
}

/** What of a row wants attention, worst first. */
export function rowMark(fields: Field[]): MarkName {
  const shown = fields.filter((field) => field.cell.visible && !field.derived);
  const open = fields.flatMap((field) => field.cell.findings.filter((finding) => finding.confirmed === null));
  if (fields.some((f) => f.cell.conflict.length > 0) || open.some((f) => f.severity === "hard")) return "must_change";
  if (open.length > 0) return "confirm";
  if (!shown.some((field) => field.answered)) return "empty";
  return shown.some((field) => field.shape.mandatory && !field.answered) ? "started" : "complete";
}
