//! A subject's allocation: what was asked, and what was opened.

use study::{Oid, Study};

use crate::ids::EntryId;
use crate::row::{Eye, Origin, Pen, RowError};
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

    pub(crate) fn write(&self, pen: &mut Pen) {
        pen.perhaps(self.asked.as_ref(), |pen, asked| {
            pen.origin(&asked.origin);
            pen.int(asked.stratum.into());
            pen.int(asked.number.into());
            pen.id(&asked.root);
        });
        pen.each(self.told.iter(), |pen, told| {
            pen.id(&told.id);
            pen.origin(&told.origin);
            pen.int(told.stratum.into());
            pen.int(told.slot.into());
            pen.text(told.arm.as_str());
        });
    }

    pub(crate) fn read(eye: &mut Eye<'_>) -> Result<Allocation, RowError> {
        let asked = eye.perhaps(|eye| {
            Ok(Asked { origin: eye.origin()?, stratum: eye.small()?, number: eye.small()?, root: eye.id()? })
        })?;
        let told = eye.each(|eye| {
            let (id, origin) = (eye.id()?, eye.origin()?);
            Ok(Told { id, origin, stratum: eye.small()?, slot: eye.small()?, arm: eye.private()? })
        })?;
        Ok(Allocation { asked, told })
    }
}
