//! What ODM lacks, said with ODM's own Alias: `Context="urn:outpost:odm:1:<key>"`.

use super::reader::{Reader, shown, too_large};
use crate::dictionary::{Dictionary, Entry};
use crate::{
    Alias, Analyte, AnalytePart, Anchor, Control, Element, Expression, ItemKind, Missing, Oid, Qualifier, Repetition,
    Setting, Text, Timing, place,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Begins the context of every alias that this program reads itself.
pub const PREFIX: &str = "urn:outpost:odm:1:";
const SETTING: &str = "setting:";

/// The aliases of one definition: those that this program reads, each to be taken by its key, and the others.
pub struct Vendor {
    owner: Oid,
    own: Vec<(String, String, u32)>,
    others: Vec<Alias>,
}

impl Vendor {
    /// Reads the aliases of `element`.
    pub fn read(reader: &mut Reader, element: Element<'_>, owner: &Oid) -> Self {
        let mut vendor = Self { owner: owner.clone(), own: Vec::new(), others: Vec::new() };
        for (alias, line) in reader.aliases(element, Some(owner)) {
            match alias.context.strip_prefix(PREFIX) {
                Some("means") => reader.means(element, owner, &alias.name, line),
                Some(key) => vendor.own.push((key.to_owned(), alias.name, line)),
                None => vendor.others.push(alias),
            }
        }
        vendor
    }

    /// Takes the value and line of a key.
    pub fn take(&mut self, key: &str) -> Option<(String, u32)> {
        let at = self.own.iter().position(|(known, _, _)| known == key)?;
        let (_, value, line) = self.own.swap_remove(at);
        Some((value, line))
    }

    /// Names the keys that nobody took; gives the other aliases.
    pub fn finish(self, reader: &mut Reader) -> Vec<Alias> {
        for (key, _, line) in self.own {
            let reason = format!("the alias {PREFIX}{} means nothing here", shown(&key));
            reader.fault(line, Some(&self.owner), reason);
        }
        self.others
    }

    fn fault(&self, reader: &mut Reader, line: u32, reason: impl Into<String>) {
        reader.fault(line, Some(&self.owner), reason);
    }

    /// Takes a key and reads its value; a fault says what the key takes.
    fn parse<T>(&mut self, reader: &mut Reader, key: &str, takes: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (value, line) = self.take(key)?;
        let parsed = read(value.trim());
        if parsed.is_none() {
            self.fault(reader, line, format!("the alias {key} is {:?} but takes {takes}", shown(&value)));
        }
        parsed
    }
}

/// The aliases of a definition that has no key of its own.
pub fn plain(reader: &mut Reader, element: Element<'_>, owner: &Oid) -> Vec<Alias> {
    Vendor::read(reader, element, owner).finish(reader)
}

/// The settings of the protocol: `setting:<KEY>` is `value | citation`.
pub fn settings(reader: &mut Reader, protocol: Element<'_>) -> BTreeMap<String, Setting> {
    let mut settings = BTreeMap::new();
    for (alias, line) in reader.aliases(protocol, None) {
        let Some(own) = alias.context.strip_prefix(PREFIX) else { continue };
        let Some(key) = own.strip_prefix(SETTING).filter(|key| !key.is_empty()) else {
            reader.fault(line, None, format!("the alias {} means nothing on a protocol", shown(&alias.context)));
            continue;
        };
        match alias.name.split_once('|') {
            Some((value, citation)) if !value.trim().is_empty() && !citation.trim().is_empty() => {
                let setting = Setting { value: value.trim().to_owned(), citation: citation.trim().to_owned() };
                settings.insert(key.to_owned(), setting);
            }
            _ => reader.fault(line, None, format!("the setting {} is not \"value | citation\"", shown(key))),
        }
    }
    settings
}

/// The timing of an event: `anchor`, `offset`, `window`, `every`, `max`, `times`, `until`.
pub fn timing(reader: &mut Reader, vendor: &mut Vendor, repeating: bool) -> Option<Timing> {
    let line = vendor.own.first().map_or(0, |&(_, _, line)| line);
    let anchor = vendor.parse(reader, "anchor", "\"event <OID>\" or \"item <event>/<form>/<group>/<item>\"", anchor);
    let offset = vendor.parse(reader, "offset", "a number of days", |text| text.parse::<i32>().ok().filter(in_reach));
    let window = vendor.parse(reader, "window", "days before and after, such as \"-3 +3\"", window);
    let every = vendor.parse(reader, "every", "a number of days", |text| {
        text.parse::<u32>().ok().filter(|n| (1..=36_525).contains(n))
    });
    let max = vendor.parse(reader, "max", "a number of repeats", |text| text.parse::<u32>().ok().filter(|&n| n > 0));
    let mut expression = |key: &str| {
        vendor.take(key).map(|(text, line)| {
            if let Some(reason) = too_large(&text, 0) {
                vendor.fault(reader, line, reason);
            }
            Expression { context: "CEL".to_owned(), text, line }
        })
    };
    let (times, until) = (expression("times"), expression("until"));
    let goes_on = max.is_some() || times.is_some() || until.is_some();
    let repeat = every.map(|every_days| Repetition { every_days, max, times, until });
    if repeat.is_none() && goes_on {
        vendor.fault(reader, line, "the aliases max, times and until need every");
    }
    if repeat.is_some() && !repeating {
        vendor.fault(reader, line, "is planned to repeat but is not Repeating");
    }
    let Some(anchor) = anchor else {
        if offset.is_some() || window.is_some() || every.is_some() {
            vendor.fault(reader, line, "is planned but has no anchor");
        }
        return None;
    };
    let (before_days, after_days) = window.unwrap_or((0, 0));
    Some(Timing { anchor, offset_days: offset.unwrap_or(0), before_days, after_days, repeat })
}

fn in_reach(days: &i32) -> bool {
    days.unsigned_abs() <= 36_525
}

fn anchor(text: &str) -> Option<Anchor> {
    let (kind, rest) = text.split_once(char::is_whitespace)?;
    let oids: Vec<Oid> =
        rest.trim().split('/').map(|part| place::unescape(part).ok().map(Oid::from)).collect::<Option<_>>()?;
    match (kind, oids.as_slice()) {
        ("event", [event]) => Some(Anchor::Event(event.clone())),
        ("item", [event, form, group, item]) => {
            Some(Anchor::Item { event: event.clone(), form: form.clone(), group: group.clone(), item: item.clone() })
        }
        _ => None,
    }
}

fn window(text: &str) -> Option<(u32, u32)> {
    let (before, after) = text.split_once(char::is_whitespace)?;
    let days = |text: &str, sign: &str| -> Option<u32> {
        let digits = if text == "0" { text } else { text.strip_prefix(sign)? };
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let (before, after) = (days(before, "-")?, days(after.trim(), "+")?);
    (before <= 36_525 && after <= 36_525).then_some((before, after))
}

/// `convert`: `<unit>=<factor>; …`.
pub fn conversions(reader: &mut Reader, vendor: &mut Vendor, kind: ItemKind, units: &[Oid]) -> Vec<(Oid, Decimal)> {
    let Some((text, line)) = vendor.take("convert") else { return Vec::new() };
    if !kind.is_numeric() {
        vendor.fault(reader, line, "units are converted but the item is no number");
    }
    let mut conversions: Vec<(Oid, Decimal)> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()).take(units.len() + 1) {
        let read = part.rsplit_once('=').and_then(|(unit, factor)| {
            let factor = factor.trim().parse::<Decimal>().ok().filter(|f| f.is_sign_positive() && !f.is_zero())?;
            Some((Oid::from(unit.trim()), factor))
        });
        let reason = match &read {
            None => Some(format!("{:?} is not \"unit=factor\"", shown(part))),
            Some((unit, _)) if !units.contains(unit) => {
                Some(format!("the unit {unit} is converted but is none of the item's"))
            }
            Some((unit, _)) if units.first() == Some(unit) => {
                Some(format!("the unit {unit} is the standard unit already"))
            }
            Some((unit, _)) if conversions.iter().any(|(known, _)| known == unit) => {
                Some(format!("the unit {unit} is converted twice"))
            }
            Some(_) => None,
        };
        match (reason, read) {
            (Some(reason), _) => vendor.fault(reader, line, reason),
            (None, Some(conversion)) => conversions.push(conversion),
            (None, None) => {}
        }
    }
    conversions
}

/// `qualifier`: the signs that may stand before a number.
pub fn qualifiers(reader: &mut Reader, vendor: &mut Vendor, kind: ItemKind) -> Vec<Qualifier> {
    let read = |text: &str| {
        text.split_whitespace().map(Qualifier::from_sign).collect::<Option<Vec<_>>>().filter(|_| kind.is_numeric())
    };
    vendor.parse(reader, "qualifier", "signs out of < > <= >= on a number", read).unwrap_or_default()
}

/// `missing`: the reasons that may stand instead of a value; every reason where the study does not say.
pub fn missing(reader: &mut Reader, vendor: &mut Vendor) -> Vec<Missing> {
    let read = |text: &str| text.split_whitespace().map(Missing::from_code).collect::<Option<Vec<_>>>();
    let takes = "codes out of not_done unknown not_applicable not_asked refused";
    vendor.parse(reader, "missing", takes, read).unwrap_or_else(|| Missing::ALL.to_vec())
}

/// `was`: what a code was called in earlier versions, several parted by `;`.
pub fn was(reader: &mut Reader, vendor: &mut Vendor, code: &str) -> Vec<Arc<str>> {
    let read = |text: &str| {
        let codes: Vec<Arc<str>> = text.split(';').map(|part| Arc::from(part.trim())).collect();
        codes.iter().all(|was| !was.is_empty() && **was != *code).then_some(codes)
    };
    vendor.parse(reader, "was", "earlier codes of this choice, parted by ;", read).unwrap_or_default()
}

/// `headline`: the place among the facts at a subject's head.
pub fn headline(reader: &mut Reader, vendor: &mut Vendor) -> Option<u32> {
    vendor.parse(reader, "headline", "a number from 1", |text| text.parse().ok().filter(|&n| n > 0))
}

/// `analyte`, `lln`, `uln` or `significance`: what the item holds of a laboratory test; at most one of them.
pub fn analyte(reader: &mut Reader, vendor: &mut Vendor) -> Option<Analyte> {
    let takes = "an analyte's code, and only one of analyte, lln, uln and significance";
    let mut found = None;
    for (key, part) in AnalytePart::ALL {
        let alone = found.is_none();
        let code = vendor.parse(reader, key, takes, |text| (alone && Analyte::is_code(text)).then(|| text.to_owned()));
        found = code.map(|code| Analyte { code, part }).or(found);
    }
    found
}

/// `control`: how the item is shown.
pub fn control(reader: &mut Reader, vendor: &mut Vendor) -> Option<Control> {
    vendor.parse(reader, "control", "long, list or choices", |text| match text {
        "long" => Some(Control::Long),
        "list" => Some(Control::List),
        "choices" => Some(Control::Choices),
        _ => None,
    })
}

/// `role`: the masked roles that an event or a form is open to.
pub fn roles(vendor: &mut Vendor) -> Vec<String> {
    vendor.take("role").map(|(value, _)| value.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
}

/// `masked`: whether masked roles must not see a group or item of a form that is open to them.
pub fn masked(reader: &mut Reader, vendor: &mut Vendor) -> Option<bool> {
    vendor.parse(reader, "masked", "yes or no", |text| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    })
}

/// `dictionary`: what a code list was loaded from, as `name | source`.
pub fn dictionary(reader: &mut Reader, vendor: &mut Vendor) -> Option<Dictionary> {
    // Kept in the file for whoever asks; nothing is decided by it.
    let _ = vendor.take("meddra-licence");
    vendor.parse(reader, "dictionary", "\"name | source\"", |text| {
        let (name, source) = text.split_once('|')?;
        Some(Dictionary::new(name.trim(), source.trim()))
    })
}

/// What a dictionary says of a term: `soc`, `grade1` to `grade5`, `definition`, `note`, `synonyms`, `other`.
pub fn entry(vendor: &mut Vendor) -> Option<Entry> {
    let (soc, _) = vendor.take("soc")?;
    let mut entry = Entry { soc: Text::new("en", &soc), ..Entry::default() };
    let translated: Vec<String> =
        vendor.own.iter().filter_map(|(key, ..)| key.strip_prefix("soc:")).map(str::to_owned).collect();
    for language in translated {
        if let Some((name, _)) = vendor.take(&format!("soc:{language}")) {
            entry.soc.push(&language, &name);
        }
    }
    for (place, grade) in entry.grades.iter_mut().enumerate() {
        *grade = vendor.take(&format!("grade{}", place + 1)).map(|(text, _)| text.into());
    }
    let mut text = |key: &str| vendor.take(key).map(|(text, _)| text).unwrap_or_default();
    (entry.definition, entry.note) = (text("definition").into(), text("note").into());
    let synonyms = text("synonyms");
    entry.synonyms = synonyms.split(';').map(str::trim).filter(|name| !name.is_empty()).map(Into::into).collect();
    entry.other = text("other") == "specify";
    Some(entry)
}
