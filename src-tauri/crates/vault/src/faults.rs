//! The one point that this room passes before each of its own calls on files: tests let any of them fail there, once or for
//! ever. In the program it does nothing.

use std::io;
use std::path::Path;

/// What is about to be asked of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// Whether a file is there.
    Look,
    /// A small file's bytes.
    Read,
    /// A new file with its bytes, synced.
    Write,
    /// The bytes of a file that something else wrote are synced.
    Sync,
    /// A second name for a file.
    Link,
    /// Another name for a file.
    Rename,
    /// A file goes.
    Remove,
    /// A name becomes lasting.
    SyncName,
    /// A database is opened.
    Open,
    /// A transaction is committed.
    Commit,
}

/// Before a call on a file.
pub(crate) fn before(call: Call, file: &Path) -> io::Result<()> {
    #[cfg(test)]
    {
        if plan::strikes(call, file) {
            return Err(io::Error::other("a fault that a test planned"));
        }
    }
    let _ = (call, file);
    Ok(())
}

/// The same before a call that the database makes: it fails as the database words it.
pub(crate) fn before_database(call: Call, file: &Path) -> rusqlite::Result<()> {
    before(call, file).map_err(|_| {
        let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR);
        rusqlite::Error::SqliteFailure(code, None)
    })
}

/// What tests plan, on their own thread.
#[cfg(test)]
pub(crate) mod plan {
    use std::cell::RefCell;
    use std::path::Path;

    use super::Call;

    /// A call that was made, with the name of its file.
    pub(crate) type Made = (Call, String);

    /// The `nth` call of a kind fails, counted from 0; with `ever` all later ones of that kind, too.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) struct Fault {
        pub(crate) call: Call,
        pub(crate) nth: usize,
        pub(crate) ever: bool,
    }

    #[derive(Default)]
    struct Plan {
        faults: Vec<Fault>,
        /// From this call on all of them fail.
        crash: Option<usize>,
        made: Vec<Made>,
    }

    thread_local! {
        static PLAN: RefCell<Option<Plan>> = const { RefCell::new(None) };
    }

    pub(super) fn strikes(call: Call, file: &Path) -> bool {
        PLAN.with_borrow_mut(|plan| {
            let Some(plan) = plan else { return false };
            let nth = plan.made.iter().filter(|(made, _)| *made == call).count();
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_crashed = plan.crash.is_some_and(|crash| crash <= plan.made.len());
            plan.made.push((call, name));
            is_crashed
                || plan
                    .faults
                    .iter()
                    .any(|fault| fault.call == call && (fault.nth == nth || fault.ever && fault.nth < nth))
        })
    }

    /// Runs `work` under faults; gives what it gave and the calls that were made.
    pub(crate) fn under<T>(faults: &[Fault], work: impl FnOnce() -> T) -> (T, Vec<Made>) {
        planned(Plan { faults: faults.to_vec(), ..Plan::default() }, work)
    }

    /// Runs `work`, which comes to nothing more from the `nth` call on: what it gives must be thrown away.
    pub(crate) fn crashing<T>(nth: usize, work: impl FnOnce() -> T) -> T {
        planned(Plan { crash: Some(nth), ..Plan::default() }, work).0
    }

    fn planned<T>(plan: Plan, work: impl FnOnce() -> T) -> (T, Vec<Made>) {
        PLAN.set(Some(plan));
        let done = work();
        (done, PLAN.take().map(|plan| plan.made).unwrap_or_default())
    }

    /// Every fault that a run of these calls can meet: each call once, and each for ever from there on.
    pub(crate) fn every(made: &[Made]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (place, (call, _)) in made.iter().enumerate() {
            let nth = made[..place].iter().filter(|(earlier, _)| earlier == call).count();
            faults.extend([false, true].map(|ever| Fault { call: *call, nth, ever }));
        }
        faults
    }
}
