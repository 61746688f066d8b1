//! Formal expressions, as the study file holds them.

/// A formal expression (ODM FormalExpression).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// Language; this program evaluates `CEL`.
    pub context: String,
    /// Source text of the expression.
    pub text: String,
    /// Line on which it begins.
    pub line: u32,
}

impl Expression {
    /// Whether this program evaluates it.
    pub fn is_cel(&self) -> bool {
        self.context == "CEL"
    }
}
