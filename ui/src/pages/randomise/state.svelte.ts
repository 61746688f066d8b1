import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { RandomiseView } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";

/** One subject's randomisation: gates, request, reveal. */
export class RandomiseState extends Loaded<RandomiseView> {
  readonly subject: string;
  /** Whether the person is being asked for the last time before the request. */
  asking = $state(false);
  code = $state("");
  busy = $state(false);
  /** Why the last act was not done; what was typed stays. */
  fault = $state.raw<RefusedError | null>(null);

  constructor(subject: string) {
    super();
    this.subject = subject;
  }

  async fetch(): Promise<void> {
    await this.load(() => ipc.randomiseView(this.#place()));
  }

  async request(): Promise<void> {
    this.asking = false;
    await this.#act(() => ipc.randomiseRequest(this.#place()), "randomise.asked");
  }

  async reveal(): Promise<void> {
    if (this.code.trim() === "") return;
    await this.#act(() => ipc.randomiseReveal({ ...this.#place(), code: this.code }), "randomise.revealed");
  }

  #place() {
    return { subject: this.subject, lang: lang.tag };
  }

  async #act(act: () => Promise<RandomiseView>, said: "randomise.asked" | "randomise.revealed"): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = null;
    try {
      this.now = await act();
      live.say(t(said));
    } catch (thrown) {
      this.fault = asRefused(thrown);
    } finally {
      this.busy = false;
    }
  }
}
