//! keyslots.json and its copy in the database, which is the one that counts.
//!
//! A replacement goes: the new bytes into the database as `next`; the file replaced; `next` becomes `current`. Whatever
//! step a power cut falls on, the next unlock finds either both old or the file on one side and knows which way to go.

use rusqlite::Connection;
use seal::recovery::RecoveryCode;
use seal::{Bond, KeySlots, NewSlot, SealError, VaultKeys, Wrap, Zeroizing};

use crate::connection::DbKey;
use crate::folder::{self, Folder};
use crate::{Alarm, Open, Stamp, Tx, VaultError, device_keys, wraps};

/// Who asks to be let in, and by what.
#[derive(Clone, Copy)]
pub(crate) struct Login<'a> {
    /// The account.
    pub(crate) user: &'a str,
    /// What opens.
    pub(crate) by: By<'a>,
}

/// What somebody has to open a vault.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    /// A password, as typed.
    Password(&'a str),
    /// A recovery code.
    Code(&'a RecoveryCode),
}

/// What a password or code opened.
pub(crate) struct Opened {
    /// The database's key.
    pub(crate) db_key: DbKey,
    /// The seed of the user's signing key: a new one where a code opened.
    pub(crate) seed: Zeroizing<[u8; 32]>,
    /// What ties the key to the slot; none in a slot of the first form.
    pub(crate) bond: Option<Bond>,
    /// Which code it was, where one opened.
    pub(crate) code: Option<CodeNumber>,
}

/// A recovery code by its numbers.
#[derive(Clone, Copy)]
pub(crate) struct CodeNumber {
    /// Which set.
    pub(crate) set: u64,
    /// Which code of it.
    pub(crate) code: u32,
}

/// Opens somebody's slot, or a code's. Neither the answer nor its time tells which of user and password was wrong: an account
/// that is not there costs one derivation like one that is.
///
/// # Errors
/// [`VaultError::WrongPassword`], for a code, too; [`VaultError::Exchanged`].
pub(crate) fn open_slot(slots: &KeySlots, login: Login<'_>) -> Result<Opened, VaultError> {
    let opened = match login.by {
        By::Password(password) => slots.unlock_unverified(login.user, password).map(|unlocked| Opened {
            db_key: unlocked.db_key,
            seed: unlocked.signing_seed,
            bond: unlocked.bond,
            code: None,
        }),
        By::Code(code) => slots.recover(code).and_then(|recovered| {
            let code = CodeNumber { set: recovered.set, code: recovered.code };
            Ok(Opened { db_key: recovered.db_key, seed: seal::random()?, bond: Some(recovered.bond), code: Some(code) })
        }),
    };
    opened.map_err(|error| match error {
        SealError::WrongPassword | SealError::UnknownUser => VaultError::WrongPassword,
        other => other.into(),
    })
}

/// Whether a database is the one that a slot was made for: its device's key says so. A slot of the first form does not know.
///
/// # Errors
/// [`VaultError::Exchanged`]; [`VaultError::Damaged`] when the device's key is gone.
pub(crate) fn check_bond(sql: &Connection, bond: Option<&Bond>) -> Result<(), VaultError> {
    let device = device_keys::signing_key(sql)?.public();
    if bond.is_some_and(|bond| bond.device != device) { Err(VaultError::Exchanged) } else { Ok(()) }
}

/// How the file on the disk stands to the database.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is the one that was last written.
    Current,
    /// A replacement was interrupted and has been carried through or taken back.
    Settled,
    /// It is an older one, or was edited; it has been put right.
    Stale,
}

/// The row as it stands.
struct Row {
    current: Vec<u8>,
    next: Option<Vec<u8>>,
    acted: bool,
}

/// Reads it. SQLCipher may give a page that it can't authenticate as zeros: what is no slot file must never take the place
/// of the one on the disk, which is the last copy then.
fn read(sql: &Connection) -> Result<Row, VaultError> {
    let row = sql.query_row("SELECT current, next, next_acted FROM slots", [], |row| {
        Ok(Row { current: row.get(0)?, next: row.get(1)?, acted: row.get(2)? })
    });
    let row = row.map_err(|error| match error {
        rusqlite::Error::QueryReturnedNoRows => VaultError::damaged("the slots row is gone"),
        other => other.into(),
    })?;
    let whole = |bytes: &[u8]| KeySlots::read(bytes).is_ok();
    if whole(&row.current) && row.next.as_deref().is_none_or(whole) {
        Ok(row)
    } else {
        Err(VaultError::damaged("the slots row holds no slot file"))
    }
}

/// The bytes that count where no replacement is under way.
#[cfg(test)]
pub(crate) fn current(sql: &Connection) -> Result<Vec<u8>, VaultError> {
    Ok(read(sql)?.current)
}

/// Sets the bytes that count, with no replacement under way.
pub(crate) fn set_current(sql: &Connection, bytes: &[u8]) -> Result<(), VaultError> {
    sql.execute(
        "INSERT INTO slots (one, current, next, next_acted) VALUES (1, ?1, NULL, 0)
         ON CONFLICT (one) DO UPDATE SET current = ?1, next = NULL, next_acted = 0",
        [bytes],
    )?;
    Ok(())
}

/// First step. `acted` says that an entry in the same transaction depends on the new slots.
pub(crate) fn announce(sql: &Connection, next: &Next, acted: bool) -> Result<(), VaultError> {
    sql.execute("UPDATE slots SET next = ?1, next_acted = ?2", (&next.bytes, acted))?;
    wraps::keep(sql, &next.made)
}

/// Slots that are to take the place of those in force.
pub(crate) struct Next {
    /// The file's bytes.
    pub(crate) bytes: Vec<u8>,
    /// The secrets of slots that were made for it.
    pub(crate) made: Vec<Wrap>,
}

/// Which slots count, going by the database and the file, and what is left to be done about it.
pub(crate) struct Judged {
    /// How the file stands to the database.
    pub(crate) standing: Standing,
    /// The slots that count.
    pub(crate) in_force: Vec<u8>,
    /// Whether the file holds them.
    file_has_them: bool,
    /// Whether the database holds them, with no replacement under way.
    row_has_them: bool,
}

/// Compares the file with the database: a replacement that an entry tells of goes forward, another one by what the file says,
/// and what was altered counts for nothing.
pub(crate) fn judge(sql: &Connection, file: &[u8], key: &[u8; 32]) -> Result<Judged, VaultError> {
    let Row { current, next, acted } = read(sql)?;
    let (is_current, is_next) = (file == current, next.as_deref() == Some(file));
    let row_is_at_rest = next.is_none();
    let settled = |known| if known { Standing::Settled } else { Standing::Stale };
    let (standing, in_force) = match next {
        Some(next) if acted || is_next => (settled(is_current || is_next), next),
        Some(_) => (settled(is_current), current),
        None if is_current => (Standing::Current, current),
        // The file is authentic and later: it is the database that is behind.
        None if is_newer(file, &current, key) => {
            return Ok(Judged {
                standing: Standing::Stale,
                in_force: file.to_owned(),
                file_has_them: true,
                row_has_them: false,
            });
        }
        None => (Standing::Stale, current),
    };
    Ok(Judged { standing, file_has_them: in_force == file, in_force, row_has_them: row_is_at_rest })
}

/// Second and third step: the file, then the row. Can be done again after any failure.
pub(crate) fn carry_through(sql: &Connection, folder: &Folder, judged: &Judged) -> Result<(), VaultError> {
    match (judged.file_has_them, judged.row_has_them) {
        (true, true) => return Ok(()),
        // The row forgets that a replacement is under way only when no power cut can take it back.
        (true, false) => folder::sync_name(&folder.slots())?,
        (false, _) => folder::replace(&folder.slots(), &judged.in_force)?.lasting()?,
    }
    if !judged.row_has_them {
        set_current(sql, &judged.in_force)?;
        // What is left of those that were replaced does no harm, and goes the next time.
        let _ = KeySlots::read(&judged.in_force).map(|slots| wraps::prune(sql, &slots));
    }
    Ok(())
}

fn is_newer(file: &[u8], current: &[u8], key: &[u8; 32]) -> bool {
    let (Ok(file), Ok(current)) = (KeySlots::read(file), KeySlots::read(current)) else { return false };
    file.revision() > current.revision() && file.is_authentic(key)
}

/// What says whether new slots count when only part of a replacement was done.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decides {
    /// An entry of the same transaction: who was told of it goes on with the new ones, and so they go forward.
    Entry,
    /// The file: who was told of an error goes on with what opens it.
    File,
}

impl Open {
    /// Replaces the key slots: the one way for every change of them but a new database key. What an earlier replacement left
    /// undone is settled before. `change` gives the secrets of the slots that it makes.
    ///
    /// Where an entry decides, a file that can't be written is an alarm: it is tried again at the next change, at locking and
    /// at unlocking.
    pub(crate) fn replace_slots<E: From<VaultError>>(
        &mut self,
        decides: Decides,
        stamp: &Stamp,
        change: impl FnOnce(&mut KeySlots, &VaultKeys) -> Result<Vec<Wrap>, VaultError>,
        acts: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.regain()?;
        let settled = self.settle_slots();
        if decides == Decides::File {
            settled?;
        }
        let present = self.judge_slots()?.in_force;
        let mut file = KeySlots::read(&present).map_err(VaultError::from)?;
        let made = change(&mut file, &self.vault_keys())?;
        let next = Next { bytes: file.write(&self.key), made };
        match decides {
            Decides::Entry => self.transact(stamp, |tx| {
                acts(tx)?;
                announce(tx.sql, &next, true).map_err(E::from)
            })?,
            Decides::File => self.replace_with_the_file(stamp, &present, &next, acts)?,
        }
        if self.settle_slots().is_err() {
            self.note(Alarm::SlotsPending);
        }
        Ok(())
    }

    /// The new slots are announced; then the file is replaced and the entries are written, both or neither. A power cut between
    /// the two leaves the new slots without their entries, which the user's next sign-in makes good for.
    fn replace_with_the_file<E: From<VaultError>>(
        &mut self,
        stamp: &Stamp,
        present: &[u8],
        next: &Next,
        acts: impl FnOnce(&mut Tx<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.transact_beside(stamp, |tx| announce(tx.sql, next, false))?;
        let file = self.folder.slots();
        let done = self.transact_beside(stamp, |tx| {
            acts(tx)?;
            // Their entries are in this transaction: once it stands the new slots count, whatever becomes of the file.
            tx.sql.execute("UPDATE slots SET next_acted = 1", []).map_err(VaultError::from)?;
            folder::replace(&file, &next.bytes).map(drop).map_err(E::from)
        });
        if done.is_err() {
            // Who is told of an error goes on with what opened before: the file has to hold it, or it is not what counts.
            let holds_next = folder::read_small(&file).ok().flatten().is_none_or(|bytes| bytes == next.bytes);
            if holds_next {
                let _ = folder::replace(&file, present);
            }
            let _ = self.settle_slots();
        }
        done
    }

    /// The slots that count.
    pub(crate) fn slots(&self) -> Result<KeySlots, VaultError> {
        Ok(KeySlots::read(&self.judge_slots()?.in_force)?)
    }

    pub(crate) fn judge_slots(&self) -> Result<Judged, VaultError> {
        let file = folder::read_small(&self.folder.slots())?.unwrap_or_default();
        judge(&self.sql, &file, &self.key)
    }

    /// Finishes or takes back what a replacement left undone.
    ///
    /// # Errors
    /// What the disk says; it can be done again.
    pub(crate) fn settle_slots(&mut self) -> Result<(), VaultError> {
        let judged = self.judge_slots()?;
        carry_through(&self.sql, &self.folder, &judged)?;
        self.forget(&Alarm::SlotsPending);
        Ok(())
    }

    /// What the boxes of the slots hold.
    pub(crate) fn vault_keys(&self) -> VaultKeys {
        VaultKeys { db_key: self.key.clone(), device: self.device.public() }
    }

    /// Sees to it that the slot by which somebody just signed in can be rekeyed, and by nobody who has left: a slot of the first
    /// form, or one whose secret somebody knew who left since, is sealed anew. What fails here is done at the next sign-in.
    pub(crate) fn tend_slot(&mut self, login: Login<'_>, bond: Option<&Bond>, stamp: &Stamp) {
        let known = bond.map(|bond| (bond, wraps::known(&self.sql, &bond.wrap.slot)));
        let _ = match known {
            Some((_, Ok(wraps::Known::Here)) | (_, Err(_))) => Ok(()),
            // Another slot counts since it was opened: its secret went with it.
            Some((bond, Ok(wraps::Known::Missing))) if !self.is_in_force(bond) => Ok(()),
            // The database is older than the file, or a page of it was damaged, which nobody could see once this is written.
            Some((bond, Ok(wraps::Known::Missing))) => {
                self.note(Alarm::RecordsStale);
                wraps::keep(&self.sql, std::slice::from_ref(&bond.wrap))
            }
            Some((_, Ok(wraps::Known::ByWhoLeft))) | None => self.seal_anew(login, stamp),
        };
        let _ = self.be_sure();
    }

    fn is_in_force(&self, bond: &Bond) -> bool {
        self.slots().is_ok_and(|slots| slots.wrapped().any(|slot| slot == bond.wrap.slot))
    }

    /// The same password, signing key and cost, in a slot with secrets of its own.
    fn seal_anew(&mut self, login: Login<'_>, stamp: &Stamp) -> Result<(), VaultError> {
        let By::Password(password) = login.by else { return Ok(()) };
        // Not a password that let its person in for the last time, because the slots that count came to the disk only now.
        open_slot(&self.slots()?, login)?;
        let seed = self.user_seed.clone();
        let anew = |file: &mut KeySlots, keys: &VaultKeys| {
            let cost = file.cost(login.user).ok_or(SealError::UnknownUser)?;
            Ok(vec![file.put(&NewSlot { user: login.user, password, cost }, &seed, keys)?])
        };
        self.replace_slots(Decides::File, stamp, anew, |_| Ok(()))
    }
}
