import { session } from "../../model/session.svelte";
import { kitFound, kitLook, pickBundle, practise } from "../../ipc/commands";
import type { KitView } from "../../ipc/messages";
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
  path = $state("");
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
      this.path = (await pickBundle()) ?? this.path;
    });
  }

  async look(): Promise<void> {
    await this.#try(async () => {
      this.offer = await kitLook({ path: this.path, passphrase: this.passphrase });
    });
  }

  async found(): Promise<void> {
    if (this.password !== this.again) return;
    await this.#try(async () => {
      const { path, passphrase, user, name, password } = this;
      await kitFound({ path, passphrase, user, name, password });
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
