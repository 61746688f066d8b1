import type { Field } from "../model/field.svelte";

/** The unit behind the number: none while the text names its own. */
export function unitShown(field: Field): string {
  const own = /[^\d\s.,<>=+-]/.test(field.shown);
  if (own && (field.focused || field.dirty)) return "";
  const entered = field.cell.unit !== "" && !field.dirty ? field.cell.unit : field.shape.unit;
  return field.cell.missing !== "" && !field.focused ? "" : entered;
}

/** The number as shown: in words it may bring its unit, which is shown behind it already. */
export function numberShown(field: Field): string {
  if (field.focused || field.dirty) return field.text;
  const unit = field.cell.unit || field.shape.unit;
  const shown = field.cell.display;
  return unit !== "" && shown.endsWith(unit) ? shown.slice(0, -unit.length).trimEnd() : shown;
}
