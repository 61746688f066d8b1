//! What the branch that was put aside says and is not in force: asked about at the site, thing by thing, so that a person enters it
//! again or says why not. What no query can ask about is listed.

use super::fork::Fork;
use super::said::Said;
use super::words::{self, MOST_OF_PLACE, Rest, cut};
use crate::fold::read_book;
use crate::journal::{Permitted, keep_text};
use crate::store::{StoreError, Tx};
use crate::versions::Published;
use crate::{Center, CenterError, Stamp};
use casebook::act::{Branch, QueryRaised};
use casebook::{Author, Book, CENTER, FreeTextId, Role, TextCommit, Tick};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use study::{CellKey, Oid, Study};

/// Something of the branch that was put aside that no query can ask about: named, without a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unasked {
    /// The act's name.
    pub act: &'static str,
    /// The subject, and the place in its book; or the account.
    pub place: String,
    /// Its sequence number in that branch; 0 where it has not come.
    pub seq: u64,
}

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.act, self.place)?;
        if self.seq > 0 { write!(f, " (entry {})", self.seq) } else { Ok(()) }
    }
}

/// Most questions of one settlement: each is an entry of the center's log, which travels whole to every site.
const MOST_ASKED: usize = 2_000;

/// A question that can be asked.
struct Question<'s> {
    said: &'s Said<'s>,
    subject: Oid,
    cell: CellKey,
    /// The version under which it is asked.
    version: Oid,
    /// Whether people see the cell where it lies.
    is_seen: bool,
}

/// What is asked, and what can't be.
pub(super) struct Proposals<'a> {
    center: &'a Center,
    stamp: &'a Stamp,
    /// Queries that were raised.
    pub(super) queries: u64,
    pub(super) unasked: Vec<Unasked>,
    /// The same with what it says, for people at center and site.
    rest: Rest,
    /// The texts that it quotes.
    quoted: BTreeSet<TextCommit>,
}

impl<'a> Proposals<'a> {
    pub(super) fn of(center: &'a Center, stamp: &'a Stamp) -> Self {
        Self { center, stamp, queries: 0, unasked: Vec::new(), rest: Rest::default(), quoted: BTreeSet::new() }
    }

    /// Lists what no person said and is lost all the same: slots whose request is in force no more, and entries that can't be read. First,
    /// so that nothing that a branch says keeps it out of the list.
    pub(super) fn list_lost(mut self, fork: &Fork, kept: Branch) -> Self {
        for slot in fork.lost_slots(kept) {
            let place = format!("{}: {slot}", slot.subject);
            self.list_one("allocation.released", place, slot.request.seq().unwrap_or(0));
        }
        for seq in &fork.lost {
            self.list_one("damaged", "an entry that can't be read any more".to_owned(), *seq);
        }
        self
    }

    fn list_one(&mut self, act: &'static str, place: String, seq: u64) {
        let one = Unasked { act, place, seq };
        self.rest.add(&one.to_string());
        self.unasked.push(one);
    }

    /// Keeps what can't be asked as a free text, where there is anything.
    pub(super) fn keep_rest(&mut self, tx: &mut dyn Tx) -> Result<Option<FreeTextId>, CenterError> {
        let Some(words) = std::mem::take(&mut self.rest).words() else { return Ok(None) };
        let kept = keep_text(tx, &words)?;
        self.quoted.iter().try_for_each(|text| tx.put_quote(*text, kept.text))?;
        Ok(Some(kept))
    }

    /// Raises a query about each thing that is not in force.
    pub(super) fn ask(mut self, tx: &mut dyn Tx, said: &[Said<'_>]) -> Result<Self, CenterError> {
        let published = self.center.published_versions(tx)?;
        let mut questions = Vec::new();
        let mut by_subject: BTreeMap<Option<&Oid>, Vec<&Said<'_>>> = BTreeMap::new();
        for one in said {
            by_subject.entry(one.entry.act.subject()).or_default().push(one);
        }
        for (subject, said) in by_subject {
            // Somebody whom a branch registered is perhaps not the person who is registered under this key now: nothing said of the
            // one is proposed for the other.
            let (unasked, asked): (Vec<&Said<'_>>, Vec<_>) =
                said.into_iter().partition(|one| subject.is_none() || one.is_others);
            if let Some(subject) = subject.filter(|_| !asked.is_empty()) {
                questions.extend(self.questions(tx, &published, subject, &asked)?);
            }
            unasked.into_iter().try_for_each(|one| self.list(tx, one))?;
        }
        if questions.len() > MOST_ASKED {
            // Rows that nobody sees may be invented, and take no question from what people see.
            questions.sort_by_key(|question| !question.is_seen);
        }
        for (count, question) in questions.into_iter().enumerate() {
            if count < MOST_ASKED { self.raise(tx, question)? } else { self.list(tx, question.said)? }
        }
        Ok(self)
    }

    /// What is to be asked of a subject; what can't be is listed.
    fn questions<'s>(
        &mut self,
        tx: &dyn Tx,
        published: &Published,
        subject: &Oid,
        said: &[&'s Said<'s>],
    ) -> Result<Vec<Question<'s>>, CenterError> {
        let book = match read_book(tx, published, subject) {
            // What can't be read is not asked about, and keeps nothing else from being settled.
            Err(CenterError::Store(StoreError::Damaged(_))) => {
                said.iter().try_for_each(|one| self.list(tx, one))?;
                return Ok(Vec::new());
            }
            book => book?,
        };
        let study = published.of(book.version());
        let mut questions = Vec::new();
        for one in said {
            if one.stands(tx, &book)? {
                continue;
            }
            match one.cell(&book, study).filter(|cell| self.can_ask(&book, study, cell)) {
                Some(cell) => {
                    let is_seen = is_seen(&book, study, &cell);
                    let version = study.metadata_version.clone();
                    questions.push(Question { said: one, subject: subject.clone(), cell, version, is_seen });
                }
                None => self.list(tx, one)?,
            }
        }
        Ok(questions)
    }

    fn raise(&mut self, tx: &mut dyn Tx, question: Question<'_>) -> Result<(), CenterError> {
        let Question { said, subject, cell, version, .. } = question;
        let words = words::question(&said.words(tx)?, said.entry);
        let asked = keep_text(tx, &words)?;
        said.texts().into_iter().try_for_each(|text| tx.put_quote(text, asked.text))?;
        let (act, seen) = (query(&subject, &cell, asked).into(), Tick::default());
        self.center.append(tx, self.stamp, Permitted { act, version: Some(version), seen })?;
        self.queries += 1;
        Ok(())
    }

    /// Whether the gate lets the center ask there.
    fn can_ask(&self, book: &Book, study: &Study, cell: &CellKey) -> bool {
        let Some(subject) = book.subject() else { return false };
        let nothing = FreeTextId { text: TextCommit([0; 32]) };
        let (log, by) = (Oid::from(CENTER), &self.stamp.by);
        let author = Author { log: &log, site: None, by, role: Role::DataManager };
        book.permits(study, &author, &query(subject, cell, nothing).into()).is_ok()
    }

    fn list(&mut self, tx: &dyn Tx, said: &Said<'_>) -> Result<(), CenterError> {
        let (place, entry) = (cut(&said.place(), MOST_OF_PLACE), said.entry);
        let what = said.words(tx)?;
        if self.rest.add(&format!("{} {place}: {what}; {}", entry.act.name(), words::origin(entry))) {
            self.quoted.extend(said.texts());
        }
        self.unasked.push(Unasked { act: entry.act.name(), place, seq: entry.seq });
        Ok(())
    }
}

/// Whether people see the cell where it lies: in a row that does not repeat, or one that is in force.
fn is_seen(book: &Book, study: &Study, cell: &CellKey) -> bool {
    let repeats = study.cell_at(cell).is_some_and(|def| def.group.repeating);
    !repeats || book.is_live_row(&cell.form, &cell.group, &cell.group_repeat)
}

fn query(subject: &Oid, cell: &CellKey, question: FreeTextId) -> QueryRaised {
    QueryRaised {
        subject: subject.clone(),
        form: cell.form.clone(),
        group: cell.group.clone(),
        repeat: cell.group_repeat.clone(),
        item: cell.item.clone(),
        question,
    }
}
