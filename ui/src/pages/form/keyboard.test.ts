// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { refuse } from "../../../test/fake/refuse";
import { CHEMISTRY, formOf, openForm, rowOf, valueOf } from "../../../test/form";
import { answer, arrives, pick, shown, SlowDisk, textOf, until } from "../../../test/site";
import { router } from "../../model/route.svelte";
import { FORM_KEYS } from "./form-keys";

const at = (name: string) => `IG.CHEM[1]/IT.${name}`;
const typed = () => asked("save_item").map((request) => `${request.cell.split(".").at(-1)}=${request.typed}`);
const said = () => textOf(document.querySelector("[role=status][aria-live]"));

test("Enter saves and goes on; what is saved is said aloud", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}");
  await arrives(at("BILI"));
  expect(asked("save_item")).toEqual([
    { subject: "S01-003", cell: `${CHEMISTRY}/${at("ALB")}`, lang: "en", typed: "35", reason: null },
  ]);
  expect(said()).toBe("Albumin: 35 saved");
  expect(rowOf(at("ALB"))?.dataset["saved"]).toBe("true");
});

test("Tab goes on like Enter, Shift+Tab and Shift+Enter go back; what is unchanged is not saved", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("{Tab}");
  await arrives(at("BILI"));
  await hands.keyboard("{Enter}");
  await arrives(at("CREAT"));
  await hands.keyboard("{Shift>}{Tab}{/Shift}");
  await arrives(at("BILI"));
  await hands.keyboard("{Shift>}{Enter}{/Shift}");
  await arrives(at("ALB"));
  expect(asked("save_item")).toEqual([]);
});

test("keys that are pressed while the disk is slow land in the fields that they were meant for", async () => {
  const disk = new SlowDisk();
  const hands = await openForm(at("ALB"), (usual) => ({ save_item: disk.hold(usual.save_item) }));
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}18{Enter}90");
  expect(valueOf(at("BILI"))).toBe("34.2");
  await disk.next();
  await disk.next();
  await arrives(at("CREAT"));
  expect([valueOf(at("ALB")), valueOf(at("BILI")), valueOf(at("CREAT"))]).toEqual(["35", "18", "90"]);
  expect(typed()).toEqual(["ALB=35", "BILI=18"]);
});

test("Backspace that is pressed while the disk is slow belongs to the next field, too", async () => {
  const disk = new SlowDisk();
  const hands = await openForm(at("ALB"), (usual) => ({ save_item: disk.hold(usual.save_item) }));
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}9{Backspace}18{Enter}");
  await disk.next();
  await disk.next();
  await until(() => expect(typed()).toEqual(["ALB=35", "BILI=18"]));
});

test("what somebody else left unfinished is shown by name and saved only when Enter takes it over", async () => {
  const others = formOf([
    [{}, { draft: "half", draftBy: "Nurse (sample)" }],
    [{}, {}],
  ]);
  const hands = await openForm("IG.A[1]/IT.Q0", others);
  await arrives("IG.A[1]/IT.Q0");
  expect([valueOf("IT.Q0"), textOf(rowOf("IT.Q0"))]).toEqual(["half", expect.stringContaining("Nurse (sample) typed")]);
  await hands.keyboard("{Tab}");
  await arrives("IG.A[1]/IT.Q1");
  await hands.keyboard("{Shift>}{Tab}{/Shift}");
  await arrives("IG.A[1]/IT.Q0");
  await router.go({ page: "worklist" });
  expect([asked("save_item"), asked("draft_item")]).toEqual([[], []]);
  await hands.keyboard("{Enter}");
  await until(() => expect(asked("save_item").map((request) => request.typed)).toEqual(["half"]));
});

test("a refusal keeps the focus and the text, and says what to do", async () => {
  const hands = await openForm(at("ALB"), { save_item: () => refuse("disk_full") });
  await arrives(at("ALB"));
  await hands.keyboard("35{Enter}");
  await until(() => expect(textOf(rowOf(at("ALB")))).toContain("Not saved. The disk or stick is full."));
  await arrives(at("ALB"));
  expect([valueOf(at("ALB")), rowOf(at("ALB"))?.dataset["saved"]]).toEqual(["35", "false"]);
});

test("what cannot be read is kept as a draft beside its fault, and the way goes on", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("high{Enter}");
  await arrives(at("BILI"));
  expect(textOf(rowOf(at("ALB")))).toContain("This is not a number. Kept as draft.");
  expect([valueOf(at("ALB")), rowOf(at("ALB"))?.dataset["saved"]]).toEqual(["high", "false"]);
});

test("Escape brings the saved value back", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("99{Escape}");
  await until(() => expect([valueOf(at("ALB")), rowOf(at("ALB"))?.dataset["saved"]]).toEqual(["34", "true"]));
  expect(asked("save_item")).toEqual([]);
});

test("a digit picks a choice and saves it without leaving", async () => {
  const hands = await openForm(at("DXMETH"));
  await arrives(at("DXMETH"));
  await hands.keyboard("2");
  await until(() => expect(rowOf(at("DXMETH"))?.dataset["saved"]).toBe("true"));
  expect([typed(), valueOf(at("DXMETH"))]).toEqual([["DXMETH=C2"], "C2"]);
  await arrives(at("DXMETH"));
});

test("arrows only choose; leaving saves", async () => {
  const hands = await openForm(at("DXMETH"));
  await arrives(at("DXMETH"));
  await hands.keyboard("{ArrowRight}{ArrowDown}{ArrowLeft}");
  expect([valueOf(at("DXMETH")), asked("save_item")]).toEqual(["C1", []]);
  await hands.keyboard("{Enter}");
  await arrives(at("COMM"));
  expect(typed()).toEqual(["DXMETH=C1"]);
});

test("Enter takes the best match of a list", async () => {
  const hands = await openForm(at("REGION"));
  await arrives(at("REGION"));
  await hands.keyboard("lu{Enter}");
  await arrives(at("DXMETH"));
  expect(typed()).toEqual(["REGION=C2"]);
});

test("in a long text Shift+Enter is a new line and Enter leaves, past what is computed, to the form's end", async () => {
  const hands = await openForm(at("COMM"));
  await arrives(at("COMM"));
  await hands.keyboard("one{Shift>}{Enter}{/Shift}two{Enter}");
  await until(() => expect(document.activeElement?.hasAttribute("data-after")).toBe(true));
  expect(typed()).toEqual(["COMM=one\ntwo"]);
});

test("Ctrl with an arrow goes through all fields, also the computed one, where F2 shows the formula", async () => {
  const hands = await openForm(at("COMM"));
  await arrives(at("COMM"));
  await hands.keyboard("{Control>}{ArrowDown}{/Control}");
  await arrives("IG.DER[1]/IT.ALBI");
  await hands.keyboard("{F2}");
  expect(textOf(await shown("[data-part=formula]"))).toContain("log10(BILI)");
  await hands.keyboard("{F2}");
  await until(() => expect(document.querySelector("[data-part=formula]")).toBeNull());
  await hands.keyboard("{Control>}{ArrowUp}{/Control}");
  await arrives(at("COMM"));
});

test("F4 says why there is no value, and goes on", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("{F4}");
  await pick(hands, 1);
  await arrives(at("BILI"));
  expect(asked("save_missing")).toMatchObject([{ cell: `${CHEMISTRY}/${at("ALB")}`, code: "not_done", reason: null }]);
  expect(rowOf(at("ALB"))?.querySelector("input")?.placeholder).toBe("Not done");
});

test("Ctrl+F finds a question by its name", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("{Control>}f{/Control}");
  await until(() => expect(document.activeElement?.getAttribute("role")).toBe("combobox"));
  await hands.keyboard("bil{ArrowDown}{ArrowUp}{Enter}");
  await arrives(at("BILI"));
  expect(document.querySelector("dialog")).toBeNull();
});

test("F9 raises a query, and answers one that is open", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("{F9}");
  await answer(hands, "Please check");
  await arrives(at("ALB"));
  await until(() => expect(asked("raise_query")).toMatchObject([{ text: "Please check" }]));
  await hands.keyboard("{Enter}");
  await arrives(at("BILI"));
  await hands.keyboard("{Enter}");
  await arrives(at("CREAT"));
  await hands.keyboard("{F9}");
  await answer(hands, "Checked");
  await until(() => expect(asked("answer_query")).toMatchObject([{ text: "Checked" }]));
});

test("F8 confirms the soft finding in focus with a comment, and comes back", async () => {
  const hands = await openForm(at("BILI"));
  await arrives(at("BILI"));
  expect(rowOf(at("BILI"))?.querySelector("[data-finding]")?.getAttribute("data-severity")).toBe("soft");
  await hands.keyboard("{F8}");
  await answer(hands, "Known cholestasis");
  await until(() => expect(rowOf(at("BILI"))?.querySelector("[data-finding]")).toBeNull());
  await arrives(at("BILI"));
  expect(asked("confirm_finding")).toMatchObject([{ rule: "R-soft", comment: "Known cholestasis" }]);
  expect(textOf(rowOf(at("BILI")))).toContain("confirmed: Known cholestasis");
});

test("Alt with Page keys opens the form before or after, Alt+Up the casebook", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await shown("[data-form]");
  await hands.keyboard("{Alt>}{PageDown}{/Alt}");
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.C2D1[1]/F.LBK[1]" }));
  await hands.keyboard("{Alt>}{PageUp}{/Alt}");
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.C2D1[1]/F.VS[1]" }));
  await hands.keyboard("{Alt>}{ArrowUp}{/Alt}");
  await until(() => expect(router.now).toMatchObject({ page: "subject", subject: "S01-003", form: CHEMISTRY }));
});

test("what is typed is saved before another page comes", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("36");
  await router.go({ page: "worklist" });
  expect([typed(), router.now.page]).toEqual([["ALB=36"], "worklist"]);
});

test("F6 unfolds the limits of a result at its judgement, and folds them again", async () => {
  const lab = (part: "result" | "low" | "significance") => ({
    control: "number" as const,
    analyte: { code: "ALT", part },
  });
  const form = formOf([
    [lab("result"), { typed: "45", display: "45" }],
    [lab("low"), { typed: "7", display: "7" }],
    [lab("significance"), { typed: "1", display: "1" }],
  ]);
  const hands = await openForm("IG.A[1]/IT.Q0", form);
  await arrives("IG.A[1]/IT.Q0");
  expect(rowOf("IT.Q1")).toBeNull();
  await hands.keyboard("{F6}");
  await arrives("IG.A[1]/IT.Q2");
  expect(rowOf("IT.Q1")).not.toBeNull();
  await hands.keyboard("{F6}");
  await arrives("IG.A[1]/IT.Q0");
  await until(() => expect(rowOf("IT.Q1")).toBeNull());
});

test("F7 makes an adverse event of the proposed grade, once the person has said so", async () => {
  const grade = { grade: 2, term: "ALT increased", words: "3 × ULN: grade 2", recordable: true };
  const result = {
    typed: "150",
    display: "150",
    lab: { limits: "7–40 U/L", side: "high" as const, grade, event: null },
  };
  const hands = await openForm(
    "IG.A[1]/IT.Q0",
    formOf([[{ control: "number", analyte: { code: "ALT", part: "result" } }, result]]),
  );
  await arrives("IG.A[1]/IT.Q0");
  expect(textOf(document.querySelector("[data-part=lab]"))).toContain("Grade 2 proposed: ALT increased");
  await hands.keyboard("{F7}");
  await hands.click(await shown("dialog [data-act=cancel]"));
  expect(asked("lab_event")).toEqual([]);
  await hands.click(rowOf("IT.Q0")!.querySelector("input")!);
  await hands.keyboard("{F7}");
  await pick(hands, 1);
  await until(() => expect(router.now).toMatchObject({ page: "form", form: "SE.LOG[1]/F.AE[1]" }));
  expect(asked("lab_event")).toEqual([{ subject: "S01-003", cell: `${CHEMISTRY}/IG.A[1]/IT.Q0` }]);
});

test("the help names every key of the form", async () => {
  const hands = await openForm(at("ALB"));
  await arrives(at("ALB"));
  await hands.keyboard("{F1}");
  await shown("dialog[data-dialog=keys]");
  const keys = [...document.querySelectorAll("dialog section:first-of-type li kbd")].map(textOf);
  expect(keys).toEqual(FORM_KEYS.flatMap((key) => key.keys));
});
