import { expect, test } from "vitest";

import { cellState } from "../../test/sample";
import { alike } from "./alike";

test("messages that say the same are alike, whoever made them", () => {
  const finding = { rule: "r", severity: "soft" as const, message: "m", confirmed: null };
  expect(alike(cellState({ findings: [finding] }), cellState({ findings: [{ ...finding }] }))).toBe(true);
  expect(alike([], [])).toBe(true);
});

test("any difference counts, however deep", () => {
  const finding = { rule: "r", severity: "soft" as const, message: "m", confirmed: null };
  expect(alike(cellState({ findings: [finding] }), cellState({ findings: [{ ...finding, confirmed: "" }] }))).toBe(
    false,
  );
  expect(alike(cellState({ draft: null }), cellState({ draft: "" }))).toBe(false);
  expect(alike(["a"], ["a", "b"])).toBe(false);
  expect(alike({ a: 1 }, { b: 1 })).toBe(false);
  expect(alike([], {})).toBe(false);
  expect(alike({ a: undefined }, {})).toBe(false);
});
