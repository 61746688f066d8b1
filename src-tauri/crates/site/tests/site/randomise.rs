//! Randomising a subject at the site: the gates, the request, the reveal, and what a site can learn before it.

use std::sync::LazyLock;

use allocation::Plan;
use allocation::{Ledger, ReleaseCode, RequestCode, SLOTS_NAMESPACE, SlotList};
use screens::messages::{GateKind, RandomiseStep};

use study::{CellKey, FormKey};

use crate::stage::{Content, PASSWORD, Stage, code, find, form};

/// Two arms; consent, a yes, a factor and a planned treatment come before.
pub const STUDY: &[u8] = include_bytes!("randomise.xml");
static SCR: LazyLock<FormKey> = LazyLock::new(|| form("SE.S[1]/F.S[1]"));
static RAND: LazyLock<FormKey> = LazyLock::new(|| form("SE.R[1]/F.R[1]"));

/// A question before the allocation.
fn asked(item: &str) -> CellKey {
    SCR.cell("IG.S", "1", format!("IT.{item}"))
}

/// A question of the form that the allocation fills.
fn rand(item: &str) -> CellKey {
    RAND.cell("IG.R", "1", format!("IT.{item}"))
}

/// The slots that a center deals for a study.
pub fn dealt(study: &[u8]) -> (Ledger, SlotList) {
    let study = study::Study::read("study.xml", study, &clinical::functions()).expect("a study");
    let plan = Plan::of(&study).expect("a sound plan").expect("it allocates");
    let ledger = Ledger::make(&study.oid, &plan, Some(1)).expect("dealt");
    let list = ledger.seal().expect("sealed");
    (ledger, list)
}

/// A site whose kit holds sealed slots, and the center's ledger.
fn site() -> (Stage, Ledger) {
    let (ledger, list) = dealt(STUDY);
    let stage = Stage::with_blobs(STUDY, move |center| {
        let signature = center.signing.sign_ssh(SLOTS_NAMESPACE, list.bytes());
        vec![
            (SlotList::NAME.to_owned(), list.bytes().to_vec()),
            (SlotList::SIGNATURE_NAME.to_owned(), signature.into_bytes()),
        ]
    });
    (stage, ledger)
}

/// A subject that may be randomised.
fn eligible(stage: &mut Stage) -> String {
    let subject = stage.session().subject_register().expect("registered");
    for (cell, typed) in [("CONSENT", "2026-11-20"), ("OK", "Y"), ("LEVEL", "HIGH")] {
        stage.types(&subject, &asked(cell), typed);
    }
    stage.session().form_complete(&subject, &SCR).expect("complete");
    stage.types(&subject, &rand("PLAN"), "X");
    subject
}

fn request(stage: &mut Stage, subject: &str) -> RequestCode {
    let view = stage.session().randomise_request(subject).expect("requested");
    view.request.expect("a request").groups.join("-").parse().expect("a code")
}

/// What the center reads back: the next slot of the stratum.
fn release(ledger: &Ledger, request: &RequestCode, slot: u32) -> String {
    let entry = ledger.entry(request.stratum.into(), slot).expect("a slot");
    ReleaseCode::new(request, slot, &entry.key().expect("a key")).expect("within bounds").spoken().to_string()
}

#[test]
fn the_gates_name_what_is_missing_and_where() {
    let (mut stage, _) = site();
    let subject = stage.session().subject_register().expect("registered");
    let closed = |stage: &mut Stage| {
        let view = stage.session().randomise_view(&subject).expect("a view");
        assert_eq!(view.step == RandomiseStep::Ready, view.gates.iter().all(|gate| gate.open));
        let shut = view.gates.into_iter().filter(|gate| !gate.open);
        shut.map(|gate| {
            assert!(gate.form.is_some() && !gate.title.is_empty(), "{gate:?} leads somewhere");
            gate.kind
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(
        closed(&mut stage),
        [GateKind::Consent, GateKind::Yes, GateKind::Form, GateKind::Stratum, GateKind::Before]
    );
    assert_eq!(code(stage.session().randomise_request(&subject)), "not_eligible");
    stage.types(&subject, &asked("CONSENT"), "2026-11-20");
    stage.types(&subject, &asked("OK"), "N");
    stage.types(&subject, &asked("LEVEL"), "LOW");
    assert_eq!(closed(&mut stage), [GateKind::Yes, GateKind::Form, GateKind::Before], "a no is no waiver");
    stage.types(&subject, &asked("OK"), "Y");
    stage.session().form_complete(&subject, &SCR).expect("complete");
    stage.types(&subject, &rand("PLAN"), "X");
    assert_eq!(closed(&mut stage), []);
}

#[test]
fn a_request_stays_and_its_answer_fills_the_form_for_good() {
    let (mut stage, ledger) = site();
    let subject = eligible(&mut stage);
    let asked = request(&mut stage, &subject);
    assert_eq!(request(&mut stage, &subject), asked, "asking again shows the same request");
    let answer = release(&ledger, &asked, 1);
    let view = stage.session().randomise_reveal(&subject, &answer.to_lowercase()).expect("revealed");
    assert_eq!(view.step, RandomiseStep::Revealed);
    let arm = &ledger.entry(asked.stratum.into(), 1).expect("a slot").arm;
    let state = stage.state(&subject, &RAND);
    let shown = |item: &str| find(&state, &rand(item)).typed.clone();
    assert_eq!((shown("ARM"), shown("NO")), (arm.clone(), "2-001".to_owned()));
    assert_eq!(shown("DATE"), "2026-11-23");
    for (item, other) in [("ARM", "B"), ("ARM", "A"), ("NO", "9-999"), ("DATE", "2026-11-24")] {
        let cell = rand(item);
        assert_eq!(code(stage.session().save_item(&subject, &cell, other, Some("x"))), "derived");
        assert_eq!(code(stage.session().save_missing(&subject, &cell, "unknown", Some("x"))), "derived");
        assert_eq!(code(stage.session().resolve_conflict(&subject, &cell, other, "x")), "derived");
        assert_eq!(code(stage.session().draft_item(&subject, &cell, other)), "derived");
    }
    let again = stage.session().randomise_reveal(&subject, "nonsense").expect("as it stands");
    assert_eq!(again.allocation.map(|one| one.number), Some("2-001".to_owned()), "there is no second reveal");
}

/// security.md, H5's kind: what there is no way back from is not told as an error because a checkpoint could not be written
/// after it.
#[test]
fn h5_a_request_and_its_answer_are_told_as_done_where_no_checkpoint_can_be_written() {
    let (mut stage, ledger) = site();
    let subject = eligible(&mut stage);
    let checkpoint = stage.place().checkpoint;
    std::fs::remove_file(&checkpoint).expect("removed");
    std::fs::create_dir_all(checkpoint.join("in the way")).expect("made");
    let asked = request(&mut stage, &subject);
    let answer = release(&ledger, &asked, 1);
    let view = stage.session().randomise_reveal(&subject, &answer).expect("revealed");
    assert_eq!(view.step, RandomiseStep::Revealed);
    let alarms = stage.session().integrity().expect("a view").alarms;
    assert!(alarms.iter().any(|alarm| alarm.code == "checkpoint_unkept"), "{alarms:?}");
}

#[test]
fn a_wrong_code_is_named_and_loses_nothing() {
    let (mut stage, ledger) = site();
    let subject = eligible(&mut stage);
    let asked = request(&mut stage, &subject);
    let good = release(&ledger, &asked, 1);
    let second = eligible(&mut stage);
    let other = request(&mut stage, &second);
    let mistyped = format!("{}{}", if good.starts_with('0') { "1" } else { "0" }, &good[1..]);
    let of_other = release(&ledger, &other, 2);
    for (typed, why) in [
        ("0", "code_length"),
        (&good.replace('0', "u"), "code_character"),
        (&mistyped, "code_check"),
        (&of_other, "code_other"),
    ] {
        assert_eq!(code(stage.session().randomise_reveal(&subject, typed)), why);
    }
    assert_eq!(stage.session().randomise_view(&subject).expect("a view").step, RandomiseStep::Asked);
    stage.session().randomise_reveal(&subject, &good).expect("revealed");
}

/// The vault, its password, the kit and everything in them: no key of any slot is among it.
#[test]
fn nothing_at_the_site_opens_a_slot() {
    let (mut stage, ledger) = site();
    let subject = eligible(&mut stage);
    request(&mut stage, &subject);
    let stamp = site::stamp(stage.now, "nurse1");
    stage.computer.lock(stage.now).expect("locked");
    let place = stage.place();
    let open = vault::Locked::find(&place, &clinical::functions())
        .expect("a vault")
        .unlock("nurse1", PASSWORD, &stamp)
        .expect("its password");
    let mut known: Vec<Vec<u8>> = vec![std::fs::read(stage.folder.path().join("S01.kit")).expect("the kit")];
    for log in open.logs() {
        for seq in 1..=log.seq {
            known.push(open.line(&log.log, seq).expect("read").expect("a line").bytes().to_vec());
        }
    }
    known.push(open.setting("allocation.slots").expect("read").expect("the slots"));
    known.push(open.user_key().seed().to_vec());
    known.push(open.device_key().seed().to_vec());
    let list = SlotList::read(&open.setting("allocation.slots").expect("read").expect("the slots")).expect("a list");
    let windows = known.iter().flat_map(|bytes| bytes.windows(16));
    let keys: Vec<[u8; 16]> = ledger.entries().iter().map(|entry| *entry.key().expect("a key")).collect();
    for window in windows {
        let key: [u8; 16] = window.try_into().expect("sixteen bytes");
        assert!(!keys.contains(&key), "a slot's key lies at the site");
    }
    // Keys in hexadecimal would be found as text.
    let text: String = known.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    assert!(keys.iter().all(|key| !text.contains(&seal_hex(key))));
    assert_eq!(list.slots(), 8);
}

fn seal_hex(key: &[u8; 16]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn without_slots_or_arms_nothing_can_be_asked() {
    let mut small = Stage::new();
    let subject = small.subject();
    let view = small.session().randomise_view(&subject).expect("a view");
    assert_eq!((view.step, view.gates.len(), view.root), (RandomiseStep::Unavailable, 0, None));
    assert_eq!(code(small.session().randomise_view("S01-999")), "no_such");
    let mut bare = Stage::studying(STUDY);
    let subject = eligible(&mut bare);
    let view = bare.session().randomise_view(&subject).expect("a view");
    assert_eq!((view.step, view.root), (RandomiseStep::Unavailable, None));
    assert!(view.gates.iter().all(|gate| gate.open), "nothing else stands against it");
    for (stage, whose) in [(&mut small, "S01-001"), (&mut bare, &subject)] {
        assert_eq!(code(stage.session().randomise_request(whose)), "no_slots");
        assert_eq!(code(stage.session().randomise_reveal(whose, "0")), "no_slots");
    }
}

#[test]
fn slots_that_come_later_are_taken_once_and_only_from_the_center() {
    let mut stage = Stage::studying(STUDY);
    let subject = eligible(&mut stage);
    stage.export();
    let stranger = seal::SigningKey::make().expect("a key");
    let carry = |stage: &Stage, list: &SlotList, by: &seal::SigningKey| {
        let signature = by.sign_ssh(SLOTS_NAMESPACE, list.bytes()).into_bytes();
        let signed = (SlotList::SIGNATURE_NAME.to_owned(), signature);
        let blobs = vec![(SlotList::NAME.to_owned(), list.bytes().to_vec()), signed];
        stage.send(&Content { blobs, ..Content::default() })
    };
    let root = |stage: &mut Stage| stage.session().randomise_view(&subject).expect("a view").root;
    let ((_, first), (_, second)) = (dealt(STUDY), dealt(STUDY));
    let forged = carry(&stage, &first, &stranger);
    assert_eq!(code(stage.session().import_bundle(&forged)), "bad_signature");
    assert_eq!(root(&mut stage), None);
    for list in [&first, &second] {
        let reply = carry(&stage, list, &stage.center.signing);
        stage.session().import_bundle(&reply).expect("taken in");
        assert_eq!(root(&mut stage), Some(first.root().hex()), "the center committed itself to the first list");
    }
    request(&mut stage, &subject);
}

#[test]
fn each_request_has_its_number_and_none_is_answered_before_it_is_asked() {
    let (mut stage, ledger) = site();
    let (first, second) = (eligible(&mut stage), eligible(&mut stage));
    assert_eq!(code(stage.session().randomise_reveal(&first, "0")), "no_such");
    let asked = [&first, &second].map(|subject| request(&mut stage, subject));
    assert_eq!(asked.map(|code| code.number), [1, 2]);
    // Across a lock the same requests stand, and a third subject's has the next number.
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.sign_in("doctor1");
    assert_eq!([&first, &second].map(|subject| request(&mut stage, subject)), asked);
    let third = eligible(&mut stage);
    assert_eq!(request(&mut stage, &third).number, 3);
    let view = stage.session().randomise_view(&first).expect("a view");
    assert_eq!(view.request.map(|request| request.by), Some("Nurse (sample)".to_owned()));
    // Answers need not come in the order of the requests.
    for (subject, asked, slot) in [(&second, &asked[1], 1), (&first, &asked[0], 2)] {
        let view = stage.session().randomise_reveal(subject, &release(&ledger, asked, slot)).expect("revealed");
        let told = view.allocation.expect("told");
        assert_eq!((told.number, told.by), (format!("2-00{slot}"), "Investigator (sample)".to_owned()));
    }
}

#[test]
fn a_reveal_says_why_it_fills_what_was_declared_or_missed() {
    let (mut stage, ledger) = site();
    let subject = eligible(&mut stage);
    let asked = request(&mut stage, &subject);
    stage.types(&subject, &rand("PLAN"), "");
    stage.session().form_not_done(&subject, &RAND, "unknown").expect("declared");
    stage.session().event_missed(&subject, &RAND.event_key(), "did not come (sample)").expect("missed");
    stage.session().randomise_reveal(&subject, &release(&ledger, &asked, 1)).expect("revealed");
    let history = stage.session().cell_view(&subject, &rand("ARM")).expect("a cell").history;
    assert_eq!(history.iter().map(|change| change.reason.as_str()).collect::<Vec<_>>(), ["Allocation revealed"]);
    let view = stage.session().subject_view(&subject).expect("a subject");
    let visit = view.events.iter().find(|column| column.key == RAND.event_key().to_string()).expect("the visit");
    assert_eq!(visit.date.as_deref(), Some("2026-11-23"), "it took place after all");
}

#[test]
fn what_another_device_asked_for_is_not_asked_twice() {
    let (ledger, list) = dealt(STUDY);
    let signed = |center: &crate::stage::Center| {
        let signature = center.signing.sign_ssh(SLOTS_NAMESPACE, list.bytes());
        vec![
            (SlotList::NAME.to_owned(), list.bytes().to_vec()),
            (SlotList::SIGNATURE_NAME.to_owned(), signature.into_bytes()),
        ]
    };
    let mut stage = Stage::with_blobs(STUDY, signed);
    let mut other = Stage::beside(&stage);
    let subject = eligible(&mut other);
    stage.export();
    let asked = request(&mut other, &subject);
    let come = |stage: &mut Stage, other: &mut Stage| {
        let bundle = other.export();
        let reply = stage.pass_on(&bundle[0]);
        stage.session().import_bundle(&reply).expect("taken in");
        stage.session().randomise_view(&subject).expect("a view").step
    };
    assert_eq!(come(&mut stage, &mut other), RandomiseStep::AskedElsewhere);
    assert_eq!(code(stage.session().randomise_request(&subject)), "conflict");
    assert_eq!(code(stage.session().randomise_reveal(&subject, &release(&ledger, &asked, 1))), "no_such");
    other.session().randomise_reveal(&subject, &release(&ledger, &asked, 1)).expect("revealed");
    assert_eq!(come(&mut stage, &mut other), RandomiseStep::Revealed);
    assert_eq!(stage.cell(&subject, &rand("NO")).typed, "2-001");
}
