import { keyName, type KeyPress } from "./key-press";

/** The form that the queue saves and moves through. */
export type FocusedForm = {
  /** Saves the focused field; false keeps the focus there. */
  save: () => Promise<boolean>;
  /** Moves the focus; true when there was somewhere to go. */
  move: (by: 1 | -1) => boolean;
  /** Types a character into the field that has the focus now. */
  put: (character: string) => void;
  /** Takes a character away there. */
  erase: () => void;
  /** Enter in a field means what stands there, also where somebody else left it unfinished. */
  takeOver: () => void;
};

const LEAVE: Record<string, 1 | -1> = { Enter: 1, Tab: 1, "Shift+Tab": -1, "Shift+Enter": -1 };

/**
 * Leaving a field waits for the disk before it moves on, because the answer decides which field is next. Keys that
 * are pressed meanwhile belong to that next field: they wait in this queue, and none is lost on a slow disk.
 */
export class KeyQueue {
  #busy = false;
  #waiting: KeyPress[] = [];
  readonly #form: FocusedForm;

  constructor(form: FocusedForm) {
    this.#form = form;
  }

  /** Takes a press; true when it is dealt with here. */
  press(press: KeyPress): boolean {
    const name = keyName(press);
    if (this.#busy) {
      if (name in LEAVE || name === "Backspace" || press.key.length === 1) this.#waiting.push(press);
      return name !== "" && !name.startsWith("Ctrl+");
    }
    const by = LEAVE[name];
    if (by === undefined) return false;
    if (name === "Enter") this.#form.takeOver();
    void this.leave(by);
    return true;
  }

  /** Saves and moves, and then hands on what was pressed meanwhile. */
  async leave(by: 1 | -1): Promise<void> {
    this.#busy = true;
    let next: 1 | -1 | undefined = by;
    while (next !== undefined) {
      const going: 1 | -1 = next;
      if (!(await this.#form.save()) || !this.#form.move(going)) this.#waiting = [];
      next = this.#replay();
    }
    this.#busy = false;
  }

  #replay(): 1 | -1 | undefined {
    for (let press = this.#waiting.shift(); press !== undefined; press = this.#waiting.shift()) {
      const by = LEAVE[keyName(press)];
      if (by !== undefined) return by;
      if (press.key === "Backspace") this.#form.erase();
      else this.#form.put(press.key);
    }
    return undefined;
  }
}
