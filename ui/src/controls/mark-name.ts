/** A status as shape: each differs in outline, not only in colour. */
export type MarkName =
  | "empty"
  | "started"
  | "complete"
  | "not_done"
  | "must_change"
  | "confirm"
  | "due"
  | "query"
  | "verified"
  | "signed"
  | "locked";
