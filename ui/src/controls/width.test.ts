import { expect, test } from "vitest";

import { itemShape } from "../../test/sample";
import { isStacked, isWorded, widthOf } from "./width";

const choices = (...labels: string[]) =>
  itemShape({ control: "choices", choices: labels.map((label) => ({ code: label, label })) });

test("numbers and dates are narrow, texts need room, long texts all of it", () => {
  expect(widthOf(itemShape({ control: "number" }))).toBe("narrow");
  expect(widthOf(itemShape({ control: "date" }))).toBe("narrow");
  expect(widthOf(itemShape({ control: "date_time" }))).toBe("middle");
  expect(widthOf(itemShape({ control: "text", length: 8 }))).toBe("narrow");
  expect(widthOf(itemShape({ control: "text", length: null }))).toBe("middle");
  expect(widthOf(itemShape({ control: "long_text" }))).toBe("wide");
});

test("what is computed or filled in has room for the longest words that it may say", () => {
  expect(widthOf(itemShape({ control: "derived" }))).toBe("narrow");
  expect(widthOf(itemShape({ control: "derived", choices: [{ code: "A", label: "Second-line therapy alone" }] }))).toBe(
    "middle",
  );
});

test("choices take what their words need", () => {
  expect(widthOf(choices("Yes", "No"))).toBe("narrow");
  expect(widthOf(choices("G1", "G2", "G3", "G4", "G5"))).toBe("middle");
  expect(widthOf(choices("Pathology", "Clinical criteria", "Both of these"))).toBe("wide");
  expect(widthOf(choices("病理", "临床标准", "两者"))).toBe("middle");
});

test("questions that are sentences are given room", () => {
  const asking = (question: string) => itemShape({ question });
  expect(isWorded([asking("Albumin"), asking("Creatinine")])).toBe(false);
  expect(isWorded([asking("Oligoprogression: 1 to 5 new or enlarged lesions in up to 3 organs")])).toBe(true);
  expect(isWorded([asking("寡进展：1–5 个新发或增大病灶，累及不超过 3 个器官")])).toBe(true);
  expect(isWorded([])).toBe(false);
});

test("choices that do not fit beside each other are stacked", () => {
  expect(isStacked(choices("Yes", "No"))).toBe(false);
  expect(isStacked(choices("Recovered or resolved", "Recovering or resolving", "Not recovered", "Fatal"))).toBe(true);
});
