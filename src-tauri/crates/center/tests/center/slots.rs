//! Slots of a forked log: what was given by telephone goes with no branch unseen, and keeps no fork from being settled.

use crate::device::{Desk, Device, stamp};
use crate::folding::database;
use crate::randomisation::{approved, ask, dealt, refused, reveal};
use allocation::RequestCode;
use center::{AlarmKind, Branch, CenterError, Choice, ReleaseError, SettleError, Settled};

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
        let (device, reason) = (self.copy.log.as_str(), "a copy (sample)");
        let choice = Choice { device, keep, reason, shown: None, without_parked: false, without_request };
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
            assert!(is_refused(&tried, &SettleError::NotCome), "{tried:?}");
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
