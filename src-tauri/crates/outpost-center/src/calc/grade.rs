//! `grade`.

use super::{number, records, unwritten};
use crate::done::{Done, complain};
use clap::Args;
use exchange::{CsvTable, ExchangeError};
use oncology::ctcae::{self, Case, Proposal, Reading, Unit};
use rust_decimal::Decimal;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Grade laboratory values by the Common Terminology Criteria for Adverse Events, version 5.0.
///
/// FILE is a table as text, parted by commas, semicolons, tabulators or |, in UTF-8, UTF-16, GB18030 or Windows-1252. Its first row
/// names its columns, in any order:
///
///   subject       any text, copied
///   analyte       code of the analyte (see below)
///   date          any text, copied
///   value         a number from zero; <5, >5, <=5 and >=5 are graded as far as that goes
///   unit          of value, limits and baseline; needed where the CTCAE names fixed limits
///   lln, uln      lower and upper limit of normal; empty where there is none
///   baseline      value at baseline, and baseline_unit, baseline_uln where they differ
///   albumin       g/L of the same sample, to correct total calcium (CA)
///   symptoms      Y or N: whether the finding has signs, symptoms or consequences
///   anticoagulated  Y or N, for the INR
///
/// Only analyte and value are needed; what is missing is said in the trace. A unit is converted where a factor is known,
/// and never for what depends on the kit (PIVKA-II, copies of HBV-DNA).
///
/// It prints a CSV: subject, analyte, date, value, unit, term, grade (0 when no grade holds, empty when that can't be judged),
/// grade_with_symptoms (where symptoms would change it and are not known), rule (the comparison that decided), criterion (the
/// words of the CTCAE) and trace. Of an analyte with two terms the worse is printed, or both with --every-term. What is copied
/// and would be a formula to a spreadsheet gets an apostrophe before it, as in `export csv`.
///
/// Analytes: ALB ALP ALT AMYLASE APTT AST BICARB BILI CA (total) CACORR (corrected) CAION CD4 CHOL CK CREAT FIB GGT GLUC
/// EGFR (or creatinine clearance) EOS HAPTOG HGB INR K LDH LIPASE LYM MG NEUT PH PHOS PLAT QTCF SODIUM TRIG TSH URATE WBC; common
/// synonyms are known, too (GPT, SGPT, ALAT). Whatever else is a slip and refused with the codes near it, but for
/// analytes of which the CTCAE is known to grade none by a number (AFP, BUN, CRP ...).
///
/// Example:
///
///   subject,analyte,date,value,unit,lln,uln,baseline
///   S01-001,ALT,2026-03-12,130,U/L,7,40,38
///   S01-001,HGB,2026-03-12,7.9,g/dL,12,16,
///
///   outpost-center grade labs.csv
///
/// Exit 1 when a row could not be read, has more or fewer fields than the first, or holds what can't be; the others are graded
/// all the same. Lines are counted as an editor counts them.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Grade {
    /// The laboratory values.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// One line for each term of an analyte, not only the worse.
    #[arg(long)]
    every_term: bool,
    /// Take symptoms and anticoagulation as given where the file does not say, as programs for statistics do.
    #[arg(long)]
    worst_case: bool,
    /// Language of the trace: en or zh-CN.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: String,
}

const OUT: [&str; 11] = [
    "subject",
    "analyte",
    "date",
    "value",
    "unit",
    "term",
    "grade",
    "grade_with_symptoms",
    "rule",
    "criterion",
    "trace",
];

impl Grade {
    pub fn run(&self) -> Done {
        let table = records(&self.file, &["analyte", "value"])?;
        let mut out = CsvTable::new(io::stdout().lock());
        out.line(OUT).map_err(unwritten)?;
        let mut unread = false;
        for (line, fields) in &table.rows {
            let fields = fields.as_deref();
            let row = Row { heads: &table.head, fields: fields.unwrap_or_default() };
            let at_line = |why| format!("line {line}: {why}");
            let case = fields.map_err(ToString::to_string).and_then(|_| row.case(self.worst_case).map_err(at_line));
            unread |= !self.grade(&row, case, &mut out).map_err(unwritten)?;
        }
        drop(out.finish().map_err(unwritten)?);
        Ok(if unread { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// Writes what a row comes to; false when it could not be read, for the reason that comes with its line.
    fn grade(
        &self,
        row: &Row<'_>,
        case: Result<Case<'_>, String>,
        out: &mut CsvTable<impl io::Write>,
    ) -> Result<bool, ExchangeError> {
        let case = match case {
            Ok(case) => case,
            Err(why) => {
                complain!("{why}");
                let why = why.split_once(": ").map_or(why.as_str(), |(_, why)| why);
                row.write(out, &Line { trace: &format!("not read: {why}"), ..Line::default() })?;
                return Ok(false);
            }
        };
        let mut proposals = ctcae::propose_all(&case);
        if !self.every_term {
            proposals = ctcae::propose(&case).into_iter().collect();
        }
        if proposals.is_empty() {
            let none = "CTCAE 5.0 does not grade this analyte by a number";
            row.write(out, &Line { trace: none, ..Line::default() })?;
        }
        for proposal in proposals {
            self.write(row, &proposal, out)?;
        }
        Ok(true)
    }

    fn write(&self, row: &Row<'_>, found: &Proposal, out: &mut CsvTable<impl io::Write>) -> Result<(), ExchangeError> {
        let digit = |grade: Option<u8>| grade.map(|grade| grade.to_string()).unwrap_or_default();
        row.write(
            out,
            &Line {
                term: found.term,
                grade: &digit(found.grade),
                with_symptoms: &digit(found.with_symptoms),
                rule: &found.comparison(),
                criterion: found.trace.text.unwrap_or_default(),
                trace: &found.words(&self.lang),
            },
        )
    }
}

/// A result as it was reported: `130`, `<5`, `≥5`, in full width or not.
fn reading(text: &str) -> Option<(Reading, Decimal)> {
    const SIGNS: [(&str, Reading); 4] =
        [("<=", Reading::AtMost), (">=", Reading::AtLeast), ("<", Reading::Below), (">", Reading::Above)];
    let folded = study::value::fold_width(text);
    let signed = SIGNS.into_iter().find_map(|(sign, reading)| Some((reading, folded.strip_prefix(sign)?)));
    let (reading, digits) = signed.unwrap_or((Reading::Exact, &folded));
    Some((reading, number(digits.trim())?))
}

/// The code under which an analyte is graded, or is known not to be. A code that is none is a slip, never "not graded".
fn known(code: &str) -> Result<&'static str, String> {
    ctcae::analyte(code).or_else(|| ctcae::ungraded(code)).ok_or_else(|| match ctcae::like(code).as_slice() {
        [] => "analyte is no code that is known".to_owned(),
        near => format!("analyte is no code that is known; near it: {}", near.join(", ")),
    })
}

/// Whether the numbers can be those of a laboratory: none that is graded can be below zero.
fn possible(case: &Case<'_>) -> Result<(), String> {
    let below = |number: &Option<Decimal>| number.is_some_and(|number| number < Decimal::ZERO);
    let zero = |number: &Option<Decimal>| number.is_some_and(|number| number <= Decimal::ZERO);
    if case.value < Decimal::ZERO {
        return Err("value is below zero".to_owned());
    }
    for (head, number) in [("lln", case.lln), ("baseline", case.baseline), ("albumin", case.albumin)] {
        if below(&number) {
            return Err(format!("{head} is below zero"));
        }
    }
    for (head, number) in [("uln", case.uln), ("baseline_uln", case.baseline_uln)] {
        if zero(&number) {
            return Err(format!("{head} is not above zero; leave it empty where the laboratory has none"));
        }
    }
    if case.lln.zip(case.uln).is_some_and(|(lln, uln)| lln > uln) {
        return Err("lln is above uln".to_owned());
    }
    Ok(())
}

/// What is printed of a row besides what is copied.
#[derive(Default)]
struct Line<'a> {
    term: &'a str,
    grade: &'a str,
    with_symptoms: &'a str,
    rule: &'a str,
    criterion: &'a str,
    trace: &'a str,
}

/// A row by the names of its columns.
struct Row<'a> {
    heads: &'a [String],
    /// As many as there are heads; none where the row could not be read.
    fields: &'a [String],
}

impl<'a> Row<'a> {
    fn get(&self, head: &str) -> &'a str {
        let place = self.heads.iter().position(|known| known == head);
        place.and_then(|place| self.fields.get(place)).map_or("", String::as_str)
    }

    fn number(&self, head: &str) -> Result<Option<Decimal>, String> {
        match self.get(head) {
            "" => Ok(None),
            text => number(text).map(Some).ok_or_else(|| format!("{head} is no number")),
        }
    }

    fn yes(&self, head: &str, otherwise: Option<bool>) -> Result<Option<bool>, String> {
        match self.get(head).to_lowercase().as_str() {
            "" => Ok(otherwise),
            "y" | "yes" | "true" | "1" => Ok(Some(true)),
            "n" | "no" | "false" | "0" => Ok(Some(false)),
            _ => Err(format!("{head} is neither Y nor N")),
        }
    }

    fn case(&self, worst_case: bool) -> Result<Case<'a>, String> {
        let (reading, value) = reading(self.get("value")).ok_or("value is no number")?;
        let unit = |text: &str| ctcae::unit(text).unwrap_or(Unit::Unknown);
        let (own, other) = (self.get("unit"), self.get("baseline_unit"));
        let analyte = self.get("analyte");
        let code = known(analyte)?;
        let mut baseline = self.number("baseline")?;
        if !other.is_empty() && !other.eq_ignore_ascii_case(own) {
            let convert = |number| ctcae::convert(code, number, unit(other), unit(own));
            baseline = match baseline {
                Some(number) => Some(convert(number).ok_or("there is no factor from baseline_unit to unit")?),
                None => None,
            };
        }
        let assumed = worst_case.then_some(true);
        let case = Case {
            reading,
            unit: Some(unit(own)),
            lln: self.number("lln")?,
            uln: self.number("uln")?,
            baseline,
            baseline_uln: self.number("baseline_uln")?,
            albumin: self.number("albumin")?,
            symptoms: self.yes("symptoms", assumed)?,
            anticoagulated: self.yes("anticoagulated", assumed)?,
            ..Case::new(analyte, value)
        };
        possible(&case)?;
        Ok(case)
    }

    fn write(&self, out: &mut CsvTable<impl io::Write>, line: &Line<'_>) -> Result<(), ExchangeError> {
        let copied = OUT[..5].iter().map(|head| self.get(head));
        let said = [line.term, line.grade, line.with_symptoms, line.rule, line.criterion, line.trace];
        out.line(copied.chain(said))
    }
}
