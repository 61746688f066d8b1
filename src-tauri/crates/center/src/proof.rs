//! Whether a device came by a kit of its site: what is shown to whoever approves it. Each kit counts once.

use crate::store::{Device, DeviceState, StoreError, Tx};
use bundle::{Activation, Envelope};
use casebook::Instant;
use serde::Serialize;
use std::fmt;

/// Whether a device came by a kit of its site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "came_by", rename_all = "snake_case")]
pub enum KitProof {
    /// It shows none. A kit of an earlier version can't be shown.
    None,
    /// The key of a device that was approved with another one.
    NewKey {
        /// Whether it shows a kit: that by which the device came, where that is known. Who has an old copy of its vault shows it, too,
        /// and a kit of an earlier version can't be shown: the words say whose key it is.
        shows_kit: bool,
    },
    /// By a kit that no other device came by.
    Kit {
        /// When the kit was made.
        made: Instant,
    },
    /// By a kit that served another device before.
    Used {
        /// When the kit was made.
        made: Instant,
        /// The device that was approved with it.
        by: String,
    },
}

impl fmt::Display for KitProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("shows no kit of this site"),
            Self::NewKey { shows_kit: true } => f.write_str("is a new key of a known device, and shows its kit"),
            Self::NewKey { shows_kit: false } => f.write_str("is a new key of a known device, and shows no kit of it"),
            Self::Kit { made } => write!(f, "came by the kit of {made}"),
            Self::Used { made, by } => write!(f, "came by the kit of {made}, which was used for {by} already"),
        }
    }
}

/// How a device's kit stands: of one that waits, and of one that was approved.
pub(crate) fn kit_proof(tx: &dyn Tx, device: &Device) -> Result<KitProof, StoreError> {
    // Also one that was rejected by mistake.
    let is_asking = matches!(device.state, DeviceState::Waiting | DeviceState::Rejected);
    if is_asking && tx.device(&device.log)?.is_some() {
        return Ok(KitProof::NewKey { shows_kit: device.kit.is_some() });
    }
    let Some(number) = device.kit else { return Ok(KitProof::None) };
    let kits = tx.kits(&device.site)?;
    let Some(made) = kits.iter().find(|kit| kit.number == number).map(|kit| kit.made) else {
        return Ok(KitProof::None);
    };
    // Of several devices that were approved with one kit, it counts for the one that was heard of first.
    let with_kit = |other: &Device| other.kit == Some(number) && other.state.is_known();
    let served = tx.devices()?.into_iter().filter(with_kit).min_by_key(|other| (other.first_seen, other.log.clone()));
    Ok(match served {
        Some(other) if other.log != device.log || other.key != device.key => KitProof::Used { made, by: other.log },
        _ => KitProof::Kit { made },
    })
}

/// The kit of the sender's site that an envelope shows.
pub(crate) fn shown_kit(tx: &dyn Tx, envelope: &Envelope) -> Result<Option<u64>, StoreError> {
    let sender = Activation::of(envelope);
    let kits = tx.kits(&envelope.sender.site)?;
    Ok(kits.iter().find(|kit| sender.is_shown(envelope, &kit.code)).map(|kit| kit.number))
}
