import type { Progress } from "../ipc/messages";

/** How far long work is, in whole per cent; null while nobody can know. */
export function percent(progress: Progress | null): number | null {
  if (progress === null || progress.total === 0) return null;
  return Math.min(100, Math.floor((progress.done / progress.total) * 100));
}
