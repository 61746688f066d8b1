//! Recording what a laboratory's file brings: one entry for each panel, through the same door as typing.

use std::collections::BTreeMap;

use casebook::DeniedError;
use casebook::act::ItemsSet;
use screens::lab;
use screens::messages::{LabFileReport, LabMapping, LabVerdict};
use study::value::Entered;
use study::{CellKey, FormKey, GroupDef, Oid};

use super::judge::Bring;
use super::loaded::{Loaded, NO_FILE};
use crate::lab::{Coming, PendingItem};
use crate::session::Session;
use crate::{SiteError, settings};

/// Concept: whether a panel was done.
const PERFORMED: &str = "lab.performed";
/// The code of yes in a list of yes and no (CDISC's NY).
const YES: &str = "Y";

type Panel = (String, FormKey, Oid);

impl Session<'_> {
    /// Records the rows that are new, and those on the lines `taken` of the rows that differ.
    pub(super) fn record(
        &mut self,
        loaded: &Loaded,
        taken: &[u32],
        reason: Option<&str>,
    ) -> Result<LabFileReport, SiteError> {
        let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
        let judged = self.judge(loaded)?;
        let total = judged.len();
        let mut panels: BTreeMap<Panel, Vec<Bring>> = BTreeMap::new();
        let wanted = judged.into_iter().filter(|row| match row.shown.verdict {
            LabVerdict::New => true,
            LabVerdict::Differs => taken.contains(&row.shown.line),
            _ => false,
        });
        for bring in wanted.filter_map(|row| row.bring) {
            let panel = (bring.subject.clone(), bring.cell.form.clone(), bring.cell.group.clone());
            panels.entry(panel).or_default().push(bring);
        }
        let results: usize = panels.values().map(Vec::len).sum();
        let mut entries = Vec::new();
        for ((subject, form, group), brought) in &panels {
            let study = self.study_of(subject)?;
            let group = study.groups.get(group).ok_or(NO_FILE)?;
            entries.push((
                subject.clone(),
                form.clone(),
                self.answers(subject, group, brought, &loaded.mapping, reason)?,
            ));
        }
        let mapping = serde_json::to_vec(&loaded.mapping)?;
        let key = settings::lab_import(&loaded.mapping.lab);
        self.write(|tx| {
            for (subject, form, answers) in entries {
                let mut items = Vec::new();
                for answer in answers {
                    items.push(answer.into_item(tx, reason)?);
                }
                tx.write(ItemsSet { subject: Oid::from(subject), form, items })?;
            }
            Ok(tx.set(&key, &mapping)?)
        })?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(LabFileReport { results: count(results), panels: count(panels.len()), left: count(total - results) })
    }

    /// All that is recorded in one panel: its facts, the results, and their limits.
    fn answers(
        &mut self,
        subject: &str,
        group: &GroupDef,
        brought: &[Bring],
        mapping: &LabMapping,
        reason: Option<&str>,
    ) -> Result<Vec<PendingItem>, SiteError> {
        let study = self.study_of(subject)?;
        let Some(first) = brought.first() else { return Ok(Vec::new()) };
        let row = first.cell.clone();
        let mut given: Vec<(CellKey, Entered)> = Vec::new();
        let facts = [
            (PERFORMED, YES.to_owned()),
            (lab::SAMPLE_DATE, first.day.clone()),
            (lab::LABORATORY, mapping.lab.clone()),
        ];
        for (concept, value) in facts {
            let Some(item) = lab::meaning(&study, group, concept) else { continue };
            let key = lab::neighbour(&row, item);
            let fits = !value.is_empty() && item.normalise(&study, &value).is_ok();
            let fits = fits && study.codelist_of(item).is_none_or(|list| list.choice(&value).is_some());
            if fits && self.known(subject)?.cell_bases(&key).is_empty() {
                given.push((key, Entered { value, unit: None, raw: None }));
            }
        }
        for bring in brought {
            given.push((bring.cell.clone(), bring.entered.clone()));
            for (key, entered) in bring.limits.iter().flatten() {
                if self.known(subject)?.cell_bases(key).is_empty() {
                    given.push((key.clone(), entered.clone()));
                }
            }
        }
        let coming: Vec<Coming<'_>> =
            given.iter().map(|(key, entered)| Coming { key, value: Some(entered.value.as_str()) }).collect();
        let also = self.recorded_with(subject, group, &coming)?;
        let device = self.device();
        let mut answers = Vec::new();
        for (key, entered) in given {
            let book = self.known(subject)?;
            let (bases, needed) = (book.cell_bases(&key), book.needs_reason(&device, &key));
            if reason.is_none() && (needed || !bases.is_empty()) {
                return Err(DeniedError::ReasonNeeded.into());
            }
            let item = study.items.get(&key.item).ok_or(NO_FILE)?;
            answers.push(PendingItem { free_text: study.is_free_text(item), key, entered, bases, needed });
        }
        answers.extend(also);
        Ok(answers)
    }
}
