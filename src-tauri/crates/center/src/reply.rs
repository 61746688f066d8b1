//! Replies: receipts, the center's own entries, and the entries of a site's other devices.

use crate::omission::kept_aside;
use crate::site::site as site_of;
use crate::store::{BundleState, Device, DeviceState, StoreError, Tx};
use crate::versions::is_for;
use crate::{Center, CenterError, Omission, Stamp};
use allocation::SlotList;
use bundle::{Blob, HeldLog, Kind, Kit, PackOptions, Packed, Packer, Recipients, SignedReceipt};
use casebook::{Act, CENTER, EntryId, Line, LogEnd, TextRow};
use seal::sha256;
use std::cmp::Reverse;

/// A reply that was packed.
pub struct Replied {
    /// Its bundles, usually one.
    pub packed: Vec<Packed>,
    /// What is not in them.
    pub omitted: Vec<Omission>,
}

impl Center {
    /// Makes the bundles of a reply to all approved devices of a site; usually one.
    ///
    /// Each reply holds everything that a device did not say it has: it can be lost or read twice without harm. A study
    /// version travels with the entry that publishes it. What can't be given is named: another branch of a log, and a log from
    /// a damaged entry on.
    ///
    /// # Errors
    /// When the site is unknown or has no approved device; [`CenterError::FormerKey`] while another key of one of them waits.
    pub fn reply(&self, stamp: &Stamp, site: &str) -> Result<Replied, CenterError> {
        self.reply_as(stamp, &ReplyWish { site, whole: false, to_former_key: false })
    }

    /// The same with all that is held of the site, whatever its devices said that they have: a vault that was put back from a
    /// copy lacks what its device has sent since.
    ///
    /// # Errors
    /// As [`Self::reply`].
    pub fn reply_whole(&self, stamp: &Stamp, site: &str) -> Result<Replied, CenterError> {
        self.reply_as(stamp, &ReplyWish { site, whole: true, to_former_key: false })
    }

    /// The same as it is wished.
    ///
    /// # Errors
    /// As [`Self::reply`].
    pub fn reply_as(&self, stamp: &Stamp, wish: &ReplyWish<'_>) -> Result<Replied, CenterError> {
        self.give(|tx| self.pack_reply(tx, stamp, wish))
    }

    /// Packs what devices are given of each other's logs, and notes how much before anybody has it: what others work with can't be
    /// taken back when a fork is settled.
    pub(crate) fn give<T>(&self, pack: impl Fn(&dyn Tx) -> Result<Given<T>, CenterError>) -> Result<T, CenterError> {
        loop {
            let (given, news) = self.store.read(|tx| {
                let given = pack(tx)?;
                let mut news = Vec::new();
                for log in &given.logs {
                    if tx.given(&log.log)? < log.seq {
                        news.push(log.clone());
                    }
                }
                Ok::<_, CenterError>((given, news))
            })?;
            // A copy that can't be written settles nothing either.
            if news.is_empty() || self.store.is_read_only() || self.note_given(&news)? {
                return Ok(given.packed);
            }
        }
    }

    /// Notes it, unless one of the logs was settled otherwise meanwhile.
    fn note_given(&self, news: &[HeldLog]) -> Result<bool, CenterError> {
        self.store.transact(|tx| {
            for log in news {
                if tx.id_at(&log.log, log.seq)? != Some(log.head) {
                    return Ok(false);
                }
                tx.put_given(&log.log, log.seq)?;
            }
            Ok(true)
        })
    }

    fn pack_reply(&self, tx: &dyn Tx, stamp: &Stamp, wish: &ReplyWish<'_>) -> Result<Given<Replied>, CenterError> {
        let site = wish.site;
        site_of(tx, site)?;
        let devices = devices_of(tx, site)?;
        let approved: Vec<&Device> = devices.iter().filter(|device| device.state == DeviceState::Approved).collect();
        if approved.is_empty() {
            return Err(CenterError::NoDevice(site.to_owned()));
        }
        if !wish.to_former_key
            && let Some(device) = changing(tx, &approved)?
        {
            return Err(CenterError::FormerKey(device));
        }
        let to = approved.iter().map(|device| (device.log.clone(), device.age.clone())).collect();
        let mut terms = self.terms(stamp, Kind::Reply, Recipients::Keys(to));
        terms.has = held(tx, &devices)?;
        let mut given = others(&terms.has);
        let mut reply = Reply::begin(self, tx, site, &devices, terms)?;
        reply.omitted.extend(waiting_keys(tx, &approved)?);
        for log in logs(&devices) {
            let from = if wish.whole { Some(1) } else { first_lacking(tx, log, &approved)? };
            match from {
                Some(from) => reply.pack_log(log, from)?,
                None => given.retain(|known| known.log != log),
            }
        }
        // A log that its own device alone gets is given to nobody else.
        given.retain(|known| approved.iter().any(|device| device.log != known.log));
        for device in &approved {
            reply.pack_receipt(&device.log)?;
        }
        Ok(Given { packed: reply.finish()?, logs: given })
    }

    /// Packs the sealed slots with their signature, where there are any.
    pub(crate) fn pack_slots(&self, tx: &dyn Tx, packer: &mut Packer) -> Result<(), CenterError> {
        if let Some(published) = self.published_slots(tx)? {
            packer.blobs(&[
                Blob { name: SlotList::NAME, bytes: published.list.bytes() },
                Blob { name: SlotList::SIGNATURE_NAME, bytes: published.signature.as_bytes() },
            ])?;
        }
        Ok(())
    }

    /// What every bundle of the center says alike.
    pub(crate) fn terms(&self, stamp: &Stamp, kind: Kind, to: Recipients) -> PackOptions {
        PackOptions {
            kind,
            practice: self.card.practice,
            study: self.card.study.clone(),
            site: CENTER.to_owned(),
            log: CENTER.to_owned(),
            age: self.keys.age.recipient(),
            to,
            at: stamp.at,
            checkpoint: None,
            has: Vec::new(),
            split: bundle::limits::USUAL_SPLIT,
        }
    }
}

/// What was packed, and how far devices' logs are in it that others than those devices get.
pub(crate) struct Given<T> {
    pub(crate) packed: T,
    pub(crate) logs: Vec<HeldLog>,
}

/// Of what is held, the logs of devices.
pub(crate) fn others(held: &[HeldLog]) -> Vec<HeldLog> {
    held.iter().filter(|known| known.log != CENTER).cloned().collect()
}

/// What a reply is to hold, and who can open it.
#[derive(Clone, Copy, Debug)]
pub struct ReplyWish<'a> {
    /// The site.
    pub site: &'a str,
    /// Also what the devices said that they have.
    pub whole: bool,
    /// Also while another key of a device waits: the reply is for the one that is approved, which somebody who left may have.
    pub to_former_key: bool,
}

/// The first of approved devices for which another key waits that shows the device's kit: when somebody leaves, the device draws new
/// keys because that person may have kept the former ones, and with them opens what is still encrypted to these. A key that shows no
/// kit may be anybody's, and nobody is to keep a site from its replies by a file that names its device.
fn changing(tx: &dyn Tx, approved: &[&Device]) -> Result<Option<String>, StoreError> {
    let devices = tx.devices()?;
    let is_changing =
        |device: &&&Device| devices.iter().any(|other| other.asks_for(&device.log) && other.kit.is_some());
    Ok(approved.iter().find(is_changing).map(|device| device.log.clone()))
}

/// The approved devices for which any key waits, whatever it shows: a device that can't show its kit has new keys as well, and who has
/// its former one is named wherever that opens something.
fn waiting_keys(tx: &dyn Tx, approved: &[&Device]) -> Result<Vec<Omission>, StoreError> {
    let devices = tx.devices()?;
    let asked = approved.iter().filter(|device| devices.iter().any(|other| other.asks_for(&device.log)));
    Ok(asked.map(|device| Omission::OtherKey { device: device.log.clone() }).collect())
}

/// The devices of a site whose logs are held.
pub(crate) fn devices_of(tx: &dyn Tx, site: &str) -> Result<Vec<Device>, StoreError> {
    let of_site = |device: &Device| device.site == site && device.state.is_known();
    Ok(tx.devices()?.into_iter().filter(of_site).collect())
}

/// The logs that a site is given: the center's, and those of its devices.
fn logs(devices: &[Device]) -> impl Iterator<Item = &str> {
    std::iter::once(CENTER).chain(devices.iter().map(|device| device.log.as_str()))
}

/// How far those are held.
pub(crate) fn held(tx: &dyn Tx, devices: &[Device]) -> Result<Vec<HeldLog>, StoreError> {
    let mut held = Vec::new();
    for log in logs(devices) {
        let LogEnd { seq, head } = tx.log_state(log)?.end;
        if seq > 0 {
            held.push(HeldLog { log: log.to_owned(), seq, head });
        }
    }
    Ok(held)
}

/// The first entry of a log that one of the devices may lack, going by what each said last; none where each has all.
fn first_lacking(tx: &dyn Tx, log: &str, devices: &[&Device]) -> Result<Option<u64>, CenterError> {
    let mut first = None;
    for device in devices {
        let from = match tx.heard(&device.log, log)? {
            Some(LogEnd { seq, head }) if tx.id_at(log, seq)? == Some(head) => seq + 1,
            // A device knows its own entries, unless its vault was put back from a copy: then it holds fewer of them than it
            // has sent. Another branch of its own can't be mended by ours.
            _ if device.log == log => continue,
            // What a device holds and the center does not is another branch: it gets the whole of ours.
            _ => 1,
        };
        first = Some(first.map_or(from, |before: u64| before.min(from)));
    }
    Ok(first)
}

/// A reply that is being packed, or a kit that carries a site's data.
pub(crate) struct Reply<'a> {
    pub(crate) center: &'a Center,
    pub(crate) tx: &'a dyn Tx,
    site: &'a str,
    pub(crate) packer: Packer,
    ready: Vec<Packed>,
    omitted: Vec<Omission>,
}

impl<'a> Reply<'a> {
    pub(crate) fn begin(
        center: &'a Center,
        tx: &'a dyn Tx,
        site: &'a str,
        devices: &[Device],
        terms: PackOptions,
    ) -> Result<Self, CenterError> {
        let omitted = kept_aside(tx, logs(devices))?;
        let packer = Packer::begin(terms, &center.keys.signing)?;
        Ok(Self { center, tx, site, packer, ready: Vec::new(), omitted })
    }

    pub(crate) fn finish(mut self) -> Result<Replied, CenterError> {
        self.ready.extend(self.packer.finish()?);
        Ok(Replied { packed: self.ready, omitted: self.omitted })
    }

    /// Packs all that is held of the center's log and of the devices'.
    pub(crate) fn pack_all(&mut self, devices: &[Device]) -> Result<(), CenterError> {
        logs(devices).try_for_each(|log| self.pack_log(log, 1))
    }

    /// Packs the entries of a log with their texts, up to the first that is damaged: no device would take it, nor anything
    /// else that lies in the same bundle.
    fn pack_log(&mut self, log: &str, from: u64) -> Result<(), CenterError> {
        let tx = self.tx;
        let (mut failed, mut damaged) = (None, None);
        tx.lines(log, from, &mut |_, seq, id, bytes| {
            if failed.is_none() && damaged.is_none() {
                match whole(bytes, id) {
                    Some(line) => failed = self.pack_line(&line).err(),
                    None => damaged = Some(seq),
                }
                self.ready.extend(self.packer.take_ready());
            }
            Ok(())
        })?;
        self.omitted.extend(damaged.map(|seq| Omission::Damaged { log: log.to_owned(), seq }));
        failed.map_or(Ok(()), Err)
    }

    fn pack_line(&mut self, line: &Line) -> Result<(), CenterError> {
        let entry = line.entry();
        self.packer.entry(&entry.log, entry.seq, line.id(), line.bytes())?;
        // A log is a chain, so all of it travels; words about other sites do not, nor words of theirs that an entry only names.
        let commits = if entry.act.texts_are_for(&entry.log, self.site) { entry.act.texts() } else { Vec::new() };
        for commit in commits {
            if let Some(text) = self.tx.text(commit, self.site)?.filter(TextRow::fits_line) {
                self.packer.text(&text)?;
            }
        }
        if let Act::StudyPublished(act) = &entry.act
            && is_for(act, self.site)
        {
            let digest = act.file.parse().map_err(|_| StoreError::Damaged("the center's log"))?;
            self.packer.blob(Kit::STUDY_NAME, &self.center.study_file(digest)?)?;
        }
        if matches!(entry.act, Act::AllocationPublished(_)) {
            self.center.pack_slots(self.tx, &mut self.packer)?;
        }
        Ok(())
    }

    /// Packs the receipt that confirms most of a log.
    fn pack_receipt(&mut self, log: &str) -> Result<(), CenterError> {
        let mut accepted = self.tx.bundles(log, BundleState::Accepted)?;
        accepted.sort_unstable_by_key(|row| Reverse((row.last, row.received, row.id)));
        for receipt in accepted.into_iter().filter_map(|row| row.receipt) {
            // Of a branch that was put aside nothing is confirmed any more.
            if !self.holds(log, &receipt)? {
                continue;
            }
            let [name, signature] = receipt.blob_names();
            let receipt = [
                Blob { name: &name, bytes: &receipt.bytes },
                Blob { name: &signature, bytes: receipt.signature.as_bytes() },
            ];
            return Ok(self.packer.blobs(&receipt)?);
        }
        Ok(())
    }

    /// Whether what a receipt confirms is held.
    fn holds(&self, log: &str, receipt: &SignedReceipt) -> Result<bool, CenterError> {
        match receipt.verify(&self.center.public_key()) {
            Ok(said) => Ok(self.tx.id_at(log, said.seq)? == Some(said.head)),
            Err(_) => Ok(false),
        }
    }
}

/// A line as it was imported; none where it is damaged.
fn whole(bytes: &[u8], id: EntryId) -> Option<Line> {
    if sha256(bytes) == id.0 { Line::reread(bytes.to_vec(), id).ok() } else { None }
}
