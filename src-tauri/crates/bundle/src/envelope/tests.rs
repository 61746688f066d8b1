use seal::{Identity, SigningKey};

use super::*;

fn envelope() -> Envelope {
    Envelope {
        format: FORMAT.to_owned(),
        version: VERSION,
        purpose: Purpose::Data,
        practice_of: None,
        study: "ST.HCC".to_owned(),
        sender: Sender {
            site: "S01".to_owned(),
            log: "S01-k7f2m3pq".to_owned(),
            key: SigningKey::from_seed(&[5; 32]).public(),
            age: Identity::make().recipient(),
        },
        recipients: vec![Addressee { name: "center".to_owned(), age: Identity::make().recipient().to_string() }],
        at: Instant::from_ms(1_795_421_702_113),
        logs: vec![run("S01-k7f2m3pq", 8, 9)],
        checkpoint: None,
        has: vec![HeldLog { log: "center".to_owned(), seq: 4, head: EntryId([4; 32]) }],
        entries: 2,
        texts: 0,
        blobs: Vec::new(),
        readme_sha256: EntryId([1; 32]),
        sender_pub_sha256: EntryId([2; 32]),
        payload_sha256: EntryId([0xab; 32]),
        payload_size: 1000,
        plain_sha256: EntryId([4; 32]),
        plain_size: 200_000,
    }
}

fn run(log: &str, first: u64, last: u64) -> LogRun {
    let prev = if first == 1 { EntryId::ZERO } else { EntryId([7; 32]) };
    LogRun { log: log.to_owned(), first, last, prev, head: EntryId([9; 32]) }
}

fn read(change: impl FnOnce(&mut Envelope)) -> Result<(), BundleError> {
    let mut envelope = envelope();
    change(&mut envelope);
    Envelope::read(&envelope.write()).map(drop)
}

const DAMAGED: Result<(), BundleError> = Err(BundleError::Damaged("envelope.json"));

#[test]
fn one_spelling_only() {
    let bytes = envelope().write();
    let text = String::from_utf8(bytes.clone()).unwrap_or_default();
    assert!(Envelope::read(&bytes).is_ok());
    for other in [
        text.trim_end().to_owned(),
        format!("{text}\n"),
        text.replacen(':', ": ", 1),
        text.replacen("\"texts\":0", "\"texts\":0,\"texts\":0", 1),
        text.replacen("\"texts\":0", "\"texts\":0.0", 1),
        text.replacen("\"texts\":0,", "", 1),
        text.replacen("\"texts\":0", "\"texts\":0,\"more\":1", 1),
        text.replacen("\"texts\":0,\"blobs\":[]", "\"blobs\":[],\"texts\":0", 1),
        text.replacen("\"checkpoint\":null,", "", 1),
        text.replacen("\"study\":\"ST", "\"practice_of\":null,\"study\":\"ST", 1),
        text.replacen("ST.HCC", "ST.\\u0048CC", 1),
        text.replacen("outpost-bundle", "outpost-bungle", 1),
        "null\n".to_owned(),
        "[".repeat(100_000),
    ] {
        assert_eq!(Envelope::read(other.as_bytes()).map(drop), DAMAGED, "{}", &other[..60.min(other.len())]);
    }
    let newer = text.replacen("\"version\":1", "\"version\":2", 1).replacen("\"texts\":0", "\"letters\":0", 1);
    assert_eq!(Envelope::read(newer.as_bytes()).err(), Some(BundleError::NewerVersion));
}

#[test]
fn what_contradicts_itself_is_refused() {
    assert_eq!(read(|_| ()), Ok(()));
    assert_eq!(read(|envelope| envelope.study.clear()), DAMAGED);
    assert_eq!(read(|envelope| envelope.sender.log = "a\u{7}b".to_owned()), DAMAGED);
    assert_eq!(read(|envelope| envelope.sender.site = "x".repeat(201)), DAMAGED);
    assert_eq!(read(|envelope| envelope.recipients.clear()), DAMAGED);
    assert_eq!(read(|envelope| envelope.recipients[0].age = "age1x".to_owned()), DAMAGED);
    assert_eq!(
        read(|envelope| envelope.recipients.push(Addressee { name: "S01".to_owned(), age: PASSPHRASE.to_owned() })),
        DAMAGED
    );
    assert_eq!(read(|envelope| envelope.practice_of = Some(Kind::Data)), DAMAGED);
    assert_eq!(read(|envelope| envelope.purpose = Purpose::Practice), DAMAGED);
    assert_eq!(read(|envelope| envelope.entries = 3), DAMAGED);
    assert_eq!(read(|envelope| envelope.logs[0].last = 7), DAMAGED);
    assert_eq!(read(|envelope| envelope.logs[0].last = u64::MAX), DAMAGED);
    assert_eq!(read(|envelope| envelope.logs[0].prev = EntryId::ZERO), DAMAGED);
    assert_eq!(read(|envelope| envelope.logs[0].log = "S02-aaaaaaaa".to_owned()), DAMAGED);
    assert_eq!(read(|envelope| envelope.has.push(envelope.has[0].clone())), DAMAGED);
    let blob = BlobNote { name: "note.txt".to_owned(), sha256: EntryId([6; 32]), size: 5 };
    assert_eq!(read(|envelope| envelope.blobs = vec![blob.clone()]), Ok(()));
    assert_eq!(read(|envelope| envelope.blobs = vec![blob.clone(), blob.clone()]), DAMAGED);
    let twice = |envelope: &mut Envelope| {
        envelope.logs = vec![run("S01-k7f2m3pq", 1, 1), run("S01-k7f2m3pq", 2, 2)];
    };
    assert_eq!(read(twice), DAMAGED);
    let two = |envelope: &mut Envelope| {
        envelope.purpose = Purpose::Reply;
        envelope.logs = vec![run("center", 1, 1), run("S01-k7f2m3pq", 1, 1)];
    };
    assert_eq!(read(two), Ok(()));
    assert_eq!(read(|envelope| envelope.checkpoint = Some(checkpoint("S02-aaaaaaaa"))), DAMAGED);
    assert_eq!(read(|envelope| envelope.checkpoint = Some(checkpoint("S01-k7f2m3pq"))), Ok(()));
}

fn checkpoint(log: &str) -> Checkpoint {
    Checkpoint { log: log.to_owned(), epoch: 3, seq: 9, head: EntryId([9; 32]), state: EntryId([8; 32]), receipt: None }
}

#[test]
fn bombs_are_refused_by_what_they_announce() {
    assert_eq!(read(|envelope| envelope.plain_size = 200_001), Err(BundleError::Bomb));
    let huge = |envelope: &mut Envelope| {
        (envelope.plain_size, envelope.payload_size) = (limits::PLAIN + 1, limits::FILE);
    };
    assert_eq!(read(huge), Err(BundleError::TooLarge("payload")));
    let blob = BlobNote { name: "note.txt".to_owned(), sha256: EntryId([6; 32]), size: limits::BLOB + 1 };
    assert_eq!(read(|envelope| envelope.blobs = vec![blob]), Err(BundleError::TooLarge("payload")));
}

#[test]
fn file_names_are_plain_ascii() {
    let mut envelope = envelope();
    assert_eq!(envelope.file_name(), "ST.HCC_S01-k7f2m3pq_8-9.bundle");
    envelope.study = "研究/../A:B".to_owned();
    assert_eq!(envelope.file_name(), "----..-A-B_S01-k7f2m3pq_8-9.bundle".replace("----", "---"));
    envelope.logs.clear();
    assert_eq!(envelope.file_name(), "---..-A-B_S01-k7f2m3pq_abababab.bundle");
}
