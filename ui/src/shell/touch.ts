/** Rust hears of activity at most this often. */
export const TOUCH_EVERY_MS = 15_000;

/** Thins out activity, so that typing does not ring the door at each key. */
export class TouchGate {
  #lastMs = -Infinity;

  /** Whether Rust should hear of activity at this time. */
  opens(nowMs: number): boolean {
    if (nowMs - this.#lastMs < TOUCH_EVERY_MS) return false;
    this.#lastMs = nowMs;
    return true;
  }

  /** The next activity is told in any case: a warning stands. */
  reset(): void {
    this.#lastMs = -Infinity;
  }
}
