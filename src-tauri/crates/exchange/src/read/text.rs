//! Bytes of other people's files as text: the encoding is found, nothing is replaced in silence.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::lines::Lines;

/// A text and the name of the encoding that it was in.
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) encoding: &'static str,
}

/// The text of a file, or the line at which it is none. A mark at its beginning decides; without one it is UTF-8 (so also ASCII),
/// else GB18030 (so also GBK), which Chinese laboratories write, else Windows-1252 (so also ISO-8859-1).
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, usize> {
    let (marked, body) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), &bytes[length..]),
        None => (None, bytes),
    };
    if let Some(wide) = marked.filter(|encoding| [UTF_16LE, UTF_16BE].contains(encoding)) {
        return whole(wide, body).ok_or(1);
    }
    if let Some(at) = body.iter().position(|byte| *byte == 0) {
        return Err(line_of(body, at));
    }
    let fault = match std::str::from_utf8(body) {
        Ok(text) => return Ok(Decoded { text: text.to_owned(), encoding: UTF_8.name() }),
        Err(fault) => line_of(body, fault.valid_up_to()),
    };
    // A mark that says UTF-8 before what is none is a damaged file.
    if marked.is_some() {
        return Err(fault);
    }
    let chinese = whole(GB18030, body).filter(|_| !stand_alone(body));
    chinese.or_else(|| whole(WINDOWS_1252, body).filter(|_| is_western(body))).ok_or(fault)
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<Decoded> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(Decoded { text: text.into_owned(), encoding: encoding.name() })
}

/// Whether every byte above ASCII stands between ASCII ones, as the accents and signs of western texts do. Of what GB18030
/// would read of them (`µm` is one rare character there) nothing stands in tables, whose Chinese is of pairs above ASCII.
fn stand_alone(bytes: &[u8]) -> bool {
    bytes.windows(2).all(|pair| pair[0] < 0x80 || pair[1] < 0x80)
}

/// Whether the bytes may be Windows-1252: none of those it leaves out, nor `ÿ`, which is what empty memory looks like.
fn is_western(bytes: &[u8]) -> bool {
    !bytes.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d | 0xff))
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    Lines::new(bytes).of(at)
}
