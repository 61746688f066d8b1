//! Why a line is not taken into the register of laboratory limits.

/// Why a line is not taken into the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabLineError {
    /// The laboratory has no name, or one that is too long.
    #[error("a laboratory needs a name")]
    Name,
    /// Neither a lower nor an upper limit.
    #[error("a limit is needed")]
    NoLimit,
    /// The lower limit does not lie below the upper one.
    #[error("the lower limit is not below the upper one")]
    Order,
    /// The last day lies before the first, or a date is partial.
    #[error("the days are not in order")]
    Days,
}

impl LabLineError {
    /// The stable code on which the window branches.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "lab_name",
            Self::NoLimit => "lab_no_limit",
            Self::Order => "lab_order",
            Self::Days => "lab_days",
        }
    }
}
