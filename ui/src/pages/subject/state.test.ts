import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ subjectView: vi.fn(), eventAdd: vi.fn(), eventDate: vi.fn(), eventMissed: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { ask } from "../../model/ask.svelte";
import type { EventColumn, SubjectView } from "../../ipc/messages";
import { SubjectState } from "./state.svelte";

const event = (key: string): EventColumn => ({
  key,
  title: key,
  label: key,
  planned: null,
  window: null,
  date: null,
  state: "unplanned",
  conflict: false,
  dated: true,
});
const view = (...keys: string[]): SubjectView => ({
  subject: "S01-001",
  facts: [],
  events: keys.map(event),
  forms: [],
  addable: [{ oid: "SE.UNS", title: "Unscheduled 1", repeat: "1" }],
  nextForm: null,
  queries: 0,
  mustChange: 0,
});

beforeEach(() => vi.resetAllMocks());

async function open(): Promise<SubjectState> {
  ipc.subjectView.mockResolvedValue(view("SE.SCR[1]"));
  const state = new SubjectState("S01-001");
  await state.fetch("");
  return state;
}

test("an added visit gets the cursor and is asked for its date", async () => {
  const state = await open();
  ipc.eventAdd.mockResolvedValue(view("SE.SCR[1]", "SE.UNS[1]"));
  const adding = state.add();
  ask.now?.answer("SE.UNS[1]");
  await adding;
  expect(ipc.eventAdd).toHaveBeenCalledWith({ subject: "S01-001", oid: "SE.UNS", repeat: "1", lang: "en" });
  expect(state.spot).toEqual({ row: -1, column: 1 });
  expect(state.dating?.key).toBe("SE.UNS[1]");
});

test("turning away adds nothing", async () => {
  const state = await open();
  const adding = state.add();
  ask.now?.answer(null);
  await adding;
  expect(ipc.eventAdd).not.toHaveBeenCalled();
});

test("a date that needs a reason is asked for one, and given with it", async () => {
  const state = await open();
  ipc.eventDate.mockRejectedValueOnce({ code: "reason_needed", message: "" });
  ipc.eventDate.mockResolvedValueOnce(view("SE.SCR[1]"));
  const dating = state.date(event("SE.SCR[1]"), "2 9 2026");
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer("Typing mistake");
  await dating;
  expect(ipc.eventDate.mock.calls.map(([args]) => args.reason)).toEqual([null, "Typing mistake"]);
  expect(state.dating).toBeNull();
});

test("what is no date is said beside it and stays open", async () => {
  const state = await open();
  state.dating = event("SE.SCR[1]");
  ipc.eventDate.mockRejectedValueOnce({ code: "not_a_date", message: "" });
  await state.date(event("SE.SCR[1]"), "soon");
  expect(state.dateRefusal).toContain("not a date");
  expect(state.dating).not.toBeNull();
});

test("the cursor goes with a visit whose day moves its column", async () => {
  ipc.subjectView.mockResolvedValue(view("SE.SCR[1]", "SE.CYC[1]", "SE.TA[1]"));
  const state = new SubjectState("S01-001");
  await state.fetch("");
  state.spot = { row: -1, column: 2 };
  ipc.eventDate.mockResolvedValueOnce(view("SE.SCR[1]", "SE.TA[1]", "SE.CYC[1]"));
  await state.date(event("SE.TA[1]"), "4 1 2027");
  expect(state.spot).toEqual({ row: -1, column: 1 });
});
