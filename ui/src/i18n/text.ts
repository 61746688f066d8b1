import type { en } from "./en";

/** A message of the program. */
export type MessageKey = keyof typeof en;
/** All messages in one language. */
export type Catalogue = Record<MessageKey, string>;

// "{n} {n|change|changes}" has one placeholder, `n`.
type Name<S extends string> = S extends `${infer N}|${string}` ? N : S;
type Names<S extends string> = S extends `${string}{${infer N}}${infer Rest}` ? Name<N> | Names<Rest> : never;

/** What a message wants to be told: nothing, or an object with each of its placeholders. */
export type Told<K extends MessageKey> = [Names<(typeof en)[K]>] extends [never]
  ? []
  : [Record<Names<(typeof en)[K]>, string | number>];

/** `{name}` becomes the value; `{name|one|other}` becomes a word that fits the number. */
export function fill(message: string, told: Record<string, string | number> = {}): string {
  return message.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = told[name];
    if (one !== undefined) return Number(value) === 1 ? one : (other ?? "");
    return value === undefined ? "" : signed(value);
  });
}

/** A value as it is read: a negative number has a minus sign, not a hyphen. */
const signed = (value: string | number): string =>
  typeof value === "number" && value < 0 ? `−${-value}` : String(value);

/** The placeholders of a message, each once, in order of the alphabet. */
export function placeholders(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)/g)].map((found) => found[1] ?? ""))].sort();
}
