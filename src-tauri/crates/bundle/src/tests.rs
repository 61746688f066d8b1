//! Bundles there and back, and what must never come back.

use std::io::Cursor;

use casebook::{EntryId, Line, TextRow};
use proptest::prelude::*;
use seal::{AllowedSigners, Identity, SealError, SigningKey};

use crate::fixture::{Journal, LOG, STUDY, data_for, good, key, options};
use crate::*;

#[derive(Default)]
struct Kept {
    lines: Vec<Line>,
    texts: Vec<TextRow>,
    blobs: Vec<(String, Vec<u8>)>,
}

impl Sink for Kept {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        self.lines.push(line);
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), BundleError> {
        self.texts.push(row);
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), BundleError> {
        self.blobs.push((note.name.clone(), bytes));
        Ok(())
    }
}

fn admission(sender: SenderTrust) -> Admission<'static> {
    Admission { study: Some(STUDY), site: Some("S01"), kind: Kind::Data, practice: false, sender }
}

fn read(bytes: &[u8], center: &Identity) -> Result<Kept, BundleError> {
    let mut kept = Kept::default();
    Sealed::inspect(Cursor::new(bytes))?
        .admit(&admission(SenderTrust::Known(key().public())))?
        .open(&Key::Identity(center), &mut kept)?;
    Ok(kept)
}

#[test]
fn there_and_back() {
    let center = Identity::make();
    let packed = good(&center, 2500);
    assert_eq!(packed.name, "ST.HCC_S01-k7f2m3pq_1-2500.bundle");
    let kept = read(&packed.bytes, &center).expect("it is good");
    let journal = Journal::of(LOG, 2500);
    assert!(kept.lines.iter().map(Line::bytes).eq(journal.lines.iter().map(|(_, line, _)| line.as_slice())));
    assert!(kept.texts.iter().eq(journal.lines.iter().filter_map(|(_, _, text)| text.as_ref())));
    assert_eq!(kept.blobs, [("note.txt".to_owned(), b"a blob".to_vec())]);

    let mut signers = AllowedSigners::default();
    signers.add(LOG, key().public());
    let list = Signers { list: &signers, day: None };
    let report = verify(Cursor::new(&packed.bytes), Some(list), Some(&Key::Identity(&center))).expect("it is good");
    assert_eq!((report.id, report.head, report.envelope.entries), (packed.id, journal.lines[2499].0, 2500));
    assert!(report.sender_checked && report.content_checked);
}

#[test]
fn large_exports_are_split_between_entries() {
    let center = Identity::make();
    let journal = Journal::of(LOG, 20_000);
    let mut packer = Packer::begin(data_for(&center, 64 << 10), &key()).expect("the options are coherent");
    let mut bundles = journal.push(&mut packer, 0).expect("the journal is chained");
    bundles.extend(packer.finish().expect("bundles can be made"));
    assert!(bundles.len() > 5, "{}", bundles.len());
    let mut next = 1;
    let mut prev = EntryId::ZERO;
    for packed in &bundles {
        assert!(packed.bytes.len() <= 64 << 10, "{}", packed.bytes.len());
        let run = &packed.envelope.logs[0];
        assert_eq!((run.first, run.prev), (next, prev));
        let kept = read(&packed.bytes, &center).expect("each is good by itself");
        let texts = kept.lines.iter().filter(|line| line.entry().seq % 10 == 0).count();
        assert_eq!(kept.texts.len(), texts, "texts travel with their entries");
        (next, prev) = (run.last + 1, run.head);
    }
    assert_eq!(next, 20_001);
}

#[test]
fn an_export_may_have_no_entries() {
    let center = Identity::make();
    let packer = Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("the options are coherent");
    let packed = packer.finish().expect("a bundle can be made").pop().expect("there is always one");
    assert!(read(&packed.bytes, &center).is_ok_and(|kept| kept.lines.is_empty()));
}

#[test]
fn dropping_the_packer_cancels() {
    let center = Identity::make();
    let mut packer = Packer::begin(data_for(&center, 64 << 10), &key()).expect("the options are coherent");
    let _ = Journal::of(LOG, 5000).push(&mut packer, 0).expect("the journal is chained");
    drop(packer);
}

#[test]
fn a_damaged_vault_exports_nothing() {
    let center = Identity::make();
    let begin = || Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("the options are coherent");

    let mut gap = Journal::of(LOG, 9);
    gap.lines.remove(4);
    let broken = PackError::Chain { log: LOG.to_owned(), seq: 5 };
    let mut packer = begin();
    gap.push(&mut packer, 0).expect("the numbers follow");
    assert_eq!(packer.finish().err(), Some(broken));

    let mut packer = begin();
    let (id, line, _) = &Journal::of(LOG, 1).lines[0];
    packer.entry(LOG, 1, *id, line).expect("the first may be any");
    assert_eq!(packer.entry(LOG, 3, None, line).err(), Some(PackError::Chain { log: LOG.to_owned(), seq: 3 }));

    for edited in [3, 8] {
        let mut journal = Journal::of(LOG, 9);
        let line = &mut journal.lines[edited].1;
        let at = line.len() - 20;
        line[at] ^= 1;
        let mut packer = begin();
        journal.push(&mut packer, 0).expect("the numbers follow");
        let damaged = PackError::Line { log: LOG.to_owned(), seq: edited as u64 + 1 };
        assert_eq!(packer.finish().err(), Some(damaged));
    }
}

#[test]
fn a_packer_refuses_what_no_reader_takes() {
    let center = Identity::make();
    let mut named = data_for(&center, limits::USUAL_SPLIT);
    named.study = "two\nlines".to_owned();
    assert!(matches!(Packer::begin(named, &key()).err(), Some(PackError::Bounds(_))));
    assert!(matches!(Packer::begin(data_for(&center, 1), &key()).err(), Some(PackError::Bounds(_))));

    // The most that readers take of age's header is not enough for more.
    let mut crowded = data_for(&center, limits::USUAL_SPLIT);
    let device = |number| (format!("S01-{number:08}"), Identity::make().recipient());
    crowded.to = Recipients::Keys((0..=limits::RECIPIENTS).map(device).collect());
    assert_eq!(Packer::begin(crowded, &key()).err(), Some(PackError::Bounds("number of recipients")));

    let mut packer = Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("the options are coherent");
    let kept_before_texts_had_a_bound =
        TextRow { text: "a".repeat(limits::LINE).into(), ..TextRow::new(&[1; 16], "", seal::sha256).expect("short") };
    assert_eq!(packer.text(&kept_before_texts_had_a_bound).err(), Some(PackError::Bounds("text")));

    // A device vouches for its own log only.
    let mut packer = Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("the options are coherent");
    Journal::of("S02-aaaaaaaa", 3).push(&mut packer, 0).expect("the journal is chained");
    assert_eq!(packer.finish().err(), Some(PackError::Bounds("envelope")));
}

/// security.md, H1: a bundle is read back before it goes: a text that is not what its commitment says no reader would take.
#[test]
fn h1_what_no_reader_takes_is_not_packed() {
    let center = Identity::make();
    let mut packer = Packer::begin(data_for(&center, limits::USUAL_SPLIT), &key()).expect("the options are coherent");
    let row = TextRow::new(&[1; 16], "words", seal::sha256).expect("short");
    packer.text(&TextRow { text: "other".into(), ..row }).expect("short enough");
    assert!(matches!(packer.finish().err(), Some(PackError::NotReadBack(BundleError::Text(1)))));
}

/// security.md, H1: what compresses better than readers believe is padded, not refused.
#[test]
fn h1_content_that_repeats_itself_travels() {
    let center = Identity::make();
    for (split, size) in [(limits::USUAL_SPLIT, 40 << 20), (64 << 10, 8 << 20)] {
        let mut packer = Packer::begin(data_for(&center, split), &key()).expect("the options are coherent");
        packer.blob("zeros", &vec![0; size]).expect("the blob is within bounds");
        let packed = packer.finish().expect("it can be made").pop().expect("there is always one");
        let kept = read(&packed.bytes, &center).expect("no reader takes it for a bomb");
        assert_eq!(kept.blobs[0].1.len(), size);
    }
    let mut packer = Packer::begin(data_for(&center, 64 << 10), &key()).expect("the options are coherent");
    let (mut packed, mut journal) = (Vec::new(), Journal::of(LOG, 400));
    for (at, (_, _, text)) in journal.lines.iter_mut().enumerate() {
        let blank = " \n".repeat(casebook::MAX_TEXT / 2);
        *text = Some(TextRow::new(&[at as u8; 16], &blank, seal::sha256).expect("as long as a text may be"));
    }
    packed.extend(journal.push(&mut packer, 0).expect("the journal is chained"));
    packed.extend(packer.finish().expect("it can be made"));
    let kept = packed.iter().map(|one| read(&one.bytes, &center).expect("each is good").texts.len());
    assert_eq!(kept.sum::<usize>(), 400);
    assert!(packed.iter().all(|one| one.bytes.len() <= 64 << 10), "the padding is reckoned with");
}

#[test]
fn what_belongs_together_travels_together() {
    let center = Identity::make();
    let mut packer = Packer::begin(data_for(&center, 64 << 10), &key()).expect("the options are coherent");
    let noise: Vec<u8> = (0..2000_u64).flat_map(|at| seal::sha256(&at.to_le_bytes())).collect();
    let mut packed = Vec::new();
    for pair in 0..8_usize {
        let (name, signature) = (format!("receipt-{pair}.json"), format!("receipt-{pair}.json.sig"));
        let bytes = &noise[pair * 32..][..20_000 + 3_000 * pair];
        let pair = [Blob { name: &name, bytes }, Blob { name: &signature, bytes: &bytes[..500] }];
        packer.blobs(&pair).expect("small blobs");
        packed.extend(packer.take_ready());
    }
    packed.extend(packer.finish().expect("it can be made"));
    assert!(packed.len() > 2);
    for one in &packed {
        let names: Vec<String> =
            read(&one.bytes, &center).expect("good").blobs.into_iter().map(|(name, _)| name).collect();
        assert!(names.chunks(2).all(|pair| pair.len() == 2 && pair[1] == format!("{}.sig", pair[0])), "{names:?}");
    }
}

#[test]
fn a_reply_carries_several_logs() {
    let device = Identity::make();
    let to = Recipients::Keys(vec![("S01-k7f2m3pq".to_owned(), device.recipient())]);
    let mut reply = options(Kind::Reply, to, device.recipient(), limits::USUAL_SPLIT);
    reply.log = "center".to_owned();
    let mut packer = Packer::begin(reply, &key()).expect("the options are coherent");
    Journal::of("center", 30).push(&mut packer, 20).expect("the journal is chained");
    Journal::of("S01-bbbbbbbb", 5).push(&mut packer, 0).expect("the journal is chained");
    let packed = packer.finish().expect("a bundle can be made").pop().expect("there is always one");
    assert_eq!(packed.name, "ST.HCC_center-to-S01-k7f2m3pq_21-30.bundle");
    let report = verify(Cursor::new(&packed.bytes), None, Some(&Key::Identity(&device))).expect("it is good");
    assert_eq!(report.envelope.entries, 15);
}

#[test]
fn a_kit_opens_by_its_passphrase_only() {
    let to = Recipients::Passphrase("S01".to_owned(), "read by telephone".to_owned().into());
    let mut kit = options(Kind::Kit, to, Identity::make().recipient(), limits::USUAL_SPLIT);
    kit.log = "center".to_owned();
    let mut packer = Packer::begin(kit, &key()).expect("the options are coherent");
    packer.blob(Kit::NAME, b"{}").expect("the blob is small");
    let packed = packer.finish().expect("a bundle can be made").pop().expect("there is always one");
    let open = |passphrase| verify(Cursor::new(&packed.bytes), None, Some(&Key::Passphrase(passphrase)));
    assert!(open("read by telephone").is_ok());
    assert_eq!(open("read by telefax").err(), Some(BundleError::WrongPassphrase));
}

#[test]
fn admission_is_for_the_known_and_meant() {
    let center = Identity::make();
    let packed = good(&center, 3);
    let admit = |admission: Admission<'_>| {
        Sealed::inspect(Cursor::new(&packed.bytes)).and_then(|sealed| sealed.admit(&admission)).err()
    };
    let known = || SenderTrust::Known(key().public());
    let words = key().public().words();
    let unknown = BundleError::UnknownSender { log: LOG.to_owned(), words };
    assert_eq!(admit(admission(known())), None);
    assert_eq!(admit(admission(SenderTrust::Unknown)), Some(unknown.clone()));
    assert_eq!(admit(admission(SenderTrust::Known(SigningKey::from_seed(&[6; 32]).public()))), Some(unknown));
    assert_eq!(admit(admission(SenderTrust::Revoked)), Some(BundleError::RevokedSender(LOG.to_owned())));
    assert_eq!(admit(Admission { study: Some("ST.B"), ..admission(known()) }), Some(BundleError::OtherStudy));
    assert_eq!(admit(Admission { site: Some("S02"), ..admission(known()) }), Some(BundleError::OtherSite));
    assert_eq!(admit(Admission { kind: Kind::Reply, ..admission(known()) }), Some(BundleError::OtherPurpose));
    assert_eq!(admit(Admission { practice: true, ..admission(known()) }), Some(BundleError::NotPractice));
    assert_eq!(read(&packed.bytes, &Identity::make()).err(), Some(BundleError::NotForUs));
}

#[test]
fn practice_never_passes_for_real() {
    let center = Identity::make();
    let mut practice = data_for(&center, limits::USUAL_SPLIT);
    practice.practice = true;
    let packer = Packer::begin(practice, &key()).expect("the options are coherent");
    let packed = packer.finish().expect("a bundle can be made").pop().expect("there is always one");
    assert_eq!(packed.envelope.purpose, Purpose::Practice);
    assert_eq!(packed.envelope.practice_of, Some(Kind::Data));
    assert_eq!(read(&packed.bytes, &center).err(), Some(BundleError::Practice));
}

#[test]
fn every_early_end_is_named() {
    let center = Identity::make();
    let packed = good(&center, 40);
    for length in (0..packed.bytes.len()).step_by(97) {
        let refusal = read(&packed.bytes[..length], &center).err().expect("it is not whole");
        assert!(matches!(refusal, BundleError::Truncated | BundleError::NotABundle), "{length}: {refusal}");
    }
    let mut longer = packed.bytes.clone();
    longer.push(0);
    assert_eq!(read(&longer, &center).err(), Some(BundleError::Trailing));
}

#[test]
fn a_low_order_key_signs_nothing() {
    let center = Identity::make();
    let mut bytes = good(&center, 3).bytes;
    // The neutral element's encoding in place of the sender's key.
    let honest = key().public().to_string();
    let neutral = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let at = bytes.windows(honest.len()).rposition(|window| window == honest.as_bytes()).expect("sender.pub is there");
    bytes[at..at + honest.len()].copy_from_slice(neutral.as_bytes());
    assert_eq!(read(&bytes, &center).err(), Some(BundleError::Signature(SealError::LowOrderKey)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_flipped_bit_is_refused(place in 0.0..1.0_f64, bit in 0..8_u32) {
        thread_local!(static GOOD: (Identity, Vec<u8>) = {
            let center = Identity::make();
            let bytes = good(&center, 60).bytes;
            (center, bytes)
        });
        GOOD.with(|(center, bytes)| {
            let mut bytes = bytes.clone();
            let at = (place * bytes.len() as f64) as usize;
            bytes[at] ^= 1 << bit;
            prop_assert!(read(&bytes, center).is_err(), "bit {bit} of byte {at}");
            Ok(())
        })?;
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        prop_assert!(Sealed::inspect(Cursor::new(&bytes)).is_err());
        prop_assert!(Envelope::read(&bytes).is_err());
        let mut led = b"README.txt\0".to_vec();
        led.extend_from_slice(&bytes);
        prop_assert!(Sealed::inspect(Cursor::new(&led)).is_err());
    }
}

/// A bundle of each released version, and the identity that it is encrypted to, must open for ever.
#[test]
fn a_frozen_bundle_still_opens() {
    let center = Identity::from_file(include_str!("frozen/v1.agekey")).expect("a key file");
    let kept = read(include_bytes!("frozen/v1.bundle"), &center).expect("version 1 is frozen");
    let journal = Journal::of(LOG, 25);
    assert!(kept.lines.iter().map(Line::bytes).eq(journal.lines.iter().map(|(_, line, _)| line.as_slice())));
    assert_eq!((kept.texts.len(), kept.blobs.len()), (2, 1));
}
