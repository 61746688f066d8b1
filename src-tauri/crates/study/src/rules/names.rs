//! The names of a study's definitions, as expressions spell them.

use super::item_info::ItemInfo;
use super::node::{RowsSite, Series};
use crate::{FormDef, GroupDef, MetaDataVersion, Oid};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Every definition by its short name and by its OID.
pub(super) struct Names<'a> {
    pub study: &'a MetaDataVersion,
    items: HashMap<Oid, Arc<ItemInfo>>,
    /// Groups' items by short name; none where two share it.
    members: HashMap<Oid, HashMap<String, Option<Arc<ItemInfo>>>>,
    forms: HashMap<String, Vec<Oid>>,
    groups: HashMap<String, Vec<Oid>>,
    events: HashMap<String, Vec<Oid>>,
    forms_of_group: HashMap<Oid, Vec<Oid>>,
}

/// A group in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    pub form: Oid,
    pub group: Oid,
    pub repeating: bool,
}

fn by_name<'a>(oids: impl Iterator<Item = &'a Oid>) -> HashMap<String, Vec<Oid>> {
    let mut names: HashMap<String, Vec<Oid>> = HashMap::new();
    for oid in oids {
        let short = oid.short_name();
        if short != oid.as_str() {
            names.entry(oid.to_string()).or_default().push(oid.clone());
        }
        names.entry(short).or_default().push(oid.clone());
    }
    names
}

impl<'a> Names<'a> {
    pub fn of(study: &'a MetaDataVersion) -> Self {
        let references = study.groups.iter().flat_map(|group| &group.items);
        let derived: HashSet<&Oid> = references.filter(|item| item.method.is_some()).map(|item| &item.item).collect();
        let info = |item| Arc::new(ItemInfo::of(study, item, derived.contains(&item.oid)));
        let items: HashMap<Oid, Arc<ItemInfo>> =
            study.items.iter().map(|item| (item.oid.clone(), info(item))).collect();
        let mut members = HashMap::new();
        for group in &study.groups {
            let mut by_short: HashMap<String, Option<Arc<ItemInfo>>> = HashMap::new();
            for info in group.items.iter().filter_map(|reference| items.get(&reference.item)) {
                let again = by_short.contains_key(&*info.name);
                by_short.insert(info.name.to_string(), if again { None } else { Some(info.clone()) });
            }
            members.insert(group.oid.clone(), by_short);
        }
        let mut forms_of_group: HashMap<Oid, Vec<Oid>> = HashMap::new();
        for form in &study.forms {
            for reference in &form.groups {
                forms_of_group.entry(reference.group.clone()).or_default().push(form.oid.clone());
            }
        }
        Self {
            study,
            items,
            members,
            forms: by_name(study.forms.iter().map(|form| &form.oid)),
            groups: by_name(study.groups.iter().map(|group| &group.oid)),
            events: by_name(study.events.iter().map(|event| &event.oid)),
            forms_of_group,
        }
    }

    pub fn item(&self, oid: &Oid) -> Option<&Arc<ItemInfo>> {
        self.items.get(oid)
    }

    /// The item called `name` in a group.
    ///
    /// # Errors
    /// When two items of the group are called so.
    pub fn member(&self, group: &Oid, name: &str) -> Result<Option<&Arc<ItemInfo>>, String> {
        match self.members.get(group).and_then(|members| members.get(name)) {
            None => Ok(None),
            Some(Some(info)) => Ok(Some(info)),
            Some(None) => Err(format!("two items of group {group} are called `{name}`")),
        }
    }

    /// The one event called `name`.
    pub fn event(&self, name: &str) -> Result<&Oid, String> {
        match self.events.get(name).map(Vec::as_slice) {
            Some([event]) => Ok(event),
            Some(_) => Err(format!("several events are called `{name}`")),
            None => Err(format!("there is no event `{name}`")),
        }
    }

    /// Whether anything but an item is called `name`.
    pub fn is_form_or_group(&self, name: &str) -> bool {
        self.forms.contains_key(name) || self.groups.contains_key(name)
    }

    /// Every group in every form that `name` means: the groups of that name in all their forms, and all groups of the
    /// forms of that name.
    pub fn sites(&self, name: &str) -> Vec<Site> {
        let mut sites = Vec::new();
        for group in self.groups.get(name).into_iter().flatten() {
            for form in self.forms_of_group.get(group).into_iter().flatten() {
                push_once(&mut sites, self.site(form, group));
            }
        }
        for form in self.forms.get(name).into_iter().flatten() {
            for reference in self.study.forms.get(form).into_iter().flat_map(|form| &form.groups) {
                push_once(&mut sites, self.site(form, &reference.group));
            }
        }
        sites
    }

    fn site(&self, form: &Oid, group: &Oid) -> Site {
        let repeating = self.study.groups.get(group).is_some_and(|group: &GroupDef| group.repeating);
        Site { form: form.clone(), group: group.clone(), repeating }
    }

    /// The groups of a form.
    pub fn sites_of_form(&self, form: &Oid) -> Vec<Site> {
        let form: Option<&FormDef> = self.study.forms.get(form);
        form.into_iter()
            .flat_map(|form| form.groups.iter().map(|reference| self.site(&form.oid, &reference.group)))
            .collect()
    }

    /// The rows that `name` means: those of a group, or of the one repeating group of a form, or the forms themselves.
    pub fn rows_of(&self, name: &str) -> Result<Vec<RowsSite>, String> {
        let groups = self.groups.get(name).map_or(&[][..], Vec::as_slice);
        let of_group = |group: &Oid| {
            let forms = self.forms_of_group.get(group).map_or(&[][..], Vec::as_slice);
            forms.iter().map(|form| self.site(form, group)).collect::<Vec<_>>()
        };
        let sites: Vec<Site> = groups.iter().flat_map(of_group).collect();
        if !sites.is_empty() {
            return Ok(sites
                .into_iter()
                .map(|site| RowsSite { form: site.form, group: Some(site.group), repeating: site.repeating })
                .collect());
        }
        let mut rows = Vec::new();
        for form in self.forms.get(name).into_iter().flatten() {
            let sites = self.sites_of_form(form);
            let mut repeating = sites.iter().filter(|site| site.repeating);
            match (repeating.next(), repeating.next()) {
                (Some(site), None) => {
                    rows.push(RowsSite { form: form.clone(), group: Some(site.group.clone()), repeating: true })
                }
                (None, _) => rows.push(RowsSite { form: form.clone(), group: None, repeating: false }),
                _ => return Err(format!("form {form} has several groups with rows; name the group")),
            }
        }
        if rows.is_empty() { Err(format!("there is no group or form `{name}`")) } else { Ok(rows) }
    }

    /// The item called `item` in each of `sites` that has one.
    pub fn series(&self, sites: &[Site], item: &str) -> Result<Vec<Series>, String> {
        let mut series = Vec::new();
        for site in sites {
            if let Some(info) = self.member(&site.group, item)? {
                let (form, group) = (site.form.clone(), site.group.clone());
                series.push(Series { form, group, repeating: site.repeating, item: info.clone() });
            }
        }
        Ok(series)
    }

    /// Whether some event holds both forms.
    pub fn share_event(&self, a: &Oid, b: &Oid) -> bool {
        self.study.events.iter().any(|event| self.event_holds(&event.oid, a) && self.event_holds(&event.oid, b))
    }

    pub fn event_holds(&self, event: &Oid, form: &Oid) -> bool {
        self.study.events.get(event).is_some_and(|event| event.forms.iter().any(|reference| reference.form == *form))
    }

    pub fn form_repeats(&self, form: &Oid) -> bool {
        self.study.forms.get(form).is_some_and(|form| form.repeating)
    }
}

fn push_once(sites: &mut Vec<Site>, site: Site) {
    if !sites.contains(&site) {
        sites.push(site);
    }
}
