//! The file as a whole: which study, which metadata version, the list of definitions.

use super::reader::{ODM, Reader, child, children, shown};
use super::{codes, item, shape, vendor};
use crate::{Element, EventDef, MetaDataVersion, Oid, Ordered, UnitDef};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Reads the study of an ODM file; none (with a fault) where there is none to read.
pub fn read(reader: &mut Reader, root: Element<'_>) -> Option<MetaDataVersion> {
    if root.name() != "ODM" || root.namespace() != ODM {
        let reason = format!("<{}> is not an ODM 1.3 file", shown(root.qualified_name()));
        reader.fault(root.line(), None, reason);
        return None;
    }
    // CDISC's schema has it optional; the namespace says which ODM it is.
    let version = root.attribute("ODMVersion").unwrap_or_default();
    if version.is_empty() {
        reader.note(root.line(), None, "<ODM> has no ODMVersion: read as 1.3");
    }
    if !matches!(version, "" | "1.3" | "1.3.0" | "1.3.1" | "1.3.2") {
        let reason = format!("ODM {} is not read; 1.3 to 1.3.2 are", shown(version));
        reader.fault(root.line(), None, reason);
    }
    reader.only(root, &["Study"]);
    let defining: Vec<_> = children(root, "Study").filter(|study| child(*study, "MetaDataVersion").is_some()).collect();
    let Some(&study) = defining.first() else {
        reader.fault(root.line(), None, "holds no study with a MetaDataVersion");
        return None;
    };
    for other in &defining[1..] {
        reader.fault(other.line(), None, "holds more than one study");
    }
    Some(self::study(reader, study))
}

fn study(reader: &mut Reader, element: Element<'_>) -> MetaDataVersion {
    let oid = reader.journaled_oid(element, "OID", None);
    reader.only(element, &["GlobalVariables", "BasicDefinitions", "MetaDataVersion"]);
    let global = child(element, "GlobalVariables");
    if global.is_none() {
        reader.fault(element.line(), Some(&oid), "has no GlobalVariables");
    }
    if let Some(global) = global {
        reader.only(global, &["StudyName", "StudyDescription", "ProtocolName"]);
    }
    let variable = |name| global.and_then(|g| child(g, name)).map(|e| e.text().trim().to_owned()).unwrap_or_default();
    let mut study = MetaDataVersion {
        file: reader.file().clone(),
        name: variable("StudyName"),
        description: variable("StudyDescription"),
        protocol: variable("ProtocolName"),
        metadata_version: Oid::from(""),
        metadata_version_name: String::new(),
        languages: Vec::new(),
        events: Ordered::default(),
        forms: Ordered::default(),
        groups: Ordered::default(),
        items: Ordered::default(),
        codelists: Ordered::default(),
        units: Ordered::default(),
        conditions: Ordered::default(),
        methods: Ordered::default(),
        settings: BTreeMap::new(),
        meanings: crate::Meanings::default(),
        notes: Vec::new(),
        lacks: Vec::new(),
        renamed: Arc::default(),
        oid,
    };
    if study.name.is_empty() {
        reader.fault(element.line(), Some(&study.oid), "has no StudyName");
    }
    if let Some(basic) = child(element, "BasicDefinitions") {
        units(reader, &mut study, basic);
    }
    let versions: Vec<_> = children(element, "MetaDataVersion").collect();
    if let Some((&newest, older)) = versions.split_last() {
        for version in older {
            reader.note(version.line(), None, "an earlier MetaDataVersion is kept and not used: the last one is");
        }
        metadata_version(reader, &mut study, newest);
    }
    study
}

fn units(reader: &mut Reader, study: &mut MetaDataVersion, basic: Element<'_>) {
    reader.only(basic, &["MeasurementUnit"]);
    for element in children(basic, "MeasurementUnit") {
        let oid = reader.oid(element, "OID", None);
        reader.only(element, &["Symbol", "Alias"]);
        let unit = UnitDef {
            name: reader.required(element, "Name", Some(&oid)).to_owned(),
            symbol: reader.text(element, "Symbol", Some(&oid)),
            aliases: vendor::plain(reader, element, &oid),
            line: element.line(),
            oid,
        };
        reader.define(&mut study.units, unit, element.line());
    }
}

const DEFINITIONS: &[&str] =
    &["Protocol", "StudyEventDef", "FormDef", "ItemGroupDef", "ItemDef", "CodeList", "ConditionDef", "MethodDef"];

fn metadata_version(reader: &mut Reader, study: &mut MetaDataVersion, element: Element<'_>) {
    study.metadata_version = reader.journaled_oid(element, "OID", None);
    study.metadata_version_name = reader.required(element, "Name", Some(&study.metadata_version)).to_owned();
    reader.only(element, DEFINITIONS);
    if let Some(include) = child(element, "Include") {
        reader.fault(
            include.line(),
            Some(&study.metadata_version),
            "includes another metadata version, which is not read",
        );
    }
    let mut events = Vec::new();
    for child in element.children().filter(|child| child.namespace() == ODM) {
        let line = child.line();
        match child.name() {
            "StudyEventDef" => events.push(shape::event(reader, child)),
            "FormDef" => {
                let form = shape::form(reader, child);
                reader.define(&mut study.forms, form, line);
            }
            "ItemGroupDef" => {
                let group = shape::group(reader, child);
                reader.define(&mut study.groups, group, line);
            }
            "ItemDef" => {
                let item = item::item(reader, child);
                reader.define(&mut study.items, item, line);
            }
            "CodeList" => {
                let codelist = codes::codelist(reader, child);
                reader.define(&mut study.codelists, codelist, line);
            }
            "ConditionDef" => {
                let condition = shape::condition(reader, child);
                reader.define(&mut study.conditions, condition, line);
            }
            "MethodDef" => {
                let method = shape::method(reader, child);
                reader.define(&mut study.methods, method, line);
            }
            _ => {}
        }
    }
    protocol(reader, study, child(element, "Protocol"), events);
}

/// Puts the events in the protocol's order, those that it does not name last, and reads the settings.
fn protocol(reader: &mut Reader, study: &mut MetaDataVersion, element: Option<Element<'_>>, mut events: Vec<EventDef>) {
    let mut named: HashMap<Oid, (usize, bool)> = HashMap::new();
    if let Some(element) = element {
        reader.only(element, &["Description", "StudyEventRef", "Alias"]);
        study.settings = vendor::settings(reader, element);
        let defined: HashSet<&Oid> = events.iter().map(|event| &event.oid).collect();
        let mut references = Vec::new();
        for reference in children(element, "StudyEventRef") {
            let event = reader.oid(reference, "StudyEventOID", None);
            let mandatory = reader.yes(reference, "Mandatory", Some(&event));
            let order = reader.number(reference, "OrderNumber", Some(&event));
            if !event.is_empty() && !defined.contains(&event) {
                reader.fault(reference.line(), Some(&event), "the protocol names an event that is not defined");
            }
            references.push((order, reference.line(), (event, mandatory, reference.line())));
        }
        for (place, (event, mandatory, line)) in reader.in_order(references, None).into_iter().enumerate() {
            if named.insert(event.clone(), (place, mandatory)).is_some() {
                reader.fault(line, Some(&event), "the protocol names this event twice");
            }
        }
    }
    for event in &mut events {
        event.mandatory = named.get(&event.oid).is_some_and(|&(_, mandatory)| mandatory);
    }
    events.sort_by_key(|event| named.get(&event.oid).map_or(usize::MAX, |&(place, _)| place));
    for event in events {
        let line = event.line;
        reader.define(&mut study.events, event, line);
    }
}
