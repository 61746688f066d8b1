//! Data types of items.

/// An item's data type, as ODM names them. Types that differ only in how a computer would hold them are told apart
/// because the file must keep its own word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// `text`: characters.
    Text,
    /// `string`: characters.
    String,
    /// `integer`: a whole number.
    Integer,
    /// `float`: kept as an exact decimal.
    Float,
    /// `double`: kept as an exact decimal.
    Double,
    /// `date`: a whole date.
    Date,
    /// `time`: a time of day.
    Time,
    /// `datetime`: a whole date with a time.
    DateTime,
    /// `partialDate`: year, year and month, or a whole date.
    PartialDate,
    /// `partialTime`: hour, hour and minute, or with seconds.
    PartialTime,
    /// `partialDatetime`: a date and time cut off at any precision.
    PartialDateTime,
    /// `incompleteDate`: a date with unknown parts anywhere.
    IncompleteDate,
    /// `incompleteTime`: a time with unknown parts anywhere.
    IncompleteTime,
    /// `incompleteDatetime`: a date and time with unknown parts anywhere.
    IncompleteDateTime,
    /// `durationDatetime`: an ISO 8601 duration.
    Duration,
    /// `intervalDatetime`: an ISO 8601 interval.
    Interval,
    /// `boolean`: true or false.
    Boolean,
    /// `URI`: an address.
    Uri,
    /// `base64Binary`: a picture or a file.
    Base64Binary,
    /// `base64Float`: kept as written.
    Base64Float,
    /// `hexBinary`: a picture or a file.
    HexBinary,
    /// `hexFloat`: kept as written.
    HexFloat,
}

const ODM_NAMES: [(&str, ItemKind); 22] = [
    ("text", ItemKind::Text),
    ("string", ItemKind::String),
    ("integer", ItemKind::Integer),
    ("float", ItemKind::Float),
    ("double", ItemKind::Double),
    ("date", ItemKind::Date),
    ("time", ItemKind::Time),
    ("datetime", ItemKind::DateTime),
    ("partialDate", ItemKind::PartialDate),
    ("partialTime", ItemKind::PartialTime),
    ("partialDatetime", ItemKind::PartialDateTime),
    ("incompleteDate", ItemKind::IncompleteDate),
    ("incompleteTime", ItemKind::IncompleteTime),
    ("incompleteDatetime", ItemKind::IncompleteDateTime),
    ("durationDatetime", ItemKind::Duration),
    ("intervalDatetime", ItemKind::Interval),
    ("boolean", ItemKind::Boolean),
    ("URI", ItemKind::Uri),
    ("base64Binary", ItemKind::Base64Binary),
    ("base64Float", ItemKind::Base64Float),
    ("hexBinary", ItemKind::HexBinary),
    ("hexFloat", ItemKind::HexFloat),
];

impl ItemKind {
    /// The type with this ODM 1.3.2 name.
    pub fn from_odm(name: &str) -> Option<Self> {
        ODM_NAMES.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
    }

    /// The ODM 1.3.2 name.
    pub fn odm_name(self) -> &'static str {
        ODM_NAMES.iter().find(|&&(_, kind)| kind == self).map_or("text", |(name, _)| name)
    }

    /// Whether values are numbers.
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Float | Self::Double)
    }

    /// Whether values are characters that people type freely.
    pub fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::String)
    }

    /// Whether values are dates, whole or partial, without a time.
    pub fn is_date(self) -> bool {
        matches!(self, Self::Date | Self::PartialDate | Self::IncompleteDate)
    }

    /// Whether values are dates with times, whole or partial.
    pub fn is_date_time(self) -> bool {
        matches!(self, Self::DateTime | Self::PartialDateTime | Self::IncompleteDateTime)
    }

    /// Whether values are times of day.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Time | Self::PartialTime | Self::IncompleteTime)
    }

    /// Whether values are pictures or files.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Base64Binary | Self::HexBinary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_keeps_its_name() {
        for (name, kind) in ODM_NAMES {
            assert_eq!(ItemKind::from_odm(name), Some(kind));
            assert_eq!(kind.odm_name(), name);
        }
        assert_eq!(ItemKind::from_odm("DateTime"), None);
    }
}
