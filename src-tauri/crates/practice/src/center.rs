//! A practice center's computer at the telephone: answers request codes of the practice site that was founded beside it.
//!
//! What it releases is written down as the center's log will have it: `outpost-center init --practice --keys` takes over
//! ledger and releases, and goes on from there.

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::io::Write;

use allocation::{Ledger, ReleaseCode, RequestCode};
use casebook::act::AllocationReleased;
use study::Oid;

use crate::center_folder::CenterFolder;
use site::Noun;
use site::SiteError;

/// A practice center at the telephone.
pub struct CenterDesk {
    ledger: Ledger,
    site: String,
    device: String,
    file: std::path::PathBuf,
    released: RefCell<Vec<AllocationReleased>>,
}

impl CenterDesk {
    /// The computer of a folder that was made for this device.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub fn open(center: &CenterFolder, site: &str, device: &str) -> Result<Self, SiteError> {
        let damaged = |_| SiteError::NoSuch(Noun::Ledger);
        let ledger = Ledger::read(&std::fs::read(center.ledger())?).map_err(damaged)?;
        let released = RefCell::new(Vec::new());
        Ok(Self { ledger, site: site.to_owned(), device: device.to_owned(), file: center.releases(), released })
    }

    /// The release code for a request code of this device, dealt in the order of the stratum.
    pub fn answer(&self, code: &str) -> Option<String> {
        let request: RequestCode = code.parse().ok().filter(|code: &RequestCode| code.is_of(&self.device))?;
        let mut released = self.released.borrow_mut();
        let stratum = u32::from(request.stratum);
        let act = match released.iter().find(|act| act.code == request.to_string()) {
            Some(before) => before.clone(),
            None => AllocationReleased {
                device: Oid::from(self.device.as_str()),
                subject: Oid::from(format!("{}-{:03}", self.site, request.subject)),
                stratum,
                slot: u32::try_from(released.iter().filter(|act| act.stratum == stratum).count()).ok()? + 1,
                number: request.number.into(),
                code: request.to_string(),
                again: false,
                deviation: None,
            },
        };
        let key = self.ledger.entry(stratum, act.slot)?.key().ok()?;
        let answer = ReleaseCode::new(&request, act.slot, &key)?.spoken().to_string();
        if !released.contains(&act) {
            let line = serde_json::to_string(&act).ok()?;
            let mut file = OpenOptions::new().create(true).append(true).open(&self.file).ok()?;
            writeln!(file, "{line}").and_then(|()| file.sync_all()).ok()?;
            released.push(act);
        }
        Some(answer)
    }
}
