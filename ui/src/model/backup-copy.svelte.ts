import * as ipc from "../ipc/commands";
import type { BackupView, Chosen, DrillReport, Progress, RestoreReport } from "../ipc/messages";
import { asRefused, type RefusedError } from "../ipc/refused";

interface Asked {
  backup: number;
  user: string;
  password: string;
  coded: boolean;
}

/** A backup that somebody chose: whose it says it is, who opens it, and what it was found to hold. */
export class BackupCopy {
  chosen = $state.raw<Chosen | null>(null);
  user = $state("");
  password = $state("");
  /** Whether a recovery code is typed instead of the password. */
  byCode = $state(false);
  /** Whether the vault is put back although the account's key does not prove which vault it was made for. */
  takesUnbound = $state(false);
  /** Who can sign in to the vault that is here; asked only where the backup's key does not open that one. */
  hereUser = $state("");
  herePass = $state("");
  asksHere = $state(false);
  seen = $state.raw<BackupView | null>(null);
  drilled = $state.raw<DrillReport | null>(null);
  busy = $state(false);
  progress = $state.raw<Progress | null>(null);
  refused = $state.raw<RefusedError | null>(null);

  /** Whether that proof was missed. */
  get isUnbound(): boolean {
    return this.takesUnbound || this.refused?.code === "slot_unbound";
  }

  /** Whether all is stated that opening takes. */
  get ready(): boolean {
    return !this.busy && this.chosen !== null && this.user.trim() !== "" && this.password !== "";
  }

  /** The same, and whether somebody is named who can sign in to the vault that is here, where that is asked. */
  get readyHere(): boolean {
    return this.ready && (!this.asksHere || (this.hereUser.trim() !== "" && this.herePass !== ""));
  }

  /** Asks for a folder, and whose backup lies in it. */
  async pick(): Promise<void> {
    await this.#try(async () => {
      const chosen = await ipc.choose({ purpose: "backup" });
      if (chosen === null) return;
      this.chosen = chosen;
      this.seen = null;
      this.drilled = null;
      this.takesUnbound = false;
      this.asksHere = false;
      this.seen = await ipc.backupLook({ backup: chosen.id });
    });
  }

  async drill(): Promise<void> {
    this.drilled = null;
    await this.#long(async (asked) => {
      this.drilled = await ipc.backupDrill(asked);
    });
  }

  /** Makes a vault of it, in the place of one that is set aside; null when that could not be done. */
  async restore(aside: boolean): Promise<RestoreReport | null> {
    let restored: RestoreReport | null = null;
    this.drilled = null;
    const { password } = this;
    const here = this.asksHere ? this.hereUser.trim() : "";
    const pass = this.asksHere ? this.herePass : "";
    this.herePass = "";
    await this.#long(async (asked) => {
      restored = await ipc.backupRestore({ ...asked, unbound: this.takesUnbound, aside, here, pass });
    });
    const isShut = this.refused?.code === "vault_shut";
    // The backup opened: only what is asked of the vault that is here is to be typed.
    if (isShut || this.refused?.code === "wrong_password_here") this.password = password;
    if (isShut) {
      this.asksHere = true;
      // Mostly it is the same person.
      this.hereUser = this.user;
    }
    return restored;
  }

  async cancel(): Promise<void> {
    await ipc.cancelWork().catch(() => undefined);
  }

  async #long(act: (asked: Asked) => Promise<void>): Promise<void> {
    const { chosen, user, password, byCode } = this;
    if (chosen === null) return;
    this.password = "";
    this.progress = null;
    const unhear = ipc.onProgress((progress) => (this.progress = progress));
    this.busy = true;
    await this.#try(() => act({ backup: chosen.id, user: user.trim(), password, coded: byCode }));
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
