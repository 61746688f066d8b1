//! Best overall response: table 3, and what pharmaverse's admiralonco derives.

use super::*;
use std::collections::BTreeMap;

/// Responses by days since the start.
fn timed(points: &[(u32, &str)]) -> Vec<Timed> {
    let response = |code| Response::named(code).expect("a response");
    points.iter().map(|&(days, code)| Timed { date: after(days), response: response(code) }).collect()
}

fn best(points: &[(u32, &str)], confirmed: bool, settings: &Settings) -> &'static str {
    best_response(&timed(points), after(0), None, confirmed, settings).response.map_or("MISSING", Response::code)
}

/// RECIST 1.1, table 3, with both visits late enough for stable disease and, second, with both too early.
#[test]
fn two_responses() {
    let table = [
        ("CR", "CR", "CR", "CR"),
        ("CR", "PR", "SD", "PD"),
        ("CR", "SD", "SD", "PD"),
        ("CR", "PD", "SD", "PD"),
        ("CR", "NE", "SD", "NE"),
        ("PR", "CR", "PR", "PR"),
        ("PR", "PR", "PR", "PR"),
        ("PR", "PD", "SD", "PD"),
        ("PR", "NE", "SD", "NE"),
        ("NE", "NE", "NE", "NE"),
        ("PR", "SD", "SD", "NE"),
        ("SD", "PD", "SD", "PD"),
    ];
    let settings = Settings::default();
    let short = Settings { stable_days: 100, ..settings };
    for (first, second, late, early) in table {
        let points = [(42, first), (84, second)];
        assert_eq!(best(&points, true, &settings), late, "{first} {second}");
        assert_eq!(best(&points, true, &short), early, "{first} {second}, too early");
    }
}

#[test]
fn a_complete_response_that_was_not_confirmed() {
    let with = |lost_complete| Settings { lost_complete, stable_days: 100, ..Settings::default() };
    let points = [(42, "CR"), (84, "PR")];
    assert_eq!(best(&points, true, &with(LostComplete::Complete)), "PD");
    assert_eq!(best(&points, true, &with(LostComplete::Partial)), "PR");
    assert_eq!(best(&points, true, &with(LostComplete::AsRecorded)), "NE");
}

#[test]
fn confirmation_needs_its_interval() {
    let settings = Settings { stable_days: 20, ..Settings::default() };
    assert_eq!(best(&[(30, "PR"), (57, "PR")], true, &settings), "SD");
    assert_eq!(best(&[(30, "PR"), (58, "PR")], true, &settings), "PR");
    let outcome = best_response(&timed(&[(30, "PR"), (58, "CR")]), after(0), None, true, &settings);
    assert_eq!((outcome.date, outcome.confirmed), (Some(after(30)), Some(after(58))));
}

#[test]
fn what_lies_between() {
    let settings = Settings::default();
    assert_eq!(best(&[(42, "PR"), (60, "NE"), (84, "PR")], true, &settings), "PR");
    assert_eq!(best(&[(42, "PR"), (50, "NE"), (60, "NE"), (84, "PR")], true, &settings), "SD");
    let patient = Settings { confirmation_ne: 2, ..settings };
    assert_eq!(best(&[(42, "PR"), (50, "NE"), (60, "NE"), (84, "PR")], true, &patient), "PR");
    assert_eq!(best(&[(42, "PR"), (60, "SD"), (84, "PR")], true, &settings), "SD");
    let stable = Settings { confirmation_sd: true, ..settings };
    assert_eq!(best(&[(42, "PR"), (60, "SD"), (84, "PR")], true, &stable), "PR");
    assert_eq!(best(&[(42, "CR"), (60, "PR"), (84, "CR")], true, &settings), "SD");
}

#[test]
fn without_confirmation() {
    let settings = Settings::default();
    assert_eq!(best(&[], false, &settings), "MISSING");
    assert_eq!(best(&[(10, "CR"), (30, "PD")], false, &settings), "CR");
    assert_eq!(best(&[(41, "SD"), (60, "PD")], false, &settings), "PD");
    assert_eq!(best(&[(42, "SD"), (60, "PD")], false, &settings), "SD");
    assert_eq!(best(&[(41, "SD")], false, &settings), "NE");
    assert_eq!(best(&[(20, "PD"), (60, "CR")], false, &settings), "PD", "what follows progression does not count");
    assert_eq!(best(&[(41, "NON-CR/NON-PD"), (84, "NON-CR/NON-PD")], false, &settings), "NON-CR/NON-PD");
    let points = timed(&[(42, "SD"), (84, "PR")]);
    let before_therapy = best_response(&points, after(0), Some(after(83)), false, &settings);
    assert_eq!(before_therapy.response, Some(Response::Sd));
    assert_eq!(best_response(&points, after(0), Some(after(84)), false, &settings).response, Some(Response::Pr));
}

/// Start, responses, and what is expected at each row.
type Subject<'a> = (Day, Vec<Timed>, Vec<(&'a str, &'a str)>);

/// The file's responses by subject, with what admiralonco derives from them. Its windows are 28 days for both.
#[test]
fn admiralonco_confirmed_best_response() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../../shared/data/recist/confirmed_bor.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: no confirmed_bor.csv beside the repository");
        return;
    };
    let mut subjects: BTreeMap<&str, Subject> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let [subject, start, date, response, expected, expected_date] =
            line.split(',').collect::<Vec<_>>().try_into().expect("six columns");
        let entry = subjects.entry(subject).or_insert_with(|| (day(start), Vec::new(), Vec::new()));
        if !date.is_empty() {
            entry.1.push(Timed { date: day(date), response: Response::named(response).expect("a response") });
        }
        entry.2.push((expected, expected_date));
    }
    assert_eq!(subjects.len(), 9);
    for lost_complete in [LostComplete::Complete, LostComplete::AsRecorded] {
        let settings = Settings { stable_days: 28, lost_complete, ..Settings::default() };
        for (subject, (start, points, rows)) in &subjects {
            let best = best_response(points, *start, None, true, &settings);
            let date = best.date.map_or(String::new(), |date| date.to_string());
            for (expected, expected_date) in rows {
                assert_eq!(
                    (best.response.map_or("MISSING", Response::code), date.as_str()),
                    (*expected, *expected_date),
                    "{subject}"
                );
            }
        }
    }
}
