//! The signed checkpoint kept outside the vault's folder: what an older copy of the vault can't know.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use casebook::{Checkpoint, EntryId, Instant, LogEnd};
use rusqlite::{Connection, OptionalExtension};
use seal::{PublicKey, SealError, SigningKey};
use serde::{Deserialize, Serialize};
use study::Oid;

use crate::entries::{self, OWN_LOG, Place};
use crate::head::Card;
use crate::state::State;
use crate::{Alarm, VaultError, device_keys, folder, keys, records};

/// Purpose under which checkpoints are signed.
pub const CHECKPOINT_NAMESPACE: &str = "outpost-checkpoint";
/// How often a checkpoint that could not be read is tried again, and what is waited in between: a fifth of a second in all.
const READS: u32 = 5;
const BETWEEN_READS: Duration = Duration::from_millis(40);

/// A checkpoint as it is signed and kept. **Frozen format: do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    /// Version of the format: 1.
    v: u32,
    study: Oid,
    log: String,
    epoch: u64,
    seq: u64,
    head: EntryId,
    state: EntryId,
    receipt: Option<EntryId>,
    at: Instant,
}

/// A checkpoint with the device's signature over its statement's JSON. **Frozen format: do not modify.**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCheckpoint {
    #[serde(rename = "checkpoint")]
    statement: Statement,
    /// OpenSSH signature in armour, namespace [`CHECKPOINT_NAMESPACE`].
    signature: String,
}

impl SignedCheckpoint {
    /// Signs where `state` stands.
    pub(crate) fn make(
        state: &State,
        receipt: Option<EntryId>,
        at: Instant,
        device: &SigningKey,
    ) -> Result<Self, VaultError> {
        let statement = Statement {
            v: 1,
            study: Oid::from(state.card.study.as_str()),
            log: state.card.device.clone(),
            epoch: state.head.epoch,
            seq: state.head.log.end.seq,
            head: state.head.log.end.head,
            state: EntryId(state.head.digest.digest()),
            receipt,
            at,
        };
        let signature = device.sign_ssh(CHECKPOINT_NAMESPACE, &statement.bytes()?);
        Ok(Self { statement, signature })
    }

    /// What was signed.
    pub fn checkpoint(&self) -> Checkpoint {
        let Statement { log, epoch, seq, head, state, receipt, .. } = self.statement.clone();
        Checkpoint { log, epoch, seq, head, state, receipt }
    }

    /// Whether `device` signed it.
    pub fn is_signed_by(&self, device: &PublicKey) -> bool {
        self.statement
            .bytes()
            .is_ok_and(|bytes| seal::verify_ssh(device, CHECKPOINT_NAMESPACE, &bytes, &self.signature).is_ok())
    }

    /// Whether it names a vault's study and device.
    fn is_of(&self, card: &Card) -> bool {
        self.statement.study == card.study.as_str() && self.statement.log == card.device
    }

    /// Replaces the file.
    pub(crate) fn write(&self, file: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|_| VaultError::damaged("checkpoint"))?;
        folder::replace_file(file, &bytes)
    }
}

impl Statement {
    fn bytes(&self) -> Result<Vec<u8>, VaultError> {
        serde_json::to_vec(self).map_err(|_| VaultError::damaged("checkpoint"))
    }
}

/// SHA-256 of the receipt that confirms most.
pub(crate) fn last_receipt(sql: &Connection) -> Result<Option<EntryId>, VaultError> {
    let mut read = sql.prepare_cached("SELECT bytes FROM receipt ORDER BY seq DESC, bundle LIMIT 1")?;
    let bytes: Option<Vec<u8>> = read.query_row([], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| EntryId(seal::sha256(&bytes))))
}

/// What the checkpoint says against a vault.
#[derive(Default)]
pub(crate) struct Verdict {
    /// What is to be told.
    pub(crate) alarm: Option<Alarm>,
    /// What follows for the log.
    pub(crate) says: Says,
}

/// What a checkpoint says of whether the log may go on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Says {
    /// Nothing against it.
    #[default]
    Nothing,
    /// It could not be read: nobody knows.
    Unread,
    /// This vault can't be what the device wrote last: its log may not go on before the center was asked.
    Otherwise,
}

impl Verdict {
    fn tell(alarm: Alarm) -> Self {
        Self { alarm: Some(alarm), says: Says::Nothing }
    }

    fn contradict(alarm: Alarm) -> Self {
        Self { alarm: Some(alarm), says: Says::Otherwise }
    }
}

/// What the checkpoints of this study and device say against this vault: its own, and those of vaults beside it under other names,
/// as where an older copy of the folder was put there beside the living one. Quick: reads at most a few entries of each.
pub(crate) fn compare(sql: &Connection, state: &State, file: &Path) -> Result<Verdict, VaultError> {
    let own = compare_one(sql, state, file)?;
    if own.says == Says::Otherwise {
        return Ok(own);
    }
    for other in beside(file, &state.card) {
        let verdict = compare_one(sql, state, &other)?;
        if verdict.says == Says::Otherwise {
            return Ok(verdict);
        }
    }
    Ok(own)
}

/// Checkpoints of the same study and device beside a vault's own. What can't be read there is none.
fn beside(file: &Path, card: &Card) -> Vec<PathBuf> {
    let entries = file.parent().and_then(|folder| fs::read_dir(folder).ok());
    let paths = entries.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path != file && path.extension() == file.extension() && names(path, card)).collect()
}

fn names(file: &Path, card: &Card) -> bool {
    let bytes = folder::read_small(file).ok().flatten().unwrap_or_default();
    serde_json::from_slice::<SignedCheckpoint>(&bytes).is_ok_and(|signed| signed.is_of(card))
}

fn compare_one(sql: &Connection, state: &State, file: &Path) -> Result<Verdict, VaultError> {
    let bytes = match read_patiently(file) {
        Ok(Some(bytes)) => bytes,
        // Founding writes the first one: also a vault that says of itself that nobody has opened it had one.
        Ok(None) => return Ok(Verdict::tell(Alarm::CheckpointMissing)),
        Err(VaultError::Damaged { .. }) => return Ok(Verdict::tell(Alarm::CheckpointForged)),
        // A folder in its way is no witness of anything, and nothing is written over it.
        Err(_) if file.is_dir() => return Ok(Verdict::tell(Alarm::CheckpointUnkept)),
        Err(_) => return Ok(Verdict { says: Says::Unread, ..Verdict::tell(Alarm::CheckpointUnkept) }),
    };
    let answered = records::setting(sql, keys::ANSWERED)?.unwrap_or_default();
    if answered.chunks(32).any(|known| known == seal::sha256(&bytes)) {
        return Ok(Verdict::default());
    }
    let Ok(signed) = serde_json::from_slice::<SignedCheckpoint>(&bytes) else {
        return Ok(Verdict::tell(Alarm::CheckpointForged));
    };
    // The last one may be older than the device's keys.
    let own = device_keys::signing_keys(sql)?;
    if !signed.is_of(&state.card) || !own.iter().any(|key| signed.is_signed_by(key)) {
        // A key that this vault does not know may be one that the device has drawn since.
        let is_of_newer = is_of_another_device(file, &state.card, &own);
        let verdict = if is_of_newer { Verdict::contradict } else { Verdict::tell };
        return Ok(verdict(Alarm::CheckpointForged));
    }
    let known = &signed.statement;
    let (log, held) = (known.log.clone(), state.head.log.end.seq);
    if held < known.seq || state.head.epoch < known.epoch {
        return Ok(Verdict::contradict(Alarm::RolledBack { log, seq: held, known: known.seq }));
    }
    if known.seq == 0 {
        return Ok(Verdict::default());
    }
    let differs = match entries::bytes(sql, Place::new(OWN_LOG, known.seq))? {
        Some(line) => seal::sha256(&line) != known.head.0,
        None => false, // named as missing by the check of the journal's end
    };
    let other = Alarm::OtherHistory { log, seq: known.seq };
    Ok(if differs { Verdict::contradict(other) } else { Verdict::default() })
}

/// Which checkpoints a log goes on in spite of: SHA-256 of each file, one after the other. They say nothing against the log any
/// more, also where the next one can't be written in the place of its own at once.
pub(crate) fn answered(file: &Path, card: &Card) -> Vec<u8> {
    let files = std::iter::once(file.to_owned()).chain(beside(file, card));
    files.filter_map(|file| folder::read_small(&file).ok().flatten()).flat_map(|bytes| seal::sha256(&bytes)).collect()
}

/// Those of them that still count once the vault's own checkpoint was written anew: of vaults beside it. Whoever kept the former one
/// of its own, and puts it back together with an older folder, is noticed.
pub(crate) fn still_answered(known: &[u8], file: &Path, card: &Card) -> Vec<u8> {
    let files = beside(file, card).into_iter().filter_map(|file| folder::read_small(&file).ok().flatten());
    let beside: Vec<[u8; 32]> = files.map(|bytes| seal::sha256(&bytes)).collect();
    known.chunks(32).filter(|known| beside.iter().any(|one| one == known)).flatten().copied().collect()
}

/// Reads it; a program that holds it for a moment, or a disk that fails once, is waited for.
fn read_patiently(file: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    for _ in 0..READS {
        match folder::read_small(file) {
            Err(refused) if refused.is_of_the_disk() => std::thread::sleep(BETWEEN_READS),
            read => return read,
        }
    }
    folder::read_small(file)
}

/// Whether the checkpoint is this vault's by its name, and another device's by its signature: then one of the two was
/// exchanged. `keys` are those that the device has and had. One that can't be read proves nothing.
pub(crate) fn is_of_another_device(file: &Path, card: &Card, keys: &[PublicKey]) -> bool {
    let bytes = folder::read_small(file).ok().flatten().unwrap_or_default();
    let Ok(signed) = serde_json::from_slice::<SignedCheckpoint>(&bytes) else { return false };
    let Ok(bytes) = signed.statement.bytes() else { return false };
    let is_of_another = |key| {
        let verified = seal::verify_ssh(key, CHECKPOINT_NAMESPACE, &bytes, &signed.signature);
        matches!(verified, Err(SealError::OtherKey))
    };
    signed.is_of(card) && keys.iter().all(is_of_another)
}

/// Whether the journal ends where the head row says. Quick: reads one entry.
pub(crate) fn journal_end(sql: &Connection, state: &State) -> Result<Vec<Alarm>, VaultError> {
    let (log, head) = (state.card.device.clone(), state.head.log.end);
    let held = entries::last_seq(sql, OWN_LOG)?;
    if held < head.seq {
        return Ok(vec![Alarm::EntriesMissing { log, first: held + 1, last: head.seq }]);
    }
    if held > head.seq {
        // The head row is older than the journal: an old page was put back.
        return Ok(vec![Alarm::RolledBack { log, seq: head.seq, known: held }]);
    }
    match entries::bytes(sql, Place::new(OWN_LOG, held))? {
        Some(line) if seal::sha256(&line) != head.head.0 => Ok(vec![Alarm::EntryEdited { log, seq: held }]),
        _ => Ok(Vec::new()),
    }
}

/// When the journal goes on beyond the head row, the row is the older of the two: the log must continue at its true
/// end, or it would fork. The next act writes the row.
pub(crate) fn adopt_end(sql: &Connection, state: &mut State) -> Result<(), VaultError> {
    let held = entries::last_seq(sql, OWN_LOG)?;
    if held <= state.head.log.end.seq {
        return Ok(());
    }
    let Some(bytes) = entries::bytes(sql, Place::new(OWN_LOG, held))? else { return Ok(()) };
    let line = entries::line(bytes)?;
    state.head.log.end = LogEnd::of(&line);
    state.head.log.at = line.entry().at;
    // It is this device's own clock.
    state.head.log.tick = state.head.log.tick.max(line.entry().tick);
    Ok(())
}
