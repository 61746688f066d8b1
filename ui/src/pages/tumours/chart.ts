import { daysBetween } from "../../i18n/dates";
import type { TumoursView } from "../../ipc/messages";

/** The drawing's own units; the picture scales with its place. */
export const WIDTH = 340;
export const HEIGHT = 168;
const LEFT = 34;
const RIGHT = 34;
const TOP = 8;
const BOTTOM = 20;

export type Dot = { x: number; y: number; column: number };
/** A line with what tells it from the others without colour: its dashes, its marker, its name at the end. */
export type Curve = { name: string; index: number; dots: Dot[]; end: { x: number; y: number } };
export type Tick = { at: number; words: string };
export type Drawing = { curves: Curve[]; across: Tick[]; up: Tick[] };

const numeric = (text: string | null | undefined): number | null =>
  text === null || text === undefined || text === "" ? null : Number(text);

/** The horizontal position of each scan, by its date; scans without a date are not drawn. */
function places(view: TumoursView): Array<number | null> {
  const dates = view.columns.map((column) => column.date);
  const known = dates.filter((date): date is string => date !== null).sort();
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return dates.map(() => null);
  const span = Math.max(1, daysBetween(first, last));
  const wide = WIDTH - LEFT - RIGHT;
  return dates.map((date) => (date === null ? null : LEFT + (daysBetween(first, date) / span) * wide));
}

/** A step that gives about four lines: 1, 2 or 5 times a power of ten. */
export function stepOf(span: number): number {
  const raw = Math.max(span, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((by) => by * power).find((step) => step >= raw) ?? power * 10;
}

function draw(
  view: TumoursView,
  series: Array<{ name: string; values: Array<number | null> }>,
  always: number[],
): Drawing {
  const xs = places(view);
  const all = [...series.flatMap((one) => one.values.filter((value): value is number => value !== null)), ...always];
  const step = stepOf(Math.max(...all) - Math.min(...all));
  const low = Math.floor(Math.min(...all) / step) * step;
  const high = Math.max(low + step, Math.ceil(Math.max(...all) / step) * step);
  const y = (value: number) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const curves = series.map(({ name, values }, index): Curve => {
    const dots = values.flatMap((value, column): Dot[] => {
      const x = xs[column];
      return value === null || x == null ? [] : [{ x, y: y(value), column }];
    });
    const end = dots.at(-1) ?? { x: LEFT, y: y(low) };
    return { name, index, dots, end: { x: end.x, y: end.y } };
  });
  const up: Tick[] = [];
  for (let at = low; at <= high + step / 2; at += step) up.push({ at: y(at), words: String(Math.round(at)) });
  const across = view.columns.flatMap((column, index): Tick[] => {
    const x = xs[index];
    return x == null ? [] : [{ at: x, words: column.baseline ? "BL" : column.label }];
  });
  return { curves: apart(curves.filter((curve) => curve.dots.length > 0)), across: thin(across), up };
}

/** Moves the names at the ends apart, so that none covers another. */
function apart(curves: Curve[]): Curve[] {
  const sorted = [...curves].sort((a, b) => a.end.y - b.end.y);
  let last = -Infinity;
  for (const curve of sorted) {
    curve.end.y = Math.max(curve.end.y, last + 11);
    last = curve.end.y;
  }
  return curves;
}

/** Leaves out labels that would run into each other. */
function thin(ticks: Tick[]): Tick[] {
  let last = -Infinity;
  return ticks.filter((tick) => {
    const room = tick.at - last >= 26;
    if (room) last = tick.at;
    return room;
  });
}

/** Each target lesion in millimetres. */
export const lesions = (view: TumoursView): Drawing =>
  draw(
    view,
    view.rows
      .filter((row) => row.role === "target")
      .map((row) => ({ name: row.id, values: row.cells.map((cell) => numeric(cell.mm)) })),
    [0],
  );

/** The sum as change from baseline, with the limits that the program gives. */
export function change(view: TumoursView): {
  drawing: Drawing;
  limits: Array<{ at: number; key: "response" | "progression" }>;
} {
  const response = Number(view.responseLimit);
  const progression = numeric(view.progressionLimit);
  const values = view.columns.map((column) =>
    column.baseline ? (column.sum === null ? null : 0) : numeric(column.fromBaseline),
  );
  const always = [0, response, ...(progression === null ? [] : [progression])];
  const drawing = draw(view, [{ name: "", values }], always);
  const [first, last] = [drawing.up[0], drawing.up.at(-1)];
  const scale = (value: number): number => {
    if (first === undefined || last === undefined || first === last) return TOP;
    const [low, high] = [Number(first.words), Number(last.words)];
    return first.at + ((value - low) / (high - low)) * (last.at - first.at);
  };
  const limits = [{ at: scale(response), key: "response" as const }];
  return {
    drawing,
    limits: progression === null ? limits : [...limits, { at: scale(progression), key: "progression" as const }],
  };
}
