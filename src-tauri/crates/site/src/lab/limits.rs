//! The limits that are written beside a result when it is entered: what the register says for the panel's laboratory, the
//! subject's sex and the day of the sample. They are recorded with the result, so nobody needs the register to read it later.

use casebook::EntryId;
use casebook::act::{ItemSet, LabRangeSet, Stored};
use casebook::book::{CellState, Given};
use casebook::trial_state::RangeQuestion;
use clinical::labs::fact;
use screens::lab;
use study::value::Entered;
use study::{AnalytePart, CellKey, GroupDef, ItemDef, Oid};

use crate::SiteError;
use crate::session::Session;
use crate::writing::ActWriter;

/// An answer on its way into the journal.
pub(crate) struct PendingItem {
    /// The cell.
    pub key: CellKey,
    /// Its value as normalised.
    pub entered: Entered,
    /// Whether the value is a free text.
    pub free_text: bool,
    /// Heads that it replaces.
    pub bases: Vec<EntryId>,
    /// Whether its form was declared complete, so that even a first value needs a reason.
    pub needed: bool,
}

/// The laboratory and the day of a panel.
#[derive(Clone, Default, PartialEq, Eq)]
struct Facts {
    lab: Option<String>,
    day: Option<String>,
}

/// A value that a cell is about to hold.
pub(crate) struct Coming<'a> {
    /// The cell.
    pub key: &'a CellKey,
    /// Its value; none where it is emptied or a reason stands instead.
    pub value: Option<&'a str>,
}

impl PendingItem {
    /// The answer as the journal takes it.
    pub(crate) fn into_item(self, tx: &mut ActWriter<'_, '_>, reason: Option<&str>) -> Result<ItemSet, SiteError> {
        let Entered { value, unit, raw } = self.entered;
        let stored = match self.free_text {
            true => Stored::Text(tx.text(&value)?),
            false => Stored::Plain(value.as_str().into()),
        };
        let explained = self.needed || !self.bases.is_empty();
        let reason = reason.filter(|_| explained).map(|reason| tx.text(reason)).transpose()?;
        Ok(ItemSet {
            group: self.key.group,
            repeat: self.key.group_repeat,
            item: self.key.item,
            value: Some(stored),
            missing: None,
            unit,
            raw: raw.filter(|_| !self.free_text).as_deref().map(Into::into),
            bases: self.bases,
            reason,
        })
    }
}

impl Session<'_> {
    /// What is to be recorded with answers that are about to be given in one row of a group: nothing unless the group is a
    /// panel whose results the register has limits for.
    pub(crate) fn recorded_with(
        &mut self,
        subject: &str,
        group: &GroupDef,
        coming: &[Coming<'_>],
    ) -> Result<Vec<PendingItem>, SiteError> {
        let study = self.study_of(subject)?;
        let mut also = Vec::new();
        let Some(row) = coming.first().filter(|_| lab::is_panel(&study, group)).map(|one| one.key) else {
            return Ok(also);
        };
        let comes = |item: &ItemDef| coming.iter().find(|one| one.key.item == item.oid);
        let results: Vec<&ItemDef> = lab::items(&study, group).filter(|item| item.analyte().is_some()).collect();
        let any = results.iter().any(|item| comes(item).is_some_and(|one| one.value.is_some()));
        let (mut old, mut new) = (Facts::default(), Facts::default());
        if let Some(item) = lab::meaning(&study, group, lab::SAMPLE_DATE) {
            old.day = self.held(subject, &lab::neighbour(row, item))?.map(|fact| fact.value);
            new.day = comes(item).map_or_else(|| old.day.clone(), |one| one.value.map(str::to_owned));
        }
        if let Some(item) = lab::meaning(&study, group, lab::LABORATORY) {
            old.lab = self.held(subject, &lab::neighbour(row, item))?.map(|fact| fact.value);
            new.lab = comes(item).map_or_else(|| old.lab.clone(), |one| one.value.map(str::to_owned));
            if any && new.lab.is_none() && comes(item).is_none() {
                also.extend(self.only_laboratory(subject, &lab::neighbour(row, item), item)?);
                new.lab = also.first().map(|lab| lab.entered.value.clone());
            }
        }
        let sex = fact(&study, self.known(subject)?, "subject.sex");
        for item in results {
            let arrives = comes(item).is_some_and(|one| one.value.is_some());
            let moved = new != old && self.held(subject, &lab::neighbour(row, item))?.is_some();
            let Some(code) = item.analyte().filter(|_| arrives || moved) else { continue };
            let Some(range) = self.range(&new, sex.as_deref(), code)? else { continue };
            let before = self.range(&old, sex.as_deref(), code)?;
            for (part, said) in
                [(AnalytePart::Low, limit_of(&range, true)), (AnalytePart::High, limit_of(&range, false))]
            {
                let Some(limit) = study.analyte_item(group, code, part) else { continue };
                let Some(said) = said.filter(|_| comes(limit).is_none()) else { continue };
                let earlier = before.as_ref().and_then(|range| limit_of(range, part == AnalytePart::Low));
                also.extend(self.limit(subject, lab::neighbour(row, limit), limit, said, earlier)?);
            }
        }
        Ok(also)
    }

    /// A limit for a cell that holds none yet, or that holds what the register said before; what a person wrote stays.
    fn limit(
        &mut self,
        subject: &str,
        key: CellKey,
        item: &ItemDef,
        said: Quantity,
        earlier: Option<Quantity>,
    ) -> Result<Option<PendingItem>, SiteError> {
        let is_taken = said.unit.as_ref().is_none_or(|unit| item.units.contains(unit));
        if !is_taken || item.kind.read(&said.value).is_err() {
            return Ok(None);
        }
        let holds = self.held(subject, &key)?;
        let bases = self.known(subject)?.cell_bases(&key);
        let ours = match holds {
            None => bases.is_empty(),
            Some(held) => earlier.as_ref() == Some(&held) && held != said,
        };
        let needed = self.needs_reason(subject, &key)?;
        let entered = Entered { value: said.value, unit: said.unit, raw: None };
        Ok(ours.then_some(PendingItem { key, entered, free_text: false, bases, needed }))
    }

    /// The laboratory of a panel that names none, where the register knows only one.
    fn only_laboratory(
        &mut self,
        subject: &str,
        key: &CellKey,
        item: &ItemDef,
    ) -> Result<Option<PendingItem>, SiteError> {
        let study = self.study_of(subject)?;
        if !self.known(subject)?.cell_bases(key).is_empty() {
            return Ok(None);
        }
        let labs = self.signed_in.open.trial_state()?.laboratories();
        let [lab] = labs.as_slice() else { return Ok(None) };
        let value = (*lab).to_owned();
        let free_text = study.is_free_text(item);
        let needed = self.needs_reason(subject, key)?;
        let entered = Entered { value, unit: None, raw: None };
        Ok(Some(PendingItem { key: key.clone(), entered, free_text, bases: Vec::new(), needed }))
    }

    /// Whether a change to a cell needs a reason, because its form was declared complete or not done.
    pub(crate) fn needs_reason(&mut self, subject: &str, key: &CellKey) -> Result<bool, SiteError> {
        let device = self.device();
        Ok(self.known(subject)?.needs_reason(&device, key))
    }

    /// The limits that the register has for a panel.
    fn range(&mut self, facts: &Facts, sex: Option<&str>, analyte: &str) -> Result<Option<LabRangeSet>, SiteError> {
        let (Some(lab), Some(day)) = (facts.lab.as_deref(), facts.day.as_deref().filter(|day| day.len() == 10)) else {
            return Ok(None);
        };
        Ok(self.signed_in.open.trial_state()?.range(&RangeQuestion { lab, analyte, sex, day }).cloned())
    }

    /// What a cell holds, with its unit; nothing where it holds no one value.
    pub(super) fn held(&mut self, subject: &str, key: &CellKey) -> Result<Option<Quantity>, SiteError> {
        let given: Option<Given> = match self.known(subject)?.cell(key).map(casebook::Cell::state) {
            Some(CellState::Answered(given)) => Some(given.clone()),
            _ => None,
        };
        given.map(|given| Ok(Quantity { value: self.stored(&given)?, unit: given.unit })).transpose()
    }
}

/// A number as stored, with its unit.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Quantity {
    pub value: String,
    pub unit: Option<Oid>,
}

fn limit_of(range: &LabRangeSet, low: bool) -> Option<Quantity> {
    let limit = if low { &range.low } else { &range.high };
    limit.clone().map(|value| Quantity { value, unit: range.unit.clone() })
}
