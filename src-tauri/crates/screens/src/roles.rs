//! The sets of roles that the contract gives commands to.

use crate::messages::Role;

/// Who may call a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Everybody, also while the vault is locked.
    Anyone,
    /// Whoever is signed in in one of these roles.
    Roles(&'static [Role]),
}

/// Everybody who is signed in, but for the masked assessor: a command is closed to that role until its entry opens it.
pub(crate) const UNMASKED: &[Role] = &[Role::Administrator, Role::Nurse, Role::Investigator];
/// The masked assessor, too: through the mask that `masking` lays over study and books.
pub(crate) const MASKED: &[Role] = &[Role::Administrator, Role::Nurse, Role::Investigator, Role::Assessor];
/// Those who enter data.
pub(crate) const ENTERING: &[Role] = &[Role::Nurse, Role::Investigator];
/// Those who enter assessments: the masked assessor enters what the study opens to the role.
pub(crate) const ASSESSING: &[Role] = &[Role::Nurse, Role::Investigator, Role::Assessor];
/// Those who decide under which version of the study subjects are.
pub(crate) const DECIDING: &[Role] = &[Role::Administrator, Role::Investigator];
/// Those who see subjects beside each other by arm.
pub(crate) const INVESTIGATING: &[Role] = &[Role::Investigator];
/// Those who look after accounts.
pub(crate) const ACCOUNTS: &[Role] = &[Role::Administrator];
