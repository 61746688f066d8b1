import type { Field } from "../model/field.svelte";

/** What every control of the form screen is given. */
export type ControlProps = {
  field: Field;
  id: string;
  labelledby: string;
  describedby: string;
  disabled: boolean;
  /** The value was picked as a whole (a click, a digit): save it now, without leaving. */
  onpick: () => void;
};
