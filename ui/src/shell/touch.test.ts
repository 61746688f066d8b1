import { expect, test } from "vitest";

import { TOUCH_EVERY_MS, TouchGate } from "./touch";

test("activity is told at once, then now and then only", () => {
  const gate = new TouchGate();
  expect(gate.opens(1000)).toBe(true);
  expect(gate.opens(2000)).toBe(false);
  expect(gate.opens(1000 + TOUCH_EVERY_MS)).toBe(true);
});

test("while a warning stands, the next activity is told in any case", () => {
  const gate = new TouchGate();
  gate.opens(1000);
  gate.reset();
  expect(gate.opens(1001)).toBe(true);
});
