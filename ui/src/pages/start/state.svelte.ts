import { session } from "../../model/session.svelte";
import { choose, kitFound, kitLook, practise } from "../../ipc/commands";
import type { Chosen, KitView } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";

/** The first screen: open a vault, practise, or found a vault from a kit. */
export class StartState {
  busy = $state(false);
  #open = $state<"kit" | "restore" | null>(null);
  refused = $state.raw<RefusedError | null>(null);

  get kitOpen(): boolean {
    return this.#open === "kit";
  }

  get restoreOpen(): boolean {
    return this.#open === "restore";
  }

  /** Opens one of the forms, or closes it; never both of them. */
  turn(form: "kit" | "restore"): void {
    this.#open = this.#open === form ? null : form;
  }

  async practise(): Promise<void> {
    this.busy = true;
    this.refused = null;
    try {
      await practise();
      await session.load();
      session.choose(session.start?.vaults.find((vault) => vault.practice) ?? null);
    } catch (thrown) {
      this.refused = asRefused(thrown);
    } finally {
      this.busy = false;
    }
  }
}

/** A kit on its way to become a vault: file and passphrase, then what it offers, then the first account. */
export class KitState {
  file = $state.raw<Chosen | null>(null);
  passphrase = $state("");
  user = $state("");
  name = $state("");
  password = $state("");
  again = $state("");
  offer = $state.raw<KitView | null>(null);
  busy = $state(false);
  refused = $state.raw<RefusedError | null>(null);

  get mismatch(): boolean {
    return this.again !== "" && this.again !== this.password;
  }

  async pick(): Promise<void> {
    await this.#try(async () => {
      const file = await choose({ purpose: "kit" });
      if (file === null) return;
      this.file = file;
      // What another kit offered is not what this one would found.
      this.offer = null;
    });
  }

  async look(): Promise<void> {
    const { file } = this;
    if (file === null) return;
    await this.#try(async () => {
      this.offer = await kitLook({ kit: file.id, passphrase: this.passphrase });
    });
  }

  async found(): Promise<void> {
    const { file, passphrase, user, name, password } = this;
    if (file === null || password !== this.again) return;
    await this.#try(async () => {
      await kitFound({ kit: file.id, passphrase, user, name, password });
      await session.load();
      session.choose(session.start?.vaults[0] ?? null);
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.refused = null;
    try {
      await act();
    } catch (thrown) {
      this.refused = asRefused(thrown);
    } finally {
      this.busy = false;
    }
  }
}
