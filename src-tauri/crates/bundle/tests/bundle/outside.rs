//! What a thief without keys, and a device that lies in its envelope, can make of a bundle: each is refused by name.

use crate::archive::{Member, header, join};
use crate::forger::Good;
use bundle::BundleError::{Bomb, Damaged, Members, OtherSite, OtherStudy, Signature, TooLarge, Trailing, Truncated};
use bundle::{BundleError, Envelope, HeldLog, Kind, Purpose, limits};
use casebook::EntryId;
use seal::{SealError, SigningKey};

const PARTS: [&str; 5] = ["README.txt", "envelope.json", "envelope.json.sig", "sender.pub", "payload.tar.zst.age"];

#[test]
fn the_untouched_bundle_is_good() {
    let good = Good::make();
    let kept = good.open(&good.repacked(|_| ())).expect("the second writer writes the same bytes");
    assert!(kept.lines.iter().eq(good.written.iter().map(|entry| &entry.line)));
    assert_eq!(good.repacked(|_| ()), good.packed.bytes);
    assert_eq!(good.members().iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), PARTS);
}

#[test]
fn parts_keep_their_order_their_names_and_their_number() {
    let good = Good::make();
    for (place, part) in PARTS.into_iter().enumerate() {
        let missing = good.repacked(|members| drop(members.remove(place)));
        let expected = if place + 1 == PARTS.len() { BundleError::Damaged(part) } else { Members(part) };
        assert_eq!(good.open(&missing).expect_err(part), expected, "{part} is missing");
        let twice = good.open(&good.repacked(|members| members.insert(place, members[place].clone())));
        let next = PARTS.get(place + 1).map_or(Members("the end"), |part| Members(part));
        assert!(twice == Err(next.clone()) || twice == Err(Trailing) || twice == Err(Truncated), "{part}: {twice:?}");
        let renamed = good.open(&good.repacked(|members| members[place].name = format!("./{part}")));
        assert_eq!(renamed, Err(Members(part)));
    }
    for (one, other) in [(0, 1), (1, 2), (2, 3), (3, 4)] {
        let swapped = good.open(&good.repacked(|members| members.swap(one, other)));
        assert_eq!(swapped, Err(Members(PARTS[one])), "{one} and {other}");
    }
    let more = good.repacked(|members| members.push(Member::new("more.txt", b"more")));
    assert_eq!(good.open(&more), Err(Members("the end")));
}

#[test]
fn a_link_or_a_folder_is_no_part() {
    let good = Good::make();
    for kind in [b'1', b'2', b'3', b'5', b'x', b'g', 0] {
        let mut file = good.packed.bytes.clone();
        file[..512].copy_from_slice(&header("README.txt", good.members()[0].content.len(), kind));
        assert_eq!(good.open(&file), Err(Members("README.txt")), "{}", char::from(kind));
    }
}

#[test]
fn a_part_of_another_bundle_is_found() {
    let (good, other) = (Good::make(), Good::make());
    let theirs = other.members();
    let with = |place: usize| good.open(&good.repacked(|members| members[place] = theirs[place].clone()));
    // The two were signed by one key: README and key are the same, the rest is not.
    assert!(with(0).is_ok() && with(3).is_ok());
    assert!(matches!(with(1), Err(Signature(_))));
    assert!(matches!(with(2), Err(Signature(_))));
    assert_eq!(with(4), Err(Damaged("payload.tar.zst.age")));
    let readme = good.repacked(|members| members[0].content.push(b'!'));
    assert_eq!(good.open(&readme), Err(Damaged("README.txt")));
}

#[test]
fn another_key_cannot_stand_in_for_the_device() {
    let good = Good::make();
    let thief = SigningKey::from_seed(&[9; 32]);
    let signed = |members: &mut Vec<Member>| {
        members[2].content = thief.sign_ssh(bundle::NAMESPACE, &members[1].content).into_bytes();
    };
    assert!(matches!(good.open(&good.repacked(signed)), Err(Signature(_))));
    let with_key = good.repacked(|members| {
        signed(members);
        members[3].content = format!("{}\n", thief.public()).into_bytes();
    });
    assert_eq!(good.open(&with_key), Err(Signature(SealError::OtherKey)));
    let elsewhere = good.repacked(|members| {
        members[2].content = good.device.sign_ssh("file", &members[1].content).into_bytes();
    });
    assert!(matches!(good.open(&elsewhere), Err(Signature(_))), "a signature made for another purpose");
}

#[test]
fn the_sender_s_key_has_one_spelling() {
    let good = Good::make();
    let key = String::from_utf8(good.members()[3].content.clone()).expect("text");
    for other in
        [key.trim_end().to_owned(), format!("{key}\n"), format!(" {key}"), key.replace('\n', " me\n"), String::new()]
    {
        let refused = good.open(&good.repacked(|members| members[3].content = other.clone().into_bytes()));
        assert!(matches!(refused, Err(Damaged("sender.pub"))), "{other:?}: {refused:?}");
    }
}

#[test]
fn the_envelope_is_believed_only_where_it_agrees_with_the_content() {
    let good = Good::make();
    let open = |change: fn(&mut Envelope)| good.open(&good.restated(change));
    assert_eq!(open(|_| ()).map(|kept| kept.lines.len()), Ok(12));
    assert_eq!(open(|envelope| envelope.study = "ST.OTHER".into()), Err(OtherStudy));
    assert_eq!(open(|envelope| envelope.sender.site = "S02".into()), Err(OtherSite));
    assert_eq!(open(|envelope| envelope.purpose = Purpose::Reply), Err(BundleError::OtherPurpose));
    assert_eq!(open(|envelope| envelope.texts += 1), Err(Damaged("texts.ndjson")));
    assert_eq!(open(|envelope| envelope.plain_size -= 1), Err(Bomb));
    assert_eq!(open(|envelope| envelope.plain_size += 1), Err(Damaged("payload")));
    assert_eq!(open(|envelope| envelope.plain_sha256 = EntryId([1; 32])), Err(Damaged("payload")));
    assert_eq!(open(|envelope| envelope.payload_size += 1), Err(Damaged("payload.tar.zst.age")));
    assert_eq!(open(|envelope| envelope.readme_sha256 = EntryId([1; 32])), Err(Damaged("README.txt")));
    assert_eq!(open(|envelope| envelope.sender_pub_sha256 = EntryId([1; 32])), Err(Damaged("sender.pub")));
    assert_eq!(open(|envelope| envelope.blobs[0].size += 1), Err(Damaged("blobs")));
    assert_eq!(open(|envelope| envelope.blobs.swap(0, 1)), Err(Damaged("blobs")));
    assert_eq!(open(|envelope| drop(envelope.blobs.pop())), Err(Members("the end")));
    assert!(matches!(
        open(|envelope| envelope.logs[0].head = EntryId([1; 32])),
        Err(BundleError::Chain { seq: 12, .. })
    ));
    let shorter = open(|envelope| (envelope.logs[0].last, envelope.entries) = (11, 11));
    assert!(matches!(shorter, Err(BundleError::Chain { seq: 11, .. })), "{shorter:?}");
    let longer = open(|envelope| (envelope.logs[0].last, envelope.entries) = (13, 13));
    assert!(matches!(longer, Err(BundleError::Chain { seq: 13, .. })), "{longer:?}");
}

#[test]
fn what_the_envelope_only_tells_is_handed_on_as_told() {
    let good = Good::make();
    let file = good.restated(|envelope| {
        envelope.has = vec![HeldLog { log: "center".into(), seq: 4, head: EntryId([4; 32]) }];
    });
    let sealed = bundle::Sealed::inspect(std::io::Cursor::new(&file)).expect("it is signed");
    assert_eq!(sealed.envelope().has[0].seq, 4);
    assert_eq!((sealed.envelope().kind(), sealed.envelope().is_practice()), (Kind::Data, false));
}

#[test]
fn parts_larger_than_any_bundle_s_are_refused_before_they_are_read() {
    let good = Good::make();
    for (place, most) in [(0, limits::README), (1, limits::ENVELOPE), (2, limits::SIGNATURE), (3, limits::SIGNATURE)] {
        let size = usize::try_from(most).expect("it fits memory") + 1;
        let large = good.repacked(|members| members[place].content.resize(size, b' '));
        assert_eq!(good.open(&large), Err(TooLarge(PARTS[place])));
    }
    // A header alone that announces more than any file holds.
    let file = [header("README.txt", 1 << 30, b'0'), vec![0; 1024]].concat();
    assert_eq!(good.open(&file), Err(TooLarge("README.txt")));
    assert_eq!(good.open(&join(&[])), Err(BundleError::NotABundle));
}
