//! Object identifiers and repeat keys: short texts that are cloned everywhere and compared often.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

/// Longest name, in bytes, that the journal can write: of a study, a metadata version, an arm, a device, a person.
pub const MAX_NAME: usize = 128;

/// Whether the journal can write a name: short, printable and not empty.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= MAX_NAME && !name.chars().any(char::is_control)
}

/// An ODM object identifier, exactly as the study file spells it. Cloning is cheap.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Oid(Arc<str>);

/// A repeat key: `1` for what does not repeat, `1`, `2` … for events, `<device>.<n>` for rows. Cloning is cheap.
///
/// Whole numbers sort by their value and before all other keys.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Repeat(Arc<str>);

macro_rules! short_text {
    ($name:ident) => {
        impl $name {
            /// The characters, as the study file has them.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<&$name> for $name {
            fn from(other: &$name) -> Self {
                other.clone()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
    };
}

short_text!(Oid);
short_text!(Repeat);

impl Oid {
    /// The name by which rules call this thing: the last dot-separated segment, other signs than letters, digits and `_`
    /// replaced by `_`. `IT.VS.SYSBP` is `SYSBP`.
    pub fn short_name(&self) -> String {
        let last = self.0.rsplit('.').next().unwrap_or(&self.0);
        let mut name: String = last.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
            name.insert(0, '_');
        }
        name
    }
}

static FIRST: LazyLock<Repeat> = LazyLock::new(|| Repeat::from("1"));

impl Repeat {
    /// The key of what does not repeat, and of the first of what does: `1`.
    pub fn first() -> Self {
        FIRST.clone()
    }

    /// The key of the `n`th repeat.
    pub fn nth(n: u32) -> Self {
        if n == 1 { Self::first() } else { Self(n.to_string().into()) }
    }

    /// The number, where the key is a whole number written plainly (`7`, not `07`).
    pub fn number(&self) -> Option<u32> {
        let plain = !self.0.starts_with(['0', '+']) || &*self.0 == "0";
        if plain { self.0.parse().ok() } else { None }
    }
}

impl Default for Repeat {
    fn default() -> Self {
        Self::first()
    }
}

impl Ord for Repeat {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.number(), other.number()) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.0.cmp(&other.0),
        }
    }
}

impl PartialOrd for Repeat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_call_things_by_their_last_segment() {
        assert_eq!(Oid::from("IT.VS.SYSBP").short_name(), "SYSBP");
        assert_eq!(Oid::from("SYSBP").short_name(), "SYSBP");
        assert_eq!(Oid::from("IT.a-b c").short_name(), "a_b_c");
        assert_eq!(Oid::from("IT.6MWT").short_name(), "_6MWT");
        assert_eq!(Oid::from("").short_name(), "_");
    }

    #[test]
    fn repeats_sort_by_number_then_by_text() {
        let mut keys: Vec<Repeat> = ["b.1", "10", "2", "a.1", "02"].into_iter().map(Repeat::from).collect();
        keys.sort();
        let texts: Vec<&str> = keys.iter().map(Repeat::as_str).collect();
        assert_eq!(texts, ["2", "10", "02", "a.1", "b.1"]);
    }

    #[test]
    fn texts_are_plain_in_json() {
        let json = serde_json::to_string(&(Oid::from("F.VS"), Repeat::nth(3))).expect("plain strings serialise");
        assert_eq!(json, r#"["F.VS","3"]"#);
    }
}
