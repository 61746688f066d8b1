import { expect, test } from "vitest";

import type { FormMark, SubjectView } from "../../ipc/messages";
import { spotOf, start, step } from "./cursor";

const mark = (key: string): FormMark => ({
  key,
  title: key,
  status: "empty",
  mustChange: 0,
  confirm: 0,
  queries: 0,
  atCenter: false,
  rows: null,
});
const event = (key: string) => ({
  key,
  title: key,
  label: key,
  planned: null,
  window: null,
  date: null,
  state: "unplanned" as const,
  conflict: false,
  dated: true,
});

// A  .  B
// .  C  D
const view: SubjectView = {
  subject: "S01-001",
  facts: [],
  events: ["V1", "V2", "V3"].map(event),
  forms: [
    { oid: "F1", title: "F1", cells: [mark("A"), null, mark("B")] },
    { oid: "F2", title: "F2", cells: [null, mark("C"), mark("D")] },
  ],
  addable: [],
  nextForm: null,
  queries: 0,
  mustChange: 0,
};

test("arrows leap over what does not belong to a visit", () => {
  expect(step(view, { row: 0, column: 0 }, "ArrowRight")).toEqual({ row: 0, column: 2 });
  expect(step(view, { row: 0, column: 2 }, "ArrowDown")).toEqual({ row: 1, column: 2 });
  expect(step(view, { row: 1, column: 1 }, "ArrowUp")).toEqual({ row: -1, column: 1 });
});

test("at an edge the cursor stays", () => {
  expect(step(view, { row: 0, column: 0 }, "ArrowDown")).toEqual({ row: 0, column: 0 });
  expect(step(view, { row: -1, column: 0 }, "ArrowUp")).toEqual({ row: -1, column: 0 });
  expect(step(view, { row: 1, column: 2 }, "ArrowRight")).toEqual({ row: 1, column: 2 });
});

test("Home and End lead to the ends of the row", () => {
  expect(step(view, { row: 1, column: 2 }, "Home")).toEqual({ row: 1, column: 1 });
  expect(step(view, { row: -1, column: 0 }, "End")).toEqual({ row: -1, column: 2 });
});

test("the cursor starts at the named form, then where work goes on, then at the first form", () => {
  expect(start(view, "D")).toEqual({ row: 1, column: 2 });
  expect(start({ ...view, nextForm: "C" }, "")).toEqual({ row: 1, column: 1 });
  expect(start(view, "gone")).toEqual({ row: 0, column: 0 });
  expect(spotOf(view, null)).toBeNull();
});
