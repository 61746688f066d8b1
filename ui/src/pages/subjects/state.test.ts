import { expect, test } from "vitest";

import type { SubjectRow } from "../../ipc/messages";
import { SubjectsState } from "./state.svelte";

const row = (subject: string, over: Partial<SubjectRow> = {}): SubjectRow => ({
  subject,
  facts: [],
  lastEvent: null,
  nextEvent: null,
  nextDate: null,
  nextState: null,
  complete: 0,
  expected: 0,
  mustChange: 0,
  confirm: 0,
  queries: 0,
  unsent: 0,
  ...over,
});

function list(...rows: SubjectRow[]): SubjectsState {
  const state = new SubjectsState();
  state.now = rows;
  return state;
}

const keys = (state: SubjectsState) => state.rows.map((each) => each.subject);

test("subjects stand in the order of their numbers, not of their letters", () => {
  expect(keys(list(row("S01-1000"), row("S01-999"), row("S01-002")))).toEqual(["S01-002", "S01-999", "S01-1000"]);
});

test("typing finds by key and by fact", () => {
  const state = list(row("S01-001", { facts: ["F", "61 y"] }), row("S01-002", { facts: ["M", "58 y"] }));
  state.typed = "58";
  expect(keys(state)).toEqual(["S01-002"]);
  state.typed = "-001";
  expect(keys(state)).toEqual(["S01-001"]);
});

test("the next visit sorts by date, and those without one come last", () => {
  const state = list(
    row("S01-001"),
    row("S01-002", { nextDate: "2026-12-01" }),
    row("S01-003", { nextDate: "2026-11-25" }),
  );
  state.sort = "next";
  expect(keys(state)).toEqual(["S01-003", "S01-002", "S01-001"]);
});

test("what wants attention is kept and put first", () => {
  const state = list(row("S01-001"), row("S01-002", { confirm: 1 }), row("S01-003", { mustChange: 2, queries: 1 }));
  state.filter = "attention";
  state.sort = "attention";
  expect(keys(state)).toEqual(["S01-003", "S01-002"]);
});
