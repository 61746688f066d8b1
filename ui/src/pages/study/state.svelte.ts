import { ask } from "../../model/ask.svelte";
import { live } from "../../model/live.svelte";
import { Loaded } from "../../model/loaded.svelte";
import { lang, t } from "../../i18n/lang.svelte";
import * as ipc from "../../ipc/commands";
import type {
  DifferenceView,
  FormShape,
  OutlineView,
  PreviewView,
  StudyView,
  SubjectVersion,
  VersionView,
} from "../../ipc/messages";
import { asRefused } from "../../ipc/refused";

export type Part = "versions" | "subjects" | "sheet";
export const PARTS: Part[] = ["versions", "subjects", "sheet"];

/** The study's versions, who is under which, and the protocol as a sheet. */
export class StudyState extends Loaded<StudyView> {
  part = $state<Part>("versions");
  differences = $state.raw<DifferenceView[] | null>(null);
  preview = $state.raw<PreviewView | null>(null);
  outline = $state.raw<OutlineView | null>(null);
  forms = $state.raw<FormShape[]>([]);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  target = $state("");
  sheet = $state("");
  busy = $state(false);

  async fetch(): Promise<void> {
    await this.load(ipc.studyView);
    const newest = this.readable[0]?.version ?? "";
    this.target ||= newest;
    this.sheet ||= this.inForce?.version ?? newest;
    await this.compare();
  }

  /** Versions that this program can read, newest first. */
  get readable(): VersionView[] {
    return (this.now?.versions ?? []).filter((one) => one.state !== "unreadable");
  }

  get inForce(): VersionView | undefined {
    return this.now?.versions.find((one) => one.state === "in_force");
  }

  name(version: string): string {
    return this.now?.versions.find((one) => one.version === version)?.name ?? version;
  }

  /** Subjects that are not under the target yet. */
  get movable(): SubjectVersion[] {
    return (this.now?.subjects ?? []).filter((one) => one.version !== this.target || one.conflict);
  }

  get picked(): string[] {
    return this.movable.map((one) => one.subject).filter((subject) => this.chosen.has(subject));
  }

  pick(subject: string, on: boolean): void {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(subject);
    else chosen.delete(subject);
    this.chosen = chosen;
  }

  pickAll(on: boolean): void {
    this.chosen = new Set(on ? this.movable.map((one) => one.subject) : []);
  }

  /** What the newest version changes against the one before it. */
  async compare(): Promise<void> {
    const [to, from] = this.readable;
    if (to === undefined || from === undefined) return;
    await this.#try(async () => {
      this.differences = await ipc.studyDifferences({ from: from.version, to: to.version, lang: lang.tag });
    });
  }

  look(subject: string): Promise<void> {
    const version = this.target;
    return this.#try(async () => {
      this.preview = await ipc.subjectPreview({ subject, version, lang: lang.tag });
    });
  }

  /** The schedule and every blank form of the version in view. */
  read(): Promise<void> {
    const version = this.sheet;
    return this.#try(async () => {
      const outline = await ipc.studyOutline({ version, lang: lang.tag });
      const shapes = outline.forms.map(([form]) => ipc.studyForm({ version, form, lang: lang.tag }));
      this.forms = await Promise.all(shapes);
      this.outline = outline;
    });
  }

  async activate(one: VersionView): Promise<void> {
    const sure = await ask.choice({
      title: t("study.activate.title", { version: one.name }),
      hint: t("study.activate.hint"),
      options: [{ code: "activate", label: t("study.activate") }],
    });
    if (sure !== "activate") return;
    await this.load(() => ipc.studyActivate({ version: one.version }));
    if (this.refused === null) live.say(t("study.activated", { version: one.name }));
  }

  /** Migrates those who are chosen, after asking why. */
  async migrate(): Promise<void> {
    const subjects = this.picked;
    if (subjects.length === 0) return;
    const reason = await ask.text({
      title: t("migrate.title", { n: subjects.length, version: this.name(this.target) }),
      hint: t("migrate.hint"),
      label: t("migrate.reason"),
      suggestions: [t("migrate.reason.approved")],
    });
    if (reason !== null) await this.#move(subjects, this.target, reason);
  }

  async undo(one: SubjectVersion): Promise<void> {
    if (one.undo === null) return;
    const reason = await ask.text({
      title: t("migrate.undo.title", { subject: one.subject }),
      hint: t("migrate.undo.hint"),
      label: t("migrate.reason"),
    });
    if (reason !== null) await this.#move([one.subject], one.undo, reason);
  }

  async #move(subjects: string[], version: string, reason: string): Promise<void> {
    this.busy = true;
    await this.load(() => ipc.subjectMigrate({ subjects, version, reason }));
    this.busy = false;
    if (this.refused !== null) return;
    this.chosen = new Set();
    this.preview = null;
    live.say(t("migrate.done"));
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.refused = null;
    } catch (thrown) {
      this.refused = asRefused(thrown);
    }
  }
}
