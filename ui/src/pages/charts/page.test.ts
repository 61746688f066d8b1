// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { charts } from "../../../test/fake/charts";
import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import Page from "./Page.svelte";

const title = () => textOf(document.querySelector("#chart-title"));
const pressed = () =>
  [...document.querySelectorAll<HTMLElement>("[data-chart][aria-pressed=true]")].map((each) => each.dataset["chart"]);

test("a digit picks the chart, T shows it as a table, P prints it", async () => {
  const hands = openSite({}, { role: "investigator" });
  show(Page, {});
  await until(() => expect(document.activeElement?.getAttribute("aria-pressed")).toBe("true"));
  const titles = new Set<string>();
  for (const digit of ["1", "2", "3"]) {
    await hands.keyboard(digit);
    titles.add(title());
    expect(document.querySelector(".drawing svg[role=img]")).not.toBeNull();
  }
  expect([titles.size, pressed()]).toEqual([3, ["swimmer"]]);
  await hands.keyboard("t");
  expect(document.querySelector(".drawing")?.classList.contains("paper-only")).toBe(true);
  await hands.keyboard("p");
  await until(() => expect(asked("print_page").length).toBe(1));
});

test("each chart has the same numbers as a table", async () => {
  const hands = openSite({}, { role: "investigator" });
  show(Page, {});
  await shown("[data-chart]");
  const subjects = () => [...document.querySelectorAll("tbody th")].map(textOf);
  await hands.click(await shown("[data-chart=waterfall]"));
  await until(() => expect(subjects()).toEqual(["S01-001", "S01-002", "S01-003"]));
  expect(textOf(document.querySelector("tbody"))).toContain("−42.5 %");
  await hands.click(await shown("[data-chart=spider]"));
  await until(() => expect(subjects()).toEqual(["S01-001", "S01-003"]));
  await hands.click(await shown("[data-chart=swimmer]"));
  await until(() => expect(textOf(document.querySelector("tbody"))).toContain("90 days"));
});

test("before the first scan there is nothing to draw; a refusal says why", async () => {
  openSite({ charts: () => ({ ...charts, waterfall: [], spider: [], swimmer: [] }) });
  show(Page, {});
  await shown(".none");
  openSite({ charts: () => refuse("not_your_role") });
  show(Page, {});
  await shown("[data-refused=not_your_role]");
});
