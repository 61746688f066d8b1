import { dayScale, months, scale } from "../../charts/axis";
import type { AdverseBar, ResultLine, PeriodBar, TimelineView } from "../../ipc/messages";

export const WIDTH = 1180;
export const LEFT = 204;
const RIGHT = 24;
const ROW = 22;
const LAB = 52;
const GAP = 14;

type Row<T> = { y: number; label: string; bars: Array<T & { x: number; width: number }> };
/** A laboratory line as a shape in its own strip. */
export type Strip = {
  lab: ResultLine;
  y: number;
  d: string;
  dots: Array<{ x: number; y: number; value: string }>;
  low: string;
  high: string;
};
/** The whole timeline as shapes: one row per drug, one for fractions and one for scans, one per adverse event. */
export type Drawing = {
  height: number;
  x: (iso: string) => number;
  months: string[];
  /** Height of each milestone's name: names that would touch are below each other. */
  names: number[];
  drugs: Array<Row<PeriodBar>>;
  fractions: number | null;
  scans: number | null;
  adverse: Array<Row<AdverseBar>>;
  strips: Strip[];
  foot: number;
};

const NAME_ROOM = 96;
const NAME_ROWS = 3;

/** Lays one subject's course out on an axis of days. Drawing only: doubles decide nothing here. */
export function drawTimeline(view: TimelineView): Drawing {
  const x = dayScale(view.first, view.last, LEFT, WIDTH - RIGHT);
  const bar = <T extends { from: string; to: string }>(of: T) => ({
    ...of,
    x: x(of.from),
    width: Math.max(x(of.to) - x(of.from), 3),
  });
  const names = rows(view.milestones.map((milestone) => x(milestone.date)));
  let y = 16 * (1 + Math.max(-1, ...names)) + GAP;
  const next = (height = ROW): number => {
    y += height;
    return y - height / 2;
  };
  const drugs = [...new Set(view.drugs.map((drug) => drug.label))].map((label) => ({
    y: next(),
    label,
    bars: view.drugs.filter((drug) => drug.label === label).map(bar),
  }));
  const fractions = view.fractions.length > 0 ? next() : null;
  const scans = view.scans.length > 0 ? next(ROW + 14) : null;
  if (view.adverse.length > 0) y += GAP;
  const adverse = view.adverse.map((event) => ({ y: next(), label: event.term, bars: [bar(event)] }));
  if (view.labs.length > 0) y += GAP;
  const strips = view.labs.map((lab) => strip(lab, next(LAB), x));
  return {
    height: y + 26,
    x,
    months: months(view.first, view.last),
    names,
    drugs,
    fractions,
    scans,
    adverse,
    strips,
    foot: y,
  };
}

function rows(at: number[]): number[] {
  const until = Array.from({ length: NAME_ROWS }, () => -Infinity);
  return at.map((x) => {
    const row = Math.max(
      0,
      until.findIndex((end) => end < x),
    );
    until[row] = x + NAME_ROOM;
    return row;
  });
}

function strip(lab: ResultLine, middle: number, x: (iso: string) => number): Strip {
  const values = lab.points.map(([, value]) => Number(value));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const y = scale(low, high, middle + LAB / 2 - 8, middle - LAB / 2 + 8);
  const dots = lab.points.map(([day, value], at) => ({
    x: x(day),
    y: low === high ? middle : y(values[at] ?? low),
    value,
  }));
  const d = dots.map((dot, at) => `${at === 0 ? "M" : "L"}${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`).join("");
  return { lab, y: middle, d, dots, low: String(low), high: String(high) };
}
