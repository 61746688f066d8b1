//! Third attack, as a data manager meets it.

use crate::cli::{good, made, run};
use crate::device::{Desk, Device, stamp};
use casebook::{CENTER, EntryId};
use center::store::{Embedded, Storage, StoredEntry};
use std::fs;

/// The last entry of a log can't be read any more; of a device's log, one about recovery codes.
fn damage(desk: &Desk, log: &str) {
    let path = desk.folder.path().join("center/center.sqlite");
    let store: Box<dyn Storage> = Box::new(Embedded::open(&path).expect("it opens"));
    let damaged = store.transact(|tx| {
        let seq = tx.log_state(log)?.end.seq + 1;
        tx.append(&StoredEntry { log, seq, id: EntryId([7; 32]), line: br#""act":"allocation."#, subject: None })?;
        if log == CENTER { Ok(()) } else { tx.note_recovery(log, seq) }
    });
    damaged.expect("written");
}

/// Third attack, C5: one damaged entry stopped `status` and `device list`, and what `--check` had found was lost.
#[test]
fn a3_c5_a_damaged_entry_is_named_and_the_rest_is_shown() {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a site");
    let devices = ["S01-aaaaaaaa", "S01-bbbbbbbb"];
    devices.iter().for_each(|log| desk.admit(&mut Device::new(&desk, log)));
    damage(&desk, devices[0]);
    let (code, out, errors) = run(&["status", "--dir", &dir, "--check"]);
    assert!(code == 1 && out.contains("left out: S01-aaaaaaaa at seq 2: damaged: "), "{out}{errors}");
    assert!(errors.contains("the log S01-aaaaaaaa is damaged or altered at seq 2"), "{errors}");
    let list = good(&["device", "list", "--dir", &dir]);
    assert!(devices.iter().all(|log| list.contains(log)), "{list}");
    // Where the status itself fails, what the check found is said all the same.
    damage(&desk, CENTER);
    fs::create_dir(format!("{dir}/allocation")).expect("a folder");
    fs::write(format!("{dir}/allocation/ledger.ndjson"), "").expect("written");
    let (code, out, errors) = run(&["status", "--dir", &dir, "--check"]);
    assert_eq!((code, out.as_str()), (2, ""), "{errors}");
    assert!(errors.contains("the log S01-aaaaaaaa is damaged or altered at seq 2"), "{errors}");
}
