//! A restored vault and the center's reply: what the center holds of this device's own log comes back before anything is written
//! (the reasons: `vault::Open::bring_back`).

use std::path::Path;

use bundle::{BlobNote, Key, Sink};
use casebook::{Line, LogEnd, Speaker, TextRow, speaks};
use vault::{Bringing, BroughtBack, VaultError};

use crate::SiteError;
use crate::import::opener;
use crate::session::Session;

impl Session<'_> {
    /// Brings back what a reply of the center holds of this device's own log. Everything else in it is left to the import that
    /// follows.
    ///
    /// # Errors
    /// `Refused` with the reason; `ForeignReceipt` when the center holds another history; what disk and vault say.
    pub(crate) fn bring_back(&mut self, path: &Path) -> Result<BroughtBack, SiteError> {
        let trusted = self.admit(path)?;
        let stamp = self.stamp();
        let open = &mut self.signed_in.open;
        let identity = opener(open, trusted.envelope())?;
        let (device, site) = (open.device().to_owned(), open.site().to_owned());
        let held = trusted.envelope().has.iter().find(|held| *held.log == *device);
        let center = held.map(|held| LogEnd { seq: held.seq, head: held.head });
        let brought = open.bring_back(center, &stamp, |bringing| {
            let mut own = OwnLog { bringing, device: &device, site: &site };
            trusted.open(&Key::Identity(&identity), &mut own).map(drop)
        })?;
        if brought.goes_on {
            self.signed_in.look_anew(self.now)?;
        }
        Ok(brought)
    }
}

/// Takes the lines of this device's own log out of a reply, with all texts: which of them are its own only the lines say.
struct OwnLog<'b, 't, 'a> {
    bringing: &'b mut Bringing<'t, 'a>,
    device: &'b str,
    site: &'b str,
}

impl Sink for OwnLog<'_, '_, '_> {
    type Error = SiteError;

    fn line(&mut self, line: Line) -> Result<(), SiteError> {
        let entry = line.entry();
        if *entry.log != *self.device {
            return Ok(());
        }
        let speaker = Speaker { log: &entry.log, site: Some(self.site), by: &entry.by, keys: None };
        if speaks(&entry.act, &speaker).is_err() {
            return Err(VaultError::ForeignReceipt { seq: entry.seq }.into());
        }
        Ok(self.bringing.line(&line)?)
    }

    fn text(&mut self, row: TextRow) -> Result<(), SiteError> {
        Ok(self.bringing.text(&row)?)
    }

    fn blob(&mut self, _: &BlobNote, _: Vec<u8>) -> Result<(), SiteError> {
        Ok(())
    }
}
