//! From bytes to characters: UTF-8 with US-ASCII, its part, and UTF-16; line ends made one.

use super::limits;
use super::syntax::{XmlError, is_char};

/// The characters of a file, without byte-order mark, every line end a single `\n`.
pub fn decode(bytes: &[u8]) -> Result<String, XmlError> {
    if bytes.len() > limits::FILE_BYTES {
        return Err(XmlError::new(0, format!("the file is larger than {} MiB", limits::FILE_BYTES >> 20)));
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => {
            return Err(XmlError::new(0, "UTF-32 is not read; save as UTF-8"));
        }
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0, b'<', 0, _, ..] => utf16(bytes, u16::from_be_bytes)?,
        [b'<', 0, _, 0, ..] => utf16(bytes, u16::from_le_bytes)?,
        _ => utf8(bytes)?,
    };
    if let Some(c) = text.chars().find(|&c| !is_char(c)) {
        let before = text.split(c).next().unwrap_or("");
        return Err(XmlError::new(
            line_after(before),
            format!("holds the character U+{:04X}, which XML forbids", u32::from(c)),
        ));
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> Result<String, XmlError> {
    match declared_encoding(bytes).map(|name| (name.to_ascii_lowercase(), name)) {
        Some((known, _)) if matches!(&*known, "utf-8" | "utf8") => {}
        Some((known, name)) if matches!(&*known, "us-ascii" | "ascii") => {
            if let Some(at) = bytes.iter().position(|byte| !byte.is_ascii()) {
                let reason = format!("says that it is encoded as {name:?}, and holds other characters; save as UTF-8");
                return Err(XmlError::new(line_after(&String::from_utf8_lossy(&bytes[..at])), reason));
            }
        }
        Some((_, name)) => {
            let reason = format!("says that it is encoded as {name:?}; only UTF-8, US-ASCII and UTF-16 are read");
            return Err(XmlError::new(1, reason));
        }
        None => {}
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        XmlError::new(line_after(&good), "is not valid UTF-8")
    })?;
    Ok(one_line_end(text.chars(), text.len()))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, XmlError> {
    if !bytes.len().is_multiple_of(2) {
        return Err(XmlError::new(0, "is UTF-16 with an odd number of bytes"));
    }
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut broken = false;
    let chars = char::decode_utf16(units).map_while(|decoded| {
        broken |= decoded.is_err();
        decoded.ok()
    });
    let text = one_line_end(chars, bytes.len() / 2);
    if broken {
        return Err(XmlError::new(line_after(&text), "is not valid UTF-16"));
    }
    match declared_encoding(text.as_bytes()) {
        Some(name) if !name.to_ascii_lowercase().starts_with("utf-16") => {
            Err(XmlError::new(1, format!("is UTF-16 but says that it is encoded as {name:?}")))
        }
        _ => Ok(text),
    }
}

/// `\r\n` and a lone `\r` become `\n` (XML 1.0, 2.11).
fn one_line_end(chars: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut text = String::with_capacity(capacity);
    let mut after_return = false;
    for c in chars {
        match c {
            '\r' => text.push('\n'),
            '\n' if after_return => {}
            _ => text.push(c),
        }
        after_return = c == '\r';
    }
    text
}

/// The `encoding` of an XML declaration at the start of ASCII-compatible bytes.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = &head[..head.len().min(256)];
    let end = head.windows(2).position(|pair| pair == b"?>")?;
    let head = String::from_utf8_lossy(&head[..end]).into_owned();
    let (_, after) = head.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after[1..].split_once(quote).map(|(name, _)| name.to_owned())
}

fn line_after(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|&b| b == b'\n').count()).map_or(u32::MAX, |lines| lines.saturating_add(1))
}
