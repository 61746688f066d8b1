//! One metadata version: every definition of a study, without its rules.

use super::{
    AnalytePart, CodeList, ConditionDef, EventDef, FormDef, GroupDef, ItemDef, Meanings, MethodDef, Renamed, Setting,
    UnitDef,
};
use crate::{FormKey, Oid, Ordered, StudyIssue};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One metadata version of a study (ODM MetaDataVersion) with the units and names that ODM keeps beside it, checked.
#[derive(Clone, Debug)]
pub struct MetaDataVersion {
    /// Name of the file as it was given to [`Study::read`](crate::Study::read).
    pub file: Arc<str>,
    /// OID of the study.
    pub oid: Oid,
    /// Name of the study, as the file's GlobalVariables give it.
    pub name: String,
    /// Its description in words.
    pub description: String,
    /// Name of the protocol.
    pub protocol: String,
    /// OID of the metadata version.
    pub metadata_version: Oid,
    /// Name of the metadata version.
    pub metadata_version_name: String,
    /// Languages of its texts, most used first; `en` where the file marks none.
    pub languages: Vec<String>,
    /// Visits, in the protocol's order.
    pub events: Ordered<EventDef>,
    /// Forms, in the order of the file.
    pub forms: Ordered<FormDef>,
    /// Item groups, in the order of the file.
    pub groups: Ordered<GroupDef>,
    /// Items, in the order of the file.
    pub items: Ordered<ItemDef>,
    /// Code lists, in the order of the file.
    pub codelists: Ordered<CodeList>,
    /// Units of measurement (ODM MeasurementUnit).
    pub units: Ordered<UnitDef>,
    /// Conditions under which something is not collected (ODM ConditionDef).
    pub conditions: Ordered<ConditionDef>,
    /// Methods for derived items.
    pub methods: Ordered<MethodDef>,
    /// Clinical settings by key.
    pub settings: BTreeMap<String, Setting>,
    /// What its definitions mean to the screens and engines that know medicine.
    pub meanings: Meanings,
    /// What the file holds that this program keeps but does not evaluate.
    pub notes: Vec<StudyIssue>,
    /// What the file refers to and does not hold, though the study can be read without. A study that is to be used must
    /// lack nothing.
    pub lacks: Vec<StudyIssue>,
    pub(crate) renamed: Arc<Renamed>,
}

impl MetaDataVersion {
    /// Codes of earlier versions and what they are called now.
    pub fn renamed(&self) -> &Arc<Renamed> {
        &self.renamed
    }

    /// Whether the form belongs to the event in this version.
    pub fn has_form(&self, form: &FormKey) -> bool {
        let at = self.events.get(&form.event).is_some_and(|event| event.forms.iter().any(|at| at.form == form.form));
        at && self.forms.get(&form.form).is_some()
    }

    /// Whether an item is asked at a place in this version.
    pub fn asks(&self, form: &FormKey, group: &Oid, item: &Oid) -> bool {
        self.has_form(form)
            && self.forms.get(&form.form).is_some_and(|def| def.groups.iter().any(|at| at.group == *group))
            && self.groups.get(group).is_some_and(|def| def.items.iter().any(|at| at.item == *item))
    }

    /// The value of a clinical setting.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.get(key).map(|setting| setting.value.as_str())
    }

    /// The forms and groups in which an item stands, in the order of the file.
    pub fn places_of<'a>(&'a self, item: &'a Oid) -> impl Iterator<Item = (&'a Oid, &'a Oid)> {
        let groups = self.forms.iter().flat_map(|form| form.groups.iter().map(move |at| (&form.oid, &at.group)));
        groups.filter(move |(_, group)| {
            self.groups.get(group).is_some_and(|group| group.items.iter().any(|at| at.item == *item))
        })
    }

    /// The title of the study: its description, or else its name.
    pub fn title(&self) -> &str {
        if self.description.is_empty() { &self.name } else { &self.description }
    }

    /// The code list of an item.
    pub fn codelist_of(&self, item: &ItemDef) -> Option<&CodeList> {
        self.codelists.get(item.codelist.as_ref()?)
    }

    /// Whether people type free text into the item, which the journal therefore only commits to.
    pub fn is_free_text(&self, item: &ItemDef) -> bool {
        item.is_free_text()
    }

    /// The item of a group that holds `part` of the analyte with this code.
    pub fn analyte_item<'s>(&'s self, group: &GroupDef, code: &str, part: AnalytePart) -> Option<&'s ItemDef> {
        let items = group.items.iter().filter_map(|at| self.items.get(&at.item));
        items.into_iter().find(|item| item.analyte_part(part) == Some(code))
    }

    /// The items that hold results, one for each analyte, in the order of the file.
    pub fn analytes(&self) -> impl Iterator<Item = (&str, &ItemDef)> {
        self.items.iter().filter_map(|item| Some((item.analyte()?, item)))
    }
}
