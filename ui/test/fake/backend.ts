import type { Preferences, SessionView } from "../../src/ipc/messages";
import { book, chemistry } from "./casebook";
import { charts, timeline } from "./charts";
import type { FakeBackend } from "./contract";
import { CHOSEN, mustBeChosen } from "./dialogs";
import { Forms } from "./form";
import { Labs, labFile } from "./labs";
import { backup, cellView, drilled, people, start, subjects, sync, view, worklist } from "./lists";
import { refuse } from "./refuse";
import { differences, outline, preview, studyView } from "./study";
import { TERMS, termsLike } from "./terms";
import { tumours } from "./tumours";
import { checklist, Randomisation } from "./visit";

const zh = ({ lang }: { lang: string }): boolean => lang === "zh-CN";

/** An invented site: every command has an answer, or refuses with the code that Rust would give. */
export function makeBackend(signedIn: SessionView = view): FakeBackend {
  const forms = new Forms();
  const labs = new Labs();
  const randomisation = new Randomisation();
  const sizes: Record<string, string> = {};
  let preferences: Preferences = start.preferences;
  return {
    start_view: () => ({ ...start, preferences }),
    practise: () => start,
    kit_look: ({ kit, passphrase }) => {
      mustBeChosen("kit", kit);
      return passphrase === "wrong"
        ? refuse("wrong_passphrase")
        : {
            study: signedIn.study,
            site: "S01",
            siteName: "Hospital (sample)",
            centerWords: "amber canyon harbor",
            practice: true,
          };
    },
    kit_found: ({ kit }) => {
      mustBeChosen("kit", kit);
      return start;
    },
    choose: ({ purpose }) => CHOSEN[purpose],
    unlock: ({ user, password }) => (password === "wrong" ? refuse("wrong_password") : { ...signedIn, user }),
    recover: ({ user, code }) =>
      code.startsWith("0000") ? refuse("wrong_code") : { ...signedIn, user, mustChange: false },
    lock: () => undefined,
    touch: () => undefined,
    set_preferences: (request) => void (preferences = request.preferences),
    integrity: () => ({ done: true, verified: 9, total: 9, finishedAt: "2026-10-21T13:40+08:00", alarms: [] }),

    worklist: (request) => worklist(zh(request)),
    subjects: (request) => subjects(zh(request)),
    subject_register: () => "S01-008",
    subject_view: (request) => book(zh(request)),
    event_date: (request) => book(zh(request)),
    event_add: (request) => book(zh(request)),
    event_missed: (request) => book(zh(request)),
    visit_checklist: ({ subject }) => checklist(subject),
    print_page: () => undefined,
    timeline: ({ subject }) => timeline(subject),
    charts: () => charts,

    form_shape: (request) => forms.shape(request),
    form_state: ({ form }) => forms.whole(form),
    save_item: ({ cell, typed }) => forms.save(cell, typed),
    save_missing: ({ cell, code }) =>
      forms.change(cell, (each) => void Object.assign(each, { missing: code, display: "", typed: "" })),
    draft_item: () => undefined,
    row_add: ({ form, group }) => forms.addRow(form, group),
    row_remove: ({ form, group, repeat }) => forms.removeRow(form, group, repeat),
    confirm_finding: ({ cell, rule, comment }) =>
      forms.change(cell, (each) => {
        for (const finding of each.findings) if (finding.rule === rule) finding.confirmed = comment;
      }),
    form_complete: ({ form }) => forms.setStatus(form, "complete"),
    form_reopen: ({ form }) => forms.setStatus(form, "started"),
    form_not_done: ({ form }) => forms.setStatus(form, "not_done"),
    cell_view: ({ cell }) => cellView(cell),
    term_search: ({ typed }) => termsLike(typed),
    term_view: ({ code }) => TERMS.find((term) => term.code === code) ?? refuse("no_such"),
    resolve_conflict: ({ cell, typed }) =>
      forms.change(cell, (each) => void Object.assign(each, { conflict: [], typed, display: typed })),
    raise_query: ({ cell }) => {
      forms.change(cell, (each) => (each.queries += 1));
      return cellView(cell);
    },
    answer_query: ({ cell }) => {
      forms.change(cell, (each) => (each.queries = 0));
      return cellView(cell);
    },

    study_view: studyView,
    study_differences: differences,
    study_outline: outline,
    study_form: (request) => chemistry(`SE.SCR[1]/${request.form}[1]`, zh(request)),
    subject_preview: ({ subject }) => preview(subject),
    study_activate: studyView,
    subject_migrate: studyView,

    tumours_view: ({ subject }) => tumours(subject, sizes),
    tumour_read: ({ subject, lesion, typed }) => {
      sizes[lesion] = typed;
      return tumours(subject, sizes);
    },
    tumour_new: ({ subject }) => tumours(subject, sizes),
    randomise_view: ({ subject }) => randomisation.view(subject),
    randomise_request: ({ subject }) => randomisation.moveTo("asked", subject),
    randomise_reveal: ({ subject, code }) =>
      code.length < 5 ? refuse("code_length") : randomisation.moveTo("revealed", subject),

    sync_view: () => ({ ...sync, unsent: forms.unsent }),
    export_bundle: ({ into }) => {
      mustBeChosen("export_folder", into);
      return { files: ["/media/stick/S01-k7f2m3pq-000001-000412.bundle"], entries: 412, bytes: 182_000 };
    },
    import_bundle: () => ({
      entries: 3,
      confirmed: 46,
      unsent: 0,
      outcome: "accepted",
      versions: [],
      session: { ...signedIn, awaitsCenter: false, copy: null },
    }),
    cancel_work: () => undefined,

    backup_write: ({ into }) => {
      mustBeChosen("backup_folder", into);
      const folder = "/media/backup/HCC_S01-k7f2m3pq_2026-10-21.outpost-backup";
      return { folder, entries: 412, bytes: 1_482_000, alarms: [], noted: true };
    },
    backup_look: (request) => {
      mustBeChosen("backup", request.backup);
      return backup;
    },
    backup_drill: (request) => {
      mustBeChosen("backup", request.backup);
      return request.password === "wrong" ? refuse("wrong_password") : drilled;
    },
    backup_restore: (request) => {
      mustBeChosen("backup", request.backup);
      return request.password === "wrong"
        ? refuse("wrong_password")
        : {
            vault: "practice-1",
            content: { ...drilled, against: "nothing", behind: 0 },
            setAside: request.aside
              ? { folder: "vaults/practice-1-damaged-2026-11-23", why: "damaged" as const }
              : null,
            deviceWords: view.deviceWords,
            centerWords: "amber bottle cradle donkey effort fabric galaxy harbor",
          };
    },
    restored_go_on: () => ({ ...signedIn, awaitsCenter: false, checkpointUnread: false, copy: null }),

    lab_register: () => labs.register(),
    lab_range_set: ({ line }) => labs.set(line),
    lab_range_withdraw: ({ line }) => labs.withdraw(line),
    lab_file_open: () => ({ file: labFile(), fault: null }),
    lab_file_map: ({ mapping }) => labFile(mapping),
    lab_file_import: ({ taken }) => ({ results: 1 + taken.length, panels: 1, left: 1 - taken.length }),
    lab_file_close: () => undefined,
    lab_event: () => ({ form: "SE.LOG[1]/F.AE[1]", cell: "SE.LOG[1]/F.AE[1]/IG.AE[1]/IT.AETERM" }),
    sae_report: () => refuse("cancelled"),

    people_view: () => people,
    program_view: () => ({ version: "0.1.0", logs: "/home/sample/.outpost/logs" }),
    user_add: ({ user, name, role }) => ({
      ...people,
      people: [...people.people, { user, name, role, open: true, mustChange: false }],
    }),
    user_reset: ({ user, own }) =>
      own === "wrong"
        ? refuse("wrong_password")
        : { ...people, people: people.people.map((each) => ({ ...each, mustChange: each.user === user })) },
    user_close: ({ user }) => ({
      ...people,
      people: people.people.map((each) => ({ ...each, open: each.open && each.user !== user })),
    }),
    change_password: ({ old }) => (old === "wrong" ? refuse("wrong_password") : { ...signedIn, mustChange: false }),
  };
}
