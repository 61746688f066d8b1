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
import type { Backend } from "./fake/contract";
import { site } from "./fake/core";
import { start, view } from "./fake/lists";
import Stage from "./Stage.svelte";

afterEach(cleanup);

/** A person's hands: every key goes the whole way through the window, none waits for a clock. */
export type Hands = ReturnType<typeof userEvent.setup>;

/** Begins a test at an invented site where somebody is signed in; `over` answers some commands otherwise. */
export function openSite(over: Partial<Backend> = {}, signedIn: Partial<SessionView> = {}): Hands {
  const who = { ...view, ...signedIn };
  site.backend = { ...makeBackend(who), ...over };
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
  return userEvent.setup({ delay: null });
}

/** Shows a page with what the shell holds around it: its questions, its key help and what is said aloud. */
export function show<P extends Record<string, unknown>>(page: Component<P, object, "">, props: P): void {
  render(Stage, { props: { page: page as Component<never, object, "">, props } });
}

/** Nobody is signed in: the window as it starts. */
export function openWindow(over: Partial<Backend> = {}): Hands {
  const hands = openSite(over);
  session.view = null;
  session.vault = null;
  return hands;
}

/** An answer that is held back until `give` is called. */
export function held<T>(answer: () => T): { promise: Promise<T>; give: () => void } {
  let give = (): void => undefined;
  const promise = new Promise<T>((resolve) => (give = () => resolve(answer())));
  return { promise, give: () => give() };
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

/** The cell that the focus is in, by the end of its key; or the act of the button that has it. */
export function focusAt(): string {
  const at = document.activeElement;
  const cell = at?.closest<HTMLElement>("[data-cell]")?.dataset["cell"];
  return cell?.split("/").slice(2).join("/") ?? (at as HTMLElement | null)?.dataset["act"] ?? "";
}
