//! Rule by rule, beside the numbers.

use super::*;

fn of(millimetres: u32) -> Measure {
    Measure::Size(Tenths::mm(millimetres))
}

#[test]
fn every_rule_has_its_own_code_a_section_and_both_languages() {
    let codes: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert!(!rule.section().is_empty());
        assert_ne!(rule.sentence("en"), rule.sentence("zh-CN"));
    }
}

/// A size below 5 mm that was recorded is kept, else the lesion counts 5 mm; it is not gone.
#[test]
fn too_small_to_measure() {
    let visits = vec![
        seen(after(42), [("T01", Measure::TooSmall(None))]),
        seen(after(84), [("T01", Measure::TooSmall(Some(mm("3.2"))))]),
        seen(after(126), [("T01", Measure::Absent)]),
    ];
    let course = course(vec![target("T01")], seen(after(0), [("T01", of(50))]), visits);
    let outcome = assess(&course, &Settings::default());
    let sums: Vec<_> = outcome.points.iter().filter_map(|point| point.sum).map(|sum| sum.to_string()).collect();
    assert_eq!(sums, ["5.0", "3.2", "0.0"]);
    assert_eq!(overall_of(&course, &Settings::default()), ["PR", "PR", "CR"]);
}

#[test]
fn split_and_merged_lesions() {
    let all = |day, one, two, three| seen(after(day), [("T02", one), ("T03", two), ("T04", three)]);
    let split = |sizes: &[Measure]| Measure::Split(sizes.to_vec());
    let into = |lesion: &str| Measure::Merged(Some(lesion.to_owned()));
    let visits = vec![
        all(42, of(50), into("T02"), split(&[of(8), of(7)])),
        all(84, of(50), Measure::Merged(None), split(&[of(8), Measure::TooSmall(None)])),
        all(126, of(50), into("T02"), split(&[of(8), Measure::NotEvaluable])),
        all(168, Measure::NotDone, into("T02"), of(20)),
        all(210, into("T03"), into("T02"), of(20)),
        all(252, Measure::Absent, into("T02"), Measure::Absent),
    ];
    let lesions = vec![target("T02"), target("T03"), target("T04")];
    let course = course(lesions, all(0, of(20), of(25), of(20)), visits);
    let outcome = assess(&course, &Settings::default());
    let sums: Vec<_> =
        outcome.points.iter().map(|point| point.sum.map_or("-".to_owned(), |sum| sum.to_string())).collect();
    assert_eq!(sums, ["65.0", "63.0", "-", "-", "-", "0.0"]);
    assert_eq!(outcome.points[2].known, Tenths::mm(58));
    assert_eq!(overall_of(&course, &Settings::default()), ["SD", "SD", "NE", "NE", "NE", "CR"]);
}

fn with_others(state: NonTargetState, target: Measure, day: u32) -> Assessment {
    let non_targets = [("NT01".to_owned(), state)].into();
    Assessment { non_targets, ..seen(after(day), [("T01", target)]) }
}

/// RECIST 1.1, table 1.
#[test]
fn targets_and_others() {
    use NonTargetState::*;
    let table = [
        (Measure::Absent, Absent, "CR"),
        (Measure::Absent, Present, "PR"),
        (Measure::Absent, NotEvaluable, "PR"),
        (Measure::Absent, Progression, "PD"),
        (of(70), Absent, "PR"),
        (of(70), Present, "PR"),
        (of(70), NotDone, "PR"),
        (of(70), Progression, "PD"),
        (of(90), Absent, "SD"),
        (of(90), NotEvaluable, "SD"),
        (Measure::NotDone, Absent, "NE"),
        (Measure::NotDone, Equivocal, "NE"),
        (Measure::NotDone, Progression, "PD"),
        (of(120), Absent, "PD"),
    ];
    for (target_seen, state, expected) in table {
        let lesions = vec![target("T01"), non_target("NT01")];
        let visit = with_others(state, target_seen.clone(), 42);
        let mut course = course(lesions, with_others(Present, of(100), 0), vec![visit]);
        assert_eq!(overall_of(&course, &Settings::default()), [expected], "{target_seen:?} {state:?}");
        course.visits[0].new_lesions = [("L01".to_owned(), NewState::Unequivocal)].into();
        assert_eq!(overall_of(&course, &Settings::default()), ["PD"], "{target_seen:?} {state:?} and a new lesion");
    }
}

/// RECIST 1.1, table 2.
#[test]
fn others_only() {
    use NonTargetState::*;
    for (state, expected) in
        [(Absent, "CR"), (Present, "NON-CR/NON-PD"), (Equivocal, "NON-CR/NON-PD"), (NotDone, "NE"), (Progression, "PD")]
    {
        let visit =
            |day, state| Assessment { non_targets: [("NT01".to_owned(), state)].into(), ..Assessment::on(after(day)) };
        let mut course = course(vec![non_target("NT01")], visit(0, Present), vec![visit(42, state)]);
        assert_eq!(overall_of(&course, &Settings::default()), [expected], "{state:?}");
        course.visits[0].new_lesions = [("L01".to_owned(), NewState::Unequivocal)].into();
        assert_eq!(overall_of(&course, &Settings::default()), ["PD"]);
    }
}

#[test]
fn equivocal_progression_counts_from_where_it_was_first_seen() {
    use NewState::*;
    let visit = |day, state: Option<NewState>| Assessment {
        new_lesions: state.map(|state| ("L01".to_owned(), state)).into_iter().collect(),
        ..seen(after(day), [("T01", of(50))])
    };
    let with = |states: [Option<NewState>; 3]| {
        let visits = states.into_iter().zip([42, 84, 126]).map(|(state, day)| visit(day, state)).collect();
        course(vec![target("T01")], visit(0, None), visits)
    };
    let back = Settings::default();
    let confirmed = with([Some(Equivocal), None, Some(Unequivocal)]);
    assert_eq!(overall_of(&confirmed, &back), ["PD", "SD", "PD"]);
    let outcome = assess(&confirmed, &back);
    assert_eq!(outcome.points[0].as_seen.overall, Response::Sd);
    assert_eq!(outcome.points[0].why.rule, Rule::NewLesionBackDated);
    assert_eq!(outcome.progression().map(|point| point.date), Some(after(42)));
    let at_confirmation = Settings { equivocal: super::Equivocal::AtConfirmation, ..back };
    assert_eq!(overall_of(&confirmed, &at_confirmation), ["SD", "SD", "PD"]);
    assert_eq!(overall_of(&with([Some(Equivocal), Some(Refuted), Some(Unequivocal)]), &back), ["SD", "SD", "PD"]);
    assert_eq!(overall_of(&with([Some(Equivocal), Some(Equivocal), None]), &back), ["SD"; 3]);
}

#[test]
fn equivocal_non_target_progression() {
    use NonTargetState::*;
    let with = |states: [NonTargetState; 3]| {
        let visits =
            states.into_iter().zip([42, 84, 126]).map(|(state, day)| with_others(state, of(50), day)).collect();
        course(vec![target("T01"), non_target("NT01")], with_others(Present, of(50), 0), visits)
    };
    let back = Settings::default();
    assert_eq!(overall_of(&with([Equivocal, NotDone, Progression]), &back), ["PD", "SD", "PD"]);
    assert_eq!(overall_of(&with([Equivocal, Present, Progression]), &back), ["SD", "SD", "PD"]);
}

#[test]
fn markers_stand_in_the_way_of_a_complete_response() {
    let visit = |day, measure, markers| Assessment { markers, ..seen(after(day), [("T01", measure)]) };
    let with =
        |baseline, now| course(vec![target("T01")], visit(0, of(50), baseline), vec![visit(42, Measure::Absent, now)]);
    use Markers::*;
    for (baseline, now, expected) in [
        (Elevated, Elevated, "PR"),
        (Elevated, Unknown, "PR"),
        (Elevated, Normal, "CR"),
        (Normal, Elevated, "CR"),
        (Normal, Unknown, "CR"),
        (Unknown, Elevated, "PR"),
        (Unknown, Unknown, "CR"),
    ] {
        assert_eq!(overall_of(&with(baseline, now), &Settings::default()), [expected], "{baseline:?} {now:?}");
        let off = Settings { markers_for_complete: false, ..Settings::default() };
        assert_eq!(overall_of(&with(baseline, now), &off), ["CR"]);
    }
}

#[test]
fn markers_and_non_targets() {
    let visit = |markers| Assessment { markers, ..with_others(NonTargetState::Absent, Measure::Absent, 42) };
    let baseline = Assessment { markers: Markers::Elevated, ..with_others(NonTargetState::Present, of(50), 0) };
    for (markers, non_target_response, overall) in [
        (Markers::Elevated, Response::NonCrNonPd, Response::Pr),
        (Markers::Unknown, Response::Ne, Response::Pr),
        (Markers::Normal, Response::Cr, Response::Cr),
    ] {
        let course = course(vec![target("T01"), non_target("NT01")], baseline.clone(), vec![visit(markers)]);
        let point = &assess(&course, &Settings::default()).points[0];
        assert_eq!((point.non_target, point.overall), (Some(non_target_response), overall));
    }
}

/// EORTC: a lesion that reappears is progression only after a complete response of the time point, or when another criterion
/// is met.
#[test]
fn a_lesion_that_comes_back() {
    let both = |day, one, two| seen(after(day), [("T01", one), ("T02", two)]);
    let lesions = || vec![target("T01"), target("T02")];
    let visits = vec![both(42, Measure::Absent, of(30)), both(84, of(3), of(30)), both(126, of(6), of(30))];
    let partial = course(lesions(), both(0, of(20), of(30)), visits);
    assert_eq!(overall_of(&partial, &Settings::default()), ["PR", "PR", "PD"]);
}

#[test]
fn a_lesion_that_comes_back_after_all_had_gone() {
    let visits = vec![seen(after(42), [("T01", Measure::Absent)]), seen(after(84), [("T01", of(3))])];
    let gone = course(vec![target("T01")], seen(after(0), [("T01", of(50))]), visits);
    assert_eq!(overall_of(&gone, &Settings::default()), ["CR", "PD"]);
    let outcome = assess(&gone, &Settings::default());
    assert_eq!((outcome.points[1].target, outcome.points[1].why.rule), (Some(Response::Pr), Rule::Reappeared));
    let off = Settings { reappearance: Reappearance::BySize, ..Settings::default() };
    assert_eq!(overall_of(&gone, &off), ["CR", "PR"]);
}

/// B8, fault 1 of the clinic: a target node that is abnormal again after an overall complete response is progression, and a lone
/// one is to be imaged once more (EORTC, RECIST FAQ, "abnormal lymph node"); before a complete response it is not.
#[test]
fn b8_a_node_that_is_abnormal_again_after_all_had_gone() {
    let node = || Lesion { node: true, organ: "LYMPH NODE".to_owned(), ..target("T01") };
    let sizes = |sizes: [u32; 3]| -> Vec<Assessment> {
        (1..).zip(sizes).map(|(n, size)| seen(after(42 * n), [("T01", Measure::Size(Tenths::new(size)))])).collect()
    };
    let of_node = |mm: [u32; 3]| course(vec![node()], seen(after(0), [("T01", of(20))]), sizes(mm));
    for (mm, overall, by_size) in [
        ([80, 80, 110], ["CR", "CR", "PD"], ["CR", "CR", "PR"]),
        ([80, 80, 100], ["CR", "CR", "PD"], ["CR", "CR", "PR"]),
        ([80, 80, 99], ["CR", "CR", "CR"], ["CR", "CR", "CR"]),
        ([120, 110, 120], ["PR", "PR", "PR"], ["PR", "PR", "PR"]),
        ([80, 80, 160], ["CR", "CR", "PD"], ["CR", "CR", "PD"]),
    ] {
        assert_eq!(overall_of(&of_node(mm), &Settings::default()), overall, "{mm:?}");
        let nodes = Settings { reappearance: Reappearance::NodesBySize, ..Settings::default() };
        assert_eq!(overall_of(&of_node(mm), &nodes), by_size, "{mm:?}");
    }
    let why = &assess(&of_node([80, 80, 110]), &Settings::default()).points[2].why;
    assert_eq!(why.rule, Rule::NodeReappeared);
    assert!(why.words("en").contains("image a lone node once more") && why.words("zh-CN").contains("复查"));
    // With another lesion beside it there is nothing to wait for.
    let both = |day, one: u32, two| seen(after(day), [("T01", Measure::Size(Tenths::new(one))), ("T02", two)]);
    let visits = vec![both(42, 80, Measure::Absent), both(84, 110, of(1))];
    let two = course(vec![node(), target("T02")], both(0, 200, of(30)), visits);
    let points = assess(&two, &Settings::default()).points;
    assert_eq!((points[1].overall, points[1].why.rule), (Response::Pd, Rule::Reappeared));
}
