// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { start } from "../../../test/fake/lists";
import { refuse } from "../../../test/fake/refuse";
import { openWindow, show, shown, textOf, until } from "../../../test/site";
import { session } from "../../model/session.svelte";
import Page from "./Page.svelte";

const PASSWORD = "copper lantern river orbit";

test("the vaults of this computer are offered; one is chosen", async () => {
  const hands = openWindow();
  show(Page, {});
  await hands.click(await shown("[data-act=open-vault]"));
  expect(session.vault?.id).toBe(start.vaults[0]?.id);
});

test("a computer without a vault is welcomed, and practises at one press", async () => {
  const hands = openWindow();
  session.start = { ...start, vaults: [] };
  show(Page, {});
  expect(document.querySelector("[data-act=open-vault]")).toBeNull();
  await hands.click(await shown("[data-act=practise]"));
  await until(() => expect(session.vault?.practice).toBe(true));
});

test("a kit says whose it is before a vault is made of it", async () => {
  const hands = openWindow();
  show(Page, {});
  await hands.click(await shown("[data-act=kit]"));
  await hands.type(await shown("[name=path]"), "/media/stick/site.kit");
  await hands.type(await shown("[name=passphrase]"), "wrong{Enter}");
  await shown("[data-refused=wrong_passphrase]");
  await hands.clear(await shown("[name=passphrase]"));
  await hands.type(await shown("[name=passphrase]"), "amber canyon{Enter}");
  expect(textOf((await shown("[data-act=kit-found]")).closest("form"))).toContain("Hospital (sample)");
  await hands.type(await shown("[name=user]"), "admin1");
  await hands.type(await shown("[name=name]"), "Administrator");
  await hands.type(await shown("[name=password]"), PASSWORD);
  await hands.type(await shown("[name=again]"), `${PASSWORD}{Enter}`);
  await until(() =>
    expect(asked("kit_found")).toMatchObject([{ user: "admin1", name: "Administrator", password: PASSWORD }]),
  );
  await until(() => expect(session.vault).not.toBeNull());
});

test("a practice site that cannot be made says why", async () => {
  const hands = openWindow({ practise: () => refuse("disk_full") });
  show(Page, {});
  await hands.click(await shown("[data-act=practise]"));
  await shown("[data-refused=disk_full]");
  expect(session.vault).toBeNull();
});
