//! The words of screens: every one in both languages, and every number in its place.

use proptest::prelude::*;
use screens::form;
use screens::labels;
use screens::messages::{Control, FormShape};
use screens::versions;
use study::{EventKey, Study};

use crate::chart::{AT_HOME, TRIAL};

/// Whether a text holds a word that a translation would not keep: four small letters in a row, without digits about them.
fn has_words(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let small = word.chars().filter(char::is_ascii_lowercase).count();
        small >= 4 && word.chars().all(|c| c.is_ascii_alphabetic())
    })
}

/// The texts of a form, each with what it is.
fn texts(shape: &FormShape) -> Vec<(String, &str)> {
    let mut texts = vec![("title".to_owned(), &*shape.title), ("event".to_owned(), &*shape.event_title)];
    for group in &shape.groups {
        // A group that is called like its form has no title of its own, in each language by itself.
        texts.push((group.oid.clone(), if group.title.is_empty() { "–" } else { &*group.title }));
        for item in &group.items {
            texts.push((item.oid.clone(), &*item.question));
            texts.push((format!("{} guideline", item.oid), &*item.guideline));
            texts.extend(item.choices.iter().map(|choice| (format!("{}={}", item.oid, choice.code), &*choice.label)));
        }
    }
    texts
}

fn shape(study: &Study, event: &str, form: &str, language: &str) -> FormShape {
    let key = EventKey::new(event, "1").form(form, "1");
    form::shape(study, &key, language).expect("a form of the study")
}

#[test]
fn every_text_of_every_form_is_in_both_languages() {
    let mut compared = 0;
    for event in TRIAL.events.iter() {
        for at in &event.forms {
            let [english, chinese] = ["en", "zh-CN"].map(|language| shape(&TRIAL, &event.oid, &at.form, language));
            let (english, chinese) = (texts(&english), texts(&chinese));
            assert_eq!(english.len(), chinese.len(), "{}", at.form);
            for ((place, here), (other, there)) in english.into_iter().zip(chinese) {
                assert_eq!(place, other);
                assert_eq!(here.is_empty(), there.is_empty(), "{place} of {} says {here:?} and {there:?}", at.form);
                assert!(
                    here == "–" || there == "–" || !has_words(here) || here != there,
                    "{place} of {}: {here:?} is not translated",
                    at.form
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 2_000, "only {compared} texts");
}

#[test]
fn a_language_that_a_study_lacks_falls_back_to_its_first() {
    let [french, german, english] = ["fr", "de", "en"].map(|language| shape(&AT_HOME, "SE.FIRST", "F.BP", language));
    assert_eq!((french.title.as_str(), german.title.as_str()), ("Tension artérielle", english.title.as_str()));
    let chinese = shape(&AT_HOME, "SE.FIRST", "F.BP", "zh-CN");
    assert_eq!(shape(&AT_HOME, "SE.FIRST", "F.BP", "zh").title, chinese.title, "Chinese of any kind is Chinese");
}

#[test]
fn a_question_has_the_control_that_its_answer_needs() {
    for (study, language) in [(&*TRIAL, "en"), (&*AT_HOME, "fr")] {
        for form in study.forms.iter() {
            let blank = versions::blank_form(study, &form.oid, language).expect("a form of the study");
            for item in blank.groups.iter().flat_map(|group| &group.items) {
                let def = study.items.get(item.oid.as_str()).expect("an item");
                let picks = matches!(item.control, Control::Choices | Control::List);
                let computed = item.control == Control::Derived;
                assert!(!picks || !item.choices.is_empty(), "{} offers nothing", item.oid);
                assert_eq!(
                    item.control == Control::Number,
                    def.kind.is_numeric() && !computed && item.choices.is_empty()
                );
                assert_eq!(item.control == Control::Date, def.kind.is_date() && !computed, "{}", item.oid);
                assert!(!computed || item.formula.is_some() || casebook::is_allocated(study, &def.oid), "{}", item.oid);
                assert_eq!(
                    item.units.first().map(String::as_str).unwrap_or_default(),
                    item.unit,
                    "the standard one first"
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// No braces are ever seen, and two visits are never called alike.
    #[test]
    fn every_visit_has_a_name_of_its_own(n in 1..40_u32) {
        for study in [&*TRIAL, &*AT_HOME] {
            for event in study.events.iter() {
                for language in ["en", "zh-CN", "fr"] {
                    let title = |n: u32| labels::event_title(study, &EventKey::new(event.oid.clone(), n.to_string()), language);
                    prop_assert!(!title(n).contains(['{', '}']) && !title(n).is_empty(), "{}", title(n));
                    prop_assert_eq!(title(n) != title(n + 1), event.repeating, "{}", title(n));
                }
                let label = |n: u32| labels::event_label(study, &EventKey::new(event.oid.clone(), n.to_string()));
                prop_assert_eq!(label(n) != label(n + 1), event.repeating, "{}", label(n));
            }
        }
        prop_assert_eq!(labels::event_title(&AT_HOME, &EventKey::new("SE.GONE", n.to_string()), "en"), "SE.GONE");
    }

    /// A converted value keeps its size: three digits, and at most half of the last one off.
    #[test]
    fn a_shortened_number_is_nearly_the_number(digits in 1..1_000_000_i64, scale in 0..8_u32) {
        let number = rust_decimal::Decimal::new(digits, scale);
        let short = labels::shortened(number);
        let plain = short.to_string().replace('.', "");
        prop_assert!(plain.trim_start_matches('0').trim_end_matches('0').len() <= 3, "{}", short);
        prop_assert!(((short - number) / number).abs() <= rust_decimal::Decimal::new(5, 3), "{} of {}", short, number);
    }
}

#[test]
fn limits_are_said_with_the_sign_and_unit_that_they_have() {
    let item = |oid: &str| TRIAL.items.get(oid).expect("an item");
    let range = |oid: &str| labels::range(&TRIAL, item(oid), "en");
    assert_eq!(range("IT.LBH.HGB"), "60–180 g/L");
    assert_eq!(range("IT.DM.SEX"), "", "a code has no range");
    for item in TRIAL.items.iter() {
        let said = labels::range(&TRIAL, item, "en");
        let numbers: Vec<&String> =
            item.checks.iter().filter(|check| check.comparator.is_some()).flat_map(|check| &check.values).collect();
        let first = said.trim_start_matches(['≥', '≤', ' ']).split(['–', ' ']).next().unwrap_or_default();
        assert!(
            said.is_empty() || numbers.iter().any(|number| *number == first),
            "{}: {said} of {numbers:?}",
            item.oid
        );
    }
}

#[test]
fn a_value_that_no_list_or_type_knows_any_more_stays_readable() {
    let value = |oid: &str, stored: &str| labels::value(&TRIAL, TRIAL.items.get(oid).expect("an item"), stored, "en");
    assert_eq!((value("IT.DM.SEX", "F"), value("IT.DM.SEX", "U")), ("Female".to_owned(), "U".to_owned()));
    assert_eq!((value("IT.VS.SYSBP", "120"), value("IT.VS.SYSBP", "high")), ("120".to_owned(), "high".to_owned()));
    assert_eq!(labels::form_title(&TRIAL, "F.GONE", "en"), "F.GONE");
}
