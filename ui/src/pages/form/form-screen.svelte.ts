import { tick } from "svelte";

import { cellAt, fieldsOf, focusCell, focusNext, stopsOf } from "../../forms/focus";
import { isCompanion, resultOf } from "../../forms/lab";
import type { Field } from "../../model/field.svelte";
import type { FormModel } from "./form-model.svelte";

/** What of a form is unfolded on the screen, and where its focus is. */
export class FormScreen {
  findOpen = $state(false);
  formulaOpen = $state(false);
  /** Whether completion was tried: then everything that blocks it is listed. */
  completionTried = $state(false);
  /** The laboratory result whose limits are unfolded, or empty. */
  openLimits = $state("");
  /** The open row of each group whose rows open one at a time. */
  #openRows = $state<Record<string, string>>({});
  #root: HTMLElement | null = null;
  readonly #model: FormModel;

  constructor(model: FormModel) {
    this.#model = model;
  }

  get focused(): Field | undefined {
    return this.#model.fields.field(this.#model.focus);
  }

  /** The open row of a group, or empty. */
  openRow(group: string): string {
    return this.#openRows[group] ?? "";
  }

  setOpenRow(group: string, repeat: string): void {
    this.#openRows[group] = repeat;
  }

  /** The form is drawn: the focus goes to the cell that was asked for, or to the first that a person can answer. */
  async arrive(root: HTMLElement, cell: string): Promise<void> {
    this.#root = root;
    if (!(await this.goTo(cell))) this.#start(root)?.focus();
  }

  #start(root: HTMLElement): HTMLElement | null | undefined {
    const first = root.querySelector<HTMLElement>("[data-first]");
    const waits = (element: Element) => {
      const field = this.#model.fields.field(cellAt(element));
      return field !== undefined && !field.answered && !field.derived;
    };
    // A table without rows waits, too, while the form is open: its button comes before the questions below it. In a form
    // that was declared complete an Enter too many must not add a row.
    const isComplete = this.#model.state?.status === "complete";
    const groups = isComplete ? [] : this.#model.fields.groups;
    const empty = new Set(groups.filter((group) => group.rows.length === 0).map((group) => group.shape.oid));
    const open = stopsOf(root).find((element) => waits(element) || empty.has(element.getAttribute("data-for") ?? ""));
    const stop =
      fieldsOf(root)[0] ?? root.querySelector<HTMLElement>(isComplete ? "[data-step]:not([data-for])" : "[data-step]");
    return first ?? open ?? stop ?? root.querySelector<HTMLElement>("[data-before]");
  }

  /** Puts the focus on a cell wherever it is, also in a closed row or among folded limits; false where it is not. */
  async goTo(cell: string): Promise<boolean> {
    const field = this.#model.fields.field(cell);
    if (field === undefined || this.#root === null) return false;
    this.#openRows[field.group] = field.repeat;
    await tick();
    if (isCompanion(field)) {
      this.openLimits = resultOf(field, field.row)?.key ?? "";
      await tick();
    }
    return this.focusOn(cell);
  }

  /** Puts the focus on a cell that is drawn; false where it is not. */
  focusOn(cell: string): boolean {
    return this.#root !== null && focusCell(this.#root, cell);
  }

  /** Moves the focus by one stop, or with `computed` by one field of any kind; true when another field has it now. */
  focusNext(by: 1 | -1, computed = false): boolean {
    return this.#root !== null && focusNext(this.#root, this.#model.focus, by, computed);
  }

  /** Puts the focus on the first element of the form that matches a selector. */
  focusFirst(selector: string): void {
    this.#root?.querySelector<HTMLElement>(selector)?.focus();
  }
}
