//! What migrating a subject would change, there and back, on a small study and its amendment.

use std::sync::{Arc, LazyLock};

use screens::form::Extras;
use screens::messages::{DifferenceFate, DifferencePart, PreviewKind, PreviewLine};
use screens::subject;
use screens::versions;
use study::Study;

use crate::chart::{AT_HOME, Chart, read};

const BP: &str = "SE.FIRST[1]/F.BP[1]";

/// Changes of the study file, each with what is told of it.
const CHANGES: [(&str, &str, DifferencePart, DifferenceFate); 7] = [
    (
        "<ItemRef ItemOID=\"IT.BODY.CHOL\" OrderNumber=\"4\" Mandatory=\"No\"/>",
        "",
        DifferencePart::Item,
        DifferenceFate::Retired,
    ),
    (
        "IT.READ.BEATS\" OrderNumber=\"4\" Mandatory=\"No\"",
        "IT.READ.BEATS\" OrderNumber=\"4\" Mandatory=\"Yes\"",
        DifferencePart::Item,
        DifferenceFate::Required,
    ),
    ("UPPER &lt;= 300", "UPPER &lt;= 170", DifferencePart::Check, DifferenceFate::Changed),
    ("BEATS &lt;= 130", "BEATS &lt;= 150", DifferencePart::Check, DifferenceFate::Changed),
    ("Name=\"-7 +14\"", "Name=\"-3 +3\"", DifferencePart::Event, DifferenceFate::Rescheduled),
    (
        "<CodeListItem CodedValue=\"S0\" OrderNumber=\"1\">",
        "<CodeListItem CodedValue=\"NONE\" OrderNumber=\"1\"><Alias Context=\"urn:outpost:odm:1:was\" Name=\"S0\"/>",
        DifferencePart::Code,
        DifferenceFate::Renamed,
    ),
    ("STEP == &quot;S0&quot;", "STEP == &quot;NONE&quot;", DifferencePart::Condition, DifferenceFate::Changed),
];

static NEXT: LazyLock<Arc<Study>> = LazyLock::new(|| {
    let mut xml = include_str!("../../../../studies/home-blood-pressure.xml").replace("MDV.HOME-BP.1", "MDV.HOME-BP.2");
    xml = xml.replace("STEP == \"S0\"", "STEP == &quot;S0&quot;");
    for (from, to, ..) in CHANGES {
        assert_eq!(xml.matches(from).count(), 1, "{from}");
        xml = xml.replace(from, to);
    }
    // ODM wants an Alias after the Decode.
    let (alias, rest) = ("<Alias Context=\"urn:outpost:odm:1:was\" Name=\"S0\"/>", "</CodeListItem>");
    let at = xml.find(alias).expect("the alias");
    xml.replace_range(at..at + alias.len(), "");
    let end = at + xml[at..].find(rest).expect("the choice's end");
    xml.insert_str(end, alias);
    Arc::new(read(&xml))
});

/// A subject with a completed form that the amendment judges otherwise.
fn chart() -> Chart {
    let mut chart = Chart::of(&AT_HOME);
    chart.visit("SE.FIRST[1]", "2026-11-01");
    chart.fill("SE.FIRST[1]/F.BODY[1]/IG.BODY[1]", &[("IT.BODY.WEIGHT", "80"), ("IT.BODY.CHOL", "5.5 mmol/L")]);
    let reading = [("IT.READ.SIDE", "LEFT"), ("IT.READ.UPPER", "175"), ("IT.READ.LOWER", "90")];
    chart.row(BP, "IG.READ", &reading);
    chart.row(
        BP,
        "IG.READ",
        &[("IT.READ.SIDE", "LEFT"), ("IT.READ.UPPER", "150"), ("IT.READ.LOWER", "90"), ("IT.READ.BEATS", "140")],
    );
    chart.fill(&format!("{BP}/IG.STEP[1]"), &[("IT.STEP.STEP", "S0")]);
    chart.complete(BP);
    chart
}

fn lines(chart: &Chart, to: &Study) -> Vec<PreviewLine> {
    chart.draw(|view| versions::preview(view, &Extras::default(), to)).lines
}

fn of(lines: &[PreviewLine], kind: PreviewKind) -> Vec<&PreviewLine> {
    lines.iter().filter(|line| line.kind == kind).collect()
}

#[test]
fn every_change_of_the_file_is_told_by_its_part_and_fate() {
    let told = versions::differences(&AT_HOME, &NEXT, "en");
    assert_eq!(told.len(), CHANGES.len(), "{told:#?}");
    for (from, _, part, fate) in CHANGES {
        assert!(told.iter().any(|one| one.part == part && one.fate == fate), "{from}");
    }
    assert!(told.iter().all(|one| !one.title.is_empty()), "{told:#?}");
    let came_or_went = [DifferenceFate::Retired, DifferenceFate::Required];
    assert!(told.iter().all(|one| (one.was == one.now) == came_or_went.contains(&one.fate)), "{told:#?}");
    let back = versions::differences(&NEXT, &AT_HOME, "en");
    for one in told.iter().filter(|one| one.part == DifferencePart::Check || one.part == DifferencePart::Event) {
        let other = back.iter().find(|other| other.oid == one.oid).expect("the way back");
        assert_eq!((&other.was, &other.now), (&one.now, &one.was));
    }
}

#[test]
fn a_preview_tells_each_kind_of_change() {
    let lines = lines(&chart(), &NEXT);
    assert!(lines.iter().map(|line| line.kind).collect::<Vec<_>>().is_sorted(), "kind by kind");
    let [falls, lacking, appears] =
        [PreviewKind::Falls, PreviewKind::Lacking, PreviewKind::Appears].map(|kind| of(&lines, kind));
    assert!(falls.len() == 1 && falls[0].place.ends_with("Blood pressure"), "{falls:?}");
    assert_eq!(lacking.iter().map(|line| &*line.title).collect::<Vec<_>>(), ["Pulse"]);
    assert!(appears.len() == 1 && appears[0].now.starts_with("Systolic 175 mmHg"), "{appears:?}");
    let goes = of(&lines, PreviewKind::Goes);
    assert_eq!(goes.iter().map(|line| &*line.was).collect::<Vec<_>>(), ["Pulse 140 /min is unusual."]);
    let renamed = of(&lines, PreviewKind::Renamed);
    assert_eq!(renamed.len(), 1);
    assert_eq!(renamed[0].was, renamed[0].now, "the code changed, its label did not");
    let retired = of(&lines, PreviewKind::Retired);
    assert_eq!(retired.iter().map(|line| &*line.was).collect::<Vec<_>>(), ["5.5"]);
    let windows = of(&lines, PreviewKind::Window);
    let days: Vec<_> = windows.iter().map(|line| (&*line.was, &*line.now)).collect();
    assert_eq!(days, [("2026-12-27 (2026-12-20 – 2027-01-10)", "2026-12-27 (2026-12-24 – 2026-12-30)")]);
}

/// Back under the first version everything is as it was: what came goes, what went comes.
#[test]
fn the_way_back_is_the_mirror() {
    let mut chart = chart();
    let there = lines(&chart, &NEXT);
    chart.study = &NEXT;
    chart.book.recompute(&NEXT);
    let back = lines(&chart, &AT_HOME);
    for (kind, mirrored) in [
        (PreviewKind::Appears, PreviewKind::Goes),
        (PreviewKind::Goes, PreviewKind::Appears),
        (PreviewKind::Retired, PreviewKind::Revived),
        (PreviewKind::Window, PreviewKind::Window),
    ] {
        let mut wanted: Vec<_> = of(&there, kind).into_iter().map(|line| (&line.place, &line.now, &line.was)).collect();
        let mut told: Vec<_> =
            of(&back, mirrored).into_iter().map(|line| (&line.place, &line.was, &line.now)).collect();
        if kind == PreviewKind::Retired {
            // A value that comes back is said as it stands.
            wanted = of(&there, kind).into_iter().map(|line| (&line.place, &line.was, &line.now)).collect();
        }
        wanted.sort();
        told.sort();
        assert_eq!(told, wanted, "{kind:?}");
    }
    assert!(of(&back, PreviewKind::Lacking).is_empty());
    assert!(lines(&chart, &NEXT).is_empty(), "nothing changes where nothing is changed");
}

#[test]
fn a_code_of_an_earlier_version_is_told_in_its_words_and_in_those_of_now() {
    let mut chart = chart();
    let cell = format!("{BP}/IG.STEP[1]/IT.STEP.STEP");
    assert_eq!(chart.cell(&cell).earlier, None);
    chart.study = &NEXT;
    chart.book.recompute(&NEXT);
    let label = chart.study.items.get("IT.STEP.STEP").map(|item| screens::labels::value(&NEXT, item, "NONE", "en"));
    let mut extras = Extras::default();
    let earlier = |chart: &Chart, extras: &Extras| {
        let state = chart.state_with(BP, extras);
        let mut cells = state.rows.into_iter().flat_map(|row| row.cells);
        cells.find(|known| known.key == cell).and_then(|cell| cell.earlier).expect("a code of the first version")
    };
    let unknown = earlier(&chart, &extras);
    assert_eq!((unknown.text.as_str(), Some(unknown.now)), ("S0", label.clone()), "the first version is not held");
    extras.prior.insert(Arc::new(AT_HOME.clone()));
    let known = earlier(&chart, &extras);
    assert_eq!((Some(known.text), Some(known.now), known.version), (label.clone(), label, "Version 1".to_owned()));
}

#[test]
fn a_form_that_a_version_retired_stays_in_the_matrix_where_it_holds_something() {
    let mut chart = chart();
    let matrix = |chart: &Chart, older: &[Arc<Study>]| chart.draw(|view| subject::matrix(view, older));
    let rows = matrix(&chart, &[]).forms.len();
    let xml = include_str!("../../../../studies/home-blood-pressure.xml").replace("MDV.HOME-BP.1", "MDV.HOME-BP.3");
    let body = "<FormRef FormOID=\"F.BODY\" OrderNumber=\"2\" Mandatory=\"Yes\"/>";
    let last = "<FormRef FormOID=\"F.BODY\" OrderNumber=\"1\" Mandatory=\"No\"/>";
    let without = Box::leak(Box::new(read(&xml.replace(body, "").replace(last, ""))));
    chart.study = without;
    chart.book.recompute(without);
    let view = matrix(&chart, &[Arc::new(AT_HOME.clone())]);
    assert_eq!(view.forms.len(), rows);
    let retired = view.forms.last().expect("a row");
    assert_eq!((retired.oid.as_str(), retired.title.as_str()), ("F.BODY", "Body and blood"));
    assert_eq!(retired.cells.iter().flatten().map(|mark| &*mark.key).collect::<Vec<_>>(), ["SE.FIRST[1]/F.BODY[1]"]);
    assert!(!chart.state("SE.FIRST[1]/F.BODY[1]").editable, "of such a form nothing is asked");
}
