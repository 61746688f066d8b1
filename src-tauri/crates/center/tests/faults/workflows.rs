//! What a data manager does that changes files, one workflow each.

use std::fs;

use center::{Amendment, Branch, Center};
use rusqlite::Connection;
use study::Functions;

use crate::device::{STUDY, stamp};
use crate::outcome::{Play, Told, make};

type Workflow = crate::driver::Workflow<Play>;

pub const WORKFLOWS: [Workflow; 16] = [
    Workflow { name: "make a center", before: |_| {}, run: make_center },
    Workflow { name: "add a site, make its kit", before: |_| {}, run: add_site },
    Workflow { name: "take in a stranger's bundle", before: |play| play.device.enrol(), run: |play| play.send(1, 1) },
    Workflow { name: "approve a device", before: waiting, run: approve },
    Workflow { name: "take in a bundle", before: answered, run: |play| play.send(2, u64::MAX) },
    Workflow { name: "take in a later bundle first", before: answered, run: out_of_order },
    Workflow { name: "revoke a device", before: answered, run: revoke },
    Workflow { name: "reply", before: taken_in, run: reply },
    Workflow { name: "export", before: taken_in, run: export },
    Workflow { name: "publish a version", before: taken_in, run: publish },
    Workflow { name: "open a center of the first schema", before: of_the_first_schema, run: open },
    Workflow { name: "take in again what is kept and damaged", before: damaged, run: hand_in_again },
    Workflow { name: "take in what a damaged parked bundle waited for", before: parked_and_damaged, run: fill_the_gap },
    Workflow { name: "redact a text", before: taken_in, run: redact },
    Workflow { name: "settle a fork for the branch held first", before: forked, run: keep_held },
    Workflow { name: "settle a fork for the branch that came later", before: forked, run: keep_later },
];

fn waiting(play: &mut Play) {
    play.device.enrol();
    play.send(1, 1);
}

fn answered(play: &mut Play) {
    let Play { desk, device, .. } = play;
    desk.admit(device);
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    device.say(&subject, "fell on the stairs (sample)");
    device.set(&subject, "IT.VS.DIABP", "80");
    play.told.extend([Told::Approved, Told::Holds(1)]);
}

fn taken_in(play: &mut Play) {
    answered(play);
    play.send(2, u64::MAX);
}

fn make_center(play: &mut Play) {
    let folder = play.desk.folder.path().join("another");
    let told = if make(&folder).is_ok() { Told::Made(folder) } else { Told::NotMade(folder) };
    play.told.push(told);
}

fn add_site(play: &mut Play) {
    let center = &play.desk.center;
    if center.add_site(&stamp(5), "S02", "Other hospital (sample)").is_ok() {
        play.told.push(Told::Site("S02"));
        // A kit that is never given out is in nobody's way; that one can be made afterwards shows with the reply.
        let _ = center.make_kit(&stamp(6), "S02", "told by telephone only");
    }
}

fn approve(play: &mut Play) {
    let Play { desk, device, told, .. } = play;
    if desk.center.approve(&stamp(5), &device.log).is_ok() {
        told.push(Told::Approved);
        if desk.center.import_waiting(&stamp(6), &device.log).is_ok() {
            told.push(Told::Holds(1));
        }
    }
}

fn out_of_order(play: &mut Play) {
    // Parked: nothing of it is promised yet.
    play.send(4, u64::MAX);
    play.send(2, 3);
}

fn revoke(play: &mut Play) {
    let Play { desk, device, told, .. } = play;
    if desk.center.revoke(&stamp(5), &device.log, "stolen (sample)").is_ok() {
        told.push(Told::Revoked);
    }
}

fn reply(play: &mut Play) {
    let _ = play.desk.center.reply(&stamp(5), "S01");
}

fn export(play: &mut Play) {
    let out = play.desk.folder.path().join("tables");
    if let Ok(exported) = play.desk.center.export_csv(&stamp(5), &out) {
        play.told.extend(exported.files.into_iter().map(Told::Table));
    }
}

fn publish(play: &mut Play) {
    let file = STUDY.replace("OID=\"MDV.1\"", "OID=\"MDV.2\"");
    let amendment = Amendment {
        name: "second.xml",
        file: file.as_bytes(),
        effective: "2026-11-01",
        approval: "EC 2026/7 (sample)",
        sites: &[],
    };
    if let Ok((version, _)) = play.desk.center.publish(&stamp(5), &amendment) {
        play.told.push(Told::Published(version.to_string()));
    }
}

/// The tables as the first version of the schema had them, with what it kept.
const FIRST_SCHEMA: &str = include_str!("../../src/store/sqlite/0001_first.sql");

/// Lays the database out as the first version had it. The tables of later versions are gone; what they hold beside the first
/// version's columns is computed or said anew.
fn of_the_first_schema(play: &mut Play) {
    taken_in(play);
    let sql = Connection::open(play.desk.folder.path().join("center.sqlite")).expect("the database");
    let first = Connection::open_in_memory().expect("memory");
    first.execute_batch(FIRST_SCHEMA).expect("frozen");
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let kept = all(&first, tables).into_iter().map(|table| {
        let columns = all(&first, &format!("SELECT name FROM pragma_table_info('{table}')")).join(", ");
        (table, columns)
    });
    let mut steps = vec!["PRAGMA foreign_keys = OFF; BEGIN".to_owned()];
    let (mut back, now) = (Vec::new(), all(&sql, tables));
    for (table, columns) in kept {
        steps.push(format!("CREATE TEMP TABLE old_{table} AS SELECT {columns} FROM main.{table}"));
        back.push(format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM old_{table}"));
    }
    steps.extend(now.into_iter().map(|table| format!("DROP TABLE main.{table}")));
    steps.push(FIRST_SCHEMA.to_owned());
    steps.append(&mut back);
    steps.push("PRAGMA user_version = 1; COMMIT".to_owned());
    steps.iter().for_each(|step| sql.execute_batch(step).unwrap_or_else(|error| panic!("{step}: {error}")));
}

/// The texts in the first column of what is found.
fn all(sql: &Connection, query: &str) -> Vec<String> {
    let mut read = sql.prepare(query).expect("a query");
    read.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("texts")
}

fn open(play: &mut Play) {
    if let Ok(center) = Center::open(play.desk.folder.path(), &Functions::default()) {
        play.desk.center = center;
        play.send(2, u64::MAX);
    }
}

/// The bundle that was taken in last, and its receipt, are not what they were.
fn damaged(play: &mut Play) {
    taken_in(play);
    let sent = play.sent.as_ref().expect("sent");
    let kept = play.kept(sent);
    fs::write(&kept, &sent.bytes[..sent.bytes.len() / 2]).expect("its end is missing");
    let receipt = play.desk.folder.path().join(format!("receipts/{}.json", sent.id));
    fs::write(receipt, "held 9 999 999 (sample)").expect("written");
    play.told.retain(|told| !matches!(told, Told::Evidence(path, _) if *path == kept));
}

fn hand_in_again(play: &mut Play) {
    let sent = play.sent.take().expect("sent");
    play.hand_in(&sent);
    play.sent = Some(sent);
}

fn parked_and_damaged(play: &mut Play) {
    answered(play);
    play.send(4, u64::MAX);
    let sent = play.sent.as_ref().expect("sent");
    fs::write(play.kept(sent), &sent.bytes[..sent.bytes.len() / 2]).expect("its end is missing");
}

fn fill_the_gap(play: &mut Play) {
    play.send(2, 3);
    play.send(2, u64::MAX);
}

fn redact(play: &mut Play) {
    let text = play.device.texts[0].1.commit;
    if play.desk.center.redact(&stamp(5), text, "names a person (sample)").is_ok() {
        play.told.push(Told::Redacted(text));
    }
}

/// A copy of the device's vault has sent what it wrote.
fn forked(play: &mut Play) {
    taken_in(play);
    let mut copy = play.device.clone();
    copy.lines.truncate(4);
    copy.set(&"S01-001".into(), "IT.VS.DIABP", "99");
    copy.register(3);
    let packed = copy.part(2, u64::MAX);
    play.desk.send(&packed);
    play.copy = Some(copy);
}

fn keep_held(play: &mut Play) {
    settle(play, Branch::Held);
}

fn keep_later(play: &mut Play) {
    settle(play, Branch::Later);
}

fn settle(play: &mut Play, keep: Branch) {
    play.keep = Some(keep);
    if play.settle(keep).is_ok() {
        play.told.push(Told::Settled(keep));
    }
}
