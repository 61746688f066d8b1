//! Places in one subject's casebook: an event, a form at an event, a cell in a form.
//!
//! As text they read `SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP`. In names and repeat keys `%`, `/`, `[`, `]` and control
//! characters are percent-encoded, so that every OID has exactly one spelling. In JSON a place is this text.

use crate::{Oid, Repeat};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A visit of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKey {
    /// OID of the StudyEventDef.
    pub event: Oid,
    /// Which repeat of it.
    pub repeat: Repeat,
}

/// A form at a visit.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FormKey {
    /// OID of the StudyEventDef.
    pub event: Oid,
    /// Which repeat of the event.
    pub event_repeat: Repeat,
    /// OID of the FormDef.
    pub form: Oid,
    /// Which repeat of the form.
    pub form_repeat: Repeat,
}

/// One item at one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellKey {
    /// The form that holds it.
    pub form: FormKey,
    /// OID of the ItemGroupDef.
    pub group: Oid,
    /// Which row of the group.
    pub group_repeat: Repeat,
    /// OID of the ItemDef.
    pub item: Oid,
}

/// A text that is not a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place")]
pub struct PlaceError;

impl EventKey {
    /// Key of one repeat of an event.
    pub fn new(event: impl Into<Oid>, repeat: impl Into<Repeat>) -> Self {
        Self { event: event.into(), repeat: repeat.into() }
    }

    /// A form at this event.
    pub fn form(&self, form: impl Into<Oid>, repeat: impl Into<Repeat>) -> FormKey {
        FormKey {
            event: self.event.clone(),
            event_repeat: self.repeat.clone(),
            form: form.into(),
            form_repeat: repeat.into(),
        }
    }
}

impl FormKey {
    /// The event at which the form is filled.
    pub fn event_key(&self) -> EventKey {
        EventKey { event: self.event.clone(), repeat: self.event_repeat.clone() }
    }

    /// A cell of this form.
    pub fn cell(&self, group: impl Into<Oid>, repeat: impl Into<Repeat>, item: impl Into<Oid>) -> CellKey {
        CellKey { form: self.clone(), group: group.into(), group_repeat: repeat.into(), item: item.into() }
    }
}

impl CellKey {
    /// The event at which the cell is filled.
    pub fn event_key(&self) -> EventKey {
        self.form.event_key()
    }

    /// Another item of the same row.
    pub fn beside(&self, item: impl Into<Oid>) -> CellKey {
        CellKey { item: item.into(), ..self.clone() }
    }
}

impl fmt::Display for EventKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        step(f, &self.event, &self.repeat)
    }
}

impl fmt::Display for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        step(f, &self.event, &self.event_repeat)?;
        f.write_str("/")?;
        step(f, &self.form, &self.form_repeat)
    }
}

impl fmt::Display for CellKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.form)?;
        step(f, &self.group, &self.group_repeat)?;
        f.write_str("/")?;
        escape(f, &self.item)
    }
}

fn step(f: &mut fmt::Formatter<'_>, oid: &str, repeat: &str) -> fmt::Result {
    escape(f, oid)?;
    f.write_str("[")?;
    escape(f, repeat)?;
    f.write_str("]")
}

fn must_escape(byte: u8) -> bool {
    matches!(byte, b'%' | b'/' | b'[' | b']' | 0..=0x1f | 0x7f)
}

fn escape(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(must_escape) {
        f.write_str(&rest[..at])?;
        write!(f, "%{:02X}", rest.as_bytes()[at])?;
        rest = &rest[at + 1..];
    }
    f.write_str(rest)
}

/// Undoes [`escape`]; refuses what it would not have written.
pub(crate) fn unescape(text: &str) -> Result<String, PlaceError> {
    if !text.bytes().any(must_escape) {
        return Ok(text.to_owned());
    }
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or("");
    if first.bytes().any(must_escape) {
        return Err(PlaceError);
    }
    plain.push_str(first);
    for part in parts {
        let (code, rest) = part.split_at_checked(2).ok_or(PlaceError)?;
        let upper = code.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b));
        let byte = u8::from_str_radix(code, 16).map_err(|_| PlaceError)?;
        if !upper || !must_escape(byte) || rest.bytes().any(must_escape) {
            return Err(PlaceError);
        }
        plain.push(char::from(byte));
        plain.push_str(rest);
    }
    Ok(plain)
}

fn read_step(text: &str) -> Result<(Oid, Repeat), PlaceError> {
    let inner = text.strip_suffix(']').ok_or(PlaceError)?;
    let (oid, repeat) = inner.split_once('[').ok_or(PlaceError)?;
    if oid.is_empty() || repeat.is_empty() {
        return Err(PlaceError);
    }
    Ok((Oid::from(unescape(oid)?), Repeat::from(unescape(repeat)?)))
}

impl FromStr for EventKey {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (event, repeat) = read_step(text)?;
        Ok(Self { event, repeat })
    }
}

impl FromStr for FormKey {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (event, form) = text.split_once('/').ok_or(PlaceError)?;
        let (event, event_repeat) = read_step(event)?;
        let (form, form_repeat) = read_step(form)?;
        Ok(Self { event, event_repeat, form, form_repeat })
    }
}

impl FromStr for CellKey {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        let (rest, item) = text.rsplit_once('/').ok_or(PlaceError)?;
        let (form, group) = rest.rsplit_once('/').ok_or(PlaceError)?;
        let (group, group_repeat) = read_step(group)?;
        if item.is_empty() {
            return Err(PlaceError);
        }
        Ok(Self { form: form.parse()?, group, group_repeat, item: Oid::from(unescape(item)?) })
    }
}

macro_rules! as_text {
    ($($key:ty),*) => {$(
        impl Serialize for $key {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $key {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

as_text!(EventKey, FormKey, CellKey);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_as_a_path() {
        let cell = EventKey::new("SE.SCR", "1").form("F.VS", "1").cell("IG.VS", "1", "IT.VS.SYSBP");
        assert_eq!(cell.to_string(), "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP");
        assert_eq!(serde_json::to_string(&cell.form).expect("a string"), r#""SE.SCR[1]/F.VS[1]""#);
    }

    #[test]
    fn refuses_what_it_does_not_write() {
        for text in
            ["", "A", "A[1]", "A[]/B[1]", "A[1]/B[1]/C[1]", "A%41[1]/B[1]", "A%2f[1]/B[1]", "[1]/B[1]", "A[1]/B[1]x"]
        {
            assert_eq!(text.parse::<FormKey>(), Err(PlaceError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_place_survives_being_text(parts in proptest::collection::vec("[^\\pC]{1,6}|[%/\\[\\]\t]{1,3}", 7)) {
            let cell = EventKey::new(parts[0].as_str(), parts[1].as_str())
                .form(parts[2].as_str(), parts[3].as_str())
                .cell(parts[4].as_str(), parts[5].as_str(), parts[6].as_str());
            prop_assert_eq!(cell.to_string().parse::<CellKey>(), Ok(cell.clone()));
            let json = serde_json::to_string(&cell).expect("a string");
            prop_assert_eq!(serde_json::from_str::<CellKey>(&json).expect("what we wrote"), cell);
        }
    }
}
