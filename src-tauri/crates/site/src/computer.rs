//! A site computer with its vaults, of which at most one is open.
//!
//! States are types: a [`SiteComputer`] can open a vault; only a [`Session`], which exists while somebody is signed in, can
//! do what people do, and it asks the one table in `screens::permissions` before each act.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use screens::Now;
use screens::messages::{Preferences, Role, SessionView, StartView};
use vault::{Locked, Open, VaultPlace};

use crate::beside::Lender;
use crate::cards::Card;
use crate::clock::stamp;
use crate::codes::keep_codes;
use crate::noun::Noun;
use crate::session::{OnProgress, Session, SignedIn};
use crate::{Home, SiteError};

/// A site computer.
pub struct SiteComputer {
    pub(crate) home: Home,
    on_progress: OnProgress,
    cancel: Arc<AtomicBool>,
    signed_in: Option<SignedIn>,
    /// How many sessions have begun.
    sessions: u64,
    /// What goes on beside the first screen, and ends with the program.
    door: Lender,
    /// The number of unsent changes that was last told.
    told_unsent: Option<u32>,
}

/// An act broke off in the middle. Nobody is signed in any more; what was saved before stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an act broke off in the middle")]
pub struct FaultError;

impl SiteComputer {
    /// A computer with the vaults of `home`; `cancel` stops long work at its next step.
    pub fn new(home: Home, on_progress: OnProgress, cancel: Arc<AtomicBool>) -> Self {
        Self { home, on_progress, cancel, signed_in: None, sessions: 0, door: Lender::default(), told_unsent: None }
    }

    /// What the first screen shows.
    ///
    /// # Errors
    /// The operating system refuses to list the folders.
    pub fn start_view(&mut self) -> Result<StartView, SiteError> {
        // Vaults that are there are shown even where nothing can be written; whoever founds one is told.
        let _ = self.home.make();
        self.home.give_names_back();
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

    /// Signs somebody in. A vault that is open is locked first; what it could not write then keeps nobody out of another.
    ///
    /// # Errors
    /// `WrongPassword`, `Wait`, `InUse` and what else the vault says.
    pub fn unlock(&mut self, vault: &str, user: &str, password: &str, now: Now) -> Result<SessionView, SiteError> {
        self.leave(now);
        let place = self.place(vault)?;
        let user = user.trim().to_lowercase();
        let locked = Locked::find(&place, &clinical::functions())?;
        self.home.tell_of_refusals(&locked, &place);
        let open = locked.unlock(&user, password, &stamp(now, &user))?;
        self.start_session(open, now)
    }

    /// Takes over a vault that was just opened.
    pub(crate) fn start_session(&mut self, mut open: Open, now: Now) -> Result<SessionView, SiteError> {
        let codes_unsealed = keep_codes(&mut open, now).is_err();
        self.sessions += 1;
        Ok(self.signed_in.insert(SignedIn::new(open, codes_unsealed)?).view())
    }

    /// Locks the vault: an export under way is stopped and waited for, the connection closes, keys are wiped, drafts
    /// survive.
    ///
    /// # Errors
    /// The checkpoint could not be written; the vault is locked all the same.
    pub fn lock(&mut self, now: Now) -> Result<(), SiteError> {
        let locked = self.signed_in.take().map_or(Ok(()), |signed_in| signed_in.lock(now));
        // A wish to stop what belonged to this session concerns nothing after it.
        self.cancel.store(false, Ordering::Relaxed);
        locked
    }

    /// Locks whichever vault is open, for another to be opened. That its checkpoint could not be written is no reason to
    /// keep anybody out: it is locked all the same.
    pub fn leave(&mut self, now: Now) {
        let _ = self.lock(now);
    }

    /// Does one act, which may panic. One that does leaves half of itself in memory, on which nothing may build: the vault is
    /// closed as by a power cut, which is always safe, and this is a computer on which nobody has signed in.
    ///
    /// # Errors
    /// [`FaultError`] when the act panicked.
    pub fn guard<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> Result<T, FaultError> {
        catch_unwind(AssertUnwindSafe(|| act(self))).map_err(|_| {
            let anew = Self::new(self.home.clone(), Arc::clone(&self.on_progress), Arc::clone(&self.cancel));
            let broken = std::mem::replace(self, anew);
            // What broke may break again while it is dropped; the computer goes on with the new one.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(broken)));
            FaultError
        })
    }

    /// Locks the vault where it could not be read who is signed in by now; whether that was so.
    pub fn ends_unknown(&mut self, now: Now) -> bool {
        let is_unknown = self.signed_in.as_ref().is_some_and(|signed_in| signed_in.is_unknown);
        if is_unknown {
            self.leave(now);
        }
        is_unknown
    }

    /// How many changes the center has not confirmed, where that is another number than when this was last asked; nothing
    /// for a masked assessor, to whom it would tell what others do, nor before an own password is set.
    pub fn unsent_news(&mut self) -> Option<u32> {
        let sees = |signed_in: &&SignedIn| signed_in.mask.is_none() && !signed_in.must_change;
        let seeing = self.signed_in.as_ref().filter(sees);
        let now = seeing.map(|signed_in| u32::try_from(signed_in.open.outbox().changes).unwrap_or(u32::MAX));
        let is_news = now != self.told_unsent;
        self.told_unsent = now;
        now.filter(|_| is_news)
    }

    /// Whether a vault is open.
    pub fn is_open(&self) -> bool {
        self.signed_in.is_some()
    }

    /// Which session this is, from a sign-in to the lock; none while no vault is open. What somebody chose outside the vault
    /// is forgotten when it changes.
    pub fn session_number(&self) -> Option<u64> {
        self.signed_in.as_ref().map(|_| self.sessions)
    }

    /// Idle minutes after which the open vault is to be locked; none while no vault is open.
    pub fn lock_after_minutes(&self) -> Option<u32> {
        self.signed_in.as_ref().map(SignedIn::lock_after_minutes)
    }

    /// The session of whoever is signed in, for one act at a moment.
    ///
    /// # Errors
    /// `Locked` when nobody is.
    pub fn session(&mut self, now: Now) -> Result<Session<'_>, SiteError> {
        self.ends_unknown(now);
        let signed_in = self.signed_in.as_mut().ok_or(SiteError::Locked)?;
        Ok(Session { signed_in, on_progress: &self.on_progress, cancel: &self.cancel, now, language: "en".to_owned() })
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
        let signed_in = self.signed_in.as_ref().ok_or(SiteError::Locked)?;
        let (study, site) = (signed_in.study().name.clone(), signed_in.open.site().to_owned());
        let card = Card { study, site, practice: true, accounts: Some((accounts, password.to_owned())) };
        card.lay(&self.home.vault(vault))
    }

    /// Who lends to work that begins now: the session, or the first screen while there is none.
    pub(crate) fn lender(&mut self) -> &mut Lender {
        self.signed_in.as_mut().map_or(&mut self.door, |signed_in| &mut signed_in.lender)
    }

    /// The open vault, where whoever is signed in may know how much is in it.
    pub(crate) fn open_unmasked(&self) -> Option<&Open> {
        self.signed_in.as_ref().filter(|signed_in| signed_in.mask.is_none()).map(|signed_in| &signed_in.open)
    }

    /// Whether nobody is signed in who must not see how much is entered.
    pub(crate) fn may_see_much(&self) -> bool {
        self.signed_in.as_ref().is_none_or(|signed_in| signed_in.mask.is_none())
    }

    /// The folder of a vault on this computer.
    pub(crate) fn place(&self, id: &str) -> Result<VaultPlace, SiteError> {
        if !Card::is_id(id) {
            return Err(SiteError::NoSuch(Noun::Vault));
        }
        Ok(VaultPlace { folder: self.home.vault(id), checkpoint: self.home.checkpoint(id) })
    }
}
