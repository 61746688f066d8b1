//! What rules need to know of an item to read its cells.

use crate::{ItemDef, ItemKind, MetaDataVersion, Oid};
use rust_decimal::Decimal;
use std::sync::Arc;

/// What rules need to know of an item to read its cells.
#[derive(Debug)]
pub(super) struct ItemInfo {
    pub oid: Oid,
    pub name: Arc<str>,
    pub kind: ItemKind,
    standard: Option<Oid>,
    conversions: Vec<(Oid, Decimal)>,
    /// The codes of its list; none where any text will do.
    pub codes: Option<Vec<Arc<str>>>,
    /// Whether people type free text into it: casebooks fold such text only as a commitment, so rules can't read it.
    pub is_free_text: bool,
}

impl ItemInfo {
    pub fn of(study: &MetaDataVersion, item: &ItemDef, is_derived: bool) -> Self {
        let list = study.codelist_of(item).filter(|list| list.external.is_none() && !list.choices.is_empty());
        Self {
            oid: item.oid.clone(),
            name: item.short_name.as_str().into(),
            kind: item.kind,
            standard: item.standard_unit().cloned(),
            conversions: item.conversions.clone(),
            is_free_text: !is_derived && study.is_free_text(item),
            codes: list.map(|list| list.choices.iter().map(|choice| choice.code.clone()).collect()),
        }
    }

    /// The factor that takes a number from `unit` to the standard unit; none where the two can't be converted.
    pub fn factor(&self, unit: Option<&Oid>) -> Option<Decimal> {
        match unit {
            None => Some(Decimal::ONE),
            Some(unit) if self.standard.as_ref() == Some(unit) => Some(Decimal::ONE),
            Some(unit) => self.conversions.iter().find(|(known, _)| known == unit).map(|&(_, factor)| factor),
        }
    }
}
