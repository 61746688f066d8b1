// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { openSite, pick, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

const lines = () => [...document.querySelectorAll("tr[data-line]")].map(textOf);

test("a line is typed and saved by Enter, and the next analyte waits", async () => {
  const hands = openSite();
  show(Page, {});
  await until(() => expect(lines().length).toBe(1));
  expect(lines()[0]).toContain("40–55 g/L");
  const lab = await shown("[name=lab]");
  await hands.clear(lab);
  await hands.type(lab, "Local");
  await hands.selectOptions(await shown("[name=analyte]"), "CREAT");
  await hands.type(await shown("[name=high]"), "97{Enter}");
  await until(() => expect(lines().length).toBe(2));
  expect(asked("lab_range_set")[0]?.line).toMatchObject({
    lab: "Local",
    analyte: "CREAT",
    low: "",
    high: "97",
    replaces: "",
  });
  expect(lines()[1]).toContain("≤ 97");
  await until(() => expect(document.activeElement).toHaveProperty("name", "low"));
});

test("a line is changed in its place", async () => {
  const hands = openSite();
  show(Page, {});
  await hands.click(await shown("[data-act=range-edit]"));
  const low = await shown<HTMLInputElement>("[name=low]");
  expect(low.value).toBe("40");
  await hands.clear(low);
  await hands.type(low, "38{Enter}");
  await until(() => expect(lines()[0]).toContain("38–55"));
  expect([lines().length, asked("lab_range_set")[0]?.line.replaces]).toEqual([1, "line-1"]);
});

test("what the laboratory's limits cannot be is refused beside them", async () => {
  const hands = openSite({ lab_range_set: () => refuse("lab_order") });
  show(Page, {});
  await hands.type(await shown("[name=lab]"), "Local");
  await hands.type(await shown("[name=low]"), "9{Enter}");
  await shown("form [data-refused=lab_order]");
});

test("a line is withdrawn once the question is answered", async () => {
  const hands = openSite();
  show(Page, {});
  await hands.click(await shown("[data-act=range-withdraw]"));
  await pick(hands, 1);
  await until(() => expect(document.querySelector("tr[data-line]")).toBeNull());
  expect(asked("lab_range_withdraw")).toMatchObject([{ line: "line-1" }]);
});

test("a laboratory's file is read by who enters data, not by an administrator", async () => {
  const hands = openSite();
  show(Page, {});
  await hands.click(await shown("[data-act=lab-import]"));
  await until(() => expect(router.now.page).toBe("lab-import"));
});

test("an administrator reads no laboratory's file", async () => {
  openSite({}, { role: "administrator" });
  show(Page, {});
  await shown("form");
  expect(document.querySelector("[data-act=lab-import]")).toBeNull();
});
