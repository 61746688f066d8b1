//! Keys as they come from the window. What is no key is refused while a request is read, so that no act meets one.

use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};
use study::{CellKey, EventKey, FormKey};
use ts_rs::{Config, TS};

/// A key `K`, which crosses as its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key<K>(pub K);

/// Key of an event, `SE.SCR[1]`.
pub type Event = Key<EventKey>;
/// Key of a form, `SE.SCR[1]/F.VS[1]`.
pub type Form = Key<FormKey>;
/// Key of a cell, `SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP`.
pub type Cell = Key<CellKey>;
/// Key of a subject, `S01-003`.
pub type Subject = String;
/// OID of a definition of the study.
pub type Oid = String;
/// Language of the answer's texts, `en` or `zh-CN`.
pub type Lang = String;

impl<'de, K: FromStr> Deserialize<'de> for Key<K> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        K::from_str(&text).map(Self).map_err(|_| de::Error::custom("no key"))
    }
}

impl<K> Deref for Key<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.0
    }
}

impl<K> TS for Key<K> {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    use super::Cell;

    #[test]
    fn what_is_no_key_is_refused_and_not_repeated() {
        let read = |text: &'static str| {
            let from: StrDeserializer<'_, Error> = text.into_deserializer();
            Cell::deserialize(from)
        };
        let key = "SE.SCR[1]/F.VS[1]/IG.VS[1]/IT.VS.SYSBP";
        assert_eq!(read(key).expect("a key").to_string(), key);
        let refused = read("SE.SCR[1]/secret").expect_err("no cell");
        assert!(!refused.to_string().contains("secret"), "{refused}");
    }
}
