//! An open vault with whoever is signed in: who may do what, and which study and books they see.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use casebook::{Book, Summary};
use screens::Now;
use screens::calendar::Today;
use screens::form::FormSync;
use screens::messages::{Alarm, CodeUsed, CopyView, IntegrityView, Progress, Role, SessionView};
use screens::permissions::{self, Command};
use study::{Oid, Study};
use vault::{Open, Stamp};

use crate::beside::Lender;
use crate::clock::stamp;
use crate::codes::keep_codes;
use crate::integrity::{Watch, alarm};
use crate::lab::Loaded;
use crate::masking::Mask;
use crate::noun::Noun;
use crate::roles::role_of;
use crate::{SiteError, settings};

/// Idle minutes until the vault locks, where the study's site has not chosen others.
const LOCK_AFTER_MINUTES: u32 = 10;

/// Called with how far long work has come.
pub type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// An open vault and who opened it.
pub(crate) struct SignedIn {
    pub(crate) open: Open,
    pub(crate) user: String,
    pub(crate) role: Role,
    pub(crate) practice: bool,
    /// A laboratory's file that waits for a person's word; forgotten when the vault is locked.
    pub(crate) lab_file: Option<Loaded>,
    /// What the window holds of the form that it shows.
    pub(crate) shown: FormSync,
    /// What hides from this person what the study closes to the role.
    pub(crate) mask: Option<Mask>,
    /// What goes on beside the session, and ends with it.
    pub(crate) lender: Lender,
    /// Whether somebody else set the password: until an own one is set, nothing else is done. Not while the log may not be
    /// written, as in a restored vault that waits for the center: an own password could not be told, and nobody could let it go on.
    pub(crate) must_change: bool,
    /// Whether it could not be read who this person is by now: then the session is over.
    pub(crate) is_unknown: bool,
    name: String,
    lock_after_minutes: u32,
    watch: Watch,
    /// Whether new recovery codes were needed and could not be made.
    codes_unsealed: bool,
}

/// Somebody who is signed in does something at a moment: the acts of people are its methods.
pub struct Session<'c> {
    pub(crate) signed_in: &'c mut SignedIn,
    pub(crate) on_progress: &'c OnProgress,
    pub(crate) cancel: &'c AtomicBool,
    pub(crate) now: Now,
    /// The language of the texts in the answers, as BCP 47 names it.
    pub(crate) language: String,
}

impl SignedIn {
    /// Takes over a vault that was just opened.
    pub(crate) fn new(mut open: Open, codes_unsealed: bool) -> Result<Self, SiteError> {
        let (device, user) = (Oid::from(open.device()), Oid::from(open.user()));
        let account = open.trial_state()?.account(&device, &user).ok_or(SiteError::NoSuch(Noun::Account))?;
        let (role, name, was_reset) = (role_of(account.role)?, account.name.clone(), account.must_change);
        let must_change = was_reset && !open.holds_back();
        let practice = open.setting(settings::PRACTICE)?.is_some();
        let mask = Mask::of(role, open.study())?;
        let (user, lock_after_minutes, watch) = (user.to_string(), lock_after_minutes(&open), Watch::start(&open));
        let (lab_file, shown, lender) = (None, FormSync::default(), Lender::default());
        Ok(Self {
            open,
            user,
            role,
            practice,
            lab_file,
            shown,
            mask,
            lender,
            must_change,
            is_unknown: false,
            name,
            lock_after_minutes,
            watch,
            codes_unsealed,
        })
    }

    /// Waits until nothing reads the vault's file in the background.
    pub(crate) fn stop_reading(&mut self) {
        self.watch.stop();
    }

    /// Locks the vault, once nothing beside the session holds a key of it any more.
    ///
    /// # Errors
    /// The checkpoint could not be written; the vault is locked all the same.
    pub(crate) fn lock(mut self, now: Now) -> Result<(), SiteError> {
        self.lender.end();
        self.watch.stop();
        Ok(self.open.lock(&stamp(now, &self.user))?)
    }

    /// Idle minutes until the vault locks.
    pub(crate) fn lock_after_minutes(&self) -> u32 {
        self.lock_after_minutes
    }

    /// Who this person is, once the log of a copy goes on: with the entries that came back, the role and what it sees may be others
    /// since. Passwords and codes are those of the copy, and what the lost computer changed and never sent nobody knows: everybody
    /// sets another password first, and the codes are made anew. Where that can't be read the session is over: nobody goes on as who
    /// they were in the copy.
    ///
    /// # Errors
    /// `Locked`.
    pub(crate) fn look_anew(&mut self, now: Now) -> Result<(), SiteError> {
        self.is_unknown = self.take_anew(now).is_err();
        if self.is_unknown { Err(SiteError::Locked) } else { Ok(()) }
    }

    fn take_anew(&mut self, now: Now) -> Result<(), SiteError> {
        let (device, user) = (Oid::from(self.open.device()), Oid::from(self.open.user()));
        let holds_back = self.open.holds_back();
        let people = self.open.trial_state()?;
        let account = people.account(&device, &user).ok_or(SiteError::NoSuch(Noun::Account))?;
        let must_change = account.must_change && !holds_back;
        (self.role, self.must_change) = (role_of(account.role)?, must_change);
        self.name = people.name_of(&device, &user).to_owned();
        self.codes_unsealed = keep_codes(&mut self.open, now).is_err();
        self.mask = Mask::of(self.role, self.open.study())?;
        self.shown = FormSync::default();
        Ok(())
    }

    pub(crate) fn view(&self) -> SessionView {
        let study = self.study();
        SessionView {
            user: self.user.clone(),
            name: self.name.clone(),
            role: self.role,
            site: self.open.site().to_owned(),
            study: study.name.clone(),
            study_version: study.metadata_version_name.clone(),
            languages: study.languages.clone(),
            device: self.open.device().to_owned(),
            device_words: self.open.device_key().public().words(),
            practice: self.practice,
            lock_after_minutes: self.lock_after_minutes,
            must_change: self.must_change,
            alarms: self.tellable(self.alarms()),
            awaits_center: self.open.holds_back(),
            checkpoint_unread: self.open.is_unread(),
            copy: self.copy(),
        }
    }

    /// Of which copy the vault is while it waits for the center; where that can't be read, that it waits is said all the same.
    fn copy(&self) -> Option<CopyView> {
        let copy = self.open.copy_held().ok().flatten()?;
        let center_words = settings::center_key(&self.open).map(|key| key.words()).unwrap_or_default();
        let came_by_code = self.came_by_code();
        Some(CopyView { at: copy.at.local(copy.tz), is_backup: copy.is_backup, center_words, came_by_code })
    }

    /// Who came in by codes while it waits. Who works here may tell which treatments are given here.
    fn came_by_code(&self) -> Vec<CodeUsed> {
        let used = if self.mask.is_some() { Vec::new() } else { self.open.came_by_codes().unwrap_or_default() };
        used.into_iter().map(|one| CodeUsed { user: one.user.to_string(), set: one.set, code: one.code }).collect()
    }

    /// What was noticed on the way in.
    fn alarms(&self) -> Vec<Alarm> {
        let unsealed = Alarm { code: "codes_unsealed".to_owned(), place: String::new() };
        self.open.alarms().iter().map(alarm).chain(self.codes_unsealed.then_some(unsealed)).collect()
    }

    /// The study in force for new subjects, as whoever is signed in sees it.
    pub(crate) fn study(&self) -> Arc<Study> {
        Arc::clone(self.mask.as_ref().map_or(self.open.study(), |mask| mask.current()))
    }

    fn masked(&mut self, whole: Arc<Study>) -> Result<Arc<Study>, SiteError> {
        self.mask.as_mut().map_or(Ok(Arc::clone(&whole)), |mask| mask.over(&whole))
    }

    /// Takes the places out of alarms: how many entries a log has tells how much was done.
    pub(crate) fn tellable(&self, mut alarms: Vec<Alarm>) -> Vec<Alarm> {
        if self.mask.is_some() {
            alarms.iter_mut().for_each(|alarm| alarm.place.clear());
        }
        alarms
    }
}

impl Session<'_> {
    /// Answers in this language from here on; without a word in English.
    pub fn speaking(&mut self, language: &str) -> &mut Self {
        language.clone_into(&mut self.language);
        self
    }

    /// Asks the table; and whoever was given a password by somebody else sets an own one first.
    pub(crate) fn may(&self, command: Command) -> Result<(), SiteError> {
        permissions::check(command, Some(self.signed_in.role))?;
        if self.signed_in.must_change {
            permissions::check_before_own_password(command)?;
        }
        Ok(())
    }

    /// How far the verification in the background has come, and what it found.
    ///
    /// # Errors
    /// The role may not ask.
    pub fn integrity(&mut self) -> Result<IntegrityView, SiteError> {
        self.may(Command::Integrity)?;
        let (found, stamp) = (self.signed_in.watch.take_unsaid(), self.stamp());
        // A damaged database may not take in the entry that says so. A person is told all the same, and it is tried again.
        if self.signed_in.open.journal_alarms(&found, &stamp).is_err() {
            self.signed_in.watch.keep_unsaid(found);
        }
        let mut view = self.signed_in.watch.view(self.now);
        // What was noticed since the sign-in, beside what was shown with it.
        for noted in self.signed_in.open.alarms().iter().map(alarm) {
            if !view.alarms.contains(&noted) {
                view.alarms.push(noted);
            }
        }
        if !self.is_masked() {
            return Ok(view);
        }
        Ok(IntegrityView { verified: 0, total: 0, alarms: self.signed_in.tellable(view.alarms), ..view })
    }

    /// The public half of this device's signing key.
    pub fn device_key(&self) -> seal::PublicKey {
        self.signed_in.open.device_key().public()
    }

    pub(crate) fn stamp(&self) -> Stamp {
        stamp(self.now, &self.signed_in.user)
    }

    pub(crate) fn today(&self) -> Today {
        Today::new(&self.now.today())
    }

    pub(crate) fn site(&self) -> String {
        self.signed_in.open.site().to_owned()
    }

    pub(crate) fn device(&self) -> Oid {
        Oid::from(self.signed_in.open.device())
    }

    /// The part of the device's id that keeps its row keys apart from other devices'.
    pub(crate) fn suffix(&self) -> String {
        let device = self.signed_in.open.device();
        device.rsplit('-').next().unwrap_or(device).to_owned()
    }

    /// The name of a person of this device; the id where there is no such account.
    pub(crate) fn name_of(&mut self, user: &str) -> Result<String, SiteError> {
        let device = self.device();
        self.name_in(&device, &Oid::from(user))
    }

    /// The name of a person of some log.
    pub(crate) fn name_in(&mut self, log: &Oid, user: &Oid) -> Result<String, SiteError> {
        Ok(self.signed_in.open.trial_state()?.name_of(log, user).to_owned())
    }

    /// Whether whoever is signed in must not learn the arm.
    pub(crate) fn is_masked(&self) -> bool {
        self.signed_in.mask.is_some()
    }

    /// The study that a subject is under, as whoever is signed in sees it: every act on a subject asks this one.
    pub(crate) fn study_of(&mut self, subject: &str) -> Result<Arc<Study>, SiteError> {
        let whole = self.signed_in.open.study_of(subject)?;
        self.signed_in.masked(whole)
    }

    /// The study that a subject is under, going by its summary.
    pub(crate) fn study_under(&mut self, summary: &Summary) -> Result<Arc<Study>, SiteError> {
        let whole = Arc::clone(self.signed_in.open.study_under(summary)?);
        self.signed_in.masked(whole)
    }

    /// The study in force for new subjects; of a subject, `study_of` is asked.
    pub fn study(&self) -> Arc<Study> {
        self.signed_in.study()
    }

    /// The book of a subject that is registered, as whoever is signed in sees it.
    ///
    /// # Errors
    /// There is no such subject; what the vault says.
    pub fn known(&mut self, subject: &str) -> Result<&Book, SiteError> {
        let SignedIn { open, mask, .. } = &mut *self.signed_in;
        let study = mask.as_mut().map(|mask| mask.over(&*open.study_of(subject)?)).transpose()?;
        let whole = open.book(subject)?;
        if whole.registrations().is_empty() {
            return Err(SiteError::NoSuch(Noun::Subject));
        }
        match mask.as_mut().zip(study) {
            None => Ok(whole),
            Some((mask, study)) => Ok(mask.cover(whole, &study)),
        }
    }

    /// One summary per subject, as whoever is signed in sees it.
    pub(crate) fn summaries(&mut self) -> Result<Vec<Summary>, SiteError> {
        let whole = self.signed_in.open.summaries()?;
        if !self.is_masked() {
            return Ok(whole);
        }
        let registered = whole.into_iter().filter(|summary| !summary.registrations.is_empty());
        registered.map(|summary| Ok(self.known(&summary.subject)?.summary())).collect()
    }

    /// How many changes of a subject, or of the whole vault, wait for the center. The arms differ in how much is entered.
    pub(crate) fn unsent(&self, subject: Option<&str>) -> Result<u32, SiteError> {
        let changes = match subject {
            _ if self.is_masked() => 0,
            Some(subject) => self.signed_in.open.unsent_of(subject)?,
            None => self.signed_in.open.outbox().changes,
        };
        Ok(u32::try_from(changes).unwrap_or(u32::MAX))
    }
}

/// Idle minutes until a vault locks. One whose setting cannot be read locks all the same.
fn lock_after_minutes(open: &Open) -> u32 {
    let chosen = open.setting(settings::LOCK_MINUTES).ok().flatten();
    let minutes = chosen.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
    minutes.unwrap_or(LOCK_AFTER_MINUTES).clamp(1, 120)
}
