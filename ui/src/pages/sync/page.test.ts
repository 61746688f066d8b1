// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { emit } from "../../../test/fake/event";
import { refuse } from "../../../test/fake/refuse";
import { openSite, show, shown, SlowDisk, textOf, until } from "../../../test/site";
import Page from "./Page.svelte";

test("what waits for the center is counted, with the last receipt and what was sent", async () => {
  openSite();
  show(Page, {});
  const outbox = await shown("[data-part=outbox]");
  expect([outbox.dataset["outbox"], textOf(outbox)]).toEqual(["46", expect.stringContaining("18 Oct 2026")]);
  expect(document.querySelectorAll("[data-page=sync] tbody tr").length).toBe(2);
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
  await hands.type(await shown("[name=path]"), "/media/stick/answer.bundle");
  document.querySelector<HTMLElement>("[name=path]")?.blur();
  await hands.keyboard("i");
  expect((await shown("[data-part=imported]")).dataset["outcome"]).toBe("accepted");
  expect(asked("import_bundle")).toEqual([{ path: "/media/stick/answer.bundle" }]);
  expect(textOf(document.querySelector("[data-part=version]"))).toContain("2.0");
});

test("Enter in the path takes the bundle in", async () => {
  const hands = openSite();
  show(Page, {});
  await hands.type(await shown("[name=path]"), "/media/stick/answer.bundle{Enter}");
  await until(() => expect(asked("import_bundle")).toEqual([{ path: "/media/stick/answer.bundle" }]));
});

test("letters that are typed into a path are no orders; browsing that is given up changes nothing", async () => {
  const hands = openSite();
  show(Page, {});
  const folder = await shown<HTMLInputElement>("[name=folder]");
  const before = folder.value;
  await hands.type(folder, "ei");
  expect([asked("export_bundle"), asked("import_bundle")]).toEqual([[], []]);
  await hands.click(await shown("[data-act=pick-folder]"));
  await hands.click(await shown("[data-act=pick-bundle]"));
  await until(() => expect(asked("pick_bundle").length).toBe(1));
  expect(folder.value).toBe(`${before}ei`);
});

test("a refusal says what to do and leaves the page as it was", async () => {
  const hands = openSite({ import_bundle: () => refuse("not_for_us") });
  show(Page, {});
  await hands.click(await shown("[data-act=import]"));
  await shown("[data-refused=not_for_us]");
  expect(document.querySelector("[data-part=imported]")).toBeNull();
});
