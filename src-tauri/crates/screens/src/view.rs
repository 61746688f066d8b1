//! What a screen of one subject is drawn from.

use casebook::book::Given;
use casebook::{Book, FreeTextId, Origin, Stored, TextCommit, TrialState};
use study::{EventKey, FormKey, ItemDef, Oid, Study};

use crate::calendar::Today;
use crate::messages::Role;
use crate::permissions::{self, Command};
use crate::{Now, labels};

/// Finds the free text that a commitment stands for; none where it was redacted or has not arrived.
pub type Texts<'a> = dyn Fn(&TextCommit) -> Option<String> + 'a;

/// Who looks at a screen, and at which computer.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The person's role.
    pub role: Role,
    /// The site's identifier.
    pub site: String,
    /// The computer's id: the name of the log that it writes.
    pub device: Oid,
    /// The last entry of that log that the center confirmed.
    pub confirmed: u64,
    /// Whether all data is invented.
    pub practice: bool,
}

impl Reader {
    /// Whether the role may call a command.
    pub fn may(&self, command: Command) -> bool {
        permissions::check(command, Some(self.role)).is_ok()
    }

    /// Whether the role must not learn the arm.
    pub fn is_masked(&self) -> bool {
        self.role == Role::Assessor
    }
}

/// A subject's book under its study, for one person in one language at one moment.
///
/// For a masked reader study and book are the smaller ones that `Study::masked_for` and `Book::masked` leave; the view
/// itself keeps back what others wrote about the subject and how much they entered.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The study in the version that the subject is under.
    pub study: &'a Study,
    /// The subject's answers, recomputed under that version.
    pub book: &'a Book,
    /// People, devices, laboratories: what concerns no subject.
    pub trial_state: &'a TrialState,
    /// The free texts.
    pub texts: &'a Texts<'a>,
    /// Who looks.
    pub reader: &'a Reader,
    /// The language of titles and labels, as BCP 47 names it.
    pub language: &'a str,
    /// The moment.
    pub now: Now,
}

/// A view without its subject: what the screens of many subjects have in common.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// People, devices, laboratories: what concerns no subject.
    pub trial_state: &'a TrialState,
    /// The free texts.
    pub texts: &'a Texts<'a>,
    /// Who looks.
    pub reader: &'a Reader,
    /// The language of titles and labels, as BCP 47 names it.
    pub language: &'a str,
    /// The moment.
    pub now: Now,
}

impl<'a> Frame<'a> {
    /// The view of one subject.
    pub fn of(self, study: &'a Study, book: &'a Book) -> View<'a> {
        let Self { trial_state, texts, reader, language, now } = self;
        View { study, book, trial_state, texts, reader, language, now }
    }

    /// The local day.
    pub fn today(&self) -> Today {
        Today::new(&self.now.today())
    }
}

impl<'a> View<'a> {
    /// The local day.
    pub fn today(&self) -> Today {
        Today::new(&self.now.today())
    }

    /// The subject's key; empty for a book without a registration.
    pub fn subject(&self) -> &'a str {
        self.book.subject().map_or("", Oid::as_str)
    }

    /// A free text; empty when it was redacted or has not come yet.
    pub fn free_text(&self, id: FreeTextId) -> String {
        (self.texts)(&id.text).unwrap_or_default()
    }

    /// What somebody wrote as a reason, a comment or in a query. People who know the arm may name it: a masked reader gets
    /// only what assessors wrote.
    pub fn remark(&self, origin: &Origin, id: FreeTextId) -> String {
        let account = || self.trial_state.account(&origin.log, &origin.by);
        if self.reader.is_masked() && account().is_none_or(|account| account.role != casebook::Role::Assessor) {
            return String::new();
        }
        self.free_text(id)
    }

    /// A value as stored, free text looked up.
    pub fn stored(&self, given: &Given) -> String {
        match &given.value {
            Some(Stored::Plain(value)) => value.as_str().to_owned(),
            Some(Stored::Text(id)) => self.free_text(*id),
            None => String::new(),
        }
    }

    /// The name of whoever wrote an entry; the user's id where there is no such account.
    pub fn name(&self, origin: &Origin) -> String {
        self.trial_state.name_of(&origin.log, &origin.by).to_owned()
    }

    /// The number of an entry in its log; 0 for a masked reader, because it counts what others entered.
    pub fn seq(&self, origin: &Origin) -> u64 {
        if self.reader.is_masked() { 0 } else { origin.seq }
    }

    /// An item's question.
    pub fn question(&self, item: &Oid) -> String {
        self.study.items.get(item).map_or("", |item| item.question(self.language)).to_owned()
    }

    /// An event's title.
    pub fn event_title(&self, key: &EventKey) -> String {
        labels::event_title(self.study, key, self.language)
    }

    /// A form's title.
    pub fn form_title(&self, key: &FormKey) -> String {
        labels::form_title(self.study, &key.form, self.language)
    }

    /// A unit's symbol, or nothing.
    pub fn unit(&self, unit: Option<&Oid>) -> String {
        labels::unit(self.study, unit, self.language)
    }

    /// A stored value as a person reads it.
    pub fn value(&self, item: &ItemDef, stored: &str) -> String {
        labels::value(self.study, item, stored, self.language)
    }

    /// A stored value with its unit; in the standard unit where it has none of its own.
    pub fn measured(&self, item: &ItemDef, stored: &str, unit: Option<&Oid>) -> String {
        let unit = self.unit(unit.or(item.standard_unit()));
        format!("{} {unit}", self.value(item, stored)).trim_end().to_owned()
    }
}
