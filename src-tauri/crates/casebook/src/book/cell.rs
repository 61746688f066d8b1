//! A cell: what was answered in one place, by whom, and what the rules say of it.

use crate::act::{ItemSet, Stored};
use crate::entry::Entry;
use crate::ids::EntryId;
use crate::multi_value_register::MultiValueRegister;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use crate::text::{FreeTextId, Private};
use study::{Missing, Oid, Severity};

/// One answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Who gave it, where, when.
    pub origin: Origin,
    /// The value; none where a reason stands instead, or where the cell was emptied.
    pub value: Option<Stored>,
    /// Why there is no value.
    pub missing: Option<Missing>,
    /// Unit of the value.
    pub unit: Option<Oid>,
    /// What was typed, where it differs from the value.
    pub raw: Option<Private>,
    /// Why it was changed.
    pub reason: Option<FreeTextId>,
    /// Whether a reason was due and is lacking.
    pub unreasoned: bool,
    /// The metadata version in force for the subject when it was given.
    pub version: Oid,
}

impl Given {
    pub(crate) fn of(entry: &Entry, item: &ItemSet, unreasoned: bool) -> Given {
        Given {
            origin: Origin::of(entry),
            version: entry.metadata_version.clone().unwrap_or_else(|| Oid::from("")),
            value: item.value.clone(),
            missing: item.missing,
            unit: item.unit.clone(),
            raw: item.raw.clone(),
            reason: item.reason,
            unreasoned,
        }
    }

    /// Whether two answers say the same, whoever gave them and however they were typed.
    pub fn agrees(&self, other: &Given) -> bool {
        self.value == other.value && self.missing == other.missing && self.unit == other.unit
    }

    /// Whether the cell was emptied again.
    pub fn is_empty(&self) -> bool {
        self.value.is_none() && self.missing.is_none()
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState<'a> {
    /// Nothing.
    Empty,
    /// An answer, or several equal ones.
    Answered(&'a Given),
    /// A reason why there is no answer.
    Missing(&'a Given, Missing),
    /// Answers that differ: unanswered until a person settles it by naming all heads.
    Conflict,
    /// A computed value.
    Derived(&'a Derived),
}

/// A computed value with what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The value as stored for the item's type.
    pub value: Private,
    /// The entries whose values went in, ascending.
    pub inputs: Vec<EntryId>,
}

/// What a rule says of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Oid,
    /// Hard or soft.
    pub severity: Severity,
    /// The entries whose values the rule read, ascending.
    pub operands: Vec<EntryId>,
}

/// A person's word on a soft finding. It holds while the rule reads the same entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The entry.
    pub id: EntryId,
    /// Who, where, when.
    pub origin: Origin,
    /// The rule.
    pub rule: Oid,
    /// The comment.
    pub comment: FreeTextId,
    /// The entries whose values the rule read then, ascending.
    pub operands: Vec<EntryId>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub(crate) answer: MultiValueRegister<Given>,
    /// Ascending by id.
    pub(crate) confirmations: Vec<Confirmation>,
    pub(crate) derived: Option<Derived>,
    pub(crate) hidden: bool,
    pub(crate) findings: Vec<Finding>,
}

impl Cell {
    /// What it holds.
    pub fn state(&self) -> CellState<'_> {
        if let Some(derived) = &self.derived {
            return CellState::Derived(derived);
        }
        let Some(((_, first), rest)) = self.answer.heads.split_first() else { return CellState::Empty };
        if rest.iter().any(|(_, other)| !first.agrees(other)) {
            return CellState::Conflict;
        }
        match first.missing {
            Some(missing) => CellState::Missing(first, missing),
            None if first.value.is_some() => CellState::Answered(first),
            None => CellState::Empty,
        }
    }

    /// The answers that no other replaces, ascending by id.
    pub fn heads(&self) -> impl Iterator<Item = (EntryId, &Given)> {
        self.answer.heads()
    }

    /// What the next answer names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.answer.bases()
    }

    /// Whether skip logic hides it. A cell that holds data is never hidden by what is not known.
    pub fn is_hidden(&self) -> bool {
        self.hidden
    }

    /// What the rules say of it.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The word by which a person confirmed a finding, while it holds; the first by id where several did.
    pub fn confirmation(&self, finding: &Finding) -> Option<&Confirmation> {
        self.confirmations.iter().find(|word| word.rule == finding.rule && word.operands == finding.operands)
    }

    /// Whether the finding still waits for a person: hard ones always do.
    pub fn is_open_finding(&self, finding: &Finding) -> bool {
        finding.severity == Severity::Hard || self.confirmation(finding).is_none()
    }

    /// Whether a change lacks the reason that was due.
    pub fn is_unreasoned(&self) -> bool {
        self.answer.heads.iter().any(|(_, given)| given.unreasoned)
    }

    /// Whether nothing is to be kept of it.
    pub(crate) fn is_blank(&self) -> bool {
        !self.hidden
            && self.answer.is_empty()
            && self.confirmations.is_empty()
            && self.derived.is_none()
            && self.findings.is_empty()
    }

    /// Whether a person's answer stands in it, or several.
    pub(crate) fn holds_data(&self) -> bool {
        self.answer.heads.iter().any(|(_, given)| !given.is_empty())
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.flag(self.hidden);
        writer.register(&self.answer, write_given);
        writer.each(self.confirmations.iter(), |writer, word| {
            writer.id(&word.id);
            writer.origin(&word.origin);
            writer.text(&word.rule);
            writer.words(&word.comment);
            writer.each(word.operands.iter(), RowWriter::id);
        });
        writer.perhaps(self.derived.as_ref(), |writer, derived| {
            writer.text(derived.value.as_str());
            writer.each(derived.inputs.iter(), RowWriter::id);
        });
        writer.each(self.findings.iter(), |writer, finding| {
            writer.text(&finding.rule);
            writer.flag(finding.severity == Severity::Hard);
            writer.each(finding.operands.iter(), RowWriter::id);
        });
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Cell, RowError> {
        Ok(Cell {
            hidden: reader.flag()?,
            answer: reader.register(read_given)?,
            confirmations: reader.each(|reader| {
                Ok(Confirmation {
                    id: reader.id()?,
                    origin: reader.origin()?,
                    rule: reader.oid()?,
                    comment: reader.words()?,
                    operands: reader.each(RowReader::id)?,
                })
            })?,
            derived: reader
                .perhaps(|reader| Ok(Derived { value: reader.private()?, inputs: reader.each(RowReader::id)? }))?,
            findings: reader.each(|reader| {
                let rule = reader.oid()?;
                let severity = if reader.flag()? { Severity::Hard } else { Severity::Soft };
                Ok(Finding { rule, severity, operands: reader.each(RowReader::id)? })
            })?,
        })
    }
}

fn write_given(writer: &mut RowWriter, given: &Given) {
    writer.origin(&given.origin);
    match (&given.value, given.missing) {
        (Some(Stored::Plain(value)), _) => {
            writer.byte(1);
            writer.text(value.as_str());
        }
        (Some(Stored::Text(words)), _) => {
            writer.byte(2);
            writer.words(words);
        }
        (None, Some(missing)) => {
            writer.byte(3);
            writer.text(missing.code());
        }
        (None, None) => writer.byte(0),
    }
    writer.perhaps(given.unit.as_ref(), |writer, unit| writer.text(unit));
    writer.perhaps(given.raw.as_ref(), |writer, raw| writer.text(raw.as_str()));
    writer.perhaps(given.reason.as_ref(), RowWriter::words);
    writer.flag(given.unreasoned);
    writer.text(&given.version);
}

fn read_given(reader: &mut RowReader<'_>) -> Result<Given, RowError> {
    let origin = reader.origin()?;
    let (mut value, mut missing) = (None, None);
    match reader.byte()? {
        0 => {}
        1 => value = Some(Stored::Plain(reader.private()?)),
        2 => value = Some(Stored::Text(reader.words()?)),
        3 => missing = Some(Missing::from_code(reader.str()?).ok_or(RowError)?),
        _ => return Err(RowError),
    }
    Ok(Given {
        origin,
        value,
        missing,
        unit: reader.perhaps(RowReader::oid)?,
        raw: reader.perhaps(RowReader::private)?,
        reason: reader.perhaps(RowReader::words)?,
        unreasoned: reader.flag()?,
        version: reader.oid()?,
    })
}
