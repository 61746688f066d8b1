//! Randomising a subject at the site: the gates, the request, the reveal, and what a site can learn before it.

use std::sync::LazyLock;

use allocation::Plan;
use allocation::{Ledger, ReleaseCode, RequestCode, SLOTS_NAMESPACE, SlotList};
use screens::messages::{GateKind, RandomiseStep};

use study::{CellKey, FormKey};

use crate::stage::{PASSWORD, Stage, code, find, form};

/// Two arms; consent, a yes, a factor and a planned treatment come before.
const STUDY: &[u8] = include_bytes!("randomise.xml");
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

fn slots() -> (Ledger, SlotList) {
    let study = study::Study::read("study.xml", STUDY, &clinical::functions()).expect("a study");
    let plan = Plan::of(&study).expect("a sound plan").expect("it allocates");
    let ledger = Ledger::make(&study.oid, &plan, Some(1)).expect("dealt");
    let list = ledger.seal().expect("sealed");
    (ledger, list)
}

/// A site whose kit holds sealed slots, and the center's ledger.
fn site() -> (Stage, Ledger) {
    let (ledger, list) = slots();
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
