// Dates for people. Stored dates are ISO 8601 with their own precision: `2024`, `2024-03`, `2024-03-12`.

const OPTIONS: Record<number, Intl.DateTimeFormatOptions> = {
  1: { year: "numeric" },
  2: { year: "numeric", month: "short" },
  3: { year: "numeric", month: "short", day: "numeric" },
};

function parts(iso: string): number[] {
  return (iso.split("T")[0] ?? "").split("-").filter(Boolean).map(Number);
}

function utc(of: number[]): Date {
  return new Date(Date.UTC(of[0] ?? 1970, (of[1] ?? 1) - 1, of[2] ?? 1));
}

// A formatter reads its locale's tables when it is made, which takes longer than everything else on a keystroke's way.
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const made = FORMATS.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" });
  FORMATS.set(key, made);
  return made;
}

function written(locale: string, at: Date, options: Intl.DateTimeFormatOptions): string {
  if (locale !== "en") return format(locale, options).format(at);
  const two = options.day === undefined ? {} : { day: "2-digit" as const };
  return format("en-GB", { ...options, ...two })
    .format(at)
    .replace("Sept", "Sep");
}

/** `21 Oct 2026`, `2026年10月21日`; a partial date keeps its precision. */
export function wordDate(locale: string, iso: string | null | undefined): string {
  const of = parts(iso ?? "");
  const options = OPTIONS[of.length];
  if (options === undefined || of.some(Number.isNaN)) return iso ?? "";
  return written(locale, utc(of), options);
}

/** `21 Oct`, `10月21日`: for columns where the year is plain from the neighbours. */
export function wordDay(locale: string, iso: string | null | undefined): string {
  const of = parts(iso ?? "");
  if (of.length !== 3 || of.some(Number.isNaN)) return wordDate(locale, iso);
  return written(locale, utc(of), { month: "short", day: "numeric" });
}

/** `Wednesday, 21 Oct`, `10月21日星期三`: a day of a calendar. */
export function wordWeekday(locale: string, iso: string): string {
  const options: Intl.DateTimeFormatOptions = {
    weekday: "long",
    month: locale === "en" ? "short" : "long",
    day: "numeric",
  };
  return written(locale, utc(parts(iso)), options);
}

/** `21 Oct 2026, 14:02`, in the local time that the entry itself names. */
export function wordMoment(locale: string, iso: string | null | undefined): string {
  const clock = /T(\d\d:\d\d)/.exec(iso ?? "")?.[1];
  return clock === undefined
    ? wordDate(locale, iso)
    : `${wordDate(locale, iso)}${locale === "en" ? ", " : " "}${clock}`;
}

/** `14:02`. */
export function wordClock(iso: string | null | undefined): string {
  return /T(\d\d:\d\d)/.exec(iso ?? "")?.[1] ?? "";
}

/** Minutes as hours and minutes, for a message that has places for both. */
export function hours(minutes: number): { h: number; m: number } {
  return { h: Math.floor(minutes / 60), m: minutes % 60 };
}

/** Whole days from one date to another; positive when `to` is later. */
export function daysBetween(from: string, to: string): number {
  return Math.round((utc(parts(to)).getTime() - utc(parts(from)).getTime()) / 86_400_000);
}

/** The day of this computer's calendar, `2026-11-23`: for showing where today lies, never for deciding. */
export function localToday(now: Date = new Date()): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
