// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";

import { cellState, itemShape } from "../../test/sample";
import Forms from "../../test/Forms.svelte";
import { openSite, textOf, until, type Hands } from "../../test/site";
import type { CellState, FormState, GroupShape, ItemShape, LabBeside } from "../ipc/messages";
import { RefusedError } from "../ipc/refused";
import { FieldSet, isShown } from "../model/field-set.svelte";
import type { FormActions } from "./form-actions";
import { cellAt, fieldsOf, focusCell, focusNext, stopsOf } from "./focus";

const actions = {
  openLimits: "",
  fieldEntered: vi.fn(),
  fieldLeft: vi.fn(),
  fieldPicked: vi.fn(),
  confirm: vi.fn(),
  resolveConflict: vi.fn(),
  labEvent: vi.fn(),
  addRow: vi.fn(),
  openRow: vi.fn(),
  removeRow: vi.fn(),
  open: vi.fn(),
} satisfies FormActions;

let hands: Hands;
beforeEach(() => {
  vi.resetAllMocks();
  hands = openSite();
});

type Question = [Partial<ItemShape>, Partial<CellState>];

/** A group on the screen: its questions, and the cells of each of its rows. */
function given(
  questions: Question[],
  over: Partial<GroupShape> = {},
  rows = 1,
  more: { editable?: boolean; open?: string } = {},
) {
  const items = questions.map(([shape], at) =>
    itemShape({ oid: `IT.Q${at}`, name: `Q${at}`, question: `Question ${at}`, ...shape }),
  );
  const group: GroupShape = { oid: "IG.A", title: "", repeating: false, items, ...over };
  const row = (repeat: number) => ({
    group: "IG.A",
    repeat: String(repeat),
    reasonNeeded: false,
    cells: questions.map(([, cell], at) => cellState({ key: `IG.A[${repeat}]/IT.Q${at}`, ...cell })),
  });
  const set = new FieldSet();
  const state = { rows: Array.from({ length: rows }, (_, at) => row(at + 1)) } as FormState;
  set.replace({ key: "", title: "", eventTitle: "", groups: [group] }, state);
  const { container } = render(Forms, {
    props: { group: set.groups[0]!, actions, editable: more.editable ?? true, open: more.open ?? "" },
  });
  return { container, set, field: (at: number, repeat = 1) => set.field(`IG.A[${repeat}]/IT.Q${at}`)! };
}

const rowOf = (at: number, repeat = 1) =>
  document.querySelector<HTMLElement>(`[data-cell="IG.A[${repeat}]/IT.Q${at}"]`);
const status = (at: number) => textOf(rowOf(at)?.querySelector(".beside") ?? null);
const finding = (severity: "hard" | "soft", confirmed: string | null = null) => ({
  rule: `R-${severity}`,
  severity,
  message: `It is ${severity}`,
  confirmed,
});

test("a question is labelled by its words, with short name, limits and whether it may stay open below", () => {
  given([
    [{ range: "7–40 U/L", mandatory: false, unit: "U/L", control: "number" }, {}],
    [{ question: "Q1 again" }, { queries: 2 }],
  ]);
  expect(rowOf(0)?.querySelector("label")?.textContent).toBe("Question 0");
  expect(textOf(rowOf(0)?.querySelector(".under") ?? null)).toBe("Q0 · 7–40 U/L · optional");
  expect(textOf(rowOf(1)?.querySelector(".under") ?? null)).toBe("");
  expect(rowOf(1)?.querySelector("svg[role=img]")?.getAttribute("aria-label")).toBe("2 open queries");
});

test("entering, leaving and picking are told to the page", async () => {
  const choices = ["Yes", "No"].map((label) => ({ code: label, label }));
  const { field } = given([
    [{}, {}],
    [{ control: "choices", choices }, {}],
  ]);
  await hands.click(rowOf(0)!.querySelector("input")!);
  expect(actions.fieldEntered).toHaveBeenCalledWith(field(0));
  await hands.click(rowOf(1)!.querySelector("[data-code=No]")!);
  expect(actions.fieldLeft.mock.calls[0]?.[0]).toBe(field(0));
  expect(actions.fieldPicked).toHaveBeenCalledWith(field(1));
});

test("beside a field stands whether it is saved, with what it was converted to and was last time", () => {
  given([
    [{}, { typed: "1", display: "1", converted: "79.6 µmol/L", last: "81" }],
    [{}, { missing: "unknown" }],
    [{ control: "derived" }, { display: "2", trace: "1 + 1" }],
  ]);
  expect(status(0)).toBe("saved · = 79.6 µmol/L · last 81");
  expect(status(1)).toBe("saved · Unknown");
  expect(status(2)).toBe("1 + 1");
});

test("what is typed is a draft until it is saved; a slow save is said; a refusal tells what to do", async () => {
  const { field } = given([[{}, {}]]);
  field(0).type("5");
  await until(() => expect(status(0)).toBe("not saved yet, kept as draft"));
  field(0).slow = true;
  await until(() => expect(status(0)).toBe("saving…"));
  field(0).failed(new RefusedError({ code: "disk_full", message: "", waitSeconds: null }));
  await until(() => expect(status(0)).toMatch(/^Not saved\. The disk or stick is full/));
});

test("findings stand beside their field: hard ones must change, soft ones can be confirmed, confirmed ones keep the words", async () => {
  const { field } = given([
    [{}, { typed: "1", display: "1", findings: [finding("hard"), finding("soft")] }],
    [{}, { findings: [finding("soft", "Known")] }],
  ]);
  expect(
    [...rowOf(0)!.querySelectorAll<HTMLElement>("[data-finding]")].map((each) => each.dataset["severity"]),
  ).toEqual(["hard", "soft"]);
  await hands.click(rowOf(0)!.querySelector("[data-act=confirm]")!);
  expect(actions.confirm.mock.calls).toEqual([[field(0), "R-soft", "It is soft"]]);
  expect(status(1)).toBe("confirmed: Known");
});

test("who only reads is offered no act", () => {
  const { container } = given([[{}, { findings: [finding("soft")], conflict: ["1", "2"] }]], {}, 1, {
    editable: false,
  });
  expect(container.querySelector("[data-act=confirm]")).toBeNull();
  expect([...container.querySelectorAll<HTMLButtonElement>(".ways button")].every((button) => button.disabled)).toBe(
    true,
  );
});

test("a conflict offers the values of the devices", async () => {
  const { field } = given([[{}, { conflict: ["70", "72"] }]]);
  await hands.click(rowOf(0)!.querySelectorAll(".ways button")[1]!);
  expect(actions.resolveConflict.mock.calls).toEqual([[field(0), "72"]]);
});

test("an answer of an earlier version, a draft that cannot be read, and a dictionary that is not there are said", () => {
  given([
    [{}, { earlier: { text: "HAN", version: "1.0", now: "" } }],
    [{}, { draft: "x", draftFault: "not_a_number" }],
    [{ control: "term", absent: "CTCAE" }, {}],
  ]);
  expect(status(0)).toContain("HAN");
  expect(status(1)).toBe("This is not a number. Kept as draft.");
  expect(rowOf(2)?.querySelector("[data-part=absent]")?.textContent).toContain("CTCAE");
});

test("a result shows its side, its grade and its adverse event, and leads there or makes one", async () => {
  const lab = (over: Partial<LabBeside>): LabBeside => ({
    limits: "7–40",
    side: "high",
    grade: { grade: 2, term: "ALT increased", words: "", recordable: true },
    event: null,
    ...over,
  });
  const shape = { control: "number" as const, analyte: { code: "ALT", part: "result" as const } };
  const event = { title: "Hepatitis", form: "F", cell: "C" };
  const { field } = given([
    [shape, { lab: lab({}) }],
    [{ ...shape, analyte: { code: "AST", part: "result" } }, { lab: lab({ event }) }],
    [{}, { lab: lab({ side: "within", grade: null }) }],
  ]);
  expect(textOf(rowOf(0)?.querySelector("[data-part=lab]") ?? null)).toContain("high Grade 2 proposed: ALT increased");
  await hands.click(rowOf(0)!.querySelector("[data-act=lab-event]")!);
  expect(actions.labEvent).toHaveBeenCalledWith(field(0));
  await hands.click(rowOf(1)!.querySelector("[data-act=open-event]")!);
  expect(actions.open).toHaveBeenCalledWith("F", "C");
  expect(rowOf(2)?.querySelector("[data-part=lab]")).toBeNull();
});

test("what the skip logic hides is not drawn, unless a person is still busy with it", async () => {
  const { field } = given([
    [{}, { visible: false }],
    [{}, {}],
  ]);
  expect([rowOf(0), isShown(field(0))]).toEqual([null, false]);
  field(0).type("left over");
  await until(() => expect(rowOf(0)).not.toBeNull());
});

test("a group of which nothing is shown is no card", () => {
  expect(given([[{}, { visible: false }]]).container.querySelector("section")).toBeNull();
});

test("short rows are a table to type into; each cell names its row and question, findings stand below", async () => {
  const { container } = given(
    [
      [{ unit: "mm", control: "number" }, { findings: [finding("soft")] }],
      [{}, { draft: "x", draftFault: "too_long" }],
    ],
    { repeating: true, title: "Lesions" },
    2,
  );
  expect([...container.querySelectorAll("thead th")].map(textOf)).toEqual([
    "No.",
    "Question 0 (mm)",
    "Question 1",
    "State and acts",
  ]);
  expect(rowOf(0, 2)?.querySelector("label")?.textContent).toBe("Row 2: Question 0");
  expect(textOf(rowOf(1))).toContain("The text is too long.");
  expect(container.querySelectorAll("td.findings").length).toBe(2);
  await hands.click(container.querySelectorAll("[data-act=row-remove]")[1]!);
  expect(actions.removeRow).toHaveBeenCalledWith("IG.A", "2");
  await hands.click(container.querySelector("[data-act=row-add]")!);
  expect(actions.addRow).toHaveBeenCalledWith("IG.A");
});

test("long rows are summed up in the table and open below their line", async () => {
  const long: Question[] = [
    [{ control: "long_text" }, { typed: "words", display: "words" }],
    [{}, { missing: "unknown" }],
  ];
  const { container } = given(long, { repeating: true }, 2, { open: "2" });
  expect([...container.querySelectorAll("td.said")].map(textOf)).toEqual(["Unknown", "Unknown"]);
  expect([rowOf(0, 1), rowOf(0, 2) === null]).toEqual([null, false]);
  await hands.click(container.querySelector("[data-act=row-open]")!);
  expect(actions.openRow).toHaveBeenCalledWith("IG.A", "1");
});

test("an open row of which nothing is asked yet says so, and a table without rows too", () => {
  const hidden = given([[{ control: "long_text" }, { visible: false }]], { repeating: true }, 1, { open: "1" });
  expect(hidden.container.textContent).toContain("Nothing is asked here yet");
  expect(given([[{}, {}]], { repeating: true }, 0).container.textContent).toContain("No rows yet.");
});

test("the focus passes over what is computed, kept or folded, and stops at buttons for rows", () => {
  const cell = (key: string, control = "text", more = "") =>
    `<div data-cell="${key}" data-control="${control}" ${more}><input data-field></div>`;
  document.body.innerHTML = `<button data-before></button>${cell("a")}${cell("b", "derived")}${cell("c", "file")}${cell("d", "number", "data-folded")}<button data-step></button>${cell("e")}<button data-after></button>`;
  const root = document.body;
  expect([fieldsOf(root).map(cellAt), stopsOf(root).length]).toEqual([["a", "b", "c", "d", "e"], 6]);
  expect([focusCell(root, "a"), focusCell(root, "zz")]).toEqual([true, false]);
  expect([focusNext(root, "a", 1), document.activeElement?.hasAttribute("data-step")]).toEqual([false, true]);
  expect([focusNext(root, "a", 1, true), cellAt(document.activeElement)]).toEqual([true, "b"]);
  expect([focusNext(root, "a", -1), document.activeElement?.hasAttribute("data-before")]).toEqual([false, true]);
  expect([focusNext(root, "e", 1), document.activeElement?.hasAttribute("data-after")]).toEqual([false, true]);
  expect([focusNext(root, "e", -1), document.activeElement?.hasAttribute("data-step")]).toEqual([false, true]);
  document.body.innerHTML = "";
});
