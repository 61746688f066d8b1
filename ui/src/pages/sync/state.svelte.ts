import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { session } from "../../model/session.svelte";
import { t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type { BackupReport, ExportReport, ImportReport, Progress, SyncView } from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";

export type Work = "export" | "import" | "backup" | "go-on";

/** What waits to be sent, and the bundles that go and come. */
export class SyncState extends Loaded<SyncView> {
  folder = $state("");
  path = $state("");
  backupFolder = $state("");
  work = $state<Work | null>(null);
  progress = $state.raw<Progress | null>(null);
  exported = $state.raw<ExportReport | null>(null);
  imported = $state.raw<ImportReport | null>(null);
  backedUp = $state.raw<BackupReport | null>(null);

  async fetch(): Promise<void> {
    await this.load(ipc.syncView);
    if (this.folder === "") this.folder = this.now?.suggestedFolder ?? "";
    if (this.backupFolder === "") this.backupFolder = this.now?.backupFolder ?? "";
    session.unsent = this.now?.unsent ?? session.unsent;
  }

  async pickFolder(): Promise<void> {
    await this.#try(async () => {
      this.folder = (await ipc.pickFolder()) ?? this.folder;
    });
  }

  async pickBackupFolder(): Promise<void> {
    await this.#try(async () => {
      this.backupFolder = (await ipc.pickFolder()) ?? this.backupFolder;
    });
  }

  async pickBundle(): Promise<void> {
    await this.#try(async () => {
      this.path = (await ipc.pickBundle()) ?? this.path;
    });
  }

  async export(): Promise<void> {
    await this.#long("export", async () => {
      this.exported = await ipc.exportBundle({ folder: this.folder || null });
      live.say(t("sync.exported"));
    });
  }

  async import(): Promise<void> {
    await this.#long("import", async () => {
      this.imported = await ipc.importBundle({ path: this.path || null });
      const { session: now } = this.imported;
      if (session.view?.awaitsCenter && !now.awaitsCenter) session.wentOn(now);
      live.say(t("sync.imported"));
    });
  }

  async backup(): Promise<void> {
    await this.#long("backup", async () => {
      this.backedUp = await ipc.backupWrite({ folder: this.backupFolder || null });
      live.say(t("backup.whole"));
    });
  }

  /** Lets a restored vault go on without a reply, after asking. */
  async goOn(): Promise<void> {
    const sure = await ask.choice({
      title: t("restored.nothing.title"),
      hint: t("restored.nothing.hint"),
      options: [{ code: "yes", label: t("restored.nothing.yes") }],
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
