import type { Choice } from "../ipc/messages";

function rank(choice: Choice, wanted: string): number {
  const label = choice.label.toLowerCase();
  const code = choice.code.toLowerCase();
  if (code === wanted || label === wanted) return 0;
  if (label.startsWith(wanted)) return 1;
  if (code.startsWith(wanted)) return 2;
  if (label.split(/[\s/,(-]+/).some((word) => word.startsWith(wanted))) return 3;
  if (label.includes(wanted)) return 4;
  return wanted.split(/\s+/).every((word) => label.includes(word)) ? 5 : -1;
}

/** The choices that a typed text may mean, best first; all of them for an empty text. */
export function matching(choices: Choice[], typed: string): Choice[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return choices;
  return choices
    .map((choice, at) => ({ choice, at, rank: rank(choice, wanted) }))
    .filter((found) => found.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map((found) => found.choice);
}
