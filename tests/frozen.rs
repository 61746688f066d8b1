//! Sites, their centers and bundles, made by earlier states of the program: they work on.
//!
//! `frozen/README.md` says how they were made and what stands in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use screens::Now;
use screens::messages::{CellState, ImportOutcome, Progress, Role};
use site::{LostPassword, NewAccount, SiteComputer};
use study::{CellKey, EventKey, FormKey};
use xtask::practice::{self, VAULT};

use crate::audit::forge;
use crate::window::center_program;

/// What was frozen at one time.
struct Frozen {
    /// A tar archive, compressed.
    archive: &'static [u8],
    /// Entries of the device's own log.
    entries: u64,
    /// What is told when its vault opens.
    told: &'static [&'static str],
    /// The layout of its folded rows. Rows of another one are folded anew when the vault opens, which proves nothing of them.
    rows: u32,
}

/// Before the rooms were moved. Its key slots are of the first form: that is told, and they are sealed in the second.
const BEFORE_ROOMS: Frozen =
    Frozen { archive: include_bytes!("frozen/before-rooms.tar.zst"), entries: 1317, told: &["slot_unbound"], rows: 2 };
/// When passwords could be recovered and vaults backed up.
const WITH_BACKUP: Frozen =
    Frozen { archive: include_bytes!("frozen/with-backup.tar.zst"), entries: 950, told: &[], rows: 3 };
/// The same site, opened once more when the fold told since when a log goes on from a copy; its center was not.
const ROWS_4: Frozen = Frozen { archive: include_bytes!("frozen/rows-4.tar.zst"), entries: 955, told: &[], rows: 4 };
/// Whoever is new here signs in with this.
const PASSWORD: &str = "granite-lantern-58";
/// The kit's passphrase, invented by whoever makes practice trials.
const KIT_PASSPHRASE: &str = "practice-kit-passphrase";
/// Registered after the center had answered: nothing of it has come there.
const SUBJECT: &str = "S01-002";

#[test]
fn a_site_and_its_center_made_before_the_move_work_on() {
    work_on(&BEFORE_ROOMS);
}

#[test]
fn a_site_and_its_center_made_with_backups_work_on() {
    work_on(&WITH_BACKUP);
}

#[test]
fn a_site_with_rows_of_layout_4_works_on() {
    work_on(&ROWS_4);
}

#[test]
fn rows_of_the_layout_in_force_are_frozen() {
    let frozen = [BEFORE_ROOMS, WITH_BACKUP, ROWS_4].map(|frozen| frozen.rows);
    assert!(frozen.contains(&casebook::ROW_FORMAT), "freeze files of the new layout, too");
}

fn work_on(frozen: &Frozen) {
    let folder = unpacked(frozen.archive);
    let home = folder.path();
    let mut site = Site::open(home, frozen);
    site.is_whole();
    let before = site.unsent();
    assert!(before > 0);

    // What was entered, asked and typed stands, and more can be entered.
    assert_eq!((site.cell("DIABP").typed.as_str(), site.cell("SYSBP").queries), ("84", 1));
    assert_eq!(site.cell("HEIGHT").draft.as_deref(), Some("17"));
    site.save("HEIGHT", "172");
    assert_eq!((site.cell("HEIGHT").typed.as_str(), site.cell("HEIGHT").draft.as_deref()), ("172", None));
    assert_eq!(site.unsent(), before + 1);

    // The center takes in what was exported then and what is exported now, and says what it held already.
    assert_eq!(center(home, &["ingest"], &["later"]).matches(": accepted ").count(), 1);
    let held = home.join("bundles");
    assert_eq!(center(home, &["ingest"], &[&held.to_string_lossy()]).matches(": already held").count(), 1);
    let new = site.export(&home.join("new"));
    assert!(center(home, &["ingest"], &[&new.to_string_lossy()]).contains(": accepted "));
    center(home, &["reply", "--site", "S01", "--out", "now.bundle"], &[]);

    // The answer from then confirms what it is for, the answer from now all of it.
    assert_eq!(site.import(&home.join("reply.bundle")), ImportOutcome::Accepted);
    let left = site.unsent();
    assert!(0 < left && left < before, "{left} of {before}");
    assert_eq!(site.import(&home.join("now.bundle")), ImportOutcome::Accepted);
    assert_eq!(site.unsent(), 0);
    site.is_whole();

    center(home, &["export", "csv", "--out", "tables"], &[]);
    let table = fs::read_to_string(home.join("tables/F.VS.csv")).expect("the form's table");
    assert!(table.lines().any(|row| row.contains(SUBJECT) && row.contains(",131,") && row.contains(",84,")), "{table}");
    site.refuses_another_password();
}

#[test]
fn kits_that_were_frozen_are_read() {
    for frozen in [BEFORE_ROOMS, WITH_BACKUP] {
        let folder = unpacked(frozen.archive);
        let kit =
            practice::computer(folder.path()).kit_look(&folder.path().join("S02.kit"), KIT_PASSPHRASE).expect("a kit");
        let said = (kit.site.as_str(), kit.site_name.as_str(), kit.practice);
        assert_eq!(said, ("S02", "Second Hospital (practice)", true));
    }
}

/// A kit with its site's data, on a computer of its own.
#[test]
fn a_frozen_kit_with_data_rebuilds_its_site() {
    let folder = unpacked(WITH_BACKUP.archive);
    let another = tempfile::tempdir().expect("a folder");
    let (mut computer, now) = (practice::computer(another.path()), practice::now());
    let admin = NewAccount::new("admin2", "Administrator (sample)", PASSWORD.to_owned());
    let kit = folder.path().join("S01-data.kit");
    computer.kit_found_as(VAULT, &kit, KIT_PASSPHRASE, &admin, now).expect("founded");
    let mut session = computer.session(now).expect("signed in");
    let nurse = NewAccount::new("nurse2", "Nurse (sample)", PASSWORD.to_owned());
    session.add(&nurse, Role::Nurse, seal::Cost::floor()).expect("added");
    computer.unlock(VAULT, "nurse2", PASSWORD, now).expect("signed in");
    let subjects = computer.session(now).expect("signed in").subjects().expect("subjects");
    assert_eq!(subjects.iter().map(|row| row.subject.as_str()).collect::<Vec<_>>(), ["S01-001"]);
}

/// A code that the center read out then opens the vault.
#[test]
fn a_frozen_recovery_code_sets_a_password() {
    let folder = unpacked(WITH_BACKUP.archive);
    let code = fs::read_to_string(folder.path().join("code.txt")).expect("a code");
    let (user, code) = code.trim_end().split_once('\n').expect("a user and a code");
    let (mut computer, now) = (practice::computer(folder.path()), practice::now());
    let lost = LostPassword { user, code, password: PASSWORD };
    let session = computer.recover(VAULT, &lost, now).expect("signed in");
    assert_eq!((session.user.as_str(), session.alarms.len()), (user, 0));
    computer.unlock(VAULT, user, PASSWORD, now).expect("signed in");
}

/// A backup that was made then is tested, and put back on a computer that has none of its device.
#[test]
fn a_frozen_backup_is_put_back() {
    let folder = unpacked(WITH_BACKUP.archive);
    let another = tempfile::tempdir().expect("a folder");
    let (mut computer, now) = (practice::computer(another.path()), practice::now());
    let (user, password) = practice::account(folder.path()).expect("an account");
    let backup = folder.path().join("made.outpost-backup");
    let (tell, never) = (|_: &Progress| {}, Arc::new(AtomicBool::new(false)));
    let job = computer.restore_begin(&backup, &user, &password, now).expect("begun");
    let content = job.drill(&tell, &never).expect("whole");
    let found = computer.drill_finish(&content).expect("a report");
    assert_eq!((found.subjects, found.alarms.len(), found.entries >= WITH_BACKUP.entries), (2, 0, true));
    let job = computer.restore_begin(&backup, &user, &password, now).expect("begun");
    let restoring = job.restore(&tell, &never).expect("restored");
    let vault = computer.restore_finish(restoring).expect("put back").vault;
    assert!(computer.unlock(&vault, &user, &password, now).expect("signed in").awaits_center);
    let state = computer.session(now).expect("signed in").form_state(SUBJECT, &form()).expect("the form");
    let cell = state.rows.iter().flat_map(|row| &row.cells).find(|cell| cell.key == key("DIABP").to_string());
    assert_eq!(cell.map(|cell| cell.typed.as_str()), Some("84"));
}

/// `audit/reader.py` was written from the formats' texts alone.
#[test]
fn a_reader_written_from_the_texts_reads_what_was_frozen() {
    [BEFORE_ROOMS, WITH_BACKUP].iter().for_each(reader_reads);
}

fn reader_reads(frozen: &Frozen) {
    let folder = unpacked(frozen.archive);
    let home = folder.path();
    let bundles = ["bundles", "later"].map(|folder| fs::read_dir(home.join(folder)).expect("a folder"));
    for bundle in bundles.into_iter().flatten().flatten() {
        let said = reader(home, &["bundle", &bundle.path().to_string_lossy(), "center.agekey"], "");
        assert!(said.starts_with("OK bundle "), "{said}");
    }
    let can_derive = Command::new("python3").args(["-c", "import cryptography.hazmat.primitives.kdf.argon2"]).output();
    if !can_derive.is_ok_and(|output| output.status.success()) {
        println!("skipped: key slots, for want of PyPI's package cryptography, 44 or later");
        return;
    }
    let (user, password) = practice::account(home).expect("an account");
    let said = reader(home, &["slots", "vault/keyslots.json", &user], &password);
    assert!(said.starts_with("OK slots of 4 people"), "{said}");
    assert!(reader(home, &["slots", "vault/keyslots.json", &user], "another").contains("REFUSED: wrong password"));
}

/// What the Python reader says, good or bad.
fn reader(home: &Path, arguments: &[&str], input: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("audit/reader.py");
    let typed = home.join("typed");
    fs::write(&typed, format!("{input}\n")).expect("written");
    let output = Command::new("python3")
        .arg(script)
        .args(arguments)
        .current_dir(home)
        .stdin(fs::File::open(typed).expect("written just now"))
        .output()
        .expect("python3");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The frozen site's computer with the nurse signed in.
struct Site {
    computer: SiteComputer,
    home: PathBuf,
    now: Now,
    told: &'static [&'static str],
    entries: u64,
}

impl Site {
    fn open(home: &Path, frozen: &Frozen) -> Self {
        let mut computer = practice::computer(home);
        let (user, password) = practice::account(home).expect("an account");
        let now = practice::now();
        let session = computer.unlock(VAULT, &user, &password, now).expect("the vault opens");
        let told: Vec<&str> = session.alarms.iter().map(|alarm| alarm.code.as_str()).collect();
        assert_eq!((told.as_slice(), session.practice), (frozen.told, true));
        Self { computer, home: home.to_owned(), now, told: frozen.told, entries: frozen.entries }
    }

    /// Every folded row equals what the journal folds to now, and every chain, text and page is whole.
    fn is_whole(&mut self) {
        let start = Instant::now();
        let view = loop {
            let view = self.computer.session(self.now).expect("signed in").integrity().expect("a view");
            if view.done {
                break view;
            }
            assert!(start.elapsed() < Duration::from_secs(60), "the verification does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        let told: Vec<&str> = view.alarms.iter().map(|alarm| alarm.code.as_str()).collect();
        assert_eq!(told, self.told);
        assert!(view.verified >= self.entries, "{} entries", view.verified);
    }

    fn unsent(&mut self) -> u32 {
        self.computer.session(self.now).expect("signed in").sync_view().expect("a view").unsent
    }

    fn cell(&mut self, item: &str) -> CellState {
        let state = self.computer.session(self.now).expect("signed in").form_state(SUBJECT, &form()).expect("the form");
        let found = state.rows.into_iter().flat_map(|row| row.cells).find(|cell| cell.key == key(item).to_string());
        found.expect("the cell")
    }

    fn save(&mut self, item: &str, typed: &str) {
        let mut session = self.computer.session(self.now).expect("signed in");
        session.save_item(SUBJECT, &key(item), typed, None).expect("saved");
    }

    fn export(&mut self, folder: &Path) -> PathBuf {
        fs::create_dir_all(folder).expect("a folder");
        let report = self.computer.session(self.now).expect("signed in").export_bundle(folder).expect("exported");
        report.files.first().expect("a bundle").into()
    }

    fn import(&mut self, bundle: &Path) -> ImportOutcome {
        self.computer.session(self.now).expect("signed in").import_bundle(bundle).expect("imported").outcome
    }

    fn refuses_another_password(mut self) {
        self.computer.lock(self.now).expect("locked");
        let (user, _) = practice::account(&self.home).expect("an account");
        let refused = self.computer.unlock(VAULT, &user, "practice-harbour-43", self.now).map(drop);
        assert_eq!(refused.expect_err("refused").code(), "wrong_password");
    }
}

fn form() -> FormKey {
    EventKey::new("SE.SCR", "1").form("F.VS", "1")
}

fn key(item: &str) -> CellKey {
    form().cell("IG.VS", "1", format!("IT.VS.{item}"))
}

/// The center's program on the frozen center; gives what it says.
fn center(home: &Path, command: &[&str], files: &[&str]) -> String {
    let output = Command::new(center_program())
        .args(command)
        .args(["--dir", "center"])
        .args(files)
        .current_dir(home)
        .output()
        .expect("outpost-center");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn unpacked(archive: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let archive = zstd::decode_all(archive).expect("zstd");
    for (name, content) in forge::unpacked(&archive) {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, content).expect("written");
    }
    folder
}
