//! Checks of an item (ODM RangeCheck).

use super::Expression;
use crate::{Oid, Text};

/// What an unmet check means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The form can be completed once a person confirms with a comment.
    Soft,
    /// The form can't be completed.
    Hard,
}

/// How a range check compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparator {
    /// Less than.
    Lt,
    /// At most.
    Le,
    /// Greater than.
    Gt,
    /// At least.
    Ge,
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// One of.
    In,
    /// None of.
    NotIn,
}

impl Comparator {
    /// The comparator with this ODM name.
    pub fn from_odm(name: &str) -> Option<Self> {
        Some(match name {
            "LT" => Self::Lt,
            "LE" => Self::Le,
            "GT" => Self::Gt,
            "GE" => Self::Ge,
            "EQ" => Self::Eq,
            "NE" => Self::Ne,
            "IN" => Self::In,
            "NOTIN" => Self::NotIn,
            _ => return None,
        })
    }
}

/// One check of an item (ODM RangeCheck).
#[derive(Clone, Debug)]
pub struct Check {
    /// Rule id: the item's OID, `#` and the number of the check from 1.
    pub id: Oid,
    /// Comparison with `values`, where the check is one.
    pub comparator: Option<Comparator>,
    /// What is compared with.
    pub values: Vec<String>,
    /// Unit of `values`; the standard unit where absent.
    pub unit: Option<Oid>,
    /// Expressions that are true when all is well.
    pub expressions: Vec<Expression>,
    /// What it means when the check is not met.
    pub severity: Severity,
    /// What is said then; may name operands as `{SYSBP}`.
    pub message: Text,
    /// Line of the definition.
    pub line: u32,
}
