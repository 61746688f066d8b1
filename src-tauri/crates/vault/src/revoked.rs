//! Ways into a copy that were taken away after it was made: they are there again in its slots, and out when its log goes on.
//!
//! - A recovery code that was used before opens a copy once more. Whoever came in by it while the log waited chose a password by
//!   nobody's leave: the slot goes. That the code was used is told all the same, and the center names it as used again.
//! - A password that an administrator or a code replaced since: who knows the former one, perhaps the reason for it, would be
//!   asked for another and choose it. The slot goes; an administrator gives another password, or a code of the new set does. Not
//!   where nobody would be left to do so: administrators keep theirs then. Who set another password of their own keeps the former
//!   slot and is asked for another one.
//!
//! What the lost computer never sent nobody here knows. Whoever is signed in by such a way does not let the log go on at all.

use casebook::act::PasswordChange;
use casebook::{Act, Role};
use seal::KeySlots;
use std::collections::BTreeSet;
use study::Oid;

use crate::connection::DbKey;
use crate::entries::{self, OWN_LOG};
use crate::slots::{self, Next};
use crate::untold::Recovered;
use crate::{Tx, VaultError};

/// Who gets into a copy: its key slots.
pub(crate) struct WaysIn {
    /// The file's bytes that count; needed only where a slot goes.
    pub(crate) slots: Result<Vec<u8>, VaultError>,
    /// What authenticates them.
    pub(crate) key: DbKey,
}

/// Somebody came in by codes while the log waited; how that stands to the journal that came back.
pub(crate) struct Judged {
    one: Recovered,
    is: Standing,
}

/// How a code's use stands to the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The journal tells this very use.
    Told,
    /// It tells of no use.
    First,
    /// The code was used before.
    Again,
}

impl Tx<'_> {
    /// Holds codes that opened the copy against the journal as it is now.
    pub(crate) fn judge_codes(&mut self, recovered: Vec<Recovered>) -> Result<Vec<Judged>, VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        let people = self.trial_state()?;
        let judge = |one: Recovered| {
            let used = people.recovery(&device).map(|told| &told.used);
            let is_used = one.codes.iter().any(|code| used.is_some_and(|used| used.contains_key(&(one.set, *code))));
            let is_known =
                people.account(&device, &one.user).is_some_and(|account| account.key.as_ref() == Some(&one.key));
            let is = match (is_used, is_known) {
                (false, _) => Standing::First,
                (true, true) => Standing::Told,
                (true, false) => Standing::Again,
            };
            Judged { one, is }
        };
        Ok(recovered.into_iter().map(judge).collect())
    }

    /// Tells a code's use that the journal does not tell yet.
    pub(crate) fn tell_code(&mut self, judged: &Judged) -> Result<(), VaultError> {
        match judged.is {
            Standing::Told => Ok(()),
            Standing::First => self.write_recovered(&judged.one),
            Standing::Again => self.write_used(&judged.one),
        }
    }

    /// Takes out the slots of ways in that were taken away since the copy's last entry.
    ///
    /// # Errors
    /// [`VaultError::Revoked`] where whoever is signed in came by one; what database and slots say.
    pub(crate) fn revoke(&mut self, copy: u64, codes: &[Judged], ways: WaysIn) -> Result<(), VaultError> {
        let (by_code, stands) = last_of_each(codes);
        let replaced: BTreeSet<Oid> = self.replaced_since(copy)?.difference(&stands).cloned().collect();
        if by_code.is_empty() && replaced.is_empty() {
            return Ok(());
        }
        let mut slots = KeySlots::read(&ways.slots?)?;
        let held: BTreeSet<Oid> = slots.users().map(Oid::from).collect();
        let administrators = self.administrators_of(&held)?;
        let out = who_goes(&by_code, &replaced, &administrators).intersection(&held).cloned().collect::<Vec<_>>();
        if out.contains(&self.stamp.by) {
            return Err(VaultError::Revoked);
        }
        if out.is_empty() {
            return Ok(());
        }
        out.iter().try_for_each(|user| slots.remove(user))?;
        slots::announce(self.sql, &Next { bytes: slots.write(&ways.key), made: Vec::new() }, true)
    }

    /// Whose passwords somebody else replaced, or a code, by entries of this log behind a place.
    fn replaced_since(&self, copy: u64) -> Result<BTreeSet<Oid>, VaultError> {
        let told = entries::of_act(self.sql, OWN_LOG, "user.password_changed")?;
        let since = told.into_iter().filter(|line| line.entry().seq > copy);
        let replaced = since.filter_map(|line| match &line.entry().act {
            Act::UserPasswordChanged(act) if act.how != PasswordChange::Own => Some(act.user.clone()),
            _ => None,
        });
        Ok(replaced.collect())
    }

    fn administrators_of(&mut self, held: &BTreeSet<Oid>) -> Result<BTreeSet<Oid>, VaultError> {
        let device = Oid::from(self.state.card.device.as_str());
        let accounts = self.trial_state()?.accounts_of(&device);
        let open = accounts.filter(|(user, account)| !account.closed && held.contains(*user));
        Ok(open.filter(|(_, account)| account.role == Role::Administrator).map(|(user, _)| user.clone()).collect())
    }
}

/// Whose slots go: of a code that was used before always; of a password that was replaced, where an administrator is left.
fn who_goes(by_code: &BTreeSet<Oid>, replaced: &BTreeSet<Oid>, administrators: &BTreeSet<Oid>) -> BTreeSet<Oid> {
    let stays = |user: &Oid| !by_code.contains(user);
    if !administrators.iter().any(stays) {
        return by_code.clone();
    }
    let is_one_left = administrators.iter().any(|user| stays(user) && !replaced.contains(user));
    let goes = |user: &&Oid| is_one_left || !administrators.contains(*user);
    by_code.iter().chain(replaced.iter().filter(goes)).cloned().collect()
}

/// Who came in last by a code that was used before, and who by one that was not.
fn last_of_each(codes: &[Judged]) -> (BTreeSet<Oid>, BTreeSet<Oid>) {
    let (mut again, mut stands) = (BTreeSet::new(), BTreeSet::new());
    for Judged { one, is } in codes {
        let (into, out_of) = if *is == Standing::Again { (&mut again, &mut stands) } else { (&mut stands, &mut again) };
        out_of.remove(&one.user);
        into.insert(one.user.clone());
    }
    (again, stands)
}
