// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { start } from "../../../test/fake/lists";
import { refuse } from "../../../test/fake/refuse";
import { openWindow, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import { lang } from "../../i18n/lang.svelte";
import { session } from "../../model/session.svelte";
import Page from "./Page.svelte";

const PASSWORD = "copper lantern river orbit";
const CODE = "7K2M-9XQ4-TB0V-3HND-W81C";
const focused = (name: string) => until(() => expect(document.activeElement).toHaveProperty("name", name));

/** Somebody who lost the password has opened the way back, by keyboard alone. */
async function open(otherwise: Otherwise = {}, user = ""): Promise<Hands> {
  const hands = openWindow(otherwise);
  session.choose(start.vaults[0] ?? null);
  show(Page, {});
  await focused("user");
  if (user !== "") await hands.keyboard(user);
  (await shown("[data-act=forgotten]")).focus();
  await hands.keyboard("{Enter}");
  await shown("[data-part=recover]");
  return hands;
}

test("a code and a new password open the vault, by keyboard alone", async () => {
  const hands = await open();
  await focused("user");
  await hands.keyboard(` nurse1{Tab}${CODE}{Tab}${PASSWORD}{Tab}${PASSWORD}{Enter}`);
  await until(() => expect(session.view?.user).toBe("nurse1"));
  expect(asked("recover")).toEqual([{ vault: start.vaults[0]?.id, user: "nurse1", code: CODE, password: PASSWORD }]);
  expect(session.recovered).toBe(true);
  for (const name of ["code", "password", "again"]) {
    expect((await shown<HTMLInputElement>(`[data-part=recover] [name=${name}]`)).value, name).toBe("");
  }
});

test("what the center asks, and the device to read out, is said before the code is asked for", async () => {
  await open();
  const told = textOf(await shown("[data-part=recover] ol"));
  expect(told).toContain("Call your coordinating center");
  expect(told).toContain(start.vaults[0]!.device);
  expect(textOf(document.querySelector("h1"))).toBe("Password forgotten");
  expect(document.querySelector("[data-act=unlock], [data-act=sign-in-as]")).toBeNull();
  lang.use("zh-CN");
  await until(() => expect(textOf(document.querySelector("[data-part=recover] ol"))).toContain("致电协调中心"));
});

test("who began to sign in goes on at the code; Escape leads back to the sign-in", async () => {
  const hands = await open({}, "nurse1");
  await focused("code");
  expect((await shown<HTMLInputElement>("[name=user]")).value).toBe("nurse1");
  await hands.keyboard("{Escape}");
  await shown("[data-act=unlock]");
  expect((await shown<HTMLInputElement>("[name=user]")).value).toBe("nurse1");
});

test("half a code, or passwords that differ, are not sent; how a code is set apart does not matter", async () => {
  const hands = await open({}, "nurse1");
  const button = () => document.querySelector<HTMLButtonElement>("[data-act=recover]")!;
  await focused("code");
  await hands.keyboard(`7k2m9xq4tb0v 3hnd{Tab}${PASSWORD}{Tab}${PASSWORD}{Enter}`);
  expect(button().disabled).toBe(true);
  await hands.type(await shown("[name=code]"), "w81c");
  expect(button().disabled).toBe(false);
  await hands.type(await shown("[name=again]"), "x{Enter}");
  expect(button().disabled).toBe(true);
  expect(asked("recover")).toEqual([]);
});

test("a code that does not fit is said and may be mended; after too many the door waits", async () => {
  const answers = [() => refuse("wrong_code"), () => refuse("weak_password"), () => refuse("slow_down", 30)];
  const hands = await open({ recover: () => answers.shift()!() }, "nurse1");
  await focused("code");
  await hands.keyboard(`${CODE}{Tab}${PASSWORD}{Tab}${PASSWORD}{Enter}`);
  await shown("[data-refused=wrong_code]");
  expect((await shown<HTMLInputElement>("[name=code]")).value).toBe(CODE);
  await hands.keyboard("{Enter}");
  await shown("[data-refused=weak_password]");
  await hands.keyboard("{Enter}");
  await shown("[data-refused=slow_down]");
  expect((await shown<HTMLButtonElement>("[data-act=recover]")).disabled).toBe(true);
  await hands.keyboard("{Enter}");
  expect(asked("recover").length).toBe(3);
  expect([session.view, session.recovered]).toEqual([null, false]);
});

test("a vault that was exchanged is told apart from a wrong password", async () => {
  const hands = await open({ recover: () => refuse("exchanged") }, "nurse1");
  await focused("code");
  await hands.keyboard(`${CODE}{Tab}${PASSWORD}{Tab}${PASSWORD}{Enter}`);
  expect(textOf(await shown("[data-refused=exchanged]"))).toContain("call the center");
});
