//! Two devices, and four `ingest` at once over one center: whoever is first, the center ends where it ends when one takes the
//! bundles in one after another, and none of the four fails (issue 9, M1 and its kind).
//!
//! CI tries a few runs, `OUTPOST_RACE` says how many; `cargo xtask storm` tries 200.

#[allow(dead_code, reason = "the scenarios' language is that of the center's tests")]
#[path = "../../../center/tests/center/device.rs"]
mod device;
#[allow(dead_code, reason = "others use more of it")]
#[path = "../../../../../tests/mutate.rs"]
mod mutate;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use bundle::{Packed, Receipt, SignedReceipt};
use casebook::{Act, Line, RowKey};
use center::Center;
use center::store::{Embedded, Storage};
use device::{Desk, Device, stamp};
use mutate::Chance;
use study::{Functions, Oid};
use tempfile::TempDir;

const RUNS: &str = "OUTPOST_RACE";
/// What CI tries.
const SAMPLE: u64 = 4;
const PROCESSES: usize = 4;
const LOGS: [&str; 2] = ["S01-aaaaaaaa", "S01-bbbbbbbb"];
/// Entries that each device has still to send.
const ENTRIES: u64 = 24;

/// A center that knows two devices, and the bundles that they have for it.
struct Scene {
    center: TempDir,
    devices: [Device; 2],
    bundles: Vec<Packed>,
}

impl Scene {
    /// In pieces that follow each other; or with others that hold what these hold once more.
    fn new(with_others: bool) -> Self {
        let desk = Desk::new();
        let devices = LOGS.map(|log| {
            let mut device = Device::new(&desk, log);
            desk.admit(&mut device);
            write(&mut device);
            device
        });
        let mut bundles = Vec::new();
        for device in &devices {
            bundles.extend((2..ENTRIES + 2).step_by(4).map(|first| device.part(first, first + 3)));
            if with_others {
                bundles.extend([(2, 9), (7, 20), (15, 25), (2, 25)].map(|(first, last)| device.part(first, last)));
            }
        }
        let Desk { center, folder } = desk;
        drop(center);
        Self { center: folder, devices, bundles }
    }

    /// A copy of the center, and the bundles beside it.
    fn lay(&self) -> Stage<'_> {
        let folder = TempDir::new().expect("a folder");
        copy(self.center.path(), &folder.path().join("center"));
        let files = self.bundles.iter().enumerate().map(|(number, packed)| {
            let file = folder.path().join(format!("{number:03}.bundle"));
            fs::write(&file, &packed.bytes).expect("written");
            file
        });
        Stage { scene: self, files: files.collect(), folder }
    }
}

/// Both devices write about the same subjects, too.
fn write(device: &mut Device) {
    for number in 0..ENTRIES {
        let subject = Oid::from(format!("S01-{:03}", number % 3 + 1));
        match number {
            0..3 => drop(device.register(u32::try_from(number).expect("small") + 1)),
            number if number.is_multiple_of(5) => drop(device.say(&subject, "fell on the stairs (sample)")),
            number => drop(device.set(&subject, "IT.VS.SYSBP", &(100 + number).to_string())),
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// A copy of the scene.
struct Stage<'s> {
    scene: &'s Scene,
    files: Vec<PathBuf>,
    folder: TempDir,
}

/// What must be the same whoever was first.
#[derive(Debug, PartialEq, Eq)]
struct End {
    /// The entries of each device.
    lines: Vec<Vec<Vec<u8>>>,
    /// The folded rows of each subject.
    rows: Vec<Vec<(RowKey, Vec<u8>)>>,
    tables: BTreeMap<String, Vec<u8>>,
    /// How often each bundle was imported, by the center's own log.
    imported: BTreeMap<String, u32>,
    /// How each device stands; who waits, what is parked, left out or refused, and what was noticed.
    status: String,
    bundles: BTreeMap<String, Vec<u8>>,
}

impl Stage<'_> {
    fn folder(&self) -> PathBuf {
        self.folder.path().join("center")
    }

    fn ingest(&self, files: &[&PathBuf]) -> Child {
        let mut command = Command::new(env!("CARGO_BIN_EXE_outpost-center"));
        command.args(["ingest", "--dir"]).arg(self.folder()).args(files);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts")
    }

    /// Four at once; each has its own part of the bundles in its own order, and each bundle is some two processes'.
    fn race(&self, chance: &mut Chance) {
        let mut parts: [Vec<&PathBuf>; PROCESSES] = Default::default();
        for file in &self.files {
            let first = chance.below(PROCESSES);
            parts[first].push(file);
            parts[(first + 1 + chance.below(PROCESSES - 1)) % PROCESSES].push(file);
        }
        for part in &mut parts {
            // Fisher and Yates.
            (1..part.len()).rev().for_each(|at| part.swap(at, chance.below(at + 1)));
        }
        let children: Vec<Child> = parts.iter().filter(|part| !part.is_empty()).map(|part| self.ingest(part)).collect();
        children.into_iter().for_each(|child| is_good(&child.wait_with_output().expect("it ends")));
    }

    fn end(&self) -> End {
        let center = Center::open(&self.folder(), &Functions::default()).expect("it opens");
        center.check().expect("sound");
        let storage: Box<dyn Storage> =
            Box::new(Embedded::open(&self.folder().join("center.sqlite")).expect("it opens"));
        let lines = |log: &str| {
            let mut lines = Vec::new();
            let read = storage.read(|tx| {
                tx.lines(log, 1, &mut |_, _, _, bytes| {
                    lines.push(bytes.to_vec());
                    Ok(())
                })
            });
            read.expect("read");
            lines
        };
        let mut imported = BTreeMap::new();
        for line in lines("center") {
            let line = Line::read(&line, casebook::EntryId(seal::sha256(&line))).expect("its own entry");
            if let Act::BundleImported(act) = &line.entry().act {
                *imported.entry(act.bundle.hex()).or_default() += 1;
            }
        }
        let rows = |subject: &str| {
            let mut rows = center.book(subject).expect("a book").rows();
            rows.sort();
            rows
        };
        End {
            lines: LOGS.map(lines).into(),
            rows: ["S01-001", "S01-002", "S01-003"].map(rows).into(),
            tables: tables(&center),
            imported,
            status: status(&center),
            bundles: files(&self.folder().join("bundles")),
        }
    }

    /// The receipts for all bundles, each with its signature, but for the moment at which they were signed.
    fn receipts(&self) -> BTreeMap<String, Receipt> {
        let center = Center::open(&self.folder(), &Functions::default()).expect("it opens");
        let sent = &self.scene.bundles;
        let receipts = sent.iter().map(|packed| {
            let file = self.folder().join(format!("receipts/{}.json", packed.id));
            let bytes = fs::read(&file).expect("a receipt");
            let signature = fs::read_to_string(file.with_extension("json.sig")).expect("its signature");
            let said = SignedReceipt { bytes, signature }.verify(&center.public_key()).expect("the center's");
            (packed.id.hex(), Receipt { at: stamp(0).at, ..said })
        });
        receipts.collect()
    }

    /// A receipt says what the center held when it was signed: the bundle's last entry, or one of those after it.
    fn receipts_are_true(&self) {
        let receipts = self.receipts();
        for packed in &self.scene.bundles {
            let (run, receipt) = (&packed.envelope.logs[0], &receipts[&packed.id.hex()]);
            let device = self.scene.devices.iter().find(|device| device.log == run.log).expect("a device");
            let line = &device.lines[usize::try_from(receipt.seq).expect("small") - 1];
            assert!(receipt.log == run.log && receipt.seq >= run.last && receipt.head == line.id(), "{receipt:?}");
        }
    }
}

fn is_good(output: &Output) {
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}: {}{}", output.status, words(&output.stdout), words(&output.stderr));
}

fn tables(center: &Center) -> BTreeMap<String, Vec<u8>> {
    let out = TempDir::new().expect("a folder");
    center.export_csv(&stamp(9), out.path()).expect("exported");
    files(out.path())
}

/// Names and bytes of the files in a folder.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let named = entries
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).expect("a file")));
    named.collect()
}

/// All that the center says of itself but its own times, and how much it wrote in its own log: of four processes one may find that
/// another has read the clock after it, and says so there.
fn status(center: &Center) -> String {
    let status = center.status().expect("a status");
    let mut json = serde_json::to_value(&status).expect("JSON");
    json.as_object_mut().expect("a status").remove("own_entries").expect("a count");
    for site in json["sites"].as_array_mut().expect("sites") {
        for device in site["devices"].as_array_mut().expect("devices") {
            device.as_object_mut().expect("a device").remove("last_contact").expect("a time of the center's");
        }
    }
    json.to_string()
}

/// Once each for bundles that follow each other, and for such as overlap.
#[test]
fn four_at_once_end_where_one_after_another_end() {
    let runs = std::env::var(RUNS).ok().and_then(|runs| runs.parse().ok()).unwrap_or(SAMPLE);
    for with_others in [false, true] {
        let scene = Scene::new(with_others);
        let straight = scene.lay();
        is_good(&straight.ingest(&straight.files.iter().collect::<Vec<_>>()).wait_with_output().expect("it ends"));
        let (expected, receipts) = (straight.end(), straight.receipts());
        for (device, lines) in scene.devices.iter().zip(&expected.lines) {
            assert!(device.lines.iter().map(Line::bytes).eq(lines.iter().map(Vec::as_slice)), "all of it is held");
        }
        for run in 0..runs.div_ceil(2) {
            let stage = scene.lay();
            stage.race(&mut Chance::new(run, u64::from(with_others)));
            let end = stage.end();
            assert!(end == expected, "run {run}: {end:?}\nand not {expected:?}");
            stage.receipts_are_true();
            if !with_others {
                // Each can be taken in at one moment of its log only, so its receipt can say one thing only.
                assert_eq!(stage.receipts(), receipts, "run {run}");
            }
        }
        println!("{} runs, {} bundles each: the same end", runs.div_ceil(2), scene.bundles.len());
    }
}
