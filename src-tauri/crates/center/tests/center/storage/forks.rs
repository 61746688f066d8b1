//! Branches that are kept aside, settled and mended, and texts that quote others.

use super::*;

pub(super) fn a_fork_hides_nothing(made: &Made) {
    write(made, |tx| {
        (1..=6).try_for_each(|seq| append(tx, "S01-a", seq, Some("S01-001")))?;
        append(tx, "S01-b", 1, Some("S01-001"))?;
        append(tx, "S01-b", 2, Some("S01-002"))?;
        ["S01-001", "S01-002"].iter().try_for_each(|subject| tx.set_folded(subject))
    });
    write(made, |tx| ["S01-001", "S01-002"].iter().try_for_each(|subject| tx.set_folded(subject)));
    let other = StoredEntry { log: "S01-a", seq: 5, id: id(99), line: b"other", subject: Some("S01-001") };
    write(made, |tx| {
        tx.quarantine(&other, id(7))?;
        tx.quarantine(&other, id(8))?;
        tx.set_fork("S01-a", 5)?;
        tx.set_fork("S01-a", 6)
    });
    read(made, |tx| {
        assert_eq!((tx.log_state("S01-a")?.forked_at, tx.quarantined("S01-a")?), (Some(5), 1));
        assert_eq!(tx.log_state("S01-a")?.end.seq, 6, "nothing is lost");
        assert_eq!(lines(tx, "S01-a", 5)?.len(), 2);
        assert_eq!(lines_of(tx, "S01-001", &|_| 0)?.len(), 7, "six of one log, one of the other");
        assert_eq!(tx.fold_state("S01-001")?, FoldState::Current, "what was folded stays");
        assert_eq!(tx.fold_state("S01-002")?, FoldState::Current);
        Ok(())
    });
    write(made, |tx| tx.set_fork("S01-a", 2));
    assert_eq!(read(made, |tx| tx.log_state("S01-a")).forked_at, Some(2), "the first place counts");
    assert_eq!(read(made, |tx| lines_of(tx, "S01-001", &|_| 0)).len(), 7);
}

pub(super) fn a_fork_is_settled(made: &Made) {
    write(made, |tx| {
        (1..=6).try_for_each(|seq| append(tx, "S01-a", seq, Some(if seq > 4 { "S01-002" } else { "S01-001" })))?;
        tx.note_recovery("S01-a", 5)?;
        tx.set_restored("S01-a", 6)?;
        tx.put_given("S01-a", 4)?;
        tx.put_given("S01-a", 3)
    });
    write(made, |tx| ["S01-001", "S01-002"].iter().try_for_each(|subject| tx.set_folded(subject)));
    let other = |seq, n| StoredEntry { log: "S01-a", seq, id: id(n), line: b"other", subject: Some("S01-003") };
    let mark = |seq, n| KnownCheckpoint { epoch: 1, end: LogEnd { seq, head: id(n) } };
    write(made, |tx| {
        tx.quarantine(&other(5, 99), id(7))?;
        tx.set_fork("S01-a", 5)?;
        [mark(4, 4), mark(5, 5), mark(5, 99)].into_iter().try_for_each(|mark| tx.put_checkpoint("S01-a", mark))
    });
    read(made, |tx| {
        let mut aside = Vec::new();
        tx.aside("S01-a", &mut |_, seq, id, _| {
            aside.push((seq, id));
            Ok(())
        })?;
        assert_eq!((aside, tx.given("S01-a")?, tx.given("S01-b")?), (vec![(5, id(99))], 4, 0));
        assert!(!tx.is_settled("S01-a", 5, id(99))? && tx.settled("S01-a")?.is_empty());
        assert_eq!((tx.aside_at("S01-a", 5)?, tx.aside_at("S01-a", 4)?), (vec![id(99)], vec![]));
        Ok(())
    });
    write(made, |tx| {
        tx.take_out("S01-a", 5)?;
        tx.release_aside("S01-a")?;
        tx.append(&other(5, 99))?;
        tx.quarantine(&StoredEntry { subject: Some("S01-002"), ..other(5, 5) }, id(8))?;
        tx.drop_checkpoints("S01-a", 5)?;
        tx.settle("S01-a", 77)
    });
    read(made, |tx| {
        let end = LogEnd { seq: 5, head: id(99) };
        assert_eq!(tx.log_state("S01-a")?, LogState { end, forked_at: None, restored_at: None });
        assert_eq!((tx.quarantined("S01-a")?, tx.settled("S01-a")?), (0, vec![SettledCount { by: 77, entries: 1 }]));
        assert!(tx.is_settled("S01-a", 5, id(5))? && !tx.is_settled("S01-a", 5, id(99))?);
        assert_eq!(tx.aside_at("S01-a", 5)?, []);
        let put_aside = |by| {
            let mut found = Vec::new();
            tx.put_aside("S01-a", by, &mut |_, seq, id, line| {
                found.push((seq, id, line.to_vec()));
                Ok(())
            })?;
            Ok::<_, StoreError>(found)
        };
        assert_eq!((put_aside(77)?, put_aside(78)?), (vec![(5, id(5), b"other".to_vec())], vec![]));
        assert_eq!(tx.subjects()?, ["S01-001", "S01-003"], "of the other one nothing is held");
        assert_eq!((tx.fold_state("S01-001")?, tx.fold_state("S01-002")?), (FoldState::Current, FoldState::Absent));
        assert_eq!(tx.unfolded("", 9)?, ["S01-003"]);
        assert_eq!(tx.checkpoints("S01-a")?, [mark(4, 4), mark(5, 99)], "of entries that are held");
        tx.recovery_lines("S01-a", &mut |_, _, _, _| panic!("it went with its branch"))
    });
}

pub(super) fn texts_are_found_by_what_they_quote(made: &Made) {
    let text = |n| TextCommit([n; 32]);
    write(made, |tx| {
        [(1, 3), (1, 2), (1, 3), (4, 5)].into_iter().try_for_each(|(one, copy)| tx.put_quote(text(one), text(copy)))
    });
    read(made, |tx| {
        assert_eq!((tx.quotes(text(1))?, tx.quotes(text(3))?), (vec![text(2), text(3)], vec![]));
        Ok(())
    });
    write(made, |tx| {
        tx.quarantine(&StoredEntry { log: "S01-q", seq: 2, id: id(7), line: b"damaged", subject: None }, id(8))?;
        tx.mend_aside("S01-q", id(7), b"whole")
    });
    read(made, |tx| {
        tx.aside("S01-q", &mut |_, _, _, line| {
            assert_eq!(line, b"whole");
            Ok(())
        })
    });
}
