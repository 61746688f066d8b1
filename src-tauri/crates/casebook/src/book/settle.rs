//! What the study's rules make of the answers: computed values, what is hidden, findings, counts, the overview.

use super::{Book, Spot, Unsettled};
use study::Study;

impl Book {
    /// Asks the rules again about everything that changed since the last call, and about what depends on it. Settling
    /// after each entry gives the same rows as settling once at the end.
    pub fn settle(&mut self, study: &Study) {
        let changed = std::mem::take(&mut self.unsettled);
        self.count(study, &changed);
        self.overview = self.make_overview(study);
    }

    fn count(&mut self, study: &Study, changed: &Unsettled) {
        for key in &changed.forms {
            let tally = self.tally(study, key);
            if let Some(form) = self.forms.get_mut(key)
                && form.tally != tally
            {
                form.tally = tally;
                self.dirty.insert(Spot::Form(key.clone()));
            }
        }
    }
}
