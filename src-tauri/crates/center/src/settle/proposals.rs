//! What the branch that was put aside says and is not in force: asked about at the site, thing by thing, so that a person enters it
//! again or says why not. What no query can ask about is listed.

use super::words::{self, Rest};
use crate::fold::read_book;
use crate::journal::{Permitted, keep_text};
use crate::store::{StoreError, Tx};
use crate::versions::Published;
use crate::{Center, CenterError, Stamp};
use casebook::act::{EventDated, EventMissed, ItemSet, QueryAnswered, QueryRaised, Stored};
use casebook::{
    Act, Author, Book, CENTER, CellState, Entry, EventFact, FormStatus, FreeTextId, Line, Role, TextCommit, Tick,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use study::{CellKey, EventKey, Oid, Repeat, Study};

/// Something of the branch that was put aside that no query can ask about: named, without a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unasked {
    /// The act's name.
    pub act: &'static str,
    /// The subject, and the place in its book; or the account.
    pub place: String,
    /// Its sequence number in that branch.
    pub seq: u64,
}

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} (entry {})", self.act, self.place, self.seq)
    }
}

/// One thing that an entry says.
pub(super) struct Said<'a> {
    entry: &'a Entry,
    what: What<'a>,
}

enum What<'a> {
    Answer(CellKey, &'a ItemSet),
    Dated(&'a EventDated),
    Missed(&'a EventMissed),
    Answered(&'a QueryAnswered),
    Done,
}

/// What a branch says last of each thing, in its order. Signing in, sending and the like is nobody's work.
pub(super) fn last_words(lines: &[Line]) -> Vec<Said<'_>> {
    let mut known = BTreeSet::new();
    let mut found: Vec<Said<'_>> = Vec::new();
    for line in lines.iter().rev() {
        let mut of_entry = Said::all_of(line.entry());
        of_entry.reverse();
        found.extend(of_entry.into_iter().filter(|said| match said.what {
            What::Done => true,
            _ => known.insert(said.place()),
        }));
    }
    found.reverse();
    found
}

impl<'a> Said<'a> {
    fn all_of(entry: &'a Entry) -> Vec<Self> {
        let one = |what| vec![Said { entry, what }];
        match &entry.act {
            Act::ItemsSet(act) => {
                let cell = |item: &ItemSet| act.form.cell(&item.group, &item.repeat, &item.item);
                let said = |item| Said { entry, what: What::Answer(cell(item), item) };
                act.items.iter().map(said).collect()
            }
            Act::EventDated(act) => one(What::Dated(act)),
            Act::EventMissed(act) => one(What::Missed(act)),
            Act::QueryAnswered(act) => one(What::Answered(act)),
            Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) => one(What::Done),
            act if act.is_change() => one(What::Done),
            _ => Vec::new(),
        }
    }

    /// The subject that it registers.
    fn registers(&self) -> Option<&'a Oid> {
        match &self.entry.act {
            Act::SubjectRegistered(act) => Some(&act.subject),
            _ => None,
        }
    }

    /// The subject and the place, in words; of what is about no subject the account or nothing more.
    fn place(&self) -> String {
        let place = match (&self.what, &self.entry.act) {
            (What::Answer(cell, _), _) => cell.to_string(),
            (What::Dated(EventDated { event, .. }) | What::Missed(EventMissed { event, .. }), _) => event.to_string(),
            (What::Answered(act), _) => act.query.to_string(),
            (What::Done, Act::EventAdded(act)) => act.event.to_string(),
            (What::Done, Act::FormCompleted(act)) => act.form.to_string(),
            (What::Done, Act::FormReopened(act)) => act.form.to_string(),
            (What::Done, Act::FormNotDone(act)) => act.form.to_string(),
            (What::Done, Act::RowAdded(act)) => format!("{}/{}[{}]", act.form, act.group, act.repeat),
            (What::Done, Act::RowRemoved(act)) => format!("{}/{}[{}]", act.form, act.group, act.repeat),
            (What::Done, Act::FindingConfirmed(act)) => act.form.cell(&act.group, &act.repeat, &act.item).to_string(),
            (What::Done, Act::UserAdded(act)) => act.user.to_string(),
            (What::Done, Act::UserRoleChanged(act)) => act.user.to_string(),
            (What::Done, Act::UserClosed(act)) => act.user.to_string(),
            (What::Done, _) => String::new(),
        };
        let subject = self.entry.act.subject().map_or_else(String::new, |subject| format!("{subject} "));
        format!("{subject}{place}").trim_end().to_owned()
    }

    /// What it says, in words.
    fn words(&self, tx: &dyn Tx) -> Result<String, StoreError> {
        Ok(match &self.what {
            What::Answer(_, item) => words::answer(tx, item)?,
            What::Dated(EventDated { date: Some(date), .. }) => format!("the date {}", date.as_str()),
            What::Dated(_) => "the date was withdrawn".to_owned(),
            What::Missed(act) => format!("it did not take place: {}", words::text(tx, act.reason.text)?),
            What::Answered(act) => format!("a query was answered: {}", words::text(tx, act.answer.text)?),
            What::Done => self.entry.act.name().to_owned(),
        })
    }

    /// Whether the book says the same.
    fn stands(&self, tx: &dyn Tx, book: &Book) -> Result<bool, StoreError> {
        Ok(match (&self.what, &self.entry.act) {
            (What::Answer(cell, item), _) => holds(tx, book.cell(cell).map(casebook::Cell::state), item)?,
            (What::Dated(act), _) => match (book.event(&act.event).and_then(casebook::Event::fact), &act.date) {
                (Some(EventFact::Dated(held)), Some(date)) => held == date,
                (None | Some(EventFact::Withdrawn), None) => true,
                _ => false,
            },
            (What::Missed(act), _) => book.event(&act.event).is_some_and(casebook::Event::is_missed),
            (What::Done, Act::EventAdded(act)) => book.event(&act.event).is_some_and(casebook::Event::is_added),
            (What::Done, Act::RowAdded(act)) => book.is_live_row(&act.form, &act.group, &act.repeat),
            (What::Done, Act::FormCompleted(act)) => {
                book.form(&act.form).is_some_and(|form| form.status() == FormStatus::Complete)
            }
            (What::Done, Act::FormNotDone(act)) => {
                book.form(&act.form).is_some_and(|form| form.status() == FormStatus::NotDone)
            }
            _ => false,
        })
    }

    /// The cell at which it can be asked about.
    fn cell(&self, book: &Book, study: &Study) -> Option<CellKey> {
        match &self.what {
            What::Answer(cell, _) => Some(cell.clone()),
            What::Dated(EventDated { event, .. }) | What::Missed(EventMissed { event, .. }) => first_cell(study, event),
            What::Answered(act) => Some(book.query(&act.query)?.raised()?.cell.clone()),
            What::Done => None,
        }
    }
}

/// Whether a cell says what an answer says. Two texts say the same when their words do: each commitment has its own salt.
fn holds(tx: &dyn Tx, state: Option<CellState<'_>>, item: &ItemSet) -> Result<bool, StoreError> {
    let given = match state {
        None | Some(CellState::Empty) => return Ok(item.value.is_none() && item.missing.is_none()),
        Some(CellState::Conflict) => return Ok(false),
        Some(CellState::Derived(derived)) => {
            return Ok(matches!(&item.value, Some(Stored::Plain(value)) if *value == derived.value));
        }
        Some(CellState::Answered(given) | CellState::Missing(given, _)) => given,
    };
    let same_value = match (&given.value, &item.value) {
        (Some(Stored::Text(held)), Some(Stored::Text(said))) if held != said => {
            let [held, said] = [tx.text(held.text)?, tx.text(said.text)?];
            held.zip(said).is_some_and(|(held, said)| held.text == said.text)
        }
        (held, said) => held == said,
    };
    Ok(same_value && given.missing == item.missing && given.unit == item.unit)
}

/// The first cell of an event: a date has none of its own.
fn first_cell(study: &Study, event: &EventKey) -> Option<CellKey> {
    let forms = study.event_at(event)?.forms.iter().map(|at| event.form(at.form.clone(), Repeat::first()));
    forms.into_iter().find_map(|form| {
        let groups = study.form_at(&form)?.groups.iter();
        groups.filter_map(|at| study.group_at(&form, &at.group)).find_map(|group| {
            let item = group.items.first()?;
            Some(form.cell(group.oid.clone(), Repeat::first(), item.item.clone()))
        })
    })
}

/// What is asked, and what can't be.
pub(super) struct Proposals<'a> {
    center: &'a Center,
    stamp: &'a Stamp,
    /// Queries that were raised.
    pub(super) queries: u64,
    pub(super) unasked: Vec<Unasked>,
    /// The same with what it says, for people at center and site.
    pub(super) rest: Rest,
}

impl<'a> Proposals<'a> {
    pub(super) fn of(center: &'a Center, stamp: &'a Stamp) -> Self {
        Self { center, stamp, queries: 0, unasked: Vec::new(), rest: Rest::default() }
    }

    /// Raises a query about each thing that is not in force.
    pub(super) fn ask(mut self, tx: &mut dyn Tx, said: &[Said<'_>]) -> Result<Self, CenterError> {
        let published = self.center.published_versions(tx)?;
        // Somebody whom that branch registered is perhaps not the person who is registered under this key now: nothing said of the
        // one is proposed for the other.
        let registered: BTreeSet<&Oid> = said.iter().filter_map(Said::registers).collect();
        let mut by_subject: BTreeMap<Option<&Oid>, Vec<&Said<'_>>> = BTreeMap::new();
        for one in said {
            by_subject.entry(one.entry.act.subject()).or_default().push(one);
        }
        for (subject, said) in by_subject {
            match subject {
                Some(subject) if !registered.contains(subject) => self.ask_about(tx, &published, subject, &said)?,
                _ => said.into_iter().try_for_each(|one| self.list(tx, one))?,
            }
        }
        Ok(self)
    }

    fn ask_about(
        &mut self,
        tx: &mut dyn Tx,
        published: &Arc<Published>,
        subject: &Oid,
        said: &[&Said<'_>],
    ) -> Result<(), CenterError> {
        let book = read_book(tx, published, subject)?;
        let study = published.of(book.version());
        for one in said {
            if one.stands(tx, &book)? {
                continue;
            }
            match one.cell(&book, study).filter(|cell| self.can_ask(&book, study, cell)) {
                Some(cell) => {
                    let words = words::question(&one.words(tx)?, one.entry);
                    let act = query(subject, &cell, keep_text(tx, &words)?);
                    let version = Some(study.metadata_version.clone());
                    self.center.append(
                        tx,
                        self.stamp,
                        Permitted { act: act.into(), version, seen: Tick::default() },
                    )?;
                    self.queries += 1;
                }
                None => self.list(tx, one)?,
            }
        }
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
        let (place, entry) = (said.place(), said.entry);
        let what = said.words(tx)?;
        self.rest.add(&format!("{} {place}: {what}; {}", entry.act.name(), words::origin(entry)));
        self.unasked.push(Unasked { act: entry.act.name(), place, seq: entry.seq });
        Ok(())
    }
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
