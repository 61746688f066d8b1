import { expect, test } from "vitest";

import { drawCourse } from "./course";

import type { CoursePoint } from "../ipc/messages";

const point = (value: string, here = false, side: CoursePoint["side"] = null): CoursePoint => ({
  event: `V${value}`,
  date: null,
  value,
  sign: "",
  side,
  here,
});

test("a value out of its limits is a mark that points there, not a dot of another colour", () => {
  const [low, within, high] = drawCourse(
    [point("1", false, "low"), point("50", false, "within"), point("99", true, "high")],
    null,
  ).dots;
  expect(within?.out).toBeNull();
  const tip = (outline: string | null | undefined) => Number(outline?.split(" ")[1]);
  expect(tip(low?.out)).toBeGreaterThan(low?.y ?? 0);
  expect(tip(high?.out)).toBeLessThan(high?.y ?? 0);
});

test("points spread over the width, higher values higher up", () => {
  const drawing = drawCourse([point("90"), point("81"), point("100", true)], null);
  expect(drawing.dots.map((dot) => dot.x)).toEqual([14, 132, 250]);
  expect(drawing.dots[2]?.y).toBe(16);
  expect(drawing.dots[1]?.y).toBe(64);
  expect(drawing.dots[2]?.here).toBe(true);
  expect(drawing.band).toBeNull();
});

test("the range is part of the picture, even when no value lies in it", () => {
  const drawing = drawCourse([point("150", true)], ["57", "97"]);
  expect(drawing.high).toBe("150");
  expect(drawing.low).toBe("57");
  expect(drawing.band?.height).toBeGreaterThan(1);
});

test("many visits are labelled now and then, the last one always", () => {
  const drawing = drawCourse(
    Array.from({ length: 12 }, (_, at) => point(String(at))),
    null,
  );
  expect(drawing.labels).toHaveLength(4);
  expect(drawing.labels.at(-1)?.event).toBe("V11");
});

test("equal values do not divide by nothing", () => {
  expect(drawCourse([point("5"), point("5")], null).dots.every((dot) => Number.isFinite(dot.y))).toBe(true);
});
