import type { BestBar } from "../ipc/messages";
import { scale, ticks } from "./axis";

export const BOX = { width: 1120, height: 420, left: 56, right: 16, top: 20, bottom: 64 };

/** A bar of the waterfall as a shape. */
export type Shape = { bar: BestBar; x: number; y: number; width: number; height: number; grows: boolean };
/** The waterfall as shapes in its box. */
export type Drawing = { shapes: Shape[]; y: (change: number) => number; ticks: number[]; zero: number };

/** Lays the bars side by side in the order given; the axis holds every bar and the whole way down to −100 %. */
export function drawWaterfall(bars: BestBar[], guides: number[]): Drawing {
  const changes = bars.map((bar) => Number(bar.change));
  const marks = ticks(Math.min(-100, ...changes), Math.max(40, ...changes, ...guides), 8);
  const [low, high] = [marks[0] ?? -100, marks.at(-1) ?? 100];
  const y = scale(low, high, BOX.height - BOX.bottom, BOX.top);
  const room = (BOX.width - BOX.left - BOX.right) / Math.max(bars.length, 1);
  const width = Math.min(room * 0.78, 56);
  const shapes = bars.map((bar, at) => {
    const change = changes[at] ?? 0;
    return {
      bar,
      x: BOX.left + room * (at + 0.5) - width / 2,
      y: y(Math.max(change, 0)),
      width,
      // A change of nothing is still seen.
      height: Math.max(Math.abs(y(change) - y(0)), 1),
      grows: change > 0,
    };
  });
  return { shapes, y, ticks: marks, zero: y(0) };
}
