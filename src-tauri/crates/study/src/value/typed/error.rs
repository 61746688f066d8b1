//! Why what a person typed can't be stored.

/// Why what was typed can't be stored. It says nothing of the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedValueError {
    /// The field is empty.
    #[error("nothing typed")]
    Empty,
    /// Not a number.
    #[error("not a number")]
    NotANumber,
    /// A comma or space may separate thousands or decimals.
    #[error("thousands or decimals?")]
    AmbiguousSeparator,
    /// More than 28 digits can't be kept exactly.
    #[error("more than 28 digits")]
    TooManyDigits,
    /// A whole number is asked for.
    #[error("not a whole number")]
    NotWhole,
    /// `<` or `>` is not accepted here.
    #[error("qualifier not accepted here")]
    QualifierNotAccepted,
    /// The unit is none of the item's.
    #[error("unit not known here")]
    UnknownUnit,
    /// Not a date.
    #[error("not a date")]
    NotADate,
    /// The calendar has no such date.
    #[error("no such date")]
    NoSuchDate,
    /// The year needs four digits.
    #[error("the year needs four digits")]
    TwoDigitYear,
    /// No chart holds a year before 1800 or after 2199.
    #[error("year out of range")]
    YearOutOfRange,
    /// Day and month are asked for.
    #[error("day or month missing")]
    DateNotWhole,
    /// A day without its month can't be kept.
    #[error("day without month")]
    DayWithoutMonth,
    /// Not a time.
    #[error("not a time")]
    NotATime,
    /// Hour and minute are asked for.
    #[error("hour or minute missing")]
    TimeNotWhole,
    /// No choice of the list.
    #[error("no such choice")]
    NoSuchChoice,
    /// Several choices of the list are called so.
    #[error("several choices are called so")]
    AmbiguousChoice,
    /// Neither yes nor no.
    #[error("neither yes nor no")]
    NotABoolean,
    /// Holds characters that are not text.
    #[error("control characters")]
    ControlCharacters,
    /// Pictures and files are not typed.
    #[error("not typed")]
    NotTyped,
}

impl TypedValueError {
    /// A code by which the window finds its words.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotANumber => "not_a_number",
            Self::AmbiguousSeparator => "ambiguous_separator",
            Self::TooManyDigits => "too_many_digits",
            Self::NotWhole => "not_whole",
            Self::QualifierNotAccepted => "qualifier_not_accepted",
            Self::UnknownUnit => "unknown_unit",
            Self::NotADate => "not_a_date",
            Self::NoSuchDate => "no_such_date",
            Self::TwoDigitYear => "two_digit_year",
            Self::YearOutOfRange => "year_out_of_range",
            Self::DateNotWhole => "date_not_whole",
            Self::DayWithoutMonth => "day_without_month",
            Self::NotATime => "not_a_time",
            Self::TimeNotWhole => "time_not_whole",
            Self::NoSuchChoice => "no_such_choice",
            Self::AmbiguousChoice => "ambiguous_choice",
            Self::NotABoolean => "not_a_boolean",
            Self::ControlCharacters => "control_characters",
            Self::NotTyped => "not_typed",
        }
    }
}
