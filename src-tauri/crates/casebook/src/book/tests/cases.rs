//! What the fold makes of things that happen at sites: two devices, second thoughts, late reasons, removed rows.

use super::world::{SMALL, World, event, form, subject, words};
use crate::act::{
    EventDated, FindingConfirmed, FormCompleted, FormNotDone, FormReopened, ItemSet, ItemsSet, QueryAnswered,
    QueryClosed, QueryRaised, RowAdded, RowRemoved, Stored, SubjectRegistered, TextRedacted,
};
use crate::book::{Block, CellState, FormStatus, QueryStatus};
use crate::ids::EntryId;
use crate::text::FreeTextId;
use study::{CellKey, FormKey, Missing, Oid, Repeat, Severity};

const VS: &str = "SE.SCR[1]/F.VS[1]";
const AE: &str = "SE.LOG[1]/F.AE[1]";

fn cell(form_text: &str, group: &str, repeat: &str, item: &str) -> CellKey {
    form(form_text).cell(group, repeat, item)
}

fn sysbp() -> CellKey {
    cell(VS, "IG.VS", "1", "IT.VS.SYSBP")
}

fn diabp() -> CellKey {
    cell(VS, "IG.VS", "1", "IT.VS.DIABP")
}

/// Sets a cell, naming what the device sees in it.
fn set(
    world: &mut World,
    device: usize,
    key: &CellKey,
    value: Option<Stored>,
    missing: Option<Missing>,
    reason: Option<FreeTextId>,
) -> EntryId {
    let bases = world.devices[device].book.cell_bases(key);
    let item = ItemSet {
        group: key.group.clone(),
        repeat: key.group_repeat.clone(),
        item: key.item.clone(),
        value,
        missing,
        unit: None,
        raw: None,
        bases,
        reason,
    };
    world.act(device, ItemsSet { subject: subject(), form: key.form.clone(), items: vec![item] })
}

fn put(world: &mut World, device: usize, key: &CellKey, value: &str) -> EntryId {
    set(world, device, key, Some(Stored::Plain(value.into())), None, None)
}

fn complete(world: &mut World, device: usize, key: &FormKey) -> EntryId {
    let bases = world.devices[device].book.form_bases(key);
    world.act(device, FormCompleted { subject: subject(), form: key.clone(), bases })
}

fn meet(world: &mut World, one: usize, other: usize) {
    world.meet(one, other, 4);
    world.meet(other, one, 4);
}

fn value(world: &World, device: usize, key: &CellKey) -> Option<String> {
    match world.devices[device].book.cell(key)?.state() {
        CellState::Answered(given) => match given.value.as_ref()? {
            Stored::Plain(value) => Some(value.as_str().to_owned()),
            Stored::Text(_) => None,
        },
        CellState::Derived(derived) => Some(derived.value.as_str().to_owned()),
        _ => None,
    }
}

#[test]
fn two_values_stand_until_a_person_names_both() {
    let mut world = World::new(3);
    put(&mut world, 1, &sysbp(), "120");
    put(&mut world, 2, &sysbp(), "130");
    meet(&mut world, 1, 2);
    for device in [1, 2] {
        let book = &world.devices[device].book;
        let held = book.cell(&sysbp()).expect("two answers");
        assert_eq!(held.state(), CellState::Conflict);
        assert_eq!(held.heads().count(), 2);
        let state = book.form_state(&SMALL, &form(VS));
        assert_eq!((state.tally.conflicts, state.tally.queries), (1, 1), "a query stands against it");
        assert!(state.blockers.iter().any(|block| block.cell == sysbp() && block.why == Block::Conflict));
        assert_eq!(
            value(&world, device, &cell(VS, "IG.VS", "1", "IT.VS.PP")),
            None,
            "nothing is computed from a conflict"
        );
    }
    // A third device that has seen only one of them settles nothing.
    put(&mut world, 1, &sysbp(), "125");
    meet(&mut world, 1, 2);
    assert_eq!(world.devices[2].book.cell(&sysbp()).map(|cell| cell.bases().len()), Some(1));
    assert_eq!(value(&world, 2, &sysbp()).as_deref(), Some("125"));
    assert_eq!(world.devices[2].book.form_state(&SMALL, &form(VS)).tally.conflicts, 0);
}

#[test]
fn the_same_value_from_two_devices_is_no_conflict_and_keeps_both_authors() {
    let mut world = World::new(3);
    put(&mut world, 1, &sysbp(), "120");
    put(&mut world, 2, &sysbp(), "120");
    meet(&mut world, 1, 2);
    let held = world.devices[1].book.cell(&sysbp()).expect("an answer");
    assert!(matches!(held.state(), CellState::Answered(_)));
    assert_eq!(
        held.heads().map(|(_, given)| given.origin.log.to_string()).collect::<std::collections::BTreeSet<_>>().len(),
        2
    );
}

#[test]
fn an_answer_that_names_only_one_head_leaves_the_other_standing() {
    let mut world = World::new(3);
    put(&mut world, 1, &sysbp(), "120");
    put(&mut world, 2, &sysbp(), "130");
    put(&mut world, 1, &sysbp(), "121");
    meet(&mut world, 1, 2);
    assert_eq!(world.devices[2].book.cell(&sysbp()).map(|cell| cell.state()), Some(CellState::Conflict));
}

#[test]
fn derived_values_follow_and_name_their_inputs() {
    let mut world = World::new(2);
    let first = put(&mut world, 1, &sysbp(), "150");
    let second = put(&mut world, 1, &diabp(), "70");
    let class = cell(VS, "IG.VS", "1", "IT.VS.PPCLASS");
    assert_eq!(value(&world, 1, &class).as_deref(), Some("WIDE"));
    let CellState::Derived(derived) = world.devices[1].book.cell(&class).expect("computed").state() else {
        panic!("computed")
    };
    assert_eq!(derived.inputs, crate::act::bases([first, second]), "through the other computed value");
    set(&mut world, 1, &diabp(), None, Some(Missing::NotDone), None);
    assert_eq!(value(&world, 1, &class), None);
    assert!(world.devices[1].book.cell(&class).is_none(), "nothing is left of it");
}

#[test]
fn a_chain_of_values_over_visits_is_followed_to_its_end() {
    let mut world = World::new(2);
    // Time runs against the order of the visits' keys, so that one pass is not enough.
    let visits = [
        ("SE.SCR[1]", "2026-01-01", "60"),
        ("SE.CN[3]", "2026-01-10", "61"),
        ("SE.CN[2]", "2026-01-20", "62"),
        ("SE.CN[1]", "2026-01-30", "64"),
    ];
    let weight = |visit: &str| cell(&format!("{visit}/F.VS[1]"), "IG.VS", "1", "IT.VS.WEIGHT");
    for (visit, day, kilos) in visits {
        let (event, date) = (event(visit), Some(day.into()));
        world.act(1, EventDated { subject: subject(), event, date, bases: vec![], reason: None });
        put(&mut world, 1, &weight(visit), kilos);
    }
    let totals = |world: &World| {
        let total = |(visit, ..): &(&str, &str, &str)| value(world, 1, &weight(visit).beside("IT.VS.TOTAL"));
        visits.iter().filter_map(total).collect::<Vec<_>>()
    };
    assert_eq!(totals(&world), ["1.0", "2.0", "4.0"]);
    put(&mut world, 1, &weight("SE.SCR[1]"), "50");
    assert_eq!(totals(&world), ["11.0", "12.0", "14.0"]);
    let fresh = world.fold(&std::collections::BTreeMap::new(), &[0], |_, _| {});
    assert_eq!(
        super::world::differing(&super::world::rows(&fresh), &super::world::rows(&world.devices[1].book)),
        [""; 0]
    );
}

#[test]
fn a_confirmation_lapses_when_an_operand_changes_and_holds_again_with_it() {
    let mut world = World::new(2);
    put(&mut world, 1, &sysbp(), "190");
    let finding = world.devices[1].book.cell(&sysbp()).expect("held").findings()[0].clone();
    assert_eq!(finding.severity, Severity::Soft);
    let open = |world: &World| {
        let cell = world.devices[1].book.cell(&sysbp()).expect("held");
        cell.findings().iter().filter(|finding| cell.is_open_finding(finding)).count()
    };
    assert_eq!(open(&world), 1);
    let key = sysbp();
    world.act(
        1,
        FindingConfirmed {
            subject: subject(),
            form: key.form.clone(),
            group: key.group.clone(),
            repeat: key.group_repeat.clone(),
            item: key.item.clone(),
            rule: finding.rule.clone(),
            comment: words("measured twice"),
            operands: finding.operands.clone(),
        },
    );
    assert_eq!(open(&world), 0);
    assert_eq!(world.devices[1].book.form(&form(VS)).map(|form| form.tally().soft), Some(0));
    put(&mut world, 1, &sysbp(), "195");
    assert_eq!(open(&world), 1, "the word was about another value");
    assert_eq!(world.devices[1].book.form(&form(VS)).map(|form| form.tally().soft), Some(1));
}

#[test]
fn a_reason_is_due_once_a_form_was_completed() {
    let mut world = World::new(3);
    let log = world.devices[1].log.clone();
    put(&mut world, 1, &sysbp(), "120");
    assert!(!world.devices[1].book.needs_reason(&log, &sysbp()));
    complete(&mut world, 1, &form(VS));
    assert!(world.devices[1].book.needs_reason(&log, &sysbp()));
    assert!(world.devices[1].book.needs_reason(&log, &diabp()), "also where nothing stood");
    put(&mut world, 1, &sysbp(), "121");
    assert!(world.devices[1].book.cell(&sysbp()).is_some_and(|cell| cell.is_unreasoned()));
    set(&mut world, 1, &sysbp(), Some(Stored::Plain("122".into())), None, Some(words("misread")));
    assert!(world.devices[1].book.cell(&sysbp()).is_some_and(|cell| !cell.is_unreasoned()));
    // Another device that had not seen the completion owes nothing for what it wrote before.
    put(&mut world, 2, &diabp(), "80");
    meet(&mut world, 1, 2);
    assert!(world.devices[1].book.cell(&diabp()).is_some_and(|cell| !cell.is_unreasoned()));
    let other = world.devices[2].log.clone();
    assert!(world.devices[2].book.needs_reason(&other, &diabp()), "but from now on it does");
}

#[test]
fn a_row_added_after_reopening_owes_no_reason() {
    let mut world = World::new(2);
    let log = world.devices[1].log.clone();
    let add = |world: &mut World, repeat: &str| {
        let (form, group) = (form(AE), Oid::from("IG.AE"));
        world.act(1, RowAdded { subject: subject(), form, group, repeat: Repeat::from(repeat), bases: vec![] })
    };
    add(&mut world, "d1.1");
    let first = cell(AE, "IG.AE", "d1.1", "IT.AE.GRADE");
    put(&mut world, 1, &first, "1");
    complete(&mut world, 1, &form(AE));
    let bases = world.devices[1].book.form_bases(&form(AE));
    world.act(1, FormReopened { subject: subject(), form: form(AE), reason: words("one more"), bases });
    add(&mut world, "d1.2");
    let second = cell(AE, "IG.AE", "d1.2", "IT.AE.GRADE");
    let book = &world.devices[1].book;
    assert!(book.needs_reason(&log, &first));
    assert!(!book.needs_reason(&log, &second));
    put(&mut world, 1, &second, "2");
    assert!(world.devices[1].book.cell(&second).is_some_and(|cell| !cell.is_unreasoned()));
}

#[test]
fn of_conflicting_declarations_the_less_complete_holds() {
    let mut world = World::new(3);
    put(&mut world, 1, &sysbp(), "120");
    meet(&mut world, 1, 2);
    complete(&mut world, 1, &form(VS));
    world.act(2, FormNotDone { subject: subject(), form: form(VS), reason: words("refused"), bases: vec![] });
    meet(&mut world, 1, 2);
    let stands = |world: &World| world.devices[1].book.form(&form(VS)).map(|form| (form.status(), form.is_conflict()));
    assert_eq!(stands(&world), Some((FormStatus::NotDone, true)));
    complete(&mut world, 1, &form(VS));
    assert_eq!(stands(&world), Some((FormStatus::Complete, false)));
}

#[test]
fn a_row_removed_here_and_filled_there_comes_back_as_a_conflict() {
    let mut world = World::new(3);
    let (key, group, repeat) = (form(AE), Oid::from("IG.AE"), Repeat::from("d1.1"));
    let grade = cell(AE, "IG.AE", "d1.1", "IT.AE.GRADE");
    world.act(
        1,
        RowAdded { subject: subject(), form: key.clone(), group: group.clone(), repeat: repeat.clone(), bases: vec![] },
    );
    put(&mut world, 1, &grade, "5");
    meet(&mut world, 1, 2);
    let remove = |world: &mut World| {
        let book = &world.devices[1].book;
        let (bases, cells) = (book.row_bases(&key, &group, &repeat), book.row_cells(&key, &group, &repeat));
        let (form, group, repeat) = (key.clone(), group.clone(), repeat.clone());
        world.act(1, RowRemoved { subject: subject(), form, group, repeat, reason: words("twice"), bases, cells })
    };
    remove(&mut world);
    assert!(world.devices[1].book.live_rows(&key, &group).is_empty());
    assert_eq!(value(&world, 1, &grade).as_deref(), Some("5"), "its cells are kept");
    assert_eq!(value(&world, 1, &cell(AE, "IG.AES", "1", "IT.AE.COUNT")).as_deref(), Some("0"), "and count no more");
    put(&mut world, 2, &grade, "3");
    meet(&mut world, 1, 2);
    let form = world.devices[1].book.form(&key).expect("it stands");
    assert_eq!(world.devices[1].book.live_rows(&key, &group), std::slice::from_ref(&repeat));
    assert_eq!(form.tally().conflicts, 1, "and asks a person");
    assert_eq!(value(&world, 1, &cell(AE, "IG.AES", "1", "IT.AE.COUNT")).as_deref(), Some("1"));
    remove(&mut world);
    assert!(world.devices[1].book.live_rows(&key, &group).is_empty());
}

#[test]
fn a_row_known_by_its_cells_alone_counts_like_any_other() {
    let mut world = World::new(3);
    world.act(2, FormReopened { subject: subject(), form: form(AE), reason: words("why"), bases: vec![] });
    let count = cell(AE, "IG.AES", "1", "IT.AE.COUNT");
    assert_eq!(value(&world, 2, &count).as_deref(), Some("0"));
    // The addition of the row is in a log that has not arrived.
    let grade = cell(AE, "IG.AE", "d0.1", "IT.AE.GRADE");
    set(&mut world, 2, &grade, None, Some(Missing::NotDone), None);
    assert_eq!(world.devices[2].book.live_rows(&form(AE), &"IG.AE".into()).len(), 1);
    assert_eq!(value(&world, 2, &count), None, "how severe it is, is not known");
    put(&mut world, 2, &grade, "4");
    assert_eq!(value(&world, 2, &count).as_deref(), Some("1"));
    let fresh = world.fold(&std::collections::BTreeMap::new(), &[0], |_, _| {});
    assert_eq!(
        super::world::differing(&super::world::rows(&fresh), &super::world::rows(&world.devices[2].book)),
        [""; 0]
    );
}

#[test]
fn rows_stand_in_the_order_in_which_they_were_added() {
    let mut world = World::new(2);
    for repeat in ["z.9", "a.1", "m.10"] {
        let (form, group) = (form(AE), Oid::from("IG.AE"));
        world.act(1, RowAdded { subject: subject(), form, group, repeat: Repeat::from(repeat), bases: vec![] });
    }
    let rows = world.devices[1].book.live_rows(&form(AE), &"IG.AE".into());
    assert_eq!(rows.iter().map(Repeat::as_str).collect::<Vec<_>>(), ["z.9", "a.1", "m.10"]);
}

/// Issue 9: an approved device may name what is no part of a place as text; its rows are read back all the same.
#[test]
fn rows_are_read_back_whatever_another_program_names() {
    let mut world = World::new(2);
    for name in ["", "*", "[1]/x", "%2F", "\u{7f}\u{202e}"] {
        let (form, group) = (form(AE), Oid::from(name));
        world.act(1, RowAdded { subject: subject(), form, group, repeat: Repeat::from("a.1"), bases: vec![] });
        let question = words("which?");
        let (form, item, repeat) = (super::world::form(AE), Oid::from(name), Repeat::first());
        world.act(1, QueryRaised { subject: subject(), form, group: name.into(), repeat, item, question });
    }
    let written = world.devices[1].book.rows();
    let read =
        crate::Book::from_rows(written.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice())));
    let mut again = read.expect("our own rows").rows();
    let mut written = written;
    written.sort();
    again.sort();
    assert!(written == again);
}

#[test]
fn what_is_left_out_is_not_read_and_what_is_unknown_hides_no_data() {
    let mut world = World::new(2);
    let why = cell(VS, "IG.VS", "1", "IT.VS.WHY");
    let hidden = |world: &World, key: &CellKey| {
        let state = world.devices[1].book.form_state(&SMALL, &key.form);
        state.rows.iter().flat_map(|row| &row.cells).find(|view| view.key == *key).is_some_and(|view| view.hidden)
    };
    assert!(hidden(&world, &why), "unknown and empty: not asked yet");
    put(&mut world, 1, &sysbp(), "150");
    put(&mut world, 1, &diabp(), "70");
    assert!(!hidden(&world, &why), "a wide pulse pressure asks why");
    set(&mut world, 1, &why, Some(Stored::Text(words("fever"))), None, None);
    set(&mut world, 1, &diabp(), None, Some(Missing::NotDone), None);
    assert!(!hidden(&world, &why), "unknown again, but it holds data");
    put(&mut world, 1, &diabp(), "100");
    assert!(hidden(&world, &why), "known to be normal: left out, kept");
    assert!(world.devices[1].book.cell(&why).is_some_and(|cell| cell.heads().count() == 1));
}

#[test]
fn a_partial_date_plans_nothing_and_a_whole_one_moves_only_what_counts_from_it() {
    let mut world = World::new(2);
    let date = |world: &mut World, day: &str| {
        let bases = world.devices[1].book.event_bases(&event("SE.SCR[1]"));
        let event = event("SE.SCR[1]");
        world.act(1, EventDated { subject: subject(), event, date: Some(day.into()), bases, reason: None })
    };
    let planned = |world: &World| {
        let lines = &world.devices[1].book.overview().events;
        lines.iter().find(|line| line.key == event("SE.CN[1]")).and_then(|line| Some(line.planned?.to_string()))
    };
    date(&mut world, "2026-01");
    assert_eq!(planned(&world), None);
    date(&mut world, "2026-01-05");
    assert_eq!(planned(&world).as_deref(), Some("2026-01-26"));
    put(&mut world, 1, &sysbp(), "120");
    let visit = event("SE.CN[1]");
    world.act(
        1,
        EventDated { subject: subject(), event: visit, date: Some("2026-02-20".into()), bases: vec![], reason: None },
    );
    let lines = &world.devices[1].book.overview().events;
    let second = lines.iter().find(|line| line.key == event("SE.CN[2]")).expect("the next one is planned");
    assert_eq!(second.planned.map(|day| day.to_string()).as_deref(), Some("2026-02-16"), "a late visit moves nothing");
}

#[test]
fn a_query_goes_from_hand_to_hand_and_an_answer_may_arrive_first() {
    let mut world = World::new(3);
    put(&mut world, 1, &sysbp(), "120");
    meet(&mut world, 1, 0);
    let key = sysbp();
    let query = world.act(
        0,
        QueryRaised {
            subject: subject(),
            form: key.form.clone(),
            group: key.group.clone(),
            repeat: key.group_repeat.clone(),
            item: key.item.clone(),
            question: words("really?"),
        },
    );
    meet(&mut world, 0, 1);
    assert_eq!(world.devices[1].book.form(&key.form).map(|form| form.tally().queries), Some(1));
    let bases = world.devices[1].book.query_bases(&query);
    world.act(1, QueryAnswered { subject: subject(), query, answer: words("yes"), bases });
    assert_eq!(world.devices[1].book.query(&query).map(|query| query.status()), Some(QueryStatus::Answered));
    assert_eq!(world.devices[1].book.form(&key.form).map(|form| form.tally().queries), Some(0));
    // The third device hears the answer before the question: it shows nothing yet, and all of it later.
    let answer = world.logs[&world.devices[1].log].last().cloned().expect("written");
    let mut late = crate::Book::new();
    late.apply(answer.id(), answer.entry()).expect("the one subject");
    late.recompute(&SMALL);
    assert_eq!(late.queries().count(), 0);
    world.logs[&world.devices[0].log]
        .iter()
        .for_each(|line| late.apply(line.id(), line.entry()).expect("the one subject"));
    assert_eq!(late.queries_of(&key).map(|(_, query)| query.status()).collect::<Vec<_>>(), [QueryStatus::Answered]);
    meet(&mut world, 1, 0);
    let bases = world.devices[0].book.query_bases(&query);
    world.act(0, QueryClosed { subject: subject(), query, comment: None, bases });
    assert_eq!(world.devices[0].book.query(&query).map(|query| query.status()), Some(QueryStatus::Closed));
}

#[test]
fn a_redacted_text_is_named_and_the_answer_stays() {
    let mut world = World::new(2);
    let note = cell("SE.SCR[1]/F.DM[1]", "IG.DM", "1", "IT.DM.NOTE");
    let text = words("a name").text;
    set(&mut world, 1, &note, Some(Stored::Text(FreeTextId { text })), None, None);
    assert!(!world.devices[1].book.is_redacted(&text));
    world.act(1, TextRedacted { subject: Some(subject()), text, reason: words("a name") });
    let book = &world.devices[1].book;
    assert!(book.is_redacted(&text));
    assert!(matches!(book.cell(&note).map(|cell| cell.state()), Some(CellState::Answered(_))));
}

#[test]
fn one_key_given_out_twice_is_seen() {
    let mut world = World::new(3);
    world.act(1, SubjectRegistered { subject: subject(), site: "S01".into() });
    world.act(2, SubjectRegistered { subject: subject(), site: "S01".into() });
    meet(&mut world, 1, 2);
    assert_eq!(world.devices[1].book.registrations().len(), 2);
    assert_eq!(world.devices[1].book.summary().registrations.len(), 2);
}

#[test]
fn an_entry_of_another_subject_is_refused_and_one_heard_before_is_passed_over() {
    let mut world = World::new(2);
    put(&mut world, 1, &sysbp(), "120");
    let line = world.logs[&world.devices[1].log][0].clone();
    let book = &mut world.devices[1].book;
    let before = super::world::rows(book);
    book.apply(line.id(), line.entry()).expect("the one subject");
    book.recompute(&SMALL);
    assert_eq!(super::world::rows(book), before);
    let mut other = crate::Book::new();
    other.subject = Some("S01-002".into());
    assert!(other.apply(line.id(), line.entry()).is_err());
}
