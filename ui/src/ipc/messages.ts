// Written by `cargo xtask gen` from src-tauri/crates/screens/src/contract.rs. Do not edit.

/** An event that may be added. */
export type AddableEvent = {
  /** Event OID. */
  oid: string,
  /** Title, with the repeat that it would get. */
  title: string,
  /** The repeat that it would get. */
  repeat: string,
};

/** An adverse event. */
export type AdverseBar = {
  /** The event in words. */
  term: string,
  /** Worst grade, 1 to 5; 0 where it is not known. */
  grade: number,
  /** Whether it is serious. */
  serious: boolean,
  /** First day that it can have begun. */
  from: string,
  /** Last day that it can have lasted to; today where it goes on. */
  to: string,
  /** Whether it goes on. */
  open: boolean,
};

/** Something that a person must be told about the vault itself. */
export type Alarm = {
  /** Stable code, one of the vault's own (`rolled_back`, `damaged`) or `unverified`, `checkpoint_unkept` and
   * `codes_unsealed`; the window words it. */
  code: string,
  /** Where, in the program's own terms: a log and a sequence number, never a value. */
  place: string,
};

/** An allocation. */
export type AllocationView = {
  /** The arm in words. */
  arm: string,
  /** Randomisation number. */
  number: string,
  /** When it was revealed, local wall time. */
  at: string,
  /** By whom. */
  by: string,
  /** The form that it was filled into. */
  form: string,
};

/** The analyte that a question belongs to. */
export type AnalyteShape = {
  /** Code, `ALT`. */
  code: string,
  /** What the question asks of it. */
  part: LabPart,
};

/** How a backup stands to the vault that is open. */
export type BackupAgainst = "nothing" | "same" | "behind" | "other_history";

/** What a backup wrote. */
export type BackupReport = {
  /** The backup's folder: written, read back and synced. */
  folder: string,
  /** Entries in it. */
  entries: number,
  /** Bytes in all. */
  bytes: number,
  /** What is wrong with the vault itself, and so with its backup. */
  alarms: Array<Alarm>,
  /** Whether the vault's journal tells of it; not where the vault's own disk is full, for example. */
  noted: boolean,
};

/** When the vault was last backed up. */
export type BackupState = {
  /** When, `2026-11-23T13:40:00+08:00`; none while it never was. */
  last: string | null,
  /** Whole days since then. */
  days: number | null,
  /** Whether another one is due. */
  due: boolean,
  /** Whether accounts or passwords are others since: a vault that is put back from it has the former ones. */
  formerAccounts: boolean,
};

/** What a folder says of itself that somebody takes for a backup; not proven yet. */
export type BackupView = {
  /** Site identifier. */
  site: string,
  /** Device identifier. */
  device: string,
  /** Whether it is of a practice vault. */
  practice: boolean,
  /** When it was made, where it was made. */
  at: string,
  /** Entries in it; not told to whoever must not see how much is entered. */
  entries: number | null,
  /** Which set of the device's recovery codes opens it; none where none is left. */
  codeSet: number | null,
  /** Whether this computer has a vault of that device already, be it one that does not open any more. */
  isHere: boolean,
};

/** A subject's best change. */
export type BestBar = {
  /** Subject key. */
  subject: string,
  /** Code of the arm, or empty. */
  arm: string,
  /** Smallest change of the sum up to progression, from baseline in per cent, one decimal. */
  change: string,
  /** Day of that scan. */
  date: string,
  /** Best overall response as the RECIST engine reports it: a code, or empty. */
  response: string,
};

/** A best overall response. */
export type BestResponse = {
  /** Code; none without any assessment. */
  response: string | null,
  /** Why, in words. */
  why: string,
};

/** What stands against completion. */
export type Blocker = {
  /** Cell place. */
  key: string,
  /** Question in words. */
  question: string,
  /** What must be done first. */
  kind: BlockerKind,
  /** The rule, where one speaks. */
  rule: string,
  /** The study's words, where there are any. */
  message: string,
};

/** Kinds of blockers. */
export type BlockerKind = "mandatory" | "hard" | "soft" | "conflict" | "draft";

/** One cell as it stands. */
export type CellState = {
  /** Cell place, the name for every act on it. */
  key: string,
  /** Whether the skip logic shows it. */
  visible: boolean,
  /** The value as a person reads it; empty when there is none. */
  display: string,
  /** The value as it would be typed; what a control starts from. */
  typed: string,
  /** Unit symbol in which it was entered. */
  unit: string,
  /** Reason why there is no value, as a code, or empty. */
  missing: string,
  /** What was typed and not yet accepted; survives a lock or a crash. */
  draft: string | null,
  /** Who typed the draft, by name, where it was somebody else; empty otherwise. It is nobody's answer until somebody takes
   * it over. */
  draftBy: string,
  /** Why the draft cannot be read as this item's type: a code, or empty. */
  draftFault: string,
  /** Values of several devices that differ; empty when all agree. */
  conflict: Array<string>,
  /** Findings on this cell. */
  findings: Array<FindingView>,
  /** Quiet words beside the field: conversion, last value. */
  converted: string,
  /** Last value at an earlier visit, in words. */
  last: string,
  /** How a derived value came about, in words; what it waits for when it has none. */
  trace: string,
  /** What stands beside a laboratory result. */
  lab: LabBeside | null,
  /** Open queries. */
  queries: number,
  /** Whether the center has confirmed it. */
  atCenter: boolean,
  /** How an earlier version said its value, where this one does not offer that. */
  earlier: EarlierView | null,
};

/** What the right-hand column shows of the focused cell. */
export type CellView = {
  /** Cell place. */
  key: string,
  /** Question in words. */
  question: string,
  /** Event title. */
  eventTitle: string,
  /** Guideline. */
  guideline: string,
  /** History, newest first. */
  history: Array<Change>,
  /** Queries, newest first. */
  queries: Array<QueryView>,
  /** Course of a number over the visits. */
  course: Array<CoursePoint>,
  /** Lower and upper limit of the study's plausible range for the course, where given. */
  courseRange: [string, string] | null,
  /** What the rules that speak of the cell looked at. */
  evidence: Array<Evidence>,
  /** What stands around the adverse event of the cell's row. */
  around: EventBeside | null,
};

/** One change of a cell. */
export type Change = {
  /** Local time with offset. */
  at: string,
  /** Name of the person. */
  by: string,
  /** Device. */
  device: string,
  /** What it was, in words; empty for a first value. */
  old: string,
  /** What it became. */
  new: string,
  /** Whether `new` is the code of a reason why there is no value. */
  missing: boolean,
  /** Why. */
  reason: string,
  /** `seq` in its log. */
  seq: number,
};

/** A subject's changes over time. */
export type ChangeLine = {
  /** Subject key. */
  subject: string,
  /** Code of the arm, or empty. */
  arm: string,
  /** Days from the baseline scan, and the change in per cent, one decimal; the baseline itself is 0 on day 0. */
  points: Array<[number, string]>,
  /** Response as entered at each of these points: a code, or empty. */
  responses: Array<string>,
};

/** All subjects of this site beside each other. */
export type ChartsView = {
  /** Arms that a subject was allocated to, in the study's order: code and words. */
  arms: Array<[string, string]>,
  /** Subjects that were registered here. */
  subjects: number,
  /** Changes in per cent at which a chart draws a line: partial response, progression. */
  guides: Array<number>,
  /** Best change of the sum per subject, from the greatest growth to the greatest shrinkage. */
  waterfall: Array<BestBar>,
  /** Change of the sum over time, by subject. */
  spider: Array<ChangeLine>,
  /** Time on treatment, the longest first. */
  swimmer: Array<SwimLane>,
};

/** A form of the visit. */
export type ChecklistForm = {
  /** Form place. */
  key: string,
  /** Title. */
  title: string,
  /** Where it stands. */
  status: FormStatus,
  /** What is asked. */
  items: Array<ChecklistItem>,
  /** Findings and queries here that are still open. */
  open: Array<OpenPoint>,
};

/** A question to ask or a value to measure. */
export type ChecklistItem = {
  /** The question. */
  question: string,
  /** Symbol of the unit, or empty. */
  unit: string,
  /** Plausible range in words, or empty. */
  range: string,
  /** Choices in words, where they are few. */
  choices: Array<string>,
  /** Whether it is needed for completion. */
  mandatory: boolean,
  /** Whether it stands once for each row that is added. */
  repeating: boolean,
  /** Whether it is answered already. */
  answered: boolean,
  /** The value at the latest earlier visit, or empty. Free text is never printed. */
  last: string,
};

/** A visit as a list to tick off. It names the participant by the subject key alone. */
export type ChecklistView = {
  /** The study's name. */
  study: string,
  /** The study's version. */
  version: string,
  /** Site. */
  site: string,
  /** Subject key. */
  subject: string,
  /** The visit. */
  visit: string,
  /** Planned day, ISO 8601. */
  planned: string | null,
  /** First and last day of the window. */
  window: [string, string] | null,
  /** Day on which it took place. */
  date: string | null,
  /** Where today lies. */
  state: WindowState,
  /** The day of printing. */
  printed: string,
  /** What is to be collected, form by form. */
  forms: Array<ChecklistForm>,
  /** Findings and queries of other visits that are still open. */
  open: Array<OpenPoint>,
};

/** One choice of a code list. */
export type Choice = {
  /** Code as stored. */
  code: string,
  /** Label in words. */
  label: string,
};

/** A file or folder that a person chose. Where it lies the shell keeps to itself until the vault is locked. */
export type Chosen = {
  /** Its number, by which commands are told of it. */
  id: number,
  /** Its name, without the folders around it. */
  name: string,
};

/** What a file or folder is chosen for. It serves for nothing else. */
export type ChosenFor = "kit" | "backup" | "export_folder" | "backup_folder";

/** Where the report of a serious adverse event stands against its clock. */
export type ClockState = "unaware" | "due" | "overdue" | "in_time" | "late";

/** A recovery code that somebody used. */
export type CodeUsed = {
  /** User id of whose password it set. */
  user: string,
  /** Which set. */
  set: number,
  /** Which code of it. */
  code: number,
};

/** A control of the form screen. */
export type Control = "text" | "long_text" | "number" | "date" | "time" | "date_time" | "choices" | "list" | "term" | "grade" | "derived" | "file";

/** The copy that a vault is while it waits for the center. */
export type CopyView = {
  /** When its last entry was made, where it was made: passwords are those of then. */
  at: string,
  /** Whether it was put back from a backup; else this computer knows of a later state of it. */
  isBackup: boolean,
  /** The key as words by which it knows its center's replies; empty where it knows none. To be compared with the center's before
   * a vault goes on that was put back. */
  centerWords: string,
  /** Who came in by recovery codes while it waits, oldest first: to be compared with whom the center read them out for. Empty for
   * a masked assessor. */
  cameByCode: Array<CodeUsed>,
};

/** The fractions to one target before an adverse event. */
export type CourseBefore = {
  /** Target in words. */
  target: string,
  /** How many fractions. */
  fractions: number,
  /** Their doses together, in Gy; empty where one is not known. */
  dose: string,
  /** Day of the first. */
  first: string,
  /** Day of the last. */
  last: string,
  /** Days from the last to the event. */
  since: number,
};

/** One point of a number's course. */
export type CoursePoint = {
  /** Event title, short. */
  event: string,
  /** Date, where known. */
  date: string | null,
  /** Value in the standard unit, as a decimal text. */
  value: string,
  /** What stands before it: `<`, `>` or nothing. */
  sign: string,
  /** Where a laboratory result lies by the limits recorded with it. */
  side: LabSide | null,
  /** Whether this is the focused cell. */
  here: boolean,
};

/** What becomes of a definition from one version to the next. */
export type DifferenceFate = "added" | "retired" | "required" | "optional" | "renamed" | "reworded" | "rescheduled" | "changed";

/** Kinds of definitions of a study. */
export type DifferencePart = "event" | "form" | "group" | "item" | "code" | "check" | "condition" | "method" | "unit" | "setting";

/** One difference between two versions, in the study's words. */
export type DifferenceView = {
  /** What kind of definition. */
  part: DifferencePart,
  /** What becomes of it. */
  fate: DifferenceFate,
  /** OID. */
  oid: string,
  /** What it is called. */
  title: string,
  /** Where it stands, in words; empty where no one place is meant. */
  place: string,
  /** What it was, or empty. */
  was: string,
  /** What it is, or empty. */
  now: string,
};

/** What a backup holds, as a restore drill found it. */
export type DrillReport = {
  /** The study's title. */
  study: string,
  /** Site identifier. */
  site: string,
  /** Device identifier. */
  device: string,
  /** Whether it is of a practice vault. */
  practice: boolean,
  /** When it was made, where it was made. */
  at: string,
  /** Entries, each of them verified. */
  entries: number,
  /** Subjects. */
  subjects: number,
  /** When its newest entry was made; none where there is none. */
  newest: string | null,
  /** Whether an earlier version of the program wrote it: the copy could be brought up to date. */
  wasOlder: boolean,
  /** What is wrong with it; empty when all is well. */
  alarms: Array<Alarm>,
  /** How it stands to the vault that is open. */
  against: BackupAgainst,
  /** How many entries of its own the open vault has beyond the backup. */
  behind: number,
};

/** A period of treatment around an adverse event. */
export type DrugBefore = {
  /** Drug in words. */
  drug: string,
  /** Dose and how often, in words. */
  dose: string,
  /** Whether the period is an interruption. */
  paused: boolean,
  /** First day, ISO 8601. */
  from: string,
  /** Last day; none while it goes on. */
  to: string | null,
  /** Day of the last dose before the event, by frequency and period. */
  last: string | null,
  /** Days from the last dose to the event. */
  since: number | null,
  /** Whether the form says that the event changed the dose. */
  because: boolean,
  /** The period's form. */
  form: string,
  /** Its first cell. */
  cell: string,
};

/** A value as an earlier version said it. */
export type EarlierView = {
  /** The words then. */
  text: string,
  /** Name of the version under which it was given. */
  version: string,
  /** What it is called now; empty where it is offered no longer. */
  now: string,
};

/** What the right-hand column shows around an adverse event. */
export type EventBeside = {
  /** Its number, term and grade. */
  title: string,
  /** First day, ISO 8601, perhaps partial. */
  onset: string | null,
  /** Day of the study, from the day of first treatment as 1; negative before. */
  day: number | null,
  /** The cycle in which it began: label and day of it. */
  cycle: [string, number] | null,
  /** Periods of treatment before it began, and those that it changed. */
  drugs: Array<DrugBefore>,
  /** Radiotherapy before it began. */
  radiotherapy: Array<CourseBefore>,
  /** Laboratory results behind it. */
  labs: Array<ResultBehind>,
};

/** One column of the matrix. */
export type EventColumn = {
  /** Event place, `SE.SCR[1]`. */
  key: string,
  /** Title in words, with the repeat where there are several. */
  title: string,
  /** Short label, `TA 2`. */
  label: string,
  /** Planned date. */
  planned: string | null,
  /** First and last day of the window. */
  window: [string, string] | null,
  /** The date it took place. */
  date: string | null,
  /** Where it stands. */
  state: WindowState,
  /** Whether two devices gave different dates. */
  conflict: boolean,
  /** Whether it takes place on a day of its own; logs that run along do not. */
  dated: boolean,
};

/** What a rule looked at when it said something of a cell. */
export type Evidence = {
  /** The rule. */
  rule: string,
  /** What it looked at. */
  facts: Array<EvidenceFact>,
};

/** One question that a rule looked at, with what is answered. */
export type EvidenceFact = {
  /** The question. */
  name: string,
  /** The answer in words; of many the first and the last. */
  value: string,
  /** How many answers. */
  count: number,
  /** The visit, where all are of one. */
  visit: string,
};

/** What an export wrote. */
export type ExportReport = {
  /** Files written, re-read and synced. */
  files: Array<string>,
  /** Entries in all. */
  entries: number,
  /** Bytes in all. */
  bytes: number,
};

/** A factor of stratification. */
export type FactorView = {
  /** The question. */
  question: string,
  /** The subject's level; empty while it is not known. */
  level: string,
};

/** What a rule says of a cell. */
export type FindingView = {
  /** The rule. */
  rule: string,
  /** How grave. */
  severity: Severity,
  /** The study's words. */
  message: string,
  /** Who confirmed it with which comment, for a soft one. */
  confirmed: string | null,
};

/** A form at an event, as a mark. */
export type FormMark = {
  /** Form place, `SE.SCR[1]/F.VS[1]`. */
  key: string,
  /** Title of the form. */
  title: string,
  /** Status mark. */
  status: FormStatus,
  /** Hard findings. */
  mustChange: number,
  /** Soft findings not confirmed. */
  confirm: number,
  /** Open queries. */
  queries: number,
  /** Whether everything in it is confirmed by the center. */
  atCenter: boolean,
  /** Rows entered, for logs (adverse events); otherwise none. */
  rows: number | null,
};

/** One row of the matrix. */
export type FormRow = {
  /** Form OID. */
  oid: string,
  /** Title of the form. */
  title: string,
  /** One cell per column; none where the form does not belong to the event. */
  cells: Array<FormMark | null>,
};

/** A form with its questions: what does not change while entering. Fetched once per form and language. */
export type FormShape = {
  /** Form place. */
  key: string,
  /** Form title. */
  title: string,
  /** Event title. */
  eventTitle: string,
  /** Groups of questions, in order. */
  groups: Array<GroupShape>,
};

/** A form as it stands: what every act on it returns. */
export type FormState = {
  /** Form place. */
  key: string,
  /** Status. */
  status: FormStatus,
  /** Visible items answered (or given a reason). */
  answered: number,
  /** Visible items that can be answered. */
  total: number,
  /** Whether this user may enter here. */
  editable: boolean,
  /** Whether a change needs a reason. */
  reasonNeeded: boolean,
  /** The event's date, if recorded. */
  eventDate: string | null,
  /** The rows of all groups, in the order of the form. */
  rows: Array<RowState>,
  /** What stands against completion, in the order of the form. */
  blockers: Array<Blocker>,
  /** Changes not yet confirmed by the center, for the whole vault. */
  unsent: number,
  /** The clocks of the reports of serious adverse events that stand in the form. */
  clocks: Array<ReportClock>,
  /** Values that the subject's version of the study no longer asks for. */
  retired: Array<RetiredView>,
};

/** Status of a form. */
export type FormStatus = "empty" | "started" | "complete" | "not_done";

/** The state of a form as it is sent to a UI: whole, or what changed since an earlier revision. */
export type FormUpdate = {
  /** Counts the updates of a session. */
  revision: number,
  /** The revision that this builds on: `rows` then hold only the cells that differ from it. None where they hold all. */
  base: number | null,
  /** Form place. */
  key: string,
  /** Status. */
  status: FormStatus,
  /** Visible items answered (or given a reason). */
  answered: number,
  /** Visible items that can be answered. */
  total: number,
  /** Whether this user may enter here. */
  editable: boolean,
  /** Whether a change needs a reason. */
  reasonNeeded: boolean,
  /** The event's date, if recorded. */
  eventDate: string | null,
  /** The rows of all groups, in the order of the form. */
  rows: Array<RowState>,
  /** What stands against completion, in the order of the form. */
  blockers: Array<Blocker>,
  /** Changes not yet confirmed by the center, for the whole vault. */
  unsent: number,
  /** The clocks of the reports of serious adverse events that stand in the form. */
  clocks: Array<ReportClock>,
  /** Values that the subject's version of the study no longer asks for. */
  retired: Array<RetiredView>,
};

/** One fraction of radiotherapy. */
export type FractionMark = {
  /** Day. */
  date: string,
  /** Dose in words; empty where it is not known. */
  dose: string,
};

/** What must be true before an allocation is asked for. */
export type GateKind = "registered" | "consent" | "yes" | "form" | "stratum" | "before";

/** One thing that must be true before an allocation is asked for. */
export type GateView = {
  /** What it is about. */
  kind: GateKind,
  /** Whether it is. */
  open: boolean,
  /** The form or question that it is about. */
  title: string,
  /** The form where a person sees to it, with its event. */
  form: string | null,
  /** The cell, where it is about one. */
  cell: string | null,
};

/** A grade that rules propose and a person decides on. */
export type GradeProposal = {
  /** 0 to 4; nothing where it could not be judged. */
  grade: number | null,
  /** The CTCAE term, in the screen's language where the study's dictionary has it. */
  term: string,
  /** How it came about, in words. */
  words: string,
  /** Whether an adverse event can be made of it here. */
  recordable: boolean,
};

/** A grade that a term has. */
export type GradeView = {
  /** Its digit. */
  grade: string,
  /** The dictionary's words for it. */
  text: string,
};

/** A group of questions. */
export type GroupShape = {
  /** Group OID. */
  oid: string,
  /** Title; empty where it only repeats the form's. */
  title: string,
  /** Whether rows may be added. */
  repeating: boolean,
  /** Questions. */
  items: Array<ItemShape>,
};

/** Event `idle`: nobody was noticed for a while, and the vault will lock. */
export type Idle = {
  /** Seconds until it locks. */
  secondsLeft: number,
};

/** What became of a bundle that was read. */
export type ImportOutcome = "accepted" | "already_held" | "parked" | "fork" | "rest_missing";

/** What an import brought. */
export type ImportReport = {
  /** New entries. */
  entries: number,
  /** Changes that are now confirmed by the center. */
  confirmed: number,
  /** Changes still waiting. */
  unsent: number,
  /** What became of it. */
  outcome: ImportOutcome,
  /** Names of study versions that came with it. */
  versions: Array<string>,
  /** Who is signed in now: what comes back to a restored vault may tell of another role, and of a password to be set first. */
  session: SessionView,
};

/** State of the background verification, for the foot of every screen. */
export type IntegrityView = {
  /** Whether the verification has finished. */
  done: boolean,
  /** Entries verified so far. */
  verified: number,
  /** Entries in all. */
  total: number,
  /** When it finished, `2026-11-23T13:40+08:00`. */
  finishedAt: string | null,
  /** What is wrong; empty when all is well. */
  alarms: Array<Alarm>,
};

/** One question. */
export type ItemShape = {
  /** Item OID. */
  oid: string,
  /** Short name, `CREAT`. */
  name: string,
  /** The question in words. */
  question: string,
  /** Which control shows it. */
  control: Control,
  /** Greatest number of characters, where limited. */
  length: number | null,
  /** Choices, for codes. */
  choices: Array<Choice>,
  /** Symbol of the standard unit, or empty. */
  unit: string,
  /** Symbols of all accepted units. */
  units: Array<string>,
  /** Range in words, `57–97 µmol/L`, or empty. */
  range: string,
  /** Completion guideline, or empty. */
  guideline: string,
  /** Whether an answer (or a reason why there is none) is needed for completion. */
  mandatory: boolean,
  /** Codes of the reasons that may stand instead of a value; empty for a derived item. */
  missing: Array<string>,
  /** Formula of a derived item in words, or else its expression. */
  formula: string | null,
  /** OID of the item of the same row that this one goes with: of a term the words of the chart, of a grade the term. */
  companion: string | null,
  /** Dictionary that the study names for it and that is not loaded, `CTCAE 5.0`, or empty. */
  absent: string,
  /** The part that it plays in a laboratory panel. */
  analyte: AnalyteShape | null,
};

/** What a kit offers, before it founds a vault. */
export type KitView = {
  /** The study's title. */
  study: string,
  /** Site identifier and name. */
  site: string,
  /** Name of the site. */
  siteName: string,
  /** The center's signing key as words, to be compared by phone. */
  centerWords: string,
  /** Whether a practice center made it. */
  practice: boolean,
};

/** An analyte that may have limits. */
export type LabAnalyte = {
  /** Code of the analyte. */
  code: string,
  /** In words. */
  question: string,
  /** Symbols of its units, the standard one first. */
  units: Array<string>,
};

/** What stands beside a laboratory result. */
export type LabBeside = {
  /** The limits that were recorded with it, in words, or empty. */
  limits: string,
  /** Where it lies, where that can be told. */
  side: LabSide | null,
  /** What the CTCAE's rules propose. */
  grade: GradeProposal | null,
  /** The adverse event that is recorded of it, or that none is though its grade asks for one. */
  event: ResultEvent | null,
};

/** How many rows have a verdict. */
export type LabCount = {
  /** The verdict. */
  verdict: LabVerdict,
  /** How many rows have it. */
  rows: number,
};

/** Where a row of an adverse event was made. */
export type LabEventRow = {
  /** Form place. */
  form: string,
  /** The row's first cell that a person goes on with. */
  cell: string,
};

/** Why a laboratory's file cannot be read. */
export type LabFileFault = {
  /** A code. */
  code: string,
  /** The line, where one is to blame. */
  line: number | null,
};

/** A laboratory's file, or why it cannot be read. */
export type LabFileOpened = {
  /** The file. */
  file: LabFileView | null,
  /** The fault. */
  fault: LabFileFault | null,
};

/** What an import recorded. */
export type LabFileReport = {
  /** Results recorded. */
  results: number,
  /** Panels that they belong to. */
  panels: number,
  /** Rows that were not taken. */
  left: number,
};

/** A row of a laboratory's file. */
export type LabFileRow = {
  /** Its line in the file. */
  line: number,
  /** Subject as the file says. */
  subject: string,
  /** Day as the file says. */
  date: string,
  /** Test as the file says. */
  test: string,
  /** Result with its unit as the file says. */
  result: string,
  /** Label of the visit, or empty. */
  visit: string,
  /** What stands there, where something else does. */
  standing: string,
  /** What an import would do. */
  verdict: LabVerdict,
};

/** A laboratory's file, read and held against what stands. */
export type LabFileView = {
  /** Encoding that was found. */
  encoding: string,
  /** The sign between fields. */
  delimiter: string,
  /** Names of the columns. */
  columns: Array<string>,
  /** How it is read. */
  mapping: LabMapping,
  /** Whether the mapping was remembered from an earlier file. */
  remembered: boolean,
  /** Analytes that a test may mean. */
  analytes: Array<LabAnalyte>,
  /** Symbols that a unit may mean. */
  units: Array<string>,
  /** Rows in all. */
  total: number,
  /** How many rows have which verdict. */
  counts: Array<LabCount>,
  /** The first rows of the file, those that need a person before others. */
  rows: Array<LabFileRow>,
  /** Whether recording changes a completed form, which needs a reason. */
  reasonNeeded: boolean,
};

/** A line of the register. */
export type LabLine = {
  /** Its entry. */
  id: string,
  /** Name of the laboratory. */
  lab: string,
  /** Code of the analyte. */
  analyte: string,
  /** The analyte in words. */
  question: string,
  /** Code of the sex, or empty for both. */
  sex: string,
  /** First day, or empty. */
  from: string,
  /** Last day, or empty. */
  to: string,
  /** Lower limit as typed, or empty. */
  low: string,
  /** Upper limit as typed, or empty. */
  high: string,
  /** Symbol of the unit. */
  unit: string,
  /** Who wrote it. */
  by: string,
  /** When it was written. */
  at: string,
  /** Whether another line holds on the same days and says something else: then neither is used. */
  disputed: boolean,
};

/** A line of the register as it was typed. */
export type LabLineTyped = {
  /** Name of the laboratory. */
  lab: string,
  /** Code of the analyte. */
  analyte: string,
  /** Code of the sex, or empty for both. */
  sex: string,
  /** First day, or empty. */
  from: string,
  /** Last day, or empty. */
  to: string,
  /** Lower limit, or empty. */
  low: string,
  /** Upper limit, or empty. */
  high: string,
  /** Symbol of the unit, or empty for the standard one. */
  unit: string,
  /** The line that it replaces, or empty. */
  replaces: string,
};

/** How a laboratory's file is read: remembered for each laboratory. */
export type LabMapping = {
  /** The laboratory. */
  lab: string,
  /** Name of the column with the subject's key. */
  subject: string,
  /** Name of the column with the day of the sample. */
  date: string,
  /** Name of the column with the test. */
  test: string,
  /** Name of the column with the result. */
  result: string,
  /** Name of the column with the unit, or empty. */
  unit: string,
  /** Name of the column with the lower limit, or empty. */
  low: string,
  /** Name of the column with the upper limit, or empty. */
  high: string,
  /** For each test of the file the analyte, or empty to leave it out. */
  tests: Array<LabPair>,
  /** For each unit of the file the symbol of the study. */
  units: Array<LabPair>,
};

/** A word of the file and what it means here. */
export type LabPair = {
  /** In the file. */
  said: string,
  /** Here; empty where nothing is meant. */
  meant: string,
};

/** What an item of a panel holds of its analyte. */
export type LabPart = "result" | "low" | "high" | "significance";

/** The register of laboratory limits. */
export type LabRegister = {
  /** Laboratories that the register names. */
  labs: Array<string>,
  /** Analytes that the study asks for. */
  analytes: Array<LabAnalyte>,
  /** Codes of the sexes. */
  sexes: Array<Choice>,
  /** Its lines. */
  lines: Array<LabLine>,
};

/** Where a result lies. */
export type LabSide = "low" | "within" | "high";

/** What an import would do with a row. */
export type LabVerdict = "new" | "same" | "differs" | "again" | "contradicts" | "no_test" | "left_out" | "no_unit" | "no_subject" | "no_date" | "no_visit" | "no_number";

/** What a lesion is. */
export type LesionRole = "target" | "non_target" | "new";

/** Why the shell locks the vault by itself. */
export type LockReason = "idle" | "sleep" | "fault";

/** Event `locked`: the vault was locked by the shell; the window must forget what it shows. */
export type Locked = {
  /** Why. */
  why: LockReason,
};

/** A day that matters to the whole course. */
export type Milestone = {
  /** What happened. */
  kind: MilestoneKind,
  /** Day. */
  date: string,
};

/** Days of a subject's course that a timeline marks. */
export type MilestoneKind = "consent" | "day1" | "death" | "end" | "last_alive";

/** A new lesion as a person enters it. */
export type NewLesion = {
  /** Code of the organ. */
  organ: string,
  /** Place in the organ. */
  place: string,
  /** Code of how certain it is. */
  certainty: string,
};

/** Kinds of open points. */
export type OpenKind = "hard" | "soft" | "query";

/** Something that waits for a word. */
export type OpenPoint = {
  /** What waits. */
  kind: OpenKind,
  /** The visit and the form, or empty where they are plain. */
  place: string,
  /** The question. */
  question: string,
  /** The study's words on it; empty for a query, whose words are free text. */
  message: string,
};

/** A visit of the schedule. */
export type OutlineEvent = {
  /** Short label. */
  label: string,
  /** Title. */
  title: string,
  /** How it comes about. */
  kind: VisitKind,
  /** What the plan counts from, in words; none where there is no plan. */
  anchor: string | null,
  /** Days from there. */
  offset: number,
  /** Days by which it may be early and late. */
  window: [number, number],
  /** Days between repeats, where it repeats by plan. */
  every: number | null,
  /** Forms: titles. */
  forms: Array<string>,
};

/** The schedule and the forms of a version, as a sheet to read and print. */
export type OutlineView = {
  /** The version's name. */
  version: string,
  /** Visits in the protocol's order. */
  events: Array<OutlineEvent>,
  /** Forms in the study's order: OID and title. */
  forms: Array<[string, string]>,
};

/** The People and device screen. */
export type PeopleView = {
  /** Accounts. */
  people: Array<Person>,
  /** Device identifier. */
  device: string,
  /** Device's signing key as words. */
  deviceWords: string,
  /** The way back for who loses the password. */
  recovery: RecoveryView,
};

/** A stretch of time that something was given. */
export type PeriodBar = {
  /** What, in words. */
  label: string,
  /** How much, in words; empty where it is not known. */
  dose: string,
  /** Whether nothing was given: an interruption. */
  paused: boolean,
  /** First day. */
  from: string,
  /** Last day; today where it goes on. */
  to: string,
  /** Whether it goes on. */
  open: boolean,
};

/** One account. */
export type Person = {
  /** User id. */
  user: string,
  /** Name. */
  name: string,
  /** Role. */
  role: Role,
  /** Whether it may sign in. */
  open: boolean,
  /** Whether an administrator set the password, and the person has not set an own one since. */
  mustChange: boolean,
};

/** The invented accounts of a practice vault. Never present for a real one. */
export type PracticeAccounts = {
  /** User name and role of each account. */
  users: Array<[string, Role]>,
  /** The password that they share. */
  password: string,
};

/** What a computer remembers of its window; holds nothing of any study. */
export type Preferences = {
  /** `en` or `zh-CN`; empty means the system's. */
  language: string,
  /** `light`, `dark`, or empty for the system's. */
  theme: string,
  /** Zoom in per cent, 100 to 200; 0 means 100. */
  zoom: number,
};

/** Kinds of change for a subject. */
export type PreviewKind = "falls" | "lacking" | "appears" | "goes" | "renamed" | "retired" | "revived" | "window";

/** One change for a subject. */
export type PreviewLine = {
  /** What kind of change. */
  kind: PreviewKind,
  /** Form or event and visit, in words. */
  place: string,
  /** The question, where one is meant. */
  title: string,
  /** What it was: value, window, or empty. */
  was: string,
  /** What it would be. */
  now: string,
};

/** What migrating a subject would change. */
export type PreviewView = {
  /** Subject key. */
  subject: string,
  /** The version that it is under. */
  from: string,
  /** The version that it would be under. */
  to: string,
  /** Lines, kind by kind. */
  lines: Array<PreviewLine>,
};

/** The program, as whoever helps with it asks for it. */
export type ProgramView = {
  /** Its version, as `CHANGELOG.md` counts them. */
  version: string,
  /** The folder of its log files, which hold nothing of a participant; none where the computer gives no folder. */
  logs: string | null,
};

/** Progress of long work. */
export type Progress = {
  /** What is under way. */
  step: ProgressStep,
  /** Done so far. */
  done: number,
  /** In all. */
  total: number,
  /** Seconds left, estimated; none while unknown. */
  secondsLeft: number | null,
};

/** Steps of long work. */
export type ProgressStep = "collect" | "seal" | "write" | "verify" | "read" | "done";

/** How far a query is. */
export type QueryState = "open" | "answered" | "closed";

/** A query on a cell. */
export type QueryView = {
  /** Query id. */
  id: string,
  /** How far it is. */
  state: QueryState,
  /** Who raised it; `system` for a conflict. */
  by: string,
  /** When. */
  at: string,
  /** Words. */
  text: string,
  /** Answers so far. */
  answers: Array<Change>,
};

/** Where a subject's allocation stands. */
export type RandomiseStep = "unavailable" | "gated" | "ready" | "asked" | "asked_elsewhere" | "revealed";

/** The Randomise screen of a subject. */
export type RandomiseView = {
  /** Subject key. */
  subject: string,
  /** Where it stands. */
  step: RandomiseStep,
  /** What must be true before, in the order in which people see to it. */
  gates: Array<GateView>,
  /** The factors of stratification with the subject's levels. */
  factors: Array<FactorView>,
  /** The request, once it was made here. */
  request: RequestView | null,
  /** The allocation, once it is known. */
  allocation: AllocationView | null,
  /** The digest to which the center committed itself before the first patient. */
  root: string | null,
  /** Whether whoever is signed in may ask and reveal. */
  mayAct: boolean,
};

/** The recovery codes of a device, as far as they may be known: the codes themselves are sealed for the center alone. */
export type RecoveryView = {
  /** Codes that open the vault still. */
  left: number,
  /** When they were sealed, `2026-11-23T13:40:02+08:00`; none where there never were any. */
  sealedAt: string | null,
  /** Whether the center confirmed that it holds them: before, it can read none of them out. */
  atCenter: boolean,
};

/** A refusal as the window receives it. */
export type Refused = {
  /** Stable code; the window branches on nothing else. */
  code: string,
  /** English words for the log of a developer; holds no participant data. */
  message: string,
  /** Seconds to wait, for `slow_down`; otherwise none. */
  waitSeconds: number | null,
};

/** The clock of one report. */
export type ReportClock = {
  /** First cell of the report's row: the name for every act on it. */
  cell: string,
  /** Number of the adverse event, or empty. */
  event: string,
  /** The adverse event in few words: number, term and grade; empty where none has the number. */
  title: string,
  /** Number of the report, or empty. */
  report: string,
  /** Where it stands. */
  state: ClockState,
  /** Minutes left, since the time passed, from awareness to the report, or too late; by the state. */
  minutes: number,
  /** When it must be with the sponsor, local, `2026-11-23T16:20`; nothing while awareness is not known. */
  deadline: string | null,
  /** Hours that the study gives. */
  hours: number,
};

/** A report that was written. */
export type ReportWritten = {
  /** The file. */
  file: string,
  /** Its size in bytes. */
  bytes: number,
  /** SHA-256 of the file, which the journal holds, too. */
  digest: string,
};

/** A request that was made. */
export type RequestView = {
  /** The request code, in its groups. */
  groups: Array<string>,
  /** The how many-th request of this device. */
  number: number,
  /** When, local wall time. */
  at: string,
  /** By whom. */
  by: string,
};

/** A response at an assessment. */
export type ResponseCell = {
  /** Computed code; none where there is nothing to judge. */
  computed: string | null,
  /** Cell of the entered one, the name for every act on it; none where the study does not ask. */
  cell: string | null,
  /** Entered code, or empty. */
  entered: string,
  /** Whether what was entered is not what is computed. */
  disagrees: boolean,
  /** Findings on the entered one. */
  findings: Array<FindingView>,
};

/** Which response. */
export type ResponseKind = "target" | "non_target" | "new" | "overall";

/** A line of responses. */
export type ResponseLine = {
  /** Of which lesions, or overall. */
  kind: ResponseKind,
  /** What may be entered; empty where the study does not ask. */
  choices: Array<Choice>,
};

/** What was put back from a backup. */
export type RestoreReport = {
  /** Name of the new vault on this computer. */
  vault: string,
  /** What it holds. */
  content: DrillReport,
  /** What became of the vault that was in its place; none where there was none. */
  setAside: SetAside | null,
  /** Fingerprint of the device's key as words: the center knows them. A folder that somebody made has other ones. */
  deviceWords: string,
  /** Fingerprint of the key as words by which the vault knows its center's replies; empty where it knows no center. To whom data is
   * encrypted are other keys, of which they say nothing. */
  centerWords: string,
};

/** A laboratory result behind an adverse event. */
export type ResultBehind = {
  /** The question. */
  name: string,
  /** Value with unit. */
  value: string,
  /** The limits recorded with it, or empty. */
  limits: string,
  /** Day of the sample. */
  date: string,
  /** Visit. */
  visit: string,
  /** The grade that the rules propose. */
  grade: number | null,
  /** Whether the event's own form names it. */
  named: boolean,
  /** The result's form. */
  form: string,
  /** The result's cell. */
  cell: string,
};

/** The adverse event of a laboratory result. */
export type ResultEvent = {
  /** Number, term and grade of the event; empty where none is recorded. */
  title: string,
  /** The event's form. */
  form: string,
  /** Its first cell. */
  cell: string,
};

/** The course of one laboratory result. */
export type ResultLine = {
  /** The analyte in words. */
  name: string,
  /** Symbol of the standard unit. */
  unit: string,
  /** Day and value in the standard unit, in order of time. */
  points: Array<[string, string]>,
};

/** A value that the subject's version no longer asks for: it stays readable. */
export type RetiredView = {
  /** Cell place. */
  key: string,
  /** Question in words, as the version asked under which it was given. */
  question: string,
  /** Value in words; empty where a reason stands instead, or where devices differ. */
  value: string,
  /** Reason why there is no value, as a code, or empty. */
  missing: string,
  /** Values of several devices that differ. */
  conflict: Array<string>,
  /** Name of the version under which it was given. */
  version: string,
};

/** A role at a site. */
export type Role = "administrator" | "nurse" | "investigator" | "assessor";

/** One row of one group (a group that does not repeat has one row, `1`). */
export type RowState = {
  /** Group OID. */
  group: string,
  /** Repeat key. */
  repeat: string,
  /** Whether a change in this row needs a reason. */
  reasonNeeded: boolean,
  /** One state per item of the group's shape, in the same order. */
  cells: Array<CellState>,
};

/** One scan. */
export type ScanMark = {
  /** Day. */
  date: string,
  /** The visit, short. */
  visit: string,
  /** Whether it is the baseline. */
  baseline: boolean,
  /** Sum of diameters in words; empty where it is not known. */
  sum: string,
  /** Change of the sum from baseline in per cent, one decimal; none at baseline and where it is not known. */
  change: string | null,
  /** Overall response as entered: a code, or empty. */
  response: string,
};

/** Who is signed in, and where. */
export type SessionView = {
  /** User id. */
  user: string,
  /** Name as shown and signed. */
  name: string,
  /** Role. */
  role: Role,
  /** Site identifier. */
  site: string,
  /** The study's title. */
  study: string,
  /** Metadata version in force. */
  studyVersion: string,
  /** Languages that the study is written in. */
  languages: Array<string>,
  /** Device identifier. */
  device: string,
  /** The device's signing key as words. */
  deviceWords: string,
  /** Whether this is practice. */
  practice: boolean,
  /** Idle minutes until the window locks. */
  lockAfterMinutes: number,
  /** Whether an administrator set the password, or it is a former one that came back with a copy of the vault: until an own one is
   * set, nothing else is answered. */
  mustChange: boolean,
  /** What was noticed on unlock. */
  alarms: Array<Alarm>,
  /** Whether the log may not be written now: the vault is a copy of what was there once and waits for the center, or its
   * checkpoint could not be read. It can be read. */
  awaitsCenter: boolean,
  /** Whether it is no more than that the checkpoint could not be read. */
  checkpointUnread: boolean,
  /** Which copy it is while it waits. */
  copy: CopyView | null,
};

/** A vault that was set aside for a backup. */
export type SetAside = {
  /** Where it lies now. */
  folder: string,
  /** Why. */
  why: WhySetAside,
};

/** A log that had two branches: one goes on, and what the other says is not in force. */
export type SettledView = {
  /** When the center settled it. */
  at: string,
  /** The device whose log it is. */
  device: string,
  /** The center's reason, as far as it is held. */
  reason: string | null,
  /** What was put aside and no query asks about, one line each, as far as it is held. */
  rest: Array<string>,
};

/** How grave a finding is. */
export type Severity = "hard" | "soft";

/** The first screen. */
export type StartView = {
  /** Version of the program. */
  version: string,
  /** The vaults of this computer, last used first. */
  vaults: Array<VaultCard>,
  /** What this computer remembers of the window. */
  preferences: Preferences,
};

/** The Study screen. */
export type StudyView = {
  /** The study's title. */
  title: string,
  /** Its versions, newest first. */
  versions: Array<VersionView>,
  /** Subjects with the version that each is under. */
  subjects: Array<SubjectVersion>,
  /** Whether this user may put versions into force and migrate subjects. */
  mayChange: boolean,
};

/** A line of the list of subjects. */
export type SubjectRow = {
  /** Subject key, `S01-003`. */
  subject: string,
  /** Short facts that the study marks for the head of a subject (sex, age …), in words. */
  facts: Array<string>,
  /** Last event with data: title. */
  lastEvent: string | null,
  /** Next planned event: title. */
  nextEvent: string | null,
  /** Next planned date. */
  nextDate: string | null,
  /** Urgency of the next event. */
  nextState: WindowState | null,
  /** Forms complete and forms expected until now. */
  complete: number,
  /** Forms expected until now. */
  expected: number,
  /** Hard findings. */
  mustChange: number,
  /** Soft findings not yet confirmed. */
  confirm: number,
  /** Open queries. */
  queries: number,
  /** Changes that the center has not confirmed. */
  unsent: number,
};

/** A subject and the version that it is under. */
export type SubjectVersion = {
  /** Subject key. */
  subject: string,
  /** The version in force for it. */
  version: string,
  /** Its name. */
  name: string,
  /** The version to which undoing the last migration leads; none where there was none. */
  undo: string | null,
  /** Whether two devices moved it to different versions. */
  conflict: boolean,
};

/** The casebook of one subject as a matrix. */
export type SubjectView = {
  /** Subject key. */
  subject: string,
  /** Short facts, in words. */
  facts: Array<string>,
  /** Columns: events in order of the schedule and of what happened. */
  events: Array<EventColumn>,
  /** Rows: forms in the study's order. */
  forms: Array<FormRow>,
  /** Events that may be added now (unscheduled, or the next repeat). */
  addable: Array<AddableEvent>,
  /** Where work goes on: form place, if any. */
  nextForm: string | null,
  /** Open queries. */
  queries: number,
  /** Hard findings. */
  mustChange: number,
};

/** A subject's time on treatment. */
export type SwimLane = {
  /** Subject key. */
  subject: string,
  /** Code of the arm, or empty. */
  arm: string,
  /** Days from the first study treatment to its end, or to today while it goes on. */
  days: number,
  /** Whether treatment goes on. */
  open: boolean,
  /** Days from the first study treatment to the last day of which anything is known. */
  followed: number,
  /** What happened, in order of time: days from the first study treatment, and a code (`CR`, `PR`, `SD`,
   * `NON-CR/NON-PD`, `PD`, `NE`, `death`). */
  marks: Array<[number, string]>,
};

/** The Sync screen. */
export type SyncView = {
  /** Changes not yet confirmed by the center. */
  unsent: number,
  /** Age of the oldest in days. */
  oldestDays: number | null,
  /** Time of the last receipt. */
  lastReceipt: string | null,
  /** What was sent and received, newest first. */
  history: Array<TransferView>,
  /** Where the last bundle was written, as a suggestion. */
  suggestedFolder: string,
  /** When the vault was last backed up. */
  backup: BackupState,
  /** Where the last backup was written, as a suggestion. */
  backupFolder: string,
  /** The words of the device's key, where it is a new one that the center has not confirmed: it asks for them. */
  newWords: string | null,
  /** Logs of this site that had two branches and were settled at the center, newest first. */
  settled: Array<SettledView>,
};

/** One thing to do. */
export type Task = {
  /** What kind of work. */
  kind: TaskKind,
  /** Subject key. */
  subject: string,
  /** Event's place, `SE.C1D1[1]`. */
  event: string,
  /** Event's title. */
  eventTitle: string,
  /** Form's place where one form is meant; otherwise empty. */
  form: string,
  /** Form's title, or empty. */
  formTitle: string,
  /** First cell of the row that is meant, or empty. */
  cell: string,
  /** The adverse event that is meant, in few words: number, term and grade; or empty. */
  about: string,
  /** Planned date, ISO 8601, where there is one. */
  planned: string | null,
  /** First and last day of the window. */
  window: [string, string] | null,
  /** Days until the window closes; negative when it has closed. */
  daysLeft: number | null,
  /** Minutes until a report must be with the sponsor; negative when the time has passed. */
  minutesLeft: number | null,
  /** When it must be there, local, `2026-11-23T16:20`. */
  deadline: string | null,
  /** How many items, findings or queries are concerned. */
  count: number,
  /** The day under which a calendar shows it: the planned day, today once that has passed and the window is open,
   * and the last day of the window once it has closed. None where no day asks for it. */
  day: string | null,
};

/** Kinds of work on the worklist. */
export type TaskKind = "serious" | "overdue" | "must_change" | "query" | "due" | "unfinished" | "confirm" | "upcoming";

/** A term of the study's dictionary, with all that helps to choose it and its grade. */
export type TermView = {
  /** Code as stored. */
  code: string,
  /** The term in words. */
  label: string,
  /** The other name by which it was found, or empty. */
  synonym: string,
  /** System organ class. */
  soc: string,
  /** Definition, or empty. */
  definition: string,
  /** Navigational note, or empty. */
  note: string,
  /** Whether the term only says that free text follows. */
  other: boolean,
  /** The grades that it has, mildest first. */
  grades: Array<GradeView>,
};

/** A subject's course: drug, radiotherapy, scans, adverse events and laboratory results on one axis of days. */
export type TimelineView = {
  /** Subject key. */
  subject: string,
  /** Short facts, in words. */
  facts: Array<string>,
  /** First day of the axis, ISO 8601. */
  first: string,
  /** Last day of the axis. */
  last: string,
  /** Today, where it lies on the axis. */
  today: string,
  /** Day of the first study treatment. */
  day1: string | null,
  /** Periods of treatment, in order of time. */
  drugs: Array<PeriodBar>,
  /** Fractions of radiotherapy, in order of time. */
  fractions: Array<FractionMark>,
  /** Scans, in order of time. */
  scans: Array<ScanMark>,
  /** Adverse events, in order of time. */
  adverse: Array<AdverseBar>,
  /** Courses of laboratory results. */
  labs: Array<ResultLine>,
  /** Milestones, in order of time. */
  milestones: Array<Milestone>,
};

/** Which way a bundle went. */
export type TransferKind = "exported" | "imported";

/** Whether a bundle has arrived. */
export type TransferState = "waiting" | "confirmed";

/** A bundle that was written or read here. */
export type TransferView = {
  /** When. */
  at: string,
  /** By whom. */
  by: string,
  /** Which way it went. */
  kind: TransferKind,
  /** Bundle id, first 12 characters. */
  bundle: string,
  /** File name. */
  file: string,
  /** Entries in it. */
  entries: number,
  /** Whether the other side has it. */
  state: TransferState,
};

/** A lesion at a scan. */
export type TumourCell = {
  /** Code of its state, or empty. */
  state: string,
  /** Its size as it was entered, with another unit than millimetres named; or empty. */
  size: string,
  /** What it counts in the sum, in millimetres, where it is a target lesion and known. */
  mm: string | null,
  /** Whether nothing is left of it: absent, or a node of normal size. */
  gone: boolean,
  /** Rows that it has at this scan: more than one where it broke up, which the form alone can enter. */
  parts: number,
  /** Whether it was treated locally since baseline. May reveal the arm. */
  treated: boolean,
  /** What was typed and not yet accepted. */
  draft: string | null,
  /** Findings on it. */
  findings: Array<FindingView>,
  /** Cell to go to in the form, where there is a row. */
  cell: string | null,
};

/** A scan. */
export type TumourColumn = {
  /** The form's place. */
  form: string,
  /** The event in words. */
  title: string,
  /** The event, short. */
  label: string,
  /** Date of the scan, ISO 8601. */
  date: string | null,
  /** Day of the study; the first treatment is day 1. */
  day: number | null,
  /** Whether this is the baseline. */
  baseline: boolean,
  /** The form's status. */
  status: FormStatus,
  /** Whether all lesions are read: until then what is computed only says that entry goes on. */
  settled: boolean,
  /** Sum of the target lesions in millimetres; none while one of them is not known. */
  sum: string | null,
  /** Sum of what is known, where that is not the whole. */
  known: string | null,
  /** Whether no sum is smaller. */
  nadir: boolean,
  /** From baseline, per cent. */
  fromBaseline: string | null,
  /** From the nadir before, millimetres. */
  fromNadir: string | null,
  /** From the nadir before, per cent. */
  fromNadirPercent: string | null,
  /** One for each of the lines; empty at baseline. */
  responses: Array<ResponseCell>,
  /** Why the response is what it is, in words: the time point first, then its parts. */
  why: Array<string>,
  /** The response before a later assessment dated progression back to this one. */
  asSeen: string | null,
};

/** A lesion. */
export type TumourRow = {
  /** Identifier, `T01`. */
  id: string,
  /** What it is. */
  role: LesionRole,
  /** Organ in words. */
  organ: string,
  /** Place in the organ, as written. */
  place: string,
  /** Whether it is a lymph node, whose short axis is measured. */
  node: boolean,
  /** One for each column. */
  cells: Array<TumourCell>,
};

/** The tumours of one subject. */
export type TumoursView = {
  /** Subject key. */
  subject: string,
  /** Whether this user may enter here. */
  editable: boolean,
  /** Whether the study reports the confirmed best response. */
  confirmationRequired: boolean,
  /** Whether a partial response lasts until progression. */
  responsePersists: boolean,
  /** Least days from the start for stable disease. */
  stableDays: number,
  /** The form in which lesions are chosen, where there is one. */
  baselineForm: string | null,
  /** Baseline, then the assessments by date; empty while no baseline scan is dated. */
  columns: Array<TumourColumn>,
  /** Target lesions, non-target lesions, new lesions. */
  rows: Array<TumourRow>,
  /** The lines of responses, with what may be entered. */
  lines: Array<ResponseLine>,
  /** Best overall response without confirmation. */
  best: BestResponse | null,
  /** Best overall response with confirmation. */
  bestConfirmed: BestResponse | null,
  /** Change of the sum from baseline that is a partial response, per cent. */
  responseLimit: string,
  /** Change of the sum from baseline from which on the next scan would be progression, per cent; none without a sum. */
  progressionLimit: string | null,
  /** What speaks against the choice of lesions, in words. */
  notes: Array<string>,
  /** Assessments that may be added now. */
  addable: Array<AddableEvent>,
  /** States of a target lesion that may stand instead of a size. */
  states: Array<Choice>,
  /** States of a non-target lesion. */
  otherStates: Array<Choice>,
  /** How certain a new lesion is. */
  certainties: Array<Choice>,
  /** Organs of a new lesion. */
  organs: Array<Choice>,
};

/** Event `unsent`: another number of changes than before waits for the center. */
export type Unsent = {
  /** Changes that the center has not confirmed. */
  changes: number,
};

/** A vault on this computer, as the first screen lists it. */
export type VaultCard = {
  /** Opaque name of the vault on this computer. */
  id: string,
  /** The study's title. */
  study: string,
  /** Site identifier, `S01`. */
  site: string,
  /** Device identifier. */
  device: string,
  /** Whether this is a practice vault; marked on every screen. */
  practice: boolean,
  /** For a practice vault only: its invented accounts, with the password that they share. */
  practiceAccounts: PracticeAccounts | null,
};

/** Where a metadata version stands on this computer. */
export type VersionState = "in_force" | "ready" | "early" | "unreadable";

/** A metadata version. */
export type VersionView = {
  /** Its OID. */
  version: string,
  /** Its name. */
  name: string,
  /** From which day, ISO 8601; none where the center's word has not come yet. */
  effective: string | null,
  /** Reference of the approval, or empty. */
  approval: string,
  /** Where it stands on this computer. */
  state: VersionState,
  /** Subjects under it. */
  subjects: number,
};

/** How a visit comes about. */
export type VisitKind = "scheduled" | "unscheduled" | "common";

/** Why a vault was set aside for a backup. */
export type WhySetAside = "damaged" | "older" | "foreign" | "unknown";

/** Where today lies against an event's window. */
export type WindowState = "upcoming" | "due" | "overdue" | "on_time" | "early" | "late" | "missed" | "unplanned";

/** The home screen. */
export type WorklistView = {
  /** Lines, most urgent first. */
  tasks: Array<Task>,
  /** Counts for the page's head: task kind and number. */
  counts: Array<[TaskKind, number]>,
  /** Today, ISO 8601: where a calendar begins. */
  today: string,
  /** When the vault was last backed up, where another backup is due and this person can make one. */
  backup: BackupState | null,
};

/** Every command, with what it is asked and what it answers. */
export type Contract = {
  start_view: { request: undefined; answer: StartView };
  set_preferences: { request: { preferences: Preferences }; answer: void };
  practise: { request: undefined; answer: StartView };
  kit_look: { request: { kit: number, passphrase: string }; answer: KitView };
  kit_found: { request: { kit: number, passphrase: string, user: string, name: string, password: string }; answer: StartView };
  unlock: { request: { vault: string, user: string, password: string }; answer: SessionView };
  recover: { request: { vault: string, user: string, code: string, password: string }; answer: SessionView };
  lock: { request: undefined; answer: void };
  touch: { request: undefined; answer: void };
  integrity: { request: undefined; answer: IntegrityView };
  choose: { request: { purpose: ChosenFor }; answer: Chosen | null };
  worklist: { request: { lang: string }; answer: WorklistView };
  visit_checklist: { request: { subject: string, event: string, lang: string }; answer: ChecklistView };
  print_page: { request: undefined; answer: void };
  timeline: { request: { subject: string, lang: string }; answer: TimelineView };
  charts: { request: { lang: string }; answer: ChartsView };
  subjects: { request: { lang: string }; answer: Array<SubjectRow> };
  subject_register: { request: undefined; answer: string };
  subject_view: { request: { subject: string, lang: string }; answer: SubjectView };
  event_date: { request: { subject: string, event: string, date: string, reason?: string | null, lang: string }; answer: SubjectView };
  event_add: { request: { subject: string, oid: string, repeat: string, date?: string | null, lang: string }; answer: SubjectView };
  event_missed: { request: { subject: string, event: string, reason: string, lang: string }; answer: SubjectView };
  form_shape: { request: { subject: string, form: string, lang: string }; answer: FormShape };
  form_state: { request: { subject: string, form: string, lang: string }; answer: FormUpdate };
  save_item: { request: { subject: string, cell: string, typed: string, reason?: string | null, lang: string }; answer: FormUpdate };
  save_missing: { request: { subject: string, cell: string, code: string, reason?: string | null, lang: string }; answer: FormUpdate };
  draft_item: { request: { subject: string, cell: string, typed: string }; answer: void };
  row_add: { request: { subject: string, form: string, group: string, lang: string }; answer: FormUpdate };
  row_remove: { request: { subject: string, form: string, group: string, repeat: string, reason: string, lang: string }; answer: FormUpdate };
  confirm_finding: { request: { subject: string, cell: string, rule: string, comment: string, lang: string }; answer: FormUpdate };
  form_complete: { request: { subject: string, form: string, lang: string }; answer: FormUpdate };
  form_reopen: { request: { subject: string, form: string, reason: string, lang: string }; answer: FormUpdate };
  form_not_done: { request: { subject: string, form: string, code: string, lang: string }; answer: FormUpdate };
  cell_view: { request: { subject: string, cell: string, lang: string }; answer: CellView };
  term_search: { request: { item: string, typed: string, lang: string }; answer: Array<TermView> };
  term_view: { request: { item: string, code: string, lang: string }; answer: TermView };
  resolve_conflict: { request: { subject: string, cell: string, typed: string, reason: string, lang: string }; answer: FormUpdate };
  raise_query: { request: { subject: string, cell: string, text: string, lang: string }; answer: CellView };
  answer_query: { request: { subject: string, cell: string, text: string, lang: string }; answer: CellView };
  tumours_view: { request: { subject: string, lang: string }; answer: TumoursView };
  tumour_read: { request: { subject: string, form: string, lesion: string, typed: string, reason?: string | null, lang: string }; answer: TumoursView };
  tumour_new: { request: { subject: string, form: string, lesion: NewLesion, lang: string }; answer: TumoursView };
  randomise_view: { request: { subject: string, lang: string }; answer: RandomiseView };
  randomise_request: { request: { subject: string, lang: string }; answer: RandomiseView };
  randomise_reveal: { request: { subject: string, code: string, lang: string }; answer: RandomiseView };
  sync_view: { request: undefined; answer: SyncView };
  export_bundle: { request: { into?: number | null }; answer: ExportReport };
  import_bundle: { request: undefined; answer: ImportReport };
  cancel_work: { request: undefined; answer: void };
  backup_write: { request: { into?: number | null }; answer: BackupReport };
  backup_look: { request: { backup: number }; answer: BackupView };
  backup_drill: { request: { backup: number, user: string, password: string, coded: boolean }; answer: DrillReport };
  backup_restore: { request: { backup: number, user: string, password: string, coded: boolean, unbound: boolean, aside: boolean, here: string, pass: string }; answer: RestoreReport };
  restored_go_on: { request: undefined; answer: SessionView };
  lab_register: { request: { lang: string }; answer: LabRegister };
  lab_range_set: { request: { line: LabLineTyped, lang: string }; answer: LabRegister };
  lab_range_withdraw: { request: { line: string, lang: string }; answer: LabRegister };
  lab_event: { request: { subject: string, cell: string }; answer: LabEventRow };
  lab_file_open: { request: { lab: string, lang: string }; answer: LabFileOpened };
  lab_file_map: { request: { mapping: LabMapping, lang: string }; answer: LabFileView };
  lab_file_import: { request: { taken: Array<number>, reason?: string | null }; answer: LabFileReport };
  lab_file_close: { request: undefined; answer: void };
  sae_report: { request: { subject: string, cell: string, lang: string }; answer: ReportWritten };
  people_view: { request: undefined; answer: PeopleView };
  program_view: { request: undefined; answer: ProgramView };
  user_add: { request: { user: string, name: string, role: Role, password: string }; answer: PeopleView };
  user_close: { request: { user: string }; answer: PeopleView };
  user_reset: { request: { user: string, password: string, own: string }; answer: PeopleView };
  change_password: { request: { old: string, new: string }; answer: SessionView };
  study_view: { request: undefined; answer: StudyView };
  study_differences: { request: { from: string, to: string, lang: string }; answer: Array<DifferenceView> };
  study_outline: { request: { version: string, lang: string }; answer: OutlineView };
  study_form: { request: { version: string, form: string, lang: string }; answer: FormShape };
  subject_preview: { request: { subject: string, version: string, lang: string }; answer: PreviewView };
  study_activate: { request: { version: string }; answer: StudyView };
  subject_migrate: { request: { subjects: Array<string>, version: string, reason: string }; answer: StudyView };
};

/** Every event that the shell sends by itself. */
export type Events = {
  progress: Progress;
  idle: Idle;
  locked: Locked;
  unsent: Unsent;
};
