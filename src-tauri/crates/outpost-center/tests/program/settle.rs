//! A fork settled as a data manager does it.

use crate::cli::{good, made, path, run};
use crate::device::{Desk, Device, stamp};

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
