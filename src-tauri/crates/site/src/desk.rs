//! The desk: a site computer with its vaults, of which at most one is open.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::messages::{Preferences, Progress, StartView};
use crate::{Home, Now, SiteError};

/// Tells the window how far long work has come.
pub type Tell = Box<dyn Fn(&Progress) + Send>;

/// A site computer.
pub struct Desk {
    home: Home,
    #[allow(dead_code)]
    tell: Tell,
    #[allow(dead_code)]
    cancel: Arc<AtomicBool>,
}

/// Somebody is signed in.
pub struct Seat<'d> {
    #[allow(dead_code)]
    desk: &'d mut Desk,
    #[allow(dead_code)]
    now: Now,
}

impl Desk {
    /// The desk of a computer; `cancel` stops long work at its next step.
    pub fn new(home: Home, tell: Tell, cancel: Arc<AtomicBool>) -> Self {
        Self { home, tell, cancel }
    }

    /// What the first screen shows.
    ///
    /// # Errors
    /// The operating system refuses to make or list the folders.
    pub fn start_view(&mut self) -> Result<StartView, SiteError> {
        self.home.make()?;
        Ok(StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            vaults: Vec::new(),
            preferences: self.home.preferences(),
        })
    }

    /// Remembers language, theme and zoom on this computer.
    ///
    /// # Errors
    /// The operating system refuses to write.
    pub fn set_preferences(&mut self, preferences: Preferences) -> Result<(), SiteError> {
        self.home.set_preferences(&preferences)
    }

    /// Locks the vault.
    pub fn lock(&mut self, _now: Now) {}

    /// The seat of whoever is signed in.
    ///
    /// # Errors
    /// Nobody is.
    pub fn seat(&mut self, _now: Now) -> Result<Seat<'_>, SiteError> {
        Err(SiteError::Locked)
    }
}
