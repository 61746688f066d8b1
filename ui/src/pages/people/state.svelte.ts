import { AccountForm } from "../../model/account-form.svelte";
import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { session } from "../../model/session.svelte";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { PeopleView, Person, Role } from "../../ipc/messages";

/** The site's accounts and this device. */
export class PeopleState extends Loaded<PeopleView> {
  /** Whose password is being set. */
  resetting = $state.raw<Person | null>(null);

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

/** Another account's new password, which an administrator sets with the own one. */
export class ResetPassword extends AccountForm {
  own = $state("");

  reset(people: PeopleState, person: Person): Promise<void> {
    return this.send(async () => {
      const { own, password } = this;
      this.own = "";
      people.now = await ipc.userReset({ user: person.user, password, own });
      live.say(t("people.reset.done", { name: person.name }));
      await session.look();
    });
  }
}
