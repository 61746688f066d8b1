//! The desk: a site computer with its vaults, of which at most one is open.
//!
//! States are types: a [`Desk`] can open a vault; only a [`Seat`], which exists while somebody is signed in, can do what
//! people do, and it asks the one table in `guard` before each act.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use screens::Now;
use screens::calendar::Today;
use screens::form::FormSync;
use screens::guard::{self, Command};
use screens::messages::{Alarm, IntegrityView, Preferences, Progress, Role, SessionView, StartView};
use study::Oid;
use vault::{Locked, Open, Stamp, VaultPlace};

use crate::cards::Card;
use crate::clock::stamp;
use crate::integrity::Watch;
use crate::masking::Mask;
use crate::people::role_of;
use crate::{Home, SiteError};

/// Idle minutes until the vault locks, where the study's site has not chosen others.
const LOCK_AFTER_MINUTES: u32 = 10;
/// Setting: idle minutes until the vault locks.
const LOCK_SETTING: &str = "lock.minutes";

/// Tells the window how far long work has come.
pub type Tell = Arc<dyn Fn(&Progress) + Send + Sync>;

/// A site computer.
pub struct Desk {
    pub(crate) home: Home,
    tell: Tell,
    cancel: Arc<AtomicBool>,
    session: Option<Session>,
}

/// An open vault and who opened it.
pub(crate) struct Session {
    pub(crate) open: Open,
    pub(crate) user: String,
    pub(crate) role: Role,
    pub(crate) practice: bool,
    /// A laboratory's file that waits for a person's word; forgotten when the vault is locked.
    pub(crate) lab_file: Option<crate::lab::Loaded>,
    /// What the window holds of the form that it shows.
    pub(crate) shown: FormSync,
    /// What hides from this person what the study closes to the role.
    pub(crate) mask: Option<Mask>,
    watch: Watch,
}

/// Somebody is signed in.
pub struct Seat<'d> {
    pub(crate) session: &'d mut Session,
    pub(crate) tell: &'d Tell,
    pub(crate) cancel: &'d Arc<AtomicBool>,
    pub(crate) now: Now,
}

impl Desk {
    /// The desk of a computer; `cancel` stops long work at its next step.
    pub fn new(home: Home, tell: Tell, cancel: Arc<AtomicBool>) -> Self {
        Self { home, tell, cancel, session: None }
    }

    /// What the first screen shows.
    ///
    /// # Errors
    /// The operating system refuses to make or list the folders.
    pub fn start_view(&mut self) -> Result<StartView, SiteError> {
        self.home.make()?;
        Ok(StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vaults: self.home.cards()?,
            preferences: self.home.preferences(),
        })
    }

    /// Remembers language, theme and zoom on this computer.
    ///
    /// # Errors
    /// The operating system refuses to write.
    pub fn set_preferences(&mut self, preferences: &Preferences) -> Result<(), SiteError> {
        self.home.set_preferences(preferences)
    }

    /// Signs somebody in. A vault that is open is locked first.
    ///
    /// # Errors
    /// `WrongPassword`, `Wait`, `InUse` and what else the vault says.
    pub fn unlock(&mut self, vault: &str, user: &str, password: &str, now: Now) -> Result<SessionView, SiteError> {
        self.lock(now)?;
        let place = self.place(vault)?;
        let user = user.trim().to_lowercase();
        let open = Locked::find(&place, &clinical::functions())?.unlock(&user, password, &stamp(now, &user))?;
        self.sit(open)
    }

    /// Takes over a vault that was just opened.
    pub(crate) fn sit(&mut self, mut open: Open) -> Result<SessionView, SiteError> {
        let user = open.user().to_owned();
        let device = Oid::from(open.device());
        let account = open.roster()?.account(&device, &Oid::from(user.as_str()));
        let role = role_of(account.ok_or(SiteError::NoSuch("account"))?.role)?;
        let practice = open.setting(crate::founding::PRACTICE)?.is_some();
        let watch = Watch::start(&open)?;
        let mask = Mask::of(role, open.study())?;
        let session = Session { open, user, role, practice, lab_file: None, shown: FormSync::default(), mask, watch };
        self.session.insert(session).view()
    }

    /// Locks the vault: the connection closes, keys are wiped, drafts survive.
    ///
    /// # Errors
    /// The checkpoint could not be written; the vault is locked all the same.
    pub fn lock(&mut self, now: Now) -> Result<(), SiteError> {
        self.cancel.store(false, Ordering::Relaxed);
        match self.session.take() {
            Some(mut session) => {
                session.watch.stop();
                Ok(session.open.lock(&stamp(now, &session.user))?)
            }
            None => Ok(()),
        }
    }

    /// Whether a vault is open.
    pub fn is_open(&self) -> bool {
        self.session.is_some()
    }

    /// The seat of whoever is signed in.
    ///
    /// # Errors
    /// `Locked` when nobody is.
    pub fn seat(&mut self, now: Now) -> Result<Seat<'_>, SiteError> {
        let session = self.session.as_mut().ok_or(SiteError::Locked)?;
        Ok(Seat { session, tell: &self.tell, cancel: &self.cancel, now })
    }

    /// The role of whoever is signed in.
    pub fn role(&self) -> Option<Role> {
        self.session.as_ref().map(|session| session.role)
    }

    /// The folders of this computer.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// Shows the accounts of a practice vault, and the password that they share, on the first screen.
    ///
    /// # Errors
    /// `Locked` while nobody is signed in; what the disk says.
    pub fn show_practice_accounts(
        &mut self,
        vault: &str,
        accounts: Vec<(String, Role)>,
        password: &str,
    ) -> Result<(), SiteError> {
        let session = self.session.as_ref().ok_or(SiteError::Locked)?;
        let (study, site) = (session.study().name.clone(), session.open.site().to_owned());
        let card = Card { study, site, practice: true, accounts: Some((accounts, password.to_owned())) };
        card.lay(&self.home.vault(vault))
    }

    /// The folder of a vault on this computer.
    pub(crate) fn place(&self, id: &str) -> Result<VaultPlace, SiteError> {
        if !Card::is_id(id) {
            return Err(SiteError::NoSuch("vault"));
        }
        Ok(VaultPlace { folder: self.home.vault(id), checkpoint: self.home.checkpoint(id) })
    }
}

impl Session {
    /// Waits until nothing reads the vault's file in the background.
    pub(crate) fn rest(&mut self) {
        self.watch.stop();
    }

    fn view(&mut self) -> Result<SessionView, SiteError> {
        let study = self.study();
        let device = Oid::from(self.open.device());
        let name = self.open.roster()?.name_of(&device, &Oid::from(self.user.as_str())).to_owned();
        let minutes = self.open.setting(LOCK_SETTING)?.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
        Ok(SessionView {
            user: self.user.clone(),
            name,
            role: self.role,
            site: self.open.site().to_owned(),
            study: study.name.clone(),
            study_version: study.mdv_name.clone(),
            languages: study.languages.clone(),
            device: self.open.device().to_owned(),
            device_words: self.open.device_key().public().words(),
            practice: self.practice,
            lock_after_minutes: minutes.unwrap_or(LOCK_AFTER_MINUTES).clamp(1, 120),
            alarms: self.told(self.open.alarms().iter().map(alarm).collect()),
        })
    }
}

/// An alarm as it crosses to the window.
pub(crate) fn alarm(alarm: &vault::Alarm) -> Alarm {
    Alarm { code: alarm.code().to_owned(), place: alarm.place() }
}

impl Seat<'_> {
    /// Asks the table.
    pub(crate) fn may(&self, command: Command) -> Result<(), SiteError> {
        Ok(guard::check(command, Some(self.session.role))?)
    }

    /// How far the verification in the background has come, and what it found.
    ///
    /// # Errors
    /// The role may not ask.
    pub fn integrity(&mut self) -> Result<IntegrityView, SiteError> {
        self.may(Command::Integrity)?;
        let (found, stamp) = (self.session.watch.take_unsaid(), self.stamp());
        self.session.open.journal_alarms(&found, &stamp)?;
        let view = self.session.watch.view(self.now);
        if !self.is_masked() {
            return Ok(view);
        }
        Ok(IntegrityView { verified: 0, total: 0, alarms: self.session.told(view.alarms), ..view })
    }

    /// The public half of this device's signing key.
    pub fn device_key(&self) -> seal::PublicKey {
        self.session.open.device_key().public()
    }

    pub(crate) fn stamp(&self) -> Stamp {
        stamp(self.now, &self.session.user)
    }

    pub(crate) fn today(&self) -> Today {
        Today::new(&self.now.today())
    }

    pub(crate) fn site(&self) -> String {
        self.session.open.site().to_owned()
    }

    pub(crate) fn device(&self) -> Oid {
        Oid::from(self.session.open.device())
    }

    /// The part of the device's id that keeps its row keys apart from other devices'.
    pub(crate) fn suffix(&self) -> String {
        let device = self.session.open.device();
        device.rsplit('-').next().unwrap_or(device).to_owned()
    }

    /// The name of a person of this device; the id where there is no such account.
    pub(crate) fn name_of(&mut self, user: &str) -> Result<String, SiteError> {
        let device = self.device();
        self.name_in(&device, &Oid::from(user))
    }

    /// The name of a person of some log.
    pub(crate) fn name_in(&mut self, log: &Oid, user: &Oid) -> Result<String, SiteError> {
        Ok(self.session.open.roster()?.name_of(log, user).to_owned())
    }
}
