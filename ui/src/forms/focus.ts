// Where the focus goes: the order on the screen decides, whatever the skip logic shows just now.

// What is computed is passed over; where rows may be added, the button that does it is on the way.
const ALL = "[data-cell] [data-field]";
const ON_THE_WAY =
  '[data-cell]:not([data-control="derived"], [data-control="file"], [data-folded]) [data-field], [data-step]';

/** The fields of a form in the order of the screen. */
export function fieldsOf(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(ALL)];
}

/** The fields of a form and the buttons on the way, in the order of the screen. */
export function stopsOf(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(`${ALL}, [data-step]`)];
}

/** The cell's place at an element inside its row, or empty. */
export function cellAt(element: Element | null): string {
  return element?.closest<HTMLElement>("[data-cell]")?.dataset["cell"] ?? "";
}

function arrive(at: HTMLElement): void {
  // The whole row comes into sight, not the field alone; first, so that the page is laid out once for both.
  (at.closest("[data-cell]") ?? at).scrollIntoView({ block: "nearest" });
  at.focus({ preventScroll: true });
}

/** Puts the focus on a cell's field; false when the cell is not on the screen. */
export function focusCell(root: ParentNode, key: string): boolean {
  const field = fieldsOf(root).find((element) => cellAt(element) === key);
  if (field !== undefined) arrive(field);
  return field !== undefined;
}

/**
 * Puts the focus on the neighbour of a cell: on the way of entering, or also on what is computed. Before the first
 * and after the last stand the form's own buttons. True when another field has the focus now.
 */
export function focusNext(root: ParentNode, key: string, by: 1 | -1, computed = false): boolean {
  const all = computed ? fieldsOf(root) : stopsOf(root);
  const here = all.findIndex((element) => cellAt(element) === key);
  const ahead = by === 1 ? all.slice(here + 1) : all.slice(0, Math.max(here, 0)).reverse();
  const to = ahead.find((element) => computed || element.matches(ON_THE_WAY));
  const end = root.querySelector<HTMLElement>(by === 1 ? "[data-after]" : "[data-before]");
  if (to !== undefined) arrive(to);
  else if (end !== null) arrive(end);
  return to?.closest("[data-cell]") != null;
}
