//! What a session lends to work that goes on beside it, such as an export on another thread: keys, and a connection of its
//! own. None of it outlives the session.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::SiteError;

/// One session of one vault, from a sign-in to the lock. It equals its own clones and no other session's mark, whoever signs in
/// where.
#[derive(Clone, Default)]
pub(crate) struct SessionMark {
    ended: Arc<AtomicBool>,
}

impl SessionMark {
    /// Whether the session is over, so that work for it stops.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

impl PartialEq for SessionMark {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ended, &other.ended)
    }
}

/// What one work is lent, until the work uses it up or the session takes it back.
pub(crate) struct Loan<T> {
    session: SessionMark,
    lent: Arc<Mutex<Option<T>>>,
}

impl<T> Loan<T> {
    /// Does the work, which uses up what was lent. The end of the session waits for it.
    ///
    /// # Errors
    /// `Cancelled` when the session has ended before; what the work says.
    pub(crate) fn spend<R>(self, work: impl FnOnce(T, &SessionMark) -> Result<R, SiteError>) -> Result<R, SiteError> {
        // Held until the work is done: this is what the end of the session waits for.
        let mut lent = self.lent.lock().unwrap_or_else(PoisonError::into_inner);
        match lent.take() {
            Some(what) => work(what, &self.session),
            None => Err(SiteError::Cancelled),
        }
    }
}

/// What a session has lent. Dropping it ends the session for all of it.
#[derive(Default)]
pub(crate) struct Lender {
    session: SessionMark,
    lent: Vec<Weak<dyn TakeBack>>,
}

impl Lender {
    /// Which session this is.
    pub(crate) fn session(&self) -> &SessionMark {
        &self.session
    }

    /// Lends something to one work.
    pub(crate) fn lend<T: Send + 'static>(&mut self, what: T) -> Loan<T> {
        self.lent.retain(|lent| lent.strong_count() > 0);
        let lent = Arc::new(Mutex::new(Some(what)));
        let known: Arc<dyn TakeBack> = lent.clone();
        self.lent.push(Arc::downgrade(&known));
        Loan { session: self.session.clone(), lent }
    }

    /// Ends the session: what is lent and not yet used is taken back, work under way stops at its next step and is waited for.
    pub(crate) fn end(&mut self) {
        self.session.ended.store(true, Ordering::Relaxed);
        for lent in self.lent.drain(..) {
            if let Some(lent) = lent.upgrade() {
                lent.take_back();
            }
        }
    }
}

impl Drop for Lender {
    fn drop(&mut self) {
        self.end();
    }
}

trait TakeBack: Send + Sync {
    /// Waits for whoever uses it, and drops what nobody has used.
    fn take_back(&self);
}

impl<T: Send> TakeBack for Mutex<Option<T>> {
    fn take_back(&self) {
        // Work that panicked holds nothing any more.
        drop(self.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Something that tells when it is dropped.
    struct Key(mpsc::Sender<&'static str>);

    impl Drop for Key {
        fn drop(&mut self) {
            // The test has heard enough when it listens no longer.
            let _ = self.0.send("key dropped");
        }
    }

    /// security.md, suspected: a background export keeps key and connection beyond a manual lock.
    #[test]
    fn what_nobody_has_used_is_taken_back_at_the_end_of_the_session() {
        let (tell, told) = mpsc::channel();
        let mut lender = Lender::default();
        let loan = lender.lend(Key(tell));
        lender.end();
        assert_eq!(told.try_recv(), Ok("key dropped"));
        let spent = loan.spend(|_, _| Ok(()));
        assert!(matches!(spent, Err(SiteError::Cancelled)));
    }

    /// The same for work under way: the end waits until it has let go.
    #[test]
    fn the_end_of_the_session_stops_work_under_way_and_waits_for_it() {
        let (tell, told) = mpsc::channel();
        let (began, begun) = mpsc::channel();
        let mut lender = Lender::default();
        let loan = lender.lend(Key(tell.clone()));
        let work = std::thread::spawn(move || {
            loan.spend(|key, session| {
                began.send(()).expect("the test waits");
                while !session.has_ended() {
                    std::thread::yield_now();
                }
                drop(key);
                Err::<(), _>(SiteError::Cancelled)
            })
        });
        begun.recv().expect("the work begins");
        lender.end();
        tell.send("ended").expect("the test listens");
        assert_eq!((told.recv(), told.recv()), (Ok("key dropped"), Ok("ended")));
        assert!(matches!(work.join().expect("no panic"), Err(SiteError::Cancelled)));
    }

    #[test]
    fn work_that_panicked_holds_up_no_end() {
        let mut lender = Lender::default();
        let loan = lender.lend(());
        let work = std::thread::spawn(move || loan.spend(|(), _| -> Result<(), SiteError> { panic!("a fault") }));
        assert!(work.join().is_err());
        lender.end();
    }

    #[test]
    fn no_two_sessions_are_the_same() {
        let (first, second) = (Lender::default(), Lender::default());
        assert!(first.session() == &first.session().clone());
        assert!(first.session() != second.session());
    }
}
