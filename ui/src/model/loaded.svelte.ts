import { asRefused, type RefusedError } from "../ipc/refused";

/** Something fetched from Rust for a page, again whenever the language changes. */
export class Loaded<T> {
  now = $state.raw<T | null>(null);
  refused = $state.raw<RefusedError | null>(null);

  async load(fetch: () => Promise<T>): Promise<void> {
    try {
      this.now = await fetch();
      this.refused = null;
    } catch (thrown) {
      this.refused = asRefused(thrown);
    }
  }
}
