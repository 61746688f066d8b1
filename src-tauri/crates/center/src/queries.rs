//! Queries of the coordinating center about what a site entered.

use crate::journal::keep_text;
use crate::{Center, CenterError, Stamp};
use casebook::EntryId;
use casebook::act::QueryRaised;
use study::{CellKey, Oid};

impl Center {
    /// Asks a question about a cell. It travels to the subject's site with the next reply.
    ///
    /// # Errors
    /// [`CenterError::UnknownSubject`] when no registration of the subject has come; when the database fails.
    pub fn raise_query(
        &self,
        stamp: &Stamp,
        subject: &str,
        cell: &CellKey,
        question: &str,
    ) -> Result<EntryId, CenterError> {
        self.store.transact(|tx| {
            let question = keep_text(tx, question)?;
            let (form, group, repeat) = (cell.form.clone(), cell.group.clone(), cell.group_repeat.clone());
            let act =
                QueryRaised { subject: Oid::from(subject), form, group, repeat, item: cell.item.clone(), question };
            self.write(tx, stamp, act)
        })
    }
}
