//! Proposed grades, held against the words of the CTCAE themselves: bounds are read out of each grade's own sentence.

use std::path::PathBuf;

use clinical::labs::Labs;
use oncology::ctcae::Proposal;
use serde_json::Value;

use crate::stage::{Chart, STUDY, cell};

const START: &str = "SE.START[1]/F.PANEL[1]/IG.PANEL[1]";
const LATER: &str = "SE.AGAIN[1]/F.PANEL[1]/IG.PANEL[1]";

/// The proposal for an analyte; `before` stands in the panel of the baseline, `now` in a later one.
fn proposal(analyte: &str, before: &[(&str, &str)], now: &[(&str, &str)]) -> Option<Proposal> {
    let mut chart = Chart::new();
    chart.visit("SE.START[1]", "2026-02-01").fill(START, before);
    chart.visit("SE.AGAIN[1]", "2026-03-01").fill(LATER, now);
    Labs::new(&STUDY, &chart.book).proposal(&cell(LATER, analyte))
}

fn grade(analyte: &str, before: &[(&str, &str)], now: &[(&str, &str)]) -> Option<u8> {
    proposal(analyte, before, now)?.grade
}

/// What a grade's words ask of a value, in thousandths.
#[derive(Clone, Copy, Debug)]
struct Asked {
    grade: u8,
    above: bool,
    inclusive: bool,
    bound: i64,
}

/// A number of the words, `ULN` and `LLN` for one, in thousandths of what it multiplies.
fn thousandths(word: &str) -> Option<i64> {
    match word {
        "ULN" | "LLN" => Some(1000),
        number => number.parse::<f64>().ok().map(|number| (number * 1000.0).round() as i64),
    }
}

/// What one part of a grade's words asks: `>3.0 - 5.0 x ULN`, `1.5 - 3.0 x baseline`, `<100 - 80g/L`. A part begins with the
/// bound that lies nearer to normal.
fn asked(grade: u8, part: &str, limit: i64) -> Option<Asked> {
    let part = part.trim_start_matches(|c: char| c.is_alphabetic() || " ()".contains(c)).trim();
    let (sign, rest) = match part.chars().next()? {
        sign @ ('<' | '>') => (Some(sign), part[1..].trim_start()),
        _ => (None, part),
    };
    let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
    let word = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let number = thousandths(word.strip_suffix('g').unwrap_or(word))?;
    // A multiple counts the limit; a number with a unit stands for itself.
    let is_multiple = part.contains("x ULN") || part.contains("x baseline") || matches!(word, "ULN" | "LLN");
    let bound = if is_multiple { number * limit / 1000 } else { number };
    Some(Asked { grade, above: sign != Some('<'), inclusive: sign.is_none(), bound })
}

fn worst(all: &[Asked], value: i64) -> u8 {
    let holds = |asked: &&Asked| match (asked.above, asked.inclusive) {
        (true, true) => value >= asked.bound,
        (true, false) => value > asked.bound,
        (false, _) => value < asked.bound,
    };
    all.iter().filter(holds).map(|asked| asked.grade).max().unwrap_or(0)
}

/// The words of NCI's grades of a term, as pharmaverse copied them.
fn words(term: &str) -> Option<[String; 4]> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("OUTPOST_SHARED").map_or_else(beside, PathBuf::from);
    let Ok(bytes) = std::fs::read(folder.join("data/ctcae/lab_grading_si.json")) else {
        println!("skipped: the words of the CTCAE are absent");
        return None;
    };
    let rows: Vec<Value> = serde_json::from_slice(&bytes).expect("JSON");
    let row = rows.iter().find(|row| row["TERM"] == term).unwrap_or_else(|| panic!("no term {term}"));
    Some([1, 2, 3, 4].map(|grade| row[format!("GRADE_{grade}")].as_str().expect("words").to_owned()))
}

fn typed(thousandths: i64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// The values around every bound.
fn around(all: &[Asked]) -> Vec<i64> {
    all.iter().flat_map(|asked| [-1, 0, 1].map(|off| asked.bound + off)).collect()
}

#[test]
fn multiples_of_the_limit_or_of_an_abnormal_baseline() {
    for (term, analyte, uln) in
        [("Alanine aminotransferase increased", "ALT", 40_000), ("Blood bilirubin increased", "BILI", 17_000)]
    {
        let Some(words) = words(term) else { return };
        for (part, baseline) in [(0, 30_000_i64), (1, 90_000)] {
            let (counted, high) = (if part == 0 { uln } else { baseline }, typed(uln));
            let baseline = if part == 0 { uln / 2 } else { baseline };
            let all: Vec<Asked> = (1..=4)
                .zip(&words)
                .filter_map(|(grade, words)| asked(grade, words.split(';').nth(part)?, counted))
                .collect();
            assert_eq!(all.len(), 4, "{term}: {all:?}");
            let (hi, base) = (format!("{analyte}HI"), typed(baseline));
            for value in around(&all) {
                let now = typed(value);
                let said = grade(analyte, &[(analyte, &base), (&hi, &high)], &[(analyte, &now), (&hi, &high)]);
                assert_eq!(said, Some(worst(&all, value)), "{term} at {now}, limit {high}, baseline {base}");
            }
        }
    }
}

#[test]
fn fixed_bounds_in_whatever_unit_was_typed() {
    let Some(words) = words("Anemia") else { return };
    let lln = 130_000;
    let all: Vec<Asked> = (1..=3)
        .zip(&words)
        .filter_map(|(grade, words)| asked(grade, words.split(';').find(|part| part.contains("g/L"))?, lln))
        .collect();
    assert_eq!(all.iter().map(|asked| asked.bound).collect::<Vec<_>>(), [130_000, 100_000, 80_000]);
    for value in around(&all) {
        let (per_litre, per_decilitre) = (typed(value), format!("{} g/dL", typed(value / 10)));
        for now in [per_litre, per_decilitre] {
            let value = if now.ends_with('L') { value / 10 * 10 } else { value };
            let said = grade("HGB", &[], &[("HGB", &now), ("HGBLO", "130"), ("HGBHI", "175")]);
            assert_eq!(said, Some(worst(&all, value)), "{now}");
        }
    }
}

#[test]
fn total_calcium_is_corrected_by_the_albumin_beside_it() {
    let limits = [("CALO", "2.15"), ("CAHI", "2.55")];
    let said = |calcium: &str, albumin: &str| {
        let mut now = limits.to_vec();
        now.extend([("CA", calcium), ("ALB", albumin)].into_iter().filter(|(_, typed)| !typed.is_empty()));
        grade("CA", &[], &now)
    };
    // 2.50 + 0.02 · (40 − 20) = 2.90: of grade 1 to 2.9, of grade 2 above.
    assert_eq!((said("2.50", "20"), said("2.51", "20")), (Some(1), Some(2)));
    assert_eq!(said("2.50", "40"), Some(0));
    assert_eq!(said("2.50", ""), None, "without albumin nothing can be said");
    assert_eq!(said("2.50", "<25"), None, "nor with an albumin that is not known");
}

#[test]
fn what_is_not_known_makes_no_grade() {
    assert_eq!(grade("ALT", &[], &[("ALT", "300")]), None, "no limit");
    assert!(proposal("ALT", &[], &[("ALT", "300")]).is_some(), "the term is told all the same");
    assert!(proposal("ODD", &[], &[("ODD", "300"), ("ODDHI", "1")]).is_none(), "an analyte that no rule knows");
    assert!(proposal("ALT", &[], &[("ALTHI", "50")]).is_none(), "no result");
    let high = ("ALTHI", "50");
    assert_eq!(grade("ALT", &[], &[("ALT", ">250"), high]), Some(3), "above 5 times the limit, perhaps above 20 times");
    assert_eq!(grade("ALT", &[], &[("ALT", ">40"), high]), None, "perhaps normal");
    assert_eq!(grade("ALT", &[], &[("ALT", ">1000"), high]), Some(4));
    assert_eq!(grade("ALT", &[], &[("ALT", "<50"), high]), Some(0));
    assert_eq!(grade("ALT", &[], &[("ALT", "<60"), high]), None, "perhaps above the limit");
    // A unit of the study that no table of the CTCAE knows: its fixed limits are not compared with it.
    assert_eq!(grade("PLAT", &[], &[("PLAT", "20"), ("PLATLO", "125")]), None);
    assert_eq!(grade("PH", &[], &[("PH", "7.2"), ("PHLO", "7.35"), ("PHHI", "7.45")]), None, "7.2 cups are no pH");
}

#[test]
fn a_baseline_is_abnormal_by_the_limit_of_its_own_day() {
    let now = [("ALT", "151"), ("ALTHI", "50")];
    assert_eq!(grade("ALT", &[("ALT", "60"), ("ALTHI", "80")], &now), Some(2), "normal by its own limit");
    assert_eq!(grade("ALT", &[("ALT", "60"), ("ALTHI", "50")], &now), Some(1), "2.52 times what was abnormal");
    assert_eq!(grade("ALT", &[("ALT", "<60"), ("ALTHI", "50")], &now), Some(2), "a qualified baseline is none");
    assert_eq!(grade("ALT", &[], &now), Some(2));
}
