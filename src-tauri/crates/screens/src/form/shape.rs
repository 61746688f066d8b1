//! A form with its questions: what does not change while entering.

use study::value::display;
use study::{AnalytePart, Control as Hint, EventKey, FormKey, GroupDef, ItemDef, ItemRef, Oid, Study, value::Value};

use crate::labels;
use crate::messages::{AnalyteShape, Choice, Control, FormShape, GroupShape, ItemShape, LabPart};

/// Up to this many choices stand side by side, where the study does not say otherwise.
const SIDE_BY_SIDE: usize = 5;
/// A text may be this long before it gets several lines.
const ONE_LINE: u32 = 200;

/// The form at `key` in the language `lang`; none where the study has no such form.
pub fn shape(study: &Study, key: &FormKey, lang: &str) -> Option<FormShape> {
    let form = study.forms.get(&key.form)?;
    let title = form.title(lang).to_owned();
    let groups = form.groups.iter().filter_map(|group| study.groups.get(&group.group));
    let event = EventKey::new(key.event.clone(), key.event_repeat.clone());
    Some(FormShape {
        key: key.to_string(),
        event_title: labels::event_title(study, &event, lang),
        groups: groups.map(|group| self::group(study, group, &title, lang)).collect(),
        title,
    })
}

fn group(study: &Study, group: &GroupDef, form_title: &str, lang: &str) -> GroupShape {
    let title = group.title(lang);
    let items = group.items.iter().filter_map(|at| Some((at, study.items.get(&at.item)?)));
    GroupShape {
        oid: group.oid.to_string(),
        title: if title == form_title { String::new() } else { title.to_owned() },
        repeating: group.repeating,
        items: items.map(|(at, item)| self::item(study, group, at, item, lang)).collect(),
    }
}

fn item(study: &Study, group: &GroupDef, at: &ItemRef, item: &ItemDef, lang: &str) -> ItemShape {
    let choices = choices(study, item, lang);
    let companion = companion(study, group, item);
    ItemShape {
        oid: item.oid.to_string(),
        name: item.short_name.clone(),
        question: item.question(lang).to_owned(),
        control: match companion {
            _ if casebook::is_allocated(study, &item.oid) => Control::Derived,
            Some(_) if study.meanings.is(&item.oid, "ae.grade") => Control::Grade,
            _ => control(study, at, item, choices.len()),
        },
        length: item.length,
        choices,
        unit: labels::unit(study, item.standard_unit(), lang),
        units: item.units.iter().map(|unit| labels::unit(study, Some(unit), lang)).collect(),
        range: labels::range(study, item, lang),
        guideline: item.guideline.get(lang).to_owned(),
        mandatory: at.mandatory,
        missing: item.missing_allowed.iter().map(|reason| reason.code().to_owned()).collect(),
        formula: formula(study, at, lang),
        companion: companion.map(ToString::to_string),
        absent: absent(study, item),
        analyte: analyte(item),
    }
}

/// A dictionary's terms are searched, never sent as choices.
fn is_term(study: &Study, item: &ItemDef) -> bool {
    study.codelist_of(item).is_some_and(|list| list.dictionary.is_some())
}

/// The dictionary that a study names and does not hold: its terms can then be neither searched nor offered.
fn absent(study: &Study, item: &ItemDef) -> String {
    let list = study.codelist_of(item).filter(|list| list.dictionary.is_none());
    let named = list.and_then(|list| list.external.as_ref());
    named.map_or_else(String::new, |(name, version)| match version {
        Some(version) => format!("{name} {version}"),
        None => name.clone(),
    })
}

/// What of the same row an item goes with: a term with the words of the chart, a grade with a dictionary's term.
fn companion<'s>(study: &'s Study, group: &'s GroupDef, item: &ItemDef) -> Option<&'s Oid> {
    let beside = |concept: &str| {
        let mut items = group.items.iter().map(|at| &at.item);
        items.find(|oid| study.meanings.is(oid, concept))
    };
    if is_term(study, item) {
        beside("ae.verbatim")
    } else if study.meanings.is(&item.oid, "ae.grade") {
        beside("ae.term").filter(|oid| study.items.get(oid).is_some_and(|item| is_term(study, item)))
    } else {
        None
    }
}

/// The choices of a question.
pub fn choices(study: &Study, item: &ItemDef, lang: &str) -> Vec<Choice> {
    if let Some(list) = study.codelist_of(item).filter(|list| list.external.is_none() && list.dictionary.is_none()) {
        let choice =
            |choice: &study::Choice| Choice { code: choice.code.to_string(), label: choice.label(lang).to_owned() };
        return list.choices.iter().map(choice).collect();
    }
    if item.kind == study::ItemKind::Boolean {
        let choice = |yes: bool| Choice { code: yes.to_string(), label: display(&Value::Bool(yes), lang) };
        return vec![choice(true), choice(false)];
    }
    Vec::new()
}

/// The part that an item plays in a laboratory panel.
fn analyte(item: &ItemDef) -> Option<AnalyteShape> {
    let analyte = item.analyte.as_ref()?;
    let part = match analyte.part {
        AnalytePart::Result => LabPart::Result,
        AnalytePart::Low => LabPart::Low,
        AnalytePart::High => LabPart::High,
        AnalytePart::Significance => LabPart::Significance,
    };
    Some(AnalyteShape { code: analyte.code.clone(), part })
}

fn control(study: &Study, at: &ItemRef, item: &ItemDef, choices: usize) -> Control {
    let derived = at.method.as_ref().and_then(|method| study.methods.get(method)).is_some_and(|method| method.computes);
    let kind = item.kind;
    match item.control {
        _ if derived => Control::Derived,
        _ if is_term(study, item) => Control::Term,
        Some(Hint::List) if choices > 0 => Control::List,
        Some(Hint::Choices) if choices > 0 => Control::Choices,
        _ if choices > SIDE_BY_SIDE => Control::List,
        _ if choices > 0 => Control::Choices,
        Some(Hint::Long) => Control::LongText,
        _ if kind.is_numeric() => Control::Number,
        _ if kind.is_date() => Control::Date,
        _ if kind.is_date_time() => Control::DateTime,
        _ if kind.is_time() => Control::Time,
        _ if kind.is_binary() => Control::File,
        _ if kind.is_textual() && item.length.is_some_and(|length| length > ONE_LINE) => Control::LongText,
        _ => Control::Text,
    }
}

fn formula(study: &Study, at: &ItemRef, lang: &str) -> Option<String> {
    let method = study.methods.get(at.method.as_ref()?)?;
    let in_words = method.description.get(lang);
    if !in_words.is_empty() {
        return Some(in_words.to_owned());
    }
    method.expressions.first().map(|expression| expression.text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// Other people's studies, as public tools wrote them; they lie beside the project, not in it.
    #[test]
    fn other_peoples_forms_are_shown_with_every_question() {
        let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
        let folder = std::env::var_os("OUTPOST_SHARED").map_or_else(beside, PathBuf::from).join("data/odm");
        let Ok(files) = std::fs::read_dir(&folder) else {
            println!("skipped: the folder of public ODM files is absent");
            return;
        };
        let mut shown = 0;
        for file in files.flatten().map(|entry| entry.path()) {
            let bytes = std::fs::read(&file).expect("bytes");
            let study = Study::read("study.xml", &bytes, &clinical::functions()).expect("a study");
            for def in study.forms.iter() {
                let key = EventKey::new("any", "1").form(def.oid.clone(), "1");
                let shape = shape(&study, &key, "en").expect("a form");
                let asked: usize = shape.groups.iter().map(|group| group.items.len()).sum();
                let groups = def.groups.iter().filter_map(|at| study.groups.get(&at.group));
                assert_eq!(asked, groups.map(|group| group.items.len()).sum::<usize>(), "{}", def.oid);
                for item in shape.groups.iter().flat_map(|group| &group.items) {
                    assert!(!item.question.is_empty(), "{} asks nothing", item.oid);
                    let picked = matches!(item.control, Control::Choices | Control::List);
                    assert_eq!(picked, !item.choices.is_empty(), "{}: {:?}", item.oid, item.control);
                }
                shown += asked;
            }
        }
        assert!(shown > 300, "only {shown} questions were shown");
    }
}
