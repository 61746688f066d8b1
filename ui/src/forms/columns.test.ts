import { expect, test } from "vitest";

import { cellState, itemShape } from "../../test/sample";
import type { CellState, ItemShape } from "../ipc/messages";
import { columnsOf, isInline, rowMark } from "./columns";
import { Field } from "../model/field.svelte";

const yesNo = itemShape({ control: "choices", choices: ["Yes", "No"].map((label) => ({ code: label, label })) });
const group = (...items: ItemShape[]) => ({ oid: "IG", title: "", repeating: true, items });
const number = itemShape({ control: "number" });

test("rows with few short answers are typed into where they stand", () => {
  expect(isInline(group(itemShape(), number, yesNo, number))).toBe(true);
  expect(isInline(group(itemShape({ control: "long_text" })))).toBe(false);
  expect(isInline(group(itemShape(), number, number, number, yesNo, yesNo))).toBe(false);
});

test("a table of long rows shows the first questions only", () => {
  const many = group(...Array.from({ length: 9 }, (_, at) => itemShape({ oid: String(at) })));
  expect(columnsOf(many).map((item) => item.oid)).toEqual(["0", "1", "2", "3", "4", "5"]);
});

test("a row is marked by what is worst in it", () => {
  const field = (over: Partial<CellState>) => new Field("IG", "1", number, cellState(over));
  const finding = (severity: "hard" | "soft") => ({ rule: "r", severity, message: "", confirmed: null });
  const done = field({ display: "1" });
  expect(rowMark([field({})])).toBe("empty");
  expect(rowMark([field({ visible: false })])).toBe("empty");
  expect(rowMark([done, field({})])).toBe("started");
  expect(rowMark([done, field({ missing: "unknown" })])).toBe("complete");
  expect(rowMark([done, field({ display: "2", findings: [finding("soft")] })])).toBe("confirm");
  expect(rowMark([field({ display: "2", findings: [finding("soft"), finding("hard")] })])).toBe("must_change");
});
