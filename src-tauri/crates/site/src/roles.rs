//! The roles of the journal and those of this program's screens.

use screens::messages::Role;

use crate::SiteError;

/// The journal's word for a role.
pub(crate) fn journal_role(role: Role) -> casebook::Role {
    match role {
        Role::Administrator => casebook::Role::Administrator,
        Role::Nurse => casebook::Role::Nurse,
        Role::Investigator => casebook::Role::Investigator,
        Role::Assessor => casebook::Role::Assessor,
    }
}

/// A role of the journal at this site's computers.
pub(crate) fn role_of(role: casebook::Role) -> Result<Role, SiteError> {
    match role {
        casebook::Role::Administrator => Ok(Role::Administrator),
        casebook::Role::Nurse => Ok(Role::Nurse),
        casebook::Role::Investigator => Ok(Role::Investigator),
        casebook::Role::Assessor => Ok(Role::Assessor),
        // A later version's roles: this one knows no screen for them.
        casebook::Role::Monitor | casebook::Role::DataManager => Err(SiteError::NotYourRole),
    }
}
