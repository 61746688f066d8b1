//! Events, forms, groups, conditions and methods.

use super::reader::{Reader, children, shown};
use super::vendor::{self, Vendor};
use crate::{ConditionDef, Element, EventDef, EventKind, FormDef, FormRef, GroupDef, GroupRef, ItemRef, MethodDef};

/// Reads a StudyEventDef.
pub fn event(reader: &mut Reader, element: Element<'_>) -> EventDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "FormRef", "Alias"]);
    let repeating = reader.yes(element, "Repeating", Some(&oid));
    let kind = match reader.required(element, "Type", Some(&oid)) {
        "Scheduled" | "" => EventKind::Scheduled,
        "Unscheduled" => EventKind::Unscheduled,
        "Common" => EventKind::Common,
        other => {
            reader.fault(element.line(), Some(&oid), format!("the event type {:?} is unknown", shown(other)));
            EventKind::Scheduled
        }
    };
    let mut references = Vec::new();
    for child in children(element, "FormRef") {
        let reference = FormRef {
            form: reader.oid(child, "FormOID", Some(&oid)),
            mandatory: reader.yes(child, "Mandatory", Some(&oid)),
            condition: reader.optional_oid(child, "CollectionExceptionConditionOID", Some(&oid)),
            line: child.line(),
        };
        references.push((reader.number(child, "OrderNumber", Some(&oid)), child.line(), reference));
    }
    let mut vendor = Vendor::read(reader, element, &oid);
    let timing = vendor::timing(reader, &mut vendor, repeating);
    EventDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        title: reader.text(element, "Description", Some(&oid)),
        repeating,
        kind,
        category: element.attribute("Category").map(str::to_owned),
        mandatory: false,
        forms: reader.in_order(references, Some(&oid)),
        timing,
        roles: vendor::roles(&mut vendor),
        aliases: vendor.finish(reader),
        line: element.line(),
        oid,
    }
}

/// Reads a FormDef.
pub fn form(reader: &mut Reader, element: Element<'_>) -> FormDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "ItemGroupRef", "Alias"]);
    let mut references = Vec::new();
    for child in children(element, "ItemGroupRef") {
        let reference = GroupRef {
            group: reader.oid(child, "ItemGroupOID", Some(&oid)),
            mandatory: reader.yes(child, "Mandatory", Some(&oid)),
            condition: reader.optional_oid(child, "CollectionExceptionConditionOID", Some(&oid)),
            line: child.line(),
        };
        references.push((reader.number(child, "OrderNumber", Some(&oid)), child.line(), reference));
    }
    let mut vendor = Vendor::read(reader, element, &oid);
    let layout = vendor.take("layout").map(|(value, _)| value);
    FormDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        title: reader.text(element, "Description", Some(&oid)),
        repeating: reader.yes(element, "Repeating", Some(&oid)),
        groups: reader.in_order(references, Some(&oid)),
        layout,
        roles: vendor::roles(&mut vendor),
        aliases: vendor.finish(reader),
        line: element.line(),
        oid,
    }
}

/// Reads an ItemGroupDef.
pub fn group(reader: &mut Reader, element: Element<'_>) -> GroupDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "ItemRef", "Alias"]);
    let mut references = Vec::new();
    for child in children(element, "ItemRef") {
        let reference = ItemRef {
            item: reader.oid(child, "ItemOID", Some(&oid)),
            mandatory: reader.yes(child, "Mandatory", Some(&oid)),
            condition: reader.optional_oid(child, "CollectionExceptionConditionOID", Some(&oid)),
            method: reader.optional_oid(child, "MethodOID", Some(&oid)),
            line: child.line(),
        };
        if let Some(imputation) = child.attribute("ImputationMethodOID") {
            let reason = format!("the imputation method {:?} is kept and not used", shown(imputation));
            reader.note(child.line(), Some(&oid), reason);
        }
        references.push((reader.number(child, "OrderNumber", Some(&oid)), child.line(), reference));
    }
    let mut vendor = Vendor::read(reader, element, &oid);
    GroupDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        title: reader.text(element, "Description", Some(&oid)),
        repeating: reader.yes(element, "Repeating", Some(&oid)),
        items: reader.in_order(references, Some(&oid)),
        layout: vendor.take("layout").map(|(value, _)| value),
        domain: element.attribute("Domain").map(str::to_owned),
        masked: vendor::masked(reader, &mut vendor).unwrap_or(false),
        aliases: vendor.finish(reader),
        line: element.line(),
        oid,
    }
}

/// Reads a ConditionDef.
pub fn condition(reader: &mut Reader, element: Element<'_>) -> ConditionDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "FormalExpression", "Alias"]);
    let _aliases = vendor::plain(reader, element, &oid);
    ConditionDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        description: reader.text(element, "Description", Some(&oid)),
        expressions: reader.expressions(element, &oid),
        line: element.line(),
        oid,
    }
}

/// Reads a MethodDef.
pub fn method(reader: &mut Reader, element: Element<'_>) -> MethodDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "FormalExpression", "Alias"]);
    let _aliases = vendor::plain(reader, element, &oid);
    // CDISC's schema has it optional.
    let kind = element.attribute("Type").unwrap_or_default();
    if kind.is_empty() {
        reader.note(element.line(), Some(&oid), "<MethodDef> has no Type: nothing is computed by it");
    }
    if !matches!(kind, "" | "Computation" | "Imputation" | "Transpose" | "Other") {
        reader.fault(element.line(), Some(&oid), format!("the method type {:?} is unknown", shown(kind)));
    }
    MethodDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        description: reader.text(element, "Description", Some(&oid)),
        computes: kind == "Computation",
        expressions: reader.expressions(element, &oid),
        line: element.line(),
        oid,
    }
}
