import type { Hint } from "../../model/keys.svelte";

/** The keys of the Tumours screen: the first few at the foot, all in the help. */
export const HINTS: Hint[] = [
  { keys: ["←", "↑", "↓", "→"], text: "keys.move" },
  { keys: ["0–9", "↵"], text: "keys.tumours.enter" },
  { keys: ["Z"], text: "keys.tumours.small" },
  { keys: ["X"], text: "keys.tumours.ne" },
  { keys: ["N"], text: "keys.tumours.new" },
  { keys: ["T"], text: "keys.tumours.assessment" },
  { keys: ["F"], text: "keys.tumours.form" },
  { keys: ["A"], text: "keys.tumours.absent", foot: false },
  { keys: ["D"], text: "keys.tumours.notdone", foot: false },
  { keys: ["P"], text: "keys.tumours.present", foot: false },
  { keys: ["E"], text: "keys.tumours.equivocal", foot: false },
  { keys: ["U"], text: "keys.tumours.unequivocal", foot: false },
  { keys: ["R"], text: "keys.tumours.refuted", foot: false },
  { keys: ["C"], text: "keys.tumours.confirm", foot: false },
  { keys: ["Del"], text: "keys.tumours.empty", foot: false },
  { keys: ["S", "Esc"], text: "keys.tumours.subject", foot: false },
];
