//! An adverse event made of a laboratory result: the rules propose, a person confirms, and only then is it written.

use casebook::act::{ItemSet, ItemsSet, RowAdded, Stored};
use clinical::labs::Labs;
use screens::lab::{self, EventRows, event_rows};
use screens::messages::LabEventRow;
use screens::permissions::Command;
use screens::typed;
use study::{CellKey, GroupDef, ItemDef, Oid};

use crate::entering::next_row;
use crate::noun::Noun;
use crate::session::Session;
use crate::{SiteError, place};

/// Concept of a grade; a proposal answers it beside the first day.
const GRADE: &str = "ae.grade";

/// The reason that the answers carry where another device had declared the form complete.
const FROM_RESULT: &str = "Laboratory result";

/// What a row is prefilled with: concept and text as it would be typed.
type Said = [(&'static str, String); 6];

impl Session<'_> {
    /// Makes a row of an adverse event of what the rules propose for the result in a cell: term, grade, first day, and
    /// the test behind it, as far as the study asks for them. The window calls this when a person confirmed it.
    ///
    /// # Errors
    /// `NoSuch` when nothing is proposed for the cell, or when the study records no adverse events.
    pub fn lab_event(&mut self, subject: &str, cell: &CellKey) -> Result<LabEventRow, SiteError> {
        self.may(Command::LabEvent)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        let EventRows { form, group } = event_rows(&study).ok_or(SiteError::NoSuch(Noun::AdverseEvents))?;
        let said = self.proposed(subject, &spot.key, spot.group, spot.item)?;
        let suffix = self.suffix();
        let repeat = next_row(self.known(subject)?, &form, &group.oid, &suffix);
        let first = lab::items(&study, group).next().ok_or(SiteError::NoSuch(Noun::Item))?;
        let first = form.cell(group.oid.clone(), repeat.clone(), first.oid.clone());
        let subject = Oid::from(subject);
        self.write(|tx| {
            tx.write(RowAdded {
                subject: subject.clone(),
                form: form.clone(),
                group: group.oid.clone(),
                repeat: repeat.clone(),
                bases: Vec::new(),
            })?;
            let owed = tx.needs_reason(&subject, &first)?;
            let mut items = Vec::new();
            for item in lab::items(&study, group) {
                let meant = said.iter().find(|(concept, _)| study.meanings.is(&item.oid, concept));
                let Some(entered) = meant.and_then(|(_, text)| typed::read(&study, item, text).ok()?) else { continue };
                let value = match study.is_free_text(item) {
                    true => Stored::Text(tx.text(&entered.value)?),
                    false => Stored::Plain(entered.value.as_str().into()),
                };
                items.push(ItemSet {
                    group: group.oid.clone(),
                    repeat: repeat.clone(),
                    item: item.oid.clone(),
                    value: Some(value),
                    missing: None,
                    unit: entered.unit,
                    raw: None,
                    bases: Vec::new(),
                    reason: if owed { Some(tx.text(FROM_RESULT)?) } else { None },
                });
            }
            tx.write(ItemsSet { subject, form: form.clone(), items }).map(drop)
        })?;
        Ok(LabEventRow { form: form.to_string(), cell: first.to_string() })
    }

    /// What the rules propose, by the concepts that it answers.
    fn proposed(&mut self, subject: &str, key: &CellKey, group: &GroupDef, item: &ItemDef) -> Result<Said, SiteError> {
        let study = self.study_of(subject)?;
        let proposal = Labs::new(&study, self.known(subject)?).proposal(key);
        let (term, grade) = proposal
            .and_then(|proposal| Some((proposal.term, proposal.grade.filter(|grade| *grade > 0)?)))
            .ok_or(SiteError::NoSuch(Noun::Proposal))?;
        let day = match lab::meaning(&study, group, lab::SAMPLE_DATE) {
            Some(date) => self.held(subject, &lab::neighbour(key, date))?.map(|day| day.value).unwrap_or_default(),
            None => String::new(),
        };
        let test = item.analyte().unwrap_or_default().to_owned();
        Ok([
            ("ae.verbatim", term.to_owned()),
            ("ae.term", term.to_owned()),
            (GRADE, grade.to_string()),
            ("ae.start", day.clone()),
            ("ae.lab_test", test),
            ("ae.lab_date", day),
        ])
    }
}
