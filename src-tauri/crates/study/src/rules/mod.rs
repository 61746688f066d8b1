//! Skip logic, checks and derivations.

use crate::{Fault, Study};

/// Named pure functions that expressions may call.
#[derive(Clone, Debug, Default)]
pub struct Functions {
    _private: (),
}

/// The compiled rules of a study.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    _private: (),
}

impl Rules {
    /// Compiles the rules of `study`, whose own `rules` are still empty; [`Study::read`] calls this last.
    ///
    /// # Errors
    /// Every fault of every expression.
    pub fn compile(_study: &Study, _functions: &Functions) -> Result<Self, Vec<Fault>> {
        Ok(Self::default())
    }
}
