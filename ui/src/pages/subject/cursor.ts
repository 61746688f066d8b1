import type { SubjectView } from "../../ipc/messages";

/** A place in the matrix; row -1 is the head of the column: the visit itself. */
export type Spot = { row: number; column: number };

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function stands(view: SubjectView, spot: Spot): boolean {
  if (spot.column < 0 || spot.column >= view.events.length) return false;
  if (spot.row === -1) return true;
  return view.forms[spot.row]?.cells[spot.column] != null;
}

/** Where an arrow leads: over the gaps to the next form or visit in that direction; the same spot at the edge. */
export function step(view: SubjectView, from: Spot, key: string): Spot {
  const by = STEPS[key];
  if (by === undefined) return edge(view, from, key);
  let { row, column } = from;
  for (;;) {
    row += by[0];
    column += by[1];
    if (row < -1 || row >= view.forms.length || column < 0 || column >= view.events.length) return from;
    if (stands(view, { row, column })) return { row, column };
  }
}

function edge(view: SubjectView, from: Spot, key: string): Spot {
  const columns = view.events.map((_, column) => column).filter((column) => stands(view, { row: from.row, column }));
  const column = key === "Home" ? columns[0] : key === "End" ? columns.at(-1) : undefined;
  return column === undefined ? from : { row: from.row, column };
}

/** Row and column of a form; null when it is not in the matrix. */
export function spotOf(view: SubjectView, form: string | null): Spot | null {
  if (form === null || form === "") return null;
  for (const [row, line] of view.forms.entries()) {
    const column = line.cells.findIndex((cell) => cell?.key === form);
    if (column >= 0) return { row, column };
  }
  return null;
}

/** Where the cursor starts: at a named form, where work goes on, or at the first form there is. */
export function start(view: SubjectView, form: string): Spot {
  const named = spotOf(view, form) ?? spotOf(view, view.nextForm);
  if (named !== null) return named;
  const row = view.forms.findIndex((line) => line.cells.some((cell) => cell !== null));
  return row < 0
    ? { row: -1, column: 0 }
    : { row, column: view.forms[row]?.cells.findIndex((cell) => cell !== null) ?? 0 };
}
