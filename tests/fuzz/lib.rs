//! Everything that reads bytes which other people wrote, each as a function that may refuse them and must not panic.
//!
//! What is accepted is held against a law: it is written again as it was read, or it keeps within its limits. Each target
//! has its first inputs in `seeds/<name>/`.

use std::io::{Cursor, Write};
use std::sync::LazyLock;

use bundle::{BundleError, Envelope, Key, NAMESPACE, Sealed, verify};
use casebook::{EntryId, Line};
use exchange::read::Table;
use seal::{Identity, KeySlots, SigningKey, sha256};
use study::{Document, Study};

/// A reader under test.
pub struct Target {
    /// Its name, and its folder under `seeds/`.
    pub name: &'static str,
    /// Reads, and holds what was read against its law.
    pub read: fn(&[u8]),
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "entry", read: entry },
    Target { name: "slots", read: slots },
    Target { name: "bundle", read: outer },
    Target { name: "payload", read: payload },
    Target { name: "odm", read: odm },
    Target { name: "lab", read: lab },
    Target { name: "dictionary", read: dictionary },
];

impl Target {
    /// The target of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.name == name)
    }
}

/// A line of the journal: what is read is written the same.
fn entry(bytes: &[u8]) {
    let Ok(line) = Line::read(bytes, EntryId(sha256(bytes))) else { return };
    let again = Line::write(line.entry().clone(), sha256).expect("what was read can be written");
    assert_eq!(again.bytes(), bytes);
    assert_eq!(Line::reread(bytes.to_vec(), line.id()).as_ref(), Ok(&line));
    let mut book = casebook::Book::new();
    if line.entry().act.subject().is_some() {
        book.apply(line.id(), line.entry()).expect("its own subject");
        book.rows();
    }
}

/// Key slots: what is read is written the same but for revision and MAC, which nobody made who lacks the key.
fn slots(bytes: &[u8]) {
    let Ok(mut slots) = KeySlots::read(bytes) else { return };
    let key = [7; 32];
    let (users, revision) = (slots.users().count(), slots.revision());
    if revision < u64::MAX {
        let again = KeySlots::read(&slots.write(&key)).expect("what was written can be read");
        assert!(again.is_authentic(&key));
        assert_eq!((again.users().count(), again.revision()), (users, revision + 1));
    }
}

/// A bundle as it lies on a stick.
fn outer(bytes: &[u8]) {
    let _ = verify(Cursor::new(bytes), None, Some(&Key::Identity(&CENTER)));
}

/// A bundle's content, sealed and signed by somebody who holds a device's key.
fn payload(plain: &[u8]) {
    let compressed = zstd::encode_all(plain, 1).expect("memory is enough");
    let mut sealed = seal::encrypt(&[CENTER.recipient()], Vec::new()).expect("memory is enough");
    sealed.write_all(&compressed).expect("memory is enough");
    let sealed = sealed.finish().expect("memory is enough");
    let mut envelope = GOOD.envelope.clone();
    envelope.plain_sha256 = EntryId(sha256(plain));
    envelope.plain_size = plain.len() as u64;
    envelope.payload_sha256 = EntryId(sha256(&sealed));
    envelope.payload_size = sealed.len() as u64;
    let told = bundle_of(&envelope, &sealed);
    match verify(Cursor::new(&told), None, Some(&Key::Identity(&CENTER))) {
        Ok(report) => assert_eq!(report.envelope, envelope),
        // The outside is good: whatever is wrong is the content's.
        Err(refusal) => assert!(!matches!(refusal, BundleError::Truncated | BundleError::Signature(_)), "{refusal}"),
    }
}

/// A study definition: what is read as a document is written and read the same; rules and forms compile or name why not.
fn odm(bytes: &[u8]) {
    let _ = Study::read("fuzz.xml", bytes, &clinical::functions());
    let Ok(document) = Document::parse("fuzz.xml", bytes) else { return };
    let again = Document::parse("again.xml", document.to_xml().as_bytes()).expect("what was written can be read");
    assert_eq!(again.canonical(), document.canonical());
}

/// A laboratory's file: every row has as many fields as the head.
fn lab(bytes: &[u8]) {
    if let Ok(table) = Table::read(bytes) {
        assert!(table.rows.iter().all(|(_, row)| row.len() == table.head.len()));
    }
}

/// A published table of terms, as a spreadsheet and as text.
fn dictionary(bytes: &[u8]) {
    for ending in ["xlsx", "csv", "tsv"] {
        if let Ok(rows) = exchange::read::table(ending, bytes) {
            let _ = study::dictionary::load::terms(&rows);
        }
    }
}

/// The center of the frozen bundle, whose key is for tests only.
static CENTER: LazyLock<Identity> = LazyLock::new(|| {
    let file = include_str!("../../src-tauri/crates/bundle/src/frozen/v1.agekey");
    Identity::from_file(file).expect("a key file")
});

/// A device's key, and a good bundle's statement in its name.
struct Good {
    device: SigningKey,
    readme: Vec<u8>,
    envelope: Envelope,
}

static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let frozen: &[u8] = include_bytes!("../../src-tauri/crates/bundle/src/frozen/v1.bundle");
    let mut envelope = Sealed::inspect(Cursor::new(frozen)).expect("a frozen bundle").envelope().clone();
    let device = SigningKey::from_seed(&[5; 32]);
    envelope.sender.key = device.public();
    envelope.sender_pub_sha256 = EntryId(sha256(&sender_pub(&device)));
    envelope.readme_sha256 = EntryId(sha256(bundle::README.as_bytes()));
    Good { device, readme: bundle::README.into(), envelope }
});

fn sender_pub(device: &SigningKey) -> Vec<u8> {
    format!("{}\n", device.public()).into_bytes()
}

/// Puts a payload into a bundle with this statement, signed.
fn bundle_of(envelope: &Envelope, payload: &[u8]) -> Vec<u8> {
    let statement = envelope.write();
    let signature = GOOD.device.sign_ssh(NAMESPACE, &statement);
    let members: [(&str, &[u8]); 5] = [
        ("README.txt", &GOOD.readme),
        ("envelope.json", &statement),
        ("envelope.json.sig", signature.as_bytes()),
        ("sender.pub", &sender_pub(&GOOD.device)),
        ("payload.tar.zst.age", payload),
    ];
    let mut archive = Vec::new();
    for (name, content) in members {
        archive.extend(header(name, content.len()));
        archive.extend_from_slice(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// The header of a plain file, as bundle/FORMAT.md, section 1, has it.
fn header(name: &str, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000644\x000000000\x000000000\0");
    put(124, &format!("{size:011o}\x0000000000000\0        0"));
    put(257, "ustar\x0000");
    put(329, "0000000\x000000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}
