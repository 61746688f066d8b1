//! When a backup is due.

use crate::calendar::Today;
use crate::messages::BackupState;

/// When the vault was last backed up. `last` is local time; `every_days` is how old a backup may be; a vault without a subject
/// has nothing to lose yet. A backup that `has_former_keys` of the device can be read, but the log does not go on from it; one that
/// `has_former_accounts` opens by passwords that people may have forgotten, or that others know.
pub fn state(last: Option<LastBackup>, today: Today, every_days: u32, has_subjects: bool) -> BackupState {
    let days = last.as_ref().map(|last| today.days_since(&last.at));
    // A backup of a day to come was made by a clock that was wrong: nobody knows how old it is.
    let former_accounts = last.as_ref().is_some_and(|last| last.has_former_accounts);
    let is_outdated = last.as_ref().is_some_and(|last| last.has_former_keys || today.is_before(&last.at));
    let due = is_outdated || former_accounts || days.map_or(has_subjects, |days| days >= every_days);
    BackupState { due, last: last.map(|last| last.at), days, former_accounts }
}

/// A backup that was made.
pub struct LastBackup {
    /// When, in local time.
    pub at: String,
    /// Whether the device drew other keys since.
    pub has_former_keys: bool,
    /// Whether an account was added or closed, or a password set, since.
    pub has_former_accounts: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_is_due_when_the_last_one_is_old_or_there_is_none_of_what_was_entered() {
        let today = Today::new("2026-11-23");
        let made = |day: &str, has_former_keys| {
            let at = format!("{day}T09:00:00+08:00");
            Some(LastBackup { at, has_former_keys, has_former_accounts: false })
        };
        let at = |day: &str| state(made(day, false), today, 7, true);
        assert_eq!((at("2026-11-23").days, at("2026-11-23").due), (Some(0), false));
        assert_eq!((at("2026-11-17").days, at("2026-11-17").due), (Some(6), false));
        assert_eq!((at("2026-11-16").days, at("2026-11-16").due), (Some(7), true));
        assert!(at("2026-11-24").due && at("2031-11-23").due, "made while the clock was ahead");
        assert!(state(made("2026-11-23", true), today, 7, true).due, "right after an account was closed");
        let of_today = made("2026-11-23", false).map(|last| LastBackup { has_former_accounts: true, ..last });
        let told = state(of_today, today, 7, true);
        assert!(told.due && told.former_accounts, "right after a password was set");
        assert!(!at("2026-11-23").former_accounts);
        assert!(state(None, today, 7, true).due);
        assert!(!state(None, today, 7, false).due);
    }
}
