import { wordDate, wordDay, wordMoment, wordWeekday } from "./dates";
import { en } from "./en";
import { fill, type Catalogue, type MessageKey, type Told } from "./text";
import { zhCN } from "./zh-CN";

/** Languages that the program itself speaks. */
export const LANGUAGES = ["en", "zh-CN"] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Record<Language, Catalogue> = { en, "zh-CN": zhCN };

/** The nearest language that the program speaks. */
export function nearest(tag: string): Language {
  return tag.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

class Lang {
  tag = $state<Language>("en");

  use(tag: Language): void {
    this.tag = tag;
    if (typeof document !== "undefined") document.documentElement.lang = tag;
  }

  /** The next language in turn, and its own name for itself. */
  get other(): Language {
    return this.tag === "en" ? "zh-CN" : "en";
  }
}

/** The language in use; changing it changes every text on the screen at once. */
export const lang = new Lang();

/** A message in the language in use. */
export function t<K extends MessageKey>(key: K, ...told: Told<K>): string {
  return fill(CATALOGUES[lang.tag][key], told[0]);
}

/** A message that is told nothing, by a key that is not known until it runs. */
export const plain = (key: MessageKey): string => CATALOGUES[lang.tag][key];

/** A message whose key is put together from a code; the fallback speaks for codes that are not known. */
export function tCode(prefix: string, code: string, fallback: string): string {
  const catalogue: Partial<Record<string, string>> = CATALOGUES[lang.tag];
  return catalogue[`${prefix}.${code}`] ?? fallback;
}

// Making one reads its locale's tables; using one costs nothing.
const NUMBERS: Record<Language, Intl.NumberFormat> = {
  en: new Intl.NumberFormat("en"),
  "zh-CN": new Intl.NumberFormat("zh-CN"),
};

/** A number with the digits' grouping of the language. */
export const n = (value: number): string => NUMBERS[lang.tag].format(value);
export const date = (iso: string | null | undefined): string => wordDate(lang.tag, iso);
export const day = (iso: string | null | undefined): string => wordDay(lang.tag, iso);
export const weekday = (iso: string): string => wordWeekday(lang.tag, iso);
export const moment = (iso: string | null | undefined): string => wordMoment(lang.tag, iso);
