//! A laboratory's file: read, held against what stands, and recorded through the same door as typing.
//!
//! One row is one result (subject, day, test, result, and perhaps unit and limits). Nothing is overwritten in silence: a
//! result that differs from what stands is recorded only when a person takes it, with a reason.

mod judge;
mod loaded;
mod mapping;
mod record;
mod row;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use exchange::read::{MOST_LAB_BYTES, Table};
use screens::messages::{
    LabCount, LabFileFault, LabFileOpened, LabFileReport, LabFileRow, LabFileView, LabMapping, LabVerdict,
};
use screens::permissions::Command;

pub(crate) use loaded::Loaded;
use loaded::NO_FILE;

use crate::session::Session;
use crate::{SiteError, files, settings};

/// Rows shown at once; all are counted.
const SHOWN: usize = 500;

impl Session<'_> {
    /// Reads a laboratory's file and holds it against what stands; nothing is recorded.
    ///
    /// # Errors
    /// The file is not there; the vault refuses. A file that is no table is answered with its fault and line.
    pub fn lab_file_open(&mut self, path: &Path, lab: &str) -> Result<LabFileOpened, SiteError> {
        self.may(Command::LabFileOpen)?;
        let mut bytes = Vec::new();
        let most = u64::try_from(MOST_LAB_BYTES).unwrap_or(u64::MAX);
        files::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
        let table = match Table::read(&bytes) {
            Ok(table) => table,
            Err(fault) => {
                let line = fault.line().and_then(|line| u32::try_from(line).ok());
                let fault = Some(LabFileFault { code: fault.code().to_owned(), line });
                return Ok(LabFileOpened { file: None, fault });
            }
        };
        let lab = lab.trim();
        let known: Option<LabMapping> = self
            .signed_in
            .open
            .setting(&settings::lab_import(lab))?
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let study = self.study();
        // A file with another head is another file: what was remembered would find no columns in it.
        let known = known.filter(|known| table.column(&known.result).is_some() && table.column(&known.test).is_some());
        let remembered = known.is_some();
        let mapping = match known {
            Some(known) => mapping::complete(&study, &table, known),
            None => mapping::guess(&study, &table, lab),
        };
        self.signed_in.lab_file = Some(Loaded { table, mapping, remembered });
        Ok(LabFileOpened { file: Some(self.file_view()?), fault: None })
    }

    /// Reads the open file by another mapping.
    ///
    /// # Errors
    /// `NoSuch` when no file is open.
    pub fn lab_file_map(&mut self, mapping: &LabMapping) -> Result<LabFileView, SiteError> {
        self.may(Command::LabFileMap)?;
        let study = self.study();
        let loaded = self.signed_in.lab_file.as_mut().ok_or(NO_FILE)?;
        loaded.mapping = mapping::complete(&study, &loaded.table, mapping.clone());
        self.file_view()
    }

    /// Records what is new, and of the rows that differ those on the lines `taken`; remembers the mapping. One entry for
    /// each panel.
    ///
    /// # Errors
    /// `ReasonNeeded` when something that stands, or a completed form, would change without a reason.
    pub fn lab_file_import(&mut self, taken: &[u32], reason: Option<&str>) -> Result<LabFileReport, SiteError> {
        self.may(Command::LabFileImport)?;
        let loaded = self.signed_in.lab_file.take().ok_or(NO_FILE)?;
        let done = self.record(&loaded, taken, reason);
        if done.is_err() {
            self.signed_in.lab_file = Some(loaded);
        }
        done
    }

    /// Puts the open file away.
    ///
    /// # Errors
    /// The role may not.
    pub fn lab_file_close(&mut self) -> Result<(), SiteError> {
        self.may(Command::LabFileClose)?;
        self.signed_in.lab_file = None;
        Ok(())
    }

    fn file_view(&mut self) -> Result<LabFileView, SiteError> {
        let loaded = self.signed_in.lab_file.take().ok_or(NO_FILE)?;
        let view = self.view_of_file(&loaded);
        self.signed_in.lab_file = Some(loaded);
        view
    }

    fn view_of_file(&mut self, loaded: &Loaded) -> Result<LabFileView, SiteError> {
        let study = self.study();
        let judged = self.judge(loaded)?;
        let mut counts: BTreeMap<LabVerdict, u32> = BTreeMap::new();
        for row in &judged {
            *counts.entry(row.shown.verdict).or_default() += 1;
        }
        let mut reason_needed = false;
        let device = self.device();
        for bring in
            judged.iter().filter(|row| row.shown.verdict == LabVerdict::New).filter_map(|row| row.bring.as_ref())
        {
            reason_needed |= self.known(&bring.subject)?.needs_reason(&device, &bring.cell);
        }
        let total = u32::try_from(judged.len()).unwrap_or(u32::MAX);
        let mut rows: Vec<LabFileRow> = judged.into_iter().map(|row| row.shown).collect();
        // What needs a person stands first; the order of the file decides among the others.
        rows.sort_by_key(|row| match row.verdict {
            LabVerdict::Differs => 0,
            LabVerdict::New => 2,
            LabVerdict::Same | LabVerdict::Again | LabVerdict::LeftOut => 3,
            _ => 1,
        });
        rows.truncate(SHOWN);
        Ok(LabFileView {
            encoding: loaded.table.encoding.to_owned(),
            delimiter: loaded.table.delimiter.to_string(),
            columns: loaded.table.head.clone(),
            mapping: loaded.mapping.clone(),
            remembered: loaded.remembered,
            analytes: screens::lab::asked_analytes(&study, &self.language),
            units: mapping::units(&study, &self.language),
            total,
            counts: counts.into_iter().map(|(verdict, rows)| LabCount { verdict, rows }).collect(),
            rows,
            reason_needed,
        })
    }
}
