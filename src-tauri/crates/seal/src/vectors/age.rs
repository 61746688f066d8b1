//! C2SP/CCTV's test files of age: what a reader must open, and what it must refuse.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use super::shared;
use crate::{Identity, SealError, decrypt, decrypt_with_passphrase, hex, sha256};

/// One file: what is said of it, and its bytes.
struct Vector {
    name: String,
    said: Vec<(String, String)>,
    file: Vec<u8>,
}

impl Vector {
    fn read(name: String, bytes: &[u8]) -> Self {
        let end = bytes.windows(2).position(|two| two == b"\n\n").expect("a header");
        let header = std::str::from_utf8(&bytes[..end]).expect("text");
        let said = header.lines().map(|line| line.split_once(": ").expect("a line of the header"));
        let said: Vec<_> = said.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let mut vector = Self { name, said, file: bytes[end + 2..].to_vec() };
        if vector.is("compressed", "zlib") {
            let packed = std::mem::take(&mut vector.file);
            flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut vector.file).expect("packed well");
        }
        vector
    }

    fn all<'v>(&'v self, key: &str) -> impl Iterator<Item = &'v str> {
        self.said.iter().filter(move |(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.all(key).any(|known| known == value)
    }

    /// SHA-256 of the content, where it opens to its end.
    fn open(&self) -> Result<String, SealError> {
        let file = self.file.as_slice();
        let mut opened = Err(SealError::NotForUs);
        for identity in self.all("identity") {
            opened = opened.or_else(|_| read_all(decrypt(&identity.parse::<Identity>()?, file)?));
        }
        for passphrase in self.all("passphrase") {
            opened = opened.or_else(|_| read_all(decrypt_with_passphrase(passphrase, file)?));
        }
        opened
    }
}

fn read_all(mut opened: impl Read) -> Result<String, SealError> {
    let mut plain = Vec::new();
    opened.read_to_end(&mut plain).map_err(|_| SealError::MalformedAge)?;
    Ok(hex::encode(&sha256(&plain)))
}

/// Where this room does something else than the vector says.
struct Deviation {
    why: &'static str,
    opens: bool,
}

fn deviation(vector: &Vector) -> Option<Deviation> {
    let refused = |why| Some(Deviation { why, opens: false });
    if vector.is("armored", "yes") {
        return refused("refused: bundles and slots hold binary files, no armour is read");
    }
    let mut identities = vector.all("identity").peekable();
    if identities.peek().is_some() && identities.all(|identity| !identity.starts_with("AGE-SECRET-KEY-1")) {
        return refused("refused: keys are X25519 alone, a hybrid identity is none");
    }
    // The library takes the headers of age's first drafts, too. What it means is not in doubt, and here the header is
    // covered by the sender's signature.
    let why = "opened: a stanza without the empty line that ends it since age's first release";
    ["stanza_missing_body", "stanza_missing_final_line"]
        .contains(&vector.name.as_str())
        .then_some(Deviation { why, opens: true })
}

#[test]
fn what_a_reader_must_open_opens_and_the_rest_is_refused() {
    let Some(folder) = shared("age") else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for file in fs::read_dir(folder).expect("a folder") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let vector = Vector::read(name, &fs::read(&path).expect("readable"));
        let opened = vector.open();
        let expected =
            vector.is("expect", "success").then(|| vector.all("payload").next().expect("a digest").to_owned());
        match deviation(&vector) {
            Some(Deviation { why, opens }) => {
                assert_eq!(opened.is_ok(), opens, "{}: {why}", vector.name);
                *counts.entry(why).or_default() += 1;
            }
            None => {
                assert_eq!(opened.ok(), expected, "{}: {}", vector.name, vector.all("comment").collect::<String>());
                *counts.entry("as the vector says").or_default() += 1;
            }
        }
    }
    for (what, count) in &counts {
        println!("age: {count} {what}");
    }
    assert_eq!(counts.values().sum::<usize>(), 143);
    assert!(counts["as the vector says"] >= 80, "{counts:?}");
}
