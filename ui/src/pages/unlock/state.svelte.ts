import { session } from "../../model/session.svelte";
import { recover, unlock } from "../../ipc/commands";
import type { SessionView } from "../../ipc/messages";
import { asRefused, RefusedError } from "../../ipc/refused";

/** A try at the door: whether it is on its way, why it was refused, and how long to wait after refusals. */
class Try {
  user = $state("");
  busy = $state(false);
  refused = $state.raw<RefusedError | null>(null);
  wait = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  get blocked(): boolean {
    return this.busy || this.wait > 0;
  }

  /** The current refusal, its seconds counted down. */
  get refusal(): RefusedError | null {
    // At the door it is the vault, and no file that could be copied again.
    if (this.refused?.code === "damaged")
      return new RefusedError({ code: "vault_damaged", message: "", waitSeconds: null });
    if (this.refused === null || this.refused.waitSeconds === null) return this.refused;
    if (this.wait === 0) return null;
    return new RefusedError({ code: this.refused.code, message: "", waitSeconds: this.wait });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Asks to be let in; whether that was granted. */
  protected async knock(ask: (vault: string) => Promise<SessionView>): Promise<boolean> {
    const vault = session.vault;
    if (vault === null || this.blocked) return false;
    this.busy = true;
    try {
      session.opened(await ask(vault.id));
      return true;
    } catch (thrown) {
      this.#told(asRefused(thrown));
      return false;
    } finally {
      this.busy = false;
    }
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

/** Signing in: who, and the password. */
export class UnlockState extends Try {
  password = $state("");
  caps = $state(false);

  async submit(): Promise<void> {
    if (this.blocked) return;
    const { user, password } = this;
    await this.knock((vault) => unlock({ vault, user: user.trim(), password }));
    this.password = "";
  }
}

/** Letters and digits of a code. */
const CODE_SIGNS = 20;

/** Signing in without the password: who, the code that the center reads out, and the new password. */
export class RecoverState extends Try {
  code = $state("");
  password = $state("");
  again = $state("");

  /** `user` as far as it is typed. */
  constructor(user: string) {
    super();
    this.user = user.trim();
  }

  /** How many signs of the code are typed; how they are set apart does not matter. */
  get signs(): number {
    return this.code.replace(/[^0-9a-z]/gi, "").length;
  }

  get ready(): boolean {
    return !this.blocked && this.signs === CODE_SIGNS && this.password !== "" && this.password === this.again;
  }

  async submit(): Promise<void> {
    if (!this.ready) return;
    const { user, code, password } = this;
    if (!(await this.knock((vault) => recover({ vault, user: user.trim(), code, password })))) return;
    session.recovered = true;
    this.code = "";
    this.password = "";
    this.again = "";
  }
}
