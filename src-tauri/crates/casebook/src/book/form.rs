//! A form: its status, its rows and its cells.

use super::cell::Cell;
use crate::clock::Tick;
use crate::ids::EntryId;
use crate::multi_value_register::MultiValueRegister;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use crate::text::FreeTextId;
use std::collections::BTreeMap;
use study::{Oid, Repeat};

/// Where a form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FormStatus {
    /// Nothing entered.
    Empty,
    /// Something entered.
    Started,
    /// Declared not done, with a reason.
    NotDone,
    /// Declared complete by a person.
    Complete,
}

/// What a person declared of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// Open again, with the reason.
    Reopened(FreeTextId),
    /// Not done, with the reason.
    NotDone(FreeTextId),
    /// Complete.
    Complete,
}

impl Declared {
    /// Rises with completeness: of several declarations the lowest holds.
    fn rank(&self) -> u8 {
        match self {
            Declared::Reopened(_) => 0,
            Declared::NotDone(_) => 1,
            Declared::Complete => 2,
        }
    }
}

/// A cell's place within its form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CellPlace {
    /// Group.
    pub group: Oid,
    /// Row of the group.
    pub repeat: Repeat,
    /// Item.
    pub item: Oid,
}

/// A row's place within its form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowPlace {
    /// Group.
    pub group: Oid,
    /// Row key.
    pub repeat: Repeat,
}

/// What the rules and the fold count in a form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items that are asked and answered, or given a reason.
    pub answered: u32,
    /// Items that are asked.
    pub total: u32,
    /// Mandatory items that are asked and lack an answer.
    pub lacking: u32,
    /// Hard findings.
    pub hard: u32,
    /// Soft findings that no word confirms.
    pub soft: u32,
    /// Conflicts: of cells, rows and the form's own status.
    pub conflicts: u32,
    /// Open queries, a conflict's own included.
    pub queries: u32,
    /// Rows of its repeating groups.
    pub rows: u32,
    /// Whether skip logic hides the whole form.
    pub hidden: bool,
}

impl Tally {
    /// Adds another form's counts.
    pub(crate) fn add(&mut self, other: &Tally) {
        self.answered += other.answered;
        self.total += other.total;
        self.lacking += other.lacking;
        self.hard += other.hard;
        self.soft += other.soft;
        self.conflicts += other.conflicts;
        self.queries += other.queries;
        self.rows += other.rows;
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        let counts =
            [self.answered, self.total, self.lacking, self.hard, self.soft, self.conflicts, self.queries, self.rows];
        for n in counts {
            writer.int(n.into());
        }
        writer.flag(self.hidden);
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Tally, RowError> {
        Ok(Tally {
            answered: reader.small()?,
            total: reader.small()?,
            lacking: reader.small()?,
            hard: reader.small()?,
            soft: reader.small()?,
            conflicts: reader.small()?,
            queries: reader.small()?,
            rows: reader.small()?,
            hidden: reader.flag()?,
        })
    }
}

/// One form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    pub(crate) declared: MultiValueRegister<(Origin, Declared)>,
    /// For each log the `seq` of its last declaration: changes after it in the same log need a reason.
    pub(crate) declared_at: BTreeMap<Oid, u64>,
    /// For each log the `seq` of its last entry that touches this form.
    pub(crate) touched: BTreeMap<Oid, u64>,
    pub(crate) tally: Tally,
    /// Whether the rules were asked of every cell at least once.
    pub(crate) asked: bool,
    pub(crate) rows: BTreeMap<RowPlace, Row>,
    pub(crate) cells: BTreeMap<CellPlace, Cell>,
}

impl Form {
    /// Where it stands. Of conflicting declarations the less complete holds.
    pub fn status(&self) -> FormStatus {
        match self.declared.heads.iter().min_by_key(|(_, (_, declared))| declared.rank()) {
            Some((_, (_, Declared::Complete))) => FormStatus::Complete,
            Some((_, (_, Declared::NotDone(_)))) => FormStatus::NotDone,
            Some((_, (_, Declared::Reopened(_)))) => FormStatus::Started,
            None if self.rows.values().any(Row::is_present) => FormStatus::Started,
            None if self.cells.values().any(Cell::holds_data) => FormStatus::Started,
            None => FormStatus::Empty,
        }
    }

    /// Whether declarations differ.
    pub fn is_conflict(&self) -> bool {
        let mut ranks = self.declared.heads.iter().map(|(_, (_, declared))| declared.rank());
        ranks.next().is_some_and(|first| ranks.any(|other| other != first))
    }

    /// The declarations that no other replaces.
    pub fn declarations(&self) -> impl Iterator<Item = (EntryId, &Origin, &Declared)> {
        self.declared.heads().map(|(id, (origin, declared))| (id, origin, declared))
    }

    /// What the next declaration names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.declared.bases()
    }

    /// The counts.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// For each log the `seq` of its last entry that touches this form.
    pub fn touched(&self) -> impl Iterator<Item = (&Oid, u64)> {
        self.touched.iter().map(|(log, seq)| (log, *seq))
    }

    /// The cells, in order of group, row and item.
    pub fn cells(&self) -> impl Iterator<Item = (&CellPlace, &Cell)> {
        self.cells.iter()
    }

    /// One cell.
    pub fn cell(&self, group: &Oid, repeat: &Repeat, item: &Oid) -> Option<&Cell> {
        self.cells.get(&CellPlace { group: group.clone(), repeat: repeat.clone(), item: item.clone() })
    }

    /// One row of a repeating group.
    pub fn row(&self, group: &Oid, repeat: &Repeat) -> Option<&Row> {
        self.rows.get(&RowPlace { group: group.clone(), repeat: repeat.clone() })
    }

    /// Where the cells of one row lie.
    pub(crate) fn cells_of<'a>(&'a self, row: &'a RowPlace) -> impl Iterator<Item = (&'a CellPlace, &'a Cell)> {
        let from = CellPlace { group: row.group.clone(), repeat: row.repeat.clone(), item: Oid::from("") };
        self.cells.range(from..).take_while(move |(place, _)| place.group == row.group && place.repeat == row.repeat)
    }

    /// Whether the row was removed and nothing speaks against that.
    pub fn is_removed(&self, group: &Oid, repeat: &Repeat) -> bool {
        let place = RowPlace { group: group.clone(), repeat: repeat.clone() };
        self.rows.get(&place).is_some_and(|row| !self.row_lives(&place, row))
    }

    /// Whether a row stands: added and not removed, or holding cells though its addition has not arrived.
    pub fn is_live_row(&self, group: &Oid, repeat: &Repeat) -> bool {
        let place = RowPlace { group: group.clone(), repeat: repeat.clone() };
        match self.rows.get(&place) {
            Some(row) => self.row_lives(&place, row),
            None => self.cells_of(&place).next().is_some(),
        }
    }

    /// Whether the row stands although a device removed it: somebody else added to it, or added it again, meanwhile.
    pub fn is_row_conflict(&self, place: &RowPlace) -> bool {
        let Some(row) = self.rows.get(place) else { return false };
        row.is_removed_by_someone() && self.row_lives(place, row)
    }

    pub(crate) fn row_lives(&self, place: &RowPlace, row: &Row) -> bool {
        row.is_present() || self.cells_of(place).flat_map(|(_, cell)| cell.heads()).any(|(id, _)| !row.saw(&id))
    }

    /// Whether a change by `log` to a cell of that row needs a reason, as far as `log` itself can have seen.
    pub(crate) fn owes_reason(&self, log: &Oid, row: &RowPlace) -> bool {
        let Some(declared) = self.declared_at.get(log) else { return false };
        let added = self.rows.get(row).and_then(|row| row.added_at.get(log));
        added.is_none_or(|added| added < declared)
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.register(&self.declared, |writer, (origin, declared)| {
            writer.origin(origin);
            writer.byte(declared.rank());
            if let Declared::Reopened(reason) | Declared::NotDone(reason) = declared {
                writer.words(reason);
            }
        });
        write_seqs(writer, &self.declared_at);
        write_seqs(writer, &self.touched);
        writer.flag(self.asked);
        self.tally.write(writer);
    }

    /// Reads a form without its rows and cells, which are rows of their own.
    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Form, RowError> {
        Ok(Form {
            declared: reader.register(|reader| {
                let origin = reader.origin()?;
                Ok((
                    origin,
                    match reader.byte()? {
                        0 => Declared::Reopened(reader.words()?),
                        1 => Declared::NotDone(reader.words()?),
                        2 => Declared::Complete,
                        _ => return Err(RowError),
                    },
                ))
            })?,
            declared_at: read_seqs(reader)?,
            touched: read_seqs(reader)?,
            asked: reader.flag()?,
            tally: Tally::read(reader)?,
            rows: BTreeMap::new(),
            cells: BTreeMap::new(),
        })
    }
}

pub(crate) fn write_seqs(writer: &mut RowWriter, seqs: &BTreeMap<Oid, u64>) {
    writer.each(seqs.iter(), |writer, (log, seq)| {
        writer.text(log);
        writer.int(*seq);
    });
}

pub(crate) fn read_seqs(reader: &mut RowReader<'_>) -> Result<BTreeMap<Oid, u64>, RowError> {
    Ok(reader.each(|reader| Ok((reader.oid()?, reader.int()?)))?.into_iter().collect())
}

/// What a person did with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFact {
    /// Added, or taken back from removal.
    Added,
    /// Removed, with the reason and the values that were seen.
    Removed {
        /// Why.
        reason: FreeTextId,
        /// Heads of its cells that were seen, ascending.
        saw: Vec<EntryId>,
    },
}

/// One row of a repeating group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub(crate) facts: MultiValueRegister<(Origin, RowFact)>,
    /// The earliest tick at which anybody added it; for the order of display.
    pub(crate) born: Tick,
    /// For each log the `seq` at which it added the row.
    pub(crate) added_at: BTreeMap<Oid, u64>,
}

impl Default for Row {
    fn default() -> Self {
        Row {
            facts: MultiValueRegister::default(),
            born: Tick { ms: u64::MAX, counter: u32::MAX },
            added_at: BTreeMap::new(),
        }
    }
}

impl Row {
    /// Whether somebody's addition stands.
    fn is_present(&self) -> bool {
        self.facts.heads.iter().any(|(_, (_, fact))| *fact == RowFact::Added)
    }

    /// Whether somebody's removal stands.
    pub(crate) fn is_removed_by_someone(&self) -> bool {
        self.facts.heads.iter().any(|(_, (_, fact))| *fact != RowFact::Added)
    }

    /// Whether every removal that stands had seen that value.
    fn saw(&self, id: &EntryId) -> bool {
        self.facts.heads.iter().all(|(_, (_, fact))| match fact {
            RowFact::Added => true,
            RowFact::Removed { saw, .. } => saw.binary_search(id).is_ok(),
        })
    }

    /// What the next act on the row names as its bases.
    pub fn bases(&self) -> Vec<EntryId> {
        self.facts.bases()
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.register(&self.facts, |writer, (origin, fact)| {
            writer.origin(origin);
            match fact {
                RowFact::Added => writer.byte(0),
                RowFact::Removed { reason, saw } => {
                    writer.byte(1);
                    writer.words(reason);
                    writer.each(saw.iter(), RowWriter::id);
                }
            }
        });
        writer.int(self.born.ms);
        writer.int(self.born.counter.into());
        write_seqs(writer, &self.added_at);
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Row, RowError> {
        Ok(Row {
            facts: reader.register(|reader| {
                let origin = reader.origin()?;
                Ok((
                    origin,
                    match reader.byte()? {
                        0 => RowFact::Added,
                        1 => RowFact::Removed { reason: reader.words()?, saw: reader.each(RowReader::id)? },
                        _ => return Err(RowError),
                    },
                ))
            })?,
            born: Tick { ms: reader.int()?, counter: reader.small()? },
            added_at: read_seqs(reader)?,
        })
    }
}
