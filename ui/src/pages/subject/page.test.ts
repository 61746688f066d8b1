// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { answer, openSite, pick, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import type { SessionView } from "../../ipc/messages";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

const SUBJECT = "S01-003";

async function open(otherwise: Otherwise = {}, signedIn: Partial<SessionView> = {}): Promise<Hands> {
  const hands = openSite(otherwise, signedIn);
  show(Page, { subject: SUBJECT, form: "SE.C2D1[1]/F.VS[1]" });
  await until(() => expect(here().form).toBe("SE.C2D1[1]/F.VS[1]"));
  return hands;
}

const here = () => ({ ...(document.activeElement as HTMLElement).dataset });

test("the matrix shows every form of every visit with its state, the cursor where the person came from", async () => {
  await open();
  expect(document.querySelectorAll("[role=grid] [data-event]").length).toBe(8);
  const cell = document.querySelector('[data-form="SE.C2D1[1]/F.LBC[1]"]');
  expect(cell?.getAttribute("aria-label")).toMatch(/Laboratory: chemistry.*Cycle 2 Day 1/);
  expect(textOf(document.querySelector(".page-head"))).toContain("1");
});

test("arrows move the one tab stop, Enter opens the form", async () => {
  const hands = await open();
  await hands.keyboard("{ArrowDown}");
  await until(() => expect(here().form).toBe("SE.C2D1[1]/F.LBC[1]"));
  expect(document.querySelectorAll("[data-spot][tabindex='0']").length).toBe(1);
  await hands.keyboard("{Enter}");
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.C2D1[1]/F.LBC[1]" }));
});

test("D dates the visit at the cursor; what cannot be its date is refused in the dialog", async () => {
  const hands = await open({ event_date: () => refuse("no_such_date") });
  await hands.keyboard("d");
  await until(() => expect(document.activeElement).toHaveProperty("name", "visit-date"));
  await hands.keyboard("31 2 2026{Enter}");
  await until(() => expect(document.querySelector("dialog [role=alert]")).not.toBeNull());
  expect(document.activeElement).toHaveProperty("name", "visit-date");
});

test("a visit that did not take place is missed for a reason", async () => {
  const hands = await open();
  await hands.click(await shown('[data-event="SE.TA1[1]"]'));
  await hands.click(await shown("[data-act=visit-missed]"));
  await answer(hands, "Did not come");
  await until(() => expect(asked("event_missed")).toMatchObject([{ event: "SE.TA1[1]", reason: "Did not come" }]));
});

test("U adds a visit from those that the study offers", async () => {
  const hands = await open();
  await hands.keyboard("u");
  await pick(hands, 1);
  await until(() => expect(asked("event_add")).toMatchObject([{ oid: "SE.UNS", repeat: "1" }]));
});

test.each([
  ["c", { page: "form", form: "SE.C2D1[1]/F.LBC[1]" }],
  ["t", { page: "tumours" }],
  ["r", { page: "randomise" }],
  ["l", { page: "timeline" }],
  ["p", { page: "checklist", event: "SE.C2D1[1]" }],
  ["/", { page: "subjects" }],
])("%s goes on to another page", async (key, to) => {
  const hands = await open();
  await hands.keyboard(key);
  await until(() => expect(router.now).toMatchObject(to));
});

test("a masked assessor is not led to what names the treatment, and enters nothing", async () => {
  const hands = await open({}, { role: "assessor" });
  await hands.keyboard("rlpdu");
  expect([router.now.page, document.querySelector("dialog")]).toEqual(["worklist", null]);
  expect(document.querySelector("[data-act=randomise], [data-act=timeline], [data-act=visit-add]")).toBeNull();
});
