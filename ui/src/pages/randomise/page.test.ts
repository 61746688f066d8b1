// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { openSite, show, shown, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import Page from "./Page.svelte";

const SUBJECT = "S01-003";
const step = () => document.querySelector<HTMLElement>("[data-page=randomise]")?.dataset["step"];

test("by keys alone: asked for, read out, answered, allocated", async () => {
  const hands = openSite({}, { role: "investigator" });
  show(Page, { subject: SUBJECT });
  await until(() => expect(step()).toBe("ready"));
  await hands.keyboard("r");
  await shown("dialog");
  expect(asked("randomise_request")).toEqual([]);
  await hands.click(document.querySelector("dialog .main")!);
  const request = await shown("[data-part=request]");
  expect([request.dataset["code"], textOf(request)]).toEqual(["7K2M-9QPX-4TRA", expect.stringContaining("Kilo")]);
  await until(() => expect(document.activeElement).toHaveProperty("name", "release"));
  await hands.keyboard("abc{Enter}");
  await shown("[data-refused=code_length]");
  await hands.keyboard("de{Enter}");
  expect(textOf(await shown("[data-part=arm]"))).toBe("SBRT + systemic");
  await hands.click(await shown("[data-act=allocation-form]"));
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.RAND[1]/F.DS[1]" }));
});

test("what is missing is listed, and each point leads to its question", async () => {
  const hands = openSite((usual) => ({
    randomise_view: (request) => ({
      ...usual.randomise_view(request),
      step: "gated",
      gates: [
        { kind: "registered", open: true, title: "", form: null, cell: null },
        {
          kind: "consent",
          open: false,
          title: "Date of consent",
          form: "SE.SCR[1]/F.ICF[1]",
          cell: "SE.SCR[1]/F.ICF[1]/C",
        },
      ],
    }),
  }));
  show(Page, { subject: SUBJECT });
  await until(() => expect(document.querySelectorAll("[data-gate]").length).toBe(2));
  await hands.keyboard("r");
  expect(document.querySelector("dialog")).toBeNull();
  await hands.click(await shown("[data-act=gate]"));
  await until(() =>
    expect(router.now).toMatchObject({ page: "form", form: "SE.SCR[1]/F.ICF[1]", cell: "SE.SCR[1]/F.ICF[1]/C" }),
  );
});

test("who may not act sees the request without the answer's field; other steps say what they are", async () => {
  const steps = ["asked_elsewhere", "unavailable"] as const;
  for (const at of steps) {
    openSite((usual) => ({ randomise_view: (request) => ({ ...usual.randomise_view(request), step: at }) }));
    show(Page, { subject: SUBJECT });
  }
  await until(() => expect(document.querySelectorAll(".notice").length).toBe(2));
  openSite((usual) => ({
    randomise_view: ({ subject, lang }) => ({ ...usual.randomise_request({ subject, lang }), mayAct: false }),
  }));
  show(Page, { subject: SUBJECT });
  await shown("[data-part=request]");
  expect(document.querySelector("[name=release]")).toBeNull();
});
