//! A log of invented entries for this room's tests.

use casebook::{EntryId, Instant, TextRow};
use seal::{Identity, Recipient, SigningKey, sha256};

use crate::{Kind, PackError, PackOptions, Packed, Packer, Recipients};

pub(crate) const STUDY: &str = "ST.HCC";
pub(crate) const LOG: &str = "S01-k7f2m3pq";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(&[5; 32])
}

/// The lines of one log with their ids, and a text for every tenth.
pub(crate) struct Journal {
    pub(crate) log: String,
    pub(crate) lines: Vec<(EntryId, Vec<u8>, Option<TextRow>)>,
}

impl Journal {
    pub(crate) fn of(log: &str, count: u64) -> Self {
        let mut prev = EntryId::ZERO;
        let lines = (1..=count)
            .map(|seq| {
                let text = (seq % 10 == 0)
                    .then(|| TextRow::new(&[seq as u8; 16], &format!("words {seq}"), sha256).expect("short"));
                let line = line(log, seq, prev, text.as_ref());
                prev = EntryId(sha256(&line));
                (prev, line, text)
            })
            .collect();
        Self { log: log.to_owned(), lines }
    }

    pub(crate) fn push(&self, packer: &mut Packer, from: usize) -> Result<Vec<Packed>, PackError> {
        let mut ready = Vec::new();
        for (seq, (id, line, text)) in (1..).zip(&self.lines).skip(from) {
            packer.entry(&self.log, seq, *id, line)?;
            text.iter().try_for_each(|row| packer.text(row))?;
            ready.extend(packer.take_ready());
        }
        Ok(ready)
    }
}

pub(crate) fn line(log: &str, seq: u64, prev: EntryId, text: Option<&TextRow>) -> Vec<u8> {
    let value = text.map_or_else(
        || format!("\"value\":\"{}\"", seq * 7919 % 1000),
        |row| format!("\"value\":{{\"text\":\"{}\"}}", row.commit),
    );
    let at = Instant::from_ms(1_795_421_702_113 + seq as i64);
    format!(
        "{{\"v\":1,\"study\":\"{STUDY}\",\"log\":\"{log}\",\"seq\":{seq},\"prev\":\"{prev}\",\"at\":\"{at}\",\
         \"tz\":\"+08:00\",\"tick\":\"{}.0\",\"by\":\"nurse1\",\"mdv\":\"MDV.1\",\"act\":\"items.set\",\
         \"subject\":\"S01-{:03}\",\"form\":\"SE.SCR[1]/F.VS[1]\",\"items\":[{{\"group\":\"IG.VS\",\"repeat\":\"1\",\
         \"item\":\"IT.VS.SYSBP\",{value},\"bases\":[]}}]}}\n",
        at.ms(),
        seq / 100
    )
    .into_bytes()
}

pub(crate) fn options(kind: Kind, to: Recipients, age: Recipient, split: usize) -> PackOptions {
    PackOptions {
        kind,
        practice: false,
        study: STUDY.to_owned(),
        site: "S01".to_owned(),
        log: LOG.to_owned(),
        age,
        to,
        at: Instant::from_ms(1_795_421_702_113),
        checkpoint: None,
        has: Vec::new(),
        split,
    }
}

pub(crate) fn data_for(center: &Identity, split: usize) -> PackOptions {
    let to = Recipients::Keys(vec![("center".to_owned(), center.recipient())]);
    options(Kind::Data, to, center.recipient(), split)
}

/// One good bundle of `count` entries.
pub(crate) fn good(center: &Identity, count: u64) -> Packed {
    let mut packer =
        Packer::begin(data_for(center, crate::limits::USUAL_SPLIT), &key()).expect("the options are coherent");
    Journal::of(LOG, count).push(&mut packer, 0).expect("the journal is chained");
    packer.blob("note.txt", b"a blob").expect("the blob is small");
    packer.finish().expect("a bundle can be made").pop().expect("there is always one")
}
