//! Data for statisticians, from the folded rows.

use crate::fold::read_book;
use crate::staged::Staged;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::TextCommit;
use casebook::act::DataExported;
use exchange::CsvExport;
use std::cell::OnceCell;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use study::Study;

impl Center {
    /// Writes one table per form, and one of all cells, into a folder: the same entries give the same bytes. That data
    /// left in the clear goes into the center's log. Entries from a fork on are left out until people have settled it.
    ///
    /// The folder is new or empty, or holds an earlier export and nothing else, whose place the tables take together. Only
    /// this account can read them.
    ///
    /// # Errors
    /// When the database fails, a file can't be written, or the folder holds something else; then it is as it was.
    pub fn export_csv(&self, stamp: &Stamp, out: &Path) -> Result<Vec<PathBuf>, CenterError> {
        let mut staged = Staged::for_folder(out)?;
        self.fold_all()?;
        let subjects = self.store.read(|tx| self.write_tables(tx, &mut staged))?;
        staged.sync()?;
        let act = DataExported { format: "csv".to_owned(), subjects, file: None };
        // The tables come to their place only when the act is written, and the act lasts only when they have come.
        let done = self.store.transact(|tx| {
            self.write(tx, stamp, act)?;
            staged.put_in_place()
        });
        match done {
            Ok(()) => staged.finish(),
            Err(error) => {
                staged.take_back()?;
                Err(error)
            }
        }
    }

    /// Writes the tables; gives how many subjects are in them.
    fn write_tables(&self, tx: &dyn Tx, staged: &mut Staged) -> Result<u64, CenterError> {
        let open = |name: &str| staged.create(name).map(BufWriter::new);
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
        for mut writer in export.finish()? {
            writer.flush().map_err(CenterError::file(&staged.out))?;
        }
        Ok(exported)
    }
}
