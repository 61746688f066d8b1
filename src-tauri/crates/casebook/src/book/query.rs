//! A query: a question about a cell that a person raised.
//!
//! The query of a conflict is no entry: it stands as long as the conflict does and is folded with it.

use crate::ids::EntryId;
use crate::multi_value_register::MultiValueRegister;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use crate::text::FreeTextId;
use study::CellKey;

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QueryStatus {
    /// Waits for an answer.
    Open,
    /// Waits for whoever raised it.
    Answered,
    /// Settled.
    Closed,
}

/// What a person did with a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryStep {
    /// Who, where, when.
    pub origin: Origin,
    /// Where the query stands thereafter.
    pub status: QueryStatus,
    /// What was said.
    pub words: Option<FreeTextId>,
}

/// A query as it was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Who, where, when.
    pub origin: Origin,
    /// About which cell.
    pub cell: CellKey,
    /// The question.
    pub question: FreeTextId,
}

/// One query with all that was said to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// How it was raised; none while that entry has not arrived.
    pub(crate) raised: Option<Raised>,
    /// Answers, closings and reopenings that no other replaces.
    pub(crate) heads: MultiValueRegister<QueryStatus>,
    /// All of them, ascending by id.
    pub(crate) steps: Vec<(EntryId, QueryStep)>,
}

impl Query {
    /// Where it stands; of several steps that do not know each other, the least finished holds: open before answered before closed.
    pub fn status(&self) -> QueryStatus {
        self.heads.heads().map(|(_, status)| *status).min().unwrap_or(QueryStatus::Open)
    }

    /// How it was raised.
    pub fn raised(&self) -> Option<&Raised> {
        self.raised.as_ref()
    }

    /// Everything that was done with it, oldest tick first.
    pub fn steps(&self) -> Vec<&QueryStep> {
        let mut steps: Vec<_> = self.steps.iter().collect();
        steps.sort_by_key(|(id, step)| (step.origin.tick, *id));
        steps.into_iter().map(|(_, step)| step).collect()
    }

    /// What the next step names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.heads.bases()
    }

    pub(crate) fn step(&mut self, id: EntryId, step: QueryStep, bases: &[EntryId]) {
        self.heads.apply(id, step.status, bases);
        if let Err(at) = self.steps.binary_search_by_key(&id, |one| one.0) {
            self.steps.insert(at, (id, step));
        }
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.perhaps(self.raised.as_ref(), |writer, raised| {
            writer.origin(&raised.origin);
            writer.cell_key(&raised.cell);
            writer.words(&raised.question);
        });
        writer.register(&self.heads, |writer, status| writer.byte(*status as u8));
        writer.each(self.steps.iter(), |writer, (id, step)| {
            writer.id(id);
            writer.origin(&step.origin);
            writer.byte(step.status as u8);
            writer.perhaps(step.words.as_ref(), RowWriter::words);
        });
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Query, RowError> {
        Ok(Query {
            raised: reader.perhaps(|reader| {
                Ok(Raised { origin: reader.origin()?, cell: reader.cell_key()?, question: reader.words()? })
            })?,
            heads: reader.register(read_status)?,
            steps: reader.each(|reader| {
                let id = reader.id()?;
                let origin = reader.origin()?;
                Ok((id, QueryStep { origin, status: read_status(reader)?, words: reader.perhaps(RowReader::words)? }))
            })?,
        })
    }
}

fn read_status(reader: &mut RowReader<'_>) -> Result<QueryStatus, RowError> {
    Ok(match reader.byte()? {
        0 => QueryStatus::Open,
        1 => QueryStatus::Answered,
        2 => QueryStatus::Closed,
        _ => return Err(RowError),
    })
}
