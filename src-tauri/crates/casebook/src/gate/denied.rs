//! Why an act may not be done: who could do it, or what must come first.

use crate::act::Role;
use std::fmt;

/// Why an act may not be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeniedError {
    /// Others do this; where nobody is named, only the program itself.
    #[error("this role may not do that")]
    Role {
        /// Who may.
        may: &'static [Role],
    },
    /// What the act is about is not there, or not there for this role.
    #[error("no such {0}")]
    NoSuch(Thing),
    /// It is so already.
    #[error("the {0} is there already")]
    Already(Thing),
    /// A reason comes first: a form that was declared complete is changed.
    #[error("a reason is needed")]
    ReasonNeeded,
    /// Devices said different things here: a person names all of them, with a reason.
    #[error("devices differ here")]
    Conflict,
    /// The program computes the cell.
    #[error("this is computed")]
    Computed,
    /// The reveal of an allocation fills the cell in.
    #[error("the reveal of an allocation fills this in")]
    Allocated,
    /// Answers, findings or conflicts stand against completing the form.
    #[error("something stands against completing the form")]
    Blocked,
    /// A form that holds answers was done.
    #[error("answers stand in the form")]
    HasData,
    /// Nobody closes the account under which they act.
    #[error("this is the account that is signed in")]
    OwnAccount,
}

/// What an act is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A subject that is registered.
    Subject,
    /// An event of the schedule.
    Event,
    /// A form at its event.
    Form,
    /// A repeating group of a form.
    Group,
    /// A row that was not removed.
    Row,
    /// A cell of a form.
    Cell,
    /// A reason that the study allows in place of a value.
    Reason,
    /// A soft finding on a cell.
    Finding,
    /// A declaration that a form is complete or not done.
    Declaration,
    /// A query in the state that the step needs.
    Query,
    /// A metadata version.
    Version,
    /// A request for an allocation.
    Request,
    /// The reveal of an allocation.
    Allocation,
    /// An account that is open.
    Account,
    /// A device.
    Device,
    /// A line of the register of laboratory limits.
    Line,
    /// A recovery code that nobody was told and nobody used.
    Code,
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subject => "subject",
            Self::Event => "event",
            Self::Form => "form",
            Self::Group => "group",
            Self::Row => "row",
            Self::Cell => "cell",
            Self::Reason => "reason",
            Self::Finding => "finding",
            Self::Declaration => "declaration",
            Self::Query => "query",
            Self::Version => "version",
            Self::Request => "request",
            Self::Allocation => "allocation",
            Self::Account => "account",
            Self::Device => "device",
            Self::Line => "line",
            Self::Code => "code",
        })
    }
}

impl DeniedError {
    /// The stable code on which a screen or a script branches.
    pub fn code(self) -> &'static str {
        match self {
            Self::Role { .. } => "not_your_role",
            Self::NoSuch(_) => "no_such",
            Self::Already(Thing::Account) => "user_exists",
            Self::Already(_) => "taken",
            Self::ReasonNeeded => "reason_needed",
            Self::Conflict => "conflict",
            Self::Computed | Self::Allocated => "derived",
            Self::Blocked => "blocked",
            Self::HasData => "has_data",
            Self::OwnAccount => "own_account",
        }
    }
}
