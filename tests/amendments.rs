//! A second version of the real trial: published by the center, carried by a reply, put into force and migrated to at a
//! site, undone, and exported. Nothing that was recorded is lost or rewritten on the way.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use bundle::Packed;
use casebook::{Act, CENTER, Instant, Line, Offset};
use center::store::{Embedded, Storage};
use center::{Amendment, Center, CenterError, Founding, Stamp};
use screens::Now;
use screens::messages::{PreviewKind, VersionState};
use site::{Home, NewAccount, Session, SiteComputer};
use study::amend::{Fate, Part, diff, unfit};
use study::{CellKey, EventKey, FormKey, Oid};

const TRIAL: &str = include_str!("../src-tauri/studies/hcc-oligoprogression.xml");
pub(crate) const PASSWORD: &str = "granite-lantern-58";
const PASSPHRASE: &str = "told by telephone only";
const BEGIN: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };
pub(crate) static SCR: LazyLock<EventKey> = LazyLock::new(|| EventKey::new("SE.SCR", "1"));
pub(crate) static VS: LazyLock<FormKey> = LazyLock::new(|| SCR.form("F.VS", "1"));
static DM: LazyLock<FormKey> = LazyLock::new(|| SCR.form("F.DM", "1"));

/// A cell of the screening visit's vital signs.
pub(crate) fn vs(item: &str) -> CellKey {
    VS.cell("IG.VS", "1", format!("IT.VS.{item}"))
}

/// A cell of the demographics.
fn dm(item: &str) -> CellKey {
    DM.cell("IG.DM", "1", format!("IT.DM.{item}"))
}

/// Replaces what stands exactly once.
fn edit(text: &mut String, old: &str, new: &str) {
    assert_eq!(text.matches(old).count(), 1, "{old}");
    *text = text.replacen(old, new, 1);
}

/// The trial as amended: a new required item, a retired one, a code that is renamed, one that is offered no longer, a
/// narrower window, a lower limit.
fn second() -> String {
    amended(TRIAL)
}

/// The same of the trial with its dictionary, too.
pub(crate) fn amended(trial: &str) -> String {
    let mut text = trial.to_owned();
    edit(&mut text, "<MetaDataVersion OID=\"MDV.1\" Name=\"1.0\"", "<MetaDataVersion OID=\"MDV.2\" Name=\"2.0\"");
    edit(
        &mut text,
        "        <ItemRef ItemOID=\"IT.VS.RESP\" OrderNumber=\"5\" Mandatory=\"Yes\"/>\n",
        "        <ItemRef ItemOID=\"IT.VS.SPO2\" OrderNumber=\"5\" Mandatory=\"Yes\"/>\n",
    );
    edit(
        &mut text,
        "      <ItemDef OID=\"IT.VS.RESP\" ",
        "      <ItemDef OID=\"IT.VS.SPO2\" Name=\"Oxygen saturation\" DataType=\"integer\" Length=\"3\">
        <Question>
          <TranslatedText xml:lang=\"en\">Oxygen saturation</TranslatedText>
          <TranslatedText xml:lang=\"zh-CN\">血氧饱和度</TranslatedText>
        </Question>
      </ItemDef>
      <ItemDef OID=\"IT.VS.RESP\" ",
    );
    let (from, to) = (
        text.find("<CodeList OID=\"CL.ETHNIC\"").expect("there"),
        text.find("<CodeList OID=\"CL.RACE\"").expect("there"),
    );
    let mut list = text[from..to].to_owned();
    edit(&mut list, "CodedValue=\"HAN\"", "CodedValue=\"HAN CHINESE\"");
    edit(
        &mut list,
        "<TranslatedText xml:lang=\"zh-CN\">汉族</TranslatedText>\n          </Decode>\n",
        "<TranslatedText xml:lang=\"zh-CN\">汉族</TranslatedText>\n          </Decode>\n          <Alias Context=\"urn:outpost:odm:1:was\" Name=\"HAN\"/>\n",
    );
    text.replace_range(from..to, &list);
    let (from, to) = (
        text.find("<CodeList OID=\"CL.RACE\"").expect("there"),
        text.find("<CodeList OID=\"CL.DXMETH\"").expect("there"),
    );
    let mut list = text[from..to].to_owned();
    edit(&mut list, "CodedValue=\"ASIAN\"", "CodedValue=\"ASIAN OR PACIFIC\"");
    text.replace_range(from..to, &list);
    let from = text.find("<StudyEventDef OID=\"SE.TA\"").expect("there");
    let to = from + text[from..].find("</StudyEventDef>").expect("there");
    let mut event = text[from..to].to_owned();
    edit(&mut event, "Name=\"-7 +7\"", "Name=\"-5 +5\"");
    text.replace_range(from..to, &event);
    text
}

fn read(text: &str) -> study::Study {
    study::Study::read("trial.xml", text.as_bytes(), &clinical::functions()).expect("a study")
}

pub(crate) fn stamp(minute: u64) -> Stamp {
    let at = Instant::from_ms(i64::try_from(BEGIN.at_ms + minute * 60_000).expect("a time"));
    Stamp { at, tz: Offset::from_minutes(480), by: Oid::from("datamanager") }
}

/// A center and one site computer, as people run them.
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) center: Center,
    pub(crate) computer: SiteComputer,
    pub(crate) now: Now,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let functions = clinical::functions();
        let founding =
            Founding { study_name: "trial.xml", study: TRIAL.as_bytes(), functions: &functions, practice: true };
        let center = Center::init(&folder.path().join("center"), &founding, &stamp(0)).expect("a center");
        center.add_site(&stamp(0), "S01", "Sample hospital").expect("a site");
        let kit = folder.path().join("S01.kit");
        fs::write(&kit, center.make_kit(&stamp(0), "S01", PASSPHRASE).expect("a kit").bytes).expect("written");
        let home = Home { data: folder.path().join("data"), config: folder.path().join("config") };
        let mut computer = SiteComputer::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
        let account = |user: &str| NewAccount::new(user, "Sample (sample)", PASSWORD.to_owned());
        computer.kit_found_as("vault", &kit, PASSPHRASE, &account("admin1"), BEGIN).expect("founded");
        let mut stage = Self { folder, center, computer, now: BEGIN };
        stage.session().add(&account("nurse1"), screens::messages::Role::Nurse, seal::Cost::floor()).expect("added");
        stage
            .session()
            .add(&account("doctor1"), screens::messages::Role::Investigator, seal::Cost::floor())
            .expect("added");
        stage.sign_in("nurse1");
        stage
    }

    fn sign_in(&mut self, user: &str) {
        self.now = self.now.later(1_000);
        self.computer.unlock("vault", user, PASSWORD, self.now).expect("signed in");
    }

    pub(crate) fn session(&mut self) -> Session<'_> {
        self.now = self.now.later(1_000);
        self.computer.session(self.now).expect("somebody is signed in")
    }

    /// A screening visit with demographics and vital signs, both complete.
    fn subject(&mut self) -> String {
        let subject = self.session().subject_register().expect("registered");
        self.session().event_date(&subject, &SCR, "2026-11-02", None).expect("dated");
        self.session().event_date(&subject, &EventKey::new("SE.C1D1", "1"), "2026-11-09", None).expect("dated");
        for (item, typed) in [("BRTHDAT", "1961-02-03"), ("SEX", "M"), ("ETHNIC", "HAN"), ("RACE", "ASIAN")] {
            self.types(&subject, &dm(item), typed);
        }
        for (item, typed) in [
            ("TEMP", "36.6"),
            ("SYSBP", "122"),
            ("DIABP", "78"),
            ("PULSE", "71"),
            ("RESP", "16"),
            ("HEIGHT", "171"),
            ("WEIGHT", "68.5"),
        ] {
            self.types(&subject, &vs(item), typed);
        }
        self.session().form_complete(&subject, &VS).expect("complete");
        self.session().form_complete(&subject, &DM).expect("complete");
        subject
    }

    pub(crate) fn types(&mut self, subject: &str, cell: &CellKey, typed: &str) {
        self.session().save_item(subject, cell, typed, None).expect("saved");
    }

    /// Carries what is new to the center and its reply back; gives the versions that came.
    pub(crate) fn exchange(&mut self, minute: u64) -> Vec<String> {
        let stick = tempfile::tempdir_in(self.folder.path()).expect("a stick").keep();
        let report = self.session().export_bundle(&stick).expect("exported");
        for file in &report.files {
            let source = std::io::Cursor::new(fs::read(file).expect("the bundle"));
            self.center.import(&stamp(minute), "a.bundle", source).expect("the center works");
        }
        let devices = self.center.status().expect("a status").sites.remove(0).devices;
        for device in devices.iter().filter(|device| device.state == "waiting") {
            self.center.approve(&stamp(minute), &device.device).expect("approved");
            self.center.import_waiting(&stamp(minute), &device.device).expect("taken in");
        }
        let mut come = Vec::new();
        for packed in self.center.reply(&stamp(minute), "S01").expect("a reply").packed {
            let reply = self.write(&packed, minute);
            come.extend(self.session().import_bundle(&reply).expect("imported").versions);
        }
        come
    }

    pub(crate) fn write(&self, packed: &Packed, minute: u64) -> PathBuf {
        let path = self.folder.path().join(format!("reply-{minute}.bundle"));
        fs::write(&path, &packed.bytes).expect("written");
        path
    }

    fn publish(&self, minute: u64, effective: &str) -> usize {
        let text = second();
        let amendment = Amendment {
            name: "second.xml",
            file: text.as_bytes(),
            effective,
            approval: "EC 2026-117 (sample)",
            sites: &["S01".to_owned()],
        };
        self.center.publish(&stamp(minute), &amendment).expect("published").1.len()
    }

    /// The history of every cell that was ever answered, as the screen shows it.
    fn histories(&mut self, subject: &str) -> BTreeMap<CellKey, Vec<String>> {
        let mut found = BTreeMap::new();
        let vital = ["TEMP", "SYSBP", "DIABP", "PULSE", "RESP", "HEIGHT", "WEIGHT"].map(vs);
        for cell in vital.into_iter().chain(["BRTHDAT", "SEX", "ETHNIC", "RACE"].map(dm)) {
            let view = self.session().cell_view(subject, &cell).expect("a view");
            found.insert(cell, view.history.iter().map(|one| format!("{} {} {}", one.at, one.new, one.seq)).collect());
        }
        found
    }

    fn cells(&self, out: &str) -> Vec<Vec<String>> {
        let folder = self.folder.path().join(out);
        self.center.export_csv(&stamp(900), &folder).expect("exported");
        table(&folder.join("cells.csv"))
    }
}

fn table(file: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(file).expect("a table");
    text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn the_differences_are_said_in_order_and_in_words() {
    let (old, new) = (read(TRIAL), read(&second()));
    assert_eq!(unfit(&old, &new), []);
    let found = diff(&old, &new);
    let said: Vec<(Part, Fate, &str)> = found.iter().map(|one| (one.part, one.fate, one.oid.as_str())).collect();
    assert_eq!(
        said,
        [
            (Part::Event, Fate::Rescheduled, "SE.TA"),
            (Part::Item, Fate::Added, "IT.VS.SPO2"),
            (Part::Item, Fate::Required, "IT.VS.SPO2"),
            (Part::Item, Fate::Retired, "IT.VS.RESP"),
            (Part::Code, Fate::Renamed, "CL.ETHNIC"),
            (Part::Code, Fate::Added, "CL.RACE"),
            (Part::Code, Fate::Retired, "CL.RACE"),
        ]
    );
    assert!(found[0].to_string().contains("[−7, +7]") && found[0].to_string().contains("[−5, +5]"), "{}", found[0]);
    assert_eq!(found[4].to_string(), "code CL.ETHNIC \"Han\": goes by another code: HAN → HAN CHINESE");
    assert_eq!(found[4].title.get("zh-CN"), "汉族");
    assert_eq!(diff(&old, &old), []);
}

#[test]
fn an_amendment_that_would_change_what_was_recorded_is_refused_with_its_place() {
    let stage = Stage::new();
    let refused = |change: &dyn Fn(&mut String)| {
        let mut text = second();
        change(&mut text);
        match stage.center.amendment("second.xml", text.as_bytes()) {
            Err(CenterError::Study(faults)) => faults,
            other => panic!("{:?}", other.map(|found| found.len())),
        }
    };
    let faults = refused(&|text| {
        edit(
            text,
            "<ItemDef OID=\"IT.VS.PULSE\" Name=\"Pulse\" DataType=\"integer\"",
            "<ItemDef OID=\"IT.VS.PULSE\" Name=\"Pulse\" DataType=\"date\"",
        );
    });
    assert!(faults.iter().any(|fault| fault.oid.as_deref() == Some("IT.VS.PULSE") && fault.line > 1), "{faults:?}");
    // A wrong rule is refused with file, line, OID and reason.
    let wrong = refused(&|text| {
        let from = text.find("abs(WEIGHT - previous(").expect("there");
        text.replace_range(from..from + 10, "abs(WEIHGT");
    });
    let said = wrong[0].to_string();
    assert!(said.starts_with("second.xml:") && said.contains("IT.VS.WEIGHT") && said.contains("WEIHGT"), "{said}");
    assert!(wrong[0].line > 1000);
    // A version is published once.
    let again = refused(&|text| edit(text, "OID=\"MDV.2\"", "OID=\"MDV.1\""));
    assert!(again[0].reason.contains("published already"), "{again:?}");
    let other = refused(&|text| edit(text, "<Study OID=\"ST.HCC-OLIGO\">", "<Study OID=\"ST.OTHER\">"));
    assert!(other[0].reason.contains("another study"), "{other:?}");
    let text = second();
    let amendment =
        |effective, approval| Amendment { name: "x", file: text.as_bytes(), effective, approval, sites: &[] };
    assert!(matches!(stage.center.publish(&stamp(1), &amendment("2026-12", "EC")), Err(CenterError::Effective(_))));
    assert!(matches!(stage.center.publish(&stamp(1), &amendment("2026-12-01", " ")), Err(CenterError::Approval)));
}

#[test]
fn published_carried_previewed_migrated_and_undone_with_nothing_lost() {
    let mut stage = Stage::new();
    let (subject, other) = (stage.subject(), stage.subject());
    assert_eq!(stage.exchange(10), Vec::<String>::new());
    let before = stage.histories(&subject);
    assert_eq!(stage.publish(20, "2026-11-23"), 7);
    assert_eq!(stage.exchange(30), ["2.0"]);

    // It has come and changes nothing until a person says so.
    let view = stage.session().study_view().expect("a view");
    let states: Vec<_> = view.versions.iter().map(|one| (one.name.as_str(), one.state, one.subjects)).collect();
    assert_eq!(states, [("2.0", VersionState::Ready, 0), ("1.0", VersionState::InForce, 2)]);
    assert!(!view.may_change, "a nurse looks");
    assert_eq!(view.versions[0].approval, "EC 2026-117 (sample)");

    // The preview names what would change for this subject.
    let preview = stage.session().subject_preview(&subject, "MDV.2").expect("a preview");
    let of = |kind| preview.lines.iter().filter(|line| line.kind == kind).collect::<Vec<_>>();
    assert_eq!(
        of(PreviewKind::Lacking).iter().map(|line| line.title.as_str()).collect::<Vec<_>>(),
        ["Oxygen saturation"]
    );
    assert_eq!(of(PreviewKind::Falls).len(), 1, "vital signs were complete");
    assert_eq!(
        of(PreviewKind::Retired).iter().map(|line| (line.title.as_str(), line.was.as_str())).collect::<Vec<_>>(),
        [("Respiratory rate", "16")]
    );
    let renamed: Vec<_> = of(PreviewKind::Renamed).iter().map(|line| (line.was.as_str(), line.now.as_str())).collect();
    assert_eq!(renamed, [("Han", "Han"), ("Asian", "")]);
    let windows = of(PreviewKind::Window);
    assert!(
        windows[0].was.contains("2026-12-14 – 2026-12-28") && windows[0].now.contains("2026-12-16 – 2026-12-26"),
        "{windows:?}"
    );

    // Migrated by the investigator, with a reason; new subjects begin under the new version once it is in force.
    stage.sign_in("doctor1");
    assert_eq!(
        stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.2", " ").expect_err("refused").code(),
        "reason_needed"
    );
    let view =
        stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.2", "protocol 2.0").expect("migrated");
    let under: Vec<_> = view.subjects.iter().map(|one| (one.name.as_str(), one.undo.as_deref())).collect();
    assert_eq!(under, [("2.0", Some("MDV.1")), ("1.0", None)]);
    stage.session().study_activate("MDV.2").expect("in force");
    let third = stage.session().subject_register().expect("registered");
    assert_eq!(stage.session().study_view().expect("a view").subjects[2].name, "2.0");

    // What version 1 asked is read beside what version 2 asks.
    let state = stage.session().form_state(&subject, &VS).expect("a form");
    assert_eq!(
        state
            .retired
            .iter()
            .map(|one| (one.question.as_str(), one.value.as_str(), one.version.as_str()))
            .collect::<Vec<_>>(),
        [("Respiratory rate", "16 /min", "1.0")]
    );
    assert!(state.blockers.iter().any(|one| one.question == "Oxygen saturation"));
    let demography = stage.session().form_state(&subject, &DM).expect("a form");
    let earlier = |ending: &str| {
        demography.rows[0].cells.iter().find(|cell| cell.key.ends_with(ending)).and_then(|cell| cell.earlier.clone())
    };
    let (ethnic, race) = (earlier("ETHNIC").expect("renamed"), earlier("RACE").expect("offered no longer"));
    assert_eq!((ethnic.text.as_str(), ethnic.now.as_str(), ethnic.version.as_str()), ("Han", "Han", "1.0"));
    assert_eq!((race.text.as_str(), race.now.as_str()), ("Asian", ""));
    let shape = stage.session().form_shape(&other, &VS).expect("a form");
    assert!(shape.groups[0].items.iter().any(|item| item.name == "RESP"), "the other subject stays under its version");

    // The new item is answered, and everything undone.
    let spo2 = vs("SPO2");
    stage.session().save_item(&subject, &spo2, "97", Some("asked since version 2.0")).expect("saved");
    assert!(stage.session().form_state(&subject, &VS).expect("a form").blockers.is_empty());
    stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.1", "moved by mistake").expect("undone");
    assert_eq!(stage.histories(&subject), before, "histories are what they were");
    let state = stage.session().form_state(&subject, &VS).expect("a form");
    assert_eq!(state.retired.iter().map(|one| one.question.as_str()).collect::<Vec<_>>(), ["Oxygen saturation"]);
    assert_eq!(stage.session().save_item(&subject, &spo2, "98", None).expect_err("refused").code(), "no_such");
    stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.2", "after all").expect("migrated again");

    // The fold of the whole vault agrees with the journal, and so does the center's.
    stage.exchange(40);
    stage.computer.lock(stage.now).expect("locked");
    stage.sign_in("doctor1");
    wait_for_good(&mut stage);
    let cells = stage.cells("csv");
    let line = |subject: &str, item: &str| {
        let found = cells.iter().find(|line| line[0] == subject && line[9] == item).expect("the value is exported");
        (found[11].clone(), found[15].clone(), found[19].clone())
    };
    let told = |value: &str, note: &str, version: &str| (value.to_owned(), note.to_owned(), version.to_owned());
    assert_eq!(line(&subject, "IT.VS.RESP"), told("16", "retired", "MDV.1"));
    assert_eq!(line(&other, "IT.VS.RESP"), told("16", "", "MDV.1"));
    assert_eq!(line(&subject, "IT.VS.SPO2"), told("97", "", "MDV.2"));
    assert_eq!(line(&subject, "IT.DM.ETHNIC"), told("HAN", "", "MDV.1"));
    let vital = table(&stage.folder.path().join("csv").join("F.VS.csv"));
    let column = |name: &str| vital[0].iter().position(|head| head == name).expect("a column");
    let row = vital.iter().find(|row| row[0] == subject && row[1] == "SE.SCR").expect("a row");
    assert_eq!((row[column("RESP")].as_str(), row[column("RESP.MDV")].as_str()), ("16", "MDV.1"));
    assert_eq!((row[column("SPO2")].as_str(), row[column("SPO2.MDV")].as_str()), ("97", "MDV.2"));
    assert_eq!(row[column("SUBJECT_MDV")], "MDV.2");
    assert!(cells.iter().all(|line| line[0] != third), "nothing was entered for the third");
}

/// Waits until the verification in the background has folded everything afresh and found nothing.
fn wait_for_good(stage: &mut Stage) {
    for _ in 0..600 {
        let view = stage.session().integrity().expect("a view");
        if view.done || !view.alarms.is_empty() {
            assert_eq!(view.alarms.len(), 0, "{:?}", view.alarms.iter().map(|one| &one.code).collect::<Vec<_>>());
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the verification did not end");
}

#[test]
fn a_version_waits_for_its_day_and_reaches_only_its_sites() {
    let mut stage = Stage::new();
    let subject = stage.subject();
    stage.exchange(10);
    stage.publish(20, "2027-01-15");
    assert_eq!(stage.exchange(30), ["2.0"]);
    stage.sign_in("doctor1");
    assert_eq!(stage.session().study_view().expect("a view").versions[0].state, VersionState::Early);
    assert_eq!(stage.session().study_activate("MDV.2").expect_err("refused").code(), "not_yet");
    assert_eq!(stage.session().subject_migrate(&[subject], "MDV.2", "early").expect_err("refused").code(), "not_yet");
    // Another site's reply says that there is a version, and does not bring it; its kit begins with the first.
    stage.center.add_site(&stamp(40), "S02", "Other hospital").expect("a site");
    let listed = stage.center.publications().expect("listed");
    assert_eq!(listed.iter().map(|one| one.act.version.as_str()).collect::<Vec<_>>(), ["MDV.1", "MDV.2"]);
    let text = second();
    let sites = ["S02".to_owned()];
    let again =
        Amendment { name: "x", file: text.as_bytes(), effective: "2026-11-01", approval: "EC 9", sites: &sites };
    assert_eq!(stage.center.publish(&stamp(50), &again).expect("for a further site").1, []);
    let kit = |site: &str| stage.center.make_kit(&stamp(60), site, PASSPHRASE).expect("a kit").bytes.len();
    assert!(kit("S01") > 0 && kit("S02") > 0);
}

/// The center's own acts about a subject are written under the version that the subject is under, and reach the site.
#[test]
fn a_query_of_the_center_is_asked_under_the_version_of_its_subject() {
    let mut stage = Stage::new();
    let (moved, other) = (stage.subject(), stage.subject());
    stage.exchange(10);
    stage.publish(20, "2026-11-23");
    stage.exchange(30);
    stage.sign_in("doctor1");
    stage.session().subject_migrate(std::slice::from_ref(&moved), "MDV.2", "protocol 2.0").expect("migrated");
    stage.exchange(40);
    let cell = vs("SYSBP");
    for subject in [&moved, &other] {
        stage.center.raise_query(&stamp(50), subject, &cell, "Standing or sitting?").expect("asked");
    }
    let unknown = stage.center.raise_query(&stamp(50), "S01-099", &cell, "Who?").expect_err("refused");
    assert!(matches!(unknown, CenterError::UnknownSubject(_)), "{unknown}");
    stage.exchange(60);
    for subject in [&moved, &other] {
        let view = stage.session().cell_view(subject, &cell).expect("a view");
        let asked: Vec<_> = view.queries.iter().map(|query| (query.text.as_str(), query.by.as_str())).collect();
        assert_eq!(asked, [("Standing or sitting?", "datamanager")]);
        let query = stage.center.book(subject).expect("a book").queries().count();
        assert_eq!((query, stage.session().subject_view(subject).expect("a view").queries), (1, 1));
    }
    let mut under = Vec::new();
    let store = Embedded::open(&stage.folder.path().join("center/center.sqlite")).expect("the center's database");
    let store: &dyn Storage = &store;
    store
        .read(|tx| {
            tx.lines(CENTER, 1, &mut |_, _, id, bytes| {
                let entry = Line::read(bytes, id).expect("as entries are written").into_parts().2;
                if let Act::QueryRaised(act) = entry.act {
                    under.push((act.subject.to_string(), entry.metadata_version.map(|version| version.to_string())));
                }
                Ok(())
            })
        })
        .expect("read");
    assert_eq!(under, [(moved, Some("MDV.2".to_owned())), (other, Some("MDV.1".to_owned()))]);
    stage.center.check().expect("sound");
}
