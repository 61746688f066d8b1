import * as ipc from "../ipc/commands";
import type { IntegrityView, LockReason, SessionView, StartView, VaultCard } from "../ipc/messages";
import { live } from "./live.svelte";
import { preferences } from "./preferences.svelte";
import { router, type Route } from "./route.svelte";

export type LockedBy = "person" | LockReason;
export type Stage = "loading" | "start" | "unlock" | "own-password" | "open";

/** Who is signed in where, and what every page shows of it. */
class Session {
  start = $state.raw<StartView | null>(null);
  vault = $state.raw<VaultCard | null>(null);
  view = $state.raw<SessionView | null>(null);
  unsent = $state(0);
  integrity = $state.raw<IntegrityView | null>(null);
  /** Why the vault was locked, for the words on the next screen. */
  lockedBy = $state<"" | LockedBy>("");
  /** Whether a code of the center opened the vault, of which its next bundle will tell. */
  recovered = $state(false);
  // Where the same person may go on after a lock; nobody else is shown it.
  #resume: { vault: string; user: string; at: Route } | null = null;

  get stage(): Stage {
    if (this.start === null) return "loading";
    if (this.view !== null) return this.view.mustChange ? "own-password" : "open";
    return this.vault === null ? "start" : "unlock";
  }

  async load(): Promise<void> {
    const start = await ipc.startView();
    if (this.start === null) preferences.take(start.preferences);
    this.start = start;
  }

  choose(vault: VaultCard | null): void {
    this.lockedBy = "";
    this.vault = vault;
  }

  opened(view: SessionView): void {
    if (view.mustChange) {
      // Nothing but a password of their own is answered before it is set; then this comes again.
      this.lockedBy = "";
      this.view = view;
      return;
    }
    const back = this.#resume;
    const same = back !== null && back.vault === this.vault?.id && back.user === view.user;
    router.reset(same ? back.at : undefined);
    this.#resume = null;
    this.lockedBy = "";
    this.view = view;
    void this.#count();
    void this.#watchIntegrity(view);
  }

  /** Closes the vault; what is typed and not yet accepted is kept as drafts first. */
  async lock(why: LockedBy): Promise<void> {
    // A page that cannot keep what it shows must not keep the vault open either.
    await router.keep().catch(() => undefined);
    try {
      await ipc.lock();
    } catch {
      // Something of the lock could not be written: the vault is locked all the same.
    }
    this.closed(why);
  }

  /** The vault is closed already: shows nothing of the study from here on. */
  closed(why: LockedBy): void {
    if (this.view !== null && this.vault !== null) {
      this.#resume = { vault: this.vault.id, user: this.view.user, at: router.now };
    }
    this.view = null;
    this.recovered = false;
    this.integrity = null;
    this.unsent = 0;
    this.lockedBy = why;
    live.silence();
    router.reset();
    // The shell takes this as the sign that the window let go of what it showed.
    void this.load();
  }

  async #count(): Promise<void> {
    if (this.view?.role === "assessor") return;
    this.unsent = (await ipc.syncView()).unsent;
  }

  /** A restored vault has what the center holds: it may be written from here on, by whoever this person is by now. */
  wentOn(view: SessionView): void {
    this.view = view;
    // Nothing but a password of their own is answered before it is set; the vault counts as opened then.
    if (!view.mustChange) void this.#watchIntegrity(view);
  }

  /** Asks once more what was noticed: an act may leave something that is tried again later. */
  async look(): Promise<void> {
    const view = this.view;
    if (view === null || this.integrity?.done !== true) return;
    const seen = await ipc.integrity();
    if (this.view === view) this.integrity = seen;
  }

  async #watchIntegrity(view: SessionView): Promise<void> {
    while (this.view === view) {
      const seen = await ipc.integrity();
      if (this.view !== view) return;
      this.integrity = seen;
      if (seen.done) return;
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }
}

export const session = new Session();
