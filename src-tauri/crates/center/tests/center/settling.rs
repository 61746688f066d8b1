//! H3: a fork that a data manager settles. One branch goes on, nothing of the other one is lost, and everybody is told what to do.

use crate::device::{Begun, Desk, Device, stamp};
use crate::folding::{database, export, fresh, rows};
use crate::replies::open;
use bundle::{HeldLog, Key, Kind};
use casebook::act::{AllocationRequested, AllocationRevealed, EventDated, FormCompleted};
use casebook::{Act, EntryId, Line};
use center::{Branch, Center, CenterError, Choice, SettleError, Settled};
use seal::Identity;
use study::{Functions, Oid};

const CELL: &str = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";

/// A forked log: the device whose branch was held first, and the copy of its vault whose branch came later. Both know `S01-001`.
struct Scene {
    desk: Desk,
    identity: Identity,
    held: Device,
    later: Device,
    subject: Oid,
}

impl Scene {
    /// The branches part at entry 4.
    fn new() -> Self {
        let Begun { desk, identity, device: mut held, subject } = Begun::new();
        let mut later = held.clone();
        held.set(&subject, "IT.VS.DIABP", "80");
        held.register(7);
        assert_eq!(desk.says(&held.export(2)), "accepted 4 entries");
        later.set(&subject, "IT.VS.SYSBP", "190");
        later.say(&subject, "fell on the stairs (sample)");
        later.register(9);
        later.set(&Oid::from("S01-009"), "IT.VS.SYSBP", "111");
        let (event, date) = ("SE.DAY1[1]".parse().expect("an event"), Some("2026-12-01".into()));
        later.write(EventDated { subject: subject.clone(), event, date, bases: Vec::new(), reason: None });
        let form = "SE.SCR[1]/F.VS[1]".parse().expect("a form");
        later.write(FormCompleted { subject: subject.clone(), form, bases: Vec::new() });
        // In two bundles, as devices send them.
        assert!(desk.says(&later.part(2, 6)).starts_with("fork: seq 4 "));
        assert!(desk.says(&later.export(2)).starts_with("fork: seq 4 "));
        Self { desk, identity, held, later, subject }
    }

    fn settle(&self, keep: Branch) -> Result<Settled, CenterError> {
        let choice = Choice {
            device: &self.held.log,
            keep,
            reason: "the copy was a mistake (sample)",
            shown: None,
            without_parked: false,
            without_request: &[],
            without_vault: false,
        };
        self.desk.center.settle(&stamp(50), &choice)
    }

    /// Nothing is left out any more, here and as another process opens the center, and all of it is sound.
    fn is_whole(&self) {
        let again = Center::open(self.desk.folder.path(), &Functions::default()).expect("it opens");
        for center in [&self.desk.center, &again] {
            center.check().expect("sound");
            let status = center.status().expect("a status");
            assert_eq!(status.omitted, []);
            let own = status.sites[0].devices.iter().find(|own| own.device == self.held.log).expect("known");
            assert_eq!((own.forked_at, own.quarantined), (None, 0));
            assert!(own.settled.is_some());
            assert_eq!(center.reply(&stamp(60), "S01").expect("a reply").omitted, []);
            let out = self.desk.folder.path().join("whole");
            assert_eq!(center.export_csv(&stamp(61), &out).expect("exported").omitted, []);
        }
    }

    /// The questions that travel to the site, in order.
    fn questions(&self) -> Vec<String> {
        let packed = self.desk.center.reply(&stamp(60), "S01").expect("a reply").packed;
        let read = open(&self.desk, &packed[0].bytes, Kind::Reply, &Key::Identity(&self.identity));
        let asked = read.lines.iter().filter_map(|line| match &line.entry().act {
            Act::QueryRaised(act) => {
                let words = read.texts.iter().find(|row| row.commit == act.question.text).expect("its words");
                let cell = act.form.cell(&act.group, &act.repeat, &act.item);
                Some(format!("{} {cell}: {}", act.subject, words.text.as_str()))
            }
            _ => None,
        });
        asked.collect()
    }

    fn refusal(&self) -> String {
        format!("refused: it is of the branch of {} that the center has put aside: ", self.held.log)
    }
}

/// H3: the branch held first goes on; the other one stays as evidence, is refused from then on with words that say what to do, and
/// each thing that it says and that is not in force is asked about.
#[test]
fn h3_the_branch_held_first_goes_on() {
    let mut scene = Scene::new();
    let before = rows(&scene.desk.center.book("S01-007").expect("a book"));
    let view = scene.desk.center.fork(&scene.held.log).expect("a fork");
    assert_eq!((view.seq, view.held.entries, view.later.entries, &view.only_held), (4, 2, 6, &None));
    assert_eq!(view.later.subjects.iter().map(String::as_str).collect::<Vec<_>>(), ["S01-001", "S01-009"]);
    assert!(!format!("{view:?}").contains("190"), "no value is shown");

    let settled = scene.settle(Branch::Held).expect("settled");
    assert_eq!((settled.seq, settled.aside, settled.queries, settled.again), (4, 6, 3, false));
    let unasked: Vec<String> = settled.unasked.iter().map(ToString::to_string).collect();
    let expected = [
        "form.completed S01-001 SE.SCR[1]/F.VS[1] (entry 9)",
        "subject.registered S01-009 (entry 6)",
        &format!("items.set S01-009 {CELL} (entry 7)"),
    ];
    assert_eq!(unasked, expected);
    scene.is_whole();
    let asked = scene.questions();
    assert!(asked[0].starts_with(&format!("S01-001 {CELL}: ")) && asked[0].contains("\"190\""), "{asked:?}");
    assert!(asked[0].contains(" by nurse1 (entry 4 of S01-k7f2m3pq)"), "{asked:?}");
    assert!(
        asked[1].contains("\"fell on the stairs (sample)\"") && asked[2].contains("the date 2026-12-01"),
        "{asked:?}"
    );
    assert_eq!(asked.len(), 3);
    let own = scene.desk.center.status().expect("a status").sites.remove(0).devices.remove(0);
    assert_eq!(own.settled.map(|one| (one.seq, one.kept, one.entries)), Some((4, Branch::Held, 6)));
    assert_eq!(rows(&scene.desk.center.book("S01-007").expect("a book")), before);

    // A sign of life of that vault, what was kept, and what follows: nobody waits for that, however far it is.
    let sign = scene.later.export(10);
    scene.later.set(&scene.subject, "IT.VS.DIABP", "99");
    for packed in [sign, scene.later.part(2, 6), scene.later.export(2), scene.later.part(5, 6), scene.later.export(10)]
    {
        assert!(scene.desk.says(&packed).starts_with(&scene.refusal()), "{}", scene.desk.says(&packed));
    }
    scene.held.epoch = 2;
    scene.held.set(&scene.subject, "IT.VS.SYSBP", "121");
    let on = scene.desk.send(&scene.held.export(4)).remove(0);
    assert_eq!((on.outcome.to_string(), on.alarms), ("accepted 1 entries".to_owned(), vec![]), "nobody is accused");
    scene.is_whole();
}

/// H3: the branch that came later takes the other one's place: folded anew, confirmed, and its device goes on.
#[test]
fn h3_the_branch_that_came_later_goes_on() {
    let mut scene = Scene::new();
    export(&scene.desk, "before");
    let settled = scene.settle(Branch::Later).expect("settled");
    assert_eq!((settled.seq, settled.aside, settled.queries), (4, 2, 1));
    assert_eq!(
        settled.unasked.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["subject.registered S01-007 (entry 5)"]
    );
    scene.is_whole();
    let asked = scene.questions();
    assert!(asked.len() == 1 && asked[0].contains("\"80\"") && asked[0].contains("IT.VS.DIABP"), "{asked:?}");
    let status = scene.desk.center.status().expect("a status");
    assert_eq!((status.subjects, status.sites[0].devices[0].held), (2, 9));
    let own = [&scene.later];
    assert_eq!(rows(&scene.desk.center.book("S01-009").expect("a book")), rows(&fresh(&scene.desk, "S01-009", own)));
    assert!(scene.desk.center.book("S01-007").expect("a book").subject().is_none());
    let read = |scene: &Scene| {
        let packed = scene.desk.center.reply(&stamp(60), "S01").expect("a reply").packed;
        let read = open(&scene.desk, &packed[0].bytes, Kind::Reply, &Key::Identity(&scene.identity));
        let receipt = read.blobs.into_iter().find(|(name, _)| name.starts_with("receipt-") && name.ends_with(".json"));
        String::from_utf8(receipt.expect("a receipt").1).expect("text")
    };
    let confirms = format!("\"seq\":9,\"head\":\"{}\"", scene.later.head());
    assert!(read(&scene).contains(&confirms), "{}", read(&scene));

    for packed in [scene.held.export(2), scene.held.export(5), scene.held.part(4, 4)] {
        assert!(scene.desk.says(&packed).starts_with(&scene.refusal()), "{}", scene.desk.says(&packed));
    }
    assert_eq!(scene.desk.says(&scene.later.export(2)), "already held");
    scene.later.epoch = 2;
    scene.later.set(&scene.subject, "IT.VS.DIABP", "90");
    let on = scene.desk.send(&scene.later.export(10)).remove(0);
    assert_eq!((on.outcome.to_string(), on.alarms), ("accepted 1 entries".to_owned(), vec![]), "nobody is accused");
    scene.is_whole();
}

/// H3: the same choice once more does nothing and says so; another one can't be made.
#[test]
fn h3_what_was_settled_stays_settled() {
    for keep in [Branch::Held, Branch::Later] {
        let scene = Scene::new();
        let log = &scene.held.log;
        for reason in ["", " \n"] {
            let refused = scene.desk.center.settle(
                &stamp(50),
                &Choice {
                    device: log,
                    keep,
                    reason,
                    shown: None,
                    without_parked: false,
                    without_request: &[],
                    without_vault: false,
                },
            );
            assert!(matches!(refused, Err(CenterError::NotSettled(SettleError::Reason))));
        }
        scene.settle(keep).expect("settled");
        let entries = scene.desk.center.status().expect("a status").own_entries;
        assert!(scene.settle(keep).expect("once more").again);
        let other = if keep == Branch::Held { Branch::Later } else { Branch::Held };
        let refused = scene.settle(other);
        assert!(
            matches!(&refused, Err(CenterError::NotSettled(SettleError::Otherwise(kept))) if *kept == keep),
            "{refused:?}"
        );
        assert_eq!(scene.desk.center.status().expect("a status").own_entries, entries);
        assert!(matches!(scene.desk.center.fork(log), Err(CenterError::NotSettled(SettleError::NoFork(_)))));
    }
    let (desk, device) = Desk::with_device();
    let choice = Choice {
        device: &device.log,
        keep: Branch::Held,
        reason: "none (sample)",
        shown: None,
        without_parked: false,
        without_request: &[],
        without_vault: false,
    };
    assert!(matches!(desk.center.settle(&stamp(9), &choice), Err(CenterError::NotSettled(SettleError::NoFork(_)))));
    let choice = Choice { device: "S01-none", ..choice };
    assert!(matches!(desk.center.settle(&stamp(9), &choice), Err(CenterError::UnknownDevice(_))));
}

/// H3: what another device was given, or a new one by a kit, can't be taken back; nor what somebody was randomised in.
#[test]
fn h3_what_others_work_with_stays() {
    let other = |scene: &Scene| {
        let mut other = Device::new(&scene.desk, "S01-bbbbbbbb");
        scene.desk.admit(&mut other);
        other
    };
    let by_reply = |scene: &mut Scene| {
        other(scene);
        scene.desk.center.reply(&stamp(20), "S01").expect("a reply");
    };
    let by_its_word = |scene: &mut Scene| {
        let mut other = other(scene);
        other.has = vec![HeldLog { log: scene.held.log.clone(), seq: 5, head: scene.held.head() }];
        scene.desk.send(&other.export(2));
    };
    let by_kit = |scene: &mut Scene| {
        scene.desk.center.make_kit_with_data(&stamp(20), "S01", "correct horse battery").expect("a kit");
    };
    for give in [&by_reply as &dyn Fn(&mut Scene), &by_its_word, &by_kit] {
        let mut scene = Scene::new();
        give(&mut scene);
        stays(&scene, &SettleError::Given);
    }
}

/// H3: nor does a request hold a branch that nobody answered (the third attack's C1), nor a slot that nobody released: what the branch says
/// of it may be made up (the fourth attack's D3; a slot that was released: `a4_d3_a_slot_that_was_told_holds_its_branch`).
#[test]
fn h3_what_nobody_released_holds_no_branch() {
    let mut scene = Scene::new();
    let (subject, root) = (scene.subject.clone(), EntryId([7; 32]));
    let asked = AllocationRequested { subject: subject.clone(), root, stratum: 0, factors: Vec::new(), number: 1 };
    let request = scene.held.write(asked);
    scene.held.write(AllocationRevealed { subject, request, stratum: 0, slot: 1, arm: "M".into() });
    scene.desk.send(&scene.held.export(6));
    scene.settle(Branch::Later).expect("settled");
    scene.is_whole();
}

/// H3: only a whole branch takes another one's place.
#[test]
fn h3_a_branch_with_a_gap_stays_aside() {
    let mut scene = Scene::new();
    let mut third = scene.later.clone();
    third.lines.truncate(4);
    third.texts.clear();
    third.set(&scene.subject, "IT.VS.DIABP", "70");
    scene.desk.send(&third.export(4));
    stays(&scene, &SettleError::NotWhole);

    let (desk, mut held) = Desk::with_device();
    let mut later = held.clone();
    (1..=6).for_each(|number| drop(held.register(number)));
    (11..=16).for_each(|number| drop(later.register(number)));
    desk.send(&held.export(2));
    assert!(desk.says(&later.export(4)).starts_with("fork: seq 3 "));
    scene = Scene { desk, identity: Identity::make(), held, later, subject: scene.subject };
    stays(&scene, &SettleError::NotWhole);
    assert!(scene.desk.says(&scene.later.part(2, 4)).starts_with("fork: seq 2 "));
    scene.settle(Branch::Later).expect("whole by now");
    assert_eq!(scene.desk.center.status().expect("a status").subjects, 6);
}

/// Nothing changes, and the branch held first can be kept.
fn stays(scene: &Scene, why: &SettleError) {
    let center = &scene.desk.center;
    let held = |seq: u64| crate::folding::storage(&scene.desk).read(|tx| tx.id_at(&scene.held.log, seq)).expect("read");
    let (entries, fourth) = (center.status().expect("a status").own_entries, held(4));
    let refused = scene.settle(Branch::Later);
    assert!(matches!(&refused, Err(CenterError::NotSettled(said)) if said == why), "{refused:?}");
    assert_eq!(center.fork(&scene.held.log).expect("a fork").only_held, Some(why.to_string()));
    assert_eq!((center.status().expect("a status").own_entries, held(4)), (entries, fourth));
    if *why != SettleError::NotWhole {
        scene.settle(Branch::Held).expect("settled");
        scene.is_whole();
    }
}

/// H3: a second copy that turns up afterwards is a fork of its own, and is settled by itself.
#[test]
fn h3_a_later_fork_is_settled_by_itself() {
    let mut scene = Scene::new();
    let mut third = scene.held.clone();
    scene.settle(Branch::Held).expect("settled");
    scene.held.set(&scene.subject, "IT.VS.SYSBP", "122");
    assert_eq!(scene.desk.says(&scene.held.export(6)), "accepted 1 entries");
    third.set(&scene.subject, "IT.VS.SYSBP", "133");
    assert!(scene.desk.says(&third.export(6)).starts_with("fork: seq 6 "));
    let own = scene.desk.center.status().expect("a status").sites.remove(0).devices.remove(0);
    assert_eq!((own.forked_at, own.quarantined), (Some(6), 1));
    let settled = scene.settle(Branch::Later).expect("settled");
    assert_eq!((settled.seq, settled.aside, settled.queries), (6, 1, 1));
    scene.is_whole();
    let kept = database(&scene.desk).query_row("SELECT count(*) FROM quarantine", [], |row| row.get::<_, u64>(0));
    assert_eq!(kept.expect("a count"), 7, "all of what was put aside is kept");
    assert_eq!(scene.desk.says(&third.export(6)), "already held");
}

/// H3: the center ends at the same state whether what the branch that goes on has to say came before the fork was settled or after.
#[test]
fn h3_the_order_in_which_bundles_come_changes_nothing() {
    let books = |early: bool| {
        let mut scene = Scene::new();
        let other = scene.held.register(8);
        scene.held.set(&other, "IT.VS.SYSBP", "125");
        let (first, second) = (scene.held.part(6, 6), scene.held.part(7, 7));
        if early {
            scene.desk.send(&second);
            scene.desk.send(&first);
            scene.settle(Branch::Held).expect("settled");
        } else {
            scene.desk.send(&second);
            scene.settle(Branch::Held).expect("settled");
            assert_eq!(scene.desk.send(&first).len(), 2, "with what was parked");
        }
        scene.is_whole();
        let lines: Vec<EntryId> = scene.held.lines.iter().map(Line::id).collect();
        let tables = export(&scene.desk, "out");
        // Each query has its own salt and time; the tables of answers do not show it.
        let answers: Vec<_> = tables.into_iter().filter(|(name, _)| !name.contains("quer")).collect();
        assert_eq!(scene.desk.center.status().expect("a status").sites[0].devices[0].held, lines.len() as u64);
        answers
            .into_iter()
            .map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(books(true), books(false));
}

/// H3: a device of another site has no say: whatever it claims to have of this log, nobody gave it that.
#[test]
fn h3_another_site_decides_nothing() {
    let scene = Scene::new();
    scene.desk.center.add_site(&stamp(15), "S02", "Second hospital").expect("a good name");
    let mut other = Device::new(&scene.desk, "S02-bbbbbbbb");
    scene.desk.admit(&mut other);
    let far = HeldLog { log: scene.held.log.clone(), seq: 1 << 40, head: EntryId([7; 32]) };
    let held = HeldLog { log: scene.held.log.clone(), seq: 5, head: scene.held.head() };
    for has in [far, held] {
        other.has = vec![has];
        assert_eq!(scene.desk.says(&other.export(2)), "accepted 0 entries");
    }
    scene.settle(Branch::Later).expect("settled");
    scene.is_whole();
}

/// H3: a second device of the site has a say only with an entry that was held: an end that it made up it can't have been given.
#[test]
fn h3_a_made_up_end_decides_nothing() {
    let scene = Scene::new();
    let mut beside = Device::new(&scene.desk, "S01-cccccccc");
    scene.desk.admit(&mut beside);
    for seq in [5, 1 << 40] {
        beside.has = vec![HeldLog { log: scene.held.log.clone(), seq, head: EntryId([7; 32]) }];
        assert_eq!(scene.desk.says(&beside.export(2)), "accepted 0 entries");
    }
    scene.settle(Branch::Later).expect("settled");
    scene.is_whole();
}

/// H3: of a key that both branches registered nobody knows whether it is one person: nothing said of the one is proposed for the
/// other.
#[test]
fn h3_two_people_of_one_key_are_not_taken_for_one() {
    let mut scene = Scene::new();
    scene.later.register(7);
    scene.later.set(&Oid::from("S01-007"), "IT.VS.SYSBP", "77");
    assert!(scene.desk.says(&scene.later.export(2)).starts_with("fork: seq 4 "));
    let settled = scene.settle(Branch::Held).expect("settled");
    assert_eq!(settled.queries, 3, "as without that person");
    let unasked: Vec<String> = settled.unasked.iter().map(ToString::to_string).collect();
    assert!(unasked.contains(&format!("items.set S01-007 {CELL} (entry 11)")), "{unasked:?}");
    assert!(scene.questions().iter().all(|asked| !asked.contains("S01-007")));
}

/// H3: what was damaged where it is kept aside is neither put into force nor put into anybody's mouth.
#[test]
fn h3_a_damaged_branch_is_not_settled() {
    let scene = Scene::new();
    let altered = "UPDATE quarantine SET line = CAST(replace(CAST(line AS TEXT), '190', '110') AS BLOB)";
    assert!(database(&scene.desk).execute(altered, []).expect("altered") > 0);
    for keep in [Branch::Later, Branch::Held] {
        assert!(scene.settle(keep).is_err());
        assert_eq!(scene.desk.center.status().expect("a status").sites[0].devices[0].forked_at, Some(4));
    }
}
