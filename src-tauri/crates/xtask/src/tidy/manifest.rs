//! The dependencies that a `Cargo.toml` names, in each of the ways in which it can.

/// One dependency.
#[derive(Debug, PartialEq)]
pub struct Dependency {
    /// The name under which it is used.
    pub name: String,
    /// The package that it renames.
    pub package: Option<String>,
    /// Who has it.
    pub of: Section,
    /// The first line that speaks of it.
    pub line: usize,
    /// All that is said of it, comments included.
    pub said: String,
}

/// Which list a dependency stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Of the product or its build script, on every system or on one.
    Product,
    /// Of its tests, examples and benches.
    Tests,
    /// What the workspace's members may take over.
    Workspace,
}

/// Every dependency of a manifest, in its order.
pub fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut of = None;
    let mut table: Option<String> = None;
    // Inside a list over several lines nothing new begins.
    let mut depth = 0;
    for (index, line) in manifest.lines().enumerate() {
        let text = line.trim();
        if depth == 0 && text.starts_with('[') {
            (of, table) = heading(text);
            if let (Some(of), Some(name)) = (of, &table) {
                found.push(Dependency { name: name.clone(), package: None, of, line: index + 1, said: String::new() });
            }
            continue;
        }
        let Some(of) = of.filter(|_| !text.is_empty() && !text.starts_with('#')) else { continue };
        let begins = depth == 0 && table.is_none();
        depth += brackets(text);
        let name = unquoted(text.split([' ', '.', '=']).next().unwrap_or_default());
        match found.iter_mut().rfind(|known| known.of == of && (!begins || known.name == name)) {
            Some(known) => known.said += &format!("{text}\n"),
            None => found.push(Dependency {
                name: name.to_owned(),
                package: None,
                of,
                line: index + 1,
                said: format!("{text}\n"),
            }),
        }
    }
    for dependency in &mut found {
        dependency.package = package(&dependency.said);
    }
    found
}

/// Which list a heading opens, and the dependency that it is about where it is about one.
fn heading(text: &str) -> (Option<Section>, Option<String>) {
    let inside = text.trim_start_matches('[').split(']').next().unwrap_or_default().trim();
    let (before, kind, after) = ["dev-dependencies", "build-dependencies", "dependencies"]
        .into_iter()
        .find_map(|kind| inside.split_once(kind).map(|(before, after)| (before, kind, after)))
        .unwrap_or((inside, "", ""));
    let of = match (before, kind) {
        (_, "") => None,
        ("workspace.", _) => Some(Section::Workspace),
        (_, "dev-dependencies") => Some(Section::Tests),
        _ => Some(Section::Product),
    };
    (of, after.strip_prefix('.').map(|name| unquoted(name).to_owned()))
}

/// How many more brackets a line opens than it closes, those in quotes and comments left out.
fn brackets(text: &str) -> i32 {
    let mut depth = 0;
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '#' => break,
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    depth
}

/// The package that is meant, where it has another name: `package = "…"` in what is said of a dependency.
fn package(said: &str) -> Option<String> {
    let (_, after) = said.split_once("package")?;
    let name = after.trim_start().strip_prefix('=')?.trim_start().strip_prefix('"')?;
    Some(name.split('"').next()?.to_owned())
}

fn unquoted(name: &str) -> &str {
    name.trim().trim_matches('"')
}
