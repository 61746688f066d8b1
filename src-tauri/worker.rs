//! The one thread that owns the computer. Commands queue their act and await its answer; nothing else may touch the open
//! vault.
//!
//! It is a thread of its own, beside tokio's: acts are done in the order in which they were asked, none of them holds up
//! the runtime while it writes, and one that panics ends the thread, so that no later act builds on half of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use screens::Now;
use screens::contract::Event;
use screens::messages::{Progress, ProgressStep, Unsent};
use site::{Act, Home, OnProgress, Session, SiteComputer, SiteError};
use tauri::{AppHandle, Emitter, Runtime};
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::sync::oneshot;

use crate::answer::{Answer, from_site, refused};

type Job = Box<dyn FnOnce(&mut SiteComputer) + Send>;

/// The door to the computer's thread.
pub struct Worker {
    running: Mutex<Option<Running>>,
    tell: OnProgress,
    cancel: Arc<AtomicBool>,
    busy: AtomicBool,
    touched_ms: AtomicU64,
    starts: AtomicU64,
    lock_after: AtomicU64,
}

/// The computer's thread and the way to it, until the program closes. The queue has no bound: locking must never wait for
/// room in it.
struct Running {
    queue: UnboundedSender<Job>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Starts the thread with the computer of `home`.
    pub fn start<R: Runtime>(home: Home, app: AppHandle<R>) -> Self {
        let (queue, mut acts) = mpsc::unbounded_channel::<Job>();
        let cancel = Arc::new(AtomicBool::new(false));
        let pace = Mutex::new(Pace::default());
        let window = app.clone();
        let tell: OnProgress = Arc::new(move |step: &Progress| {
            let seconds_left = pace.lock().ok().and_then(|mut pace| pace.seconds_left(step, now().at_ms));
            // A window that no longer listens must not stop the work.
            let _ = app.emit(Progress::NAME, Progress { seconds_left, ..step.clone() });
        });
        let (own_tell, flag) = (Arc::clone(&tell), Arc::clone(&cancel));
        let thread = std::thread::spawn(move || {
            let mut computer = SiteComputer::new(home, own_tell, flag);
            while let Some(act) = acts.blocking_recv() {
                act(&mut computer);
                if let Some(changes) = computer.unsent_news() {
                    let _ = window.emit(Unsent::NAME, Unsent { changes });
                }
            }
            // Nobody is left to be told; the vault is locked all the same.
            let _ = computer.lock(now());
        });
        Self {
            running: Mutex::new(Some(Running { queue, thread })),
            tell,
            cancel,
            busy: AtomicBool::new(false),
            touched_ms: AtomicU64::new(now().at_ms),
            starts: AtomicU64::new(0),
            lock_after: AtomicU64::new(0),
        }
    }

    /// Does something with the computer and waits for the answer without blocking the window.
    pub async fn run<T, F>(&self, act: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut SiteComputer, Now) -> Result<T, SiteError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Box::new(move |computer| {
            // The asker may have gone with its window; the act is done all the same.
            let _ = reply.send(act(computer, now()));
        }))?;
        let done = answer.await.map_err(|_| refused("fault", "the act did not come to an end"))?;
        done.map_err(|error| from_site(&error))
    }

    /// Runs the act that a request asks for, as the person who is signed in.
    pub async fn answer<Q: Act>(&self, request: Q) -> Answer<Q::Answer> {
        self.run_signed_in(move |session| request.run(session)).await
    }

    /// Does something as the person who is signed in.
    pub async fn run_signed_in<T, F>(&self, act: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session<'_>) -> Result<T, SiteError> + Send + 'static,
    {
        self.touch();
        self.run(move |computer, now| act(&mut computer.session(now)?)).await
    }

    /// The same, for what the window asks by itself: it keeps nobody from being idle.
    pub async fn run_background<T, F>(&self, act: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session<'_>) -> Result<T, SiteError> + Send + 'static,
    {
        self.run(move |computer, now| act(&mut computer.session(now)?)).await
    }

    /// The same, for long work: an earlier wish to stop does not concern it, and it keeps the vault from locking.
    pub async fn run_long<T, F>(&self, act: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session<'_>) -> Result<T, SiteError> + Send + 'static,
    {
        self.begin();
        let done = self.run_signed_in(act).await;
        self.end();
        done
    }

    /// Long work beside the computer, which people go on using meanwhile.
    pub async fn run_off_thread<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&OnProgress, &AtomicBool) -> Result<T, SiteError> + Send + 'static,
    {
        self.begin();
        let (tell, cancel) = (Arc::clone(&self.tell), Arc::clone(&self.cancel));
        let done = tauri::async_runtime::spawn_blocking(move || work(&tell, &cancel)).await;
        self.end();
        done.map_err(|_| refused("fault", "the work did not come to an end"))?.map_err(|error| from_site(&error))
    }

    fn begin(&self) {
        self.cancel.store(false, Ordering::Relaxed);
        self.busy.store(true, Ordering::Relaxed);
    }

    fn end(&self) {
        self.touch();
        self.busy.store(false, Ordering::Relaxed);
    }

    /// Notes that a person is there.
    pub fn touch(&self) {
        self.touched_ms.store(now().at_ms, Ordering::Relaxed);
    }

    /// Milliseconds since a person was last noticed.
    pub fn idle_ms(&self) -> u64 {
        if self.busy.load(Ordering::Relaxed) {
            return 0;
        }
        now().at_ms.saturating_sub(self.touched_ms.load(Ordering::Relaxed))
    }

    /// Idle seconds after which the vault locks; none while it is locked.
    pub fn lock_after_seconds(&self) -> Option<u64> {
        Some(self.lock_after.load(Ordering::Relaxed)).filter(|seconds| *seconds > 0)
    }

    /// Notes that the vault is open and locks after that many idle minutes, or that it is locked.
    pub fn set_open(&self, lock_after_minutes: Option<u32>) {
        self.touch();
        self.lock_after
            .store(lock_after_minutes.map_or(0, |minutes| u64::from(minutes.max(1)) * 60), Ordering::Relaxed);
    }

    /// Notes that the window asked for the first screen.
    pub fn count_start(&self) {
        self.starts.fetch_add(1, Ordering::Relaxed);
    }

    /// How often the window asked for the first screen.
    pub fn starts(&self) -> u64 {
        self.starts.load(Ordering::Relaxed)
    }

    /// Asks the long work under way to stop at its next step.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    fn send(&self, act: Job) -> Answer<()> {
        let running = self.running.lock().map_err(|_| refused("fault", "the computer's queue is broken"))?;
        let sent = running.as_ref().is_some_and(|running| running.queue.send(act).is_ok());
        if sent { Ok(()) } else { Err(refused("closing", "Outpost is closing")) }
    }

    /// Lets the queue run empty, locks the vault and ends the thread.
    pub fn close(&self) {
        let running = self.running.lock().ok().and_then(|mut running| running.take());
        if let Some(Running { queue, thread }) = running {
            drop(queue);
            // A thread that panicked has nothing left to close.
            let _ = thread.join();
        }
    }
}

/// How fast a step of long work goes: the room has no clock, so the shell estimates.
#[derive(Default)]
struct Pace {
    step: Option<ProgressStep>,
    began_ms: u64,
    began_at: u64,
    last: u64,
}

impl Pace {
    /// Seconds until the step is done, once a second of it has shown how fast it goes.
    fn seconds_left(&mut self, progress: &Progress, now_ms: u64) -> Option<u32> {
        if self.step != Some(progress.step) || progress.done < self.last {
            *self = Self { step: Some(progress.step), began_ms: now_ms, began_at: progress.done, last: 0 };
        }
        self.last = progress.done;
        let (elapsed, done) = (now_ms.saturating_sub(self.began_ms), progress.done - self.began_at);
        let left = progress.total.saturating_sub(progress.done);
        if elapsed < 1_000 || done == 0 {
            return None;
        }
        u32::try_from((elapsed.saturating_mul(left) / done).div_ceil(1_000)).ok()
    }
}

/// The wall clock with the offset now in force.
pub fn now() -> Now {
    let clock::Now { at_ms, offset_minutes } = clock::now();
    Now { at_ms: u64::try_from(at_ms).unwrap_or(0), offset_minutes }
}

#[cfg(test)]
mod tests {
    use super::{Pace, Progress, ProgressStep};

    #[test]
    fn the_time_left_follows_from_the_pace() {
        let mut pace = Pace::default();
        let mut at = |done, now_ms| {
            let step = ProgressStep::Collect;
            pace.seconds_left(&Progress { step, done, total: 1_000, seconds_left: None }, now_ms)
        };
        assert_eq!(at(0, 10_000), None);
        assert_eq!(at(50, 10_500), None);
        assert_eq!(at(200, 12_000), Some(8));
        assert_eq!(at(1_000, 20_000), Some(0));
        assert_eq!(at(10, 50_000), None, "the next work begins anew");
    }
}
