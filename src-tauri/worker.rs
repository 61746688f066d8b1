//! The one thread that owns the computer. Commands queue their act and await its answer; nothing else may touch the open
//! vault.
//!
//! It is a thread of its own, beside tokio's: acts are done in the order in which they were asked, and none of them holds
//! up the runtime while it writes. After one that panics the vault is closed, the window forgets what it showed, and the
//! thread goes on with a computer on which nobody has signed in, so that no later act builds on half of one.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use screens::Now;
use screens::contract::Event;
use screens::messages::{LockReason, Progress, Unsent};
use site::{Act, Home, OnProgress, Session, SiteComputer, SiteError};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::answer::{Answer, from_site, refused};
use crate::chosen::ChosenPlaces;
use crate::pace::Pace;
use crate::presence::{Idle, Presence, WorkId};
use crate::window;

type Job = Box<dyn FnOnce(&mut SiteComputer) + Send>;

/// The door to the computer's thread.
pub struct Worker {
    running: Mutex<Option<Running>>,
    tell: OnProgress,
    cancel: Arc<AtomicBool>,
    presence: Arc<Presence>,
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
        let (queue, acts) = mpsc::unbounded_channel::<Job>();
        let cancel = Arc::new(AtomicBool::new(false));
        let presence = Arc::new(Presence::default());
        let pace = Mutex::new(Pace::default());
        let window = app.clone();
        let tell: OnProgress = Arc::new(move |step: &Progress| {
            let seconds_left = pace.lock().ok().and_then(|mut pace| pace.seconds_left(step, clock::steady()));
            // A window that no longer listens must not stop the work.
            let _ = window.emit(Progress::NAME, Progress { seconds_left, ..step.clone() });
        });
        let (own_tell, flag, there) = (Arc::clone(&tell), Arc::clone(&cancel), Arc::clone(&presence));
        let thread = std::thread::spawn(move || do_acts(SiteComputer::new(home, own_tell, flag), acts, &there, &app));
        Self { running: Mutex::new(Some(Running { queue, thread })), tell, cancel, presence }
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
        let _work = self.begin();
        self.run_signed_in(act).await
    }

    /// Long work beside the computer, which people go on using meanwhile.
    pub async fn run_off_thread<T, F>(&self, work: F) -> Answer<T>
    where
        T: Send + 'static,
        F: FnOnce(&OnProgress, &Arc<AtomicBool>) -> Result<T, SiteError> + Send + 'static,
    {
        let _work = self.begin();
        let (tell, cancel) = (Arc::clone(&self.tell), Arc::clone(&self.cancel));
        let done = tauri::async_runtime::spawn_blocking(move || work(&tell, &cancel)).await;
        done.map_err(|_| refused("fault", "the work did not come to an end"))?.map_err(|error| from_site(&error))
    }

    fn begin(&self) -> LongWork<'_> {
        self.cancel.store(false, Ordering::Relaxed);
        LongWork { id: self.presence.begin(clock::steady()), presence: &self.presence }
    }

    /// Notes that a person is there.
    pub fn touch(&self) {
        self.presence.touch(clock::steady());
    }

    /// How long nobody has been noticed.
    pub fn idle(&self) -> Idle {
        self.presence.idle(clock::steady())
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

/// Long work under way; over when dropped, also with a command that nobody awaits any more.
struct LongWork<'a> {
    id: WorkId,
    presence: &'a Presence,
}

impl Drop for LongWork<'_> {
    fn drop(&mut self) {
        self.presence.end(&self.id, clock::steady());
    }
}

/// The thread's work. What the computer says after each act decides whether idle minutes are counted, so that no vault is
/// ever open without them, whichever act opened it; and whether what was chosen in another session is forgotten.
fn do_acts<R: Runtime>(
    mut computer: SiteComputer,
    mut acts: UnboundedReceiver<Job>,
    presence: &Presence,
    app: &AppHandle<R>,
) {
    let mut session = None;
    while let Some(act) = acts.blocking_recv() {
        let done = computer.guard(|computer| {
            act(computer);
            (computer.ends_unknown(now()), computer.unsent_news())
        });
        presence.set_open(computer.lock_after_minutes(), clock::steady());
        if computer.session_number() != session {
            session = computer.session_number();
            app.state::<ChosenPlaces>().forget();
        }
        match done {
            Ok((false, None)) => {}
            Ok((false, Some(changes))) => {
                let _ = app.emit(Unsent::NAME, Unsent { changes });
            }
            Ok((true, _)) | Err(_) => window::forget(app, LockReason::Fault),
        }
    }
    // Nobody is left to be told; the vault is locked all the same.
    let _ = computer.guard(|computer| computer.leave(now()));
}

/// The wall clock with the offset now in force.
pub fn now() -> Now {
    let clock::Now { at_ms, offset_minutes } = clock::now();
    Now { at_ms: u64::try_from(at_ms).unwrap_or(0), offset_minutes }
}
