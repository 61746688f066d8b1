//! How the center stands: sites, devices, gaps, alarms.

use crate::codes::{CodeUsed, RecoveryStatus, SaidOfCodes, UnreadEntryError, status_of};
use crate::fold::each_behind;
use crate::omission::{all_kept_aside, is_spoken_of};
use crate::proof::{KitProof, kit_proof};
use crate::randomisation::{AllocationStatus, PublishedSlots, allocation_status, released};
use crate::settle::{SettledStatus, settled_status};
use crate::store::{Alarm, BundleState, Device, StoreError, Tx};
use crate::versions::Published;
use crate::{AlarmKind, Center, CenterError, Omission};
use casebook::{CENTER, EntryId, Instant, RowKind, Summary, is_of_site};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// How the center stands.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Study OID.
    pub study: String,
    /// The study's name.
    pub title: String,
    /// Metadata version in force.
    pub version: String,
    /// Whether this is practice.
    pub practice: bool,
    /// The center's key.
    pub key: String,
    /// Its fingerprint as words.
    pub words: String,
    /// Entries of the center's own log.
    pub own_entries: u64,
    /// Registered subjects of all sites.
    pub subjects: u64,
    /// Every site, by its identifier.
    pub sites: Vec<SiteStatus>,
    /// How allocation stands, where the center deals slots.
    pub allocation: Option<AllocationStatus>,
    /// What people must be told.
    pub alarms: Vec<AlarmStatus>,
    /// The latest files that were not imported.
    pub refused: Vec<RefusedStatus>,
    /// What exports, replies and these counts leave out.
    pub omitted: Vec<Omission>,
}

/// How a site stands.
#[derive(Clone, Debug, Serialize)]
pub struct SiteStatus {
    /// The site's identifier.
    pub site: String,
    /// The site's name.
    pub name: String,
    /// Subjects registered there.
    pub subjects: u64,
    /// Its devices.
    pub devices: Vec<DeviceStatus>,
}

/// How a device stands.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceStatus {
    /// The device's identifier, that of its log.
    pub device: String,
    /// `waiting`, `approved`, `revoked`, `rejected` or `replaced`. A device that has other keys since is here once for each.
    pub state: &'static str,
    /// Fingerprint of its key as words.
    pub words: String,
    /// Last entry held without a gap.
    pub held: u64,
    /// When it was last heard of.
    pub last_contact: Instant,
    /// The entry that is expected, where later ones have come already.
    pub gap: Option<u64>,
    /// Bundles that wait for approval; of an approved key those that the next run takes in.
    pub waiting: u64,
    /// First place that has two entries, where nobody has settled that.
    pub forked_at: Option<u64>,
    /// Entries kept aside until somebody settles the fork.
    pub quarantined: u64,
    /// How its log was settled last, where it had two branches before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<SettledStatus>,
    /// Its recovery codes, where any have come.
    pub recovery: Option<RecoveryStatus>,
    /// Every use of a code that opened its vault, of any set and in whichever branch, each with the account that got a password by it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes_used: Vec<CodeUsed>,
    /// Whether it came by a kit of its site.
    pub kit: KitProof,
}

/// An alarm.
#[derive(Clone, Debug, Serialize)]
pub struct AlarmStatus {
    /// When it was noticed.
    pub at: Instant,
    /// The kind of alarm, by its code.
    pub kind: &'static str,
    /// What, in words.
    pub words: String,
    /// Of which log.
    pub log: String,
    /// At which place; the first of several.
    pub seq: u64,
    /// The last of several places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<u64>,
}

/// A file that was not imported.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedStatus {
    /// When it was refused.
    pub at: Instant,
    /// Its name.
    pub file: String,
    /// The reason, in words.
    pub words: String,
}

impl Center {
    /// Sites, devices, gaps, allocation and alarms, all as of one moment.
    ///
    /// # Errors
    /// When the database fails.
    pub fn status(&self) -> Result<Status, CenterError> {
        let slots = self.store.read(|tx| self.published_slots(tx))?;
        let omitted = self.fold_all()?;
        self.store.read(|tx| self.status_in(tx, slots.as_ref(), omitted))
    }

    /// `omitted` are the subjects that could not be folded.
    fn status_in(
        &self,
        tx: &dyn Tx,
        slots: Option<&PublishedSlots>,
        mut omitted: Vec<Omission>,
    ) -> Result<Status, CenterError> {
        let published = self.published_versions(tx)?;
        let subjects = registered(tx, &published, &mut omitted)?;
        omitted.extend(all_kept_aside(tx)?);
        let devices = tx.devices()?;
        let mut sites = Vec::new();
        for site in tx.sites()? {
            let of_site = |subject: &&String| is_of_site(subject.as_str(), &site.id);
            let own = devices.iter().filter(|device| device.site == site.id);
            sites.push(SiteStatus {
                subjects: subjects.iter().filter(of_site).count() as u64,
                devices: own.map(|device| device_status(tx, device, &mut omitted)).collect::<Result<_, _>>()?,
                site: site.id,
                name: site.name,
            });
        }
        let key = self.public_key();
        let publications = &published.publications;
        Ok(Status {
            study: self.card.study.clone(),
            title: self.study.name.clone(),
            version: publications.last().map_or(&self.study.metadata_version, |last| &last.act.version).to_string(),
            practice: self.card.practice,
            key: key.to_string(),
            words: key.words(),
            own_entries: tx.log_state(CENTER)?.end.seq,
            subjects: subjects.len() as u64,
            sites,
            allocation: slots.map(|slots| allocation_status(tx, &published, &slots.list, &mut omitted)).transpose()?,
            alarms: alarm_status(tx)?,
            refused: refused_status(tx)?,
            omitted,
        })
    }
}

/// The keys of the subjects of whom a registration has come.
fn registered(
    tx: &dyn Tx,
    published: &Published,
    omitted: &mut Vec<Omission>,
) -> Result<BTreeSet<String>, CenterError> {
    let mut found = BTreeSet::new();
    let behind = each_behind(tx, published, omitted, &mut |subject, book| {
        if !book.registrations().is_empty() {
            found.insert(subject.to_owned());
        }
    })?;
    tx.rows_of_kind(RowKind::Summary, &mut |subject, _, bytes| {
        match Summary::from_row(bytes) {
            _ if behind.contains(subject) => {}
            Ok(summary) if summary.registrations.is_empty() => {}
            Ok(_) => drop(found.insert(subject.to_owned())),
            Err(_) => Omission::note_rows(subject, omitted),
        }
        Ok(())
    })?;
    let subjects = tx.subjects()?;
    let lacks = |subject: &&str| !found.contains(*subject) && !omitted.iter().any(|known| known.is_about(subject));
    let mut unregistered = Vec::new();
    for subject in subjects.iter().map(String::as_str).filter(lacks) {
        if is_spoken_of(tx, subject)? {
            unregistered.push(subject);
        }
    }
    omitted.extend(Omission::unregistered(unregistered.into_iter()));
    Ok(found)
}

fn device_status(tx: &dyn Tx, device: &Device, omitted: &mut Vec<Omission>) -> Result<DeviceStatus, StoreError> {
    let state = tx.log_state(&device.log)?;
    let parked = tx.bundles(&device.log, BundleState::Parked)?;
    let waiting = tx.waiting_bundles(&device.log, device.key)?;
    // What somebody says who only names the log is nobody's codes.
    let codes = device.state.is_known().then(|| SaidOfCodes::read(tx, &device.log)).transpose()?;
    for UnreadEntryError { log, seq } in codes.iter().flat_map(|codes| &codes.unread) {
        Omission::Entry { log: log.clone(), seq: *seq }.note(omitted);
    }
    let sealed = codes.as_ref().and_then(|codes| codes.state.recovery(&device.log));
    Ok(DeviceStatus {
        device: device.log.clone(),
        state: device.state.code(),
        words: device.key.words(),
        held: state.end.seq,
        last_contact: device.last_seen,
        gap: parked.first().map(|_| state.end.seq + 1),
        waiting: waiting.len() as u64,
        forked_at: state.forked_at,
        quarantined: tx.quarantined(&device.log)?,
        settled: settled(tx, &device.log, omitted)?,
        recovery: sealed.filter(|recovery| recovery.origin.is_some()).map(status_of),
        codes_used: codes.as_ref().map_or_else(Vec::new, SaidOfCodes::used),
        kit: kit_proof(tx, device)?,
    })
}

/// How a log was settled last; where the entry that says so was damaged since, that is named.
fn settled(tx: &dyn Tx, log: &str, omitted: &mut Vec<Omission>) -> Result<Option<SettledStatus>, StoreError> {
    match settled_status(tx, log) {
        Err(StoreError::Damaged(_)) => {
            let by = tx.settled(log)?.last().map_or(0, |last| last.by);
            Omission::Entry { log: CENTER.to_owned(), seq: by }.note(omitted);
            Ok(None)
        }
        settled => settled,
    }
}

fn alarm_status(tx: &dyn Tx) -> Result<Vec<AlarmStatus>, CenterError> {
    let alarms = tx.alarms()?;
    let is_of_slot = |alarm: &Alarm| alarm.kind == AlarmKind::LostSlot;
    let slots = if alarms.iter().any(is_of_slot) { slots_by_release(tx)? } else { BTreeMap::new() };
    let told = |alarm: Alarm| {
        let slot = slots.get(&alarm.bundle).filter(|_| is_of_slot(&alarm));
        let Alarm { at, kind, log, seq, last, .. } = alarm;
        let words = kind.over(seq, last);
        let words = match slot {
            Some(slot) => format!("{slot}: {words}"),
            None => words,
        };
        AlarmStatus { at, kind: kind.code(), words, log, seq, last }
    };
    Ok(alarms.into_iter().map(told).collect())
}

/// The subject and the slot of each release, by its entry in the center's log: which slot an alarm is about. What can't be read is left out.
fn slots_by_release(tx: &dyn Tx) -> Result<BTreeMap<EntryId, String>, CenterError> {
    let so_far = match released(tx) {
        Err(CenterError::Store(StoreError::Damaged(_))) => return Ok(BTreeMap::new()),
        so_far => so_far?,
    };
    let named = so_far.given.into_iter().map(|given| {
        let act = given.act;
        (given.id, format!("{}, slot {} of stratum {}", act.subject, act.slot, act.stratum))
    });
    Ok(named.collect())
}

fn refused_status(tx: &dyn Tx) -> Result<Vec<RefusedStatus>, StoreError> {
    let refused = tx.refused_files(20)?.into_iter();
    Ok(refused.map(|r| RefusedStatus { at: r.at, file: r.file, words: r.words }).collect())
}
