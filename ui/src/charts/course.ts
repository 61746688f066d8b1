import type { CoursePoint } from "../ipc/messages";

const WIDTH = 264;
const TOP = 16;
const BOTTOM = 64;
const EDGE = 14;
const MOST_LABELS = 4;

/** A point; `out` is the outline of a mark that points up or down where a value lies out of its limits. */
type Dot = { x: number; y: number; here: boolean; out: string | null };
type Label = { x: number; event: string; anchor: "start" | "middle" | "end" };
/** A number's course as shapes in a box of 264 × 92. */
export type Drawing = {
  dots: Dot[];
  band: { y: number; height: number } | null;
  high: string;
  low: string;
  labels: Label[];
};

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** A triangle that points to where the value lies: shape, not colour alone. */
function outline(point: CoursePoint, x: number, y: number): string | null {
  if (point.side !== "low" && point.side !== "high") return null;
  const up = point.side === "high" ? -1 : 1;
  const size = point.here ? 5.5 : 4;
  return `M${x} ${y + up * size} L${x + size} ${y - up * size * 0.7} L${x - size} ${y - up * size * 0.7} Z`;
}

/** Lays the points out; time is not to scale, visits are. Drawing only: doubles decide nothing here. */
export function drawCourse(points: CoursePoint[], range: [string, string] | null): Drawing {
  const values = points.map((point) => Number(point.value));
  const limits = range === null ? [] : range.map(Number).filter((limit) => !Number.isNaN(limit));
  const low = Math.min(...values, ...limits);
  const high = Math.max(...values, ...limits);
  const span = high - low || 1;
  const y = (value: number) => BOTTOM - ((value - low) / span) * (BOTTOM - TOP);
  const step = points.length > 1 ? (WIDTH - 2 * EDGE) / (points.length - 1) : 0;
  const x = (at: number) => (points.length > 1 ? EDGE + at * step : WIDTH / 2);
  const every = Math.ceil(points.length / MOST_LABELS);
  const [lower, upper] = limits;
  return {
    dots: points.map((point, at) => {
      const [across, down] = [x(at), y(values[at] ?? low)];
      return { x: across, y: down, here: point.here, out: outline(point, across, down) };
    }),
    band: lower === undefined || upper === undefined ? null : { y: y(upper), height: Math.max(1, y(lower) - y(upper)) },
    high: short(high),
    low: short(low),
    labels: points.flatMap((point, at) => {
      if ((points.length - 1 - at) % every !== 0) return [];
      const anchor = points.length === 1 ? "middle" : at === 0 ? "start" : at === points.length - 1 ? "end" : "middle";
      return [{ x: anchor === "start" ? 2 : anchor === "end" ? WIDTH - 2 : x(at), event: point.event, anchor }];
    }),
  };
}
