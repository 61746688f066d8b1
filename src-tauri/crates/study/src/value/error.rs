//! Why a text is no value.

/// Why a stored text is no value of its item's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not plain decimal digits.
    #[error("not a number")]
    Number,
    /// More than 28 digits can't be kept exactly.
    #[error("more than 28 digits")]
    TooManyDigits,
    /// A whole number is asked for.
    #[error("not a whole number")]
    Fraction,
    /// Not an ISO 8601 date.
    #[error("not a date")]
    Date,
    /// The calendar has no such date.
    #[error("no such date")]
    NoSuchDate,
    /// A whole date is asked for.
    #[error("day or month missing")]
    PartialDate,
    /// Not an ISO 8601 time.
    #[error("not a time")]
    Time,
    /// A whole time is asked for.
    #[error("hour or minute missing")]
    PartialTime,
    /// Neither `true` nor `false`.
    #[error("neither true nor false")]
    Boolean,
}
