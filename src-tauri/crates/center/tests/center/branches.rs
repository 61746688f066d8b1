//! Branches of a fork that are hard to settle: they come in parts, are damaged, or belong to a former key. And what becomes of what
//! they say.

use crate::device::{Begun, Desk, Device, stamp};
use crate::folding::{database, export};
use bundle::Kind;
use casebook::act::{EventDated, FindingConfirmed, ItemSet, ItemsSet, QueryRaised};
use casebook::{FreeTextId, QueryStatus, Stored, TextCommit, TextRow};
use center::{Branch, CenterError, Choice, DeviceStatus, ForkView, SettleError, Settled};
use seal::{Identity, SigningKey, sha256};
use std::fs;
use study::{CellKey, Oid, Repeat};

const NAME: &str = "Xaver Quillfeather (sample)";
const CELL: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";

/// A device at entry 3 and a copy of its vault; both know `S01-001`, and so does the center.
pub struct Pair {
    pub desk: Desk,
    pub identity: Identity,
    pub held: Device,
    pub later: Device,
    pub subject: Oid,
}

impl Pair {
    pub fn new() -> Self {
        let Begun { desk, identity, device: held, subject } = Begun::new();
        assert_eq!(desk.says(&held.export(2)), "accepted 2 entries");
        let later = held.clone();
        Self { desk, identity, held, later, subject }
    }

    /// Two branches from seq 4 on: the center holds `held`'s, and the first two entries of the other one, which registers the
    /// subjects 11 to `last`. What comes of that later, and not next, waits for seq 5.
    pub fn with_a_gap(last: u32) -> Self {
        let mut pair = Self::new();
        pair.held.register(2);
        (11..=last).for_each(|number| drop(pair.later.register(number)));
        pair.desk.send(&pair.held.export(4));
        assert!(pair.desk.says(&pair.later.part(4, 5)).starts_with("fork: seq 4 "));
        pair
    }

    /// Sends what both wrote since: the center holds the branch of `held` first.
    pub fn send(&self) {
        assert!(self.desk.says(&self.held.export(4)).starts_with("accepted "));
        assert!(self.desk.says(&self.later.export(4)).starts_with("fork: seq "));
    }

    pub fn choice(&self, keep: Branch) -> Choice<'_> {
        let reason = "the copy was a mistake (sample)";
        Choice {
            device: &self.held.log,
            keep,
            reason,
            shown: None,
            without_parked: false,
            without_request: &[],
            without_vault: false,
        }
    }

    pub fn settle(&self, keep: Branch) -> Result<Settled, CenterError> {
        self.desk.center.settle(&stamp(50), &self.choice(keep))
    }

    pub fn fork(&self) -> ForkView {
        self.desk.center.fork(&self.held.log).expect("a fork")
    }

    fn status(&self) -> DeviceStatus {
        let devices = self.desk.center.status().expect("a status").sites.remove(0).devices;
        devices.into_iter().find(|one| one.device == self.held.log && one.state == "approved").expect("known")
    }

    /// The words of the questions that the center asks about a subject.
    pub fn questions(&self, subject: &str) -> Vec<String> {
        let texts = self.desk.center.texts(subject).expect("listed");
        let asked = texts.into_iter().filter(|text| text.log == casebook::CENTER && text.act == "query.raised");
        asked.filter_map(|text| Some(text.words?.as_str().to_owned())).collect()
    }

    /// What the branch says that was put aside last: place and words.
    pub fn rest(&self) -> Vec<String> {
        let rest = self.desk.center.rest(&self.held.log).expect("read");
        let last = rest.last().expect("settled");
        let reason = last.settled.as_ref().and_then(|settled| settled.reason.as_ref());
        assert_eq!(reason.map(casebook::Private::as_str), Some("the copy was a mistake (sample)"));
        last.said.iter().map(|one| format!("{} {} {}: {}", one.seq, one.act, one.place, one.words.as_str())).collect()
    }
}

/// Has a device raise a query at [`CELL`].
fn ask(device: &mut Device, subject: &Oid, words: &str) {
    let cell: CellKey = CELL.parse().expect("a cell");
    let row = TextRow::new(&[5; 16], words, sha256).expect("short");
    let CellKey { form, group, group_repeat: repeat, item } = cell;
    let question = FreeTextId { text: row.commit };
    device.write(QueryRaised { subject: subject.clone(), form, group, repeat, item, question });
    device.texts.push((device.lines.len() as u64, row));
}

fn lies_in_the_database(desk: &Desk, words: &str) -> bool {
    ["center.sqlite", "center.sqlite-wal"].iter().any(|name| {
        let bytes = fs::read(desk.folder.path().join(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    })
}

/// K1: what follows the branch that is kept aside is of it, however far beyond what is held it begins, and in whatever order it comes:
/// it was parked for ever, and nobody was asked about it.
#[test]
fn k1_what_follows_the_branch_kept_aside_is_of_it() {
    for second_first in [false, true] {
        let mut pair = Pair::new();
        pair.held.set(&pair.subject, "IT.VS.DIABP", "80");
        assert_eq!(pair.desk.says(&pair.held.export(4)), "accepted 1 entries");
        pair.later.set(&pair.subject, "IT.VS.SYSBP", "190");
        pair.later.register(9);
        pair.later.set(&pair.subject, "IT.VS.DIABP", "99");
        pair.later.say(&pair.subject, "a serious event (sample)");
        pair.later.register(10);
        let parts = [pair.later.part(4, 5), pair.later.part(6, 7), pair.later.part(8, 8)];
        if second_first {
            assert_eq!(pair.desk.says(&parts[2]), "parked, expects seq 5");
            assert_eq!(pair.desk.says(&parts[1]), "parked, expects seq 5");
            let taken = pair.desk.send(&parts[0]);
            assert!(taken.len() == 3 && taken.iter().all(|one| one.outcome.to_string().starts_with("fork: seq 4 ")));
        } else {
            parts.iter().for_each(|part| assert!(pair.desk.says(part).starts_with("fork: seq 4 ")));
        }
        let (view, own) = (pair.fork(), pair.status());
        assert_eq!((view.later.entries, view.later.last, view.parked.len(), own.gap), (5, 8, 0, None));
        assert_eq!((view.only_held, view.not_held), (None, None));
        assert_eq!(pair.settle(Branch::Held).expect("settled").queries, 3);
        let asked = pair.questions("S01-001");
        for words in ["\"190\"", "\"99\"", "\"a serious event (sample)\""] {
            assert!(asked.iter().any(|one| one.contains(words)), "{words}: {asked:?}");
        }
        pair.held.epoch = 2;
        (11..=16).for_each(|number| drop(pair.held.register(number)));
        let on = pair.desk.send(&pair.held.export(5));
        assert_eq!((on.len(), on[0].outcome.to_string(), on[0].alarms.len()), (1, "accepted 6 entries".to_owned(), 0));
        assert_eq!(pair.desk.center.status().expect("a status").omitted, []);
        pair.desk.center.check().expect("sound");
    }
}

/// K1: a bundle that waits for an earlier one and may be of either branch is named before anybody chooses, and raises no second fork
/// after the choice.
#[test]
fn k1_what_may_be_of_either_branch_is_named() {
    let mut pair = Pair::with_a_gap(16);
    assert_eq!(pair.desk.says(&pair.later.part(8, 9)), "parked, expects seq 5");
    let parked = pair.fork().parked;
    assert_eq!(parked.iter().map(|one| (one.first, one.last, one.of)).collect::<Vec<_>>(), [(8, 9, None)]);
    for keep in [Branch::Held, Branch::Later] {
        let refused = pair.settle(keep).expect_err("it may be of the other one");
        let why = SettleError::Parked { bundles: 1, first: 8, last: 9 };
        assert!(matches!(&refused, CenterError::NotSettled(said) if *said == why), "{refused}");
    }
    let choice = Choice { without_parked: true, ..pair.choice(Branch::Held) };
    let settled = pair.desk.center.settle(&stamp(50), &choice).expect("settled");
    assert_eq!((settled.parked, pair.status().gap), (parked, None));
    pair.held.epoch = 2;
    (21..=26).for_each(|number| drop(pair.held.register(number)));
    let on = pair.desk.send(&pair.held.export(5));
    assert_eq!((on.len(), on[0].outcome.to_string(), on[0].alarms.len()), (1, "accepted 6 entries".to_owned(), 0));
    assert_eq!((pair.status().gap, pair.status().forked_at), (None, None));
    pair.desk.center.check().expect("what was put aside is kept");
}

/// K1: what waits and contradicts the branch kept aside is of the one held first: that one can be kept, and the other one not without
/// a word about it.
#[test]
fn k1_what_waits_is_of_the_branch_that_it_does_not_contradict() {
    let mut pair = Pair::new();
    (2..=3).for_each(|number| drop(pair.held.register(number)));
    (11..=16).for_each(|number| drop(pair.later.register(number)));
    pair.send();
    (4..=6).for_each(|number| drop(pair.held.register(number)));
    let (first, second) = (pair.held.part(6, 6), [pair.held.part(7, 7), pair.held.part(8, 8)]);
    second.iter().for_each(|packed| assert_eq!(pair.desk.says(packed), "parked, expects seq 6"));
    let of: Vec<_> = pair.fork().parked.iter().map(|one| one.of).collect();
    assert_eq!(of, [Some(Branch::Held), Some(Branch::Held)]);
    let refused = pair.settle(Branch::Later);
    assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Parked { bundles: 2, first: 7, last: 7 }))));
    pair.settle(Branch::Held).expect("settled");
    assert_eq!(pair.desk.send(&first).len(), 3, "with what was parked");
    assert_eq!(pair.status().held, 8);
}

/// K8: the branch of a key that was replaced can't be chosen: neither its vault nor the one with the new key could go on.
#[test]
fn k8_a_branch_of_a_former_key_is_not_chosen() {
    for leaver_first in [false, true] {
        let mut pair = Pair::new();
        let mut leaver = pair.later.clone();
        leaver.register(9);
        pair.held.register(2);
        let both = [pair.held.export(4), leaver.export(4)];
        let (first, second) = if leaver_first { (&both[1], &both[0]) } else { (&both[0], &both[1]) };
        assert_eq!(pair.desk.says(first), "accepted 1 entries");
        assert!(pair.desk.says(second).starts_with("fork: seq 4 "));
        let former = pair.held.key.public().words();
        pair.held.key = SigningKey::from_seed(&[3; 32]);
        pair.held.enrol();
        pair.held.register(3);
        assert!(pair.desk.says(&pair.held.export(5)).starts_with("waiting for approval"));
        assert_eq!(pair.fork().waiting, 1);
        let words = pair.held.key.public().words();
        pair.desk.center.approve_key(&stamp(5), &pair.held.log, Some(&words)).expect("it waits");
        pair.desk.center.import_waiting(&stamp(6), &pair.held.log).expect("good");
        let (own, others) = if leaver_first { (Branch::Later, Branch::Held) } else { (Branch::Held, Branch::Later) };
        let view = pair.fork();
        let keys = [view.held.words, view.later.words].map(|words| words.expect("a key"));
        assert_eq!(keys, if leaver_first { [former, words] } else { [words, former] });
        let refused = pair.settle(others);
        assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Replaced))), "{refused:?}");
        let why = if leaver_first { view.not_held } else { view.only_held };
        assert_eq!(why, Some(SettleError::Replaced.to_string()));
        pair.settle(own).expect("settled");
        pair.held.register(4);
        pair.held.epoch = 2;
        assert_eq!(pair.desk.says(&pair.held.export(7)), "accepted 1 entries");
    }
}

/// K18: one damaged entry keeps no fork from being settled: what can't be asked about is listed, and the rest is asked.
#[test]
fn k18_a_damaged_subject_is_listed() {
    let mut pair = Pair::new();
    let other = pair.held.register(2);
    pair.later.lines.clone_from(&pair.held.lines);
    pair.held.set(&other, "IT.VS.DIABP", "80");
    assert_eq!(pair.desk.says(&pair.held.export(4)), "accepted 2 entries");
    pair.later.set(&pair.subject, "IT.VS.SYSBP", "121");
    pair.later.set(&other, "IT.VS.SYSBP", "131");
    assert!(pair.desk.says(&pair.later.export(4)).starts_with("fork: seq 5 "));
    let damage = |seq: u64| {
        let sql = "UPDATE entry SET line = x'7b7d0a' WHERE seq = ?1 AND log = (SELECT number FROM log WHERE name = ?2)";
        let done = database(&pair.desk).execute(sql, rusqlite::params![seq, pair.held.log]);
        assert_eq!(done.expect("altered"), 1);
    };
    damage(3);
    damage(5);
    let view = pair.fork();
    assert_eq!((view.only_held, view.not_held), (Some(SettleError::Damaged(5).to_string()), None));
    assert!(matches!(pair.settle(Branch::Later), Err(CenterError::NotSettled(SettleError::Damaged(5)))));
    let settled = pair.settle(Branch::Held).expect("settled");
    let unasked: Vec<String> = settled.unasked.iter().map(ToString::to_string).collect();
    // Of the other subject the entry of the fork itself is damaged.
    let expected = [format!("items.set S01-001 {CELL} (entry 5)"), format!("items.set S01-002 {CELL} (entry 6)")];
    assert_eq!((settled.queries, unasked), (0, expected.to_vec()));
    assert_eq!(pair.status().forked_at, None);
}

/// K11: damage of what is kept aside is noticed by the check, before and after the fork is settled, and made good from the bundle.
#[test]
fn k11_what_is_kept_aside_is_checked() {
    let damage = |pair: &Pair| {
        let sql = "UPDATE quarantine SET line = CAST(replace(CAST(line AS TEXT), '\"190\"', '\"110\"') AS BLOB)";
        assert!(database(&pair.desk).execute(sql, []).expect("altered") > 0);
    };
    let check = |pair: &Pair| pair.desk.center.check().map_err(|fault| fault.to_string());
    let said = |how: &str| format!("what is kept aside of the log S01-k7f2m3pq is damaged or altered at seq 4: {how}");
    let again = said("it was taken again from the bundle that brought it");
    let mut pair = Pair::new();
    pair.held.set(&pair.subject, "IT.VS.DIABP", "80");
    pair.later.set(&pair.subject, "IT.VS.SYSBP", "190");
    let later = pair.later.export(4);
    assert_eq!(pair.desk.says(&pair.held.export(4)), "accepted 1 entries");
    assert!(pair.desk.says(&later).starts_with("fork: seq 4 "));
    damage(&pair);
    let refused = pair.settle(Branch::Held).expect_err("damaged");
    assert!(matches!(refused, CenterError::Aside { seq: 4, mended: false, .. }), "{refused}");
    assert_eq!((check(&pair), check(&pair)), (Err(again.clone()), Ok(())));
    assert_eq!(pair.settle(Branch::Held).expect("whole by now").queries, 1);
    damage(&pair);
    assert_eq!((check(&pair), check(&pair)), (Err(again), Ok(())));
    damage(&pair);
    let file = pair.desk.folder.path().join(format!("bundles/{}.bundle", later.id));
    assert!(file.exists());
    fs::write(&file, "nothing").expect("altered");
    for _ in 0..2 {
        let why = check(&pair).expect_err("nothing makes it good");
        assert!(why.contains(&said("`outpost-center status --check`")), "{why}");
    }
    let unreadable = pair.desk.center.rest(&pair.held.log).expect("read").remove(0).unreadable;
    assert_eq!(unreadable, [4]);
}

/// K5: all that was put aside can be read at any time after, with place, values and words, also what no query asked about; what a monitor
/// asked there is asked again.
#[test]
fn k5_what_was_put_aside_can_be_read() {
    let mut pair = Pair::new();
    pair.held.register(7);
    let subject = pair.subject.clone();
    ask(&mut pair.later, &subject, "the source says 150 (sample)");
    let gone = pair.later.register(9);
    pair.later.set(&gone, "IT.VS.SYSBP", "111");
    pair.later.say(&gone, &"fell ".repeat(2000));
    pair.send();
    assert!(pair.desk.center.rest(&pair.held.log).expect("read").is_empty(), "nothing was settled");
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!((settled.queries, settled.unasked.len()), (1, 3));
    let asked = pair.questions("S01-001");
    assert!(asked.len() == 1 && asked[0].contains("a query was raised: \"the source says 150 (sample)\""), "{asked:?}");
    let rest = pair.rest();
    let expected = [
        format!("4 query.raised S01-001 {CELL}: a query was raised: \"the source says 150 (sample)\""),
        "5 subject.registered S01-009: subject.registered".to_owned(),
        format!("6 items.set S01-009 {CELL}: \"111\""),
        format!("7 items.set S01-009 SE.AE[1]/F.AE[1]/IG.AE[1]/IT.AE.TERM: \"{}\"", "fell ".repeat(2000)),
    ];
    assert_eq!(rest, expected);
    assert!(!format!("{:?}", pair.desk.center.rest(&pair.held.log).expect("read")).contains("111"), "in no Debug");
    assert!(pair.settle(Branch::Held).expect("once more").again);
    assert_eq!(pair.rest(), expected);
    assert_eq!(pair.desk.center.texts("S01-009").expect("listed").len(), 1, "its words can be redacted");
    let unknown = pair.desk.center.rest("S01-none");
    assert!(matches!(unknown, Err(CenterError::UnknownDevice(_))));
}

/// K16: words that are redacted go from the questions and lists that quote them, too, here and at the sites.
#[test]
fn k16_what_quotes_redacted_words_is_redacted() {
    let mut pair = Pair::new();
    pair.held.register(7);
    let subject = pair.subject.clone();
    pair.later.say(&subject, NAME);
    let asked = pair.later.texts.last().expect("a text").1.commit;
    let gone = pair.later.register(9);
    pair.later.say(&gone, &NAME.to_uppercase());
    let listed = pair.later.texts.last().expect("a text").1.commit;
    ask(&mut pair.later, &subject, "other words (sample)");
    pair.send();
    pair.settle(Branch::Held).expect("settled");
    let reaches_the_site = |words: &str| {
        let packed = pair.desk.center.reply(&stamp(60), "S01").expect("a reply").packed.remove(0);
        let key = bundle::Key::Identity(&pair.identity);
        crate::replies::open(&pair.desk, &packed.bytes, Kind::Reply, &key)
            .texts
            .iter()
            .any(|row| row.text.as_str().contains(words))
    };
    for (text, words) in [(asked, NAME.to_owned()), (listed, NAME.to_uppercase())] {
        assert!(lies_in_the_database(&pair.desk, &words) && reaches_the_site(&words), "{words}");
        let redact = |text: TextCommit| pair.desk.center.redact(&stamp(70), text, "a name (sample)");
        assert_eq!(redact(text).expect("redacted").len(), 2, "the words and what quotes them");
        assert!(!lies_in_the_database(&pair.desk, &words) && !reaches_the_site(&words), "{words}");
        assert!(pair.rest().iter().any(|one| one.ends_with("IT.AE.TERM: a text that is not held")));
    }
    assert!(reaches_the_site("other words (sample)") && pair.questions("S01-001").len() == 1);
    pair.desk.center.check().expect("sound");
}

/// K13: a query of the center's about a subject whose registration goes is closed, and the subject is not missed for ever.
#[test]
fn k13_nobody_waits_for_a_subject_that_was_put_aside() {
    let mut pair = Pair::new();
    let gone = pair.held.register(7);
    pair.held.set(&gone, "IT.VS.SYSBP", "120");
    pair.later.register(8);
    pair.send();
    let cell = CELL.parse().expect("a cell");
    let query = pair.desk.center.raise_query(&stamp(5), &gone, &cell, "really?").expect("asked");
    pair.settle(Branch::Later).expect("settled");
    assert_eq!(pair.desk.center.status().expect("a status").omitted, []);
    let out = pair.desk.folder.path().join("whole");
    assert_eq!(pair.desk.center.export_csv(&stamp(61), &out).expect("exported").omitted, []);
    let book = pair.desk.center.book(&gone).expect("a book");
    assert_eq!(book.query(&query).map(casebook::Query::status), Some(QueryStatus::Closed));
    pair.desk.center.check().expect("sound");
    // Of whom a site speaks a registration may still come.
    pair.later.epoch = 2;
    pair.later.set(&gone, "IT.VS.SYSBP", "130");
    assert_eq!(pair.desk.says(&pair.later.export(5)), "accepted 1 entries");
    assert_eq!(pair.desk.center.status().expect("a status").omitted.len(), 1);
}

/// A low finding (c4): a question about a date makes no row of a form in which nobody entered anything.
#[test]
fn a_question_makes_no_row() {
    let mut pair = Pair::new();
    pair.held.register(7);
    let (event, date) = ("SE.DAY1[1]".parse().expect("an event"), Some("2026-12-01".into()));
    pair.later.write(EventDated { subject: pair.subject.clone(), event, date, bases: Vec::new(), reason: None });
    pair.send();
    let before = export(&pair.desk, "before");
    assert_eq!(pair.settle(Branch::Held).expect("settled").queries, 1);
    let cell = "SE.DAY1[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
    pair.desk.center.raise_query(&stamp(55), "S01-007", &cell, "was it measured (sample)?").expect("asked");
    assert!(export(&pair.desk, "after") == before, "the tables are what was entered");
}

/// A low finding: whoever chooses between branches that have grown since is told.
#[test]
fn a_choice_is_between_the_branches_that_were_shown() {
    let mut pair = Pair::new();
    pair.held.register(7);
    pair.later.register(8);
    pair.send();
    let shown = pair.fork().mark;
    assert_eq!(pair.fork().mark, shown);
    pair.later.register(9);
    assert!(pair.desk.says(&pair.later.export(5)).starts_with("fork: seq "));
    let refused = pair.desk.center.settle(&stamp(50), &Choice { shown: Some(&shown), ..pair.choice(Branch::Held) });
    assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Changed))), "{refused:?}");
    let now = pair.fork().mark;
    pair.desk.center.settle(&stamp(50), &Choice { shown: Some(&now), ..pair.choice(Branch::Held) }).expect("settled");
}

/// An answer in a row of adverse events.
fn answer(row: &str, unit: Option<&str>) -> ItemSet {
    ItemSet {
        group: Oid::from("IG.AE"),
        repeat: Repeat::from(row),
        item: Oid::from("IT.AE.TERM"),
        value: Some(Stored::Plain("12".into())),
        missing: None,
        unit: unit.map(Oid::from),
        raw: None,
        bases: Vec::new(),
        reason: None,
    }
}

/// Third attack, C3: however many rows a branch invents, a settlement asks two thousand questions at most, those first that people see
/// where they lie; the rest is listed.
#[test]
fn a3_c3_questions_have_a_bound() {
    let mut pair = Pair::new();
    pair.held.register(7);
    let form: study::FormKey = "SE.AE[1]/F.AE[1]".parse().expect("a form");
    for part in 0..9 {
        let items = (0..256).map(|row| answer(&format!("k7f2m3pq.{}", part * 256 + row), None)).collect();
        pair.later.write(ItemsSet { subject: pair.subject.clone(), form: form.clone(), items });
    }
    pair.later.set(&pair.subject, "IT.VS.SYSBP", "190");
    pair.send();
    let before = pair.desk.center.status().expect("a status").own_entries;
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!((settled.queries, settled.unasked.len()), (2000, 9 * 256 + 1 - 2000));
    let added = pair.desk.center.status().expect("a status").own_entries - before;
    assert!(added < 2010, "{added} entries travel to every site");
    assert!(pair.questions("S01-001").iter().any(|asked| asked.contains("\"190\"")), "what people see comes first");
    assert_eq!(pair.rest().len(), 9 * 256 + 1, "all of it can be read");
}

/// Third attack, C4: units and rules without bounds keep no fork from being settled, nor other lines out of the list.
#[test]
fn a3_c4_long_names_keep_no_fork_open() {
    let mut pair = Pair::new();
    pair.held.register(7);
    let (subject, long) = (pair.subject.clone(), "x".repeat(100 << 10));
    let items = vec![answer("1", Some(&long)), ItemSet { group: Oid::from(&*long), ..answer("2", None) }];
    let form = "SE.AE[1]/F.AE[1]".parse().expect("a form");
    pair.later.write(ItemsSet { subject: subject.clone(), form, items });
    let CellKey { form, group, group_repeat: repeat, item } = CELL.parse().expect("a cell");
    let (rule, comment, operands) = (Oid::from(&*long), FreeTextId { text: TextCommit([3; 32]) }, Vec::new());
    pair.later.write(FindingConfirmed { subject, form, group, repeat, item, rule, comment, operands });
    pair.send();
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!((settled.queries, settled.unasked.len()), (2, 1));
    assert!(settled.unasked[0].to_string().len() < 2048, "nor is it all printed");
    assert!(pair.rest().iter().all(|one| one.len() > 100 << 10), "it can be read whole");
}

/// Third attack, C4: an entry that is kept aside and that nothing makes good keeps the branch held first from nothing; it is listed.
#[test]
fn a3_c4_a_lost_entry_is_listed() {
    let mut pair = Pair::new();
    pair.held.set(&pair.subject, "IT.VS.DIABP", "80");
    pair.later.set(&pair.subject, "IT.VS.SYSBP", "190");
    pair.later.set(&pair.subject, "IT.VS.DIABP", "99");
    let later = pair.later.export(4);
    assert_eq!(pair.desk.says(&pair.held.export(4)), "accepted 1 entries");
    assert!(pair.desk.says(&later).starts_with("fork: seq 4 "));
    assert_eq!(database(&pair.desk).execute("UPDATE quarantine SET line = x'7b7d0a' WHERE seq = 4", []), Ok(1));
    let file = pair.desk.folder.path().join(format!("bundles/{}.bundle", later.id));
    fs::write(&file, "nothing").expect("altered");
    let view = pair.fork();
    assert_eq!((view.only_held, view.not_held), (Some(SettleError::Lost(4).to_string()), None));
    let refused = pair.settle(Branch::Later);
    assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Lost(4)))), "{refused:?}");
    let settled = pair.settle(Branch::Held).expect("settled");
    assert_eq!(settled.aside, 2);
    let unasked: Vec<String> = settled.unasked.iter().map(ToString::to_string).collect();
    assert_eq!(
        (settled.queries, unasked),
        (1, vec!["damaged an entry that can't be read any more (entry 4)".to_owned()])
    );
}

/// Third attack, C6: whose key a branch is of say the bundles that brought it: somebody who left and names the new key in his branch
/// makes it no branch of that key.
#[test]
fn a3_c6_a_branch_is_of_the_key_that_signed_it() {
    for leaver_first in [false, true] {
        let mut pair = Pair::new();
        let (former, new) = (pair.held.key.clone(), SigningKey::from_seed(&[3; 32]));
        let mut leaver = pair.later.clone();
        leaver.register(9);
        leaver.key = new.clone();
        leaver.enrol();
        leaver.key = former.clone();
        leaver.register(10);
        pair.held.register(2);
        // The part of an export that lacks its last entry.
        let both = [pair.held.export(4), leaver.part(4, 5)];
        let (first, second) = if leaver_first { (&both[1], &both[0]) } else { (&both[0], &both[1]) };
        assert!(pair.desk.says(first).starts_with("accepted "));
        assert!(pair.desk.says(second).starts_with("fork: seq 4 "));
        pair.held.key = new;
        pair.held.enrol();
        pair.desk.send(&pair.held.export(5));
        let words = pair.held.key.public().words();
        pair.desk.center.approve_key(&stamp(5), &pair.held.log, Some(&words)).expect("it waits");
        pair.desk.center.import_waiting(&stamp(6), &pair.held.log).expect("good");
        let (own, others) = if leaver_first { (Branch::Later, Branch::Held) } else { (Branch::Held, Branch::Later) };
        let view = pair.fork();
        let keys = [view.held.words, view.later.words].map(|words| words.expect("a key"));
        let former = former.public().words();
        assert_eq!(keys, if leaver_first { [former, words] } else { [words, former] });
        let refused = pair.settle(others);
        assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Replaced))), "{refused:?}");
        pair.settle(own).expect("settled");
    }
}

/// Third attack, C8: a bundle that was put aside unread is opened when somebody reads what was put aside, and named where it can't be.
#[test]
fn a3_c8_what_was_put_aside_unread_can_be_read() {
    let mut pair = Pair::with_a_gap(15);
    pair.later.set(&Oid::from("S01-015"), "IT.VS.SYSBP", "177");
    let parked = pair.later.part(8, 9);
    assert_eq!(pair.desk.says(&parked), "parked, expects seq 5");
    let choice = Choice { without_parked: true, ..pair.choice(Branch::Held) };
    pair.desk.center.settle(&stamp(50), &choice).expect("settled");
    let rest = || pair.desk.center.rest(&pair.held.log).expect("read").remove(0);
    let read = rest();
    assert!(!read.is_damaged() && read.bundles.len() == 1 && read.said.len() == 2, "{read:?}");
    let said: Vec<_> = read.bundles[0].said.iter().map(|one| format!("{} {}", one.seq, one.words.as_str())).collect();
    assert_eq!((read.bundles[0].first, said), (8, vec!["8 subject.registered".to_owned(), "9 \"177\"".to_owned()]));
    fs::write(pair.desk.folder.path().join(format!("bundles/{}.bundle", parked.id)), "nothing").expect("altered");
    let read = rest();
    assert!(read.is_damaged() && read.bundles[0].said.is_empty(), "{read:?}");
    assert_eq!((read.bundles[0].first, read.bundles[0].last), (8, 9));
}

/// Third attack, a small finding: a bundle that waits and can't be read now is not gone; it may be of either branch.
#[test]
fn a3_what_waits_and_is_damaged_is_named() {
    let pair = Pair::with_a_gap(15);
    let parked = pair.later.part(7, 8);
    assert_eq!(pair.desk.says(&parked), "parked, expects seq 5");
    fs::write(pair.desk.folder.path().join(format!("bundles/{}.bundle", parked.id)), "nothing").expect("altered");
    let refused = pair.settle(Branch::Held);
    let why = SettleError::Parked { bundles: 1, first: 7, last: 8 };
    assert!(matches!(&refused, Err(CenterError::NotSettled(said)) if *said == why), "{refused:?}");
    let choice = Choice { without_parked: true, ..pair.choice(Branch::Held) };
    pair.desk.center.settle(&stamp(50), &choice).expect("settled");
    assert!(pair.desk.center.rest(&pair.held.log).expect("read").remove(0).is_damaged());
}
