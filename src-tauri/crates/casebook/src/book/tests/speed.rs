//! How long a save takes on a full casebook of the real trial: `cargo test --release -p casebook speed -- --ignored --nocapture`.

use super::world::{digest, subject, words};
use crate::act::{Act, EventDated, ItemSet, ItemsSet, RowAdded, Stored};
use crate::book::Book;
use crate::clock::{Instant, Offset, Tick};
use crate::entry::{Entry, Line};
use crate::ids::EntryId;
use std::collections::BTreeMap;
use std::time::{Duration, Instant as Watch};
use study::{EventKey, ItemDef, ItemKind, Oid, Repeat, Study};

fn trial() -> Study {
    let xml = include_bytes!("../../../../../studies/hcc-oligoprogression.xml");
    Study::read("trial", xml, &crate::clinical_functions()).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn value(study: &Study, item: &ItemDef, n: usize) -> Stored {
    if let Some(list) = study.codelist_of(item) {
        return Stored::Plain(list.choices[n % list.choices.len()].code.as_ref().into());
    }
    match item.kind {
        ItemKind::Integer => Stored::Plain((50 + n % 60).to_string().into()),
        kind if kind.is_numeric() => Stored::Plain(format!("{}.5", 20 + n % 40).into()),
        kind if kind.is_date() => Stored::Plain(format!("2026-0{}-1{}", n % 9 + 1, n % 9).into()),
        kind if kind.is_date_time() => Stored::Plain("2026-03-01T10:00".into()),
        kind if kind.is_time() => Stored::Plain("10:00".into()),
        _ => Stored::Text(words(&n.to_string())),
    }
}

/// Writes entries one after the other.
#[derive(Default)]
struct Pencil {
    lines: Vec<Line>,
}

impl Pencil {
    fn write(&mut self, act: impl Into<Act>) {
        let seq = self.lines.len() as u64 + 1;
        let entry = Entry {
            v: 1,
            study: "ST.HCC-OLIGO".into(),
            log: "S01-k7f2m3pq".into(),
            seq,
            prev: self.lines.last().map_or(EntryId::ZERO, Line::id),
            at: Instant::from_ms(1_795_000_000_000 + seq as i64),
            tz: Offset::from_minutes(480),
            tick: Tick { ms: 1_795_000_000_000 + seq, counter: 0 },
            by: "nurse1".into(),
            mdv: Some("MDV.1".into()),
            act: act.into(),
        };
        self.lines.push(Line::write(entry, digest).expect("well-formed"));
    }
}

/// Every form of every visit, one answer at a time, as a nurse would.
fn casebook(study: &Study, cells: usize) -> Vec<Line> {
    let mut pencil = Pencil::default();
    let mut given = 0;
    for round in 1.. {
        for def in study.events.iter().filter(|def| round == 1 || def.repeating) {
            let event = EventKey { event: def.oid.clone(), repeat: Repeat::nth(round) };
            let date = Some(format!("2026-{:02}-{:02}", round % 12 + 1, given % 28 + 1).into());
            pencil.write(EventDated { subject: subject(), event: event.clone(), date, bases: vec![], reason: None });
            for at in &def.forms {
                let form = event.form(&at.form, Repeat::first());
                let groups = study.forms.get(&at.form).into_iter().flat_map(|form| &form.groups);
                for group in groups.filter_map(|at| study.groups.get(&at.group)) {
                    for row in 1..=if group.repeating { 6 } else { 1 } {
                        let repeat =
                            if group.repeating { Repeat::from(format!("k7f2m3pq.{row}")) } else { Repeat::first() };
                        if group.repeating {
                            let (group, repeat) = (group.oid.clone(), repeat.clone());
                            pencil.write(RowAdded {
                                subject: subject(),
                                form: form.clone(),
                                group,
                                repeat,
                                bases: vec![],
                            });
                        }
                        for item in group.items.iter().filter(|item| item.method.is_none()) {
                            let def = study.items.get(&item.item).expect("read");
                            let item = ItemSet {
                                group: group.oid.clone(),
                                repeat: repeat.clone(),
                                item: item.item.clone(),
                                value: Some(value(study, def, given)),
                                missing: None,
                                unit: None,
                                raw: None,
                                bases: vec![],
                                reason: None,
                            };
                            pencil.write(ItemsSet { subject: subject(), form: form.clone(), items: vec![item] });
                            given += 1;
                            if given >= cells {
                                return pencil.lines;
                            }
                        }
                    }
                }
            }
        }
    }
    pencil.lines
}

fn told(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!("{name}: median {:?}, p90 {:?}, p99 {:?}, most {:?} of {}", at(50), at(90), at(99), at(100), times.len());
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed() {
    let study = trial();
    let lines = casebook(&study, 3_000);
    let mut times = Vec::new();
    for line in &lines {
        let watch = Watch::now();
        let read = Line::read(line.bytes(), line.id()).expect("well-formed");
        times.push(watch.elapsed());
        assert_eq!(read.id(), line.id());
    }
    told("read a line", times);
    let mut book = Book::new();
    let (mut early, mut late, mut changed) = (Vec::new(), Vec::new(), 0);
    let mut by_act: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    let mut slow: BTreeMap<String, (u32, Duration)> = BTreeMap::new();
    for (n, line) in lines.iter().enumerate() {
        let watch = Watch::now();
        book.apply(line.id(), line.entry()).expect("one subject");
        book.settle(&study);
        let rows = book.take_changed_rows();
        let times = if n < lines.len() / 2 { &mut early } else { &mut late };
        let took = watch.elapsed();
        times.push(took);
        by_act.entry(line.entry().act.name()).or_default().push(took);
        if let Act::ItemsSet(act) = &line.entry().act {
            let sum = slow.entry(act.items[0].item.to_string()).or_default();
            *sum = (sum.0 + 1, sum.1 + took);
        }
        changed += rows.len();
    }
    by_act.into_iter().for_each(|(act, times)| told(act, times));
    let mut slow: Vec<_> = slow.into_iter().map(|(item, (n, all))| (all / n, n, item)).collect();
    slow.sort();
    slow.iter().rev().take(12).for_each(|(mean, n, item)| println!("  {item}: mean {mean:?} of {n}"));
    told("save, first half", early);
    told("save, second half", late);
    let rows = book.rows();
    let bytes: usize = rows.iter().map(|(key, bytes)| key.place.len() + bytes.len()).sum();
    let summary = rows.iter().find(|(key, _)| key.place.is_empty()).map_or(0, |(_, bytes)| bytes.len());
    println!("{} rows, {bytes} bytes, summary {summary}, {} rows per save", rows.len(), changed / lines.len());
    let mut times = Vec::new();
    for _ in 0..20 {
        let watch = Watch::now();
        let read = Book::from_rows(rows.iter().map(|(key, bytes)| (key.kind, key.place.as_str(), bytes.as_slice())));
        times.push(watch.elapsed());
        assert!(read.is_ok());
    }
    told("load", times);
    let watch = Watch::now();
    let mut fresh = Book::new();
    lines.iter().for_each(|line| fresh.apply(line.id(), line.entry()).expect("one subject"));
    let applied = watch.elapsed();
    fresh.settle(&study);
    println!("fresh fold of {} entries: apply {applied:?}, settle {:?}", lines.len(), watch.elapsed() - applied);
    let mut times = Vec::new();
    for (key, _) in fresh.forms() {
        let watch = Watch::now();
        let state = fresh.form_state(&study, key);
        times.push(watch.elapsed());
        assert!(!state.rows.is_empty() || state.tally.rows == 0);
    }
    told("form state", times);
    let same = |book: &Book| book.rows().into_iter().collect::<BTreeMap<_, _>>();
    assert!(same(&book) == same(&fresh), "settled after each entry, the trial folds to the same rows");
    let _: Option<&Oid> = fresh.subject();
}
