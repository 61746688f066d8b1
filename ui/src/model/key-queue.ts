import { named, type Press } from "./key-press";

/** What the lane drives; the form gives it, a test can give another. */
export type Driver = {
  /** Saves the focused field; false keeps the focus there. */
  save: () => Promise<boolean>;
  /** Moves the focus; true when there was somewhere to go. */
  move: (by: 1 | -1) => boolean;
  /** Puts a sign into the field that has the focus now. */
  put: (sign: string) => void;
};

const LEAVE: Record<string, 1 | -1> = { Enter: 1, Tab: 1, "Shift+Tab": -1, "Shift+Enter": -1 };

/**
 * Leaving a field waits for the disk before it moves on, because the answer decides which field is next. Keys that
 * are pressed meanwhile belong to that next field: they wait in the lane, and none is lost on a slow disk.
 */
export class Lane {
  #busy = false;
  #waiting: Press[] = [];
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  /** Takes a press; true when it is dealt with here. */
  press(press: Press): boolean {
    const name = named(press);
    if (this.#busy) {
      if (name in LEAVE || press.key.length === 1) this.#waiting.push(press);
      return name !== "" && !name.startsWith("Ctrl+");
    }
    const by = LEAVE[name];
    if (by === undefined) return false;
    void this.leave(by);
    return true;
  }

  /** Saves and moves, and then hands on what was pressed meanwhile. */
  async leave(by: 1 | -1): Promise<void> {
    this.#busy = true;
    let next: 1 | -1 | undefined = by;
    while (next !== undefined) {
      const going: 1 | -1 = next;
      if (!(await this.#driver.save()) || !this.#driver.move(going)) this.#waiting = [];
      next = this.#replay();
    }
    this.#busy = false;
  }

  #replay(): 1 | -1 | undefined {
    for (let press = this.#waiting.shift(); press !== undefined; press = this.#waiting.shift()) {
      const by = LEAVE[named(press)];
      if (by !== undefined) return by;
      this.#driver.put(press.key);
    }
    return undefined;
  }
}
