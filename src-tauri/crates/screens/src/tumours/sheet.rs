//! A tumour form as it stands, found by what its items mean.

use std::str::FromStr;

use study::{CellKey, FormKey, Oid, Repeat, Study};

use crate::messages::{CellState, FormState};

/// The items of a row of lesions, where the study has them.
pub struct Columns {
    /// What the lesion is called.
    pub id: Oid,
    /// Its group.
    pub group: Oid,
    /// Its state or certainty.
    pub state: Option<Oid>,
    /// Its sizes, in the order of the form.
    pub sizes: Vec<Oid>,
}

impl Columns {
    /// The rows that carry `id` in the form `form`.
    pub fn of(study: &Study, form: &Oid, id: &str, state: &str, size: &str) -> Option<Self> {
        let id = study.meanings.one(id)?.clone();
        let held = |group: &&Oid, item: &Oid| {
            study.groups.get(group).is_some_and(|def| def.items.iter().any(|at| at.item == *item))
        };
        let groups = study.forms.get(form)?.groups.iter().map(|at| &at.group);
        let group = groups.clone().find(|group| held(group, &id))?.clone();
        let here = |concept: &str| -> Vec<Oid> {
            study.meanings.all(concept).iter().filter(|item| held(&&group, item)).cloned().collect()
        };
        let (state, sizes) = (here(state).into_iter().next(), here(size));
        Some(Self { id, group, state, sizes })
    }

    /// Target lesions at an assessment.
    pub fn readings(study: &Study, form: &Oid) -> Option<Self> {
        Self::of(study, form, "tumour.reading.lesion", "tumour.reading.state", "tumour.reading.size")
    }

    /// Non-target lesions at an assessment. They have no size.
    pub fn others(study: &Study, form: &Oid) -> Option<Self> {
        let columns =
            Self::of(study, form, "tumour.other_reading.lesion", "tumour.other_reading.state", "tumour.other.size");
        columns.map(|columns| Self { sizes: Vec::new(), ..columns })
    }

    /// New lesions at an assessment. They have no size.
    pub fn new_lesions(study: &Study, form: &Oid) -> Option<Self> {
        let columns = Self::of(study, form, "tumour.new.id", "tumour.new.certainty", "tumour.other.size");
        columns.map(|columns| Self { sizes: Vec::new(), ..columns })
    }
}

/// A form with its cells at hand.
pub struct Sheet {
    /// The form's key.
    pub form: FormKey,
    /// As the form screen shows it.
    pub state: FormState,
    /// The date of its visit.
    pub date: Option<String>,
    cells: Vec<(CellKey, usize, usize)>,
}

impl Sheet {
    /// A form with its state; `date` is that of its visit, ISO 8601.
    pub fn new(state: FormState, form: FormKey, date: Option<String>) -> Self {
        let mut cells = Vec::new();
        for (row, of) in state.rows.iter().enumerate() {
            for (column, cell) in of.cells.iter().enumerate() {
                cells.extend(CellKey::from_str(&cell.key).ok().map(|key| (key, row, column)));
            }
        }
        Self { form, state, date, cells }
    }

    fn find(&self, wanted: impl Fn(&CellKey) -> bool) -> Option<&CellState> {
        let (_, row, column) = self.cells.iter().find(|(key, _, _)| wanted(key))?;
        self.state.rows.get(*row)?.cells.get(*column)
    }

    /// One cell.
    pub fn cell(&self, key: &CellKey) -> Option<&CellState> {
        self.find(|known| known == key)
    }

    /// A cell of a row.
    pub fn at(&self, group: &Oid, row: &Repeat, item: &Oid) -> Option<&CellState> {
        self.cell(&self.form.cell(group, row, item))
    }

    /// The rows whose lesion's name fits.
    pub fn rows(&self, columns: &Columns, fits: impl Fn(&str) -> bool) -> Vec<Repeat> {
        let named = self.cells.iter().filter(|(key, _, _)| key.item == columns.id && key.group == columns.group);
        let held = named.filter(|(_, row, column)| fits(&self.state.rows[*row].cells[*column].typed));
        held.map(|(key, _, _)| key.group_repeat.clone()).collect()
    }
}

/// Whether a row's name is a lesion's or that of a part of it: `T04`, `T04.1`.
pub fn is_of(label: &str, lesion: &str) -> bool {
    label == lesion || label.strip_prefix(lesion).is_some_and(|rest| rest.starts_with('.'))
}
