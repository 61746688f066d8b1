import * as ipc from "../ipc/commands";
import type { BackupView, Chosen, DrillReport, Progress, RestoreReport } from "../ipc/messages";
import { asRefused, type RefusedError } from "../ipc/refused";

/** A backup that somebody chose: whose it says it is, who opens it, and what it was found to hold. */
export class BackupCopy {
  chosen = $state.raw<Chosen | null>(null);
  user = $state("");
  password = $state("");
  seen = $state.raw<BackupView | null>(null);
  drilled = $state.raw<DrillReport | null>(null);
  busy = $state(false);
  progress = $state.raw<Progress | null>(null);
  refused = $state.raw<RefusedError | null>(null);

  /** Whether all is stated that opening takes. */
  get ready(): boolean {
    return !this.busy && this.chosen !== null && this.user.trim() !== "" && this.password !== "";
  }

  /** Asks for a folder, and whose backup lies in it. */
  async pick(): Promise<void> {
    await this.#try(async () => {
      const chosen = await ipc.choose({ purpose: "backup" });
      if (chosen === null) return;
      this.chosen = chosen;
      this.seen = null;
      this.drilled = null;
      this.seen = await ipc.backupLook({ backup: chosen.id });
    });
  }

  async drill(): Promise<void> {
    this.drilled = null;
    await this.#long(async (asked) => {
      this.drilled = await ipc.backupDrill(asked);
    });
  }

  /** Makes a vault of it, in the place of a damaged one that is set aside; null when that could not be done. */
  async restore(aside: boolean): Promise<RestoreReport | null> {
    let restored: RestoreReport | null = null;
    this.drilled = null;
    await this.#long(async (asked) => {
      restored = await ipc.backupRestore({ ...asked, aside });
    });
    return restored;
  }

  async cancel(): Promise<void> {
    await ipc.cancelWork().catch(() => undefined);
  }

  async #long(act: (asked: { backup: number; user: string; password: string }) => Promise<void>): Promise<void> {
    const { chosen, user, password } = this;
    if (chosen === null) return;
    this.password = "";
    this.progress = null;
    const unhear = ipc.onProgress((progress) => (this.progress = progress));
    this.busy = true;
    await this.#try(() => act({ backup: chosen.id, user: user.trim(), password }));
    this.busy = false;
    unhear();
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.refused = null;
    try {
      await act();
    } catch (thrown) {
      const refused = asRefused(thrown);
      // Turning away is not a failure.
      this.refused = refused.code === "cancelled" ? null : refused;
    }
  }
}
