import { daysBetween } from "../../i18n/dates";
import type { EventColumn } from "../../ipc/messages";

/** A visit on the line of time: where it is planned, its window, and when it took place; in per cent of the width. */
export type Bar = { event: EventColumn; at: number; from: number; to: number; done: boolean; lane: number };
/** The line of time of one subject. */
export type Line = { bars: Bar[]; months: Array<{ at: number; iso: string }>; today: number | null };

const MARGIN_DAYS = 14;
const MOST_MONTHS = 14;
// Visits lie below each other where their labels would touch.
const LANES = 3;
const LABEL_PERCENT = 6;

const whole = (iso: string | null | undefined): iso is string => /^\d{4}-\d\d-\d\d/.test(iso ?? "");

/** Lays visits with whole dates on a line; null where fewer than two can be laid. */
export function schedule(events: EventColumn[], today: string): Line | null {
  const laid = events.filter((event) => whole(event.date ?? event.planned));
  if (laid.length < 2) return null;
  const dates = laid
    .flatMap((event) => [event.date, event.planned, ...(event.window ?? [])])
    .filter(whole)
    .sort();
  const first = dates[0] ?? today;
  const last = dates.at(-1) ?? today;
  const span = daysBetween(first, last) + 2 * MARGIN_DAYS;
  const at = (iso: string) => ((daysBetween(first, iso) + MARGIN_DAYS) / span) * 100;
  const free = Array.from({ length: LANES }, () => -Infinity);
  const inTime = [...laid].sort((a, b) => at(a.date ?? a.planned ?? first) - at(b.date ?? b.planned ?? first));
  const bars = inTime.map((event) => {
    const when = event.date ?? event.planned ?? first;
    const [from, to] = event.window ?? [when, when];
    const start = Math.min(at(from), at(when) - LABEL_PERCENT / 2);
    const lane = Math.max(
      0,
      free.findIndex((until) => until < start),
    );
    free[lane] = Math.max(at(to), at(when) + LABEL_PERCENT / 2);
    return { event, at: at(when), from: at(from), to: at(to), done: event.date !== null, lane };
  });
  const now = at(today);
  return {
    bars,
    months: months(first, last).map((iso) => ({ at: at(iso), iso })),
    today: now >= 0 && now <= 100 ? now : null,
  };
}

function months(first: string, last: string): string[] {
  const all: string[] = [];
  let [year, month] = first.split("-").map(Number) as [number, number];
  for (;;) {
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
    const iso = `${year}-${String(month).padStart(2, "0")}-01`;
    if (iso > last) break;
    all.push(iso);
  }
  const every = Math.ceil(all.length / MOST_MONTHS);
  return all.filter((_, index) => index % every === 0);
}
