//! Hands on a keyboard: nothing here clicks, and nothing is put into a field but by keys.
//!
//! The eyes are scripts that only read: where the focus is, and what stands there.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::script::{Answer, Cell, Row, Sheet};
use crate::window::{Trouble, Window, key};

/// How long a form may take to answer a key, on a slow machine with everything else at work.
const PATIENCE: Duration = Duration::from_secs(60);
/// Moves of the focus within one form before hands give up.
const MOST_MOVES: usize = 600;
/// Findings confirmed in one form before hands give up.
const MOST_FINDINGS: usize = 40;

/// What has the focus.
const EYES: &str = r#"
    const at = document.activeElement, cell = at?.closest('[data-cell]'), row = at?.closest('tr[data-row]');
    const page = document.querySelector('[data-page]')?.dataset.page ?? '';
    const [place, group, repeat] = (cell?.dataset.cell ?? '').match(/^.*\/([^/[]+)\[([^\]]*)\]\/[^/]+$/) ?? [];
    const rows = of => [...document.querySelectorAll(`tr[data-rowgroup="${CSS.escape(of)}"]`)].map(tr => tr.dataset.row);
    const add = at?.dataset?.act === 'row-add' ? at.dataset.for : '';
    return {
        page, dialog: document.querySelector('dialog[open]')?.dataset.dialog ?? '',
        form: document.querySelector('[data-page="form"] nav [aria-current="page"]')?.dataset.form ?? '',
        cell: cell?.dataset.cell ?? '', saved: cell?.dataset.saved === 'true', control: cell?.dataset.control ?? '',
        field: cell !== null && at.closest('[data-field], [role=radio]') !== null,
        row: place ? Math.max(0, rows(group).indexOf(repeat)) : row ? rows(row.dataset.rowgroup).indexOf(row.dataset.row) : 0,
        group: place ? group : row ? row.dataset.rowgroup : add,
        rows: add ? rows(add).length : 0,
        act: at?.dataset?.act ?? '', open: at?.getAttribute('aria-expanded') === 'true',
        blocker: at?.dataset?.blocker ?? '', kind: at?.dataset?.kind ?? '',
        status: document.querySelector('[data-page="form"] [data-status]')?.dataset.status ?? '',
        spot: at?.dataset?.event ?? at?.dataset?.form ?? '', event: at?.dataset?.event ?? '',
        name: at?.name ?? '', code: at?.dataset?.code ?? '', search: at?.type === 'search',
    };
"#;

/// What the eyes see.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
pub struct Seen {
    /// The page.
    pub page: String,
    /// The open dialog, or empty.
    pub dialog: String,
    /// The form that is open.
    pub form: String,
    /// The cell that has the focus, or empty.
    pub cell: String,
    /// Whether it says that it is saved.
    pub saved: bool,
    /// Its control.
    pub control: String,
    /// Whether the focus is in its control, not at a button beside it.
    pub field: bool,
    /// The how many-th row it is in, from 0.
    pub row: usize,
    /// The group of the cell, the row's button or the button that adds a row.
    pub group: String,
    /// Rows of the group to which the focused button adds one.
    pub rows: usize,
    /// The act of the focused button.
    pub act: String,
    /// Whether what the focused button opens is open.
    pub open: bool,
    /// The cell that the focused line speaks of.
    pub blocker: String,
    /// What kind of line it is.
    pub kind: String,
    /// The form's status, where it is done.
    pub status: String,
    /// The visit or form at the focused place of the matrix.
    pub spot: String,
    /// The visit, where it is one.
    pub event: String,
    /// The name of the focused field.
    pub name: String,
    /// The code of the focused choice.
    pub code: String,
    /// Whether it is a field for searching.
    pub search: bool,
}

/// Hands, and what they have done.
pub struct Hands<'w> {
    /// The window.
    pub window: &'w Window,
    /// Fields filled.
    pub filled: usize,
    /// Keys pressed.
    pub keys: usize,
    /// Forms that something later must settle before they can be complete.
    pub unfinished: Vec<String>,
}

impl<'w> Hands<'w> {
    /// Hands at a window.
    pub fn at(window: &'w Window) -> Self {
        Self { window, filled: 0, keys: 0, unfinished: Vec::new() }
    }

    /// Looks.
    ///
    /// # Errors
    /// The window is gone.
    pub fn look(&self) -> Result<Seen, Trouble> {
        Ok(serde_json::from_value(self.window.run(EYES, vec![])?)?)
    }

    /// Looks until what is seen is as it should be.
    ///
    /// # Errors
    /// It never is.
    pub fn see(&self, what: &str, is: impl Fn(&Seen) -> bool) -> Result<Seen, Trouble> {
        let start = Instant::now();
        loop {
            let seen = self.look()?;
            if is(&seen) {
                return Ok(seen);
            }
            if start.elapsed() > PATIENCE {
                let pictures = crate::target().join("pictures");
                crate::pages::picture(self.window, &pictures, "hands-stuck")?;
                let fields = "return [...document.querySelectorAll('[data-cell]')].filter(c => c.dataset.saved !== 'true').map(c => [c.dataset.cell, c.querySelector('input, textarea')?.value])";
                let unsaved = self.window.run(fields, vec![])?;
                return Err(format!(
                    "waited for {what}; seen: {seen:?}; unsaved: {unsaved}; picture: {}",
                    pictures.display()
                )
                .into());
            }
            std::thread::sleep(Duration::from_millis(3));
        }
    }

    /// Types text and keys.
    ///
    /// # Errors
    /// The window is gone.
    pub fn type_in(&mut self, text: &str) -> Result<(), Trouble> {
        self.keys += text.chars().count();
        self.window.keys(text)
    }

    /// Presses a key while another is held.
    ///
    /// # Errors
    /// The window is gone.
    pub fn chord(&mut self, held: char, pressed: char) -> Result<(), Trouble> {
        self.keys += 2;
        self.window.chord(held, pressed)
    }

    fn press(&mut self, pressed: char) -> Result<(), Trouble> {
        self.type_in(&pressed.to_string())
    }

    /// Fills the form that is open, and declares it complete where the script does.
    ///
    /// # Errors
    /// A field cannot be reached, or does not take what is typed.
    pub fn fill(&mut self, sheet: &Sheet) -> Result<(), Trouble> {
        let mut left = Left::of(sheet);
        let mut seen = self.see("the form", |seen| {
            seen.page == "form"
                && seen.form == sheet.form
                && (seen.field || !seen.act.is_empty() || !seen.blocker.is_empty())
        })?;
        for _ in 0..MOST_MOVES {
            if left.is_empty() {
                if sheet.complete && !self.complete(&sheet.form)? {
                    self.unfinished.push(sheet.form.clone());
                }
                return Ok(());
            }
            seen = self.step(seen, &mut left)?;
        }
        Err(format!("{}: never came to {:?}; at {seen:?}", sheet.form, left.names()).into())
    }

    /// Does what is to be done where the focus is, and lets it move on.
    fn step(&mut self, seen: Seen, left: &mut Left<'_>) -> Result<Seen, Trouble> {
        if seen.field {
            if let Some(cell) = left.take(&seen) {
                self.answer(cell)?;
                self.filled += 1;
                if left.beside(&seen, cell) {
                    return self.fold_out(&seen);
                }
            }
            self.press(key::ENTER)?;
        } else if seen.act == "row-add" {
            let enough = seen.rows >= left.rows(&seen.group);
            self.press(if enough { key::TAB } else { key::ENTER })?;
        } else if seen.act == "row-open" {
            let enter = !seen.open && left.wants(&seen.group, seen.row);
            self.press(if enter { key::ENTER } else { key::TAB })?;
        } else if seen.act == "complete-end" || !seen.blocker.is_empty() {
            // The end: what is left stands above, where an answer brought a question.
            let item = left.names().into_iter().next().unwrap_or_default();
            return self.find(&item);
        } else {
            self.press(key::TAB)?;
        }
        let place = |seen: &Seen| {
            (seen.cell.clone(), seen.act.clone(), seen.blocker.clone(), seen.group.clone(), seen.row, seen.field)
        };
        let moved = |now: &Seen| now.dialog.is_empty() && place(now) != place(&seen);
        self.see(&format!("the focus to leave {seen:?}"), moved)
    }

    /// Folds out the limits of a laboratory result, and goes to the first of them.
    fn fold_out(&mut self, result: &Seen) -> Result<Seen, Trouble> {
        self.press(key::F6)?;
        let mut seen = self.see("the limits", |seen| seen.field && seen.cell != result.cell)?;
        while !seen.cell.ends_with("LO") {
            let last = seen.cell.clone();
            self.chord(key::SHIFT, key::TAB)?;
            seen = self.see("the limit before", |seen| seen.field && seen.cell != last)?;
            if seen.cell == result.cell {
                return Err(format!("no limits beside {}", result.cell).into());
            }
        }
        Ok(seen)
    }

    /// Types one answer.
    fn answer(&mut self, cell: &Cell) -> Result<(), Trouble> {
        let control = serde_json::to_value(cell.control)?;
        match (&cell.answer, control.as_str().unwrap_or_default()) {
            (Answer::Nothing, _) => Ok(()),
            (Answer::Missing(_), _) => {
                self.press(key::F4)?;
                self.see("the reasons", |seen| seen.dialog == "choice")?;
                self.type_in(&(cell.place.unwrap_or(0) + 1).to_string())?;
                self.see("the reason to be taken", |seen| seen.dialog.is_empty()).map(drop)
            }
            (Answer::Value(_), "choices") => self.type_in(&(cell.place.unwrap_or(0) + 1).to_string()),
            (Answer::Value(code), "list") if code.len() < cell.label.len() => self.type_in(code),
            (Answer::Value(_), "list" | "term") => self.type_in(&cell.label),
            (Answer::Value(typed), _) => self.type_in(typed),
        }
    }

    /// Goes to an item by Ctrl+F.
    fn find(&mut self, item: &str) -> Result<Seen, Trouble> {
        self.chord(key::CONTROL, 'f')?;
        self.see("the search for an item", |seen| seen.dialog == "find")?;
        let name = item.rsplit('.').next().unwrap_or(item);
        self.type_in(&format!("{name}{}", key::ENTER))?;
        self.see(&format!("the field {item}"), |seen| seen.dialog.is_empty() && seen.cell.ends_with(item))
    }

    /// Declares the form complete, confirming what a check asks about; false where something else stands against it.
    pub(super) fn complete(&mut self, form: &str) -> Result<bool, Trouble> {
        for _ in 0..MOST_FINDINGS {
            self.chord(key::CONTROL, key::ENTER)?;
            let told = |seen: &Seen| seen.status == "complete" && !seen.act.is_empty() || !seen.blocker.is_empty();
            let seen = self.see(&format!("{form} to be complete"), told)?;
            if seen.status == "complete" {
                return Ok(true);
            }
            if seen.kind != "soft" {
                return Ok(false);
            }
            self.press(key::ENTER)?;
            self.see("the cell", |now| now.field && now.cell == seen.blocker)?;
            self.press(key::F8)?;
            self.see("the comment", |now| now.dialog == "text" && now.name == "said")?;
            self.type_in(&format!("Checked (sample).{}", key::ENTER))?;
            self.see("the comment to be taken", |now| now.dialog.is_empty() && now.cell == seen.blocker)?;
        }
        Err(format!("{form}: too many findings").into())
    }
}

/// What of a form is still to be typed.
struct Left<'s> {
    rows: Vec<(usize, &'s Row, Vec<&'s Cell>)>,
}

impl<'s> Left<'s> {
    fn of(sheet: &'s Sheet) -> Self {
        let mut seen: Vec<&str> = Vec::new();
        let rows = sheet.rows.iter().map(|row| {
            let nth = seen.iter().filter(|group| **group == row.group).count();
            seen.push(&row.group);
            (nth, row, row.cells.iter().filter(|cell| cell.is_entered()).collect())
        });
        Self { rows: rows.collect() }
    }

    fn is_empty(&self) -> bool {
        self.rows.iter().all(|(_, _, cells)| cells.is_empty())
    }

    fn take(&mut self, seen: &Seen) -> Option<&'s Cell> {
        let item = seen.cell.rsplit('/').next()?;
        let (_, _, cells) = self.rows.iter_mut().find(|(nth, row, _)| row.group == seen.group && *nth == seen.row)?;
        let at = cells.iter().position(|cell| cell.item == item)?;
        Some(cells.remove(at))
    }

    /// Whether something beside a laboratory result is still to be typed.
    fn beside(&self, seen: &Seen, result: &Cell) -> bool {
        let Some((code, true)) = &result.analyte else { return false };
        let row = self.rows.iter().find(|(nth, row, _)| row.group == seen.group && *nth == seen.row);
        let limits = row.into_iter().flat_map(|(_, _, cells)| cells);
        limits.filter_map(|cell| cell.analyte.as_ref()).any(|(other, is_result)| other == code && !is_result)
    }

    fn wants(&self, group: &str, nth: usize) -> bool {
        self.rows.iter().any(|(at, row, cells)| row.group == group && *at == nth && !cells.is_empty())
    }

    fn rows(&self, group: &str) -> usize {
        self.rows.iter().filter(|(_, row, _)| row.group == group).count()
    }

    fn names(&self) -> Vec<String> {
        self.rows.iter().flat_map(|(_, _, cells)| cells).map(|cell| cell.item.clone()).collect()
    }
}
