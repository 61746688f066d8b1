// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { openSite, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import type { SessionView } from "../../ipc/messages";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

async function open(otherwise: Otherwise = {}, signedIn: Partial<SessionView> = {}): Promise<Hands> {
  const hands = openSite(otherwise, signedIn);
  show(Page, {});
  await until(() => expect((document.activeElement as HTMLElement | null)?.dataset["task"]).toBe("overdue"));
  return hands;
}

const tasks = () => [...document.querySelectorAll<HTMLElement>("[data-task]")].map((each) => each.dataset["task"]);

test("tasks stand by kind, worst first, each with how late it is or how much there is", async () => {
  await open();
  expect(tasks()).toEqual(["overdue", "must_change", "query", "due", "due", "unfinished", "confirm", "upcoming"]);
  expect(textOf(document.querySelector("[data-task=overdue]"))).toContain("3 days");
  expect([...document.querySelectorAll("[data-task=due]")].map(textOf).at(-1)).toContain("today");
});

test("arrows walk, Enter goes where the work is", async () => {
  const hands = await open();
  await hands.keyboard("{ArrowDown}{Enter}");
  await until(() =>
    expect(router.now).toMatchObject({ page: "form", subject: "S01-003", form: "SE.C2D1[1]/F.LBC[1]" }),
  );
});

test("a digit picks a kind, zero or the same digit all of them; D orders by day", async () => {
  const hands = await open();
  await hands.keyboard("3");
  await until(() => expect(tasks()).toEqual(["query"]));
  await until(() => expect((document.activeElement as HTMLElement).dataset["task"]).toBe("query"));
  await hands.keyboard("3");
  await until(() => expect(tasks().length).toBe(8));
  await hands.keyboard("d");
  await until(() => expect(document.querySelector("[data-act=by-day]")?.getAttribute("aria-pressed")).toBe("true"));
});

test("a slash searches, Escape clears, what fits nothing says so", async () => {
  const hands = await open();
  await hands.keyboard("/");
  await hands.keyboard("S01-004");
  await until(() => expect(tasks()).toEqual(["unfinished"]));
  await hands.keyboard("zzz");
  await shown(".nothing");
  await hands.keyboard("{Escape}");
  await until(() => expect(tasks().length).toBe(8));
});

test("P opens the checklist of the visit at the cursor, for a masked assessor not", async () => {
  const hands = await open();
  await hands.keyboard("p");
  await until(() => expect(router.now).toMatchObject({ page: "checklist", subject: "S01-001", event: "SE.C2D1[1]" }));
});

test("a masked assessor has no checklist", async () => {
  const hands = await open({}, { role: "assessor" });
  await hands.keyboard("p");
  expect(router.now.page).toBe("worklist");
});

test("nothing to do is said, too", async () => {
  openSite({ worklist: () => ({ tasks: [], counts: [], today: "2026-10-23", backup: null }) });
  show(Page, {});
  await shown(".nothing");
});

test("a backup that is due is said, and the page where it is made is one press away", async () => {
  const hands = await open((usual) => ({
    worklist: (request) => ({
      ...usual.worklist(request),
      backup: { last: null, days: null, due: true, formerAccounts: false },
    }),
  }));
  expect(textOf(await shown("[data-part=backup-due]"))).toContain("never backed up");
  await hands.click(await shown("[data-act=to-backup]"));
  expect(router.now.page).toBe("sync");
});

test("where none is due nothing is said", async () => {
  await open();
  await until(() => expect(tasks().length).toBe(8));
  expect(document.querySelector("[data-part=backup-due]")).toBeNull();
});
