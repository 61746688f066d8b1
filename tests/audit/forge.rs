//! The forger's workshop: good bundles taken apart, changed, and put together again as well as a forger can.

use std::io::{Cursor, Read, Write};
use std::ops::Range;

use bundle::{Addressee, Envelope, Kind, NAMESPACE, PackOptions, Packer, Recipients, limits};
use casebook::{EntryId, Instant, TextRow};
use seal::{AllowedSigners, Identity, Recipient, SigningKey, sha256};

/// The device's log and name.
pub const LOG: &str = "S01-k7f2m3pq";
const STUDY: &str = "ST.HCC";

/// A good bundle with all keys that had a part in it.
pub struct Good {
    pub bytes: Vec<u8>,
    pub device: SigningKey,
    pub center: Identity,
}

/// A member of an archive: name, content.
pub type Member = (String, Vec<u8>);

impl Good {
    /// A bundle of `count` entries, a text for every third, and two blobs, made by the crates' own doors.
    pub fn make(count: u64) -> Self {
        let device = SigningKey::make().expect("there are random numbers");
        let center = Identity::make();
        let terms = PackOptions {
            kind: Kind::Data,
            practice: false,
            study: STUDY.to_owned(),
            site: "S01".to_owned(),
            log: LOG.to_owned(),
            age: Identity::make().recipient(),
            to: Recipients::Keys(vec![("center".to_owned(), center.recipient())]),
            at: Instant::from_ms(1_795_421_702_113),
            checkpoint: None,
            has: Vec::new(),
            split: limits::USUAL_SPLIT,
        };
        let mut packer = Packer::begin(terms, &device).expect("the terms are coherent");
        let mut prev = EntryId::ZERO;
        for seq in 1..=count {
            let text =
                (seq % 3 == 0).then(|| TextRow::new(&[seq as u8; 16], &format!("words {seq}"), sha256).expect("short"));
            let line = line(STUDY, LOG, seq, prev, text.as_ref());
            prev = EntryId(sha256(&line));
            packer.entry(LOG, seq, prev, &line).expect("the chain is good");
            text.iter().for_each(|row| packer.text(row).expect("short"));
        }
        packer.blob("study.xml", b"<ODM/>").expect("small");
        packer.blob("note.txt", &[b'x'; 700]).expect("small");
        let bytes = packer.finish().expect("a bundle can be made").remove(0).bytes;
        Self { bytes, device, center }
    }

    /// What the center gave the auditor.
    pub fn allowed_signers(&self) -> String {
        let mut signers = AllowedSigners::default();
        signers.add(LOG, self.device.public());
        signers.write(NAMESPACE)
    }

    /// The outer members.
    pub fn members(&self) -> Vec<Member> {
        unpacked(&self.bytes)
    }

    /// What a thief can do without any key: change the outer members and pack them properly again.
    pub fn repack(&self, change: impl FnOnce(&mut Vec<Member>)) -> Vec<u8> {
        let mut members = self.members();
        change(&mut members);
        packed(&members)
    }

    /// What somebody can do who has a key: change the statement, sign it with `key` and put `sender.pub` in its place.
    pub fn restate(&self, key: &SigningKey, change: impl FnOnce(&mut Envelope)) -> Vec<u8> {
        self.repack(|members| {
            let mut envelope = Envelope::read(&members[1].1).expect("it is a good one");
            change(&mut envelope);
            members[1].1 = envelope.write();
            members[2].1 = key.sign_ssh(NAMESPACE, &members[1].1).into_bytes();
            members[3].1 = format!("{}\n", key.public()).into_bytes();
        })
    }

    /// The payload's archive.
    pub fn plain(&self) -> Vec<u8> {
        let payload = self.members().remove(4).1;
        let mut compressed = Vec::new();
        seal::decrypt(&self.center, payload.as_slice())
            .expect("it is the center's")
            .read_to_end(&mut compressed)
            .expect("it is whole");
        zstd::decode_all(compressed.as_slice()).expect("it is zstd")
    }

    /// What only the device itself can do: change the content, and compress, encrypt, digest and sign it all anew.
    pub fn retell(&self, change: impl FnOnce(&mut Envelope, &mut Vec<u8>)) -> Vec<u8> {
        let mut plain = self.plain();
        let mut changed = Envelope::read(&self.members()[1].1).expect("it is a good one");
        change(&mut changed, &mut plain);
        let compressed = zstd::encode_all(plain.as_slice(), 3).expect("memory is enough");
        self.reseal(changed, &plain, &compressed, &self.center.recipient())
    }

    /// As [`Good::retell`], for the inner members; counts and digests in the statement follow the content.
    pub fn retell_members(&self, change: impl FnOnce(&mut Envelope, &mut Vec<Member>)) -> Vec<u8> {
        self.retell(|envelope, plain| {
            let mut members = unpacked(plain);
            change(envelope, &mut members);
            *plain = packed(&members);
        })
    }

    /// As [`Good::retell`], for the lines of the entries.
    pub fn retell_lines(&self, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
        self.retell_members(|_, members| {
            let mut lines: Vec<Vec<u8>> =
                members[0].1.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            change(&mut lines);
            members[0].1 = lines.concat();
        })
    }

    /// Encrypts what is compressed, and states and signs all digests as they are.
    pub fn reseal(&self, mut envelope: Envelope, plain: &[u8], compressed: &[u8], to: &Recipient) -> Vec<u8> {
        let mut payload = seal::encrypt(std::slice::from_ref(to), Vec::new()).expect("memory is enough");
        payload.write_all(compressed).expect("memory is enough");
        let payload = payload.finish().expect("memory is enough");
        envelope.payload_sha256 = EntryId(sha256(&payload));
        envelope.payload_size = payload.len() as u64;
        envelope.plain_sha256 = EntryId(sha256(plain));
        envelope.plain_size = plain.len() as u64;
        self.resign(&envelope.write(), payload)
    }

    /// Puts a statement and a payload into the bundle, properly signed by the device.
    pub fn resign(&self, statement: &[u8], payload: Vec<u8>) -> Vec<u8> {
        self.repack(|members| {
            members[1].1 = statement.to_vec();
            members[2].1 = self.device.sign_ssh(NAMESPACE, statement).into_bytes();
            members[4].1 = payload;
        })
    }

    /// Changes the raw payload bytes of the archive's file, so that headers can be forged, too.
    pub fn statement(&self) -> Envelope {
        Envelope::read(&self.members()[1].1).expect("it is a good one")
    }

    /// Says that the bundle is for somebody else as well.
    pub fn readdress(&self) -> Vec<u8> {
        self.restate(&SigningKey::from_seed(&[9; 32]), |envelope| {
            let age = Identity::make().recipient().to_string();
            envelope.recipients.push(Addressee { name: "thief".to_owned(), age });
        })
    }
}

/// An entry as the casebook writes it. Every seventh is of an act that has keys of its head once more.
pub fn line(study: &str, log: &str, seq: u64, prev: EntryId, text: Option<&TextRow>) -> Vec<u8> {
    let value = text.map_or_else(|| format!("\"{seq}\""), |row| format!("{{\"text\":\"{}\"}}", row.commit));
    let act = if seq.is_multiple_of(7) && text.is_none() {
        format!(
            "\"act\":\"receipt.accepted\",\"bundle\":\"{prev}\",\"log\":\"{log}\",\"seq\":3,\"head\":\"{prev}\",\
             \"at\":\"2026-11-23T08:15:02.113Z\""
        )
    } else {
        format!(
            "\"mdv\":\"MDV.1\",\"act\":\"items.set\",\"subject\":\"S01-003\",\"form\":\"SE.SCR[1]/F.VS[1]\",\"items\":[{{\
             \"group\":\"IG.VS\",\"repeat\":\"1\",\"item\":\"IT.VS.SYSBP\",\"value\":{value},\"bases\":[]}}]"
        )
    };
    format!(
        "{{\"v\":1,\"study\":\"{study}\",\"log\":\"{log}\",\"seq\":{seq},\"prev\":\"{prev}\",\"at\":\"2026-11-23T08:15:02.113Z\",\
         \"tz\":\"+08:00\",\"tick\":\"1795421702113.{seq}\",\"by\":\"nurse1\",{act}}}\n"
    )
    .into_bytes()
}

/// A ustar header of any type; plain files are `b'0'`.
pub fn header(name: &str, size: u64, kind: u8, link: &str) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\x000000000\x000000000\0");
    put(124, format!("{size:011o}\x0000000000000\0        ").as_bytes());
    put(156, &[kind]);
    put(157, link.as_bytes());
    put(257, b"ustar\x0000");
    put(329, b"0000000\x000000000\0");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An archive without its end.
pub fn open_ended(members: &[Member]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, content) in members {
        bytes.extend(header(name, content.len() as u64, b'0', ""));
        bytes.extend_from_slice(content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes
}

/// A whole archive.
pub fn packed(members: &[Member]) -> Vec<u8> {
    let mut bytes = open_ended(members);
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// The members of a good archive.
pub fn unpacked(archive: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    let mut at = 0;
    while archive[at] != 0 {
        let name: Vec<u8> = archive[at..at + 100].iter().copied().take_while(|byte| *byte != 0).collect();
        let size = std::str::from_utf8(&archive[at + 124..at + 135])
            .ok()
            .and_then(|octal| usize::from_str_radix(octal, 8).ok());
        let size = size.expect("the archive is good");
        let mut content = vec![0; size];
        Cursor::new(&archive[at + 512..]).read_exact(&mut content).expect("the archive is good");
        members.push((String::from_utf8(name).expect("the archive is good"), content));
        at += 512 + size.next_multiple_of(512);
    }
    members
}

/// Where headers, contents, paddings and the end lie in a good archive.
pub fn parts(archive: &[u8]) -> Vec<(String, Range<usize>)> {
    let mut parts = Vec::new();
    let mut at = 0;
    for (name, content) in unpacked(archive) {
        let (start, end) = (at + 512, at + 512 + content.len());
        at = end.next_multiple_of(512);
        parts.push((format!("header of {name}"), start - 512..start));
        parts.push((format!("content of {name}"), start..end));
        if at > end {
            parts.push((format!("padding of {name}"), end..at));
        }
    }
    parts.push(("end".to_owned(), at..archive.len()));
    parts
}
