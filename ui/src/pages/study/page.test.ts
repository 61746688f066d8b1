// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { studyView } from "../../../test/fake/study";
import { answer, openSite, pick, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import Page from "./Page.svelte";

async function open(otherwise: Otherwise = {}): Promise<Hands> {
  const hands = openSite(otherwise, { role: "administrator" });
  show(Page, {});
  await shown("[data-version]");
  return hands;
}

test("versions are listed with their state, and what an amendment changes", async () => {
  await open();
  expect([...document.querySelectorAll<HTMLElement>("[data-version]")].map((row) => row.dataset["state"])).toEqual([
    "ready",
    "in_force",
  ]);
  await until(() => expect(document.querySelectorAll("[data-fate]").length).toBe(5));
  expect(textOf(document.querySelector("[data-fate=rescheduled]"))).toContain("→");
  expect(asked("study_differences")[0]).toMatchObject({ from: "MDV.1", to: "MDV.2" });
});

test("a version that is ready is put in force after a question, by who may", async () => {
  const hands = await open();
  await hands.click(await shown("[data-act=study-activate]"));
  await pick(hands, 1);
  await until(() => expect(asked("study_activate")).toEqual([{ version: "MDV.2" }]));
});

test("who may not change sees the versions only", async () => {
  await open({ study_view: () => ({ ...studyView(), mayChange: false }) });
  expect(document.querySelector("[data-act=study-activate]")).toBeNull();
});

test("subjects are moved to a version: looked at first, picked, and with a reason", async () => {
  const hands = await open();
  await hands.keyboard("s");
  await hands.click(await shown("[data-act=preview][data-of=S01-002]"));
  const preview = await shown("[data-part=preview]");
  expect([preview.dataset["lines"], textOf(preview.querySelector("[data-kind=lacking]"))]).toEqual([
    "5",
    expect.stringContaining("Oxygen saturation"),
  ]);
  await hands.click(await shown("[name=pick-S01-002]"));
  await hands.click(await shown("[data-act=migrate]"));
  await answer(hands, "Approved");
  await until(() => expect(asked("subject_migrate")).toMatchObject([{ subjects: ["S01-002"], version: "MDV.2" }]));
});

test("all that can be moved are picked at once; a move is undone", async () => {
  const hands = await open();
  await hands.keyboard("s");
  await hands.click(await shown("thead [type=checkbox]"));
  expect(document.querySelectorAll("tbody [type=checkbox]:checked").length).toBeGreaterThan(1);
  await hands.click(await shown("[data-act=undo]"));
  await answer(hands, "Approved");
  await until(() => expect(asked("subject_migrate")).toMatchObject([{ subjects: ["S01-001"], version: "MDV.1" }]));
});

test("the sheet shows the schedule and each form as it would be on paper", async () => {
  const hands = await open();
  await hands.keyboard("f");
  const blank = await shown("[data-blank]");
  for (const words of ["Albumin", "☐ Yes", "computed"]) expect(textOf(blank)).toContain(words);
  expect(textOf(document.querySelector("[aria-labelledby=schedule-title]"))).toContain("42 (−7 … +7)");
  await hands.keyboard("v");
  await until(() => expect(document.querySelector("[data-blank]")).toBeNull());
});
