// An invented site for looking at the screens in a browser (`npm run look`). It knows no rules: the values are drawn,
// and saving only repeats what was typed. Never part of a build.

import { differences, outline, preview, studyView } from "./study";
import type * as m from "../../src/ipc/messages";
import { book, cells, chemistry, logShape, row } from "./casebook";
import { cellView, people, start, subjects, sync, view, worklist } from "./lists";

type Args = Record<string, unknown>;
const text = (args: Args, name: string): string => String(args[name] ?? "");
const zh = (args: Args) => args["lang"] === "zh-CN";
const isLog = (args: Args) => text(args, "form").includes("F.AE");

const states = new Map<string, m.FormState>();
let unsent = 46;

function stateOf(form: string): m.FormState {
  const fresh = (): m.FormState => ({
    key: form,
    status: "started",
    answered: 0,
    total: 0,
    editable: true,
    reasonNeeded: false,
    eventDate: "2026-10-21",
    rows: form.includes("F.AE") ? [row(form, "IG.AE", "1", true), row(form, "IG.AE", "2", true), row(form, "IG.OP", "1", true)] : cells(form),
    blockers: [],
    unsent,
    clocks: [],
    retired: [],
  });
  const state = states.get(form) ?? fresh();
  states.set(form, state);
  return state;
}

function answer(form: string): m.FormState {
  const state = stateOf(form);
  const all = state.rows.flatMap((each) => each.cells);
  state.answered = all.filter((cell) => cell.display !== "" || cell.missing !== "").length;
  state.total = all.length;
  state.blockers = all.flatMap((cell) =>
    cell.findings
      .filter((finding) => finding.confirmed === null)
      .map(({ severity, rule, message }) => ({ key: cell.key, question: cell.key.split(".").at(-1) ?? "", kind: severity, rule, message })),
  );
  return structuredClone({ ...state, unsent });
}

function change(args: Args, how: (cell: m.CellState) => void): m.FormState {
  const key = text(args, "cell");
  const form = key.split("/").slice(0, 2).join("/");
  const all = stateOf(form).rows.flatMap((each) => each.cells);
  const cell = all.find((each) => each.key === key);
  if (cell !== undefined) how(cell);
  unsent += 1;
  return answer(form);
}

function save(args: Args): m.FormState {
  const typed = text(args, "typed");
  return change(args, (cell) => {
    const unread = /[a-z]{4}/.test(typed) && /POTASSIUM|CREAT|ALB$/.test(cell.key);
    cell.draft = unread ? typed : null;
    cell.draftFault = unread ? "not_a_number" : "";
    if (unread) return;
    cell.typed = cell.display = typed;
    cell.missing = "";
  });
}

const ANSWERS: Record<string, (args: Args) => unknown> = {
  start_view: () => start,
  practise: () => start,
  unlock: () => view,
  integrity: () => ({ done: true, verified: 9, total: 9, finishedAt: "2026-10-21T13:40+08:00", alarms: [] }),
  worklist: (args) => worklist(zh(args)),
  subjects: (args) => subjects(zh(args)),
  subject_register: () => "S01-008",
  subject_view: (args) => book(zh(args)),
  event_date: (args) => book(zh(args)),
  event_add: (args) => book(zh(args)),
  event_missed: (args) => book(zh(args)),
  form_shape: (args) => (isLog(args) ? logShape(zh(args)) : chemistry(text(args, "form"), zh(args))),
  form_state: (args) => answer(text(args, "form")),
  save_item: save,
  save_missing: (args) => change(args, (cell) => Object.assign(cell, { missing: args["code"], display: "", typed: "" })),
  row_add: (args) => {
    const form = text(args, "form");
    const rows = stateOf(form).rows;
    rows.push(row(form, text(args, "group"), String(rows.length + 1), false));
    return answer(form);
  },
  confirm_finding: (args) => change(args, (cell) => cell.findings.forEach((each) => (each.confirmed = text(args, "comment")))),
  form_complete: (args) => {
    const state = stateOf(text(args, "form"));
    state.status = "complete";
    state.reasonNeeded = true;
    state.rows.forEach((each) => (each.reasonNeeded = true));
    return answer(state.key);
  },
  cell_view: (args) => cellView(text(args, "cell")),
  sync_view: () => ({ ...sync, unsent }),
  export_bundle: () => ({ files: ["/media/stick/S01-k7f2m3pq-000001-000412.bundle"], entries: 412, bytes: 182_000 }),
  import_bundle: () => ({ entries: 3, confirmed: 46, unsent: 0, outcome: "accepted", versions: [] }),
  people_view: () => people,
  study_view: studyView,
  study_differences: differences,
  study_outline: outline,
  study_form: (args) => chemistry(`SE.SCR[1]/${text(args, "form")}[1]`, zh(args)),
  subject_preview: (args) => preview(text(args, "subject")),
  study_activate: studyView,
  subject_migrate: studyView,
};

export async function invoke(command: string, args: Args = {}): Promise<unknown> {
  await new Promise((wake) => setTimeout(wake, 4));
  return ANSWERS[command]?.(args) ?? null;
}
