import type { Hint } from "../../model/keys.svelte";

/** The keys of the form screen; those of the foot first. */
export const HINTS: Hint[] = [
  { keys: ["↵"], text: "keys.form.next" },
  { keys: ["Shift Tab"], text: "keys.form.back" },
  { keys: ["Esc"], text: "keys.form.restore" },
  { keys: ["Ctrl F"], text: "keys.form.find" },
  { keys: ["F4"], text: "keys.form.missing" },
  { keys: ["Ctrl ↵"], text: "keys.form.complete" },
  { keys: ["F2"], text: "keys.form.formula", foot: false },
  { keys: ["F6"], text: "keys.form.limits", foot: false },
  { keys: ["F7"], text: "keys.form.event", foot: false },
  { keys: ["Alt R"], text: "keys.form.report", foot: false },
  { keys: ["F8"], text: "keys.form.confirm", foot: false },
  { keys: ["F9"], text: "keys.form.query", foot: false },
  { keys: ["Ctrl ↑", "Ctrl ↓"], text: "keys.form.all", foot: false },
  { keys: ["1–9"], text: "keys.form.digits", foot: false },
  { keys: ["Alt N"], text: "keys.form.row", foot: false },
  { keys: ["Alt Delete"], text: "keys.form.row.remove", foot: false },
  { keys: ["Alt PgUp", "Alt PgDn"], text: "keys.form.forms", foot: false },
  { keys: ["Alt ↑"], text: "keys.form.book", foot: false },
];
