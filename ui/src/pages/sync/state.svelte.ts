import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { session } from "../../model/session.svelte";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { BackupReport, Chosen, ExportReport, ImportReport, Progress, SyncView } from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";

export type Work = "export" | "import" | "backup" | "go-on";

/** What waits to be sent, and the bundles that go and come. */
export class SyncState extends Loaded<SyncView> {
  work = $state<Work | null>(null);
  progress = $state.raw<Progress | null>(null);
  exported = $state.raw<ExportReport | null>(null);
  imported = $state.raw<ImportReport | null>(null);
  backedUp = $state.raw<BackupReport | null>(null);
  /** Folders that the person chose in place of the last ones, until something is written there. */
  #folder = $state.raw<Chosen | null>(null);
  #backupFolder = $state.raw<Chosen | null>(null);

  /** Where the next bundle goes; empty when the dialog will ask. */
  get folder(): string {
    return this.#folder?.name ?? this.now?.suggestedFolder ?? "";
  }

  /** Where the next backup goes; empty when the dialog will ask. */
  get backupFolder(): string {
    return this.#backupFolder?.name ?? this.now?.backupFolder ?? "";
  }

  async fetch(): Promise<void> {
    await this.load(ipc.syncView);
    session.unsent = this.now?.unsent ?? session.unsent;
  }

  async pickFolder(): Promise<void> {
    await this.#try(async () => {
      this.#folder = (await ipc.choose({ purpose: "export_folder" })) ?? this.#folder;
    });
  }

  async pickBackupFolder(): Promise<void> {
    await this.#try(async () => {
      this.#backupFolder = (await ipc.choose({ purpose: "backup_folder" })) ?? this.#backupFolder;
    });
  }

  async export(): Promise<void> {
    await this.#long("export", async () => {
      this.exported = await ipc.exportBundle({ into: this.#folder?.id ?? null });
      this.#folder = null;
      live.say(t("sync.exported"));
    });
  }

  async import(): Promise<void> {
    await this.#long("import", async () => {
      this.imported = await ipc.importBundle();
      const { session: now } = this.imported;
      if (session.view?.awaitsCenter && !now.awaitsCenter) session.wentOn(now);
      live.say(t("sync.imported"));
    });
  }

  async backup(): Promise<void> {
    await this.#long("backup", async () => {
      this.backedUp = await ipc.backupWrite({ into: this.#backupFolder?.id ?? null });
      this.#backupFolder = null;
      live.say(t("backup.whole"));
    });
  }

  /** Lets a restored vault go on without a reply, or one whose checkpoint could not be read, after asking. */
  async goOn(): Promise<void> {
    const why = session.view?.checkpointUnread ? "unread.without" : "restored.nothing";
    const sure = await ask.choice({
      title: t(`${why}.title`),
      hint: t(`${why}.hint`),
      options: [{ code: "yes", label: t(`${why}.yes`) }],
    });
    if (sure !== "yes") return;
    await this.#long("go-on", async () => {
      session.wentOn(await ipc.restoredGoOn());
    });
  }

  async cancel(): Promise<void> {
    await this.#try(ipc.cancelWork);
  }

  async #long(work: Work, act: () => Promise<void>): Promise<void> {
    this.work = work;
    this.progress = null;
    this.exported = null;
    this.imported = null;
    this.backedUp = null;
    const unhear = ipc.onProgress((progress) => (this.progress = progress));
    const done = await this.#try(act);
    unhear();
    this.work = null;
    if (!done) return;
    void session.look().catch(() => undefined);
    await this.fetch();
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.refused = null;
      return true;
    } catch (thrown) {
      const refused = asRefused(thrown);
      // Turning away is not a failure.
      this.refused = refused.code === "cancelled" ? null : refused;
      return false;
    }
  }
}
