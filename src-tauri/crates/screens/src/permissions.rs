//! Who may do what: the question whether a role may give a command.

pub use crate::contract::Command;
use crate::messages::Role;
use crate::roles::Allowed;

/// Why a command was refused before it was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    Locked,
    /// Another role does this.
    #[error("this role may not do that")]
    NotYourRole,
    /// Somebody else set the password: an own one comes first.
    #[error("a password of one's own comes first")]
    OwnPasswordFirst,
}

/// Lets `role` (none while locked) call `command`, or says why not.
///
/// # Errors
/// `Locked` when nobody is signed in, `NotYourRole` when the wrong person is.
pub fn check(command: Command, role: Option<Role>) -> Result<(), AccessError> {
    match (command.allowed(), role) {
        (Allowed::Anyone, _) => Ok(()),
        (Allowed::Roles(_), None) => Err(AccessError::Locked),
        (Allowed::Roles(roles), Some(role)) if roles.contains(&role) => Ok(()),
        (Allowed::Roles(_), Some(_)) => Err(AccessError::NotYourRole),
    }
}

/// Lets somebody whose password an administrator set call `command`: only an own password can be set, and the vault locked.
///
/// # Errors
/// `OwnPasswordFirst`.
pub fn check_before_own_password(command: Command) -> Result<(), AccessError> {
    if command == Command::ChangePassword || command.allowed() == Allowed::Anyone {
        Ok(())
    } else {
        Err(AccessError::OwnPasswordFirst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of the commands that somebody may give.
    fn open_to(role: Option<Role>) -> String {
        let open = Command::ALL.iter().filter(|command| check(**command, role).is_ok());
        open.map(|command| command.name()).collect::<Vec<_>>().join(" ")
    }

    /// What opens while nobody is signed in is said twice, here and in the contract: it is the door of the house.
    #[test]
    fn while_locked_only_the_door_answers() {
        let door = "start_view set_preferences practise kit_look kit_found unlock recover lock touch choose \
                    cancel_work backup_look backup_drill backup_restore program_view";
        assert_eq!(open_to(None), door);
    }

    /// The masked assessor must not learn the arm: what opens to the role is said twice, too.
    #[test]
    fn the_masked_assessor_has_these_commands_and_no_other() {
        let meant = "integrity worklist subjects subject_view form_shape form_state save_item save_missing draft_item \
                     row_add row_remove confirm_finding form_complete form_reopen form_not_done cell_view \
                     resolve_conflict raise_query answer_query tumours_view tumour_read tumour_new people_view \
                     change_password";
        let door = open_to(None);
        let open = open_to(Some(Role::Assessor));
        let masked: Vec<&str> = open.split(' ').filter(|name| !door.split(' ').any(|at| at == *name)).collect();
        assert_eq!(masked.join(" "), meant);
    }

    #[test]
    fn the_administrator_enters_nothing_and_nobody_else_looks_after_accounts() {
        for command in Command::ALL.iter().copied() {
            let allowed = |role| check(command, Some(role)).is_ok();
            let (nurse, doctor) = (allowed(Role::Nurse), allowed(Role::Investigator));
            assert!(doctor || !nurse, "a nurse may do what an investigator may not: {}", command.name());
            let accounts = [Command::UserAdd, Command::UserClose, Command::UserReset].contains(&command);
            assert_eq!(accounts, !doctor, "{}", command.name());
            assert_eq!(accounts, allowed(Role::Administrator) && !nurse && !decides(command), "{}", command.name());
            if [Command::SaveItem, Command::SubjectRegister, Command::RandomiseRequest].contains(&command) {
                assert!(!allowed(Role::Administrator), "{}", command.name());
            }
        }
    }

    /// Whoever was given a password by somebody else may set an own one, and nothing that needs a sign-in beside it.
    #[test]
    fn before_an_own_password_there_is_nothing_but_to_set_one() {
        let open = |command: &&Command| check_before_own_password(**command).is_ok() && check(**command, None).is_err();
        let open: Vec<_> = Command::ALL.iter().filter(open).map(|command| command.name()).collect();
        assert_eq!(open, ["change_password"]);
    }

    fn decides(command: Command) -> bool {
        [Command::StudyActivate, Command::SubjectMigrate].contains(&command)
    }
}
