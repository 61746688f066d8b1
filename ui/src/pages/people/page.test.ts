// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { openSite, pick, show, shown, textOf, until } from "../../../test/site";
import Page from "./Page.svelte";

const PASSWORD = "copper lantern river orbit";

test("who does not administer sees the accounts and may change the own password only", async () => {
  const hands = openSite();
  show(Page, {});
  await shown("[data-user=nurse1]");
  expect(document.querySelector("[data-act=user-add], [data-act=user-close], [data-act=user-reset]")).toBeNull();
  await hands.type(await shown("[name=old]"), "old password");
  await hands.type(await shown("[name=password]"), PASSWORD);
  await hands.type(await shown("[name=again]"), `${PASSWORD}{Enter}`);
  await shown(".notice.done");
  expect(asked("change_password")).toEqual([{ old: "old password", new: PASSWORD }]);
});

test("a wrong old password is refused, a second one that differs is not sent", async () => {
  const hands = openSite();
  show(Page, {});
  await hands.type(await shown("[name=old]"), "wrong");
  await hands.type(await shown("[name=password]"), PASSWORD);
  await hands.type(await shown("[name=again]"), "something else{Enter}");
  expect(asked("change_password")).toEqual([]);
  await hands.clear(await shown("[name=again]"));
  await hands.type(await shown("[name=again]"), `${PASSWORD}{Enter}`);
  await shown("[data-refused=wrong_password]");
});

test("an administrator makes an account", async () => {
  const hands = openSite({}, { role: "administrator", user: "admin1" });
  show(Page, {});
  const form = (await shown("[data-act=user-add]")).closest("form")!;
  const field = (name: string) => form.querySelector<HTMLElement>(`[name=${name}]`)!;
  await hands.type(field("name"), "New Nurse");
  await hands.type(field("user"), "nurse2");
  await hands.selectOptions(field("role"), "nurse");
  await hands.type(field("password"), PASSWORD);
  await hands.type(field("again"), `${PASSWORD}{Enter}`);
  expect(textOf(await shown("[data-user=nurse2]"))).toContain("New Nurse");
  expect(asked("user_add")).toEqual([{ user: "nurse2", name: "New Nurse", role: "nurse", password: PASSWORD }]);
});

test("an account is closed after a question; the own and closed ones offer nothing", async () => {
  const hands = openSite({}, { role: "administrator", user: "admin1" });
  show(Page, {});
  await shown("[data-user=nurse1] [data-act=user-close]");
  expect(
    document.querySelector("[data-user=admin1] [data-act=user-close], [data-user=nurse0] [data-act=user-close]"),
  ).toBeNull();
  await hands.click(await shown("[data-user=nurse1] [data-act=user-close]"));
  await pick(hands, 1);
  await until(() => expect(document.querySelector("[data-user=nurse1] [data-act=user-close]")).toBeNull());
  expect(asked("user_close")).toEqual([{ user: "nurse1" }]);
});

test("an administrator sets a nurse's password with the own one, by keyboard alone", async () => {
  const hands = openSite({}, { role: "administrator", user: "admin1" });
  show(Page, {});
  (await shown("[data-user=nurse1] [data-act=user-reset]")).focus();
  expect(
    document.querySelector("[data-user=admin1] [data-act=user-reset], [data-user=nurse0] [data-act=user-reset]"),
  ).toBeNull();
  await hands.keyboard("{Enter}");
  const dialog = await shown("dialog[data-dialog=reset]");
  expect(textOf(dialog)).toContain("New password for Nurse (sample)");
  const field = (name: string) => dialog.querySelector<HTMLInputElement>(`[name=${name}]`)!;
  field("password").focus();
  await hands.keyboard(`${PASSWORD}{Tab}${PASSWORD}{Tab}wrong{Enter}`);
  await shown("dialog [data-refused=wrong_password]");
  expect([field("password").value, field("again").value, field("own").value]).toEqual(["", "", ""]);
  field("password").focus();
  await hands.keyboard(`${PASSWORD}{Tab}${PASSWORD}{Tab}my own password{Enter}`);
  await until(() => expect(document.querySelector("dialog")).toBeNull());
  expect(asked("user_reset").at(-1)).toEqual({ user: "nurse1", password: PASSWORD, own: "my own password" });
  expect(textOf(await shown("[data-user=nurse1]"))).toContain("must set an own password");
});

test("a reset is turned away from, and nothing is sent", async () => {
  const hands = openSite({}, { role: "administrator", user: "admin1" });
  show(Page, {});
  await hands.click(await shown("[data-user=nurse1] [data-act=user-reset]"));
  await hands.click(await shown("dialog[data-dialog=reset] [data-act=cancel]"));
  await until(() => expect(document.querySelector("dialog")).toBeNull());
  expect(asked("user_reset")).toEqual([]);
});

test("how many recovery codes are left, since when, and whether the center has them", async () => {
  openSite();
  show(Page, {});
  const part = await shown("[data-part=recovery]");
  expect((await shown("[data-codes]")).dataset["codes"]).toBe("9");
  expect(textOf(part)).toContain("02 Oct 2026, 09:12");
  expect(part.querySelector<HTMLElement>("[data-at-center]")?.dataset["atCenter"]).toBe("true");
  openSite((site) => ({
    people_view: () => ({ ...site.people_view(undefined), recovery: { left: 0, sealedAt: null, atCenter: false } }),
  }));
  show(Page, {});
  await until(() =>
    expect(textOf([...document.querySelectorAll("[data-part=recovery]")].at(-1)!)).toContain("not yet"),
  );
});

test("the device is named with its words, and a refusal is shown", async () => {
  openSite();
  show(Page, {});
  expect(textOf((await shown("[data-device]")).closest("section"))).toContain(
    "copper lantern river orbit velvet maple",
  );
  openSite({ people_view: () => refuse("locked") });
  show(Page, {});
  await shown("[data-refused=locked]");
});

test("who calls for help finds the version and where the log lies", async () => {
  openSite();
  show(Page, {});
  await until(() => expect(textOf(document.querySelector("[data-part=program]"))).toContain("Outpost 0.1.0"));
  expect(textOf(document.querySelector("[data-part=program]"))).toContain("/home/sample/.outpost/logs");
  openSite({ program_view: () => ({ version: "0.1.0", logs: null }) });
  show(Page, {});
  await until(() => expect(textOf([...document.querySelectorAll("[data-part=program]")].at(-1)!)).toContain("none"));
});
