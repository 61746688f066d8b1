// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { CHOSEN } from "../../../test/fake/dialogs";
import { backup, drilled, start } from "../../../test/fake/lists";
import { refuse } from "../../../test/fake/refuse";
import { openWindow, show, shown, textOf, until, type Hands } from "../../../test/site";
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
  const look = await shown<HTMLButtonElement>("[data-act=kit-look]");
  expect(look.disabled).toBe(true);
  await hands.click(await shown("[data-act=pick-kit]"));
  await until(() => expect(document.querySelector<HTMLInputElement>("[name=kit]")?.value).toBe("S01.kit"));
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
    expect(asked("kit_found")).toMatchObject([
      { kit: CHOSEN.kit.id, user: "admin1", name: "Administrator", password: PASSWORD },
    ]),
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

test("a vault is put back from a backup once it is said that the old computer is out of use", async () => {
  const hands = openWindow({ backup_look: () => ({ ...backup, isHere: false }) });
  show(Page, {});
  (await shown("[data-act=restore-open]")).focus();
  await hands.keyboard("{Enter}");
  await hands.click(await shown("[data-act=pick-backup]"));
  await shown("[data-part=backup-seen]");
  await hands.type(await shown("[name=user]"), "nurse1");
  await hands.type(await shown("[name=password]"), "of that time");
  const act = await shown<HTMLButtonElement>("[data-act=restore]");
  expect(act.disabled).toBe(true);
  (await shown("[name=sure]")).focus();
  await hands.keyboard(" ");
  await until(() => expect(act.disabled).toBe(false));
  await hands.click(act);
  // S14: whose vault it is is shown before anybody signs in to it.
  const report = await shown("[data-part=restored]");
  expect(textOf(report.querySelector("[data-words=device]")!)).not.toBe("");
  expect(textOf(report.querySelector("[data-words=center]")!)).toContain("amber bottle");
  expect(report.querySelector("[data-part=drilled]")).not.toBeNull();
  expect(report.querySelector("[data-part=same-code]")).toBeNull();
  expect(session.vault).toBeNull();
  await hands.click(await shown("[data-act=restored-next]"));
  await until(() => expect(session.vault?.id).toBe("practice-1"));
  const request = { backup: CHOSEN.backup.id, user: "nurse1", password: "of that time", coded: false };
  expect(asked("backup_restore")).toEqual([{ ...request, unbound: false, aside: false, here: "", pass: "" }]);
});

test("a backup is put back by a recovery code, and without proof of its vault only where somebody takes it so", async () => {
  let unproven = true;
  const hands = openWindow({
    backup_look: () => ({ ...backup, isHere: false }),
    backup_restore: (request) => {
      unproven = !request.unbound;
      if (unproven) return refuse("slot_unbound");
      const content = { ...drilled, against: "nothing" as const, behind: 0 };
      return { vault: "practice-1", content, setAside: null, deviceWords: "one two", centerWords: "" };
    },
  });
  show(Page, {});
  await hands.click(await shown("[data-act=restore-open]"));
  await hands.click(await shown("[data-act=pick-backup]"));
  await shown("[data-part=backup-seen]");
  await hands.click(await shown("[name=by-code]"));
  expect(textOf(await shown("[data-part=opens-by]"))).toContain("set 2");
  await hands.type(await shown("[name=user]"), "nurse1");
  await hands.type(await shown("[name=password]"), "7K2M-01AB");
  await hands.click(await shown("[name=sure]"));
  expect(document.querySelector("[name=unbound]")).toBeNull();
  await hands.click(await shown("[data-act=restore]"));
  await hands.click(await shown("[name=unbound]"));
  expect(unproven).toBe(true);
  await hands.type(await shown("[name=password]"), "7K2M-01AB");
  await hands.click(await shown("[data-act=restore]"));
  await shown("[data-part=same-code]");
  const asks = asked("backup_restore") as { coded: boolean; unbound: boolean }[];
  expect(asks.map((one) => [one.coded, one.unbound])).toEqual([
    [true, false],
    [true, true],
  ]);
});

async function chooseBackup(hands: Hands): Promise<void> {
  show(Page, {});
  await hands.click(await shown("[data-act=restore-open]"));
  await hands.click(await shown("[data-act=pick-backup]"));
  await shown("[data-part=backup-seen]");
  await hands.type(await shown("[name=user]"), "nurse1");
  await hands.type(await shown("[name=password]"), "of that time");
}

test("where the vault is already, a backup can be tested and not put back", async () => {
  const hands = openWindow();
  await chooseBackup(hands);
  await shown("[data-part=is-here]");
  expect((await shown<HTMLButtonElement>("[data-act=restore]")).disabled).toBe(true);
  await hands.click(await shown("[data-act=drill]"));
  await shown("[data-part=drilled]");
  expect(asked("backup_restore")).toEqual([]);
});

test("S4: a vault that does not open any more is set aside for its backup, once both are said", async () => {
  const hands = openWindow();
  await chooseBackup(hands);
  await shown("[data-part=is-here]");
  expect(document.querySelector("[name=sure]")).toBeNull();
  await hands.click(await shown("[name=aside]"));
  const act = await shown<HTMLButtonElement>("[data-act=restore]");
  expect(act.disabled).toBe(true);
  await hands.click(await shown("[name=sure]"));
  await until(() => expect(act.disabled).toBe(false));
  await hands.click(act);
  expect(textOf(await shown("[data-part=set-aside]"))).toContain("practice-1-damaged-");
  await hands.click(await shown("[data-act=restored-next]"));
  await until(() => expect(session.vault?.id).toBe("practice-1"));
  const request = { backup: CHOSEN.backup.id, user: "nurse1", password: "of that time", coded: false };
  expect(asked("backup_restore")).toEqual([{ ...request, unbound: false, aside: true, here: "", pass: "" }]);
});

test("third attack, S1: who can sign in to a vault under other keys is asked for, and only there", async () => {
  const answers = ["vault_shut", "wrong_password_here"];
  const hands = openWindow({
    backup_restore: () => {
      const refused = answers.shift();
      if (refused !== undefined) return refuse(refused);
      const content = { ...drilled, against: "nothing" as const, behind: 0 };
      const setAside = { folder: "practice-1-older-2026-11-23", why: "older" as const };
      return { vault: "practice-1", content, setAside, deviceWords: "one two", centerWords: "" };
    },
  });
  await chooseBackup(hands);
  await hands.click(await shown("[name=aside]"));
  await hands.click(await shown("[name=sure]"));
  expect(document.querySelector("[data-part=restore-here]")).toBeNull();
  const act = await shown<HTMLButtonElement>("[data-act=restore]");
  await hands.click(act);
  const here = await shown<HTMLInputElement>("[name=here-user]");
  expect(here.value).toBe("nurse1");
  // The backup opened: its password need not be typed again, and what is asked now has the focus.
  await until(() => expect(document.activeElement?.getAttribute("name")).toBe("here-password"));
  expect((await shown<HTMLInputElement>("[name=password]")).value).toBe("of that time");
  for (const [n, pass] of ["of that time", "of today"].entries()) {
    const again = await shown<HTMLButtonElement>("[data-act=restore]");
    expect(again.disabled).toBe(true);
    await hands.type(await shown("[name=here-password]"), pass);
    await until(() => expect(again.disabled).toBe(false));
    await hands.click(again);
    await until(() => expect(asked("backup_restore").length).toBe(n + 2));
  }
  expect(textOf(await shown("[data-part=set-aside]"))).toContain("The older copy");
  const asks = asked("backup_restore") as { here: string; pass: string }[];
  expect(asks.map((one) => [one.here, one.pass])).toEqual([
    ["", ""],
    ["nurse1", "of that time"],
    ["nurse1", "of today"],
  ]);
});

test("third attack, S4: a vault whose key slots were put right can be chosen at once", async () => {
  const hands = openWindow({ backup_restore: () => refuse("slots_mended") });
  await chooseBackup(hands);
  await hands.click(await shown("[name=aside]"));
  await hands.click(await shown("[name=sure]"));
  const before = asked("start_view").length;
  await hands.click(await shown("[data-act=restore]"));
  await shown("[data-refused=slots_mended]");
  await until(() => expect(asked("start_view").length).toBe(before + 1));
});

test("S4: what was confirmed of one backup is not confirmed of the next", async () => {
  let isHere = false;
  const hands = openWindow({ backup_look: () => ({ ...backup, isHere }) });
  await chooseBackup(hands);
  await hands.click(await shown("[name=sure]"));
  const act = await shown<HTMLButtonElement>("[data-act=restore]");
  await until(() => expect(act.disabled).toBe(false));
  isHere = true;
  await hands.click(await shown("[data-act=pick-backup]"));
  await hands.click(await shown("[name=aside]"));
  expect((await shown<HTMLInputElement>("[name=sure]")).checked).toBe(false);
  expect(act.disabled).toBe(true);
});

test("kit and backup take turns", async () => {
  const hands = openWindow();
  show(Page, {});
  await hands.click(await shown("[data-act=kit]"));
  await shown("[data-part=kit]");
  await hands.click(await shown("[data-act=restore-open]"));
  await shown("[data-part=restore]");
  expect(document.querySelector("[data-part=kit]")).toBeNull();
});
