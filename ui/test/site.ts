import { cleanup, render } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import type { Component } from "svelte";
import { afterEach, expect, vi } from "vitest";

import { lang } from "../src/i18n/lang.svelte";
import type { SessionView } from "../src/ipc/messages";
import { ask } from "../src/model/ask.svelte";
import { keybar } from "../src/model/keys.svelte";
import { live } from "../src/model/live.svelte";
import { router } from "../src/model/route.svelte";
import { session } from "../src/model/session.svelte";
import { makeBackend } from "./fake/backend";
import type { Backend, FakeBackend } from "./fake/contract";
import { site } from "./fake/core";
import { start, view } from "./fake/lists";
import Stage from "./Stage.svelte";

afterEach(cleanup);

// Svelte asks a select for its `option:checked`, which this document does not know: it is the option that is selected.
const { querySelector } = HTMLSelectElement.prototype;
HTMLSelectElement.prototype.querySelector = function (this: HTMLSelectElement, selector: string) {
  return selector === ":checked" ? (this.selectedOptions[0] ?? null) : querySelector.call(this, selector);
} as typeof querySelector;

/** A person's hands: every key goes the whole way through the window, none waits for a clock. */
export type Hands = ReturnType<typeof userEvent.setup>;

/** Other answers for some commands; those that only change what the site would say are given the site itself. */
export type Otherwise = Partial<Backend> | ((site: FakeBackend) => Partial<Backend>);

/** Begins a test at an invented site where somebody is signed in. */
export function openSite(otherwise: Otherwise = {}, signedIn: Partial<SessionView> = {}): Hands {
  const who = { ...view, ...signedIn };
  const usual = makeBackend(who);
  site.backend = { ...usual, ...(typeof otherwise === "function" ? otherwise(usual) : otherwise) };
  site.calls = [];
  ask.now?.answer(null);
  live.silence();
  router.reset();
  keybar.helpOpen = false;
  keybar.hints = [];
  lang.use("en");
  session.start = start;
  session.vault = start.vaults[0] ?? null;
  session.view = who;
  session.integrity = null;
  session.unsent = 0;
  session.recovered = false;
  return userEvent.setup({ delay: null });
}

/** Shows a page with what the shell holds around it: its questions, its key help and what is said aloud. */
export function show<P extends Record<string, unknown>>(page: Component<P, object, "">, props: P): void {
  render(Stage, { props: { page: page as Component<never, object, "">, props } });
}

/** Nobody is signed in: the window as it starts. */
export function openWindow(otherwise: Otherwise = {}): Hands {
  const hands = openSite(otherwise);
  session.view = null;
  session.vault = null;
  return hands;
}

/** A disk that takes its time: answers wait until the test lets the next one through. */
export class SlowDisk {
  #waiting: Array<() => void> = [];

  hold<A, T>(answer: (asked: A) => T): (asked: A) => Promise<T> {
    return (asked) => new Promise((resolve) => this.#waiting.push(() => resolve(answer(asked))));
  }

  /** Lets the next answer through, as soon as it is asked for. */
  async next(): Promise<void> {
    await until(() => expect(this.#waiting.length).toBeGreaterThan(0));
    this.#waiting.shift()?.();
  }
}

/** Waits until something holds; generous, so that a slow computer is no failure. */
export const until = (holds: () => void): Promise<void> => vi.waitFor(holds, { timeout: 10_000, interval: 5 });

/** Waits until an element is there. */
export async function shown<T extends HTMLElement = HTMLElement>(selector: string): Promise<T> {
  await until(() => expect(document.querySelector(selector), selector).not.toBeNull());
  return document.querySelector<T>(selector)!;
}

/** The text of an element, its white space as a person sees it. */
export const textOf = (element: Element | null): string => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** Waits until the focus is in a cell, named as `focusAt` names it. */
export const arrives = (cell: string): Promise<void> => until(() => expect(focusAt()).toBe(cell));

/** Waits for a dialog and answers its question for words. */
export async function answer(hands: Hands, words: string): Promise<void> {
  await until(() => expect(document.activeElement).toHaveProperty("name", "said"));
  await hands.keyboard(`${words}{Enter}`);
  await until(() => expect(document.querySelector("dialog")).toBeNull());
}

/** Waits for a dialog and picks one of its answers by digit. */
export async function pick(hands: Hands, digit: number): Promise<void> {
  await shown("dialog [data-code]");
  await hands.keyboard(String(digit));
  await until(() => expect(document.querySelector("dialog [data-code]")).toBeNull());
}

/** The cell that the focus is in, by the end of its key; or the act of the button that has it. */
export function focusAt(): string {
  const at = document.activeElement;
  const cell = at?.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
  return cell?.split("/").slice(2).join("/") ?? (at as HTMLElement | null)?.dataset["act"] ?? "";
}
