//! One fault: a computer as it was, the workflow while a call fails, and what is there afterwards.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use screens::messages::Role;
use seal::Cost;
use site::{NewAccount, SiteComputer};
use vault::{Backup, Opener, OpensBy, Stop};

use crate::driver::{self, Fault};
use crate::stage::{PASSWORD, Stage, find, home, vs};

/// What another device said of a subject's diastolic pressure.
pub const OF_ANOTHER: &str = "77";

/// What a person was told is so.
#[derive(Clone, Debug)]
pub enum Told {
    /// A value is saved.
    Saved(&'static str, String),
    /// Somebody signs in with this password, into this vault.
    SignsIn(&'static str, &'static str, &'static str),
    /// Somebody signs in with one of two passwords: it was not told whether the new one is in force.
    SignsInByOne(&'static str, [&'static str; 2]),
    /// An account of the vault is closed.
    Closed(&'static str),
    /// An account could not be made: its id is free, or it is there.
    NotAdded(&'static str),
    /// The center has a value.
    AtCenter(&'static str),
    /// A bundle was written.
    Bundle(PathBuf),
    /// A backup was made.
    Backup(PathBuf),
    /// These replies, in this order, bring what another device said of this subject.
    Comes(Vec<PathBuf>, &'static str),
    /// A vault was put back on a computer of these folders.
    Restored(PathBuf, String),
}

/// A workflow while it runs: the computer, and what was told of it.
pub struct Play {
    pub stage: Stage,
    pub subject: String,
    /// Who can sign in whatever happens.
    pub user: &'static str,
    /// With which password.
    pub password: &'static str,
    pub told: Vec<Told>,
    /// In which vault the work is done.
    pub vault: &'static str,
    /// A recovery code that the center read out, where the workflow uses one.
    pub code: String,
    /// The center's replies, where the workflow takes them in.
    pub replies: Vec<PathBuf>,
}

impl Play {
    /// Types a value, if somebody is signed in; what was acknowledged must last.
    pub fn try_save(&mut self, item: &'static str, typed: &str) {
        let now = self.stage.now.later(1_000);
        self.stage.now = now;
        let Ok(mut session) = self.stage.computer.session(now) else { return };
        if session.save_item(&self.subject, &vs(item), typed, None).is_ok() {
            self.told.retain(|told| !matches!(told, Told::Saved(known, _) if *known == item));
            self.told.push(Told::Saved(item, typed.to_owned()));
        }
    }
}

impl driver::Stage for Play {
    fn new() -> Self {
        let mut stage = Stage::new();
        let subject = stage.subject();
        stage.vital_signs(&subject);
        let told = vec![Told::Saved("SYSBP", "120".to_owned()), Told::Saved("DIABP", "80".to_owned())];
        let (vault, code, replies) = ("vault", String::new(), Vec::new());
        Self { stage, subject, user: "nurse1", password: PASSWORD, told, vault, code, replies }
    }

    fn judge(mut self, fault: Fault) -> Result<(), String> {
        // The disk is well again: whoever goes on in the same session is promised as much as before.
        self.try_save("SYSBP", "131");
        if fault.call.is_multiple_of(2) {
            let _ = self.stage.computer.lock(self.stage.now);
        }
        let Self { stage, subject, user, password, told, vault, .. } = self;
        let Stage { folder, computer, now, .. } = stage;
        // As when the power goes, where nobody has locked.
        drop(computer);
        let mut after = After { folder: folder.path(), subject, now: now.later(1_000_000) };
        let at = format!("as {user}");
        after.check(vault, user, password, &told).map_err(|lost| format!("{at}: {lost}"))?;
        // And once more: what the first unlock mended must not have cost anything.
        after.check(vault, user, password, &told).map_err(|lost| format!("{at}, the second time: {lost}"))
    }
}

/// The computer when it is started again.
struct After<'f> {
    folder: &'f Path,
    subject: String,
    now: screens::Now,
}

impl After<'_> {
    fn computer(&mut self) -> SiteComputer {
        self.now = self.now.later(1_000_000);
        SiteComputer::new(home(self.folder), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)))
    }

    fn check(&mut self, vault: &str, user: &str, password: &str, told: &[Told]) -> Result<(), String> {
        let mut computer = self.computer();
        computer
            .unlock(vault, user, password, self.now)
            .map_err(|error| format!("the vault does not open: {error}"))?;
        let alarms = self.alarms(&mut computer)?;
        const LOST: [&str; 7] = [
            "entry_edited",
            "entries_missing",
            "rolled_back",
            "other_history",
            "records_stale",
            "texts_damaged",
            "damaged",
        ];
        if let Some(alarm) = alarms.iter().find(|alarm| LOST.contains(&alarm.as_str())) {
            return Err(format!("alarm {alarm}"));
        }
        for one in told {
            self.check_told(&mut computer, one)?;
        }
        // Work goes on.
        let saved = computer
            .session(self.now)
            .and_then(|mut session| session.save_item(&self.subject, &vs("HEIGHT"), "170", None).map(drop));
        saved.map_err(|error| format!("nothing can be saved any more: {error}"))?;
        computer.lock(self.now).map_err(|error| format!("it does not lock: {error}"))?;
        self.check_accounts(told)
    }

    fn check_told(&self, computer: &mut SiteComputer, told: &Told) -> Result<(), String> {
        let mut session = computer.session(self.now).map_err(|error| error.to_string())?;
        match told {
            Told::Saved(item, value) => {
                let cell = vs(item);
                let state = session.form_state(&self.subject, &cell.form).map_err(|error| error.to_string())?;
                let shown = find(&state, &cell).display.clone();
                if shown == *value {
                    Ok(())
                } else {
                    Err(format!("{item} was acknowledged as {value} and is {shown:?}"))
                }
            }
            Told::AtCenter(item) => {
                let cell = vs(item);
                let state = session.form_state(&self.subject, &cell.form).map_err(|error| error.to_string())?;
                if find(&state, &cell).at_center { Ok(()) } else { Err(format!("{item} is not confirmed any more")) }
            }
            Told::Bundle(path) => {
                let bytes = std::fs::read(path).map_err(|error| format!("an acknowledged bundle: {error}"))?;
                bundle::Sealed::inspect(std::io::Cursor::new(bytes)).map(drop).map_err(|refusal| refusal.to_string())
            }
            Told::Backup(path) => check_backup(path),
            Told::Comes(replies, subject) => {
                for reply in replies {
                    session.import_bundle(reply).map_err(|error| format!("a reply can't be taken in: {error}"))?;
                }
                let cell = vs("DIABP");
                let state = session.form_state(subject, &cell.form).map_err(|error| error.to_string())?;
                if find(&state, &cell).display == OF_ANOTHER {
                    Ok(())
                } else {
                    Err("what another device said did not come".to_owned())
                }
            }
            Told::Restored(folder, vault) => self.check_restored(folder, vault),
            Told::SignsIn(..) | Told::SignsInByOne(..) | Told::Closed(_) | Told::NotAdded(_) => Ok(()),
        }
    }

    fn check_restored(&self, folder: &Path, vault: &str) -> Result<(), String> {
        let mut computer = SiteComputer::new(home(folder), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
        let view =
            computer.unlock(vault, "nurse1", PASSWORD, self.now).map_err(|error| format!("restored: {error}"))?;
        if !view.awaits_center || !view.alarms.is_empty() {
            return Err(format!("restored: {view:?}"));
        }
        computer.lock(self.now).map_err(|error| error.to_string())
    }

    fn check_accounts(&mut self, told: &[Told]) -> Result<(), String> {
        for one in told {
            match one {
                Told::SignsIn(vault, user, password) => self.signs_in(vault, user, password)?,
                Told::SignsInByOne(user, either) => {
                    let mut tried = either.iter().map(|password| self.signs_in("vault", user, password));
                    tried.find(Result::is_ok).ok_or_else(|| format!("{user} signs in with neither password"))??;
                }
                Told::Closed(user) if self.signs_in("vault", user, PASSWORD).is_ok() => {
                    return Err(format!("{user} signs in after the account was closed"));
                }
                Told::NotAdded(user) if self.signs_in("vault", user, PASSWORD).is_err() => self.add(user)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn signs_in(&mut self, vault: &str, user: &str, password: &str) -> Result<(), String> {
        let mut computer = self.computer();
        let opened = computer.unlock(vault, user, password, self.now);
        opened.map_err(|error| format!("{user} can't sign in to {vault}: {error}"))?;
        computer.lock(self.now).map_err(|error| error.to_string())
    }

    fn add(&mut self, user: &str) -> Result<(), String> {
        let mut computer = self.computer();
        computer.unlock("vault", "admin1", PASSWORD, self.now).map_err(|error| error.to_string())?;
        let account = NewAccount::new(user, "Nurse (sample)", PASSWORD.to_owned());
        let added =
            computer.session(self.now).and_then(|mut session| session.add(&account, Role::Nurse, Cost::floor()));
        added.map_err(|error| format!("{user} can neither sign in nor be added: {error}"))?;
        computer.lock(self.now).map_err(|error| error.to_string())
    }

    /// What unlocking and the verification noticed, by code.
    fn alarms(&self, computer: &mut SiteComputer) -> Result<Vec<String>, String> {
        let begun = Instant::now();
        loop {
            let view = computer.session(self.now).and_then(|mut session| session.integrity());
            let view = view.map_err(|error| error.to_string())?;
            if view.done {
                return Ok(view.alarms.into_iter().map(|alarm| alarm.code).collect());
            }
            if begun.elapsed() > Duration::from_secs(60) {
                return Err("the verification does not end".to_owned());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn check_backup(folder: &Path) -> Result<(), String> {
    let (stamp, functions) = (casebook::Stamp::new(0, 480, "nurse1"), clinical::functions());
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let asked_in = scratch.path().join("asked");
    let by = Opener {
        user: "nurse1",
        by: OpensBy::Password(PASSWORD),
        takes_unbound: false,
        center_key: "center.key",
        stamp: &stamp,
        functions: &functions,
        asked_in: &asked_in,
    };
    let never: Stop = Arc::new(|| false);
    let drilled = Backup::find(folder).and_then(|backup| backup.drill(scratch.path(), &by, &never, |_| {}));
    match drilled {
        Ok(content) if content.alarms.is_empty() => Ok(()),
        Ok(content) => Err(format!("the backup: {:?}", content.alarms)),
        Err(error) => Err(format!("the backup: {error}")),
    }
}
