import { matching } from "./match";
import type { CellState, ItemShape } from "../ipc/messages";
import { t, tCode } from "../i18n/lang.svelte";
import { alike } from "./alike";
import type { RefusedError } from "../ipc/refused";

/** A saved value as it would be typed again: with its own unit where that is not the usual one. */
export function retyped(shape: ItemShape, cell: CellState): string {
  const foreign = cell.unit !== "" && cell.unit !== shape.unit && cell.typed !== "";
  return foreign && !cell.typed.endsWith(cell.unit) ? `${cell.typed} ${cell.unit}` : cell.typed;
}

/** A save that takes longer is said to be under way; before that, words that come and go would only flicker. */
const PATIENCE_MS = 200;

/** One question on the screen: what Rust holds, what the control holds, and how the two stand. */
export class Field {
  readonly key: string;
  readonly group: string;
  readonly repeat: string;
  /** Whether a change here needs a reason, as Rust says of its row. */
  reasonNeeded = $state(false);
  shape: ItemShape = $state.raw() as ItemShape;
  cell: CellState = $state.raw() as CellState;
  /** What the control holds: the saved value, or what was typed over it. */
  text = $state("");
  focused = $state(false);
  saving = $state(false);
  /** Whether saving takes so long that a person should be told. */
  slow = $state(false);
  refused = $state.raw<RefusedError | null>(null);
  /** The fields of the same row, this one among them. */
  row: Field[] = $state.raw([]);
  /** The field that what was just chosen here asks to be looked at next, before the one that follows. */
  nextField: Field | null = null;
  /** Finds what a typed text means where that must be asked of Rust; the control that is shown knows how. */
  lookUp: (() => Promise<void>) | null = null;
  /** Whether somebody typed here, or took over what somebody else had typed, since this field was drawn. */
  #mine = $state(false);
  #sent: string | null = null;
  #drafted: string | null = null;
  #fresh = true;
  #patience: ReturnType<typeof setTimeout> | undefined;

  constructor(group: string, repeat: string, shape: ItemShape, cell: CellState) {
    this.key = cell.key;
    this.group = group;
    this.repeat = repeat;
    this.shape = shape;
    this.cell = cell;
    this.text = cell.draft ?? retyped(shape, cell);
    this.#drafted = cell.draft;
  }

  /** The saved value, as typed. */
  get base(): string {
    return retyped(this.shape, this.cell);
  }

  get dirty(): boolean {
    return this.text !== this.base;
  }

  /** Whether Rust has acknowledged exactly what is shown. */
  get saved(): boolean {
    return !this.dirty && !this.saving && this.refused === null;
  }

  /** Whose draft it shows, where that was typed by somebody else and nobody took it over; empty otherwise. */
  get draftOf(): string {
    return !this.#mine && this.text === this.cell.draft ? this.cell.draftBy : "";
  }

  /** Takes over what somebody else had typed, as one's own. */
  takeOver(): void {
    this.#mine = true;
  }

  /**
   * Whether leaving it must save; what Rust could not read once is not sent again unchanged, and what somebody else left
   * unfinished is nobody's word until it is taken over.
   */
  get needsSave(): boolean {
    const unreadable = this.cell.draftFault !== "" && this.text === this.cell.draft;
    return this.dirty && !unreadable && !this.inFlight && this.draftOf === "";
  }

  /** Whether exactly what it holds is on its way to Rust. */
  get inFlight(): boolean {
    return this.saving && this.text === this.#sent;
  }

  /** What the control shows: words when it is only read, what is typed while it is written. */
  get shown(): string {
    return this.focused || this.dirty ? this.text : this.cell.display;
  }

  get answered(): boolean {
    return this.cell.display !== "" || this.cell.missing !== "";
  }

  /** Why there is no value, in words; empty where there is one or where something is typed. */
  get missingWords(): string {
    return this.cell.missing === "" ? "" : tCode("missing", this.cell.missing, t("missing.other"));
  }

  /** Whether what it holds cannot stand as it is. */
  get invalid(): boolean {
    const unread = this.cell.draftFault !== "" && this.text === this.cell.draft;
    return unread || this.refused !== null || this.cell.findings.some((finding) => finding.severity === "hard");
  }

  /** What a computed value was drawn from or waits for; the method's own words stand in the right-hand column. */
  get computedFrom(): string {
    const { trace } = this.cell;
    const method = this.shape.formula ?? "";
    return method !== "" && trace.startsWith(method) ? trace.slice(method.length).replace(/^[;.；。，\s]+/, "") : trace;
  }

  get derived(): boolean {
    return this.shape.control === "derived";
  }

  focus(on: boolean): void {
    this.focused = on;
    this.#fresh = on;
  }

  type(text: string): void {
    this.text = text;
    this.#fresh = false;
    this.#mine = true;
    this.refused = null;
  }

  /** A key that was pressed before the focus arrived here: the first one replaces, as it does in a selected text. */
  typeAhead(sign: string): void {
    const choice =
      this.shape.control === "choices" && /^[1-9]$/.test(sign) ? this.shape.choices[Number(sign) - 1] : undefined;
    this.type(choice?.code ?? (this.#fresh ? sign : this.text + sign));
  }

  /** Backspace that was pressed before the focus arrived here: it empties what would have been selected. */
  eraseAhead(): void {
    this.type(this.#fresh ? "" : [...this.text].slice(0, -1).join(""));
  }

  /** The field to go to before the one that follows; once for each choice. */
  takeNextField(): Field | null {
    const to = this.saved ? this.nextField : null;
    this.nextField = null;
    return to;
  }

  /** The field of another item in the same row. */
  sibling(oid: string | null): Field | undefined {
    return this.row.find((field) => field.shape.oid === oid);
  }

  /** A list's text that is no code yet means its best match, as the list itself would have shown it. */
  async resolve(): Promise<void> {
    const { control, choices } = this.shape;
    await this.lookUp?.();
    if (control !== "list" || this.text === "" || choices.some((choice) => choice.code === this.text)) return;
    const best = matching(choices, this.text)[0];
    if (best !== undefined) this.type(best.code);
  }

  restore(): void {
    this.type(this.base);
  }

  /** Marks what goes out now. */
  sending(): string {
    this.saving = true;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => (this.slow = this.saving), PATIENCE_MS);
    this.refused = null;
    this.#sent = this.text;
    return this.text;
  }

  failed(refused: RefusedError): void {
    this.#answered();
    this.refused = refused;
  }

  /** What was sent is answered, also where the answer left the cell as it was. */
  confirmSaved(): void {
    if (this.saving) this.receive(this.shape, this.cell);
  }

  #answered(): void {
    clearTimeout(this.#patience);
    this.#sent = null;
    this.saving = false;
    this.slow = false;
  }

  /** Takes what Rust holds now; what was typed since is kept. */
  receive(shape: ItemShape, cell: CellState): void {
    const untouched = !this.dirty || this.text === this.#sent;
    // What says the same as before is not drawn again: an answer concerns few of a form's many cells.
    if (!alike(shape, this.shape)) this.shape = shape;
    if (!alike(cell, this.cell)) this.cell = cell;
    if (this.#sent !== null) this.#answered();
    if (untouched) {
      this.text = cell.draft ?? this.base;
      this.#drafted = cell.draft;
    }
  }

  /** What is to be kept as a draft now, nothing where it is what is saved; null when nothing changed since the last one. */
  takeDraft(): string | null {
    const kept = this.#drafted ?? this.base;
    if (this.saving || this.text === kept) return null;
    this.#drafted = this.text;
    // The saved value as it would be typed again may carry a unit that Rust holds beside it: it is no draft.
    return this.dirty ? this.text : "";
  }
}
