import { ask } from "../../model/ask.svelte";
import { InOrder } from "../../model/in-order";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { FindingView, TumourCell, TumourColumn, TumoursView } from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";
import { labelOf, linesOf, moved, type Line, type Spot } from "./lines";

/** One subject's tumours: the grid, the cursor in it, and entry right there. */
export class TumoursState extends Loaded<TumoursView> {
  readonly subject: string;
  spot = $state.raw<Spot>({ line: 0, column: 0 });
  /** What is being typed into the cell in focus; null while nothing is. */
  typing = $state<string | null>(null);
  /** The assessment to which a new lesion is being added. */
  adding = $state.raw<TumourColumn | null>(null);
  saving = $state(0);
  // Saves run one after another; the cursor does not wait for them.
  readonly #saves = new InOrder();

  constructor(subject: string) {
    super();
    this.subject = subject;
  }

  get lines(): Line[] {
    return this.now === null ? [] : linesOf(this.now);
  }
  get column(): TumourColumn | undefined {
    return this.now?.columns[this.spot.column];
  }
  get line(): Line | undefined {
    return this.lines[this.spot.line];
  }
  get cell(): TumourCell | undefined {
    return this.line?.kind === "lesion" ? this.line.row.cells[this.spot.column] : undefined;
  }
  /** Whether the cell in focus takes what is typed. */
  get writable(): boolean {
    const { line, column } = this;
    if (this.now?.editable !== true || line === undefined || column === undefined) return false;
    if (line.kind === "response") return column.responses[line.index]?.cell != null;
    if (column.baseline) return line.row.role === "target";
    return (this.cell?.parts ?? 0) < 2;
  }
  /** A soft finding at the cursor that waits for a word. */
  get waiting(): { cell: string; finding: FindingView } | null {
    const { line, column } = this;
    const response = line?.kind === "response" ? column?.responses[line.index] : this.cell;
    const finding = response?.findings.find((each) => each.severity === "soft" && each.confirmed === null);
    return finding === undefined || response?.cell == null ? null : { cell: response.cell, finding };
  }

  async fetch(): Promise<void> {
    const first = this.now === null;
    await this.load(() => ipc.tumoursView({ subject: this.subject, lang: lang.tag }));
    if (first && this.now !== null) this.spot = { line: 0, column: Math.max(0, this.now.columns.length - 1) };
  }

  move(key: string): boolean {
    const to = moved(key, this.spot, this.lines.length, this.now?.columns.length ?? 0);
    if (to !== null) this.spot = to;
    return to !== null;
  }

  /** Leaves the cell: what was typed is saved as it is by the form. */
  commit(): void {
    const typed = this.typing;
    this.typing = null;
    if (typed !== null && typed.trim() !== (this.cell?.draft ?? this.cell?.size ?? "")) this.say(typed);
  }

  /** Says of the lesion at the cursor what the scan shows. */
  say(typed: string): void {
    const { line, column } = this;
    if (!this.writable || line?.kind !== "lesion" || column === undefined) return;
    const place = { subject: this.subject, form: column.form, lesion: line.row.id };
    this.#save((reason) => ipc.tumourRead({ ...place, typed, reason, lang: lang.tag }));
  }

  /** Asks which response is to be entered at the cursor. */
  async respond(): Promise<void> {
    const { line, column } = this;
    if (line?.kind !== "response" || column === undefined || !this.writable) return;
    const cell = column.responses[line.index]?.cell;
    if (cell == null) return;
    const title = t("tumours.enter", { what: t(`tumours.line.${line.line.kind}`), visit: column.label });
    const typed = await ask.choice({ title, options: line.line.choices });
    if (typed !== null) this.respondWith(cell, typed);
  }

  respondWith(cell: string, typed: string): void {
    const { subject } = this;
    this.#save(async (reason) => {
      await ipc.saveItem({ subject, cell, typed, reason, lang: lang.tag });
      return ipc.tumoursView({ subject, lang: lang.tag });
    });
  }

  async confirm(): Promise<void> {
    const { waiting, subject } = this;
    if (waiting === null) return;
    const { cell, finding } = waiting;
    const comment = await ask.text({ title: finding.message, label: t("tumours.comment") });
    if (comment === null) return;
    this.#save(async () => {
      await ipc.confirmFinding({ subject, cell, rule: finding.rule, comment, lang: lang.tag });
      return ipc.tumoursView({ subject, lang: lang.tag });
    });
  }

  addLesion(column: TumourColumn, organ: string, place: string, certainty: string): void {
    this.adding = null;
    const lesion = { organ, place, certainty };
    this.#save(() => ipc.tumourNew({ subject: this.subject, form: column.form, lesion, lang: lang.tag }));
  }

  /** Offers the assessments that may be added, and asks for the date of the one picked. */
  async addAssessment(): Promise<void> {
    const offered = this.now?.addable ?? [];
    const key = (event: { oid: string; repeat: string }) => `${event.oid}[${event.repeat}]`;
    const options = offered.map((event) => ({ code: key(event), label: event.title }));
    const picked = await ask.choice({ title: t("tumours.assessment.title"), options });
    const event = offered.find((each) => key(each) === picked);
    if (event === undefined) return;
    const date = await ask.text({ title: event.title, label: t("tumours.assessment.date") });
    if (date === null) return;
    const { subject } = this;
    const { oid, repeat } = event;
    this.#save(async () => {
      await ipc.eventAdd({ subject, oid, repeat, date, lang: lang.tag });
      return ipc.tumoursView({ subject, lang: lang.tag });
    });
    await this.#saves.idle();
    const at = this.now?.columns.findIndex((column) => column.form.startsWith(`${oid}[${repeat}]`)) ?? -1;
    if (at >= 0) this.spot = { ...this.spot, column: at };
  }

  /** Waits until everything is on the disk. */
  async settled(): Promise<boolean> {
    this.commit();
    await this.#saves.idle();
    return true;
  }

  #save(act: (reason: string | null) => Promise<TumoursView>): void {
    this.saving += 1;
    void this.#saves.run(() => this.#attempt(act, null)).finally(() => (this.saving -= 1));
  }

  async #attempt(act: (reason: string | null) => Promise<TumoursView>, reason: string | null): Promise<void> {
    try {
      this.now = await act(reason);
      this.refused = null;
      this.#tell();
    } catch (thrown) {
      const refused = asRefused(thrown);
      const asked = refused.code === "reason_needed" && reason === null;
      const why = asked ? await ask.text({ title: t("reason.title"), label: t("reason.label") }) : null;
      if (why !== null) return this.#attempt(act, why);
      this.refused = asked ? null : refused;
      // What cannot be drawn anew now stays as it was, with the refusal beside it: later saves must not wait for it.
      this.now = await ipc.tumoursView({ subject: this.subject, lang: lang.tag }).catch(() => this.now);
    }
  }

  /** Says to whoever does not see the screen what the response now is. */
  #tell(): void {
    const { column } = this;
    const overall = column?.responses.at(-1);
    const line = this.now?.lines.at(-1);
    if (overall?.computed == null || line === undefined || column === undefined) return;
    live.say(t("tumours.now", { visit: column.label, response: labelOf(line.choices, overall.computed) }));
  }
}
