//! What refers to what: every reference must lead somewhere, and to something that fits.

use super::reader::{Reader, shown};
use crate::{AnalytePart, Anchor, CodeList, EventDef, Expression, ItemDef, ItemKind, MetaDataVersion, Oid, StudyIssue};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashSet};

/// Checks all references of `study`, and drops those to expressions that are not evaluated, with a note.
pub fn check(reader: &mut Reader, study: &mut MetaDataVersion) {
    nothing_to_ask(reader, study);
    absent_codelists(reader, study);
    events(reader, study);
    forms(reader, study);
    groups(reader, study);
    for item in &study.items {
        self::item(reader, study, item);
    }
    headlines(reader, study);
    panels(reader, study);
    for event in &study.events {
        anchor(reader, study, event);
    }
    loops(reader, study);
    drop_unevaluated(reader, study);
    unused(reader, study);
}

/// The codes that entries of the journal name: arms, strata, and the sexes of a laboratory's limits.
pub fn journaled(reader: &mut Reader, study: &MetaDataVersion) {
    for concept in ["subject.arm", "allocation.stratum", "subject.sex"] {
        for item in study.meanings.all(concept).iter().filter_map(|item| study.items.get(item)) {
            let Some(list) = study.codelist_of(item).filter(|list| list.external.is_none()) else { continue };
            for choice in &list.choices {
                reader.journaled("the code", &choice.code, list.line, Some(&list.oid));
            }
        }
    }
}

fn events(reader: &mut Reader, study: &MetaDataVersion) {
    for event in &study.events {
        let mut seen = HashSet::new();
        for reference in &event.forms {
            let at = at(reference.line, &event.oid);
            exists(reader, study.forms.contains(&reference.form), "form", &reference.form, at);
            once(reader, &mut seen, "form", &reference.form, at);
            condition(reader, study, reference.condition.as_ref(), at);
        }
    }
}

fn forms(reader: &mut Reader, study: &MetaDataVersion) {
    for form in &study.forms {
        let mut seen = HashSet::new();
        for reference in &form.groups {
            let at = at(reference.line, &form.oid);
            exists(reader, study.groups.contains(&reference.group), "item group", &reference.group, at);
            once(reader, &mut seen, "item group", &reference.group, at);
            condition(reader, study, reference.condition.as_ref(), at);
        }
    }
}

fn groups(reader: &mut Reader, study: &MetaDataVersion) {
    for group in &study.groups {
        let mut seen = HashSet::new();
        for reference in &group.items {
            let at = at(reference.line, &group.oid);
            exists(reader, study.items.contains(&reference.item), "item", &reference.item, at);
            once(reader, &mut seen, "item", &reference.item, at);
            condition(reader, study, reference.condition.as_ref(), at);
            if let Some(method) = &reference.method {
                exists(reader, study.methods.contains(method), "method", method, at);
            }
        }
    }
}

/// A file of definitions alone is good to be looked at; a trial needs visits with forms.
fn nothing_to_ask(reader: &mut Reader, study: &mut MetaDataVersion) {
    for (what, is_empty) in [("event", study.events.is_empty()), ("form", study.forms.is_empty())] {
        if is_empty {
            let reason = format!("defines no {what}: nothing can be asked with it");
            study.lacks.push(StudyIssue::new(reader.file(), 0, Some(&study.metadata_version), reason));
        }
    }
}

/// A code list that the file lacks is the one reference that can be done without: the item is asked as text. Public
/// files refer so to published terminology; a study that is to be used must not.
fn absent_codelists(reader: &mut Reader, study: &mut MetaDataVersion) {
    let codelists = &study.codelists;
    for item in study.items.iter_mut() {
        if let Some(absent) = item.codelist.take_if(|codelist| !codelists.contains(codelist)) {
            let reason = format!(
                "refers to the code list {absent}, which is not defined: it is asked as {}",
                item.kind.odm_name()
            );
            study.lacks.push(StudyIssue::new(reader.file(), item.line, Some(&item.oid), reason));
        }
    }
}

fn item(reader: &mut Reader, study: &MetaDataVersion, item: &ItemDef) {
    let here = at(item.line, &item.oid);
    let mut seen = HashSet::new();
    for unit in &item.units {
        exists(reader, study.units.contains(unit), "unit", unit, here);
        once(reader, &mut seen, "unit", unit, here);
    }
    let codelist = study.codelist_of(item);
    if let Some(codelist) = codelist.filter(|codelist| !fits(codelist.kind, item.kind)) {
        let reason =
            format!("is {} but its code list {} is {}", item.kind.odm_name(), codelist.oid, codelist.kind.odm_name());
        reader.fault(item.line, Some(&item.oid), reason);
    }
    for check in &item.checks {
        if let Some(unit) = &check.unit {
            exists(reader, study.units.contains(unit), "unit", unit, at(check.line, &item.oid));
        }
        for value in &check.values {
            check_value(reader, item, codelist, value, check.line);
        }
    }
}

/// ODM lets a code list and its item differ only between types that hold the same values.
fn fits(codelist: ItemKind, item: ItemKind) -> bool {
    let family = |kind: ItemKind| match kind {
        ItemKind::Text | ItemKind::String => 0,
        ItemKind::Integer => 1,
        ItemKind::Float | ItemKind::Double => 2,
        _ => 3,
    };
    codelist == item || (family(codelist) == family(item) && family(item) != 3)
}

fn check_value(reader: &mut Reader, item: &ItemDef, codelist: Option<&CodeList>, value: &str, line: u32) {
    let reason = if value.is_empty() {
        Some("a CheckValue is empty".to_owned())
    } else if item.kind.is_numeric() && value.parse::<Decimal>().is_err() {
        Some(format!("the CheckValue {:?} is not a number", shown(value)))
    } else if item.kind.read(value).is_err() {
        Some(format!("the CheckValue {:?} is no {}", shown(value), item.kind.odm_name()))
    } else if codelist.is_some_and(|list| list.external.is_none() && list.choice(value).is_none())
        && !item.kind.is_numeric()
    {
        Some(format!("the CheckValue {:?} is not in the item's code list", shown(value)))
    } else {
        None
    };
    if let Some(reason) = reason {
        reader.fault(line, Some(&item.oid), reason);
    }
}

fn headlines(reader: &mut Reader, study: &MetaDataVersion) {
    let mut taken: BTreeMap<u32, &Oid> = BTreeMap::new();
    for item in &study.items {
        let Some(place) = item.headline else { continue };
        if let Some(other) = taken.insert(place, &item.oid) {
            reader.fault(item.line, Some(&item.oid), format!("headline {place} is also that of {other}"));
        }
    }
}

/// In each group an analyte has one result, and what belongs to it stands beside it; numbers are numbers.
fn panels(reader: &mut Reader, study: &MetaDataVersion) {
    for group in &study.groups {
        let items = || group.items.iter().filter_map(|at| study.items.get(&at.item));
        let results: HashSet<&str> = items().filter_map(ItemDef::analyte).collect();
        let mut seen = HashSet::new();
        for (item, analyte) in items().filter_map(|item| Some((item, item.analyte.as_ref()?))) {
            let reason = if !seen.insert((&analyte.code, analyte.part)) {
                format!("holds what another item of {} holds of {}", group.oid, analyte.code)
            } else if analyte.part != AnalytePart::Significance && !item.kind.is_numeric() {
                format!("is {} but what it holds of {} is a number", item.kind.odm_name(), analyte.code)
            } else if !results.contains(analyte.code.as_str()) {
                format!("belongs to {}, of which {} holds no result", analyte.code, group.oid)
            } else {
                continue;
            };
            reader.fault(item.line, Some(&item.oid), reason);
        }
    }
}

fn anchor(reader: &mut Reader, study: &MetaDataVersion, event: &EventDef) {
    let Some(timing) = &event.timing else { return };
    let reason = match &timing.anchor {
        Anchor::Event(anchor) if !study.events.contains(anchor) => {
            format!("is planned from the event {anchor}, which is not defined")
        }
        Anchor::Event(_) => return,
        Anchor::Item { event: at, form, group, item } => {
            let asked = study.events.get(at).is_some_and(|e| e.forms.iter().any(|r| r.form == *form))
                && study.forms.get(form).is_some_and(|f| f.groups.iter().any(|r| r.group == *group))
                && study.groups.get(group).is_some_and(|g| g.items.iter().any(|r| r.item == *item));
            match study.items.get(item) {
                _ if !asked => format!("is planned from {at}/{form}/{group}/{item}, which is asked nowhere"),
                Some(item) if !item.kind.is_date() && !item.kind.is_date_time() => {
                    format!("is planned from {}, which is no date", item.oid)
                }
                _ => return,
            }
        }
    };
    reader.fault(event.line, Some(&event.oid), reason);
}

/// An event must not be planned from itself, however far around.
fn loops(reader: &mut Reader, study: &MetaDataVersion) {
    // For each event, the walk that first came by; a walk that meets itself is a loop.
    let mut walked: Vec<Option<usize>> = vec![None; study.events.len()];
    for (walk, event) in study.events.iter().enumerate() {
        let mut at = event;
        while let Some(place) = study.events.position(&at.oid) {
            if let Some(earlier) = walked[place] {
                if earlier == walk {
                    reader.fault(at.line, Some(&at.oid), "is planned from itself");
                }
                break;
            }
            walked[place] = Some(walk);
            let Some(Anchor::Event(next)) = at.timing.as_ref().map(|timing| &timing.anchor) else { break };
            let Some(next) = study.events.get(next) else { break };
            at = next;
        }
    }
}

/// A method or condition without an expression that this program evaluates must not hide an item or keep it from being
/// typed: the reference stays in the file and leaves the model.
fn drop_unevaluated(reader: &mut Reader, study: &mut MetaDataVersion) {
    let evaluated = |expressions: &[Expression]| expressions.iter().any(Expression::is_cel);
    let mut dead = HashSet::new();
    for condition in study.conditions.iter().filter(|c| !evaluated(&c.expressions)) {
        reader.note(condition.line, Some(&condition.oid), "has no CEL expression: what it would skip is always asked");
        dead.insert(condition.oid.clone());
    }
    for method in study.methods.iter().filter(|m| !m.computes || !evaluated(&m.expressions)) {
        reader.note(method.line, Some(&method.oid), "is no computation in CEL: what it would compute is typed");
        dead.insert(method.oid.clone());
    }
    if dead.is_empty() {
        return;
    }
    let keep = |reference: &mut Option<Oid>| *reference = reference.take().filter(|oid| !dead.contains(oid));
    study.events.iter_mut().flat_map(|event| &mut event.forms).for_each(|reference| keep(&mut reference.condition));
    study.forms.iter_mut().flat_map(|form| &mut form.groups).for_each(|reference| keep(&mut reference.condition));
    for reference in study.groups.iter_mut().flat_map(|group| &mut group.items) {
        keep(&mut reference.condition);
        keep(&mut reference.method);
    }
}

/// Names the conditions and methods that nothing refers to: their expressions are never asked.
fn unused(reader: &mut Reader, study: &MetaDataVersion) {
    let forms = study.events.iter().flat_map(|event| &event.forms).map(|reference| &reference.condition);
    let groups = study.forms.iter().flat_map(|form| &form.groups).map(|reference| &reference.condition);
    let items = study
        .groups
        .iter()
        .flat_map(|group| &group.items)
        .flat_map(|reference| [&reference.condition, &reference.method]);
    let used: HashSet<&Oid> = forms.chain(groups).chain(items).flatten().collect();
    let conditions =
        study.conditions.iter().filter(|c| c.expressions.iter().any(Expression::is_cel)).map(|c| (&c.oid, c.line));
    let methods = study
        .methods
        .iter()
        .filter(|m| m.computes && m.expressions.iter().any(Expression::is_cel))
        .map(|m| (&m.oid, m.line));
    for (oid, line) in conditions.chain(methods).filter(|(oid, _)| !used.contains(oid)) {
        reader.note(line, Some(oid), "nothing refers to it: it is never evaluated");
    }
}

/// Where a reference stands: its line, and the definition that makes it.
#[derive(Clone, Copy)]
struct At<'a> {
    line: u32,
    owner: &'a Oid,
}

fn at(line: u32, owner: &Oid) -> At<'_> {
    At { line, owner }
}

fn exists(reader: &mut Reader, found: bool, what: &str, oid: &Oid, at: At<'_>) {
    // An empty reference was reported when it was read.
    if !found && !oid.is_empty() {
        reader.fault(at.line, Some(at.owner), format!("refers to the {what} {oid}, which is not defined"));
    }
}

fn once<'o>(reader: &mut Reader, seen: &mut HashSet<&'o Oid>, what: &str, oid: &'o Oid, at: At<'_>) {
    if !seen.insert(oid) && !oid.is_empty() {
        reader.fault(at.line, Some(at.owner), format!("refers to the {what} {oid} twice"));
    }
}

fn condition(reader: &mut Reader, study: &MetaDataVersion, condition: Option<&Oid>, at: At<'_>) {
    if let Some(condition) = condition {
        exists(reader, study.conditions.contains(condition), "condition", condition, at);
    }
}
