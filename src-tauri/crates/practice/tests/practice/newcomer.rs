//! The practice site: complete, plausible, with work left to do.

use screens::messages::{Control, FormStatus, TaskKind};

use crate::{BEGIN, site};

#[test]
fn a_newcomer_finds_a_complete_site() {
    let mut computer = site();
    let start = computer.start_view().expect("the first screen");
    let vault = &start.vaults[0];
    assert!(vault.practice);
    let accounts = vault.practice_accounts.as_ref().expect("accounts are shown");
    assert_eq!((accounts.users.len(), accounts.password.as_str()), (4, practice::PASSWORD));
    let id = vault.id.clone();
    let again = practice::practise(&mut computer, BEGIN).expect("the same site");
    assert_eq!(again.vaults.len(), 1, "a computer has one practice site");

    let now = BEGIN.later(60_000);
    let session = computer.unlock(&id, "nurse1", practice::PASSWORD, now).expect("signed in");
    assert!(session.practice && session.alarms.is_empty());
    let mut session = computer.session(now).expect("a session");
    let subjects = session.speaking("zh-CN").subjects().expect("subjects");
    assert!(subjects.len() >= 3);
    assert!(subjects.iter().all(|row| !row.facts.is_empty() && row.complete > 5));
    let kinds: Vec<TaskKind> =
        session.worklist().expect("a worklist").counts.into_iter().map(|(kind, _)| kind).collect();
    assert!(kinds.contains(&TaskKind::Unfinished) || kinds.contains(&TaskKind::Overdue), "{kinds:?}");
    // The dictionary is searched in Rust; its terms never travel with a form's questions.
    let events = "SE.LOG[1]/F.AE[1]".parse().expect("a place");
    let shape = session.form_shape(&subjects[0].subject, &events).expect("the form");
    let items = || shape.groups.iter().flat_map(|group| &group.items);
    let coded = items().find(|item| item.control == Control::Term).expect("a coded term");
    assert!(coded.choices.is_empty() && coded.companion.is_some());
    let grade = items().find(|item| item.control == Control::Grade).expect("its grade");
    assert_eq!(grade.companion.as_deref(), Some(coded.oid.as_str()));
    let hits = session.speaking("zh-CN").term_search(&coded.oid, "手足综合征").expect("hits");
    assert_eq!(hits[0].code, "Palmar-plantar erythrodysesthesia syndrome");
    assert_eq!(hits[0].grades.iter().map(|grade| grade.grade.as_str()).collect::<String>(), "123");
    let fatigue = session.term_view(&coded.oid, "Fatigue").expect("a term");
    assert!(!fatigue.definition.is_empty() && fatigue.grades.len() == 3);
    assert!(session.term_search("IT.AE.AETERM", "x").is_err(), "free text has no dictionary");

    let view = session.subject_view(&subjects[0].subject).expect("a subject");
    let marks: Vec<_> = view.forms.iter().flat_map(|row| row.cells.iter().flatten()).collect();
    assert!(marks.iter().filter(|mark| mark.status == FormStatus::Complete).count() > 8);
    let open: Vec<_> = marks.iter().filter(|mark| mark.status == FormStatus::Started).map(|mark| &mark.key).collect();
    assert!(view.next_form.is_some(), "some work is left, {open:?}");
}
