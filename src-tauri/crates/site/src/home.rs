//! Where a computer keeps its vaults, and what it remembers of its window.

use std::path::PathBuf;

use screens::messages::Preferences;
use vault::{Locked, VaultPlace};

use crate::SiteError;

/// The folders of this computer.
#[derive(Clone, Debug)]
pub struct Home {
    /// Vaults, one folder each.
    pub data: PathBuf,
    /// Preferences and checkpoints: apart from the vaults, so that a copied vault does not bring its own checkpoint.
    pub config: PathBuf,
}

impl Home {
    /// The folder of all vaults.
    pub fn vaults(&self) -> PathBuf {
        self.data.join("vaults")
    }

    /// The folder of one vault. A data folder made for one vault holds it as `vault`.
    pub fn vault(&self, id: &str) -> PathBuf {
        if id == "vault" { self.data.join(id) } else { self.vaults().join(id) }
    }

    /// The checkpoint of one vault.
    pub fn checkpoint(&self, id: &str) -> PathBuf {
        self.config.join("checkpoints").join(format!("{id}.json"))
    }

    /// Where wrong passwords are counted that were typed for a backup of a vault which is not on this computer.
    pub(crate) fn asked(&self, id: &str) -> PathBuf {
        self.data.join("asked").join(id)
    }

    /// Where a practice center's keys and bundles lie: beside the practice vault.
    pub fn practice_center(&self, id: &str) -> PathBuf {
        self.data.join("practice").join(id)
    }

    /// Gives vaults their names back that were set aside for a backup when the power went.
    pub(crate) fn give_names_back(&self) {
        vault::give_names_back([&self.vaults(), &self.data], &self.config.join("checkpoints"));
    }

    /// Gives a vault what was counted of wrong passwords for its device while it could not be known as its.
    pub(crate) fn tell_of_refusals(&self, locked: &Locked, place: &VaultPlace) {
        vault::move_refusals(&self.asked(&vault_id(locked.device())), &place.folder);
    }

    /// Makes the folders.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn make(&self) -> Result<(), SiteError> {
        vault::private_folder(&self.vaults())?;
        vault::private_folder(&self.config.join("checkpoints"))?;
        Ok(())
    }

    /// What this computer remembers of the window; a file that cannot be read counts as none.
    pub fn preferences(&self) -> Preferences {
        let text = vault::read_small(&self.preferences_file()).ok().flatten().unwrap_or_default();
        serde_json::from_slice::<Preferences>(&text).unwrap_or_default().within_bounds()
    }

    /// Remembers them.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn set_preferences(&self, preferences: &Preferences) -> Result<(), SiteError> {
        let text = serde_json::to_vec_pretty(&preferences.clone().within_bounds())?;
        Ok(vault::replace_file(&self.preferences_file(), &text)?)
    }

    fn preferences_file(&self) -> PathBuf {
        self.config.join("preferences.json")
    }
}

/// The name of a device's vault on a computer.
pub(crate) fn vault_id(device: &str) -> String {
    let sign = |sign: char| if sign.is_ascii_alphanumeric() { sign } else { '-' };
    device.to_lowercase().chars().map(sign).take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::Home;
    use screens::messages::Preferences;

    #[test]
    fn preferences_survive_and_never_fail() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home { data: folder.path().join("data"), config: folder.path().join("config") };
        assert_eq!(home.preferences(), Preferences::default());
        let chosen = Preferences { language: "zh-CN".into(), theme: "dark".into(), zoom: 150 };
        home.set_preferences(&chosen).expect("written");
        assert_eq!(home.preferences(), chosen);
        std::fs::write(home.config.join("preferences.json"), b"{").expect("written");
        assert_eq!(home.preferences(), Preferences::default());
    }

    /// Fourth attack, T10: a pipe in the place of the preferences kept the program from starting.
    #[cfg(unix)]
    #[test]
    fn a4_t10_a_pipe_in_the_place_of_the_preferences_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home { data: folder.path().join("data"), config: folder.path().join("config") };
        home.make().expect("made");
        let pipe = home.config.join("preferences.json");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("runs").success());
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || tell.send(home.preferences()));
        assert_eq!(told.recv_timeout(std::time::Duration::from_secs(20)), Ok(Preferences::default()));
    }
}
