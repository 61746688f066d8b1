//! Keys and secrets as they come from the window. What is no key is refused while a request is read, so that no act meets
//! one.

use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};
use study::{CellKey, EventKey, FormKey};
use ts_rs::{Config, TS};
use zeroize::Zeroizing;

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
/// Number of a file or folder that a person chose (`messages::Chosen`).
pub type ChosenId = u32;
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

/// A password or passphrase as it was typed. Wiped when dropped; it can be neither copied nor shown.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The words, still wiped when dropped.
    #[must_use]
    pub fn into_words(self) -> Zeroizing<String> {
        self.0
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|words| Self(Zeroizing::new(words)))
    }
}

impl TS for Secret {
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

    use super::{Cell, Secret};

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

    /// security.md, M8: a request's password was an ordinary text, which anything could copy and print.
    #[test]
    fn m8_a_secret_crosses_as_text() {
        let from: StrDeserializer<'_, Error> = "willow-anchor-77".into_deserializer();
        let secret = Secret::deserialize(from).expect("a secret");
        assert_eq!(&*secret, "willow-anchor-77");
        assert_eq!(secret.into_words().as_str(), "willow-anchor-77");
    }
}
