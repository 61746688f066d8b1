import type { FormShape, FormState, GroupShape } from "../ipc/messages";
import { Field } from "./field.svelte";

/** A row of a group, with its fields in the order of the questions. */
export type GroupRow = { repeat: string; fields: Field[] };
/** A group with its rows. */
export type FieldGroup = { shape: GroupShape; rows: GroupRow[] };

/** The fields of one form by group and row. A field object lives as long as its cell, whatever Rust answers. */
export class FieldSet {
  groups = $state.raw<FieldGroup[]>([]);
  #fields = new Map<string, Field>();

  /** Takes the whole state of the form: known fields receive their cells, new ones are made, gone ones dropped. */
  replace(shape: FormShape, state: FormState): void {
    const kept = new Map<string, Field>();
    const groups = shape.groups.map((group) => {
      const rows = state.rows.filter((row) => row.group === group.oid);
      return {
        shape: group,
        rows: rows.map((row) => {
          const fields = row.cells.flatMap((cell, at) => {
            const item = group.items[at];
            if (item === undefined) return [];
            const known = this.#fields.get(cell.key);
            known?.receive(item, cell);
            const field = known ?? new Field(group.oid, row.repeat, item, cell);
            field.reasonNeeded = row.reasonNeeded;
            kept.set(cell.key, field);
            return [field];
          });
          // Whoever looks at its neighbours looks again only when they are others.
          for (const field of fields) if (!sameFields(field.row, fields)) field.row = fields;
          return { repeat: row.repeat, fields };
        }),
      };
    });
    this.#fields = kept;
    if (!isSame(groups, this.groups)) this.groups = groups;
  }

  /** Takes only the cells that changed since the state before. */
  update(state: FormState): void {
    for (const cell of state.rows.flatMap((row) => row.cells)) {
      const field = this.#fields.get(cell.key);
      field?.receive(field.shape, cell);
    }
  }

  field(key: string): Field | undefined {
    return this.#fields.get(key);
  }

  /** All fields, in the order of the form. */
  get all(): Field[] {
    return [...this.#fields.values()];
  }

  /** Fields that hold something which Rust has not accepted, but for what somebody else left unfinished. */
  get unsaved(): Field[] {
    return this.all.filter((field) => field.dirty && field.draftOf === "");
  }
}

const sameFields = (a: Field[], b: Field[]): boolean =>
  a.length === b.length && a.every((field, at) => field === b[at]);

/** Whether the same fields are in the same rows, so that nothing has to be drawn again. */
function isSame(a: FieldGroup[], b: FieldGroup[]): boolean {
  const rows = (groups: FieldGroup[]) =>
    groups.flatMap((each) => [each.shape, ...each.rows.flatMap((row) => [row.repeat, ...row.fields])]);
  const [left, right] = [rows(a), rows(b)];
  return left.length === right.length && left.every((part, at) => part === right[at]);
}

/** Whether a field is on the screen: what the skip logic shows, and what a person is still busy with. */
export function isShown(field: Field): boolean {
  return field.cell.visible || field.focused || field.dirty;
}
