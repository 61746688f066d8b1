//! A subject's allocation: what was asked, and what was opened.

use study::{Oid, Study};

use crate::ids::EntryId;
use crate::row::{Origin, RowError, RowReader, RowWriter};
use crate::text::Private;

/// Setting: the sizes of the blocks, parted by spaces, each as likely as the others: `2 4 6`. A study that has it allocates
/// through the center.
pub const ALLOCATION_BLOCKS: &str = "ALLOC_BLOCKS";

/// Whether the reveal of an allocation fills in this item, so that nobody types into it.
pub fn is_allocated(study: &Study, item: &Oid) -> bool {
    let filled = ["subject.arm", "allocation.number", "allocation.date"];
    study.setting(ALLOCATION_BLOCKS).is_some() && filled.iter().any(|concept| study.meanings.is(item, concept))
}

/// A request, and what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// The request; none while only its reveal has arrived.
    pub asked: Option<Asked>,
    /// Its reveals, ascending by id: one, unless two copies of a vault opened it.
    pub told: Vec<Told>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who, where, when.
    pub origin: Origin,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// The how many-th request of its device.
    pub number: u32,
    /// The slot list that it names.
    pub root: EntryId,
}

/// A reveal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The entry.
    pub id: EntryId,
    /// Who, where, when.
    pub origin: Origin,
    /// Which stratum, from 0.
    pub stratum: u32,
    /// Which slot of it, from 1.
    pub slot: u32,
    /// The arm's code.
    pub arm: Private,
}

impl Allocation {
    pub(crate) fn tell(&mut self, told: Told) {
        if let Err(at) = self.told.binary_search_by_key(&told.id, |one| one.id) {
            self.told.insert(at, told);
        }
    }

    pub(crate) fn write(&self, writer: &mut RowWriter) {
        writer.perhaps(self.asked.as_ref(), |writer, asked| {
            writer.origin(&asked.origin);
            writer.int(asked.stratum.into());
            writer.int(asked.number.into());
            writer.id(&asked.root);
        });
        writer.each(self.told.iter(), |writer, told| {
            writer.id(&told.id);
            writer.origin(&told.origin);
            writer.int(told.stratum.into());
            writer.int(told.slot.into());
            writer.text(told.arm.as_str());
        });
    }

    pub(crate) fn read(reader: &mut RowReader<'_>) -> Result<Allocation, RowError> {
        let asked = reader.perhaps(|reader| {
            Ok(Asked {
                origin: reader.origin()?,
                stratum: reader.small()?,
                number: reader.small()?,
                root: reader.id()?,
            })
        })?;
        let told = reader.each(|reader| {
            let (id, origin) = (reader.id()?, reader.origin()?);
            Ok(Told { id, origin, stratum: reader.small()?, slot: reader.small()?, arm: reader.private()? })
        })?;
        Ok(Allocation { asked, told })
    }
}
