//! `recist`.

mod rows;
mod say;

use super::{number, records, unwritten};
use crate::done::{Done, complain};
use clap::{Args, ValueEnum};
use exchange::CsvTable;
use oncology::recist::{
    self, Equivocal, LostComplete, PartialResponse, Reappearance, Settings, Tenths, TreatedTargets,
};
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// Judge courses of tumours by RECIST 1.1: sums, responses, and why.
///
/// FILE is a CSV in long format: one row for each lesion at each assessment. Its first row names its columns, in any order:
///
///   subject      any text; rows of one subject need not stand together
///   date         of the assessment, 2026-03-12; the earliest with lesions is the subject's baseline
///   role         T  target lesion         NT  non-target lesion       NEW  new lesion
///                MARKERS  tumour markers  RESPONSE  an overall response given as such (see below)
///   lesion       identifier, the same at every assessment: T01. Parts of a split target are
///                T01.1, T01.2; they are summed
///   organ        any text; two targets are in one organ when it is the same text
///   node         Y or N: a lymph node, measured by its short axis. Empty: Y when the organ is
///                LYMPH NODE, else N
///   mm           size of a target in millimetres with at most one place: 12 or 12.5
///   state        T        empty (measured), ABSENT, TOO SMALL (5 mm, or mm where it is given),
///                         NE (not evaluable), NOT DONE, MERGED (the lesion in column into
///                         carries the common diameter)
///                NT       PRESENT, ABSENT, EQUIVOCAL (perhaps progressing), PD (unequivocal
///                         progression), NE, NOT DONE
///                NEW      UNEQUIVOCAL, EQUIVOCAL, REFUTED (no new lesion after all)
///                MARKERS  NORMAL, ELEVATED, UNKNOWN
///                RESPONSE CR, PR, SD, NON-CR/NON-PD, PD, NE
///   into         the lesion with which a merged one merged
///   treated      Y: treated locally since baseline
///   start        day from which stable disease is counted, in any row of the subject; without it
///                from baseline
///   new_therapy  first day of anticancer treatment outside the protocol: later assessments make
///                no best response
///
/// Only subject, date, role and what the row is about are needed. Organ and node may be given at baseline alone. A lesion that an
/// assessment does not mention was not done there. A subject whose rows are all RESPONSE gets its best overall response alone.
///
/// It prints a CSV: subject, kind (BASELINE, ASSESSMENT, BEST, BEST_CONFIRMED, NOTE), date, sum_mm (empty while a target is not
/// known), known_mm (sum of what is known), nadir_mm (least sum before), change_pct (from baseline), nadir_mm_change,
/// nadir_pct, target, non_target, new (N, EQUIVOCAL, Y), response (overall or best), confirmed (date), rule, section and why.
/// What is copied and would be a formula to a spreadsheet gets an apostrophe before it, as in `export csv`.
///
/// Example:
///
///   subject,date,role,lesion,organ,node,mm,state
///   S01-001,2026-03-01,T,T01,LIVER,N,50,
///   S01-001,2026-03-01,T,T02,LYMPH NODE,Y,20,
///   S01-001,2026-03-01,NT,NT01,BONE,,,PRESENT
///   S01-001,2026-04-12,T,T01,,,30,
///   S01-001,2026-04-12,T,T02,,,9,
///   S01-001,2026-04-12,NT,NT01,,,,PRESENT
///   S01-001,2026-05-24,T,T01,,,,TOO SMALL
///   S01-001,2026-05-24,T,T02,,,,NE
///   S01-001,2026-05-24,NEW,N01,LUNG,,,EQUIVOCAL
///
///   outpost-center recist lesions.csv --sd-days 42 --pr strict
///
/// mRECIST and iRECIST are not computed. Exit 1 when a row could not be read: its subject is left out, the others are judged.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Recist {
    /// The lesions.
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// Whether a partial response lasts until progression (EORTC) or is compared with baseline anew each time.
    #[arg(long, value_enum, default_value_t = Pr::Persists)]
    pr: Pr,
    /// Least days from the start for stable disease.
    #[arg(long, value_name = "DAYS", default_value_t = 42)]
    sd_days: u32,
    /// Least days between a response and its confirmation.
    #[arg(long, value_name = "DAYS", default_value_t = 28)]
    confirmation_days: u32,
    /// Assessments that are not evaluable allowed between the two.
    #[arg(long, value_name = "N", default_value_t = 1)]
    confirmation_ne: u32,
    /// Let one stable assessment lie between two partial responses.
    #[arg(long)]
    confirmation_sd: bool,
    /// Target lesions that were treated locally since baseline.
    #[arg(long, value_enum, default_value_t = Treated::NotEvaluable)]
    treated: Treated,
    /// Whether markers that are elevated at baseline must be normal for a complete response.
    #[arg(long, value_enum, default_value_t = Markers::Required)]
    markers: Markers,
    /// From when equivocal progression counts that is confirmed.
    #[arg(long, value_enum, default_value_t = Dated::BackDated)]
    equivocal: Dated,
    /// A lesion that comes back after a complete response.
    #[arg(long, value_enum, default_value_t = Back::Progression)]
    reappearance: Back,
    /// What a complete response was that the next assessment does not confirm (table 3, note a).
    #[arg(long, value_enum, default_value_t = Lost::Complete)]
    lost_cr: Lost,
    /// Shrinkage from baseline that is a partial response, per cent.
    #[arg(long, value_name = "PERCENT", default_value_t = 30, value_parser = clap::value_parser!(u32).range(..=100))]
    pr_percent: u32,
    /// Growth from the nadir that is progression, per cent.
    #[arg(long, value_name = "PERCENT", default_value_t = 20, value_parser = clap::value_parser!(u32).range(..=1000))]
    pd_percent: u32,
    /// Growth from the nadir that progression needs besides.
    #[arg(long, value_name = "MM", default_value = "5", value_parser = size)]
    pd_mm: Tenths,
    /// What a lesion counts that is too small to measure.
    #[arg(long, value_name = "MM", default_value = "5", value_parser = size)]
    too_small_mm: Tenths,
    /// A node below this short axis is normal.
    #[arg(long, value_name = "MM", default_value = "10", value_parser = size)]
    node_normal_mm: Tenths,
    /// Language of the reasons: en or zh-CN.
    #[arg(long, value_name = "LANG", default_value = "en")]
    lang: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum Pr {
    Persists,
    Strict,
}

#[derive(Clone, Copy, ValueEnum)]
enum Treated {
    NotEvaluable,
    Evaluable,
}

#[derive(Clone, Copy, ValueEnum)]
enum Markers {
    Required,
    Ignored,
}

#[derive(Clone, Copy, ValueEnum)]
enum Dated {
    BackDated,
    AtConfirmation,
}

#[derive(Clone, Copy, ValueEnum)]
enum Back {
    /// Progression, a target node from the size at which nodes are abnormal
    Progression,
    /// Progression, but a target node must grow as any sum
    NodesBySize,
    BySize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Lost {
    Complete,
    Partial,
    AsRecorded,
}

fn size(text: &str) -> Result<Tenths, String> {
    let size = number(text).and_then(Tenths::from_mm);
    size.ok_or_else(|| "a size in millimetres with at most one place".to_owned())
}

impl Recist {
    pub fn run(&self) -> Done {
        let read = rows::read(&records(&self.file, &["subject", "date", "role"])?);
        read.faults.iter().for_each(|fault| complain!("{fault}"));
        let settings = self.settings();
        let mut out = CsvTable::new(io::stdout().lock());
        out.line(say::HEADS).map_err(unwritten)?;
        for subject in &read.subjects {
            say::subject(subject, &settings, &self.lang, &mut out).map_err(unwritten)?;
        }
        drop(out.finish().map_err(unwritten)?);
        Ok(if read.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn settings(&self) -> Settings {
        let limits = recist::Limits {
            response_percent: self.pr_percent,
            progression_percent: self.pd_percent,
            progression_min: self.pd_mm,
            too_small: self.too_small_mm,
            node_normal: self.node_normal_mm,
            ..recist::Limits::default()
        };
        Settings {
            confirmation_days: self.confirmation_days,
            confirmation_ne: self.confirmation_ne,
            confirmation_sd: self.confirmation_sd,
            stable_days: self.sd_days,
            partial_response: match self.pr {
                Pr::Persists => PartialResponse::Persists,
                Pr::Strict => PartialResponse::Strict,
            },
            treated_targets: match self.treated {
                Treated::NotEvaluable => TreatedTargets::NotEvaluable,
                Treated::Evaluable => TreatedTargets::Evaluable,
            },
            markers_for_complete: matches!(self.markers, Markers::Required),
            equivocal: match self.equivocal {
                Dated::BackDated => Equivocal::BackDated,
                Dated::AtConfirmation => Equivocal::AtConfirmation,
            },
            reappearance: match self.reappearance {
                Back::Progression => Reappearance::Progression,
                Back::NodesBySize => Reappearance::NodesBySize,
                Back::BySize => Reappearance::BySize,
            },
            lost_complete: match self.lost_cr {
                Lost::Complete => LostComplete::Complete,
                Lost::Partial => LostComplete::Partial,
                Lost::AsRecorded => LostComplete::AsRecorded,
            },
            limits,
            ..Settings::default()
        }
    }
}
