//! What an act names: things that may be missing, and statements that may be invalid.

use std::fmt;

/// What an act names and the vault or the study does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// A person's account at this computer.
    Account,
    /// A form for adverse events in the study.
    AdverseEvents,
    /// An analyte of the study.
    Analyte,
    /// An arm of the study.
    Arm,
    /// A cell of a form.
    Cell,
    /// A key of the center in the vault.
    CenterKey,
    /// A practice chart.
    Chart,
    /// A dictionary behind an item.
    Dictionary,
    /// An event of the study.
    Event,
    /// A file that was opened.
    File,
    /// A finding on a cell.
    Finding,
    /// A form of the study at an event.
    Form,
    /// A group of a form.
    Group,
    /// An item of the study.
    Item,
    /// A practice center's ledger of allocations.
    Ledger,
    /// A lesion of the subject.
    Lesion,
    /// A line of the register of limits.
    Line,
    /// A group for new lesions in the form.
    NewLesions,
    /// A grade proposed for a result.
    Proposal,
    /// An open query on a cell.
    Query,
    /// A report of a serious adverse event in a row.
    Report,
    /// A request for an allocation by this computer.
    Request,
    /// A row of a group.
    Row,
    /// A size asked of a lesion.
    Size,
    /// A registered subject.
    Subject,
    /// A term of a dictionary.
    Term,
    /// A form for the assessment of tumours in the study.
    TumourForm,
    /// A vault on this computer.
    Vault,
    /// A version of the study.
    Version,
}

/// What an act states and what can't be used as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A request code: the subject or stratum is beyond what a code can say.
    Code,
    /// A date that is none, or beyond the calendar.
    Date,
    /// The identifier of a new lesion: none is free.
    Identifier,
    /// A reason why there is no value, which the study does not allow here.
    Reason,
    /// A sex that the study does not know.
    Sex,
    /// A lesion that broke up: only the form can enter its parts.
    SplitLesion,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::AdverseEvents => "adverse events",
            Self::Analyte => "analyte",
            Self::Arm => "arm",
            Self::Cell => "cell",
            Self::CenterKey => "center key",
            Self::Chart => "chart",
            Self::Dictionary => "dictionary",
            Self::Event => "event",
            Self::File => "file",
            Self::Finding => "finding",
            Self::Form => "form",
            Self::Group => "group",
            Self::Item => "item",
            Self::Ledger => "ledger",
            Self::Lesion => "lesion",
            Self::Line => "line",
            Self::NewLesions => "new lesions",
            Self::Proposal => "proposal",
            Self::Query => "query",
            Self::Report => "report",
            Self::Request => "request",
            Self::Row => "row",
            Self::Size => "size",
            Self::Subject => "subject",
            Self::Term => "term",
            Self::TumourForm => "tumour form",
            Self::Vault => "vault",
            Self::Version => "version",
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code => "request code",
            Self::Date => "date",
            Self::Identifier => "identifier",
            Self::Reason => "reason",
            Self::Sex => "sex",
            Self::SplitLesion => "lesion in several parts",
        })
    }
}
