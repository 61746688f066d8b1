// Every command of the shell, with its types. One line per thing that a person can do.

import { call, hear } from "./door";
import type * as m from "./messages";

type Lang = { lang: string };
type OfSubject = { subject: string };
type OfForm = OfSubject & { form: string };
type OfCell = OfSubject & { cell: string };
type Because = { reason?: string | null };

// Start and session
export const startView = () => call<m.StartView>("start_view");
export const practise = () => call<m.StartView>("practise");
export const kitLook = (a: { path: string; passphrase: string }) => call<m.KitView>("kit_look", a);
export const kitFound = (a: { path: string; passphrase: string; user: string; name: string; password: string }) =>
  call<m.StartView>("kit_found", a);
export const unlock = (a: { vault: string; user: string; password: string }) => call<m.SessionView>("unlock", a);
export const lock = () => call<void>("lock");
export const touch = () => call<void>("touch");
export const setPreferences = (a: { preferences: m.Preferences }) => call<void>("set_preferences", a);
export const integrity = () => call<m.IntegrityView>("integrity");

// Lists and the casebook
export const worklist = (a: Lang) => call<m.WorklistView>("worklist", a);
export const subjects = (a: Lang) => call<m.SubjectRow[]>("subjects", a);
export const subjectRegister = () => call<string>("subject_register");
export const subjectView = (a: OfSubject & Lang) => call<m.SubjectView>("subject_view", a);
export const eventDate = (a: OfSubject & { event: string; date: string } & Because & Lang) =>
  call<m.SubjectView>("event_date", a);
export const eventAdd = (a: OfSubject & { oid: string; repeat: string; date?: string | null } & Lang) =>
  call<m.SubjectView>("event_add", a);
export const eventMissed = (a: OfSubject & { event: string; reason: string } & Lang) =>
  call<m.SubjectView>("event_missed", a);

export const visitChecklist = (a: OfSubject & { event: string } & Lang) => call<m.ChecklistView>("visit_checklist", a);
export const printPage = () => call<void>("print_page");

// Charts
export const timeline = (a: OfSubject & Lang) => call<m.TimelineView>("timeline", a);
export const charts = (a: Lang) => call<m.ChartsView>("charts", a);

// The form
export const formShape = (a: OfForm & Lang) => call<m.FormShape>("form_shape", a);
export const formState = (a: OfForm & Lang) => call<m.FormUpdate>("form_state", a);
export const saveItem = (a: OfCell & { typed: string } & Because & Lang) => call<m.FormUpdate>("save_item", a);
export const saveMissing = (a: OfCell & { code: string } & Because & Lang) => call<m.FormUpdate>("save_missing", a);
export const draftItem = (a: OfCell & { typed: string }) => call<void>("draft_item", a);
export const rowAdd = (a: OfForm & { group: string } & Lang) => call<m.FormUpdate>("row_add", a);
export const rowRemove = (a: OfForm & { group: string; repeat: string; reason: string } & Lang) =>
  call<m.FormUpdate>("row_remove", a);
export const confirmFinding = (a: OfCell & { rule: string; comment: string } & Lang) =>
  call<m.FormUpdate>("confirm_finding", a);
export const formComplete = (a: OfForm & Lang) => call<m.FormUpdate>("form_complete", a);
export const formReopen = (a: OfForm & { reason: string } & Lang) => call<m.FormUpdate>("form_reopen", a);
export const formNotDone = (a: OfForm & { code: string } & Lang) => call<m.FormUpdate>("form_not_done", a);
export const cellView = (a: OfCell & Lang) => call<m.CellView>("cell_view", a);
export const termSearch = (a: { item: string; typed: string } & Lang) => call<m.TermView[]>("term_search", a);
export const termView = (a: { item: string; code: string } & Lang) => call<m.TermView>("term_view", a);
export const settleConflict = (a: OfCell & { typed: string; reason: string } & Lang) =>
  call<m.FormUpdate>("settle_conflict", a);
export const raiseQuery = (a: OfCell & { text: string } & Lang) => call<m.CellView>("raise_query", a);
export const answerQuery = (a: OfCell & { text: string } & Lang) => call<m.CellView>("answer_query", a);

// The study
export const studyView = () => call<m.StudyView>("study_view");
export const studyDifferences = (a: { from: string; to: string } & Lang) =>
  call<m.DifferenceView[]>("study_differences", a);
export const studyOutline = (a: { version: string } & Lang) => call<m.OutlineView>("study_outline", a);
export const studyForm = (a: { version: string; form: string } & Lang) => call<m.FormShape>("study_form", a);
export const subjectPreview = (a: OfSubject & { version: string } & Lang) =>
  call<m.PreviewView>("subject_preview", a);
export const studyActivate = (a: { version: string }) => call<m.StudyView>("study_activate", a);
export const subjectMigrate = (a: { subjects: string[]; version: string; reason: string }) =>
  call<m.StudyView>("subject_migrate", a);

// Tumours
export const tumoursView = (a: OfSubject & Lang) => call<m.TumoursView>("tumours_view", a);
export const tumourRead = (a: OfForm & { lesion: string; typed: string } & Because & Lang) =>
  call<m.TumoursView>("tumour_read", a);
export const tumourNew = (a: OfForm & { organ: string; place: string; certainty: string } & Lang) =>
  call<m.TumoursView>("tumour_new", a);

// Randomise
export const randomiseView = (a: OfSubject & Lang) => call<m.RandomiseView>("randomise_view", a);
export const randomiseRequest = (a: OfSubject & Lang) => call<m.RandomiseView>("randomise_request", a);
export const randomiseReveal = (a: OfSubject & { code: string } & Lang) =>
  call<m.RandomiseView>("randomise_reveal", a);

// Sync
export const syncView = () => call<m.SyncView>("sync_view");
export const exportBundle = (a: { folder?: string | null }) => call<m.ExportReport>("export_bundle", a);
export const importBundle = (a: { path?: string | null }) => call<m.ImportReport>("import_bundle", a);
export const cancelWork = () => call<void>("cancel_work");
export const pickFolder = () => call<string | null>("pick_folder");
export const pickBundle = () => call<string | null>("pick_bundle");
export const onProgress = (told: (progress: m.Progress) => void) => hear<m.Progress>("progress", told);

// Laboratory
export const labRegister = (a: Lang) => call<m.LabRegister>("lab_register", a);
export const labRangeSet = (a: { line: m.LabLineTyped } & Lang) => call<m.LabRegister>("lab_range_set", a);
export const labRangeWithdraw = (a: { line: string } & Lang) => call<m.LabRegister>("lab_range_withdraw", a);
export const labFileOpen = (a: { path: string | null; lab: string } & Lang) => call<m.LabFileOpened>("lab_file_open", a);
export const labFileMap = (a: { mapping: m.LabMapping } & Lang) => call<m.LabFileView>("lab_file_map", a);
export const labFileImport = (a: { taken: number[] } & Because) => call<m.LabFileReport>("lab_file_import", a);
export const labFileClose = () => call<void>("lab_file_close");
export const labEvent = (a: OfCell) => call<m.LabEventRow>("lab_event", a);

// Safety
export const saeReport = (a: OfCell & { path: string | null } & Lang) => call<m.ReportWritten>("sae_report", a);

// People and device
export const peopleView = () => call<m.PeopleView>("people_view");
export const userAdd = (a: { user: string; name: string; role: m.Role; password: string }) =>
  call<m.PeopleView>("user_add", a);
export const userClose = (a: { user: string }) => call<m.PeopleView>("user_close", a);
export const changePassword = (a: { old: string; new: string }) => call<void>("change_password", a);

// What the shell tells by itself
export const onIdle = (told: (idle: m.Idle) => void) => hear<m.Idle>("idle", told);
export const onLocked = (told: (locked: m.Locked) => void) => hear<m.Locked>("locked", told);
