import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { session } from "../../model/session.svelte";
import { Sheet } from "../../model/field-set.svelte";
import type { Field } from "../../model/field.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import { wordRefusal } from "../../i18n/refusal";
import * as ipc from "../../ipc/commands";
import type { FormNews, FormShape, FormState, SubjectView } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";
import { askReason } from "./questions";

const FOLLOW_MS = 600;

/** One form of one subject, as a person works on it. Every act goes through one line, so that answers come in order. */
export class FormDesk {
  readonly subject: string;
  readonly form: string;
  readonly sheet = new Sheet();
  shape = $state.raw<FormShape | null>(null);
  state = $state.raw<FormState | null>(null);
  book = $state.raw<SubjectView | null>(null);
  /** The cell that the right-hand column speaks of. */
  focus = $state("");
  /** Why a completed form is changed: asked once, given with each change until the person leaves. */
  reason = $state("");
  refused = $state.raw<RefusedError | null>(null);
  /** Rises with each answer of Rust; what shows derived knowledge asks again. */
  version = $state(0);
  // The telling of Rust that the fields show; the next one says what is otherwise.
  #told = 0;
  #line: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  // Saves on their way: whoever leaves a field meanwhile waits for the same answer, which decides what comes next.
  readonly #flights = new Map<string, Promise<boolean>>();
  #following: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<string | undefined> | null = null;

  constructor(subject: string, form: string) {
    this.subject = subject;
    this.form = form;
  }

  get place() {
    return { subject: this.subject, form: this.form, lang: lang.tag };
  }

  get editable(): boolean {
    return this.state?.editable ?? false;
  }

  /** Fetches the form in the language in use; fields that are being typed into keep what they hold. */
  async load(): Promise<void> {
    try {
      const [shape, state] = await Promise.all([ipc.formShape(this.place), ipc.formState(this.place)]);
      this.shape = shape;
      this.#take(state);
      await this.loadBook();
    } catch (thrown) {
      this.refused = asRefused(thrown);
    }
  }

  async loadBook(): Promise<void> {
    this.book = await ipc.subjectView({ subject: this.subject, lang: lang.tag });
  }

  /** Saves one field; false when it could not be, and the field says why. */
  async save(field: Field): Promise<boolean> {
    if (field.underWay) return (await this.#flights.get(field.key)) ?? true;
    if (!field.leaving || !this.editable) return true;
    const reason = field.reasonNeeded ? await this.#why() : null;
    if (reason === undefined) return false;
    // While the reason was asked for, the same field may have been saved by another way out of it.
    if (!field.leaving) return this.save(field);
    return this.#send(field, (typed) => ipc.saveItem({ ...this.#at(field), typed, reason }));
  }

  /** Says why there is no value. */
  async saveMissing(field: Field, code: string): Promise<boolean> {
    const reason = field.reasonNeeded ? await this.#why() : null;
    if (reason === undefined) return false;
    return this.#send(field, () => ipc.saveMissing({ ...this.#at(field), code, reason }));
  }

  async settle(field: Field, typed: string, reason: string): Promise<boolean> {
    return this.#send(field, () => ipc.settleConflict({ ...this.#at(field), typed, reason }));
  }

  async confirm(field: Field, rule: string, comment: string): Promise<boolean> {
    return this.act(() => ipc.confirmFinding({ ...this.#at(field), rule, comment }));
  }

  /** Raises a query on a cell, or answers the one that is open. */
  async query(field: Field, text: string, answers: boolean): Promise<boolean> {
    const said = { ...this.#at(field), text };
    return this.act(async () => {
      await (answers ? ipc.answerQuery(said) : ipc.raiseQuery(said));
      return ipc.formState(this.place);
    });
  }

  /** Any act on the form that answers with its new state. */
  async act(what: () => Promise<FormNews>): Promise<boolean> {
    try {
      this.#take(await this.#next(() => this.#hear(what)));
      this.refused = null;
      return true;
    } catch (thrown) {
      this.refused = asRefused(thrown);
      live.alert(wordRefusal(this.refused));
      return false;
    }
  }

  /** Saves whatever is typed and not saved; false when something stays unsaved (it is a draft then). */
  async settleAll(): Promise<boolean> {
    let all = true;
    for (const field of this.sheet.unsaved) all = (await this.save(field)) && all;
    return all;
  }

  /** Keeps what is typed and not yet saved. */
  async keepDrafts(): Promise<void> {
    for (const field of this.sheet.fields) {
      const typed = this.editable ? field.takeDraft() : null;
      if (typed !== null) await ipc.draftItem({ subject: this.subject, cell: field.key, typed });
    }
  }

  /** Takes a field back to what is saved; the draft that was kept of it goes at once, not at the next second. */
  async giveUp(field: Field): Promise<void> {
    field.restore();
    await this.keepDrafts().catch(() => undefined);
  }

  #at(field: Field) {
    return { subject: this.subject, cell: field.key, lang: lang.tag };
  }

  /** The reason to give with a change; undefined when the person turned away. */
  async #why(): Promise<string | undefined> {
    // The question takes the focus out of the field, and leaving the field asks again: both wait for one answer.
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<string | undefined> {
    if (this.reason === "") this.reason = (await askReason()) ?? "";
    return this.reason === "" ? undefined : this.reason;
  }

  #send(field: Field, what: (typed: string) => Promise<FormNews>): Promise<boolean> {
    const flight: Promise<boolean> = this.#fly(field, what).finally(() => {
      if (this.#flights.get(field.key) === flight) this.#flights.delete(field.key);
    });
    this.#flights.set(field.key, flight);
    return flight;
  }

  async #fly(field: Field, what: (typed: string) => Promise<FormNews>): Promise<boolean> {
    const typed = field.sending();
    try {
      this.#take(await this.#next(() => this.#hear(() => what(typed))));
      field.land();
      live.say(t("field.saved.said", { question: field.shape.question, value: field.cell.display }));
      return true;
    } catch (thrown) {
      const refused = asRefused(thrown);
      field.failed(refused);
      live.alert(wordRefusal(refused));
      return false;
    }
  }

  /** Waits until every act that was begun has its answer. */
  async caughtUp(): Promise<void> {
    await this.#line;
  }

  /** In its turn; at once where nothing is under way, so that a save is on its way before anything is drawn. */
  #next<T>(what: () => Promise<T>): Promise<T> {
    const turn = this.#waiting === 0 ? what() : this.#line.then(what, what);
    this.#waiting += 1;
    const over = () => (this.#waiting -= 1);
    this.#line = turn.then(over, over);
    return turn;
  }

  /** What an act answers; the whole state where an earlier telling never came here. */
  async #hear(what: () => Promise<FormNews>): Promise<FormNews> {
    const news = await what();
    return news.since === null || news.since === this.#told ? news : ipc.formState(this.place);
  }

  #take(news: FormNews): void {
    if (this.shape === null) return;
    if (news.since === null) this.sheet.lay(this.shape, news);
    else this.sheet.change(news);
    this.#told = news.told;
    this.state = news;
    this.version += 1;
    session.unsent = news.unsent;
    // The marks of the left-hand column may follow at leisure; hands that type never wait for them.
    clearTimeout(this.#following);
    if (this.version > 1) this.#following = setTimeout(() => this.loadBook().catch(() => undefined), FOLLOW_MS);
  }

  /** Asks for another reason for the changes from here on. */
  async otherReason(): Promise<void> {
    this.reason = (await askReason()) ?? this.reason;
  }

  /** Lets go of open questions and of what would come later, as when the form is left. */
  close(): void {
    clearTimeout(this.#following);
    ask.now?.answer(null);
  }
}
