//! How a computer comes to its vaults, what it lists on its first screen, and which kits it refuses.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, SystemTime};

use allocation::SLOTS_NAMESPACE;
use bundle::Kit;
use proptest::prelude::*;
use screens::messages::{Preferences, Role};
use seal::{SigningKey, sha256};
use site::{NewAccount, SiteComputer};

use crate::stage::{BEGIN, Center, PASSPHRASE, PASSWORD, STUDY, Stage, code, home, law};

/// A computer without vaults.
struct Empty {
    folder: tempfile::TempDir,
    computer: SiteComputer,
}

impl Empty {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let computer = SiteComputer::new(home(folder.path()), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
        Self { folder, computer }
    }

    /// The folders that lie where vaults lie.
    fn vaults(&self) -> Vec<String> {
        let vaults = fs::read_dir(home(self.folder.path()).vaults());
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        vaults.map_or_else(|_| Vec::new(), |all| all.map(|one| name(one).to_string_lossy().into_owned()).collect())
    }
}

fn administrator() -> NewAccount {
    NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned())
}

type Blobs = Vec<(String, Vec<u8>)>;

/// Slots that are signed by somebody.
fn slots(by: &SigningKey, study: &[u8]) -> Blobs {
    let (_, list) = crate::randomise::dealt(study);
    let signature = by.sign_ssh(SLOTS_NAMESPACE, list.bytes()).into_bytes();
    let name = |name: &str| name.to_owned();
    vec![
        (name(allocation::SlotList::NAME), list.bytes().to_vec()),
        (name(allocation::SlotList::SIGNATURE_NAME), signature),
    ]
}

#[test]
fn a_kit_that_is_not_whole_is_refused_by_name_and_leaves_nothing() {
    let stage = Stage::studying(crate::randomise::STUDY);
    let center: &Center = &stage.center;
    let mut empty = Empty::new();
    let broken = String::from_utf8_lossy(STUDY).replace("Mandatory=\"Yes\"", "Mandatory=\"Perhaps\"").into_bytes();
    let other = String::from_utf8_lossy(crate::randomise::STUDY).replace("ST.ALLOC", "ST.OTHER").into_bytes();
    let stranger = SigningKey::make().expect("a key");
    type Change<'c> = Box<dyn Fn(&mut Kit, &mut Blobs) + 'c>;
    let kits: Vec<(&str, Change<'_>)> = vec![
        ("damaged", Box::new(|_, blobs| blobs.clear())),
        ("damaged", Box::new(|_, blobs| blobs[0].1.push(b' '))),
        ("damaged", Box::new(|kit, _| kit.center_key = stranger.public())),
        ("damaged", Box::new(|kit, _| kit.format = "another-kit".to_owned())),
        ("newer_version", Box::new(|kit, _| kit.version = Kit::VERSION + 1)),
        (
            "bad_study",
            Box::new(|kit, blobs| {
                kit.study_sha256 = casebook::EntryId(sha256(&broken));
                blobs[0].1.clone_from(&broken);
            }),
        ),
        ("bad_signature", Box::new(|_, blobs| blobs.extend(slots(&stranger, center.study)))),
        ("other_study", Box::new(|_, blobs| blobs.extend(slots(&center.signing, &other)))),
        (
            "damaged",
            Box::new(|_, blobs| {
                let mut slots = slots(&center.signing, center.study);
                slots[0].1 = b"no slots\n".to_vec();
                slots[1].1 = center.signing.sign_ssh(SLOTS_NAMESPACE, &slots[0].1).into_bytes();
                blobs.extend(slots);
            }),
        ),
    ];
    for (number, (why, change)) in kits.iter().enumerate() {
        let kit = stage.kit_with(change);
        assert_eq!(code(empty.computer.kit_found(&kit, PASSPHRASE, &administrator(), BEGIN)), *why, "kit {number}");
    }
    let unreadable = stage.kit_with(&kits[5].1);
    assert_eq!(code(empty.computer.kit_look(&unreadable, PASSPHRASE)), "bad_study", "looked at, too");
    let kit = stage.kit_with(|_, blobs| blobs.extend(slots(&center.signing, center.study)));
    assert_eq!(code(empty.computer.kit_look(&kit.with_extension("gone"), PASSPHRASE)), "gone");
    assert_eq!((empty.vaults(), empty.computer.start_view().expect("a view").vaults.len()), (Vec::new(), 0));
    empty.computer.kit_found(&kit, PASSPHRASE, &administrator(), BEGIN).expect("a good kit");
}

#[test]
fn a_bundle_is_no_kit_and_a_kit_is_no_reply() {
    let mut stage = Stage::new();
    stage.subject();
    let files = stage.export();
    let mut empty = Empty::new();
    assert_eq!(code(empty.computer.kit_look(&files[0], PASSPHRASE)), "other_purpose");
    assert_eq!(code(empty.computer.kit_look(&stage.reply(&files[0]), PASSPHRASE)), "other_purpose");
    let kit = stage.kit();
    assert_eq!(code(stage.session().import_bundle(&kit)), "other_purpose");
}

#[test]
fn no_vault_is_founded_for_somebody_who_could_not_sign_in() {
    let stage = Stage::new();
    let kit = stage.kit();
    let mut empty = Empty::new();
    let long = "n".repeat(33);
    for (user, name, password, why) in [
        ("a", "Administrator (sample)", PASSWORD, "bad_user_id"),
        ("", "Administrator (sample)", PASSWORD, "bad_user_id"),
        ("two words", "Administrator (sample)", PASSWORD, "bad_user_id"),
        ("管理员", "Administrator (sample)", PASSWORD, "bad_user_id"),
        ("system", "Administrator (sample)", PASSWORD, "bad_user_id"),
        (long.as_str(), "Administrator (sample)", PASSWORD, "bad_user_id"),
        ("admin1", "  ", PASSWORD, "bad_name"),
        ("admin1", "Two\nlines", PASSWORD, "bad_name"),
        ("admin1", "Administrator (sample)", "short-58", "weak_password"),
        ("sunflower", "Administrator (sample)", "Sunflower-1234", "weak_password"),
        ("admin1", "Wilhelmina Sample", "wilhelmina sample", "weak_password"),
    ] {
        let account = NewAccount::new(user, name, password.to_owned());
        assert_eq!(code(empty.computer.kit_found(&kit, PASSPHRASE, &account, BEGIN)), why, "{user:?}, {name:?}");
        assert_eq!(empty.vaults(), Vec::<String>::new());
    }
}

#[test]
fn the_first_screen_lists_every_vault_and_nothing_else() {
    let stage = Stage::new();
    let kit = stage.kit();
    let mut empty = Empty::new();
    empty.computer.kit_found(&kit, &format!(" {PASSPHRASE} "), &administrator(), BEGIN).expect("founded");
    let start = empty.computer.kit_found(&kit, PASSPHRASE, &administrator(), BEGIN).expect("founded");
    assert!(!empty.computer.is_open(), "whoever founds a vault signs in afterwards");
    let ids: Vec<String> = start.vaults.iter().map(|vault| vault.id.clone()).collect();
    assert!(ids.len() == 2 && ids[0] != ids[1], "each is a device of its own: {ids:?}");
    assert!(start.vaults.iter().all(|vault| (vault.study.as_str(), vault.site.as_str()) == ("Small", "S01")));
    let home = home(empty.folder.path());
    for (folder, file) in [("empty", None), ("letters", Some("vault.db")), ("Not a name", Some("keyslots.json"))] {
        fs::create_dir(home.vaults().join(folder)).expect("a folder");
        file.into_iter().for_each(|file| fs::write(home.vaults().join(folder).join(file), b"x").expect("written"));
    }
    // The one that was used last comes first.
    for (at, id) in [(0, &ids[0]), (1, &ids[1])] {
        for (other, ago) in [(&ids[0], 10), (&ids[1], 20)] {
            let ago = if other == id { 0 } else { ago };
            let file = fs::File::options().append(true).open(home.checkpoint(other)).expect("a checkpoint");
            file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000 - ago)).expect("an earlier day");
        }
        let listed = empty.computer.start_view().expect("a view").vaults;
        assert_eq!((listed.len(), &listed[0].id), (2, id), "{at}");
    }
    // What lies beside a vault for the first screen may be lost: the vault itself is not.
    fs::write(home.vault(&ids[0]).join("card.json"), b"{").expect("written");
    let vaults = empty.computer.start_view().expect("a view").vaults;
    let card = vaults.iter().find(|vault| vault.id == ids[0]).expect("it is listed");
    assert_eq!((card.study.as_str(), card.site.as_str()), ("ST.SMALL", "S01"));
    let session = empty.computer.unlock(&ids[0], "admin1", PASSWORD, BEGIN.later(60_000)).expect("signed in");
    assert_eq!((session.role, session.device.as_str()), (Role::Administrator, card.device.as_str()));
}

#[test]
fn only_who_is_signed_in_shows_practice_accounts() {
    let mut stage = Stage::new();
    let accounts = || vec![("nurse1".to_owned(), Role::Nurse)];
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    assert_eq!(code(stage.computer.show_practice_accounts("vault", accounts(), PASSWORD)), "locked");
    let shown = |stage: &mut Stage| {
        let vault = stage.computer.start_view().expect("a view").vaults.remove(0);
        vault.practice_accounts.map(|shown| (shown.users, shown.password))
    };
    assert_eq!(shown(&mut stage), None);
    stage.sign_in("nurse1");
    stage.computer.show_practice_accounts("vault", accounts(), PASSWORD).expect("shown");
    assert_eq!(shown(&mut stage), Some((accounts(), PASSWORD.to_owned())));
}

/// Whatever lies in the file of preferences, the first screen comes, and its choices are ones that the program has.
#[test]
fn an_edited_file_of_preferences_never_keeps_the_first_screen_from_coming() {
    let mut empty = Empty::new();
    let file = empty.computer.home().config.join("preferences.json");
    empty.computer.start_view().expect("a view");
    let words = prop_oneof![Just("zh-CN".to_owned()), Just("en".to_owned()), Just("dark".to_owned()), "\\PC{0,8}"];
    let chosen = (words.clone(), words, any::<u16>());
    let empty = std::cell::RefCell::new(empty);
    law(64, (chosen, prop::collection::vec(any::<u8>(), 0..40)), |((language, theme, zoom), bytes)| {
        let computer = &mut empty.borrow_mut().computer;
        let chosen = Preferences { language, theme, zoom };
        computer.set_preferences(&chosen).expect("kept");
        let kept = computer.start_view().expect("a view").preferences;
        let known = |word: &str, of: [&str; 2]| if of.contains(&word) { word.to_owned() } else { String::new() };
        assert_eq!(kept.language, known(&chosen.language, ["en", "zh-CN"]));
        assert_eq!(kept.theme, known(&chosen.theme, ["light", "dark"]));
        assert!(kept.zoom == 0 && chosen.zoom == 0 || (100..=200).contains(&kept.zoom), "{chosen:?} {kept:?}");
        let mut text = fs::read(&file).expect("the file");
        let end = text.len() - bytes.len().min(text.len());
        text.truncate(end);
        text.extend(&bytes);
        fs::write(&file, &text).expect("written");
        let read = computer.start_view().expect("a view").preferences;
        assert_eq!(read, read.clone().within_bounds());
    });
}
