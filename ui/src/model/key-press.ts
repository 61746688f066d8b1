/** The parts of a keyboard event that decide what it means; a test can make one without a window. */
export type KeyPress = {
  key: string;
  ctrlKey?: boolean;
  metaKey?: boolean;
  altKey?: boolean;
  shiftKey?: boolean;
  isComposing?: boolean;
};

/** Names a press: `Ctrl+Enter`, `Shift+Tab`, `F4`, `a`. A press inside an input method's composition has no name. */
export function keyName(press: KeyPress): string {
  if (press.isComposing === true || press.key === "Process") return "";
  const ctrl = press.ctrlKey === true || press.metaKey === true;
  // Shift is part of the sign itself for `?` or `A`; it is named for keys that print nothing.
  const shift = press.shiftKey === true && (press.key.length > 1 || ctrl);
  const key = press.key.length === 1 && ctrl ? press.key.toLowerCase() : press.key;
  return `${ctrl ? "Ctrl+" : ""}${press.altKey === true ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

/** Whether what has the focus takes letters, so that a single letter is not an order. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLTextAreaElement || target.isContentEditable) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** Where a list's cursor goes for a key; the same index when the key means nothing to it. */
export function cursorAfter(key: string, at: number, length: number, page = 10): number {
  if (length === 0) return -1;
  const to: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: length - 1,
  };
  return Math.max(0, Math.min(length - 1, to[key] ?? at));
}
