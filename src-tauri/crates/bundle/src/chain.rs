//! Whether entries follow from one another as the envelope says.

use casebook::EntryId;

use crate::{BundleError, LogRun};

/// Walks through the runs that an envelope announces.
pub(crate) struct Chain<'e> {
    runs: std::slice::Iter<'e, LogRun>,
    /// The run being read, the `seq` expected next in it, and the id of the entry before that.
    now: Option<(&'e LogRun, u64, EntryId)>,
}

impl<'e> Chain<'e> {
    pub(crate) fn new(runs: &'e [LogRun]) -> Self {
        Self { runs: runs.iter(), now: None }
    }

    /// Takes the next entry.
    pub(crate) fn next(&mut self, log: &str, seq: u64, prev: EntryId, id: EntryId) -> Result<(), BundleError> {
        let (run, expected, before) = match self.now.take() {
            Some(now) => now,
            None => match self.runs.next() {
                Some(run) => (run, run.first, run.prev),
                None => return Err(BundleError::Chain { log: log.to_owned(), seq }),
            },
        };
        let broken = || BundleError::Chain { log: run.log.clone(), seq: expected };
        if log != run.log || seq != expected || prev != before {
            return Err(broken());
        }
        if seq < run.last {
            self.now = Some((run, expected + 1, id));
        } else if id != run.head {
            return Err(broken());
        }
        Ok(())
    }

    /// Whether everything that was announced has come.
    pub(crate) fn finish(mut self) -> Result<(), BundleError> {
        match self.now.take() {
            Some((run, seq, _)) => Err(BundleError::Chain { log: run.log.clone(), seq }),
            None => match self.runs.next() {
                Some(run) => Err(BundleError::Chain { log: run.log.clone(), seq: run.first }),
                None => Ok(()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> EntryId {
        EntryId([number; 32])
    }

    fn run(log: &str, first: u64, last: u64, prev: u8, head: u8) -> LogRun {
        LogRun { log: log.to_owned(), first, last, prev: id(prev), head: id(head) }
    }

    fn walk(runs: &[LogRun], entries: &[(&str, u64, u8, u8)]) -> Result<(), BundleError> {
        let mut chain = Chain::new(runs);
        entries.iter().try_for_each(|(log, seq, prev, own)| chain.next(log, *seq, id(*prev), id(*own)))?;
        chain.finish()
    }

    #[test]
    fn follows_the_announced_runs_only() {
        let runs = [run("a", 1, 3, 0, 3), run("b", 7, 7, 6, 7)];
        let good = [("a", 1, 0, 1), ("a", 2, 1, 2), ("a", 3, 2, 3), ("b", 7, 6, 7)];
        assert_eq!(walk(&runs, &good), Ok(()));
        let broken = |log: &str, seq| Err(BundleError::Chain { log: log.to_owned(), seq });
        assert_eq!(walk(&runs, &good[..3]), broken("b", 7));
        assert_eq!(walk(&runs, &good[..2]), broken("a", 3));
        assert_eq!(walk(&runs, &[good[0], good[2]]), broken("a", 2));
        assert_eq!(walk(&runs, &[good[0], good[0]]), broken("a", 2));
        assert_eq!(walk(&runs, &[good[1]]), broken("a", 1));
        assert_eq!(walk(&runs, &[good[0], ("a", 2, 9, 2)]), broken("a", 2));
        assert_eq!(walk(&runs, &[good[0], good[1], ("a", 3, 2, 9)]), broken("a", 3));
        assert_eq!(walk(&runs, &[good[3]]), broken("a", 1));
        assert_eq!(walk(&runs[..1], &good), broken("b", 7));
    }
}
