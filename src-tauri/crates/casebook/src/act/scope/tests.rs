//! The table, asked with one line of every act: from its writer, and from writers who have no say in it.

use super::*;
use crate::act::{LogRange, UserAdded, UserRoleChanged};
use crate::entry::tests::{FROZEN, read};
use crate::gate::roles;
use crate::ids::EntryId;

const LOG: &str = "S01-k7f2m3pq";

fn device(by: &str) -> Speaker<'_> {
    Speaker { log: LOG, site: Some("S01"), by, keys: None }
}

fn center(by: &str) -> Speaker<'_> {
    Speaker { log: CENTER, site: None, by, keys: None }
}

fn act_of(rest: &str) -> Act {
    read(rest).unwrap_or_else(|fault| panic!("{fault}: {rest}")).entry().act.clone()
}

/// Whoever wrote an act rightly: the program where no role may, else a person.
fn writer(act: &Act) -> &'static str {
    if roles(act).is_empty() { SYSTEM } else { "nurse1" }
}

/// C3: each act has its writers, and they are those of the table of roles.
#[test]
fn c3_every_act_is_said_by_its_writers_and_by_nobody_else() {
    for rest in FROZEN {
        let act = act_of(rest);
        let (name, by, may) = (act.name(), writer(&act), roles(&act));
        let by_site = may.is_empty() || may.iter().any(|role| *role != Role::DataManager);
        let by_center = may.contains(&Role::DataManager) || ["clock.suspected", "alarm.raised"].contains(&name);
        assert_eq!(speaks(&act, &device(by)).is_ok(), by_site, "{rest}");
        assert_eq!(speaks(&act, &center(by)).is_ok(), by_center, "{rest}");
        assert_eq!(speaks(&act, &device(by)) == Err(ScopeError::Center), !by_site, "{rest}");
        // Neither in the other's log.
        assert_eq!(speaks(&act, &Speaker { log: CENTER, ..device(by) }), Err(ScopeError::OtherLog));
        assert_eq!(speaks(&act, &Speaker { log: LOG, ..center(by) }), Err(ScopeError::OtherLog));
        assert_eq!(speaks(&act, &Speaker { log: "S02-k7f2m3pq", ..device(by) }), Err(ScopeError::OtherLog));
    }
}

/// C3: wherever a device's act names a site, or a subject or log by its site, no other site's device may say it.
#[test]
fn c3_no_device_speaks_of_another_site() {
    let mut named = 0;
    for rest in FROZEN.iter().filter(|rest| rest.contains("S01")) {
        let act = act_of(&rest.replace("S01", "S02"));
        let by = writer(&act);
        if act != act_of(rest) && speaks(&act_of(rest), &device(by)).is_ok() && act.name() != "alarm.raised" {
            named += 1;
            assert!(speaks(&act, &device(by)).is_err(), "{rest}");
        }
    }
    assert!(named > 20, "{named} acts name a site");
    for own in ["S01", "S01-", "S011-001", "S01001", "-001", "center", "S01-2-001", "s01-001"] {
        let rest = FROZEN.iter().find(|rest| rest.contains("event.added")).expect("a line");
        let act = act_of(&rest.replace("S01-003", own));
        assert_eq!(speaks(&act, &device("nurse1")), Err(ScopeError::OtherSite), "{own}");
    }
}

/// C3: a device speaks of its own log, and enrols itself by the keys that it holds.
#[test]
fn c3_no_device_speaks_of_another_log_or_device() {
    for name in ["bundle.exported", "receipt.accepted", "device.enrolled"] {
        let rest = FROZEN.iter().find(|rest| rest.contains(name)).expect("a line");
        assert_eq!(speaks(&act_of(rest), &device("nurse1")), Ok(()), "{name}");
        for other in ["S01-zzzzzzzz", "center"] {
            // A file's name is only a name.
            let act = act_of(&rest.replace(&format!("\"{LOG}\""), &format!("\"{other}\"")));
            assert!(speaks(&act, &device("nurse1")).is_err(), "{name} of {other}");
        }
    }
    let rest = FROZEN.iter().find(|rest| rest.contains("device.enrolled")).expect("a line");
    let (act, own) = (act_of(rest), SpeakerKeys { key: "ssh-ed25519 AAAA", recipient: "age1x", practice: false });
    let says = |keys| speaks(&act, &Speaker { keys: Some(keys), ..device("nurse1") });
    assert_eq!(says(own), Ok(()));
    for other in [
        SpeakerKeys { key: "ssh-ed25519 BBBB", ..own },
        SpeakerKeys { recipient: "age1y", ..own },
        SpeakerKeys { practice: true, ..own },
    ] {
        assert_eq!(says(other), Err(ScopeError::OtherDevice));
    }
}

/// A reply brings the center's log and those of the site; nothing else is imported at a site.
#[test]
fn a_device_imports_from_the_center_alone() {
    let says = |sender: &str, log: &str| {
        let logs = vec![LogRange { log: log.into(), first: 1, last: 2 }];
        let act = BundleImported { bundle: EntryId([3; 32]), sender: sender.into(), logs, entries: 2 }.into();
        (speaks(&act, &device("nurse1")).is_ok(), speaks(&act, &center("datamanager")).is_ok())
    };
    assert_eq!(says(CENTER, CENTER), (true, true));
    assert_eq!(says(CENTER, "S01-zzzzzzzz"), (true, true));
    assert_eq!(says(CENTER, "S02-zzzzzzzz"), (false, true));
    assert_eq!(says("S01-zzzzzzzz", "S01-zzzzzzzz"), (false, true));
}

/// C3: what the program noticed is in its name, what a person did is not, and nobody signs in as somebody else.
#[test]
fn c3_nobody_acts_in_another_s_name() {
    for rest in FROZEN {
        let act = act_of(rest);
        if speaks(&act, &device(writer(&act))).is_ok() {
            let other = if writer(&act) == SYSTEM { "nurse1" } else { SYSTEM };
            assert_eq!(speaks(&act, &device(other)), Err(ScopeError::OtherUser), "{rest}");
        }
    }
    let opened = FROZEN.iter().find(|rest| rest.contains("session.opened")).expect("a line");
    assert_eq!(speaks(&act_of(opened), &device("nurse2")), Err(ScopeError::OtherUser));
    let (user, role) = (Oid::from("dm1"), Role::DataManager);
    let added = UserAdded { user: user.clone(), name: "D (sample)".into(), role, key: None, must_change: false };
    for act in [added.into(), UserRoleChanged { user, role }.into()] {
        assert_eq!(speaks(&act, &device("admin1")), Err(ScopeError::OtherUser), "no site makes a data manager");
    }
}

/// A slot is released to a subject of the site whose device asked.
#[test]
fn the_center_releases_within_a_site() {
    let rest = FROZEN.iter().find(|rest| rest.contains("allocation.released")).expect("a line");
    assert_eq!(speaks(&act_of(rest), &center("datamanager")), Ok(()));
    let act = act_of(&rest.replace("S01-003", "S02-003"));
    assert_eq!(speaks(&act, &center("datamanager")), Err(ScopeError::OtherSite));
}
