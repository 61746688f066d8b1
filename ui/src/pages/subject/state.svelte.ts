import { tick } from "svelte";

import { ask } from "../../model/ask.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import { wordRefusal } from "../../i18n/refusal";
import * as ipc from "../../ipc/commands";
import type { EventColumn, SubjectView } from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";
import { start, type Spot } from "./cursor";

/** One subject's casebook: the matrix, the cursor in it, and the acts on visits. */
export class SubjectState extends Loaded<SubjectView> {
  readonly subject: string;
  spot = $state.raw<Spot>({ row: -1, column: 0 });
  /** The visit whose date is being given. */
  dating = $state.raw<EventColumn | null>(null);
  dateRefusal = $state("");
  /** Rises when the focus should follow the cursor. */
  moves = $state(0);

  constructor(subject: string) {
    super();
    this.subject = subject;
  }

  async fetch(form: string): Promise<void> {
    const first = this.now === null;
    await this.load(() => ipc.subjectView({ subject: this.subject, lang: lang.tag }));
    if (first && this.now !== null) this.spot = start(this.now, form);
  }

  get column(): EventColumn | undefined {
    return this.now?.events[this.spot.column];
  }

  /** Puts the cursor into a row of a visit's column, wherever that column is now. */
  stand(row: number, event: string): void {
    const column = this.now?.events.findIndex((each) => each.key === event) ?? -1;
    if (column >= 0) this.spot = { row, column };
  }

  /** Offers the visits that may be added now. */
  async add(): Promise<void> {
    const offered = this.now?.addable ?? [];
    const picked = await ask.choice({
      title: t("visit.add.title"),
      options: offered.map((event) => ({ code: `${event.oid}[${event.repeat}]`, label: event.title })),
    });
    const event = offered.find((each) => `${each.oid}[${each.repeat}]` === picked);
    if (event === undefined) return;
    const { oid, repeat } = event;
    await this.load(() => ipc.eventAdd({ subject: this.subject, oid, repeat, lang: lang.tag }));
    this.stand(-1, `${oid}[${repeat}]`);
    this.dating = this.now?.events.find((column) => column.key === `${oid}[${repeat}]`) ?? null;
  }

  /** Gives a visit its date; asks for a reason where Rust wants one. */
  async date(event: EventColumn, typed: string, reason: string | null = null): Promise<void> {
    try {
      const place = { subject: this.subject, event: event.key, lang: lang.tag };
      const row = this.column?.key === event.key ? this.spot.row : -1;
      this.now = await ipc.eventDate({ ...place, date: typed, reason });
      this.dating = null;
      this.dateRefusal = "";
      // The dialog gave the focus back to where it came from. Its day may have moved the column, or the visit is new:
      // the cursor goes with the visit.
      await tick();
      this.stand(row, event.key);
      this.moves += 1;
    } catch (thrown) {
      const refused = asRefused(thrown);
      if (refused.code !== "reason_needed" || reason !== null) {
        this.dateRefusal = wordRefusal(refused);
        return;
      }
      const why = await ask.text({ title: t("reason.title"), label: t("reason.label") });
      if (why !== null) await this.date(event, typed, why);
    }
  }

  /** Records that a visit did not take place. */
  async missed(event: EventColumn): Promise<void> {
    this.dating = null;
    const reason = await ask.text({ title: t("visit.missed.title", { visit: event.title }), label: t("reason.label") });
    if (reason === null) return;
    await this.load(() => ipc.eventMissed({ subject: this.subject, event: event.key, reason, lang: lang.tag }));
  }
}
