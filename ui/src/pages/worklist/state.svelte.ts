import { Loaded } from "../../app/loaded.svelte";
import type { Route } from "../../app/route.svelte";
import type { MarkName } from "../../controls/mark-name";
import { lang } from "../../i18n/lang.svelte";
import { worklist } from "../../ipc/commands";
import type { Task, TaskKind, WorklistView } from "../../ipc/messages";

/** Kinds of work, most urgent first, each with its mark. */
export const KINDS: Record<TaskKind, MarkName> = {
  overdue: "due",
  must_change: "must_change",
  query: "query",
  due: "due",
  unfinished: "started",
  confirm: "confirm",
  upcoming: "empty",
};

/** Where a task is done: its form, or else its subject's casebook. */
export function placeOf(task: Task): Route {
  if (task.form !== "") return { page: "form", subject: task.subject, form: task.form };
  return { page: "subject", subject: task.subject };
}

/** What is to be done, with one kind picked out or all of them. */
export class WorklistState extends Loaded<WorklistView> {
  kind = $state<TaskKind | null>(null);

  get tasks(): Task[] {
    const all = this.now?.tasks ?? [];
    return this.kind === null ? all : all.filter((task) => task.kind === this.kind);
  }

  get counts(): Array<[TaskKind, number]> {
    return (this.now?.counts ?? []).filter(([, count]) => count > 0);
  }

  pick(kind: TaskKind): void {
    this.kind = this.kind === kind ? null : kind;
  }

  fetch(): Promise<void> {
    return this.load(() => worklist({ lang: lang.tag }));
  }
}
