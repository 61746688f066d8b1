//! Sites.

use crate::store::{Site, Tx};
use crate::{Center, CenterError, Stamp};

/// Most characters of a site's name in words.
const MOST_SITE_NAME: usize = 200;

impl Center {
    /// Adds a site; the same site again changes nothing.
    ///
    /// # Errors
    /// When the identifier cannot be used, or belongs to a site of another name.
    pub fn add_site(&self, stamp: &Stamp, id: &str, name: &str) -> Result<(), CenterError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let is_kept = is_device_of_windows(id) || id.eq_ignore_ascii_case(casebook::CENTER);
        if id.is_empty() || id.len() > 16 || !id.chars().all(plain) || is_kept {
            return Err(CenterError::SiteName(id.to_owned()));
        }
        let name = name.trim();
        self.store.transact(|tx| match tx.site(id)? {
            Some(site) if site.name == name => Ok(()),
            Some(_) => Err(CenterError::SiteTaken(id.to_owned())),
            None if name.chars().count() > MOST_SITE_NAME => Err(CenterError::LongSiteName(MOST_SITE_NAME)),
            None => match tx.sites()?.into_iter().find(|known| known.id.eq_ignore_ascii_case(id)) {
                Some(known) => Err(CenterError::SiteAlike(known.id, id.to_owned())),
                None => Ok(tx.put_site(&Site { id: id.to_owned(), name: name.to_owned(), added: stamp.at })?),
            },
        })
    }

    /// Every site.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sites(&self) -> Result<Vec<Site>, CenterError> {
        Ok(self.store.read(|tx| tx.sites())?)
    }
}

/// Whether a name is one that Windows keeps for a device: kits and bundles bear the site's.
fn is_device_of_windows(id: &str) -> bool {
    let name = id.to_ascii_uppercase();
    let is_numbered = |device: &str| {
        let number = name.strip_prefix(device);
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    matches!(&*name, "CON" | "PRN" | "AUX" | "NUL") || is_numbered("COM") || is_numbered("LPT")
}

/// The site of this identifier.
pub(crate) fn site(tx: &dyn Tx, id: &str) -> Result<Site, CenterError> {
    tx.site(id)?.ok_or_else(|| CenterError::UnknownSite(id.to_owned()))
}
