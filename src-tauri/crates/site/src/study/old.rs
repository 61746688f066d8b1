//! What earlier versions said: the words of values that the subject's version no longer has.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::book::{Cell, CellState, Given};
use casebook::{Book, Stored};
use screens::labels;
use screens::messages::{EarlierView, RetiredView};
use study::{CellKey, FormKey, Oid, Study};

use crate::SiteError;
use crate::desk::Seat;

/// The versions under which the values of a form were given, where they are held.
#[derive(Default)]
pub(crate) struct Elders {
    studies: BTreeMap<Oid, Arc<Study>>,
}

impl Elders {
    fn of<'e>(&'e self, version: &Oid, present: &'e Study) -> &'e Study {
        self.studies.get(version).map_or(present, |study| study)
    }

    /// How an earlier version said a code that the present one does not offer; none for what is offered.
    pub(crate) fn earlier(&self, present: &Study, key: &CellKey, given: &Given, lang: &str) -> Option<EarlierView> {
        let Some(Stored::Plain(stored)) = &given.value else { return None };
        let list = present.codelist_of(present.items.get(&key.item)?)?;
        if list.external.is_some() || list.choice(stored.as_str()).is_some() {
            return None;
        }
        let then = self.of(&given.version, present);
        Some(EarlierView {
            text: then
                .items
                .get(&key.item)
                .map_or_else(|| stored.as_str().to_owned(), |item| labels::value(then, item, stored.as_str(), lang)),
            version: then.mdv_name.clone(),
            now: list.meant(stored.as_str()).map(|choice| choice.label(lang).to_owned()).unwrap_or_default(),
        })
    }
}

impl Seat<'_> {
    /// The versions under which the values of a form were given, other than the subject's own.
    pub(crate) fn elders(&mut self, subject: &str, form: &FormKey) -> Result<Elders, SiteError> {
        let present = self.study_of(subject)?.mdv.clone();
        let mut wanted: Vec<Oid> = Vec::new();
        if let Some(form) = self.known(subject)?.form(form) {
            for (_, given) in form.cells().flat_map(|(_, cell)| cell.heads()) {
                if given.version != present && !wanted.contains(&given.version) {
                    wanted.push(given.version.clone());
                }
            }
        }
        let mut elders = Elders::default();
        for version in wanted {
            if let Some(study) = self.session.open.study_version(&version)? {
                elders.studies.insert(version, study);
            }
        }
        Ok(elders)
    }

    /// The study that says what a form is called and where it stands: the subject's, or else the newest that has it.
    pub(crate) fn study_with(&mut self, subject: &str, form: &FormKey) -> Result<Arc<Study>, SiteError> {
        let present = self.study_of(subject)?;
        if present.has_form(form) || self.is_masked() || self.known(subject)?.retired_cells(&present, form).is_empty() {
            return Ok(present);
        }
        let with = self.versions()?.into_iter().rev().filter_map(|known| known.study);
        Ok(with.into_iter().find(|study| study.has_form(form)).unwrap_or(present))
    }
}

/// The values of a form that the subject's version no longer asks for, with their words then.
pub(crate) fn retired(
    (study, elders): (&Study, &Elders),
    book: &Book,
    form: &FormKey,
    (lang, stored): (&str, &dyn Fn(&Given) -> String),
) -> Vec<RetiredView> {
    let view = |key: CellKey| {
        let cell: &Cell = book.cell(&key)?;
        let given = cell.heads().next().map(|(_, given)| given)?;
        let said = |given: &Given| {
            let then = elders.of(&given.version, study);
            match (given.missing, then.items.get(&key.item)) {
                (Some(missing), _) => missing.code().to_owned(),
                (None, Some(item)) => {
                    let unit = labels::unit(then, given.unit.as_ref().or(item.standard_unit()), lang);
                    let value = labels::value(then, item, &stored(given), lang);
                    format!("{value} {unit}").trim_end().to_owned()
                }
                (None, None) => stored(given),
            }
        };
        let then = elders.of(&given.version, study);
        let mut view = RetiredView {
            key: key.to_string(),
            question: then.items.get(&key.item).map_or(key.item.as_str(), |item| item.question(lang)).to_owned(),
            value: String::new(),
            missing: String::new(),
            conflict: Vec::new(),
            version: then.mdv_name.clone(),
        };
        match cell.state() {
            CellState::Conflict => view.conflict = cell.heads().map(|(_, given)| said(given)).collect(),
            CellState::Missing(_, missing) => missing.code().clone_into(&mut view.missing),
            _ => view.value = said(given),
        }
        Some(view)
    };
    book.retired_cells(study, form).into_iter().filter_map(view).collect()
}
