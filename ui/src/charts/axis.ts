import { daysBetween } from "../i18n/dates";

/** Maps a number between two limits onto a stretch of the drawing. Drawing only: doubles decide nothing here. */
export function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = to - from || 1;
  return (value) => start + ((value - from) / span) * (end - start);
}

/** Round numbers from below `low` to above `high`, about so many of them. */
export function ticks(low: number, high: number, about = 6): number[] {
  const rough = (high - low || 1) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  // Multiples, not sums: steps of 0.1 add up to 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** First days of months within two days, thinned out to at most so many. */
export function months(first: string, last: string, most = 16): string[] {
  const all: string[] = [];
  let [year, month] = first.split("-").map(Number) as [number, number];
  for (;;) {
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
    const iso = `${year}-${String(month).padStart(2, "0")}-01`;
    if (iso > last) break;
    all.push(iso);
  }
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, at) => at % every === 0);
}

/** Maps a day onto a stretch of the drawing. */
export function dayScale(first: string, last: string, start: number, end: number): (iso: string) => number {
  const at = scale(0, Math.max(1, daysBetween(first, last)), start, end);
  return (iso) => at(daysBetween(first, iso));
}

/** Whole weeks on an axis of days: every four, eight or more weeks, as there is room. */
export function weeks(days: number, about = 10): number[] {
  const steps = [1, 2, 4, 6, 8, 12, 24, 48];
  const step = steps.find((each) => days / 7 / each <= about) ?? 96;
  return Array.from({ length: Math.floor(days / 7 / step) + 1 }, (_, at) => at * step);
}

/** The part of a subject key that tells subjects of one site apart. */
export const shortKey = (subject: string): string => subject.slice(subject.lastIndexOf("-") + 1);

/** A change in words: `+12.5 %`, `−30.0 %`. */
export const percent = (change: string): string => `${Number(change) > 0 ? "+" : ""}${change.replace("-", "−")} %`;
