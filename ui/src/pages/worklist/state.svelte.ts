import { Loaded } from "../../model/loaded.svelte";
import type { Route } from "../../model/route.svelte";
import type { MarkName } from "../../controls/mark-name";
import { lang } from "../../i18n/lang.svelte";
import { worklist } from "../../ipc/commands";
import type { Task, TaskKind, WorklistView } from "../../ipc/messages";

/** Kinds of work, most urgent first, each with its mark. */
export const KINDS: Record<TaskKind, MarkName> = {
  serious: "must_change",
  overdue: "due",
  must_change: "must_change",
  query: "query",
  due: "due",
  unfinished: "started",
  confirm: "confirm",
  upcoming: "empty",
};

/** The tasks under one heading: a kind of work, or a day. */
export type Group = { key: string; kind: TaskKind | null; day: string | null; tasks: Task[] };

/** Where a task is done: its form, or else its subject's casebook. */
export function placeOf(task: Task): Route {
  const place = { page: "form", subject: task.subject, form: task.form } as const;
  if (task.form !== "") return task.cell === "" ? place : { ...place, cell: task.cell };
  return { page: "subject", subject: task.subject };
}

/** What is to be done: one kind picked out or all, found by words, grouped by urgency or by day. */
export class WorklistState extends Loaded<WorklistView> {
  kind = $state<TaskKind | null>(null);
  byDay = $state(false);
  sought = $state("");

  get tasks(): Task[] {
    const words = this.sought.trim().toLowerCase();
    const fits = (task: Task) =>
      (this.kind === null || task.kind === this.kind) &&
      (words === "" || `${task.subject} ${task.eventTitle} ${task.formTitle}`.toLowerCase().includes(words));
    return (this.now?.tasks ?? []).filter(fits);
  }

  /** The tasks under their headings; days in order, and last what no day asks for. */
  get groups(): Group[] {
    const groups = new Map<string, Group>();
    for (const task of this.tasks) {
      const key = this.byDay ? (task.day ?? "") : task.kind;
      const group = groups.get(key) ?? {
        key,
        kind: this.byDay ? null : task.kind,
        day: this.byDay ? task.day : null,
        tasks: [],
      };
      group.tasks.push(task);
      groups.set(key, group);
    }
    const all = [...groups.values()];
    return this.byDay ? all.sort((a, b) => (a.day ?? "9").localeCompare(b.day ?? "9")) : all;
  }

  get counts(): Array<[TaskKind, number]> {
    return (this.now?.counts ?? []).filter(([, count]) => count > 0);
  }

  pick(kind: TaskKind): void {
    this.kind = this.kind === kind ? null : kind;
  }

  /** Picks a kind by its place in the row of counts; 0 shows all. */
  pickNumber(number: number): boolean {
    const kind = this.counts[number - 1]?.[0];
    if (number === 0) this.kind = null;
    else if (kind !== undefined) this.pick(kind);
    return number === 0 || kind !== undefined;
  }

  fetch(): Promise<void> {
    return this.load(() => worklist({ lang: lang.tag }));
  }
}
