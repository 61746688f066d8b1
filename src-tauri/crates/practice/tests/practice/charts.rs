//! Charts, timeline and checklist of a practice site, held against what stands in its forms.

use rust_decimal::Decimal;
use screens::messages::{CellState, FormStatus, OpenKind};
use site::Session;
use std::collections::BTreeMap;

use crate::{BEGIN, site};

/// The cells of one row by the last part of their item's name.
type Row = BTreeMap<String, CellState>;

/// The rows of a form's group, as the form screen gets them.
fn rows(session: &mut Session<'_>, subject: &str, form: &str, group: &str) -> Vec<Row> {
    let state = session.form_state(subject, &form.parse().expect("a place")).expect("a form");
    let named = |cell: &CellState| (cell.key.rsplit('.').next().unwrap_or_default().to_owned(), cell.clone());
    let own = state.rows.iter().filter(|row| row.group == group);
    own.map(|row| row.cells.iter().map(named).collect()).collect()
}

fn typed(row: &Row, item: &str) -> String {
    row.get(item).filter(|cell| cell.visible).map(|cell| cell.typed.clone()).unwrap_or_default()
}

fn size(row: &Row, item: &str) -> Option<Decimal> {
    typed(row, item).parse().ok()
}

/// Changes by day, computed here from the typed diameters alone: of assessments at which every target was measured.
fn changes(session: &mut Session<'_>, subject: &str) -> BTreeMap<String, String> {
    let view = session.subject_view(subject).expect("a subject");
    let baseline = rows(session, subject, "SE.SCR[1]/F.TU[1]", "IG.TT");
    let sizes: Option<Vec<Decimal>> = baseline.iter().map(|row| size(row, "TTDIAM")).collect();
    let Some(sum) = sizes.map(|sizes| sizes.iter().sum::<Decimal>()).filter(|sum| *sum > Decimal::ZERO) else {
        return BTreeMap::new();
    };
    let forms = view.forms.iter().filter(|row| row.oid == "F.TR").flat_map(|row| row.cells.iter().flatten());
    let begun = forms.filter(|mark| mark.status != FormStatus::Empty);
    let mut found = BTreeMap::new();
    for form in begun.map(|mark| mark.key.clone()) {
        let lesions = rows(session, subject, &form, "IG.TL");
        let date = rows(session, subject, &form, "IG.TR").first().map(|row| typed(row, "TRDAT")).unwrap_or_default();
        let plain = lesions.len() == baseline.len() && lesions.iter().all(|row| typed(row, "LESTATE") == "MEASURED");
        let now: Option<Vec<Decimal>> = lesions.iter().map(|row| size(row, "TLDIAM")).collect();
        if let Some(now) = now.filter(|_| plain && !date.is_empty()) {
            let percent = (now.iter().sum::<Decimal>() / sum - Decimal::ONE) * Decimal::ONE_HUNDRED;
            found.insert(
                date,
                format!(
                    "{:.1}",
                    percent.round_dp_with_strategy(1, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
                ),
            );
        }
    }
    found
}

#[test]
fn a_practice_site_as_charts_and_on_paper() {
    let mut computer = site();
    let start = computer.start_view().expect("the first screen");
    let now = BEGIN.later(60_000);
    computer.unlock(&start.vaults[0].id, "investigator1", practice::PASSWORD, now).expect("signed in");
    let mut session = computer.session(now).expect("a session");
    charts_draw_what_stands_in_the_forms(&mut session);
    a_checklist_names_nobody_and_prints_no_free_text(&mut session);
}

fn charts_draw_what_stands_in_the_forms(session: &mut Session<'_>) {
    let charts = session.charts().expect("charts");
    assert!(charts.subjects >= 3 && !charts.swimmer.is_empty(), "{charts:?}");
    assert_eq!(charts.guides, [-30, 20]);
    let mut held = 0;
    for line in &charts.spider {
        let timeline = session.timeline(&line.subject).expect("a timeline");
        let drawn: BTreeMap<_, _> =
            timeline.scans.iter().filter_map(|scan| Some((scan.date.clone(), scan.change.clone()?))).collect();
        for (date, change) in changes(session, &line.subject) {
            assert_eq!(drawn.get(&date), Some(&change), "{} on {date}", line.subject);
            assert!(line.points.iter().any(|(_, point)| *point == change));
            held += 1;
        }
        let bar = charts.waterfall.iter().find(|bar| bar.subject == line.subject).expect("a bar");
        assert!(line.points.iter().skip(1).any(|(_, change)| *change == bar.change));
        let least = line.points.iter().skip(1).filter_map(|(_, change)| change.parse::<Decimal>().ok()).min();
        assert!(least <= bar.change.parse().ok(), "only growth after progression may be left out");
    }
    assert!(held > 0, "no assessment of the practice site was plain enough to be computed here");
    let order: Vec<Decimal> = charts.waterfall.iter().filter_map(|bar| bar.change.parse().ok()).collect();
    assert!(order.windows(2).all(|pair| pair[0] >= pair[1]));
}

fn a_checklist_names_nobody_and_prints_no_free_text(session: &mut Session<'_>) {
    let mut printed = 0;
    for subject in session.subjects().expect("subjects") {
        let birth = rows(session, &subject.subject, "SE.SCR[1]/F.DM[1]", "IG.DM");
        let birth = birth.first().map(|row| typed(row, "BRTHDAT")).unwrap_or_default();
        let view = session.subject_view(&subject.subject).expect("a subject");
        for event in &view.events {
            let place = event.key.parse().expect("a place");
            let sheet = session.visit_checklist(&subject.subject, &place).expect("a sheet");
            let paper = serde_json::to_string(&sheet).expect("JSON");
            assert!(birth.is_empty() || !paper.contains(&birth), "{} {}", subject.subject, event.key);
            assert!(
                sheet
                    .forms
                    .iter()
                    .flat_map(|form| &form.open)
                    .all(|open| open.kind != OpenKind::Query || open.message.is_empty())
            );
            printed += sheet.forms.iter().map(|form| form.items.len()).sum::<usize>();
        }
    }
    assert!(printed > 20, "only {printed} questions to ask");
}
