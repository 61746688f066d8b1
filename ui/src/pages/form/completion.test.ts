// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { formOf, openForm, rowOf, valueOf } from "../../../test/form";
import { answer, arrives, pick, shown, textOf, until, type Hands } from "../../../test/site";
import { router } from "../../model/route.svelte";

const at = (name: string) => `IG.CHEM[1]/IT.${name}`;
const complete = (hands: Hands) => hands.keyboard("{Control>}{Enter}{/Control}");
const alerted = () => textOf(document.querySelector("[role=alert][aria-live]"));
const blockers = () =>
  [...document.querySelectorAll<HTMLElement>("[data-blocker]")].map((each) => each.dataset["kind"]);

test("what blocks completion is listed and said, the focus goes to the first, and from there to its question", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await complete(hands);
  await until(() => expect(document.activeElement?.hasAttribute("data-blocker")).toBe(true));
  expect(alerted()).toBe("2 points stand against completion");
  expect(blockers()).toEqual(["soft", "hard"]);
  await hands.keyboard("{Enter}");
  await arrives(at("BILI"));
  expect(asked("form_complete")).toEqual([]);
});

test("open questions are counted until completion is tried, and listed then", async () => {
  const form = formOf([
    [{}, {}],
    [{}, {}],
  ]);
  const lacking = form.cells.map((cell, at) => ({
    key: cell.key,
    question: `Question ${at}`,
    kind: "mandatory" as const,
    rule: "",
    message: "",
  }));
  const hands = await openForm("IG.A[1]/IT.Q1", { ...form, form_state: () => ({ ...form.state, blockers: lacking }) });
  await arrives("IG.A[1]/IT.Q1");
  expect(blockers()).toEqual(["mandatory"]);
  expect(textOf(document.querySelector("[data-part=ending]"))).toContain("2 questions still need an answer");
  await complete(hands);
  await until(() => expect(blockers()).toEqual(["mandatory", "mandatory"]));
});

test("a form without blockers is completed, and the next one is a key away", async () => {
  const hands = await openForm(at("BILI"));
  await arrives(at("BILI"));
  await hands.keyboard("{F8}");
  await answer(hands, "Known");
  await arrives(at("BILI"));
  await hands.keyboard("{Enter}");
  await arrives(at("CREAT"));
  await hands.keyboard("{Enter}");
  await arrives(at("POTASSIUM"));
  await hands.keyboard("4.1");
  // What is typed and not left is saved on the way.
  await complete(hands);
  await arrives("next-form");
  expect(asked("form_complete").length).toBe(1);
  expect(valueOf(at("POTASSIUM"))).toBe("4.1");
  expect(document.querySelector("[data-status=complete]")).not.toBeNull();
  await hands.keyboard("{Enter}");
  await until(() => expect(router.now.page).toBe("form"));
});

test("a change of a completed form asks once for its reason", async () => {
  const hands = await openForm(at("ALB"), (usual) => {
    usual.form_complete({ subject: "S01-003", form: "SE.C2D1[1]/F.LBC[1]", lang: "en" });
    return {};
  });
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}");
  await hands.click(await shown("dialog .slight"));
  await arrives(at("BILI"));
  await hands.keyboard("20{Enter}");
  await arrives(at("CREAT"));
  expect(asked("save_item").map(({ typed, reason }) => [typed, reason])).toEqual([
    ["35", "Typing mistake"],
    ["20", "Typing mistake"],
  ]);
  expect(textOf(document.querySelector("[data-part=reason]"))).toContain("Typing mistake");
  await hands.click(await shown("[data-part=reason] button"));
  await answer(hands, "Source corrected");
  await until(() => expect(textOf(document.querySelector("[data-part=reason]"))).toContain("Source corrected"));
});

test("turning away from the reason keeps the focus and what is typed", async () => {
  const hands = await openForm(at("ALB"), (usual) => {
    usual.form_complete({ subject: "S01-003", form: "SE.C2D1[1]/F.LBC[1]", lang: "en" });
    return {};
  });
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}");
  await hands.click(await shown("dialog [data-act=cancel]"));
  await until(() => expect(document.querySelector("dialog")).toBeNull());
  expect([valueOf(at("ALB")), rowOf(at("ALB"))?.dataset["saved"], asked("save_item")]).toEqual(["35", "false", []]);
});

test("a completed form is opened again with a reason, and one that was not done says why", async () => {
  const hands = await openForm(at("ALB"));
  await hands.click(await shown("[data-act=not-done]"));
  await pick(hands, 2);
  await shown("[data-status=not_done]");
  expect(asked("form_not_done")).toMatchObject([{ code: "unknown" }]);
  await hands.click(await shown("[data-act=reopen]"));
  await answer(hands, "Done after all");
  await shown("[data-act=complete]");
  expect(asked("form_reopen")).toMatchObject([{ reason: "Done after all" }]);
});

test("a refusal of the whole form is shown at its head and said", async () => {
  const hands = await openForm("IG.A[1]/IT.Q0", {
    ...formOf([[{}, { typed: "1", display: "1" }]]),
    form_complete: () => refuse("not_your_role"),
  });
  await arrives("IG.A[1]/IT.Q0");
  await complete(hands);
  expect((await shown("[data-refused]")).dataset["refused"]).toBe("not_your_role");
  expect(alerted()).toContain("Your role may not do this");
});
