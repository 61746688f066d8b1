//! The report of a serious adverse event: gathered from the subject's book, printed as PDF, written where a person wants it,
//! and journaled, because data leave the vault in the clear.
//!
//! It names the participant by the subject key alone. What makes it tell the same as the data: the head of the device's
//! journal and the digest of all its data stand on it.

use std::path::{Path, PathBuf};

use casebook::EntryId;
use casebook::act::DataExported;
use clinical::safety::{RowAt, Safety};
use screens::messages::ReportWritten;
use screens::paper::Paper;
use screens::permissions::Command;
use screens::safety::{self, Provenance};
use seal::sha256;
use tempfile::NamedTempFile;

use study::CellKey;

use crate::files::{self, NewFile};
use crate::noun::Noun;
use crate::session::Session;
use crate::{SiteError, place};

impl Session<'_> {
    /// A name for the file of a report; nothing of the participant but the subject key stands in it.
    ///
    /// # Errors
    /// There is no such report.
    pub fn report_name(&mut self, subject: &str, cell: &CellKey) -> Result<String, SiteError> {
        self.may(Command::SaeReport)?;
        let row = self.report_row(subject, cell)?;
        let study = self.study_of(subject)?;
        let safety = Safety::read(&study, self.known(subject)?);
        let report = safety.report(&row).ok_or(SiteError::NoSuch(Noun::Report))?;
        let number = |number: Option<rust_decimal::Decimal>| number.map_or_else(|| "0".to_owned(), |n| n.to_string());
        let safe = |text: &str| -> String {
            text.chars().map(|sign| if sign.is_ascii_alphanumeric() || sign == '-' { sign } else { '_' }).collect()
        };
        let (event, report) = (number(report.event), number(report.number));
        let day = self.now.today().replace('-', "");
        Ok(format!("SAE-{}-{}-{}-{day}.pdf", safe(subject), safe(&event), safe(&report)))
    }

    /// Writes the report of a serious adverse event in whose row `cell` lies. A file that is there already stays: the
    /// report has a number then, and the answer says its name.
    ///
    /// # Errors
    /// There is no such report; the disk refuses.
    pub fn sae_report(&mut self, subject: &str, cell: &CellKey, path: &Path) -> Result<ReportWritten, SiteError> {
        self.may(Command::SaeReport)?;
        let row = self.report_row(subject, cell)?;
        let bytes = exchange::pdf(&self.report_paper(subject, &row)?).map_err(SiteError::Print)?;
        let digest = EntryId(sha256(&bytes));
        let folder = path.parent().filter(|folder| folder.is_dir()).ok_or(SiteError::Gone)?;
        let file = files::write(folder, &bytes)?;
        let path = self.place_report(file, path, digest)?;
        Ok(ReportWritten {
            file: path.to_string_lossy().into_owned(),
            bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            digest: digest.to_string(),
        })
    }

    /// Gives the file its name and journals it: both or neither. A report that nobody knows of must not lie on a computer,
    /// and the journal must not tell of one that never left, because its folder takes no file.
    fn place_report(&mut self, file: NamedTempFile, path: &Path, digest: EntryId) -> Result<PathBuf, SiteError> {
        let report = self.write(|tx| {
            tx.write(DataExported { format: "pdf".to_owned(), subjects: 1, file: Some(digest) })?;
            NewFile::name(file, path)
        })?;
        Ok(report.keep())
    }

    /// The row of a report.
    fn report_row(&mut self, subject: &str, cell: &CellKey) -> Result<RowAt, SiteError> {
        let study = self.study_of(subject)?;
        let row = RowAt::of(&place::cell(&study, cell)?.key);
        let safety = Safety::read(&study, self.known(subject)?);
        safety.report(&row).ok_or(SiteError::NoSuch(Noun::Report))?;
        Ok(row)
    }

    /// What is printed.
    fn report_paper(&mut self, subject: &str, row: &RowAt) -> Result<Paper, SiteError> {
        let stamp = self.stamp();
        let open = &mut self.signed_in.open;
        let checkpoint = open.checkpoint(&stamp)?.checkpoint();
        let provenance = Provenance {
            seq: checkpoint.seq,
            head: checkpoint.head.to_string(),
            state: checkpoint.state.to_string(),
            fingerprint: open.device_key().public().words(),
            program: env!("CARGO_PKG_VERSION"),
        };
        let drawn = self.draw(subject, |view| safety::report(view, row, &provenance))?;
        drawn.ok_or(SiteError::NoSuch(Noun::Report))
    }
}
