import { lang } from "../i18n/lang.svelte";
import * as ipc from "../ipc/commands";
import type { TermView } from "../ipc/messages";

/** A search in the study's dictionary while a person types. Rust finds and ranks; only the last question's answer counts. */
export class TermSearch {
  hits = $state.raw<TermView[]>([]);
  at = $state(0);
  open = $state(false);
  /** The text that the hits answer; null before the first answer. */
  answered: string | null = null;
  #questions = 0;
  readonly #item: string;

  constructor(item: string) {
    this.#item = item;
  }

  get here(): TermView | undefined {
    return this.hits[this.at];
  }

  async ask(typed: string): Promise<void> {
    const mine = ++this.#questions;
    const question = { item: this.#item, typed, lang: lang.tag };
    const hits = typed.trim() === "" ? [] : await ipc.termSearch(question).catch(() => []);
    if (mine !== this.#questions) return;
    this.hits = hits;
    this.answered = typed;
    this.at = 0;
  }

  /** The term that a typed text means when the field is left: what the list points at, or else its best answer. */
  async best(typed: string): Promise<TermView | undefined> {
    if (this.answered !== typed) await this.ask(typed);
    return this.here;
  }

  /** A term as it is known by its code, for what was chosen earlier. */
  async view(code: string): Promise<TermView | null> {
    return ipc.termView({ item: this.#item, code, lang: lang.tag }).catch(() => null);
  }
}
