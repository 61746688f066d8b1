import { expect, test } from "vitest";

import type { TimelineView } from "../../ipc/messages";
import { drawTimeline, LEFT } from "./lanes";

const empty: TimelineView = {
  subject: "S01-001",
  facts: [],
  first: "2026-01-01",
  last: "2026-07-01",
  today: "2026-07-01",
  day1: null,
  drugs: [],
  fractions: [],
  scans: [],
  adverse: [],
  labs: [],
  milestones: [],
};

test("an empty course is still an axis", () => {
  const drawing = drawTimeline(empty);
  expect(drawing.x("2026-01-01")).toBe(LEFT);
  expect(drawing.months).toContain("2026-03-01");
  expect([drawing.fractions, drawing.scans]).toEqual([null, null]);
});

test("periods of one drug share a row, other drugs have their own", () => {
  const period = { dose: "", paused: false, open: false, to: "2026-02-20" };
  const drugs = ["A", "B", "A"].map((label, at) => ({ ...period, label, from: `2026-02-0${at + 1}` }));
  const drawing = drawTimeline({ ...empty, drugs });
  expect(drawing.drugs.map((row) => [row.label, row.bars.length])).toEqual([
    ["A", 2],
    ["B", 1],
  ]);
  expect(drawing.drugs[1]?.y).toBeGreaterThan(drawing.drugs[0]?.y ?? 0);
});

test("names of milestones that would touch stand below each other", () => {
  const milestones = ["2026-02-01", "2026-02-03", "2026-06-01"].map((date) => ({ kind: "day1" as const, date }));
  expect(drawTimeline({ ...empty, milestones }).names).toEqual([0, 1, 0]);
});

test("a result that never changes lies in the middle of its strip", () => {
  const labs = [
    {
      name: "ALT",
      unit: "U/L",
      points: [
        ["2026-02-01", "40"],
        ["2026-03-01", "40"],
      ] as Array<[string, string]>,
    },
  ];
  const [strip] = drawTimeline({ ...empty, labs }).strips;
  expect(strip?.dots.every((dot) => dot.y === strip.y)).toBe(true);
});
