//! The table: every kind of tampering, with the reasons that fit it.

use std::io::Write;

use bundle::NAMESPACE;
use casebook::{EntryId, TextRow};
use seal::{Identity, SigningKey, sha256};

use super::forge::{Good, LOG, Member, header, line, open_ended, packed, parts, unpacked};

/// A kind of tampering.
pub struct Kind {
    /// What was done.
    pub name: &'static str,
    /// Codes of our refusals that name it rightly.
    pub codes: &'static [&'static str],
    /// What the script's line must say, one of these.
    pub words: &'static [&'static str],
    /// Does it.
    pub make: fn(&Good) -> Vec<u8>,
}

const DAMAGED: &[&str] = &["damaged"];
const SIGNATURE: &[&str] = &["bad_signature"];
const CHAIN: &[&str] = &["broken_chain"];
const STRANGER: &[&str] = &["unknown_sender"];
const MEMBERS: &[&str] = &["members in this order"];
const SAYS_SIGNATURE: &[&str] = &["signature:"];
const SAYS_CHAIN: &[&str] = &["chain broken"];
const HEADERS: &[&str] = &["headers or padding", "truncated"];
const OPENED: &[&str] = &["cannot be opened"];

/// All kinds.
pub const KINDS: &[Kind] = &[
    // One bit, in every member.
    kind("a bit of README.txt", DAMAGED, &["digest differs: README.txt"], |good| flip(good, "content of README.txt")),
    kind("a bit of envelope.json", SIGNATURE, SAYS_SIGNATURE, |good| flip(good, "content of envelope.json")),
    kind("a bit of envelope.json.sig", SIGNATURE, SAYS_SIGNATURE, |good| flip(good, "content of envelope.json.sig")),
    kind("a bit of sender.pub", &["damaged", "bad_signature"], &["sender.pub"], |good| {
        flip(good, "content of sender.pub")
    }),
    kind("a bit of the payload", DAMAGED, &["digest differs: payload"], |good| {
        flip(good, "content of payload.tar.zst.age")
    }),
    kind("a bit of a tar header", DAMAGED, HEADERS, |good| flip(good, "header of sender.pub")),
    kind("a bit of a tar padding", DAMAGED, HEADERS, |good| flip(good, "padding of envelope.json")),
    kind("a bit of the archive's end", DAMAGED, HEADERS, |good| flip(good, "end")),
    kind("a line end in the armour", SIGNATURE, SAYS_SIGNATURE, |good| {
        good.repack(|members| {
            let at = members[2].1.iter().rposition(|byte| *byte == b'=').map_or(100, |at| at + 1);
            members[2].1[at] = 0x0b;
        })
    }),
    kind("spare bytes after the armour", SIGNATURE, SAYS_SIGNATURE, |good| {
        good.repack(|members| members[2].1.push(b'\n'))
    }),
    kind("a comment in sender.pub", DAMAGED, &["digest differs: sender.pub"], |good| {
        good.repack(|members| members[3].1.splice(80.., *b" me\n").for_each(drop))
    }),
    // Members.
    kind("members swapped", DAMAGED, MEMBERS, |good| good.repack(|members| members.swap(2, 3))),
    kind("members reversed", &["damaged", "not_a_bundle"], MEMBERS, |good| good.repack(|members| members.reverse())),
    kind("a member added at the end", &["trailing_bytes", "damaged"], MEMBERS, |good| {
        good.repack(|members| members.push(extra()))
    }),
    kind("a member added in the middle", DAMAGED, MEMBERS, |good| good.repack(|members| members.insert(2, extra()))),
    kind("a member removed", DAMAGED, MEMBERS, |good| good.repack(|members| drop(members.remove(3)))),
    kind("the payload removed", &["damaged", "truncated"], MEMBERS, |good| {
        good.repack(|members| drop(members.remove(4)))
    }),
    kind("a member twice", DAMAGED, MEMBERS, |good| good.repack(|members| members.insert(1, members[1].clone()))),
    kind("a member renamed", DAMAGED, MEMBERS, |good| good.repack(|members| members[0].0 = "readme.txt".to_owned())),
    kind("an empty member", SIGNATURE, SAYS_SIGNATURE, |good| good.repack(|members| members[1].1.clear())),
    // Signatures and keys.
    kind("the envelope signed anew by a thief", SIGNATURE, SAYS_SIGNATURE, |good| good.restate(&thief(), |_| {})),
    kind("the envelope signed anew in the thief's name", STRANGER, SAYS_SIGNATURE, |good| {
        good.restate(&thief(), |envelope| {
            envelope.sender.key = thief().public();
            envelope.sender_pub_sha256 = EntryId(sha256(format!("{}\n", thief().public()).as_bytes()));
        })
    }),
    kind("another sender's key beside a good signature", SIGNATURE, &["sender.pub"], |good| {
        good.repack(|members| members[3].1 = format!("{}\n", thief().public()).into_bytes())
    }),
    kind("another sender's name over a good signature", STRANGER, &["another sender", "signature:"], |good| {
        good.restate(&good.device, |envelope| {
            envelope.sender.log = "S02-aaaaaaaa".to_owned();
            envelope.logs.iter_mut().for_each(|run| run.log = "S02-aaaaaaaa".to_owned());
        })
    }),
    kind("a signature made for another purpose", SIGNATURE, SAYS_SIGNATURE, |good| {
        good.repack(|members| members[2].1 = good.device.sign_ssh("outpost-receipt", &members[1].1).into_bytes())
    }),
    kind("a signature of another bundle", SIGNATURE, SAYS_SIGNATURE, |good| {
        good.repack(|members| members[2].1 = good.device.sign_ssh(NAMESPACE, b"{}\n").into_bytes())
    }),
    kind("a recipient added", SIGNATURE, SAYS_SIGNATURE, Good::readdress),
    kind("the payload of another bundle", DAMAGED, &["digest differs: payload"], |good| {
        let other = Good::make(60).members().remove(4).1;
        good.repack(|members| members[4].1 = other)
    }),
    kind("the envelope in another spelling", DAMAGED, &["envelope"], |good| {
        let spaced = String::from_utf8_lossy(&good.statement().write()).replacen(':', ": ", 1);
        good.resign(spaced.as_bytes(), good.members().remove(4).1)
    }),
    kind("an envelope of a newer format", &["newer_version"], &["version"], |good| {
        let newer = String::from_utf8_lossy(&good.statement().write()).replacen("\"version\":1", "\"version\":2", 1);
        good.resign(newer.as_bytes(), good.members().remove(4).1)
    }),
    kind("a blob's digest that is a path", DAMAGED, &["envelope"], |good| {
        let statement = String::from_utf8_lossy(&good.statement().write()).into_owned();
        let digest = good.statement().blobs[0].sha256.hex();
        let statement = statement.replacen(&digest, "../../../../../../../../tmp/x", 1);
        good.resign(statement.as_bytes(), good.members().remove(4).1)
    }),
    // Entries, by somebody who holds the device's key.
    kind("an entry removed", CHAIN, SAYS_CHAIN, |good| good.retell_lines(|lines| drop(lines.remove(20)))),
    kind("the first entry removed", CHAIN, SAYS_CHAIN, |good| good.retell_lines(|lines| drop(lines.remove(0)))),
    kind("the last entry removed", CHAIN, SAYS_CHAIN, |good| good.retell_lines(|lines| drop(lines.pop()))),
    kind("all entries removed", CHAIN, SAYS_CHAIN, |good| good.retell_lines(Vec::clear)),
    kind("an entry edited", CHAIN, SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines[18] = edited(&lines[18], "\"value\":\"19\"", "\"value\":\"91\""))
    }),
    kind("the last entry edited", CHAIN, SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines[59] = edited(&lines[59], "nurse1", "nurse2"))
    }),
    kind("entries reordered", CHAIN, SAYS_CHAIN, |good| good.retell_lines(|lines| lines.swap(10, 11))),
    kind("an entry duplicated", CHAIN, SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines.insert(31, lines[30].clone()))
    }),
    kind("an entry appended", CHAIN, &["not announced"], |good| {
        good.retell_lines(|lines| {
            let prev = EntryId(sha256(&lines[59]));
            lines.push(line("ST.HCC", LOG, 61, prev, None));
        })
    }),
    kind("an entry of another log", CHAIN, SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines[30] = edited(&lines[30], LOG, "S01-aaaaaaaa"))
    }),
    kind("an entry of another study", &["other_study", "broken_chain"], SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines[59] = edited(&lines[59], "ST.HCC", "ST.ABC"))
    }),
    kind("an entry without its line end", &["damaged", "bad_entry", "broken_chain"], SAYS_CHAIN, |good| {
        good.retell_lines(|lines| lines[59].retain(|byte| *byte != b'\n'))
    }),
    // Texts and blobs, likewise.
    kind("a text edited", DAMAGED, &["text"], |good| {
        good.retell_members(|_, members| members[1].1 = edited(&members[1].1, "words 9", "words 8"))
    }),
    kind("a text removed", DAMAGED, &["texts"], |good| {
        good.retell_members(|_, members| {
            let end = members[1].1.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            members[1].1.drain(..end);
        })
    }),
    kind("a text added", DAMAGED, &["texts"], |good| {
        good.retell_members(|_, members| {
            members[1].1.extend(TextRow::new(&[7; 16], "more", sha256).expect("short").line())
        })
    }),
    kind("a blob edited", DAMAGED, &["digest differs: blobs"], |good| {
        good.retell_members(|_, members| members[2].1[0] = b'[')
    }),
    kind("a blob removed", DAMAGED, MEMBERS, |good| good.retell_members(|_, members| drop(members.pop()))),
    kind("a blob added", DAMAGED, MEMBERS, |good| good.retell_members(|_, members| members.push(extra()))),
    // The file's length.
    kind("truncated in the payload", &["truncated"], &["truncated"], |good| {
        good.bytes[..good.bytes.len() - 3000].to_vec()
    }),
    kind("truncated by one byte", &["truncated"], &["truncated"], |good| good.bytes[..good.bytes.len() - 1].to_vec()),
    kind("truncated in the envelope", &["truncated"], &["truncated"], |good| good.bytes[..6000].to_vec()),
    kind("empty", &["truncated"], &["truncated"], |_| Vec::new()),
    kind("a trailing byte", &["trailing_bytes"], &["trailing bytes"], |good| with(good, &[0])),
    kind("a trailing block", &["trailing_bytes"], &["trailing bytes"], |good| with(good, &[0; 512])),
    kind("another archive after the end", &["trailing_bytes"], &["trailing bytes"], |good| {
        with(good, &packed(&[extra()]))
    }),
    // Bombs.
    kind("a bomb that is announced", &["decompression_bomb"], &["bomb"], |good| {
        good.retell(|_, plain| plain.resize(plain.len() + (64 << 20), 0))
    }),
    kind("a bomb that is not announced", &["decompression_bomb"], &["bomb"], |good| {
        let plain = good.plain();
        let swollen = [plain.as_slice(), &vec![0; 64 << 20]].concat();
        reseal_with(good, &plain, &zstd::encode_all(swollen.as_slice(), 3).unwrap_or_default())
    }),
    kind("a window that needs more memory", DAMAGED, OPENED, |good| {
        let plain = good.plain();
        let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("zstd's own bounds");
        encoder.window_log(27).expect("zstd's own bounds");
        encoder.write_all(&plain).expect("memory is enough");
        reseal_with(good, &plain, &encoder.finish().expect("memory is enough"))
    }),
    kind("something after the compressed content", DAMAGED, OPENED, |good| {
        let plain = good.plain();
        let compressed = [zstd::encode_all(plain.as_slice(), 3).unwrap_or_default(), b"more".to_vec()].concat();
        reseal_with(good, &plain, &compressed)
    }),
    kind("encrypted to somebody else", &["not_for_us"], OPENED, |good| {
        let plain = good.plain();
        let compressed = zstd::encode_all(plain.as_slice(), 3).unwrap_or_default();
        good.reseal(good.statement(), &plain, &compressed, &Identity::make().recipient())
    }),
    // Links and paths, outside and inside.
    kind("a symbolic link outside", DAMAGED, MEMBERS, |good| {
        instead_outside(good, &header("README.txt", 0, b'2', "/etc/passwd"))
    }),
    kind("a hard link outside", DAMAGED, MEMBERS, |good| {
        instead_outside(good, &header("README.txt", 0, b'1', "sender.pub"))
    }),
    kind("../ outside", &["damaged", "not_a_bundle"], MEMBERS, |good| {
        good.repack(|members| members[0].0 = "../README.txt".to_owned())
    }),
    kind("./ outside", &["damaged", "not_a_bundle"], MEMBERS, |good| {
        good.repack(|members| members[0].0 = "./README.txt".to_owned())
    }),
    kind(
        "a PAX header outside",
        &["damaged", "not_a_bundle"],
        &["members in this order", "truncated", "trailing", "headers"],
        |good| {
            let pax = [header("pax", 11, b'x', ""), b"11 path=a\n\n".to_vec(), vec![0; 501]].concat();
            [pax, good.bytes.clone()].concat()
        },
    ),
    kind("a device file outside", DAMAGED, MEMBERS, |good| instead_outside(good, &header("README.txt", 0, b'3', ""))),
    kind("a symbolic link inside", DAMAGED, MEMBERS, |good| {
        instead_inside(good, &header("entries.ndjson", 0, b'2', "/etc/passwd"))
    }),
    kind("../ inside", DAMAGED, MEMBERS, |good| {
        good.retell_members(|_, members| members[0].0 = "../entries.ndjson".to_owned())
    }),
    kind("an absolute path inside", DAMAGED, MEMBERS, |good| {
        good.retell_members(|_, members| members[3].0 = format!("/tmp/{}", &members[3].0[6..]))
    }),
    kind("a folder inside", DAMAGED, MEMBERS, |good| {
        good.retell(|_, plain| {
            let members = unpacked(plain);
            *plain = [open_ended(&members[..2]), header("blobs/", 0, b'5', ""), packed(&members[2..])].concat();
        })
    }),
    kind("members swapped inside", DAMAGED, MEMBERS, |good| good.retell_members(|_, members| members.swap(0, 1))),
    kind("bytes after the end inside", DAMAGED, &["trailing bytes"], |good| good.retell(|_, plain| plain.push(0))),
    kind("another owner inside", DAMAGED, HEADERS, |good| {
        good.retell(|_, plain| {
            plain[114] = b'1';
            plain[153] += 1;
        })
    }),
];

const fn kind(
    name: &'static str,
    codes: &'static [&'static str],
    words: &'static [&'static str],
    make: fn(&Good) -> Vec<u8>,
) -> Kind {
    Kind { name, codes, words, make }
}

fn thief() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}

fn extra() -> Member {
    ("extra.txt".to_owned(), b"hidden".to_vec())
}

fn with(good: &Good, more: &[u8]) -> Vec<u8> {
    [&good.bytes, more].concat()
}

/// Flips a bit in the middle of a part.
fn flip(good: &Good, part: &str) -> Vec<u8> {
    let range = parts(&good.bytes).into_iter().find(|(name, _)| name == part).expect("the part is there").1;
    let mut bytes = good.bytes.clone();
    bytes[range.start + range.len() / 2] ^= 1;
    bytes
}

fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    assert!(text.contains(from), "nothing to edit");
    text.replacen(from, to, 1).into_bytes()
}

/// States the digests of `plain` over a compressed content that is not quite it.
fn reseal_with(good: &Good, plain: &[u8], compressed: &[u8]) -> Vec<u8> {
    good.reseal(good.statement(), plain, compressed, &good.center.recipient())
}

fn instead_outside(good: &Good, first: &[u8]) -> Vec<u8> {
    [first, &packed(&good.members()[1..])].concat()
}

fn instead_inside(good: &Good, first: &[u8]) -> Vec<u8> {
    good.retell(|_, plain| *plain = [first, &packed(&unpacked(plain)[1..])].concat())
}
