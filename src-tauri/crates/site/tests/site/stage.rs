//! The language of the scenarios: a site computer, its center's keys, and people who act one after another.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use bundle::{
    Admission, BlobNote, BundleError, HeldLog, Key, Kind, Kit, PackOptions, Packer, Receipt, Recipients, Sealed,
    SenderTrust, Sink, limits,
};
use casebook::act::RecoverySealed;
use casebook::{Act, CENTER, EntryId, Instant, Line, TextRow};
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, TestRunner};
use screens::Now;
use screens::messages::{CellState, FormState, Role};
use seal::{Identity, Recipient, SigningKey, Zeroizing, sha256};
use site::{Home, NewAccount, Session, SiteComputer, SiteError};
use study::{CellKey, EventKey, FormKey};

/// A small study with one rule of every kind.
pub const STUDY: &[u8] = include_bytes!("../../../casebook/src/book/tests/small.xml");
/// The built-in trial.
pub const TRIAL: &[u8] = studies::TRIAL;
/// The password of everybody in the scenarios.
pub const PASSWORD: &str = "granite-lantern-58";
/// The kit's passphrase.
pub const PASSPHRASE: &str = "told by telephone only";
/// When the scenarios begin: 23 November 2026, 16:15 in Shanghai.
pub const BEGIN: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };

/// The demographics form of the screening visit.
pub static DM: LazyLock<FormKey> = LazyLock::new(|| form("SE.SCR[1]/F.DM[1]"));
/// The vital signs of the screening visit.
pub static VS: LazyLock<FormKey> = LazyLock::new(|| form("SE.SCR[1]/F.VS[1]"));
/// The adverse events.
pub static AE: LazyLock<FormKey> = LazyLock::new(|| form("SE.LOG[1]/F.AE[1]"));

/// A center's keys.
pub struct Center {
    pub signing: SigningKey,
    pub age: Identity,
    pub practice: bool,
    /// The study that its kits carry.
    pub study: &'static [u8],
    /// What else they carry.
    pub blobs: Vec<(String, Vec<u8>)>,
}

/// A site computer with one vault.
pub struct Stage {
    pub folder: tempfile::TempDir,
    pub computer: SiteComputer,
    pub now: Now,
    pub center: Center,
    /// Where this device takes answers, known once it has exported.
    own: Option<Recipient>,
}

/// The files of a computer whose vault was founded and locked.
struct Founded {
    files: Vec<(PathBuf, Vec<u8>)>,
    now: Now,
    center: Center,
}

impl Founded {
    fn lay(&self, folder: &Path) {
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, bytes).expect("written");
        }
    }
}

impl Stage {
    /// A computer with a vault founded from a practice kit, its four accounts, and the nurse signed in.
    pub fn new() -> Self {
        Self::studying(STUDY)
    }

    /// A computer of another center.
    pub fn elsewhere() -> Self {
        Self::with_blobs(STUDY, |_| Vec::new())
    }

    /// The same with another study. Founding costs the hashing of five passwords, so it is done once for each study, and
    /// every test works in a copy of its own.
    pub fn studying(study: &'static [u8]) -> Self {
        static FOUNDED: Mutex<BTreeMap<&'static [u8], Founded>> = Mutex::new(BTreeMap::new());
        let mut founded = FOUNDED.lock().unwrap_or_else(PoisonError::into_inner);
        let founded = founded.entry(study).or_insert_with(|| Self::with_blobs(study, |_| Vec::new()).into_founded());
        let folder = tempfile::tempdir().expect("a folder");
        founded.lay(folder.path());
        let computer = computer(folder.path());
        let mut stage = Self { folder, computer, now: founded.now, center: founded.center.again(), own: None };
        stage.sign_in("nurse1");
        stage
    }

    fn into_founded(mut self) -> Founded {
        self.computer.lock(self.now).expect("locked");
        let files = files(self.folder.path());
        let files = files.into_iter().map(|path| {
            let bytes = std::fs::read(&path).expect("read");
            (path.strip_prefix(self.folder.path()).expect("inside").to_owned(), bytes)
        });
        Founded { files: files.collect(), now: self.now, center: self.center }
    }

    /// The same from a kit that carries more.
    pub fn with_blobs(study: &'static [u8], blobs: impl FnOnce(&Center) -> Vec<(String, Vec<u8>)>) -> Self {
        let mut center = Center::new(study);
        center.blobs = blobs(&center);
        Self::of(center)
    }

    /// Another, empty computer takes the place of this one, whose files are given: as when it was lost.
    pub fn lose_computer(&mut self) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        self.computer = computer(folder.path());
        std::mem::replace(&mut self.folder, folder)
    }

    /// The vault, for those who open it without a computer.
    pub fn place(&self) -> vault::VaultPlace {
        let home = home(self.folder.path());
        vault::VaultPlace { folder: home.vault("vault"), checkpoint: home.checkpoint("vault") }
    }

    /// Another computer of the same center.
    pub fn beside(stage: &Self) -> Self {
        Self::of(stage.center.again())
    }

    fn of(center: Center) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let computer = computer(folder.path());
        let mut stage = Self { folder, computer, now: BEGIN, center, own: None };
        let kit = stage.kit();
        let admin = NewAccount::new("admin1", "Administrator (sample)", PASSWORD.to_owned());
        stage.computer.kit_found_as("vault", &kit, PASSPHRASE, &admin, stage.now).expect("founded");
        for (user, name, role) in [
            ("nurse1", "Nurse (sample)", Role::Nurse),
            ("doctor1", "Investigator (sample)", Role::Investigator),
            ("reader1", "Assessor (sample)", Role::Assessor),
        ] {
            let account = NewAccount::new(user, name, PASSWORD.to_owned());
            stage.session().add(&account, role, seal::Cost::floor()).expect("added");
        }
        stage.sign_in("nurse1");
        stage
    }

    /// Lays the center's kit into a file.
    pub fn kit(&self) -> PathBuf {
        self.kit_with(|_, _| {})
    }

    /// The same, changed before it is sealed: what it says of itself, and what it carries beside.
    pub fn kit_with(&self, change: impl FnOnce(&mut Kit, &mut Vec<(String, Vec<u8>)>)) -> PathBuf {
        self.kit_carrying(&Content::default(), change)
    }

    /// The same with a site's data.
    pub fn kit_carrying(&self, data: &Content, change: impl FnOnce(&mut Kit, &mut Vec<(String, Vec<u8>)>)) -> PathBuf {
        let center = &self.center;
        let age = center.age.recipient();
        let mut kit = Kit {
            format: Kit::FORMAT.to_owned(),
            version: Kit::VERSION,
            study: center.study_oid(),
            study_sha256: EntryId(sha256(center.study)),
            site: "S01".to_owned(),
            site_name: "Sample hospital".to_owned(),
            center_key: center.signing.public(),
            center_age: age.clone(),
            recovery_age: age,
            activation: "abcd".to_owned(),
        };
        let mut blobs = vec![(Kit::STUDY_NAME.to_owned(), center.study.to_vec())];
        blobs.extend(center.blobs.iter().cloned());
        change(&mut kit, &mut blobs);
        let to = Recipients::Passphrase("S01".into(), Zeroizing::new(PASSPHRASE.to_owned()));
        let mut packer = Packer::begin(center.terms(Kind::Kit, to), &center.signing).expect("terms");
        packer.blob(Kit::NAME, &kit.write()).expect("kit");
        blobs.iter().for_each(|(name, bytes)| packer.blob(name, bytes).expect("a blob"));
        data.pack(&mut packer);
        let path = self.folder.path().join("S01.kit");
        std::fs::write(&path, &packer.finish().expect("a kit")[0].bytes).expect("written");
        path
    }

    /// Signs somebody in.
    pub fn sign_in(&mut self, user: &str) {
        self.computer.unlock("vault", user, PASSWORD, self.now).expect("signed in");
    }

    /// The session of whoever is signed in, a moment later.
    pub fn session(&mut self) -> Session<'_> {
        self.now = self.now.later(1_000);
        self.computer.session(self.now).expect("somebody is signed in")
    }

    /// Registers a subject and dates its screening visit.
    pub fn subject(&mut self) -> String {
        let subject = self.session().subject_register().expect("registered");
        self.session().event_date(&subject, &event("SE.SCR[1]"), "2026-11-20", None).expect("dated");
        subject
    }

    /// Types into a cell and leaves it.
    pub fn types(&mut self, subject: &str, cell: &CellKey, typed: &str) -> FormState {
        self.session().save_item(subject, cell, typed, None).expect("saved")
    }

    /// Answers all of the vital signs that must be answered, without a finding.
    pub fn vital_signs(&mut self, subject: &str) {
        for (item, typed) in [("SYSBP", "120"), ("DIABP", "80"), ("WEIGHT", "71,5")] {
            self.types(subject, &vs(item), typed);
        }
        self.types(subject, &VS.cell("IG.POS", "1", "IT.VS.POS"), "1");
    }

    /// A form as it stands.
    pub fn state(&mut self, subject: &str, form: &FormKey) -> FormState {
        self.session().form_state(subject, form).expect("a form")
    }

    /// A cell as it stands.
    pub fn cell(&mut self, subject: &str, cell: &CellKey) -> CellState {
        find(&self.state(subject, &cell.form), cell).clone()
    }

    /// Exports into a fresh folder and gives the files.
    pub fn export(&mut self) -> Vec<PathBuf> {
        let stick = tempfile::tempdir_in(self.folder.path()).expect("a stick").keep();
        let report = self.session().export_bundle(&stick).expect("exported");
        let files: Vec<PathBuf> = report.files.into_iter().map(PathBuf::from).collect();
        let sealed = Sealed::inspect(std::fs::File::open(&files[0]).expect("the bundle")).expect("a sound bundle");
        self.own = Some(sealed.envelope().sender.age.clone());
        files
    }

    /// What a device's bundle carries, as the center reads it.
    pub fn carried(&self, bundle: &Path) -> Content {
        let sealed = Sealed::inspect(std::fs::File::open(bundle).expect("the bundle")).expect("a sound bundle");
        let sender = SenderTrust::Known(sealed.envelope().sender.key);
        let admission = Admission { study: None, site: None, kind: Kind::Data, practice: true, sender };
        let mut content = Content::default();
        let trusted = sealed.admit(&admission).expect("admitted");
        trusted.open(&Key::Identity(&self.center.age), &mut content).expect("opened");
        content
    }

    /// Every set of recovery codes that was ever sealed to the center, as this device's bundle brings them.
    pub fn sealed(&mut self) -> Vec<RecoverySealed> {
        let files = self.export();
        let lines: Vec<Line> = files.iter().flat_map(|file| self.carried(file).lines).collect();
        let sets = lines.iter().filter_map(|line| match &line.entry().act {
            Act::RecoverySealed(act) => Some(act.clone()),
            _ => None,
        });
        sets.collect()
    }

    /// The codes of a set, as the center reads them with its recovery key.
    pub fn codes_of(&self, set: &RecoverySealed) -> Vec<String> {
        let bytes = seal::hex::decode_vec(&set.sealed).expect("hex");
        let mut text = String::new();
        let mut opened = seal::decrypt(&self.center.age, bytes.as_slice()).expect("sealed to the recovery key");
        opened.read_to_string(&mut text).expect("a text");
        let mut lines = text.lines();
        let head: Vec<&str> = lines.by_ref().take(3).collect();
        assert!(head[1].starts_with("device S01-"), "{head:?}");
        assert_eq!((head[0], head[2]), ("outpost-recovery-codes 1", format!("set {}", set.set).as_str()));
        lines.map(|line| line.split_once(' ').expect("a number and a code").1.to_owned()).collect()
    }

    /// The codes of the set that was sealed last.
    pub fn codes(&mut self) -> Vec<String> {
        let set = self.sealed().pop().expect("a set of codes was sealed");
        self.codes_of(&set)
    }

    /// What another device sent, passed on by the center.
    pub fn pass_on(&self, bundle: &Path) -> PathBuf {
        self.send(&self.carried(bundle))
    }

    /// A reply of the center that carries this.
    pub fn send(&self, content: &Content) -> PathBuf {
        self.send_holding(content, Vec::new())
    }

    /// The same, which says how far the center holds some logs.
    pub fn send_holding(&self, content: &Content, has: Vec<HeldLog>) -> PathBuf {
        let own = self.own.clone().expect("a bundle was exported before");
        self.send_to(("device", own), content, has)
    }

    /// The same for keys of a device.
    pub fn send_to(&self, (device, key): (&str, Recipient), content: &Content, has: Vec<HeldLog>) -> PathBuf {
        let to = Recipients::Keys(vec![(device.to_owned(), key)]);
        let terms = PackOptions { has, ..self.center.terms(Kind::Reply, to) };
        let mut packer = Packer::begin(terms, &self.center.signing).expect("terms");
        content.pack(&mut packer);
        let packed = packer.finish().expect("a reply").remove(0);
        let path = self.folder.path().join(format!("sent-{}.bundle", packed.id.hex()));
        std::fs::write(&path, &packed.bytes).expect("written");
        path
    }

    /// The center's reply to a bundle: a receipt for all that it carried.
    pub fn reply(&self, to: &Path) -> PathBuf {
        let file = std::fs::File::open(to).expect("the bundle");
        let sealed = Sealed::inspect(file).expect("a sound bundle");
        let (id, envelope) = (sealed.id(), sealed.envelope());
        let run = envelope.logs.first().expect("entries");
        let center = &self.center;
        let at = Instant::from_ms(i64::try_from(self.now.at_ms).expect("a time"));
        let practice = center.practice;
        let receipt = Receipt {
            format: Receipt::FORMAT.to_owned(),
            version: Receipt::VERSION,
            study: center.study_oid(),
            center: center.signing.public(),
            practice,
            bundle: id,
            log: run.log.clone(),
            seq: run.last,
            head: run.head,
            at,
        };
        let signed = receipt.sign(&center.signing);
        let to = Recipients::Keys(vec![(run.log.clone(), envelope.sender.age.clone())]);
        let mut packer = Packer::begin(center.terms(Kind::Reply, to), &center.signing).expect("terms");
        let [name, signature] = signed.blob_names();
        packer.blob(&name, &signed.bytes).expect("receipt");
        packer.blob(&signature, signed.signature.as_bytes()).expect("signature");
        let path = self.folder.path().join(format!("reply-{}.bundle", &id.hex()[..8]));
        std::fs::write(&path, &packer.finish().expect("a reply")[0].bytes).expect("written");
        path
    }
}

impl Center {
    /// A center that practises.
    pub fn new(study: &'static [u8]) -> Self {
        let (signing, age) = (SigningKey::make().expect("a key"), Identity::make());
        Self { signing, age, practice: true, study, blobs: Vec::new() }
    }

    /// The same center's keys and files.
    fn again(&self) -> Self {
        let age = Identity::from_file(&self.age.to_file()).expect("an identity");
        let Self { signing, practice, study, blobs, .. } = self;
        Self { signing: signing.clone(), age, practice: *practice, study, blobs: blobs.clone() }
    }

    /// The OID of the study.
    fn study_oid(&self) -> String {
        let study = study::Study::read("study.xml", self.study, &clinical::functions()).expect("a study");
        study.oid.to_string()
    }

    /// What every bundle of this center says alike.
    pub fn terms(&self, kind: Kind, to: Recipients) -> PackOptions {
        PackOptions {
            kind,
            practice: self.practice,
            study: self.study_oid(),
            site: CENTER.into(),
            log: CENTER.into(),
            age: self.age.recipient(),
            to,
            at: Instant::from_ms(i64::try_from(BEGIN.at_ms).expect("a time")),
            checkpoint: None,
            has: Vec::new(),
            split: limits::USUAL_SPLIT,
        }
    }
}

/// What a bundle holds.
#[derive(Default)]
pub struct Content {
    pub lines: Vec<Line>,
    pub texts: Vec<TextRow>,
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl Content {
    fn pack(&self, packer: &mut Packer) {
        for line in &self.lines {
            let entry = line.entry();
            packer.entry(&entry.log, entry.seq, line.id(), line.bytes()).expect("an entry");
        }
        self.texts.iter().for_each(|text| packer.text(text).expect("short"));
        self.blobs.iter().for_each(|(name, bytes)| packer.blob(name, bytes).expect("a blob"));
    }
}

impl Sink for Content {
    type Error = BundleError;

    fn line(&mut self, line: Line) -> Result<(), BundleError> {
        self.lines.push(line);
        Ok(())
    }

    fn text(&mut self, row: TextRow) -> Result<(), BundleError> {
        self.texts.push(row);
        Ok(())
    }

    fn blob(&mut self, note: &BlobNote, bytes: Vec<u8>) -> Result<(), BundleError> {
        self.blobs.push((note.name.clone(), bytes));
        Ok(())
    }
}

/// Holds a law over so many generated cases.
pub fn law<S: Strategy>(cases: u32, given: S, holds: impl Fn(S::Value)) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let found = runner.run(&given, |case| {
        holds(case);
        Ok(())
    });
    found.unwrap_or_else(|broken| panic!("{broken}"));
}

/// A computer with these folders.
fn computer(folder: &Path) -> SiteComputer {
    SiteComputer::new(home(folder), Arc::new(|_| {}), Arc::new(AtomicBool::new(false)))
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The folders of a computer.
pub fn home(folder: &Path) -> Home {
    Home { data: folder.join("data"), config: folder.join("config") }
}

/// A visit by its key.
pub fn event(key: &str) -> EventKey {
    read(key)
}

/// A form by its key.
pub fn form(key: &str) -> FormKey {
    read(key)
}

/// A cell by its key.
pub fn cell(key: &str) -> CellKey {
    read(key)
}

fn read<K: FromStr>(key: &str) -> K {
    key.parse().unwrap_or_else(|_| panic!("{key} is no key"))
}

/// A cell of the screening visit's vital signs.
pub fn vs(item: &str) -> CellKey {
    VS.cell("IG.VS", "1", format!("IT.VS.{item}"))
}

/// A cell of the demographics.
pub fn dm(item: &str) -> CellKey {
    DM.cell("IG.DM", "1", format!("IT.DM.{item}"))
}

/// A cell of a form's state.
pub fn find<'s>(state: &'s FormState, cell: &CellKey) -> &'s CellState {
    let key = cell.to_string();
    state.rows.iter().flat_map(|row| &row.cells).find(|found| found.key == key).expect("the cell is in the form")
}

/// The code by which a refusal is known.
pub fn code<T>(done: Result<T, SiteError>) -> &'static str {
    done.map(drop).expect_err("refused").code()
}
