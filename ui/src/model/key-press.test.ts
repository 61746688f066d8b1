import { expect, test } from "vitest";

import { moved, named } from "./key-press";

test("a press is named with its modifiers", () => {
  expect(named({ key: "Enter", ctrlKey: true })).toBe("Ctrl+Enter");
  expect(named({ key: "Tab", shiftKey: true })).toBe("Shift+Tab");
  expect(named({ key: "F", ctrlKey: true })).toBe("Ctrl+f");
  expect(named({ key: "?", shiftKey: true })).toBe("?");
});

test("Enter that ends an input method's composition is not an order", () => {
  expect(named({ key: "Enter", isComposing: true })).toBe("");
});

test("a list's cursor stays inside the list", () => {
  expect(moved("ArrowDown", 4, 5)).toBe(4);
  expect(moved("ArrowUp", 0, 5)).toBe(0);
  expect(moved("End", 1, 5)).toBe(4);
  expect(moved("PageDown", 1, 50)).toBe(11);
  expect(moved("x", 2, 5)).toBe(2);
  expect(moved("ArrowDown", 0, 0)).toBe(-1);
});
