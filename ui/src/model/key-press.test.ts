import { expect, test } from "vitest";

import { cursorAfter, keyName } from "./key-press";

test("a press is named with its modifiers", () => {
  expect(keyName({ key: "Enter", ctrlKey: true })).toBe("Ctrl+Enter");
  expect(keyName({ key: "Tab", shiftKey: true })).toBe("Shift+Tab");
  expect(keyName({ key: "F", ctrlKey: true })).toBe("Ctrl+f");
  expect(keyName({ key: "?", shiftKey: true })).toBe("?");
});

test("Enter that ends an input method's composition is not an order", () => {
  expect(keyName({ key: "Enter", isComposing: true })).toBe("");
});

test("a list's cursor stays inside the list", () => {
  expect(cursorAfter("ArrowDown", 4, 5)).toBe(4);
  expect(cursorAfter("ArrowUp", 0, 5)).toBe(0);
  expect(cursorAfter("End", 1, 5)).toBe(4);
  expect(cursorAfter("PageDown", 1, 50)).toBe(11);
  expect(cursorAfter("x", 2, 5)).toBe(2);
  expect(cursorAfter("ArrowDown", 0, 0)).toBe(-1);
});
