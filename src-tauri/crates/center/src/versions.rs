//! The metadata versions that were published, and their studies.

use crate::CenterError;
use crate::store::{StoreError, Tx};
use casebook::act::StudyPublished;
use casebook::{Act, CENTER, EntryId, Line, LogEnd};
use seal::sha256;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use study::{Functions, Oid, Study};

/// Folder of the published study files.
pub(crate) const STUDIES: &str = "studies";
/// How the act that publishes a version begins in an entry: most entries of the center's log are not read for it.
const PUBLISHED: &[u8] = b"\"act\":\"study.published\"";

/// A metadata version, for sites as they were named.
#[derive(Clone, Debug)]
pub struct Publication {
    /// When it was published, local time.
    pub at: String,
    /// What was said.
    pub act: StudyPublished,
}

/// A published version with its study.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) study: Arc<Study>,
    pub(crate) file: EntryId,
}

/// What the center's log says of versions, as far as it was read; carried on where it has grown.
pub(crate) struct Versions(Mutex<Arc<Published>>);

/// The versions as of one entry of the center's log.
#[derive(Clone)]
pub(crate) struct Published {
    end: LogEnd,
    pub(crate) publications: Vec<Publication>,
    /// In the order in which they were published; the first is the one that the center was made with.
    pub(crate) versions: Vec<Version>,
}

impl Versions {
    /// Before the center's log was read.
    pub(crate) fn new(first: Version) -> Self {
        Self(Mutex::new(Arc::new(Published { end: LogEnd::EMPTY, publications: Vec::new(), versions: vec![first] })))
    }
}

impl Published {
    /// The study that the center was made with.
    pub(crate) fn first(&self) -> &Arc<Study> {
        &self.versions[0].study
    }

    /// The study of a version; of the first where it is not known.
    pub(crate) fn of(&self, version: Option<&Oid>) -> &Arc<Study> {
        let known = self.versions.iter().find(|one| Some(&one.study.metadata_version) == version);
        known.map_or_else(|| self.first(), |one| &one.study)
    }
}

impl Versions {
    /// The versions as a transaction sees them, each study read once. `folder` is the center's.
    pub(crate) fn read(
        &self,
        tx: &dyn Tx,
        folder: &Path,
        functions: &Functions,
    ) -> Result<Arc<Published>, CenterError> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut now = Published::clone(&held);
        let is_ours = now.end.seq == 0 || tx.id_at(CENTER, now.end.seq)? == Some(now.end.head);
        if !is_ours {
            // What was read was undone since, or this transaction sees an earlier state.
            now = Published { end: LogEnd::EMPTY, publications: Vec::new(), versions: now.versions[..1].to_vec() };
        }
        let known = now.publications.len();
        read_publications(tx, &mut now)?;
        for at in known..now.publications.len() {
            let file = file_of(&now.publications[at].act)?;
            if !now.versions.iter().any(|version| version.file == file) {
                let bytes = read_study_file(folder, file)?;
                if sha256(&bytes) != file.0 {
                    return Err(CenterError::Damaged("a study file"));
                }
                now.versions.push(Version { study: Arc::new(read_study("study.xml", &bytes, functions)?), file });
            }
        }
        *held = Arc::new(now);
        Ok(Arc::clone(&held))
    }
}

/// Reads the publications after the known end of the center's log.
fn read_publications(tx: &dyn Tx, now: &mut Published) -> Result<(), StoreError> {
    tx.lines(CENTER, now.end.seq + 1, &mut |_, seq, id, bytes| {
        if bytes.windows(PUBLISHED.len()).any(|part| part == PUBLISHED) {
            let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("the center's log"))?;
            if let Act::StudyPublished(act) = &line.entry().act {
                now.publications.push(Publication { at: line.entry().at.local(line.entry().tz), act: act.clone() });
            }
        }
        now.end = LogEnd { seq, head: id };
        Ok(())
    })
}

/// Whether a publication is for a site.
pub(crate) fn is_for(act: &StudyPublished, site: &str) -> bool {
    act.sites.is_empty() || act.sites.iter().any(|one| *one == *site)
}

/// SHA-256 of the file that a publication names.
pub(crate) fn file_of(act: &StudyPublished) -> Result<EntryId, CenterError> {
    act.file.parse().map_err(|_| CenterError::Damaged("the center's log"))
}

/// Where a published study file lies.
pub(crate) fn study_file(folder: &Path, digest: EntryId) -> PathBuf {
    folder.join(STUDIES).join(format!("{digest}.xml"))
}

/// The bytes of a published study file.
pub(crate) fn read_study_file(folder: &Path, digest: EntryId) -> Result<Vec<u8>, CenterError> {
    let file = study_file(folder, digest);
    std::fs::read(&file).map_err(CenterError::file(&file))
}

/// Reads a study; `functions` are those that its rules may call.
pub(crate) fn read_study(name: &str, bytes: &[u8], functions: &Functions) -> Result<Study, CenterError> {
    Study::read(name, bytes, functions).map_err(CenterError::Study)
}
