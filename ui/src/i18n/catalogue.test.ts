import { expect, test } from "vitest";

import { en } from "./en";
import { fill, placeholders } from "./text";
import { zhCN } from "./zh-CN";

const english: Record<string, string> = en;
const chinese: Record<string, string> = zhCN;

test("both languages have the same messages", () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
});

test("both languages tell the same things in each message", () => {
  for (const [key, message] of Object.entries(english)) {
    expect({ key, told: placeholders(chinese[key] ?? "") }).toEqual({ key, told: placeholders(message) });
  }
});

test("no message is empty, and Chinese ones are Chinese", () => {
  const same = new Set([
    "start.version",
    "query.system",
    "field.derived.none",
    "matrix.cell",
    "subjects.of",
    "aside.at",
  ]);
  for (const [key, message] of Object.entries(chinese)) {
    expect(message.trim()).not.toBe("");
    if (!same.has(key) && !key.startsWith("task.count.")) expect(message, key).toMatch(/[\u3000-\u9fff]/);
  }
});

test("numbers choose their word", () => {
  expect(fill("{n} {n|change|changes}", { n: 1 })).toBe("1 change");
  expect(fill("{n} {n|change|changes}", { n: 46 })).toBe("46 changes");
  expect(fill("{n} 项更改", { n: 46 })).toBe("46 项更改");
});

test("a placeholder that is not told leaves nothing behind", () => {
  expect(fill("a {b} c")).toBe("a  c");
});
