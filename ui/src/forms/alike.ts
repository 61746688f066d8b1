/** Whether two messages of Rust say the same: plain values, lists and objects, compared part by part. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const parts = Object.entries(a);
  if (parts.length !== Object.keys(b).length) return false;
  return parts.every(([name, part]) => name in b && alike(part, (b as Record<string, unknown>)[name]));
}
