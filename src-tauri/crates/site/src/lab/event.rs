//! An adverse event made of a laboratory result: the rules propose, a person confirms, and only then is it written.

use casebook::act::{ItemSet, ItemsSet, RowAdded, Stored};
use clinical::labs::Labs;
use screens::guard::Command;
use screens::messages::LabEventRow;
use study::{CellKey, EventKey, FormKey, GroupDef, ItemDef, Oid, Repeat, Study};

use crate::desk::Seat;
use crate::entering::next_row;
use crate::{SiteError, place, typed};

/// Concepts that a proposal answers, beside the first day.
const GRADE: &str = "ae.grade";

/// Where adverse events are recorded: the rows of the study's first group whose items mean a grade and a first day.
pub(crate) fn place(study: &Study) -> Option<(FormKey, &GroupDef)> {
    let means = |group: &GroupDef, concept: &str| super::meaning(study, group, concept).is_some();
    let rows = |group: &&GroupDef| group.repeating && means(group, GRADE) && means(group, "ae.start");
    study.events.iter().find_map(|event| {
        event.forms.iter().find_map(|at| {
            let form = study.forms.get(&at.form)?;
            let group = form.groups.iter().filter_map(|at| study.groups.get(&at.group)).find(rows)?;
            let key = EventKey::new(event.oid.clone(), Repeat::first()).form(form.oid.clone(), Repeat::first());
            Some((key, group))
        })
    })
}

/// What a row is prefilled with: concept and text as it would be typed.
type Said = [(&'static str, String); 6];

impl Seat<'_> {
    /// Makes a row of an adverse event of what the rules propose for the result in a cell: term, grade, first day, and
    /// the test behind it, as far as the study asks for them. The window calls this when a person confirmed it.
    ///
    /// # Errors
    /// `NoSuch` when nothing is proposed for the cell, or when the study records no adverse events.
    pub fn lab_event(&mut self, subject: &str, cell: &str) -> Result<LabEventRow, SiteError> {
        self.may(Command::LabEvent)?;
        let study = self.study_of(subject)?;
        let spot = place::cell(&study, cell)?;
        let (form, group) = place(&study).ok_or(SiteError::NoSuch("adverse events"))?;
        let said = self.proposed(subject, &spot.key, spot.group, spot.item)?;
        let suffix = self.suffix();
        let repeat = next_row(self.known(subject)?, &form, &group.oid, &suffix);
        let first = super::items(&study, group).next().ok_or(SiteError::NoSuch("item"))?;
        let cell = form.cell(group.oid.clone(), repeat.clone(), first.oid.clone()).to_string();
        let subject = Oid::from(subject);
        self.write(|tx| {
            tx.write(RowAdded {
                subject: subject.clone(),
                form: form.clone(),
                group: group.oid.clone(),
                repeat: repeat.clone(),
                bases: Vec::new(),
            })?;
            let mut items = Vec::new();
            for item in super::items(&study, group) {
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
                    reason: None,
                });
            }
            tx.write(ItemsSet { subject, form: form.clone(), items }).map(drop)
        })?;
        Ok(LabEventRow { form: form.to_string(), cell })
    }

    /// What the rules propose, by the concepts that it answers.
    fn proposed(&mut self, subject: &str, key: &CellKey, group: &GroupDef, item: &ItemDef) -> Result<Said, SiteError> {
        let study = self.study_of(subject)?;
        let proposal = Labs::new(&study, self.known(subject)?).proposal(key);
        let (term, grade) = proposal
            .and_then(|proposal| Some((proposal.term, proposal.grade.filter(|grade| *grade > 0)?)))
            .ok_or(SiteError::NoSuch("proposal"))?;
        let day = match super::meaning(&study, group, super::SAMPLE_DATE) {
            Some(date) => self.held(subject, &super::neighbour(key, date))?.map(|(day, _)| day).unwrap_or_default(),
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
