import { getContext, setContext } from "svelte";

import type { Field } from "../model/field.svelte";

/** What the fields and rows of a form ask of the page that holds them. */
export type FormActions = {
  /** The laboratory result whose limits are unfolded, or empty. */
  readonly openLimits: string;
  fieldEntered: (field: Field) => void;
  fieldLeft: (field: Field, event: FocusEvent) => void;
  /** A value was chosen as a whole: it is saved now. */
  fieldPicked: (field: Field) => void;
  confirm: (field: Field, rule: string, message: string) => void;
  resolveConflict: (field: Field, value: string) => void;
  labEvent: (field: Field) => void;
  addRow: (group: string) => void;
  openRow: (group: string, repeat: string) => void;
  removeRow: (group: string, repeat: string) => void;
  /** Goes to a cell of another form of the same subject. */
  open: (form: string, cell: string) => void;
};

const KEY = Symbol("form actions");

export const provideFormActions = (actions: FormActions): FormActions => setContext(KEY, actions);
export const formActions = (): FormActions => getContext<FormActions>(KEY);
