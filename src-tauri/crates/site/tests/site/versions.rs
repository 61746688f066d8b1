//! Versions of the study that the center publishes: which of them come, when they may be put into force, and what migrating
//! a subject there and back does.

use std::cell::RefCell;
use std::collections::BTreeMap;

use casebook::act::StudyPublished;
use casebook::{CENTER, LogHead, LogWriter, Stamp};
use proptest::prelude::*;
use screens::messages::{ImportOutcome, PreviewKind, PreviewLine, StudyView, VersionState};
use seal::sha256;
use study::Oid;

use crate::stage::{BEGIN, Content, STUDY, Stage, code, dm, event, form, law, vs};

/// What the second version replaces in the first: the height is asked no longer, the pulse must be answered, the pregnancy
/// test is gone.
const CHANGES: [(&str, &str); 5] = [
    ("<MetaDataVersion OID=\"MDV.1\" Name=\"1\">", "<MetaDataVersion OID=\"MDV.2\" Name=\"2\">"),
    ("<ItemRef ItemOID=\"IT.VS.HEIGHT\" Mandatory=\"No\"/>", "<ItemRef ItemOID=\"IT.VS.PULSE\" Mandatory=\"Yes\"/>"),
    ("<ItemDef OID=\"IT.VS.HEIGHT\" Name=\"HEIGHT\"", "<ItemDef OID=\"IT.VS.PULSE\" Name=\"PULSE\""),
    ("<FormRef FormOID=\"F.PT\" OrderNumber=\"2\" Mandatory=\"No\" CollectionExceptionConditionOID=\"CO.MALE\"/>", ""),
    (
        "<FormDef OID=\"F.PT\" Name=\"Pregnancy test\" Repeating=\"No\"><ItemGroupRef ItemGroupOID=\"IG.PT\" Mandatory=\"Yes\"/></FormDef>",
        "",
    ),
];

/// The small study as amended.
pub(super) fn second() -> Vec<u8> {
    let mut text = String::from_utf8_lossy(STUDY).into_owned();
    for (old, new) in CHANGES {
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text = text.replacen(old, new, 1);
    }
    text.into_bytes()
}

/// A center that publishes.
pub(super) struct Publisher {
    writer: LogWriter,
}

impl Publisher {
    pub(super) fn new() -> Self {
        Self { writer: LogWriter { study: Oid::from("ST.SMALL"), log: Oid::from(CENTER), head: LogHead::empty() } }
    }

    /// The word that a version is for some sites from a day on, and perhaps its file.
    pub(super) fn says(&mut self, file: &[u8], effective: &str, sites: &[&str], carries: bool) -> Content {
        let act = StudyPublished {
            version: Oid::from("MDV.2"),
            file: seal::hex::encode(&sha256(file)),
            effective: effective.to_owned(),
            approval: "EC 2026-117 (sample)".to_owned(),
            sites: sites.iter().map(|site| Oid::from(*site)).collect(),
        };
        let stamp = Stamp::new(i64::try_from(BEGIN.at_ms).expect("a time"), 480, "datamanager");
        let written = self.writer.next(act.into(), None, &stamp, sha256).expect("a line");
        let blobs = carries.then(|| ("study.xml".to_owned(), file.to_vec()));
        Content { lines: vec![written.line], blobs: blobs.into_iter().collect(), ..Content::default() }
    }
}

/// A site that hears what the center says.
fn hears(stage: &mut Stage, content: &Content) -> Vec<String> {
    let reply = stage.send(content);
    stage.session().import_bundle(&reply).expect("taken in").versions
}

/// A site with two subjects that holds the second version; the investigator is signed in.
fn amended() -> (Stage, [String; 2]) {
    let mut stage = Stage::new();
    let subjects = [stage.subject(), stage.subject()];
    stage.export();
    let content = Publisher::new().says(&second(), "2026-11-23", &[], true);
    assert_eq!(hears(&mut stage, &content), ["2"]);
    stage.sign_in("doctor1");
    (stage, subjects)
}

pub(super) fn state(view: &StudyView, version: &str) -> Option<VersionState> {
    view.versions.iter().find(|known| known.version == version).map(|known| known.state)
}

#[test]
fn a_version_waits_for_its_day_and_then_holds_for_new_subjects() {
    let mut stage = Stage::new();
    let old = stage.subject();
    stage.export();
    let content = Publisher::new().says(&second(), "2026-11-25", &["S01"], true);
    assert_eq!(hears(&mut stage, &content), ["2"]);
    stage.sign_in("doctor1");
    let view = stage.session().study_view().expect("a view");
    assert_eq!(state(&view, "MDV.2"), Some(VersionState::Early));
    for (version, why) in [("MDV.2", "not_yet"), ("MDV.3", "no_such"), ("", "no_such")] {
        assert_eq!(code(stage.session().study_activate(version)), why, "{version}");
        let moved = stage.session().subject_migrate(std::slice::from_ref(&old), version, "protocol 2 (sample)");
        assert_eq!(code(moved), why, "{version}");
    }
    stage.now = stage.now.later(2 * 86_400_000);
    let view = stage.session().study_activate("MDV.2").expect("its day has come");
    assert_eq!(
        (state(&view, "MDV.1"), state(&view, "MDV.2")),
        (Some(VersionState::Ready), Some(VersionState::InForce))
    );
    let before = stage.session().sync_view().expect("a view");
    stage.session().study_activate("MDV.2").expect("it is in force");
    assert_eq!(stage.session().sync_view().expect("a view").unsent, before.unsent, "nothing is said twice");
    let new = stage.session().subject_register().expect("registered");
    let under: BTreeMap<String, String> =
        view_of(&mut stage).into_iter().map(|(one, (under, _))| (one, under)).collect();
    assert_eq!(under, BTreeMap::from([(old, "MDV.1".to_owned()), (new, "MDV.2".to_owned())]));
    let now = stage.now;
    stage.computer.lock(now).expect("locked");
    stage.sign_in("nurse1");
    assert_eq!(stage.session().study().metadata_version, "MDV.2", "also after a lock");
}

/// The version that each subject is under, and the one to which an undo leads.
fn view_of(stage: &mut Stage) -> BTreeMap<String, (String, Option<String>)> {
    let view = stage.session().study_view().expect("a view");
    view.subjects.into_iter().map(|one| (one.subject, (one.version, one.undo))).collect()
}

#[test]
fn only_what_is_for_this_site_and_can_be_read_is_held() {
    let broken = String::from_utf8_lossy(&second()).replace("</Study>", "").into_bytes();
    let foreign = String::from_utf8_lossy(&second()).replace("ST.SMALL", "ST.OTHER").into_bytes();
    for (file, sites) in [(second(), &["S02"][..]), (broken, &[]), (foreign, &["S01"])] {
        let mut stage = Stage::new();
        stage.export();
        let reply = stage.send(&Publisher::new().says(&file, "2026-11-01", sites, true));
        let report = stage.session().import_bundle(&reply).expect("the bundle is good all the same");
        assert_eq!((report.outcome, report.entries, report.versions.len()), (ImportOutcome::Accepted, 1, 0));
        stage.sign_in("doctor1");
        let view = stage.session().study_view().expect("a view");
        let expected = if sites == ["S02"] { None } else { Some(VersionState::Unreadable) };
        assert_eq!(state(&view, "MDV.2"), expected);
        assert_eq!(code(stage.session().study_activate("MDV.2")), "no_such");
        assert_eq!(code(stage.session().study_outline("MDV.2")), "no_such");
    }
}

#[test]
fn a_file_may_come_after_the_word_that_it_is_published() {
    let mut stage = Stage::new();
    stage.export();
    let mut center = Publisher::new();
    let word = center.says(&second(), "2026-11-01", &["S02"], true);
    assert_eq!(hears(&mut stage, &word), Vec::<String>::new(), "for another site only");
    let again = center.says(&second(), "2026-11-01", &["S01"], false);
    assert_eq!(hears(&mut stage, &again), ["2"], "the file had come before, and is for this site, too");
    let third = center.says(&second(), "2026-12-24", &[], true);
    assert_eq!(hears(&mut stage, &third), Vec::<String>::new(), "it is held");
    let view = stage.session().study_view().expect("a view");
    assert_eq!(state(&view, "MDV.2"), Some(VersionState::Early), "the center's last word holds");
}

#[test]
fn a_migration_is_of_all_that_are_named_or_of_none() {
    let (mut stage, subjects) = amended();
    let before = view_of(&mut stage);
    let with = |other: &str| vec![subjects[0].clone(), other.to_owned()];
    for (list, version, reason, why) in [
        (with("S01-999"), "MDV.2", "protocol 2 (sample)", "no_such"),
        (with(&subjects[1]), "MDV.2", " ", "reason_needed"),
        (with(&subjects[1]), "MDV.3", "protocol 3 (sample)", "no_such"),
    ] {
        assert_eq!(code(stage.session().subject_migrate(&list, version, reason)), why, "{list:?}");
        assert_eq!(view_of(&mut stage), before);
    }
    for user in ["nurse1", "reader1"] {
        stage.sign_in(user);
        assert_eq!(code(stage.session().subject_migrate(&subjects, "MDV.2", "x")), "not_your_role", "{user}");
    }
}

/// However often subjects are moved there and back: each is where it was moved last, the undo leads to where it was before,
/// nothing is written for one that is there, and under the first version everything reads as it did.
#[test]
fn every_way_there_and_back_leaves_the_first_version_as_it_was() {
    let (mut stage, subjects) = amended();
    stage.sign_in("nurse1");
    for subject in &subjects {
        stage.vital_signs(subject);
        stage.types(subject, &vs("HEIGHT"), "171");
        stage.session().form_complete(subject, &crate::stage::VS).expect("complete");
    }
    stage.sign_in("doctor1");
    let shown = |stage: &mut Stage, subject: &str| {
        let mut form = stage.state(subject, &crate::stage::VS);
        form.unsent = 0;
        let history = stage.session().cell_view(subject, &vs("HEIGHT")).expect("a cell").history;
        serde_json::to_string(&(form, history)).expect("JSON")
    };
    let first: Vec<String> = subjects.iter().map(|subject| shown(&mut stage, subject)).collect();
    let stage = RefCell::new(stage);
    law(12, prop::collection::vec((1..4_usize, any::<bool>()), 1..8), |moves| {
        let stage = &mut *stage.borrow_mut();
        let mut expected = view_of(stage);
        let home = (3, false);
        for (who, forward) in moves.into_iter().chain([home]) {
            let to = if forward { "MDV.2" } else { "MDV.1" };
            let named: Vec<String> = subjects
                .iter()
                .enumerate()
                .filter(|(at, _)| who & (1 << at) != 0)
                .map(|(_, one)| one.clone())
                .collect();
            let mut moved = 0;
            for subject in &named {
                let at = expected.get_mut(subject).expect("a subject");
                if at.0 != to {
                    *at = (to.to_owned(), Some(at.0.clone()));
                    moved += 1;
                }
            }
            let before = stage.session().sync_view().expect("a view").unsent;
            stage.session().subject_migrate(&named, to, "there and back (sample)").expect("moved");
            assert_eq!(stage.session().sync_view().expect("a view").unsent - before, moved);
            assert_eq!(view_of(stage), expected);
        }
        for (subject, first) in subjects.iter().zip(&first) {
            assert_eq!(shown(stage, subject), *first);
        }
    });
}

#[test]
fn what_a_version_retires_is_read_and_no_longer_written() {
    let (mut stage, [subject, _]) = amended();
    let test = form("SE.CN[1]/F.PT[1]");
    let result = test.cell("IG.PT", "1", "IT.PT.RES");
    stage.session().event_date(&subject, &event("SE.CN[1]"), "2026-12-11", None).expect("dated");
    stage.types(&subject, &result, "NEG");
    stage.types(&subject, &vs("HEIGHT"), "171");
    stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.2", "protocol 2 (sample)").expect("moved");
    let shape = stage.session().form_shape(&subject, &test).expect("it can be read");
    assert!(shape.groups.is_empty() && !shape.title.is_empty());
    let values = |stage: &mut Stage, form| -> Vec<String> {
        stage.state(&subject, form).retired.into_iter().map(|one| one.value).collect()
    };
    assert_eq!(values(&mut stage, &test), ["Negative"]);
    assert_eq!(values(&mut stage, &crate::stage::VS), ["171"]);
    for cell in [&result, &vs("HEIGHT")] {
        assert_eq!(code(stage.session().save_item(&subject, cell, "1", Some("x"))), "no_such");
        assert_eq!(code(stage.session().draft_item(&subject, cell, "1")), "no_such");
    }
    assert_eq!(code(stage.session().form_complete(&subject, &test)), "no_such");
    let untouched = form("SE.CN[2]/F.PT[1]");
    assert_eq!(code(stage.session().form_shape(&subject, &untouched)), "no_such", "nothing was ever entered there");
}

#[test]
fn a_preview_tells_what_a_migration_does_and_writes_nothing() {
    let (mut stage, [subject, other]) = amended();
    stage.vital_signs(&subject);
    stage.types(&subject, &vs("HEIGHT"), "171");
    stage.types(&subject, &dm("SEX"), "F");
    stage.session().form_complete(&subject, &crate::stage::VS).expect("complete");
    let before = stage.session().sync_view().expect("a view").unsent;
    let lines = |stage: &mut Stage, subject: &str, to: &str| -> Vec<PreviewLine> {
        stage.session().subject_preview(subject, to).expect("a preview").lines
    };
    let there = lines(&mut stage, &subject, "MDV.2");
    let told: Vec<(PreviewKind, &str, &str)> =
        there.iter().map(|line| (line.kind, line.title.as_str(), line.was.as_str())).collect();
    assert_eq!(
        told,
        [(PreviewKind::Falls, "", ""), (PreviewKind::Lacking, "PULSE", ""), (PreviewKind::Retired, "HEIGHT", "171")]
    );
    assert_eq!(lines(&mut stage, &other, "MDV.2"), [], "nobody who has no answers is concerned");
    assert_eq!(stage.session().sync_view().expect("a view").unsent, before);
    assert_eq!(code(stage.session().subject_preview(&subject, "MDV.3")), "no_such");
    assert_eq!(code(stage.session().subject_preview("S01-999", "MDV.2")), "no_such");
    stage.session().subject_migrate(std::slice::from_ref(&subject), "MDV.2", "protocol 2 (sample)").expect("moved");
    let blockers = stage.state(&subject, &crate::stage::VS).blockers;
    assert_eq!(blockers.iter().map(|one| one.question.as_str()).collect::<Vec<_>>(), ["PULSE"], "as it was told");
    let back = lines(&mut stage, &subject, "MDV.1");
    assert!(back.iter().any(|line| line.kind == PreviewKind::Revived && line.title == "HEIGHT"), "{back:?}");
}
