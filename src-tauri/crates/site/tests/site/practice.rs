//! The practice site: complete, plausible, with work left to do.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use site::messages::{FormStatus, TaskKind};
use site::{Desk, practice};

use crate::stage::{BEGIN, home};

#[test]
fn a_newcomer_finds_a_complete_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut desk = Desk::new(home(folder.path()), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    let start = desk.practise(BEGIN).expect("a practice site");
    let vault = &start.vaults[0];
    assert!(vault.practice);
    let accounts = vault.practice_accounts.as_ref().expect("accounts are shown");
    assert_eq!((accounts.users.len(), accounts.password.as_str()), (4, practice::PASSWORD));
    let id = vault.id.clone();
    let again = desk.practise(BEGIN).expect("the same site");
    assert_eq!(again.vaults.len(), 1, "a computer has one practice site");

    let now = BEGIN.later(60_000);
    let session = desk.unlock(&id, "nurse1", practice::PASSWORD, now).expect("signed in");
    assert!(session.practice && session.alarms.is_empty());
    let mut seat = desk.seat(now).expect("a seat");
    let subjects = seat.subjects("zh-CN").expect("subjects");
    assert!(subjects.len() >= 3);
    assert!(subjects.iter().all(|row| !row.facts.is_empty() && row.complete > 5));
    let kinds: Vec<TaskKind> =
        seat.worklist("en").expect("a worklist").counts.into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.contains(&TaskKind::Unfinished) || kinds.contains(&TaskKind::Overdue), "{kinds:?}");
    let view = seat.subject_view(&subjects[0].subject, "en").expect("a subject");
    let marks: Vec<_> = view.forms.iter().flat_map(|row| row.cells.iter().flatten()).collect();
    assert!(marks.iter().filter(|mark| mark.status == FormStatus::Complete).count() > 8);
    assert!(view.next_form.is_some(), "some work is left");
}
