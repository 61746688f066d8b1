import { tick } from "svelte";

import type { Field } from "../../model/field.svelte";
import { isInline } from "../../forms/columns";
import { focusCell } from "../../forms/focus";
import type { Block } from "../../model/field-set.svelte";
import * as ipc from "../../ipc/commands";
import { askRemove } from "./questions";
import type { FormDesk } from "./form-model.svelte";

/** Rows of repeating groups: opened, added, removed, with the focus where the work goes on. */
export class RowActs {
  /** The open row of each group whose rows open one at a time. */
  #open = $state<Record<string, string>>({});
  root: HTMLElement | null = null;
  readonly #desk: FormDesk;

  constructor(desk: FormDesk) {
    this.#desk = desk;
  }

  openIn(group: string): string {
    return this.#open[group] ?? "";
  }

  /** Whether rows can be added to a group that has none. */
  isBare(group: string): boolean {
    return this.#block(group)?.rows.length === 0;
  }

  /** Makes sure that a field's row is on the screen. */
  async show(field: Field): Promise<void> {
    this.#open[field.group] = field.repeat;
    await tick();
  }

  toggle(group: string, repeat: string): void {
    const closes = this.#open[group] === repeat;
    this.#open[group] = closes ? "" : repeat;
    if (!closes) void this.#focus(group, repeat);
  }

  async add(group: string): Promise<void> {
    const known = new Set(this.#repeats(group));
    if (!(await this.#desk.act(() => ipc.rowAdd({ ...this.#desk.place, group })))) return;
    const added = this.#repeats(group).find((repeat) => !known.has(repeat));
    if (added === undefined) return;
    this.#open[group] = added;
    await this.#focus(group, added);
  }

  async remove(group: string, repeat: string): Promise<void> {
    const reason = await askRemove();
    if (reason === null) return;
    await this.#desk.act(() => ipc.rowRemove({ ...this.#desk.place, group, repeat, reason }));
    this.#open[group] = "";
    await tick();
    this.root?.querySelector<HTMLElement>(`[data-act="row-add"][data-for="${CSS.escape(group)}"]`)?.focus();
  }

  /** Adds a row to the group that has the focus, or to the first that repeats. */
  addHere(field: Field | undefined): void {
    const repeating = this.#desk.sheet.blocks.filter((block) => block.group.repeating);
    const here = repeating.find((block) => block.group.oid === field?.group) ?? repeating[0];
    if (here !== undefined && this.#desk.editable) void this.add(here.group.oid);
  }

  removeHere(field: Field | undefined): void {
    if (field === undefined || !this.#desk.editable) return;
    if (this.#block(field.group)?.group.repeating === true) void this.remove(field.group, field.repeat);
  }

  #block(group: string): Block | undefined {
    return this.#desk.sheet.blocks.find((block) => block.group.oid === group);
  }

  #repeats(group: string): string[] {
    return this.#block(group)?.rows.map((row) => row.repeat) ?? [];
  }

  async #focus(group: string, repeat: string): Promise<void> {
    await tick();
    const block = this.#block(group);
    if (block === undefined || this.root === null) return;
    const fields = block.rows.find((row) => row.repeat === repeat)?.fields ?? [];
    const asked = fields.filter((field) => field.cell.visible && !field.derived);
    const first = isInline(block.group) ? asked[0] : (asked.find((field) => !field.answered) ?? asked[0]);
    if (first !== undefined) focusCell(this.root, first.key);
  }
}
