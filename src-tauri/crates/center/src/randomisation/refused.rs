//! Why a request gets no slot.

use std::fmt;

/// Why a request gets no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReleaseError {
    /// No device of that name, or several.
    UnknownDevice,
    /// The device was not approved yet.
    Waiting,
    /// The device was revoked.
    Revoked,
    /// The device's log has two branches.
    Forked,
    /// A request before this one was never answered.
    Skipped,
    /// Another request of this number was answered, or has come: a copy, or a vault turned back.
    OtherRequest,
    /// The subject has a slot.
    SubjectTaken,
    /// The subject's slot is in another stratum.
    OtherStratum,
    /// The slot was lost with a branch of the device's log.
    LostSlot,
    /// No such stratum.
    NoStratum,
    /// Every slot of the stratum is used.
    Full,
}

impl ReleaseError {
    /// Its name in the log.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownDevice => "unknown_device",
            Self::Waiting => "waiting",
            Self::Revoked => "revoked",
            Self::Forked => "forked",
            Self::Skipped => "skipped",
            Self::OtherRequest => "other_request",
            Self::SubjectTaken => "subject_taken",
            Self::OtherStratum => "other_stratum",
            Self::LostSlot => "lost_slot",
            Self::NoStratum => "no_stratum",
            Self::Full => "full",
        }
    }

    /// Whether this request will never be answered, so that the device's next one is in turn.
    pub(super) fn is_final(code: &str) -> bool {
        [Self::SubjectTaken, Self::OtherStratum, Self::NoStratum, Self::Full].iter().any(|why| why.code() == code)
    }
}

impl std::error::Error for ReleaseError {}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownDevice => "no device known here sent this request (name it with --device where two fit)",
            Self::Waiting => "the device waits for approval",
            Self::Revoked => "the device was revoked",
            Self::Forked => "the device's log has two branches; settle that first",
            Self::Skipped => "an earlier request of this device was never called in; ask for that one first",
            Self::OtherRequest => {
                "another request of this device had this number: the vault was copied or turned back. Nothing is released"
            }
            Self::SubjectTaken => "the subject has a slot already; with --deviation the same slot is released again",
            Self::OtherStratum => "the subject's slot is in another stratum",
            Self::LostSlot => {
                "the slot was lost when the device's log was settled: its request was put aside, or never came. It goes to no other \
                 person; whoever has this subject key now asks once more, without --deviation, and is dealt the next slot"
            }
            Self::NoStratum => "there is no such stratum",
            Self::Full => "every slot of this stratum is used",
        })
    }
}
