//! What earlier versions of a study called the values that the subject's version no longer has.

use std::collections::BTreeMap;
use std::sync::Arc;

use casebook::book::{CellState, Given};
use casebook::{Book, Stored};
use study::{CellKey, FormKey, Oid, Study};

use crate::messages::{EarlierView, RetiredView};
use crate::{View, labels};

/// The versions under which values were given, other than the subject's own; those of them that are held.
#[derive(Default)]
pub struct PriorVersions {
    studies: BTreeMap<Oid, Arc<Study>>,
}

impl PriorVersions {
    /// The versions under which the values of a form were given, other than `present`.
    pub fn wanted(book: &Book, form: &FormKey, present: &Oid) -> Vec<Oid> {
        let mut wanted: Vec<Oid> = Vec::new();
        let cells = book.form(form).into_iter().flat_map(|form| form.cells());
        for (_, given) in cells.flat_map(|(_, cell)| cell.heads()) {
            if given.version != *present && !wanted.contains(&given.version) {
                wanted.push(given.version.clone());
            }
        }
        wanted
    }

    /// Adds a version.
    pub fn insert(&mut self, study: Arc<Study>) {
        self.studies.insert(study.metadata_version.clone(), study);
    }

    fn of<'e>(&'e self, version: &Oid, present: &'e Study) -> &'e Study {
        self.studies.get(version).map_or(present, |study| study)
    }
}

/// What an earlier version called a code that the present one does not offer; none for a code that it offers.
pub(crate) fn earlier_label(
    view: &View<'_>,
    prior: &PriorVersions,
    key: &CellKey,
    given: &Given,
) -> Option<EarlierView> {
    let (present, lang) = (view.study, view.language);
    let Some(Stored::Plain(stored)) = &given.value else { return None };
    let list = present.codelist_of(present.items.get(&key.item)?)?;
    if list.external.is_some() || list.choice(stored.as_str()).is_some() {
        return None;
    }
    let then = prior.of(&given.version, present);
    let label = |item| labels::value(then, item, stored.as_str(), lang);
    Some(EarlierView {
        text: then.items.get(&key.item).map_or_else(|| stored.as_str().to_owned(), label),
        version: then.metadata_version_name.clone(),
        now: list.meant(stored.as_str()).map(|choice| choice.label(lang).to_owned()).unwrap_or_default(),
    })
}

/// The values of a form that the subject's version no longer asks for, with their labels of then.
pub(super) fn retired(view: &View<'_>, prior: &PriorVersions, form: &FormKey) -> Vec<RetiredView> {
    let keys = view.book.retired_cells(view.study, form);
    keys.into_iter().filter_map(|key| retired_cell(view, prior, &key)).collect()
}

fn retired_cell(view: &View<'_>, prior: &PriorVersions, key: &CellKey) -> Option<RetiredView> {
    let cell = view.book.cell(key)?;
    let (_, given) = cell.heads().next()?;
    let said = |given: &Given| {
        let then = prior.of(&given.version, view.study);
        match (given.missing, then.items.get(&key.item)) {
            (Some(missing), _) => missing.code().to_owned(),
            (None, Some(item)) => {
                let then = View { study: then, ..*view };
                then.measured(item, &view.stored(given), given.unit.as_ref())
            }
            (None, None) => view.stored(given),
        }
    };
    let then = prior.of(&given.version, view.study);
    let item = then.items.get(&key.item);
    let mut retired = RetiredView {
        key: key.to_string(),
        question: item.map_or(key.item.as_str(), |item| item.question(view.language)).to_owned(),
        value: String::new(),
        missing: String::new(),
        conflict: Vec::new(),
        version: then.metadata_version_name.clone(),
    };
    match cell.state() {
        CellState::Conflict => retired.conflict = cell.heads().map(|(_, given)| said(given)).collect(),
        CellState::Missing(_, missing) => missing.code().clone_into(&mut retired.missing),
        _ => retired.value = said(given),
    }
    Some(retired)
}
