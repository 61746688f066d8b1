//! `grade`.

use super::{number, unwritten};
use crate::done::{CommandError, Done, complain};
use crate::source::{MOST_OF_A_TABLE, read_file};
use clap::Args;
use exchange::{CsvTable, ExchangeError};
use oncology::ctcae::{self, Case, Proposal, Reading, Unit};
use rust_decimal::Decimal;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Grade laboratory values by the Common Terminology Criteria for Adverse Events, version 5.0.
///
/// FILE is a CSV whose first row names its columns, in any order:
///
///   subject       any text, copied
///   analyte       code of the analyte (see below)
///   date          any text, copied
///   value         a number; <5 and >5 are graded as far as that goes
///   unit          of value, limits and baseline; needed where the CTCAE names fixed limits
///   lln, uln      lower and upper limit of normal
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
/// HAPTOG HGB INR K LDH LIPASE LYM MG NEUT PH PHOS PLAT QTCF SODIUM TRIG TSH URATE WBC.
///
/// Example:
///
///   subject,analyte,date,value,unit,lln,uln,baseline
///   S01-001,ALT,2026-03-12,130,U/L,7,40,38
///   S01-001,HGB,2026-03-12,7.9,g/dL,12,16,
///
///   outpost-center grade labs.csv
///
/// Exit 1 when a row could not be read; the others are graded all the same.
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
        let failed = |error: csv::Error| CommandError::Said(format!("{}: {error}", self.file.display()));
        let bytes = read_file(&self.file, MOST_OF_A_TABLE)?;
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text);
        let heads: Vec<String> = reader.headers().map_err(failed)?.iter().map(str::to_lowercase).collect();
        for needed in ["analyte", "value"] {
            if !heads.iter().any(|head| head == needed) {
                return Err(CommandError::Said(format!("{}: there is no column {needed:?}", self.file.display())));
            }
        }
        let mut out = CsvTable::new(io::stdout().lock());
        out.line(OUT).map_err(unwritten)?;
        let mut unread = false;
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let row = Row { heads: &heads, record: &record };
            unread |= !self.grade(&row, &mut out).map_err(unwritten)?;
        }
        drop(out.finish().map_err(unwritten)?);
        Ok(if unread { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    /// Writes what a row comes to; false when it could not be read.
    fn grade(&self, row: &Row<'_>, out: &mut CsvTable<impl io::Write>) -> Result<bool, ExchangeError> {
        let case = match row.case(self.worst_case) {
            Ok(case) => case,
            Err(why) => {
                let line = row.record.position().map_or(0, csv::Position::line);
                complain!("line {line}: {why}");
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
    record: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    fn get(&self, head: &str) -> &'a str {
        let place = self.heads.iter().position(|known| known == head);
        place.and_then(|place| self.record.get(place)).unwrap_or("")
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
        let text = self.get("value");
        let (reading, digits) = match (text.strip_prefix('<'), text.strip_prefix('>')) {
            (Some(rest), _) => (Reading::Below, rest.trim()),
            (_, Some(rest)) => (Reading::Above, rest.trim()),
            _ => (Reading::Exact, text),
        };
        let value = number(digits).ok_or("value is no number")?;
        let unit = |text: &str| ctcae::unit(text).unwrap_or(Unit::Unknown);
        let (own, other) = (self.get("unit"), self.get("baseline_unit"));
        let analyte = self.get("analyte");
        let mut baseline = self.number("baseline")?;
        if !other.is_empty() && !other.eq_ignore_ascii_case(own) {
            let code = ctcae::analyte(analyte).unwrap_or(analyte);
            let convert = |number| ctcae::convert(code, number, unit(other), unit(own));
            baseline = match baseline {
                Some(number) => Some(convert(number).ok_or("there is no factor from baseline_unit to unit")?),
                None => None,
            };
        }
        let assumed = worst_case.then_some(true);
        Ok(Case {
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
        })
    }

    fn write(&self, out: &mut CsvTable<impl io::Write>, line: &Line<'_>) -> Result<(), ExchangeError> {
        let copied = OUT[..5].iter().map(|head| self.get(head));
        let said = [line.term, line.grade, line.with_symptoms, line.rule, line.criterion, line.trace];
        out.line(copied.chain(said))
    }
}
