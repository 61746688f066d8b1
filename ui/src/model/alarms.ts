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

/** Alarms by which a computer knows that its vault is an older copy: what to do then is said with that. */
const OF_A_COPY: ReadonlySet<string> = new Set(["checkpoint_forged", "other_history", "rolled_back"]);

/** Whether an alarm says no more than that the vault is an older copy. */
export function isOfACopy(code: string): boolean {
  return OF_A_COPY.has(code);
}

/** Whether an alarm asks for no more than patience. */
export function isTriedAgain(code: string): boolean {
  return TRIED_AGAIN.has(code);
}
