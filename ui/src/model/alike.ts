/** Whether two messages of Rust say the same: plain values, lists and objects, compared part by part. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  // An answer concerns few of a form's many cells, so this goes over all of them at each: no lists are made on the way.
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let parts = 0;
  for (const name in left) {
    if (!(name in right) || !alike(left[name], right[name])) return false;
    parts += 1;
  }
  for (const _ in right) parts -= 1;
  return parts === 0;
}
