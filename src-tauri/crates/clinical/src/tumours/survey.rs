//! The engine in a study's rules.
//!
//! | call | gives |
//! |---|---|
//! | `recist_response(part)` | the response that the engine computes for this assessment |
//! | `recist_agrees(part, entered)` | whether the entered response is the computed one, now or as it was seen then; the words are the engine's reason |
//! | `recist_progression_date()` | date of the first progression |
//!
//! `part` is `TARGET`, `NON-TARGET` or `OVERALL`. Nothing is said while a lesion of the baseline has not been read at this
//! assessment, unless the rest is progression already.

use super::course::{AssessmentPlace, Course};
use super::layout::Layout;
use super::read::project;
use super::settings::{self, Chosen};
use oncology::recist::{Response, TimePoint, Why};
use std::sync::{Arc, Mutex, PoisonError};
use study::rules::{Answers, Functions, Kind, Survey, Surveyed};
use study::value::{PartialDate, Value};
use study::{FormKey, MetaDataVersion, Oid, Text};

/// Registers the functions.
pub(crate) fn add(functions: &mut Functions) {
    functions
        .add_survey("recist_response", &[Kind::Text], Kind::Text, |study| made(study, Question::Response))
        .add_survey("recist_agrees", &[Kind::Text, Kind::Text], Kind::Bool, |study| made(study, Question::Agrees))
        .add_survey("recist_progression_date", &[], Kind::Date, |study| made(study, Question::Progression));
}

fn made(study: &MetaDataVersion, question: Question) -> Result<Arc<dyn Survey>, String> {
    let layout =
        Layout::of(study).ok_or("the study has no items that mean tumour.baseline.date and tumour.assessment.date")?;
    Ok(Arc::new(Engine { question, layout, chosen: settings::read(study)?, last: Mutex::default() }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Response,
    Agrees,
    Progression,
}

struct Engine {
    question: Question,
    layout: Layout,
    chosen: Chosen,
    /// The course of the answers that were asked last: several checks of several forms ask about one state of one book.
    last: Mutex<Option<(u64, Option<Arc<Course>>)>>,
}

impl Engine {
    fn course(&self, answers: &dyn Answers) -> Option<Arc<Course>> {
        let make = || project(&self.layout, &self.chosen, answers).map(Arc::new);
        let Some(edition) = answers.edition() else { return make() };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((known, course)) if *known == edition => course.clone(),
            _ => {
                let course = make();
                *last = Some((edition, course.clone()));
                course
            }
        }
    }
}

impl Survey for Engine {
    fn reads(&self) -> Vec<Oid> {
        self.layout.items()
    }

    fn reads_dates(&self) -> bool {
        true
    }

    fn words(&self) -> &'static [&'static str] {
        match self.question {
            Question::Progression => &[],
            Question::Response | Question::Agrees => &["TARGET", "NON-TARGET", "OVERALL"],
        }
    }

    fn ask(&self, here: &FormKey, args: &[Option<Value>], answers: &dyn Answers) -> Surveyed {
        let text = |place: usize| args.get(place)?.as_ref()?.as_text();
        // An answer that is not there yet is not compared, and nothing need be computed.
        if self.question == Question::Agrees && text(1).is_none() {
            return Surveyed::default();
        }
        let Some(course) = self.course(answers) else { return Surveyed::default() };
        if self.question == Question::Progression {
            return progression(&course);
        }
        let part = text(0).and_then(|part| Part::of(part, course.at(here)?));
        let Some(part) = part else { return Surveyed::default() };
        let value: Value = match (self.question, text(1)) {
            (Question::Agrees, Some(entered)) => Value::Bool(part.codes().contains(&entered)),
            _ => part.code(part.computed).into(),
        };
        // A later scan changes nothing of what was seen at this one, unless it dates progression back to it.
        let aside = if part.computed == part.as_seen { after(&course, here) } else { Vec::new() };
        Surveyed { value: Some(value), words: part.words(), aside }
    }
}

fn progression(course: &Course) -> Surveyed {
    let Some(point) = course.outcome.progression() else { return Surveyed::default() };
    let (year, month, day) = point.date.civil();
    let date = u16::try_from(year).ok().zip(u8::try_from(month).ok()).zip(u8::try_from(day).ok());
    let date = date.and_then(|((year, month), day)| PartialDate::new(year, Some(month), Some(day)));
    Surveyed { value: date.map(Value::Date), words: words(&point.why), ..Surveyed::default() }
}

/// The assessments after the one of a form.
fn after(course: &Course, here: &FormKey) -> Vec<FormKey> {
    let date = |place: &AssessmentPlace| {
        let at = course.assessments.iter().position(|known| known.form == place.form)?;
        course.input.visits.get(at).map(|visit| visit.date)
    };
    let Some(today) = course.assessments.iter().find(|place| place.form == *here).and_then(date) else {
        return Vec::new();
    };
    let later = course.assessments.iter().filter(|place| date(place).is_some_and(|day| day > today));
    later.map(|place| place.form.clone()).collect()
}

/// A part of a time point that entry has come far enough to judge.
struct Part<'a> {
    computed: Option<Response>,
    as_seen: Option<Response>,
    why: Option<&'a Why>,
}

impl<'a> Part<'a> {
    fn of(name: &str, (place, point): (&AssessmentPlace, &'a TimePoint)) -> Option<Self> {
        let (computed, as_seen, why, is_read) = match name {
            "TARGET" => (Some(point.target?), point.as_seen.target, point.target_why.as_ref(), place.targets_read),
            "NON-TARGET" => {
                (point.non_target, point.as_seen.non_target, point.non_target_why.as_ref(), place.others_read)
            }
            "OVERALL" => (Some(point.overall), Some(point.as_seen.overall), Some(&point.why), place.is_settled(point)),
            _ => return None,
        };
        (is_read || computed == Some(Response::Pd)).then_some(Self { computed, as_seen, why })
    }

    fn code(&self, response: Option<Response>) -> &'static str {
        response.map_or("NONE", Response::code)
    }

    /// Back-dated progression is recorded by its date: the response that was seen then stays right.
    fn codes(&self) -> [&'static str; 2] {
        [self.code(self.computed), self.code(self.as_seen)]
    }

    fn words(&self) -> Text {
        self.why.map_or_else(none, words)
    }
}

fn words(why: &Why) -> Text {
    let mut text = Text::new("en", &why.words("en"));
    text.push("zh-CN", &why.words("zh-CN"));
    text
}

/// There are no lesions of the kind.
fn none() -> Text {
    let mut text = Text::new("en", "none: there are no such lesions at baseline (RECIST 1.1, 4.2)");
    text.push("zh-CN", "无：基线无此类病灶（RECIST 1.1，4.2）");
    text
}
