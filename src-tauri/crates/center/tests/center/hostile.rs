//! An approved device whose holder means harm, or whose program is broken: it signs whatever the format allows. What is
//! not its own is refused by name; what is absurd is kept as it was said; what others hold never changes.

use crate::device::{Desk, Device, STUDY, stamp};
use crate::folding::{export, rows};
use bundle::HeldLog;
use casebook::act::{
    AllocationPublished, AllocationRefused, AllocationReleased, AllocationRequested, AllocationRevealed, Branch,
    DataExported, DeviceApproved, DeviceRevoked, EventAdded, EventDated, FindingConfirmed, FormCompleted, FormNotDone,
    ItemSet, ItemsSet, LabRangeSet, LogSettled, QueryAnswered, QueryClosed, RowAdded, RowRemoved, StudyActivated,
    StudyPublished, SubjectMigrated, SubjectRegistered, TextRedacted, UserAdded,
};
use casebook::{Act, EntryId, FreeTextId, Instant, Offset, RowKey, Stored, TextRow, Tick};
use center::{AlarmKind, Center};
use seal::sha256;
use study::{Functions, Oid, Repeat};

const OTHERS: [&str; 2] = ["S01-001", "S02-001"];

/// A center with two honest devices of two sites, and a third one that is none.
struct Scene {
    desk: Desk,
    honest: [Device; 2],
    hostile: Device,
    tables: Vec<(String, Vec<u8>)>,
    books: Vec<Vec<(RowKey, Vec<u8>)>>,
}

impl Scene {
    fn new() -> Self {
        let desk = Desk::new();
        desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
        desk.center.add_site(&stamp(1), "S01-2", "Third hospital (sample)").expect("a good name");
        let mut honest = ["S01-aaaaaaaa", "S02-bbbbbbbb"].map(|log| Device::new(&desk, log));
        for device in &mut honest {
            desk.admit(device);
            let subject = device.register(1);
            device.set(&subject, "IT.VS.SYSBP", "120");
            device.say(&subject, "fell on the stairs (sample)");
            desk.send(&device.export(2));
        }
        let mut hostile = Device::new(&desk, "S01-zzzzzzzz");
        desk.admit(&mut hostile);
        let mut scene = Self { desk, honest, hostile, tables: Vec::new(), books: Vec::new() };
        (scene.tables, scene.books) = (export(&scene.desk, "before"), scene.books_of(&scene.desk.center));
        scene
    }

    fn books_of(&self, center: &Center) -> Vec<Vec<(RowKey, Vec<u8>)>> {
        OTHERS.map(|subject| rows(&center.book(subject).expect("a book"))).to_vec()
    }

    /// The lines of the tables that are about the honest devices' subjects.
    fn lines(tables: &[(String, Vec<u8>)]) -> Vec<String> {
        let texts = tables.iter().map(|(name, bytes)| (name, String::from_utf8_lossy(bytes)));
        let about = |line: &&str| OTHERS.iter().any(|subject| line.contains(subject));
        texts
            .flat_map(|(name, text)| text.lines().filter(about).map(|l| format!("{name}: {l}")).collect::<Vec<_>>())
            .collect()
    }

    /// Nothing of the others' has changed, and the center goes on: here, and as another process opens it.
    fn is_unharmed(&self, what: &str) {
        let again = Center::open(self.desk.folder.path(), &Functions::default()).expect(what);
        for center in [&self.desk.center, &again] {
            assert!(self.books_of(center) == self.books, "{what}");
            center.check().expect(what);
            center.status().expect(what);
            assert_eq!(center.reply(&stamp(9), "S02").expect(what).packed.len(), 1, "{what}");
        }
        assert_eq!(Self::lines(&export(&self.desk, "after")), Self::lines(&self.tables), "{what}");
    }

    /// The honest devices go on.
    fn others_go_on(mut self) {
        for device in &mut self.honest {
            let first = device.lines.len() as u64 + 1;
            let subject = Oid::from(format!("{}-001", device.site));
            device.set(&subject, "IT.VS.DIABP", "80");
            assert_eq!(self.desk.says(&device.export(first)), "accepted 1 entries");
            assert!(self.desk.center.book(&subject).expect("a book").form(&form("SE.SCR[1]/F.VS[1]")).is_some());
        }
    }
}

fn form(place: &str) -> study::FormKey {
    place.parse().expect("a form")
}

/// So many digits that no compression makes them few.
fn digits(many: usize) -> String {
    let blocks = (0..many / 64 + 1).map(|n| seal::hex::encode(&sha256(&n.to_le_bytes())));
    blocks.collect::<String>()[..many].to_owned()
}

fn words(words: &str) -> FreeTextId {
    FreeTextId { text: TextRow::new(&[1; 16], words, sha256).expect("short").commit }
}

fn item(group: &str, item: &str, value: &str) -> ItemSet {
    ItemSet {
        group: Oid::from(group),
        repeat: Repeat::first(),
        item: Oid::from(item),
        value: Some(Stored::Plain(value.into())),
        missing: None,
        unit: None,
        raw: None,
        bases: Vec::new(),
        reason: None,
    }
}

fn answers(subject: &str, place: &str, items: Vec<ItemSet>) -> Act {
    ItemsSet { subject: Oid::from(subject), form: form(place), items }.into()
}

fn date(subject: &str, event: &str, date: &str) -> Act {
    let event = event.parse().expect("an event");
    let date = Some(date.into());
    EventDated { subject: Oid::from(subject), event, date, bases: Vec::new(), reason: None }.into()
}

/// What only the center may say.
fn acts_of_the_center() -> Vec<Act> {
    let (device, subject, hash) = (Oid::from("S02-bbbbbbbb"), Oid::from("S01-001"), EntryId([7; 32]));
    let (site, code) = (Oid::from("S02"), "0000-0000".to_owned());
    let (key, recipient) = ("ssh-ed25519 AAAA".to_owned(), "age1".to_owned());
    let (file, effective) = ("00".to_owned(), "2026-12-01".to_owned());
    let version = Oid::from("MDV.9");
    let text = TextRow::new(&[0; 16], "", sha256).expect("short").commit;
    vec![
        DeviceApproved { site, device: device.clone(), key, recipient }.into(),
        DeviceRevoked { device: device.clone(), reason: words("a rival (sample)") }.into(),
        LogSettled {
            device: device.clone(),
            seq: 2,
            kept: Branch::Later,
            head: hash,
            reason: words("a rival (sample)"),
            rest: None,
            lost: Vec::new(),
            unread: Vec::new(),
        }
        .into(),
        StudyPublished { version, file, effective, approval: String::new(), sites: Vec::new() }.into(),
        AllocationPublished { root: hash, strata: 1, slots: 1 }.into(),
        AllocationReleased {
            device,
            subject: subject.clone(),
            stratum: 0,
            slot: 1,
            number: 1,
            code: code.clone(),
            again: false,
            deviation: None,
        }
        .into(),
        AllocationRefused { code, device: None, why: "full".to_owned() }.into(),
        TextRedacted { subject: Some(subject), text, reason: words("inconvenient (sample)") }.into(),
        TextRedacted { subject: None, text, reason: words("inconvenient (sample)") }.into(),
    ]
}

#[test]
fn what_only_the_center_may_say_is_refused_from_a_device() {
    let scene = Scene::new();
    let refused =
        "refused: line 1 of the entries: the entry contradicts itself: an act of the center's in a device's log";
    for act in acts_of_the_center() {
        let (name, mut device) = (act.name(), scene.hostile.clone());
        device.write(act);
        assert_eq!(scene.desk.says(&device.export(2)), refused, "{name}");
        device.register(666);
        let later = device.export(3);
        assert_eq!(scene.desk.says(&later), "parked, expects seq 2", "{name}: what follows it waits for ever");
        scene.is_unharmed(name);
    }
    scene.others_go_on();
}

/// Acts about a subject that is another site's, by its key.
fn about(subject: &str) -> Vec<Act> {
    let (key, place) = (Oid::from(subject), || form("SE.SCR[1]/F.VS[1]"));
    let (id, reason) = (EntryId([7; 32]), words("inconvenient (sample)"));
    let group = Oid::from("IG.VS");
    vec![
        SubjectRegistered { subject: key.clone(), site: Oid::from("S01") }.into(),
        SubjectRegistered { subject: key.clone(), site: Oid::from("S02") }.into(),
        answers(subject, "SE.SCR[1]/F.VS[1]", vec![item("IG.VS", "IT.VS.SYSBP", "250")]),
        date(subject, "SE.DAY1[1]", "2026-12-01"),
        FormNotDone { subject: key.clone(), form: place(), reason, bases: Vec::new() }.into(),
        RowRemoved {
            subject: key.clone(),
            form: place(),
            group,
            repeat: Repeat::first(),
            reason,
            bases: Vec::new(),
            cells: Vec::new(),
        }
        .into(),
        QueryClosed { subject: key.clone(), query: id, comment: None, bases: Vec::new() }.into(),
        SubjectMigrated {
            subject: key.clone(),
            from: Oid::from("MDV.1"),
            to: Oid::from("MDV.9"),
            reason,
            bases: Vec::new(),
        }
        .into(),
        AllocationRequested { subject: key, root: id, stratum: 0, factors: Vec::new(), number: 1 }.into(),
    ]
}

#[test]
fn a_device_says_nothing_of_another_site_s_subjects() {
    let scene = Scene::new();
    for subject in ["S02-001", "S01-2-001", "S011-001", "S01001", "S01", "S01-", "center", "-001"] {
        for act in about(subject) {
            let (name, mut device) = (act.name(), scene.hostile.clone());
            device.write(act);
            assert_eq!(scene.desk.says(&device.export(2)), "refused: not for this site", "{name} of {subject}");
        }
        // Early bundles are judged before they are put aside.
        let mut device = scene.hostile.clone();
        device.register(3);
        device.set(&Oid::from(subject), "IT.VS.SYSBP", "250");
        assert_eq!(scene.desk.says(&device.export(3)), "refused: not for this site", "{subject}");
    }
    scene.is_unharmed("acts about others' subjects");
    let subjects = scene.desk.center.status().expect("a status").subjects;
    assert_eq!(subjects, 2, "no name of a refused bundle is left");
    scene.others_go_on();
}

/// Days, events and answers that the format allows and no program of ours writes, about the device's own subject.
fn absurd_answers(own: &str) -> Vec<Act> {
    let added = |event: &str| EventAdded { subject: Oid::from(own), event: event.parse().expect("an event") }.into();
    let vital = |name: &str, value: &str| answers(own, "SE.SCR[1]/F.VS[1]", vec![item("IG.VS", name, value)]);
    let many = (0..256).map(|n| item("IG.VS", &format!("IT.{n}"), "1")).collect();
    let unsent = FreeTextId { text: TextRow::new(&[9; 16], "never sent (sample)", sha256).expect("short").commit };
    let unsent = ItemSet { value: Some(Stored::Text(unsent)), ..item("IG.AE", "IT.AE.TERM", "") };
    vec![
        date(own, "SE.SCR[1]", "9999-12-31"),
        date(own, "SE.DAY1[1]", "9999-12-31"),
        date(own, "SE.TA[20]", "9999-12-31"),
        date(own, "SE.SCR[1]", "0000-00-00"),
        date(own, "SE.SCR[1]", "----------"),
        date(own, "SE.NONE[1]", "2026-02-30"),
        added("SE.TA[4294967295]"),
        added("SE.TA[99999999999999999999]"),
        added("SE.TA[%2F%5B%25]"),
        answers(own, "SE.SCR[1]/F.DM[1]", vec![item("IG.DM", "IT.DM.CONSENT", "9999-12-31")]),
        vital("IT.VS.SYSBP", &digits(262_144)),
        vital("IT.VS.DIABP", "-9223372036854775808"),
        vital("IT.LB.BILI", "1e999999999"),
        vital("IT.VS.VSPERF", "perhaps\u{0}\n\"<script>"),
        answers(own, "SE.SCR[1]/F.VS[1]", many),
        answers(own, "SE.NONE[9]/F.NONE[9]", vec![item("IG.NONE", "IT.NONE", "1")]),
        answers(own, "SE.AE[1]/F.AE[1]", vec![unsent]),
    ]
}

/// The same of rows, forms, queries and versions: each about what is not there.
fn absurd_steps(own: &str) -> Vec<Act> {
    let (id, reason, nobody) = (EntryId([7; 32]), words("no reason (sample)"), form("SE.NONE[9]/F.NONE[9]"));
    let (subject, group) = (Oid::from(own), Oid::from("IG.AE"));
    let (repeat, bases) = (Repeat::from("x".repeat(128).as_str()), vec![id]);
    let moves = |to: &str| SubjectMigrated {
        subject: Oid::from(own),
        from: Oid::from("MDV.77"),
        to: Oid::from(to),
        reason,
        bases: Vec::new(),
    };
    vec![
        RowAdded {
            subject: subject.clone(),
            form: nobody.clone(),
            group: group.clone(),
            repeat: repeat.clone(),
            bases: bases.clone(),
        }
        .into(),
        RowRemoved {
            subject: subject.clone(),
            form: nobody.clone(),
            group: group.clone(),
            repeat: repeat.clone(),
            reason,
            bases: bases.clone(),
            cells: bases.clone(),
        }
        .into(),
        FormCompleted { subject: subject.clone(), form: form("SE.SCR[1]/F.VS[1]"), bases: bases.clone() }.into(),
        FindingConfirmed {
            subject: subject.clone(),
            form: nobody,
            group,
            repeat,
            item: Oid::from("IT.VS.SYSBP"),
            rule: Oid::from("no rule"),
            comment: reason,
            operands: bases.clone(),
        }
        .into(),
        QueryAnswered { subject: subject.clone(), query: id, answer: reason, bases }.into(),
        moves("MDV.99").into(),
        moves("MDV.77").into(),
        SubjectRegistered { subject, site: Oid::from("S01") }.into(),
    ]
}

/// The same of allocation, versions, laboratories and accounts.
fn absurd_claims(own: &str) -> Vec<Act> {
    let (id, number, stratum) = (EntryId([7; 32]), u32::MAX, u32::MAX);
    let (subject, factors) = (Oid::from(own), vec!["F".into(); 300]);
    vec![
        AllocationRequested { subject: subject.clone(), root: id, stratum, factors, number }.into(),
        AllocationRevealed { subject, request: id, stratum, slot: u32::MAX, arm: "X".into() }.into(),
        StudyActivated { version: Oid::from("MDV.99"), file: "../../center.key".to_owned() }.into(),
        DataExported { format: "everything".to_owned(), subjects: u64::MAX, file: None }.into(),
        LabRangeSet {
            lab: "L (sample)".to_owned(),
            analyte: "ALT".to_owned(),
            sex: None,
            from: Some("9999-99-99".to_owned()),
            to: None,
            unit: None,
            low: Some("-.-.-".to_owned()),
            high: Some("9".repeat(30)),
            bases: Vec::new(),
        }
        .into(),
        UserAdded {
            user: Oid::from("datamanager"),
            name: "D (sample)".to_owned(),
            role: casebook::Role::Monitor,
            key: Some("no key".to_owned()),
            must_change: false,
        }
        .into(),
    ]
}

#[test]
fn what_is_absurd_is_kept_as_it_was_said_and_harms_nobody() {
    let mut scene = Scene::new();
    let own = scene.hostile.register(666);
    scene.desk.send(&scene.hostile.export(2));
    for act in [absurd_answers(&own), absurd_steps(&own), absurd_claims(&own)].concat() {
        let (name, seq) = (format!("{} {act:?}", act.name()), scene.hostile.lines.len() as u64 + 1);
        scene.hostile.write(act);
        let started = std::time::Instant::now();
        assert_eq!(scene.desk.says(&scene.hostile.export(seq)), "accepted 1 entries", "{}", &name[..40]);
        scene.desk.center.book(&own).expect("a book");
        assert!(started.elapsed().as_secs() < 20, "it takes as long as anything else: {}", &name[..40]);
    }
    scene.is_unharmed("absurd acts");
    let mut folded = casebook::Book::new();
    for line in scene.hostile.lines.iter().filter(|line| line.entry().act.subject() == Some(&own)) {
        folded.apply(line.id(), line.entry()).expect("of this subject");
    }
    folded.recompute(scene.desk.center.study());
    assert_eq!(rows(&scene.desk.center.book(&own).expect("a book")), rows(&folded), "all of it is kept");
    scene.others_go_on();
}

/// Heads of entries that no clock gives: the year 9999 and its last tick, after which none is later.
#[test]
fn no_clock_of_a_device_stops_the_center() {
    let mut scene = Scene::new();
    let last: Instant = "9999-12-31T23:59:59.999Z".parse().expect("an instant");
    let ticks = ["253402300799999.0", "253402300799999.4294967294", "253402300799999.4294967295"];
    for (number, tick) in (1..).zip(ticks) {
        let tick: Tick = tick.parse().expect("the format allows it");
        let (seq, subject) = (scene.hostile.lines.len() as u64 + 1, Oid::from(format!("S01-66{number}")));
        let act = SubjectRegistered { subject: subject.clone(), site: Oid::from("S01") };
        scene.hostile.write_with(act, |entry| {
            (entry.at, entry.tz, entry.tick) = (last, Offset::from_minutes(1439), tick);
        });
        assert_eq!(scene.desk.says(&scene.hostile.export(seq)), "accepted 1 entries", "{tick}");
        scene.is_unharmed(&format!("tick {tick}"));
        let cell = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
        let raised = scene.desk.center.raise_query(&stamp(10), &subject, &cell, "Really? (sample)");
        let book = scene.desk.center.book(&subject).expect("a book");
        let query = book.query(&raised.expect("the center's own log goes on")).expect("raised");
        let day_ahead = stamp(100).at.ms().unsigned_abs() + 86_400_000;
        let own = query.raised().expect("its entry").origin.tick.ms;
        assert!(own <= day_ahead, "{own}: another clock pulls the center's a day at most");
        scene.books = scene.books_of(&scene.desk.center);
    }
    scene.others_go_on();
}

/// What an envelope may claim: versions that do not exist, logs that the device does not hold, places beyond any log.
#[test]
fn claims_about_versions_and_logs_are_only_claims() {
    let mut scene = Scene::new();
    scene.hostile.version = Oid::from("MDV.99");
    scene.hostile.epoch = u64::MAX;
    let claim = |log: &str, seq: u64| HeldLog { log: log.to_owned(), seq, head: EntryId([7; 32]) };
    scene.hostile.has = vec![claim("center", u64::MAX), claim("S02-bbbbbbbb", 1), claim("../../center", 0)];
    let own = scene.hostile.register(666);
    scene.hostile.set(&own, "IT.VS.SYSBP", "120");
    scene.hostile.say(&own, &digits(900_000));
    let sent = scene.desk.send(&scene.hostile.export(2)).remove(0);
    assert_eq!(sent.outcome.to_string(), "accepted 3 entries");
    assert_eq!(
        sent.alarms,
        [AlarmKind::Epoch, AlarmKind::Center],
        "of the center's own log it is told that the claim does not hold"
    );
    assert_eq!(scene.desk.center.book(&own).expect("a book").computed_under(), Some(&Oid::from("MDV.1")));
    let reply = scene.desk.center.reply(&stamp(9), "S01").expect("a reply").packed.remove(0);
    let from_first = reply.envelope.logs.iter().find(|run| run.log == "center").expect("the center's own log");
    assert_eq!(from_first.first, 1, "nothing is left out for a claim that does not hold");
    assert!(reply.envelope.logs.iter().all(|run| run.log != "S02-bbbbbbbb"), "nor does another site's log travel");
    scene.is_unharmed("claims");
    let beyond = |seq: u64| {
        let mut device = scene.hostile.clone();
        let act = SubjectRegistered { subject: Oid::from("S01-667"), site: Oid::from("S01") };
        device.write_with(act, |entry| entry.seq = seq);
        scene.desk.says(&device.part(seq, seq))
    };
    for seq in [6, 1 << 32, 1 << 63, u64::MAX - 1] {
        assert_eq!(beyond(seq), "parked, expects seq 5", "{seq}");
    }
    assert_eq!(scene.desk.center.status().expect("a status").sites[0].devices[1].gap, Some(5));
    scene.hostile.register(668);
    assert_eq!(scene.desk.says(&scene.hostile.export(5)), "accepted 1 entries");
    scene.is_unharmed("places beyond the log");
    scene.others_go_on();
}

/// A second study file cannot be smuggled in by the version under which a device says that it writes.
#[test]
fn an_unknown_version_is_folded_under_the_first_until_it_is_published() {
    let mut scene = Scene::new();
    scene.hostile.version = Oid::from("MDV.2");
    let own = scene.hostile.register(666);
    scene.hostile.write(StudyActivated { version: Oid::from("MDV.2"), file: EntryId(sha256(STUDY.as_bytes())).hex() });
    scene.desk.send(&scene.hostile.export(2));
    let status = scene.desk.center.status().expect("a status");
    assert_eq!(status.version, "MDV.1", "devices put versions into force, they do not publish them");
    assert_eq!(scene.desk.center.book(&own).expect("a book").computed_under(), Some(&Oid::from("MDV.1")));
    assert_eq!(scene.desk.center.publications().expect("listed").len(), 1);
    scene.is_unharmed("an unknown version");
}
