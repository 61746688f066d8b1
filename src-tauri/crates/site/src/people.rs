//! Accounts and the device.

use std::time::Duration;

use casebook::DeniedError;
use casebook::act::{UserAdded, UserClosed};
use screens::messages::{PeopleView, Person, Role, SessionView};
use screens::permissions::Command;
use seal::{Cost, PublicKey, Zeroizing};
use study::Oid;
use vault::{NewPassword, NewUser, VaultError};

use crate::SiteError;
use crate::codes::keep_codes;
use crate::noun::Noun;
use crate::roles::{journal_role, role_of};
use crate::session::Session;

/// How long hashing a password may take on this computer; never cheaper than the floor.
const HASHING: Duration = Duration::from_millis(500);

/// An account to be. Wiped when dropped.
pub struct NewAccount {
    /// User id.
    pub user: String,
    /// Name as shown and signed.
    pub name: String,
    /// The password, as typed.
    pub password: Zeroizing<String>,
}

impl NewAccount {
    /// The account as typed: the id in lower case, blanks around it gone.
    pub fn new(user: &str, name: &str, password: impl Into<Zeroizing<String>>) -> Self {
        let (user, name) = (user.trim().to_lowercase(), name.trim().to_owned());
        Self { user, name, password: password.into() }
    }

    /// Refuses ids that cannot be told apart, names that are none, and passwords that are too weak.
    pub(crate) fn check(&self) -> Result<(), SiteError> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_');
        let id = (2..=32).contains(&self.user.len()) && self.user.bytes().all(plain) && self.user != casebook::SYSTEM;
        if !id {
            return Err(SiteError::BadUserId);
        }
        if self.name.is_empty() || self.name.len() > 120 || self.name.chars().any(char::is_control) {
            return Err(SiteError::BadName);
        }
        Ok(seal::password::check(&self.password, &[&self.user, &self.name])?)
    }

    pub(crate) fn as_user(&self, cost: Cost) -> NewUser<'_> {
        NewUser { user: &self.user, password: &self.password, cost }
    }
}

impl Session<'_> {
    /// Accounts, and the device's fingerprint.
    ///
    /// # Errors
    /// The vault refuses.
    pub fn people_view(&mut self) -> Result<PeopleView, SiteError> {
        self.may(Command::PeopleView)?;
        self.people()
    }

    fn people(&mut self) -> Result<PeopleView, SiteError> {
        let device = self.device();
        let words = self.signed_in.open.device_key().public().words();
        // Who works here may tell which treatments are given here.
        let only = self.is_masked().then(|| Oid::from(self.signed_in.user.as_str()));
        let accounts = self.signed_in.open.trial_state()?.accounts_of(&device);
        let accounts = accounts.filter(|(user, _)| only.as_ref().is_none_or(|only| only == *user));
        let person = |(user, account): (&Oid, &casebook::trial_state::Account)| {
            let role = role_of(account.role).ok()?;
            let (open, must_change) = (!account.closed, account.must_change);
            Some(Person { user: user.to_string(), name: account.name.clone(), role, open, must_change })
        };
        let people = accounts.filter_map(person).collect();
        Ok(PeopleView { people, device: device.to_string(), device_words: words, recovery: self.recovery()? })
    }

    /// Adds an account. Whoever adds it knows the password: its person sets an own one at the first sign-in, before anything else.
    ///
    /// # Errors
    /// `UserExists`, `BadUserId`, `BadName`, `WeakPassword`.
    pub fn user_add(&mut self, account: &NewAccount, role: Role) -> Result<PeopleView, SiteError> {
        self.may(Command::UserAdd)?;
        account.check()?;
        let cost = self.cost()?;
        self.add_account(account, role, cost, true)?;
        self.people()
    }

    /// Adds an account whose password is hashed at a given cost and stays: a practice site's accounts share one that everybody
    /// knows.
    ///
    /// # Errors
    /// What is wrong with the account; what the vault says.
    pub fn add(&mut self, account: &NewAccount, role: Role, cost: Cost) -> Result<(), SiteError> {
        self.add_account(account, role, cost, false)
    }

    fn add_account(
        &mut self,
        account: &NewAccount,
        role: Role,
        cost: Cost,
        must_change: bool,
    ) -> Result<(), SiteError> {
        let stamp = self.stamp();
        let (user, name, role) = (Oid::from(account.user.as_str()), account.name.clone(), journal_role(role));
        let act = |key: &PublicKey| UserAdded { user, name, role, key: Some(key.to_string()), must_change };
        self.signed_in.add_account(&account.as_user(cost), &stamp, act)
    }

    /// Closes an account for good and writes the database anew under a new key.
    ///
    /// # Errors
    /// `OwnAccount` for one's own; there is no such open account. That the new key has to wait, while an export still reads for
    /// example, is an alarm.
    pub fn user_close(&mut self, user: &str) -> Result<PeopleView, SiteError> {
        self.may(Command::UserClose)?;
        let stamp = self.stamp();
        self.signed_in.close_account(&stamp, UserClosed { user: Oid::from(user), reason: None })?;
        // Who left knew what keeps other keys out of the codes' slots. What can't be done now is an alarm of the next sign-in.
        let _ = keep_codes(&mut self.signed_in.open, self.now);
        self.people()
    }

    /// Gives another account a new password. Its person sets an own one at the next sign-in, before anything else.
    ///
    /// # Errors
    /// There is no such open account; `OwnAccount`, `WeakPassword`, `SamePassword` where it is the administrator's own;
    /// `WrongPassword` and `Wait` where `own` is not the password of whoever is signed in.
    pub fn user_reset(&mut self, user: &str, password: &str, own: &str) -> Result<PeopleView, SiteError> {
        self.may(Command::UserReset)?;
        if user == self.signed_in.user {
            return Err(DeniedError::OwnAccount.into());
        }
        let device = self.device();
        let account = self.signed_in.open.trial_state()?.account(&device, &Oid::from(user));
        let name = account.ok_or(SiteError::NoSuch(Noun::Account))?.name.clone();
        seal::password::check(password, &[user, &name])?;
        must_differ(password, own)?;
        let (cost, stamp) = (self.cost()?, self.stamp());
        self.signed_in.reset_account(&NewUser { user, password, cost }, own, &stamp)?;
        self.people()
    }

    /// Changes the password of whoever is signed in.
    ///
    /// # Errors
    /// `WrongPassword` and `Wait`, `WeakPassword`, `SamePassword`.
    pub fn change_password(&mut self, old: &str, new: &str) -> Result<SessionView, SiteError> {
        self.may(Command::ChangePassword)?;
        let user = self.signed_in.user.clone();
        let name = self.name_of(&user)?;
        seal::password::check(new, &[&user, &name])?;
        must_differ(new, old)?;
        let (cost, stamp) = (self.cost()?, self.stamp());
        self.signed_in.change_password(old, &NewPassword { password: new, cost }, &stamp)?;
        Ok(self.signed_in.view())
    }

    /// What hashing a password costs here.
    fn cost(&self) -> Result<Cost, SiteError> {
        if self.signed_in.practice { Ok(Cost::floor()) } else { real_cost() }
    }
}

/// Refuses as new what two people would know then, or one knows already.
fn must_differ(new: &str, present: &str) -> Result<(), SiteError> {
    if new == present { Err(SiteError::SamePassword) } else { Ok(()) }
}

/// What hashing a password costs on this computer, for real vaults.
pub(crate) fn real_cost() -> Result<Cost, SiteError> {
    Ok(Cost::calibrate(HASHING).map_err(VaultError::from)?)
}
