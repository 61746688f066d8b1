//! Recovery codes: each opens this vault once. They are sealed so that only the center's offline recovery key tells them.

use screens::Now;
use vault::Open;

use crate::clock::stamp;
use crate::{SiteError, settings};

/// With fewer codes left than this a new set is made.
const FEW: u32 = 3;

/// Makes a new set where few are left, none were ever made, or those that are left may not be relied on. Nobody is kept out where
/// that fails: it is tried again at the next sign-in. A vault whose log may not be written makes one when it goes on.
///
/// # Errors
/// The vault refuses, or does not know its center.
pub(crate) fn keep_codes(open: &mut Open, now: Now) -> Result<(), SiteError> {
    if open.holds_back() || open.recovery_left()? >= FEW && open.recovery_stands()? {
        return Ok(());
    }
    let (recipient, stamp) = (settings::recovery(open)?, stamp(now, open.user()));
    Ok(open.renew_recovery(&recipient, &stamp)?)
}
