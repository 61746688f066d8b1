import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ randomiseView: vi.fn(), randomiseRequest: vi.fn(), randomiseReveal: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { spoken } from "./phonetic";
import { RandomiseState } from "./state.svelte";

const view = {
  subject: "S01-001",
  step: "ready",
  gates: [],
  factors: [],
  request: null,
  allocation: null,
  root: null,
  mayAct: true,
};

beforeEach(() => {
  vi.clearAllMocks();
  ipc.randomiseView.mockResolvedValue(view);
});

test("a request is made once, however often it is pressed", async () => {
  let answer: (view: unknown) => void = () => undefined;
  ipc.randomiseRequest.mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const state = new RandomiseState("S01-001");
  await state.fetch();
  const first = state.request();
  await state.request();
  answer({ ...view, step: "asked" });
  await first;
  expect(ipc.randomiseRequest).toHaveBeenCalledTimes(1);
  expect(state.now?.step).toBe("asked");
});

test("a wrong release code loses nothing that was typed", async () => {
  ipc.randomiseReveal.mockRejectedValueOnce({ code: "code_check", message: "" });
  const state = new RandomiseState("S01-001");
  await state.fetch();
  state.code = "01X12-5APTT";
  await state.reveal();
  expect(state.code).toBe("01X12-5APTT");
  expect(state.fault?.code).toBe("code_check");
  expect(state.now?.step).toBe("ready");
  ipc.randomiseReveal.mockResolvedValueOnce({ ...view, step: "revealed" });
  await state.reveal();
  expect(state.fault).toBeNull();
  expect(state.now?.step).toBe("revealed");
});

test("nothing is revealed by an empty field", async () => {
  const state = new RandomiseState("S01-001");
  state.code = "  ";
  await state.reveal();
  expect(ipc.randomiseReveal).not.toHaveBeenCalled();
});

test("letters are spoken as words, digits as they are", () => {
  expect(spoken("1RAK")).toBe("1 Romeo Alfa Kilo");
  // Every character that a code can have is either a digit or has a word.
  for (const sign of "0123456789ABCDEFGHJKMNPQRSTVWXYZ") expect(spoken(sign)).toMatch(/^(\d|[A-Z][\w-]+)$/);
});
