//! A subject is moved to another version of the study and back.

use super::world::{World, differing, form, rows, study_of, subject, words};
use crate::act::{ItemSet, ItemsSet, Stored, SubjectMigrated, SubjectRegistered};
use crate::book::{Book, Cell, CellState};
use study::{CellKey, Oid};

fn set(world: &mut World, key: &CellKey, value: &str) {
    let item = ItemSet {
        group: key.group.clone(),
        repeat: key.group_repeat.clone(),
        item: key.item.clone(),
        value: Some(Stored::Plain(value.into())),
        missing: None,
        unit: None,
        raw: None,
        bases: world.devices[1].book.cell_bases(key),
        reason: None,
    };
    world.act(1, ItemsSet { subject: subject(), form: key.form.clone(), items: vec![item] });
}

#[test]
fn a_migration_hides_and_rewrites_nothing_and_is_undone_by_another() {
    let mut world = World::new(2);
    let (vs, dm) = (form("SE.SCR[1]/F.VS[1]"), form("SE.SCR[1]/F.DM[1]"));
    world.act(1, SubjectRegistered { subject: subject(), site: "S01".into() });
    set(&mut world, &dm.cell("IG.DM", "1", "IT.DM.SEX"), "F");
    set(&mut world, &vs.cell("IG.VS", "1", "IT.VS.SYSBP"), "150");
    set(&mut world, &vs.cell("IG.VS", "1", "IT.VS.DIABP"), "70");
    set(&mut world, &vs.cell("IG.VS", "1", "IT.VS.WEIGHT"), "45");
    let why = vs.cell("IG.VS", "1", "IT.VS.WHY");
    set(&mut world, &why, "tired");
    let before = rows(&world.devices[1].book);
    let move_to = |world: &mut World, to: &str| {
        let book = &world.devices[1].book;
        let (from, bases) = (study_of(book).metadata_version.clone(), book.version_bases());
        let act = SubjectMigrated { subject: subject(), from, to: to.into(), reason: words("amended"), bases };
        world.act(1, act);
    };
    move_to(&mut world, "MDV.2");
    let book = &world.devices[1].book;
    assert_eq!(book.version().map(Oid::as_str), Some("MDV.2"));
    let study = study_of(book);
    assert_eq!(book.retired_cells(study, &vs), std::slice::from_ref(&why));
    assert!(matches!(book.cell(&why).map(Cell::state), Some(CellState::Answered(given)) if given.version == "MDV.1"));
    let sex = dm.cell("IG.DM", "1", "IT.DM.SEX");
    let given = book.cell(&sex).and_then(|cell| cell.heads().next()).map(|(_, given)| given.value.clone());
    assert_eq!(given, Some(Some(Stored::Plain("F".into()))), "recorded as it was");
    // The rules read the code as it is called now, so a woman's weight is still no finding; the lower limit is one.
    let weight = vs.cell("IG.VS", "1", "IT.VS.WEIGHT");
    assert!(book.cell(&weight).is_some_and(|cell| cell.findings().is_empty()));
    let high = |book: &Book| book.cell(&vs.cell("IG.VS", "1", "IT.VS.SYSBP")).map_or(0, |cell| cell.findings().len());
    assert_eq!(high(book), 1);
    assert_eq!(book.form(&vs).map(|form| form.tally().lacking), Some(2), "the height, beside the position");
    move_to(&mut world, "MDV.1");
    assert_eq!(high(&world.devices[1].book), 0);
    let after = rows(&world.devices[1].book);
    let left = differing(&before, &after);
    assert_eq!(left, ["Summary "], "only who moved it, and when");
}

#[test]
fn where_devices_move_a_subject_apart_it_stays_as_registered_until_both_are_named() {
    let mut world = World::new(3);
    world.act(1, SubjectRegistered { subject: subject(), site: "S01".into() });
    world.meet(1, 2, 4);
    let act = |from: &str, to: &str, bases| SubjectMigrated {
        subject: subject(),
        from: from.into(),
        to: to.into(),
        reason: words("amended"),
        bases,
    };
    let there = world.act(1, act("MDV.1", "MDV.2", vec![]));
    let back = world.act(1, act("MDV.2", "MDV.1", vec![there]));
    let other = world.act(2, act("MDV.1", "MDV.2", vec![]));
    world.meet(2, 1, 4);
    let book = &world.devices[1].book;
    assert!(book.is_version_conflict());
    assert_eq!(book.version().map(Oid::as_str), Some("MDV.1"));
    assert_eq!(book.version_bases(), crate::act::bases([back, other]));
    let named = book.version_bases();
    world.act(1, act("MDV.1", "MDV.2", named));
    let book = &world.devices[1].book;
    assert!(!book.is_version_conflict());
    assert_eq!(book.version().map(Oid::as_str), Some("MDV.2"));
}
