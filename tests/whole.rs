//! A whole invented trial: two years of patients in both arms, entered week by week through the site room's own acts.
//! Every form passes its checks, or says what is left to do; what is unusual carries its finding and a nurse's word on it.

use std::collections::BTreeSet;
use std::path::Path;

use screens::Now;
use screens::messages::{FormStatus, Severity};
use site::Session;

use crate::practice_trial::received;

/// Patients in continuous integration, and the seed of their answers; `OUTPOST_SUBJECTS=70` makes the trial in its real
/// size, `OUTPOST_SEED` another one.
const SUBJECTS: u32 = 14;
const SEED: u64 = 3;
/// Of a hundred forms, those that may be left half done: the last session is interrupted.
const LEFT: usize = 3;

#[test]
fn a_whole_trial_passes_its_checks_or_carries_its_findings() {
    let told = |name| std::env::var(name).ok().and_then(|text: String| text.parse().ok());
    let subjects = told("OUTPOST_SUBJECTS").unwrap_or(SUBJECTS);
    let seed = told("OUTPOST_SEED").map_or(SEED, u64::from);
    let folder = tempfile::tempdir().expect("a folder");
    let out = &folder.path().join("practice");
    xtask::practice::make(out, subjects, seed).expect("a practice trial");
    let (forms, open, disagreements) = look_at_every_form(out);
    let left = open.len();
    assert!(left * 100 <= forms * LEFT, "{left} of {forms} forms are left open");
    let trial = Trial::of(out);
    println!(
        "{subjects} patients, seed {seed}, {forms} forms, {left} left open, {disagreements} responses seen otherwise; {trial:?}"
    );
    assert_eq!(trial.arms.len(), 2, "{:?}", trial.arms);
    let few = subjects as usize / 7;
    assert!(trial.deaths >= few && trial.progressed >= few && trial.responded >= few, "{trial:?}");
    assert!(trial.events >= 2 * few && trial.deviations >= few && trial.another_treatment >= few, "{trial:?}");
    // What is left open may not tell it yet.
    let is_open = |subject: &String, form: &str| open.iter().any(|left| left.contains(subject) && left.contains(form));
    let untold = |subject: &&String, forms: [&str; 2]| !forms.iter().any(|form| is_open(subject, form));
    let wrong: Vec<_> = trial.unreported.iter().filter(|subject| untold(subject, ["/F.AE[", "/F.SAE["])).collect();
    assert!(wrong.is_empty(), "each serious event is reported once: {wrong:?} {trial:?}");
    let wrong: Vec<_> = trial.unlike.iter().filter(|subject| untold(subject, ["/F.AE[", "/F.EC["])).collect();
    assert!(wrong.is_empty(), "events and doses tell of the same changes: {wrong:?} {trial:?}");
    assert!(subjects < 50 || (trial.reduced > 2 && trial.interrupted > 2), "{trial:?}");
    assert!(
        subjects < 50 || (trial.serious > 0 && trial.reports > 0 && trial.failed > 0 && disagreements > 0),
        "{trial:?}"
    );
}

/// How many forms have anything in them, those left open, and how many responses that the investigator sees otherwise.
fn look_at_every_form(out: &Path) -> (usize, Vec<String>, usize) {
    let mut computer = xtask::practice::computer(out);
    let (user, password) = xtask::practice::account(out).expect("an account");
    let now: Now = xtask::practice::now();
    computer.unlock(xtask::practice::VAULT, &user, &password, now).expect("an open vault");
    let mut session = computer.session(now).expect("a session");
    let (mut forms, mut left, mut disagreements) = (0, Vec::new(), 0);
    let mut wrong = Vec::new();
    for row in session.subjects().expect("subjects") {
        let view = session.subject_view(&row.subject).expect("a matrix");
        let marks = view.forms.iter().flat_map(|row| row.cells.iter().flatten());
        for mark in marks.filter(|mark| mark.status != FormStatus::Empty) {
            forms += 1;
            match look_at(&mut session, &row.subject, &mark.key) {
                Ok(true) => left.push(format!("{} {}", row.subject, mark.key)),
                Ok(false) => {}
                Err(said) => wrong.push(said),
            }
        }
        disagreements += look_at_responses(&mut session, &row.subject);
    }
    assert!(wrong.is_empty(), "{} forms\n{}", wrong.len(), wrong.join("\n"));
    (forms, left, disagreements)
}

/// Whether a form is left open. One that is complete has nothing against it; one that is open says what is missing, or has
/// a question left.
fn look_at(session: &mut Session<'_>, subject: &str, form: &str) -> Result<bool, String> {
    let state = session.form_state(subject, &form.parse().expect("a place")).expect("a form");
    let is_open = state.status == FormStatus::Started;
    // Somebody stopped in the middle: what is left may be optional.
    let mut cells = state.rows.iter().flat_map(|row| &row.cells);
    let is_asked = cells.any(|cell| cell.visible && cell.display.is_empty() && cell.missing.is_empty());
    let is_left = !state.blockers.is_empty() || (is_open && is_asked);
    if is_open != is_left {
        return Err(format!("{subject} {form}: {:?} {:?}", state.status, state.blockers));
    }
    let findings = state.rows.iter().flat_map(|row| &row.cells).flat_map(|cell| &cell.findings);
    let mut unsaid = findings.filter(|finding| finding.severity == Severity::Hard || finding.confirmed.is_none());
    match unsaid.next().filter(|_| !is_open) {
        Some(finding) => Err(format!("{subject} {form}: {finding:?}")),
        None => Ok(is_open),
    }
}

/// Where the investigator's response is not the computed one, a finding says so.
fn look_at_responses(session: &mut Session<'_>, subject: &str) -> usize {
    let view = session.tumours_view(subject).expect("tumours");
    let cells = view.columns.iter().filter(|column| column.settled).flat_map(|column| &column.responses);
    let otherwise: Vec<_> = cells.filter(|cell| cell.disagrees).collect();
    for cell in &otherwise {
        assert!(!cell.findings.is_empty(), "{subject}: {:?} was computed, {} entered", cell.computed, cell.entered);
    }
    otherwise.len()
}

/// What the center's tables say of a trial.
#[derive(Debug)]
struct Trial {
    arms: BTreeSet<String>,
    failed: usize,
    responded: usize,
    progressed: usize,
    another_treatment: usize,
    deaths: usize,
    events: usize,
    serious: usize,
    reports: usize,
    deviations: usize,
    reduced: usize,
    interrupted: usize,
    /// Patients with other reports than serious events.
    unreported: BTreeSet<String>,
    /// Patients of whom events and doses say otherwise.
    unlike: BTreeSet<String>,
}

impl Trial {
    fn of(out: &Path) -> Self {
        let tables = received(out);
        let column = |table: &str, name: &str| -> Vec<[String; 2]> {
            let Some(text) = tables.get(table) else { return Vec::new() };
            let mut lines = csv::Reader::from_reader(text.as_bytes());
            let head = lines.headers().expect("a head").clone();
            let at = |name: &str| head.iter().position(|column| column == name).expect("a column");
            let (subject, item) = (at("SUBJECT"), at(name));
            let rows = lines.records().map(|row| row.expect("a row"));
            rows.map(|row| [row[subject].to_owned(), row[item].to_owned()])
                .filter(|[_, item]| !item.is_empty())
                .collect()
        };
        let who = |table: &str, name: &str, code: &str| -> BTreeSet<String> {
            let rows = column(table, name).into_iter().filter(|[_, said]| code.is_empty() || said == code);
            rows.map(|[subject, _]| subject).collect()
        };
        let patients = |table: &str, name: &str, code: &str| who(table, name, code).len();
        let changed = |code: &str| [who("F.AE-IG.AE.csv", "AEACN", code), who("F.EC-IG.EC.csv", "ECACN", code)];
        let [reduced, interrupted] = ["DOSE REDUCED", "DRUG INTERRUPTED"].map(changed);
        let unlike = [&reduced, &interrupted].map(|[event, dose]| event ^ dose);
        let mut serious = column("F.AE-IG.AE.csv", "AESER");
        serious.retain(|[_, said]| said == "Y");
        let reports = column("F.SAE-IG.SAE.csv", "SAENO");
        let of = |rows: &[[String; 2]], subject: &String| rows.iter().filter(|row| row[0] == *subject).count();
        let either: BTreeSet<_> = serious.iter().chain(&reports).map(|[subject, _]| subject.clone()).collect();
        let unreported = either.into_iter().filter(|who| of(&serious, who) != of(&reports, who)).collect();
        Self {
            arms: column("F.RAND.csv", "ARM").into_iter().map(|[_, arm]| arm).collect(),
            failed: patients("F.IE.csv", "IEYN", "N"),
            responded: patients("F.TR.csv", "OVRLRESP", "PR"),
            progressed: patients("F.TR.csv", "OVRLRESP", "PD"),
            another_treatment: patients("F.NACT-IG.NACT.csv", "NACTTRT", ""),
            deaths: patients("F.DD.csv", "DTHDAT", ""),
            events: column("F.AE-IG.AE.csv", "AETERM").len(),
            serious: serious.len(),
            reports: reports.len(),
            deviations: column("F.DV-IG.DV.csv", "DVCAT").len(),
            reduced: reduced[1].len(),
            interrupted: interrupted[1].len(),
            unreported,
            unlike: &unlike[0] | &unlike[1],
        }
    }
}
