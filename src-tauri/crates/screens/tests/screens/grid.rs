//! Generated courses of one lesion on the Tumours screen and in the charts, worked out on paper.

use proptest::prelude::*;
use screens::charts::{self, Course};
use screens::form::Extras;
use screens::messages::{ChartsView, TumoursView};
use screens::tumours;

use crate::chart::{Chart, TRIAL};

const TU: &str = "SE.SCR[1]/F.TU[1]";
/// Baseline scan and size in mm.
const BASELINE: (&str, i32) = ("2026-09-19", 50);

/// A scan: days since the baseline, the size in mm where it was measured, the response that somebody entered.
type Scan = (i32, Option<i32>, &'static str);

fn scans() -> impl Strategy<Value = Vec<Scan>> {
    let response = prop::sample::select(vec!["", "PR", "SD", "PD", "NON-CR/NON-PD"]);
    let size = prop_oneof![4 => 6..120_i32, 1 => Just(BASELINE.1)];
    let scan = (20..60_i32, prop::option::weighted(0.9, size), response);
    prop::collection::vec(scan, 1..5).prop_map(|mut scans| {
        let mut day = 0;
        for scan in &mut scans {
            day += scan.0;
            scan.0 = day;
        }
        scans
    })
}

/// The date so many days after the baseline scan, counted month by month.
fn date(days: i32) -> String {
    let (mut month, mut day) = (9, 19 + days);
    for length in [30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31] {
        if day <= length {
            break;
        }
        (month, day) = (month + 1, day - length);
    }
    format!("{}-{:02}-{day:02}", if month > 12 { 2027 } else { 2026 }, if month > 12 { month - 12 } else { month })
}

/// A subject that was treated from 2 October on, 13 days after the baseline scan; scans are entered the last one first.
fn enter(scans: &[Scan]) -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart.answer(&format!("{TU}/IG.TU[1]/IT.TU.TUDAT"), BASELINE.0, None);
    let size = BASELINE.1.to_string();
    chart.row(TU, "IG.TT", &[("IT.TT.TTID", "T01"), ("IT.TT.TTORGAN", "LIVER"), ("IT.TT.TTDIAM", &size)]);
    for (n, (day, size, response)) in scans.iter().enumerate().rev() {
        let form = format!("SE.TA[{}]/F.TR[1]", n + 1);
        chart.answer(&format!("{form}/IG.TR[1]/IT.TR.TRDAT"), &date(*day), None);
        let size = size.map(|size| size.to_string());
        let mut reading =
            vec![("IT.TL.TLID", "T01"), ("IT.TL.LESTATE", if size.is_some() { "MEASURED" } else { "NE" })];
        reading.extend(size.as_deref().map(|size| ("IT.TL.TLDIAM", size)));
        chart.row(&form, "IG.TL", &reading);
        if !response.is_empty() {
            chart.answer(&format!("{form}/IG.RS[1]/IT.RS.OVRLRESP"), response, None);
        }
    }
    chart
}

/// Per cent to one decimal, halves away from zero, with no needless zero.
fn percent(change: i32, from: i32) -> String {
    let tenths = (change.abs() * 2000 + from) / (2 * from) * change.signum();
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    if tenth == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{tenth}") }
}

/// The least size before each scan, the baseline's included, and the first scan with progression: 20 % and 5 mm above it.
fn nadirs(scans: &[Scan]) -> (Vec<i32>, Option<usize>) {
    let (mut least, mut before, mut first) = (BASELINE.1, Vec::new(), None);
    for (n, (_, size, _)) in scans.iter().enumerate() {
        before.push(least);
        let Some(size) = size else { continue };
        if first.is_none() && 5 * size >= 6 * least && size - least >= 5 {
            first = Some(n);
        }
        least = least.min(*size);
    }
    (before, first)
}

fn grid(chart: &Chart) -> TumoursView {
    chart.draw(|view| tumours::view(view, &Extras::default())).expect("a study with tumour forms")
}

fn beside(chart: &Chart) -> ChartsView {
    let courses = [("S01-001".to_owned(), Course::read(&TRIAL, &chart.book))];
    chart.frame(|frame| charts::charts(&courses, &TRIAL, "en", frame.today()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn the_grid_shows_the_changes_of_the_sum(scans in scans()) {
        let view = grid(&enter(&scans));
        let (before, first) = nadirs(&scans);
        prop_assert_eq!(view.columns.len(), scans.len() + 1);
        for (n, ((day, size, said), column)) in scans.iter().zip(&view.columns[1..]).enumerate() {
            let shown = column.date.clone().unwrap_or_default();
            prop_assert_eq!(shown, date(*day), "by date");
            // Day 1 is 13 days after the baseline, and there is no day 0.
            prop_assert_eq!(column.day, Some(i64::from(day - 13 + i32::from(*day >= 13))));
            prop_assert_eq!(&column.sum, &size.map(|size| size.to_string()));
            prop_assert_eq!(&column.from_baseline, &size.map(|size| percent(size - BASELINE.1, BASELINE.1)));
            prop_assert_eq!(&column.from_nadir, &size.map(|size| (size - before[n]).to_string()));
            prop_assert_eq!(&column.from_nadir_percent, &size.map(|size| percent(size - before[n], before[n])));
            let cell = &view.rows[0].cells[n + 1];
            prop_assert_eq!(&cell.mm, &size.map(|size| size.to_string()));
            prop_assert_eq!(cell.state.as_str(), if size.is_some() { "MEASURED" } else { "NE" });
            let overall = &column.responses[3];
            prop_assert_eq!(overall.entered.as_str(), *said);
            let computed = overall.computed.clone().unwrap_or_default();
            prop_assert_eq!(overall.disagrees, !said.is_empty() && *said != computed);
            prop_assert_eq!(first == Some(n), computed == "PD" && before_pd(&view, n), "{}", computed);
        }
        // The first that has the least sum, the baseline before all others, once there is something to compare.
        let sizes: Vec<_> = std::iter::once(Some(BASELINE.1)).chain(scans.iter().map(|(_, size, _)| *size)).collect();
        let least = sizes.iter().flatten().min().copied().expect("a size");
        let wanted = sizes.iter().position(|size| *size == Some(least)).filter(|_| sizes.iter().flatten().count() > 1);
        prop_assert_eq!(view.columns.iter().position(|column| column.nadir), wanted);
        prop_assert!(view.columns.iter().filter(|column| column.nadir).count() <= 1);
        let limit = (least * 6).max((least + 5) * 5) - BASELINE.1 * 5;
        prop_assert_eq!(view.progression_limit, Some(percent(limit, BASELINE.1 * 5)));
    }

    #[test]
    fn the_charts_show_the_same_course(scans in scans()) {
        let view = beside(&enter(&scans));
        let (_, first) = nadirs(&scans);
        prop_assert_eq!(view.guides, [-30, 20]);
        let one = |size: i32| format!("{:.1}", percent(size - BASELINE.1, BASELINE.1).parse::<f64>().expect("a number"));
        let counted = scans.iter().take(first.map_or(scans.len(), |first| first + 1));
        let best = counted.filter_map(|(day, size, _)| Some(((*size)?, *day))).min();
        let bars: Vec<_> = view.waterfall.iter().map(|bar| (bar.change.clone(), bar.date.clone())).collect();
        prop_assert_eq!(bars, best.map(|(size, day)| (one(size), date(day))).into_iter().collect::<Vec<_>>());
        let points: Vec<_> = view.spider.iter().flat_map(|line| line.points.clone()).collect();
        let mut wanted: Vec<_> = scans.iter().filter_map(|(day, size, _)| Some((*day, one((*size)?)))).collect();
        if !wanted.is_empty() {
            wanted.insert(0, (0, "0.0".to_owned()));
        }
        prop_assert_eq!(points, wanted);
        let marks: Vec<_> = view.swimmer.iter().flat_map(|lane| lane.marks.clone()).collect();
        let said = scans.iter().filter(|(.., said)| !said.is_empty());
        prop_assert_eq!(marks, said.map(|(day, _, said)| (day - 13, (*said).to_owned())).collect::<Vec<_>>());
        // 23 November is 52 days after the first treatment.
        let followed = scans.last().map_or(0, |(day, ..)| day - 13).max(52);
        prop_assert_eq!(view.swimmer.iter().map(|lane| (lane.days, lane.followed)).collect::<Vec<_>>(), [(52, followed)]);
    }
}

/// Whether no scan before this one is progression.
fn before_pd(view: &TumoursView, n: usize) -> bool {
    view.columns[1..=n].iter().all(|column| column.responses[3].computed.as_deref() != Some("PD"))
}

#[test]
fn a_scan_without_a_date_stands_last_and_says_nothing() {
    let mut chart = enter(&[(55, Some(30), "")]);
    chart.row("SE.TA[2]/F.TR[1]", "IG.TL", &[("IT.TL.TLID", "T01"), ("IT.TL.LESTATE", "ABSENT")]);
    chart.visit("SE.TA[3]", &date(90));
    let view = grid(&chart);
    let labels: Vec<_> = view.columns.iter().map(|column| (&*column.label, column.date.is_some())).collect();
    assert_eq!(labels, [("SCR", true), ("TA 1", true), ("TA 3", true), ("TA 2", false)]);
    let silent = &view.columns[3];
    assert!(silent.responses.is_empty() && silent.sum.is_none() && silent.day.is_none() && !silent.settled);
    assert_eq!(view.rows[0].cells[3].state, "ABSENT", "what was read is shown all the same");
}

#[test]
fn parts_of_a_lesion_and_drafts_stand_in_its_cell() {
    let mut chart = enter(&[(55, Some(30), "")]);
    let form = "SE.TA[2]/F.TR[1]";
    chart.visit("SE.TA[2]", &date(90));
    let part = |chart: &mut Chart, id: &str, size: &str| {
        chart.row(form, "IG.TL", &[("IT.TL.TLID", id), ("IT.TL.LESTATE", "MEASURED"), ("IT.TL.TLDIAM", size)])
    };
    part(&mut chart, "T01.1", "12");
    part(&mut chart, "T01.2", "9.5");
    let view = grid(&chart);
    let cell = &view.rows[0].cells[2];
    assert_eq!((cell.parts, cell.mm.as_deref(), cell.size.as_str()), (2, Some("21.5"), ""));
    let mut extras = Extras::default();
    let typed = "SE.TA[1]/F.TR[1]/IG.TL[aaaaaaaa.1]/IT.TL.TLDIAM";
    extras.drafts.insert(chart.key(typed), "3o".into());
    let view = chart.draw(|view| tumours::view(view, &extras)).expect("tumours");
    assert_eq!(view.rows[0].cells[1].draft.as_deref(), Some("3o"));
}

#[test]
fn a_size_that_comes_back_to_the_least_does_not_move_the_nadir() {
    let view = grid(&enter(&[(55, Some(50), ""), (90, Some(40), ""), (130, Some(40), "")]));
    assert_eq!(view.columns.iter().map(|column| column.nadir).collect::<Vec<_>>(), [false, false, true, false]);
    let view = grid(&enter(&[(55, Some(50), ""), (90, Some(60), "")]));
    assert_eq!(view.columns.iter().map(|column| column.nadir).collect::<Vec<_>>(), [true, false, false]);
}

#[test]
fn a_treated_lesion_and_a_size_that_is_not_asked() {
    let mut chart = enter(&[(55, Some(30), "")]);
    let row = "SE.TA[1]/F.TR[1]/IG.TL[aaaaaaaa.1]";
    chart.answer(&format!("{row}/IT.TL.TLPRVIR"), "Y", None);
    let cell = |chart: &Chart| {
        let cell = grid(chart).rows[0].cells[1].clone();
        (cell.treated, cell.size, cell.mm)
    };
    // The trial irradiates lesions itself and sets IRRADIATED_TARGET to EVALUABLE: their sizes count on.
    assert_eq!(cell(&chart), (true, "30".to_owned(), Some("30".to_owned())));
    chart.answer(&format!("{row}/IT.TL.TLPRVIR"), "N", Some("another lesion"));
    assert_eq!(cell(&chart), (false, "30".to_owned(), Some("30".to_owned())));
    chart.answer(&format!("{row}/IT.TL.LESTATE"), "ABSENT", Some("misread"));
    assert_eq!(cell(&chart), (false, String::new(), Some("0".to_owned())), "the size of what is gone is not asked");
}

#[test]
fn progression_that_was_dated_back_says_what_was_seen_then() {
    let mut chart = enter(&[(55, Some(50), ""), (95, Some(50), "")]);
    for (form, certainty) in [("SE.TA[1]/F.TR[1]", "EQUIVOCAL"), ("SE.TA[2]/F.TR[1]", "UNEQUIVOCAL")] {
        let lesion = [("IT.NEW.NEWID", "N01"), ("IT.NEW.NEWORGAN", "BONE"), ("IT.NEW.NEWCERT", certainty)];
        chart.row(form, "IG.NEW", &lesion);
    }
    let view = grid(&chart);
    let told: Vec<_> = view.columns[1..].iter().map(|column| column.as_seen.as_deref()).collect();
    assert_eq!(told, [Some("SD"), None]);
    assert_eq!(view.rows.len(), 2, "one new lesion, seen twice");
    let entered = |chart: &mut Chart| {
        chart.answer("SE.TA[1]/F.TR[1]/IG.RS[1]/IT.RS.NEWLPROG", "N", None);
        grid(chart).columns[1].responses[2].disagrees
    };
    assert!(entered(&mut chart), "by now it is one");
    let mut first = enter(&[(55, Some(50), "")]);
    let lesion = [("IT.NEW.NEWID", "N01"), ("IT.NEW.NEWORGAN", "BONE"), ("IT.NEW.NEWCERT", "EQUIVOCAL")];
    first.row("SE.TA[1]/F.TR[1]", "IG.NEW", &lesion);
    assert!(!entered(&mut first), "an equivocal new lesion is none yet");
}
