import { tick } from "svelte";

import { cellAt } from "../../forms/focus";
import type { FormActions } from "../../forms/form-actions";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { Field } from "../../model/field.svelte";
import { KeyQueue } from "../../model/key-queue";
import { live } from "../../model/live.svelte";
import { go, type Guard } from "../../model/route.svelte";
import { neighbour } from "./casebook";
import type { FormModel } from "./form-model.svelte";
import { FormScreen } from "./form-screen.svelte";
import { recordLabEvent, toggleLimits } from "./lab-actions";
import {
  askComment,
  askConflictReason,
  askConflictValue,
  askMissing,
  askNotDone,
  askQuery,
  askReopen,
} from "./questions";
import { addRow, groupToExtend, isInRow, removeRow, toggleRow } from "./row-actions";

/** What a person does on the form screen, by key or button: acts of the model, and moves of the focus. */
export class FormController implements FormActions, Guard {
  readonly screen: FormScreen;
  /** Enter and Tab, and what is typed while their save is under way. */
  readonly queue: KeyQueue;
  readonly #model: FormModel;
  // Rises with each try to complete: what began before it no longer moves the focus.
  #completions = 0;

  constructor(model: FormModel) {
    this.#model = model;
    this.screen = new FormScreen(model);
    this.queue = new KeyQueue({
      save: () => this.#saveFocused(),
      move: (by) => this.#move(by),
      put: (character) => this.focused?.typeAhead(character),
      erase: () => this.focused?.eraseAhead(),
      takeOver: () => this.focused?.takeOver(),
    });
  }

  get focused(): Field | undefined {
    return this.screen.focused;
  }

  // The focus

  fieldEntered(field: Field): void {
    field.focus(true);
    this.#model.focus = field.key;
  }

  fieldLeft(field: Field, event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Element && cellAt(to) === field.key) return;
    field.focus(false);
    void this.#model.save(field);
  }

  fieldPicked(field: Field): void {
    void this.#model.save(field).then(() => this.#moveToAsked(field));
  }

  async #saveFocused(): Promise<boolean> {
    const field = this.focused;
    await field?.resolve();
    const saved = field === undefined || (await this.#model.save(field));
    await tick();
    return saved;
  }

  #move(by: 1 | -1): boolean {
    const field = by === 1 ? this.focused : undefined;
    if (field !== undefined && this.#moveToAsked(field)) return true;
    return this.screen.focusNext(by);
  }

  /** Goes where a choice asks for more words, and says so; false where it asks for none. */
  #moveToAsked(field: Field): boolean {
    const to = field.takeNextField();
    if (to === null || !this.screen.focusOn(to.key)) return false;
    live.say(t("field.term.specify", { question: to.shape.question }));
    return true;
  }

  /** Saves the focused field and goes to the next one of any kind, computed ones too. */
  async step(by: 1 | -1): Promise<void> {
    const field = this.focused;
    if (field !== undefined) await this.#model.save(field);
    await tick();
    this.screen.focusNext(by, true);
  }

  // Other pages

  open(form: string, cell: string): void {
    go({ page: "form", subject: this.#model.subject, form, cell });
  }

  openNeighbour(by: 1 | -1): void {
    const form = neighbour(this.#model.casebook, this.#model.form, by);
    if (form !== null) go({ page: "form", subject: this.#model.subject, form });
  }

  openCasebook(): void {
    go({ page: "subject", subject: this.#model.subject, form: this.#model.form });
  }

  /** Saves what is typed before the form is left; what can't be saved stays as a draft. */
  async leave(): Promise<boolean> {
    await this.#model.saveAll();
    await this.keep();
    return true;
  }

  /** Keeps what is typed as drafts; a vault that is locked already has kept them up to the last second. */
  async keep(): Promise<void> {
    await this.#model.keepDrafts().catch(() => undefined);
  }

  // The focused field

  discard(): void {
    if (this.focused !== undefined) void this.#model.discard(this.focused);
  }

  /** Asks why there is no value, saves that and goes on. */
  async missing(): Promise<void> {
    const field = this.focused;
    if (field === undefined || field.shape.missing.length === 0 || !this.#model.editable) return;
    const code = await askMissing(field.shape.question, field.shape.missing);
    if (code !== null && (await this.#model.saveMissing(field, code))) await this.queue.leave(1);
  }

  /** Answers the open query of the focused cell, or raises one. */
  async query(): Promise<void> {
    const field = this.focused;
    if (field === undefined || !this.#model.editable) return;
    const answers = field.cell.queries > 0;
    const text = await askQuery(answers, field.shape.question);
    if (text !== null) await this.#model.query(field, text, answers);
    await this.screen.goTo(field.key);
  }

  /** Asks for what the focused cell waits for: to resolve its conflict, or to confirm its first soft finding. */
  confirmFocused(): void {
    const field = this.focused;
    if (field === undefined) return;
    const { conflict, findings } = field.cell;
    if (conflict.length > 0) {
      void askConflictValue(field.shape.question, conflict).then(
        (value) => value !== null && this.resolveConflict(field, value),
      );
      return;
    }
    const soft = findings.find((finding) => finding.severity === "soft" && finding.confirmed === null);
    if (soft !== undefined) this.confirm(field, soft.rule, soft.message);
  }

  confirm(field: Field, rule: string, message: string): void {
    void (async () => {
      if (!(await this.#model.save(field))) return;
      const comment = await askComment(message);
      const completions = this.#completions;
      if (comment !== null) await this.#model.confirm(field, rule, comment);
      if (completions === this.#completions) await this.screen.goTo(field.key);
    })();
  }

  resolveConflict(field: Field, value: string): void {
    void askConflictReason(value).then((reason) =>
      reason === null ? undefined : this.#model.resolveConflict(field, value, reason),
    );
  }

  // Laboratory

  get openLimits(): string {
    return this.screen.openLimits;
  }

  toggleLimits(): void {
    void toggleLimits(this.#model, this.screen, this.focused);
  }

  labEvent(field: Field | undefined): void {
    void recordLabEvent(this.#model, field);
  }

  // Rows

  openRow(group: string, repeat: string): void {
    toggleRow(this.#model, this.screen, group, repeat);
  }

  addRow(group: string): void {
    void addRow(this.#model, this.screen, group);
  }

  removeRow(group: string, repeat: string): void {
    void removeRow(this.#model, this.screen, group, repeat);
  }

  addRowHere(): void {
    const group = groupToExtend(this.#model, this.focused);
    if (group !== null && this.#model.editable) this.addRow(group);
  }

  removeRowHere(): void {
    const field = this.focused;
    if (field !== undefined && this.#model.editable && isInRow(this.#model, field))
      this.removeRow(field.group, field.repeat);
  }

  // The whole form

  async complete(): Promise<void> {
    this.#completions += 1;
    await this.#model.saveAll();
    // A comment that was just given may still be on its way; the blockers are read after it.
    await this.#model.idle();
    this.screen.completionTried = true;
    await tick();
    const blockers = this.#model.state?.blockers ?? [];
    if (blockers.length > 0) {
      live.alert(t("complete.blocked", { n: blockers.length }));
      this.screen.focusFirst("[data-blocker]");
      return;
    }
    if (!(await this.#model.apply(() => ipc.formComplete(this.#model.request)))) return;
    live.say(t("complete.said", { form: this.#model.shape?.title ?? "" }));
    await this.#model.loadCasebook();
    await tick();
    this.screen.focusFirst("[data-act=next-form]");
  }

  async reopen(): Promise<void> {
    const reason = await askReopen();
    if (reason === null) return;
    await this.#model.apply(() => ipc.formReopen({ ...this.#model.request, reason }));
    await this.#model.loadCasebook();
  }

  async notDone(): Promise<void> {
    const code = await askNotDone(this.#model.shape?.title ?? "");
    if (code === null) return;
    await this.#model.apply(() => ipc.formNotDone({ ...this.#model.request, code }));
    await this.#model.loadCasebook();
  }
}
