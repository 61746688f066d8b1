//! What only the device itself could send, or somebody who has stolen its key: content that breaks the rules of the
//! journal, described and signed without a fault.

use crate::archive::Member;
use crate::forger::{Good, LOG, zstd};
use crate::journal::{STUDY, line};
use bundle::{BundleError, Envelope, limits};
use casebook::{EntryId, TextCommit, TextRow};
use proptest::prelude::*;
use seal::sha256;
use std::io::Write;

fn lines(member: &Member) -> Vec<Vec<u8>> {
    member.content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

/// The bundle with other lines of entries; its run announces what these lines say.
fn with_lines(good: &Good, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    good.retold(zstd, |envelope, inner| {
        let mut entries = lines(&inner[0]);
        change(&mut entries);
        let last = entries.last().map_or(EntryId::ZERO, |line| EntryId(sha256(line)));
        envelope.logs[0].last = entries.len() as u64;
        envelope.logs[0].head = last;
        envelope.entries = entries.len() as u64;
        inner[0].content = entries.concat();
    })
}

fn chain(seq: u64) -> Result<crate::journal::Kept, BundleError> {
    Err(BundleError::Chain { log: LOG.to_owned(), seq })
}

#[test]
fn a_log_is_a_chain_without_gap_or_fork() {
    let good = Good::make();
    assert!(good.open(&with_lines(&good, |_| ())).is_ok());
    assert_eq!(good.open(&with_lines(&good, |lines| drop(lines.remove(4)))), chain(5));
    assert_eq!(good.open(&with_lines(&good, |lines| lines.swap(6, 7))), chain(7));
    assert_eq!(good.open(&with_lines(&good, |lines| lines.insert(3, lines[3].clone()))), chain(5));
    let forked = with_lines(&good, |lines| {
        lines[9] = line(STUDY, LOG, 10, EntryId([1; 32]), "x", None);
    });
    assert_eq!(good.open(&forked), chain(10));
    let rewritten = with_lines(&good, |lines| {
        let before = EntryId(sha256(&lines[4]));
        lines[5] = line(STUDY, LOG, 6, before, "another value", None);
    });
    assert_eq!(good.open(&rewritten), chain(7), "the next entry still names the one that was");
    let strange = with_lines(&good, |lines| {
        let before = EntryId(sha256(&lines[10]));
        lines[11] = line(STUDY, "S02-aaaaaaaa", 12, before, "x", None);
    });
    assert_eq!(good.open(&strange), chain(12));
}

#[test]
fn a_line_is_an_entry_of_this_study() {
    let good = Good::make();
    let last = |change: fn(&mut Vec<u8>)| good.open(&with_lines(&good, |lines| change(&mut lines[11])));
    for (name, change) in [
        ("no JSON", (|line| *line = b"entry\n".to_vec()) as fn(&mut Vec<u8>)),
        ("empty", |line| *line = b"\n".to_vec()),
        ("a space", |line| line.insert(1, b' ')),
        ("a bad byte", |line| line[20] = 0xff),
        ("carriage return", |line| line.insert(line.len() - 1, b'\r')),
    ] {
        let refused = last(change);
        assert!(matches!(refused, Err(BundleError::Entry { line: 12, .. })), "{name}: {refused:?}");
    }
    let newer = last(|line| line[5] = b'2');
    assert_eq!(newer.map_err(|refused| refused.code()), Err("newer_version"));
    let other_study = with_lines(&good, |lines| {
        let before = EntryId(sha256(&lines[10]));
        lines[11] = line("ST.OTHER", LOG, 12, before, "x", None);
    });
    assert_eq!(good.open(&other_study), Err(BundleError::OtherStudy));
    let open_end = good.open(&with_lines(&good, |lines| assert_eq!(lines[11].pop(), Some(b'\n'))));
    assert_eq!(open_end, Err(BundleError::Damaged("entries.ndjson")));
    let endless = good.open(&with_lines(&good, |lines| lines[11] = noise(limits::LINE + 1)));
    assert_eq!(endless, Err(BundleError::TooLarge("line")));
}

/// Letters that hardly compress, so that their number is what is refused.
fn noise(length: usize) -> Vec<u8> {
    (0_u64..).flat_map(|block| sha256(&block.to_be_bytes())).map(|byte| b'a' + byte % 26).take(length).collect()
}

#[test]
fn a_text_fits_the_commitment_beside_it() {
    let good = Good::make();
    let with_texts = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        good.open(&good.retold(zstd, |envelope, inner| {
            let mut texts = lines(&inner[1]);
            change(&mut texts);
            envelope.texts = texts.len() as u64;
            inner[1].content = texts.concat();
        }))
    };
    assert!(with_texts(&|_| ()).is_ok());
    let swap_text = |texts: &mut Vec<Vec<u8>>| {
        let end = texts[2].len() - 4;
        texts[2][end] ^= 1;
    };
    assert_eq!(with_texts(&swap_text), Err(BundleError::Text(3)));
    assert_eq!(with_texts(&|texts| texts[0].insert(1, b' ')), Err(BundleError::Text(1)));
    assert_eq!(with_texts(&|texts| texts[5] = b"{}\n".to_vec()), Err(BundleError::Text(6)));
    // A line is as long as it is, wherever the reader's batches happen to end.
    for before in [0, 100_000, 200_000] {
        let line = |length: usize| {
            let row = TextRow {
                text: String::from_utf8(noise(length)).expect("letters").into(),
                ..TextRow::new(&[9; 16], "", sha256).expect("short")
            };
            TextRow { commit: TextCommit(sha256(&row.preimage().expect("a salt"))), ..row }.line()
        };
        let around = line(0).len();
        let fill = |texts: &mut Vec<Vec<u8>>| texts.extend((before > 0).then(|| line(before - around)));
        let most = |texts: &mut Vec<Vec<u8>>| texts.push(line(limits::LINE - around));
        let more = |texts: &mut Vec<Vec<u8>>| texts.push(line(limits::LINE - around + 1));
        assert!(with_texts(&|texts| (fill(texts), most(texts)).1).is_ok(), "{before}");
        assert_eq!(with_texts(&|texts| (fill(texts), more(texts)).1), Err(BundleError::TooLarge("line")), "{before}");
    }
    // Whether an entry asks for the text is the reader's question: a text too many is no lie.
    assert!(with_texts(&|texts| texts.push(TextRow::new(&[9; 16], "more", sha256).expect("short").line())).is_ok());
}

#[test]
fn a_blob_has_its_digest_its_name_and_its_place() {
    let good = Good::make();
    let open = |change: fn(&mut Envelope, &mut Vec<Member>)| good.open(&good.retold(zstd, change));
    let damaged = Err(BundleError::Damaged("blobs"));
    assert_eq!(open(|_, inner| inner[2].name = "blobs/../study.xml".into()), damaged);
    assert_eq!(open(|_, inner| inner[2].content.push(b' ')), damaged);
    assert_eq!(open(|_, inner| inner.swap(2, 3)), damaged);
    assert_eq!(open(|_, inner| drop(inner.remove(2))), damaged);
    assert_eq!(open(|_, inner| inner.push(Member::new("blobs/more", b"more"))), Err(BundleError::Members("the end")));
    assert_eq!(open(|_, inner| inner.swap(0, 1)), Err(BundleError::Members("entries.ndjson")));
    assert_eq!(open(|_, inner| inner[1].name = "texts".into()), Err(BundleError::Members("texts.ndjson")));
}

/// A blob of another content under a good name passes the reader of this room: who keeps it compares the digest, as
/// [`bundle::verify()`] does.
#[test]
fn an_auditor_compares_the_blobs_digests() {
    let good = Good::make();
    let file = good.retold(zstd, |_, inner| inner[2].content = b"<odm/>".to_vec());
    let verified = bundle::verify(std::io::Cursor::new(&file), None, Some(&bundle::Key::Identity(&good.center)));
    assert_eq!(verified.err(), Some(BundleError::Damaged("blobs")));
}

#[test]
fn compression_is_read_within_its_limits() {
    let good = Good::make();
    let open = |compress: fn(&[u8]) -> Vec<u8>| good.open(&good.retold(compress, |_, _| ()));
    assert!(open(|plain| zstd::encode_all(plain, 19).expect("memory")).is_ok(), "any level");
    let frames = |plain: &[u8]| plain.chunks(100).flat_map(zstd).collect();
    assert!(open(frames).is_ok(), "any number of frames");
    let skippable = |plain: &[u8]| [&b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..], &zstd(plain)].concat();
    assert!(open(skippable).is_ok(), "a skippable frame holds nothing");
    assert_eq!(open(<[u8]>::to_vec), Err(BundleError::Damaged("payload")), "not compressed");
    let cut = |plain: &[u8]| zstd(plain).split_last().expect("not empty").1.to_vec();
    assert_eq!(open(cut), Err(BundleError::Damaged("payload")));
    let wide = |plain: &[u8]| {
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("memory");
        encoder.long_distance_matching(true).expect("a setting");
        encoder.window_log(limits::WINDOW_LOG + 1).expect("a setting");
        encoder.write_all(plain).expect("memory");
        encoder.finish().expect("memory")
    };
    assert_eq!(open(wide), Err(BundleError::Damaged("payload")), "a window that asks for more memory");
}

#[test]
fn a_bomb_goes_off_nowhere() {
    let good = Good::make();
    let mut envelope = good.packed.envelope.clone();
    envelope.blobs.clear();
    let plain = good.plain();
    let swollen = [plain.as_slice(), &vec![0; 64 << 20]].concat();
    let file = good.sealed(envelope, &swollen, zstd);
    assert_eq!(good.open(&file), Err(BundleError::Bomb), "announced");
    let compressed = zstd(&swollen);
    let hidden = good.sealed(good.packed.envelope.clone(), &plain, |_| compressed.clone());
    assert_eq!(good.open(&hidden), Err(BundleError::Bomb), "hidden behind the end");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever a forger with the device's key writes into the payload, it is refused or it is what the journal allows.
    #[test]
    fn an_altered_payload_never_passes(place in 0.0..1.0_f64, byte in any::<u8>()) {
        thread_local!(static GOOD: Good = Good::make());
        GOOD.with(|good| {
            let mut plain = good.plain();
            let at = (place * (plain.len() - 1) as f64) as usize;
            prop_assume!(plain[at] != byte);
            plain[at] = byte;
            let file = good.sealed(good.packed.envelope.clone(), &plain, zstd);
            let outcome = good.open(&file);
            // A blob's bytes are compared with their digest by whoever keeps it.
            let in_blobs = at > plain.len() - 1024 - 2 * 1024 - 1536;
            prop_assert!(outcome.is_err() || in_blobs, "byte {} of {}", at, plain.len());
            Ok(())
        })?;
    }
}
