import { expect, test } from "vitest";

import type { Task } from "../../ipc/messages";
import { placeOf, WorklistState } from "./state.svelte";

const task = (over: Partial<Task>): Task => ({
  kind: "due",
  subject: "S01-003",
  event: "SE.C1D1[1]",
  eventTitle: "Cycle 1 Day 1",
  form: "",
  formTitle: "",
  planned: null,
  window: null,
  daysLeft: null,
  cell: "",
  about: "",
  minutesLeft: null,
  deadline: null,
  count: 1,
  day: null,
  ...over,
});

test("a task leads to its form where it names one, and to the casebook otherwise", () => {
  expect(placeOf(task({ form: "SE.A[1]/F.VS[1]" }))).toEqual({
    page: "form",
    subject: "S01-003",
    form: "SE.A[1]/F.VS[1]",
  });
  const row = "SE.L[1]/F.SAE[1]/IG.SAE[1]/IT.SAE";
  expect(placeOf(task({ form: "SE.L[1]/F.SAE[1]", cell: row }))).toEqual({
    page: "form",
    subject: "S01-003",
    form: "SE.L[1]/F.SAE[1]",
    cell: row,
  });
  expect(placeOf(task({}))).toEqual({ page: "subject", subject: "S01-003" });
});

test("one kind is picked out, and let go by picking it again", () => {
  const list = new WorklistState();
  list.now = {
    tasks: [task({}), task({ kind: "query" })],
    counts: [
      ["due", 1],
      ["query", 1],
      ["confirm", 0],
    ],
    today: "2026-11-23",
    backup: null,
  };
  expect(list.counts).toHaveLength(2);
  list.pick("query");
  expect(list.tasks.map((each) => each.kind)).toEqual(["query"]);
  list.pick("query");
  expect(list.tasks).toHaveLength(2);
});

const counted = (tasks: Task[]) => ({
  tasks,
  counts: [
    ["due", 2],
    ["query", 1],
  ] as Array<[Task["kind"], number]>,
  today: "2026-11-23",
  backup: null,
});

test("a calendar has a heading for each day, in order, and the rest below", () => {
  const list = new WorklistState();
  list.now = counted([
    task({ day: "2026-11-25" }),
    task({ kind: "query" }),
    task({ day: "2026-11-23" }),
    task({ day: "2026-11-25" }),
  ]);
  list.byDay = true;
  expect(list.groups.map((group) => [group.day, group.tasks.length])).toEqual([
    ["2026-11-23", 1],
    ["2026-11-25", 2],
    [null, 1],
  ]);
  list.byDay = false;
  expect(list.groups.map((group) => group.kind)).toEqual(["due", "query"]);
});

test("digits pick a kind, nought shows all, and words find a subject or a visit", () => {
  const list = new WorklistState();
  list.now = counted([task({}), task({ kind: "query", subject: "S01-007" })]);
  expect(list.pickNumber(2)).toBe(true);
  expect(list.tasks.map((each) => each.subject)).toEqual(["S01-007"]);
  expect(list.pickNumber(9)).toBe(false);
  list.pickNumber(0);
  list.sought = "cycle 1";
  expect(list.tasks).toHaveLength(2);
  list.sought = "007";
  expect(list.tasks).toHaveLength(1);
});
