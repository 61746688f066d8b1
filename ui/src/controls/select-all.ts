import { tick } from "svelte";

/** Selects what a field holds as the focus comes, so that typing replaces it, as in a sheet. */
export async function selectAll(event: FocusEvent): Promise<void> {
  const field = event.currentTarget;
  await tick();
  if (field === document.activeElement && (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) {
    field.select();
  }
}
