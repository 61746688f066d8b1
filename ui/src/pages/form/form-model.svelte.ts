import { lang, t } from "../../i18n/lang.svelte";
import { wordRefusal } from "../../i18n/refusal";
import * as ipc from "../../ipc/commands";
import type { FormUpdate, FormShape, FormState, SubjectView } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";
import { ask } from "../../model/ask.svelte";
import { FieldSet } from "../../model/field-set.svelte";
import type { Field } from "../../model/field.svelte";
import { InOrder } from "../../model/in-order";
import { live } from "../../model/live.svelte";
import { session } from "../../model/session.svelte";
import { askReason } from "./questions";

const FOLLOW_MS = 600;

/** One form of one subject: what Rust says of it, what is typed and not yet saved, and every act that changes it. */
export class FormModel {
  readonly subject: string;
  readonly form: string;
  readonly fields = new FieldSet();
  shape = $state.raw<FormShape | null>(null);
  state = $state.raw<FormState | null>(null);
  casebook = $state.raw<SubjectView | null>(null);
  /** The cell that has or last had the focus; the right-hand column speaks of it. */
  focus = $state("");
  /** Why a completed form is changed: asked once, given with each change until the person leaves. */
  reason = $state("");
  refused = $state.raw<RefusedError | null>(null);
  /** Rises with each answer of Rust; what shows derived knowledge asks again. */
  version = $state(0);
  // The revision of the form that the fields show; an update says on which revision it builds.
  #revision = 0;
  readonly #commands = new InOrder();
  // Saves on their way, by cell: whoever leaves a field meanwhile waits for the same answer.
  readonly #saves = new Map<string, Promise<boolean>>();
  #following: ReturnType<typeof setTimeout> | undefined;
  #asking: Promise<string | undefined> | null = null;

  constructor(subject: string, form: string) {
    this.subject = subject;
    this.form = form;
  }

  /** What every command about this form is given. */
  get request() {
    return { subject: this.subject, form: this.form, lang: lang.tag };
  }

  get editable(): boolean {
    return this.state?.editable ?? false;
  }

  /** Fetches the form in the language in use; fields that are being typed into keep what they hold. */
  async load(): Promise<void> {
    try {
      const [shape, state] = await Promise.all([ipc.formShape(this.request), ipc.formState(this.request)]);
      this.shape = shape;
      this.#accept(state);
      await this.loadCasebook();
    } catch (thrown) {
      this.refused = asRefused(thrown);
    }
  }

  async loadCasebook(): Promise<void> {
    this.casebook = await ipc.subjectView({ subject: this.subject, lang: lang.tag });
  }

  /** Saves one field; false when it could not be, and the field says why. */
  async save(field: Field): Promise<boolean> {
    if (field.inFlight) return (await this.#saves.get(field.key)) ?? true;
    if (!field.needsSave || !this.editable) return true;
    const reason = field.reasonNeeded ? await this.#reasonToGive() : null;
    if (reason === undefined) return false;
    // While the reason was asked for, the same field may have been saved by another way out of it.
    if (!field.needsSave) return this.save(field);
    return this.#send(field, (typed) => ipc.saveItem({ ...this.#cell(field), typed, reason }));
  }

  /** Says why there is no value. */
  async saveMissing(field: Field, code: string): Promise<boolean> {
    const reason = field.reasonNeeded ? await this.#reasonToGive() : null;
    if (reason === undefined) return false;
    return this.#send(field, () => ipc.saveMissing({ ...this.#cell(field), code, reason }));
  }

  /** Decides which of the values of several devices holds. */
  async resolveConflict(field: Field, typed: string, reason: string): Promise<boolean> {
    return this.#send(field, () => ipc.resolveConflict({ ...this.#cell(field), typed, reason }));
  }

  /** Confirms a soft finding with a comment. */
  async confirm(field: Field, rule: string, comment: string): Promise<boolean> {
    return this.apply(() => ipc.confirmFinding({ ...this.#cell(field), rule, comment }));
  }

  /** Raises a query on a cell, or answers the one that is open. */
  async query(field: Field, text: string, answers: boolean): Promise<boolean> {
    const request = { ...this.#cell(field), text };
    return this.apply(async () => {
      await (answers ? ipc.answerQuery(request) : ipc.raiseQuery(request));
      return ipc.formState(this.request);
    });
  }

  /** Any act on the form that answers with its new state; false when it was refused, and `refused` says why. */
  async apply(command: () => Promise<FormUpdate>): Promise<boolean> {
    try {
      this.#accept(await this.#commands.run(() => this.#answerOf(command)));
      this.refused = null;
      return true;
    } catch (thrown) {
      this.refused = asRefused(thrown);
      live.alert(wordRefusal(this.refused));
      return false;
    }
  }

  /** Saves whatever was typed and is not saved; false when something stays unsaved (it is a draft then). */
  async saveAll(): Promise<boolean> {
    let all = true;
    for (const field of this.fields.unsaved) all = (await this.save(field)) && all;
    return all;
  }

  /** Keeps what is typed and not yet saved. */
  async keepDrafts(): Promise<void> {
    for (const field of this.fields.all) {
      const typed = this.editable ? field.takeDraft() : null;
      if (typed !== null) await ipc.draftItem({ subject: this.subject, cell: field.key, typed });
    }
  }

  /** Takes a field back to what is saved; the draft that was kept of it goes at once, not at the next second. */
  async discard(field: Field): Promise<void> {
    field.restore();
    await this.keepDrafts().catch(() => undefined);
  }

  /** Waits until every act that was begun has its answer. */
  async idle(): Promise<void> {
    await this.#commands.idle();
  }

  /** Asks for another reason for the changes from here on. */
  async changeReason(): Promise<void> {
    this.reason = (await askReason()) ?? this.reason;
  }

  /** Lets go of open questions and of what would come later, as when the form is left. */
  close(): void {
    clearTimeout(this.#following);
    ask.now?.answer(null);
  }

  #cell(field: Field) {
    return { subject: this.subject, cell: field.key, lang: lang.tag };
  }

  /** The reason to give with a change; undefined when the person turned away. */
  async #reasonToGive(): Promise<string | undefined> {
    // The question takes the focus out of the field, and leaving the field asks again: both wait for one answer.
    this.#asking ??= this.#askReason().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #askReason(): Promise<string | undefined> {
    if (this.reason === "") this.reason = (await askReason()) ?? "";
    return this.reason === "" ? undefined : this.reason;
  }

  #send(field: Field, command: (typed: string) => Promise<FormUpdate>): Promise<boolean> {
    const save: Promise<boolean> = this.#sendNow(field, command).finally(() => {
      if (this.#saves.get(field.key) === save) this.#saves.delete(field.key);
    });
    this.#saves.set(field.key, save);
    return save;
  }

  async #sendNow(field: Field, command: (typed: string) => Promise<FormUpdate>): Promise<boolean> {
    const typed = field.sending();
    try {
      this.#accept(await this.#commands.run(() => this.#answerOf(() => command(typed))));
      field.confirmSaved();
      live.say(t("field.saved.said", { question: field.shape.question, value: field.cell.display }));
      return true;
    } catch (thrown) {
      const refused = asRefused(thrown);
      field.failed(refused);
      live.alert(wordRefusal(refused));
      return false;
    }
  }

  /** What a command answers; the whole state where its update builds on a revision that never came here. */
  async #answerOf(command: () => Promise<FormUpdate>): Promise<FormUpdate> {
    const update = await command();
    return update.base === null || update.base === this.#revision ? update : ipc.formState(this.request);
  }

  #accept(update: FormUpdate): void {
    if (this.shape === null) return;
    if (update.base === null) this.fields.replace(this.shape, update);
    else this.fields.update(update);
    this.#revision = update.revision;
    this.state = update;
    this.version += 1;
    session.unsent = update.unsent;
    // The marks of the left-hand column may follow at leisure; hands that type never wait for them.
    clearTimeout(this.#following);
    if (this.version > 1) this.#following = setTimeout(() => this.loadCasebook().catch(() => undefined), FOLLOW_MS);
  }
}
