//! Passwords made expensive to guess: Argon2id (RFC 9106).

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::SealError;

/// What hashing a password costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Argon2's memory cost in KiB.
    pub memory_kib: u32,
    /// Argon2's time cost: passes over the memory.
    pub passes: u32,
    /// Argon2's degree of parallelism.
    pub lanes: u32,
}

impl Cost {
    /// The least that is ever used or accepted: 64 MiB, three passes, one lane (RFC 9106 section 4's second choice has
    /// the same memory and passes with four lanes).
    #[must_use]
    pub const fn floor() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }

    /// The most that is accepted, so that an edited file cannot exhaust the computer.
    const fn ceiling() -> Self {
        Self { memory_kib: 1024 * 1024, passes: 64, lanes: 16 }
    }

    /// The cost that takes about `target` (500 ms is meant) on this computer, never under the floor. More passes rather
    /// than more memory, so that an old laptop with 4 GB still opens it.
    ///
    /// # Errors
    /// [`SealError::CostOutOfBounds`] when the computer cannot spare 64 MiB.
    pub fn calibrate(target: Duration) -> Result<Self, SealError> {
        let floor = Self::floor();
        let start = Instant::now();
        derive(b"calibration", &[0; 16], &floor)?;
        let per_pass = start.elapsed().max(Duration::from_millis(1)) / floor.passes;
        let passes = target.as_nanos() / per_pass.as_nanos().max(1);
        let passes = u32::try_from(passes).unwrap_or(u32::MAX).clamp(floor.passes, Self::ceiling().passes);
        Ok(Self { passes, ..floor })
    }

    /// Whether it lies between the least and the most.
    pub(crate) fn is_sensible(&self) -> bool {
        let most = Self::ceiling();
        self.is_within(&Self::floor(), &most) && self.work() <= Self { passes: most.passes, ..Self::floor() }.work()
    }

    /// What it costs in time: KiB that are gone over.
    fn work(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }

    fn is_within(&self, least: &Self, most: &Self) -> bool {
        (least.memory_kib..=most.memory_kib).contains(&self.memory_kib)
            && (least.passes..=most.passes).contains(&self.passes)
            && (least.lanes..=most.lanes).contains(&self.lanes)
    }
}

/// The key that a password gives with a salt.
///
/// # Errors
/// [`SealError::CostOutOfBounds`] when the cost is none that can be computed here.
pub(crate) fn derive(password: &[u8], salt: &[u8; 16], cost: &Cost) -> Result<Zeroizing<[u8; 32]>, SealError> {
    #[cfg(test)]
    DERIVED.set(DERIVED.get() + 1);
    #[cfg(feature = "remembered-keys")]
    return remembered::derive(password, salt, cost);
    #[cfg(not(feature = "remembered-keys"))]
    compute(password, salt, cost)
}

#[cfg(all(feature = "remembered-keys", not(debug_assertions)))]
compile_error!("remembered keys are for tests alone");

fn compute(password: &[u8], salt: &[u8; 16], cost: &Cost) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let params =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| SealError::CostOutOfBounds)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut *key)
        .map_err(|_| SealError::CostOutOfBounds)?;
    Ok(key)
}

/// Keys that this process derived before: only for tests that would derive the same ones some hundred thousand times.
#[cfg(feature = "remembered-keys")]
mod remembered {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    use super::{Cost, SealError, Zeroizing, compute};

    /// Derived from a password, a salt and a cost.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    struct From {
        password: Vec<u8>,
        salt: [u8; 16],
        cost: [u32; 3],
    }

    static KEYS: Mutex<BTreeMap<From, [u8; 32]>> = Mutex::new(BTreeMap::new());

    pub(super) fn derive(password: &[u8], salt: &[u8; 16], cost: &Cost) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let costs = [cost.memory_kib, cost.passes, cost.lanes];
        let from = From { password: password.to_vec(), salt: *salt, cost: costs };
        if let Some(key) = KEYS.lock().unwrap_or_else(PoisonError::into_inner).get(&from) {
            return Ok(Zeroizing::new(*key));
        }
        let key = compute(password, salt, cost)?;
        KEYS.lock().unwrap_or_else(PoisonError::into_inner).insert(from, *key);
        Ok(key)
    }
}

#[cfg(test)]
thread_local! {
    /// How often a key was derived on this thread: tests count, no clock is asked.
    pub(crate) static DERIVED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    #[test]
    fn rfc_9106_known_answer() {
        // RFC 9106, section 5.3, uses a secret and associated data, which a password slot has not: the library is held to it.
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).expect("twelve bytes are within bounds"))
            .output_len(32)
            .build()
            .expect("the RFC's parameters are within bounds");
        let argon =
            Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).expect("eight bytes fit");
        let mut tag = [0; 32];
        argon.hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("the RFC's parameters are within bounds");
        assert_eq!(hex::encode(&tag), "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    #[test]
    fn argon2id_as_others_compute_it() {
        // The same by OpenSSL's ARGON2ID. The result must never change, or no slot opens any more.
        let key = derive(b"password", b"saltsaltsaltsalt", &Cost::floor()).expect("the floor is within bounds");
        assert_eq!(hex::encode(&*key), "0da38a14b42c0a97db18714d0011c5c63cec962e19202b7cdfe8ead145435e54");
    }

    /// S15: a file that asked for the most of both memory and passes held up whoever tried a password, for a minute and more. What
    /// any version wrote stays within.
    #[test]
    fn s15_more_memory_takes_fewer_passes() {
        let cost = |memory_mib: u32, passes| Cost { memory_kib: memory_mib * 1024, passes, lanes: 1 };
        for good in [Cost::floor(), cost(64, 64), cost(1024, 4), Cost { lanes: 16, ..cost(1024, 3) }] {
            assert!(good.is_sensible(), "{good:?}");
        }
        for absurd in [cost(64, 65), cost(1024, 5), cost(128, 64), Cost { lanes: 16, ..cost(1024, 64) }] {
            assert!(!absurd.is_sensible(), "{absurd:?}");
        }
    }

    #[test]
    fn calibration_never_goes_under_the_floor() {
        let quick = Cost::calibrate(Duration::from_millis(1)).expect("64 MiB are there");
        assert_eq!(quick, Cost::floor());
        let slow = Cost::calibrate(Duration::from_secs(2)).expect("64 MiB are there");
        assert!(slow.passes >= 3 && slow.memory_kib == Cost::floor().memory_kib);
    }
}
