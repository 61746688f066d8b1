//! The contract as the window meets it: every request read from JSON, its keys at the door, its place in TypeScript.

use screens::contract::{Command, Request, requests};
use screens::messages::{Preferences, Role};
use screens::permissions::{AccessError, check};
use screens::roles::Allowed;
use screens::{typed, typescript};
use serde_json::{Map, Value, json};

use crate::chart::TRIAL;

/// A command as its entry says it: name, fields with their types, and how a request is read.
struct Entry {
    name: &'static str,
    fields: Vec<(&'static str, String)>,
    read: fn(Value) -> Result<Command, String>,
}

fn read<Q: Request>(json: Value) -> Result<Command, String> {
    serde_json::from_value::<Q>(json).map(|_| Q::COMMAND).map_err(|error| error.to_string())
}

macro_rules! entries {
    ($($screen:ident {
        $($(#[doc = $doc:literal])+ $name:ident $Request:ident { $($field:ident: $Type:ty),* $(,)? }
            -> $Answer:ty, $allowed:expr $(, $how:ident)?;)*
    })*) => {
        fn entries() -> Vec<Entry> {
            vec![$($(Entry {
                name: stringify!($name),
                fields: vec![$((stringify!($field), stringify!($Type).replace(' ', ""))),*],
                read: read::<requests::$Request>,
            }),*),*]
        }
    };
}

screens::each_command!(entries);

/// Something that a field of this type takes; nothing for one that may be left out.
fn sample(kind: &str) -> Option<Value> {
    Some(match kind {
        "Event" => json!("SE.SCR[1]"),
        "Form" => json!("SE.SCR[1]/F.VS[1]"),
        "Cell" => json!("SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP"),
        "Subject" | "Oid" | "Lang" | "Secret" | "String" => json!("S01-001"),
        "Role" => json!("nurse"),
        "ChosenId" => json!(7),
        "bool" => json!(true),
        "ChosenFor" => json!("export_folder"),
        "Vec<u32>" => json!([3, 4]),
        "Vec<Subject>" => json!(["S01-001"]),
        "Preferences" => json!({ "language": "en", "theme": "dark", "zoom": 110 }),
        "NewLesion" => json!({ "organ": "LIVER", "place": "segment 6", "certainty": "EQUIVOCAL" }),
        "LabLineTyped" => {
            let names = ["lab", "analyte", "sex", "from", "to", "low", "high", "unit", "replaces"];
            Value::Object(names.into_iter().map(|name| (name.to_owned(), json!(""))).collect())
        }
        "LabMapping" => json!({}),
        other => {
            assert!(other.starts_with("Option<"), "no sample of {other}");
            return None;
        }
    })
}

fn request(entry: &Entry) -> Map<String, Value> {
    entry.fields.iter().filter_map(|(name, kind)| Some(((*name).to_owned(), sample(kind)?))).collect()
}

#[test]
fn every_request_is_read_and_none_without_what_it_needs() {
    let entries = entries();
    assert_eq!(entries.len(), Command::ALL.len());
    for (entry, command) in entries.iter().zip(Command::ALL) {
        let whole = request(entry);
        assert_eq!((entry.read)(Value::Object(whole.clone())), Ok(*command), "{}", entry.name);
        assert_eq!(entry.name, command.name());
        for name in whole.keys() {
            let mut lacking = whole.clone();
            lacking.remove(name);
            // A mapping of a laboratory's file has a default for everything; the field itself is needed all the same.
            assert!((entry.read)(Value::Object(lacking)).is_err(), "{} without {name}", entry.name);
        }
    }
}

#[test]
fn what_is_no_key_is_refused_at_the_door_and_not_repeated() {
    let mut tried = 0;
    for entry in entries() {
        for (name, _) in entry.fields.iter().filter(|(_, kind)| ["Event", "Form", "Cell"].contains(&kind.as_str())) {
            for wrong in ["", "secret", "SE.SCR[1]/secret", "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS/secret", "SE.SCR[]"] {
                let mut request = request(&entry);
                request.insert((*name).to_owned(), json!(wrong));
                let refused = (entry.read)(Value::Object(request)).expect_err(entry.name);
                assert!(!refused.contains("secret"), "{}: {refused}", entry.name);
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "only {tried} keys");
}

#[test]
fn the_windows_calls_ask_for_every_field() {
    let (messages, calls) = (typescript::messages(), typescript::commands());
    for entry in entries() {
        let line = messages.lines().find(|line| line.trim_start().starts_with(&format!("{}: {{", entry.name)));
        let line = line.unwrap_or_else(|| panic!("{} is not in the contract", entry.name));
        for (name, kind) in &entry.fields {
            let optional = kind.starts_with("Option<");
            let wanted = format!("{name}{}: ", if optional { "?" } else { "" });
            assert!(line.contains(&wanted), "{line} lacks {wanted}");
        }
        assert_eq!(line.contains("request: undefined"), entry.fields.is_empty(), "{line}");
        assert_eq!(calls.matches(&format!("call(\"{}\"", entry.name)).count(), 1, "{}", entry.name);
    }
    let permissions: Vec<String> = typescript::permissions().collect();
    assert_eq!(permissions.len(), Command::ALL.len());
    assert!(permissions.contains(&"allow-save-item".to_owned()));
}

#[test]
fn whoever_is_refused_is_told_why() {
    const ROLES: [Role; 4] = [Role::Administrator, Role::Nurse, Role::Investigator, Role::Assessor];
    for command in Command::ALL.iter().copied() {
        let allowed = |role| check(command, Some(role));
        match command.allowed() {
            Allowed::Anyone => assert!(check(command, None).is_ok() && ROLES.iter().all(|role| allowed(*role).is_ok())),
            Allowed::Roles(roles) => {
                assert_eq!(check(command, None), Err(AccessError::Locked), "{}", command.name());
                assert!(!roles.is_empty(), "{} is for nobody", command.name());
                for role in ROLES {
                    let wanted = if roles.contains(&role) { Ok(()) } else { Err(AccessError::NotYourRole) };
                    assert_eq!(allowed(role), wanted, "{} as {role:?}", command.name());
                }
            }
        }
        assert!(!command.docs().trim().is_empty() && !command.screen().is_empty());
    }
}

#[test]
fn preferences_from_an_edited_file_do_no_harm() {
    let kept = |language: &str, theme: &str, zoom: u16| {
        let bounded = Preferences { language: language.into(), theme: theme.into(), zoom }.within_bounds();
        (bounded.language, bounded.theme, bounded.zoom)
    };
    assert_eq!(kept("zh-CN", "dark", 150), ("zh-CN".to_owned(), "dark".to_owned(), 150));
    let (language, theme, zoom) = kept("tlh", "neon", 9_000);
    assert!(language.is_empty() && theme.is_empty() && zoom <= 200);
    assert!(kept("en", "light", 1).2 == 0 || kept("en", "light", 1).2 >= 100);
}

#[test]
fn what_is_typed_is_read_as_the_items_type_or_told_by_a_code() {
    let read = |oid: &str, typed: &str| {
        let item = TRIAL.items.get(oid).expect("an item");
        typed::read(&TRIAL, item, typed)
            .map(|entered| entered.map(|entered| entered.value))
            .map_err(typed::TypedError::code)
    };
    assert_eq!(read("IT.VS.SYSBP", " 120 "), Ok(Some("120".to_owned())));
    assert_eq!(read("IT.VS.SYSBP", "  "), Ok(None), "an emptied field");
    let refused = read("IT.VS.SYSBP", "high").expect_err("no number");
    assert!(!refused.is_empty() && refused != "too_long");
    let longest = "x".repeat(64 * 1024);
    assert_ne!(read("IT.SAE.SAENARR", &longest), Err("too_long"));
    assert_eq!(read("IT.SAE.SAENARR", &format!("{longest}x")), Err("too_long"));
}
