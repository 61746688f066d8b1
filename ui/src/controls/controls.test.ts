// @vitest-environment happy-dom
import { render } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { expect, test, vi } from "vitest";
import { openSite, shown, textOf, until } from "../../test/site";
import { RefusedError } from "../ipc/refused";
import { preferences } from "../model/preferences.svelte";
import AskChoice from "./AskChoice.svelte";
import AskText from "./AskText.svelte";
import Dialog from "./Dialog.svelte";
import { markOf } from "./form-mark";
import Icon from "./Icon.svelte";
import Key from "./Key.svelte";
import Labelled from "./Labelled.svelte";
import NameAndSecret from "./NameAndSecret.svelte";
import Loading from "./Loading.svelte";
import Logo from "./Logo.svelte";
import LookButtons from "./LookButtons.svelte";
import Mark from "./Mark.svelte";
import NewPassword from "./NewPassword.svelte";
import Refusal from "./Refusal.svelte";

const CHOICES = ["Yes", "No", "Unknown"].map((label, at) => ({ code: `C${at + 1}`, label }));
const press = (name: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));

test("a question for words: Enter answers, empty words do not, a suggestion is one click, Escape turns away", async () => {
  const hands = openSite();
  const answer = vi.fn();
  const question = { kind: "text" as const, title: "Why?", label: "Reason", hint: "Once", suggestions: ["Slip"] };
  const { unmount } = render(AskText, { props: { question, answer } });
  await hands.keyboard("  {Enter}");
  expect(answer).not.toHaveBeenCalled();
  await hands.keyboard("because{Enter}");
  await hands.click(document.querySelector(".slight")!);
  document.querySelector("dialog")?.dispatchEvent(new Event("cancel", { cancelable: true }));
  expect(answer.mock.calls).toEqual([["because"], ["Slip"], [null]]);
  unmount();
});

test("a question with answers: a digit or Enter picks, arrows move the focus", async () => {
  const hands = openSite();
  const answer = vi.fn();
  render(AskChoice, {
    props: { question: { kind: "choice", title: "Which?", hint: "One", options: CHOICES }, answer },
  });
  await until(() => expect(document.activeElement?.getAttribute("data-code")).toBe("C1"));
  await hands.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(document.activeElement?.getAttribute("data-code")).toBe("C2");
  await hands.keyboard("{Enter}39");
  expect(answer.mock.calls).toEqual([["C2"], ["C3"]]);
});

test("a dialog is modal, has its title for a name, and keeps keys from the page behind it, except that of locking", async () => {
  openSite();
  const behind = vi.fn();
  document.addEventListener("keydown", behind);
  const children = createRawSnippet(() => ({ render: () => "<button>inside</button>" }));
  render(Dialog, { props: { title: "Title", onclose: vi.fn(), children, name: "test" } });
  const dialog = await shown<HTMLDialogElement>("dialog[data-dialog=test]");
  expect([dialog.open, document.getElementById(dialog.getAttribute("aria-labelledby") ?? "")?.textContent]).toEqual([
    true,
    "Title",
  ]);
  dialog.querySelector("button")?.focus();
  press("a");
  expect(behind).not.toHaveBeenCalled();
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: "l", ctrlKey: true, bubbles: true }));
  expect(behind).toHaveBeenCalledTimes(1);
  document.removeEventListener("keydown", behind);
});

test("a refusal is worded by its code alone, and is an alert", () => {
  openSite();
  const { container, rerender } = render(Refusal, {
    props: { of: new RefusedError({ code: "disk_full", message: "os error 28", waitSeconds: null }) },
  });
  expect(textOf(container.querySelector("[role=alert][data-refused=disk_full]"))).toMatch(/^The disk or stick is full/);
  expect(container.textContent).not.toContain("os error");
  void rerender({ of: null });
});

test("while a page is fetched it says so, and then why it could not be", async () => {
  openSite();
  const { container, rerender } = render(Loading, { props: { refused: null } });
  expect(container.querySelector("[role=status]")).not.toBeNull();
  await rerender({ refused: new RefusedError({ code: "locked", message: "", waitSeconds: null }) });
  expect(container.querySelector("[data-refused=locked]")).not.toBeNull();
});

test("a label belongs to its control, and its hint describes it", () => {
  openSite();
  const children = createRawSnippet<[{ id: string; describedby: string | undefined }]>((at) => ({
    render: () => `<input id="${at().id}" aria-describedby="${at().describedby}" />`,
  }));
  const { container } = render(Labelled, { props: { label: "Name", hint: "As it is signed", children } });
  const input = container.querySelector("input");
  expect(container.querySelector("label")?.getAttribute("for")).toBe(input?.id);
  expect(document.getElementById(input?.getAttribute("aria-describedby") ?? "")?.textContent).toBe("As it is signed");
});

test("a new password is typed twice, and says when the two differ", async () => {
  const hands = openSite();
  const { container } = render(NewPassword, { props: { password: "", again: "" } });
  const [first, again] = [...container.querySelectorAll("input")];
  await hands.type(first!, "copper lantern river");
  await hands.type(again!, "copper");
  expect(again?.getAttribute("aria-invalid")).toBe("true");
  await hands.type(again!, " lantern river");
  expect(again?.getAttribute("aria-invalid")).toBe("false");
});

test("every mark has a shape of its own, and a name only where it stands alone", () => {
  openSite();
  const names = [
    "empty",
    "started",
    "complete",
    "not_done",
    "must_change",
    "confirm",
    "due",
    "query",
    "verified",
    "signed",
    "locked",
  ] as const;
  const shapes = names.map((name) => render(Mark, { props: { name } }).container.querySelector("svg")?.innerHTML);
  expect(new Set(shapes).size).toBe(names.length);
  const named = render(Mark, { props: { name: "query", label: "Open query" } }).container.querySelector("svg");
  expect([named?.getAttribute("role"), named?.getAttribute("aria-label"), named?.getAttribute("aria-hidden")]).toEqual([
    "img",
    "Open query",
    null,
  ]);
});

test("the mark of a form says first what must be done", () => {
  const form = {
    key: "",
    title: "",
    status: "started" as const,
    mustChange: 0,
    confirm: 0,
    queries: 0,
    atCenter: false,
    rows: null,
  };
  expect(markOf(form)).toBe("started");
  expect(markOf({ ...form, confirm: 1 })).toBe("confirm");
  expect(markOf({ ...form, confirm: 1, queries: 1 })).toBe("query");
  expect(markOf({ ...form, queries: 1, mustChange: 1 })).toBe("must_change");
});

test("icons, keys and the name of the program are drawn for the eye alone", () => {
  openSite();
  const hidden = [render(Icon, { props: { name: "lock" } }), render(Key, { props: { of: "F4" } }), render(Logo)];
  expect(hidden.map(({ container }) => container.querySelector("[aria-hidden=true]") !== null)).toEqual([
    true,
    true,
    true,
  ]);
});

test("language and theme are one press away and kept", async () => {
  const hands = openSite();
  preferences.theme = "light";
  render(LookButtons);
  await hands.click(document.querySelector("[data-act=language]")!);
  await hands.click(document.querySelector("[data-act=theme]")!);
  expect([document.documentElement.lang, document.documentElement.dataset["theme"]]).toEqual(["zh-CN", "dark"]);
});

test("a name and a secret are hidden or shown as asked, and a page may have two pairs", async () => {
  const hands = openSite();
  const { container, rerender } = render(NameAndSecret, { props: { user: "nurse1", secret: "", label: "Today" } });
  const secret = container.querySelector<HTMLInputElement>("[name=password]");
  expect(container.querySelector<HTMLInputElement>("[name=user]")?.value).toBe("nurse1");
  await hands.type(secret!, "copper");
  expect([secret?.type, secret?.value]).toEqual(["password", "copper"]);
  await rerender({ secret: "copper", plain: true, of: "here-" });
  expect([secret?.type, secret?.name, secret?.value]).toEqual(["text", "here-password", "copper"]);
});
