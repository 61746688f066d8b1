//! What an invented trial came to: forms by status, and what still stands against completion.

use std::collections::BTreeMap;
use std::fmt;

use screens::Now;
use screens::messages::{BlockerKind, FormStatus};
use site::{Noun, SiteComputer, SiteError};

use crate::sheet::key;

/// Counts over all subjects of the open vault.
#[derive(Debug, Default)]
pub struct Census {
    /// How many subjects there are.
    pub subjects: usize,
    /// Forms by status.
    pub forms: BTreeMap<String, usize>,
    /// What stands against completion, by kind and rule.
    pub blockers: BTreeMap<(BlockerKind, String), usize>,
}

impl Census {
    /// Counts what a practice trial holds.
    ///
    /// # Errors
    /// Nobody is signed in, or what the vault says.
    pub fn take(computer: &mut SiteComputer, now: Now) -> Result<Self, SiteError> {
        let mut session = computer.session(now)?;
        let mut census = Self::default();
        for subject in session.subjects()?.into_iter().map(|row| row.subject) {
            census.subjects += 1;
            let view = session.subject_view(&subject)?;
            let marks = view.forms.iter().flat_map(|row| row.cells.iter().flatten());
            for mark in marks.filter(|mark| mark.status != FormStatus::Empty) {
                *census.forms.entry(format!("{:?}", mark.status)).or_default() += 1;
                if mark.status == FormStatus::Complete {
                    continue;
                }
                for blocker in session.form_state(&subject, &key(&mark.key, Noun::Form)?)?.blockers {
                    let place = if blocker.rule.is_empty() { item_of(&blocker.key) } else { blocker.rule };
                    *census.blockers.entry((blocker.kind, place)).or_default() += 1;
                }
            }
        }
        Ok(census)
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} subjects; forms:", self.subjects)?;
        for (status, count) in &self.forms {
            write!(f, " {count} {status}")?;
        }
        for ((kind, rule), count) in &self.blockers {
            write!(f, "\n{count:6} {kind:?} {rule}")?;
        }
        Ok(())
    }
}

fn item_of(cell: &str) -> String {
    cell.rsplit('/').next().unwrap_or(cell).to_owned()
}
