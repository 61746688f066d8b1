// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { openSite, show, until } from "../../../test/site";
import Page from "./Page.svelte";

test("the form shows its groups and cells", async () => {
  openSite();
  show(Page, { subject: "S01-003", form: "SE.C2D1[1]/F.LBC[1]" });
  await until(() => expect(document.querySelectorAll("[data-cell]").length).toBe(11));
  expect(document.querySelectorAll(".middle section.card").length).toBe(4);
});
