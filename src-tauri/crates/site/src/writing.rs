//! The one way in which a person's acts come into the vault: each is put to the gate before it is written.
//!
//! What the program does by itself (alarms, refused sign-ins, the suspected clock) the vault writes in its own name.

use std::sync::Arc;

use casebook::act::{PasswordChange, ReceiptAccepted, StudyActivated, UserAdded, UserClosed, UserPasswordChanged};
use casebook::gate::needs_recomputed;
use casebook::{Act, Author, EntryId, FreeTextId, Line, Speaker, TextRow, TrialState, is_center, speaks};
use seal::PublicKey;
use study::{CellKey, Oid, Study};
use vault::{
    BundleRecord, Founding, NewPassword, NewUser, Open, Received, Stamp, Tx, VaultError, VaultPlace, VerifiedReceipt,
};

use crate::SiteError;
use crate::masking::Mask;
use crate::roles::journal_role;
use crate::session::{Session, SignedIn};

/// One transaction in somebody's name.
pub(crate) struct ActWriter<'w, 'tx> {
    tx: &'w mut Tx<'tx>,
    person: &'w Person,
    mask: Option<&'w mut Mask>,
}

/// Who acts, at which device.
struct Person {
    log: Oid,
    site: String,
    by: Oid,
    role: casebook::Role,
}

impl Person {
    fn author(&self) -> Author<'_> {
        Author { log: &self.log, site: Some(&self.site), by: &self.by, role: self.role }
    }
}

impl SignedIn {
    fn person(&self) -> Person {
        let (log, by) = (Oid::from(self.open.device()), Oid::from(self.user.as_str()));
        Person { log, site: self.open.site().to_owned(), by, role: journal_role(self.role) }
    }

    /// One transaction of whoever is signed in: all of `work` is on the disk, or nothing.
    pub(crate) fn write<T>(
        &mut self,
        stamp: &Stamp,
        work: impl FnOnce(&mut ActWriter<'_, '_>) -> Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        let person = &self.person();
        let SignedIn { open, mask, .. } = self;
        open.transact(stamp, |tx| work(&mut ActWriter { tx, person, mask: mask.as_mut() }))
    }

    /// Adds an account; `act` is given its public key.
    pub(crate) fn add_account(
        &mut self,
        new: &NewUser<'_>,
        stamp: &Stamp,
        act: impl FnOnce(&PublicKey) -> UserAdded,
    ) -> Result<(), SiteError> {
        let person = &self.person();
        self.open.add_user(new, stamp, |tx, key| ActWriter { tx, person, mask: None }.write(act(key)).map(drop))
    }

    /// Gives another account a password, and a new signing key. `own` is the password of whoever is signed in.
    pub(crate) fn reset_account(&mut self, reset: &NewUser<'_>, own: &str, stamp: &Stamp) -> Result<(), SiteError> {
        let person = &self.person();
        let act = |key| {
            let (user, how) = (Oid::from(reset.user), PasswordChange::Administrator);
            Act::from(UserPasswordChanged { user, how, key })
        };
        // A guess at the own password costs a delay: it is asked for only where the rest may be done.
        self.open.trial_state()?.permits(&person.author(), &act(None))?;
        self.open.check_password(own, stamp)?;
        let new = NewPassword { password: reset.password, cost: reset.cost };
        self.open.reset_password(reset.user, &new, stamp, |tx, key| {
            ActWriter { tx, person, mask: None }.write(act(Some(key.to_string()))).map(drop)
        })
    }

    /// Changes the password of whoever is signed in, who may then do everything of the role.
    pub(crate) fn change_password(&mut self, old: &str, new: &NewPassword<'_>, stamp: &Stamp) -> Result<(), SiteError> {
        let person = &self.person();
        self.open.change_password(old, new, stamp, |tx, key| {
            let (user, key) = (person.by.clone(), key.map(ToString::to_string));
            let act = UserPasswordChanged { user, how: PasswordChange::Own, key };
            ActWriter { tx, person, mask: None }.write(act).map(drop)
        })?;
        self.must_change = false;
        Ok(())
    }

    /// Closes an account for good. Nothing may read the vault's file meanwhile.
    pub(crate) fn close_account(&mut self, stamp: &Stamp, act: UserClosed) -> Result<(), SiteError> {
        let person = &self.person();
        let act = Act::from(act);
        // The verification in the background stops only for what will be done.
        self.open.trial_state()?.permits(&person.author(), &act)?;
        self.stop_reading();
        self.open.close_user(stamp, |tx| ActWriter { tx, person, mask: None }.write(act).map(drop))
    }
}

/// Founds a vault; its first account is the administrator's, who writes the first acts.
pub(crate) fn found(
    place: &VaultPlace,
    founding: &Founding,
    first: &NewUser<'_>,
    stamp: &Stamp,
    acts: impl FnOnce(&mut ActWriter<'_, '_>, &PublicKey) -> Result<(), SiteError>,
) -> Result<Open, SiteError> {
    let (log, by) = (Oid::from(founding.device.as_str()), Oid::from(first.user));
    let person = &Person { log, site: founding.site.clone(), by, role: casebook::Role::Administrator };
    Open::found(place, founding, first, stamp, |tx, key| acts(&mut ActWriter { tx, person, mask: None }, key))
}

impl Session<'_> {
    /// One transaction in the name of whoever is signed in.
    ///
    /// # Errors
    /// `Denied` when the gate refuses one of the acts: nothing is written then.
    pub(crate) fn write<T>(
        &mut self,
        work: impl FnOnce(&mut ActWriter<'_, '_>) -> Result<T, SiteError>,
    ) -> Result<T, SiteError> {
        let stamp = self.stamp();
        self.signed_in.write(&stamp, work)
    }

    /// Whether whoever is signed in may answer in a cell now, whatever the answer.
    ///
    /// # Errors
    /// `Denied` with what the gate says.
    pub(crate) fn takes_answer(&mut self, subject: &str, cell: &CellKey) -> Result<(), SiteError> {
        let study = self.study_of(subject)?;
        let person = self.signed_in.person();
        Ok(self.known(subject)?.takes_answer(&study, &person.author(), cell)?)
    }
}

impl ActWriter<'_, '_> {
    /// Writes one act, unless the gate refuses it.
    pub(crate) fn write(&mut self, act: impl Into<Act>) -> Result<EntryId, SiteError> {
        let act = act.into();
        self.ask(&act)?;
        Ok(self.tx.write(act)?)
    }

    fn ask(&mut self, act: &Act) -> Result<(), SiteError> {
        let author = self.person.author();
        let Some(subject) = act.subject() else { return Ok(self.tx.trial_state()?.permits(&author, act)?) };
        let whole = self.tx.study_of(subject)?;
        let book = if needs_recomputed(act) { self.tx.book(subject)? } else { self.tx.folded(subject)? };
        match &mut self.mask {
            None => book.permits(&whole, &author, act)?,
            Some(mask) => {
                let study = mask.over(&whole)?;
                book.masked(&study).permits(&study, &author, act)?;
            }
        }
        Ok(())
    }

    /// Whether a change to a cell needs a reason, going by what this transaction wrote so far.
    pub(crate) fn needs_reason(&mut self, subject: &str, cell: &CellKey) -> Result<bool, VaultError> {
        Ok(self.tx.folded(subject)?.needs_reason(&self.person.log, cell))
    }

    /// Puts a version that is held into force for new subjects.
    pub(crate) fn activate_version(&mut self, version: &Oid) -> Result<(), SiteError> {
        let file = self.tx.version_file(version).map(|file| file.hex()).unwrap_or_default();
        self.ask(&StudyActivated { version: version.clone(), file }.into())?;
        Ok(self.tx.activate_version(version).map(drop)?)
    }

    /// Takes the center's word that it holds this device's log up to an entry; whether it said anything new.
    pub(crate) fn accept_receipt(&mut self, receipt: &VerifiedReceipt) -> Result<bool, SiteError> {
        let VerifiedReceipt { bundle, seq, head, at, .. } = *receipt;
        self.ask(&ReceiptAccepted { bundle, log: self.person.log.clone(), seq, head, at }.into())?;
        Ok(self.tx.accept_receipt(receipt)?)
    }
}

/// What an act brings beside its entry, and what a bundle brings from elsewhere: none of it is an act of this device.
impl ActWriter<'_, '_> {
    /// Keeps a free text beside the journal and gives what the act is to hold of it.
    pub(crate) fn text(&mut self, words: &str) -> Result<FreeTextId, VaultError> {
        self.tx.text(words)
    }

    /// Keeps a setting.
    pub(crate) fn set(&mut self, key: &str, value: &[u8]) -> Result<(), VaultError> {
        self.tx.set(key, value)
    }

    /// Keeps a file under its SHA-256.
    pub(crate) fn store(&mut self, bytes: &[u8]) -> Result<[u8; 32], VaultError> {
        self.tx.store(bytes)
    }

    /// A file that was kept.
    pub(crate) fn stored(&self, id: &[u8; 32]) -> Result<Option<Vec<u8>>, VaultError> {
        self.tx.stored(id)
    }

    /// What concerns no subject, with everything written so far in this transaction.
    pub(crate) fn trial_state(&mut self) -> Result<&TrialState, VaultError> {
        self.tx.trial_state()
    }

    /// Adds a bundle to the history.
    pub(crate) fn record_bundle(&mut self, bundle: &BundleRecord) -> Result<(), VaultError> {
        self.tx.record_bundle(bundle)
    }

    /// Takes in a line of another log; one that its log had no right to say is kept apart.
    pub(crate) fn receive(&mut self, line: &Line, so_far: &mut Received) -> Result<(), VaultError> {
        let entry = line.entry();
        let site = (!is_center(&entry.log)).then_some(self.person.site.as_str());
        let speaker = Speaker { log: &entry.log, site, by: &entry.by, keys: None };
        match speaks(&entry.act, &speaker) {
            Ok(()) => self.tx.receive(line, so_far),
            Err(_) => self.tx.keep_apart(line, so_far),
        }
    }

    /// Keeps a free text of another log.
    pub(crate) fn keep_text(&mut self, row: &TextRow) -> Result<(), VaultError> {
        self.tx.keep_text(row)
    }

    /// Whether a metadata version is held.
    pub(crate) fn holds_version(&self, version: &Oid) -> bool {
        self.tx.holds_version(version)
    }

    /// Keeps a metadata version that the center published.
    pub(crate) fn hold_version(&mut self, version: &Oid, xml: &[u8]) -> Result<Arc<Study>, VaultError> {
        self.tx.hold_version(version, xml)
    }
}
