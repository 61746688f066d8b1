//! Invented patients held against what others say of them: RECIST's engine, the study's types and limits, and time.

mod charts;
mod draws;
mod lesions;
mod sites;

use std::sync::OnceLock;

use study::{ItemDef, Study};

use crate::builtin::study_file;

/// The trial that comes along, with its dictionary.
fn trial() -> &'static Study {
    static TRIAL: OnceLock<Study> = OnceLock::new();
    TRIAL.get_or_init(|| site::read_study(study_file().expect("the files fit together")).expect("the trial"))
}

/// The second study that comes along.
fn second() -> &'static Study {
    static SECOND: OnceLock<Study> = OnceLock::new();
    SECOND.get_or_init(|| site::read_study(studies::SECOND).expect("the second study"))
}

/// Whether an item takes an answer as a person would type it; a code is one of its list.
fn takes(study: &Study, item: &ItemDef, answer: &str) -> bool {
    let list = study.codelist_of(item).filter(|list| !list.choices.is_empty());
    let is_read = screens::typed::read(study, item, answer).is_ok_and(|entered| entered.is_some());
    is_read && list.is_none_or(|list| list.choice(answer).is_some())
}
