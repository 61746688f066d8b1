import { session } from "../../model/session.svelte";
import { unlock } from "../../ipc/commands";
import { asRefused, RefusedError } from "../../ipc/refused";

/** Signing in: who, the password, and how long to wait after refusals. */
export class UnlockState {
  user = $state("");
  password = $state("");
  caps = $state(false);
  busy = $state(false);
  refused = $state.raw<RefusedError | null>(null);
  wait = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  get blocked(): boolean {
    return this.busy || this.wait > 0;
  }

  async submit(): Promise<void> {
    const vault = session.vault;
    if (vault === null || this.blocked) return;
    this.busy = true;
    try {
      const view = await unlock({ vault: vault.id, user: this.user.trim(), password: this.password });
      session.opened(view);
    } catch (thrown) {
      this.#told(asRefused(thrown));
    } finally {
      this.password = "";
      this.busy = false;
    }
  }

  /** The current refusal, its seconds counted down. */
  get refusal(): RefusedError | null {
    if (this.refused === null || this.refused.waitSeconds === null) return this.refused;
    if (this.wait === 0) return null;
    return new RefusedError({ code: this.refused.code, message: "", waitSeconds: this.wait });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #told(refused: RefusedError): void {
    this.refused = refused;
    this.wait = refused.waitSeconds ?? 0;
    this.stop();
    if (this.wait === 0) return;
    this.#timer = setInterval(() => {
      this.wait -= 1;
      if (this.wait <= 0) this.stop();
    }, 1000);
  }
}
