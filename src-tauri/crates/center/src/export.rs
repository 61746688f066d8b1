//! Data for statisticians, folded from the entries.

use crate::amend::study_of;
use crate::store::StoreError;
use crate::{Center, CenterError, Stamp};
use casebook::act::DataExported;
use casebook::{Book, Line, TextCommit};
use exchange::CsvExport;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use study::Study;

impl Center {
    /// Writes one table per form, and one of all cells, into a folder: the same entries give the same bytes. That data
    /// left in the clear goes into the center's log. Entries from a fork on are left out until people have settled it.
    ///
    /// # Errors
    /// When the database fails or a file can't be written.
    pub fn export_csv(&self, stamp: &Stamp, out: &Path) -> Result<Vec<PathBuf>, CenterError> {
        fs::create_dir_all(out).map_err(CenterError::file(out))?;
        let mut files = Vec::new();
        let open = |name: &str| {
            let path = out.join(name);
            let file = File::create(&path)?;
            files.push(path);
            Ok(BufWriter::new(file))
        };
        let versions = self.read_versions()?;
        let newest_first: Vec<&Study> = versions.iter().rev().map(|version| &version.study).collect();
        let mut export = CsvExport::new(&newest_first, open)?;
        let subjects = self.store.subjects()?;
        let mut exported = 0;
        for subject in &subjects {
            let book = self.book(subject)?;
            // Every entry of the subject may lie behind a fork.
            if book.subject().is_none() {
                continue;
            }
            exported += 1;
            let failed = RefCell::new(None);
            let text = |commit: &TextCommit| match self.store.text(*commit) {
                Ok(row) => row.map(|row| row.text.as_str().to_owned()),
                Err(error) => {
                    failed.borrow_mut().get_or_insert(error);
                    None
                }
            };
            export.book(&book, &text)?;
            if let Some(error) = failed.into_inner() {
                return Err(error.into());
            }
        }
        for (mut writer, file) in export.finish()?.into_iter().zip(&files) {
            writer.flush().map_err(CenterError::file(file))?;
        }
        let act = DataExported { format: "csv".to_owned(), subjects: exported, file: None };
        self.transact(|_| self.write(stamp, act))?;
        Ok(files)
    }

    /// The casebook of one subject, folded afresh and settled under the version that it is under.
    ///
    /// # Errors
    /// When the database fails or holds what is no entry.
    pub fn book(&self, subject: &str) -> Result<Book, CenterError> {
        let mut book = Book::new();
        self.store.lines_of(subject, &mut |_, _, id, bytes| {
            let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
            book.apply(id, line.entry()).map_err(|_| StoreError::Damaged("an entry's place"))
        })?;
        let versions = self.read_versions()?;
        book.settle(study_of(&versions, book.version()).unwrap_or(&self.study));
        Ok(book)
    }
}
