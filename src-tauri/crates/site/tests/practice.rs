//! The practice site: complete, plausible, with work left to do.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use site::{Desk, Home, Now, practice};

const NOW: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };

#[test]
fn a_newcomer_finds_a_complete_site() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home { data: folder.path().join("data"), config: folder.path().join("config") };
    let mut desk = Desk::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    let start = std::time::Instant::now();
    let view = desk.practise(NOW).expect("a practice site");
    eprintln!("practise {:?}", start.elapsed());
    let vault = &view.vaults[0];
    assert!(vault.practice);
    let accounts = vault.practice_accounts.as_ref().expect("accounts are shown");
    assert_eq!(accounts.password, practice::PASSWORD);
    let id = vault.id.clone();
    let session = desk.unlock(&id, "nurse1", practice::PASSWORD, NOW.later(60_000)).expect("signed in");
    eprintln!("{session:?}");
    let mut seat = desk.seat(NOW.later(60_000)).expect("a seat");
    for row in seat.subjects("en").expect("subjects") {
        eprintln!("{row:?}");
    }
    let list = seat.worklist("en").expect("a worklist");
    eprintln!("{:?}", list.counts);
    let view = seat.subject_view("S01-001", "en").expect("a subject");
    for row in &view.forms {
        eprintln!(
            "{:40} {}",
            row.title,
            row.cells
                .iter()
                .map(|c| match c {
                    None => ' ',
                    Some(m) => match m.status {
                        site::messages::FormStatus::Empty => 'o',
                        site::messages::FormStatus::Started =>
                            if m.must_change > 0 {
                                '!'
                            } else {
                                '~'
                            },
                        site::messages::FormStatus::Complete => '+',
                        site::messages::FormStatus::NotDone => '/',
                    },
                })
                .collect::<String>()
        );
    }
    eprintln!("{:?}", view.events.iter().map(|e| (&e.title, &e.date, &e.planned, e.state)).collect::<Vec<_>>());
}
