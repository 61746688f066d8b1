//! Why a fork is not settled.

use casebook::act::Branch;

/// Why a fork is not settled. Holds no value and no words of anybody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettleError {
    /// Nobody said why.
    #[error("it must be said why")]
    Reason,
    /// There is nothing to choose between.
    #[error("the log {0} has no second branch")]
    NoFork(String),
    /// The other branch was chosen before.
    #[error("it was settled before: {0} goes on, and that can't be undone")]
    Otherwise(Branch),
    /// What was kept aside is not one branch that can take the other's place.
    #[error(
        "what is kept aside is not one whole branch from the fork on: bundles of it are missing, or it is more than one branch and not just one of them is signed by the key that is approved now; so far only the branch held first can go on (--keep held)"
    )]
    NotWhole,
    /// Others work with the branch that would go.
    #[error(
        "another device was given entries of the branch held first, by a reply or by a kit with data, and works with them: only that branch can go on (--keep held)"
    )]
    Given,
    /// What would go can't be read.
    #[error("the branch held first is damaged at seq {0}: only that branch can go on (--keep held)")]
    Damaged(u64),
    /// Nobody could go on with it.
    #[error(
        "this branch is signed by a key that the device has no more, and the other one by the key that is approved now: a vault that goes on with this branch is refused, so only the other one can go on"
    )]
    Replaced,
    /// Nobody could go on with it, nor with the other one.
    #[error(
        "this branch is signed by a key that the device has no more, so a vault that goes on with it is refused, and the other one can't be chosen or is no better: take in first what the device has sent under its approved key. Where that is all, settle without a vault (--without-vault), then found the device anew by a kit with the site's data; ask the site whose entries these are"
    )]
    NoVault,
    /// What would go is not all there.
    #[error(
        "{bundles} bundles of this device wait for an earlier one (the first holds the entries {first} to {last}) and may be of the branch that would be put aside: take in what comes before them, or settle without them (--without-parked); nobody is asked about what they say then"
    )]
    Parked {
        /// How many.
        bundles: u64,
        /// The first entry of the first of them.
        first: u64,
        /// Its last entry.
        last: u64,
    },
    /// Somebody chose between other branches than there are.
    #[error("the branches are not those any more that were shown: look at them again (--show)")]
    Changed,
    /// What would go on can't be read.
    #[error(
        "the branch that came later is damaged at seq {0}, and no bundle that is kept makes it good: only the branch held first can go on (--keep held)"
    )]
    Lost(u64),
    /// A subject was randomised in the branch that would go.
    #[error(
        "a subject was randomised in the branch held first, and that can't be taken back: only that branch can go on (--keep held)"
    )]
    Allocated,
    /// A slot was given to a subject of the branch that would not go on.
    #[error(
        "a slot was released by telephone for a request in the branch that came later, and that can't be taken back: only that branch can go on (--keep later)"
    )]
    Released,
    /// Slots were given for requests that may be of either branch. Holds the keys of their subjects.
    #[error(
        "a slot was released by telephone for a request that has not come ({0}), so that nobody knows of which branch it is: take in the bundle with the request; until then the branch held first stays in force. Where that vault is lost for good, settle without it (--without-request with each of these subjects); the slot is named then"
    )]
    NotCome(String),
}
