//! Replacing the whole database by a copy under another key, and choosing at unlock among what an interrupted replacement
//! left.
//!
//! Beside `vault.db` and `keyslots.json` lie whole `vault.db.next` and `keyslots.json.next` before anything gets another name.
//! Then the database becomes `vault.db.old`, the next one takes its place, and at last the slot file; no file is written over.
//! The old ones stay until an unlock found nothing wrong. While a name is in doubt nothing is written ([`Footing`]), so
//! every act that was acknowledged stands in the database that goes furthest: that one is chosen, and what it holds not is
//! never let go.

use std::path::{Path, PathBuf};

use casebook::LogEnd;
use rusqlite::Connection;
use seal::KeySlots;

use crate::connection::{self, DbKey, open_reader, open_writer};
use crate::device_keys::DeviceKeys;
use crate::entries::{self, OWN_LOG, Place};
use crate::folder::{self, Folder, exists, has_bytes, with_end};
use crate::head::{Card, Head};
use crate::open::Footing;
use crate::slots::{Login, Opened, open_slot};
use crate::{Alarm, Open, VaultError, backup, device_keys};

/// What is to take the place of a vault's files.
pub(crate) struct NextVault<'a> {
    /// The database's other key.
    pub(crate) key: &'a DbKey,
    /// The device's other keys.
    pub(crate) device: &'a DeviceKeys,
    /// The slot file, which opens to both.
    pub(crate) slots: &'a [u8],
}

/// Replaces the database by a copy under another key, with other keys of the device and other slots.
///
/// # Errors
/// Why it could not be done: the session goes on with whichever database has the name, and finds out which before the next
/// act. [`VaultError::Taken`] while the files of an earlier replacement wait for an unlock.
pub(crate) fn replace_database(open: &mut Open, with: &NextVault<'_>) -> Result<(), VaultError> {
    let folder = open.folder.clone();
    if exists(&folder.old_database())? || exists(&folder.next_database())? && exists(&folder.next_slots())? {
        return Err(VaultError::Taken);
    }
    if let Err(refused) = prepare(open, with) {
        // An unfinished copy takes the room that the next act needs, and may still hang on the connection.
        open.footing = Footing::Unread;
        let _ = discard_next(&folder).and_then(|()| folder::remove(&folder.old_slots()));
        return Err(refused);
    }
    open.footing = Footing::Between(with.key.clone());
    let old = std::mem::replace(&mut open.sql, Connection::open_in_memory()?);
    let closed = old.close().map_err(|(_, error)| VaultError::from(error));
    let swapped = closed.and_then(|()| swap(&open.folder));
    open.regain()?;
    swapped
}

/// Everything up to the first change of a name: both new files lie there whole, and the slots of the old database.
pub(crate) fn prepare(open: &Open, with: &NextVault<'_>) -> Result<(), VaultError> {
    let (folder, key) = (&open.folder, with.key);
    let (next, next_slots) = (folder.next_database(), folder.next_slots());
    discard_next(folder)?;
    // Whoever still reads is known before the copy is made, which takes time and room.
    fold_back(&open.sql)?;
    copy_under(&open.sql, folder, with)?;
    let copy = open_reader(&next, key).map_err(|_| VaultError::BadCopy("it does not open"))?;
    backup::is_sound(&copy)?;
    let head = Head::read(&copy)?;
    copy.close().map_err(|(_, error)| error)?;
    if head.log.end != open.state.head.log.end || head.digest != open.state.head.digest {
        return Err(VaultError::BadCopy("it is another state"));
    }
    fold_back(&open.sql)?;
    folder::replace(&folder.old_slots(), &open.judge_slots()?.in_force)?.lasting()?;
    folder::replace(&next_slots, with.slots)?.lasting()
}

/// Folds the write-ahead log back into the database.
fn fold_back(sql: &Connection) -> Result<(), VaultError> {
    let busy: i64 = sql.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(VaultError::InUse) }
}

fn copy_under(sql: &Connection, folder: &Folder, with: &NextVault<'_>) -> Result<(), VaultError> {
    let (file, key) = (folder.next_database(), with.key);
    connection::make_empty(&file, key)?;
    let name = file.to_str().ok_or(VaultError::Missing("a file name in Unicode"))?;
    sql.execute("ATTACH DATABASE ?1 AS next KEY ?2", (name, connection::raw_key(key).as_str()))?;
    let copied = copy_tables(sql, with.slots);
    let parted = sql.execute_batch("DETACH DATABASE next");
    copied?;
    parted?;
    // Here and not before: the old key opens nothing that ever held them.
    let copy = connection::open_at_rest(&file, key)?;
    device_keys::replace_in(&copy, with.device)?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(folder::sync_file(&file)?)
}

fn copy_tables(sql: &Connection, slots_file: &[u8]) -> Result<(), VaultError> {
    let all = sql.unchecked_transaction()?;
    let mut tables = all.prepare(
        "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
    )?;
    let names: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    drop(tables);
    for name in names {
        // Names are this schema's own.
        all.execute_batch(&format!("INSERT INTO next.\"{name}\" SELECT * FROM main.\"{name}\""))?;
    }
    all.execute("UPDATE next.slots SET current = ?1, next = NULL, next_acted = 0", [slots_file])?;
    // Who leaves knew them all: each slot gets another at its user's next sign-in.
    all.execute("UPDATE next.wrap SET known = 1", [])?;
    all.commit()?;
    Ok(())
}

/// Gives the next database the name, and the one that had it another. Its write-ahead log was folded back and is gone.
fn swap(folder: &Folder) -> Result<(), VaultError> {
    let (database, next, old) = (folder.database(), folder.next_database(), folder.old_database());
    if has_bytes(&Folder::log_of(&database))? {
        return Err(VaultError::InUse);
    }
    clear_side_files(&database)?;
    clear_side_files(&next)?;
    // With two names for the old one there is no moment in which none has the first.
    if folder::link(&database, &old).is_ok() {
        let swapped = folder::rename(&next, &database);
        if swapped.is_err() {
            // Else it goes at the next unlock.
            let _ = folder::remove(&old);
        }
        return swapped;
    }
    folder::rename(&database, &old)?;
    let swapped = folder::rename(&next, &database);
    if swapped.is_err() {
        // Else it is found by [`reopen`] or by the next unlock.
        let _ = folder::rename(&old, &database);
    }
    swapped
}

impl Open {
    /// Opens whichever database has the name now, under its key. `other` is the key that the session has not.
    pub(crate) fn reopen(&mut self, other: &DbKey) -> Result<(), VaultError> {
        let database = self.folder.database();
        if !exists(&database)? {
            let old = self.folder.old_database();
            let whole = if exists(&old)? { old } else { self.folder.next_database() };
            folder::rename(&whole, &database)?;
        }
        self.sql = match open_writer(&database, &self.key, false) {
            Err(VaultError::Damaged { .. }) => {
                let sql = open_writer(&database, other, false)?;
                self.key = other.clone();
                sql
            }
            opened => opened?,
        };
        Ok(())
    }

    /// When it is known which database has the name: brings the slot file to it, and clears away what a replacement that came
    /// to nothing left.
    pub(crate) fn tidy(&mut self) {
        if self.settle_slots().is_err() {
            self.note(Alarm::SlotsPending);
            return;
        }
        // The next unlock tries again what fails here.
        let _ = clear_away(&self.folder);
    }
}

fn clear_away(folder: &Folder) -> Result<(), VaultError> {
    folder::sync_name(&folder.slots())?;
    discard_next(folder)?;
    if exists(&folder.old_database())? { Ok(()) } else { folder::remove(&folder.old_slots()) }
}

/// What lets somebody into a vault.
pub(crate) struct Entrance {
    /// The slots that opened.
    pub(crate) file: KeySlots,
    /// Their bytes.
    pub(crate) bytes: Vec<u8>,
    /// What they hold for this person.
    pub(crate) secrets: Opened,
    /// What could not be done and is tried again, and what does not fit together.
    pub(crate) alarms: Vec<Alarm>,
    /// The database that was replaced, as it stands to the present one.
    pub(crate) old: OldCopy,
    /// Whether something of an interrupted replacement could not be read now, and may be another time.
    pub(crate) is_unsure: bool,
}

/// How a database that was replaced stands to the present one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OldCopy {
    /// There is none.
    None,
    /// The present one holds all of it.
    Superseded,
    /// It holds something else, or may.
    Kept,
}

/// A slot file that the password opens.
struct Slots {
    name: PathBuf,
    file: KeySlots,
    bytes: Vec<u8>,
    secrets: Opened,
}

impl Slots {
    /// None where there is no such file.
    fn open(name: PathBuf, login: Login<'_>) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = folder::read_small(&name)? else { return Ok(None) };
        let file = KeySlots::read(&bytes)?;
        let secrets = open_slot(&file, login)?;
        Ok(Some(Self { name, file, bytes, secrets }))
    }
}

/// What is known of a database by the keys at hand.
enum Seen {
    /// There is none of that name.
    Gone,
    /// No key opens it.
    Shut,
    /// It could not be looked into; nothing is decided about it.
    Unknown {
        /// Whether another try may tell more.
        may_pass: bool,
    },
    /// Where its own log ends, and which of the slots open it.
    Open { end: LogEnd, epoch: u64, device: String, slots: usize },
}

impl Seen {
    fn at(file: &Path, keys: &[Slots]) -> Self {
        match exists(file) {
            Ok(false) => return Self::Gone,
            Ok(true) => {}
            Err(_) => return Self::Unknown { may_pass: true },
        }
        for (slots, key) in keys.iter().enumerate() {
            let seen = open_reader(file, &key.secrets.db_key)
                .and_then(|sql| Ok((Head::read(&sql)?, Card::read(&sql)?.device)));
            match seen {
                Ok((Head { log, epoch, .. }, device)) => return Self::Open { end: log.end, epoch, device, slots },
                Err(VaultError::Damaged { .. }) => {}
                Err(refused) => return Self::Unknown { may_pass: !refused.is_of_the_bytes() },
            }
        }
        Self::Shut
    }

    fn rank(&self) -> Option<(u64, u64)> {
        match self {
            Self::Open { end, epoch, .. } => Some((end.seq, *epoch)),
            _ => None,
        }
    }
}

/// Lets somebody in: by the slot file as a rule; where a replacement was interrupted, to the database that goes furthest, which
/// gets the name.
///
/// # Errors
/// [`VaultError::WrongPassword`], [`VaultError::NotAVault`], or what the disk says of files without which there is no way in.
pub(crate) fn enter(folder: &Folder, login: Login<'_>) -> Result<Entrance, VaultError> {
    let present = Slots::open(folder.slots(), login)?.ok_or(VaultError::NotAVault)?;
    let databases = [folder.database(), folder.next_database(), folder.old_database()];
    let spare_slots = [folder.next_slots(), folder.old_slots()];
    let is_usual = exists(&databases[0]).unwrap_or(true)
        && databases[1..].iter().chain(&spare_slots).all(|file| exists(file).is_ok_and(|is| !is));
    let mut keys = vec![present];
    if is_usual {
        return Ok(keys.remove(0).entrance(Vec::new(), OldCopy::None));
    }
    let (mut shut_out, mut is_unsure) = (false, false);
    for name in spare_slots {
        let is_next = name == folder.next_slots();
        match Slots::open(name, login) {
            Ok(slots) => keys.extend(slots),
            Err(VaultError::WrongPassword) => shut_out |= is_next,
            Err(refused) => is_unsure |= refused.is_of_the_disk(),
        }
    }
    let seen = databases.each_ref().map(|file| Seen::at(file, &keys));
    is_unsure |= seen.iter().any(|seen| matches!(seen, Seen::Unknown { may_pass: true }));
    let entrance = Found { folder, seen, databases, keys, shut_out }.enter()?;
    Ok(Entrance { is_unsure, ..entrance })
}

/// Where the slot file is none any more, and one that an interrupted replacement left beside it opens the database, or one of the
/// others where that is gone: gives it the name. The next sign-in does the rest. Where this person opens every one, and none leads to a
/// database, gives what one of them holds.
///
/// # Errors
/// [`VaultError::WrongPassword`] where another person may come further; what the disk says.
pub(crate) fn find_slots(folder: &Folder, login: Login<'_>) -> Result<Opened, VaultError> {
    let (mut opened, mut is_shut) = (None, false);
    for name in [folder.next_slots(), folder.old_slots()] {
        let slots = match Slots::open(name, login) {
            Ok(Some(slots)) => slots,
            Err(refused) if refused.is_of_the_disk() => return Err(refused),
            Err(VaultError::WrongPassword) => {
                is_shut = true;
                continue;
            }
            Ok(None) | Err(_) => continue,
        };
        let keys = [slots];
        let opens = |file: &Path| matches!(Seen::at(file, &keys), Seen::Open { .. });
        let is_gone = !exists(&folder.database())?;
        if opens(&folder.database()) || is_gone && (opens(&folder.next_database()) || opens(&folder.old_database())) {
            let [slots] = keys;
            folder::replace(&folder.slots(), &slots.bytes)?.lasting()?;
            return Ok(slots.secrets);
        }
        let [slots] = keys;
        opened = Some(slots.secrets);
    }
    opened.filter(|_| !is_shut).ok_or(VaultError::WrongPassword)
}

impl Slots {
    fn entrance(self, alarms: Vec<Alarm>, old: OldCopy) -> Entrance {
        let is_unsure = false;
        Entrance { file: self.file, bytes: self.bytes, secrets: self.secrets, alarms, old, is_unsure }
    }
}

/// The files of an interrupted replacement: the present database, the next one, the old one.
struct Found<'a> {
    folder: &'a Folder,
    databases: [PathBuf; 3],
    seen: [Seen; 3],
    keys: Vec<Slots>,
    /// Whether the next slot file has no slot for this person.
    shut_out: bool,
}

/// Places in [`Found::databases`].
const PRESENT: usize = 0;
const NEXT: usize = 1;
const OLD: usize = 2;

impl Found<'_> {
    fn enter(mut self) -> Result<Entrance, VaultError> {
        let mut alarms = Vec::new();
        let Some((chosen, slots)) = self.choose()? else {
            // The present database is opened as ever, and says what is wrong.
            alarms.push(Alarm::LeftoversKept);
            return Ok(self.keys.swap_remove(0).entrance(alarms, OldCopy::None));
        };
        let mut held = [true; 3];
        for other in [PRESENT, NEXT, OLD] {
            if let Some(alarm) = self.differs(chosen, other).unwrap_or(Some(Alarm::LeftoversKept)) {
                held[other] = false;
                alarms.push(alarm);
            }
        }
        self.give_the_name(chosen, slots, &held)?;
        if self.bring_slots(slots).is_err() {
            alarms.push(Alarm::SlotsPending);
        } else if self.clear_next(chosen, &held).is_err() {
            alarms.push(Alarm::LeftoversKept);
        }
        let old = if chosen == OLD { OldCopy::None } else { self.old(&held) };
        if old == OldCopy::Kept && !alarms.contains(&Alarm::LeftoversKept) {
            alarms.push(Alarm::LeftoversKept);
        }
        Ok(self.keys.swap_remove(slots).entrance(alarms, old))
    }

    /// How the old database stands to the chosen one.
    fn old(&self, held: &[bool; 3]) -> OldCopy {
        match self.seen[OLD] {
            Seen::Gone => OldCopy::Superseded,
            Seen::Open { .. } if held[OLD] && held[PRESENT] => OldCopy::Superseded,
            // A password that was changed since does not open its slots. It was written by nobody after the copy was made.
            Seen::Shut if exists(&self.folder.old_slots()).unwrap_or(false) => OldCopy::Superseded,
            // A version before this one may have written into a database whose slots are gone.
            _ => OldCopy::Kept,
        }
    }

    /// The database that goes furthest, and its slots; none where the present one is to be opened as ever. Among equals it is
    /// the present one, in which drafts may be newer; the old one only where there is no present one.
    fn choose(&self) -> Result<Option<(usize, usize)>, VaultError> {
        if matches!(self.seen[PRESENT], Seen::Unknown { .. }) {
            return Ok(None);
        }
        let is_gone = matches!(self.seen[PRESENT], Seen::Gone);
        let eligible = [OLD, NEXT, PRESENT].into_iter().filter(|place| *place != OLD || is_gone);
        let ranked = eligible.filter_map(|place| Some((self.seen[place].rank()?, place)));
        let best = ranked.max_by_key(|(rank, _)| *rank).map(|(_, place)| place);
        let is_shut = matches!(self.seen[PRESENT], Seen::Shut);
        match (best, &self.seen[best.unwrap_or(PRESENT)]) {
            // Its own slots are not those that this person has.
            _ if is_shut && self.shut_out => Err(VaultError::WrongPassword),
            // A version before this one renamed the slot file first: it says which database counts.
            (Some(NEXT), Seen::Open { slots: 0, .. }) => Ok(Some((NEXT, 0))),
            // Nothing is put in the place of a database that may hold more.
            _ if is_shut => Ok(None),
            (Some(place), Seen::Open { slots, .. }) => Ok(Some((place, *slots))),
            _ => Ok(None),
        }
    }

    /// Whether another database holds something that the chosen one does not.
    fn differs(&self, chosen: usize, other: usize) -> Result<Option<Alarm>, VaultError> {
        let (Seen::Open { end, device, .. }, Seen::Open { slots, .. }) = (&self.seen[other], &self.seen[chosen]) else {
            return Ok(None);
        };
        if other == chosen || end.seq == 0 {
            return Ok(None);
        }
        let sql = open_reader(&self.databases[chosen], &self.keys[*slots].secrets.db_key)?;
        let line = entries::bytes(&sql, Place::new(OWN_LOG, end.seq))?;
        let is_held = line.is_some_and(|line| seal::sha256(&line) == end.head.0);
        Ok((!is_held).then(|| Alarm::OtherHistory { log: device.clone(), seq: end.seq }))
    }

    /// Gives the chosen database the name. One that has it becomes the old one, with its write-ahead log.
    fn give_the_name(&mut self, chosen: usize, slots: usize, held: &[bool; 3]) -> Result<(), VaultError> {
        if chosen == PRESENT {
            return Ok(());
        }
        let [present, _, old] = &self.databases;
        if !matches!(self.seen[PRESENT], Seen::Gone) {
            if !matches!(self.seen[OLD], Seen::Gone) {
                // Where it is shut it may hold more than any other.
                if !held[OLD] || matches!(self.seen[OLD], Seen::Shut | Seen::Unknown { .. }) {
                    return Err(VaultError::Taken);
                }
                remove_with_side_files(old)?;
            }
            let (log, old_log) = (Folder::log_of(present), Folder::log_of(old));
            if has_bytes(&log)? {
                folder::rename(&log, &old_log)?;
            }
            folder::rename(present, old)?;
            self.seen[OLD] = std::mem::replace(&mut self.seen[PRESENT], Seen::Gone);
        }
        let chosen = &self.databases[chosen];
        if has_bytes(&Folder::log_of(chosen))? {
            let sql = open_writer(chosen, &self.keys[slots].secrets.db_key, false)?;
            fold_back(&sql)?;
            sql.close().map_err(|(_, error)| error)?;
        }
        clear_side_files(present)?;
        clear_side_files(chosen)?;
        folder::rename(chosen, present)?;
        // A power cut before the name lasts leaves files among which the next unlock chooses again.
        let _ = folder::sync_name(present);
        Ok(())
    }

    /// Brings the slots to the name under which they are looked for first.
    fn bring_slots(&self, slots: usize) -> Result<(), VaultError> {
        let (chosen, name) = (&self.keys[slots], self.folder.slots());
        if chosen.name == name {
            // Before the spare ones go, the name must last.
            return Ok(folder::sync_name(&name)?);
        }
        folder::replace(&name, &chosen.bytes)?.lasting()
    }

    /// Clears away what the chosen database makes superfluous.
    fn clear_next(&self, chosen: usize, held: &[bool; 3]) -> Result<(), VaultError> {
        let is_unfinished = !exists(&self.folder.next_slots())?;
        match self.seen[NEXT] {
            Seen::Gone => folder::remove(&self.folder.next_slots()),
            Seen::Open { .. } if chosen == NEXT => folder::remove(&self.folder.next_slots()),
            Seen::Open { .. } if held[NEXT] => discard_next(self.folder),
            Seen::Shut | Seen::Unknown { .. } if is_unfinished => discard_next(self.folder),
            _ => Err(VaultError::Taken),
        }
    }
}

/// Lets go of the database that was replaced and of its slots, once an unlock found nothing wrong.
pub(crate) fn let_go(folder: &Folder) -> Result<(), VaultError> {
    remove_with_side_files(&folder.old_database())?;
    folder::remove(&folder.old_slots())
}

/// Its slot file goes first: without that one it counts as unfinished.
fn discard_next(folder: &Folder) -> Result<(), VaultError> {
    folder::remove(&folder.next_slots())?;
    remove_with_side_files(&folder.next_database())
}

fn remove_with_side_files(database: &Path) -> Result<(), VaultError> {
    folder::remove(database)?;
    for end in ["-wal", "-shm", "-journal"] {
        folder::remove(&with_end(database, end))?;
    }
    Ok(())
}

/// Side files of a database that nobody has open and that is whole without them.
fn clear_side_files(database: &Path) -> Result<(), VaultError> {
    for end in ["-wal", "-shm"] {
        folder::remove(&with_end(database, end))?;
    }
    Ok(())
}
