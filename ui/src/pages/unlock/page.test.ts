// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { start } from "../../../test/fake/lists";
import { refuse } from "../../../test/fake/refuse";
import { openWindow, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import { session } from "../../model/session.svelte";
import Page from "./Page.svelte";

async function open(otherwise: Otherwise = {}): Promise<Hands> {
  const hands = openWindow(otherwise);
  session.choose(start.vaults[0] ?? null);
  show(Page, {});
  await until(() => expect(document.activeElement).toHaveProperty("name", "user"));
  return hands;
}

test("name and password open the vault, and the password is forgotten", async () => {
  const hands = await open();
  await hands.keyboard("  nurse1");
  await hands.type(await shown("[name=password]"), "sample-lantern-river{Enter}");
  await until(() => expect(session.view?.user).toBe("nurse1"));
  expect((await shown<HTMLInputElement>("[name=password]")).value).toBe("");
});

test("a wrong password is refused; after too many the door waits", async () => {
  const answers = [() => refuse("wrong_password"), () => refuse("slow_down", 30)];
  const hands = await open({ unlock: () => answers.shift()!() });
  await hands.keyboard("nurse1");
  await hands.type(await shown("[name=password]"), "one{Enter}");
  await shown("[data-refused=wrong_password]");
  await hands.type(await shown("[name=password]"), "two{Enter}");
  await shown("[data-refused=slow_down]");
  expect((await shown<HTMLButtonElement>("[data-act=unlock]")).disabled).toBe(true);
  await hands.type(await shown("[name=password]"), "three{Enter}");
  expect(asked("unlock").length).toBe(2);
});

test("a practice site signs in by role, nurses first", async () => {
  const hands = await open();
  const users = [...document.querySelectorAll<HTMLElement>("[data-act=sign-in-as]")].map(
    (each) => each.dataset["user"],
  );
  expect(users).toEqual(["nurse1", "investigator1", "admin1"]);
  await hands.click(await shown("[data-user=investigator1]"));
  await until(() => expect(session.view?.user).toBe("investigator1"));
});

test("another site can be chosen, and why the vault was locked is said", async () => {
  openWindow();
  session.choose(start.vaults[0] ?? null);
  session.lockedBy = "sleep";
  show(Page, {});
  expect(textOf(await shown(".notice"))).toContain("the computer slept");
  session.lockedBy = "idle";
  await until(() =>
    expect(textOf(document.querySelector<HTMLElement>(".notice") ?? document.body)).toContain("nobody used the window"),
  );
  session.lockedBy = "fault";
  await until(() =>
    expect(textOf(document.querySelector<HTMLElement>(".notice") ?? document.body)).toContain("inside Outpost"),
  );
  (await shown("[data-act=other-vault]")).click();
  await until(() => expect([session.vault, session.lockedBy]).toEqual([null, ""]));
});
