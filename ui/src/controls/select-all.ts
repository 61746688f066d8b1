import type { Field } from "../model/field.svelte";

/** Calls once the frame that is being made has been painted: a message waits until then. */
function afterPaint(then: () => void): void {
  requestAnimationFrame(() => {
    const paint = new MessageChannel();
    paint.port2.onmessage = () => then();
    paint.port1.postMessage(null);
  });
}

/**
 * Selects what a field holds as the focus comes, so that typing replaces it, as in a sheet. What was typed ahead of
 * the focus is no old value: there the cursor goes behind it, or the next key would replace it.
 *
 * Telling the desktop of a selection takes the window longer than all that follows from an answer. So what follows is
 * painted first; a key that comes before then finds the text selected all the same.
 */
export function selectAll(event: FocusEvent, field: Field): void {
  const input = event.currentTarget;
  if (!(input instanceof HTMLInputElement)) return;
  let waits = true;
  const select = (): void => {
    if (!waits) return;
    waits = false;
    input.removeEventListener("keydown", select, true);
    if (input !== document.activeElement) return;
    if (field.dirty) input.setSelectionRange(input.value.length, input.value.length);
    else input.select();
  };
  const leave = (): void => {
    waits = false;
    input.removeEventListener("keydown", select, true);
    // A selection that is kept would be told again when the focus comes back.
    input.setSelectionRange(input.value.length, input.value.length);
  };
  input.addEventListener("keydown", select, true);
  input.addEventListener("blur", leave, { once: true });
  afterPaint(select);
}
