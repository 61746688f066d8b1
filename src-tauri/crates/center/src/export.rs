//! Data for statisticians, from the folded rows.

use crate::fold::read_book;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::TextCommit;
use casebook::act::DataExported;
use exchange::CsvExport;
use std::cell::OnceCell;
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
        self.fold_all()?;
        let mut files = Vec::new();
        let subjects = self.store.read(|tx| self.write_tables(tx, out, &mut files))?;
        let act = DataExported { format: "csv".to_owned(), subjects, file: None };
        self.store.transact(|tx| self.write(tx, stamp, act))?;
        Ok(files)
    }

    /// Writes the tables; gives how many subjects are in them.
    fn write_tables(&self, tx: &dyn Tx, out: &Path, files: &mut Vec<PathBuf>) -> Result<u64, CenterError> {
        let open = |name: &str| {
            let path = out.join(name);
            let file = File::create(&path)?;
            files.push(path);
            Ok(BufWriter::new(file))
        };
        let published = self.published_versions(tx)?;
        let newest_first: Vec<&Study> = published.versions.iter().rev().map(|version| &*version.study).collect();
        let mut export = CsvExport::new(&newest_first, open)?;
        let mut exported = 0;
        for subject in tx.subjects()? {
            let book = read_book(tx, &published, &subject)?;
            // Every entry of the subject may lie behind a fork.
            if book.subject().is_none() {
                continue;
            }
            exported += 1;
            let failed: OnceCell<StoreError> = OnceCell::new();
            let text = |commit: &TextCommit| match tx.text(*commit) {
                Ok(row) => row.map(|row| row.text.as_str().to_owned()),
                Err(error) => {
                    // Only the first counts.
                    let _ = failed.set(error);
                    None
                }
            };
            export.book(&book, &text)?;
            if let Some(error) = failed.into_inner() {
                return Err(error.into());
            }
        }
        for (mut writer, file) in export.finish()?.into_iter().zip(files.iter()) {
            writer.flush().map_err(CenterError::file(file))?;
        }
        Ok(exported)
    }
}
