//! Who is asked again when something changes.

use super::{Draft, Sheet, rules_of};
use crate::rules::{Change, Place, RuleKind, Rules, Task};
use crate::{CellKey, Oid};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn draft() -> Draft {
    let mut draft = Draft::new();
    draft.event("V", "Scheduled", "Yes", &["M", "L"], &[]).event("LOG", "Common", "No", &["R"], &[]);
    draft.form("M", &["M"]).form("L", &["L"]).form("R", &["H", "R"]);
    draft.group(
        "M",
        "No",
        &["A float", "B float | = A * 2", "C float | = B + L.Z | ! C < 100", "E float | = previous(\"M\", \"B\") + A"],
    );
    draft.group("L", "No", &["Z float", "W float | = sum(rows(\"R\").map(r, r.N))"]);
    draft.group("H", "No", &["K float"]);
    draft.group("R", "Yes", &["N float", "Q float | = N * K"]);
    draft
}

fn named(rules: &Rules, tasks: &[Task]) -> Vec<String> {
    tasks
        .iter()
        .map(|task| match &task.place {
            Place::Cell(cell) => format!("{}@{}", rules.get(task.rule).oid, cell),
            other => format!("{}@{other:?}", rules.get(task.rule).oid),
        })
        .collect()
}

fn sheet() -> Sheet {
    let mut sheet = Sheet::default();
    for visit in 1..=3 {
        sheet.date("V", &visit.to_string(), &format!("2024-01-0{visit}"));
        sheet.set(&format!("V[{visit}]/M/M/A"), "1").set(&format!("V[{visit}]/L/L/Z"), "2");
    }
    sheet.set("LOG/R/H/K", "3").set("LOG/R/R[1]/N", "4").set("LOG/R/R[2]/N", "5");
    sheet
}

#[test]
fn only_what_depends_on_the_change_is_asked() {
    let (_, rules) = rules_of(&draft());
    let sheet = sheet();
    let after = |path: &str| named(&rules, &rules.affected(&[Change::Cell(Sheet::place(path))], &sheet));
    assert_eq!(
        after("V[2]/L/L/Z"),
        ["MT.IT.M.C@SE.V[2]/F.M[1]/IG.M[1]/IT.M.C", "IT.M.C#1@SE.V[2]/F.M[1]/IG.M[1]/IT.M.C"]
    );
    assert_eq!(after("LOG/R/R[2]/N").len(), 1 + 3, "its own row, and the sum at each visit");
    assert_eq!(
        after("LOG/R/H/K"),
        ["MT.IT.R.Q@SE.LOG[1]/F.R[1]/IG.R[1]/IT.R.Q", "MT.IT.R.Q@SE.LOG[1]/F.R[1]/IG.R[2]/IT.R.Q"]
    );
    let all = after("V[1]/M/M/A");
    let place = |oid: &str| all.iter().position(|task| task.starts_with(oid)).expect("asked");
    assert!(place("MT.IT.M.B@") < place("MT.IT.M.C@") && place("MT.IT.M.C@") < place("IT.M.C#1@"));
    assert_eq!(
        named(&rules, &rules.affected(&[Change::Rows(Sheet::place("LOG/R/R/N").form, Oid::from("IG.R"))], &sheet))
            .len(),
        2 + 3
    );
    assert_eq!(
        named(&rules, &rules.affected(&[Change::Date(Sheet::place("V[1]/M/M/A").event_key())], &sheet)).len(),
        3
    );
    assert!(after("V[1]/M/M/E").is_empty());
}

#[test]
fn definitions_are_listed_in_order() {
    let (_, rules) = rules_of(&draft());
    let ids: Vec<String> =
        rules.affected_by(&Oid::from("IT.M.A")).iter().map(|&id| rules.get(id).oid.to_string()).collect();
    assert_eq!(ids, ["MT.IT.M.B", "MT.IT.M.C", "MT.IT.M.E", "IT.M.C#1"]);
    assert!(rules.affected_by(&Oid::from("IT.M.E")).is_empty());
}

/// Computes a casebook: asks what is affected, stores what is derived, until nothing changes.
fn compute(rules: &Rules, sheet: &mut Sheet, changes: &[Change]) {
    let mut changes = changes.to_vec();
    for _ in 0..100 {
        let mut changed = Vec::new();
        for task in rules.affected(&changes, sheet) {
            let Place::Cell(place) = task.place else { continue };
            if rules.get(task.rule).kind == RuleKind::Derivation {
                let value = rules.derive(&place, sheet).expect("derived").value;
                if value.as_ref() != sheet.cells.get(&place).map(|(value, _)| value) {
                    match value {
                        None => sheet.cells.remove(&place),
                        Some(value) => sheet.cells.insert(place.clone(), (value, None)),
                    };
                    changed.push(Change::Cell(place));
                }
            }
        }
        if changed.is_empty() {
            return;
        }
        changes = changed;
    }
    panic!("did not compute");
}

fn compute_all(rules: &Rules, sheet: &Sheet) -> Sheet {
    let mut fresh = sheet.clone();
    let derived: BTreeSet<CellKey> =
        fresh.cells.keys().filter(|cell| rules.is_derived(&cell.form.form, &cell.group, &cell.item)).cloned().collect();
    fresh.cells.retain(|cell, _| !derived.contains(cell));
    let changes: Vec<Change> = fresh.cells.keys().cloned().map(Change::Cell).collect();
    compute(rules, &mut fresh, &changes);
    fresh
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Asking only what is affected gives the same casebook as asking everything afresh.
    #[test]
    fn settling_step_by_step_is_settling_at_once(steps in proptest::collection::vec((0..5usize, 1..4u8, proptest::option::of(0..50u32)), 1..12)) {
        let (_, rules) = rules_of(&draft());
        let mut sheet = sheet();
        let mut whole = compute_all(&rules, &sheet);
        std::mem::swap(&mut sheet, &mut whole);
        for (what, which, value) in steps {
            let path = match what {
                0 => format!("V[{which}]/M/M/A"),
                1 => format!("V[{which}]/L/L/Z"),
                2 => "LOG/R/H/K".to_owned(),
                3 => format!("LOG/R/R[{which}]/N"),
                _ => {
                    let key = Sheet::place(&format!("V[{which}]/M/M/A")).event_key();
                    match value {
                        Some(days) => sheet.dates.insert(key.clone(), format!("2024-01-{:02}", days % 28 + 1).parse().expect("a date")),
                        None => sheet.dates.remove(&key),
                    };
                    compute(&rules, &mut sheet, &[Change::Date(key)]);
                    continue;
                }
            };
            match value {
                Some(value) => sheet.set(&path, &value.to_string()),
                None => sheet.clear(&path),
            };
            let place = Sheet::place(&path);
            let mut changes = vec![Change::Cell(place.clone())];
            if what == 3 {
                changes.push(Change::Rows(place.form, place.group));
            }
            compute(&rules, &mut sheet, &changes);
        }
        prop_assert_eq!(compute_all(&rules, &sheet).cells, sheet.cells);
    }
}
