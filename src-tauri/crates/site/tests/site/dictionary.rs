//! The dictionary of the study, searched by whoever chooses a term.

use std::sync::LazyLock;

use study::Document;
use study::dictionary::load::{Loading, Names, merge, tabbed, terms};

use crate::stage::{Stage, TRIAL, code, law};

/// The built-in trial with the terms that it asks for.
static CODED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let document = Document::parse(studies::TRIAL_NAME, TRIAL).expect("a study");
    let terms = terms(&tabbed(studies::CTCAE_TERMS)).expect("terms");
    let names = Names::read(&tabbed(studies::CTCAE_NAMES), &terms).expect("names");
    let loading = Loading { terms: &terms, names: &names, source: "CTCAE v5.0 (sample)", meddra_licence: None };
    merge(&document, &loading).expect("one file").into_bytes()
});
/// The item that is coded.
const TERM: &str = "IT.AE.AELLT";

#[test]
fn only_a_coded_item_has_terms_and_only_those_of_its_dictionary() {
    let mut stage = Stage::studying(&CODED);
    for item in ["IT.AE.AETERM", "IT.DM.SEX", "IT.NONE", ""] {
        assert_eq!(code(stage.session().term_search(item, "nausea")), "no_such", "{item}");
        assert_eq!(code(stage.session().term_view(item, "Nausea")), "no_such", "{item}");
    }
    for term in ["Nausae", "nausea", ""] {
        assert_eq!(code(stage.session().term_view(TERM, term)), "no_such", "{term}");
    }
    let view = stage.session().speaking("zh-CN").term_view(TERM, "Nausea").expect("a term");
    assert_ne!(view.label, stage.session().term_view(TERM, "Nausea").expect("a term").label);
    assert!(!view.soc.is_empty() && !view.definition.is_empty());
    assert_eq!(view.grades.iter().map(|grade| grade.grade.as_str()).collect::<String>(), "123");
    stage.sign_in("reader1");
    assert_eq!(code(stage.session().term_search(TERM, "nausea")), "not_your_role");
}

/// A whole name in either language finds its own term first, even where it is a synonym of another, too.
#[test]
fn a_whole_name_finds_its_own_term_first() {
    let mut stage = Stage::studying(&CODED);
    let study = stage.session().study();
    let list = study.items.get(TERM).and_then(|item| study.codelist_of(item)).expect("a dictionary");
    assert!(list.choices.len() > 500, "{} terms", list.choices.len());
    for lang in ["en", "zh-CN"] {
        for choice in &list.choices {
            let name = choice.label(lang);
            let found = stage.session().speaking(lang).term_search(TERM, name).expect("terms");
            assert_eq!(found.first().map(|term| term.code.as_str()), Some(&*choice.code), "{name}");
        }
    }
}

/// However a term is begun, what is offered are few terms, each once, each of which can be looked at.
#[test]
fn what_is_offered_can_be_chosen() {
    let mut stage = Stage::studying(&CODED);
    let study = stage.session().study();
    let list = study.items.get(TERM).and_then(|item| study.codelist_of(item)).expect("a dictionary");
    let stage = std::cell::RefCell::new(stage);
    law(48, (0..list.choices.len(), 1..12_usize, proptest::bool::ANY), |(at, letters, chinese)| {
        let stage = &mut *stage.borrow_mut();
        let lang = if chinese { "zh-CN" } else { "en" };
        let typed: String = list.choices[at].label(lang).chars().take(letters).collect();
        let offered = stage.session().speaking(lang).term_search(TERM, &typed).expect("terms");
        assert!(offered.len() <= 8);
        for term in &offered {
            assert_eq!(offered.iter().filter(|other| other.code == term.code).count(), 1, "{}", term.code);
            let view = stage.session().speaking(lang).term_view(TERM, &term.code).expect("it can be looked at");
            assert_eq!((&view.label, &view.grades.len()), (&term.label, &term.grades.len()));
        }
    });
}
