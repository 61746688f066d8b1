import { cellAt } from "../../forms/focus";
import { keyName } from "../../model/key-press";
import type { Hint } from "../../model/keys.svelte";
import type { FormController } from "./form-controller";

type Act = (form: FormController) => void;
/** A key as the help names it, and what it does here; without `on`, the key queue or a control takes it. */
type FormKey = Hint & { on?: Record<string, Act> };

/** The keys of the form screen; those of the window's foot first. */
export const FORM_KEYS: FormKey[] = [
  { keys: ["↵"], text: "keys.form.next" },
  { keys: ["Shift Tab"], text: "keys.form.back" },
  { keys: ["Esc"], text: "keys.form.restore", on: { Escape: (form) => form.discard() } },
  { keys: ["Ctrl F"], text: "keys.form.find", on: { "Ctrl+f": (form) => (form.screen.findOpen = true) } },
  { keys: ["F4"], text: "keys.form.missing", on: { F4: (form) => void form.missing() } },
  { keys: ["Ctrl ↵"], text: "keys.form.complete", on: { "Ctrl+Enter": (form) => void form.complete() } },
  {
    keys: ["F2"],
    text: "keys.form.formula",
    foot: false,
    on: { F2: ({ screen }) => (screen.formulaOpen = !screen.formulaOpen) },
  },
  { keys: ["F6"], text: "keys.form.limits", foot: false, on: { F6: (form) => form.toggleLimits() } },
  { keys: ["F7"], text: "keys.form.event", foot: false, on: { F7: (form) => form.labEvent(form.focused) } },
  { keys: ["Alt R"], text: "keys.form.report", foot: false },
  { keys: ["F8"], text: "keys.form.confirm", foot: false, on: { F8: (form) => form.confirmFocused() } },
  { keys: ["F9"], text: "keys.form.query", foot: false, on: { F9: (form) => void form.query() } },
  {
    keys: ["Ctrl ↑", "Ctrl ↓"],
    text: "keys.form.all",
    foot: false,
    on: { "Ctrl+ArrowUp": (form) => void form.step(-1), "Ctrl+ArrowDown": (form) => void form.step(1) },
  },
  { keys: ["1–9"], text: "keys.form.digits", foot: false },
  { keys: ["Alt N"], text: "keys.form.row", foot: false, on: { "Alt+n": (form) => form.addRowHere() } },
  {
    keys: ["Alt Delete"],
    text: "keys.form.row.remove",
    foot: false,
    on: { "Alt+Delete": (form) => form.removeRowHere() },
  },
  {
    keys: ["Alt PgUp", "Alt PgDn"],
    text: "keys.form.forms",
    foot: false,
    on: { "Alt+PageUp": (form) => form.openNeighbour(-1), "Alt+PageDown": (form) => form.openNeighbour(1) },
  },
  { keys: ["Alt ↑"], text: "keys.form.book", foot: false, on: { "Alt+ArrowUp": (form) => form.openCasebook() } },
];

const ACTS: Record<string, Act> = Object.assign({}, ...FORM_KEYS.map((key) => key.on));

/** A key that was pressed anywhere on the form screen. */
export function pressKey(form: FormController, event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  if (isInField(event) && !isNewLine(event) && form.queue.press(event)) {
    event.preventDefault();
    return;
  }
  const act = ACTS[keyName(event)];
  if (act === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  act(form);
}

const isInField = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && cellAt(target) !== "" && target.closest("[data-field], [role=radio]") !== null;

// In a text of several lines Shift+Enter is a new line; Enter leaves, as everywhere.
const isNewLine = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLTextAreaElement && keyName(event) === "Shift+Enter";
