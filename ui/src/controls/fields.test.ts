// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import { cellState, itemShape } from "../../test/sample";
import { openSite, textOf, until, type Hands } from "../../test/site";
import type { CellState, Control as Kind, ItemShape } from "../ipc/messages";
import { Field } from "../model/field.svelte";
import { live } from "../model/live.svelte";
import Control from "./Control.svelte";
import { numberShown, unitShown } from "./unit";

const CHOICES = ["Yes", "No", "Unknown"].map((label, at) => ({ code: `C${at + 1}`, label }));

type Given = { hands: Hands; field: Field; onpick: ReturnType<typeof vi.fn>; control: HTMLElement };

/** One control on the screen, for a question and a cell of its kind. */
function given(
  control: Kind,
  shape: Partial<ItemShape> = {},
  cell: Partial<CellState> = {},
  more: { disabled?: boolean; row?: Field[] } = {},
): Given {
  const hands = openSite();
  const field = new Field("IG.A", "1", itemShape({ control, ...shape }), cellState(cell));
  field.row = [field, ...(more.row ?? [])];
  const onpick = vi.fn();
  const props = {
    field,
    id: "it",
    labelledby: "label",
    describedby: "status",
    disabled: more.disabled ?? false,
    onpick,
  };
  const { container } = render(Control, { props });
  return { hands, field, onpick, control: container.querySelector<HTMLElement>("#it")! };
}

const value = ({ control }: Given): string => (control as HTMLInputElement).value;
const checked = (): string[] =>
  [...document.querySelectorAll<HTMLElement>("[aria-checked=true]")].map((each) => each.dataset["code"] ?? "");

test.each(["text", "long_text", "number", "date", "time", "date_time"] as const)(
  "%s: holds what is saved, takes what is typed, names its question",
  async (kind) => {
    const it = given(kind, {}, { typed: "1", display: "1" });
    expect([
      value(it),
      it.control.getAttribute("aria-labelledby"),
      it.control.getAttribute("aria-describedby"),
    ]).toEqual(["1", "label", "status"]);
    await it.hands.clear(it.control);
    await it.hands.type(it.control, "23");
    expect([it.field.text, it.field.dirty]).toEqual(["23", true]);
  },
);

test.each(["text", "long_text", "number", "date", "list", "term"] as const)(
  "%s: says why there is no value, what is invalid, and what is only read",
  (kind) => {
    const it = given(
      kind,
      {},
      { missing: "not_done", findings: [{ rule: "r", severity: "hard", message: "", confirmed: null }] },
      { disabled: true },
    );
    const input = it.control as HTMLInputElement;
    expect([input.placeholder, input.getAttribute("aria-invalid"), input.readOnly]).toEqual(["Not done", "true", true]);
  },
);

test("text: what comes with the focus is selected, so that typing replaces it", async () => {
  const it = given("text", {}, { typed: "old", display: "old" });
  it.control.focus();
  await it.hands.keyboard("new");
  expect(it.field.text).toBe("new");
});

test("date: shows how a date may be written while it has the focus", async () => {
  const it = given("date");
  it.field.focus(true);
  await until(() => expect((it.control as HTMLInputElement).placeholder).toBe("e.g. 12 3 2024"));
});

test("number: its unit stands behind it and in its name, and goes when the text names its own", async () => {
  const it = given("number", { unit: "g/L" }, { typed: "34", display: "34 g/L" });
  expect([value(it), textOf(document.querySelector(".unit"))]).toEqual(["34", "g/L"]);
  expect(it.control.getAttribute("aria-labelledby")).toBe("label it-unit");
  it.field.focus(true);
  it.field.type("3.4 g/dL");
  await until(() => expect([value(it), textOf(document.querySelector(".unit"))]).toEqual(["3.4 g/dL", ""]));
});

test("number: a value that was entered in another unit is shown with that one, a missing one with none", () => {
  const field = (cell: Partial<CellState>) =>
    new Field("IG", "1", itemShape({ control: "number", unit: "µmol/L" }), cellState(cell));
  expect(unitShown(field({ typed: "0.9", display: "0.9", unit: "mg/dL" }))).toBe("mg/dL");
  expect(unitShown(field({ missing: "unknown" }))).toBe("");
  expect(numberShown(field({ typed: "90", display: "90 µmol/L" }))).toBe("90");
});

test("choices: a digit or a click picks and saves, an arrow only chooses", async () => {
  const it = given("choices", { choices: CHOICES });
  document.querySelector<HTMLElement>("[role=radio]")?.focus();
  await it.hands.keyboard("2");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["C2", 1]);
  await it.hands.keyboard("{ArrowRight}{ArrowDown}");
  await until(() => expect(checked()).toEqual(["C1"]));
  expect(it.onpick).toHaveBeenCalledTimes(1);
  await it.hands.click(document.querySelector('[data-code="C3"]')!);
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["C3", 2]);
});

test("choices: space picks the one in focus, Delete empties, arrows go round, only one is a tab stop", async () => {
  const it = given("choices", { choices: CHOICES });
  document.querySelector<HTMLElement>("[role=radio]")?.focus();
  await it.hands.keyboard(" ");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["C1", 1]);
  await it.hands.keyboard("{ArrowLeft}");
  await until(() => expect(checked()).toEqual(["C3"]));
  expect([...document.querySelectorAll("[role=radio]")].map((each) => each.getAttribute("tabindex"))).toEqual([
    "-1",
    "-1",
    "0",
  ]);
  await it.hands.keyboard("{Delete}9");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["", 1]);
});

test("choices and grades that are only read take nothing", async () => {
  const it = given("choices", { choices: CHOICES }, {}, { disabled: true });
  document.querySelector<HTMLElement>("[role=radio]")?.focus();
  await it.hands.keyboard("1");
  await it.hands.click(document.querySelector('[data-code="C3"]')!);
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["", 0]);
});

const PLACES = ["Liver", "Lung", "Lymph node", "Bone"].map((label, at) => ({ code: `P${at + 1}`, label }));
const options = (): string[] => [...document.querySelectorAll("[role=option]")].map(textOf);

test("list: typing finds, arrows move, Enter takes what is marked and leaves the press to the form", async () => {
  const it = given("list", { choices: PLACES });
  await it.hands.type(it.control, "l");
  expect(options()).toEqual(["Liver", "Lung", "Lymph node"]);
  await it.hands.keyboard("{ArrowDown}{PageDown}{PageUp}{ArrowDown}{Enter}");
  expect([it.field.text, value(it), options()]).toEqual(["P2", "Lung", []]);
  expect(it.control.getAttribute("aria-expanded")).toBe("false");
});

test("list: a click picks and saves, Escape closes, nothing that fits says so", async () => {
  const it = given("list", { choices: PLACES });
  await it.hands.click(it.control);
  expect(options()).toEqual(["Liver", "Lung", "Lymph node", "Bone"]);
  await it.hands.pointer({ target: document.querySelectorAll("[role=option]")[3]!, keys: "[MouseLeft]" });
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["P4", 1]);
  await it.hands.clear(it.control);
  await it.hands.type(it.control, "zz");
  expect(options()).toEqual(["nothing fits"]);
  await it.hands.keyboard("{Escape}");
  expect(options()).toEqual([]);
});

test("list: a saved code is shown by its label", () => {
  expect(value(given("list", { choices: PLACES }, { typed: "P3", display: "Lymph node" }))).toBe("Lymph node");
});

test("term: finds in the dictionary, tells what a term means, and takes the one that is pointed at", async () => {
  const it = given("term");
  await it.hands.type(it.control, "au");
  await until(() => expect(options()).toEqual(["Nausea (queasiness) Gastrointestinal disorders"]));
  expect(textOf(document.querySelector(".detail"))).toContain("Grades that exist: 1, 2, 3");
  await it.field.resolve();
  expect(it.field.text).toBe("10028813");
  await until(() => expect(value(it)).toBe("Nausea"));
});

test("term: a saved code is shown as its term; a click takes another, and one that says nothing asks for words next", async () => {
  const words = new Field("IG.A", "1", itemShape({ oid: "IT.WORDS" }), cellState({ key: "W" }));
  const it = given("term", { companion: "IT.WORDS" }, { typed: "10016256", display: "Fatigue" }, { row: [words] });
  await until(() => expect(value(it)).toBe("Fatigue"));
  await it.hands.clear(it.control);
  await it.hands.type(it.control, "other");
  await until(() => expect(options().length).toBe(1));
  await it.hands.pointer({ target: document.querySelector("[role=option]")!, keys: "[MouseLeft]" });
  expect([it.field.text, it.onpick.mock.calls.length, it.field.nextField]).toEqual(["10017947", 1, words]);
});

test("term: an arrow opens with the first question's words, Escape closes, what fits nothing says so", async () => {
  const words = new Field(
    "IG.A",
    "1",
    itemShape({ oid: "IT.WORDS" }),
    cellState({ key: "W", typed: "fatigue", display: "fatigue" }),
  );
  const it = given("term", { companion: "IT.WORDS" }, {}, { row: [words] });
  it.control.focus();
  await it.hands.keyboard("{ArrowDown}");
  await until(() => expect(options()).toEqual(["Fatigue General disorders"]));
  await it.hands.keyboard("{ArrowDown}{ArrowUp}{Escape}");
  expect(options()).toEqual([]);
  await it.hands.type(it.control, "zzz");
  await until(() => expect(options()).toEqual(["nothing fits"]));
});

const GRADES = ["1", "2", "3", "4", "5"].map((code) => ({ code, label: `Grade ${code}` }));
const termOf = (code: string) =>
  new Field("IG.A", "1", itemShape({ oid: "IT.TERM" }), cellState({ key: "T", typed: code, display: code }));
const offered = () => [...document.querySelectorAll<HTMLElement>("[role=radio]")].map((each) => each.dataset["code"]);

test("grade: only the grades that its term has are offered, each with the dictionary's words", async () => {
  const it = given("grade", { choices: GRADES, companion: "IT.TERM" }, {}, { row: [termOf("10016256")] });
  await until(() => expect(offered()).toEqual(["1", "2", "3"]));
  expect(textOf(document.querySelector('[data-code="2"]'))).toBe("Grade 2 Fatigue of grade 2");
  document.querySelector<HTMLElement>("[role=radio]")?.focus();
  await it.hands.keyboard("3");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["3", 1]);
  await it.hands.keyboard("4");
  expect([it.field.text, live.urgent.trim()]).toEqual(["3", "This term has no grade 4."]);
});

test("grade: arrows choose, space saves, Backspace empties; a recorded grade that the term lacks is still shown", async () => {
  const it = given(
    "grade",
    { choices: GRADES, companion: "IT.TERM" },
    { typed: "5", display: "5" },
    { row: [termOf("10016256")] },
  );
  await until(() => expect(offered()).toEqual(["1", "2", "3", "5"]));
  expect(textOf(document.querySelector('[data-code="5"]'))).toContain("This term has no such grade.");
  document.querySelector<HTMLElement>('[data-code="5"]')?.focus();
  await it.hands.keyboard("{ArrowRight}");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["1", 0]);
  await it.hands.keyboard(" {Backspace}");
  expect([it.field.text, it.onpick.mock.calls.length]).toEqual(["", 1]);
});

test("derived: shows the value with its unit once, and nothing to type into", () => {
  const it = given("derived", { unit: "kg/m²" }, { display: "24.2" });
  expect([value(it), (it.control as HTMLInputElement).readOnly]).toEqual(["24.2 kg/m²", true]);
  expect(value(given("derived", { unit: "%" }, { display: "12 %" }))).toBe("12 %");
  expect(value(given("derived"))).toBe("—");
});

test("file: says whether one is kept", () => {
  expect(value(given("file"))).toBe("none");
  expect(value(given("file", {}, { display: "scan.pdf" }))).toBe("kept");
});
