import { Loaded } from "../../model/loaded.svelte";
import { lang } from "../../i18n/lang.svelte";
import { subjectRegister, subjects } from "../../ipc/commands";
import type { SubjectRow } from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";

export type SortKey = "subject" | "next" | "attention" | "progress" | "unsent";
export type Filter = "all" | "attention" | "queries" | "unsent";

/** How much of a subject wants a person. */
export const attention = (row: SubjectRow): number => row.mustChange + row.confirm + row.queries;

const LATE = "9999";
const ORDER: Record<SortKey, (a: SubjectRow, b: SubjectRow) => number> = {
  subject: (a, b) => a.subject.localeCompare(b.subject, "en", { numeric: true }),
  next: (a, b) => (a.nextDate ?? LATE).localeCompare(b.nextDate ?? LATE),
  attention: (a, b) => attention(b) - attention(a),
  progress: (a, b) => a.complete / (a.expected || 1) - b.complete / (b.expected || 1),
  unsent: (a, b) => b.unsent - a.unsent,
};

const KEEPS: Record<Filter, (row: SubjectRow) => boolean> = {
  all: () => true,
  attention: (row) => attention(row) > 0,
  queries: (row) => row.queries > 0,
  unsent: (row) => row.unsent > 0,
};

/** The site's subjects: found, filtered, sorted. */
export class SubjectsState extends Loaded<SubjectRow[]> {
  typed = $state("");
  sort = $state<SortKey>("subject");
  filter = $state<Filter>("all");
  registering = $state(false);

  get rows(): SubjectRow[] {
    const wanted = this.typed.trim().toLowerCase();
    const fits = (row: SubjectRow) => `${row.subject} ${row.facts.join(" ")}`.toLowerCase().includes(wanted);
    const kept = (this.now ?? []).filter((row) => KEEPS[this.filter](row) && fits(row));
    return kept.sort((a, b) => ORDER[this.sort](a, b) || ORDER.subject(a, b));
  }

  fetch(): Promise<void> {
    return this.load(() => subjects({ lang: lang.tag }));
  }

  /** Registers the next subject; its key, or null when that was refused. */
  async register(): Promise<string | null> {
    this.registering = true;
    try {
      return await subjectRegister();
    } catch (thrown) {
      this.refused = asRefused(thrown);
      return null;
    } finally {
      this.registering = false;
    }
  }
}
