//! Invented logs, and a sink that keeps what a bundle holds.

use bundle::{BlobNote, BundleError, Sink};
use casebook::{EntryId, Instant, Line, TextRow};
use seal::sha256;

pub const STUDY: &str = "ST.SAMPLE";

/// One entry of a log with the text that it commits to.
#[derive(Clone, Debug)]
pub struct Written {
    pub log: String,
    pub seq: u64,
    pub id: EntryId,
    pub line: Vec<u8>,
    pub text: Option<TextRow>,
}

/// Entries `first`, `first + 1`, … of a log, each with a value of the given length; a text where the length is odd.
pub fn log(name: &str, first: u64, lengths: &[usize]) -> Vec<Written> {
    let mut prev = if first == 1 { EntryId::ZERO } else { EntryId([0x5a; 32]) };
    let mut written = Vec::new();
    for (seq, &length) in (first..).zip(lengths) {
        let salt = [u8::try_from(seq).expect("small"); 16];
        let text = (length % 2 == 1).then(|| TextRow::new(&salt, &filler(seq, length), sha256).expect("a short text"));
        let line = line(STUDY, name, seq, prev, &filler(seq, length), text.as_ref());
        prev = EntryId(sha256(&line));
        written.push(Written { log: name.to_owned(), seq, id: prev, line, text });
    }
    written
}

/// Hexadecimal digits that compress as badly as digits can.
fn filler(seq: u64, length: usize) -> String {
    let blocks =
        (0..length.div_ceil(64) as u64).map(|block| sha256(&[seq.to_le_bytes(), block.to_le_bytes()].concat()));
    blocks.map(|block| seal::hex::encode(&block)).collect::<String>()[..length].to_owned()
}

/// A line of the journal: `casebook/FORMAT.md`, section 2.
pub fn line(study: &str, log: &str, seq: u64, prev: EntryId, value: &str, text: Option<&TextRow>) -> Vec<u8> {
    let value = match text {
        None => format!("\"{value}\""),
        Some(row) => format!("{{\"text\":\"{}\"}}", row.commit),
    };
    let at = Instant::from_ms(1_795_421_702_113 + i64::try_from(seq).expect("small"));
    format!(
        "{{\"v\":1,\"study\":\"{study}\",\"log\":\"{log}\",\"seq\":{seq},\"prev\":\"{prev}\",\"at\":\"{at}\",\
         \"tz\":\"+08:00\",\"tick\":\"{}.0\",\"by\":\"nurse1\",\"mdv\":\"MDV.1\",\"act\":\"items.set\",\
         \"subject\":\"S01-001\",\"form\":\"SE.A[1]/F.A[1]\",\"items\":[{{\"group\":\"IG.A\",\"repeat\":\"1\",\
         \"item\":\"IT.A\",\"value\":{value},\"bases\":[]}}]}}\n",
        at.ms()
    )
    .into_bytes()
}

/// What a bundle handed on, in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub lines: Vec<Vec<u8>>,
    pub texts: Vec<TextRow>,
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl Sink for Kept {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        self.lines.push(line.bytes().to_vec());
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
