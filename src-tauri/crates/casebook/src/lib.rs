//! What was answered: the journal's entries and their fold.
