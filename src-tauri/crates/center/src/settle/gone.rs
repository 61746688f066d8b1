//! What the center itself said of subjects whose registration goes with the branch that is put aside.

use super::fork::Fork;
use crate::fold::read_book;
use crate::journal::keep_text;
use crate::store::{StoreError, Tx};
use crate::{Center, CenterError, Stamp};
use casebook::act::QueryClosed;
use casebook::{Act, CENTER, QueryStatus};
use std::collections::BTreeSet;
use study::Oid;

/// Why such a query is closed.
const GONE: &str = "The branch of the device's log that registered this subject was put aside.";

impl Center {
    /// Closes the center's own queries about subjects whom the branch held first alone registers: nobody could answer them any more. Asked
    /// before that branch is put aside.
    pub(super) fn close_gone_queries(&self, tx: &mut dyn Tx, stamp: &Stamp, fork: &Fork) -> Result<(), CenterError> {
        let published = self.published_versions(tx)?;
        let stays: BTreeSet<&Oid> = fork.later.iter().filter_map(|line| registered(&line.entry().act)).collect();
        let goes = fork.held.iter().filter_map(|line| registered(&line.entry().act));
        for subject in goes.filter(|subject| !stays.contains(subject)) {
            let book = match read_book(tx, &published, subject) {
                Err(CenterError::Store(StoreError::Damaged(_))) => continue,
                book => book?,
            };
            if book.registrations().iter().any(|one| *one.origin.log != *fork.log || one.origin.seq < fork.seq) {
                continue;
            }
            let is_ours = |query: &casebook::Query| query.raised().is_some_and(|raised| *raised.origin.log == *CENTER);
            for (query, _) in
                book.queries().filter(|(_, query)| is_ours(query) && query.status() != QueryStatus::Closed)
            {
                let (comment, bases) = (Some(keep_text(tx, GONE)?), book.query_bases(&query));
                self.write(tx, stamp, QueryClosed { subject: subject.clone(), query, comment, bases })?;
            }
        }
        Ok(())
    }
}

/// The subject that an act registers.
fn registered(act: &Act) -> Option<&Oid> {
    match act {
        Act::SubjectRegistered(act) => Some(&act.subject),
        _ => None,
    }
}
