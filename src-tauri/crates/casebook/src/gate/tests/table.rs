//! Every act × every role × the states that matter to it. An act without a row of its own does not compile (`who`), and one
//! that is never permitted and never refused fails.

use super::stage::{AE, DM, HERE, MASKED, STUDY, Stage, THERE, VS, answer, cell, event, form, set, subject, words};
use super::trial;
use crate::act::*;
use crate::clock::{Instant, Tick};
use crate::gate::{Author, DeniedError, Thing, roles};
use crate::ids::EntryId;
use std::collections::{BTreeMap, BTreeSet};
use study::{CellKey, Missing, Oid};

const ROLES: [(char, Role); 6] = [
    ('a', Role::Administrator),
    ('n', Role::Nurse),
    ('i', Role::Investigator),
    ('m', Role::Monitor),
    ('d', Role::DataManager),
    ('x', Role::Assessor),
];

/// Who may write an act at all: administrator, nurse, investigator, monitor, data manager, masked assessor (x).
fn who(act: &Act) -> &'static str {
    match act {
        Act::DeviceEnrolled(_) | Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) => "a",
        Act::DeviceApproved(_) | Act::DeviceRevoked(_) | Act::LogSettled(_) => "d",
        Act::SessionOpened(_) => "animdx",
        Act::SessionRefused(_) | Act::ClockSuspected(_) | Act::AlarmRaised(_) => "",
        Act::SubjectRegistered(_) | Act::EventDated(_) | Act::EventAdded(_) | Act::EventMissed(_) => "ni",
        Act::ItemsSet(_) | Act::RowAdded(_) | Act::RowRemoved(_) | Act::FindingConfirmed(_) => "nix",
        Act::FormCompleted(_) | Act::FormReopened(_) | Act::FormNotDone(_) => "nix",
        Act::QueryRaised(_) => "nimdx",
        Act::QueryAnswered(_) => "nix",
        Act::QueryClosed(_) | Act::QueryReopened(_) => "md",
        Act::StudyPublished(_) | Act::TextRedacted(_) => "d",
        Act::StudyActivated(_) | Act::SubjectMigrated(_) => "ai",
        Act::BundleExported(_) | Act::ReceiptAccepted(_) | Act::LabRangeSet(_) => "ani",
        Act::BundleImported(_) => "anid",
        Act::DataExported(_) => "nid",
        Act::AllocationPublished(_) | Act::AllocationReleased(_) | Act::AllocationRefused(_) => "d",
        Act::AllocationRequested(_) | Act::AllocationRevealed(_) => "ni",
        Act::RecoverySealed(_) | Act::VaultRestored(_) => "",
        Act::RecoveryReleased(_) => "d",
        Act::UserPasswordChanged(act) if act.how == PasswordChange::Administrator => "a",
        Act::RecoveryUsed(_) | Act::UserPasswordChanged(_) => "animx",
        Act::BackupWritten(_) => "ani",
    }
}

type Said = Result<(), DeniedError>;

/// An act in a state, and what the gate says to those who may write it at all.
struct Case {
    stage: Stage,
    act: Act,
    said: Said,
    /// What it says to the masked role, where that differs.
    masked: Said,
}

#[derive(Default)]
pub(super) struct Cases(Vec<Case>);

impl Cases {
    pub(super) fn add(&mut self, stage: &Stage, act: impl Into<Act>, said: Said) {
        self.add_masked(stage, act, said, said);
    }

    pub(super) fn add_masked(&mut self, stage: &Stage, act: impl Into<Act>, said: Said, masked: Said) {
        self.0.push(Case { stage: stage.clone(), act: act.into(), said, masked });
    }

    /// An act that needs nothing before it.
    pub(super) fn free(&mut self, act: impl Into<Act>) {
        self.add(&Stage::registered(), act, Ok(()));
    }
}

pub(super) const fn no(thing: Thing) -> Said {
    Err(DeniedError::NoSuch(thing))
}

pub(super) const fn already(thing: Thing) -> Said {
    Err(DeniedError::Already(thing))
}

/// Data managers work at the center, everybody else at the device.
fn log_of(role: Role) -> Oid {
    if role == Role::DataManager { CENTER.into() } else { HERE.into() }
}

fn site_of(role: Role) -> Option<&'static str> {
    (role != Role::DataManager).then_some("S01")
}

/// What the gate says where nothing lies between role and act.
fn judge(case: &Case, role: Role, masked: bool) -> Said {
    let (log, by) = (log_of(role), Oid::from("nurse1"));
    let author = Author { log: &log, site: site_of(role), by: &by, role };
    match case.act.subject() {
        Some(_) if masked => case.stage.book.masked(&MASKED).permits(&MASKED, &author, &case.act),
        Some(_) => case.stage.book.permits(&STUDY, &author, &case.act),
        None => case.stage.trial_state.permits(&author, &case.act),
    }
}

#[test]
fn every_act_by_every_role_in_every_state() {
    let cases = cases();
    for (n, case) in cases.iter().enumerate() {
        for (letter, role) in ROLES {
            let expected = match role {
                _ if !who(&case.act).contains(letter) => Err(DeniedError::Role { may: roles(&case.act) }),
                Role::Assessor => case.masked,
                _ => case.said,
            };
            let place = format!("case {n}: {} as {role:?}", case.act.name());
            if role == Role::Assessor {
                assert_eq!(judge(case, role, true), expected, "{place}");
                // Whoever forgets the smaller study and book opens nothing: the marks of the study are asked, too.
                let whole = judge(case, role, false);
                assert!(whole == expected || whole.is_err(), "{place}, from the whole study and book: {whole:?}");
            } else {
                assert_eq!(judge(case, role, false), expected, "{place}");
            }
        }
    }
    let mut said: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    for case in &cases {
        said.entry(case.act.name()).or_default().insert(case.said.is_ok());
    }
    let missing: Vec<_> = Act::NAMES.iter().filter(|name| !said.contains_key(*name)).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
    let never: Vec<_> = said.iter().filter(|(_, said)| !said.contains(&true)).map(|(name, _)| *name).collect();
    assert!(never.is_empty(), "never permitted: {never:?}");
    let free: Vec<_> = said.iter().filter(|(_, said)| !said.contains(&false)).map(|(name, _)| *name).collect();
    assert_eq!(free, FREE, "acts that ask for nothing but a role");
}

/// The acts that need nothing before them but somebody who may.
const FREE: [&str; 19] = [
    "alarm.raised",
    "allocation.published",
    "allocation.refused",
    "allocation.released",
    "backup.written",
    "bundle.exported",
    "bundle.imported",
    "clock.suspected",
    "data.exported",
    "device.approved",
    "device.revoked",
    "log.settled",
    "receipt.accepted",
    "recovery.sealed",
    "session.opened",
    "session.refused",
    "study.activated",
    "study.published",
    "vault.restored",
];

/// A subject's book does not judge what is about no subject, nor the other way round, nor what is about another subject.
#[test]
fn an_act_at_the_wrong_door_is_denied() {
    let by = Oid::from("nurse1");
    for case in cases() {
        let may = ROLES.iter().find(|(letter, _)| who(&case.act).contains(*letter));
        let Some((_, role)) = may else { continue };
        let log = log_of(*role);
        let author = Author { log: &log, site: site_of(*role), by: &by, role: *role };
        let other = match case.act.subject() {
            Some(_) => case.stage.trial_state.permits(&author, &case.act),
            None => case.stage.book.permits(&STUDY, &author, &case.act),
        };
        assert_eq!(other, no(Thing::Subject), "{}", case.act.name());
        if case.act.subject().is_some() && !matches!(case.act, Act::SubjectRegistered(_)) {
            let unknown = Stage::blank().book.permits(&STUDY, &author, &case.act);
            assert_eq!(unknown, no(Thing::Subject), "{}", case.act.name());
        }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Cases::default();
    device(&mut cases);
    people(&mut cases);
    ways_back(&mut cases);
    transport(&mut cases);
    schedule(&mut cases);
    answers(&mut cases);
    disputes(&mut cases);
    rows(&mut cases);
    declarations(&mut cases);
    findings(&mut cases);
    queries(&mut cases);
    trial::versions(&mut cases);
    trial::allocation(&mut cases);
    trial::filling(&mut cases);
    cases.0
}

fn enrolled(device: &str) -> DeviceEnrolled {
    let (site, device, key) = ("S01".into(), device.into(), String::new());
    DeviceEnrolled { site, device, recipient: key.clone(), key, program: "1".into(), practice: false }
}

fn device(cases: &mut Cases) {
    let stage = Stage::blank();
    cases.add(&stage, enrolled(HERE), Ok(()));
    cases.add(&stage, enrolled(THERE), no(Thing::Device));
    let mut known = stage.clone();
    known.write(HERE, enrolled(HERE));
    cases.add(&known, enrolled(HERE), already(Thing::Device));
    // Finding H4: it draws other keys when somebody leaves; all of them, and none that it had.
    let other = DeviceEnrolled { key: "other".into(), recipient: "other".into(), ..enrolled(HERE) };
    cases.add(&known, other.clone(), Ok(()));
    cases.add(&known, DeviceEnrolled { key: String::new(), ..other.clone() }, already(Thing::Device));
    cases.add(&known, DeviceEnrolled { recipient: String::new(), ..other.clone() }, already(Thing::Device));
    cases.add(&known, DeviceEnrolled { practice: true, ..other.clone() }, already(Thing::Device));
    known.write(HERE, other.clone());
    cases.add(&known, other, already(Thing::Device));
    cases.add(&known, enrolled(HERE), already(Thing::Device));
    let (site, device) = (Oid::from("S01"), Oid::from(THERE));
    cases.free(DeviceApproved { site, device: device.clone(), key: String::new(), recipient: String::new() });
    let (kept, head) = (Branch::Held, EntryId([5; 32]));
    let (lost, unread) = (Vec::new(), Vec::new());
    cases.free(LogSettled { device: device.clone(), seq: 5, kept, head, reason: words(2), rest: None, lost, unread });
    cases.free(DeviceRevoked { device, reason: words(1) });
    cases.free(ClockSuspected { why: ClockFault::Backwards, tick: Tick::default(), against: Instant::from_ms(0) });
    cases.free(AlarmRaised { code: "rolled_back".into(), place: String::new() });
}

fn people(cases: &mut Cases) {
    let added = |user: &str| UserAdded {
        user: user.into(),
        name: "Sample".into(),
        role: Role::Nurse,
        key: None,
        must_change: false,
    };
    let closed = |user: &str| UserClosed { user: user.into(), reason: None };
    let changed = |user: &str| UserRoleChanged { user: user.into(), role: Role::Investigator };
    let mut stage = Stage::blank();
    cases.add(&stage, added("nurse1"), Ok(()));
    for user in ["nurse1", "nurse2", "nurse3"] {
        stage.write(HERE, added(user));
    }
    stage.write(HERE, closed("nurse3"));
    stage.write(THERE, added("nurse4"));
    cases.add(&stage, added("nurse2"), already(Thing::Account));
    // An id is never used again, and another device's accounts are its own.
    cases.add(&stage, added("nurse3"), already(Thing::Account));
    cases.add(&stage, added("nurse4"), Ok(()));
    cases.add(&stage, closed("nurse1"), Err(DeniedError::OwnAccount));
    cases.add(&stage, closed("nurse2"), Ok(()));
    for gone in ["nurse3", "nurse4", "nobody"] {
        cases.add(&stage, closed(gone), no(Thing::Account));
        cases.add(&stage, changed(gone), no(Thing::Account));
    }
    cases.add(&stage, changed("nurse2"), Ok(()));
    cases.free(SessionOpened { user: "nurse1".into() });
    cases.free(SessionRefused { user: None, failures: 1 });
}

fn ways_back(cases: &mut Cases) {
    use PasswordChange::{Administrator, Own, Recovery};
    let head = EntryId([5; 32]);
    cases.free(RecoverySealed { set: 1, codes: 10, sealed: "00".into() });
    cases.free(VaultRestored { seq: 1, head, said_by: None });
    cases.free(BackupWritten { seq: 1, head });
    let mut stage = Stage::blank();
    let changed = |user: &str, how| UserPasswordChanged { user: user.into(), how, key: None };
    for how in [Own, Recovery] {
        cases.add(&stage, changed("nurse1", how), no(Thing::Account));
    }
    let used = |user: &str| RecoveryUsed { set: 1, code: 1, user: user.into() };
    cases.add(&stage, used("nurse1"), no(Thing::Account));
    for user in ["nurse1", "nurse2", "nurse3"] {
        stage.write(
            HERE,
            UserAdded { user: user.into(), name: "Sample".into(), role: Role::Nurse, key: None, must_change: false },
        );
    }
    stage.write(HERE, UserClosed { user: "nurse3".into(), reason: None });
    cases.add(&stage, used("nurse1"), Ok(()));
    cases.add(&stage, used("nurse2"), no(Thing::Account));
    // One's own by oneself, another's as an administrator.
    for how in [Own, Recovery] {
        cases.add(&stage, changed("nurse1", how), Ok(()));
        cases.add(&stage, changed("nurse2", how), no(Thing::Account));
    }
    cases.add(&stage, changed("nurse2", Administrator), Ok(()));
    for none in ["nurse1", "nurse3", "nobody"] {
        cases.add(&stage, changed(none, Administrator), no(Thing::Account));
    }
    let released = |set, code| RecoveryReleased { device: HERE.into(), set, code, reason: words(1), user: None };
    cases.add(&stage, released(1, 1), no(Thing::Device));
    stage.write(HERE, RecoverySealed { set: 2, codes: 3, sealed: "00".into() });
    stage.write(HERE, RecoveryUsed { set: 2, code: 2, user: "nurse1".into() });
    stage.write(CENTER, released(2, 1));
    cases.add(&stage, released(2, 3), Ok(()));
    cases.add(&stage, released(2, 1), already(Thing::Code));
    cases.add(&stage, released(2, 2), already(Thing::Code));
    cases.add(&stage, released(2, 4), no(Thing::Code));
    cases.add(&stage, released(1, 3), no(Thing::Code));
}

fn transport(cases: &mut Cases) {
    let (bundle, head) = (EntryId([4; 32]), EntryId([5; 32]));
    cases.free(BundleExported { bundle, file: "x.bundle".into(), logs: Vec::new(), entries: 0 });
    cases.free(BundleImported { bundle, sender: "center".into(), logs: Vec::new(), entries: 0 });
    cases.free(ReceiptAccepted { bundle, log: HERE.into(), seq: 1, head, at: Instant::from_ms(0) });
    cases.free(DataExported { format: "pdf".into(), subjects: 1, file: None });
    let line = |bases: Vec<EntryId>| LabRangeSet {
        lab: "Laboratory".into(),
        analyte: "ALT".into(),
        sex: None,
        from: None,
        to: None,
        unit: None,
        low: None,
        high: Some("50".into()),
        bases,
    };
    let mut stage = Stage::blank();
    cases.add(&stage, line(Vec::new()), Ok(()));
    let first = stage.write(HERE, line(Vec::new()));
    cases.add(&stage, line(vec![first]), Ok(()));
    cases.add(&stage, line(vec![first, EntryId([200; 32])]), no(Thing::Line));
    stage.write(HERE, line(vec![first]));
    cases.add(&stage, line(vec![first]), no(Thing::Line));
}

fn schedule(cases: &mut Cases) {
    let registered = SubjectRegistered { subject: subject(), site: "S01".into() };
    cases.add(&Stage::blank(), registered.clone(), Ok(()));
    let mut stage = Stage::registered();
    cases.add(&stage, registered, already(Thing::Subject));
    let dated = |at: &str, reason: Option<crate::text::FreeTextId>| {
        let date = Some("2026-11-23".into());
        EventDated { subject: subject(), event: event(at), date, bases: Vec::new(), reason }
    };
    let missed = |at: &str| EventMissed { subject: subject(), event: event(at), reason: words(1), bases: Vec::new() };
    let added = |at: &str| EventAdded { subject: subject(), event: event(at) };
    for (at, said) in [
        ("SE.SCR[1]", Ok(())),
        ("SE.CN[3]", Ok(())),
        ("SE.SCR[2]", no(Thing::Event)),
        ("SE.CN[0]", no(Thing::Event)),
        ("SE.CN[x]", no(Thing::Event)),
        ("SE.NONE[1]", no(Thing::Event)),
    ] {
        cases.add(&stage, dated(at, None), said);
        cases.add(&stage, missed(at), said);
        cases.add(&stage, added(at), said);
    }
    stage.complete(HERE, DM);
    cases.add(&stage, dated("SE.SCR[1]", None), Ok(()));
    stage.date(HERE, "SE.SCR[1]", "2026-11-20");
    cases.add(&stage, added("SE.SCR[1]"), already(Thing::Event));
    // The date of a visit stands behind what was declared complete at it.
    cases.add(&stage, dated("SE.SCR[1]", None), Err(DeniedError::ReasonNeeded));
    cases.add(&stage, dated("SE.SCR[1]", Some(words(1))), Ok(()));
    stage.date(HERE, "SE.CN[1]", "2026-12-20");
    cases.add(&stage, dated("SE.CN[1]", None), Ok(()));
}

fn answers(cases: &mut Cases) {
    let stage = &mut Stage::registered();
    let sysbp = cell(VS, "IG.VS[1]/IT.VS.SYSBP");
    let says = |key: &CellKey| set(key, answer(key, "120"));
    cases.add(stage, says(&sysbp), Ok(()));
    // Closed to the masked role by the form, by the item, and as free text.
    for place in [(DM, "IG.DM[1]/IT.DM.BRTHDAT"), (VS, "IG.VS[1]/IT.VS.WEIGHT"), (VS, "IG.VS[1]/IT.VS.WHY")] {
        let thing = if place.0 == DM { Thing::Form } else { Thing::Cell };
        cases.add_masked(stage, says(&cell(place.0, place.1)), Ok(()), no(thing));
    }
    for (place, said) in [
        ("IG.VS[1]/IT.VS.PP", Err(DeniedError::Computed)),
        ("IG.VS[2]/IT.VS.SYSBP", no(Thing::Cell)),
        ("IG.VS[1]/IT.DM.SEX", no(Thing::Cell)),
        ("IG.AE[1]/IT.AE.GRADE", no(Thing::Cell)),
    ] {
        cases.add(stage, says(&cell(VS, place)), said);
    }
    cases.add(stage, says(&cell("SE.LOG[1]/F.VS[1]", "IG.VS[1]/IT.VS.SYSBP")), no(Thing::Form));
    let missing = |key: &CellKey, why| set(key, ItemSet { value: None, missing: Some(why), ..answer(key, "") });
    cases.add(stage, missing(&sysbp, Missing::Refused), Ok(()));
    let weight = cell(VS, "IG.VS[1]/IT.VS.WEIGHT");
    cases.add_masked(stage, missing(&weight, Missing::NotDone), Ok(()), no(Thing::Cell));
    cases.add_masked(stage, missing(&weight, Missing::Refused), no(Thing::Reason), no(Thing::Cell));
    // One answer that may not be given keeps the others of the act out.
    let (mut both, more) = (answer(&sysbp, "120"), answer(&cell(VS, "IG.VS[1]/IT.VS.PP"), "40"));
    both.bases.clear();
    let both = ItemsSet { subject: subject(), form: form(VS), items: vec![both, more] };
    cases.add(stage, both, Err(DeniedError::Computed));
    for declare in [Stage::complete, Stage::not_done] {
        let mut declared = stage.clone();
        declare(&mut declared, HERE, VS);
        cases.add(&declared, says(&sysbp), Err(DeniedError::ReasonNeeded));
        let why = ItemSet { reason: Some(words(1)), ..answer(&sysbp, "120") };
        cases.add(&declared, set(&sysbp, why), Ok(()));
        // What another device declared is known here, too.
        let mut declared = stage.clone();
        declare(&mut declared, THERE, VS);
        cases.add(&declared, says(&sysbp), Err(DeniedError::ReasonNeeded));
    }
}

fn disputes(cases: &mut Cases) {
    let key = cell(VS, "IG.VS[1]/IT.VS.SYSBP");
    let mut stage = Stage::registered();
    stage.dispute(&key, "120", "130");
    let heads = stage.book.cell_bases(&key);
    let resolved =
        |bases: &[EntryId], reason| set(&key, ItemSet { bases: bases.to_vec(), reason, ..answer(&key, "125") });
    cases.add(&stage, resolved(&heads, Some(words(1))), Ok(()));
    cases.add(&stage, resolved(&heads, None), Err(DeniedError::Conflict));
    cases.add(&stage, resolved(&heads[..1], Some(words(1))), Err(DeniedError::Conflict));
}

fn rows(cases: &mut Cases) {
    let (live, gone, unknown) = ("1.1", "1.2", "1.3");
    let mut stage = Stage::registered();
    stage.add_row(HERE, live);
    stage.add_row(HERE, gone);
    stage.put(HERE, &cell(AE, "IG.AE[1.2]/IT.AE.GRADE"), "2");
    stage.remove_row(HERE, gone);
    let says = |repeat: &str| {
        let key = cell(AE, &format!("IG.AE[{repeat}]/IT.AE.GRADE"));
        set(&key, answer(&key, "1"))
    };
    let added = |group: &str, repeat: &str, bases: Vec<EntryId>| {
        let (form, group, repeat) = (form(AE), group.into(), repeat.into());
        RowAdded { subject: subject(), form, group, repeat, bases }
    };
    for (repeat, said) in [(live, Ok(())), (gone, no(Thing::Row)), (unknown, no(Thing::Row))] {
        cases.add(&stage, says(repeat), said);
        cases.add(&stage, stage.removal(repeat), said);
    }
    cases.add(&stage, added("IG.AE", unknown, Vec::new()), Ok(()));
    cases.add(&stage, added("IG.AE", live, Vec::new()), already(Thing::Row));
    cases.add(&stage, added("IG.AE", gone, Vec::new()), already(Thing::Row));
    let back = stage.book.row_bases(&form(AE), &"IG.AE".into(), &gone.into());
    cases.add(&stage, added("IG.AE", gone, back), Ok(()));
    cases.add(&stage, added("IG.AES", unknown, Vec::new()), no(Thing::Group));
    cases.add(&stage, added("IG.VS", unknown, Vec::new()), no(Thing::Group));
    let single = RowRemoved { group: "IG.AES".into(), repeat: "1".into(), ..stage.removal(live) };
    cases.add(&stage, single, no(Thing::Group));
    // Somebody added to the row meanwhile: it stands again.
    let mut revived = stage.clone();
    revived.write(THERE, says(gone));
    cases.add(&revived, says("1.1"), Ok(()));
    cases.add(&revived, revived.removal(gone), Ok(()));
    // A row that was added after the form was declared complete needs no reasons.
    let mut late = stage.clone();
    late.complete(HERE, AE);
    cases.add(&late, says(live), Err(DeniedError::ReasonNeeded));
    cases.add(&late, added("IG.AE", unknown, Vec::new()), Ok(()));
    late.add_row(HERE, unknown);
    cases.add(&late, says(unknown), Ok(()));
    cases.add(&late, late.removal(live), Ok(()));
}

fn declarations(cases: &mut Cases) {
    let completed = |at: &str| FormCompleted { subject: subject(), form: form(at), bases: Vec::new() };
    let reopened = |at: &str| FormReopened { subject: subject(), form: form(at), reason: words(1), bases: Vec::new() };
    let not_done = |at: &str| FormNotDone { subject: subject(), form: form(at), reason: words(1), bases: Vec::new() };
    let mut stage = Stage::registered();
    // Nothing entered: adverse events ask for no row, the demographics for answers.
    cases.add(&stage, completed(AE), Ok(()));
    cases.add_masked(&stage, completed(DM), Err(DeniedError::Blocked), no(Thing::Form));
    cases.add(&stage, completed("SE.LOG[1]/F.DM[1]"), no(Thing::Form));
    cases.add(&stage, reopened(AE), no(Thing::Declaration));
    cases.add(&stage, not_done(AE), Ok(()));
    cases.add_masked(&stage, not_done(DM), Ok(()), no(Thing::Form));
    stage.add_row(HERE, "1.1");
    cases.add(&stage, not_done(AE), Ok(()));
    stage.put(HERE, &cell(AE, "IG.AE[1.1]/IT.AE.GRADE"), "2");
    cases.add(&stage, not_done(AE), Err(DeniedError::HasData));
    // The term is lacking; to the masked role, who is not asked for free text, nothing is.
    cases.add_masked(&stage, completed(AE), Err(DeniedError::Blocked), Ok(()));
    stage.put(HERE, &cell(AE, "IG.AE[1.1]/IT.AE.TERM"), "x");
    cases.add(&stage, completed(AE), Ok(()));
    stage.put(HERE, &cell(AE, "IG.AE[1.1]/IT.AE.GRADE"), "7");
    cases.add(&stage, completed(AE), Err(DeniedError::Blocked));
    stage.put(HERE, &cell(AE, "IG.AE[1.1]/IT.AE.GRADE"), "2");
    stage.complete(HERE, AE);
    cases.add(&stage, completed(AE), already(Thing::Declaration));
    cases.add(&stage, reopened(AE), Ok(()));
    let mut stage = Stage::registered();
    stage.not_done(HERE, AE);
    cases.add(&stage, reopened(AE), Ok(()));
    cases.add(&stage, completed(AE), Ok(()));
}

fn findings(cases: &mut Cases) {
    let (sysbp, diabp) = (cell(VS, "IG.VS[1]/IT.VS.SYSBP"), cell(VS, "IG.VS[1]/IT.VS.DIABP"));
    let mut stage = Stage::registered();
    stage.put(HERE, &sysbp, "190");
    stage.put(HERE, &diabp, "195");
    let held = stage.book.cell(&sysbp).expect("an answer").findings().to_vec();
    let of = |severity| held.iter().find(|finding| finding.severity == severity).expect("a finding").clone();
    let confirmed = |key: &CellKey, finding: &crate::book::Finding| FindingConfirmed {
        subject: subject(),
        form: key.form.clone(),
        group: key.group.clone(),
        repeat: key.group_repeat.clone(),
        item: key.item.clone(),
        rule: finding.rule.clone(),
        comment: words(1),
        operands: finding.operands.clone(),
    };
    let (soft, hard) = (of(study::Severity::Soft), of(study::Severity::Hard));
    cases.add(&stage, confirmed(&sysbp, &soft), Ok(()));
    cases.add(&stage, confirmed(&sysbp, &hard), no(Thing::Finding));
    cases.add(&stage, confirmed(&diabp, &soft), no(Thing::Finding));
    cases.add(&stage, confirmed(&cell(VS, "IG.VS[1]/IT.NONE"), &soft), no(Thing::Cell));
    // The value that the rule read is another one now.
    stage.put(HERE, &sysbp, "191");
    cases.add(&stage, confirmed(&sysbp, &soft), no(Thing::Finding));
}

fn queries(cases: &mut Cases) {
    let (key, hidden) = (cell(VS, "IG.VS[1]/IT.VS.SYSBP"), cell(DM, "IG.DM[1]/IT.DM.SEX"));
    let raised = |key: &CellKey| QueryRaised {
        subject: subject(),
        form: key.form.clone(),
        group: key.group.clone(),
        repeat: key.group_repeat.clone(),
        item: key.item.clone(),
        question: words(1),
    };
    let answered = |query| QueryAnswered { subject: subject(), query, answer: words(1), bases: Vec::new() };
    let closed = |query| QueryClosed { subject: subject(), query, comment: None, bases: Vec::new() };
    let reopened = |query| QueryReopened { subject: subject(), query, reason: words(1), bases: Vec::new() };
    let mut stage = Stage::registered();
    cases.add(&stage, raised(&key), Ok(()));
    cases.add_masked(&stage, raised(&hidden), Ok(()), no(Thing::Form));
    cases.add(&stage, raised(&cell(VS, "IG.VS[1]/IT.NONE")), no(Thing::Cell));
    let (query, secret) = (stage.raise(THERE, &key), stage.raise(THERE, &hidden));
    let unknown = EntryId([201; 32]);
    let mut steps = |stage: &Stage, query, said: [Said; 3]| {
        cases.add(stage, answered(query), said[0]);
        cases.add(stage, closed(query), said[1]);
        cases.add(stage, reopened(query), said[2]);
    };
    steps(&stage, unknown, [no(Thing::Query); 3]);
    steps(&stage, query, [Ok(()), Ok(()), no(Thing::Query)]);
    stage.reply(HERE, query);
    steps(&stage, query, [no(Thing::Query), Ok(()), Ok(())]);
    stage.close(THERE, query);
    steps(&stage, query, [no(Thing::Query), no(Thing::Query), Ok(())]);
    cases.add_hidden(&stage, answered(secret));
}

impl Cases {
    /// The masked role does not learn that there is such a query: the whole study names the form, the smaller book nothing.
    fn add_hidden(&mut self, stage: &Stage, act: QueryAnswered) {
        let (log, by) = (Oid::from(HERE), Oid::from("reader1"));
        let author = Author { log: &log, site: Some("S01"), by: &by, role: Role::Assessor };
        let act = Act::from(act);
        assert_eq!(stage.book.permits(&STUDY, &author, &act), no(Thing::Form));
        assert_eq!(stage.book.masked(&MASKED).permits(&MASKED, &author, &act), no(Thing::Query));
    }
}
