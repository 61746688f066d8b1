//! `constants`.

use super::unwritten;
use crate::done::{CommandError, Done, GOOD, say};
use crate::source::{MOST_OF_A_TABLE, read_file};
use clap::Args;
use clinical::functions;
use exchange::CsvTable;
use oncology::constants::{Constant, Mark};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use study::{ItemDef, Study};

/// Print every clinical constant of the program and, with --study, every setting, unit factor, limit, window and formula of a
/// study definition, each with its source. A clinician reads, dates and signs the sheet before the trial begins.
///
/// Marks: V, read in the named source or computed; K, domain knowledge whose source text was not re-read. A line of a study
/// file bears the mark that its author wrote beside it, in square brackets.
///
///   outpost-center constants --study src-tauri/studies/hcc-oligoprogression.xml --csv > sheet.csv
#[derive(Args)]
pub struct Constants {
    /// Add what this study definition settles.
    #[arg(long, value_name = "FILE")]
    study: Option<PathBuf>,
    /// As CSV: name, value, unit, meaning, source, mark.
    #[arg(long)]
    csv: bool,
}

/// A line of the sheet.
struct Line {
    name: String,
    value: String,
    unit: String,
    meaning: String,
    source: String,
    mark: String,
}

impl From<Constant> for Line {
    fn from(constant: Constant) -> Self {
        Self {
            name: constant.name,
            value: constant.value,
            unit: constant.unit.to_owned(),
            meaning: constant.meaning,
            source: constant.source.to_owned(),
            mark: constant.mark.code().to_owned(),
        }
    }
}

impl Constants {
    pub fn run(&self) -> Done {
        let mut parts =
            vec![("The program".to_owned(), oncology::constants::all().into_iter().map(Line::from).collect())];
        if let Some(path) = &self.study {
            let bytes = read_file(path, MOST_OF_A_TABLE)?;
            let study = match Study::read(&path.display().to_string(), &bytes, &functions()) {
                Ok(study) => study,
                Err(faults) => {
                    faults.iter().for_each(|fault| say!("{fault}"));
                    return Ok(ExitCode::FAILURE);
                }
            };
            parts.extend(of_study(&study));
        }
        if self.csv {
            csv(&parts)?
        } else {
            text(&parts)
        }
        GOOD
    }
}

type Parts = Vec<(String, Vec<Line>)>;

fn csv(parts: &Parts) -> Result<(), CommandError> {
    let mut out = CsvTable::new(io::stdout().lock());
    out.line(["name", "value", "unit", "meaning", "source", "mark"]).map_err(unwritten)?;
    for line in parts.iter().flat_map(|(_, lines)| lines) {
        out.line([&line.name, &line.value, &line.unit, &line.meaning, &line.source, &line.mark]).map_err(unwritten)?;
    }
    out.finish().map(drop).map_err(unwritten)
}

fn text(parts: &Parts) {
    say!("Clinical constants and settings of Outpost {}", env!("CARGO_PKG_VERSION"));
    say!("[V] read in the named source or computed; [K] domain knowledge whose source text was not re-read");
    for (title, lines) in parts {
        say!("\n{title}\n{}", "=".repeat(title.chars().count()));
        for line in lines {
            let unit = if line.unit.is_empty() { String::new() } else { format!(" {}", line.unit) };
            let mark = if line.mark.is_empty() { String::new() } else { format!(" [{}]", line.mark) };
            say!("{} = {}{unit}{mark}\n    {}\n    {}", line.name, line.value, line.meaning, line.source);
        }
    }
    say!("\nRead and agreed:\n\nName ______________________  Date ______________  Signature ______________________");
}

/// What a study settles, part by part.
fn of_study(study: &Study) -> Parts {
    let title =
        |part: &str| format!("Study {} ({}), version {}: {part}", study.name, study.oid, study.metadata_version);
    let line = |name: &str, value: String, meaning: &str, source: &str| Line {
        name: name.to_owned(),
        value,
        unit: String::new(),
        meaning: meaning.to_owned(),
        source: source.to_owned(),
        mark: mark(source).to_owned(),
    };
    let settings = study.settings.iter().map(|(key, setting)| {
        line(
            &format!("setting:{key}"),
            setting.value.clone(),
            "setting of the study, read by its rules",
            &setting.citation,
        )
    });
    let file = format!("study file {}", study.file);
    let at = |number: u32| format!("{file}, line {number}");
    let windows = study.events.iter().filter_map(|event| {
        let timing = event.timing.as_ref()?;
        let every = timing.repeat.as_ref().map(|repeat| format!(", every {} days", repeat.every_days));
        let value = format!(
            "day {} -{} +{}{}",
            timing.offset_days,
            timing.before_days,
            timing.after_days,
            every.unwrap_or_default()
        );
        Some(line(event.oid.as_str(), value, &format!("planned day and window of {}", event.title("en")), &file))
    });
    let formulas = study.methods.iter().filter(|method| method.computes).map(|method| {
        let expression = method.expressions.first().map(|expression| expression.text.clone()).unwrap_or_default();
        line(method.oid.as_str(), expression, method.description.get("en"), &at(method.line))
    });
    let limits = study.items.iter().flat_map(|item| of_item(study, item, &file));
    vec![
        (title("settings"), settings.collect()),
        (title("visits"), windows.collect()),
        (title("unit factors, limits and checks"), limits.collect()),
        (title("formulas"), formulas.collect()),
    ]
}

/// Unit factors, limits and rules of an item.
fn of_item(study: &Study, item: &ItemDef, file: &str) -> Vec<Line> {
    let symbol = |oid: &study::Oid| study.units.get(oid).map(|unit| unit.name.clone()).unwrap_or_default();
    let standard = item.standard_unit().map(symbol).unwrap_or_default();
    let new = |name: String, value: String, unit: String, meaning: String, number: u32| Line {
        name,
        value,
        unit,
        mark: String::new(),
        meaning,
        source: format!("{file}, line {number}"),
    };
    let mut lines: Vec<Line> = item
        .conversions
        .iter()
        .map(|(unit, factor)| {
            let meaning = format!("{}: {standard} in 1 {}", item.name, symbol(unit));
            new(format!("{} {}", item.oid, symbol(unit)), factor.to_string(), standard.clone(), meaning, item.line)
        })
        .collect();
    lines.extend(item.checks.iter().map(|check| {
        let expression = check.expressions.first().map(|expression| expression.text.clone());
        let value = match (&check.comparator, expression) {
            (Some(comparator), _) => format!("{comparator:?} {}", check.values.join(", ")).to_uppercase(),
            (None, expression) => expression.unwrap_or_default(),
        };
        let hardness = if check.severity == study::Severity::Hard { "hard" } else { "soft" };
        let unit = if check.comparator.is_some() { standard.clone() } else { String::new() };
        new(check.id.to_string(), value, unit, format!("{hardness}: {}", check.message.get("en")), check.line)
    }));
    lines
}

/// The mark that an author wrote beside a source: `[K]`, `[V]`, `[V where]`. What is known only outweighs what was read.
fn mark(source: &str) -> &'static str {
    if source.contains("[K") {
        Mark::Known.code()
    } else if source.contains("[V") {
        Mark::Verified.code()
    } else {
        ""
    }
}
