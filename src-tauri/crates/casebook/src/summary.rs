//! A subject as lists show it: one small row instead of a whole book.

use crate::book::{FormStatus, Move, Registration, Tally, differ, in_force};
use crate::multi_value_register::MultiValueRegister;
use crate::row::{Names, Origin, RowError, RowReader, RowWriter};
use crate::text::Private;
use std::collections::BTreeMap;
use std::fmt;
use study::value::PartialDate;
use study::{EventKey, FormKey, Oid};

/// A subject as lists show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Subject key; empty while nothing was said of it.
    pub subject: String,
    /// How the subject was registered. More than one registration means that two devices gave out the same key.
    pub registrations: Vec<Registration>,
    /// For each log the `seq` of its last entry about this subject.
    pub heard: BTreeMap<Oid, u64>,
    /// The latest entry, for display.
    pub last: Option<Origin>,
    /// What the rules made of it.
    pub overview: Overview,
    /// What was said of the metadata version that the subject is under.
    pub(crate) moves: MultiValueRegister<Move>,
    /// The metadata version that the rules were asked of.
    pub computed_under: Option<Oid>,
}

/// What the study's rules and schedule make of a subject.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Facts that the study wants at the subject's head, in its order.
    pub headlines: Vec<Headline>,
    /// Events, planned or real, in the order of the study and of their repeats.
    pub events: Vec<EventLine>,
    /// Forms that ask for something: begun and not completed, with findings, queries or conflicts.
    pub work: Vec<FormLine>,
    /// Sums over all forms.
    pub totals: Tally,
}

/// A fact for the subject's head.
#[derive(Clone, PartialEq, Eq)]
pub struct Headline {
    /// The item.
    pub item: Oid,
    /// Its value as stored.
    pub value: Private,
    /// Unit of the value.
    pub unit: Option<Oid>,
}

/// An event as lists show it.
#[derive(Clone, PartialEq, Eq)]
pub struct EventLine {
    /// The event.
    pub key: EventKey,
    /// The planned day.
    pub planned: Option<PartialDate>,
    /// First day of the window.
    pub earliest: Option<PartialDate>,
    /// Last day of the window.
    pub latest: Option<PartialDate>,
    /// The date it took place.
    pub date: Option<PartialDate>,
    /// Whether it was recorded as missed.
    pub missed: bool,
    /// Whether two devices said different things of it.
    pub conflict: bool,
    /// Whether it was added by hand.
    pub added: bool,
    /// Forms that it asks for.
    pub forms: u32,
    /// Forms that hold anything and were not declared complete or not done.
    pub started: u32,
    /// Forms declared complete.
    pub complete: u32,
    /// Forms declared not done.
    pub not_done: u32,
}

impl EventLine {
    /// Whether anything at all was entered for it.
    pub fn is_begun(&self) -> bool {
        self.date.is_some() || self.conflict || self.started + self.complete + self.not_done > 0
    }
}

/// A form that asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormLine {
    /// The form.
    pub key: FormKey,
    /// Where it stands.
    pub status: FormStatus,
    /// What it holds and lacks.
    pub tally: Tally,
}

macro_rules! opaque {
    ($($name:ident)*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

// They hold what participants answered.
opaque!(Summary Overview Headline EventLine);

impl Summary {
    /// Reads the row of kind [`Summary`](crate::RowKind::Summary).
    ///
    /// # Errors
    /// When it is not what this version writes.
    pub fn from_row(bytes: &[u8]) -> Result<Summary, RowError> {
        let mut names = Names::default();
        let mut reader = RowReader { rest: bytes, names: &mut names };
        let summary = Summary::read(&mut reader)?;
        reader.end()?;
        Ok(summary)
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.text(&self.subject);
        writer.each(self.registrations.iter(), |writer, one| {
            writer.id(&one.id);
            writer.origin(&one.origin);
            writer.text(&one.site);
            writer.text(&one.version);
        });
        crate::book::write_seqs(writer, &self.heard);
        writer.perhaps(self.last.as_ref(), RowWriter::origin);
        writer.each(self.overview.headlines.iter(), |writer, fact| {
            writer.text(&fact.item);
            writer.text(fact.value.as_str());
            writer.perhaps(fact.unit.as_ref(), |writer, unit| writer.text(unit));
        });
        writer.each(self.overview.events.iter(), write_event);
        writer.each(self.overview.work.iter(), |writer, line| {
            writer.form_key(&line.key);
            writer.byte(line.status as u8);
            line.tally.write(writer);
        });
        self.overview.totals.write(writer);
        writer.register(&self.moves, |writer, one| {
            writer.origin(&one.origin);
            writer.text(&one.from);
            writer.text(&one.to);
            writer.words(&one.reason);
        });
        writer.perhaps(self.computed_under.as_ref(), |writer, version| writer.text(version));
    }

    /// The version that the last migration left; none where there was none, or where devices differ.
    pub fn came_from(&self) -> Option<&Oid> {
        if self.is_version_conflict() {
            return None;
        }
        self.moves.heads.first().map(|(_, one)| &one.from)
    }

    /// Whether two devices moved the subject to different versions.
    pub fn is_version_conflict(&self) -> bool {
        differ(&self.moves)
    }

    /// The metadata version in force for the subject, as [`Book::version`](crate::Book::version) says.
    pub fn version(&self) -> Option<&Oid> {
        in_force(&self.registrations, &self.moves)
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Summary, RowError> {
        Ok(Summary {
            subject: reader.str()?.to_owned(),
            registrations: reader.each(|reader| {
                Ok(Registration {
                    id: reader.id()?,
                    origin: reader.origin()?,
                    site: reader.oid()?,
                    version: reader.oid()?,
                })
            })?,
            heard: crate::book::read_seqs(reader)?,
            last: reader.perhaps(RowReader::origin)?,
            overview: Overview {
                headlines: reader.each(|reader| {
                    Ok(Headline {
                        item: reader.oid()?,
                        value: reader.private()?,
                        unit: reader.perhaps(RowReader::oid)?,
                    })
                })?,
                events: reader.each(read_event)?,
                work: reader.each(|reader| {
                    Ok(FormLine {
                        key: reader.form_key()?,
                        status: match reader.byte()? {
                            0 => FormStatus::Empty,
                            1 => FormStatus::Started,
                            2 => FormStatus::NotDone,
                            3 => FormStatus::Complete,
                            _ => return Err(RowError),
                        },
                        tally: Tally::read(reader)?,
                    })
                })?,
                totals: Tally::read(reader)?,
            },
            moves: reader.register(|reader| {
                let (origin, from, to) = (reader.origin()?, reader.oid()?, reader.oid()?);
                Ok(Move { origin, from, to, reason: reader.words()? })
            })?,
            computed_under: reader.perhaps(RowReader::oid)?,
        })
    }
}

fn write_event(writer: &mut RowWriter, line: &EventLine) {
    writer.text(&line.key.event);
    writer.text(&line.key.repeat);
    for date in [line.planned, line.earliest, line.latest, line.date] {
        writer.perhaps(date, |writer, date| {
            writer.int(
                u64::from(date.year()) << 9
                    | u64::from(date.month().unwrap_or(0)) << 5
                    | u64::from(date.day().unwrap_or(0)),
            );
        });
    }
    writer.byte(u8::from(line.missed) | u8::from(line.conflict) << 1 | u8::from(line.added) << 2);
    for n in [line.forms, line.started, line.complete, line.not_done] {
        writer.int(n.into());
    }
}

fn read_date(reader: &mut RowReader<'_>) -> Result<Option<PartialDate>, RowError> {
    reader.perhaps(|reader| {
        let packed = reader.int()?;
        let part = |n: u64| if n == 0 { None } else { u8::try_from(n).ok() };
        let year = u16::try_from(packed >> 9).map_err(|_| RowError)?;
        PartialDate::new(year, part(packed >> 5 & 15), part(packed & 31)).ok_or(RowError)
    })
}

fn read_event(reader: &mut RowReader<'_>) -> Result<EventLine, RowError> {
    let key = EventKey { event: reader.oid()?, repeat: reader.repeat()? };
    let (planned, earliest) = (read_date(reader)?, read_date(reader)?);
    let (latest, date) = (read_date(reader)?, read_date(reader)?);
    let flags = reader.byte()?;
    Ok(EventLine {
        key,
        planned,
        earliest,
        latest,
        date,
        missed: flags & 1 != 0,
        conflict: flags & 2 != 0,
        added: flags & 4 != 0,
        forms: reader.small()?,
        started: reader.small()?,
        complete: reader.small()?,
        not_done: reader.small()?,
    })
}
