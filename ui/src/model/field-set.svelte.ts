import type { FormShape, FormState, GroupShape } from "../ipc/messages";
import { Field } from "./field.svelte";

/** A row of a group, with its fields in the order of the questions. */
export type Row = { repeat: string; fields: Field[] };
/** A group with its rows. */
export type Block = { group: GroupShape; rows: Row[] };

/** The questions of one form as fields that outlive every answer of Rust. */
export class Sheet {
  blocks = $state.raw<Block[]>([]);
  #fields = new Map<string, Field>();

  /** Lays the state over the shape: known fields are told, new ones made, gone ones dropped. */
  lay(shape: FormShape, state: FormState): void {
    const kept = new Map<string, Field>();
    const blocks = shape.groups.map((group) => {
      const rows = state.rows.filter((row) => row.group === group.oid);
      return {
        group,
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
    if (!isSame(blocks, this.blocks)) this.blocks = blocks;
  }

  /** Tells the fields what became otherwise since the state that was laid last. */
  change(state: FormState): void {
    for (const cell of state.rows.flatMap((row) => row.cells)) {
      const field = this.#fields.get(cell.key);
      field?.receive(field.shape, cell);
    }
  }

  field(key: string): Field | undefined {
    return this.#fields.get(key);
  }

  get fields(): Field[] {
    return [...this.#fields.values()];
  }

  /** Fields that hold something which Rust has not accepted. */
  get unsaved(): Field[] {
    return this.fields.filter((field) => field.dirty);
  }
}

const sameFields = (a: Field[], b: Field[]): boolean => a.length === b.length && a.every((field, at) => field === b[at]);

/** Whether the same fields stand in the same rows, so that nothing has to be laid out again. */
function isSame(a: Block[], b: Block[]): boolean {
  const rows = (blocks: Block[]) => blocks.flatMap((block) => [block.group, ...block.rows.flatMap((row) => [row.repeat, ...row.fields])]);
  const [left, right] = [rows(a), rows(b)];
  return left.length === right.length && left.every((part, at) => part === right[at]);
}

/** Whether a field is to be seen: what the skip logic shows, and what a person is still busy with. */
export function seen(field: Field): boolean {
  return field.cell.visible || field.focused || field.dirty;
}
