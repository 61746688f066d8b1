//! The signed checkpoint kept outside the vault's folder: what an older copy of the vault can't know.

use std::path::Path;

use casebook::{EntryId, Instant};
use rusqlite::{Connection, OptionalExtension};
use seal::{PublicKey, SigningKey};
use serde::{Deserialize, Serialize};
use study::Oid;

use crate::entries::{self, OWN_LOG, Place};
use crate::state::State;
use crate::{Alarm, VaultError, folder};

/// Purpose under which checkpoints are signed.
pub const CHECKPOINT_NAMESPACE: &str = "outpost-checkpoint";

/// Where a device's log stood. Frozen format: do not modify.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Version of the format: 1.
    pub v: u32,
    /// Study OID.
    pub study: Oid,
    /// The device's log.
    pub log: Oid,
    /// Rises at each unlock.
    pub epoch: u64,
    /// Last entry.
    pub seq: u64,
    /// Its id.
    pub head: EntryId,
    /// Digest over all folded rows.
    pub state: EntryId,
    /// SHA-256 of the last receipt accepted.
    pub receipt: Option<EntryId>,
    /// When.
    pub at: Instant,
}

/// A checkpoint with the device's signature over its JSON as written here. Frozen format: do not modify.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedCheckpoint {
    /// The statement.
    pub checkpoint: Checkpoint,
    /// OpenSSH signature in armour, namespace [`CHECKPOINT_NAMESPACE`].
    pub signature: String,
}

impl SignedCheckpoint {
    /// Signs where `state` stands.
    pub(crate) fn make(
        state: &State,
        receipt: Option<EntryId>,
        at: Instant,
        device: &SigningKey,
    ) -> Result<Self, VaultError> {
        let checkpoint = Checkpoint {
            v: 1,
            study: Oid::from(state.card.study.as_str()),
            log: Oid::from(state.card.device.as_str()),
            epoch: state.head.epoch,
            seq: state.head.seq,
            head: state.head.head,
            state: EntryId(state.head.digest.digest()),
            receipt,
            at,
        };
        let signature = device.sign_ssh(CHECKPOINT_NAMESPACE, &statement(&checkpoint)?);
        Ok(Self { checkpoint, signature })
    }

    /// Whether `device` signed it.
    pub fn is_signed_by(&self, device: &PublicKey) -> bool {
        statement(&self.checkpoint)
            .is_ok_and(|bytes| seal::verify_ssh(device, CHECKPOINT_NAMESPACE, &bytes, &self.signature).is_ok())
    }

    /// Replaces the file.
    pub(crate) fn write(&self, file: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec_pretty(self).map_err(|_| VaultError::damaged("checkpoint"))?;
        folder::replace(file, &bytes)
    }
}

fn statement(checkpoint: &Checkpoint) -> Result<Vec<u8>, VaultError> {
    serde_json::to_vec(checkpoint).map_err(|_| VaultError::damaged("checkpoint"))
}

/// SHA-256 of the receipt that confirms most.
pub(crate) fn last_receipt(sql: &Connection) -> Result<Option<EntryId>, VaultError> {
    let mut read = sql.prepare_cached("SELECT bytes FROM receipt ORDER BY seq DESC, bundle LIMIT 1")?;
    let bytes: Option<Vec<u8>> = read.query_row([], |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| EntryId(seal::sha256(&bytes))))
}

/// What the checkpoint says against this vault. Quick: reads at most a few entries.
pub(crate) fn compare(
    sql: &Connection,
    state: &State,
    file: &Path,
    device: &PublicKey,
) -> Result<Vec<Alarm>, VaultError> {
    let Some(bytes) = folder::read_small(file)? else {
        // Before the first unlock has ended there is none yet.
        return Ok(if state.head.epoch > 0 { vec![Alarm::CheckpointMissing] } else { Vec::new() });
    };
    let Ok(signed) = serde_json::from_slice::<SignedCheckpoint>(&bytes) else {
        return Ok(vec![Alarm::CheckpointForged]);
    };
    let known = &signed.checkpoint;
    let ours = known.study == state.card.study.as_str() && known.log == state.card.device.as_str();
    if !ours || !signed.is_signed_by(device) {
        return Ok(vec![Alarm::CheckpointForged]);
    }
    let (log, held) = (known.log.to_string(), state.head.seq);
    if held < known.seq || state.head.epoch < known.epoch {
        return Ok(vec![Alarm::RolledBack { log, seq: held, known: known.seq }]);
    }
    if known.seq == 0 {
        return Ok(Vec::new());
    }
    let differs = match entries::bytes(sql, Place::new(OWN_LOG, known.seq))? {
        Some(line) => seal::sha256(&line) != known.head.0,
        None => false, // named as missing by the check of the journal's end
    };
    if differs {
        return Ok(vec![Alarm::OtherHistory { log, seq: known.seq }]);
    }
    Ok(Vec::new())
}

/// Whether the journal ends where the head row says. Quick: reads one entry.
pub(crate) fn journal_end(sql: &Connection, state: &State) -> Result<Vec<Alarm>, VaultError> {
    let (log, head) = (state.card.device.clone(), &state.head);
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
/// end, or it would fork.
pub(crate) fn adopt_end(sql: &Connection, state: &mut State) -> Result<(), VaultError> {
    let held = entries::last_seq(sql, OWN_LOG)?;
    if held <= state.head.seq {
        return Ok(());
    }
    let Some(bytes) = entries::bytes(sql, Place::new(OWN_LOG, held))? else { return Ok(()) };
    let line = entries::line(bytes)?;
    state.head.seq = held;
    state.head.head = line.id();
    state.head.at = line.entry().at;
    state.head.tick = state.head.tick.max(line.entry().tick);
    state.head.write(sql)
}
