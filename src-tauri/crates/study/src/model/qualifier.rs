//! Signs before numbers that lie beyond what was measured.

/// A sign before a number: beyond what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Qualifier {
    /// `<`: below the limit of detection.
    Less,
    /// `>`: above the limit of detection.
    Greater,
    /// `<=`.
    AtMost,
    /// `>=`.
    AtLeast,
}

impl Qualifier {
    /// The sign as written before the number.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::Greater => ">",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
        }
    }

    /// The qualifier with this sign; `≤` and `≥` are taken, too.
    pub fn from_sign(sign: &str) -> Option<Self> {
        match sign {
            "<" => Some(Self::Less),
            ">" => Some(Self::Greater),
            "<=" | "≤" => Some(Self::AtMost),
            ">=" | "≥" => Some(Self::AtLeast),
            _ => None,
        }
    }
}
