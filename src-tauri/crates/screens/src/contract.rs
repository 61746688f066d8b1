//! The contract with the window: every command once, with its request, its answer and who may give it.
//!
//! From this list come the requests ([`requests`]), the table of roles ([`Command`]), the shell's commands with their
//! permissions, and the window's calls with their types (`cargo xtask gen`). A new command is one entry here.
//!
//! An entry reads `name Request { fields } -> Answer, roles, how;`. Without `how` the command is the act of the same name
//! in the room `site`, done as the person who is signed in: the fields are its parameters, in their order. `form` is an
//! act that returns the whole state of a form, of which the window is told what changed; `whole` tells it all. `shell`
//! has a body of its own in the shell: it opens a dialog, works beside the open vault or concerns the window alone.
//!
//! No request names a place on the disk: whoever could run a script in the window would read and write files by it. A
//! person chooses in a dialog that the shell opens, and the request holds the number of what was chosen.

use serde::Serialize;
use serde::de::DeserializeOwned;
use ts_rs::TS;

use crate::messages::*;
use crate::roles::{ACCOUNTS, ASSESSING, Allowed, DECIDING, ENTERING, INVESTIGATING, MASKED, UNMASKED};

/// Hands the list of commands to the macro `$then`.
#[macro_export]
macro_rules! each_command {
    ($then:ident) => {
        $then! {
            start {
                /// The first screen: the vaults of this computer, and what it remembers of its window.
                start_view StartView {} -> StartView, Anyone, shell;
                /// Remembers language, theme and zoom on this computer.
                set_preferences SetPreferences { preferences: Preferences } -> (), Anyone, shell;
                /// Makes a practice site.
                practise Practise {} -> StartView, Anyone, shell;
                /// What a kit offers, before it founds a vault.
                kit_look KitLook { kit: ChosenId, passphrase: Secret } -> KitView, Anyone, shell;
                /// Founds a vault from a kit, with its first account.
                kit_found KitFound { kit: ChosenId, passphrase: Secret, user: String, name: String, password: Secret }
                    -> StartView, Anyone, shell;
            }
            unlock {
                /// Signs somebody in; a vault that is open is locked first.
                unlock Unlock { vault: String, user: String, password: Secret } -> SessionView, Anyone, shell;
                /// Signs in somebody who lost the password: a code that the center reads out, and a new password.
                recover Recover { vault: String, user: String, code: Secret, password: Secret } -> SessionView, Anyone, shell;
                /// Locks the vault; drafts survive.
                lock Lock {} -> (), Anyone, shell;
                /// Notes that a person is there, so that the vault stays open.
                touch Touch {} -> (), Anyone, shell;
                /// How far the verification in the background has come, and what it found.
                integrity Integrity {} -> IntegrityView, Roles(MASKED), shell;
            }
            choosing {
                /// Asks for a file or folder in the system's own dialog; none where the person turns away from it.
                choose Choose { purpose: ChosenFor } -> Option<Chosen>, Anyone, shell;
            }
            worklist {
                /// What is due, overdue, unfinished, queried.
                worklist Worklist { lang: Lang } -> WorklistView, Roles(MASKED);
                /// A visit as a list to tick off.
                visit_checklist VisitChecklist { subject: Subject, event: Event, lang: Lang } -> ChecklistView, Roles(UNMASKED);
                /// Hands the page to the system's own print dialog.
                print_page PrintPage {} -> (), Roles(UNMASKED), shell;
            }
            charts {
                /// One subject's course on one axis.
                timeline Timeline { subject: Subject, lang: Lang } -> TimelineView, Roles(UNMASKED);
                /// Waterfall, spider and swimmer of this site's subjects.
                charts Charts { lang: Lang } -> ChartsView, Roles(INVESTIGATING);
            }
            subjects {
                /// All subjects of this vault.
                subjects Subjects { lang: Lang } -> Vec<SubjectRow>, Roles(MASKED);
                /// Registers the next subject; the answer is its key.
                subject_register SubjectRegister {} -> String, Roles(ENTERING);
            }
            subject {
                /// The casebook as a matrix of visits and forms.
                subject_view SubjectView { subject: Subject, lang: Lang } -> SubjectView, Roles(MASKED);
                /// Records when an event took place.
                event_date EventDate { subject: Subject, event: Event, date: String, reason: Option<String>, lang: Lang }
                    -> SubjectView, Roles(ENTERING);
                /// Adds an event that the schedule does not bring of itself.
                event_add EventAdd { subject: Subject, oid: Oid, repeat: String, date: Option<String>, lang: Lang }
                    -> SubjectView, Roles(ENTERING);
                /// Records that an event did not take place.
                event_missed EventMissed { subject: Subject, event: Event, reason: String, lang: Lang }
                    -> SubjectView, Roles(ENTERING);
            }
            form {
                /// The questions: fetched once per form and language.
                form_shape FormShape { subject: Subject, form: Form, lang: Lang } -> FormShape, Roles(MASKED);
                /// The answers and all that follows from them.
                form_state FormState { subject: Subject, form: Form, lang: Lang } -> FormUpdate, Roles(MASKED), whole;
                /// Saves what was typed into a field that is left. It is on the disk before this answers.
                save_item SaveItem { subject: Subject, cell: Cell, typed: String, reason: Option<String>, lang: Lang }
                    -> FormUpdate, Roles(ASSESSING), form;
                /// Saves why there is no value.
                save_missing SaveMissing { subject: Subject, cell: Cell, code: String, reason: Option<String>, lang: Lang }
                    -> FormUpdate, Roles(ASSESSING), form;
                /// Keeps what is typed and not yet left.
                draft_item DraftItem { subject: Subject, cell: Cell, typed: String } -> (), Roles(ASSESSING);
                /// Adds a row to a repeating group.
                row_add RowAdd { subject: Subject, form: Form, group: Oid, lang: Lang } -> FormUpdate, Roles(ASSESSING), form;
                /// Removes a row of a repeating group; its values stay in the history.
                row_remove RowRemove { subject: Subject, form: Form, group: Oid, repeat: String, reason: String, lang: Lang }
                    -> FormUpdate, Roles(ASSESSING), form;
                /// Confirms a soft finding with a comment.
                confirm_finding ConfirmFinding { subject: Subject, cell: Cell, rule: Oid, comment: String, lang: Lang }
                    -> FormUpdate, Roles(ASSESSING), form;
                /// Declares a form complete; refused while something stands against it.
                form_complete FormComplete { subject: Subject, form: Form, lang: Lang } -> FormUpdate, Roles(ASSESSING), form;
                /// Opens a completed form, or one declared not done, again.
                form_reopen FormReopen { subject: Subject, form: Form, reason: String, lang: Lang } -> FormUpdate, Roles(ASSESSING), form;
                /// Declares a form not done.
                form_not_done FormNotDone { subject: Subject, form: Form, code: String, lang: Lang } -> FormUpdate, Roles(ASSESSING), form;
            }
            cell {
                /// History, queries, guideline and course of a cell.
                cell_view CellView { subject: Subject, cell: Cell, lang: Lang } -> CellView, Roles(MASKED);
                /// Terms of the dictionary that a typed text may mean.
                term_search TermSearch { item: Oid, typed: String, lang: Lang } -> Vec<TermView>, Roles(UNMASKED);
                /// A term with its definition and grades.
                term_view TermView { item: Oid, code: String, lang: Lang } -> TermView, Roles(UNMASKED);
                /// Resolves a conflict between devices: one value that names all others.
                resolve_conflict ResolveConflict { subject: Subject, cell: Cell, typed: String, reason: String, lang: Lang }
                    -> FormUpdate, Roles(ASSESSING), form;
                /// Asks about a cell.
                raise_query RaiseQuery { subject: Subject, cell: Cell, text: String, lang: Lang } -> CellView, Roles(ASSESSING);
                /// Answers the oldest open query on a cell.
                answer_query AnswerQuery { subject: Subject, cell: Cell, text: String, lang: Lang } -> CellView, Roles(ASSESSING);
            }
            tumours {
                /// Lesions × assessments, with what RECIST makes of them.
                tumours_view TumoursView { subject: Subject, lang: Lang } -> TumoursView, Roles(MASKED);
                /// Records what a scan shows of a lesion.
                tumour_read TumourRead {
                    subject: Subject, form: Form, lesion: String, typed: String, reason: Option<String>, lang: Lang
                } -> TumoursView, Roles(ASSESSING);
                /// Adds a new lesion to an assessment.
                tumour_new TumourNew { subject: Subject, form: Form, lesion: NewLesion, lang: Lang } -> TumoursView, Roles(ASSESSING);
            }
            randomise {
                /// A subject's allocation, or what it waits for.
                randomise_view RandomiseView { subject: Subject, lang: Lang } -> RandomiseView, Roles(UNMASKED);
                /// Asks for a subject's allocation: there is no way back.
                randomise_request RandomiseRequest { subject: Subject, lang: Lang } -> RandomiseView, Roles(ENTERING);
                /// Opens the subject's slot with the center's code: there is no way back.
                randomise_reveal RandomiseReveal { subject: Subject, code: String, lang: Lang } -> RandomiseView, Roles(ENTERING);
            }
            sync {
                /// The outbox in words, and what was sent and received.
                sync_view SyncView {} -> SyncView, Roles(UNMASKED);
                /// Writes everything that the center has not confirmed into the folder that was chosen; without one into that
                /// of the last export, else the shell asks for it.
                export_bundle ExportBundle { into: Option<ChosenId> } -> ExportReport, Roles(UNMASKED), shell;
                /// Asks for a bundle of the center in the system's own dialog, and reads it.
                import_bundle ImportBundle {} -> ImportReport, Roles(UNMASKED), shell;
                /// Stops the long work under way at its next step.
                cancel_work CancelWork {} -> (), Anyone, shell;
            }
            backup {
                /// Writes a backup of the vault into a folder of its own in the folder that was chosen; without one in that of
                /// the last backup, else the shell asks for it.
                backup_write BackupWrite { into: Option<ChosenId> } -> BackupReport, Roles(UNMASKED), shell;
                /// What a folder says of itself that somebody takes for a backup.
                backup_look BackupLook { backup: ChosenId } -> BackupView, Anyone, shell;
                /// Opens a copy of a backup and verifies it; neither the backup nor a vault is touched.
                /// `password` is a recovery code where that is said (`coded`).
                backup_drill BackupDrill { backup: ChosenId, user: String, password: Secret, coded: bool }
                    -> DrillReport, Anyone, shell;
                /// Makes a vault of a backup on a computer that has none of its device, or one that does not open any more or
                /// holds less, and is set aside (`aside`); of one whose key slot does not say which vault it was made for only
                /// where that is taken (`unbound`). Where the vault that is there lies under another key, `here` can sign in to it
                /// today, by password or code (`pass`); else both are empty.
                backup_restore BackupRestore {
                    backup: ChosenId, user: String, password: Secret, coded: bool, unbound: bool, aside: bool,
                    here: String, pass: Secret
                } -> RestoreReport, Anyone, shell;
                /// Lets the log of a vault that waits go on, because the center holds nothing newer.
                restored_go_on RestoredGoOn {} -> SessionView, Roles(UNMASKED);
            }
            lab {
                /// The register of laboratory limits.
                lab_register LabRegister { lang: Lang } -> LabRegister, Roles(UNMASKED);
                /// Puts a line into the register.
                lab_range_set LabRangeSet { line: LabLineTyped, lang: Lang } -> LabRegister, Roles(UNMASKED);
                /// Withdraws a line of the register.
                lab_range_withdraw LabRangeWithdraw { line: String, lang: Lang } -> LabRegister, Roles(UNMASKED);
                /// Makes a row of an adverse event of what the rules propose for a result, once a person confirmed it.
                lab_event LabEvent { subject: Subject, cell: Cell } -> LabEventRow, Roles(ENTERING);
                /// Asks for a laboratory's file in the system's own dialog, and reads it.
                lab_file_open LabFileOpen { lab: String, lang: Lang }
                    -> LabFileOpened, Roles(ENTERING), shell;
                /// Reads the open file by another mapping.
                lab_file_map LabFileMap { mapping: LabMapping, lang: Lang } -> LabFileView, Roles(ENTERING);
                /// Records what the open file brings; of rows that differ those on the lines `taken`.
                lab_file_import LabFileImport { taken: Vec<u32>, reason: Option<String> } -> LabFileReport, Roles(ENTERING);
                /// Closes the open file.
                lab_file_close LabFileClose {} -> (), Roles(ENTERING);
            }
            safety {
                /// Asks in the system's own dialog where the report of a serious adverse event goes, and writes it as PDF.
                sae_report SaeReport { subject: Subject, cell: Cell, lang: Lang }
                    -> ReportWritten, Roles(ENTERING), shell;
            }
            people {
                /// Accounts and the device's fingerprint.
                people_view PeopleView {} -> PeopleView, Roles(MASKED);
                /// Which program this is and where its log lies, for whoever helps by telephone.
                program_view ProgramView {} -> ProgramView, Anyone, shell;
                /// Adds an account.
                user_add UserAdd { user: String, name: String, role: Role, password: Secret } -> PeopleView, Roles(ACCOUNTS), shell;
                /// Closes an account for good.
                user_close UserClose { user: String } -> PeopleView, Roles(ACCOUNTS);
                /// Gives another account a new password; `own` is the one of whoever is signed in.
                user_reset UserReset { user: String, password: Secret, own: Secret } -> PeopleView, Roles(ACCOUNTS), shell;
                /// Changes the password of whoever is signed in.
                change_password ChangePassword { old: Secret, new: Secret } -> SessionView, Roles(MASKED), shell;
            }
            study {
                /// The study's versions, and who is under which.
                study_view StudyView {} -> StudyView, Roles(UNMASKED);
                /// What one version changes against another.
                study_differences StudyDifferences { from: String, to: String, lang: Lang } -> Vec<DifferenceView>, Roles(UNMASKED);
                /// The schedule and the forms of a version.
                study_outline StudyOutline { version: String, lang: Lang } -> OutlineView, Roles(UNMASKED);
                /// A blank form of a version.
                study_form StudyForm { version: String, form: Oid, lang: Lang } -> FormShape, Roles(UNMASKED);
                /// What migrating a subject would change.
                subject_preview SubjectPreview { subject: Subject, version: String, lang: Lang } -> PreviewView, Roles(UNMASKED);
                /// Puts a version into force for new subjects.
                study_activate StudyActivate { version: String } -> StudyView, Roles(DECIDING);
                /// Migrates subjects to a version, or back.
                subject_migrate SubjectMigrate { subjects: Vec<Subject>, version: String, reason: String }
                    -> StudyView, Roles(DECIDING);
            }
        }
    };
}

/// Longest text in a request, in bytes: as long as a line of the journal. What is longer is refused before any act is asked.
/// Acts take less (`casebook::MAX_TEXT`); what was typed beyond that is kept as a draft, so that nothing is lost.
pub const LONGEST_TEXT: usize = casebook::MAX_LINE;

/// What the window asks of one command.
pub trait Request: DeserializeOwned + TS + Send + 'static {
    /// The message that answers it.
    type Answer: Serialize + TS + Send + 'static;
    /// The command.
    const COMMAND: Command;
    /// Names of its fields.
    const FIELDS: &'static [&'static str];
}

/// A message that the shell sends to the window by itself.
pub trait Event: Serialize + TS + Clone + 'static {
    /// The event's name.
    const NAME: &'static str;
}

impl Event for Progress {
    const NAME: &'static str = "progress";
}

impl Event for Idle {
    const NAME: &'static str = "idle";
}

impl Event for Locked {
    const NAME: &'static str = "locked";
}

impl Event for Unsent {
    const NAME: &'static str = "unsent";
}

/// Sees every command and every event with its types.
pub(crate) trait Visitor {
    /// Sees a command.
    fn command<Q: Request>(&mut self);
    /// Sees an event.
    fn event<E: Event>(&mut self);
}

macro_rules! declare {
    ($($screen:ident {
        $($(#[doc = $doc:literal])+ $name:ident $Request:ident { $($field:ident: $Type:ty),* $(,)? }
            -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        /// A command of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Command { $($($(#[doc = $doc])+ $Request,)*)* }

        impl Command {
            /// All commands, in the order of the contract.
            pub const ALL: &'static [Command] = &[$($(Command::$Request),*),*];

            /// The command's name at the window's door.
            pub fn name(self) -> &'static str {
                match self { $($(Command::$Request => stringify!($name),)*)* }
            }

            /// The screen that it belongs to.
            pub fn screen(self) -> &'static str {
                match self { $($(Command::$Request => stringify!($screen),)*)* }
            }

            /// What it does, in one or two sentences.
            pub fn docs(self) -> &'static str {
                match self { $($(Command::$Request => concat!($($doc),+),)*)* }
            }

            /// Who may give it.
            pub fn allowed(self) -> Allowed {
                use Allowed::{Anyone, Roles};
                match self { $($(Command::$Request => $allowed,)*)* }
            }
        }

        /// The requests of the commands, as they come from the window: keys are parsed here, at the door.
        #[allow(missing_docs, reason = "a field is told by its name, its type and its command")]
        pub mod requests {
            use serde::Deserialize;
            use ts_rs::TS;

            use crate::keys::{Cell, ChosenId, Event, Form, Lang, Oid, Secret, Subject};
            use crate::messages::{ChosenFor, LabLineTyped, LabMapping, NewLesion, Preferences, Role};

            $($(
                $(#[doc = $doc])+
                #[derive(Deserialize, TS)]
                #[serde(rename_all = "camelCase")]
                #[ts(optional_fields = nullable)]
                pub struct $Request { $(pub $field: $Type),* }
            )*)*
        }

        $($(
            impl Request for requests::$Request {
                type Answer = $Answer;
                const COMMAND: Command = Command::$Request;
                const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
            }
        )*)*

        /// Shows every command and event to a visitor, in the order of the contract.
        pub(crate) fn visit(visitor: &mut impl Visitor) {
            $($(visitor.command::<requests::$Request>();)*)*
            visitor.event::<Progress>();
            visitor.event::<Idle>();
            visitor.event::<Locked>();
            visitor.event::<Unsent>();
        }
    };
}

each_command!(declare);
