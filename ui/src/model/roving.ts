import { cursorAfter, keyName } from "./key-press";

/**
 * Arrows, Home, End and Page keys walk through the rows of a list: an attachment-free handler for the list's element.
 * Rows are whatever matches `selector`; the one in focus is where the walk starts.
 */
export function walk(event: KeyboardEvent, selector: string): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement)) return;
  const rows = [...list.querySelectorAll<HTMLElement>(selector)];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const name = keyName(event);
  const to = cursorAfter(name, at, rows.length);
  if (to < 0 || !/^(Arrow(Up|Down)|Page|Home|End)/.test(name)) return;
  event.preventDefault();
  rows[to]?.focus();
  rows[to]?.scrollIntoView({ block: "nearest" });
}
