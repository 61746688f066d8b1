//! How the center stands: sites, devices, gaps, alarms.

use crate::randomisation::AllocationStatus;
use crate::store::{BundleState, Device, DeviceState};
use crate::{Center, CenterError};
use casebook::{CENTER, Instant};
use serde::Serialize;

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
    /// Subjects of all sites.
    pub subjects: u64,
    /// Sites.
    pub sites: Vec<SiteStatus>,
    /// How allocation stands, where the center deals slots.
    pub allocation: Option<AllocationStatus>,
    /// What people must be told.
    pub alarms: Vec<AlarmStatus>,
    /// The latest files that were not taken in.
    pub refused: Vec<RefusedStatus>,
}

/// How a site stands.
#[derive(Clone, Debug, Serialize)]
pub struct SiteStatus {
    /// Identifier.
    pub site: String,
    /// Name.
    pub name: String,
    /// Subjects registered there.
    pub subjects: u64,
    /// Its devices.
    pub devices: Vec<DeviceStatus>,
}

/// How a device stands.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceStatus {
    /// Identifier.
    pub device: String,
    /// `waiting`, `approved` or `revoked`.
    pub state: &'static str,
    /// Fingerprint of its key as words.
    pub words: String,
    /// Last entry held without a gap.
    pub held: u64,
    /// When it was last heard of.
    pub last_contact: Instant,
    /// The entry that is expected, where later ones have come already.
    pub gap: Option<u64>,
    /// Bundles that wait for approval.
    pub waiting: u64,
    /// First place that has two entries.
    pub forked_at: Option<u64>,
    /// Entries kept aside.
    pub quarantined: u64,
}

/// An alarm.
#[derive(Clone, Debug, Serialize)]
pub struct AlarmStatus {
    /// When it was noticed.
    pub at: Instant,
    /// What.
    pub kind: &'static str,
    /// What, in words.
    pub words: String,
    /// Of which log.
    pub log: String,
    /// At which place.
    pub seq: u64,
}

/// A file that was not taken in.
#[derive(Clone, Debug, Serialize)]
pub struct RefusedStatus {
    /// When.
    pub at: Instant,
    /// Its name.
    pub file: String,
    /// Why.
    pub words: String,
}

impl Center {
    /// How the center stands.
    ///
    /// # Errors
    /// When the database fails.
    pub fn status(&self) -> Result<Status, CenterError> {
        let subjects = self.store.subjects()?;
        let devices = self.store.devices()?;
        let mut sites = Vec::new();
        for site in self.store.sites()? {
            let of_site =
                |subject: &&String| subject.strip_prefix(site.id.as_str()).is_some_and(|rest| rest.starts_with('-'));
            let own = devices.iter().filter(|device| device.site == site.id);
            sites.push(SiteStatus {
                subjects: subjects.iter().filter(of_site).count() as u64,
                devices: own.map(|device| self.device_status(device)).collect::<Result<_, _>>()?,
                site: site.id,
                name: site.name,
            });
        }
        let key = self.public_key();
        Ok(Status {
            study: self.card.study.clone(),
            title: self.study.name.clone(),
            version: self.publications()?.pop().map_or(self.study.mdv.clone(), |last| last.act.version).to_string(),
            practice: self.card.practice,
            key: key.to_string(),
            words: key.words(),
            own_entries: self.store.log_state(CENTER)?.seq,
            subjects: subjects.len() as u64,
            sites,
            allocation: self.allocation_status()?,
            alarms: self.alarm_status()?,
            refused: self.refused_status()?,
        })
    }

    fn device_status(&self, device: &Device) -> Result<DeviceStatus, CenterError> {
        let state = self.store.log_state(&device.log)?;
        let parked = self.store.bundles(&device.log, BundleState::Parked)?;
        let waiting = self.store.bundles(&device.log, BundleState::Waiting)?;
        Ok(DeviceStatus {
            device: device.log.clone(),
            state: device.state.code(),
            words: device.key.words(),
            held: state.seq,
            last_contact: device.last_seen,
            gap: parked.first().map(|_| state.seq + 1),
            waiting: if device.state == DeviceState::Waiting { waiting.len() as u64 } else { 0 },
            forked_at: state.forked_at,
            quarantined: self.store.quarantined(&device.log)?,
        })
    }

    fn alarm_status(&self) -> Result<Vec<AlarmStatus>, CenterError> {
        let alarms = self.store.alarms()?.into_iter();
        Ok(alarms
            .map(|a| AlarmStatus { at: a.at, kind: a.kind.code(), words: a.kind.to_string(), log: a.log, seq: a.seq })
            .collect())
    }

    fn refused_status(&self) -> Result<Vec<RefusedStatus>, CenterError> {
        let refused = self.store.refusals(20)?.into_iter();
        Ok(refused.map(|r| RefusedStatus { at: r.at, file: r.file, words: r.words }).collect())
    }
}
