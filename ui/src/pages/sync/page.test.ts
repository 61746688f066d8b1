// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { CHOSEN } from "../../../test/fake/dialogs";
import { emit } from "../../../test/fake/event";
import { refuse } from "../../../test/fake/refuse";
import { openSite, show, shown, SlowDisk, textOf, until } from "../../../test/site";
import { session } from "../../model/session.svelte";
import Page from "./Page.svelte";

test("what waits for the center is counted, with the last receipt and what was sent", async () => {
  openSite();
  show(Page, {});
  const outbox = await shown("[data-part=outbox]");
  expect([outbox.dataset["outbox"], textOf(outbox)]).toEqual(["46", expect.stringContaining("18 Oct 2026")]);
  expect(document.querySelectorAll("[data-page=sync] tbody tr").length).toBe(2);
});

test("after an account was closed, the words of the device's new key are shown", async () => {
  openSite((usual) => ({
    sync_view: (request) => ({ ...usual.sync_view(request), newWords: "abandon ability able" }),
  }));
  show(Page, {});
  expect(textOf(await shown("[data-part=new-words]"))).toContain("abandon ability able");
});

test("what a settled branch says and no query asks about is shown", async () => {
  const settled = [
    { at: "2026-10-18T16:20:00+08:00", device: "S01-k7f2m3pq", reason: "a copy (sample)", rest: ['S01-009: "111"'] },
    { at: "2026-10-11T09:00:00+08:00", device: "S01-bbbbbbbb", reason: null, rest: [] },
  ];
  openSite((usual) => ({ sync_view: (request) => ({ ...usual.sync_view(request), settled }) }));
  show(Page, {});
  const part = textOf(await shown("[data-part=settled]"));
  for (const words of ["S01-k7f2m3pq", "18 Oct 2026", "a copy (sample)", 'S01-009: "111"', "S01-bbbbbbbb"]) {
    expect(part).toContain(words);
  }
});

test("where no log was settled, nothing is said of it", async () => {
  openSite();
  show(Page, {});
  await shown("[data-part=outbox]");
  expect(document.querySelector("[data-part=settled]")).toBeNull();
});

test("E writes a bundle and names its file; progress is shown meanwhile and can be cancelled", async () => {
  const disk = new SlowDisk();
  const hands = openSite((usual) => ({ export_bundle: disk.hold(usual.export_bundle) }));
  show(Page, {});
  await shown("[data-act=export]");
  await hands.keyboard("e");
  await shown("[data-part=progress]");
  emit("progress", { step: "seal", done: 1, total: 2, secondsLeft: 5 });
  await until(() =>
    expect(textOf(document.querySelector("[data-part=progress]"))).toContain("Sealing and signing 50 %"),
  );
  await hands.keyboard("i");
  expect(asked("import_bundle")).toEqual([]);
  await hands.click(await shown("[data-act=cancel-work]"));
  await until(() => expect(asked("cancel_work").length).toBe(1));
  await disk.next();
  expect((await shown("[data-part=exported]")).dataset["entries"]).toBe("412");
  expect(document.querySelector<HTMLElement>("[data-file]")?.dataset["file"]).toContain(".bundle");
});

test("I takes a bundle in and says what it brought", async () => {
  const hands = openSite((usual) => ({
    import_bundle: (request) => ({ ...usual.import_bundle(request), versions: ["2.0"] }),
  }));
  show(Page, {});
  await shown("[data-act=import]");
  await hands.keyboard("i");
  expect((await shown("[data-part=imported]")).dataset["outcome"]).toBe("accepted");
  expect(asked("import_bundle").length).toBe(1);
  expect(textOf(document.querySelector("[data-part=version]"))).toContain("2.0");
});

test("where a folder lies is shown and never typed; a dialog that is given up changes nothing", async () => {
  let chooses = false;
  const hands = openSite((usual) => ({ choose: (request) => (chooses ? usual.choose(request) : null) }));
  show(Page, {});
  const folder = await shown<HTMLInputElement>("[name=folder]");
  await hands.type(folder, "ei");
  await hands.click(await shown("[data-act=pick-folder]"));
  await until(() => expect(asked("choose")).toEqual([{ purpose: "export_folder" }]));
  expect(folder.value).toBe("/media/stick");
  chooses = true;
  await hands.click(await shown("[data-act=pick-folder]"));
  await until(() => expect(folder.value).toBe(CHOSEN.export_folder.name));
  await hands.click(await shown("[data-act=export]"));
  await until(() => expect(asked("export_bundle")).toEqual([{ into: CHOSEN.export_folder.id }]));
});

test("a refusal says what to do and leaves the page as it was", async () => {
  const hands = openSite({ import_bundle: () => refuse("not_for_us") });
  show(Page, {});
  await hands.click(await shown("[data-act=import]"));
  await shown("[data-refused=not_for_us]");
  expect(document.querySelector("[data-part=imported]")).toBeNull();
});

test("B writes a backup, names its folder, and the page says when one is due", async () => {
  const disk = new SlowDisk();
  const hands = openSite((usual) => ({ backup_write: disk.hold(usual.backup_write) }));
  show(Page, {});
  const part = await shown("[data-part=backup]");
  expect([part.dataset["due"], textOf(part)]).toEqual(["true", expect.stringContaining("9 days ago")]);
  await hands.keyboard("b");
  await shown("[data-part=progress]");
  emit("progress", { step: "verify", done: 1, total: 4, secondsLeft: null });
  await until(() => expect(textOf(document.querySelector("[data-part=progress]"))).toContain("25 %"));
  await hands.click(await shown("[data-act=cancel-work]"));
  await until(() => expect(asked("cancel_work").length).toBe(1));
  await disk.next();
  expect((await shown("[data-part=backed-up]")).dataset["entries"]).toBe("412");
  expect(asked("backup_write")).toEqual([{ into: null }]);
  expect(document.querySelector<HTMLElement>("[data-backup]")?.dataset["backup"]).toContain(".outpost-backup");
});

test("a backup that the vault could not note, or of a faulty vault, says so", async () => {
  const alarms = [{ code: "damaged", place: "" }];
  const hands = openSite((usual) => ({
    backup_write: (request) => ({ ...usual.backup_write(request), alarms, noted: false }),
  }));
  show(Page, {});
  await shown("[data-act=backup]");
  await hands.keyboard("b");
  await shown("[data-part=unnoted]");
  await shown("[data-part=faulty]");
});

test("a drill says whose backup it is, what is in it, and that nothing was touched; by keyboard alone", async () => {
  let looked = 0;
  const hands = openSite((usual) => ({
    backup_look: (request) => (looked++ === 0 ? refuse("no_backup") : usual.backup_look(request)),
  }));
  show(Page, {});
  (await shown("[data-act=drill-open]")).focus();
  await hands.keyboard("{Enter}");
  (await shown("[data-act=pick-backup]")).focus();
  await hands.keyboard("{Enter}");
  await shown("[data-refused=no_backup]");
  await hands.keyboard("{Enter}");
  expect((await shown("[data-part=backup-seen]")).dataset["device"]).toBe("S01-k7f2m3pq");
  expect((await shown<HTMLInputElement>("[data-part=drill] [name=user]")).value).toBe("nurse1");
  await hands.type(await shown("[data-part=drill] [name=password]"), "wrong{Enter}");
  await shown("[data-refused=wrong_password]");
  await hands.type(await shown("[data-part=drill] [name=password]"), "of that time{Enter}");
  const drilled = await shown("[data-part=drilled]");
  expect(drilled.dataset["whole"]).toBe("true");
  expect(textOf(drilled)).toContain("386 entries");
  expect(textOf(drilled)).toContain("26 more entries");
  expect(textOf(drilled)).toContain("Nothing was changed");
  expect(asked("backup_drill").at(-1)).toEqual({
    backup: CHOSEN.backup.id,
    user: "nurse1",
    password: "of that time",
    coded: false,
  });
  expect((await shown<HTMLInputElement>("[data-part=drill] [name=password]")).value).toBe("");
});

test("a faulty backup says what is wrong with it", async () => {
  const alarms = [{ code: "entries_missing", place: "S01-k7f2m3pq 7-9" }];
  const hands = openSite((usual) => ({
    backup_drill: (request) => ({ ...usual.backup_drill(request), alarms, against: "other_history" as const }),
  }));
  show(Page, {});
  await hands.click(await shown("[data-act=drill-open]"));
  await hands.click(await shown("[data-act=pick-backup]"));
  await hands.type(await shown("[data-part=drill] [name=password]"), "of that time{Enter}");
  expect((await shown("[data-part=drilled]")).dataset["whole"]).toBe("false");
  await shown("[data-alarm=entries_missing]");
  await shown("[data-against=other_history]");
});

test("a restored vault waits for the center's reply, and goes on when it was read", async () => {
  const outcomes = ["parked", "accepted"] as const;
  let at = 0;
  const hands = openSite(
    (usual) => ({
      import_bundle: (request) => {
        const outcome = outcomes[at++] ?? "accepted";
        const report = usual.import_bundle(request);
        return { ...report, outcome, session: { ...report.session, awaitsCenter: outcome === "parked" } };
      },
    }),
    { awaitsCenter: true },
  );
  show(Page, {});
  await shown("[data-part=restored]");
  await hands.keyboard("i");
  expect((await shown("[data-part=imported]")).dataset["outcome"]).toBe("parked");
  expect(textOf(await shown("[data-part=imported]"))).toContain("whole reply for this site");
  expect(textOf(await shown("[data-part=restored]"))).toContain("whole reply for site S01");
  expect(session.view?.awaitsCenter).toBe(true);
  await hands.keyboard("i");
  await until(() => expect(session.view?.awaitsCenter).toBe(false));
  expect(document.querySelector("[data-part=restored]")).toBeNull();
});

test("a4_t9b: a reply of which only the rest failed lets a restored vault go on", async () => {
  const hands = openSite(
    (usual) => ({
      import_bundle: (request) => ({ ...usual.import_bundle(request), outcome: "rest_missing" }),
    }),
    { awaitsCenter: true },
  );
  show(Page, {});
  await shown("[data-part=restored]");
  await hands.keyboard("i");
  expect(textOf(await shown("[data-part=imported]"))).toContain("import this reply once more");
  expect(session.view?.awaitsCenter).toBe(false);
  expect(document.querySelector("[data-part=restored]")).toBeNull();
});

test("what came back to a restored vault may ask for a password of one's own first", async () => {
  const hands = openSite(
    (usual) => ({
      import_bundle: (request) => {
        const report = usual.import_bundle(request);
        return { ...report, session: { ...report.session, mustChange: true } };
      },
    }),
    { awaitsCenter: true },
  );
  show(Page, {});
  await shown("[data-part=restored]");
  await hands.keyboard("i");
  await until(() => expect(session.stage).toBe("own-password"));
});

test("a3_s7: a restored vault shows whose it is, and goes on without a reply only after a question", async () => {
  const copy = {
    at: "2026-11-23T08:15+08:00",
    isBackup: true,
    centerWords: "amber lake",
    cameByCode: [{ user: "nurse1", set: 1, code: 3 }],
  };
  const hands = openSite({}, { awaitsCenter: true, copy, deviceWords: "cloud fern" });
  show(Page, {});
  expect(textOf(await shown("[data-words=device]"))).toBe("cloud fern");
  expect(textOf(await shown("[data-words=center]"))).toBe("amber lake");
  // a4_t2: with whom the center read the codes out for.
  expect(textOf(await shown("[data-part=came-by-code]"))).toContain("nurse1: code 3 of set 1");
  await hands.click(await shown("[data-act=restored-go-on]"));
  await hands.keyboard("{Escape}");
  expect(asked("restored_go_on")).toEqual([]);
  await hands.click(await shown("[data-act=restored-go-on]"));
  await hands.click(await shown("[data-code=yes]"));
  await until(() => expect(session.view?.awaitsCenter).toBe(false));
  expect(asked("restored_go_on").length).toBe(1);
});

test("a4_t4: a checkpoint that could not be read is no older copy, and is looked for only after a question", async () => {
  const hands = openSite({}, { awaitsCenter: true, checkpointUnread: true });
  show(Page, {});
  expect(textOf(await shown("[data-part=unread]"))).toContain("Until it is compared");
  expect(document.querySelector("[data-part=restored]")).toBeNull();
  await hands.click(await shown("[data-act=restored-go-on]"));
  await hands.keyboard("{Escape}");
  expect(asked("restored_go_on")).toEqual([]);
  await hands.click(await shown("[data-act=restored-go-on]"));
  await hands.click(await shown("[data-code=yes]"));
  await until(() => expect(session.view?.awaitsCenter).toBe(false));
  expect(document.querySelector("[data-part=unread]")).toBeNull();
});
