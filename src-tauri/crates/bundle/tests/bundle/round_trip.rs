//! Whatever is packed comes out again, however it is split; a second reader sees the same.

use crate::archive::split;
use crate::forger::{open, options, plain};
use crate::journal::{Kept, Written, log};
use bundle::{Kind, Packed, Packer, SenderTrust, limits, verify};
use casebook::{EntryId, TextRow};
use proptest::prelude::*;
use seal::{Identity, SigningKey, sha256};
use std::collections::BTreeMap;
use std::io::Cursor;

/// What one export is given.
#[derive(Clone, Debug)]
struct Export {
    written: Vec<Written>,
    blobs: Vec<(String, Vec<u8>)>,
    split: usize,
}

fn exports() -> impl Strategy<Value = Export> {
    let entries = prop::collection::vec(1..3000_usize, 1..50);
    let logs = prop::collection::btree_map("[a-z]{8}", (1..4_u64, entries), 0..4);
    let blobs =
        prop::collection::btree_map("[a-z]{1,12}\\.(json|xml)", prop::collection::vec(any::<u8>(), 0..20_000), 0..3);
    (logs, blobs, 64..400_usize).prop_map(|(logs, blobs, split)| Export {
        written: logs
            .iter()
            .flat_map(|(name, (first, lengths))| log(&format!("S02-{name}"), *first, lengths))
            .collect(),
        blobs: blobs.into_iter().collect(),
        split: split << 10,
    })
}

fn pack(export: &Export, key: &SigningKey, to: &Identity) -> Vec<Packed> {
    let mut options = options(Kind::Reply, "center", to);
    options.split = export.split;
    let mut packer = Packer::begin(options, key).expect("coherent options");
    let mut packed = Vec::new();
    for entry in &export.written {
        packer.entry(&entry.log, entry.seq, entry.id, &entry.line).expect("the logs are chained");
        entry.text.iter().for_each(|row| packer.text(row).expect("a short text"));
        packed.extend(packer.take_ready());
    }
    for (name, bytes) in &export.blobs {
        packer.blob(name, bytes).expect("a small blob");
    }
    packed.extend(packer.finish().expect("an export"));
    packed
}

/// The content of one bundle as FORMAT.md describes it, read without the room.
fn read_alone(packed: &Packed, to: &Identity) -> Kept {
    let inner = split(&plain(&packed.bytes, to));
    assert_eq!((inner[0].name.as_str(), inner[1].name.as_str()), ("entries.ndjson", "texts.ndjson"));
    let lines = |content: &[u8]| -> Vec<Vec<u8>> {
        content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
    };
    let texts = lines(&inner[1].content);
    let blobs = inner[2..].iter().zip(&packed.envelope.blobs).map(|(member, note)| {
        assert_eq!(member.name, format!("blobs/{}", note.sha256));
        assert_eq!((sha256(&member.content), member.content.len() as u64), (note.sha256.0, note.size));
        (note.name.clone(), member.content.clone())
    });
    assert_eq!(inner.len() - 2, packed.envelope.blobs.len());
    Kept {
        lines: lines(&inner[0].content),
        texts: texts.iter().map(|line| serde_json::from_slice::<TextRow>(line).expect("a text")).collect(),
        blobs: blobs.collect(),
    }
}

/// The runs that the envelopes announce follow one another in every log, from the first entry to the last.
fn check_runs(packed: &[Packed], written: &[Written]) -> Result<(), TestCaseError> {
    let mut next: BTreeMap<&str, (u64, EntryId)> = BTreeMap::new();
    for entry in written {
        next.entry(&entry.log).or_insert((entry.seq, EntryId::ZERO));
    }
    for run in packed.iter().flat_map(|packed| &packed.envelope.logs) {
        let (seq, head) = next[run.log.as_str()];
        prop_assert_eq!(run.first, seq);
        prop_assert!(head == EntryId::ZERO || run.prev == head);
        next.insert(&run.log, (run.last + 1, run.head));
    }
    for entry in written {
        prop_assert!(next[entry.log.as_str()].0 > entry.seq);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_goes_in_comes_out(export in exports()) {
        let (key, to) = (SigningKey::from_seed(&[7; 32]), Identity::make());
        let packed = pack(&export, &key, &to);
        prop_assert!(!packed.is_empty());
        let mut all = Kept::default();
        for one in &packed {
            let kept = open(&one.bytes, Kind::Reply, SenderTrust::Known(key.public()), &to).expect("each is good by itself");
            prop_assert_eq!(&kept, &read_alone(one, &to));
            prop_assert_eq!(one.envelope.entries, kept.lines.len() as u64);
            prop_assert_eq!(one.envelope.texts, kept.texts.len() as u64);
            prop_assert!(one.bytes.len() <= export.split || !kept.blobs.is_empty());
            let report = verify(Cursor::new(&one.bytes), None, None).expect("anybody may look");
            prop_assert_eq!(report.id, EntryId(sha256(&split(&one.bytes)[1].content)));
            all.lines.extend(kept.lines);
            all.texts.extend(kept.texts);
            all.blobs.extend(kept.blobs);
        }
        prop_assert!(all.lines.iter().eq(export.written.iter().map(|entry| &entry.line)));
        prop_assert!(all.texts.iter().eq(export.written.iter().filter_map(|entry| entry.text.as_ref())));
        prop_assert!(all.blobs.iter().map(|(_, bytes)| bytes).eq(distinct(&export.blobs)));
        check_runs(&packed, &export.written)?;
    }
}

/// Blobs of equal content travel once.
fn distinct(blobs: &[(String, Vec<u8>)]) -> Vec<&Vec<u8>> {
    let mut seen: Vec<&Vec<u8>> = Vec::new();
    for (_, bytes) in blobs {
        if !seen.contains(&bytes) {
            seen.push(bytes);
        }
    }
    seen
}

#[test]
fn the_same_content_gives_the_same_envelope_but_for_its_encryption() {
    let (key, to) = (SigningKey::from_seed(&[7; 32]), Identity::make());
    let export = Export { written: log("S02-aaaaaaaa", 1, &[5, 6, 7]), blobs: Vec::new(), split: limits::USUAL_SPLIT };
    let [one, other] = [pack(&export, &key, &to).remove(0), pack(&export, &key, &to).remove(0)];
    assert_ne!(one.id, other.id, "age draws a new file key each time");
    assert_eq!(one.envelope.plain_sha256, other.envelope.plain_sha256);
    let mut envelope = other.envelope.clone();
    // age adds a stanza of random length, so that readers learn to skip what they do not know.
    envelope.payload_size = one.envelope.payload_size;
    envelope.payload_sha256 = one.envelope.payload_sha256;
    assert_eq!(one.envelope, envelope);
}

#[test]
fn every_recipient_opens_and_nobody_else() {
    let (key, center, recovery) = (SigningKey::from_seed(&[7; 32]), Identity::make(), Identity::make());
    let mut options = options(Kind::Data, "S01-k7f2m3pq", &center);
    let both = vec![("center".to_owned(), center.recipient()), ("recovery".to_owned(), recovery.recipient())];
    options.to = bundle::Recipients::Keys(both);
    let packed = Packer::begin(options, &key).and_then(Packer::finish).expect("an empty bundle").remove(0);
    let names: Vec<&str> = packed.envelope.recipients.iter().map(|to| to.name.as_str()).collect();
    assert_eq!(names, ["center", "recovery"]);
    let sender = || SenderTrust::Known(key.public());
    for identity in [&center, &recovery] {
        assert_eq!(open(&packed.bytes, Kind::Data, sender(), identity), Ok(Kept::default()));
    }
    let stranger = open(&packed.bytes, Kind::Data, sender(), &Identity::make());
    assert_eq!(stranger, Err(bundle::BundleError::NotForUs));
}
