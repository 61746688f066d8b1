/** Alarms of what the disk did not take in and what is tried again by itself: work goes on meanwhile. */
const TRIED_AGAIN: ReadonlySet<string> = new Set([
  "attempts_unkept",
  "checkpoint_unkept",
  "closing_pending",
  "codes_unsealed",
  "copy_missing",
  "leftovers_kept",
  "read_only",
  "slots_pending",
  "unjournaled",
  "unverified",
]);

/** Whether an alarm asks for no more than patience. */
export function isTriedAgain(code: string): boolean {
  return TRIED_AGAIN.has(code);
}
