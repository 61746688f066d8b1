//! Everything that a person reads is there in English and in Chinese, and says the same numbers.

use crate::nurse::{STUDY, XML};
use std::collections::BTreeSet;
use study::{Document, Element, Text};

/// Calls `look` on every element.
fn walk<'a>(element: Element<'a>, look: &mut impl FnMut(Element<'a>)) {
    look(element);
    element.children().for_each(|child| walk(child, look));
}

fn document() -> Document {
    Document::parse("hcc-oligoprogression.xml", XML).expect("well-formed")
}

/// The texts of an element by language.
fn texts(element: Element<'_>) -> Vec<(String, String)> {
    let translated = element.children().filter(|child| child.name() == "TranslatedText");
    translated.map(|text| (text.language().unwrap_or("").to_owned(), text.text())).collect()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Names, stages and symbols that Chinese takes over as they are.
fn same_in_both(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii() || "°²³µ×⁹℃（）".contains(c)) && text.chars().count() <= 12
}

#[test]
fn every_text_is_in_both_languages() {
    let document = document();
    let mut seen = 0;
    walk(document.root(), &mut |element| {
        let texts = texts(element);
        if texts.is_empty() {
            return;
        }
        seen += 1;
        let languages: Vec<&str> = texts.iter().map(|(language, _)| language.as_str()).collect();
        assert_eq!(languages, ["en", "zh-CN"], "line {}", element.line());
        let (en, zh) = (&texts[0].1, &texts[1].1);
        assert!(!en.trim().is_empty() && !is_chinese(en), "line {}: {en}", element.line());
        assert!(is_chinese(zh) || same_in_both(zh), "line {}: {zh}", element.line());
        assert!(en == en.trim() && zh == zh.trim(), "line {}: blanks", element.line());
    });
    assert!(seen > 900, "{seen} texts");
}

#[test]
fn whatever_a_person_reads_has_a_text() {
    let has = |text: &Text| text.exact("en").is_some() && text.exact("zh-CN").is_some();
    for event in &STUDY.events {
        assert!(has(&event.title), "{}", event.oid);
    }
    for form in &STUDY.forms {
        assert!(has(&form.title), "{}", form.oid);
    }
    for group in &STUDY.groups {
        assert!(has(&group.title), "{}", group.oid);
    }
    for item in &STUDY.items {
        assert!(has(&item.question), "{}", item.oid);
        item.checks.iter().for_each(|check| assert!(has(&check.message), "{}", check.id));
    }
    // A dictionary's translation is the sponsor's to load.
    for list in STUDY.codelists.iter().filter(|list| list.dictionary.is_none()) {
        list.choices.iter().for_each(|choice| assert!(has(&choice.label), "{} {}", list.oid, choice.code));
    }
}

/// The names in braces.
fn placeholders(text: &str) -> BTreeSet<String> {
    let names = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn messages_name_the_same_operands_in_both_languages() {
    let items = STUDY.items.iter().map(|item| item.short_name.as_str().to_owned());
    // Functions that look at the whole casebook say why.
    let surveys =
        clinical::functions().names().filter(|name| name.starts_with("recist_")).map(str::to_owned).collect::<Vec<_>>();
    let known: BTreeSet<String> = items.chain(surveys).collect();
    for check in STUDY.items.iter().flat_map(|item| &item.checks) {
        let (en, zh) = (placeholders(check.message.get("en")), placeholders(check.message.get("zh-CN")));
        assert_eq!(en, zh, "{}", check.id);
        en.iter().for_each(|name| assert!(known.contains(name), "{}: {name}", check.id));
    }
}

#[test]
fn no_two_choices_of_a_list_are_called_alike() {
    for list in &STUDY.codelists {
        for language in ["en", "zh-CN"] {
            let labels: BTreeSet<&str> = list.choices.iter().map(|choice| choice.label.get(language)).collect();
            assert_eq!(labels.len(), list.choices.len(), "{} {language}", list.oid);
        }
    }
}

/// Terms that a Chinese investigator expects.
#[test]
fn medical_terms() {
    let question =
        |oid: &str| STUDY.items.get(oid).map(|item| item.question.get("zh-CN").to_owned()).unwrap_or_default();
    for (oid, term) in [
        ("IT.LBC.BILI", "总胆红素"),
        ("IT.LBC.ALT", "谷丙转氨酶"),
        ("IT.LBC.AST", "谷草转氨酶"),
        ("IT.LBC.ALB", "白蛋白"),
        ("IT.LBG.INR", "国际标准化比值"),
        ("IT.LBT.AFP", "甲胎蛋白"),
        ("IT.VS.SYSBP", "收缩压"),
        ("IT.OPS.OPN", "寡进展"),
        ("IT.LIV.HE", "肝性脑病"),
        ("IT.STAGE.PVTT", "门静脉癌栓"),
    ] {
        assert!(question(oid).contains(term), "{oid}: {}", question(oid));
    }
    let title = STUDY.forms.get("F.RTP").map(|form| form.title.get("zh-CN").to_owned()).unwrap_or_default();
    assert!(title.contains("立体定向体部放疗"), "{title}");
}

/// The casebook asks for nothing that identifies a person.
#[test]
fn nothing_asks_who_the_participant_is() {
    for item in &STUDY.items {
        let question = item.question.get("en").to_lowercase();
        for word in [
            "initials",
            "patient name",
            "participant's name",
            "identity number",
            "phone number",
            "address",
            "hospital number",
        ] {
            assert!(!question.contains(word), "{}: {question}", item.oid);
        }
        let question = item.question.get("zh-CN");
        for word in ["姓名", "身份证", "电话号码", "住址", "住院号", "门诊号"] {
            assert!(!question.contains(word), "{}: {question}", item.oid);
        }
    }
}

#[test]
fn the_file_survives_reading_and_writing() {
    let document = document();
    let again = Document::parse("again.xml", document.to_xml().as_bytes()).expect("well-formed");
    assert_eq!(document.canonical(), again.canonical());
}

/// A value that a message names brings its unit along.
#[test]
fn no_message_says_a_unit_twice() {
    let mut seen = 0;
    for (name, bytes) in [(studies::TRIAL_NAME, studies::TRIAL), ("home-blood-pressure.xml", studies::SECOND)] {
        let study = study::Study::read(name, bytes, &clinical::functions()).expect("a study");
        let symbols: BTreeSet<String> = (study.units.iter())
            .flat_map(|unit| ["en", "zh-CN"].map(|lang| unit.symbol(lang).to_owned()))
            .chain(["hours", "hour", "小时", "天"].map(str::to_owned))
            .filter(|symbol| !symbol.is_empty())
            .collect();
        for check in study.items.iter().filter(|item| !item.units.is_empty()).flat_map(|item| &item.checks) {
            for (_, message) in check.message.iter() {
                seen += 1;
                for rest in message.split('}').skip(1).map(str::trim_start) {
                    let word = rest.split([' ', '.', ',', ';', '，', '。']).next().unwrap_or_default();
                    assert!(!symbols.contains(word), "{name}, line {}: {message}", check.line);
                    assert!(!rest.starts_with("小时"), "{name}, line {}: {message}", check.line);
                }
            }
        }
    }
    assert!(seen > 100, "{seen} messages");
}
