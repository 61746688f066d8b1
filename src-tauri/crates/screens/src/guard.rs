//! Who may do what: the one table of commands × roles. A command without a row does not compile; the table is tested
//! for every command, role and state.

use crate::messages::Role;

/// Who may call a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody, also while the vault is locked.
    Anyone,
    /// Whoever is signed in in one of these roles.
    Roles(&'static [Role]),
}

/// Everybody who is signed in, but for the masked assessor: a command is closed to that role until a row opens it.
const ALL: &[Role] = &[Role::Administrator, Role::Nurse, Role::Investigator];
/// The masked assessor, too: through the mask that `masking` lays over study and books.
const MASKED: &[Role] = &[Role::Administrator, Role::Nurse, Role::Investigator, Role::Assessor];
/// Those who enter data.
const ENTERING: &[Role] = &[Role::Nurse, Role::Investigator];
/// Those who enter assessments: the masked assessor enters what the study opens to the role.
const ASSESSING: &[Role] = &[Role::Nurse, Role::Investigator, Role::Assessor];
/// Those who decide under which version of the study subjects are.
const DECIDING: &[Role] = &[Role::Administrator, Role::Investigator];
/// Those who see subjects beside each other by arm.
const INVESTIGATING: &[Role] = &[Role::Investigator];
/// Those who look after accounts.
const ACCOUNTS: &[Role] = &[Role::Administrator];

/// Why a command was refused before it was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Locked,
    /// Another role does this.
    #[error("this role may not do that")]
    NotYourRole,
}

macro_rules! table {
    ($($name:literal $command:ident: $allowed:expr;)*) => {
        /// A command of the window.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "each is documented where it is done")]
        pub enum Command { $($command),* }

        impl Command {
            /// All commands, in the order of the table.
            pub const ALL: &'static [Command] = &[$(Command::$command),*];

            /// The command's name at the window's door.
            pub fn name(self) -> &'static str {
                match self { $(Command::$command => $name),* }
            }

            /// Its row of the table.
            pub fn allowed(self) -> Allowed {
                match self { $(Command::$command => $allowed),* }
            }
        }
    };
}

use Allowed::{Anyone, Roles};

table! {
    "start_view" StartView: Anyone;
    "set_preferences" SetPreferences: Anyone;
    "practise" Practise: Anyone;
    "kit_look" KitLook: Anyone;
    "kit_found" KitFound: Anyone;
    "unlock" Unlock: Anyone;
    "lock" Lock: Anyone;
    "touch" Touch: Anyone;
    "cancel_work" CancelWork: Anyone;
    "pick_folder" PickFolder: Anyone;
    "pick_bundle" PickBundle: Anyone;
    "integrity" Integrity: Roles(MASKED);
    "worklist" Worklist: Roles(MASKED);
    "subjects" Subjects: Roles(MASKED);
    "subject_view" SubjectView: Roles(MASKED);
    "form_shape" FormShape: Roles(MASKED);
    "form_state" FormState: Roles(MASKED);
    "cell_view" CellView: Roles(MASKED);
    "term_search" TermSearch: Roles(ALL);
    "term_view" TermView: Roles(ALL);
    "subject_register" SubjectRegister: Roles(ENTERING);
    "event_date" EventDate: Roles(ENTERING);
    "event_add" EventAdd: Roles(ENTERING);
    "event_missed" EventMissed: Roles(ENTERING);
    "save_item" SaveItem: Roles(ASSESSING);
    "save_missing" SaveMissing: Roles(ASSESSING);
    "draft_item" DraftItem: Roles(ASSESSING);
    "row_add" RowAdd: Roles(ASSESSING);
    "row_remove" RowRemove: Roles(ASSESSING);
    "confirm_finding" ConfirmFinding: Roles(ASSESSING);
    "form_complete" FormComplete: Roles(ASSESSING);
    "form_reopen" FormReopen: Roles(ASSESSING);
    "form_not_done" FormNotDone: Roles(ASSESSING);
    "settle_conflict" SettleConflict: Roles(ASSESSING);
    "raise_query" RaiseQuery: Roles(ASSESSING);
    "answer_query" AnswerQuery: Roles(ASSESSING);
    "tumours_view" TumoursView: Roles(MASKED);
    "tumour_read" TumourRead: Roles(ASSESSING);
    "tumour_new" TumourNew: Roles(ASSESSING);
    "visit_checklist" VisitChecklist: Roles(ALL);
    "timeline" Timeline: Roles(ALL);
    "charts" Charts: Roles(INVESTIGATING);
    "print_page" PrintPage: Roles(ALL);
    "randomise_view" RandomiseView: Roles(ALL);
    "randomise_request" RandomiseRequest: Roles(ENTERING);
    "randomise_reveal" RandomiseReveal: Roles(ENTERING);
    "sync_view" SyncView: Roles(ALL);
    "export_bundle" ExportBundle: Roles(ALL);
    "import_bundle" ImportBundle: Roles(ALL);
    "people_view" PeopleView: Roles(MASKED);
    "change_password" ChangePassword: Roles(MASKED);
    "lab_register" LabRegister: Roles(ALL);
    "lab_range_set" LabRangeSet: Roles(ALL);
    "lab_range_withdraw" LabRangeWithdraw: Roles(ALL);
    "lab_file_open" LabFileOpen: Roles(ENTERING);
    "lab_file_map" LabFileMap: Roles(ENTERING);
    "lab_file_import" LabFileImport: Roles(ENTERING);
    "lab_file_close" LabFileClose: Roles(ENTERING);
    "lab_event" LabEvent: Roles(ENTERING);
    "sae_report" SaeReport: Roles(ENTERING);
    "user_add" UserAdd: Roles(ACCOUNTS);
    "user_close" UserClose: Roles(ACCOUNTS);
    "study_view" StudyView: Roles(ALL);
    "study_differences" StudyDifferences: Roles(ALL);
    "study_outline" StudyOutline: Roles(ALL);
    "study_form" StudyForm: Roles(ALL);
    "subject_preview" SubjectPreview: Roles(ALL);
    "study_activate" StudyActivate: Roles(DECIDING);
    "subject_migrate" SubjectMigrate: Roles(DECIDING);
}

/// Lets `role` (none while locked) call `command`, or says why not.
///
/// # Errors
/// `Locked` when nobody is signed in, `NotYourRole` when the wrong person is.
pub fn check(command: Command, role: Option<Role>) -> Result<(), AccessError> {
    match (command.allowed(), role) {
        (Anyone, _) => Ok(()),
        (Roles(_), None) => Err(AccessError::Locked),
        (Roles(roles), Some(role)) if roles.contains(&role) => Ok(()),
        (Roles(_), Some(_)) => Err(AccessError::NotYourRole),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_locked_only_the_door_answers() {
        let open: Vec<&str> = Command::ALL
            .iter()
            .filter(|command| check(**command, None).is_ok())
            .map(|command| command.name())
            .collect();
        let door = "start_view set_preferences practise kit_look kit_found unlock lock touch cancel_work pick_folder pick_bundle";
        assert_eq!(open.join(" "), door);
    }

    #[test]
    fn the_administrator_enters_nothing_and_nobody_else_looks_after_accounts() {
        for command in Command::ALL.iter().copied() {
            let allowed = |role| check(command, Some(role)).is_ok();
            if command == Command::Charts {
                assert!(!allowed(Role::Nurse) && !allowed(Role::Administrator) && allowed(Role::Investigator));
                continue;
            }
            let decides = ["study_activate", "subject_migrate"].contains(&command.name());
            assert_eq!(allowed(Role::Nurse), allowed(Role::Investigator) && !decides, "{}", command.name());
            let writes = ENTERS.contains(&command.name());
            assert_eq!(allowed(Role::Administrator), !writes, "{}", command.name());
            assert_eq!(
                allowed(Role::Nurse),
                !decides && !["user_add", "user_close"].contains(&command.name()),
                "{}",
                command.name()
            );
        }
    }

    #[test]
    fn the_masked_assessor_has_these_commands_and_no_other() {
        let open: Vec<&str> = Command::ALL
            .iter()
            .filter(|command| matches!(command.allowed(), Roles(roles) if roles.contains(&Role::Assessor)))
            .map(|command| command.name())
            .collect();
        let meant = "integrity worklist subjects subject_view form_shape form_state cell_view save_item save_missing \
                     draft_item row_add row_remove confirm_finding form_complete form_reopen form_not_done \
                     settle_conflict raise_query answer_query tumours_view tumour_read tumour_new people_view change_password";
        assert_eq!(open.join(" "), meant);
    }

    const ENTERS: [&str; 26] = [
        "sae_report",
        "lab_file_open",
        "lab_file_map",
        "lab_file_import",
        "lab_file_close",
        "lab_event",
        "subject_register",
        "event_date",
        "event_add",
        "event_missed",
        "save_item",
        "save_missing",
        "draft_item",
        "row_add",
        "row_remove",
        "confirm_finding",
        "form_complete",
        "form_reopen",
        "form_not_done",
        "settle_conflict",
        "raise_query",
        "answer_query",
        "tumour_read",
        "tumour_new",
        "randomise_request",
        "randomise_reveal",
    ];
}
