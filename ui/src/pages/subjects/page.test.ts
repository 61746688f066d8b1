// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

const keys = () => [...document.querySelectorAll<HTMLElement>("[data-subject]")].map((each) => each.dataset["subject"]);

test("the search has the focus, finds by key, and Enter opens the first", async () => {
  const hands = openSite();
  show(Page, {});
  await until(() => expect(keys().length).toBe(7));
  await hands.keyboard("005");
  await until(() => expect(keys()).toEqual(["S01-005"]));
  await hands.keyboard("{Enter}");
  await until(() => expect(router.now).toEqual({ page: "subject", subject: "S01-005" }));
});

test("arrows walk through the list, a slash comes back to the search", async () => {
  const hands = openSite();
  show(Page, {});
  await until(() => expect(keys().length).toBe(7));
  await hands.keyboard("{ArrowDown}{ArrowDown}");
  expect((document.activeElement as HTMLElement).dataset["subject"]).toBe("S01-002");
  await hands.keyboard("/");
  expect(document.activeElement?.getAttribute("type")).toBe("search");
});

test("filters and columns order the list", async () => {
  const hands = openSite();
  show(Page, {});
  await until(() => expect(keys().length).toBe(7));
  await hands.click([...document.querySelectorAll("[role=group] button")][2]!);
  await until(() => expect(keys()).toEqual(["S01-003"]));
  await hands.click([...document.querySelectorAll("[role=group] button")][0]!);
  await hands.click(document.querySelectorAll("thead button")[4]!);
  await until(() => expect(keys()[0]).toBe("S01-007"));
  expect(document.querySelectorAll("[aria-sort=ascending]").length).toBe(1);
});

test("Alt+N registers a subject and opens it, for those who enter data", async () => {
  const hands = openSite();
  show(Page, {});
  await until(() => expect(keys().length).toBe(7));
  await hands.keyboard("{Alt>}n{/Alt}");
  await until(() => expect(router.now).toEqual({ page: "subject", subject: "S01-008" }));
});

test("who does not enter data registers nobody", async () => {
  const hands = openSite({}, { role: "administrator" });
  show(Page, {});
  await until(() => expect(keys().length).toBe(7));
  await hands.keyboard("{Alt>}n{/Alt}");
  expect([document.querySelector("[data-act=register]"), asked("subject_register")]).toEqual([null, []]);
});

test("a refused registration stays on the page and says why", async () => {
  const hands = openSite({ subject_register: () => refuse("disk_full") });
  show(Page, {});
  await hands.click(await shown("[data-act=register]"));
  await shown("[data-refused=disk_full]");
  expect([asked("subject_register").length, router.now.page]).toEqual([1, "worklist"]);
});

test("a line tells progress, what must be done, and when the next visit is", async () => {
  openSite();
  show(Page, {});
  const line = textOf((await shown("[data-subject=S01-003]")).closest("tr"));
  expect(line).toContain("10 of 16");
  expect(line).toContain("Tumour assessment 1 24 Oct");
  expect(textOf((await shown("[data-subject=S01-007]")).closest("tr"))).toContain("—");
});
