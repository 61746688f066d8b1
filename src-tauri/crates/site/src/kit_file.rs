//! A kit's file. It may carry all that the center holds of its site: then a computer that takes the place of a lost one has every
//! subject at once.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use bundle::{Admission, BlobNote, BundleError, Key, Kind, Kit, Sealed, SenderTrust, Sink, Trusted};
use casebook::act::{BundleImported, LogRange};
use casebook::{CENTER, EntryId, Line, Stamp, TextRow};
use seal::Zeroizing;
use study::Oid;
use vault::{BundleRecord, Received, Way};

use crate::versions::hold_published;
use crate::writing::ActWriter;
use crate::{SiteError, files};

/// A kit that carries data. It is read once more when the vault is founded: nobody holds a whole site in memory.
pub struct KitFile {
    path: PathBuf,
    passphrase: Zeroizing<String>,
    id: EntryId,
}

/// A kit that may be opened. Its maker is taken at its word here: a person compares the key's words by phone.
///
/// # Errors
/// `Refused` with the reason.
pub(crate) fn admit(path: &Path) -> Result<Trusted<BufReader<File>>, SiteError> {
    let sealed = Sealed::inspect(BufReader::new(files::open(path)?))?;
    let (maker, practice) = (sealed.envelope().sender.key, sealed.envelope().is_practice());
    let sender = SenderTrust::Known(maker);
    Ok(sealed.admit(&Admission { study: None, site: None, kind: Kind::Kit, practice, sender })?)
}

impl KitFile {
    /// Remembers a kit that was opened and found good.
    pub(crate) fn new(path: &Path, passphrase: Zeroizing<String>, id: EntryId) -> Self {
        Self { path: path.to_owned(), passphrase, id }
    }

    /// Takes all of the site's data into a vault that is being founded, and journals where they came from.
    ///
    /// # Errors
    /// `Refused` when it is not the same file any more, or not all of it fits together; then nothing of the vault may last.
    pub(crate) fn bring_in(&self, tx: &mut ActWriter<'_, '_>, site: &str, stamp: &Stamp) -> Result<(), SiteError> {
        let trusted = admit(&self.path)?;
        let (id, envelope) = (trusted.id(), trusted.envelope().clone());
        if id != self.id {
            return Err(BundleError::Damaged("it changed while it was read").into());
        }
        let mut data = DataImport { tx, so_far: Received::default() };
        trusted.open(&Key::Passphrase(&self.passphrase), &mut data)?;
        let DataImport { tx, so_far } = data;
        if so_far.accepted != envelope.entries {
            return Err(BundleError::Damaged("entries.ndjson").into());
        }
        hold_published(tx, site)?;
        let (logs, entries) = (envelope.logs.iter().map(LogRange::from).collect(), envelope.entries);
        tx.write(BundleImported { bundle: id, sender: Oid::from(CENTER), logs, entries })?;
        let file = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (at, way, by) = (stamp.at, Way::Received, stamp.by.to_string());
        Ok(tx.record_bundle(&BundleRecord { id, at, way, file, by, first: 0, last: 0, entries })?)
    }
}

/// What takes a site's data into a new vault.
struct DataImport<'t, 'w, 'a> {
    tx: &'t mut ActWriter<'w, 'a>,
    so_far: Received,
}

impl Sink for DataImport<'_, '_, '_> {
    type Error = SiteError;

    fn line(&mut self, line: Line) -> Result<(), SiteError> {
        Ok(self.tx.receive(&line, &mut self.so_far)?)
    }

    fn text(&mut self, row: TextRow) -> Result<(), SiteError> {
        Ok(self.tx.keep_text(&row)?)
    }

    /// Versions of the study; what else a kit carries was read before.
    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), SiteError> {
        if note.name == Kit::STUDY_NAME {
            self.tx.store(&bytes)?;
        }
        Ok(())
    }
}
