import { expect, test } from "vitest";

import { dayScale, months, percent, scale, shortKey, ticks, weeks } from "./axis";

test("ticks are round and hold everything between them", () => {
  expect(ticks(-37, 28)).toEqual([-40, -20, 0, 20, 40]);
  expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
  expect(ticks(-100, 0, 5)).toEqual([-100, -80, -60, -40, -20, 0]);
});

test("a stretch of nothing does not divide by nothing", () => {
  expect(scale(5, 5, 0, 10)(5)).toBe(0);
  expect(Number.isFinite(dayScale("2026-01-01", "2026-01-01", 0, 10)("2026-01-01"))).toBe(true);
  expect(ticks(3, 3).length).toBeGreaterThan(0);
});

test("months begin within the axis and thin out on a long one", () => {
  expect(months("2026-10-26", "2027-01-05")).toEqual(["2026-11-01", "2026-12-01", "2027-01-01"]);
  expect(months("2020-01-01", "2026-01-01", 12).length).toBeLessThanOrEqual(12);
});

test("a day lies where its share of the days is", () => {
  expect(dayScale("2026-01-01", "2026-01-11", 0, 100)("2026-01-06")).toBe(50);
});

test("weeks are counted in steps that leave room", () => {
  expect(weeks(70)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(weeks(365).length).toBeLessThanOrEqual(11);
  expect(shortKey("S01-003")).toBe("003");
  expect([percent("12.5"), percent("-30.0"), percent("0.0")]).toEqual(["+12.5 %", "−30.0 %", "0.0 %"]);
});
