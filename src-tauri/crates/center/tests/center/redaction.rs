//! Words that must not be kept, and words that are for one site only. Finding M4.

use crate::device::{Desk, Device, stamp};
use crate::folding::export;
use crate::replies::{Read, open};
use bundle::{Key, Kind};
use casebook::{Act, CENTER, TextCommit};
use center::CenterError;
use seal::Identity;
use std::fs;

const NAME: &str = "Xaver Quillfeather (sample)";

/// Whether words lie anywhere in the files of the database.
fn lies_in_the_database(desk: &Desk, words: &str) -> bool {
    ["center.sqlite", "center.sqlite-wal"].iter().any(|name| {
        let bytes = fs::read(desk.folder.path().join(name)).unwrap_or_default();
        bytes.windows(words.len()).any(|part| part == words.as_bytes())
    })
}

fn reply(desk: &Desk, site: &str, identity: &Identity) -> Read {
    let packed = desk.center.reply(&stamp(20), site).expect("a reply").packed.remove(0);
    open(desk, &packed.bytes, Kind::Reply, &Key::Identity(identity))
}

fn knows(read: &Read, words: &str) -> bool {
    read.texts.iter().any(|row| row.text.as_str() == words)
}

/// A device of a site that can read its replies.
fn reader(desk: &Desk, log: &str) -> (Device, Identity) {
    let identity = Identity::make();
    let mut device = Device { age: identity.recipient(), ..Device::new(desk, log) };
    desk.admit(&mut device);
    (device, identity)
}

/// Finding M4: the center kept redacted words and sent them on.
#[test]
fn m4_redacted_words_are_gone_and_stay_gone() {
    let (desk, mut device) = Desk::with_device();
    let (_, identity) = reader(&desk, "S01-zzzzzzzz");
    let subject = device.register(1);
    device.say(&subject, NAME);
    device.say(&subject, "fell on the stairs (sample)");
    desk.send(&device.export(2));
    let texts = desk.center.texts(&subject).expect("listed");
    let found = texts.iter().find(|text| text.words.as_ref().is_some_and(|words| words.as_str() == NAME));
    let text = found.expect("it is listed");
    assert_eq!((&*text.log, text.seq, text.act), (&*device.log, 3, "items.set"));
    let tables = |name| String::from_utf8(export(&desk, name).remove(0).1).expect("UTF-8");
    assert!(tables("before").contains(NAME) && knows(&reply(&desk, "S01", &identity), NAME));
    assert!(lies_in_the_database(&desk, NAME));

    let written = desk.center.redact(&stamp(7), text.commit, "a name (sample)").expect("redacted");
    assert_eq!(written.len(), 1);
    let is_gone = |what: &str| {
        let texts = desk.center.texts(&subject).expect("listed");
        let gone = texts.iter().find(|one| one.commit == text.commit).is_some_and(|one| one.words.is_none());
        assert!(gone, "{what}: the words");
        assert!(!lies_in_the_database(&desk, NAME), "{what}: the files");
        let cells = tables("after");
        assert!(!cells.contains(NAME) && cells.contains(",redacted,"), "{what}: {cells}");
        let read = reply(&desk, "S01", &identity);
        assert!(!knows(&read, NAME) && knows(&read, "fell on the stairs (sample)"), "{what}: the reply");
        let told = |act: &Act| matches!(act, Act::TextRedacted(act) if act.text == text.commit);
        assert!(read.lines.iter().any(|line| told(&line.entry().act)), "{what}: the site is told");
    };
    is_gone("at once");
    // The device has not heard of it yet, and sends the words once more beside others.
    device.register(2);
    assert_eq!(desk.says(&device.export(2)), "accepted 1 entries");
    is_gone("after another bundle");
    desk.center.check().expect("every chain still verifies");
    let open = center::Center::open(desk.folder.path(), &study::Functions::default()).expect("it opens");
    assert!(open.texts(&subject).expect("listed").iter().any(|one| one.words.is_none()));
    let unknown = desk.center.redact(&stamp(8), TextCommit([7; 32]), "none (sample)").expect_err("no such text");
    assert!(matches!(unknown, CenterError::UnknownText), "{unknown}");
}

/// What is about no subject, or about one that nobody registered, is redacted as well.
#[test]
fn words_about_nobody_are_redacted_too() {
    let (desk, mut device) = Desk::with_device();
    let nobody = study::Oid::from("S01-404");
    device.say(&nobody, NAME);
    desk.send(&device.export(2));
    let text = desk.center.texts(&nobody).expect("listed").remove(0);
    assert_eq!(desk.center.redact(&stamp(7), text.commit, "a name (sample)").expect("redacted").len(), 1);
    assert!(!lies_in_the_database(&desk, NAME));
    desk.center.revoke(&stamp(8), &device.log, NAME).expect("revoked");
    let mut commits = Vec::new();
    let storage = crate::folding::storage(&desk);
    let read = storage.read(|tx| {
        tx.lines(CENTER, 1, &mut |_, _, id, bytes| {
            let line = casebook::Line::reread(bytes.to_vec(), id).expect("an entry");
            if let Act::DeviceRevoked(act) = &line.entry().act {
                commits.push(act.reason.text);
            }
            Ok(())
        })
    });
    read.expect("read");
    desk.center.redact(&stamp(9), commits[0], "a name (sample)").expect("redacted");
    assert!(!lies_in_the_database(&desk, NAME));
    desk.center.check().expect("sound");
}

/// Beside finding C3: every site got the words of every query and every deviation.
#[test]
fn words_about_a_subject_travel_to_its_own_site_alone() {
    let desk = Desk::new();
    desk.center.add_site(&stamp(1), "S02", "Second hospital (sample)").expect("a good name");
    let (mut one, first) = reader(&desk, "S01-aaaaaaaa");
    let (mut two, second) = reader(&desk, "S02-bbbbbbbb");
    let cell = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP".parse().expect("a cell");
    let mut asked = Vec::new();
    for device in [&mut one, &mut two] {
        let subject = device.register(1);
        device.set(&subject, "IT.VS.SYSBP", "410");
        desk.send(&device.export(2));
        let question = format!("{subject}: the cuff of {NAME}?");
        asked.push((desk.center.raise_query(&stamp(5), &subject, &cell, &question).expect("raised"), question));
    }
    let mut lost = Device::new(&desk, "S02-cccccccc");
    desk.admit(&mut lost);
    desk.center.revoke(&stamp(6), &lost.log, "stolen from S02 (sample)").expect("revoked");
    for (own, site, identity) in [(0, "S01", &first), (1, "S02", &second)] {
        let read = reply(&desk, site, identity);
        assert!(asked.iter().all(|(id, _)| read.lines.iter().any(|line| line.id() == *id)), "{site}: a log is a chain");
        for (number, (_, question)) in asked.iter().enumerate() {
            assert_eq!(knows(&read, question), number == own, "{site}: {question}");
        }
        assert_eq!(knows(&read, "stolen from S02 (sample)"), site == "S02", "{site}");
    }
}
