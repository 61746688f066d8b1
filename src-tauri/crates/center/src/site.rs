//! Sites.

use crate::store::{Site, Tx};
use crate::{Center, CenterError, Stamp};

impl Center {
    /// Adds a site; the same site again changes nothing.
    ///
    /// # Errors
    /// When the identifier cannot be used, or belongs to a site of another name.
    pub fn add_site(&self, stamp: &Stamp, id: &str, name: &str) -> Result<(), CenterError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if id.is_empty() || id.len() > 16 || !id.chars().all(plain) || id.eq_ignore_ascii_case(casebook::CENTER) {
            return Err(CenterError::SiteName(id.to_owned()));
        }
        let name = name.trim();
        self.store.transact(|tx| match tx.site(id)? {
            Some(site) if site.name == name => Ok(()),
            Some(_) => Err(CenterError::SiteTaken(id.to_owned())),
            None => Ok(tx.put_site(&Site { id: id.to_owned(), name: name.to_owned(), added: stamp.at })?),
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

/// The site of this identifier.
pub(crate) fn site(tx: &dyn Tx, id: &str) -> Result<Site, CenterError> {
    tx.site(id)?.ok_or_else(|| CenterError::UnknownSite(id.to_owned()))
}
