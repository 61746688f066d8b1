//! Where the files and folders lie that a person chose. The window is told a number and a name; a command that comes with the
//! number gets the place, for the purpose for which it was chosen and for no other. With a session ends what was chosen
//! in it. Pure: dialogs are opened elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use screens::keys::ChosenId;
use screens::messages::{Chosen, ChosenFor};

/// What was chosen and not yet forgotten: for each purpose the last one.
#[derive(Default)]
pub struct ChosenPlaces {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Number of the last dialog.
    last: ChosenId,
    /// Number of the last dialog before everything was forgotten.
    forgotten: ChosenId,
    places: BTreeMap<ChosenFor, Place>,
}

struct Place {
    id: ChosenId,
    path: PathBuf,
}

/// A dialog that was opened.
#[derive(Debug)]
pub struct DialogId(ChosenId);

impl ChosenPlaces {
    /// Notes that a dialog opens.
    pub fn open_dialog(&self) -> DialogId {
        let mut known = self.known();
        known.last += 1;
        DialogId(known.last)
    }

    /// Whether what a dialog brings is still wanted: not once the session is over in which it was opened.
    pub fn is_wanted(&self, dialog: &DialogId) -> bool {
        dialog.0 > self.known().forgotten
    }

    /// Keeps what was chosen in a dialog, in place of what was chosen for the same before.
    pub fn keep(&self, dialog: &DialogId, purpose: ChosenFor, path: PathBuf) -> Option<Chosen> {
        if !self.is_wanted(dialog) {
            return None;
        }
        let name = name_of(&path);
        self.known().places.insert(purpose, Place { id: dialog.0, path });
        Some(Chosen { id: dialog.0, name })
    }

    /// The place that was chosen for a purpose, where `id` is the number of that choice.
    pub fn path(&self, purpose: ChosenFor, id: ChosenId) -> Option<PathBuf> {
        let known = self.known();
        known.places.get(&purpose).filter(|place| place.id == id).map(|place| place.path.clone())
    }

    /// Forgets everything, and what dialogs will bring that are open now.
    pub fn forget(&self) {
        let mut known = self.known();
        known.forgotten = known.last;
        known.places.clear();
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Numbers and places: whoever panicked left none of them half written.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stick's own folder has no name of its own: there the whole place is one, such as `E:\`.
fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(places: &ChosenPlaces, purpose: ChosenFor, path: &str) -> Chosen {
        let dialog = places.open_dialog();
        places.keep(&dialog, purpose, path.into()).expect("kept")
    }

    /// security.md, "IPC takes paths from the window": the window says a number, and Rust knows the place.
    #[test]
    fn a_choice_serves_its_purpose_as_often_as_needed_and_no_other() {
        let places = ChosenPlaces::default();
        let kit = chosen(&places, ChosenFor::Kit, "/media/stick/S01.kit");
        let folder = chosen(&places, ChosenFor::ExportFolder, "/media/stick");
        assert_eq!((kit.name.as_str(), folder.name.as_str()), ("S01.kit", "stick"));
        for _ in 0..2 {
            assert_eq!(places.path(ChosenFor::Kit, kit.id), Some("/media/stick/S01.kit".into()));
        }
        for other in [ChosenFor::Backup, ChosenFor::ExportFolder, ChosenFor::BackupFolder] {
            assert_eq!(places.path(other, kit.id), None, "{other:?}");
        }
        for made_up in [0, folder.id + 1, ChosenId::MAX] {
            assert_eq!(places.path(ChosenFor::ExportFolder, made_up), None);
        }
    }

    #[test]
    fn a_choice_made_anew_takes_the_place_of_the_one_before() {
        let places = ChosenPlaces::default();
        let first = chosen(&places, ChosenFor::Backup, "/media/one");
        let second = chosen(&places, ChosenFor::Backup, "/media/two");
        assert_ne!(first.id, second.id);
        assert_eq!(places.path(ChosenFor::Backup, first.id), None);
        assert_eq!(places.path(ChosenFor::Backup, second.id), Some("/media/two".into()));
    }

    /// The same: what one person chose must not serve whoever signs in next.
    #[test]
    fn with_the_session_ends_what_was_chosen_in_it() {
        let places = ChosenPlaces::default();
        let before = chosen(&places, ChosenFor::ExportFolder, "/media/stick");
        let open = places.open_dialog();
        assert!(places.is_wanted(&open));
        places.forget();
        assert_eq!(places.path(ChosenFor::ExportFolder, before.id), None);
        assert!(!places.is_wanted(&open), "a dialog that was open at the lock");
        assert_eq!(places.keep(&open, ChosenFor::ExportFolder, "/media/stick".into()), None);
        let after = chosen(&places, ChosenFor::ExportFolder, "/media/other");
        assert_ne!(after.id, before.id, "no number is given twice");
        assert_eq!(places.path(ChosenFor::ExportFolder, before.id), None);
    }

    #[test]
    fn what_has_no_name_is_called_by_its_place() {
        assert_eq!(chosen(&ChosenPlaces::default(), ChosenFor::BackupFolder, "/").name, "/");
    }
}
