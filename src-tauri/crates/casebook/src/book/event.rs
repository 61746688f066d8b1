//! An event of a subject: whether and when it took place.

use crate::ids::EntryId;
use crate::multi_value_register::MultiValueRegister;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use crate::text::{FreeTextId, Private};

/// What was said of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventFact {
    /// It took place on a date, ISO 8601, whole or partial.
    Dated(Private),
    /// It did not take place, with the reason.
    Missed(FreeTextId),
    /// An earlier date or miss was withdrawn.
    Withdrawn,
}

impl EventFact {
    fn agrees(&self, other: &EventFact) -> bool {
        match (self, other) {
            (EventFact::Missed(_), EventFact::Missed(_)) => true,
            _ => self == other,
        }
    }
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    pub(crate) facts: MultiValueRegister<(Origin, EventFact)>,
    /// Whether somebody added it by hand.
    pub(crate) added: bool,
}

impl Event {
    /// What holds: nothing while nothing was said, or while what was said differs.
    pub fn fact(&self) -> Option<&EventFact> {
        if self.is_conflict() {
            return None;
        }
        self.facts.heads.first().map(|(_, (_, fact))| fact)
    }

    /// The date on which it took place.
    pub fn date(&self) -> Option<&str> {
        match self.fact() {
            Some(EventFact::Dated(date)) => Some(date.as_str()),
            _ => None,
        }
    }

    /// Whether it did not take place.
    pub fn is_missed(&self) -> bool {
        matches!(self.fact(), Some(EventFact::Missed(_)))
    }

    /// Whether two devices said different things.
    pub fn is_conflict(&self) -> bool {
        self.facts
            .heads
            .split_first()
            .is_some_and(|((_, (_, first)), rest)| rest.iter().any(|(_, (_, other))| !first.agrees(other)))
    }

    /// Whether somebody added it by hand.
    pub fn is_added(&self) -> bool {
        self.added
    }

    /// Everything that was said and not replaced.
    pub fn facts(&self) -> impl Iterator<Item = (EntryId, &Origin, &EventFact)> {
        self.facts.heads().map(|(id, (origin, fact))| (id, origin, fact))
    }

    /// What the next act on its date names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.facts.bases()
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.flag(self.added);
        writer.register(&self.facts, |writer, (origin, fact)| {
            writer.origin(origin);
            match fact {
                EventFact::Dated(date) => {
                    writer.byte(0);
                    writer.text(date.as_str());
                }
                EventFact::Missed(reason) => {
                    writer.byte(1);
                    writer.words(reason);
                }
                EventFact::Withdrawn => writer.byte(2),
            }
        });
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Event, RowError> {
        Ok(Event {
            added: reader.flag()?,
            facts: reader.register(|reader| {
                let origin = reader.origin()?;
                Ok((
                    origin,
                    match reader.byte()? {
                        0 => EventFact::Dated(reader.private()?),
                        1 => EventFact::Missed(reader.words()?),
                        2 => EventFact::Withdrawn,
                        _ => return Err(RowError),
                    },
                ))
            })?,
        })
    }
}
