//! One fault: a center as it was, the workflow while a call fails, and what is there afterwards.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use bundle::Packed;
use casebook::TextCommit;
use center::{Branch, Center, Choice, Outcome, Settled};
use study::Functions;

use crate::device::{Desk, Device, STUDY, stamp};
use crate::driver::{Fault, Stage};

/// The subject of the workflows.
const SUBJECT: &str = "S01-001";

/// What somebody was told is so.
#[derive(Clone, Debug)]
pub enum Told {
    /// A center was made in this folder.
    Made(PathBuf),
    /// No center was made in this folder, it was said: one is there all the same, or can be made.
    NotMade(PathBuf),
    /// A site is known.
    Site(&'static str),
    /// Bundles of the device are taken in.
    Approved,
    /// They are refused.
    Revoked,
    /// The center holds the device's log up to here.
    Holds(u64),
    /// A metadata version is published.
    Published(String),
    /// A table was written.
    Table(PathBuf),
    /// What was received is kept as it came.
    Evidence(PathBuf, Vec<u8>),
    /// This branch of the device's log goes on, and nothing is left out.
    Settled(Branch),
    /// The words of a text are gone, and stay so.
    Redacted(TextCommit),
}

impl Told {
    fn words(&self) -> String {
        match self {
            Self::Evidence(path, _) => format!("Evidence({path:?})"),
            other => format!("{other:?}"),
        }
    }
}

/// A workflow while it runs.
pub struct Play {
    pub desk: Desk,
    pub device: Device,
    pub told: Vec<Told>,
    /// A bundle that came before the workflow begins.
    pub sent: Option<Packed>,
    /// A copy of the device's vault, which went on by itself.
    pub copy: Option<Device>,
    /// Which branch somebody chose, whether that was done or not.
    pub keep: Option<Branch>,
}

impl Play {
    /// Sends what the device has written from one entry to another.
    pub fn send(&mut self, from: u64, till: u64) {
        let packed = self.device.part(from, till);
        self.hand_in(&packed);
        self.sent = Some(packed);
    }

    /// Hands a bundle in; what the center then says that it holds must last.
    pub fn hand_in(&mut self, packed: &Packed) {
        let Ok(imported) = self.desk.center.import(&stamp(100), "a.bundle", Cursor::new(packed.bytes.clone())) else {
            return;
        };
        let taken = |outcome: &Outcome| matches!(outcome, Outcome::Accepted { .. } | Outcome::AlreadyHeld);
        if taken(&imported[0].outcome) {
            self.told.extend(packed.envelope.logs.first().map(|run| Told::Holds(run.last)));
            self.told.push(Told::Evidence(self.kept(packed), packed.bytes.clone()));
        }
    }

    /// Settles the fork.
    pub fn settle(&self, keep: Branch) -> Result<Settled, center::CenterError> {
        let choice = Choice {
            device: &self.device.log,
            keep,
            reason: "a copy was in use (sample)",
            shown: None,
            without_parked: false,
            without_request: &[],
            without_vault: false,
        };
        self.desk.center.settle(&stamp(90), &choice)
    }

    /// Whoever was told that it could not be settled tries again. The vault of the branch that goes on is the one in use then.
    fn settle_at_last(&mut self) -> Result<(), String> {
        let (Some(keep), Some(copy)) = (self.keep, self.copy.take()) else { return Ok(()) };
        self.settle(keep).map_err(|error| format!("the fork can't be settled any more: {error}"))?;
        self.told.push(Told::Settled(keep));
        if keep == Branch::Later {
            self.device = copy;
        }
        Ok(())
    }

    /// Where the center keeps a bundle.
    pub fn kept(&self, packed: &Packed) -> PathBuf {
        self.desk.folder.path().join(format!("bundles/{}.bundle", packed.id))
    }
}

impl Stage for Play {
    fn new() -> Self {
        let desk = Desk::new();
        let device = Device::new(&desk, "S01-k7f2m3pq");
        Self { desk, device, told: vec![Told::Site("S01")], sent: None, copy: None, keep: None }
    }

    fn judge(mut self, _: Fault) -> Result<(), String> {
        self.settle_at_last()?;
        if !self.device.lines.is_empty() {
            // The disk is well again, and the same program goes on: what could not be taken in is handed in once more, as nothing else
            // makes a damaged bundle good.
            if let Some(sent) = self.sent.take() {
                self.hand_in(&sent);
            }
            let subject = self.device.register(7);
            self.device.set(&subject, "IT.VS.SYSBP", "131");
            self.send(1, u64::MAX);
        }
        let Self { desk: Desk { center, folder }, device, told, .. } = self;
        drop(center);
        let center =
            Center::open(folder.path(), &Functions::default()).map_err(|error| format!("it does not open: {error}"))?;
        sound(&center).map_err(|error| format!("it is not sound: {error}"))?;
        told.iter().try_for_each(|told| check(&center, &device, told))?;
        goes_on(&center, &device)?;
        told.iter().try_for_each(|told| check(&center, &device, told)).map_err(|lost| format!("later {lost}"))
    }
}

/// Checks a center. A receipt that could not be written when its bundle was taken in is written by the check, which says so once.
fn sound(center: &Center) -> Result<(), center::CenterError> {
    match center.check() {
        Err(center::CenterError::Evidence { what: "the receipts", .. }) => center.check(),
        checked => checked,
    }
}

/// How the center knows the device.
fn known(center: &Center, device: &Device) -> Result<Option<center::DeviceStatus>, String> {
    let status = center.status().map_err(|error| error.to_string())?;
    Ok(status.sites.into_iter().flat_map(|site| site.devices).find(|known| known.device == device.log))
}

fn check(center: &Center, device: &Device, told: &Told) -> Result<(), String> {
    let words = |error: center::CenterError| error.to_string();
    let status = center.status().map_err(words)?;
    let own = known(center, device)?;
    let good = match told {
        Told::Made(folder) => {
            let made = Center::open(folder, &Functions::default()).map_err(words)?;
            sound(&made).map_err(words)?;
            true
        }
        Told::NotMade(folder) => {
            // All of it or nothing: what failed last may have been to make the last name last.
            let whole = Center::open(folder, &Functions::default()).or_else(|_| make(folder));
            whole.map_err(|error| format!("a center can never be made there: {error}"))?.check().map_err(words)?;
            true
        }
        Told::Site(site) => status.sites.iter().any(|known| known.site == *site),
        Told::Approved => own.is_some_and(|known| known.state != "waiting"),
        Told::Revoked => own.is_some_and(|known| known.state == "revoked"),
        Told::Holds(seq) => own.is_some_and(|known| known.held >= *seq),
        Told::Settled(keep) => {
            let kept = own.and_then(|known| known.settled).map(|settled| settled.kept);
            kept == Some(*keep) && status.omitted.is_empty()
        }
        Told::Published(version) => status.version == *version,
        Told::Table(path) => std::fs::read(path).is_ok_and(|bytes| bytes.ends_with(b"\n")),
        Told::Redacted(text) => {
            let texts = center.texts(SUBJECT).map_err(words)?;
            texts.iter().all(|kept| kept.commit != *text || kept.words.is_none())
        }
        Told::Evidence(path, bytes) => std::fs::read(path).is_ok_and(|kept| kept == *bytes),
    };
    if good { Ok(()) } else { Err(format!("{} does not hold", told.words())) }
}

/// Makes a center.
///
/// # Errors
/// Those of the center.
pub fn make(folder: &Path) -> Result<Center, center::CenterError> {
    let founding = center::Founding {
        study_name: "study.xml",
        study: STUDY.as_bytes(),
        functions: &Functions::default(),
        practice: false,
    };
    Center::init(folder, &founding, &stamp(0))
}

/// Everything that the device has is taken in, and everybody gets an answer.
fn goes_on(center: &Center, device: &Device) -> Result<(), String> {
    // Whoever was told that revoking failed may find it done, and is then told so.
    let is_revoked = known(center, device)?.is_some_and(|known| known.state == "revoked");
    if device.lines.is_empty() || is_revoked {
        return Ok(());
    }
    let send = || center.import(&stamp(200), "all.bundle", Cursor::new(device.export(1).bytes));
    send().map_err(|error| format!("a bundle can't be taken in any more: {error}"))?;
    center.approve(&stamp(201), &device.log).map_err(|error| format!("it can't be approved: {error}"))?;
    center.import_waiting(&stamp(202), &device.log).map_err(|error| format!("what waits is stuck: {error}"))?;
    send().map_err(|error| error.to_string())?;
    check(center, device, &Told::Holds(device.lines.len() as u64))?;
    center.reply(&stamp(203), "S01").map_err(|error| format!("there is no reply any more: {error}"))?;
    let out = tempfile::tempdir().map_err(|error| error.to_string())?;
    center.export_csv(&stamp(204), out.path()).map_err(|error| format!("no export any more: {error}"))?;
    sound(center).map_err(|error| format!("it is not sound afterwards: {error}"))
}
