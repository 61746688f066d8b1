import type { ItemShape } from "../ipc/messages";

/** Whether a question needs the width of the row for its control; its words then stand beneath. */
export function isWide(shape: ItemShape): boolean {
  if (shape.control === "long_text" || shape.control === "list") return true;
  if (shape.control === "text") return (shape.length ?? 200) > 20;
  if (shape.control !== "choices") return false;
  // Digits, padding and letters in the space of the narrow column.
  const room = shape.choices.reduce((sum, choice) => sum + 4 + [...choice.label].reduce((w, c) => w + (c > "\u2e7f" ? 2 : 1), 0), 0);
  return room > 19;
}
