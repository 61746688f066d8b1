//! The table of rules. The grade texts are those of NCI's spreadsheet, word for word; a test holds them against it.

mod blood;
mod clotting;
mod heart;
mod liver;
mod metabolism;
mod notation;

use super::rule::Rule;

/// Every rule. CTCAE v5.0, US National Cancer Institute, 27 November 2017.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [blood::RULES, clotting::RULES, liver::RULES, metabolism::RULES, heart::RULES].into_iter().flatten()
}

/// The rules that a code of an analyte, or a synonym, stands under, in any case of letters.
pub fn rules_of(code: &str) -> impl Iterator<Item = &'static Rule> + use<'_> {
    let code = synonym(code).unwrap_or(code);
    rules().filter(move |rule| rule.analytes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

/// The code by which an analyte's rules are named, from any code that it is known by.
pub fn analyte(code: &str) -> Option<&'static str> {
    rules_of(code).next().map(|rule| rule.analytes[0])
}

/// The code of an analyte that is known and of which no number is graded, from any case of letters.
pub fn ungraded(code: &str) -> Option<&'static str> {
    UNGRADED.iter().copied().find(|known| known.eq_ignore_ascii_case(code))
}

/// Codes and synonyms one slip away from a word that is none: a letter more, less or another, or two that changed places.
pub fn like(word: &str) -> Vec<&'static str> {
    let word: Vec<char> = word.to_uppercase().chars().collect();
    let synonyms = SYNONYMS.iter().flat_map(|(_, all)| *all).copied();
    let codes = rules().flat_map(|rule| rule.analytes).copied().chain(synonyms).chain(UNGRADED.iter().copied());
    let mut near: Vec<&str> = codes.filter(|code| is_slip(&word, &code.chars().collect::<Vec<_>>())).collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// What laboratories write besides CDISC's codes. GPT and GOT are glutamate-pyruvate and -oxaloacetate transaminase.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("ALT", &["SGPT", "GPT", "ALAT"]),
    ("AST", &["SGOT", "GOT", "ASAT"]),
    ("ALP", &["ALKP"]),
    ("GGT", &["GGTP", "GAMMA-GT"]),
    ("CREAT", &["CREA", "SCR"]),
    ("HGB", &["HB"]),
    ("WBC", &["LEUK"]),
    ("NEUT", &["NEU", "ABSNEUT"]),
    ("LYM", &["LYMPH", "ALC"]),
    ("EOS", &["EOSIN"]),
    ("EGFR", &["GFR", "CRCL", "CREATCLR"]),
    ("GLUC", &["GLU"]),
    ("URATE", &["UA"]),
];

/// Analytes that laboratories report and of which CTCAE 5.0 grades no number: its spreadsheet has no term with limits for them.
const UNGRADED: &[&str] = &[
    "AFP", "APOA1", "APOB", "BASO", "BILDIR", "BILIND", "BUN", "CA125", "CA199", "CEA", "CHE", "CL", "CRP", "CYSC",
    "DDIMER", "ESR", "FERRITIN", "GLOB", "HBVDNA", "HCT", "HDL", "IL6", "LDL", "MCH", "MCHC", "MCV", "MONO", "MPV",
    "PCT", "PIVKA", "PREALB", "PROT", "PT", "RBC", "RDW", "T3", "T4", "T3FR", "T4FR", "TP", "TBA", "UREA",
];

fn synonym(code: &str) -> Option<&'static str> {
    let is = |known: &&str| known.eq_ignore_ascii_case(code);
    SYNONYMS.iter().find(|(_, all)| all.iter().any(is)).map(|(code, _)| *code)
}

/// Whether one word comes of another by one slip of the hand.
fn is_slip(word: &[char], code: &[char]) -> bool {
    let same = word.iter().zip(code).take_while(|(one, other)| one == other).count();
    let (word, code) = (&word[same..], &code[same..]);
    match (word, code) {
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        ([_, rest @ ..], other) if rest == other => true,
        (rest, [_, other @ ..]) if rest == other => true,
        ([a, b, rest @ ..], [c, d, other @ ..]) => (a, b) == (d, c) && rest == other,
        _ => false,
    }
}
