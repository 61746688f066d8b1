import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { session } from "../../model/session.svelte";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { PeopleView, Person, Role } from "../../ipc/messages";
import { asRefused, type RefusedError } from "../../ipc/refused";

/** The site's accounts and this device. */
export class PeopleState extends Loaded<PeopleView> {
  fetch(): Promise<void> {
    return this.load(ipc.peopleView);
  }

  /** Closes an account for good, after asking. */
  async close(person: Person): Promise<void> {
    const sure = await ask.choice({
      title: t("people.close.title", { name: person.name }),
      hint: t("people.close.hint"),
      options: [{ code: "close", label: t("people.close") }],
    });
    if (sure !== "close") return;
    await this.load(() => ipc.userClose({ user: person.user }));
    await session.look();
  }
}

/** A small form of accounts: what was typed, whether it is on its way, and why it was refused. */
class AccountForm {
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

/** A new account. */
export class NewAccount extends AccountForm {
  user = $state("");
  name = $state("");
  role = $state<Role>("nurse");

  add(people: PeopleState): Promise<void> {
    return this.send(async () => {
      const { user, name, role, password } = this;
      people.now = await ipc.userAdd({ user: user.trim(), name: name.trim(), role, password });
      live.say(t("people.added", { name: name.trim() }));
      await session.look();
      this.user = "";
      this.name = "";
    });
  }
}

/** One's own new password. */
export class OwnPassword extends AccountForm {
  old = $state("");

  change(): Promise<void> {
    return this.send(async () => {
      const old = this.old;
      this.old = "";
      await ipc.changePassword({ old, new: this.password });
      live.say(t("people.password.done"));
      await session.look();
    });
  }
}
