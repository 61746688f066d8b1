import { tick } from "svelte";

import { live } from "../../model/live.svelte";
import { named } from "../../model/key-press";
import { go } from "../../model/route.svelte";
import type { Field } from "../../model/field.svelte";
import { cellAt, fieldsOf, focusCell, focusNext, stopsOf } from "../../forms/focus";
import type { Guard } from "../../model/route.svelte";
import type { FormActs } from "../../forms/form-actions";
import { Lane } from "../../model/key-queue";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import { neighbour } from "./casebook";
import { askComment, askMissing, askNotDone, askQuery, askReopen, askSide, askSettle } from "./questions";
import { LabActs } from "./lab.svelte";
import { RowActs } from "./rows.svelte";
import type { FormDesk } from "./form-model.svelte";

/** What hands do on the form screen: keys and buttons, turned into acts of the desk and moves of the focus. */
export class FormActing implements FormActs, Guard {
  finding = $state(false);
  formula = $state(false);
  /** Whether completion was tried: then all that stands against it is listed. */
  tried = $state(false);
  readonly rows: RowActs;
  readonly #lab: LabActs;
  #root: HTMLElement | null = null;
  // Rises with each wish to complete: what began before it no longer moves the focus.
  #wish = 0;
  readonly #desk: FormDesk;
  readonly #lane: Lane;

  constructor(desk: FormDesk) {
    this.#desk = desk;
    this.rows = new RowActs(desk);
    this.#lab = new LabActs(desk, (cell) => this.goTo(cell));
    this.#lane = new Lane({
      save: async () => {
        const field = this.focused;
        await field?.resolve();
        const saved = field === undefined || (await desk.save(field));
        await tick();
        return saved;
      },
      move: (by) => this.#move(by),
      put: (sign) => this.focused?.typeAhead(sign),
    });
  }

  get limits(): string {
    return this.#lab.open;
  }

  labEvent(field: Field): void {
    void this.#lab.event(field);
  }

  open(form: string, cell: string): void {
    void go({ page: "form", subject: this.#desk.subject, form, cell });
  }

  get focused(): Field | undefined {
    return this.#desk.sheet.field(this.#desk.focus);
  }

  /** The form is on the screen: the focus goes to the cell that was asked for, or to the first that a person can answer. */
  arrive(root: HTMLElement, cell: string): void {
    this.#root = root;
    this.rows.root = root;
    void this.goTo(cell).then((there) => {
      if (there) return;
      const first = root.querySelector<HTMLElement>("[data-first]");
      const waits = (element: Element) => {
        const field = this.#desk.sheet.field(cellAt(element));
        return field !== undefined && !field.answered && !field.derived;
      };
      // A table without rows waits, too: its button comes before the questions below it.
      const bare = (element: Element) => this.rows.isBare(element.getAttribute("data-for") ?? "");
      const open = stopsOf(root).find((element) => waits(element) || bare(element));
      (first ?? open ?? fieldsOf(root)[0] ?? root.querySelector<HTMLElement>("[data-step], [data-before]"))?.focus();
    });
  }

  /** Shows a cell wherever it is, also in a closed row. */
  async goTo(cell: string): Promise<boolean> {
    const field = this.#desk.sheet.field(cell);
    if (field === undefined || this.#root === null) return false;
    await this.rows.show(field);
    await this.#lab.show(field);
    return focusCell(this.#root, cell);
  }

  entered(field: Field): void {
    field.focus(true);
    this.#desk.focus = field.key;
  }

  left(field: Field, event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Element && cellAt(to) === field.key) return;
    field.focus(false);
    void this.#desk.save(field);
  }

  picked(field: Field): void {
    void this.#desk.save(field).then(() => this.#ahead(field));
  }

  #move(by: 1 | -1): boolean {
    const field = by === 1 ? this.focused : undefined;
    if (field !== undefined && this.#ahead(field)) return true;
    return this.#root !== null && focusNext(this.#root, this.#desk.focus, by);
  }

  /** Goes where a choice asks for more words, and says so; false where it asks for none. */
  #ahead(field: Field): boolean {
    const to = field.takeAhead();
    if (to === null || this.#root === null || !focusCell(this.#root, to.key)) return false;
    live.say(t("field.term.specify", { question: to.shape.question }));
    return true;
  }

  /** Saves what is typed before the form is left; what can't be saved stays as a draft. */
  async leave(): Promise<boolean> {
    await this.#desk.settleAll();
    await this.keep();
    return true;
  }

  /** Keeps what is typed as drafts; a vault that is locked already has kept them up to the last second. */
  async keep(): Promise<void> {
    await this.#desk.keepDrafts().catch(() => undefined);
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const inField = event.target instanceof Element && cellAt(event.target) !== "" && event.target.closest("[data-field], [role=radio]");
    if (inField && !this.#keepsEnter(event) && this.#lane.press(event)) event.preventDefault();
    else {
      const act = this.#keys()[named(event)];
      if (act === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }

  // In a text of several lines Shift+Enter is a new line; Enter leaves, as everywhere.
  #keepsEnter(event: KeyboardEvent): boolean {
    return event.target instanceof HTMLTextAreaElement && named(event) === "Shift+Enter";
  }

  #keys(): Record<string, () => void> {
    return {
      Escape: () => this.focused !== undefined && void this.#desk.giveUp(this.focused),
      "Ctrl+Enter": () => void this.complete(),
      "Ctrl+f": () => (this.finding = true),
      F2: () => (this.formula = !this.formula),
      F4: () => void this.missing(),
      F6: () => void this.#lab.toggle(this.focused),
      F7: () => void this.#lab.event(this.focused),
      F8: () => this.#confirmFirst(),
      F9: () => void this.query(),
      "Ctrl+ArrowDown": () => void this.#step(1),
      "Ctrl+ArrowUp": () => void this.#step(-1),
      "Alt+n": () => this.rows.addHere(this.focused),
      "Alt+Delete": () => this.rows.removeHere(this.focused),
      "Alt+PageDown": () => this.#turn(1),
      "Alt+PageUp": () => this.#turn(-1),
      "Alt+ArrowUp": () => go({ page: "subject", subject: this.#desk.subject, form: this.#desk.form }),
    };
  }

  async #step(by: 1 | -1): Promise<void> {
    const field = this.focused;
    if (field !== undefined) await this.#desk.save(field);
    await tick();
    if (this.#root !== null) focusNext(this.#root, this.#desk.focus, by, true);
  }

  #turn(by: 1 | -1): void {
    const to = neighbour(this.#desk.book, this.#desk.form, by);
    if (to !== null) go({ page: "form", subject: this.#desk.subject, form: to });
  }

  async missing(): Promise<void> {
    const field = this.focused;
    if (field === undefined || field.shape.missing.length === 0 || !this.#desk.editable) return;
    const code = await askMissing(field.shape.question, field.shape.missing);
    if (code !== null && (await this.#desk.saveMissing(field, code))) await this.#lane.leave(1);
  }

  /** Answers the open query of the focused cell, or raises one. */
  async query(): Promise<void> {
    const field = this.focused;
    if (field === undefined || !this.#desk.editable) return;
    const answers = field.cell.queries > 0;
    const text = await askQuery(answers, field.shape.question);
    if (text !== null) await this.#desk.query(field, text, answers);
    await this.goTo(field.key);
  }

  /** What waits for a word at the focused cell: a conflict first, then a soft finding. */
  #confirmFirst(): void {
    const field = this.focused;
    if (field !== undefined && field.cell.conflict.length > 0) {
      void askSide(field.shape.question, field.cell.conflict).then((side) => side !== null && this.settle(field, side));
      return;
    }
    const soft = field?.cell.findings.find((finding) => finding.severity === "soft" && finding.confirmed === null);
    if (field !== undefined && soft !== undefined) this.confirm(field, soft.rule, soft.message);
  }

  confirm(field: Field, rule: string, message: string): void {
    void (async () => {
      if (!(await this.#desk.save(field))) return;
      const comment = await askComment(message);
      const wish = this.#wish;
      if (comment !== null) await this.#desk.confirm(field, rule, comment);
      if (wish === this.#wish) await this.goTo(field.key);
    })();
  }

  settle(field: Field, value: string): void {
    void askSettle(value).then((reason) => (reason === null ? undefined : this.#desk.settle(field, value, reason)));
  }

  async complete(): Promise<void> {
    this.#wish += 1;
    await this.#desk.settleAll();
    // A comment that was just given may still be on its way; what stands against completion is asked after it.
    await this.#desk.caughtUp();
    this.tried = true;
    await tick();
    const blockers = this.#desk.state?.blockers ?? [];
    if (blockers.length > 0) {
      live.alert(t("complete.blocked", { n: blockers.length }));
      this.#root?.querySelector<HTMLElement>("[data-blocker]")?.focus();
      return;
    }
    if (!(await this.#desk.act(() => ipc.formComplete(this.#desk.place)))) return;
    live.say(t("complete.said", { form: this.#desk.shape?.title ?? "" }));
    await this.#desk.loadBook();
    await tick();
    this.#root?.querySelector<HTMLElement>("[data-act=next-form]")?.focus();
  }

  async reopen(): Promise<void> {
    const reason = await askReopen();
    if (reason === null) return;
    await this.#desk.act(() => ipc.formReopen({ ...this.#desk.place, reason }));
    await this.#desk.loadBook();
  }

  async notDone(): Promise<void> {
    const code = await askNotDone(this.#desk.shape?.title ?? "");
    if (code === null) return;
    await this.#desk.act(() => ipc.formNotDone({ ...this.#desk.place, code }));
    await this.#desk.loadBook();
  }

  openRow(group: string, repeat: string): void {
    this.rows.toggle(group, repeat);
  }

  addRow(group: string): void {
    void this.rows.add(group);
  }

  removeRow(group: string, repeat: string): void {
    void this.rows.remove(group, repeat);
  }
}
