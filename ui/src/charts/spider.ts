import type { ChangeLine } from "../ipc/messages";
import { scale, ticks, weeks } from "./axis";

export const BOX = { width: 1120, height: 420, left: 56, right: 48, top: 16, bottom: 48 };

/** One subject's line as a shape. */
export type Path = { line: ChangeLine; d: string; dots: Array<{ x: number; y: number; code: string }>; labelY: number };
/** The spider as shapes in its box. */
export type Drawing = {
  paths: Path[];
  x: (day: number) => number;
  y: (change: number) => number;
  weeks: number[];
  ticks: number[];
};

const APART = 13;

/** Lays the lines over each other; their labels at the right end are moved apart where they would touch. */
export function drawSpider(lines: ChangeLine[], guides: number[]): Drawing {
  const points = lines.flatMap((line) => line.points);
  const days = Math.max(84, ...points.map(([day]) => day));
  const changes = points.map(([, change]) => Number(change));
  const marks = ticks(Math.min(-100, ...changes), Math.max(40, ...changes, ...guides), 8);
  const x = scale(0, days, BOX.left, BOX.width - BOX.right);
  const y = scale(marks[0] ?? -100, marks.at(-1) ?? 100, BOX.height - BOX.bottom, BOX.top);
  const paths = lines.map((line) => {
    const dots = line.points.map(([day, change], at) => ({
      x: x(day),
      y: y(Number(change)),
      code: line.responses[at] ?? "",
    }));
    const d = dots.map((dot, at) => `${at === 0 ? "M" : "L"}${dot.x.toFixed(1)} ${dot.y.toFixed(1)}`).join("");
    return { line, d, dots, labelY: dots.at(-1)?.y ?? 0 };
  });
  let last = -Infinity;
  for (const path of [...paths].sort((a, b) => a.labelY - b.labelY)) {
    path.labelY = Math.max(path.labelY, last + APART);
    last = path.labelY;
  }
  return { paths, x, y, weeks: weeks(days), ticks: marks };
}
