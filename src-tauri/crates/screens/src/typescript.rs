//! The contract as TypeScript: what `cargo xtask gen` writes to `ui/src/ipc/`.

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};

use ts_rs::{Config, TS, TypeVisitor};

use crate::contract::{self, Command, Event, Request, Visitor};
use crate::messages::{AnswerError, FormState};

const HEAD: &str = "// Written by `cargo xtask gen` from src-tauri/crates/screens/src/contract.rs. Do not edit.\n";

/// The text of `ui/src/ipc/messages.ts`: every message that a command or an event names, by name, and the contract.
pub fn messages() -> String {
    let seen = See::all();
    let mut out = HEAD.to_owned();
    for declaration in seen.messages.values() {
        out.push('\n');
        out.push_str(declaration);
    }
    out.push_str("\n/** Every command, with what it is asked and what it answers. */\nexport type Contract = {\n");
    for declared in &seen.commands {
        let request = declared.request.as_deref().unwrap_or("undefined");
        out.push_str(&format!(
            "  {}: {{ request: {request}; answer: {} }};\n",
            declared.command.name(),
            declared.answer
        ));
    }
    out.push_str("};\n\n/** Every event that the shell sends by itself. */\nexport type Events = {\n");
    for (name, message) in &seen.events {
        out.push_str(&format!("  {name}: {message};\n"));
    }
    out.push_str("};\n");
    out
}

/// The text of `ui/src/ipc/commands.ts`: one function for each command and event.
pub fn commands() -> String {
    let seen = See::all();
    let mut out = format!("{HEAD}\nimport {{ call, hear }} from \"./door\";\n");
    out.push_str("import type { Contract, Events } from \"./messages\";\n\n");
    out.push_str("type Asked<K extends keyof Contract> = Contract[K][\"request\"];\n");
    let mut screen = "";
    for declared in &seen.commands {
        let (command, name) = (declared.command, declared.command.name());
        if command.screen() != screen {
            screen = command.screen();
            out.push_str(&format!("\n// {screen}\n"));
        }
        let function = camel(name);
        let whole = match declared.request {
            Some(_) => format!("(request: Asked<\"{name}\">) => call(\"{name}\", request)"),
            None => format!("() => call(\"{name}\")"),
        };
        out.push_str(&format!("/**{} */\nexport const {function} = {whole};\n", command.docs()));
    }
    out.push_str("\n// What the shell says by itself\n");
    for (name, _) in &seen.events {
        let function = camel(&format!("on_{name}"));
        out.push_str(&format!(
            "export const {function} = (then: (event: Events[\"{name}\"]) => void) => hear(\"{name}\", then);\n"
        ));
    }
    out
}

/// The permissions of the window that the contract asks for, in its order: `allow-save-item`.
pub fn permissions() -> impl Iterator<Item = String> {
    Command::ALL.iter().map(|command| format!("allow-{}", command.name().replace('_', "-")))
}

/// A command with its types as TypeScript.
struct Declared {
    command: Command,
    /// None for a command that is asked nothing.
    request: Option<String>,
    answer: String,
}

/// What was seen of the contract.
struct See {
    config: Config,
    met: HashSet<TypeId>,
    messages: BTreeMap<String, String>,
    commands: Vec<Declared>,
    events: Vec<(&'static str, String)>,
}

impl See {
    fn all() -> Self {
        let mut see = Self {
            // Counts and sequence numbers stay far below 2^53, so a plain number holds them.
            config: Config::new().with_large_int("number"),
            met: HashSet::new(),
            messages: BTreeMap::new(),
            commands: Vec::new(),
            events: Vec::new(),
        };
        contract::visit(&mut see);
        see.visit::<AnswerError>();
        // An update holds its fields flat, so that nothing names it; the pages do.
        see.visit::<FormState>();
        see
    }
}

impl Visitor for See {
    fn command<Q: Request>(&mut self) {
        Q::visit_dependencies(self);
        Q::visit_generics(self);
        self.visit::<Q::Answer>();
        let answer = Some(Q::Answer::name(&self.config)).filter(|name| name != "null");
        self.commands.push(Declared {
            command: Q::COMMAND,
            request: (!Q::FIELDS.is_empty()).then(|| Q::inline(&self.config).replace(", }", " }")),
            answer: answer.unwrap_or_else(|| "void".to_owned()),
        });
    }

    fn event<E: Event>(&mut self) {
        self.visit::<E>();
        self.events.push((E::NAME, E::name(&self.config)));
    }
}

impl TypeVisitor for See {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.met.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Only what is declared by itself has a file of its own; strings and lists have none.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let whole = tidy(&format!("{}\nexport {}\n", docs.trim_end(), T::decl(&self.config)));
            let double = self.messages.insert(T::ident(&self.config), whole);
            assert!(double.is_none(), "two messages are called {}", T::ident(&self.config));
        }
    }
}

/// `save_item` as `saveItem`.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut out = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

/// Puts one-line comments on one line, indents the fields and drops trailing space: a person reads this file, too.
fn tidy(text: &str) -> String {
    let joined = text.replace("/**\n * ", "/** ").replace("\n */", " */");
    let mut inside = false;
    let mut out = String::new();
    for line in joined.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
        let (line, closes) = match line.strip_suffix(" };") {
            Some(rest) if inside => (rest, true),
            _ => (line, false),
        };
        out.push_str(if inside { "  " } else { "" });
        out.push_str(line);
        out.push('\n');
        if closes {
            out.push_str("};\n");
            inside = false;
        }
        inside |= line.ends_with("= {");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_the_contract_names_is_declared() {
        let text = messages();
        assert!(!text.contains("bigint"));
        let (_, contract) = text.split_once("export type Contract = {").expect("the contract");
        let words = contract.split(|c: char| !c.is_alphanumeric() && c != '_');
        for name in words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase())) {
            let built_in = ["Array", "Events", "Every", "null"].contains(&name);
            assert!(built_in || text.contains(&format!("export type {name} = ")), "{name} is not declared");
        }
    }

    /// security.md, "IPC takes paths from the window": whoever ran a script in the window named the file that was read or
    /// written. A place on the disk is chosen in the shell's dialog, and a request holds a number for it.
    #[test]
    fn no_request_names_a_place_on_the_disk() {
        let seen = See::all();
        for declared in &seen.commands {
            let mut asked: Vec<&str> = declared.request.as_deref().into_iter().collect();
            let mut known = HashSet::new();
            while let Some(text) = asked.pop() {
                for (name, kind) in fields(text) {
                    let lower = name.to_lowercase();
                    let is_place = PLACES.iter().any(|place| lower.contains(place));
                    assert!(!is_place || !kind.contains("string"), "{}: {name}: {kind}", declared.command.name());
                }
                let within = text.split(|c: char| !c.is_alphanumeric()).filter(|word| known.insert(*word));
                asked.extend(within.filter_map(|word| seen.messages.get(word)).map(String::as_str));
            }
        }
    }

    /// What a field would be called that holds a place on the disk.
    const PLACES: &[&str] = &["path", "file", "folder", "directory", "kit", "backup", "bundle", "into"];

    /// Names and types of the fields in a declaration.
    fn fields(text: &str) -> impl Iterator<Item = (&str, &str)> {
        let pieces = text.split(['{', '}', ',', ';', '\n']).filter_map(|piece| piece.split_once(':'));
        let named = pieces.map(|(name, kind)| (name.trim().trim_end_matches('?'), kind));
        named.filter(|(name, _)| name.chars().all(char::is_alphanumeric))
    }

    #[test]
    fn fields_are_found_however_they_are_declared() {
        let text = "{ kit: number, into?: string | null, reason: Array<string> }";
        let found: Vec<_> = fields(text).map(|(name, kind)| (name, kind.contains("string"))).collect();
        assert_eq!(found, [("kit", false), ("into", true), ("reason", true)]);
        assert!(See::all().messages.values().any(|declared| fields(declared).count() > 5));
    }

    #[test]
    fn every_command_has_its_function() {
        let text = commands();
        for command in Command::ALL {
            assert!(text.contains(&format!("export const {} = ", camel(command.name()))), "{}", command.name());
        }
    }
}
