//! Allocation at the center: each attack that the randomisation sheet names, at the telephone and at the next bundle.

use crate::device::{Desk, Device, STUDY, stamp};
use allocation::{ReleaseCode, RequestCode, SlotKey, SlotList};
use casebook::EntryId;
use casebook::act::{AllocationRequested, AllocationRevealed};
use center::{AlarmKind, Branch, Center, CenterError, Choice, Founding, ReleaseError, SettleError};
use std::fs;
use study::Oid;
use tempfile::TempDir;

/// A study that allocates: two arms, one stratum, as the study file says it.
pub fn study() -> String {
    let settings = "<Alias Context=\"urn:outpost:odm:1:setting:ALLOC_BLOCKS\" Name=\"2 4 | test\"/>\
                    <Alias Context=\"urn:outpost:odm:1:setting:ALLOC_SLOTS\" Name=\"12 | test\"/></Protocol>";
    let item = "<ItemDef OID=\"IT.DM.SEX\"";
    let (before, after) = STUDY.split_once(item).expect("the item");
    let arm = "<Alias Context=\"urn:outpost:odm:1:means\" Name=\"subject.arm\"/></ItemDef>";
    format!("{before}{item}{}", after.replacen("</ItemDef>", arm, 1)).replacen("</Protocol>", settings, 1)
}

/// The same in two strata, by an item of the form with the arm.
fn stratified() -> String {
    let item = "<ItemDef OID=\"IT.DM.STRATUM\" Name=\"Stratum\" DataType=\"text\" Length=\"1\">\
                <CodeListRef CodeListOID=\"CL.SEX\"/>\
                <Alias Context=\"urn:outpost:odm:1:means\" Name=\"allocation.stratum\"/></ItemDef>";
    let arm = "<ItemDef OID=\"IT.DM.SEX\"";
    let consent = "<ItemRef ItemOID=\"IT.DM.CONSENT\" Mandatory=\"Yes\"/>";
    let asked = format!("{consent}<ItemRef ItemOID=\"IT.DM.STRATUM\" Mandatory=\"No\"/>");
    study().replace(arm, &format!("{item}{arm}")).replace(consent, &asked)
}

pub fn center(practice: bool) -> Desk {
    center_of(&study(), practice)
}

fn center_of(study: &str, practice: bool) -> Desk {
    let folder = TempDir::new().expect("a temporary folder");
    let founding = Founding {
        study_name: "study.xml",
        study: study.as_bytes(),
        functions: &study::Functions::default(),
        practice,
    };
    let center = Center::init(folder.path(), &founding, &stamp(0)).expect("a good study");
    center.add_site(&stamp(1), "S01", "Sample hospital").expect("a good name");
    Desk { center, folder }
}

/// A center that has dealt, with an approved device of one site.
pub fn dealt() -> (Desk, Device) {
    let desk = center(false);
    desk.center.make_allocation(&stamp(1), None).expect("dealt");
    let device = approved(&desk, "S01-k7f2m3pq");
    (desk, device)
}

pub fn approved(desk: &Desk, log: &str) -> Device {
    let mut device = Device::new(desk, log);
    device.enrol();
    desk.send(&device.export(1));
    desk.center.approve(&stamp(2), log).expect("it waits");
    desk.center.import_waiting(&stamp(3), log).expect("a good bundle");
    device
}

/// Asks for a subject as the site does, and gives the code that is read out.
pub fn ask(device: &mut Device, subject: u32, number: u32) -> RequestCode {
    ask_in(0, device, subject, number)
}

fn ask_in(stratum: u32, device: &mut Device, subject: u32, number: u32) -> RequestCode {
    let key = Oid::from(format!("{}-{subject:03}", device.site));
    let root = EntryId([9; 32]);
    let id = device.write(AllocationRequested { subject: key, root, stratum, factors: Vec::new(), number });
    RequestCode::new(&device.log, subject, stratum, number, id).expect("within bounds")
}

pub fn refused(desk: &Desk, code: &RequestCode) -> ReleaseError {
    match desk.center.release(&stamp(9), &code.to_string(), None, None) {
        Err(CenterError::NotReleased(why)) => why,
        other => panic!("refused, not {other:?}"),
    }
}

/// The arm, as the site learns it from the code read back.
pub fn reveal(desk: &Desk, code: &RequestCode) -> (u32, String) {
    let released = desk.center.release(&stamp(9), &code.to_string(), None, None).expect("released");
    let release = ReleaseCode::read(&released.code).expect("a code");
    (release.slot(), list(desk).open(0, release.slot(), &release.key(code)).expect("the slot's key"))
}

fn list(desk: &Desk) -> SlotList {
    SlotList::read(&fs::read(desk.folder.path().join("allocation/slots.ndjson")).expect("public")).expect("a list")
}

fn tell(device: &mut Device, code: &RequestCode, request: EntryId, slot: u32, arm: &str) {
    let subject = Oid::from(format!("{}-{:03}", device.site, code.subject));
    device.write(AllocationRevealed { subject: subject.clone(), request, stratum: 0, slot, arm: arm.into() });
    device.put(&subject, "SE.SCR[1]/F.DM[1]", "IG.DM", "IT.DM.SEX", casebook::Stored::Plain(arm.into()));
}

#[test]
fn an_honest_course_raises_nothing_and_passes_the_audit() {
    let (desk, mut device) = dealt();
    for (subject, number) in [(1, 1), (2, 2), (3, 3)] {
        device.register(subject);
        let code = ask(&mut device, subject, number);
        let request = device.head();
        let (slot, arm) = reveal(&desk, &code);
        assert_eq!(slot, number, "strictly in the order of the stratum");
        tell(&mut device, &code, request, slot, &arm);
    }
    assert_eq!(desk.send(&device.export(1))[0].alarms, []);
    let status = desk.center.status().expect("status").allocation.expect("it deals");
    assert_eq!(status.strata[0].released, 3);
    assert!(status.subjects.iter().all(|one| one.state == "released, revealed"), "{:?}", status.subjects);
    let audit = desk.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && audit.released == 3, "{audit:?}");
}

#[test]
fn reuse_the_same_code_gets_the_same_answer_and_no_other_slot() {
    let (desk, mut device) = dealt();
    let code = ask(&mut device, 1, 1);
    let first = reveal(&desk, &code);
    let again = desk.center.release(&stamp(10), &code.to_string().to_lowercase(), None, None).expect("as before");
    assert!(again.again);
    assert_eq!(reveal(&desk, &code), first);
    let next = ask(&mut device, 1, 2);
    assert_eq!(refused(&desk, &next), ReleaseError::SubjectTaken, "one subject has one slot");
    let other = ask(&mut device, 2, 3);
    assert_eq!(reveal(&desk, &other).0, 2, "a refusal for good does not stop the next subject");
    assert!(desk.center.audit_allocation().expect("an audit").is_good());
}

#[test]
fn skipping_a_request_that_was_never_called_in_comes_first() {
    let (desk, mut device) = dealt();
    let first = ask(&mut device, 1, 1);
    let second = ask(&mut device, 2, 2);
    assert_eq!(
        refused(&desk, &second),
        ReleaseError::Skipped,
        "selective registration: patient 1 may not be passed over"
    );
    assert_eq!(reveal(&desk, &first).0, 1);
    assert_eq!(reveal(&desk, &second).0, 2);
}

#[test]
fn clone_reveal_rollback_gets_no_second_look() {
    let (desk, mut device) = dealt();
    device.register(1);
    let mut clone = device.clone();
    let (slot, arm) = reveal(&desk, &ask(&mut clone, 1, 1));
    // The arm did not please: the copy is thrown away, and another patient asked for instead.
    device.register(2);
    let other = ask(&mut device, 2, 1);
    assert_eq!(refused(&desk, &other), ReleaseError::OtherRequest);
    let alarms = desk.center.status().expect("status").alarms;
    assert!(alarms.iter().any(|alarm| alarm.kind == "allocation_request"), "{alarms:?}");
    // Nor may the same patient be asked for again from the copy that was turned back.
    let mut third = clone.clone();
    third.lines.truncate(third.lines.len() - 1);
    third.register(3);
    assert_eq!(refused(&desk, &ask(&mut third, 1, 1)), ReleaseError::OtherRequest);
    // What was released stays the patient's, as a deviation that the log gives a reason for.
    let again = ask(&mut third, 1, 2);
    let released =
        desk.center.release(&stamp(20), &again.to_string(), None, Some("backup restored")).expect("a deviation");
    assert_eq!((released.slot, released.again), (slot, true));
    let release = ReleaseCode::read(&released.code).expect("a code");
    assert_eq!(list(&desk).open(0, slot, &release.key(&again)), Ok(arm));
}

#[test]
fn what_was_done_without_calling_is_named_when_the_bundle_comes() {
    let (desk, mut device) = dealt();
    device.register(1);
    let mut honest = device.clone();
    reveal(&desk, &ask(&mut honest, 1, 1));
    // The vault is turned back and goes on without that request.
    device.register(2);
    ask(&mut device, 2, 1);
    assert_eq!(desk.send(&device.export(1))[0].alarms, [AlarmKind::Request]);
    let line = desk.send(&honest.export(1))[0].to_string();
    assert!(line.contains("fork") && line.contains("clone"), "{line}");
    assert_eq!(refused(&desk, &ask(&mut device, 3, 2)), ReleaseError::Forked, "until people have settled it");
}

#[test]
fn two_devices_never_share_a_slot_and_a_subject_has_one_device() {
    let (desk, mut one) = dealt();
    let mut two = approved(&desk, "S01-aaaaaaaa");
    assert_eq!(reveal(&desk, &ask(&mut one, 1, 1)).0, 1);
    assert_eq!(refused(&desk, &ask(&mut two, 1, 1)), ReleaseError::SubjectTaken);
    assert_eq!(reveal(&desk, &ask(&mut two, 2, 2)).0, 2);
    assert_eq!(reveal(&desk, &ask(&mut one, 3, 2)).0, 3);
}

#[test]
fn an_arm_by_hand_is_named() {
    let (desk, mut device) = dealt();
    let subject = device.register(1);
    device.put(&subject, "SE.SCR[1]/F.DM[1]", "IG.DM", "IT.DM.SEX", casebook::Stored::Plain("M".into()));
    assert_eq!(desk.send(&device.export(1))[0].alarms, [AlarmKind::Arm]);
    let code = ask(&mut device, 1, 1);
    let request = device.head();
    let (slot, arm) = reveal(&desk, &code);
    let other = if arm == "M" { "F" } else { "M" };
    tell(&mut device, &code, request, slot, other);
    let found = desk.send(&device.export(1))[0].alarms.clone();
    assert_eq!(found, [AlarmKind::Unreleased, AlarmKind::Arm]);
    assert!(desk.center.status().expect("status").alarms.len() >= 3);
}

#[test]
fn a_device_that_is_unknown_waiting_or_revoked_gets_nothing() {
    let (desk, mut device) = dealt();
    let mut stranger = Device::new(&desk, "S01-bbbbbbbb");
    stranger.enrol();
    assert_eq!(refused(&desk, &ask(&mut stranger, 1, 1)), ReleaseError::UnknownDevice);
    desk.send(&stranger.export(1));
    assert_eq!(refused(&desk, &ask(&mut stranger, 1, 2)), ReleaseError::Waiting);
    desk.center.revoke(&stamp(5), &device.log, "stolen").expect("revoked");
    assert_eq!(refused(&desk, &ask(&mut device, 1, 1)), ReleaseError::Revoked);
}

#[test]
fn a_mistyped_code_releases_nothing_and_is_not_a_request() {
    let (desk, mut device) = dealt();
    let code = ask(&mut device, 1, 1).to_string();
    let wrong = format!("{}{}", if code.starts_with('0') { "1" } else { "0" }, &code[1..]);
    assert!(matches!(desk.center.release(&stamp(9), &wrong, None, None), Err(CenterError::Code(_))));
    let status = desk.center.status().expect("status").allocation.expect("it deals");
    assert_eq!((status.refused, status.strata[0].released), (0, 0));
}

/// The next slot follows from nothing that a site has: not from the slots opened so far, not from their keys.
#[test]
fn a_key_opens_its_slot_and_nothing_else() {
    let (desk, mut device) = dealt();
    let list = list(&desk);
    let mut keys: Vec<SlotKey> = Vec::new();
    for number in 1..=4 {
        let code = ask(&mut device, number, number);
        let released = desk.center.release(&stamp(9), &code.to_string(), None, None).expect("released");
        keys.push(ReleaseCode::read(&released.code).expect("a code").key(&code));
    }
    for slot in 5..=list.slots() {
        assert!(keys.iter().all(|key| list.open(0, slot, key).is_err()), "slot {slot}");
    }
}

/// The clock decides nothing: whatever the wall says, slots are dealt in the order of the stratum.
#[test]
fn a_wrong_clock_changes_nothing() {
    let (desk, mut device) = dealt();
    let first = ask(&mut device, 1, 1);
    let early = stamp(-1_000_000);
    let released = desk.center.release(&early, &first.to_string(), None, None).expect("released");
    assert_eq!(released.slot, 1);
    assert_eq!(reveal(&desk, &ask(&mut device, 2, 2)).0, 2);
}

#[test]
fn the_list_cannot_be_exchanged_after_it_was_published() {
    let (desk, mut device) = dealt();
    assert!(matches!(desk.center.make_allocation(&stamp(4), None), Err(CenterError::AllocationMade)), "dealt once");
    reveal(&desk, &ask(&mut device, 1, 1));
    let folder = desk.folder.path().join("allocation");
    let other = center(false);
    other.center.make_allocation(&stamp(1), None).expect("dealt");
    for name in ["slots.ndjson", "ledger.ndjson"] {
        fs::copy(other.folder.path().join("allocation").join(name), folder.join(name)).expect("exchanged");
    }
    let audit = desk.center.audit_allocation().expect("an audit");
    assert!(!audit.published && !audit.signed && audit.opens && audit.blocks, "{audit:?}");
}

#[test]
fn a_seed_is_for_practice_and_settles_the_arms_but_not_the_keys() {
    assert!(matches!(center(false).center.make_allocation(&stamp(1), Some(7)), Err(CenterError::Seed)));
    let arms = |seed| {
        let desk = center(true);
        desk.center.make_allocation(&stamp(1), Some(seed)).expect("dealt");
        let ledger = fs::read_to_string(desk.folder.path().join("allocation/ledger.ndjson")).expect("a ledger");
        let line = |line: &str| line.split(",\"key\"").next().unwrap_or_default().to_owned();
        let root = list(&desk).root();
        (ledger.lines().map(line).collect::<Vec<_>>(), root)
    };
    let (once, again, other) = (arms(7), arms(7), arms(8));
    assert_eq!(once.0, again.0);
    assert_ne!(once.1, again.1, "keys are drawn anew each time");
    assert_ne!(once.0, other.0);
}

#[test]
fn a_study_that_allocates_nothing_deals_nothing() {
    let desk = Desk::new();
    assert!(matches!(desk.center.make_allocation(&stamp(1), None), Err(CenterError::NothingAllocated)));
    assert!(desk.center.status().expect("status").allocation.is_none());
}

/// A device that claims to have asked more often than anybody can is judged as fast as any other.
#[test]
fn a_request_with_an_absurd_number_is_judged_at_once() {
    let (desk, mut device) = dealt();
    device.register(1);
    reveal(&desk, &ask(&mut device, 1, 1));
    device.register(2);
    for (number, stratum) in [(u32::MAX, 0), (0, 0), (4_096, u32::MAX)] {
        let (subject, root) = (Oid::from("S01-002"), EntryId([9; 32]));
        device.write(AllocationRequested { subject, root, stratum, factors: Vec::new(), number });
    }
    let started = std::time::Instant::now();
    let taken = desk.send(&device.export(1)).remove(0);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert_eq!((taken.outcome.to_string(), taken.alarms), ("accepted 6 entries".to_owned(), Vec::new()));
    let status = desk.center.status().expect("status").allocation.expect("it deals");
    let stand: Vec<_> = status.subjects.iter().map(|one| (&*one.subject, one.slot, one.state)).collect();
    let expected =
        [("S01-001", Some(1), "released, request received"), ("S01-002", None, "requested, never called in")];
    assert_eq!(stand, expected);
}

/// A request whose predecessor was released and is missing from the log is named, wherever in the order it stands.
#[test]
fn a_log_that_leaves_out_a_released_request_is_named() {
    let (desk, mut device) = dealt();
    let mut before = device.clone();
    reveal(&desk, &ask(&mut device, 1, 1));
    reveal(&desk, &ask(&mut device, 2, 2));
    ask(&mut before, 4, 3);
    assert_eq!(desk.send(&before.export(1))[0].alarms, [AlarmKind::Request], "requests 1 and 2 are left out");
    let (desk, mut device) = dealt();
    reveal(&desk, &ask(&mut device, 1, 1));
    reveal(&desk, &ask(&mut device, 2, 2));
    ask(&mut device, 4, 3);
    assert_eq!(desk.send(&device.export(1))[0].alarms, [], "nothing is");
}

/// Every refusal, its name, and whether the device's next request is in turn after it.
#[test]
fn strata_have_an_end_and_there_are_only_so_many() {
    let (desk, mut device) = dealt();
    assert_eq!(refused(&desk, &ask_in(1, &mut device, 1, 1)), ReleaseError::NoStratum);
    assert_eq!(refused(&desk, &ask_in(255, &mut device, 1, 2)), ReleaseError::NoStratum, "for good: 3 is in turn");
    for number in 3..=14 {
        assert_eq!(reveal(&desk, &ask(&mut device, number, number)).0, number - 2);
    }
    assert_eq!(refused(&desk, &ask(&mut device, 15, 15)), ReleaseError::Full);
    assert_eq!(refused(&desk, &ask(&mut device, 16, 16)), ReleaseError::Full, "for good, too");
    let again = ask(&mut device, 3, 17);
    let named =
        |code: &RequestCode, device: &str| desk.center.release(&stamp(9), &code.to_string(), Some(device), None);
    assert!(matches!(named(&again, "S01-other"), Err(CenterError::NotReleased(ReleaseError::UnknownDevice))));
    let zero = ask(&mut device, 17, 0);
    assert_eq!(refused(&desk, &zero), ReleaseError::Skipped, "requests are counted from 1");
    let status = desk.center.status().expect("status").allocation.expect("it deals");
    assert_eq!((status.strata[0].released, status.strata[0].slots, status.refused), (12, 12, 6));
    assert!(desk.center.audit_allocation().expect("an audit").is_good());
}

/// A deviation gives a subject its own slot again, and never one of another stratum.
#[test]
fn a_deviation_stays_in_the_subject_s_stratum() {
    let desk = center_of(&stratified(), false);
    desk.center.make_allocation(&stamp(1), None).expect("dealt");
    let mut device = approved(&desk, "S01-k7f2m3pq");
    let mut release = |stratum, number, why| {
        let code = ask_in(stratum, &mut device, 1, number).to_string();
        desk.center
            .release(&stamp(9), &code, None, why)
            .map(|released| (released.stratum, released.slot, released.again))
    };
    assert_eq!(release(1, 1, None).expect("released"), ("M".to_owned(), 1, false));
    let refused = release(0, 2, Some("entered wrongly (sample)"));
    assert!(matches!(refused, Err(CenterError::NotReleased(ReleaseError::OtherStratum))), "{refused:?}");
    assert_eq!(release(1, 3, Some("backup restored (sample)")).expect("its own"), ("M".to_owned(), 1, true));
    let taken = release(0, 4, None);
    assert!(matches!(taken, Err(CenterError::NotReleased(ReleaseError::SubjectTaken))), "{taken:?}");
    let audit = desk.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && audit.slots == 24 && audit.released == 1, "{audit:?}");
    let strata = desk.center.status().expect("status").allocation.expect("it deals").strata;
    let counted: Vec<_> = strata.iter().map(|one| (&*one.stratum, one.released)).collect();
    assert_eq!(counted, [("F", 0), ("M", 1)]);
}

/// H3: a slot that was released by telephone keeps its subject: no branch goes on in which the request is not.
#[test]
fn h3_a_released_slot_does_not_go_with_a_branch() {
    let (desk, mut device) = dealt();
    let mut copy = device.clone();
    device.register(1);
    assert_eq!(desk.says(&device.export(2)), "accepted 1 entries");
    let code = ask(&mut device, 1, 1);
    reveal(&desk, &code);
    copy.register(5);
    copy.register(1);
    assert!(desk.says(&copy.export(2)).starts_with("fork: seq 2 "));
    let settle = |keep| {
        let choice = Choice {
            device: &device.log,
            keep,
            reason: "a copy (sample)",
            shown: None,
            without_parked: false,
            without_request: &[],
            without_vault: false,
        };
        desk.center.settle(&stamp(20), &choice)
    };
    for keep in [Branch::Held, Branch::Later] {
        let refused = settle(keep);
        assert!(matches!(&refused, Err(CenterError::NotSettled(SettleError::NotCome(_)))), "{refused:?}");
    }
    let view = desk.center.fork(&device.log).expect("a fork");
    assert!(view.not_held.is_some() && view.only_held.is_some());
    // Its request has come: that branch goes on, and the other one never.
    desk.send(&device.export(3));
    assert!(settle(Branch::Later).is_err());
    settle(Branch::Held).expect("settled");
}
