//! Data for statisticians, from the folded rows.

use crate::fold::read_book;
use crate::omission::{all_kept_aside, is_spoken_of};
use crate::staged::Staged;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError, Omission, Stamp};
use casebook::act::DataExported;
use casebook::{Book, CENTER, TextCommit, site_of};
use exchange::CsvExport;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use study::Study;

/// Tables that were written.
#[derive(Debug)]
pub struct Exported {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Subjects in them.
    pub subjects: u64,
    /// What is not in them.
    pub omitted: Vec<Omission>,
    /// Folders beside them into which an earlier export was put back, because a later one had broken off.
    pub put_back: Vec<PathBuf>,
    /// Whether the center's log says that data left; it can't where nothing can be written.
    pub is_noted: bool,
}

impl Center {
    /// Writes one table per form, and one of all cells, into a folder: the same entries give the same bytes. That data
    /// left in the clear goes into the center's log.
    ///
    /// What can't be given out is named: another branch of a log, bundles that wait or are parked, subjects of whom no registration has
    /// come, and those whose entries can't be read. It keeps nothing else out.
    ///
    /// The folder is new or empty, or holds an earlier export and nothing else, whose place the tables take together. Only
    /// this account can read them.
    ///
    /// # Errors
    /// When the database fails, a file can't be written, or the folder holds something else; then it is as it was.
    pub fn export_csv(&self, stamp: &Stamp, out: &Path) -> Result<Exported, CenterError> {
        let mut staged = Staged::for_folder(out)?;
        // An archive that can't be written is read all the same: what is behind is carried on subject by subject.
        let is_noted = !self.store.is_read_only();
        let unreadable = self.fold_all()?;
        let put_back = std::mem::take(&mut staged.put_back);
        let mut exported = Exported { files: Vec::new(), subjects: 0, omitted: Vec::new(), put_back, is_noted };
        self.store.read(|tx| self.write_tables(tx, &mut staged, &unreadable, &mut exported))?;
        staged.sync()?;
        let act = DataExported { format: "csv".to_owned(), subjects: exported.subjects, file: None };
        // The tables come to their place only when the act is written, and the act lasts only when they have come.
        let done = if is_noted {
            self.store.transact(|tx| {
                self.write(tx, stamp, act)?;
                staged.put_in_place()
            })
        } else {
            staged.put_in_place()
        };
        match done {
            Ok(()) => Ok(Exported { files: staged.finish()?, ..exported }),
            Err(error) => {
                staged.take_back()?;
                Err(error)
            }
        }
    }

    /// Writes the tables. `unreadable` are the subjects that could not be folded.
    fn write_tables(
        &self,
        tx: &dyn Tx,
        staged: &mut Staged,
        unreadable: &[Omission],
        exported: &mut Exported,
    ) -> Result<(), CenterError> {
        let Exported { subjects, omitted, .. } = exported;
        let open = |name: &str| staged.create(name).map(BufWriter::new);
        let published = self.published_versions(tx)?;
        let newest_first: Vec<&Study> = published.versions.iter().rev().map(|version| &*version.study).collect();
        let mut export = CsvExport::new(&newest_first, open)?;
        omitted.extend(all_kept_aside(tx)?);
        omitted.extend_from_slice(unreadable);
        let mut unregistered = Vec::new();
        for subject in tx.subjects()? {
            if unreadable.iter().any(|omission| omission.is_about(&subject)) {
                continue;
            }
            let book = match read_book(tx, &published, &subject) {
                Ok(book) => book,
                Err(error) => {
                    omitted.push(Omission::of_subject(&subject, error)?);
                    continue;
                }
            };
            // Whoever was never registered is nobody's patient; a registration may still be on its way.
            if book.registrations().is_empty() {
                if is_spoken_of(tx, &subject)? {
                    unregistered.push(subject);
                }
                continue;
            }
            write_book(tx, &mut export, &subject, &book)?;
            *subjects += 1;
        }
        omitted.extend(Omission::unregistered(unregistered.iter().map(String::as_str)));
        for mut writer in export.finish()? {
            writer.flush().map_err(CenterError::file(&staged.out))?;
        }
        Ok(())
    }
}

/// Writes one subject's lines, with the free texts that are held of its site.
fn write_book(
    tx: &dyn Tx,
    export: &mut CsvExport<'_, BufWriter<File>>,
    subject: &str,
    book: &Book,
) -> Result<(), CenterError> {
    let failed: OnceCell<StoreError> = OnceCell::new();
    let site = site_of(subject).unwrap_or(CENTER);
    let text = |commit: &TextCommit| match tx.text(*commit, site) {
        Ok(row) => row.map(|row| row.text.as_str().to_owned()),
        Err(error) => {
            // Only the first counts.
            let _ = failed.set(error);
            None
        }
    };
    export.book(book, &text)?;
    failed.into_inner().map_or(Ok(()), |error| Err(error.into()))
}
