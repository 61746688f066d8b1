//! The way back for who lost the password: the center reads out a code by telephone. No network is needed.

use screens::Now;
use screens::messages::{RecoveryView, SessionView};
use vault::{Locked, NewPassword};

use crate::SiteError;
use crate::clock::stamp;
use crate::computer::SiteComputer;
use crate::people::real_cost;
use crate::session::Session;

/// What somebody gives who lost the password.
pub struct LostPassword<'a> {
    /// User id, as typed.
    pub user: &'a str,
    /// The code that the center read out, as typed.
    pub code: &'a str,
    /// The new password.
    pub password: &'a str,
}

impl SiteComputer {
    /// Signs in somebody who lost the password, by a code that the center read out. The code is burnt, the new password is in
    /// force, and the next bundle tells the center.
    ///
    /// # Errors
    /// `WeakPassword`: no code is asked for then, so none is burnt. `WrongCode` alike for a code that does not fit or was used,
    /// and for an account that is closed or was never there; `Wait`, and what else the vault says.
    pub fn recover(&mut self, vault: &str, lost: &LostPassword<'_>, now: Now) -> Result<SessionView, SiteError> {
        self.leave(now);
        let place = self.place(vault)?;
        let user = lost.user.trim().to_lowercase();
        // The person's name, which is no good password either, lies behind the lock.
        seal::password::check(lost.password, &[&user])?;
        let locked = Locked::find(&place, &clinical::functions())?;
        self.home.tell_of_refusals(&locked, &place);
        // That a vault is for practice may be believed only once it is open.
        let new = NewPassword { password: lost.password, cost: real_cost()? };
        let open = locked.recover(&user, lost.code.trim(), &new, &stamp(now, &user))?;
        self.start_session(open, now)
    }
}

impl Session<'_> {
    /// How many recovery codes are left, and whether the center has them.
    pub(crate) fn recovery(&mut self) -> Result<RecoveryView, SiteError> {
        let device = self.device();
        let open = &mut self.signed_in.open;
        let (left, confirmed) = (open.recovery_left()?, open.acknowledged());
        let sealed = open.trial_state()?.recovery(&device).and_then(|known| known.origin.as_ref());
        Ok(RecoveryView {
            left,
            sealed_at: sealed.map(|origin| origin.at.local(origin.tz)),
            at_center: sealed.is_some_and(|origin| origin.seq <= confirmed),
        })
    }
}
