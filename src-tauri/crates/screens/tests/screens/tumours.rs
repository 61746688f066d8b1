//! The Tumours screen.

use screens::form::Extras;
use screens::messages::{LesionRole, Role, TumourColumn, TumoursView};
use screens::tumours;

use crate::chart::{AT_HOME, Chart};

const TU: &str = "SE.SCR[1]/F.TU[1]";
const FIRST: &str = "SE.TA[1]/F.TR[1]";
const SECOND: &str = "SE.TA[2]/F.TR[1]";

/// Two targets and a non-target lesion at baseline, and two dated scans.
fn measured() -> Chart {
    let mut chart = Chart::new();
    chart.visit("SE.SCR[1]", "2026-09-20").visit("SE.RAND[1]", "2026-10-01").visit("SE.C1D1[1]", "2026-10-02");
    chart.visit("SE.TA[1]", "2026-11-13").visit("SE.TA[2]", "2026-12-25");
    chart.answer(&format!("{TU}/IG.TU[1]/IT.TU.TUDAT"), "2026-09-19", None);
    for (id, organ, size) in [("T01", "LIVER", "30"), ("T02", "LUNG", "20")] {
        let lesion =
            [("IT.TT.TTID", id), ("IT.TT.TTORGAN", organ), ("IT.TT.TTDIAM", size), ("IT.TT.TTLOC", "segment 6")];
        chart.row(TU, "IG.TT", &lesion);
    }
    chart.row(TU, "IG.NT", &[("IT.NT.NTID", "NT01"), ("IT.NT.NTORGAN", "LIVER")]);
    chart
}

fn scan(chart: &mut Chart, form: &str, date: &str, sizes: [&str; 2]) {
    chart.answer(&format!("{form}/IG.TR[1]/IT.TR.TRDAT"), date, None);
    for (id, size) in ["T01", "T02"].into_iter().zip(sizes) {
        chart.row(form, "IG.TL", &[("IT.TL.TLID", id), ("IT.TL.LESTATE", "MEASURED"), ("IT.TL.TLDIAM", size)]);
    }
    chart.row(form, "IG.NL", &[("IT.NL.NLID", "NT01"), ("IT.NL.NTSTATE", "PRESENT")]);
}

fn view(chart: &Chart) -> TumoursView {
    chart.draw(|view| tumours::view(view, &Extras::default())).expect("a study with tumour forms")
}

fn computed(column: &TumourColumn) -> Vec<&str> {
    column.responses.iter().map(|response| response.computed.as_deref().unwrap_or("-")).collect()
}

#[test]
fn lesions_and_scans_make_the_grid() {
    let view = view(&measured());
    assert_eq!(view.columns.iter().map(|column| column.label.as_str()).collect::<Vec<_>>(), ["SCR", "TA 1", "TA 2"]);
    let rows: Vec<_> = view.rows.iter().map(|row| (row.id.as_str(), row.role, row.organ.as_str())).collect();
    let [target, other] = [LesionRole::Target, LesionRole::NonTarget];
    assert_eq!(rows, [("T01", target, "Liver"), ("T02", target, "Lung"), ("NT01", other, "Liver")]);
    assert_eq!((view.columns[0].sum.as_deref(), view.columns[0].baseline), (Some("50"), true));
    assert!(view.rows.iter().all(|row| row.cells.len() == view.columns.len()));
    // Day 1 is the first treatment; the baseline scan lies before it.
    assert_eq!(view.columns[0].day, Some(-13));
}

#[test]
fn sums_and_responses_follow_from_the_sizes() {
    let mut chart = measured();
    scan(&mut chart, FIRST, "2026-11-13", ["18", "12"]);
    let response = view(&chart);
    let column = &response.columns[1];
    assert_eq!((column.sum.as_deref(), column.from_baseline.as_deref()), (Some("30"), Some("-40")));
    assert_eq!(computed(column), ["PR", "NON-CR/NON-PD", "N", "PR"]);
    assert!(column.nadir && !column.why.is_empty());
    scan(&mut chart, SECOND, "2026-12-25", ["30", "14"]);
    let progression = view(&chart);
    let column = &progression.columns[2];
    // From 30 to 44 mm: more than 20 % and more than 5 mm above the least sum.
    assert_eq!((column.from_nadir.as_deref(), column.from_nadir_percent.as_deref()), (Some("14"), Some("46.7")));
    assert_eq!(computed(column)[3], "PD");
    assert_eq!(progression.best.and_then(|best| best.response).as_deref(), Some("PR"));
}

#[test]
fn an_entered_response_that_differs_is_marked() {
    let mut chart = measured();
    scan(&mut chart, FIRST, "2026-11-13", ["18", "12"]);
    let disagrees = |chart: &Chart| view(chart).columns[1].responses[3].disagrees;
    chart.answer(&format!("{FIRST}/IG.RS[1]/IT.RS.OVRLRESP"), "PR", None);
    assert!(!disagrees(&chart));
    chart.answer(&format!("{FIRST}/IG.RS[1]/IT.RS.OVRLRESP"), "SD", Some("by eye"));
    assert!(disagrees(&chart));
}

#[test]
fn a_new_lesion_gets_a_row_of_its_own() {
    let mut chart = measured();
    scan(&mut chart, FIRST, "2026-11-13", ["30", "20"]);
    let lesion = [("IT.NEW.NEWID", "N01"), ("IT.NEW.NEWORGAN", "BONE"), ("IT.NEW.NEWCERT", "UNEQUIVOCAL")];
    chart.row(FIRST, "IG.NEW", &lesion);
    let view = view(&chart);
    let row = view.rows.last().expect("a row");
    assert_eq!((row.id.as_str(), row.role, row.organ.as_str()), ("N01", LesionRole::New, "Bone"));
    assert_eq!(computed(&view.columns[1])[3], "PD");
}

#[test]
fn who_reads_decides_what_may_be_entered_in_the_grid() {
    let mut chart = measured();
    assert!(view(&chart).editable && !view(&chart).addable.is_empty());
    chart.reader.role = Role::Administrator;
    assert!(!view(&chart).editable && view(&chart).addable.is_empty());
}

#[test]
fn a_study_without_tumour_forms_has_no_such_screen() {
    let chart = Chart::of(&AT_HOME);
    assert!(chart.draw(|view| tumours::view(view, &Extras::default())).is_none());
}
