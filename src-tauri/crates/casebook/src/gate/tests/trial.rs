//! Cases of the table about what the whole trial shares: versions of the study, allocation and the form that it fills in.

use super::stage::{HERE, RAND, Stage, THERE, VS, answer, cell, reveal, set, subject, words};
use super::table::{Cases, already, no};
use crate::act::*;
use crate::gate::{DeniedError, Thing};
use crate::ids::{EntryId, TextCommit};
use study::Oid;

pub(super) fn versions(cases: &mut Cases) {
    let migrated = |from: &str, to: &str| SubjectMigrated {
        subject: subject(),
        from: from.into(),
        to: to.into(),
        reason: words(1),
        bases: Vec::new(),
    };
    let mut stage = Stage::registered();
    cases.add(&stage, migrated("MDV.1", "MDV.2"), Ok(()));
    cases.add(&stage, migrated("MDV.2", "MDV.1"), no(Thing::Version));
    cases.add(&stage, migrated("MDV.1", "MDV.1"), already(Thing::Version));
    // Two devices moved the subject to different versions: naming the one that holds meanwhile settles it.
    stage.write(HERE, migrated("MDV.1", "MDV.2"));
    stage.write(THERE, migrated("MDV.1", "MDV.3"));
    cases.add(&stage, migrated("MDV.1", "MDV.1"), Ok(()));
    let (version, file) = (Oid::from("MDV.2"), "ab".to_owned());
    let (effective, approval) = ("2026-12-01".to_owned(), "EC 7".to_owned());
    cases.free(StudyActivated { version: version.clone(), file: file.clone() });
    cases.free(StudyPublished { version, file, effective, approval, sites: Vec::new() });
    let text = TextCommit([3; 32]);
    cases.free(TextRedacted { subject: None, text, reason: words(1) });
    cases.free(TextRedacted { subject: Some(subject()), text, reason: words(1) });
    let other = TextRedacted { subject: Some("S01-002".into()), text, reason: words(1) };
    cases.add(&Stage::registered(), other, no(Thing::Subject));
}

pub(super) fn allocation(cases: &mut Cases) {
    let root = EntryId([99; 32]);
    cases.free(AllocationPublished { root, strata: 1, slots: 2 });
    cases.free(AllocationReleased {
        device: HERE.into(),
        subject: subject(),
        stratum: 0,
        slot: 1,
        number: 1,
        code: "x".into(),
        again: false,
        deviation: None,
    });
    cases.free(AllocationRefused { code: "x".into(), device: None, why: "full".into() });
    let requested = AllocationRequested { subject: subject(), root, stratum: 0, factors: Vec::new(), number: 1 };
    let mut stage = Stage::registered();
    cases.add(&stage, requested.clone(), Ok(()));
    let unknown = EntryId([202; 32]);
    cases.add(&stage, reveal(unknown), no(Thing::Request));
    let mut elsewhere = stage.clone();
    let theirs = elsewhere.request(THERE);
    cases.add(&elsewhere, requested.clone(), Err(DeniedError::Conflict));
    cases.add(&elsewhere, reveal(theirs), no(Thing::Request));
    let own = stage.request(HERE);
    cases.add(&stage, requested, Err(DeniedError::Conflict));
    cases.add(&stage, reveal(own), Ok(()));
    let other_stratum = AllocationRevealed { stratum: 1, ..reveal(own) };
    cases.add(&stage, other_stratum, no(Thing::Request));
    stage.reveal(HERE, own);
    cases.add(&stage, reveal(own), already(Thing::Allocation));
}

/// The form that an allocation fills in: nobody types into it, the reveal does, once, and a person settles what two
/// reveals left.
pub(super) fn filling(cases: &mut Cases) {
    let arm = cell(RAND, "IG.RAND[1]/IT.ARM");
    let says = |value: &str| set(&arm, answer(&arm, value));
    let mut stage = Stage::registered();
    let never = |cases: &mut Cases, stage: &Stage| {
        cases.add_masked(stage, says("SIT"), Err(DeniedError::Allocated), no(Thing::Form));
    };
    never(cases, &stage);
    let own = stage.request(HERE);
    never(cases, &stage);
    let mut elsewhere = stage.clone();
    elsewhere.reveal(THERE, own);
    never(cases, &elsewhere);
    stage.reveal(HERE, own);
    cases.add_masked(&stage, says("SIT"), Ok(()), no(Thing::Form));
    stage.date(HERE, "SE.SCR[1]", "2026-11-23");
    cases.add_masked(&stage, says("SIT"), Ok(()), no(Thing::Form));
    let mut later = stage.clone();
    later.put(HERE, &cell(VS, "IG.VS[1]/IT.VS.SYSBP"), "120");
    never(cases, &later);
    stage.put(HERE, &arm, "SIT");
    never(cases, &stage);
    stage.write(THERE, set(&arm, answer(&arm, "SUP")));
    let bases = stage.book.cell_bases(&arm);
    assert_eq!(bases.len(), 2);
    let resolved =
        |value: &str| set(&arm, ItemSet { bases: bases.clone(), reason: Some(words(1)), ..answer(&arm, value) });
    cases.add_masked(&stage, resolved("SUP"), Ok(()), no(Thing::Form));
    cases.add_masked(&stage, resolved("PRO"), Err(DeniedError::Allocated), no(Thing::Form));
}
