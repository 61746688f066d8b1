//! What is printed of a subject.

use super::rows::{Subject, Told};
use exchange::{CsvTable, ExchangeError};
use oncology::recist::{Best, Change, Outcome, Response, Settings, Tenths, TimePoint, Why, assess, best_response};
use std::io;

pub(super) const HEADS: [&str; 17] = [
    "subject",
    "kind",
    "date",
    "sum_mm",
    "known_mm",
    "nadir_mm",
    "change_pct",
    "nadir_mm_change",
    "nadir_pct",
    "target",
    "non_target",
    "new",
    "response",
    "confirmed",
    "rule",
    "section",
    "why",
];

/// The cells of a line, most of them empty.
#[derive(Default)]
struct Line {
    kind: &'static str,
    date: String,
    /// Sum, known part, nadir, changes.
    sizes: [String; 6],
    /// Target, non-target, new.
    parts: [&'static str; 3],
    response: &'static str,
    confirmed: String,
}

pub(super) fn subject(
    subject: &Subject,
    settings: &Settings,
    language: &str,
    out: &mut CsvTable<impl io::Write>,
) -> Result<(), ExchangeError> {
    let mut write = |line: Line, why: Option<&Why>| {
        let Line { kind, date, sizes, parts, response, confirmed } = line;
        let mut cells = vec![subject.name.clone(), kind.to_owned(), date];
        cells.extend(sizes);
        cells.extend(parts.map(str::to_owned));
        cells.extend([response.to_owned(), confirmed]);
        cells.extend([
            why.map_or("", |why| why.rule.code()).to_owned(),
            why.map_or("", |why| why.rule.section()).to_owned(),
            why.map_or_else(String::new, |why| why.words(language)),
        ]);
        out.line(cells)
    };
    let (best, confirmed) = match &subject.told {
        Told::Course(course) => {
            let outcome = assess(course, settings);
            write(baseline(course.baseline.date.to_string(), &outcome), None)?;
            for note in &outcome.baseline.notes {
                write(Line { kind: "NOTE", date: course.baseline.date.to_string(), ..Line::default() }, Some(note))?;
            }
            for point in &outcome.points {
                write(assessment(point), Some(&point.why))?;
            }
            (outcome.best, outcome.best_confirmed)
        }
        Told::Responses { points, start, new_therapy } => {
            let first = points.iter().map(|point| point.date).min();
            let Some(start) = start.or(first) else { return Ok(()) };
            let best = |confirmed| best_response(points, start, *new_therapy, confirmed, settings);
            (best(false), best(true))
        }
    };
    write(line_of("BEST", &best), Some(&best.why))?;
    write(line_of("BEST_CONFIRMED", &confirmed), Some(&confirmed.why))
}

fn baseline(date: String, outcome: &Outcome) -> Line {
    let sum = millimetres(outcome.baseline.sum);
    Line {
        kind: "BASELINE",
        date,
        sizes: [sum, String::new(), String::new(), String::new(), String::new(), String::new()],
        ..Line::default()
    }
}

fn assessment(point: &TimePoint) -> Line {
    let percent = |change: Option<Change>| {
        change.and_then(|change| change.percent(2)).map_or_else(String::new, |percent| percent.normalize().to_string())
    };
    let known = if point.used.is_empty() { String::new() } else { point.known.to_string() };
    Line {
        kind: "ASSESSMENT",
        date: point.date.to_string(),
        sizes: [
            millimetres(point.sum),
            known,
            millimetres(point.nadir),
            percent(point.from_baseline),
            point.from_nadir.map_or_else(String::new, |change| change.to_mm().to_string()),
            percent(point.from_nadir),
        ],
        parts: [code(point.target), code(point.non_target), point.new_lesions.code()],
        response: point.overall.code(),
        confirmed: String::new(),
    }
}

fn line_of(kind: &'static str, best: &Best) -> Line {
    Line {
        kind,
        date: best.date.map_or_else(String::new, |date| date.to_string()),
        response: best.response.map_or("MISSING", Response::code),
        confirmed: best.confirmed.map_or_else(String::new, |date| date.to_string()),
        ..Line::default()
    }
}

fn millimetres(size: Option<Tenths>) -> String {
    size.map_or_else(String::new, |size| size.to_string())
}

fn code(response: Option<Response>) -> &'static str {
    response.map_or("NONE", Response::code)
}
