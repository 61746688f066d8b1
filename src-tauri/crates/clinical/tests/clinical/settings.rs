//! What a protocol settles: each word of each setting is read, changes what it says, and nothing else is taken.

use clinical::tumours::{self, Course};
use oncology::recist::{
    Equivocal, Limits, LostComplete, PartialResponse, Reappearance, Settings, Tenths, TreatedTargets,
};

use crate::stage::{Chart, XML, date, read, with};

fn settings(said: &[(&str, &str)]) -> Settings {
    course(said, |_| ()).settings
}

/// The course of a lesion of 40 mm in the liver, under these settings, with what `enter` writes.
fn course(said: &[(&str, &str)], enter: impl FnOnce(&mut Chart<'_>)) -> Course {
    let study = with(said).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mut chart = Chart::of(&study);
    chart.visit("SE.BASE[1]", &date(0));
    chart.row("SE.BASE[1]/F.FIRST[1]", "IG.T", &[("ID", "A"), ("ORGAN", "LIVER"), ("SIZE", "40")]);
    enter(&mut chart);
    tumours::course(&study, &chart.book).expect("tumours")
}

/// Scans of the lesion at these days with these answers.
fn scans(chart: &mut Chart<'_>, shown: &[(i32, &[(&str, &str)])]) {
    for (n, (day, answers)) in shown.iter().enumerate() {
        let event = format!("SE.SCAN[{}]", n + 1);
        chart.visit(&event, &date(*day));
        let mut row = vec![("ID", "A")];
        row.extend_from_slice(answers);
        chart.row(&format!("{event}/F.SCAN[1]"), "IG.R", &row);
    }
}

fn overall(course: &Course) -> Vec<&'static str> {
    course.outcome.points.iter().map(|point| point.overall.code()).collect()
}

fn size(mm: &str) -> [(&'static str, &str); 2] {
    [("STATE", "MEASURED"), ("SIZE", mm)]
}

const GONE: [(&str, &str); 1] = [("STATE", "ABSENT")];

#[test]
fn a_silent_study_has_the_published_rules() {
    let bare = XML.lines().filter(|line| !line.contains(":setting:")).collect::<Vec<_>>().join("\n");
    let study = read(&bare).expect("a study");
    let mut chart = Chart::of(&study);
    chart.visit("SE.BASE[1]", &date(0)).fill("SE.BASE[1]/F.FIRST[1]/IG.FIRST[1]", &[("SLICE", "5")]);
    let found = tumours::course(&study, &chart.book).expect("tumours").settings;
    assert_eq!(found, Settings::default());
}

#[test]
fn numbers_are_taken_over() {
    let said = [
        ("TARGETS_MAX", "7"),
        ("TARGETS_PER_ORGAN", "3"),
        ("TARGET_MIN_MM", "12.5"),
        ("NODE_TARGET_MIN_MM", "16"),
        ("NODE_NORMAL_MM", "9"),
        ("TOO_SMALL_MM", "4"),
        ("RECIST_PR_PERCENT", "25"),
        ("RECIST_PD_PERCENT", "73"),
        ("RECIST_PD_MM", "2"),
        ("RECIST_CONFIRMATION_DAYS", "35"),
        ("RECIST_CONFIRMATION_NE", "2"),
        ("RECIST_STABLE_DAYS", "56"),
    ];
    let limits = Limits {
        targets: 7,
        targets_per_organ: 3,
        target_min: Tenths::new(125),
        node_target_min: Tenths::mm(16),
        node_normal: Tenths::mm(9),
        too_small: Tenths::mm(4),
        response_percent: 25,
        progression_percent: 73,
        progression_min: Tenths::mm(2),
    };
    let wanted = Settings { confirmation_days: 35, confirmation_ne: 2, stable_days: 56, limits, ..Settings::default() };
    assert_eq!(settings(&said), wanted);
}

#[test]
fn every_word_is_one_choice() {
    let base = Settings::default();
    let choices: [(&str, &str, Settings); 18] = [
        ("RECIST_CONFIRMATION", "NOT_REQUIRED", base),
        ("RECIST_CONFIRMATION", "REQUIRED", Settings { confirmation_required: true, ..base }),
        ("RECIST_CONFIRMATION_SD", "NO", base),
        ("RECIST_CONFIRMATION_SD", "YES", Settings { confirmation_sd: true, ..base }),
        ("RECIST_PR", "PERSISTS", base),
        ("RECIST_PR", "STRICT", Settings { partial_response: PartialResponse::Strict, ..base }),
        ("IRRADIATED_TARGET", "NOT_EVALUABLE", base),
        ("IRRADIATED_TARGET", "EVALUABLE", Settings { treated_targets: TreatedTargets::Evaluable, ..base }),
        ("RECIST_MARKERS", "REQUIRED", base),
        ("RECIST_MARKERS", "IGNORED", Settings { markers_for_complete: false, ..base }),
        ("RECIST_EQUIVOCAL", "BACK_DATED", base),
        ("RECIST_EQUIVOCAL", "AT_CONFIRMATION", Settings { equivocal: Equivocal::AtConfirmation, ..base }),
        ("RECIST_REAPPEARANCE", "PROGRESSION", base),
        ("RECIST_REAPPEARANCE", "NODES_BY_SIZE", Settings { reappearance: Reappearance::NodesBySize, ..base }),
        ("RECIST_REAPPEARANCE", "BY_SIZE", Settings { reappearance: Reappearance::BySize, ..base }),
        ("RECIST_LOST_CR", "COMPLETE", base),
        ("RECIST_LOST_CR", "PARTIAL", Settings { lost_complete: LostComplete::Partial, ..base }),
        ("RECIST_LOST_CR", "AS_RECORDED", Settings { lost_complete: LostComplete::AsRecorded, ..base }),
    ];
    for (key, word, wanted) in choices {
        assert_eq!(settings(&[(key, word)]), wanted, "{key} {word}");
        assert_refused(key, &word.to_lowercase());
    }
}

/// The study is refused, and its author is told by which setting.
fn assert_refused(key: &str, value: &str) {
    let faults = with(&[(key, value)]).expect_err("a word that the engine does not know");
    assert!(faults.iter().any(|fault| fault.reason.contains(key)), "{key} {value}: {faults:#?}");
}

#[test]
fn what_the_engine_does_not_know_refuses_the_study() {
    for (key, values) in [
        ("TARGETS_MAX", ["five", "5.5", "-1"]),
        ("TARGET_MIN_MM", ["1 cm", "10.05", "-3"]),
        ("RECIST_PR_PERCENT", ["101", "30 %", "-30"]),
        ("RECIST_PD_PERCENT", ["1001", "", "2e1"]),
        ("RECIST_STABLE_DAYS", ["6 weeks", "4294967296", "42.5"]),
        ("RECIST_STABLE_FROM", ["DAY 1", "baseline", "RANDOMISATION"]),
    ] {
        values.iter().for_each(|value| assert_refused(key, value));
    }
}

#[test]
fn each_choice_changes_what_is_said_of_the_same_scans() {
    let [small, back] = [size("20"), size("38")];
    let persists =
        |said: &[(&str, &str)]| overall(&course(said, |chart| scans(chart, &[(50, &size("27")), (100, &size("30"))])));
    assert_eq!(persists(&[]), ["PR", "PR"]);
    assert_eq!(persists(&[("RECIST_PR", "STRICT")]), ["PR", "SD"]);
    let again = |said: &[(&str, &str)]| overall(&course(said, |chart| scans(chart, &[(50, &GONE), (100, &size("4"))])));
    assert_eq!(again(&[]), ["CR", "PD"]);
    assert_eq!(again(&[("RECIST_REAPPEARANCE", "BY_SIZE")]), ["CR", "PR"]);
    let treated = |said: &[(&str, &str)]| {
        let row = [small[0], small[1], ("TREATED", "Y")];
        overall(&course(said, |chart| scans(chart, &[(50, &row), (100, &back)])))
    };
    assert_eq!(treated(&[]), ["NE", "NE"]);
    assert_eq!(treated(&[("IRRADIATED_TARGET", "EVALUABLE")]), ["PR", "PD"]);
    let markers = |said: &[(&str, &str)]| {
        let found = course(said, |chart| {
            chart.fill("SE.BASE[1]/F.FIRST[1]/IG.FIRST[1]", &[("MARK", "ELEVATED")]);
            scans(chart, &[(50, &GONE), (100, &GONE)]);
            chart.fill("SE.SCAN[2]/F.SCAN[1]/IG.SCAN[1]", &[("MARK", "NORMAL")]);
        });
        overall(&found)
    };
    assert_eq!(markers(&[]), ["PR", "CR"]);
    assert_eq!(markers(&[("RECIST_MARKERS", "IGNORED")]), ["CR", "CR"]);
}

#[test]
fn equivocal_lesions_count_from_the_day_that_the_study_says() {
    let found = |said: &[(&str, &str)]| {
        course(said, |chart| {
            scans(chart, &[(50, &size("40")), (100, &size("40"))]);
            for (scan, sure) in [("SE.SCAN[1]", "EQUIVOCAL"), ("SE.SCAN[2]", "UNEQUIVOCAL")] {
                chart.row(&format!("{scan}/F.SCAN[1]"), "IG.X", &[("ID", "X"), ("SURE", sure)]);
            }
        })
    };
    let dated = found(&[]);
    assert_eq!(overall(&dated), ["PD", "PD"]);
    assert_eq!(dated.outcome.points[0].as_seen.overall.code(), "SD", "as it was seen then");
    assert_eq!(overall(&found(&[("RECIST_EQUIVOCAL", "AT_CONFIRMATION")])), ["SD", "PD"]);
}

#[test]
fn stable_disease_is_counted_from_the_treatment_or_the_baseline() {
    let best = |said: &[(&str, &str)]| {
        let found = course(said, |chart| {
            chart.visit("SE.START[1]", &date(10));
            scans(chart, &[(45, &size("40"))]);
        });
        found.outcome.reported().response.map(|response| response.code())
    };
    assert_eq!(best(&[]), Some("NE"), "35 days after the first treatment");
    assert_eq!(best(&[("RECIST_STABLE_FROM", "BASELINE")]), Some("SD"), "45 days after the baseline");
    assert_eq!(best(&[("RECIST_STABLE_DAYS", "35")]), Some("SD"));
}

#[test]
fn a_response_is_confirmed_where_the_study_asks_for_it() {
    let best = |said: &[(&str, &str)]| {
        let found = course(said, |chart| scans(chart, &[(50, &size("20")), (77, &size("20"))]));
        found.outcome.reported().response.map(|response| response.code())
    };
    assert_eq!(best(&[]), Some("PR"));
    assert_eq!(best(&[("RECIST_CONFIRMATION", "REQUIRED")]), Some("SD"), "27 days apart");
    let days = ("RECIST_CONFIRMATION_DAYS", "27");
    assert_eq!(best(&[("RECIST_CONFIRMATION", "REQUIRED"), days]), Some("PR"));
}
