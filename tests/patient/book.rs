//! The way through a casebook by keyboard: visits, forms, allocation.

use std::path::Path;
use std::process::Command;

use super::hands::{Hands, Seen};
use super::script::{Script, Visit};
use crate::window::{Trouble, center_program, key};

impl Hands<'_> {
    /// From the first screen to the list of what is to do.
    ///
    /// # Errors
    /// A screen does not come.
    pub fn sign_in(&mut self, user: &str, password: &str) -> Result<(), Trouble> {
        self.see("the first screen", |seen| seen.page == "start")?;
        self.tab_to("the vault", |seen| seen.act == "open-vault")?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the name", |seen| seen.page == "unlock" && seen.name == "user")?;
        self.type_in(&format!("{user}{}{password}{}", key::TAB, key::ENTER))?;
        self.see("the worklist", |seen| seen.page == "worklist").map(drop)
    }

    /// Registers a subject and is at its matrix.
    ///
    /// # Errors
    /// It does not come.
    pub fn register(&mut self) -> Result<(), Trouble> {
        self.chord(key::ALT, '2')?;
        self.see("the subjects", |seen| seen.page == "subjects")?;
        self.chord(key::ALT, 'n')?;
        self.see("the matrix", |seen| seen.page == "subject" && !seen.spot.is_empty()).map(drop)
    }

    /// Moves on by Tab until the focus is where it should be.
    ///
    /// # Errors
    /// It never is.
    pub fn tab_to(&mut self, what: &str, is: impl Fn(&Seen) -> bool) -> Result<Seen, Trouble> {
        for _ in 0..60 {
            let seen = self.look()?;
            if is(&seen) {
                return Ok(seen);
            }
            self.type_in(&key::TAB.to_string())?;
        }
        Err(format!("Tab never came to {what}: {:?}", self.look()?).into())
    }

    /// Enters the visits of a script, one after the other.
    ///
    /// # Errors
    /// Something cannot be reached or entered.
    pub fn enter(&mut self, visits: &[Visit]) -> Result<(), Trouble> {
        for visit in visits {
            self.visit(visit).map_err(|trouble| format!("{} {:?}: {trouble}", visit.event, visit.date))?;
        }
        Ok(())
    }

    /// Declares complete what waited for something else.
    ///
    /// # Errors
    /// A form cannot be complete.
    pub fn finish(&mut self) -> Result<(), Trouble> {
        for form in std::mem::take(&mut self.unfinished) {
            self.reach_form(&form)?;
            self.see("the form", |seen| seen.field || !seen.act.is_empty() || !seen.blocker.is_empty())?;
            if !self.complete(&form)? {
                return Err(format!("{form}: {:?} stands against completion", self.look()?).into());
            }
        }
        Ok(())
    }

    fn visit(&mut self, visit: &Visit) -> Result<(), Trouble> {
        match visit.added {
            true => self.add(&visit.event)?,
            false => self.reach_head(&visit.event)?,
        }
        if visit.missed {
            return self.missed();
        }
        if let Some(date) = &visit.date {
            if !visit.added {
                self.type_in(&key::ENTER.to_string())?;
            }
            self.see("the date of the visit", |seen| seen.dialog == "visit" && seen.name == "visit-date")?;
            self.type_in(&format!("{date}{}", key::ENTER))?;
            self.see("the date to be taken", |seen| seen.dialog.is_empty() && seen.event == visit.event)?;
        }
        for sheet in &visit.sheets {
            self.reach_form(&sheet.form)?;
            self.fill(sheet)?;
        }
        Ok(())
    }

    /// Adds a visit that no plan brings, and is asked for its date.
    fn add(&mut self, event: &str) -> Result<(), Trouble> {
        self.reach_matrix()?;
        self.type_in("u")?;
        self.see("the visits that can be added", |seen| seen.dialog == "choice" && !seen.code.is_empty())?;
        for _ in 0..20 {
            if self.look()?.code == event {
                return self.type_in(&key::ENTER.to_string());
            }
            self.type_in(&key::DOWN.to_string())?;
        }
        Err(format!("{event} cannot be added").into())
    }

    /// The visit did not take place.
    fn missed(&mut self) -> Result<(), Trouble> {
        self.type_in(&key::ENTER.to_string())?;
        self.see("the date of the visit", |seen| seen.dialog == "visit")?;
        self.tab_to("the button for a missed visit", |seen| seen.act == "visit-missed")?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the reason", |seen| seen.dialog == "text" && seen.name == "said")?;
        self.type_in(&format!("The patient could not come (sample).{}", key::ENTER))?;
        self.see("the reason to be taken", |seen| seen.dialog.is_empty()).map(drop)
    }

    /// Puts the cursor on the head of a visit's column. As a person does it: looks where the cursor came to, and goes on from
    /// there, since a column may have come in between.
    fn reach_head(&mut self, event: &str) -> Result<(), Trouble> {
        self.reach_matrix()?;
        for _ in 0..80 {
            if !self.look()?.event.is_empty() {
                break;
            }
            self.type_in(&key::UP.to_string())?;
        }
        for _ in 0..4 {
            let heads = "return [...document.querySelectorAll('[data-page=\"subject\"] [data-event]')].map(head => head.dataset.event)";
            let heads: Vec<String> = serde_json::from_value(self.window.run(heads, vec![])?)?;
            let seen = self.see("the head of a column", |seen| !seen.event.is_empty())?;
            let at = |event: &str| heads.iter().position(|head| head == event);
            let (Some(from), Some(to)) = (at(&seen.event), at(event)) else {
                return Err(format!("no column for {event}: {heads:?}").into());
            };
            let arrow = if to > from { key::RIGHT } else { key::LEFT };
            self.type_in(&arrow.to_string().repeat(to.abs_diff(from)))?;
            if self.look()?.event == event {
                return Ok(());
            }
        }
        self.see("the head of the column", |seen| seen.event == event).map(drop)
    }

    fn reach_matrix(&mut self) -> Result<(), Trouble> {
        if self.look()?.page == "form" {
            self.chord(key::ALT, key::UP)?;
        }
        self.see("the matrix", |seen| seen.page == "subject" && !seen.spot.is_empty()).map(drop)
    }

    /// Opens a form: by Enter where the last one offers it, else from the matrix.
    fn reach_form(&mut self, form: &str) -> Result<(), Trouble> {
        let seen = self.look()?;
        if seen.page == "form" && seen.act == "next-form" {
            let last = seen.form;
            self.type_in(&key::ENTER.to_string())?;
            let next =
                self.see("the next form", |seen| seen.page == "form" && !seen.form.is_empty() && seen.form != last)?;
            if next.form == form {
                return Ok(());
            }
        }
        let event = form.split('/').next().unwrap_or_default();
        self.reach_matrix()?;
        let forms = "return [...document.querySelectorAll('[data-page=\"subject\"] tbody [data-form]')].map(cell => cell.dataset.form).filter(form => form.startsWith(arguments[0]))";
        let forms: Vec<String> = serde_json::from_value(self.window.run(forms, vec![format!("{event}/").into()])?)?;
        let to = forms.iter().position(|one| one == form).ok_or_else(|| format!("no {form} among {forms:?}"))?;
        let seen = self.look()?;
        match forms.iter().position(|one| *one == seen.spot) {
            Some(from) => {
                let arrow = if to > from { key::DOWN } else { key::UP };
                self.type_in(&arrow.to_string().repeat(to.abs_diff(from)))?;
            }
            None => {
                self.reach_head(event)?;
                self.type_in(&key::DOWN.to_string().repeat(to + 1))?;
            }
        }
        self.see("the form in the matrix", |seen| seen.spot == form)?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the form", |seen| seen.page == "form" && seen.form == form).map(drop)
    }

    /// Asks for the arm, reads the code to the center, types its answer.
    ///
    /// # Errors
    /// The center does not release, or the screen does not follow.
    pub fn randomise(&mut self, center: &Path) -> Result<(), Trouble> {
        self.reach_matrix()?;
        self.type_in("r")?;
        self.see("the Randomise screen", |seen| seen.page == "randomise" && seen.act == "request")?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the last question", |seen| seen.dialog == "request")?;
        self.tab_to("the button that asks", |seen| seen.act == "request-sure")?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the field for the answer", |seen| seen.dialog.is_empty() && seen.name == "release")?;
        let code = "return document.querySelector('[data-part=\"request\"]').dataset.code";
        let code = self.window.run(code, vec![])?;
        let answer = release(center, code.as_str().unwrap_or_default())?;
        self.type_in(&format!("{answer}{}", key::ENTER))?;
        self.see("the arm", |seen| seen.act == "allocation-form")?;
        self.type_in(&key::ENTER.to_string())?;
        self.see("the form of the allocation", |seen| seen.page == "form" && (seen.field || !seen.act.is_empty()))?;
        let seen = self.look()?;
        if !self.complete(&seen.form)? {
            self.unfinished.push(seen.form);
        }
        Ok(())
    }
}

/// The center's answer to a request code that was read to it.
///
/// # Errors
/// It does not release.
pub fn release(center: &Path, code: &str) -> Result<String, Trouble> {
    let output = Command::new(center_program()).arg("release").arg("--dir").arg(center).arg(code).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let answer = said.lines().find_map(|line| line.strip_prefix("release code: "));
    answer
        .map(str::to_owned)
        .ok_or_else(|| format!("not released: {said}{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// The visit at which the arm is allocated.
pub const ALLOCATION: &str = "SE.RAND[1]";

impl Script {
    /// What is entered before the arm is asked for: of the visit of allocation its plan, which is not complete yet.
    pub fn before_allocation(&self) -> Vec<Visit> {
        let at = self.visits.iter().position(|visit| visit.event == ALLOCATION).map_or(self.visits.len(), |at| at + 1);
        let mut visits = self.visits[..at].to_vec();
        for sheet in visits.last_mut().into_iter().flat_map(|visit| &mut visit.sheets) {
            sheet.complete = false;
        }
        visits
    }

    /// What is entered once the arm is known.
    pub fn after_allocation(&self) -> &[Visit] {
        let at = self.visits.iter().position(|visit| visit.event == ALLOCATION).map_or(self.visits.len(), |at| at + 1);
        &self.visits[at..]
    }
}
