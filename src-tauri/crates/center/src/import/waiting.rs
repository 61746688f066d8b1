//! Bundles of keys that nobody has approved: each is kept aside, unopened, until people have compared words.
//!
//! Anybody can make a key and a file. So how much may wait is bounded, for each key and for all that show equally much together: whoever
//! shows the kit's code waits in a place of its own, and strangers are in the way of none but strangers.

use super::error::ImportError;
use super::evidence::Raw;
use super::one::{Import, Imported};
use super::outcome::{ImportedBundle, Outcome};
use crate::proof::shown_kit;
use crate::store::{BundleRow, BundleState, Device, DeviceState, StoreError, Tx};
use crate::{AlarmKind, Center};
use bundle::BundleError;
use casebook::is_of_site;
use std::fs;

/// Bundles that are kept of one key that waits for approval.
const MOST_WAITING: usize = 64;
/// How many bytes of them are enough to keep no more. One bundle may be half as long.
const MOST_BYTES: u64 = 1 << 30;
/// Keys that may wait for approval at one site, of those that show the same kit or none.
const MOST_STRANGERS: usize = 256;
/// Keys that may wait for approval beside the approved one of a device, of those that show its kit or do not.
const MOST_NEW_KEYS: usize = 16;
/// How many bytes of the bundles of such keys together are enough to keep no more.
const MOST_BYTES_TOGETHER: u64 = 4 << 30;

impl Import<'_> {
    /// A key that nobody has approved: its bundle is kept aside, unopened. Each key waits by itself: whoever names a log first keeps
    /// nobody else from it, and nobody the device that is `known` under that name.
    pub(super) fn wait(&self, tx: &mut dyn Tx, known: Option<&Device>, raw: &mut Raw) -> Result<Imported, ImportError> {
        let sender = &self.envelope.sender;
        if tx.site(&sender.site)?.is_none() || !is_of_site(&sender.log, &sender.site) {
            return Err(BundleError::OtherSite.into());
        }
        let devices = tx.devices()?;
        let own = devices.iter().find(|other| other.log == sender.log && other.key == sender.key);
        match own.map(|own| own.state) {
            Some(DeviceState::Rejected) => return Err(BundleError::RevokedSender(sender.log.clone()).into()),
            Some(DeviceState::Replaced) => return Err(BundleError::ReplacedSender(sender.log.clone()).into()),
            _ => {}
        }
        let kit = self.kit_of(tx, known, own)?;
        self.has_room(tx, &devices, kit)?;
        let mut alarms = self.keep(tx, raw)?;
        if known.is_some() && own.is_none() {
            alarms.push(self.raise(tx, AlarmKind::NewKey, self.first())?);
        }
        tx.put_device(&Device {
            log: sender.log.clone(),
            site: sender.site.clone(),
            key: sender.key,
            age: sender.age.clone(),
            state: DeviceState::Waiting,
            first_seen: own.map_or(self.stamp.at, |own| own.first_seen),
            last_seen: own.map_or(self.stamp.at, |own| own.last_seen.max(self.stamp.at)),
            kit,
        })?;
        tx.put_bundle(&self.row(BundleState::Waiting, 0))?;
        tx.put_signer(self.id, sender.key)?;
        let outcome = Outcome::Waiting { device: sender.log.clone(), words: sender.key.words() };
        let bundle = ImportedBundle { alarms, ..ImportedBundle::new(self.name, self.id, &sender.log, outcome) };
        Ok(Imported { bundle, receipt: None })
    }

    /// The kit that the sender shows; of a known device that by which it came, and no other: where that is not known, none, for any kit
    /// of the site may be anybody's there. What was shown once stays shown: of an export in parts only the first part shows it. It gives a
    /// place, and approves nothing: who has an old copy of the vault has the kit's code, too.
    fn kit_of(&self, tx: &dyn Tx, known: Option<&Device>, own: Option<&Device>) -> Result<Option<u64>, StoreError> {
        let shown = shown_kit(tx, &self.envelope)?.or(own.and_then(|own| own.kit));
        Ok(shown.filter(|shown| known.is_none_or(|known| known.kit == Some(*shown))))
    }

    /// Notes the kit by which a device came that was approved before it showed one: of an export in parts the first part may come last.
    /// One that served another device shows nothing.
    pub(super) fn note_kit(&self, tx: &mut dyn Tx, device: &Device) -> Result<(), StoreError> {
        if device.kit.is_some() {
            return Ok(());
        }
        let Some(kit) = shown_kit(tx, &self.envelope)? else { return Ok(()) };
        let has_served = tx.devices()?.iter().any(|other| other.kit == Some(kit) && other.state.is_known());
        if has_served { Ok(()) } else { tx.put_device(&Device { kit: Some(kit), ..device.clone() }) }
    }

    /// Whether one more bundle of the sender's key may wait.
    fn has_room(&self, tx: &dyn Tx, devices: &[Device], kit: Option<u64>) -> Result<(), ImportError> {
        let sender = &self.envelope.sender;
        let mut own = tx.waiting_bundles(&sender.log, sender.key)?;
        let is_kept = own.iter().any(|row| row.id == self.id);
        own.retain(|row| row.id != self.id);
        let (beside, most) = self.beside(devices, kit);
        let is_new = beside.iter().all(|other| other.log != sender.log || other.key != sender.key);
        if own.len() >= MOST_WAITING || is_new && beside.len() >= most {
            return Err(BundleError::TooLarge("number of bundles that wait for approval").into());
        }
        let mut together = 0;
        for other in beside {
            together += self.center.bytes_of(&tx.waiting_bundles(&other.log, other.key)?);
        }
        // One that is kept already takes no more room.
        if !is_kept && (self.center.bytes_of(&own) >= MOST_BYTES || together >= MOST_BYTES_TOGETHER) {
            return Err(BundleError::TooLarge("bundles that wait for approval, together").into());
        }
        Ok(())
    }

    /// The keys that wait and show as much as the sender does, and how many of them there may be: of a known device those that ask
    /// for it, else those of its site that ask for no known device.
    fn beside<'d>(&self, devices: &'d [Device], kit: Option<u64>) -> (Vec<&'d Device>, usize) {
        let sender = &self.envelope.sender;
        let is_known = |log: &str| devices.iter().any(|device| device.log == log && device.state.is_known());
        let mut waiting: Vec<&Device> = devices.iter().filter(|other| other.state == DeviceState::Waiting).collect();
        if is_known(&sender.log) {
            waiting.retain(|other| other.log == sender.log && other.kit.is_some() == kit.is_some());
            return (waiting, MOST_NEW_KEYS);
        }
        waiting.retain(|other| other.site == sender.site && other.kit == kit && !is_known(&other.log));
        (waiting, MOST_STRANGERS)
    }
}

impl Center {
    /// How many bytes the files of bundles have that are kept.
    fn bytes_of(&self, rows: &[BundleRow]) -> u64 {
        rows.iter().map(|row| fs::metadata(self.bundle_file(row.id)).map_or(0, |file| file.len())).sum()
    }
}
