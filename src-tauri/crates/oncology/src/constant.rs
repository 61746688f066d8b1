//! One line of the list of clinical constants that a clinician signs.

use rust_decimal::Decimal;

/// How well a constant is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Read in the named source, or computed from it: \[V\].
    Verified,
    /// Domain knowledge whose source text was not re-read: \[K\]. A clinician signs it before a trial relies on it.
    Known,
}

impl Mark {
    /// `V` or `K`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Verified => "V",
            Self::Known => "K",
        }
    }
}

/// A line of the list that a clinician signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constant {
    /// Where it stands in this room: `albi::GRADE_1_TO`, or `child_pugh::PUGH_1.inr` for a part of one.
    pub name: String,
    /// Its value as the program uses it.
    pub value: String,
    /// Unit of the value; empty for a bare number.
    pub unit: &'static str,
    /// What it is for.
    pub meaning: String,
    /// Document and section that it comes from.
    pub source: &'static str,
    /// How well the source was read.
    pub mark: Mark,
}

impl Constant {
    /// A line from its parts.
    pub fn new(
        name: &str,
        value: impl ToString,
        unit: &'static str,
        meaning: &str,
        source: &'static str,
        mark: Mark,
    ) -> Self {
        Self { name: name.to_owned(), value: value.to_string(), unit, meaning: meaning.to_owned(), source, mark }
    }

    /// A line whose value is a list of numbers.
    pub fn list(
        name: &str,
        values: &[Decimal],
        unit: &'static str,
        meaning: &str,
        source: &'static str,
        mark: Mark,
    ) -> Self {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        Self::new(name, values.join(", "), unit, meaning, source, mark)
    }
}
