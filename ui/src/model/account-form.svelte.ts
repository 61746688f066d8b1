import { t } from "../i18n/lang.svelte";
import * as ipc from "../ipc/commands";
import { asRefused, type RefusedError } from "../ipc/refused";
import { live } from "./live.svelte";
import { session } from "./session.svelte";

/** A small form with a new password: what was typed, whether it is on its way, and why it was refused. */
export class AccountForm {
  password = $state("");
  again = $state("");
  busy = $state(false);
  done = $state(false);
  refused = $state.raw<RefusedError | null>(null);

  get ready(): boolean {
    return !this.busy && this.password !== "" && this.password === this.again;
  }

  protected async send(act: () => Promise<void>): Promise<void> {
    if (!this.ready) return;
    this.busy = true;
    this.done = false;
    try {
      await act();
      this.refused = null;
      this.done = true;
    } catch (thrown) {
      this.refused = asRefused(thrown);
    } finally {
      this.password = "";
      this.again = "";
      this.busy = false;
    }
  }
}

/** One's own new password. */
export class OwnPassword extends AccountForm {
  old = $state("");

  change(): Promise<void> {
    return this.send(async () => {
      const { old } = this;
      this.old = "";
      const comesFirst = session.view?.mustChange === true;
      const view = await ipc.changePassword({ old, new: this.password });
      live.say(t("people.password.done"));
      // Whoever had to set one goes on to work only now.
      if (comesFirst) session.opened(view);
      else await session.look();
    });
  }
}
