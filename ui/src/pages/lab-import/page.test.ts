// @vitest-environment happy-dom
import { expect, test } from "vitest";

import { asked } from "../../../test/fake/core";
import { answer, openSite, show, shown, textOf, until, type Hands, type Otherwise } from "../../../test/site";
import Page from "./Page.svelte";

async function open(otherwise: Otherwise = {}): Promise<Hands> {
  const hands = openSite(otherwise);
  show(Page, {});
  await hands.type(await shown("[name=lab]"), "Central laboratory{Enter}");
  return hands;
}

test("a file is read, its columns are named, and what an import would do is shown before it is done", async () => {
  const hands = await open();
  await shown("[data-verdict]");
  expect([...document.querySelectorAll<HTMLElement>("[data-verdict]")].map((row) => row.dataset["verdict"])).toEqual([
    "new",
    "differs",
  ]);
  expect((await shown<HTMLSelectElement>("select[name=result]")).value).toBe("value");
  expect(textOf(document.querySelector("[data-count=new]"))).toMatch(/1$/);
  await hands.selectOptions(await shown("select[name=unit]"), "");
  await until(() => expect(asked("lab_file_map")[0]?.mapping.unit).toBe(""));
});

test("Enter on a complete name reads the file, and takes a suggestion up only after the cursor keys", async () => {
  openSite();
  show(Page, {});
  const field = await shown<HTMLInputElement>("[name=lab]");
  await until(() => expect(field.value).not.toBe(""));
  /** Whether the browser is kept from taking up what it offers. */
  const press = (key: string): boolean =>
    !field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  expect([press("ArrowDown"), press("Enter")]).toEqual([false, false]);
  expect(asked("lab_file_open")).toHaveLength(0);
  expect(press("Enter")).toBe(true);
  await until(() => expect(asked("lab_file_open")).toHaveLength(1));
});

test("a result that differs is taken only where it is ticked; Ctrl+Enter records", async () => {
  const hands = await open();
  await hands.click(await shown("[type=checkbox]"));
  await hands.keyboard("{Control>}{Enter}{/Control}");
  await answer(hands, "Report corrected");
  expect(textOf(await shown("[data-part=recorded]"))).toContain("2");
  expect(asked("lab_file_import")[0]?.taken).toEqual([3]);
  expect(asked("lab_file_import")[0]?.reason).toBe("Report corrected");
});

test("what a test is called in the file is said once", async () => {
  const hands = await open();
  const select = (await shown("details select")) as HTMLSelectElement;
  await hands.selectOptions(select, "CREAT");
  await until(() => expect(asked("lab_file_map")[0]?.mapping.tests).toContainEqual({ said: "ALB", meant: "CREAT" }));
});

test("a file that is no table says what is wrong with it and in which line", async () => {
  await open({ lab_file_open: () => ({ file: null, fault: { code: "lab_file_columns", line: 3 } }) });
  await until(() => expect(document.body.textContent).toContain("another number of columns"));
  expect(document.querySelector("[data-verdict]")).toBeNull();
});

test("cancelling lets go of the file", async () => {
  const hands = await open();
  await shown("[data-act=lab-record]");
  await hands.click([...document.querySelectorAll("button")].find((button) => textOf(button) === "Cancel")!);
  await until(() => expect(document.querySelector("[data-verdict]")).toBeNull());
  await until(() => expect(asked("lab_file_close").length).toBe(1));
});
