//! Entry in the grid: one answer about one lesion, as the acts that the form would use.

use screens::messages::{NewLesion, TumoursView};
use screens::permissions::Command;
use screens::tumours::{Columns, Sheet, is_of};
use study::{FormKey, Oid, Repeat, Study};

use crate::noun::{Field, Noun};
use crate::session::Session;
use crate::{SiteError, place};

/// The state of a target lesion whose size is entered.
const MEASURED: &str = "MEASURED";

impl Session<'_> {
    /// Says of a lesion what an assessment shows: a size, or the code of a state. The row comes with the first answer.
    ///
    /// # Errors
    /// As [`Session::save_item`]; `Invalid` where the lesion broke up, which the form alone can enter.
    pub fn tumour_read(
        &mut self,
        subject: &str,
        form: &FormKey,
        lesion: &str,
        typed: &str,
        reason: Option<&str>,
    ) -> Result<TumoursView, SiteError> {
        self.may(Command::TumourRead)?;
        let study = self.study_of(subject)?;
        place::form(&study, form)?;
        if study.meanings.one("tumour.baseline.date").is_some_and(|item| asks(&study, form, item)) {
            self.measure_at_baseline(subject, form, lesion, typed, reason)?;
        } else {
            self.read_lesion(subject, form, lesion, typed.trim(), reason)?;
        }
        self.tumours_of(subject)
    }

    /// Adds a new lesion to an assessment, under the next identifier.
    ///
    /// # Errors
    /// As [`Session::save_item`]; `NoSuch` where the study does not ask for new lesions.
    pub fn tumour_new(&mut self, subject: &str, form: &FormKey, lesion: &NewLesion) -> Result<TumoursView, SiteError> {
        self.may(Command::TumourNew)?;
        let study = self.study_of(subject)?;
        place::form(&study, form)?;
        let columns = Columns::new_lesions(&study, &form.form).ok_or(SiteError::NoSuch(Noun::NewLesions))?;
        let known = self.tumours_of(subject)?;
        let id = next_id(&study, &columns, |id| known.rows.iter().any(|row| row.id == id));
        let id = id.ok_or(SiteError::Invalid(Field::Identifier))?;
        let row = self.new_row(subject, form, &columns)?;
        let mut said = vec![(Some(&columns.id), id.as_str())];
        said.push((study.meanings.one("tumour.new.organ"), &lesion.organ));
        said.push((study.meanings.one("tumour.new.place"), &lesion.place));
        said.push((columns.state.as_ref(), &lesion.certainty));
        for (item, typed) in said {
            if let Some(item) = item.filter(|_| !typed.trim().is_empty()) {
                self.save_item(subject, &form.cell(&columns.group, &row, item), typed, None)?;
            }
        }
        self.tumours_of(subject)
    }

    /// The size of a lesion at baseline. Which lesions there are is chosen in the form.
    fn measure_at_baseline(
        &mut self,
        subject: &str,
        form: &FormKey,
        lesion: &str,
        typed: &str,
        reason: Option<&str>,
    ) -> Result<(), SiteError> {
        let study = self.study_of(subject)?;
        let sheet = Sheet::new(self.state_of(subject, form)?, form.clone(), None);
        let kinds = [("tumour.target.id", "tumour.target.size"), ("tumour.other.id", "tumour.other.size")];
        for (id, size) in kinds {
            let Some(columns) = Columns::of(&study, &form.form, id, "tumour.target.organ", size) else { continue };
            if let (Some(row), Some(size)) =
                (sheet.rows(&columns, |label| label == lesion).first(), columns.sizes.first())
            {
                if !sheet.at(&columns.group, row, size).is_some_and(|cell| cell.visible) {
                    return Err(SiteError::NoSuch(Noun::Size));
                }
                return self.save_item(subject, &form.cell(&columns.group, row, size), typed, reason).map(drop);
            }
        }
        Err(SiteError::NoSuch(Noun::Lesion))
    }

    fn read_lesion(
        &mut self,
        subject: &str,
        form: &FormKey,
        lesion: &str,
        typed: &str,
        reason: Option<&str>,
    ) -> Result<(), SiteError> {
        let study = self.study_of(subject)?;
        let (columns, sheet) = self.row_of(subject, form, lesion)?;
        let rows = sheet.rows(&columns, |label| is_of(label, lesion));
        let row = match rows.as_slice() {
            [] if typed.is_empty() => return Ok(()),
            [] => {
                let row = self.new_row(subject, form, &columns)?;
                self.save_item(subject, &form.cell(&columns.group, &row, &columns.id), lesion, reason)?;
                row
            }
            [row] => row.clone(),
            _ => return Err(SiteError::Invalid(Field::SplitLesion)),
        };
        for (item, typed) in answers(&study, &columns, typed) {
            self.save_item(subject, &form.cell(&columns.group, &row, item), typed, reason)?;
        }
        Ok(())
    }

    /// Where an assessment asks for a lesion, and the form as it stands.
    fn row_of(&mut self, subject: &str, form: &FormKey, lesion: &str) -> Result<(Columns, Sheet), SiteError> {
        let study = self.study_of(subject)?;
        let view = self.tumours_of(subject)?;
        let row = view.rows.iter().find(|row| row.id == lesion).ok_or(SiteError::NoSuch(Noun::Lesion))?;
        let columns = match row.role {
            screens::messages::LesionRole::Target => Columns::readings(&study, &form.form),
            screens::messages::LesionRole::NonTarget => Columns::others(&study, &form.form),
            screens::messages::LesionRole::New => Columns::new_lesions(&study, &form.form),
        };
        let sheet = Sheet::new(self.state_of(subject, form)?, form.clone(), None);
        Ok((columns.ok_or(SiteError::NoSuch(Noun::Lesion))?, sheet))
    }

    fn new_row(&mut self, subject: &str, form: &FormKey, columns: &Columns) -> Result<Repeat, SiteError> {
        let before = self.known(subject)?.live_rows(form, &columns.group);
        self.row_add(subject, form, &columns.group)?;
        let after = self.known(subject)?.live_rows(form, &columns.group);
        after.into_iter().find(|row| !before.contains(row)).ok_or(SiteError::NoSuch(Noun::Row))
    }
}

/// Whether a form asks for an item.
fn asks(study: &Study, form: &FormKey, item: &Oid) -> bool {
    let groups = study.forms.get(&form.form).into_iter().flat_map(|form| &form.groups);
    groups.filter_map(|at| study.groups.get(&at.group)).any(|group| group.items.iter().any(|at| at.item == *item))
}

/// What is typed where: a state's code stands alone and empties the size, anything else is a size.
fn answers<'a>(study: &Study, columns: &'a Columns, typed: &'a str) -> Vec<(&'a Oid, &'a str)> {
    let state = columns.state.as_ref();
    let codes = state.and_then(|item| study.items.get(item)).and_then(|item| study.codelist_of(item));
    let is_state = codes.is_some_and(|codes| codes.choice(typed).is_some()) || typed.is_empty();
    match (state, columns.sizes.first()) {
        (Some(state), None) => vec![(state, typed)],
        (Some(state), Some(size)) if is_state => vec![(size, ""), (state, typed)],
        (Some(state), Some(size)) => vec![(state, MEASURED), (size, typed)],
        (None, Some(size)) => vec![(size, typed)],
        (None, None) => Vec::new(),
    }
}

/// The first identifier that is free: of the code list, or `N01`, `N02`, ….
fn next_id(study: &Study, columns: &Columns, taken: impl Fn(&str) -> bool) -> Option<String> {
    let item = study.items.get(&columns.id)?;
    match study.codelist_of(item) {
        Some(list) => list.choices.iter().map(|choice| choice.code.to_string()).find(|code| !taken(code)),
        None => (1..100).map(|n| format!("N{n:02}")).find(|id| !taken(id)),
    }
}
