import { beforeEach, expect, test, vi } from "vitest";

const ipc = vi.hoisted(() => ({ tumoursView: vi.fn(), tumourRead: vi.fn(), tumourNew: vi.fn(), saveItem: vi.fn() }));
vi.mock("../../ipc/commands", () => ipc);

import { ask } from "../../model/ask.svelte";
import type { TumourCell, TumourColumn, TumoursView } from "../../ipc/messages";
import { TumoursState } from "./state.svelte";

const cell = (size: string): TumourCell => ({
  state: size === "" ? "" : "MEASURED",
  size,
  mm: size === "" ? null : size,
  gone: false,
  parts: size === "" ? 0 : 1,
  treated: false,
  draft: null,
  findings: [],
  cell: null,
});
const column = (label: string, baseline: boolean): TumourColumn => ({
  form: `SE.${label}[1]/F.TR[1]`,
  title: label,
  label,
  date: "2026-03-02",
  day: 1,
  baseline,
  status: "started",
  settled: true,
  sum: "50",
  known: null,
  nadir: false,
  fromBaseline: null,
  fromNadir: null,
  fromNadirPercent: null,
  responses: baseline
    ? []
    : [
        {
          computed: "SD",
          cell: "SE.TA1[1]/F.TR[1]/IG.RS[1]/IT.RS.OVRLRESP",
          entered: "",
          disagrees: false,
          findings: [],
        },
      ],
  why: [],
  asSeen: null,
});
const view = (): TumoursView => ({
  subject: "S01-001",
  editable: true,
  confirmationRequired: false,
  responsePersists: true,
  stableDays: 42,
  baselineForm: "SE.SCR[1]/F.TU[1]",
  columns: [column("BL", true), column("TA1", false)],
  rows: [
    { id: "T01", role: "target", organ: "Liver", place: "VI", node: false, cells: [cell("30"), cell("")] },
    { id: "NT01", role: "non_target", organ: "Lung", place: "", node: false, cells: [cell(""), cell("")] },
  ],
  lines: [{ kind: "overall", choices: [{ code: "PD", label: "Progressive disease" }] }],
  best: null,
  bestConfirmed: null,
  responseLimit: "-30",
  progressionLimit: null,
  notes: [],
  addable: [],
  states: [{ code: "TOOSMALL", label: "Too small" }],
  otherStates: [{ code: "PRESENT", label: "Present" }],
  certainties: [],
  organs: [],
});

beforeEach(() => {
  vi.resetAllMocks();
  ipc.tumoursView.mockResolvedValue(view());
  ipc.tumourRead.mockResolvedValue(view());
});

async function open(): Promise<TumoursState> {
  const state = new TumoursState("S01-001");
  await state.fetch();
  return state;
}

test("the cursor starts at the last scan and stays in the grid", async () => {
  const state = await open();
  expect(state.spot).toEqual({ line: 0, column: 1 });
  expect(state.move("ArrowRight")).toBe(true);
  expect(state.spot.column).toBe(1);
  state.move("End");
  state.move("PageDown");
  expect(state.line?.kind).toBe("response");
  expect(state.move("q")).toBe(false);
});

test("what is typed is said of the lesion and the scan at the cursor", async () => {
  const state = await open();
  state.typing = "24";
  state.commit();
  expect(state.typing).toBeNull();
  await state.settled();
  expect(ipc.tumourRead).toHaveBeenCalledWith({
    subject: "S01-001",
    form: "SE.TA1[1]/F.TR[1]",
    lesion: "T01",
    typed: "24",
    reason: null,
    lang: "en",
  });
});

test("a cell that is left as it was is not saved", async () => {
  const state = await open();
  state.move("ArrowLeft");
  state.typing = "30";
  await state.settled();
  expect(ipc.tumourRead).not.toHaveBeenCalled();
});

test("saves wait for one another, and the cursor for none", async () => {
  const state = await open();
  const order: string[] = [];
  let release = (): void => undefined;
  ipc.tumourRead.mockImplementationOnce(async () => {
    await new Promise<void>((resolve) => (release = resolve));
    order.push("first");
    return view();
  });
  ipc.tumourRead.mockImplementationOnce(() => {
    order.push("second");
    return Promise.resolve(view());
  });
  state.say("TOOSMALL");
  state.move("ArrowDown");
  state.say("PRESENT");
  expect(state.saving).toBe(2);
  await vi.waitFor(() => expect(ipc.tumourRead).toHaveBeenCalledTimes(1));
  release();
  await state.settled();
  expect(order).toEqual(["first", "second"]);
  expect(ipc.tumourRead.mock.calls.map(([args]) => [args.lesion, args.typed])).toEqual([
    ["T01", "TOOSMALL"],
    ["NT01", "PRESENT"],
  ]);
});

test("a change that needs a reason is asked for one", async () => {
  const state = await open();
  ipc.tumourRead.mockRejectedValueOnce({ code: "reason_needed", message: "" });
  state.say("24");
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer("Read again");
  await state.settled();
  expect(ipc.tumourRead.mock.calls.map(([args]) => args.reason)).toEqual([null, "Read again"]);
});

test("a response is picked and saved as the form saves it", async () => {
  const state = await open();
  state.move("PageDown");
  const asking = state.respond();
  ask.now?.answer("PD");
  await asking;
  await state.settled();
  expect(ipc.saveItem.mock.calls[0]?.[0]).toMatchObject({
    cell: "SE.TA1[1]/F.TR[1]/IG.RS[1]/IT.RS.OVRLRESP",
    typed: "PD",
  });
});

test("a refusal is shown, and the grid is what stands on the disk", async () => {
  const state = await open();
  ipc.tumourRead.mockRejectedValueOnce({ code: "no_such", message: "" });
  state.say("24");
  await state.settled();
  expect(state.refused?.code).toBe("no_such");
  expect(ipc.tumoursView).toHaveBeenCalledTimes(2);
});

test("a grid that cannot be drawn anew after a refusal holds up no later save", async () => {
  const state = await open();
  ipc.tumourRead.mockRejectedValueOnce({ code: "no_such", message: "" });
  ipc.tumoursView.mockRejectedValueOnce({ code: "busy", message: "" });
  state.say("24");
  state.move("ArrowDown");
  state.say("PRESENT");
  expect(await state.settled()).toBe(true);
  expect(ipc.tumourRead.mock.calls.map(([args]) => args.typed)).toEqual(["24", "PRESENT"]);
  expect(state.saving).toBe(0);
});

test("a lesion that broke up is not typed here", async () => {
  const broken = view();
  const row = broken.rows[0];
  if (row === undefined) throw new Error("a row");
  row.cells[1] = { ...cell("12"), parts: 2 };
  ipc.tumoursView.mockResolvedValue(broken);
  const state = await open();
  expect(state.writable).toBe(false);
  state.say("24");
  await state.settled();
  expect(ipc.tumourRead).not.toHaveBeenCalled();
});
