//! Items and their checks.

use super::reader::{Reader, child, children, shown};
use super::vendor::{self, Vendor};
use crate::{Check, Comparator, Element, ItemDef, ItemKind, Oid, Severity};

/// Units of one item.
const UNITS: usize = 100;

/// Reads an ItemDef.
pub fn item(reader: &mut Reader, element: Element<'_>) -> ItemDef {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "Question", "MeasurementUnitRef", "RangeCheck", "CodeListRef", "Alias"]);
    let kind = kind(reader, element, &oid);
    let units: Vec<Oid> = children(element, "MeasurementUnitRef")
        .map(|reference| reader.oid(reference, "MeasurementUnitOID", Some(&oid)))
        .filter(|unit| !unit.is_empty())
        .take(UNITS + 1)
        .collect();
    if units.len() > UNITS {
        reader.fault(element.line(), Some(&oid), format!("has more than {UNITS} units"));
    }
    let codelist = child(element, "CodeListRef").map(|reference| reader.oid(reference, "CodeListOID", Some(&oid)));
    let checks = children(element, "RangeCheck")
        .enumerate()
        .map(|(place, child)| check(reader, child, &oid, place + 1))
        .collect();
    let mut vendor = Vendor::read(reader, element, &oid);
    ItemDef {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        short_name: oid.short_name(),
        length: reader.number(element, "Length", Some(&oid)),
        digits: reader.number(element, "SignificantDigits", Some(&oid)),
        question: reader.text(element, "Question", Some(&oid)),
        guideline: reader.text(element, "Description", Some(&oid)),
        codelist: codelist.filter(|oid| !oid.is_empty()),
        conversions: vendor::conversions(reader, &mut vendor, kind, &units),
        qualifiers: vendor::qualifiers(reader, &mut vendor, kind),
        missing_allowed: vendor::missing(reader, &mut vendor),
        headline: vendor::headline(reader, &mut vendor),
        analyte: vendor::analyte(reader, &mut vendor),
        control: vendor::control(reader, &mut vendor),
        masked: vendor::masked(reader, &mut vendor),
        aliases: vendor.finish(reader),
        line: element.line(),
        kind,
        units,
        checks,
        oid,
    }
}

/// The DataType of an item or a code list; text, with a fault, where it is unknown.
pub fn kind(reader: &mut Reader, element: Element<'_>, owner: &Oid) -> ItemKind {
    let name = reader.required(element, "DataType", Some(owner));
    ItemKind::from_odm(name).unwrap_or_else(|| {
        if !name.is_empty() {
            reader.fault(element.line(), Some(owner), format!("the data type {:?} is unknown", shown(name)));
        }
        ItemKind::Text
    })
}

fn check(reader: &mut Reader, element: Element<'_>, item: &Oid, number: usize) -> Check {
    let id = Oid::from(format!("{item}#{number}"));
    reader.only(element, &["CheckValue", "FormalExpression", "MeasurementUnitRef", "ErrorMessage"]);
    let severity = match reader.required(element, "SoftHard", Some(item)) {
        "Soft" | "" => Severity::Soft,
        "Hard" => Severity::Hard,
        other => {
            reader.fault(element.line(), Some(item), format!("SoftHard={:?} is neither Soft nor Hard", shown(other)));
            Severity::Soft
        }
    };
    let values: Vec<String> = children(element, "CheckValue").map(|value| value.text().trim().to_owned()).collect();
    let expressions = reader.expressions(element, item);
    let comparator = element.attribute("Comparator").and_then(|name| {
        let comparator = Comparator::from_odm(name);
        if comparator.is_none() {
            reader.fault(element.line(), Some(item), format!("the comparator {:?} is unknown", shown(name)));
        }
        comparator
    });
    let reason = match (&comparator, values.len(), expressions.len()) {
        (_, 0, 0) => Some("a check has neither a CheckValue nor a FormalExpression"),
        (_, 1.., 1..) => Some("a check has both a CheckValue and a FormalExpression"),
        (None, 1.., 0) if element.attribute("Comparator").is_none() => {
            Some("a check has CheckValues but no Comparator")
        }
        (Some(Comparator::In | Comparator::NotIn), ..) => None,
        (Some(_), 2.., _) => Some("a check with this Comparator takes one CheckValue"),
        _ => None,
    };
    if let Some(reason) = reason {
        reader.fault(element.line(), Some(item), reason);
    }
    let unit = child(element, "MeasurementUnitRef")
        .map(|reference| reader.oid(reference, "MeasurementUnitOID", Some(item)))
        .filter(|unit| !unit.is_empty());
    let message = reader.text(element, "ErrorMessage", Some(item));
    // With expressions a Comparator has nothing to compare with.
    let comparator = comparator.filter(|_| !values.is_empty());
    Check { id, comparator, values, unit, expressions, severity, message, line: element.line() }
}
