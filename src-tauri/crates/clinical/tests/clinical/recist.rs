//! Sums, responses and the best of them: whole casebooks, held against RECIST 1.1 as it would be worked out on paper.

use std::sync::LazyLock;

use clinical::tumours::{self, Course};
use oncology::recist::Response;
use proptest::prelude::*;
use study::Study;

use crate::stage::{Chart, date, form_key, with};

/// The rules as printed: each assessment is compared with baseline anew, and what comes back is judged by its size.
static PLAIN: LazyLock<Study> =
    LazyLock::new(|| with(&[("RECIST_PR", "STRICT"), ("RECIST_REAPPEARANCE", "BY_SIZE")]).expect("a study"));

const FIRST: &str = "SE.BASE[1]/F.FIRST[1]";
const NAMES: [&str; 4] = ["A", "B", "C", "D"];

/// What a scan shows of a target lesion; sizes in tenths of a millimetre.
#[derive(Clone, Debug)]
enum Shown {
    Size(u32),
    Gone,
    TooSmall(Option<u32>),
    Parts(u32, u32),
    Unread,
    Blurred,
}

#[derive(Clone, Debug)]
struct Scan {
    /// Days since the baseline.
    day: i32,
    targets: Vec<Shown>,
    /// Of the one non-target lesion.
    rest: &'static str,
    new: bool,
}

/// Target lesions with their sizes at baseline and whether they are nodes; whether there is a non-target lesion; scans.
#[derive(Clone, Debug)]
struct Case {
    targets: Vec<(u32, bool)>,
    rest: bool,
    scans: Vec<Scan>,
}

fn shown() -> impl Strategy<Value = Shown> {
    prop_oneof![
        8 => (0..900_u32).prop_map(Shown::Size),
        3 => Just(Shown::Gone),
        1 => prop::option::of(1..50_u32).prop_map(Shown::TooSmall),
        1 => (10..400_u32, 10..400_u32).prop_map(|(one, other)| Shown::Parts(one, other)),
        1 => Just(Shown::Unread),
        1 => Just(Shown::Blurred),
    ]
}

fn scan() -> impl Strategy<Value = Scan> {
    let rest = prop::sample::select(vec!["PRESENT", "PRESENT", "ABSENT", "ABSENT", "NE", "PD"]);
    (1..60_i32, prop::collection::vec(shown(), 4), rest, prop::bool::weighted(0.08))
        .prop_map(|(day, targets, rest, new)| Scan { day, targets, rest, new })
}

fn case() -> impl Strategy<Value = Case> {
    let targets = prop::collection::vec((150..900_u32, prop::bool::weighted(0.3)), 0..4);
    (targets, any::<bool>(), prop::collection::vec(scan(), 1..5)).prop_map(|(targets, rest, mut scans)| {
        let mut day = 0;
        for scan in &mut scans {
            day += scan.day;
            scan.day = day;
        }
        Case { targets, rest, scans }
    })
}

fn mm(tenths: u32) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Enters a case, its scans from the last to the first, every second size in centimetres.
fn enter<'s>(study: &'s Study, case: &Case) -> Chart<'s> {
    let mut chart = Chart::of(study);
    chart.visit("SE.BASE[1]", &date(0)).visit("SE.START[1]", &date(7));
    chart.fill(&format!("{FIRST}/IG.FIRST[1]"), &[("SLICE", "5")]);
    for ((size, node), name) in case.targets.iter().zip(NAMES) {
        let (organ, size) = (if *node { "NODE" } else { "LIVER" }, mm(*size));
        chart.row(FIRST, "IG.T", &[("ID", name), ("ORGAN", organ), ("SIZE", &size)]);
    }
    if case.rest {
        chart.row(FIRST, "IG.N", &[("ID", "P"), ("ORGAN", "LUNG")]);
    }
    for (n, scan) in case.scans.iter().enumerate().rev() {
        let form = format!("SE.SCAN[{}]/F.SCAN[1]", n + 1);
        chart.fill(&format!("{form}/IG.SCAN[1]"), &[("DAY", &date(scan.day))]);
        for (shown, name) in scan.targets.iter().take(case.targets.len()).zip(NAMES) {
            read(&mut chart, &form, name, shown);
        }
        if case.rest {
            chart.row(&form, "IG.M", &[("ID", "P"), ("STATE", scan.rest)]);
        }
        if scan.new {
            chart.row(&form, "IG.X", &[("ID", "X"), ("SURE", "UNEQUIVOCAL")]);
        }
    }
    chart
}

fn read(chart: &mut Chart<'_>, form: &str, name: &str, shown: &Shown) {
    let parts = ["1", "2"].map(|part| format!("{name}.{part}"));
    let mut row = |name: &str, state: &str, size: Option<(&str, String)>| {
        let mut answers = vec![("ID", name), ("STATE", state)];
        answers.extend(size.as_ref().map(|(item, size)| (*item, &**size)));
        chart.row(form, "IG.R", &answers);
    };
    match shown {
        Shown::Size(size) if size % 2 == 0 => {
            row(name, "MEASURED", Some(("SIZE", format!("{}.{:02} cm", size / 100, size % 100))));
        }
        Shown::Size(size) => row(name, "MEASURED", Some(("SHORT", mm(*size)))),
        Shown::Gone => row(name, "ABSENT", None),
        Shown::TooSmall(size) => row(name, "TOOSMALL", size.map(|size| ("SIZE", mm(size)))),
        Shown::Parts(one, other) => {
            row(&parts[0], "MEASURED", Some(("SIZE", mm(*one))));
            row(&parts[1], "MEASURED", Some(("SIZE", mm(*other))));
        }
        Shown::Unread => {}
        Shown::Blurred => row(name, "NE", None),
    }
}

/// What paper says of a scan: the sum where all is known, and the overall response.
#[derive(Debug, PartialEq)]
struct Paper {
    sum: Option<u32>,
    overall: &'static str,
}

/// Size of a lesion and whether nothing is left of it. RECIST 1.1, 4.3.1 and 4.3.2.
fn weigh(shown: &Shown, node: bool) -> Option<(u32, bool)> {
    let size = match shown {
        Shown::Size(size) => *size,
        Shown::Gone => 0,
        Shown::TooSmall(size) => size.unwrap_or(50),
        Shown::Parts(one, other) => {
            return Some((one + other, node && *one < 100 && *other < 100));
        }
        Shown::Unread | Shown::Blurred => return None,
    };
    Some((size, size == 0 || (node && size < 100)))
}

/// Target lesions: complete, then progression from the least sum by 20 % and 5 mm, then partial by 30 %.
fn targets(case: &Case, scan: &Scan, nadir: u32) -> Option<(&'static str, Option<u32>)> {
    let baseline: u32 = case.targets.iter().map(|(size, _)| size).sum();
    let seen: Vec<_> = case.targets.iter().zip(&scan.targets).map(|((_, node), shown)| weigh(shown, *node)).collect();
    if seen.is_empty() {
        return None;
    }
    let known: u32 = seen.iter().flatten().map(|(size, _)| size).sum();
    let sum = seen.iter().all(Option::is_some).then_some(known);
    let grown = known >= nadir + 50 && 5 * known >= 6 * nadir;
    let response = match sum {
        Some(_) if seen.iter().flatten().all(|(_, gone)| *gone) => "CR",
        _ if grown => "PD",
        None => "NE",
        Some(sum) if 10 * sum <= 7 * baseline => "PR",
        Some(_) => "SD",
    };
    Some((response, sum))
}

/// The scans on paper, by tables 1 and 2.
fn on_paper(case: &Case) -> Vec<Paper> {
    let mut nadir: u32 = case.targets.iter().map(|(size, _)| size).sum();
    let mut papers = Vec::new();
    for scan in &case.scans {
        let target = targets(case, scan, nadir);
        let rest = case.rest.then_some(match scan.rest {
            "ABSENT" => "CR",
            "PRESENT" => "NON-CR/NON-PD",
            other => other,
        });
        let overall = match (target.map(|(response, _)| response), rest) {
            (Some("PD"), _) | (_, Some("PD")) => "PD",
            _ if scan.new => "PD",
            (Some("CR"), Some("CR") | None) => "CR",
            (Some("CR"), Some(_)) => "PR",
            (Some(target), _) => target,
            (None, Some(rest)) => rest,
            (None, None) => "NE",
        };
        let sum = target.and_then(|(_, sum)| sum);
        nadir = sum.map_or(nadir, |sum| nadir.min(sum));
        papers.push(Paper { sum, overall });
    }
    papers
}

/// The best response up to the first progression; what is stable counts from six weeks after the first treatment.
fn best(case: &Case, papers: &[Paper]) -> Option<&'static str> {
    const ORDER: [&str; 6] = ["CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE"];
    let until = papers.iter().position(|paper| paper.overall == "PD").map_or(papers.len(), |first| first + 1);
    let counted = papers.iter().zip(&case.scans).take(until).map(|(paper, scan)| {
        let early = matches!(paper.overall, "SD" | "NON-CR/NON-PD") && scan.day < 7 + 42;
        if early { "NE" } else { paper.overall }
    });
    counted.min_by_key(|response| ORDER.iter().position(|known| known == response))
}

fn course(chart: &Chart<'_>) -> Course {
    tumours::course(chart.study, &chart.book).expect("tumours")
}

fn papers(course: &Course) -> Vec<Paper> {
    let paper = |point: &oncology::recist::TimePoint| Paper {
        sum: point.sum.map(oncology::recist::Tenths::tenths),
        overall: point.overall.code(),
    };
    course.outcome.points.iter().map(paper).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_casebook_is_judged_as_on_paper(case in case()) {
        let course = course(&enter(&PLAIN, &case));
        let wanted = on_paper(&case);
        prop_assert_eq!(&papers(&course), &wanted);
        prop_assert_eq!(course.outcome.reported().response.map(Response::code), best(&case, &wanted));
        let sum = (!case.targets.is_empty()).then(|| case.targets.iter().map(|(size, _)| size).sum::<u32>());
        prop_assert_eq!(course.outcome.baseline.sum.map(oncology::recist::Tenths::tenths), sum);
        let first = wanted.iter().position(|paper| paper.overall == "PD").map(|at| date(case.scans[at].day));
        prop_assert_eq!(course.outcome.progression().map(|point| point.date.to_string()), first);
    }

    /// What a rule says is what the course says: derived values and findings of the study's own form.
    #[test]
    fn rules_say_what_the_course_says(case in case(), said in prop::sample::select(vec!["CR", "PR", "SD", "PD", "NE"])) {
        let mut chart = enter(&PLAIN, &case);
        let last = case.scans.len();
        let group = format!("SE.SCAN[{last}]/F.SCAN[1]/IG.SCAN[1]");
        chart.fill(&group, &[("ALL", said)]);
        let course = course(&chart);
        let (place, point) = course.at(&form_key(&format!("SE.SCAN[{last}]/F.SCAN[1]"))).expect("the last scan");
        let answer = |item: &str| {
            let derived = PLAIN.rules().derive(&crate::stage::cell(&group, item), &chart.book).expect("a computed item");
            derived.value
        };
        let settled = place.is_settled(point);
        prop_assert_eq!(settled, point.overall == Response::Pd || (place.targets_read && place.others_read));
        prop_assert_eq!(answer("SAID"), settled.then(|| point.overall.code().to_owned()));
        prop_assert_eq!(answer("GREWON"), course.outcome.progression().map(|point| point.date.to_string()));
        let found = PLAIN.rules().findings(&crate::stage::cell(&group, "ALL"), &chart.book);
        prop_assert_eq!(found.len(), usize::from(settled && point.overall.code() != said));
        for found in found {
            prop_assert_eq!(found.words(&PLAIN, "en"), point.why.words("en"));
            prop_assert_eq!(found.words(&PLAIN, "zh-CN"), point.why.words("zh-CN"));
        }
    }
}

/// The numbers at the edges, RECIST 1.1, 4.3.1: base, the scans that follow, and what each is.
#[test]
fn the_numbers_at_the_edges() {
    for (base, sizes, wanted) in [
        (1000, vec![700], vec!["PR"]),
        (1000, vec![701], vec!["SD"]),
        (1000, vec![200, 250], vec!["PR", "PD"]),
        (1000, vec![200, 249], vec!["PR", "PR"]),
        (900, vec![1080], vec!["PD"]),
        (900, vec![1079], vec!["SD"]),
        (300, vec![240, 210, 252, 260], vec!["SD", "PR", "SD", "PD"]),
    ] {
        let scan = |(n, size): (i32, u32)| Scan { day: 50 * n, targets: vec![Shown::Size(size)], rest: "", new: false };
        let case = Case { targets: vec![(base, false)], rest: false, scans: (1..).zip(sizes).map(scan).collect() };
        let told: Vec<_> = papers(&course(&enter(&PLAIN, &case))).into_iter().map(|paper| paper.overall).collect();
        assert_eq!(told, wanted, "from {base} tenths");
    }
}

/// Until every lesion is read nothing is said of a response, but that of a progression which nothing can undo.
#[test]
fn progression_is_said_before_all_is_read() {
    let case = Case {
        targets: vec![(300, false), (300, false)],
        rest: true,
        scans: vec![Scan { day: 60, targets: vec![Shown::Size(301), Shown::Unread], rest: "PRESENT", new: false }],
    };
    let mut chart = enter(&PLAIN, &case);
    let group = "SE.SCAN[1]/F.SCAN[1]/IG.SCAN[1]";
    chart.fill(group, &[("TARGET", "CR"), ("REST", "CR"), ("ALL", "CR")]);
    let said = |chart: &Chart<'_>| {
        let disagrees = |item: &str| !PLAIN.rules().findings(&crate::stage::cell(group, item), &chart.book).is_empty();
        ["TARGET", "REST", "ALL"].map(disagrees)
    };
    assert_eq!(said(&chart), [false, true, false], "the other lesions have all been read");
    let whole = chart.row("SE.SCAN[1]/F.SCAN[1]", "IG.X", &[("ID", "X"), ("SURE", "UNEQUIVOCAL")]);
    assert_eq!(said(&chart), [false, true, true]);
    chart.remove(&whole);
    read(&mut chart, "SE.SCAN[1]/F.SCAN[1]", "B", &Shown::Size(450));
    assert_eq!(said(&chart), [true, true, true], "75.1 mm after 60 mm");
}
