import * as ipc from "../ipc/commands";
import type { BackupView, DrillReport, Progress, RestoreReport } from "../ipc/messages";
import { asRefused, type RefusedError } from "../ipc/refused";

/** A backup that somebody chose: whose it says it is, who opens it, and what it was found to hold. */
export class BackupCopy {
  path = $state("");
  user = $state("");
  password = $state("");
  seen = $state.raw<BackupView | null>(null);
  drilled = $state.raw<DrillReport | null>(null);
  busy = $state(false);
  progress = $state.raw<Progress | null>(null);
  refused = $state.raw<RefusedError | null>(null);

  /** Whether all is stated that opening takes. */
  get ready(): boolean {
    return !this.busy && this.path !== "" && this.user.trim() !== "" && this.password !== "";
  }

  async pick(): Promise<void> {
    await this.#try(async () => {
      const path = await ipc.pickFolder();
      if (path === null) return;
      this.path = path;
      this.seen = await ipc.backupLook({ path });
    });
  }

  /** Says whose backup lies in the folder that was typed. */
  async look(): Promise<void> {
    this.seen = null;
    this.drilled = null;
    if (this.path === "") return;
    await this.#try(async () => {
      this.seen = await ipc.backupLook({ path: this.path });
    });
  }

  async drill(): Promise<void> {
    this.drilled = null;
    await this.#long(async (asked) => {
      this.drilled = await ipc.backupDrill(asked);
    });
  }

  /** Makes a vault of it; null when that could not be done. */
  async restore(): Promise<RestoreReport | null> {
    let restored: RestoreReport | null = null;
    this.drilled = null;
    await this.#long(async (asked) => {
      restored = await ipc.backupRestore(asked);
    });
    return restored;
  }

  async cancel(): Promise<void> {
    await ipc.cancelWork().catch(() => undefined);
  }

  async #long(act: (asked: { path: string; user: string; password: string }) => Promise<void>): Promise<void> {
    const { path, user, password } = this;
    this.password = "";
    this.progress = null;
    const unhear = ipc.onProgress((progress) => (this.progress = progress));
    this.busy = true;
    await this.#try(() => act({ path, user: user.trim(), password }));
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
