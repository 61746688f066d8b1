//! Rows of a book by what their items mean: what is skipped and what was removed is left out.

use rust_decimal::Decimal;
use study::rules::Answers;
use study::value::{PartialDate, PartialDateTime, Value};
use study::{CellKey, FormKey, Oid, Repeat, Study};

use casebook::Book;

/// The place of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowAt {
    /// The form.
    pub form: FormKey,
    /// The group.
    pub group: Oid,
    /// Which row of it.
    pub repeat: Repeat,
}

impl RowAt {
    /// The row in which a cell stands.
    pub fn of(cell: &CellKey) -> Self {
        Self { form: cell.form.clone(), group: cell.group.clone(), repeat: cell.group_repeat.clone() }
    }

    /// A cell of the row.
    pub fn cell(&self, item: &Oid) -> CellKey {
        self.form.cell(self.group.clone(), self.repeat.clone(), item.clone())
    }

    /// The cell of the row whose item means this.
    pub fn meaning(&self, study: &Study, concept: &str) -> Option<CellKey> {
        let group = study.groups.get(&self.group)?;
        let item = group.items.iter().find(|at| study.meanings.is(&at.item, concept))?;
        Some(self.cell(&item.item))
    }

    /// Every cell of the row, in the order of the form.
    pub fn cells<'a>(&'a self, study: &'a Study) -> impl Iterator<Item = CellKey> + 'a {
        let items = study.groups.get(&self.group).into_iter().flat_map(|group| &group.items);
        items.map(|at| self.cell(&at.item))
    }
}

/// A book, read by meaning.
pub(super) struct Reader<'a> {
    pub study: &'a Study,
    pub book: &'a Book,
}

impl Reader<'_> {
    /// The rows in which an item of this meaning stands.
    pub fn rows(&self, concept: &str) -> impl Iterator<Item = RowAt> {
        let mut rows = Vec::new();
        for item in self.study.meanings.all(concept) {
            for (form, group) in self.study.places_of(item) {
                let repeating = self.study.groups.get(group).is_some_and(|group| group.repeating);
                for key in Answers::forms(self.book, form) {
                    let repeats = if repeating { self.book.live_rows(&key, group) } else { vec![Repeat::first()] };
                    let row = |repeat| RowAt { form: key.clone(), group: group.clone(), repeat };
                    rows.extend(repeats.into_iter().map(row));
                }
            }
        }
        rows.into_iter()
    }

    fn value(&self, row: &RowAt, concept: &str) -> Option<(CellKey, Value, Option<Oid>)> {
        let key = row.meaning(self.study, concept)?;
        let item = self.study.items.get(&key.item)?;
        let answer = Answers::cell(self.book, &key)?;
        let value = item.kind.read(&answer.value).ok()?;
        Some((key, value, answer.unit))
    }

    /// A code, or another value as it is stored. Of a free text only that there is one can be known.
    pub fn text(&self, row: &RowAt, concept: &str) -> Option<String> {
        self.value(row, concept).map(|(_, value, _)| value.stored())
    }

    /// An exact number in the item's standard unit.
    pub fn number(&self, row: &RowAt, concept: &str) -> Option<Decimal> {
        let (key, value, unit) = self.value(row, concept)?;
        let number = self.study.items.get(&key.item)?.to_standard(value.as_decimal()?, unit.as_ref())?;
        Some(number.normalize())
    }

    /// A date; of a moment its day.
    pub fn date(&self, row: &RowAt, concept: &str) -> Option<PartialDate> {
        self.value(row, concept).and_then(|(_, value, _)| value.as_date())
    }

    /// A moment, perhaps cut off.
    pub fn moment(&self, row: &RowAt, concept: &str) -> Option<PartialDateTime> {
        match self.value(row, concept)?.1 {
            Value::DateTime(moment) => Some(moment),
            Value::Date(date) => PartialDateTime::new(date, None),
            _ => None,
        }
    }

    /// Whether yes was said.
    pub fn is_yes(&self, row: &RowAt, concept: &str) -> bool {
        self.text(row, concept).is_some_and(|said| matches!(said.as_str(), "Y" | "true"))
    }
}
