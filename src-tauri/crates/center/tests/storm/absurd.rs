//! Entries that are well-formed and absurd: any act, any of its fields at its limits, under any head, chained and signed.
//!
//! Every act begins as one of the lines in `tests/fuzz/seeds/entry`; an act without a line there is missed by a test.

use std::fs;
use std::path::Path;

use casebook::{Act, Entry, EntryId, Line, LogEnd, TextCommit, TextRow};
use seal::sha256;
use serde_json::{Map, Value};

use crate::ground::HOSTILE;
use crate::limits::{self, MOMENTS, OFFSETS, OWN, PEOPLE, TICKS, VERSIONS};
use crate::mutate::Chance;

/// Keys of an entry that are not the act's.
const HEAD: [&str; 11] = ["v", "study", "log", "seq", "prev", "at", "tz", "tick", "by", "mdv", "act"];
/// What only the center says: from a device it is refused, and with it the whole bundle.
const CENTERS: [&str; 9] = [
    "device.approved",
    "device.revoked",
    "study.published",
    "text.redacted",
    "allocation.published",
    "allocation.released",
    "allocation.refused",
    "recovery.released",
    "log.settled",
];
/// How often an entry is tried before a plain one is taken: the format refuses some.
const TRIES: usize = 16;
/// Fields that some act may leave out.
const OPTIONAL: [&str; 13] =
    ["rest", "reason", "comment", "deviation", "value", "missing", "unit", "raw", "key", "sex", "low", "date", "file"];

/// One good line of every act.
pub struct Seeds(Vec<Seed>);

struct Seed {
    act: String,
    is_of_subject: bool,
    fields: Map<String, Value>,
}

/// Where the next entry stands, and what it may refer to.
pub struct Place<'a> {
    pub end: LogEnd,
    /// Entries that are held, mostly.
    pub known: &'a [EntryId],
    /// The text that travels with it.
    pub text: TextCommit,
}

impl Seeds {
    pub fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fuzz/seeds/entry");
        let mut files: Vec<_> = fs::read_dir(folder).expect("the seeds").flatten().map(|file| file.path()).collect();
        files.sort();
        let seeds: Vec<Seed> = files.iter().map(|file| Seed::read(&fs::read(file).expect("a seed"))).collect();
        for name in Act::NAMES {
            assert!(seeds.iter().any(|seed| seed.act == *name), "{name} has no line in tests/fuzz/seeds/entry");
        }
        Self(seeds)
    }

    /// A line that can be read; so many of its fields were pushed to their limits.
    pub fn line(&self, place: &Place<'_>, most_spoilt: usize, chance: &mut Chance) -> Line {
        let tried = (0..TRIES).find_map(|_| {
            let mut seed = chance.pick(&self.0);
            while CENTERS.contains(&seed.act.as_str()) && !chance.once_in(8) {
                seed = chance.pick(&self.0);
            }
            let spoilt = chance.below(most_spoilt + 1);
            seed.line(place, spoilt, chance)
        });
        tried.unwrap_or_else(|| {
            let plain = self.0.iter().find(|seed| seed.act == "subject.registered").expect("a seed");
            plain.line(place, 0, chance).expect("a plain entry")
        })
    }
}

impl Seed {
    fn read(bytes: &[u8]) -> Self {
        let json: Value = serde_json::from_slice(bytes).expect("JSON");
        let Value::Object(mut fields) = json else { panic!("an entry is an object") };
        let act = fields["act"].as_str().expect("an act").to_owned();
        let is_of_subject = fields.contains_key("mdv");
        HEAD.iter().for_each(|key| drop(fields.remove(*key)));
        Self { act, is_of_subject, fields }
    }

    fn line(&self, place: &Place<'_>, spoilt: usize, chance: &mut Chance) -> Option<Line> {
        let mut fields = Value::Object(self.fields.clone());
        make_own(&mut fields, "", place, chance);
        for _ in 0..spoilt {
            spoil_one(&mut fields, place, chance);
        }
        let head = self.head(place, spoilt > 0, chance);
        let fields = serde_json::to_string(&fields).ok()?;
        let more = if fields == "{}" { "}" } else { &fields[1..] };
        let comma = if fields == "{}" { "" } else { "," };
        let entry: Entry = serde_json::from_str(&format!("{head}\"act\":\"{}\"{comma}{more}", self.act)).ok()?;
        Line::write(entry, sha256).ok()
    }

    fn head(&self, place: &Place<'_>, is_spoilt: bool, chance: &mut Chance) -> String {
        let usual = !is_spoilt || !chance.once_in(3);
        let mut one = |of: &[&str]| if usual { of[0].to_owned() } else { (*chance.pick(of)).to_owned() };
        let (at, tz, tick, version) = (one(&MOMENTS), one(&OFFSETS), one(&TICKS), one(&VERSIONS));
        // What the program itself notices is in no person's name.
        let by = if is_spoilt && chance.once_in(4) { limits::text("by", chance) } else { self.speaker().to_owned() };
        let version = if self.is_of_subject { format!("\"mdv\":{},", quoted(&version)) } else { String::new() };
        format!(
            r#"{{"v":1,"study":"ST.GOOD","log":"{HOSTILE}","seq":{},"prev":"{}","at":"{at}","tz":"{tz}","tick":"{tick}","by":{},{version}"#,
            place.end.seq.saturating_add(1),
            place.end.head,
            quoted(&by),
        )
    }

    /// Who says such a thing.
    fn speaker(&self) -> &'static str {
        const PROGRAM: [&str; 5] =
            ["session.refused", "clock.suspected", "alarm.raised", "recovery.sealed", "vault.restored"];
        if PROGRAM.contains(&self.act.as_str()) { "system" } else { PEOPLE[0] }
    }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Puts the hostile device's own names in the place of the seed's.
fn make_own(value: &mut Value, key: &str, place: &Place<'_>, chance: &mut Chance) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| make_own(value, key, place, chance)),
        Value::Array(values) => values.iter_mut().for_each(|value| make_own(value, key, place, chance)),
        Value::String(text) => {
            let own = match key {
                "subject" => (*chance.pick(&OWN[..3])).to_owned(),
                "device" | "log" => HOSTILE.to_owned(),
                "site" | "sites" => "S01".to_owned(),
                "user" => PEOPLE[0].to_owned(),
                "text" => place.text.to_string(),
                _ if is_id(text) => any_id(place, chance),
                _ => return,
            };
            *text = own;
        }
        _ => {}
    }
    in_order(value);
}

/// Lists of entries have one order.
fn in_order(value: &mut Value) {
    let Value::Array(values) = value else { return };
    if values.iter().all(|value| value.as_str().is_some_and(is_id)) {
        values.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
        values.dedup();
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn any_id(place: &Place<'_>, chance: &mut Chance) -> String {
    match chance.below(8) {
        0 => "0".repeat(64),
        1 => "f".repeat(64),
        2 => EntryId(sha256(&chance.number().to_le_bytes())).hex(),
        _ if place.known.is_empty() => place.end.head.hex(),
        _ => chance.pick(place.known).hex(),
    }
}

/// Pushes one field to its limits, leaves it out, or puts another kind of thing in its place.
fn spoil_one(fields: &mut Value, place: &Place<'_>, chance: &mut Chance) {
    let mut all = Vec::new();
    pointers(fields, String::new(), &mut all);
    let pointer = chance.pick(&all).clone();
    // A list's members are named by the list.
    let names = pointer.rsplit('/').find(|name| name.parse::<usize>().is_err()).unwrap_or_default().to_owned();
    let Some(value) = fields.pointer_mut(&pointer) else { return };
    match value {
        Value::String(text) if is_id(text) => *text = any_id(place, chance),
        Value::String(text) => *text = limits::text(&names, chance),
        Value::Number(_) => *value = limits::number(chance),
        Value::Bool(is) => *is = !*is,
        Value::Array(values) => spoil_list(values, place, chance),
        Value::Object(fields) => spoil_object(fields, place, chance),
        Value::Null => *value = Value::from(limits::text(&names, chance)),
    }
    in_order(value);
}

fn spoil_list(values: &mut Vec<Value>, place: &Place<'_>, chance: &mut Chance) {
    let Some(first) = values.first().cloned() else {
        let many = *chance.pick(&[1, 2, 1000]);
        values.extend((0..many).map(|_| Value::from(any_id(place, chance))));
        return;
    };
    match chance.below(4) {
        0 => values.clear(),
        1 => values.truncate(1),
        2 if first.is_object() => {
            // Each answer of another cell: a list may name a cell once.
            let many = *chance.pick(&[2, 255, 256, 257]);
            values.extend((values.len()..many).map(|number| {
                let mut another = first.clone();
                another["repeat"] = Value::from(number.to_string());
                another
            }));
        }
        _ => values.push(first),
    }
}

fn spoil_object(fields: &mut Map<String, Value>, place: &Place<'_>, chance: &mut Chance) {
    let keys: Vec<String> = fields.keys().cloned().collect();
    if chance.once_in(2) && !keys.is_empty() {
        fields.remove(chance.pick(&keys));
        return;
    }
    let key = *chance.pick(&OPTIONAL);
    let said = match key {
        "reason" | "comment" | "deviation" => serde_json::json!({ "text": place.text.to_string() }),
        _ => Value::from(limits::text(key, chance)),
    };
    fields.insert(key.to_owned(), said);
}

/// The places of all values.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| pointers(value, format!("{at}/{key}"), found)),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(number, value)| pointers(value, format!("{at}/{number}"), found));
        }
        _ => {}
    }
    found.push(at);
}

/// A free text of any length that may be kept, and now and then one that may not.
pub fn words(chance: &mut Chance) -> TextRow {
    let words = match chance.below(40) {
        0 => "x".repeat(casebook::MAX_TEXT),
        1 => "\u{1}".repeat(casebook::MAX_TEXT),
        2 => "x".repeat(casebook::MAX_TEXT + 1),
        _ => limits::text("words", chance),
    };
    let mut salt = [0; 16];
    salt[..8].copy_from_slice(&chance.number().to_le_bytes());
    let commit = TextCommit(sha256(&[&salt, words.as_bytes()].concat()));
    TextRow { commit, salt: seal::hex::encode(&salt), text: words.as_str().into() }
}
