//! Compiled expressions: a tree whose names are resolved to places.

use super::builtin::Builtin;
use super::functions::Function;
use super::item_info::ItemInfo;
use super::kind::Kind;
use super::survey::Survey;
use crate::Oid;
use crate::value::{Comparison, PartialDate};
use regex::Regex;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Where a cell is, as seen from the place at which the rule is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// In the same row of the same group.
    Row,
    /// In the same form.
    Form,
    /// In another form of the same event.
    Event { form: Oid },
    /// In a form of a named event that takes place once.
    At { event: Oid, form: Oid },
}

/// One cell that an expression reads.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub at: Where,
    pub group: Oid,
    pub item: Arc<ItemInfo>,
}

/// Which of several values over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// The last up to this visit.
    Latest,
    /// The last at an earlier visit.
    Previous,
    /// The last up to the day of this event.
    Baseline(Oid),
}

/// An item in a group of a form, wherever it is filled.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub form: Oid,
    pub group: Oid,
    pub repeating: bool,
    pub item: Arc<ItemInfo>,
}

/// One value among those that an item has over time.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub moment: Moment,
    pub series: Vec<Series>,
}

/// How far rows are gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// This form.
    Form,
    /// This event where it is one of these, which hold the rows' form; the whole casebook otherwise.
    Nearest(Vec<Oid>),
    /// One event.
    At(Oid),
    /// The whole casebook.
    Subject,
}

/// Rows that an expression gathers.
#[derive(Clone, Debug)]
pub(super) struct RowsSource {
    pub span: Span,
    /// Forms, with the group whose rows are meant (none for the form as a whole), and whether it repeats.
    pub sites: Vec<RowsSite>,
}

/// A group in a form whose rows are gathered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RowsSite {
    pub form: Oid,
    pub group: Option<Oid>,
    pub repeating: bool,
}

/// What can be asked of a row.
#[derive(Clone, Debug)]
pub(super) enum RowFact {
    /// A cell: its group (the row's own, or one that does not repeat), and the item.
    Cell { group: Oid, item: Arc<ItemInfo> },
    /// The date of its event.
    VisitDate,
    /// The name of its event.
    Visit,
    /// Its event's repeat, as a number.
    VisitRepeat,
}

/// Arithmetic between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// What a macro does with each member of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// `list.each(variable, body)`.
#[derive(Debug)]
pub(super) struct Loop {
    pub each: Each,
    pub list: Node,
    /// Which members are looked at at all (`map` with three arguments).
    pub only: Option<Node>,
    pub body: Node,
}

/// A compiled expression.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Arc<str>),
    Date(PartialDate),
    /// Number of a [`Reference`].
    Cell(usize),
    /// Number of a [`History`].
    History(usize),
    /// Number of a [`RowsSource`].
    Rows(usize),
    VisitDate,
    Visit,
    VisitRepeat,
    /// Number of an enclosing macro's variable, from outside.
    Variable(usize),
    Fact(Box<Node>, RowFact),
    Not(Box<Node>),
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    If(Box<(Node, Node, Node)>),
    Compare(Comparison, Box<(Node, Node)>),
    /// Whether there is a value.
    Present(Box<Node>),
    In(Box<(Node, Node)>),
    Arithmetic(Arithmetic, Box<(Node, Node)>),
    Negate(Box<Node>),
    List(Vec<Node>),
    Index(Box<(Node, Node)>),
    Loop(Box<Loop>),
    Call(Builtin, Vec<Node>),
    External(Function, Vec<Node>),
    /// A function that looks at the whole casebook.
    Survey(Box<Surveying>),
    /// Whether text matches a pattern.
    Matches(Box<Node>, Regex),
}

/// A call of a survey.
pub(super) struct Surveying {
    pub name: Arc<str>,
    pub survey: Arc<dyn Survey>,
    pub params: Arc<[Kind]>,
    pub args: Vec<Node>,
    /// What it may read.
    pub items: HashMap<Oid, Arc<ItemInfo>>,
}

impl fmt::Debug for Surveying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", self.name, self.args)
    }
}

/// How far the places that a rule reads may be from the place at which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    Row,
    Form,
    Event,
    Subject,
}

/// Something that an expression depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// The event, where only one is read.
    pub event: Option<Oid>,
    pub form: Oid,
    /// None where only the existence of the form counts.
    pub group: Option<Oid>,
    /// None where only the existence of rows counts.
    pub item: Option<Oid>,
    pub reach: Reach,
    /// Whether only earlier visits are read, so that nothing read can depend on the reader.
    pub earlier: bool,
}

/// A compiled expression with what it reads.
#[derive(Debug)]
pub(super) struct Program {
    pub root: Node,
    pub references: Vec<Reference>,
    pub histories: Vec<History>,
    pub rows: Vec<RowsSource>,
    /// Everything read, as definitions.
    pub reads: Vec<Read>,
    /// Whether recorded dates of events matter.
    pub reads_dates: bool,
    /// The text as the study file has it.
    pub text: Arc<str>,
}
