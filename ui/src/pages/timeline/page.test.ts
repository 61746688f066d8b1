// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

test("the course is drawn: drugs, fractions, scans, events, results, milestones", async () => {
  openSite();
  show(Page, { subject: "S01-003" });
  const drawing = await shown<HTMLElement>("svg[role=img]");
  const count = (selector: string) => drawing.querySelectorAll(selector).length;
  expect([
    count(".drug"),
    count(".drug.paused"),
    count(".fraction"),
    count(".ae.g2"),
    count(".dot"),
    count(".milestone"),
  ]).toEqual([2, 1, 2, 1, 2, 2]);
  expect(textOf(drawing)).toContain("Fatigue");
});

test("the same as a table, in order of time", async () => {
  const hands = openSite();
  show(Page, { subject: "S01-003" });
  await shown("tbody tr");
  const days = [...document.querySelectorAll("tbody tr td:first-child")].map((cell) => Date.parse(textOf(cell)));
  expect(days).toEqual([...days].sort((a, b) => a - b));
  expect(days.length).toBe(11);
  await hands.keyboard("t");
  expect(document.querySelector("[data-act=table]")?.getAttribute("aria-pressed")).toBe("true");
});

test("P prints, Escape goes back to the subject", async () => {
  const hands = openSite();
  show(Page, { subject: "S01-003" });
  await shown("svg[role=img]");
  await hands.keyboard("p{Escape}");
  await until(() => expect(router.now).toEqual({ page: "subject", subject: "S01-003" }));
  expect(asked("print_page").length).toBe(1);
});

test("who may not see the course is told so", async () => {
  openSite({ timeline: () => refuse("not_your_role") });
  show(Page, { subject: "S01-003" });
  await shown("[data-refused=not_your_role]");
});
