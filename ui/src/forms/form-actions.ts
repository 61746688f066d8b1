import { getContext, setContext } from "svelte";

import type { Field } from "../model/field.svelte";

/** What the rows of a form ask of the page that holds them. */
export type FormActs = {
  /** The result whose limits are folded out, or empty. */
  readonly limits: string;
  labEvent: (field: Field) => void;
  /** Goes to a cell of another form of the same subject. */
  open: (form: string, cell: string) => void;
  entered: (field: Field) => void;
  left: (field: Field, event: FocusEvent) => void;
  picked: (field: Field) => void;
  confirm: (field: Field, rule: string, message: string) => void;
  settle: (field: Field, value: string) => void;
  addRow: (group: string) => void;
  openRow: (group: string, repeat: string) => void;
  removeRow: (group: string, repeat: string) => void;
};

const KEY = Symbol("form acts");

export const provideFormActs = (acts: FormActs): FormActs => setContext(KEY, acts);
export const formActs = (): FormActs => getContext<FormActs>(KEY);
