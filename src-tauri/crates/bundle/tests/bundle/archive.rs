//! A second opinion on archives, written from FORMAT.md: members taken out and put together again.

/// One member of a ustar archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub content: Vec<u8>,
}

impl Member {
    pub fn new(name: &str, content: &[u8]) -> Self {
        Self { name: name.to_owned(), content: content.to_vec() }
    }
}

/// The header of section 1.
pub fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &[u8]| block[at..at + text.len()].copy_from_slice(text);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{size:011o}\0").as_bytes());
    put(136, b"00000000000\0");
    put(148, b"        ");
    put(156, &[kind]);
    put(257, b"ustar\x0000");
    put(329, b"0000000\0");
    put(337, b"0000000\0");
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// The members of a whole archive. Every byte must be accounted for.
pub fn split(archive: &[u8]) -> Vec<Member> {
    let mut members = Vec::new();
    let mut rest = archive;
    while rest[0] != 0 {
        let name: Vec<u8> = rest.iter().copied().take_while(|byte| *byte != 0).collect();
        let name = String::from_utf8(name).expect("names are ASCII");
        let digits = std::str::from_utf8(&rest[124..135]).expect("digits");
        let size = usize::from_str_radix(digits, 8).expect("octal digits");
        assert_eq!(rest[..512], header(&name, size, b'0'), "{name}");
        let padded = size.div_ceil(512) * 512;
        assert!(rest[512 + size..512 + padded].iter().all(|byte| *byte == 0), "{name}");
        members.push(Member { name, content: rest[512..512 + size].to_vec() });
        rest = &rest[512 + padded..];
    }
    assert_eq!(rest, [0; 1024], "two empty blocks end the archive");
    members
}

/// The archive of these members.
pub fn join(members: &[Member]) -> Vec<u8> {
    let mut archive = Vec::new();
    for member in members {
        archive.extend_from_slice(&header(&member.name, member.content.len(), b'0'));
        archive.extend_from_slice(&member.content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
