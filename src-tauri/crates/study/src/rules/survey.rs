//! Functions that look at a whole casebook, through the concepts that a study binds to its items.
//!
//! An ordinary function sees its arguments only. A survey is made for a study, says which items it reads (wherever they
//! stand), so that it is asked again when one of them changes, and is then asked with the subject's answers. What it looked
//! at becomes the operands of a finding like any other input.

use super::answers::{Answer, Answers};
use crate::value::{PartialDate, Value};
use crate::{CellKey, EventKey, FormKey, MetaDataVersion, Oid, Repeat, Text};
use std::cell::RefCell;
use std::sync::Arc;

/// What a survey answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surveyed {
    /// The value; none while something is missing.
    pub value: Option<Value>,
    /// Why, in words, for a message that names the function in braces: `{recist_agrees}`.
    pub words: Text,
    /// Forms that it had to look at and that do not bear on the value: what changes there leaves a finding as it is.
    pub aside: Vec<FormKey>,
}

/// A function of everything that is known of a subject: the same answers must always give the same value.
pub trait Survey: Send + Sync {
    /// Every item that it may read.
    fn reads(&self) -> Vec<Oid>;

    /// Whether it reads the recorded dates of events.
    fn reads_dates(&self) -> bool;

    /// The words of which its first argument is one, written out; empty where any will do.
    fn words(&self) -> &'static [&'static str] {
        &[]
    }

    /// Asks it in a form. It must look at cells through `answers` alone.
    fn ask(&self, here: &FormKey, args: &[Option<Value>], answers: &dyn Answers) -> Surveyed;
}

/// Makes a survey for a study.
///
/// # Errors
/// Why there is none in this study, in words.
pub type MakeSurvey = fn(&MetaDataVersion) -> Result<Arc<dyn Survey>, String>;

/// Answers that remember which cells were looked at and held something, each once.
pub(super) struct Noting<'a> {
    answers: &'a dyn Answers,
    seen: RefCell<Vec<CellKey>>,
}

impl<'a> Noting<'a> {
    pub fn new(answers: &'a dyn Answers) -> Self {
        Self { answers, seen: RefCell::default() }
    }

    pub fn seen(self) -> Vec<CellKey> {
        let mut seen = self.seen.into_inner();
        seen.sort_unstable();
        seen.dedup();
        seen
    }
}

impl Answers for Noting<'_> {
    fn cell(&self, place: &CellKey) -> Option<Answer<'_>> {
        let answer = self.answers.cell(place)?;
        self.seen.borrow_mut().push(place.clone());
        Some(answer)
    }

    fn forms(&self, form: &Oid) -> Vec<FormKey> {
        self.answers.forms(form)
    }

    fn rows(&self, form: &FormKey, group: &Oid) -> Vec<Repeat> {
        self.answers.rows(form, group)
    }

    fn event_date(&self, event: &EventKey) -> Option<PartialDate> {
        self.answers.event_date(event)
    }
}
