//! Replies: receipts, the center's own entries, and the entries of a site's other devices.

use crate::amend::is_for;
use crate::store::{BundleState, Device, DeviceState, StoreError};
use crate::{Center, CenterError, Stamp};
use bundle::{HeldLog, Kind, Kit, Packed, Packer, Recipients};
use casebook::{Act, CENTER, EntryId, Line};

impl Center {
    /// Makes the bundles of a reply to all approved devices of a site; usually one.
    ///
    /// Each reply holds everything that a device did not say it has: it can be lost or read twice without harm. A study
    /// version travels with the entry that publishes it.
    ///
    /// # Errors
    /// When the site is unknown or has no approved device.
    pub fn reply(&self, stamp: &Stamp, site: &str) -> Result<Vec<Packed>, CenterError> {
        self.site(site)?;
        let devices: Vec<Device> = self.store.devices()?.into_iter().filter(|device| device.site == site).collect();
        let approved: Vec<&Device> = devices.iter().filter(|device| device.state == DeviceState::Approved).collect();
        if approved.is_empty() {
            return Err(CenterError::NoDevice(site.to_owned()));
        }
        let to = approved.iter().map(|device| (device.log.clone(), device.age.clone())).collect();
        let mut terms = self.terms(stamp, Kind::Reply, Recipients::Keys(to));
        for log in std::iter::once(CENTER).chain(devices.iter().map(|device| device.log.as_str())) {
            let state = self.store.log_state(log)?;
            if state.seq > 0 {
                terms.has.push(HeldLog { log: log.to_owned(), seq: state.seq, head: state.head });
            }
        }
        let mut packer = Packer::begin(terms, &self.keys.signing)?;
        let mut ready = Vec::new();
        for log in std::iter::once(CENTER).chain(devices.iter().map(|device| device.log.as_str())) {
            if let Some(from) = self.first_lacking(log, &approved)? {
                self.pack_log(site, log, from, &mut packer, &mut ready)?;
            }
        }
        for device in &approved {
            self.pack_receipt(&device.log, &mut packer)?;
        }
        ready.extend(packer.finish()?);
        Ok(ready)
    }

    /// The first entry of a log that one of the devices may lack, going by what each said last; none where each has all.
    fn first_lacking(&self, log: &str, devices: &[&Device]) -> Result<Option<u64>, CenterError> {
        let mut first = None;
        // A device knows its own entries.
        for device in devices.iter().filter(|device| device.log != log) {
            let heard = self.store.heard(&device.log, log)?;
            // What a device holds and the center does not is another branch: it gets the whole of ours.
            let from = match heard {
                Some((seq, head)) if self.store.id_at(log, seq)? == Some(head) => seq + 1,
                _ => 1,
            };
            first = Some(first.map_or(from, |before: u64| before.min(from)));
        }
        Ok(first)
    }

    /// Packs the undisputed entries of a log with their texts.
    fn pack_log(
        &self,
        site: &str,
        log: &str,
        from: u64,
        packer: &mut Packer,
        ready: &mut Vec<Packed>,
    ) -> Result<(), CenterError> {
        let end = self.store.log_state(log)?.forked_at.unwrap_or(u64::MAX);
        let mut failed = None;
        self.store.lines(log, from, &mut |log, seq, id, bytes| {
            if seq < end && failed.is_none() {
                failed = self.pack_line(site, (log, seq, id), bytes, packer).err();
                ready.extend(packer.take_ready());
            }
            Ok(())
        })?;
        failed.map_or(Ok(()), Err)
    }

    fn pack_line(
        &self,
        site: &str,
        (log, seq, id): (&str, u64, EntryId),
        bytes: &[u8],
        packer: &mut Packer,
    ) -> Result<(), CenterError> {
        packer.entry(log, seq, id, bytes)?;
        let line = Line::reread(bytes.to_vec(), id).map_err(|_| StoreError::Damaged("an entry"))?;
        for commit in line.entry().act.texts() {
            if let Some(text) = self.store.text(commit)? {
                packer.text(&text);
            }
        }
        if let Act::StudyPublished(act) = &line.entry().act
            && is_for(act, site)
        {
            let digest = act.file.parse().map_err(|_| StoreError::Damaged("the center's log"))?;
            packer.blob(Kit::STUDY_NAME, &self.study_file(digest)?)?;
        }
        if matches!(line.entry().act, Act::AllocationPublished(_)) {
            self.pack_slots(packer)?;
        }
        Ok(())
    }

    /// Packs the receipt that confirms most of a log.
    fn pack_receipt(&self, log: &str, packer: &mut Packer) -> Result<(), CenterError> {
        let accepted = self.store.bundles(log, BundleState::Accepted)?;
        let best =
            accepted.into_iter().filter(|row| row.receipt.is_some()).max_by_key(|row| (row.last, row.received, row.id));
        if let Some(receipt) = best.and_then(|row| row.receipt) {
            let [name, signature] = receipt.blob_names();
            packer.blob(&name, &receipt.bytes)?;
            packer.blob(&signature, receipt.signature.as_bytes())?;
        }
        Ok(())
    }
}
