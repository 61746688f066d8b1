import type { ItemShape } from "../ipc/messages";

/** How much of a row its control takes: a number's width, room for words with the marks beside, or all of it. */
export type Width = "narrow" | "middle" | "wide";

const NARROW = 16;
const MIDDLE = 42;
const SHORT_TEXT = 20;
const SENTENCE = 34;

/** Width of a text in letters; a Chinese one counts twice. */
const letters = (text: string): number => [...text].reduce((sum, letter) => sum + (letter > "\u2e7f" ? 2 : 1), 0);

/** Whether the questions of a group are sentences, so that they need the room more than the state beside them. */
export function isWorded(shapes: ItemShape[]): boolean {
  const all = shapes.reduce((sum, shape) => sum + letters(shape.question), 0);
  return shapes.length > 0 && all / shapes.length > SENTENCE;
}

/** Room that choices take side by side, in letters, with digit and padding. */
export function room(shape: ItemShape): number {
  return shape.choices.reduce((sum, choice) => sum + 4 + letters(choice.label), 0);
}

/** The width that fits a question. */
export function widthOf(shape: ItemShape): Width {
  if (shape.control === "long_text" || shape.control === "grade") return "wide";
  if (shape.control === "list" || shape.control === "term" || shape.control === "date_time") return "middle";
  if (shape.control === "text") return (shape.length ?? 200) > SHORT_TEXT ? "middle" : "narrow";
  if (shape.control === "derived")
    return shape.choices.some((choice) => letters(choice.label) > NARROW) ? "middle" : "narrow";
  if (shape.control !== "choices" || room(shape) <= NARROW) return "narrow";
  return room(shape) <= MIDDLE ? "middle" : "wide";
}

/** Whether choices stand below each other: side by side they would not fit. */
export const isStacked = (shape: ItemShape): boolean => room(shape) > 50;
