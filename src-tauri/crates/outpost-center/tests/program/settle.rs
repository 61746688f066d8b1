//! A fork settled as a data manager does it.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};
use center::store::{BundleRow, BundleState, Embedded, Storage};

const DEVICE: &str = "S01-k7f2m3pq";

/// A center with a device whose vault was copied: entry 4 was written twice.
fn forked() -> (Desk, String, Device) {
    let (desk, dir) = made();
    desk.center.add_site(&stamp(1), "S01", "Sample hospital").expect("a site");
    let mut device = Device::new(&desk, DEVICE);
    desk.admit(&mut device);
    let subject = device.register(1);
    device.set(&subject, "IT.VS.SYSBP", "120");
    let mut copy = device.clone();
    device.set(&subject, "IT.VS.DIABP", "80");
    desk.send(&device.export(2));
    copy.set(&subject, "IT.VS.SYSBP", "193.75");
    copy.register(2);
    desk.send(&copy.export(2));
    (desk, dir, copy)
}

/// H3: before it is settled everything that is given out says what it lacks and exits 1, afterwards it does not; nothing that
/// somebody entered is printed.
#[test]
fn h3_a_fork_is_shown_and_settled() {
    let (desk, dir, copy) = forked();
    let of = |rest: &[&str]| run(&[&["device", "settle", DEVICE, "--dir", &dir], rest].concat());
    let shown = of(&["--show"]);
    assert_eq!((shown.0, shown.2.as_str()), (0, ""));
    for line in [
        "S01-k7f2m3pq: two branches from seq 4 on",
        "held: 1 entries, to seq 4, written 2026-11-23T",
        "later: 2 entries, to seq 5, written 2026-11-23T",
        "  subjects: S01-001, S01-002",
        "  1 subject.registered",
    ] {
        assert!(shown.1.lines().any(|said| said.starts_with(line)), "{line}: {}", shown.1);
    }
    let json: serde_json::Value = serde_json::from_str(&of(&["--show", "--json"]).1).expect("JSON");
    assert_eq!((&json["seq"], &json["later"]["entries"]), (&4.into(), &2.into()));
    let out = |name: &str| path(desk.folder.path(), name);
    let given = |name: &str| {
        let (table, reply) = (out(&format!("tables-{name}")), out(&format!("{name}.bundle")));
        [
            run(&["status", "--dir", &dir]),
            run(&["export", "csv", "--dir", &dir, "--out", &table]),
            run(&["reply", "--dir", &dir, "--site", "S01", "--out", &reply]),
        ]
    };
    assert!(given("before").iter().all(|(code, out, _)| *code == 1 && out.contains("left out: S01-k7f2m3pq has two")));

    assert_eq!(of(&["--keep", "held", "--reason", " "]).1, "not settled: it must be said why\n");
    let settled = of(&["--keep", "held", "--reason", "the copy was a mistake (sample)"]);
    assert_eq!((settled.0, settled.2.as_str()), (0, ""), "{}", settled.1);
    let said = "settled S01-k7f2m3pq at seq 4: the branch held first goes on, 2 entries are put aside\n\
                1 queries ask about what they say; they travel with the next reply\n\
                not asked: subject.registered S01-002 (entry 5)\n";
    assert!(settled.1.starts_with(said), "{}", settled.1);
    assert!(settled.1.contains("site add --with-data"), "{}", settled.1);
    for (code, out, errors) in given("after") {
        assert_eq!((code, out.contains("left out"), errors.as_str()), (0, false, ""), "{out}");
    }
    let status = good(&["status", "--dir", &dir]);
    assert!(status.contains(", settled at seq 4: the branch held first goes on, 2 entries are put aside"), "{status}");
    let again = of(&["--keep", "held", "--reason", "again (sample)"]);
    let said = "S01-k7f2m3pq was settled at seq 4 before: the branch held first goes on; nothing was done\n";
    assert_eq!(again, (0, said.to_owned(), String::new()));
    let other = of(&["--keep", "later", "--reason", "no (sample)"]);
    assert!(
        other.0 == 1 && other.1.starts_with("not settled: it was settled before: the branch held first"),
        "{}",
        other.1
    );

    let bundle = out("copy.bundle");
    std::fs::write(&bundle, copy.export(4).bytes).expect("written");
    let (code, said, _) = run(&["ingest", "--dir", &dir, &bundle]);
    assert!(
        code == 1 && said.contains("refused: it is of the branch of S01-k7f2m3pq that the center has put aside"),
        "{said}"
    );
    let texts = [&shown.1, &settled.1, &status, &said];
    assert!(texts.iter().all(|text| !text.contains("193.75") && !text.contains("mistake")), "no value and no words");
}

/// H3: the command line asks for a choice and a reason, or only shows.
#[test]
fn h3_a_choice_needs_a_branch_and_a_reason() {
    let (_desk, dir, _) = forked();
    let of = |rest: &[&str]| run(&[&["device", "settle", DEVICE, "--dir", &dir], rest].concat());
    for rest in [
        &[][..],
        &["--keep", "held"],
        &["--reason", "x"],
        &["--keep", "both", "--reason", "x"],
        &["--show", "--keep", "held"],
    ] {
        let (code, out, errors) = of(rest);
        assert!(code == 2 && out.is_empty() && !errors.is_empty(), "{rest:?}: {out}");
    }
    let (code, _, errors) = run(&["device", "settle", "S01-none", "--dir", &dir, "--show"]);
    assert!(code == 2 && errors.contains("there is no device S01-none"), "{errors}");
    let later = of(&["--keep", "later", "--reason", "that vault is in use (sample)"]);
    assert!(
        later.0 == 0 && later.1.contains("the branch that came later goes on, 1 entries are put aside"),
        "{}",
        later.1
    );
}

/// K5 and K1: what was put aside can be read with its words, on demand alone; a bundle that may be of either branch is named, and
/// the exit says what was refused when its turn came.
#[test]
fn k5_what_was_put_aside_is_printed_on_demand() {
    let (desk, dir, mut copy) = forked();
    let of = |rest: &[&str]| run(&[&["device", "settle", DEVICE, "--dir", &dir], rest].concat());
    let nothing = format!("nothing of {DEVICE} was put aside\n");
    assert_eq!(of(&["--rest"]), (0, nothing, String::new()));
    (11..=14).for_each(|number| drop(copy.register(number)));
    let unread = copy.part(8, 9);
    desk.send(&unread);
    let shown = of(&["--show"]).1;
    let waits = "a bundle with the entries 8 to 9 waits for an earlier one; it is of either branch";
    assert!(shown.lines().any(|line| line == waits), "{shown}");
    let mark = shown.lines().find_map(|line| line.strip_prefix("mark: ")?.split(' ').next()).expect("a mark");
    let held = ["--keep", "held", "--reason", "a copy (sample)"];
    let refused = of(&held);
    assert!(refused.0 == 1 && refused.1.starts_with("not settled: 1 bundles of this device wait"), "{}", refused.1);
    let other = of(&[&held[..], &["--without-parked", "--head", "0011223344556677"]].concat());
    assert!(other.0 == 1 && other.1.contains("look at them again (--show)"), "{}", other.1);
    let settled = of(&[&held[..], &["--without-parked", "--head", mark]].concat());
    assert_eq!((settled.0, settled.2.as_str()), (0, ""), "{}", settled.1);
    assert!(settled.1.contains("put aside unread: a bundle with the entries 8 to 9"), "{}", settled.1);
    assert!(!settled.1.contains("193.75") && !shown.contains("193.75"), "no value");
    let rest = good(&["device", "settle", DEVICE, "--dir", &dir, "--rest"]);
    assert!(rest.contains("items.set\tS01-001 SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP\t\"193.75\"\n"), "{rest}");
    assert!(rest.starts_with(DEVICE) && rest.lines().next().is_some_and(|line| line.ends_with(": a copy (sample)")));
    // Third attack, C8: what was put aside unread is printed, too, and damage decides the exit.
    assert!(rest.contains("a bundle with the entries 8 to 9, put aside unread; it says:\nseq 8\t"), "{rest}");
    let json: serde_json::Value = serde_json::from_str(&of(&["--rest", "--json"]).1).expect("JSON");
    std::fs::write(path(desk.folder.path(), &format!("center/bundles/{}.bundle", unread.id)), "nothing")
        .expect("altered");
    let damaged = of(&["--rest"]);
    assert!(damaged.0 == 1 && damaged.1.contains("the entries 8 to 9, put aside unread; damaged"), "{}", damaged.1);
    assert_eq!(
        (&json["settled"][0]["said"][0]["words"], &json["settled"][0]["seq"]),
        (&"\"193.75\"".into(), &4.into())
    );
    for rest in [&["--rest", "--show"][..], &["--json"], &["--rest", "--keep", "held", "--reason", "x"]] {
        assert_eq!(of(rest).0, 2, "{rest:?}");
    }
}

/// A low finding: what is refused when its turn comes decides the exit, too.
#[test]
fn a_parked_bundle_that_is_refused_is_no_success() {
    let (desk, dir, _) = forked();
    let mut other = Device::new(&desk, "S01-bbbbbbbb");
    desk.admit(&mut other);
    (21..=23).for_each(|number| drop(other.register(number)));
    let late = other.part(4, 4);
    desk.send(&late);
    // Its turn has come, and its file is gone: as after another program died.
    std::fs::remove_file(desk.folder.path().join(format!("center/bundles/{}.bundle", late.id))).expect("kept");
    let set = |state| {
        let store: Box<dyn Storage> =
            Box::new(Embedded::open(&desk.folder.path().join("center/center.sqlite")).expect("it opens"));
        let put = store.transact(|tx| {
            let row = tx.bundle(late.id)?.expect("known");
            tx.put_bundle(&BundleRow { state, ..row })
        });
        put.expect("written");
    };
    set(BundleState::Fork);
    desk.send(&other.part(2, 3));
    set(BundleState::Parked);
    let settled = run(&["device", "settle", DEVICE, "--dir", &dir, "--keep", "held", "--reason", "a copy (sample)"]);
    assert!(settled.0 == 1 && settled.1.contains("refused: the file that was kept cannot be read"), "{}", settled.1);
    assert!(settled.1.contains("settled S01-k7f2m3pq at seq 4"), "{}", settled.1);
}
