//! The verification in the background: on its own connection and thread, while people work.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use screens::Now;
use screens::messages::{Alarm, IntegrityView};
use vault::{Open, VaultError};

/// A verification that runs or has run.
pub(crate) struct Watch {
    seen: Arc<Mutex<IntegrityView>>,
    /// What it found and the journal does not say yet.
    unsaid: Arc<Mutex<Vec<vault::Alarm>>>,
    cancel: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts verifying what stands on the disk. Where no thread can be had for that, it is an alarm.
    pub(crate) fn start(open: &Open) -> Self {
        let noticed = open.alarms().iter().map(alarm).collect();
        let seen = Arc::new(Mutex::new(IntegrityView { alarms: noticed, ..IntegrityView::default() }));
        let cancel = Arc::new(AtomicBool::new(false));
        let unsaid = Arc::new(Mutex::new(Vec::new()));
        let verifier = open.verifier();
        let (view, flag, found) = (Arc::clone(&seen), Arc::clone(&cancel), Arc::clone(&unsaid));
        let begun = std::thread::Builder::new().name("verify".into()).spawn(move || {
            let report = verifier.run(&flag, |progress| {
                let mut view = view.lock().unwrap_or_else(PoisonError::into_inner);
                (view.verified, view.total) = (progress.done, progress.total);
            });
            let mut view = view.lock().unwrap_or_else(PoisonError::into_inner);
            match report {
                Ok(report) => {
                    (view.verified, view.total, view.done) = (report.entries, report.entries, true);
                    view.alarms.extend(report.alarms.iter().map(alarm));
                    view.alarms.dedup();
                    *found.lock().unwrap_or_else(PoisonError::into_inner) = report.alarms;
                }
                // Whoever cancelled wants no word about it.
                Err(VaultError::Cancelled) => {}
                Err(_) => {
                    view.done = true;
                    view.alarms.push(Alarm { code: "damaged".into(), place: String::new() });
                }
            }
        });
        if begun.is_err() {
            let mut view = seen.lock().unwrap_or_else(PoisonError::into_inner);
            view.done = true;
            view.alarms.push(alarm(&vault::Alarm::Unverified));
            unsaid.lock().unwrap_or_else(PoisonError::into_inner).push(vault::Alarm::Unverified);
        }
        Self { seen, unsaid, cancel, thread: begun.ok() }
    }

    /// How far it is.
    pub(crate) fn view(&self, now: Now) -> IntegrityView {
        let mut view = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if view.done && view.finished_at.is_none() {
            view.finished_at = Some(now.local());
        }
        view.clone()
    }

    /// What it found and the journal does not say yet; given once.
    pub(crate) fn take_unsaid(&self) -> Vec<vault::Alarm> {
        std::mem::take(&mut *self.unsaid.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps what the journal could not take in.
    pub(crate) fn keep_unsaid(&self, found: Vec<vault::Alarm>) {
        self.unsaid.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
    }

    /// Stops it and waits until it no longer reads the file.
    pub(crate) fn stop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A verification that panicked reads nothing any more, either.
            let _ = thread.join();
        }
    }
}

/// An alarm as it crosses to the window.
pub(crate) fn alarm(alarm: &vault::Alarm) -> Alarm {
    Alarm { code: alarm.code().to_owned(), place: alarm.place() }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop();
    }
}
