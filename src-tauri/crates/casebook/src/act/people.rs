//! Accounts, roles and sessions.
//!
//! **Frozen format: do not modify.** Names, keys and their order are hashed and signed; later versions may only add acts.

use crate::text::FreeTextId;
use serde::{Deserialize, Serialize};
use study::Oid;

/// A role at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Site administrator: accounts, device, bundles; enters no data.
    Administrator,
    /// Research nurse: enters data.
    Nurse,
    /// Investigator: enters, reviews, signs.
    Investigator,
    /// Monitor: verifies and queries.
    Monitor,
    /// Works at the coordinating center.
    DataManager,
    /// Assesses outcomes and must not learn the arm: sees what the study opens to the role, and nothing else.
    Assessor,
}

impl Role {
    /// The name by which a study file opens places to this role, if it is masked; the other roles see everything.
    pub fn masked_as(self) -> Option<&'static str> {
        (self == Role::Assessor).then_some("assessor")
    }
}

/// An account was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAdded {
    /// User id; never used again, not even after closing.
    pub user: Oid,
    /// Name as shown and signed.
    pub name: String,
    /// Role.
    pub role: Role,
    /// The user's Ed25519 public key, OpenSSH line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whether somebody else chose the password, so that its person sets an own one before anything else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub must_change: bool,
}

/// An account got another role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRoleChanged {
    /// User id.
    pub user: Oid,
    /// The role from now on.
    pub role: Role,
}

/// An account was closed for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserClosed {
    /// User id.
    pub user: Oid,
    /// The reason, as a free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<FreeTextId>,
}

/// Somebody signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionOpened {
    /// User id.
    pub user: Oid,
}

/// Somebody was not let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRefused {
    /// User id where there is such an account; what was typed otherwise may be a password and is not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Oid>,
    /// Failures in a row, this one included.
    pub failures: u32,
}
