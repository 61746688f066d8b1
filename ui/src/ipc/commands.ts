// Written by `cargo xtask gen` from src-tauri/crates/screens/src/contract.rs. Do not edit.

import { call, hear } from "./door";
import type { Contract, Events } from "./messages";

type Asked<K extends keyof Contract> = Contract[K]["request"];

// start
/** The first screen: the vaults of this computer, and what it remembers of its window. */
export const startView = () => call("start_view");
/** Remembers language, theme and zoom on this computer. */
export const setPreferences = (request: Asked<"set_preferences">) => call("set_preferences", request);
/** Makes a practice site. */
export const practise = () => call("practise");
/** What a kit offers, before it founds a vault. */
export const kitLook = (request: Asked<"kit_look">) => call("kit_look", request);
/** Founds a vault from a kit, with its first account. */
export const kitFound = (request: Asked<"kit_found">) => call("kit_found", request);

// unlock
/** Signs somebody in; a vault that is open is locked first. */
export const unlock = (request: Asked<"unlock">) => call("unlock", request);
/** Signs in somebody who lost the password: a code that the center reads out, and a new password. */
export const recover = (request: Asked<"recover">) => call("recover", request);
/** Locks the vault; drafts survive. */
export const lock = () => call("lock");
/** Notes that a person is there, so that the vault stays open. */
export const touch = () => call("touch");
/** How far the verification in the background has come, and what it found. */
export const integrity = () => call("integrity");

// choosing
/** Asks for a file or folder in the system's own dialog; none where the person turns away from it. */
export const choose = (request: Asked<"choose">) => call("choose", request);

// worklist
/** What is due, overdue, unfinished, queried. */
export const worklist = (request: Asked<"worklist">) => call("worklist", request);
/** A visit as a list to tick off. */
export const visitChecklist = (request: Asked<"visit_checklist">) => call("visit_checklist", request);
/** Hands the page to the system's own print dialog. */
export const printPage = () => call("print_page");

// charts
/** One subject's course on one axis. */
export const timeline = (request: Asked<"timeline">) => call("timeline", request);
/** Waterfall, spider and swimmer of this site's subjects. */
export const charts = (request: Asked<"charts">) => call("charts", request);

// subjects
/** All subjects of this vault. */
export const subjects = (request: Asked<"subjects">) => call("subjects", request);
/** Registers the next subject; the answer is its key. */
export const subjectRegister = () => call("subject_register");

// subject
/** The casebook as a matrix of visits and forms. */
export const subjectView = (request: Asked<"subject_view">) => call("subject_view", request);
/** Records when an event took place. */
export const eventDate = (request: Asked<"event_date">) => call("event_date", request);
/** Adds an event that the schedule does not bring of itself. */
export const eventAdd = (request: Asked<"event_add">) => call("event_add", request);
/** Records that an event did not take place. */
export const eventMissed = (request: Asked<"event_missed">) => call("event_missed", request);

// form
/** The questions: fetched once per form and language. */
export const formShape = (request: Asked<"form_shape">) => call("form_shape", request);
/** The answers and all that follows from them. */
export const formState = (request: Asked<"form_state">) => call("form_state", request);
/** Saves what was typed into a field that is left. It is on the disk before this answers. */
export const saveItem = (request: Asked<"save_item">) => call("save_item", request);
/** Saves why there is no value. */
export const saveMissing = (request: Asked<"save_missing">) => call("save_missing", request);
/** Keeps what is typed and not yet left. */
export const draftItem = (request: Asked<"draft_item">) => call("draft_item", request);
/** Adds a row to a repeating group. */
export const rowAdd = (request: Asked<"row_add">) => call("row_add", request);
/** Removes a row of a repeating group; its values stay in the history. */
export const rowRemove = (request: Asked<"row_remove">) => call("row_remove", request);
/** Confirms a soft finding with a comment. */
export const confirmFinding = (request: Asked<"confirm_finding">) => call("confirm_finding", request);
/** Declares a form complete; refused while something stands against it. */
export const formComplete = (request: Asked<"form_complete">) => call("form_complete", request);
/** Opens a completed form, or one declared not done, again. */
export const formReopen = (request: Asked<"form_reopen">) => call("form_reopen", request);
/** Declares a form not done. */
export const formNotDone = (request: Asked<"form_not_done">) => call("form_not_done", request);

// cell
/** History, queries, guideline and course of a cell. */
export const cellView = (request: Asked<"cell_view">) => call("cell_view", request);
/** Terms of the dictionary that a typed text may mean. */
export const termSearch = (request: Asked<"term_search">) => call("term_search", request);
/** A term with its definition and grades. */
export const termView = (request: Asked<"term_view">) => call("term_view", request);
/** Resolves a conflict between devices: one value that names all others. */
export const resolveConflict = (request: Asked<"resolve_conflict">) => call("resolve_conflict", request);
/** Asks about a cell. */
export const raiseQuery = (request: Asked<"raise_query">) => call("raise_query", request);
/** Answers the oldest open query on a cell. */
export const answerQuery = (request: Asked<"answer_query">) => call("answer_query", request);

// tumours
/** Lesions × assessments, with what RECIST makes of them. */
export const tumoursView = (request: Asked<"tumours_view">) => call("tumours_view", request);
/** Records what a scan shows of a lesion. */
export const tumourRead = (request: Asked<"tumour_read">) => call("tumour_read", request);
/** Adds a new lesion to an assessment. */
export const tumourNew = (request: Asked<"tumour_new">) => call("tumour_new", request);

// randomise
/** A subject's allocation, or what it waits for. */
export const randomiseView = (request: Asked<"randomise_view">) => call("randomise_view", request);
/** Asks for a subject's allocation: there is no way back. */
export const randomiseRequest = (request: Asked<"randomise_request">) => call("randomise_request", request);
/** Opens the subject's slot with the center's code: there is no way back. */
export const randomiseReveal = (request: Asked<"randomise_reveal">) => call("randomise_reveal", request);

// sync
/** The outbox in words, and what was sent and received. */
export const syncView = () => call("sync_view");
/** Writes everything that the center has not confirmed into the folder that was chosen; without one into that of the last export, else the shell asks for it. */
export const exportBundle = (request: Asked<"export_bundle">) => call("export_bundle", request);
/** Asks for a bundle of the center in the system's own dialog, and reads it. */
export const importBundle = () => call("import_bundle");
/** Stops the long work under way at its next step. */
export const cancelWork = () => call("cancel_work");

// backup
/** Writes a backup of the vault into a folder of its own in the folder that was chosen; without one in that of the last backup, else the shell asks for it. */
export const backupWrite = (request: Asked<"backup_write">) => call("backup_write", request);
/** What a folder says of itself that somebody takes for a backup. */
export const backupLook = (request: Asked<"backup_look">) => call("backup_look", request);
/** Opens a copy of a backup and verifies it; neither the backup nor a vault is touched. `password` is a recovery code where that is said (`coded`). */
export const backupDrill = (request: Asked<"backup_drill">) => call("backup_drill", request);
/** Makes a vault of a backup on a computer that has none of its device, or one that does not open any more or holds less, and is set aside (`aside`); of one whose key slot does not say which vault it was made for only where that is taken (`unbound`). Where the vault that is there lies under another key, `here` can sign in to it today, by password or code (`pass`); else both are empty. */
export const backupRestore = (request: Asked<"backup_restore">) => call("backup_restore", request);
/** Lets the log of a vault that waits go on, because the center holds nothing newer. */
export const restoredGoOn = () => call("restored_go_on");

// lab
/** The register of laboratory limits. */
export const labRegister = (request: Asked<"lab_register">) => call("lab_register", request);
/** Puts a line into the register. */
export const labRangeSet = (request: Asked<"lab_range_set">) => call("lab_range_set", request);
/** Withdraws a line of the register. */
export const labRangeWithdraw = (request: Asked<"lab_range_withdraw">) => call("lab_range_withdraw", request);
/** Makes a row of an adverse event of what the rules propose for a result, once a person confirmed it. */
export const labEvent = (request: Asked<"lab_event">) => call("lab_event", request);
/** Asks for a laboratory's file in the system's own dialog, and reads it. */
export const labFileOpen = (request: Asked<"lab_file_open">) => call("lab_file_open", request);
/** Reads the open file by another mapping. */
export const labFileMap = (request: Asked<"lab_file_map">) => call("lab_file_map", request);
/** Records what the open file brings; of rows that differ those on the lines `taken`. */
export const labFileImport = (request: Asked<"lab_file_import">) => call("lab_file_import", request);
/** Closes the open file. */
export const labFileClose = () => call("lab_file_close");

// safety
/** Asks in the system's own dialog where the report of a serious adverse event goes, and writes it as PDF. */
export const saeReport = (request: Asked<"sae_report">) => call("sae_report", request);

// people
/** Accounts and the device's fingerprint. */
export const peopleView = () => call("people_view");
/** Which program this is and where its log lies, for whoever helps by telephone. */
export const programView = () => call("program_view");
/** Adds an account. */
export const userAdd = (request: Asked<"user_add">) => call("user_add", request);
/** Closes an account for good. */
export const userClose = (request: Asked<"user_close">) => call("user_close", request);
/** Gives another account a new password; `own` is the one of whoever is signed in. */
export const userReset = (request: Asked<"user_reset">) => call("user_reset", request);
/** Changes the password of whoever is signed in. */
export const changePassword = (request: Asked<"change_password">) => call("change_password", request);

// study
/** The study's versions, and who is under which. */
export const studyView = () => call("study_view");
/** What one version changes against another. */
export const studyDifferences = (request: Asked<"study_differences">) => call("study_differences", request);
/** The schedule and the forms of a version. */
export const studyOutline = (request: Asked<"study_outline">) => call("study_outline", request);
/** A blank form of a version. */
export const studyForm = (request: Asked<"study_form">) => call("study_form", request);
/** What migrating a subject would change. */
export const subjectPreview = (request: Asked<"subject_preview">) => call("subject_preview", request);
/** Puts a version into force for new subjects. */
export const studyActivate = (request: Asked<"study_activate">) => call("study_activate", request);
/** Migrates subjects to a version, or back. */
export const subjectMigrate = (request: Asked<"subject_migrate">) => call("subject_migrate", request);

// What the shell says by itself
export const onProgress = (then: (event: Events["progress"]) => void) => hear("progress", then);
export const onIdle = (then: (event: Events["idle"]) => void) => hear("idle", then);
export const onLocked = (then: (event: Events["locked"]) => void) => hear("locked", then);
export const onUnsent = (then: (event: Events["unsent"]) => void) => hear("unsent", then);
