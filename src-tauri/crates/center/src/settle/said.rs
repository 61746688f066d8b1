//! What an entry of a branch says, thing by thing: at which place, in which words, and whether it is in force all the same.

use super::branches::{Branches, Step};
use super::words::{self, Quoted};
use crate::store::{StoreError, Tx};
use casebook::act::{EventDated, EventMissed, ItemSet, QueryAnswered, Stored};
use casebook::{Act, Book, CellState, Entry, EntryId, EventFact, FormStatus, Line, QueryStatus, TextCommit, site_of};
use std::collections::{HashMap, HashSet};
use study::{CellKey, EventKey, Oid, Repeat, Study};

/// One thing that an entry says.
pub(super) struct Said<'a> {
    pub(super) entry: &'a Entry,
    what: What<'a>,
    /// Whether its branch registers the subject, which is perhaps not the person who is registered under this key now.
    pub(super) is_others: bool,
}

enum What<'a> {
    Answer(CellKey, &'a ItemSet),
    Dated(&'a EventDated),
    Missed(&'a EventMissed),
    Answered(&'a QueryAnswered),
    Done,
}

/// What branches say last of each thing, in their order: ascending entries, of one branch or of several. Of each branch its own last word
/// counts, so that none hides what another one says. Signing in, sending and the like is nobody's work.
pub(super) fn last_words<'a>(lines: &[&'a Line]) -> Vec<Said<'a>> {
    let branches = Branches::of(lines.iter().copied());
    let is_others = of_registered(&branches, lines);
    // The places of which all branches that go on from an entry say something later.
    let mut later: Vec<HashSet<String>> = lines.iter().map(|_| HashSet::new()).collect();
    let mut found: Vec<Said<'_>> = Vec::new();
    for (at, line) in lines.iter().enumerate().rev() {
        let after = branches.after(at).iter().map(|next| std::mem::take(&mut later[*next]));
        let mut known = in_all(after.collect());
        let mut of_entry = Said::all_of(line.entry());
        of_entry.reverse();
        let last = of_entry.into_iter().filter(|said| match said.what {
            What::Done => true,
            _ => known.insert(said.place()),
        });
        found.extend(last.map(|said| Said { is_others: is_others[at], ..said }));
        later[at] = known;
    }
    found.reverse();
    found
}

/// What is in all of some sets.
fn in_all(mut sets: Vec<HashSet<String>>) -> HashSet<String> {
    sets.sort_by_key(|set| std::cmp::Reverse(set.len()));
    let Some(mut all) = sets.pop() else { return HashSet::new() };
    all.retain(|place| sets.iter().all(|set| set.contains(place)));
    all
}

/// Of each entry, whether its branch registers its subject, until there.
fn of_registered(branches: &Branches, lines: &[&Line]) -> Vec<bool> {
    let mut registered: HashMap<&Oid, usize> = HashMap::new();
    let mut found = vec![false; lines.len()];
    branches.walk(&mut |step| match step {
        Step::Come(at) => {
            let act = &lines[at].entry().act;
            if let Act::SubjectRegistered(act) = act {
                *registered.entry(&act.subject).or_default() += 1;
            }
            found[at] = act.subject().is_some_and(|subject| registered.get(subject).is_some_and(|count| *count > 0));
        }
        Step::Leave(at) => {
            if let Act::SubjectRegistered(act) = &lines[at].entry().act
                && let Some(count) = registered.get_mut(&act.subject)
            {
                *count -= 1;
            }
        }
    });
    found
}

impl<'a> Said<'a> {
    /// All that an entry says; nothing where it is nobody's work.
    pub(super) fn all_of(entry: &'a Entry) -> Vec<Self> {
        let one = |what| vec![Said { entry, what, is_others: false }];
        match &entry.act {
            Act::ItemsSet(act) => {
                let cell = |item: &ItemSet| act.form.cell(&item.group, &item.repeat, &item.item);
                let said = |item| Said { entry, what: What::Answer(cell(item), item), is_others: false };
                act.items.iter().map(said).collect()
            }
            Act::EventDated(act) => one(What::Dated(act)),
            Act::EventMissed(act) => one(What::Missed(act)),
            Act::QueryAnswered(act) => one(What::Answered(act)),
            Act::UserAdded(_) | Act::UserRoleChanged(_) | Act::UserClosed(_) | Act::RecoveryUsed(_) => one(What::Done),
            act if act.is_change() => one(What::Done),
            _ => Vec::new(),
        }
    }

    /// The subject and the place, in words; of what is about no subject the account or nothing more.
    pub(super) fn place(&self) -> String {
        let place = match (&self.what, &self.entry.act) {
            (What::Answer(cell, _), _) => cell.to_string(),
            (What::Dated(EventDated { event, .. }) | What::Missed(EventMissed { event, .. }), _) => event.to_string(),
            (What::Answered(act), _) => act.query.to_string(),
            (What::Done, act) => place_of(act),
        };
        let subject = self.entry.act.subject().map_or_else(String::new, |subject| format!("{subject} "));
        format!("{subject}{place}").trim_end().to_owned()
    }

    /// What it says, in words, as far as a question quotes it.
    pub(super) fn words(&self, tx: &dyn Tx) -> Result<String, StoreError> {
        self.in_words(&Quoted { tx, site: self.site(), most: words::MOST_QUOTED })
    }

    /// The same, however long.
    pub(super) fn whole_words(&self, tx: &dyn Tx) -> Result<String, StoreError> {
        self.in_words(&Quoted { tx, site: self.site(), most: usize::MAX })
    }

    /// The site whose words it says.
    fn site(&self) -> &'a str {
        site_of(&self.entry.log).unwrap_or_default()
    }

    fn in_words(&self, quoted: &Quoted<'_>) -> Result<String, StoreError> {
        let mut said = match &self.what {
            What::Answer(_, item) => quoted.answer(item)?,
            What::Dated(EventDated { date: Some(date), .. }) => format!("the date {}", date.as_str()),
            What::Dated(_) => "the date was withdrawn".to_owned(),
            What::Missed(_) => "it did not take place".to_owned(),
            What::Answered(_) => "a query was answered".to_owned(),
            What::Done => quoted.names(&done(&self.entry.act)),
        };
        for commit in self.beside() {
            said.push_str(&format!(": {}", quoted.text(commit)?));
        }
        Ok(said)
    }

    /// The free texts that its words quote.
    pub(super) fn texts(&self) -> Vec<TextCommit> {
        let value = match &self.what {
            What::Answer(_, ItemSet { value: Some(Stored::Text(words)), .. }) => Some(words.text),
            _ => None,
        };
        value.into_iter().chain(self.beside()).collect()
    }

    /// The free texts beside its value: reasons, questions, comments.
    fn beside(&self) -> Vec<TextCommit> {
        match &self.what {
            What::Answer(_, item) => item.reason.iter().map(|reason| reason.text).collect(),
            _ => self.entry.act.texts(),
        }
    }

    /// Whether the book says the same.
    pub(super) fn stands(&self, tx: &dyn Tx, book: &Book) -> Result<bool, StoreError> {
        Ok(match (&self.what, &self.entry.act) {
            (What::Answer(cell, item), _) => {
                let quoted = Quoted { tx, site: self.site(), most: usize::MAX };
                holds(&quoted, book.cell(cell).map(casebook::Cell::state), item)?
            }
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
            (What::Done, Act::QueryClosed(act)) => is_query(book, &act.query, QueryStatus::Closed),
            (What::Done, Act::QueryReopened(act)) => is_query(book, &act.query, QueryStatus::Open),
            _ => false,
        })
    }

    /// The cell at which it can be asked about.
    pub(super) fn cell(&self, book: &Book, study: &Study) -> Option<CellKey> {
        let of_query = |query: &EntryId| Some(book.query(query)?.raised()?.cell.clone());
        match (&self.what, &self.entry.act) {
            (What::Answer(cell, _), _) => Some(cell.clone()),
            (What::Dated(EventDated { event, .. }) | What::Missed(EventMissed { event, .. }), _) => {
                first_cell(study, event)
            }
            (What::Answered(act), _) => of_query(&act.query),
            (What::Done, Act::QueryClosed(act)) => of_query(&act.query),
            (What::Done, Act::QueryReopened(act)) => of_query(&act.query),
            (What::Done, Act::QueryRaised(act)) => Some(act.form.cell(&act.group, &act.repeat, &act.item)),
            (What::Done, Act::FindingConfirmed(act)) => Some(act.form.cell(&act.group, &act.repeat, &act.item)),
            (What::Done, _) => None,
        }
    }
}

/// Where an act that is no answer and no date was done.
fn place_of(act: &Act) -> String {
    match act {
        Act::EventAdded(act) => act.event.to_string(),
        Act::FormCompleted(act) => act.form.to_string(),
        Act::FormReopened(act) => act.form.to_string(),
        Act::FormNotDone(act) => act.form.to_string(),
        Act::RowAdded(act) => format!("{}/{}[{}]", act.form, act.group, act.repeat),
        Act::RowRemoved(act) => format!("{}/{}[{}]", act.form, act.group, act.repeat),
        Act::FindingConfirmed(act) => act.form.cell(&act.group, &act.repeat, &act.item).to_string(),
        Act::QueryRaised(act) => act.form.cell(&act.group, &act.repeat, &act.item).to_string(),
        Act::QueryClosed(act) => act.query.to_string(),
        Act::QueryReopened(act) => act.query.to_string(),
        Act::LabRangeSet(act) => format!("{} {}", act.lab, act.analyte),
        Act::UserAdded(act) => act.user.to_string(),
        Act::UserRoleChanged(act) => act.user.to_string(),
        Act::UserClosed(act) => act.user.to_string(),
        Act::RecoveryUsed(act) => act.user.to_string(),
        _ => String::new(),
    }
}

/// What such an act says, without its texts. No arm is named.
fn done(act: &Act) -> String {
    match act {
        Act::FindingConfirmed(act) => format!("a finding of {} was confirmed", act.rule),
        Act::QueryRaised(_) => "a query was raised".to_owned(),
        Act::QueryClosed(_) => "a query was closed".to_owned(),
        Act::QueryReopened(_) => "a query was opened again".to_owned(),
        Act::SubjectMigrated(act) => format!("from {} to {}", act.from, act.to),
        Act::UserAdded(act) => format!("{:?} as {:?}", act.name, act.role),
        Act::UserRoleChanged(act) => format!("as {:?}", act.role),
        Act::RecoveryUsed(act) => format!("code {} of set {} set the password", act.code, act.set),
        Act::LabRangeSet(act) => {
            let said = |what: &Option<String>| what.clone().unwrap_or_else(|| "-".to_owned());
            let unit = act.unit.as_ref().map_or_else(String::new, ToString::to_string);
            let (low, high, sex) = (said(&act.low), said(&act.high), said(&act.sex));
            format!("{low} to {high} {unit}, sex {sex}, from {} to {}", said(&act.from), said(&act.to))
        }
        act => act.name().to_owned(),
    }
}

fn is_query(book: &Book, query: &EntryId, status: QueryStatus) -> bool {
    book.query(query).is_some_and(|query| query.status() == status)
}

/// Whether a cell says what an answer says. Two texts say the same when their words do: each commitment has its own salt.
fn holds(quoted: &Quoted<'_>, state: Option<CellState<'_>>, item: &ItemSet) -> Result<bool, StoreError> {
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
            let [held, said] = [quoted.held(held.text)?, quoted.held(said.text)?];
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
