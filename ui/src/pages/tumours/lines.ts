import type { Choice, ResponseLine, TumourRow, TumoursView } from "../../ipc/messages";

/** A line of the grid that the cursor visits. */
export type Line = { kind: "lesion"; row: TumourRow } | { kind: "response"; line: ResponseLine; index: number };
export type Spot = { line: number; column: number };

/** Lesions, then the responses that are entered. */
export function linesOf(view: TumoursView): Line[] {
  const lesions: Line[] = view.rows.map((row) => ({ kind: "lesion", row }));
  const entered = view.lines.map((line, index): Line => ({ kind: "response", line, index }));
  return [...lesions, ...entered.filter((line) => line.kind === "response" && line.line.choices.length > 0)];
}

const TARGET: Record<string, string> = { z: "TOOSMALL", a: "ABSENT", x: "NE", d: "NOTDONE" };
const OTHER: Record<string, string> = { p: "PRESENT", a: "ABSENT", e: "EQUIVOCAL", u: "PD", x: "NE", d: "NOTDONE" };
const NEW: Record<string, string> = { u: "UNEQUIVOCAL", e: "EQUIVOCAL", r: "REFUTED" };

/** The states that a lesion may be given by one key, of those that the study has. */
export function statesOf(view: TumoursView, row: TumourRow): Array<{ key: string; choice: Choice }> {
  const [keys, choices] =
    row.role === "target"
      ? [TARGET, view.states]
      : row.role === "non_target"
        ? [OTHER, view.otherStates]
        : [NEW, view.certainties];
  return Object.entries(keys).flatMap(([key, code]) => {
    const choice = choices.find((each) => each.code === code);
    return choice === undefined ? [] : [{ key, choice }];
  });
}

/** The label of a code, or the code where nothing names it. */
export const labelOf = (choices: Choice[], code: string): string =>
  choices.find((choice) => choice.code === code)?.label ?? code;

const ARROWS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-99, 0],
  PageDown: [99, 0],
  Home: [0, -99],
  End: [0, 99],
};

/** Where the cursor goes for a key; null when the key does not move it. */
export function moved(key: string, at: Spot, lines: number, columns: number): Spot | null {
  const by = ARROWS[key];
  if (by === undefined || lines === 0 || columns === 0) return null;
  const within = (n: number, length: number) => Math.max(0, Math.min(length - 1, n));
  return { line: within(at.line + by[0], lines), column: within(at.column + by[1], columns) };
}
