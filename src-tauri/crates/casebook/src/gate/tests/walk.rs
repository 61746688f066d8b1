//! Whatever people try, what got through the gate leaves a book in which nothing stands that may not.

use super::stage::{AE, HERE, RAND, STUDY, Stage, THERE, VS, answer, cell, form, reveal, set, subject, words};
use crate::act::*;
use crate::book::{CellState, Form};
use crate::gate::Author;
use crate::ids::EntryId;
use proptest::prelude::*;
use study::{CellKey, Oid};

const CELLS: [&str; 9] = [
    "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP",
    "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.WEIGHT",
    "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.PP",
    "SE.SCR[1]/F.RAND[1]/IG.RAND[1]/IT.ARM",
    "SE.LOG[1]/F.AE[1]/IG.AE[1.1]/IT.AE.GRADE",
    "SE.LOG[1]/F.AE[1]/IG.AE[1.1]/IT.AE.SEVERE",
    "SE.LOG[1]/F.AE[1]/IG.AE[1.2]/IT.AE.GRADE",
    "SE.LOG[1]/F.AE[1]/IG.AES[1]/IT.AE.COUNT",
    "SE.SCR[1]/F.DM[1]/IG.DM[1]/IT.DM.SEX",
];
const FORMS: [&str; 3] = [VS, AE, RAND];
const ROLES: [Role; 4] = [Role::Nurse, Role::Investigator, Role::Assessor, Role::Administrator];

/// Something that somebody tries.
fn attempt(stage: &Stage, what: u8, a: u8, reason: bool) -> Act {
    let key: CellKey = CELLS[usize::from(a) % CELLS.len()].parse().expect("a place");
    let at = form(FORMS[usize::from(a) % FORMS.len()]);
    let bases = stage.book.form_bases(&at);
    let repeat = if a.is_multiple_of(2) { "1.1" } else { "1.2" };
    match what % 8 {
        0..=2 => {
            let value = ["1", "2", "SIT", "SUP"][usize::from(a / 9) % 4];
            let bases = stage.book.cell_bases(&key);
            set(&key, ItemSet { bases, reason: reason.then(|| words(a)), ..answer(&key, value) })
        }
        3 => {
            let (form, group, bases) = (form(AE), "IG.AE".into(), Vec::new());
            RowAdded { subject: subject(), form, group, repeat: repeat.into(), bases }.into()
        }
        4 => stage.removal(repeat).into(),
        5 => FormCompleted { subject: subject(), form: at, bases }.into(),
        6 if a.is_multiple_of(2) => FormReopened { subject: subject(), form: at, reason: words(1), bases }.into(),
        6 => FormNotDone { subject: subject(), form: at, reason: words(1), bases }.into(),
        _ if a.is_multiple_of(2) => {
            let root = EntryId([99; 32]);
            AllocationRequested { subject: subject(), root, stratum: 0, factors: Vec::new(), number: 1 }.into()
        }
        _ => reveal(stage.book.requests_of(HERE).next().map_or(EntryId::ZERO, |(id, _)| id)).into(),
    }
}

/// Cells that hold an answer of a person.
fn answered(form: &Form) -> impl Iterator<Item = (&crate::book::CellPlace, &crate::book::Cell)> {
    form.cells().filter(|(_, cell)| cell.heads().any(|(_, given)| !given.is_empty()))
}

proptest! {
    #[test]
    fn what_got_through_may_stand(attempts in prop::collection::vec(any::<(u8, u8, bool, u8)>(), 1..60)) {
        let mut stage = Stage::registered();
        let (here, by) = (Oid::from(HERE), Oid::from("nurse1"));
        let mut written = 0;
        for (what, a, reason, role) in attempts {
            let role = ROLES[usize::from(role) % ROLES.len()];
            let act = attempt(&stage, what, a, reason);
            if stage.book.permits(&STUDY, &Author { log: &here, site: Some("S01"), by: &by, role }, &act).is_ok() {
                prop_assert_ne!(role, Role::Administrator, "the administrator enters nothing");
                let before = stage.book.clone();
                stage.write(HERE, act.clone());
                written += 1;
                if let Act::ItemsSet(set) = &act {
                    prop_assert!(role != Role::Assessor || set.items.iter().all(|item| item.item != *"IT.VS.WEIGHT"));
                    let place = (&set.items[0].group, &set.items[0].repeat);
                    prop_assert!(*place.0 != *"IG.AE" || before.live_rows(&set.form, place.0).contains(place.1));
                }
            }
        }
        for (key, form) in stage.book.forms() {
            for (place, held) in answered(form) {
                let def = STUDY.cell_at(&key.cell(&place.group, &place.repeat, &place.item)).expect("of the study");
                prop_assert!(!STUDY.is_computed(def.at), "nobody types what is computed");
                prop_assert!(!held.is_unreasoned(), "no reason lacks where one was due");
            }
        }
        let arm = stage.book.cell(&cell(RAND, "IG.RAND[1]/IT.ARM")).map(|cell| matches!(cell.state(), CellState::Answered(_)));
        prop_assert!(arm != Some(true) || stage.book.revealed().is_some(), "no arm before it was revealed");
        prop_assert!(stage.book.allocations().count() <= 1);
        prop_assert!(written <= 60 && stage.book.form(&form(VS)).is_none_or(|form| form.declarations().count() <= 1));
        prop_assert!(stage.book.requests_of(THERE).next().is_none());
    }
}
