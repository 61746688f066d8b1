//! A write that fails, at any step of any act: the center is as it was, and the act can be done again.

use crate::device::{Desk, Device, STUDY, stamp};
use crate::folding::{database, export};
use casebook::EntryId;
use center::{Amendment, Center, CenterError, Outcome};
use std::fs;
use std::io::Cursor;
use study::Functions;

const NO_ROOM: &str = "no room is left (sample)";

/// Everything that the database holds, row by row, as it is stored.
fn dump(desk: &Desk) -> Vec<String> {
    let sql = database(desk);
    let mut tables = sql.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("tables");
    let names = tables.query_map([], |row| row.get::<_, String>(0)).expect("tables");
    let mut found = Vec::new();
    for name in names.map(|name| name.expect("a name")) {
        let mut rows = sql.prepare(&format!("SELECT * FROM {name}")).expect("a table");
        let columns = rows.column_count();
        let line = |row: &rusqlite::Row<'_>| {
            let cells: Vec<String> = (0..columns).map(|at| format!("{:?}", row.get_ref(at))).collect();
            Ok(format!("{name}: {}", cells.join(", ")))
        };
        found.extend(rows.query_map([], line).expect("rows").map(|row| row.expect("a row")));
    }
    found.sort();
    found
}

/// What becomes of the transaction when a step fails: it waits to be undone, or SQLite has undone it already, as on a
/// full disk.
const FATES: [&str; 2] = ["ABORT", "ROLLBACK"];

/// A step of SQL that fails, as on a full disk.
enum Step {
    /// A row of this table is written, by this verb.
    Row { verb: &'static str, table: &'static str },
    /// Everything was written, and is to last.
    Commit,
}

impl Step {
    fn fail(&self, desk: &Desk, fate: &str) {
        let trigger = match self {
            Self::Row { verb, table } => {
                format!("CREATE TRIGGER full BEFORE {verb} ON {table} BEGIN SELECT RAISE({fate}, '{NO_ROOM}'); END")
            }
            Self::Commit => "CREATE TABLE never (site TEXT REFERENCES site (id) DEFERRABLE INITIALLY DEFERRED);
                 CREATE TRIGGER full BEFORE INSERT ON entry BEGIN INSERT INTO never VALUES ('S99'); END"
                .to_owned(),
        };
        database(desk).execute_batch(&trigger).expect("a trigger");
    }

    fn work_again(desk: &Desk) {
        database(desk).execute_batch("DROP TRIGGER full; DROP TABLE IF EXISTS never").expect("dropped");
    }

    fn name(&self) -> String {
        match self {
            Self::Row { verb, table } => format!("{verb} {table}"),
            Self::Commit => "COMMIT".to_owned(),
        }
    }

    /// Does an act while this step fails: it says why, and nothing is written. Then does it again.
    fn during<T: std::fmt::Debug>(&self, desk: &Desk, act: impl Fn(&Center) -> Result<T, CenterError>) -> T {
        let before = dump(desk);
        for fate in FATES {
            self.fail(desk, fate);
            let said = act(&desk.center).expect_err(&self.name()).to_string();
            let why = if matches!(self, Self::Commit) { "FOREIGN KEY constraint failed" } else { NO_ROOM };
            assert_eq!(said, format!("the center's database: {why}"), "{}", self.name());
            assert!(dump(desk) == before, "{}, {fate}: something was written", self.name());
            Self::work_again(desk);
        }
        desk.center.check().expect("sound");
        act(&desk.center).expect("it works again")
    }
}

const fn insert(table: &'static str) -> Step {
    Step::Row { verb: "INSERT", table }
}

const fn update(table: &'static str) -> Step {
    Step::Row { verb: "UPDATE", table }
}

/// What an import may write.
const IMPORT: [Step; 9] = [
    insert("entry"),
    insert("subject"),
    insert("subject_entry"),
    insert("words"),
    insert("mark"),
    insert("heard"),
    insert("bundle"),
    update("device"),
    Step::Commit,
];

fn import(center: &Center, bytes: &[u8]) -> Result<Outcome, CenterError> {
    Ok(center.import(&stamp(100), "a.bundle", Cursor::new(bytes.to_vec()))?.remove(0).outcome)
}

#[test]
fn an_import_that_fails_at_any_step_leaves_nothing() {
    let (desk, mut device) = Desk::with_device();
    device.has = vec![bundle::HeldLog { log: "center".to_owned(), seq: 1, head: EntryId([1; 32]) }];
    for (number, step) in (1..).zip(&IMPORT) {
        let first = device.lines.len() as u64 + 1;
        let subject = device.register(number);
        device.set(&subject, "IT.VS.SYSBP", "120");
        device.say(&subject, &format!("fell on {number} stairs (sample)"));
        let bytes = device.export(first).bytes;
        assert_eq!(step.during(&desk, |center| import(center, &bytes)), Outcome::Accepted { entries: 3 });
        assert_eq!(import(&desk.center, &bytes).expect("it works"), Outcome::AlreadyHeld);
    }
    let undisturbed = Desk::new();
    let same = Device { to: undisturbed.recipient(), recovery: undisturbed.key("recovery.agekey"), ..device };
    undisturbed.send(&same.export(1));
    undisturbed.center.approve(&stamp(2), &same.log).expect("it waits");
    undisturbed.center.import_waiting(&stamp(3), &same.log).expect("taken in");
    assert!(export(&desk, "out") == export(&undisturbed, "out"));
}

#[test]
fn a_fork_that_cannot_be_written_is_no_fork_yet() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let mut copy = device.clone();
    device.register(2);
    copy.register(3);
    desk.send(&device.export(2));
    let bytes = copy.export(2).bytes;
    let steps = [insert("quarantine"), insert("alarm"), update("log")];
    for step in &steps[..2] {
        let before = dump(&desk);
        step.fail(&desk, FATES[0]);
        assert!(import(&desk.center, &bytes).is_err() && dump(&desk) == before, "{}", step.name());
        Step::work_again(&desk);
    }
    assert_eq!(steps[2].during(&desk, |center| import(center, &bytes)), Outcome::Fork { seq: 3 });
    assert!(desk.center.book("S01-002").expect("a book").subject().is_some(), "the branch held first is in force");
}

#[test]
fn folded_rows_that_cannot_be_written_are_written_later() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    desk.send(&device.export(2));
    for step in [insert("fold"), insert("folded")] {
        database(&desk).execute_batch("DELETE FROM fold; DELETE FROM folded").expect("deleted");
        let book = step.during(&desk, |center| center.book(&subject));
        assert_eq!(book.forms().count(), 1);
    }
    database(&desk).execute_batch("DELETE FROM fold; DELETE FROM folded").expect("deleted");
    let out = desk.folder.path().join("out");
    let files = insert("fold").during(&desk, |center| center.export_csv(&stamp(100), &out)).files;
    assert!(fs::read_to_string(&files[0]).expect("the cells").contains("120"));
    // What left in the clear is noted, or did not leave in the center's name.
    let own = || desk.center.status().expect("a status").own_entries;
    let before = own();
    insert("entry").during(&desk, |center| center.export_csv(&stamp(101), &out));
    assert_eq!(own(), before + 1);
}

#[test]
fn what_a_data_manager_does_is_done_whole_or_not_at_all() {
    let (desk, mut device) = Desk::with_device();
    let subject = device.register(1);
    desk.send(&device.export(2));
    let mut second = Device::new(&desk, "S01-bbbbbbbb");
    second.enrol();
    let bytes = second.export(1).bytes;
    let waits = insert("device").during(&desk, |center| import(center, &bytes));
    assert!(matches!(waits, Outcome::Waiting { .. }));
    insert("entry").during(&desk, |center| center.approve(&stamp(4), &second.log));
    insert("words").during(&desk, |center| center.revoke(&stamp(5), &second.log, "lost (sample)"));
    insert("site").during(&desk, |center| center.add_site(&stamp(6), "S02", "Second hospital (sample)"));
    let cell = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
    for step in [insert("entry"), insert("words"), insert("subject_entry")] {
        step.during(&desk, |center| center.raise_query(&stamp(7), &subject, &cell, "Typed twice? (sample)"));
    }
    assert_eq!(desk.center.book(&subject).expect("a book").queries().count(), 3);
    let file = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    let (effective, approval) = ("2026-12-01", "EC 2 (sample)");
    let amendment = Amendment { name: "second.xml", file: file.as_bytes(), effective, approval, sites: &[] };
    insert("entry").during(&desk, |center| center.publish(&stamp(8), &amendment).map(|(version, _)| version));
    assert_eq!(desk.center.publications().expect("listed").len(), 2);
    desk.center.check().expect("sound");
}

/// A name that something else has taken, so that the file cannot be written.
struct Taken<'a> {
    desk: &'a Desk,
    name: &'static str,
}

impl<'a> Taken<'a> {
    fn by_a_file(desk: &'a Desk, name: &'static str) -> Self {
        let path = desk.folder.path().join(name);
        if path.exists() {
            fs::rename(&path, path.with_extension("aside")).expect("put aside");
        }
        fs::write(&path, "not a folder (sample)").expect("written");
        Self { desk, name }
    }

    fn give_back(self) {
        let path = self.desk.folder.path().join(self.name);
        fs::remove_file(&path).expect("removed");
        if path.with_extension("aside").exists() {
            fs::rename(path.with_extension("aside"), &path).expect("given back");
        }
    }
}

#[test]
fn bundles_that_cannot_be_kept_are_not_taken_in() {
    let (desk, mut device) = Desk::with_device();
    (1..=4).for_each(|number| drop(device.register(number)));
    let before = dump(&desk);
    let taken = Taken::by_a_file(&desk, "bundles");
    for packed in [device.part(2, 3), device.part(4, 5)] {
        let said = import(&desk.center, &packed.bytes).expect_err("no room").to_string();
        assert!(said.contains(&format!("{}.bundle", packed.id)), "{said}");
        assert!(dump(&desk) == before, "neither taken in nor parked");
    }
    taken.give_back();
    assert_eq!(desk.says(&device.part(4, 5)), "parked, expects seq 2");
    let said: Vec<String> = desk.send(&device.part(2, 3)).iter().map(|one| one.outcome.to_string()).collect();
    assert_eq!(said, ["accepted 2 entries", "accepted 2 entries"]);
}

#[test]
fn a_receipt_that_could_not_be_written_is_given_when_the_bundle_comes_again() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    let packed = device.export(2);
    let taken = Taken::by_a_file(&desk, "receipts");
    let said = desk.send(&packed).remove(0);
    assert_eq!(said.outcome, Outcome::Accepted { entries: 1 }, "and that is said (A8)");
    assert!(said.undone.is_some_and(|why| why.contains("receipts")) && said.receipt.is_none());
    taken.give_back();
    let again = desk.send(&packed).remove(0);
    assert_eq!(again.outcome, Outcome::AlreadyHeld, "the entries are in");
    assert!(again.receipt.expect("a receipt").exists());
}

#[test]
fn an_approval_whose_list_of_signers_could_not_be_written_is_repeated() {
    let desk = Desk::new();
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    device.enrol();
    desk.send(&device.export(1));
    let signers = desk.folder.path().join("allowed_signers");
    fs::remove_file(&signers).expect("removed");
    fs::create_dir(&signers).expect("in its place");
    assert!(matches!(desk.center.approve(&stamp(4), &device.log), Err(CenterError::File { .. })));
    fs::remove_dir(&signers).expect("removed");
    desk.center.approve(&stamp(5), &device.log).expect("approved");
    assert!(fs::read_to_string(&signers).expect("the list").contains(&device.log));
    let approvals = desk.center.status().expect("a status").own_entries;
    assert_eq!(approvals, 2, "the study and one approval, not two");
}

#[test]
fn a_table_that_cannot_be_written_is_named_and_no_export_is_noted() {
    let (desk, mut device) = Desk::with_device();
    device.register(1);
    desk.send(&device.export(2));
    let before = export(&desk, "out");
    let own = desk.center.status().expect("a status").own_entries;
    let blocked = desk.folder.path().join("blocked");
    fs::create_dir_all(blocked.join(&before[1].0)).expect("a folder in the place of a table");
    let said = desk.center.export_csv(&stamp(9), &blocked).expect_err("no room").to_string();
    assert!(said.contains(&before[1].0), "{said}");
    fs::write(desk.folder.path().join("file"), "").expect("written");
    assert!(desk.center.export_csv(&stamp(9), &desk.folder.path().join("file")).is_err());
    assert_eq!(desk.center.status().expect("a status").own_entries, own);
    assert!(export(&desk, "again") == before);
    let again = Center::open(desk.folder.path(), &Functions::default()).expect("it opens");
    assert_eq!(again.status().expect("a status").own_entries, own + 1);
}

/// Slots that were dealt and not published would be a list that nobody can check, and that could not be dealt again.
#[test]
fn slots_are_dealt_and_published_or_neither() {
    let desk = crate::randomisation::center(false);
    let ledger = desk.folder.path().join("allocation/ledger.ndjson");
    let make = |center: &Center| {
        let made = center.make_allocation(&stamp(1), None);
        assert_eq!(made.is_ok(), ledger.exists(), "{made:?}");
        made
    };
    insert("entry").fail(&desk, FATES[0]);
    assert!(make(&desk.center).is_err());
    Step::work_again(&desk);
    let root = Step::Commit.during(&desk, make);
    let audit = desk.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && audit.root == root, "{audit:?}");
    assert!(matches!(desk.center.make_allocation(&stamp(2), None), Err(CenterError::AllocationMade)));
    let mut device = Device::new(&desk, "S01-k7f2m3pq");
    desk.admit(&mut device);
    let code = crate::randomisation::ask(&mut device, 1, 1).to_string();
    let released = Step::Commit.during(&desk, |center| center.release(&stamp(9), &code, None, None));
    assert_eq!((released.slot, released.again), (1, false), "nothing was released by the attempt that failed");
}

/// A low finding: a ledger that was laid down and never published kept the slots from being dealt for ever.
#[test]
fn a_ledger_counts_only_once_it_is_published() {
    let [dealt, other] = [0, 1].map(|_| crate::randomisation::center(false));
    dealt.center.make_allocation(&stamp(1), None).expect("dealt");
    let [from, to] = [&dealt, &other].map(|desk| desk.folder.path().join("allocation"));
    fs::create_dir(&to).expect("made");
    for name in ["ledger.ndjson", "slots.ndjson", "slots.ndjson.sig"] {
        fs::copy(from.join(name), to.join(name)).expect("copied");
    }
    let left = fs::read(to.join("ledger.ndjson")).expect("the ledger");
    assert!(other.center.status().expect("a status").allocation.is_none());
    assert!(matches!(other.center.audit_allocation(), Err(CenterError::NoAllocation)));
    let mut device = Device::new(&other, "S01-k7f2m3pq");
    other.admit(&mut device);
    let code = crate::randomisation::ask(&mut device, 1, 1).to_string();
    assert!(matches!(other.center.release(&stamp(2), &code, None, None), Err(CenterError::NoAllocation)));
    let root = other.center.make_allocation(&stamp(3), None).expect("it can be dealt");
    let audit = other.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && audit.root == root, "{audit:?}");
    assert!(fs::read(to.join("ledger.ndjson.unpublished")).expect("kept") == left, "arms are never deleted");
    other.center.release(&stamp(4), &code, None, None).expect("released");
}
