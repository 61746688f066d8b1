// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

async function open() {
  const hands = openSite();
  await router.go({ page: "checklist", subject: "S01-003", event: "SE.TA1[1]" });
  show(Page, { subject: "S01-003", event: "SE.TA1[1]" });
  await shown("article");
  return hands;
}

test("the sheet names the visit, its window and what is to be collected", async () => {
  await open();
  const sheet = textOf(document.querySelector("article"));
  expect(asked("visit_checklist")).toEqual([{ subject: "S01-003", event: "SE.TA1[1]", lang: "en" }]);
  for (const words of [
    "S01-003 · Tumour assessment 1",
    "16 Oct 2026 – 30 Oct 2026",
    "Weight",
    "30–200",
    "○ Yes",
    "Fasting (optional)",
  ]) {
    expect(sheet).toContain(words);
  }
});

test("what is open is on the sheet: at its form, and what belongs to other visits", async () => {
  await open();
  const sheet = textOf(document.querySelector("article"));
  expect(sheet).toContain("Must change: ");
  expect(sheet).toContain("Above 300 is impossible.");
  expect(sheet).toMatch(/Open at other visits.*Query:.*Creatinine/);
});

test("P prints, Escape goes back", async () => {
  const hands = await open();
  expect(document.activeElement?.getAttribute("data-act")).toBe("print");
  await hands.keyboard("p");
  await until(() => expect(asked("print_page").length).toBe(1));
  await hands.keyboard("{Escape}");
  await until(() => expect(router.now.page).toBe("worklist"));
});
