import { tick } from "svelte";

import type { Field } from "../forms/field.svelte";

/**
 * Selects what a field holds as the focus comes, so that typing replaces it, as in a sheet. What was typed ahead of
 * the focus is no old value: there the cursor goes behind it, or the next key would replace it.
 */
export async function selectAll(event: FocusEvent, field: Field): Promise<void> {
  const input = event.currentTarget;
  await tick();
  if (!(input instanceof HTMLInputElement) || input !== document.activeElement) return;
  if (field.dirty) input.setSelectionRange(input.value.length, input.value.length);
  else input.select();
}
