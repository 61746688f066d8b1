//! A restored vault and the center's reply: what the center holds of this device's own log comes back before anything is written
//! (the reasons: `vault::Open::bring_back`).

use std::io::BufReader;
use std::path::Path;

use bundle::{BlobNote, Envelope, Key, Sealed, SignedEnvelope, Sink};
use casebook::{CENTER, EntryId, Line, LogEnd, Speaker, TextRow, speaks};
use seal::Identity;
use vault::{Bringing, BroughtBack, CenterWord, Open, Stamp, VaultError};

use crate::import::opener;
use crate::session::Session;
use crate::{SiteError, files};

impl Session<'_> {
    /// Brings back what a reply of the center holds of this device's own log. Everything else in it is left to the import that
    /// follows. What the center says of that log is remembered first, whatever becomes of the reply, where it is
    /// for this device.
    ///
    /// # Errors
    /// `Refused` with the reason; `OldReply`; `ForeignReceipt` when the center holds another history; `KeysReplaced`; what disk and
    /// vault say.
    pub(crate) fn bring_back(&mut self, path: &Path) -> Result<BroughtBack, SiteError> {
        let stamp = self.stamp();
        let admitted = self.admit(path);
        if admitted.is_err() {
            self.hear_of_damaged(path, &stamp);
        }
        let trusted = admitted?;
        let open = &mut self.signed_in.open;
        let (device, site) = (open.device().to_owned(), open.site().to_owned());
        let identity = hear(open, trusted.id(), trusted.envelope(), &stamp)?;
        let brought = open.bring_back(&stamp, |bringing| {
            let mut own = OwnLog { bringing, device: &device, site: &site };
            trusted.open(&Key::Identity(&identity), &mut own).map(drop)
        })?;
        if brought.goes_on {
            self.signed_in.look_anew(self.now)?;
        }
        Ok(brought)
    }

    /// Remembers what the center signed of a reply that came damaged or cut off. Why it can't be read
    /// is told all the same.
    fn hear_of_damaged(&mut self, path: &Path, stamp: &Stamp) {
        let signed = || {
            let source = BufReader::new(files::open(path)?);
            Ok::<_, SiteError>(Sealed::envelope_alone(source, &self.admission()?)?)
        };
        let Ok(SignedEnvelope { envelope, id }) = signed() else { return };
        let _ = hear(&mut self.signed_in.open, id, &envelope, stamp);
    }
}

/// Remembers what the center signed in a reply's envelope, and gives what opens the reply. One that is for another device says
/// nothing of this one's log: nothing of it is remembered.
fn hear(open: &mut Open, reply: EntryId, envelope: &Envelope, stamp: &Stamp) -> Result<Identity, SiteError> {
    let identity = opener(open, envelope);
    let other_keys = matches!(identity, Err(SiteError::KeysReplaced));
    if identity.is_ok() || other_keys {
        let device = open.device().to_owned();
        open.hear(&CenterWord { other_keys, ..word_of(reply, envelope, &device) }, stamp)?;
    }
    identity
}

/// What the center signed of the logs that it held when it made the reply.
fn word_of(reply: EntryId, envelope: &Envelope, device: &str) -> CenterWord {
    let held = |log: &str| envelope.has.iter().find(|held| *held.log == *log);
    let own = held(device).map(|held| LogEnd { seq: held.seq, head: held.head });
    CenterWord { reply, own, center: held(CENTER).map(|held| held.seq), other_keys: false }
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
