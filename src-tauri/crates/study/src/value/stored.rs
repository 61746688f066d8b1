//! From stored text to a value.

use super::Value;
use super::date::PartialDate;
use super::error::ValueError;
use super::moment::{PartialDateTime, Time, known_part};
use super::number::Number;
use crate::ItemKind;

impl ItemKind {
    /// Reads stored text as a value of this type.
    ///
    /// # Errors
    /// When the text is not one that this program would have stored for the type.
    pub fn read(&self, stored: &str) -> Result<Value, ValueError> {
        match self {
            Self::Integer => {
                let number = Number::read(stored)?;
                if number.decimal.scale() > 0 { Err(ValueError::Fraction) } else { Ok(Value::Number(number)) }
            }
            Self::Float | Self::Double => Number::read(stored).map(Value::Number),
            Self::Date => {
                let date: PartialDate = stored.parse()?;
                if date.is_whole() { Ok(Value::Date(date)) } else { Err(ValueError::PartialDate) }
            }
            Self::PartialDate => stored.parse().map(Value::Date),
            Self::IncompleteDate => known_part(stored).ok_or(ValueError::Date)?.parse().map(Value::Date),
            Self::Time => {
                let time: Time = stored.parse()?;
                if time.is_whole() { Ok(Value::Time(time)) } else { Err(ValueError::PartialTime) }
            }
            Self::PartialTime => stored.parse().map(Value::Time),
            Self::IncompleteTime => {
                let known = stored.find(":-").map_or(stored, |hole| &stored[..hole]);
                known.parse().map(Value::Time)
            }
            Self::DateTime => {
                let moment: PartialDateTime = stored.parse()?;
                if moment.is_whole() { Ok(Value::DateTime(moment)) } else { Err(ValueError::PartialTime) }
            }
            Self::PartialDateTime => stored.parse().map(Value::DateTime),
            Self::IncompleteDateTime => known_part(stored).ok_or(ValueError::Date)?.parse().map(Value::DateTime),
            Self::Boolean => match stored {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                _ => Err(ValueError::Boolean),
            },
            Self::Text
            | Self::String
            | Self::Duration
            | Self::Interval
            | Self::Uri
            | Self::Base64Binary
            | Self::Base64Float
            | Self::HexBinary
            | Self::HexFloat => Ok(Value::Text(stored.into())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_type_reads_its_own_texts() {
        let good = [
            (ItemKind::Integer, "<20"),
            (ItemKind::Float, "4.50"),
            (ItemKind::Date, "2024-03-12"),
            (ItemKind::PartialDate, "2024"),
            (ItemKind::Time, "14:05"),
            (ItemKind::PartialTime, "14"),
            (ItemKind::DateTime, "2024-03-12T14:05"),
            (ItemKind::PartialDateTime, "2024-03"),
            (ItemKind::Boolean, "true"),
            (ItemKind::Text, " as typed "),
        ];
        for (kind, text) in good {
            assert_eq!(kind.read(text).map(|value| value.stored()).as_deref(), Ok(text), "{kind:?}");
        }
        let bad = [
            (ItemKind::Integer, "1.0", ValueError::Fraction),
            (ItemKind::Date, "2024-03", ValueError::PartialDate),
            (ItemKind::Time, "14", ValueError::PartialTime),
            (ItemKind::DateTime, "2024-03-12", ValueError::PartialTime),
            (ItemKind::Boolean, "yes", ValueError::Boolean),
            (ItemKind::IncompleteDate, "----12", ValueError::Date),
        ];
        for (kind, text, fault) in bad {
            assert_eq!(kind.read(text), Err(fault), "{kind:?}");
        }
    }

    #[test]
    fn incomplete_moments_mean_what_is_known_of_them() {
        let year: PartialDate = "2024".parse().expect("a year");
        assert_eq!(ItemKind::IncompleteDate.read("2024---12"), Ok(Value::Date(year)));
        let hour: Time = "14".parse().expect("an hour");
        assert_eq!(ItemKind::IncompleteTime.read("14:-:30"), Ok(Value::Time(hour)));
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,20}|[-0-9T:.<>=+Z]{0,24}") {
            for kind in [ItemKind::Integer, ItemKind::Float, ItemKind::IncompleteDateTime, ItemKind::PartialDateTime, ItemKind::IncompleteTime, ItemKind::Boolean] {
                let _ = kind.read(&text);
            }
        }
    }
}
