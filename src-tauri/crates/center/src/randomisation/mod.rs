//! Allocation: the center deals the arms, publishes their sealed slots, and releases one slot per request.
//!
//! `allocation/` in the center's folder holds `slots.ndjson` and its signature, which are public, and `ledger.ndjson` with
//! the arms and keys, which never leaves. What was released is folded from the center's own log, so nothing can be released
//! without an entry that is chained to all others.

mod audit;
mod refused;
mod release;
mod released;
mod standing;
mod watch;

pub use audit::Audit;
pub use refused::ReleaseError;
pub use release::Release;
pub(crate) use released::{Given, released};
use released::{Released, each_allocation_act};
pub(crate) use standing::allocation_status;
pub use standing::{AllocatedStatus, AllocationStatus, StratumStatus};
pub(crate) use watch::Watched;

use crate::layout::ALLOCATION;
use crate::store::Tx;
use crate::{Center, CenterError, Stamp, keys, platform};
use allocation::Plan;
use allocation::{Ledger, SLOTS_NAMESPACE, SlotList};
use casebook::act::{AllocationPublished, AllocationReleased};
use casebook::{Act, CENTER, EntryId};
use std::fs;
use std::path::{Path, PathBuf};

const LEDGER: &str = "ledger.ndjson";
const RELEASES: &str = "releases.ndjson";

/// The public half of an allocation: what kits and replies carry.
pub(crate) struct PublishedSlots {
    pub list: SlotList,
    pub signature: String,
}

impl Center {
    /// Deals the arms, seals them, signs the list of sealed slots and publishes its root in the center's log. Once only.
    /// A seed settles the arms, so only a practice center takes one.
    ///
    /// # Errors
    /// When the study allocates nothing or says something impossible of it, or there is a list already.
    pub fn make_allocation(&self, stamp: &Stamp, seed: Option<u64>) -> Result<EntryId, CenterError> {
        if seed.is_some() && !self.is_practice() {
            return Err(CenterError::Seed);
        }
        let plan = self.plan()?.ok_or(CenterError::NothingAllocated)?;
        self.lay_allocation(stamp, &Ledger::make(&self.card.study, &plan, seed)?)
    }

    /// Takes over the ledger that a practice site was founded on.
    pub(crate) fn adopt_allocation(&self, stamp: &Stamp, from: &Path) -> Result<(), CenterError> {
        let path = from.join(LEDGER);
        if !path.exists() {
            return Ok(());
        }
        let bytes = fs::read(&path).map_err(CenterError::file(&path))?;
        self.lay_allocation(stamp, &Ledger::read(&bytes)?)?;
        self.adopt_releases(stamp, &from.join(RELEASES))
    }

    /// What was released before this center was made goes into its log.
    fn adopt_releases(&self, stamp: &Stamp, file: &Path) -> Result<(), CenterError> {
        if !file.exists() {
            return Ok(());
        }
        let text = fs::read_to_string(file).map_err(CenterError::file(file))?;
        let read = |line| serde_json::from_str(line).map_err(|_| CenterError::Damaged(RELEASES));
        let acts = text.lines().map(read).collect::<Result<Vec<AllocationReleased>, _>>()?;
        self.store.transact(|tx| acts.into_iter().try_for_each(|act| self.write(tx, stamp, act).map(drop)))
    }

    fn lay_allocation(&self, stamp: &Stamp, ledger: &Ledger) -> Result<EntryId, CenterError> {
        let list = ledger.seal()?;
        let signature = self.keys.signing.sign_ssh(SLOTS_NAMESPACE, list.bytes());
        let act = AllocationPublished {
            root: list.root(),
            strata: u32::try_from(list.strata().len()).unwrap_or(u32::MAX),
            slots: list.slots(),
        };
        let (folder, secret) = (self.folder.join(ALLOCATION), self.ledger_file());
        let mut laid = false;
        // Alone among all writers, so that nobody else's list gets between the files and what is published.
        let published = self.store.transact(|tx| {
            if is_published(tx)? {
                return Err(CenterError::AllocationMade);
            }
            self.write(tx, stamp, act)?;
            platform::private_folder(&folder).map_err(CenterError::file(&folder))?;
            keys::make_private(&folder)?;
            if secret.exists() {
                // Of an attempt that broke off before it was published. Nobody knows its root, but arms are never deleted.
                platform::put_aside(&secret, "unpublished").map_err(CenterError::file(&secret))?;
            }
            keys::replace(&folder.join(SlotList::NAME), list.bytes())?;
            keys::replace(&folder.join(SlotList::SIGNATURE_NAME), signature.as_bytes())?;
            // The ledger comes last, and counts only once the log says what it is: a broken attempt can be made again.
            laid = true;
            keys::write_secret(&secret, &ledger.write())
        });
        if published.is_err() && laid && secret.exists() {
            fs::remove_file(&secret).map_err(CenterError::file(&secret))?;
        }
        published.map(|()| list.root())
    }

    /// What the study says of allocation.
    pub(crate) fn plan(&self) -> Result<Option<Plan>, CenterError> {
        Ok(Plan::of(&self.study)?)
    }

    /// The public half; none where nothing was dealt, or what was dealt was not published.
    pub(crate) fn published_slots(&self, tx: &dyn Tx) -> Result<Option<PublishedSlots>, CenterError> {
        if !self.ledger_file().exists() || !is_published(tx)? {
            return Ok(None);
        }
        let read = |name: &str| {
            let path = self.folder.join(ALLOCATION).join(name);
            fs::read(&path).map_err(CenterError::file(&path))
        };
        let list = SlotList::read(&read(SlotList::NAME)?)?;
        let signature = String::from_utf8(read(SlotList::SIGNATURE_NAME)?);
        Ok(Some(PublishedSlots {
            list,
            signature: signature.map_err(|_| CenterError::Damaged("the slots' signature"))?,
        }))
    }

    /// The secret half, of what was published.
    pub(crate) fn ledger(&self, tx: &dyn Tx) -> Result<Ledger, CenterError> {
        let path = self.ledger_file();
        if !path.exists() || !is_published(tx)? {
            return Err(CenterError::NoAllocation);
        }
        Ok(Ledger::read(&keys::read_secret_bytes(&path)?)?)
    }

    fn ledger_file(&self) -> PathBuf {
        self.folder.join(ALLOCATION).join(LEDGER)
    }
}

/// Whether the center's log says that slots were dealt: a ledger alone may be what a broken attempt left.
fn is_published(tx: &dyn Tx) -> Result<bool, CenterError> {
    let mut found = false;
    each_allocation_act(tx, CENTER, &mut |_, act| found |= matches!(act, Act::AllocationPublished(_)))?;
    Ok(found)
}
