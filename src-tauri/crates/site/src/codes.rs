//! Recovery codes: each opens this vault once. They are sealed so that only the center's offline recovery key tells them.

use screens::Now;
use screens::messages::RecoveryView;
use vault::Open;

use crate::clock::stamp;
use crate::session::Session;
use crate::{SiteError, settings};

/// With fewer codes left than this a new set is made.
const FEW: u32 = 3;

/// Makes a new set where few are left, none were ever made, or those that are left may not be relied on. Nobody is kept out where
/// that fails: it is tried again at the next sign-in. A restored vault that waits for the center makes one when its log goes on.
///
/// # Errors
/// The vault refuses, or does not know its center.
pub(crate) fn keep_codes(open: &mut Open, now: Now) -> Result<(), SiteError> {
    if open.awaits_center() || open.recovery_left()? >= FEW && open.recovery_stands()? {
        return Ok(());
    }
    let (recipient, stamp) = (settings::recovery(open)?, stamp(now, open.user()));
    Ok(open.renew_recovery(&recipient, &stamp)?)
}

impl Session<'_> {
    /// How many are left, and whether the center has them.
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
