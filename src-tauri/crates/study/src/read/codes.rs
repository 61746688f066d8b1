//! Code lists.

use super::item::kind;
use super::reader::{Reader, child, shown};
use super::vendor::{self, Vendor};
use crate::{Choice, CodeList, Element, ItemKind, Oid};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Reads a CodeList.
pub fn codelist(reader: &mut Reader, element: Element<'_>) -> CodeList {
    let oid = reader.oid(element, "OID", None);
    reader.only(element, &["Description", "CodeListItem", "EnumeratedItem", "ExternalCodeList", "Alias"]);
    let kind = kind(reader, element, &oid);
    let mut choices = Vec::new();
    for item in element.children().filter(|c| matches!(c.name(), "CodeListItem" | "EnumeratedItem")) {
        let choice = choice(reader, item, &oid, kind);
        choices.push((reader.number(item, "OrderNumber", Some(&oid)), item.line(), (choice, item.line())));
    }
    let mut index = HashMap::with_capacity(choices.len());
    let mut kept = Vec::with_capacity(choices.len());
    for (choice, line) in reader.in_order(choices, Some(&oid)) {
        let place = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        if index.contains_key(&choice.code) {
            let reason = format!("the code {:?} stands twice", shown(&choice.code));
            reader.fault(line, Some(&oid), reason);
        } else if !choice.code.is_empty() {
            index.insert(choice.code.clone(), place);
            kept.push(choice);
        }
    }
    let external = child(element, "ExternalCodeList").map(|external| {
        let dictionary = reader.required(external, "Dictionary", Some(&oid)).to_owned();
        (dictionary, external.attribute("Version").map(str::to_owned))
    });
    earlier_codes(reader, &kept, &index, element.line(), &oid);
    if kept.is_empty() && external.is_none() {
        reader.fault(element.line(), Some(&oid), "the code list has no codes");
    }
    let mut vendor = Vendor::read(reader, element, &oid);
    CodeList {
        name: reader.required(element, "Name", Some(&oid)).to_owned(),
        kind,
        choices: kept,
        external,
        dictionary: vendor::dictionary(reader, &mut vendor),
        aliases: vendor.finish(reader),
        line: element.line(),
        index,
        oid,
    }
}

fn choice(reader: &mut Reader, element: Element<'_>, owner: &Oid, kind: ItemKind) -> Choice {
    reader.only(element, &["Decode", "Alias"]);
    let code = reader.required(element, "CodedValue", Some(owner));
    if kind.is_numeric() && !code.is_empty() && code.parse::<Decimal>().is_err() {
        let reason = format!("the code {:?} is not a number, but the code list is {}", shown(code), kind.odm_name());
        reader.fault(element.line(), Some(owner), reason);
    }
    let rank = element.attribute("Rank").and_then(|rank| {
        let number = rank.trim().parse().ok();
        if number.is_none() {
            reader.fault(element.line(), Some(owner), format!("Rank={:?} is not a number", shown(rank)));
        }
        number
    });
    let mut vendor = Vendor::read(reader, element, owner);
    let was = vendor::was(reader, &mut vendor, code);
    Choice {
        code: code.into(),
        was,
        label: reader.text(element, "Decode", Some(owner)),
        rank,
        entry: vendor::entry(&mut vendor).map(Arc::new),
        aliases: vendor.finish(reader),
    }
}

/// What a code was called once must not be another code's name now, nor two codes' past.
fn earlier_codes(reader: &mut Reader, choices: &[Choice], index: &HashMap<Arc<str>, u32>, line: u32, owner: &Oid) {
    let mut known: HashSet<&Arc<str>> = HashSet::new();
    for was in choices.iter().flat_map(|choice| &choice.was) {
        if index.contains_key(was) {
            let reason = format!("a code was {:?}, but {:?} is still a code of the list", shown(was), shown(was));
            reader.fault(line, Some(owner), reason);
        } else if !known.insert(was) {
            reader.fault(line, Some(owner), format!("two codes were {:?}", shown(was)));
        }
    }
}
