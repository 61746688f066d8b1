//! `outpost-center recist` held against the engine: generated courses, written as a person would list them, in any order.

use crate::cli::{good, path, run};
use oncology::recist::{
    Assessment, Best, Course, Day, Lesion, Markers, Measure, NewState, NonTargetState, PriorTreatment, Reading,
    Response, Role, Settings, Tenths, assess,
};
use proptest::prelude::*;
use std::fs;
use tempfile::TempDir;

const HEADS: &str = "subject,date,role,lesion,organ,node,mm,state,treated,start,new_therapy\n";

fn measure() -> impl Strategy<Value = Measure> {
    prop_oneof![
        6 => (0u32..800).prop_map(|tenths| Measure::Size(Tenths::new(tenths))),
        1 => Just(Measure::Absent),
        1 => proptest::option::of((0u32..90).prop_map(Tenths::new)).prop_map(Measure::TooSmall),
        1 => Just(Measure::NotEvaluable),
        1 => Just(Measure::NotDone),
    ]
}

fn state() -> impl Strategy<Value = NonTargetState> {
    use NonTargetState::{Absent, Equivocal, NotDone, NotEvaluable, Present, Progression};
    prop_oneof![Just(Absent), Just(Present), Just(Equivocal), Just(Progression), Just(NotEvaluable), Just(NotDone)]
}

fn new_state() -> impl Strategy<Value = NewState> {
    prop_oneof![Just(NewState::Unequivocal), Just(NewState::Equivocal), Just(NewState::Refuted)]
}

fn markers() -> impl Strategy<Value = Markers> {
    prop_oneof![Just(Markers::Unknown), Just(Markers::Normal), Just(Markers::Elevated)]
}

/// What is seen at an assessment, so many days after the one before.
#[derive(Clone, Debug)]
struct Visit {
    days: i64,
    targets: Vec<(Measure, bool)>,
    non_targets: Vec<NonTargetState>,
    new: Option<NewState>,
    markers: Markers,
}

fn visit() -> impl Strategy<Value = Visit> {
    let targets = proptest::collection::vec((measure(), proptest::bool::weighted(0.1)), 3);
    let non_targets = proptest::collection::vec(state(), 2);
    let new = proptest::option::weighted(0.2, new_state());
    (1i64..120, targets, non_targets, new, markers()).prop_map(|(days, targets, non_targets, new, markers)| Visit {
        days,
        targets,
        non_targets,
        new,
        markers,
    })
}

/// A course of one to three targets and up to two non-targets, with the rows that tell it.
#[derive(Clone, Debug)]
struct Told {
    course: Course,
    rows: Vec<String>,
}

fn day(after: i64) -> Day {
    let mut day = Day::new(2026, 1, 1).expect("a day");
    let first = day;
    for (month, year) in (0i64..).map(|n| ((n % 12) as u32 + 1, 2026 + (n / 12) as i32)) {
        for number in 1..=31 {
            day = Day::new(year, month, number).unwrap_or(day);
            if day.days_since(first) == after {
                return day;
            }
        }
    }
    day
}

fn told(sizes: &[u32], nodes: &[bool], others: usize, visits: &[Visit]) -> Told {
    let lesion = |role, id: String, node: bool| {
        let organ = if node { "LYMPH NODE" } else { "LIVER" }.to_owned();
        Lesion { id, role, organ, node, prior_treatment: PriorTreatment::None, size: None }
    };
    let targets = (1..).zip(sizes).zip(nodes);
    let targets: Vec<Lesion> = targets.map(|((n, _), node)| lesion(Role::Target, format!("T{n:02}"), *node)).collect();
    let others: Vec<Lesion> = (0..others).map(|n| lesion(Role::NonTarget, format!("NT{n:02}"), false)).collect();
    let mut baseline = Assessment::on(day(0));
    for (lesion, size) in targets.iter().zip(sizes) {
        let measure = Measure::Size(Tenths::new(*size));
        baseline.targets.insert(lesion.id.clone(), Reading { measure, treated: false });
    }
    for lesion in &others {
        baseline.non_targets.insert(lesion.id.clone(), NonTargetState::Present);
    }
    let (mut seen, mut after) = (Vec::new(), 0);
    for visit in visits {
        after += visit.days;
        let mut at = Assessment::on(day(after));
        for (lesion, (measure, treated)) in targets.iter().zip(&visit.targets) {
            at.targets.insert(lesion.id.clone(), Reading { measure: measure.clone(), treated: *treated });
        }
        for (lesion, state) in others.iter().zip(&visit.non_targets) {
            at.non_targets.insert(lesion.id.clone(), *state);
        }
        at.new_lesions.extend(visit.new.map(|state| ("N01".to_owned(), state)));
        at.markers = visit.markers;
        seen.push(at);
    }
    let lesions: Vec<Lesion> = others.into_iter().chain(targets).collect();
    let course = Course { start: None, new_therapy: None, slice: None, lesions, baseline, visits: seen };
    let rows = std::iter::once(&course.baseline).chain(&course.visits).flat_map(|at| rows(&course, at)).collect();
    Told { course, rows }
}

/// The rows of an assessment, without the subject.
fn rows(course: &Course, at: &Assessment) -> Vec<String> {
    let node = |id: &str| course.lesions.iter().find(|lesion| lesion.id == id).expect("a lesion").node;
    let mut rows = Vec::new();
    for (id, Reading { measure, treated }) in &at.targets {
        let (mm, state) = match measure {
            Measure::Size(size) => (size.to_string(), ""),
            Measure::TooSmall(size) => (size.map(|size| size.to_string()).unwrap_or_default(), "too-small"),
            Measure::Absent => (String::new(), "Absent"),
            Measure::NotEvaluable => (String::new(), "NE"),
            _ => (String::new(), "not done"),
        };
        let (organ, treated) = (if node(id) { "lymph node" } else { "liver" }, if *treated { "y" } else { "" });
        rows.push(format!("{},T,{id},{organ},,{mm},{state},{treated},,", at.date));
    }
    for (id, state) in &at.non_targets {
        let state = match state {
            NonTargetState::Absent => "CR",
            NonTargetState::Present => "Non-CR/Non-PD",
            NonTargetState::Equivocal => "equivocal",
            NonTargetState::Progression => "PD",
            NonTargetState::NotEvaluable => "not evaluable",
            NonTargetState::NotDone => "ND",
        };
        rows.push(format!("{},Non-target,{id},liver,N,,{state},,,", at.date));
    }
    for (id, state) in &at.new_lesions {
        rows.push(format!("{},new,{id},,,,{},,,", at.date, format!("{state:?}").to_lowercase()));
    }
    let markers = format!("{:?}", at.markers).to_lowercase();
    rows.push(format!("{},markers,,,,,{markers},,,", at.date));
    rows
}

fn course() -> impl Strategy<Value = Told> {
    let target = (100u32..900, proptest::bool::weighted(0.3));
    (proptest::collection::vec(target, 1..4), 0usize..3, proptest::collection::vec(visit(), 0..6)).prop_map(
        |(targets, others, visits)| {
            let (sizes, nodes): (Vec<u32>, Vec<bool>) = targets.into_iter().unzip();
            told(&sizes, &nodes, others, &visits)
        },
    )
}

/// What the engine makes of a course, in the columns that are compared.
fn judged(subject: usize, course: &Course) -> Vec<String> {
    let outcome = assess(course, &Settings::default());
    let mm = |size: Option<Tenths>| size.map(|size| size.to_string()).unwrap_or_default();
    let code = |response: Option<Response>| response.map_or("NONE", Response::code);
    let mut lines = vec![format!("{subject} BASELINE {} {}     ", course.baseline.date, mm(outcome.baseline.sum))];
    for point in &outcome.points {
        let (new, rule) = (point.new_lesions.code(), point.why.rule.code());
        let (target, non_target, overall) = (code(point.target), code(point.non_target), point.overall.code());
        let (date, sum) = (point.date, mm(point.sum));
        lines.push(format!("{subject} ASSESSMENT {date} {sum} {target} {non_target} {new} {overall} {rule}"));
    }
    let mut best = |kind: &str, best: &Best| {
        let date = best.date.map(|date| date.to_string()).unwrap_or_default();
        let (response, rule) = (best.response.map_or("MISSING", Response::code), best.why.rule.code());
        lines.push(format!("{subject} {kind} {date}     {response} {rule}"));
    };
    best("BEST", &outcome.best);
    best("BEST_CONFIRMED", &outcome.best_confirmed);
    lines
}

fn printed(rows: &[String]) -> Vec<String> {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "lesions.csv");
    fs::write(&file, HEADS.to_owned() + &rows.concat()).expect("written");
    let out = good(&["recist", &file]);
    let mut reader = csv::Reader::from_reader(out.as_bytes());
    let lines = reader.records().map(|line| line.expect("a line")).filter(|line| &line[1] != "NOTE");
    lines.map(|line| [0, 1, 2, 3, 9, 10, 11, 12, 14].map(|column| line[column].to_owned()).join(" ")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_file_of_courses_comes_to_what_the_engine_says_in_any_order_of_rows(
        courses in proptest::collection::vec(course(), 1..40),
        salt in any::<u64>(),
    ) {
        let mut rows = Vec::new();
        for (subject, told) in courses.iter().enumerate() {
            rows.extend(told.rows.iter().map(|row| format!("{subject},{row}\n")));
        }
        let mut expected: Vec<String> =
            courses.iter().enumerate().flat_map(|(subject, told)| judged(subject, &told.course)).collect();
        prop_assert_eq!(&printed(&rows), &expected);
        rows.sort_by_key(|row| seal::sha256(format!("{salt}{row}").as_bytes()));
        let mut shuffled = printed(&rows);
        shuffled.sort();
        expected.sort();
        prop_assert_eq!(shuffled, expected, "rows of one subject need not stand together");
    }
}

/// Sizes are whole tenths of a millimetre up to two metres; anything else is no size.
#[test]
fn a_size_is_read_as_it_is_written_or_not_at_all() {
    let folder = TempDir::new().expect("a temporary folder");
    let file = path(folder.path(), "lesions.csv");
    for (mm, sum) in [
        ("12.5", Some("12.5")),
        ("012", Some("12.0")),
        ("12.50", Some("12.5")),
        ("2000", Some("2000.0")),
        ("1.2e1", Some("12.0")),
        ("1_2", None),
        ("12_5", None),
        ("12.55", None),
        ("-1", None),
        ("2000.1", None),
        ("twelve", None),
        ("79228162514264337593543950335", None),
    ] {
        fs::write(&file, format!("subject,date,role,lesion,organ,mm\ns,2026-01-01,T,T01,LIVER,{mm}\n"))
            .expect("written");
        let (code, out, errors) = run(&["recist", &file]);
        match sum {
            Some(sum) => {
                assert!(code == 0 && out.contains(&format!("BASELINE,2026-01-01,{sum},")), "{mm}: {out}{errors}")
            }
            None => assert!(code == 1 && errors.starts_with("line 2: mm is no size"), "{mm}: {code} {errors}"),
        }
    }
    for (option, value) in
        [("--pd-mm", "1_0"), ("--too-small-mm", "5.55"), ("--node-normal-mm", "wide"), ("--pr-percent", "101")]
    {
        let (code, _, errors) = run(&["recist", &file, option, value]);
        assert!(code == 2 && errors.contains(&format!("invalid value '{value}' for '{option}")), "{errors}");
    }
}
