import type { FormMark } from "../ipc/messages";
import type { MarkName } from "./mark-name";

/** The one mark that speaks for a form: what must be done about it comes before how far it is. */
export function markOf(form: FormMark): MarkName {
  if (form.mustChange > 0) return "must_change";
  if (form.queries > 0) return "query";
  if (form.confirm > 0) return "confirm";
  return form.status;
}
