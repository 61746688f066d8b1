//! The vaults of this computer, as the first screen lists them: what may be known without a key.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use screens::messages::{PracticeAccounts, Role, VaultCard};
use serde::{Deserialize, Serialize};
use vault::{Locked, VaultPlace, WhyAside};

use crate::{Home, SiteError};

/// The vault that stands alone in a folder made by `cargo xtask practice`.
const ONLY: &str = "vault";
const FILE: &str = "card.json";

/// What lies beside a vault for the first screen; holds nothing of any participant.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The study's title.
    pub study: String,
    /// Site identifier.
    pub site: String,
    /// Whether it is for practice.
    pub practice: bool,
    /// For practice: accounts and the password that they share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<(Vec<(String, Role)>, String)>,
}

impl Card {
    /// Whether a text can be the name of a vault: it becomes a folder's name.
    pub(crate) fn is_id(id: &str) -> bool {
        !id.is_empty()
            && id.len() <= 64
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    }

    /// Lays the card beside the vault.
    pub(crate) fn lay(&self, folder: &Path) -> Result<(), SiteError> {
        Ok(vault::replace_file(&folder.join(FILE), &serde_json::to_vec_pretty(self)?)?)
    }

    pub(crate) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&vault::read_small(&folder.join(FILE)).ok()??).ok()
    }
}

/// The small files beside a vault that go with its backup.
pub(crate) fn files_beside(folder: &Path) -> Vec<(String, Vec<u8>)> {
    // Without its card the first screen says less of a vault.
    vault::read_small(&folder.join(FILE)).ok().flatten().map(|card| (FILE.to_owned(), card)).into_iter().collect()
}

impl Home {
    /// The vaults, last used first.
    pub(crate) fn cards(&self) -> Result<Vec<VaultCard>, SiteError> {
        let mut found: Vec<(u64, VaultCard)> = Vec::new();
        for (id, folder) in self.folders()? {
            let place = VaultPlace { folder, checkpoint: self.checkpoint(&id) };
            // A folder that holds no vault is none of this screen's business.
            let Ok(locked) = Locked::find(&place, &clinical::functions()) else { continue };
            found.push((last_used(&place), card(id, &place.folder, &locked)));
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.id.cmp(&b.1.id)));
        Ok(found.into_iter().map(|(_, card)| card).collect())
    }

    fn folders(&self) -> Result<Vec<(String, PathBuf)>, SiteError> {
        let mut found = vec![(ONLY.to_owned(), self.vault(ONLY))];
        let entries = match std::fs::read_dir(self.vaults()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(found),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            if let Ok(id) = entry.file_name().into_string()
                && Card::is_id(&id)
                && !is_set_aside(&id)
                && id != ONLY
            {
                found.push((id, entry.path()));
            }
        }
        Ok(found)
    }
}

/// Whether a folder is a vault that was set aside: the reason and the day end its name. No device has such an id.
fn is_set_aside(name: &str) -> bool {
    let is_day = |rest: &str| {
        rest.get(..10).is_some_and(|day| {
            day.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
        })
    };
    WhyAside::ALL.iter().any(|why| name.rsplit_once(why.between()).is_some_and(|(_, rest)| is_day(rest)))
}

fn card(id: String, folder: &Path, locked: &Locked) -> VaultCard {
    let device = locked.device().to_owned();
    let site = device.rsplit_once('-').map_or(device.as_str(), |(site, _)| site).to_owned();
    let card = Card::read(folder);
    let study = card.as_ref().map_or_else(|| locked.study().to_owned(), |card| card.study.clone());
    let practice = card.as_ref().is_some_and(|card| card.practice);
    let accounts = card.filter(|card| card.practice).and_then(|card| card.accounts);
    let practice_accounts = accounts.map(|(users, password)| PracticeAccounts { users, password });
    VaultCard { id, study, site, device, practice, practice_accounts }
}

/// When the vault was last opened or locked: the checkpoint is written then.
fn last_used(place: &VaultPlace) -> u64 {
    let at = std::fs::metadata(&place.checkpoint).and_then(|data| data.modified()).ok();
    at.and_then(|at| at.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::{Card, is_set_aside};

    #[test]
    fn a_vault_that_was_set_aside_is_none() {
        for (name, aside) in [
            ("s01-k7f2m3pq-damaged-2026-11-23", true),
            ("vault-damaged-2026-11-23-2", true),
            ("s01-k7f2m3pq-older-2026-11-23", true),
            ("s01-k7f2m3pq-foreign-2026-11-23-3", true),
            ("s01-damaged-k7f2m3pq", false),
            ("s01-damaged-20261123", false),
            ("s01-k7f2m3pq", false),
        ] {
            assert_eq!(is_set_aside(name), aside, "{name}");
        }
    }

    #[test]
    fn a_vaults_name_never_leaves_its_folder() {
        for (id, good) in
            [("s01-k7f2m3pq", true), ("vault", true), ("", false), ("..", false), ("a/b", false), ("A", false)]
        {
            assert_eq!(Card::is_id(id), good, "{id}");
        }
    }
}
