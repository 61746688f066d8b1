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
  count: 1,
  ...over,
});

test("a task leads to its form where it names one, and to the casebook otherwise", () => {
  expect(placeOf(task({ form: "SE.A[1]/F.VS[1]" }))).toEqual({ page: "form", subject: "S01-003", form: "SE.A[1]/F.VS[1]" });
  expect(placeOf(task({}))).toEqual({ page: "subject", subject: "S01-003" });
});

test("one kind is picked out, and let go by picking it again", () => {
  const list = new WorklistState();
  list.now = { tasks: [task({}), task({ kind: "query" })], counts: [["due", 1], ["query", 1], ["confirm", 0]] };
  expect(list.counts).toHaveLength(2);
  list.pick("query");
  expect(list.tasks.map((each) => each.kind)).toEqual(["query"]);
  list.pick("query");
  expect(list.tasks).toHaveLength(2);
});
