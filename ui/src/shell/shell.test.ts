// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { asked, site } from "../../test/fake/core";
import { emit } from "../../test/fake/event";
import { start } from "../../test/fake/lists";
import { refuse } from "../../test/fake/refuse";
import { openSite, openWindow, shown, textOf, until, type Hands, type Otherwise } from "../../test/site";
import type { Alarm, SessionView } from "../ipc/messages";
import { lang } from "../i18n/lang.svelte";
import { ask } from "../model/ask.svelte";
import { keybar } from "../model/keys.svelte";
import { live } from "../model/live.svelte";
import { preferences } from "../model/preferences.svelte";
import { go, router } from "../model/route.svelte";
import { session } from "../model/session.svelte";
import App from "./App.svelte";

/** The whole window with somebody signed in, on the worklist. */
async function open(otherwise: Otherwise = {}, signedIn: Partial<SessionView> = {}): Promise<Hands> {
  const hands = openSite(otherwise, signedIn);
  render(App);
  await shown("[data-page=worklist] [data-task]");
  return hands;
}

const page = (): string => document.querySelector<HTMLElement>("[data-page]")?.dataset["page"] ?? "";
const comes = (name: string) => until(() => expect(page()).toBe(name));

test("from the first screen to the worklist: a vault, a name, a password", async () => {
  const hands = openWindow();
  session.start = null;
  render(App);
  await hands.click(await shown("[data-act=open-vault]"));
  await until(() => expect(document.activeElement).toHaveProperty("name", "user"));
  await hands.keyboard("nurse1");
  await hands.type(await shown("[name=password]"), "sample-lantern-river{Enter}");
  await comes("worklist");
  expect(asked("unlock")).toEqual([{ vault: start.vaults[0]?.id, user: "nurse1", password: "sample-lantern-river" }]);
  await until(() => expect(document.querySelector<HTMLElement>("[data-unsent]")?.dataset["unsent"]).toBe("46"));
});

test("a window that cannot start says why", async () => {
  openWindow({ start_view: () => refuse("fault") });
  session.start = null;
  render(App);
  expect((await shown("[data-refused]")).dataset["refused"]).toBe("fault");
});

test("the top bar goes to the main pages, and marks where a person is", async () => {
  const hands = await open();
  for (const name of ["subjects", "labs", "sync", "people", "study", "worklist"]) {
    await hands.click(await shown(`[data-nav=${name}]`));
    await comes(name);
    expect(document.querySelector<HTMLElement>("[aria-current=page]")?.dataset["nav"]).toBe(name);
  }
});

test.each([
  ["nurse", ["worklist", "subjects", "labs", "sync", "people", "study"]],
  ["investigator", ["worklist", "subjects", "charts", "labs", "sync", "people", "study"]],
  ["assessor", ["worklist", "subjects", "people"]],
] as const)("what %s may see is in the top bar", async (role, pages) => {
  await open({}, { role });
  expect([...document.querySelectorAll<HTMLElement>("[data-nav]")].map((each) => each.dataset["nav"])).toEqual(pages);
  expect(document.querySelector("[data-unsent]") === null).toBe(role === "assessor");
});

test("every page of the program opens by its route", async () => {
  await open({}, { role: "investigator" });
  const subject = "S01-003";
  const routes = [
    { page: "subject", subject },
    { page: "form", subject, form: "SE.C2D1[1]/F.LBC[1]" },
    { page: "tumours", subject },
    { page: "randomise", subject },
    { page: "timeline", subject },
    { page: "checklist", subject, event: "SE.TA1[1]" },
    { page: "charts" },
    { page: "lab-import" },
  ] as const;
  for (const to of routes) {
    go(to);
    await comes(to.page === "lab-import" ? "labimport" : to.page);
    await until(() => expect(document.querySelector("main [role=status].muted")).toBeNull());
    expect(document.querySelector("main [data-refused]")).toBeNull();
  }
});

test("Alt and a digit, and back, work on every page; so does the help", async () => {
  const hands = await open();
  await hands.keyboard("{Alt>}2{/Alt}");
  await comes("subjects");
  await hands.keyboard("{Alt>}3{/Alt}");
  await comes("sync");
  await hands.keyboard("{Alt>}{ArrowLeft}{/Alt}");
  await comes("subjects");
  // Charts are the investigator's alone.
  await hands.keyboard("{Alt>}6{/Alt}");
  expect(router.now.page).toBe("subjects");
  await hands.keyboard("{F1}");
  await shown("dialog[data-dialog=keys]");
  await hands.click(document.querySelector("dialog .button")!);
  await until(() => expect(keybar.helpOpen).toBe(false));
});

test("a question mark asks for help, unless it is typed into a field", async () => {
  const hands = await open();
  await hands.click(await shown("[type=search]"));
  await hands.keyboard("?");
  expect(keybar.helpOpen).toBe(false);
  await hands.keyboard("{Escape}");
  await until(() => expect(document.activeElement?.hasAttribute("data-task")).toBe(true));
  await hands.keyboard("?");
  expect(keybar.helpOpen).toBe(true);
});

test("the foot names the page's keys, the help all of them", async () => {
  await open();
  const foot = () => [...document.querySelectorAll("footer .what")].map(textOf);
  expect(foot().length).toBe(keybar.hints.filter((hint) => hint.foot !== false).length + 1);
});

test("Ctrl with plus, minus and zero zooms and keeps it", async () => {
  const hands = await open();
  preferences.zoom = 100;
  await hands.keyboard("{Control>}+{/Control}{Control>}={/Control}{Control>}-{/Control}");
  await until(() => expect(asked("set_preferences").map((each) => each.preferences.zoom)).toEqual([110, 125, 110]));
  await hands.keyboard("{Control>}0{/Control}");
  expect(preferences.zoom).toBe(100);
});

test("Ctrl+L locks, and the next screen says so", async () => {
  const hands = await open();
  await hands.keyboard("{Control>}l{/Control}");
  await comes("unlock");
  expect(asked("lock").length).toBe(1);
  expect(textOf(document.querySelector(".notice"))).toContain("Everything is on the disk");
});

test("an idle window warns, any key keeps it open, and a lock by the clock shows the sign-in page", async () => {
  const hands = await open();
  emit("idle", { secondsLeft: 20 });
  expect(textOf(await shown("dialog[data-dialog=idle] h2"))).toBe("Locking in 20 seconds");
  const touched = asked("touch").length;
  await hands.keyboard("a");
  await until(() => expect(document.querySelector("dialog")).toBeNull());
  expect(asked("touch").length).toBe(touched + 1);
  emit("locked", { why: "idle" });
  await comes("unlock");
  expect(textOf(document.querySelector(".notice"))).toContain("nobody used the window");
});

test("an alarm of session and verification is shown once, with what to do", async () => {
  const alarm: Alarm = { code: "entry_edited", place: "S01-k7f2m3pq 17" };
  const unknown: Alarm = { code: "something_new", place: "" };
  await open({}, { alarms: [alarm] });
  session.integrity = { done: true, verified: 9, total: 9, finishedAt: null, alarms: [alarm, unknown] };
  await until(() =>
    expect([...document.querySelectorAll<HTMLElement>("[data-alarm]")].map((each) => each.dataset["alarm"])).toEqual([
      "entry_edited",
      "something_new",
    ]),
  );
  expect(textOf(document.querySelector("[data-alarm=entry_edited]"))).toContain("changed from outside");
  expect(document.querySelector<HTMLElement>("[data-integrity]")?.dataset["integrity"]).toBe("alarm");
});

test("what is tried again by itself stops nobody", async () => {
  await open({}, { alarms: [{ code: "closing_pending", place: "" }] });
  const words = (): string => textOf(document.querySelector("section[role=alert]"));
  await until(() => expect(words()).toContain("Work goes on"));
  expect(words()).not.toContain("Stop entering data");
  session.integrity = {
    done: true,
    verified: 9,
    total: 9,
    finishedAt: null,
    alarms: [{ code: "entry_edited", place: "S01-k7f2m3pq 17" }],
  };
  await until(() => expect(words()).toContain("Stop entering data"));
});

test("the verification of the journal tells how far it is, and when it was done", async () => {
  await open();
  session.integrity = { done: false, verified: 3, total: 9, finishedAt: null, alarms: [] };
  await until(() => expect(textOf(document.querySelector("[data-integrity=running]"))).toContain("33 %"));
  session.integrity = { done: true, verified: 9, total: 9, finishedAt: "2026-10-21T13:40+08:00", alarms: [] };
  await until(() => expect(textOf(document.querySelector("[data-integrity=ok]"))).toContain("13:40"));
});

test("a practice site says so on every page", async () => {
  await open();
  expect(textOf(document.querySelector(".practice"))).toContain("Everyone here is invented");
});

test("questions come one at a time over the page, and go with it", async () => {
  await open();
  const first = ask.text({ title: "One?", label: "Words" });
  const second = ask.choice({ title: "Two?", options: [{ code: "a", label: "A" }] });
  expect(await first).toBeNull();
  expect(textOf(await shown("dialog h2"))).toBe("Two?");
  session.closed("person");
  expect(await second).toBeNull();
});

test("what is said aloud stands in the live regions; changing the language changes every text", async () => {
  await open();
  live.say("Saved");
  live.alert("Refused");
  await until(() => expect([...document.querySelectorAll("[aria-live]")].map(textOf)).toEqual(["Saved", "Refused"]));
  lang.use("zh-CN");
  await until(() => expect(textOf(document.querySelector("[data-nav=worklist]"))).toBe("工作清单"));
  expect(
    site.calls.some((call) => call.command === "worklist" && (call.request as { lang: string }).lang === "zh-CN"),
  ).toBe(true);
});

test("who must set an own password sees only that page; keys lead nowhere but to the lock", async () => {
  const hands = openSite({}, { mustChange: true });
  render(App);
  await comes("own-password");
  expect(document.querySelector("[data-nav], [data-unsent], [data-integrity]")).toBeNull();
  await hands.keyboard("{Alt>}2{/Alt}{F1}");
  expect([page(), router.now.page, keybar.helpOpen]).toEqual(["own-password", "worklist", false]);
  emit("idle", { secondsLeft: 20 });
  await shown("dialog[data-dialog=idle]");
  await hands.keyboard("{Control>}l{/Control}");
  await comes("unlock");
  expect(asked("lock").length).toBe(1);
});

test("after a code was used it is said that the next bundle tells the center, until somebody closes the notice", async () => {
  const hands = await open();
  session.recovered = true;
  expect(textOf(await shown("[data-part=recovered]"))).toContain("The next bundle tells the center");
  await hands.click(await shown("[data-act=recovered-close]"));
  await until(() => expect(document.querySelector("[data-part=recovered]")).toBeNull());
});

test("S1: an older copy says so on every page, and whose passwords it has on the page Sync", async () => {
  const alarms = [{ code: "rolled_back", place: "S01-k7f2m3pq 3 < 9" }];
  const hands = await open(
    {},
    {
      awaitsCenter: true,
      alarms,
      copy: { at: "2026-11-23T08:15+08:00", isBackup: false, centerWords: "", cameByCode: [] },
    },
  );
  expect(textOf(await shown("[data-part=awaits-center]"))).toContain("knows a later state of this vault");
  // What to do is said once; another alarm has words of its own.
  const alert = (): string => textOf(document.querySelector("section[role=alert]"));
  expect(alert()).toContain("older copy of itself");
  expect(alert()).not.toContain("Stop entering data");
  session.integrity = { ...session.integrity!, alarms: [{ code: "entry_edited", place: "S01-k7f2m3pq 2" }] };
  await until(() => expect(alert()).toContain("Stop entering data"));
  await hands.click(await shown("[data-act=to-sync]"));
  await shown("[data-part=older]");
  expect(textOf(await shown("[data-part=passwords-of]"))).toContain("Passwords are those of 23 Nov 2026");
});

test("a restored vault says on every page that it waits for the center", async () => {
  const hands = await open({}, { awaitsCenter: true });
  await shown("[data-part=awaits-center]");
  await hands.click(await shown("[data-act=to-sync]"));
  await comes("sync");
  expect(document.querySelector("[data-act=to-sync]")).toBeNull();
  await hands.click(await shown("[data-act=restored-go-on]"));
  await hands.keyboard("1");
  await until(() => expect(document.querySelector("[data-part=awaits-center]")).toBeNull());
});
