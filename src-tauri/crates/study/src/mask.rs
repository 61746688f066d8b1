//! The study as a masked role sees it: a smaller study, in which what is masked does not exist.
//!
//! Deny by default. An event or a form is there only where the study file opens it to the role (`role`); a group or an item
//! of an open form is there unless it is marked `masked`, a free text only where it is marked not to be. Then goes whatever
//! follows from something that is gone: a check that reads it, a value computed from it, what is collected depending on it, a
//! plan that counts from it or ends with it. What is left is a whole study of its own, which can only read what it holds; a
//! casebook folded with it can therefore say nothing of what is masked.

use std::collections::HashSet;

use crate::{Anchor, FormKey, Functions, MetaDataVersion, Oid, Rules, Study, StudyIssue};

impl Study {
    /// The study as the masked role `role` sees it.
    ///
    /// # Errors
    /// The faults that stay when everything that reads what is masked has gone.
    pub fn masked_for(&self, role: &str, functions: &Functions) -> Result<Study, Vec<StudyIssue>> {
        let mut metadata = self.metadata().clone();
        metadata.close(role);
        loop {
            metadata.sweep();
            match Rules::compile(&metadata, functions) {
                Ok(rules) => return Ok(Study::new(metadata, rules)),
                Err(faults) if metadata.forget(&faults) => {}
                Err(faults) => return Err(faults),
            }
        }
    }
}

impl MetaDataVersion {
    /// Takes away what the file itself closes to the role.
    fn close(&mut self, role: &str) {
        let is_open = |roles: &[String]| roles.iter().any(|open| open == role);
        self.events.retain(|event| is_open(&event.roles));
        self.forms.retain(|form| is_open(&form.roles));
        self.groups.retain(|group| !group.masked);
        self.items.retain(|item| !item.is_masked());
    }

    /// Whether the study file opens a form to the masked role `role`. Only the file's own marks are asked: what follows
    /// from something closed is gone from the smaller study of [`Study::masked_for`].
    pub fn opens_form(&self, role: &str, form: &FormKey) -> bool {
        let is_open = |roles: &[String]| roles.iter().any(|open| open == role);
        self.events.get(&form.event).is_some_and(|event| is_open(&event.roles))
            && self.forms.get(&form.form).is_some_and(|form| is_open(&form.roles))
    }

    /// Takes away what stands in nothing, and references to what is gone.
    fn sweep(&mut self) {
        let items = &self.items;
        self.groups.iter_mut().for_each(|group| group.items.retain(|at| items.contains(&at.item)));
        self.groups.retain(|group| !group.items.is_empty());
        let groups = &self.groups;
        self.forms.iter_mut().for_each(|form| form.groups.retain(|at| groups.contains(&at.group)));
        self.forms.retain(|form| !form.groups.is_empty());
        let forms = &self.forms;
        self.events.iter_mut().for_each(|event| event.forms.retain(|at| forms.contains(&at.form)));
        let asked: HashSet<Oid> = self.events.iter().flat_map(|event| &event.forms).map(|at| at.form.clone()).collect();
        self.forms.retain(|form| asked.contains(&form.oid));
        let held: HashSet<Oid> = self.forms.iter().flat_map(|form| &form.groups).map(|at| at.group.clone()).collect();
        self.groups.retain(|group| held.contains(&group.oid));
        let asked: HashSet<Oid> = self.groups.iter().flat_map(|group| &group.items).map(|at| at.item.clone()).collect();
        self.items.retain(|item| asked.contains(&item.oid));
        let used: HashSet<Oid> = self.items.iter().filter_map(|item| item.codelist.clone()).collect();
        self.codelists.retain(|list| used.contains(&list.oid));
        self.unplan();
        let (events, forms, groups, items) = (&self.events, &self.forms, &self.groups, &self.items);
        self.meanings.retain(|owner| {
            events.contains(owner) || forms.contains(owner) || groups.contains(owner) || items.contains(owner)
        });
    }

    /// Takes away the plans that count from something that is gone.
    fn unplan(&mut self) {
        let blind: Vec<Oid> = self
            .events
            .iter()
            .filter(|event| event.timing.as_ref().is_some_and(|timing| !self.has(&timing.anchor)))
            .map(|event| event.oid.clone())
            .collect();
        self.events.iter_mut().filter(|event| blind.contains(&event.oid)).for_each(|event| event.timing = None);
    }

    fn has(&self, anchor: &Anchor) -> bool {
        match anchor {
            Anchor::Event(event) => self.events.contains(event),
            Anchor::Item { event, form, group, item } => {
                self.events.get(event).is_some_and(|event| event.forms.iter().any(|at| at.form == *form))
                    && self.forms.get(form).is_some_and(|form| form.groups.iter().any(|at| at.group == *group))
                    && self.groups.get(group).is_some_and(|group| group.items.iter().any(|at| at.item == *item))
            }
        }
    }

    /// Takes away the rules that faults name, with what they decide; whether there was anything to take away.
    fn forget(&mut self, faults: &[StudyIssue]) -> bool {
        let named: HashSet<&Oid> = faults.iter().filter_map(|fault| fault.oid.as_ref()).collect();
        let mut found = false;
        let mut drops = |is_named: bool| {
            found |= is_named;
            !is_named
        };
        let by = |oid: &Option<Oid>| oid.as_ref().is_some_and(|oid| named.contains(oid));
        for event in self.events.iter_mut() {
            event.forms.retain(|at| drops(by(&at.condition)));
            if event.timing.is_some() && !drops(named.contains(&event.oid)) {
                event.timing = None;
            }
        }
        self.forms.iter_mut().for_each(|form| form.groups.retain(|at| drops(by(&at.condition))));
        for group in self.groups.iter_mut() {
            group.items.retain(|at| drops(by(&at.condition) || by(&at.method)));
        }
        self.items.iter_mut().for_each(|item| item.checks.retain(|check| drops(named.contains(&check.id))));
        found
    }
}

#[cfg(test)]
mod tests;
