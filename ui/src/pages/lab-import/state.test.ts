import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({
  labRegister: vi.fn(),
  labFileOpen: vi.fn(),
  labFileMap: vi.fn(),
  labFileImport: vi.fn(),
  labFileClose: vi.fn(),
}));
vi.mock("../../ipc/commands", () => ipc);

import { ask } from "../../model/ask.svelte";
import type { LabFileView, LabVerdict } from "../../ipc/messages";
import { LabImport } from "./state.svelte";

const file = (counts: Array<[LabVerdict, number]>, over: Partial<LabFileView> = {}): LabFileView => ({
  encoding: "UTF-8",
  delimiter: ",",
  columns: ["a"],
  mapping: {
    lab: "L",
    subject: "",
    date: "",
    test: "",
    result: "",
    unit: "",
    low: "",
    high: "",
    tests: [{ said: "GPT", meant: "" }],
    units: [],
  },
  remembered: false,
  analytes: [],
  units: [],
  total: 2,
  counts: counts.map(([verdict, rows]) => ({ verdict, rows })),
  rows: [],
  reasonNeeded: false,
  ...over,
});

async function opened(view: LabFileView): Promise<LabImport> {
  ipc.labFileOpen.mockResolvedValue({ file: view, fault: null });
  const state = new LabImport();
  state.lab = "L";
  await state.open();
  return state;
}

beforeEach(() => void vi.resetAllMocks());

test("a file that is no table shows its fault and nothing to record", async () => {
  ipc.labFileOpen.mockResolvedValue({ file: null, fault: { code: "lab_file_columns", line: 3 } });
  const state = new LabImport();
  await state.open();
  expect([state.fault?.line, state.ready]).toEqual([3, false]);
});

test("turning away from the dialog is no refusal", async () => {
  ipc.labFileOpen.mockRejectedValue({ code: "cancelled", message: "" });
  const state = new LabImport();
  await state.open();
  expect(state.refused).toBeNull();
});

test("what is new is recorded without a question", async () => {
  const state = await opened(file([["new", 2]]));
  ipc.labFileImport.mockResolvedValue({ results: 2, panels: 1, left: 0 });
  await state.record();
  expect(ipc.labFileImport).toHaveBeenCalledExactlyOnceWith({ taken: [], reason: null });
  expect([state.file, state.report?.results]).toEqual([null, 2]);
});

test("a value taken in another's place asks for the reason, and nothing is recorded without it", async () => {
  const state = await opened(file([["differs", 1]]));
  expect(state.ready).toBe(false);
  state.take(7, true);
  const turned = state.record();
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer(null);
  await turned;
  expect(ipc.labFileImport).not.toHaveBeenCalled();
  ipc.labFileImport.mockResolvedValue({ results: 1, panels: 1, left: 0 });
  const recorded = state.record();
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer("Report of the laboratory");
  await recorded;
  expect(ipc.labFileImport).toHaveBeenCalledExactlyOnceWith({ taken: [7], reason: "Report of the laboratory" });
});

test("a test's meaning goes out with the rest of the mapping, and lines taken before are forgotten", async () => {
  const state = await opened(file([["left_out", 2]]));
  state.take(2, true);
  ipc.labFileMap.mockResolvedValue(file([["new", 2]]));
  await state.meant("tests", "GPT", "ALT");
  expect(ipc.labFileMap.mock.calls[0]?.[0].mapping.tests).toEqual([{ said: "GPT", meant: "ALT" }]);
  expect([state.taken, state.count("new")]).toEqual([[], 2]);
});
