/** A decimal text with a sign that a person reads: `+8`, `−22.6`, `0`. */
export function signed(decimal: string): string {
  if (/^-/.test(decimal)) return `−${decimal.slice(1)}`;
  return /^0(\.0+)?$/.test(decimal) ? decimal : `+${decimal}`;
}

/** How a response looks: its colour stands beside its word, never alone. */
export function tone(code: string): "done" | "change" | "work" | "muted" {
  if (code === "CR" || code === "PR") return "done";
  if (code === "PD" || code === "Y") return "change";
  return code === "SD" || code === "NON-CR/NON-PD" ? "work" : "muted";
}
