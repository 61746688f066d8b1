//! The verification in the background: on its own connection and thread, while people work.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use screens::Now;
use screens::messages::{Alarm, IntegrityView};
use vault::{Open, Progress, Report, VaultError};

/// A verification that runs or has run.
pub(crate) struct Watch {
    seen: Arc<Mutex<IntegrityView>>,
    /// What it found and the journal does not say yet.
    unsaid: Arc<Mutex<Vec<vault::Alarm>>>,
    cancel: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Starts verifying what stands on the disk.
    pub(crate) fn start(open: &Open) -> Self {
        let verifier = open.verifier();
        let noticed = open.alarms().iter().map(alarm).collect();
        Self::over(noticed, move |cancel, told| verifier.run(cancel, told))
    }

    /// Runs a verification on a thread of its own. One that cannot begin or breaks off is an alarm: nobody takes it for one
    /// that goes on, or that found nothing.
    fn over<V>(noticed: Vec<Alarm>, verify: V) -> Self
    where
        V: FnOnce(&Arc<AtomicBool>, &mut dyn FnMut(Progress)) -> Result<Report, VaultError> + Send + 'static,
    {
        let seen = Arc::new(Mutex::new(IntegrityView { alarms: noticed, ..IntegrityView::default() }));
        let cancel = Arc::new(AtomicBool::new(false));
        let unsaid = Arc::new(Mutex::new(Vec::new()));
        let (seen_there, flag, found) = (Arc::clone(&seen), Arc::clone(&cancel), Arc::clone(&unsaid));
        let thread = std::thread::Builder::new().name("verify".into()).spawn(move || {
            let mut told = |progress: Progress| {
                let mut view = locked(&seen_there);
                (view.verified, view.total) = (progress.done, progress.total);
            };
            let report = catch_unwind(AssertUnwindSafe(|| verify(&flag, &mut told)));
            let mut view = locked(&seen_there);
            match report {
                Ok(Ok(report)) => {
                    (view.verified, view.total, view.done) = (report.entries, report.entries, true);
                    view.alarms.extend(report.alarms.iter().map(alarm));
                    view.alarms.dedup();
                    *locked(&found) = report.alarms;
                }
                // Whoever cancelled wants no word about it.
                Ok(Err(VaultError::Cancelled)) => {}
                Ok(Err(_)) => end_with(&mut view, Alarm { code: "damaged".to_owned(), place: String::new() }),
                Err(_) => {
                    drop(view);
                    unverified(&seen_there, &found);
                }
            }
        });
        if thread.is_err() {
            unverified(&seen, &unsaid);
        }
        Self { seen, unsaid, cancel, thread: thread.ok() }
    }

    /// How far it is.
    pub(crate) fn view(&self, now: Now) -> IntegrityView {
        let mut view = locked(&self.seen);
        if view.done && view.finished_at.is_none() {
            view.finished_at = Some(now.local());
        }
        view.clone()
    }

    /// What it found and the journal does not say yet; given once.
    pub(crate) fn take_unsaid(&self) -> Vec<vault::Alarm> {
        std::mem::take(&mut *locked(&self.unsaid))
    }

    /// Keeps what the journal could not take in.
    pub(crate) fn keep_unsaid(&self, found: Vec<vault::Alarm>) {
        locked(&self.unsaid).extend(found);
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

/// What threads share; one that panicked leaves it as it was.
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn end_with(view: &mut IntegrityView, noticed: Alarm) {
    view.done = true;
    view.alarms.push(noticed);
}

/// Nobody knows whether the vault is whole: the verification broke off, or could not begin.
fn unverified(seen: &Mutex<IntegrityView>, unsaid: &Mutex<Vec<vault::Alarm>>) {
    end_with(&mut locked(seen), alarm(&vault::Alarm::Unverified));
    locked(unsaid).push(vault::Alarm::Unverified);
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now { at_ms: 1_795_421_700_000, offset_minutes: 480 };

    fn ended(watch: &mut Watch) -> IntegrityView {
        if let Some(thread) = watch.thread.take() {
            thread.join().expect("it does not end by panicking");
        }
        watch.view(NOW)
    }

    /// security.md, M9: a verification that panics is an alarm, not one that never ends.
    #[test]
    fn m9_a_verification_that_panics_ends_with_an_alarm() {
        let mut watch = Watch::over(Vec::new(), |_, told| {
            told(Progress { done: 3, total: 9 });
            panic!("a fault")
        });
        let view = ended(&mut watch);
        assert!(view.done && view.finished_at.is_some());
        assert_eq!(view.alarms, [Alarm { code: "unverified".to_owned(), place: String::new() }]);
        assert_eq!(watch.take_unsaid(), [vault::Alarm::Unverified]);
    }

    #[test]
    fn one_that_fails_has_an_alarm_and_one_that_is_cancelled_none() {
        let mut watch = Watch::over(Vec::new(), |_, _| Err(VaultError::Full));
        assert!(ended(&mut watch).done);
        assert_eq!(watch.view(NOW).alarms.len(), 1);
        let mut watch = Watch::over(Vec::new(), |_, _| Err(VaultError::Cancelled));
        let view = ended(&mut watch);
        assert!(!view.done && view.alarms.is_empty());
    }
}
