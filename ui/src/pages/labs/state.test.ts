import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ labRegister: vi.fn(), labRangeSet: vi.fn(), labRangeWithdraw: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { ask } from "../../model/ask.svelte";
import type { LabLine, LabRegister } from "../../ipc/messages";
import { LabsState } from "./state.svelte";

const line: LabLine = {
  id: "ab",
  lab: "L",
  analyte: "ALT",
  question: "ALT",
  sex: "F",
  from: "",
  to: "",
  low: "7",
  high: "40",
  unit: "U/L",
  by: "",
  at: "",
  disputed: false,
};
const analytes = ["ALT", "AST"].map((code) => ({ code, question: code, units: ["U/L"] }));
const register: LabRegister = { labs: ["L"], analytes, sexes: [], lines: [line] };

beforeEach(() => {
  vi.resetAllMocks();
  ipc.labRegister.mockResolvedValue(register);
});

test("after a line the next analyte waits, laboratory and sex kept", async () => {
  const labs = new LabsState();
  await labs.fetch();
  Object.assign(labs.line, { sex: "F", low: "7", high: "40" });
  ipc.labRangeSet.mockResolvedValue(register);
  expect(await labs.set()).toBe(true);
  expect(ipc.labRangeSet.mock.calls[0]?.[0].line).toMatchObject({
    lab: "L",
    analyte: "ALT",
    sex: "F",
    low: "7",
    high: "40",
  });
  expect(labs.line).toMatchObject({ lab: "L", analyte: "AST", sex: "F", low: "", high: "" });
});

test("a refused line stays as it was typed", async () => {
  const labs = new LabsState();
  await labs.fetch();
  labs.line.low = "50";
  ipc.labRangeSet.mockRejectedValue({ code: "lab_order", message: "" });
  expect(await labs.set()).toBe(false);
  expect([labs.wrong?.code, labs.line.low]).toEqual(["lab_order", "50"]);
});

test("a line is replaced by naming it, and withdrawn only after a question", async () => {
  const labs = new LabsState();
  await labs.fetch();
  labs.edit(line);
  expect(labs.line).toMatchObject({ replaces: "ab", high: "40" });
  const asking = labs.withdraw(line);
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer(null);
  await asking;
  expect(ipc.labRangeWithdraw).not.toHaveBeenCalled();
});
