//! The most important test in the house: the same entries fold to the same rows, byte for byte, in whatever order they
//! arrive, whether recomputed after each or once at the end, whether carried on from stored rows or afresh.

use super::world::{Rows, World, differing, form, recompute, rows, study_of, subject, words};
use crate::act::{
    Act, EventAdded, EventDated, EventMissed, FindingConfirmed, FormCompleted, FormNotDone, FormReopened, ItemSet,
    ItemsSet, QueryAnswered, QueryClosed, QueryRaised, QueryReopened, RowAdded, RowRemoved, Stored, SubjectMigrated,
    SubjectRegistered, TextRedacted,
};
use crate::book::Book;
use crate::row::RowKind;
use proptest::prelude::*;
use std::collections::BTreeMap;
use study::{FormKey, Missing, Oid, Repeat, Severity};

/// One thing that happens, with numbers from which its particulars are drawn.
#[derive(Clone, Debug)]
pub struct Step {
    device: usize,
    what: u8,
    a: u8,
    b: u8,
    c: u8,
}

const FORMS: [&str; 6] = [
    "SE.SCR[1]/F.DM[1]",
    "SE.SCR[1]/F.VS[1]",
    "SE.CN[1]/F.VS[1]",
    "SE.CN[2]/F.VS[1]",
    "SE.CN[1]/F.PT[1]",
    "SE.LOG[1]/F.AE[1]",
];
const EVENTS: [&str; 4] = ["SE.SCR[1]", "SE.CN[1]", "SE.CN[2]", "SE.LOG[1]"];
const DATES: [&str; 6] = ["2026-01-05", "2026-01-26", "2026-02-16", "2026-02", "2025", "2026-01-05"];

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..3usize, 0..26u8, any::<u8>(), any::<u8>(), any::<u8>()).prop_map(|(device, what, a, b, c)| Step {
        device,
        what,
        a,
        b,
        c,
    });
    proptest::collection::vec(step, 1..60)
}

/// An item of a form with a value for it.
fn answer(form: &FormKey, b: u8, c: u8) -> (&'static str, &'static str, &'static str) {
    let pick = |list: &'static [(&'static str, &'static str, &'static [&'static str])]| {
        let (group, item, values) = list[usize::from(b) % list.len()];
        (group, item, values[usize::from(c) % values.len()])
    };
    match form.form.as_str() {
        "F.DM" => pick(&[
            ("IG.DM", "IT.DM.SEX", &["F", "M"]),
            ("IG.DM", "IT.DM.BRTHDAT", &["1960", "1960-05", "2026-01-20", "2027"]),
            ("IG.DM", "IT.DM.NOTE", &["text"]),
        ]),
        "F.VS" => pick(&[
            ("IG.VS", "IT.VS.SYSBP", &["120", "190", "80", "150"]),
            ("IG.VS", "IT.VS.DIABP", &["70", "85", "130"]),
            ("IG.VS", "IT.VS.WEIGHT", &["60.5", "49.0", "70.0"]),
            ("IG.VS", "IT.VS.WHY", &["text"]),
            ("IG.POS", "IT.VS.POS", &["SIT", "SUP"]),
        ]),
        "F.PT" => pick(&[("IG.PT", "IT.PT.RES", &["POS", "NEG"])]),
        _ => pick(&[
            ("IG.AE", "IT.AE.GRADE", &["1", "3", "5", "7"]),
            ("IG.AE", "IT.AE.TERM", &["text"]),
            ("IG.AE", "IT.AE.DTHDAT", &["2026-02-01", "2026"]),
        ]),
    }
}

/// Some of the bases that the device knows: usually all, sometimes none, as two hands at once would.
fn some<T>(bases: Vec<T>, c: u8) -> Vec<T> {
    if c.is_multiple_of(11) { Vec::new() } else { bases }
}

fn set(world: &mut World, step: &Step) -> Option<Act> {
    let form = form(FORMS[usize::from(step.a) % FORMS.len()]);
    let (group, item, value) = answer(&form, step.b, step.c);
    let book = &world.devices[step.device].book;
    let mut repeat = Repeat::first();
    if group == "IG.AE" {
        // Rows of others, too, and rows that were removed meanwhile.
        let known = book.form(&form)?.rows.keys().map(|row| row.repeat.clone()).collect::<Vec<_>>();
        repeat = known.get(usize::from(step.b) % known.len().max(1))?.clone();
    }
    let bases = some(book.cell_bases(&form.cell(group, &repeat, item)), step.c);
    let text = || Stored::Text(words(&format!("{}{}", step.b, step.c)));
    let value = if value == "text" { text() } else { Stored::Plain(value.into()) };
    let (value, missing) = match step.c % 9 {
        0 => (None, Some(Missing::ALL[usize::from(step.b) % 5])),
        1 if !bases.is_empty() => (None, None),
        _ => (Some(value), None),
    };
    let jin = item == "IT.VS.WEIGHT" && step.c.is_multiple_of(2) && value.is_some();
    let answer = ItemSet {
        group: group.into(),
        repeat,
        item: item.into(),
        value,
        missing,
        unit: jin.then(|| Oid::from("MU.JIN")),
        raw: None,
        bases,
        reason: step.c.is_multiple_of(3).then(|| words("because")),
    };
    Some(ItemsSet { subject: subject(), form, items: vec![answer] }.into())
}

fn rows_of_log(world: &World, step: &Step) -> Option<(FormKey, Repeat)> {
    let form = form("SE.LOG[1]/F.AE[1]");
    let known = world.devices[step.device].book.live_rows(&form, &"IG.AE".into());
    Some((form, known.get(usize::from(step.b) % known.len().max(1))?.clone()))
}

/// A row of anybody, removed or not, is added once more.
fn add_again(world: &World, step: &Step) -> Option<Act> {
    let (form, group) = (form("SE.LOG[1]/F.AE[1]"), Oid::from("IG.AE"));
    let book = &world.devices[step.device].book;
    let known: Vec<_> = book.form(&form)?.rows.keys().cloned().collect();
    let repeat = known.get(usize::from(step.b) % known.len().max(1))?.repeat.clone();
    let bases = some(book.row_bases(&form, &group, &repeat), step.c);
    Some(RowAdded { subject: subject(), form, group, repeat, bases }.into())
}

fn declare(world: &World, step: &Step) -> Act {
    let form = form(FORMS[usize::from(step.a) % FORMS.len()]);
    let bases = some(world.devices[step.device].book.form_bases(&form), step.c);
    match step.b % 4 {
        0 => FormReopened { subject: subject(), form, reason: words("why"), bases }.into(),
        1 => FormNotDone { subject: subject(), form, reason: words("why"), bases }.into(),
        _ => FormCompleted { subject: subject(), form, bases }.into(),
    }
}

fn date(world: &World, step: &Step) -> Act {
    let event: study::EventKey = super::world::event(EVENTS[usize::from(step.a) % EVENTS.len()]);
    let bases = some(world.devices[step.device].book.event_bases(&event), step.c);
    match step.b % 6 {
        0 => EventAdded { subject: subject(), event }.into(),
        1 => EventMissed { subject: subject(), event, reason: words("ill"), bases }.into(),
        2 if !bases.is_empty() => EventDated { subject: subject(), event, date: None, bases, reason: None }.into(),
        _ => {
            let date = Some(DATES[usize::from(step.c) % DATES.len()].into());
            EventDated { subject: subject(), event, date, bases, reason: None }.into()
        }
    }
}

fn confirm(world: &World, step: &Step) -> Option<Act> {
    let book = &world.devices[step.device].book;
    let soft: Vec<_> = book
        .forms()
        .flat_map(|(key, form)| form.cells().map(move |(place, cell)| (key, place, cell)))
        .flat_map(|(key, place, cell)| cell.findings().iter().map(move |finding| (key, place, finding)))
        .filter(|(_, _, finding)| finding.severity == Severity::Soft)
        .collect();
    let (form, place, finding) = soft.get(usize::from(step.b) % soft.len().max(1))?;
    let act = FindingConfirmed {
        subject: subject(),
        form: (*form).clone(),
        group: place.group.clone(),
        repeat: place.repeat.clone(),
        item: place.item.clone(),
        rule: finding.rule.clone(),
        comment: words("as measured"),
        operands: finding.operands.clone(),
    };
    Some(act.into())
}

fn query(world: &World, step: &Step) -> Option<Act> {
    let book = &world.devices[step.device].book;
    let known: Vec<_> = book.queries.keys().copied().collect();
    let query = known.get(usize::from(step.b) % known.len().max(1)).copied();
    let bases = |query| some(book.query_bases(query), step.c);
    match (step.a % 4, query) {
        (1, Some(query)) => {
            Some(QueryAnswered { subject: subject(), query, answer: words("yes"), bases: bases(&query) }.into())
        }
        (2, Some(query)) => Some(QueryClosed { subject: subject(), query, comment: None, bases: bases(&query) }.into()),
        (3, Some(query)) => {
            Some(QueryReopened { subject: subject(), query, reason: words("no"), bases: bases(&query) }.into())
        }
        _ => {
            let form = form(FORMS[usize::from(step.b) % 5]);
            let (group, item, _) = answer(&form, step.c, 0);
            let (repeat, question) = (Repeat::first(), words("really?"));
            let (group, item) = (group.into(), item.into());
            Some(QueryRaised { subject: subject(), form, group, repeat, item, question }.into())
        }
    }
}

fn migrate(world: &World, step: &Step) -> Act {
    let book = &world.devices[step.device].book;
    let (from, bases) = (study_of(book).metadata_version.clone(), some(book.version_bases(), step.c));
    let to = Oid::from(["MDV.1", "MDV.2", "MDV.2"][usize::from(step.b) % 3]);
    SubjectMigrated { subject: subject(), from, to, reason: words("amended"), bases }.into()
}

pub fn play(steps: &[Step]) -> World {
    let mut world = World::new(3);
    for step in steps {
        let act = match step.what {
            0 => Some(SubjectRegistered { subject: subject(), site: "S01".into() }.into()),
            1..=9 => set(&mut world, step),
            10 => {
                let repeat = world.new_row(step.device);
                let form = form("SE.LOG[1]/F.AE[1]");
                let (group, repeat) = (Oid::from("IG.AE"), Repeat::from(repeat));
                Some(RowAdded { subject: subject(), form, group, repeat, bases: vec![] }.into())
            }
            11 => add_again(&world, step),
            12 => rows_of_log(&world, step).map(|(form, repeat)| {
                let book = &world.devices[step.device].book;
                let group = Oid::from("IG.AE");
                let bases = book.row_bases(&form, &group, &repeat);
                let cells = book.row_cells(&form, &group, &repeat);
                RowRemoved { subject: subject(), form, group, repeat, reason: words("twice"), bases, cells }.into()
            }),
            13 | 14 => Some(declare(&world, step)),
            15 | 16 => Some(date(&world, step)),
            17 => confirm(&world, step),
            18 => query(&world, step),
            19 => Some(
                TextRedacted {
                    subject: Some(subject()),
                    text: words(&format!("{}{}", step.b, step.c)).text,
                    reason: words("name"),
                }
                .into(),
            ),
            24 | 25 => Some(migrate(&world, step)),
            _ => {
                world.meet(step.device, usize::from(step.a) % 3, usize::from(step.b) % 5);
                None
            }
        };
        if let Some(act) = act {
            world.act(step.device, act);
        }
    }
    world
}

/// How much of each log has arrived.
fn cuts(world: &World, draw: &[u8]) -> BTreeMap<Oid, usize> {
    let share = |n: usize| usize::from(draw.get(n).copied().unwrap_or(255));
    world
        .logs
        .iter()
        .enumerate()
        .map(|(n, (log, lines))| (log.clone(), lines.len() * share(n).min(200) / 200))
        .collect()
}

fn reload(book: &Book) -> Book {
    let rows = book.rows();
    Book::from_rows(rows.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice())))
        .expect("our own rows")
}

fn same(found: &Rows, expected: &Rows, how: &str) -> Result<(), TestCaseError> {
    let differing = differing(found, expected);
    if differing.is_empty() { Ok(()) } else { Err(TestCaseError::fail(format!("{how}: {differing:?}"))) }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 4000, ..ProptestConfig::default() })]

    #[test]
    fn any_arrival_order_folds_to_the_same_rows(
        steps in steps(),
        lost in proptest::collection::vec(any::<u8>(), 3),
        one in proptest::collection::vec(any::<u8>(), 40),
        other in proptest::collection::vec(any::<u8>(), 40),
    ) {
        let world = play(&steps);
        let cut = cuts(&world, &lost);
        let expected = rows(&world.fold(&cut, &[0], |_, _| {}));
        // Once at the end, in two orders.
        same(&rows(&world.fold(&cut, &one, |_, _| {})), &expected, "another order")?;
        // After each entry.
        let each = world.fold(&cut, &other, |_, book| recompute(book));
        same(&rows(&each), &expected, "recomputed after each")?;
        // Now and then, and carried on from stored rows.
        let stored = world.fold(&cut, &one, |turn, book| {
            if other[turn % 40].is_multiple_of(3) {
                recompute(book);
                *book = reload(book);
            }
        });
        same(&rows(&stored), &expected, "carried on from rows")?;
        same(&rows(&reload(&stored)), &expected, "read back")?;
        // Handed out change by change, as a store keeps them.
        let mut kept: BTreeMap<_, Vec<u8>> = BTreeMap::new();
        let mut collect = |book: &mut Book| {
            recompute(book);
            for (key, bytes) in book.take_changed_rows() {
                match bytes {
                    Some(bytes) => drop(kept.insert(key, bytes)),
                    None => drop(kept.remove(&key)),
                }
            }
        };
        let mut last = world.fold(&cut, &other, |turn, book| if turn.is_multiple_of(2) { collect(book) });
        collect(&mut last);
        same(&kept, &expected, "kept by changes")?;
    }

    #[test]
    fn what_a_device_shows_is_what_a_fresh_fold_shows(steps in steps()) {
        let world = play(&steps);
        for device in &world.devices {
            let mut cut: BTreeMap<Oid, usize> = world.logs.keys().map(|log| (log.clone(), 0)).collect();
            cut.extend(device.holds.clone());
            same(&rows(&device.book), &rows(&world.fold(&cut, &[0, 1, 2], |_, _| {})), "fresh")?;
            let summary = device.book.rows().into_iter().find(|(key, _)| key.kind == RowKind::Summary);
            if let Some((_, bytes)) = summary {
                prop_assert_eq!(crate::summary::Summary::from_row(&bytes).expect("our own row"), device.book.summary());
            }
        }
    }
}

#[test]
fn the_generator_reaches_everything() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |what, yes: bool| *seen.entry(what).or_default() += usize::from(yes);
    for _ in 0..300 {
        let steps = steps().new_tree(&mut runner).expect("a history").current();
        let book = play(&steps).fold(&BTreeMap::new(), &[0, 1, 2, 1], |_, _| {});
        let cells = || book.forms().flat_map(|(_, form)| form.cells().map(|(_, cell)| cell));
        count("conflicts", cells().any(|cell| cell.state() == crate::CellState::Conflict));
        count("derived", cells().any(|cell| cell.derived.is_some()));
        count("hidden with data", cells().any(|cell| cell.hidden && cell.holds_data()));
        count("hard", cells().any(|cell| cell.findings.iter().any(|finding| finding.severity == Severity::Hard)));
        count(
            "confirmed",
            cells().any(|cell| cell.findings.iter().any(|finding| cell.confirmation(finding).is_some())),
        );
        count(
            "lapsed",
            cells().any(|cell| {
                cell.confirmations
                    .iter()
                    .any(|word| !cell.findings.iter().any(|finding| finding.operands == word.operands))
            }),
        );
        count("unreasoned", cells().any(|cell| cell.is_unreasoned()));
        count("form conflicts", book.forms().any(|(_, form)| form.is_conflict()));
        count("event conflicts", book.events().any(|(_, event)| event.is_conflict()));
        count("removed rows", book.forms().any(|(_, form)| form.rows.iter().any(|(at, row)| !form.row_lives(at, row))));
        count("row conflicts", book.forms().any(|(_, form)| form.rows.keys().any(|at| form.is_row_conflict(at))));
        count("redacted", !book.redacted.is_empty());
        count("queries", book.queries().next().is_some());
        count("migrated", book.version().is_some_and(|version| *version == "MDV.2"));
        count("migrated back", book.moves().any(|(_, one)| *one.to == *"MDV.1" && *one.from == *"MDV.2"));
        count("version conflicts", book.is_version_conflict());
        let retired = |key: &FormKey| !book.retired_cells(study_of(&book), key).is_empty();
        count("retired with data", book.forms().any(|(key, _)| retired(key)));
        let given = || cells().flat_map(|cell| cell.heads());
        count(
            "given under both",
            ["MDV.1", "MDV.2"].iter().all(|version| given().any(|(_, given)| given.version == *version)),
        );
    }
    assert!(seen.values().all(|n| *n > 0), "{seen:?}");
}
