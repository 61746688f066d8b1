import { expect, test } from "vitest";

import { matching } from "./match";

const terms = [
  { code: "10001551", label: "Alanine aminotransferase increased" },
  { code: "10000081", label: "Abdominal pain" },
  { code: "10016256", label: "Fatigue" },
  { code: "10033371", label: "Pain" },
  { code: "10033425", label: "Pain in extremity" },
];
const labels = (typed: string) => matching(terms, typed).map((choice) => choice.label);

test("exact first, then beginnings, then words, then anywhere", () => {
  expect(labels("pain")).toEqual(["Pain", "Pain in extremity", "Abdominal pain"]);
  expect(labels("amino")).toEqual(["Alanine aminotransferase increased"]);
});

test("codes and parts of several words find, nonsense finds nothing, nothing finds all", () => {
  expect(labels("10016256")).toEqual(["Fatigue"]);
  expect(labels("ala incr")).toEqual(["Alanine aminotransferase increased"]);
  expect(labels("zzz")).toEqual([]);
  expect(labels(" ")).toHaveLength(5);
});
