//! Somebody else's hand on the files: each thing that it can do is named.

use std::fs;
use std::io::{Seek, SeekFrom, Write};

use super::*;
use crate::faults::Call;
use crate::faults::plan::{Fault, under};

/// SQLCipher's page size.
const PAGE: usize = 4096;

fn codes(alarms: &[Alarm]) -> Vec<&'static str> {
    alarms.iter().map(Alarm::code).collect()
}

fn change(sql: &Connection, statement: &str) {
    sql.execute_batch("DROP TRIGGER entry_never_changes; DROP TRIGGER entry_never_goes").expect("dropped");
    assert!(sql.execute(statement, []).expect("changed") > 0);
    sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).expect("folded back");
}

#[test]
fn an_old_page_put_back_is_named_whichever_it_is() {
    let site = Site::new();
    site.with_answers(3, 30);
    let before = fs::read(site.database()).expect("reads");
    let mut open = site.unlock(200_000);
    set(&mut open, "S01-002", "IT.SYSBP", "99", 200_001);
    set(&mut open, "S01-002", "IT.DIABP", "60", 200_002);
    open.save_draft("S01-003", &cell("IT.DIABP"), "7", &at(200_003)).expect("draft");
    open.transact(&at(200_004), |tx| tx.set("a.setting", b"later")).expect("set");
    open.lock(&at(200_005)).expect("locks");
    let after = fs::read(site.database()).expect("reads");
    let pristine = site.copy_to("pristine");
    let checkpoint = fs::read(site.place().checkpoint).expect("reads");
    let mut tried = 0;
    for (number, (old, new)) in before.chunks(PAGE).zip(after.chunks(PAGE)).enumerate() {
        if old == new {
            continue;
        }
        let mut file = fs::File::options().write(true).open(site.database()).expect("opens");
        file.seek(SeekFrom::Start((number * PAGE) as u64)).expect("seeks");
        file.write_all(old).expect("writes");
        drop(file);
        match site.try_unlock(PASSWORD, 300_000) {
            Ok(open) => {
                let mut alarms = open.alarms().to_vec();
                alarms.extend(verified(&open));
                assert!(!alarms.is_empty(), "page {} of {}", number + 1, after.len() / PAGE);
            }
            Err(VaultError::Damaged { .. }) => {}
            Err(other) => panic!("page {}: {other}", number + 1),
        }
        tried += 1;
        for name in ["vault.db", "keyslots.json"] {
            fs::copy(pristine.join(name), site.folder().join(name)).expect("restored");
        }
        for name in ["vault.db-wal", "vault.db-shm"] {
            let _ = fs::remove_file(site.folder().join(name));
        }
        fs::write(site.place().checkpoint, &checkpoint).expect("restored");
    }
    assert!(tried >= 8, "{tried} pages");
    assert_eq!(named(&site, 300_000), []);
}

/// A page that can't be read is named or refused as damage, whichever it is, and the slot file, which may be the last copy
/// of the keys then, stays as it was.
#[test]
fn a_page_that_cannot_be_read_takes_nothing_along() {
    let site = Site::new();
    let key = site.with_answers(3, 30);
    let mut open = site.unlock(200_000);
    // So many that their slots do not fit into one page.
    for user in ["nurse2", "nurse3", "nurse4", "nurse5"] {
        let new = NewUser { user, password: PASSWORD, cost: Cost::floor() };
        let act = |key: &seal::PublicKey| account(user, Some(key.to_string()));
        open.add_user(&new, &at(200_001), |tx, key| tx.write(act(key)).map(drop)).expect("added");
    }
    open.lock(&at(200_002)).expect("locks");
    let (slots, checkpoint) = (site.folder().join("keyslots.json"), site.place().checkpoint);
    let [good, kept, known] = [&site.database(), &slots, &checkpoint].map(|file| fs::read(file).expect("reads"));
    let mut free = 0;
    for page in 0..good.len() / PAGE {
        let mut bytes = good.clone();
        bytes[page * PAGE + 100] ^= 1;
        fs::write(site.database(), &bytes).expect("writes");
        match site.try_unlock(PASSWORD, 300_000) {
            Ok(open) => free += usize::from(open.alarms().is_empty() && verified(&open).is_empty()),
            Err(VaultError::Damaged { .. }) => {}
            Err(other) => panic!("page {}: {other}", page + 1),
        }
        assert!(fs::read(&slots).expect("reads") == kept, "page {}", page + 1);
        fs::write(&checkpoint, &known).expect("restored");
        for name in ["vault.db-wal", "vault.db-shm"] {
            let _ = fs::remove_file(site.folder().join(name));
        }
    }
    fs::write(site.database(), &good).expect("writes");
    let lie_free: usize = site.raw(&key).query_row("PRAGMA freelist_count", [], |row| row.get(0)).expect("a count");
    assert!(free <= lie_free, "{free} pages were changed and nobody noticed; {lie_free} lie free");
    assert_eq!(named(&site, 300_000), []);
}

#[test]
fn an_entry_edited_with_the_key_in_hand_is_named() {
    let site = Site::new();
    let key = site.with_answers(1, 10);
    let edit = "UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), '\"105\"', '\"165\"') AS BLOB)
                WHERE CAST(line AS TEXT) LIKE '%\"105\"%'";
    let seq = site
        .raw(&key)
        .query_row("SELECT place & 1099511627775 FROM entry WHERE CAST(line AS TEXT) LIKE '%\"105\"%'", [], |row| {
            row.get(0)
        })
        .expect("there");
    change(&site.raw(&key), edit);
    assert!(named(&site, 200_000).contains(&Alarm::EntryEdited { log: DEVICE.into(), seq }));
}

#[test]
fn the_newest_entry_edited_is_named_at_the_door() {
    let site = Site::new();
    let key = site.with_answers(1, 3);
    change(
        &site.raw(&key),
        "UPDATE entry SET line = CAST(replace(CAST(line AS TEXT), '\"102\"', '\"162\"') AS BLOB)
        WHERE place = (SELECT max(place) FROM entry)",
    );
    assert_eq!(codes(site.unlock(200_000).alarms()), ["entry_edited", "other_history"]);
}

#[test]
fn the_whole_chain_written_anew_with_the_key_in_hand_is_named() {
    // Every line after the edited one is written again and the head row is set to fit: only the signed checkpoint,
    // which lies elsewhere, knows better.
    let site = Site::new();
    let key = site.with_answers(1, 6);
    let sql = site.raw(&key);
    sql.execute_batch("DROP TRIGGER entry_never_changes").expect("dropped");
    let mut previous: Option<String> = None;
    let lines: Vec<(i64, String)> = sql
        .prepare("SELECT place, CAST(line AS TEXT) FROM entry ORDER BY place")
        .and_then(|mut read| read.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
        .expect("reads");
    for (place, line) in lines {
        let mut line = line.replace("\"103\"", "\"163\"");
        if let Some(previous) = &previous {
            let at = line.find("\"prev\":\"").expect("prev") + 8;
            line.replace_range(at..at + 64, previous);
        }
        sql.execute("UPDATE entry SET line = ?2 WHERE place = ?1", (place, line.as_bytes())).expect("written");
        previous = Some(seal::hex::encode(&seal::sha256(line.as_bytes())));
    }
    let head = seal::hex::decode::<32>(&previous.expect("some")).expect("hex");
    sql.execute("UPDATE head SET head = ?1", [head]).expect("written");
    drop(sql);
    assert!(codes(site.unlock(200_000).alarms()).contains(&"other_history"));
}

#[test]
fn a_folded_row_edited_with_the_key_in_hand_is_named_and_mended() {
    let site = Site::new();
    let key = site.with_answers(2, 3);
    // The value in the folded cell, and nothing else.
    site.raw(&key)
        .execute("UPDATE fold SET value = CAST(replace(CAST(value AS TEXT), '102', '162') AS BLOB) WHERE subject = 2 AND kind = 5", [])
        .expect("edited");
    let mut open = site.unlock(200_000);
    assert_eq!(verified(&open), [Alarm::TablesStale { subjects: 1, first: "S01-002".into() }]);
    open.rebuild(&at(200_001)).expect("rebuilt");
    assert_eq!(verified(&open), []);
    assert_eq!(value(&mut open, "S01-002", "IT.SYSBP").as_deref(), Some("102"));
}

#[test]
fn the_newest_entries_deleted_are_named_at_the_door() {
    let site = Site::new();
    let key = site.with_answers(1, 10);
    let last: u64 = site.raw(&key).query_row("SELECT seq FROM head", [], |row| row.get(0)).expect("reads");
    change(&site.raw(&key), "DELETE FROM entry WHERE place > (SELECT max(place) - 3 FROM entry)");
    let open = site.unlock(200_000);
    assert_eq!(open.alarms(), [Alarm::EntriesMissing { log: DEVICE.into(), first: last - 2, last }]);
    assert!(codes(&verified(&open)).contains(&"entries_missing"));
}

#[test]
fn the_newest_entries_deleted_and_the_head_set_back_is_named_at_the_door() {
    let site = Site::new();
    let key = site.with_answers(1, 10);
    let sql = site.raw(&key);
    change(&sql, "DELETE FROM entry WHERE place > (SELECT max(place) - 3 FROM entry)");
    let line: Vec<u8> =
        sql.query_row("SELECT line FROM entry ORDER BY place DESC LIMIT 1", [], |row| row.get(0)).expect("last");
    sql.execute("UPDATE head SET seq = seq - 3, head = ?1", [seal::sha256(&line)]).expect("set back");
    drop(sql);
    assert!(codes(site.unlock(200_000).alarms()).contains(&"rolled_back"));
}

/// A vault of which yesterday's copy was put back after one more answer; where its log ended then, and how far the checkpoint goes.
pub(super) fn turned_back() -> (Site, u64, u64) {
    let site = Site::new();
    site.with_answers(1, 2);
    let yesterday = site.copy_to("yesterday");
    let mut open = site.unlock(200_000);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 200_001);
    let known = open.logs()[0].seq;
    open.lock(&at(200_002)).expect("locks");
    site.put_back(&yesterday);
    (site, known - 2, known)
}

/// Attack 2, S1: an older folder is told to everybody who signs in, and not written to before somebody asked the center; the
/// checkpoint that knows better is kept until then. In the journal it is told when the log goes on.
#[test]
fn s1_yesterdays_copy_of_the_folder_waits_for_the_center() {
    let (site, copy, known) = turned_back();
    let checkpoint = fs::read(site.place().checkpoint).expect("reads");
    let alarm = Alarm::RolledBack { log: DEVICE.into(), seq: copy, known };
    for ms in [300_000, 310_000] {
        let mut open = site.unlock(ms);
        assert_eq!((open.alarms(), open.awaits_center()), ([alarm.clone()].as_slice(), true));
        assert!(open.copy_held().expect("reads").is_some_and(|copy| !copy.is_backup));
        let refused = open.transact(&at(ms), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150"));
        assert!(matches!(refused, Err(VaultError::AwaitsCenter)), "{refused:?}");
        open.keep_checkpoint(&at(ms));
        open.lock(&at(ms + 1)).expect("locks");
        assert_eq!(fs::read(site.place().checkpoint).expect("reads"), checkpoint, "kept");
    }
    let mut open = site.unlock(320_000);
    open.go_on(&at(320_001)).expect("goes on");
    let told: Vec<casebook::Act> = (copy + 1..=open.logs()[0].seq)
        .map(|seq| open.line(DEVICE, seq).expect("reads").expect("there").into_parts().2.act)
        .collect();
    let place = format!("{DEVICE} {copy} < {known}");
    assert_eq!(told[1], casebook::act::AlarmRaised { code: "rolled_back".into(), place }.into());
    assert_eq!(
        told.iter().map(casebook::Act::name).collect::<Vec<_>>(),
        ["vault.restored", "alarm.raised", "session.opened"]
    );
    set(&mut open, "S01-001", "IT.SYSBP", "150", 330_000);
    open.lock(&at(330_001)).expect("locks");
    assert_eq!(named(&site, 340_000), []);
}

/// Attack 2, S1: the newer folder is found and put back: it goes on as if nothing had been.
#[test]
fn s1_the_newer_folder_goes_on() {
    let site = Site::new();
    site.with_answers(1, 2);
    let older = site.copy_to("older");
    let mut open = site.unlock(200_000);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 200_001);
    open.lock(&at(200_002)).expect("locks");
    let newer = site.copy_to("newer");
    site.put_back(&older);
    site.unlock(300_000).lock(&at(300_001)).expect("locks");
    site.put_back(&newer);
    let mut open = site.unlock(310_000);
    assert_eq!((open.alarms(), open.awaits_center()), ([].as_slice(), false));
    assert_eq!(value(&mut open, "S01-001", "IT.SYSBP").as_deref(), Some("99"));
}

/// Attack 2, S1: it waits also where the disk takes in nothing, and a checkpoint that can't be written after it went on is no reason
/// to wait again.
#[test]
fn s1_it_waits_on_a_disk_that_takes_in_nothing() {
    let (site, ..) = turned_back();
    let full = [Fault { call: Call::Commit, nth: 0, ever: true }];
    let (open, _) = under(&full, || {
        let open = site.unlock(300_000);
        assert!(open.awaits_center());
        open
    });
    let mut open = open;
    assert!(open.transact(&at(300_100), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150")).is_err());
    drop(open);
    let mut open = site.unlock(310_000);
    assert!(open.awaits_center());
    let unwritten = fs::read(site.place().checkpoint).expect("reads");
    let no_checkpoint = [Fault { call: Call::Write, nth: 0, ever: true }];
    under(&no_checkpoint, || {
        open.go_on(&at(310_001)).expect("goes on");
        drop(open);
    });
    assert!(fs::read(site.place().checkpoint).expect("reads") == unwritten, "the new one could not be written");
    let open = site.unlock(320_000);
    assert_eq!((open.alarms(), open.awaits_center()), ([].as_slice(), false));
}

/// Attack 2, S1: an older copy that does not know the keys by which the checkpoint is signed waits, too.
#[test]
fn s1_an_older_copy_with_former_keys_waits() {
    let site = Site::new();
    let mut open = site.found();
    super::accounts::add_second(&mut open);
    open.lock(&at(600)).expect("locks");
    let older = site.copy_to("older");
    let mut open = site.unlock(700);
    super::accounts::close(&mut open, 800).expect("closed");
    open.lock(&at(900)).expect("locks");
    site.put_back(&older);
    for (user, password) in [("inv1", super::accounts::OTHER), ("nurse1", PASSWORD)] {
        let open = super::accounts::try_other(&site, user, password, 1000).expect("opens");
        assert_eq!((open.alarms(), open.awaits_center()), ([Alarm::CheckpointForged].as_slice(), true));
    }
}

/// A copy goes on elsewhere, under its own checkpoint, and comes back longer than this vault was.
#[test]
fn s1_an_older_copy_that_was_written_to_waits_for_the_center() {
    let site = Site::new();
    site.with_answers(1, 2);
    let copy = site.copy_to("copy");
    let mut open = site.unlock(200_000);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 200_001);
    open.lock(&at(200_002)).expect("locks");
    let elsewhere = VaultPlace { folder: copy.clone(), checkpoint: site.temp.path().join("other.json") };
    for round in 0..3 {
        let mut open = Locked::find(&elsewhere, &study::Functions::default())
            .expect("found")
            .unlock("nurse1", PASSWORD, &at(210_000 + round))
            .expect("unlocks");
        set(&mut open, "S01-001", "IT.SYSBP", &(50 + round).to_string(), 220_000 + round);
    }
    site.put_back(&copy);
    let open = site.unlock(300_000);
    assert_eq!((codes(open.alarms()), open.awaits_center()), (vec!["other_history"], true));
}

#[test]
fn checkpoints_missing_or_of_another_hand_are_named() {
    let site = Site::new();
    site.with_answers(1, 1);
    fs::remove_file(site.place().checkpoint).expect("removed");
    assert_eq!(codes(site.unlock(200_000).alarms()), ["checkpoint_missing"]);
    let text = fs::read_to_string(site.place().checkpoint).expect("reads");
    fs::write(site.place().checkpoint, text.replacen("\"epoch\": 2", "\"epoch\": 1", 1)).expect("written");
    assert_eq!(codes(site.unlock(300_000).alarms()), ["checkpoint_forged"]);
    fs::write(site.place().checkpoint, "{}").expect("written");
    assert_eq!(codes(site.unlock(400_000).alarms()), ["checkpoint_forged"]);
    assert_eq!(codes(site.unlock(500_000).alarms()), [""; 0]);
}

#[test]
fn texts_taken_away_or_changed_are_named() {
    let site = Site::new();
    let key = {
        let mut open = site.found();
        register(&mut open, "S01-001", 10);
        open.transact(&at(20), |tx| {
            write_note(tx, "S01-001", "first")?;
            write_note(tx, "S01-001", "second")
        })
        .expect("written");
        open.key.clone()
    };
    site.raw(&key).execute("UPDATE text SET words = 'other' WHERE words = 'first'", []).expect("edited");
    assert!(named(&site, 100).contains(&Alarm::TextsDamaged { count: 1 }));
    site.raw(&key).execute("DELETE FROM text", []).expect("deleted");
    assert!(named(&site, 200).contains(&Alarm::TextsDamaged { count: 2 }));
}

#[test]
fn settings_and_history_changed_are_named() {
    let site = Site::new();
    let key = site.with_answers(1, 1);
    site.raw(&key).execute("UPDATE setting SET value = x'00' WHERE key = 'center.key'", []).expect("edited");
    assert_eq!(named(&site, 200_000), [Alarm::RecordsStale]);
}

#[test]
fn a_file_truncated_or_overwritten_is_a_clear_error() {
    for hurt in [
        |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2),
        |bytes: &mut Vec<u8>| bytes.truncate(100),
        |bytes: &mut Vec<u8>| bytes[..64].fill(7),
        |bytes: &mut Vec<u8>| bytes.iter_mut().skip(PAGE).for_each(|byte| *byte ^= 1),
    ] {
        let site = Site::new();
        site.with_answers(1, 3);
        let mut bytes = fs::read(site.database()).expect("reads");
        hurt(&mut bytes);
        fs::write(site.database(), &bytes).expect("written");
        match site.try_unlock(PASSWORD, 200_000) {
            Err(VaultError::Damaged { .. }) => {}
            Ok(open) => assert!(!verified(&open).is_empty()),
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn one_bit_flipped_anywhere_is_an_error_or_named() {
    let site = Site::new();
    site.with_answers(2, 6);
    let whole = fs::read(site.database()).expect("reads");
    for number in 0..whole.len() / PAGE {
        let mut bytes = whole.clone();
        bytes[number * PAGE + 1000] ^= 4;
        fs::write(site.database(), &bytes).expect("written");
        let sql = crate::connection::open_reader(&site.database(), &site.key());
        let alarms =
            sql.and_then(|sql| crate::verify::run(sql, &study::Functions::default(), &super::backups::never(), |_| {}));
        assert!(alarms.map_or(true, |report| !report.alarms.is_empty()), "page {}", number + 1);
    }
}

/// Third attack, S5: an older copy of the folder under another name, beside the living vault: it waits, as that one's checkpoint
/// knows better. Where a person lets it go on all the same the living one waits, and neither asks for the same checkpoint again.
#[test]
fn a3_s5_an_older_copy_beside_the_living_vault_waits() {
    let (site, yesterday) = (Site::new(), "vault-2");
    site.with_answers(1, 2);
    let folder = site.copy_to(yesterday);
    let mut open = site.unlock(200_000);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 200_001);
    open.lock(&at(200_002)).expect("locks");
    let copy = VaultPlace { folder, checkpoint: site.place().checkpoint.with_file_name("checkpoint-2.json") };
    let unlock = |ms| {
        let locked = Locked::find(&copy, &study::Functions::default()).expect("a vault");
        locked.unlock("nurse1", PASSWORD, &at(ms)).expect("opens")
    };
    let mut open = unlock(300_000);
    assert!(open.awaits_center() && matches!(open.alarms(), [Alarm::RolledBack { .. }]), "{:?}", open.alarms());
    let refused = open.transact(&at(300_001), |tx| write_answer(tx, "S01-001", "IT.SYSBP", "150"));
    assert!(matches!(refused, Err(VaultError::AwaitsCenter)), "{refused:?}");
    open.lock(&at(300_002)).expect("locks");
    assert!(!copy.checkpoint.exists() && !site.unlock(310_000).awaits_center(), "the living one goes on");
    let mut open = unlock(320_000);
    open.go_on(&at(320_001)).expect("goes on");
    open.lock(&at(320_002)).expect("locks");
    assert!(!unlock(330_000).awaits_center(), "it was answered");
    let open = site.unlock(340_000);
    assert!(open.awaits_center(), "two went on with one log: {:?}", open.alarms());
}

/// Fourth attack, T12: the checkpoint in spite of which a log went on said nothing for ever: whoever kept it put it back together with
/// an older folder, and nobody noticed.
#[test]
fn a4_t12_a_checkpoint_that_was_answered_is_answered_once() {
    let (site, ..) = turned_back();
    let former = fs::read(site.place().checkpoint).expect("reads");
    let mut open = site.unlock(300_000);
    open.go_on(&at(300_100)).expect("goes on");
    open.lock(&at(300_200)).expect("locks");
    let older = site.copy_to("older");
    let mut open = site.unlock(310_000);
    assert_eq!(open.alarms(), []);
    set(&mut open, "S01-001", "IT.SYSBP", "99", 310_100);
    open.lock(&at(310_200)).expect("locks");
    site.put_back(&older);
    fs::write(site.place().checkpoint, former).expect("written");
    assert!(site.unlock(320_000).awaits_center());
}
