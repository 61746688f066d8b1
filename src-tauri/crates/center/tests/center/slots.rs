//! Slots of a forked log: what was given by telephone goes with no branch unseen, and keeps no fork from being settled.

use crate::device::{Desk, Device, stamp};
use crate::folding::database;
use crate::randomisation::{approved, ask, dealt, refused, reveal};
use allocation::RequestCode;
use casebook::act::AllocationRevealed;
use center::{AlarmKind, Branch, CenterError, Choice, ReleaseError, SettleError, Settled};
use seal::SigningKey;

/// A vault and its copy; both have registered `S01-001` since, another person each, and asked for the first time.
struct Twice {
    desk: Desk,
    /// Whose request was answered.
    answered: Device,
    code: RequestCode,
    copy: Device,
    other: RequestCode,
}

impl Twice {
    fn new() -> Self {
        let (desk, mut answered) = dealt();
        let mut copy = answered.clone();
        answered.register(1);
        copy.register(5);
        copy.register(1);
        let (code, other) = (ask(&mut answered, 1, 1), ask(&mut copy, 1, 1));
        reveal(&desk, &code);
        Self { desk, answered, code, copy, other }
    }

    fn send(&self, first: &Device, second: &Device) {
        assert!(self.desk.says(&first.export(2)).starts_with("accepted "));
        assert!(self.desk.says(&second.export(2)).starts_with("fork: seq 2 "));
    }

    fn settle(&self, keep: Branch, without_request: bool) -> Result<Settled, CenterError> {
        let named = if without_request { vec!["S01-001".to_owned()] } else { Vec::new() };
        self.settle_without(keep, &named)
    }

    fn settle_without(&self, keep: Branch, without_request: &[String]) -> Result<Settled, CenterError> {
        let (device, reason) = (self.copy.log.as_str(), "a copy (sample)");
        let (shown, without_parked, without_vault) = (None, false, false);
        let choice = Choice { device, keep, reason, shown, without_parked, without_request, without_vault };
        self.desk.center.settle(&stamp(20), &choice)
    }

    fn alarms(&self) -> usize {
        let alarms = self.desk.center.status().expect("a status").alarms;
        alarms.iter().filter(|alarm| alarm.kind == AlarmKind::LostSlot.code()).count()
    }
}

fn is_refused(tried: &Result<Settled, CenterError>, why: &SettleError) -> bool {
    matches!(tried, Err(CenterError::NotSettled(said)) if said == why)
}

/// Third attack, C1: a slot goes with the request that was answered, not with another person's of the same subject and number: the
/// branch with the patient who was randomised goes on, whichever came first, and the other one's request gets nothing.
#[test]
fn a3_c1_a_slot_goes_with_the_request_that_was_answered() {
    for answered_first in [true, false] {
        let twice = Twice::new();
        let Twice { desk, answered, copy, .. } = &twice;
        let (first, second) = if answered_first { (answered, copy) } else { (copy, answered) };
        twice.send(first, second);
        let (own, others, why) = if answered_first {
            (Branch::Held, Branch::Later, SettleError::Allocated)
        } else {
            (Branch::Later, Branch::Held, SettleError::Released)
        };
        let tried = twice.settle(others, true);
        assert!(is_refused(&tried, &why), "{tried:?}");
        let settled = twice.settle(own, false).expect("settled");
        assert!(settled.unasked.iter().all(|one| one.act != "allocation.released"), "{:?}", settled.unasked);
        assert_eq!(twice.alarms(), 0);
        // What was put aside gets no slot, nor the other person's by a deviation.
        assert_eq!(refused(desk, &twice.other), ReleaseError::OtherRequest);
        let deviation = desk.center.release(&stamp(30), &twice.other.to_string(), None, Some("a backup (sample)"));
        assert!(matches!(deviation, Err(CenterError::NotReleased(ReleaseError::OtherRequest))), "{deviation:?}");
        assert_eq!(reveal(desk, &twice.code).0, 1, "the same as before");
        assert!(desk.center.audit_allocation().expect("an audit").is_good());
    }
}

/// Third attack, C1: a request that nobody answered keeps no branch from being put aside, and is answered no more afterwards.
#[test]
fn a3_c1_an_unanswered_request_holds_no_branch() {
    let (desk, answered) = dealt();
    let mut copy = answered.clone();
    copy.register(5);
    let other = ask(&mut copy, 5, 1);
    let mut twice = Twice { desk, answered, code: other, copy, other };
    twice.answered.register(1);
    twice.send(&twice.copy, &twice.answered);
    twice.settle(Branch::Later, false).expect("settled");
    assert_eq!(refused(&twice.desk, &twice.other), ReleaseError::OtherRequest);
    let code = ask(&mut twice.answered, 1, 1);
    assert_eq!(reveal(&twice.desk, &code).0, 1);
}

/// Third attack, C2: where others work with the branch held first, it goes on although a slot was given to a subject of the other one;
/// the slot is named.
#[test]
fn a3_c2_a_fork_with_a_slot_in_the_branch_that_can_t_go_on_is_settled() {
    let mut twice = Twice::new();
    approved(&twice.desk, "S01-bbbbbbbb");
    assert!(twice.desk.says(&twice.copy.export(2)).starts_with("accepted "));
    twice.desk.center.reply(&stamp(10), "S01").expect("a reply");
    assert!(twice.desk.says(&twice.answered.export(2)).starts_with("fork: seq 2 "));
    let view = twice.desk.center.fork(&twice.copy.log).expect("a fork");
    assert_eq!((view.only_held, view.not_held), (Some(SettleError::Given.to_string()), None));
    let settled = twice.settle(Branch::Held, false).expect("settled");
    let named = "allocation.released S01-001: slot 1 of stratum 0 was released by telephone, and its request was put aside \
                 (entry 3)";
    assert_eq!(settled.unasked[0].to_string(), named);
    assert_eq!(twice.alarms(), 1);
    assert_eq!(refused(&twice.desk, &twice.code), ReleaseError::OtherRequest, "its vault is out of use");
    // A later fork has nothing to do with that slot.
    let mut third = twice.copy.clone();
    twice.copy.register(8);
    third.register(9);
    assert!(twice.desk.says(&twice.copy.export(5)).starts_with("accepted "));
    assert!(twice.desk.says(&third.export(5)).starts_with("fork: seq 5 "));
    twice.settle(Branch::Later, false).expect("settled");
    assert_eq!(twice.alarms(), 1);
    twice.desk.center.check().expect("sound");
}

/// Third attack, C2: a request that went down with its computer keeps a fork open only until somebody says so.
#[test]
fn a3_c2_a_request_that_never_comes_is_named() {
    for keep in [Branch::Held, Branch::Later] {
        let mut twice = Twice::new();
        let mut third = twice.copy.clone();
        twice.copy.lines.truncate(2);
        third.lines.truncate(1);
        third.register(7);
        twice.send(&twice.copy, &third);
        for keep in [Branch::Held, Branch::Later] {
            let tried = twice.settle(keep, false);
            assert!(is_refused(&tried, &SettleError::NotCome("S01-001".to_owned())), "{tried:?}");
        }
        let settled = twice.settle(keep, true).expect("settled");
        let named = "allocation.released S01-001: slot 1 of stratum 0 was released by telephone, and its request has never come";
        assert_eq!((settled.unasked[0].to_string().as_str(), twice.alarms()), (named, 1));
    }
}

/// Third attack, C4: an unreadable request before the fork is known by its id, and keeps no branch from being shown or chosen.
#[test]
fn a3_c4_an_unreadable_request_keeps_no_fork_open() {
    for keep in [Branch::Held, Branch::Later] {
        let mut twice = Twice::new();
        assert!(twice.desk.says(&twice.answered.export(2)).starts_with("accepted "));
        twice.copy = twice.answered.clone();
        twice.answered.register(2);
        twice.copy.register(3);
        assert!(twice.desk.says(&twice.answered.export(4)).starts_with("accepted "));
        assert!(twice.desk.says(&twice.copy.export(4)).starts_with("fork: seq 4 "));
        let sql = "UPDATE entry SET line = CAST('{\"act\":\"allocation.requested\"}' AS BLOB)
                   WHERE seq = 3 AND log = (SELECT number FROM log WHERE name = ?1)";
        assert_eq!(database(&twice.desk).execute(sql, [&twice.copy.log]).expect("altered"), 1);
        let view = twice.desk.center.fork(&twice.copy.log).expect("it is shown");
        assert_eq!((view.only_held, view.not_held), (None, None));
        twice.settle(keep, false).expect("settled");
        assert_eq!(twice.alarms(), 0);
    }
}

/// A vault that asked for three subjects, each released to it, and two copies of it that have sent what they wrote since: a fork at seq 2.
fn three_that_never_come() -> Twice {
    let (desk, mut answered) = dealt();
    let (mut copy, mut third) = (answered.clone(), answered.clone());
    let codes = [1, 2, 3].map(|number| {
        answered.register(number);
        ask(&mut answered, number, number)
    });
    codes.iter().for_each(|code| drop(reveal(&desk, code)));
    copy.register(8);
    third.register(9);
    let [code, _, other] = codes;
    let twice = Twice { desk, answered, code, copy, other };
    twice.send(&twice.copy, &third);
    twice
}

/// Fourth attack, D7: which slots are at stake is said before anybody chooses, and each that is lost is an alarm by itself that names it.
/// (Nothing was shown, three lost slots were one alarm without a subject, and a later fork at the same place none.) The requests that come
/// afterwards raise nothing.
#[test]
fn a4_d7_each_slot_at_stake_is_shown_and_each_lost_one_is_an_alarm() {
    let mut twice = three_that_never_come();
    let view = twice.desk.center.fork(&twice.copy.log).expect("a fork");
    let slots: Vec<_> = view.slots.iter().map(|one| (one.subject.as_str(), one.slot, one.of)).collect();
    assert_eq!(slots, [("S01-001", 1, None), ("S01-002", 2, None), ("S01-003", 3, None)]);
    assert!(view.slots.iter().all(|one| one.lost_with == [Branch::Held, Branch::Later]), "{:?}", view.slots);
    let mut named = vec!["S01-001".to_owned(), "S01-003".to_owned()];
    let tried = twice.settle_without(Branch::Held, &named);
    assert!(is_refused(&tried, &SettleError::NotCome("S01-002".to_owned())), "{tried:?}");
    named.push("S01-002".to_owned());
    twice.settle_without(Branch::Held, &named).expect("settled");
    let words = |twice: &Twice| -> Vec<String> {
        let alarms = twice.desk.center.status().expect("a status").alarms.into_iter();
        let lost = alarms.filter(|alarm| alarm.kind == AlarmKind::LostSlot.code());
        let mut words: Vec<String> = lost.map(|one| one.words.split(':').next().expect("words").to_owned()).collect();
        words.sort();
        words
    };
    let lost = [1, 2, 3].map(|slot| format!("S01-00{slot}, slot {slot} of stratum 0"));
    assert_eq!(words(&twice), lost);

    let fourth = ask(&mut twice.copy, 8, 1);
    assert_eq!(reveal(&twice.desk, &fourth).0, 4);
    assert_eq!(
        twice.desk.send(&twice.copy.export(3))[0].alarms,
        [],
        "nothing is left out, and the number is this one's"
    );
    let (mut one, mut other) = (twice.copy.clone(), twice.copy.clone());
    let fifth = ask(&mut twice.copy, 8, 2).to_string();
    let release = twice.desk.center.release(&stamp(30), &fifth, None, Some("a backup (sample)"));
    assert_eq!(release.map(|release| release.slot).expect("its own"), 4);
    one.register(10);
    other.register(11);
    assert!(twice.desk.says(&one.export(4)).starts_with("accepted "));
    assert!(twice.desk.says(&other.export(4)).starts_with("fork: seq 4 "));
    let view = twice.desk.center.fork(&twice.copy.log).expect("a fork");
    assert_eq!(view.slots, [], "what was lost before is at stake no more, nor what was asked for before the fork");
    twice.settle(Branch::Held, false).expect("settled");
    assert_eq!(words(&twice), lost);
}

/// Fourth attack, D4: a lost slot was given to another person of the same subject key by a deviation, and nothing said so; without one that
/// person could never get a slot. It goes to nobody, the person gets the next one, and status and audit name the lost one.
#[test]
fn a4_d4_a_lost_slot_goes_to_no_other_person() {
    let mut twice = Twice::new();
    twice.answered.register(2);
    let never_comes = ask(&mut twice.answered, 2, 2);
    assert_eq!(reveal(&twice.desk, &never_comes).0, 2);
    approved(&twice.desk, "S01-bbbbbbbb");
    assert!(twice.desk.says(&twice.copy.export(2)).starts_with("accepted "));
    twice.desk.center.reply(&stamp(10), "S01").expect("a reply");
    assert!(twice.desk.says(&twice.answered.part(2, 3)).starts_with("fork: seq 2 "));
    let view = twice.desk.center.fork(&twice.copy.log).expect("a fork");
    assert_eq!(view.only_held, Some(SettleError::Given.to_string()), "not hidden by what has not come");
    assert_eq!(view.not_held, Some(SettleError::NotCome("S01-002".to_owned()).to_string()));
    let slots: Vec<_> = view.slots.iter().map(|one| (one.subject.as_str(), one.of, one.lost_with.len())).collect();
    assert_eq!(slots, [("S01-001", Some(Branch::Later), 1), ("S01-002", None, 2)]);
    twice.settle_without(Branch::Held, &["S01-002".to_owned()]).expect("settled");
    assert_eq!(twice.alarms(), 2);

    let Twice { desk, code, copy, other, .. } = &mut twice;
    let deviates = |code: &RequestCode| {
        let release = desk.center.release(&stamp(30), &code.to_string(), None, Some("a backup (sample)"));
        release.map(|release| (release.slot, release.again)).map_err(|error| match error {
            CenterError::NotReleased(why) => why,
            error => panic!("{error}"),
        })
    };
    // At the number of the request that was put aside.
    assert_eq!(deviates(other), Err(ReleaseError::LostSlot));
    assert_eq!(reveal(desk, other).0, 3);
    // At the number of the one that never came.
    copy.register(2);
    let second = ask(copy, 2, 2);
    assert_eq!(deviates(&second), Err(ReleaseError::LostSlot));
    assert_eq!(reveal(desk, &second).0, 4);
    assert_eq!(deviates(&ask(copy, 1, 3)), Ok((3, true)), "its own");
    assert_eq!(refused(desk, &never_comes), ReleaseError::LostSlot);
    assert_eq!(refused(desk, code), ReleaseError::OtherRequest);
    assert_eq!(desk.send(&copy.export(5))[0].alarms, []);

    let status = desk.center.status().expect("a status").allocation.expect("it deals").subjects;
    let stands: Vec<_> =
        status.iter().map(|one| (one.subject.as_str(), one.slot, one.state.starts_with("LOST"))).collect();
    let expected = [("S01-001", 1, true), ("S01-001", 3, false), ("S01-002", 2, true), ("S01-002", 4, false)];
    assert_eq!(stands, expected.map(|(subject, slot, lost)| (subject, Some(slot), lost)));
    let audit = desk.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && (audit.released, audit.lost) == (4, 2), "{audit:?}");
}

/// Fourth attack, D4: whoever was registered before the branches parted is one person in both, and gets the same slot again, no other one.
#[test]
fn a4_d4_a_person_of_both_branches_keeps_the_slot() {
    let (desk, mut answered) = dealt();
    answered.register(1);
    assert!(desk.says(&answered.export(2)).starts_with("accepted "));
    let mut copy = answered.clone();
    copy.register(5);
    let (code, other) = (ask(&mut answered, 1, 1), ask(&mut copy, 1, 1));
    assert_eq!(reveal(&desk, &code).0, 1);
    approved(&desk, "S01-bbbbbbbb");
    assert!(desk.says(&copy.export(3)).starts_with("accepted "));
    desk.center.reply(&stamp(10), "S01").expect("a reply");
    assert!(desk.says(&answered.export(3)).starts_with("fork: seq 3 "));
    let twice = Twice { desk, answered, code, copy, other };
    twice.settle(Branch::Held, false).expect("settled");
    let lost = |twice: &Twice| twice.desk.center.status().expect("a status").allocation.expect("it deals").subjects;
    let before = lost(&twice);
    let stands: Vec<_> = before.iter().map(|one| (one.slot, one.state.split(' ').next())).collect();
    assert_eq!(stands, [(None, Some("requested,")), (Some(1), Some("LOST"))]);
    assert_eq!(refused(&twice.desk, &twice.other), ReleaseError::SubjectTaken);
    let again = twice.desk.center.release(&stamp(30), &twice.other.to_string(), None, Some("a copy (sample)"));
    assert_eq!(again.map(|release| (release.slot, release.again)).expect("the same"), (1, true));
    let rows = lost(&twice);
    assert!(rows.len() == 1 && rows[0].state == "released, request received", "{rows:?}");
    let audit = twice.desk.center.audit_allocation().expect("an audit");
    assert!(audit.is_good() && (audit.released, audit.lost) == (1, 0), "{audit:?}");
}

/// Fourth attack, D7: a request that was thought never to come, and lay in the outbox of the vault that goes on, has its slot when it comes.
#[test]
fn a4_d7_a_request_that_comes_after_all_has_its_slot() {
    let twice = Twice::new();
    let Twice { desk, answered, copy, code, .. } = &twice;
    assert_eq!(desk.says(&answered.part(2, 2)), "accepted 1 entries");
    assert!(desk.says(&copy.part(2, 3)).starts_with("fork: seq 2 "));
    twice.settle(Branch::Held, true).expect("settled");
    let lost = || desk.center.audit_allocation().expect("an audit").lost;
    assert_eq!((lost(), refused(desk, code)), (1, ReleaseError::LostSlot));
    let sent = desk.send(&answered.export(2)).remove(0);
    assert!(sent.outcome.to_string() == "accepted 1 entries" && !sent.alarms.contains(&AlarmKind::Request), "{sent}");
    assert_eq!((lost(), reveal(desk, code).0), (0, 1));
}

/// Fourth attack, D3: a slot that was released, and whose arm the branch held first tells, holds that branch.
#[test]
fn a4_d3_a_slot_that_was_told_holds_its_branch() {
    let (desk, mut answered) = dealt();
    let subject = answered.register(1);
    let code = ask(&mut answered, 1, 1);
    let (request, (slot, arm)) = (answered.head(), reveal(&desk, &code));
    assert!(desk.says(&answered.export(2)).starts_with("accepted "));
    let mut copy = answered.clone();
    answered.write(AllocationRevealed { subject, request, stratum: 0, slot, arm: arm.as_str().into() });
    copy.register(5);
    assert!(desk.says(&answered.export(4)).starts_with("accepted "));
    assert!(desk.says(&copy.export(4)).starts_with("fork: seq 4 "));
    let twice = Twice { desk, answered, other: code, code, copy };
    let tried = twice.settle(Branch::Later, false);
    assert!(is_refused(&tried, &SettleError::Allocated), "{tried:?}");
    twice.settle(Branch::Held, false).expect("settled");
}

/// Fourth attack, D7: a slot whose request is in a further branch, which goes on in no case, is named with either choice.
#[test]
fn a4_d7_a_slot_of_a_further_branch_is_named() {
    let (desk, mut device) = dealt();
    let (mut answered, mut copy) = (device.clone(), device.clone());
    answered.register(8);
    let code = ask(&mut answered, 8, 1);
    reveal(&desk, &code);
    copy.register(9);
    assert!(desk.says(&copy.export(2)).starts_with("accepted "));
    assert!(desk.says(&answered.export(2)).starts_with("fork: seq 2 "));
    device.key = SigningKey::from_seed(&[3; 32]);
    device.enrol();
    desk.send(&device.export(2));
    let words = device.key.public().words();
    desk.center.approve_key(&stamp(5), &device.log, Some(&words)).expect("it waits");
    desk.center.import_waiting(&stamp(6), &device.log).expect("good");
    let twice = Twice { desk, answered, other: code, code, copy };
    let view = twice.desk.center.fork(&twice.copy.log).expect("a fork");
    let slots: Vec<_> =
        view.slots.iter().map(|one| (one.subject.as_str(), one.come, one.of, one.lost_with.len())).collect();
    assert_eq!(slots, [("S01-008", true, None, 2)]);
    let settled = twice.settle(Branch::Later, false).expect("settled");
    assert!(settled.unasked[0].to_string().starts_with("allocation.released S01-008: slot 1 of stratum 0"));
    assert_eq!(twice.alarms(), 1);
}
