import { beforeEach, expect, test, vi } from "vitest";

import { cellState, formState, itemShape } from "../../../test/sample";
import type { CellState, FormUpdate } from "../../ipc/messages";

const ipc = vi.hoisted(() => ({
  formShape: vi.fn(),
  formState: vi.fn(),
  subjectView: vi.fn(),
  saveItem: vi.fn(),
  saveMissing: vi.fn(),
  draftItem: vi.fn(),
  formComplete: vi.fn(),
}));
vi.mock("../../ipc/commands", () => ipc);

import { ask } from "../../model/ask.svelte";
import { session } from "../../model/session.svelte";
import { FormModel } from "./form-model.svelte";

const KEYS = ["A", "B"].map((name) => `SE.A[1]/F.A[1]/IG.A[1]/IT.${name}`);
const items = ["A", "B"].map((name) => itemShape({ oid: `IT.${name}`, name }));
const cells = (...typed: string[]): CellState[] =>
  KEYS.map((key, at) => cellState({ key, typed: typed[at] ?? "", display: typed[at] ?? "" }));

function completed(state: FormUpdate): FormUpdate {
  return { ...state, status: "complete", rows: state.rows.map((row) => ({ ...row, reasonNeeded: true })) };
}

async function open(state: FormUpdate): Promise<FormModel> {
  ipc.formState.mockResolvedValue(state);
  const model = new FormModel("S01-001", "SE.A[1]/F.A[1]");
  await model.load();
  return model;
}

const field = (model: FormModel, at: number) => model.fields.field(KEYS[at] ?? "")!;

beforeEach(() => {
  vi.resetAllMocks();
  const group = { oid: "IG.A", title: "", repeating: false, items };
  ipc.formShape.mockResolvedValue({ key: "", title: "", eventTitle: "", groups: [group] });
  ipc.subjectView.mockResolvedValue(null);
});

test("a changed field is saved once, an unchanged one not at all", async () => {
  const model = await open(formState(cells("1", "2")));
  expect(await model.save(field(model, 0))).toBe(true);
  expect(ipc.saveItem).not.toHaveBeenCalled();
  ipc.saveItem.mockResolvedValue(formState(cells("5", "2"), { unsent: 7 }));
  field(model, 0).type("5");
  expect(await model.save(field(model, 0))).toBe(true);
  expect(ipc.saveItem).toHaveBeenCalledExactlyOnceWith({
    subject: "S01-001",
    cell: KEYS[0],
    lang: "en",
    typed: "5",
    reason: null,
  });
  expect(field(model, 0).saved).toBe(true);
  expect(session.unsent).toBe(7);
});

test("news of a form concern the cells they name; the others stay as they are", async () => {
  const model = await open(formState(cells("1", "2"), { revision: 4 }));
  ipc.saveItem.mockResolvedValue(formState(cells("5").slice(0, 1), { revision: 5, base: 4, answered: 2 }));
  field(model, 0).type("5");
  await model.save(field(model, 0));
  expect([field(model, 0).text, field(model, 1).text, model.state?.answered]).toEqual(["5", "2", 2]);
  expect(model.fields.all.every((each) => each.saved)).toBe(true);
  expect(ipc.formState).toHaveBeenCalledTimes(1);
});

test("a save that leaves the cell as it was has landed all the same", async () => {
  const model = await open(formState(cells("5"), { revision: 4 }));
  ipc.saveItem.mockResolvedValue(formState([], { revision: 5, base: 4 }));
  field(model, 0).type("5.0");
  expect(await model.save(field(model, 0))).toBe(true);
  expect([field(model, 0).text, field(model, 0).saved]).toEqual(["5", true]);
});

test("news that build on what never came here are answered by asking for the whole", async () => {
  const model = await open(formState(cells("1", "2"), { revision: 4 }));
  ipc.saveItem.mockResolvedValue(formState(cells("5").slice(0, 1), { revision: 6, base: 5 }));
  ipc.formState.mockResolvedValue(formState(cells("5", "3"), { revision: 7 }));
  field(model, 0).type("5");
  await model.save(field(model, 0));
  expect([field(model, 0).text, field(model, 1).text]).toEqual(["5", "3"]);
});

test("saves stand in one line: the second waits for the first, and the last answer is the newest", async () => {
  const model = await open(formState(cells()));
  const order: string[] = [];
  let release = () => undefined as void;
  ipc.saveItem.mockImplementationOnce(async () => {
    order.push("first begins");
    await new Promise<void>((done) => (release = done));
    return formState(cells("1"));
  });
  ipc.saveItem.mockImplementationOnce(async () => {
    order.push("second begins");
    return formState(cells("1", "2"));
  });
  field(model, 0).type("1");
  field(model, 1).type("2");
  const both = [model.save(field(model, 0)), model.save(field(model, 1))];
  await vi.waitFor(() => expect(order).toEqual(["first begins"]));
  expect(field(model, 0).saved).toBe(false);
  release();
  expect(await Promise.all(both)).toEqual([true, true]);
  expect(order).toEqual(["first begins", "second begins"]);
  expect(model.fields.unsaved).toEqual([]);
});

test("the same field left twice while its save is under way is saved once", async () => {
  const model = await open(formState(cells()));
  ipc.saveItem.mockResolvedValue(formState(cells("1")));
  field(model, 0).type("1");
  const picked = model.save(field(model, 0));
  // Whoever leaves meanwhile waits for the answer: it decides which field comes next.
  await model.save(field(model, 0));
  expect(field(model, 0).saved).toBe(true);
  expect(await picked).toBe(true);
  expect(ipc.saveItem).toHaveBeenCalledTimes(1);
});

test("a refusal stays with its field, keeps the text, and does not hold up the next one", async () => {
  const model = await open(formState(cells()));
  ipc.saveItem.mockRejectedValueOnce({ code: "disk_full", message: "" });
  field(model, 0).type("1");
  expect(await model.save(field(model, 0))).toBe(false);
  expect(field(model, 0).refused?.code).toBe("disk_full");
  expect(field(model, 0).text).toBe("1");
  ipc.saveItem.mockResolvedValueOnce(formState(cells("", "2")));
  field(model, 1).type("2");
  expect(await model.save(field(model, 1))).toBe(true);
  expect(field(model, 0).text).toBe("1");
});

test("changing a completed form asks for a reason once and gives it with each change", async () => {
  const model = await open(completed(formState(cells("1", "2"))));
  ipc.saveItem.mockResolvedValue(completed(formState(cells("5", "2"))));
  field(model, 0).type("5");
  const first = model.save(field(model, 0));
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer("Typing mistake");
  expect(await first).toBe(true);
  field(model, 1).type("6");
  await model.save(field(model, 1));
  expect(ask.now).toBeNull();
  expect(ipc.saveItem.mock.calls.map(([args]) => args.reason)).toEqual(["Typing mistake", "Typing mistake"]);
});

test("the question for a reason takes the focus away, and that neither asks nor saves again", async () => {
  const model = await open(completed(formState(cells("1"))));
  ipc.saveItem.mockResolvedValue(completed(formState(cells("5"))));
  field(model, 0).type("5");
  const entered = model.save(field(model, 0));
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  const left = model.save(field(model, 0));
  ask.now?.answer("Typing mistake");
  expect(await Promise.all([entered, left])).toEqual([true, true]);
  expect(ipc.saveItem).toHaveBeenCalledTimes(1);
});

test("turning away from the reason saves nothing and loses nothing", async () => {
  const model = await open(completed(formState(cells("1"))));
  field(model, 0).type("5");
  const saving = model.save(field(model, 0));
  await vi.waitFor(() => expect(ask.now).not.toBeNull());
  ask.now?.answer(null);
  expect(await saving).toBe(false);
  expect(ipc.saveItem).not.toHaveBeenCalled();
  expect(field(model, 0).text).toBe("5");
});

test("drafts go out for what is typed and not saved, once per change", async () => {
  const model = await open(formState(cells("1")));
  field(model, 1).type("ab");
  await model.keepDrafts();
  await model.keepDrafts();
  expect(ipc.draftItem).toHaveBeenCalledExactlyOnceWith({ subject: "S01-001", cell: KEYS[1], typed: "ab" });
});

test("what is given up is no draft any more, at once", async () => {
  const model = await open(formState(cells("1")));
  field(model, 0).type("12");
  await model.keepDrafts();
  await model.discard(field(model, 0));
  expect(ipc.draftItem.mock.calls.map(([args]) => args.typed)).toEqual(["12", ""]);
  expect([field(model, 0).text, field(model, 0).dirty]).toEqual(["1", false]);
  ipc.draftItem.mockRejectedValueOnce({ code: "locked", message: "" });
  field(model, 0).type("13");
  await model.discard(field(model, 0));
  expect(ipc.draftItem).toHaveBeenCalledTimes(2);
});

test("who only reads sends nothing", async () => {
  const model = await open(formState(cells("1"), { editable: false }));
  field(model, 0).type("2");
  expect(await model.save(field(model, 0))).toBe(true);
  await model.keepDrafts();
  expect(ipc.saveItem).not.toHaveBeenCalled();
  expect(ipc.draftItem).not.toHaveBeenCalled();
});
