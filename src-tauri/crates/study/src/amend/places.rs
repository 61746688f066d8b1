//! Events, forms and groups: what is asked where.

use super::difference::{Difference, Fate, Named, Part, titled};
use super::labels::plan;
use crate::{FormRef, GroupRef, ItemRef, Oid, Ordered, Study, Text};

type Found = Vec<Difference>;

/// Visits, their plans and their forms.
pub(super) fn events(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.events {
        let title = titled(&now.title, &now.name);
        let Some(was) = old.events.get(&now.oid) else {
            found.push(Difference::new(Part::Event, Fate::Added, &now.oid, &title).between(Text::default(), plan(now)));
            continue;
        };
        reworded(found, Part::Event, &now.oid, &titled(&was.title, &was.name), &title);
        if was.timing != now.timing {
            let plans = (plan(was), plan(now));
            // An expression that only moved to another line is the same plan.
            if plans.0 != plans.1 {
                let one = Difference::new(Part::Event, Fate::Rescheduled, &now.oid, &title);
                found.push(one.between(plans.0, plans.1));
            }
        }
        let of = |forms: &[FormRef]| -> Vec<Child> {
            forms
                .iter()
                .map(|at| Child { oid: at.form.clone(), mandatory: at.mandatory, skip: at.condition.clone() })
                .collect()
        };
        children(found, Part::Form, Named { oid: &now.oid, title: &title }, &of(&was.forms), &of(&now.forms), &|oid| {
            form_title(old, new, oid)
        });
    }
    retired(found, Part::Event, &old.events, &new.events, |event| titled(&event.title, &event.name));
}

/// Forms and their groups.
pub(super) fn forms(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.forms {
        let title = titled(&now.title, &now.name);
        let Some(was) = old.forms.get(&now.oid) else {
            found.push(Difference::new(Part::Form, Fate::Added, &now.oid, &title));
            continue;
        };
        reworded(found, Part::Form, &now.oid, &titled(&was.title, &was.name), &title);
        let of = |groups: &[GroupRef]| -> Vec<Child> {
            groups
                .iter()
                .map(|at| Child { oid: at.group.clone(), mandatory: false, skip: at.condition.clone() })
                .collect()
        };
        children(
            found,
            Part::Group,
            Named { oid: &now.oid, title: &title },
            &of(&was.groups),
            &of(&now.groups),
            &|oid| group_title(old, new, oid),
        );
    }
    retired(found, Part::Form, &old.forms, &new.forms, |form| titled(&form.title, &form.name));
}

/// Groups and their items.
pub(super) fn groups(old: &Study, new: &Study, found: &mut Found) {
    for now in &new.groups {
        let title = titled(&now.title, &now.name);
        let Some(was) = old.groups.get(&now.oid) else { continue };
        reworded(found, Part::Group, &now.oid, &titled(&was.title, &was.name), &title);
        let of = |items: &[ItemRef]| -> Vec<Child> {
            items
                .iter()
                .map(|at| Child { oid: at.item.clone(), mandatory: at.mandatory, skip: at.condition.clone() })
                .collect()
        };
        children(found, Part::Item, Named { oid: &now.oid, title: &title }, &of(&was.items), &of(&now.items), &|oid| {
            item_title(old, new, oid)
        });
    }
}

/// One definition as its parent refers to it.
struct Child {
    oid: Oid,
    mandatory: bool,
    skip: Option<Oid>,
}

fn children(
    found: &mut Found,
    part: Part,
    parent: Named<'_>,
    was: &[Child],
    now: &[Child],
    title: &dyn Fn(&Oid) -> Text,
) {
    let mut say =
        |fate, oid: &Oid| found.push(Difference::new(part, fate, oid, &title(oid)).at(parent.oid, parent.title));
    for child in now {
        match was.iter().find(|before| before.oid == child.oid) {
            None => {
                say(Fate::Added, &child.oid);
                if child.mandatory && part == Part::Item {
                    say(Fate::Required, &child.oid);
                }
            }
            Some(before) => {
                match (before.mandatory, child.mandatory) {
                    (false, true) => say(Fate::Required, &child.oid),
                    (true, false) => say(Fate::Optional, &child.oid),
                    _ => {}
                }
                if before.skip != child.skip {
                    say(Fate::Changed, &child.oid);
                }
            }
        }
    }
    for before in was.iter().filter(|before| !now.iter().any(|child| child.oid == before.oid)) {
        say(Fate::Retired, &before.oid);
    }
}

/// A definition that the new version does not hold at all.
fn retired<T: crate::Identified>(
    found: &mut Found,
    part: Part,
    old: &Ordered<T>,
    new: &Ordered<T>,
    title: impl Fn(&T) -> Text,
) {
    for was in old.iter().filter(|was| !new.contains(was.oid())) {
        found.push(Difference::new(part, Fate::Retired, was.oid(), &title(was)));
    }
}

/// Adds a difference where the words of a definition are not what they were.
pub(super) fn reworded(found: &mut Found, part: Part, oid: &Oid, was: &Text, now: &Text) {
    if was != now {
        found.push(Difference::new(part, Fate::Reworded, oid, now).between(was.clone(), now.clone()));
    }
}

fn form_title(old: &Study, new: &Study, oid: &Oid) -> Text {
    let def = new.forms.get(oid).or_else(|| old.forms.get(oid));
    def.map(|def| titled(&def.title, &def.name)).unwrap_or_default()
}

fn group_title(old: &Study, new: &Study, oid: &Oid) -> Text {
    let def = new.groups.get(oid).or_else(|| old.groups.get(oid));
    def.map(|def| titled(&def.title, &def.name)).unwrap_or_default()
}

fn item_title(old: &Study, new: &Study, oid: &Oid) -> Text {
    let def = new.items.get(oid).or_else(|| old.items.get(oid));
    def.map(|def| titled(&def.question, &def.name)).unwrap_or_default()
}
