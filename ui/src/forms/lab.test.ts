import { expect, test } from "vitest";

import { cellState, itemShape } from "../../test/sample";
import type { CellState, LabPart } from "../ipc/messages";
import { Field } from "../model/field.svelte";
import { companions, placeOf as place, resultOf, resultsIn } from "./lab";

function field(part: LabPart, over: Partial<CellState> = {}, mandatory = false): Field {
  const shape = itemShape({ oid: `IT.${part}`, analyte: { code: "ALT", part }, mandatory });
  return new Field("IG.A", "1", shape, cellState({ key: `IT.${part}`, ...over }));
}

const placeOf = (field: Field, row: Field[], open: string) => place(field, resultsIn(row), open);

test("limits stay folded away until they are asked for or wait for a person", () => {
  const result = field("result", { display: "45", typed: "45" });
  const [low, high] = [field("low", { display: "9", typed: "9" }), field("high", {}, true)];
  const row = [result, low, high];
  expect(row.map((one) => placeOf(one, row, ""))).toEqual(["row", "hidden", "row"]);
  expect(placeOf(low, row, result.key)).toBe("row");
  low.type("10");
  expect(placeOf(low, row, "")).toBe("row");
  expect(resultOf(low, row)).toBe(result);
  expect(companions(result, row)).toEqual([low, high]);
});

test("a mandatory limit does not wait before there is a result", () => {
  const [result, high] = [field("result"), field("high", {}, true)];
  expect(placeOf(high, [result, high], "")).toBe("hidden");
});

test("the judgement stands beside its result where it is asked, off the way of entering", () => {
  const [result, asked] = [field("result", { display: "99", typed: "99" }), field("significance")];
  expect(placeOf(asked, [result, asked], "")).toBe("beside");
  const [other, hidden] = [field("result"), field("significance", { visible: false })];
  expect(placeOf(hidden, [other, hidden], "")).toBe("hidden");
});
