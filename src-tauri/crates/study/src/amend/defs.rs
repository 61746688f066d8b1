//! Items, codes, checks, conditions, methods and settings: what they say.

use super::difference::{Difference, Fate, Named, Part, plain, titled};
use super::labels::{check, expressions};
use super::places::reworded;
use crate::{Choice, CodeList, ItemDef, Oid, Study, Text};

type Found = Vec<Difference>;

/// Questions, units and what an answer may be.
pub(super) fn items(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.items {
        let Some(was) = old.items.get(&now.oid) else { continue };
        let title = titled(&now.question, &now.name);
        reworded(found, Part::Item, &now.oid, &titled(&was.question, &was.name), &title);
        units(now, was, &title, found);
        let frame = |item: &ItemDef| {
            let (kind, list) = (item.kind.odm_name(), item.codelist.as_deref().unwrap_or_default());
            let size = item.length.map(|n| format!("≤ {n}")).unwrap_or_default();
            let digits = item.digits.map(|n| format!(".{n}")).unwrap_or_default();
            let reasons: Vec<&str> = item.missing_allowed.iter().map(|reason| reason.code()).collect();
            let text = format!("{kind} {list} {size}{digits} ({})", reasons.join(", "));
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        if frame(was) != frame(now) {
            let one = Difference::new(Part::Item, Fate::Changed, &now.oid, &title);
            found.push(one.between(plain(frame(was)), plain(frame(now))));
        }
        checks(now, was, &title, found);
    }
}

fn units(now: &ItemDef, was: &ItemDef, title: &Text, found: &mut Found) {
    let mut say = |fate, unit: &Oid| {
        found.push(Difference::new(Part::Unit, fate, unit, &Text::default()).at(&now.oid, title));
    };
    now.units.iter().filter(|unit| !was.units.contains(unit)).for_each(|unit| say(Fate::Added, unit));
    was.units.iter().filter(|unit| !now.units.contains(unit)).for_each(|unit| say(Fate::Retired, unit));
    let changed = |unit: &&Oid| was.units.contains(unit) && was.factor(Some(unit)) != now.factor(Some(unit));
    now.units.iter().filter(changed).for_each(|unit| say(Fate::Changed, unit));
}

fn checks(now: &ItemDef, was: &ItemDef, title: &Text, found: &mut Found) {
    for (n, one) in now.checks.iter().enumerate() {
        let told = plain(check(one));
        let Some(before) = was.checks.get(n) else {
            let one = Difference::new(Part::Check, Fate::Added, &one.id, &one.message).at(&now.oid, title);
            found.push(one.between(Text::default(), told));
            continue;
        };
        let said = plain(check(before));
        if said != told || before.severity != one.severity {
            let one = Difference::new(Part::Check, Fate::Changed, &one.id, &one.message).at(&now.oid, title);
            found.push(one.between(said, told));
        } else if before.message != one.message {
            let words = (before.message.clone(), one.message.clone());
            let one = Difference::new(Part::Check, Fate::Reworded, &one.id, &one.message).at(&now.oid, title);
            found.push(one.between(words.0, words.1));
        }
    }
    for gone in was.checks.iter().skip(now.checks.len()) {
        let one = Difference::new(Part::Check, Fate::Retired, &gone.id, &gone.message).at(&now.oid, title);
        found.push(one.between(plain(check(gone)), Text::default()));
    }
}

/// Code lists: codes that are new, renamed, worded otherwise or offered no longer.
pub(super) fn codes(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.codelists {
        let Some(was) = old.codelists.get(&now.oid) else { continue };
        for choice in &now.choices {
            code(was, now, choice, found);
        }
        for gone in was.choices.iter().filter(|gone| now.meant(&gone.code).is_none()) {
            let one = Difference::new(Part::Code, Fate::Retired, &now.oid, &named(gone));
            found.push(one.between(plain(&*gone.code), Text::default()));
        }
        if was.external != now.external {
            let told = |list: &CodeList| {
                let external = list.external.clone().unwrap_or_default();
                plain(format!("{} {}", external.0, external.1.unwrap_or_default()).trim())
            };
            let one = Difference::new(Part::Code, Fate::Changed, &now.oid, &plain(&now.name));
            found.push(one.between(told(was), told(now)));
        }
    }
}

fn code(was: &CodeList, now: &CodeList, choice: &Choice, found: &mut Found) {
    if let Some(before) = was.choice(&choice.code) {
        if named(before) != named(choice) {
            let one = Difference::new(Part::Code, Fate::Reworded, &now.oid, &plain(&*choice.code));
            found.push(one.between(named(before), named(choice)));
        }
        return;
    }
    let renamed = choice.was.iter().filter_map(|code| was.choice(code)).next();
    let fate = if renamed.is_some() { Fate::Renamed } else { Fate::Added };
    let before = renamed.map(|before| plain(&*before.code)).unwrap_or_default();
    found.push(Difference::new(Part::Code, fate, &now.oid, &named(choice)).between(before, plain(&*choice.code)));
}

fn named(choice: &Choice) -> Text {
    if choice.label.is_empty() { plain(&*choice.code) } else { choice.label.clone() }
}

/// Differences of conditions and methods.
pub(super) fn rules(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.conditions {
        let title = titled(&now.description, &now.name);
        let was = old.conditions.get(&now.oid).map(|was| expressions(&was.expressions));
        compared(found, Part::Condition, Named { oid: &now.oid, title: &title }, was, expressions(&now.expressions));
    }
    for now in &new.methods {
        let title = titled(&now.description, &now.name);
        let was = old.methods.get(&now.oid).map(|was| expressions(&was.expressions));
        compared(found, Part::Method, Named { oid: &now.oid, title: &title }, was, expressions(&now.expressions));
    }
}

/// Differences of clinical settings.
pub(super) fn settings(old: &Study, new: &Study, found: &mut Found) {
    for (key, now) in &new.settings {
        let was = old.settings.get(key).map(|was| was.value.clone());
        let setting = Named { oid: &Oid::from(key.as_str()), title: &Text::default() };
        compared(found, Part::Setting, setting, was, now.value.clone());
    }
    for (key, was) in old.settings.iter().filter(|(key, _)| !new.settings.contains_key(*key)) {
        let one = Difference::new(Part::Setting, Fate::Retired, &Oid::from(key.as_str()), &Text::default());
        found.push(one.between(plain(&was.value), Text::default()));
    }
}

fn compared(found: &mut Found, part: Part, named: Named<'_>, was: Option<String>, now: String) {
    let fate = match &was {
        None => Fate::Added,
        Some(was) if *was == now => return,
        Some(_) => Fate::Changed,
    };
    found.push(Difference::new(part, fate, named.oid, named.title).between(plain(was.unwrap_or_default()), plain(now)));
}
