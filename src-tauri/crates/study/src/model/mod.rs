//! The definitions of a study, typed.

mod alias;
mod analyte;
mod check;
mod choice;
mod codes;
mod concept;
mod expression;
mod item;
mod kind;
mod lookup;
mod metadata;
mod missing;
mod qualifier;
mod shape;
mod timing;

pub use alias::Alias;
pub use analyte::{Analyte, AnalytePart};
pub use check::{Check, Comparator, Severity};
pub use choice::Choice;
pub use codes::{CodeList, Renamed};
pub(crate) use concept::find as find_concept;
pub use concept::{CONCEPTS, Concept, Meanings, On};
pub use expression::Expression;
pub use item::{Control, ItemDef};
pub use kind::ItemKind;
pub use lookup::CellDef;
pub use metadata::MetaDataVersion;
pub use missing::Missing;
pub use qualifier::Qualifier;
pub use shape::{
    ConditionDef, EventDef, EventKind, FormDef, FormRef, GroupDef, GroupRef, ItemRef, MethodDef, Setting, UnitDef,
};
pub use timing::{Anchor, Repetition, Timing};
