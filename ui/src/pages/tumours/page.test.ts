// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { tumours } from "../../../test/fake/tumours";
import { openSite, pick, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

async function open(otherwise: Otherwise = {}): Promise<Hands> {
  const hands = openSite(otherwise, { role: "investigator" });
  show(Page, { subject: "S01-003" });
  await spotIs("0-1");
  return hands;
}

const spotIs = (spot: string) =>
  until(() => expect((document.activeElement as HTMLElement | null)?.dataset["spot"]).toBe(spot));
const cell = (spot: string) => textOf(document.querySelector(`[data-spot="${spot}"] .value`));

test("the grid shows lesions by assessment with the sums and the responses, the cursor in the newest column", async () => {
  await open();
  expect([...document.querySelectorAll<HTMLElement>("tr[data-role]")].map((row) => row.dataset["role"])).toEqual([
    "target",
    "target",
    "non_target",
  ]);
  expect([cell("0-0"), cell("1-0")]).toEqual(["31", "21"]);
  const overall = document.querySelector("tr[data-line=overall] td:last-child [data-computed]");
  expect((overall as HTMLElement).dataset["computed"]).toBe("SD");
  expect(textOf(document.querySelector("[data-page=tumours]"))).toContain("less than 30 %");
});

test("digits begin a measurement, Enter saves it and goes down; the cursor does not wait for the disk", async () => {
  const hands = await open();
  await hands.keyboard("29{Enter}");
  await spotIs("1-1");
  await hands.keyboard("19{Enter}");
  await spotIs("2-1");
  await until(() => expect([cell("0-1"), cell("1-1")]).toEqual(["29", "19"]));
  expect(asked("tumour_read").map(({ lesion, typed }) => [lesion, typed])).toEqual([
    ["T01", "29"],
    ["T02", "19"],
  ]);
});

test("Escape gives up what is typed, F2 changes what is there, Delete empties", async () => {
  const hands = await open();
  await hands.keyboard("99{Escape}");
  await until(() => expect(document.querySelector("td input")).toBeNull());
  expect(asked("tumour_read")).toEqual([]);
  await spotIs("0-1");
  await hands.keyboard("{ArrowLeft}{F2}");
  await until(() => expect(document.activeElement).toHaveProperty("value", "31"));
  await hands.keyboard("{Escape}");
  await spotIs("0-0");
  await hands.keyboard("{Delete}");
  await until(() => expect(asked("tumour_read")).toMatchObject([{ lesion: "T01", typed: "" }]));
});

test("a new lesion is added to the assessment at the cursor", async () => {
  const hands = await open();
  await hands.keyboard("n");
  await hands.selectOptions(await shown("[name=organ]"), "LUNG");
  await hands.type(await shown("[name=place]"), "Right");
  await hands.selectOptions(await shown("[name=certainty]"), "SURE");
  await hands.click(await shown("[data-act=add]"));
  await until(() =>
    expect(asked("tumour_new")).toMatchObject([
      { lesion: { organ: "LUNG", place: "Right", certainty: "SURE" }, form: "SE.TA1[1]/F.TR[1]" },
    ]),
  );
});

test("an overall response is entered from the choices of the study", async () => {
  const hands = await open();
  await hands.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{Enter}");
  await pick(hands, 1);
  await until(() => expect(asked("save_item")).toMatchObject([{ typed: "PD" }]));
});

test("F opens the form of the cell, Escape the subject", async () => {
  const hands = await open();
  await hands.keyboard("f");
  await until(() =>
    expect(router.now).toMatchObject({
      page: "form",
      form: "SE.TA1[1]/F.TR[1]",
      cell: "SE.TA1[1]/F.TR[1]/IG.TR[T01]/IT.SIZE",
    }),
  );
  await hands.keyboard("{Escape}");
  await until(() => expect(router.now).toEqual({ page: "subject", subject: "S01-003" }));
});

test("without a baseline the page leads to its form; who only reads types nothing", async () => {
  let hands = openSite({
    tumours_view: ({ subject }) => ({ ...tumours(subject, {}), columns: [], rows: [], lines: [] }),
  });
  show(Page, { subject: "S01-003" });
  await hands.click(await shown("[data-act=baseline]"));
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.SCR[1]/F.TU[1]" }));
  hands = await open({ tumours_view: ({ subject }) => ({ ...tumours(subject, {}), editable: false }) });
  await hands.keyboard("29");
  expect(document.querySelector("td input")).toBeNull();
});
