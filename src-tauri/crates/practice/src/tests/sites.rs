//! Whole practice sites, looked at as a monitor would: what stands in their forms, and when it is said to have been.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use oncology::recist::Response;
use screens::Now;
use screens::messages::{BlockerKind, FormStatus};
use site::{Home, Session, SiteComputer};
use study::value::PartialDate;
use study::{FormKey, ItemDef, Oid};

use super::{takes, trial};
use crate::chart::{Chart, Draw};
use crate::course::Progression;
use crate::patient::Patient;
use crate::sample::{PASSWORD, SEED, SITE, STAFF, SUBJECTS};
use crate::start::{Invented, make_site};
use crate::trial::Pace;

/// When these sites are looked at.
const TODAY: Now = Now { at_ms: 1_795_421_702_113, offset_minutes: 480 };

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    subject: String,
    /// Event and form, `SE.SCR[1]/F.VS[1]`.
    form: String,
    /// Group and row, `IG.AE[2]`.
    row: String,
    item: String,
    typed: String,
    unit: String,
    missing: String,
}

impl Said {
    fn def(&self) -> &'static ItemDef {
        trial().items.get(&self.item).expect("an item of the trial")
    }

    /// The day, where the answer is one; of a partial date the first that it may be.
    fn day(&self) -> Option<i32> {
        let text = self.typed.split(' ').next()?;
        let kind = self.def().kind;
        (kind.is_date() || kind.is_date_time()).then(|| text.parse::<PartialDate>().ok())?.map(|date| date.earliest())
    }
}

/// What stands in a practice site.
struct Entered {
    said: Vec<Said>,
    /// Days of visits by subject and event.
    visits: BTreeMap<(String, String), PartialDate>,
    /// Kinds of what stands against complete forms, by form.
    against: Vec<(String, BlockerKind)>,
    complete: usize,
    /// The first assessment with progression by subject, as RECIST's engine sees it, among all assessments.
    progression: BTreeMap<String, (Option<PartialDate>, Vec<PartialDate>)>,
}

/// Makes a site and reads all of it.
fn entered(invented: &Invented) -> Entered {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home { data: folder.path().join("data"), config: folder.path().join("config") };
    let mut computer = SiteComputer::new(home, Arc::new(|_| {}), Arc::new(AtomicBool::new(false)));
    make_site(&mut computer, invented, TODAY).expect("a site");
    let start = computer.start_view().expect("the first screen");
    assert!(start.vaults[0].practice, "it says what it is before anybody signs in");
    let now = TODAY.later(60_000);
    computer.unlock(&start.vaults[0].id, STAFF[1].0, PASSWORD, now).expect("signed in");
    let mut session = computer.session(now).expect("a session");
    let mut all = Entered {
        said: Vec::new(),
        visits: BTreeMap::new(),
        against: Vec::new(),
        complete: 0,
        progression: BTreeMap::new(),
    };
    for subject in session.subjects().expect("subjects") {
        all.read(&mut session, &subject.subject);
    }
    all
}

impl Entered {
    fn read(&mut self, session: &mut Session<'_>, subject: &str) {
        let view = session.subject_view(subject).expect("a subject");
        for event in &view.events {
            let day = event.date.as_deref().map(|date| date.parse().expect("a day"));
            self.visits.extend(day.map(|day| ((subject.to_owned(), event.key.clone()), day)));
        }
        let marks = view.forms.iter().flat_map(|row| row.cells.iter().flatten());
        for mark in marks.filter(|mark| mark.status != FormStatus::Empty) {
            let key: FormKey = mark.key.parse().expect("a place");
            let state = session.form_state(subject, &key).expect("a form");
            if state.status == FormStatus::Complete {
                self.complete += 1;
                self.against.extend(state.blockers.iter().map(|blocker| (mark.key.clone(), blocker.kind)));
            }
            for row in &state.rows {
                let answered =
                    |cell: &&screens::messages::CellState| !cell.typed.is_empty() || !cell.missing.is_empty();
                self.said.extend(row.cells.iter().filter(answered).map(|cell| Said {
                    subject: subject.to_owned(),
                    form: mark.key.clone(),
                    // A row is numbered behind the name of its device, which is drawn anew.
                    row: format!("{}[{}]", row.group, row.repeat.rsplit('.').next().unwrap_or_default()),
                    item: cell.key.rsplit('/').next().unwrap_or_default().to_owned(),
                    typed: cell.typed.clone(),
                    unit: cell.unit.clone(),
                    missing: cell.missing.clone(),
                }));
            }
        }
        let Some(course) = clinical::tumours::course(trial(), session.known(subject).expect("a book")) else { return };
        let date = |day: oncology::recist::Day| day.to_string().parse::<PartialDate>().expect("a day");
        let pd = course.outcome.points.iter().find(|point| point.overall == Response::Pd).map(|point| date(point.date));
        let days = course.outcome.points.iter().map(|point| date(point.date)).collect();
        self.progression.insert(subject.to_owned(), (pd, days));
    }

    /// Answers to an item.
    fn of<'a>(&'a self, item: &'a str) -> impl Iterator<Item = &'a Said> {
        self.said.iter().filter(move |said| said.item == item)
    }

    /// The one day that a subject's forms say for an item.
    fn day_of(&self, subject: &str, item: &str) -> Option<i32> {
        self.of(item).find(|said| said.subject == subject).and_then(Said::day)
    }

    fn visit(&self, subject: &str, event: &str) -> Option<i32> {
        self.visits.get(&(subject.to_owned(), event.to_owned())).map(PartialDate::earliest)
    }

    /// An answer in the same row.
    fn beside(&self, said: &Said, item: &str) -> Option<&Said> {
        let is_beside =
            |other: &&Said| (&other.subject, &other.form, &other.row) == (&said.subject, &said.form, &said.row);
        self.said.iter().find(|other| other.item == item && is_beside(other))
    }
}

/// The practice site of every computer. Making it takes longer than looking at it.
fn usual() -> &'static Entered {
    static USUAL: OnceLock<Entered> = OnceLock::new();
    USUAL.get_or_init(|| entered(&Invented { seed: SEED, subjects: SUBJECTS, pace: Pace::LOOK }))
}

fn today() -> i32 {
    TODAY.today().parse::<PartialDate>().expect("a day").earliest()
}

#[test]
fn the_same_seed_gives_the_same_answers_and_another_gives_others() {
    // One patient until some days after the first dose: all kinds of answers, in a fraction of the time.
    let pace = Pace { days: 24, lead: 1, session: 12 };
    let [one, same] = [(); 2].map(|()| entered(&Invented { seed: 5, subjects: 1, pace }));
    assert!(one.said.len() > 200, "{} answers", one.said.len());
    let differ: Vec<_> = one.said.iter().zip(&same.said).filter(|(one, same)| one != same).collect();
    assert!(differ.is_empty() && one.said.len() == same.said.len(), "{differ:?}");
    assert_eq!(one.visits, same.visits);
    let places = |said: &Said| (said.subject.clone(), said.form.clone(), said.row.clone(), said.item.clone());
    let known: BTreeMap<_, &str> = usual().said.iter().map(|said| (places(said), said.typed.as_str())).collect();
    let both: Vec<_> = one.said.iter().filter_map(|said| Some((said, *known.get(&places(said))?))).collect();
    let alike = both.iter().filter(|(said, other)| said.typed == *other).count();
    assert!(alike * 10 < both.len() * 9, "another seed gives {alike} of {} answers, too", both.len());
}

#[test]
fn every_answer_is_one_that_its_item_takes() {
    for said in &usual().said {
        let item = said.def();
        let is_reason =
            said.typed.is_empty() && item.missing_allowed.iter().any(|reason| reason.code() == said.missing);
        assert!(is_reason || takes(trial(), item, &said.typed), "{said:?}");
        assert!(said.unit.is_empty() || !item.units.is_empty(), "{said:?}");
    }
}

#[test]
fn nothing_forbidden_stands_in_a_form_that_is_complete() {
    let site = usual();
    assert!(site.complete > 60, "only {} forms", site.complete);
    assert!(site.against.is_empty(), "{:?}", site.against);
}

#[test]
fn nothing_happens_before_a_patients_birth_or_after_today() {
    let site = usual();
    let mut days = 0;
    for said in &site.said {
        let Some(day) = said.day() else { continue };
        let birth = site.day_of(&said.subject, "IT.DM.BRTHDAT").expect("a birth");
        assert!((birth..=today()).contains(&day), "{said:?}");
        days += 1;
    }
    assert!(days > 100, "only {days} days");
    for ((subject, event), day) in &site.visits {
        let consent = site.day_of(subject, "IT.ICF.DSSTDAT").expect("a consent");
        assert!((consent..=today()).contains(&day.earliest()), "{subject} {event} on {day}");
    }
    for birth in site.of("IT.DM.BRTHDAT") {
        let consent = site.day_of(&birth.subject, "IT.ICF.DSSTDAT").expect("a consent");
        let years = birth.day().map(|born| (consent - born) / 365);
        assert!(years.is_some_and(|years| (18..100).contains(&years)), "{birth:?}");
    }
}

#[test]
fn visits_take_place_while_a_patient_lives_and_repeats_in_their_order() {
    let site = usual();
    let mut last: BTreeMap<(&str, &str), i32> = BTreeMap::new();
    let repeat = |event: &str| event.split(['[', ']']).nth(1).and_then(|n| n.parse::<u32>().ok()).expect("a number");
    let mut visits: Vec<_> = site.visits.iter().collect();
    visits.sort_by_key(|((subject, event), _)| (subject, event.split('[').next(), repeat(event)));
    for ((subject, event), day) in visits {
        let kind = event.split('[').next().expect("an event");
        if let Some(before) = last.insert((subject, kind), day.earliest()) {
            assert!(before < day.earliest(), "{subject} {event} on {day}");
        }
        let death = site.day_of(subject, "IT.DD.DTHDAT").unwrap_or(i32::MAX);
        assert!(day.earliest() <= death, "{subject} {event} on {day}");
    }
}

#[test]
fn treatment_lies_between_its_first_and_its_last_day() {
    let site = usual();
    let mut doses = 0;
    for start in site.of("IT.EC.ECSTDAT") {
        let day1 = site.visit(&start.subject, "SE.C1D1[1]").expect("treated");
        let last = site.day_of(&start.subject, "IT.EOT.LASTDAT").unwrap_or(today());
        let end = site.beside(start, "IT.EC.ECENDAT").and_then(Said::day);
        assert!(start.day().is_some_and(|day| (day1..=last).contains(&day)), "{start:?}");
        assert!(end.is_none_or(|end| Some(end) >= start.day() && end <= last), "{start:?} until {end:?}");
        let dose: f64 = site.beside(start, "IT.EC.ECDOSE").and_then(|dose| dose.typed.parse().ok()).expect("a dose");
        let taken = site.beside(start, "IT.EC.ECFRQ").is_some_and(|often| often.typed != "NONE");
        assert_eq!(dose > 0.0, taken, "{start:?}");
        doses += 1;
    }
    assert!(doses >= 3, "only {doses} periods of treatment");
}

#[test]
fn adverse_events_begin_under_treatment_and_end_after_they_begin() {
    let site = usual();
    let mut events = 0;
    for start in site.of("IT.AE.AESTDAT") {
        let day1 = site.visit(&start.subject, "SE.C1D1[1]").expect("treated");
        // Safety is followed for 90 days after the last dose.
        let followed = site.day_of(&start.subject, "IT.EOT.LASTDAT").map_or(today(), |last| last + 90);
        let began = start.day().expect("a day");
        assert!((day1..=followed.min(today())).contains(&began), "{start:?}, treated from {day1}");
        let end = site.beside(start, "IT.AE.AEENDAT").and_then(Said::day);
        assert!(end.is_none_or(|end| (began..=today()).contains(&end)), "{start:?} until {end:?}");
        let goes_on = site.beside(start, "IT.AE.AEONGO").is_some_and(|said| said.typed == "Y");
        assert!(!(goes_on && end.is_some()), "{start:?} goes on and has ended");
        events += 1;
    }
    assert!(events >= 4, "only {events} events");
}

#[test]
fn planned_progression_is_what_the_tumours_screen_says() {
    let site = usual();
    let subjects: BTreeSet<&String> = site.said.iter().map(|said| &said.subject).collect();
    let mut judged = 0;
    for (number, subject) in subjects.into_iter().enumerate() {
        let (Some(day1), Some((found, days))) = (site.visit(subject, "SE.C1D1[1]"), site.progression.get(subject))
        else {
            continue;
        };
        let consent = TODAY.today().parse().expect("a day");
        let mut patient = Patient::draw(SEED, u32::try_from(number).expect("few"), consent);
        let chart: Chart = serde_json::from_slice(crate::CHART).expect("the chart");
        let arm = site.of("IT.RAND.ARM").find(|said| said.subject == *subject).map(|said| said.typed.clone());
        patient.course.treat(arm == Some(chart.local_arm));
        let grows = i32::from(patient.course.how == Progression::Targets);
        let expected = days.iter().find(|day| day.earliest() - day1 >= patient.course.progression + grows);
        assert_eq!(found.as_ref(), expected, "{subject}: {:?}", patient.course);
        judged += days.len();
    }
    assert!(judged >= 4, "only {judged} assessments");
}

#[test]
fn what_is_written_freely_comes_from_fixed_words() {
    let chart: Chart = serde_json::from_slice(crate::CHART).expect("the chart");
    let own = ["Sample entry", "Invented for practice", "Practice note"];
    let mut words: BTreeSet<&str> = own.into_iter().collect();
    let rows = chart.groups.values().flat_map(|rows| &rows.rows).flat_map(|row| row.items.values());
    for draw in chart.items.values().chain(rows) {
        match draw {
            Draw::Say(text) => drop(words.insert(text)),
            Draw::Codes(codes) => words.extend(codes.iter().map(|(code, _)| code.as_str())),
            _ => {}
        }
    }
    let mut written = 0;
    for said in usual().said.iter().filter(|said| said.def().is_free_text() && !said.typed.is_empty()) {
        let digits = said.typed.trim_start_matches(|c: char| c.is_ascii_uppercase()).replace('-', "");
        let is_number = digits.parse::<u32>().is_ok();
        assert!(is_number || words.contains(said.typed.as_str()), "nobody wrote {said:?}");
        written += 1;
    }
    assert!(written > 20, "only {written} texts");
}

#[test]
fn people_and_places_say_that_they_are_samples() {
    assert!(STAFF.iter().all(|(_, name, _)| name.ends_with("(sample)")));
    assert!(SITE.1.ends_with("(practice)"));
    let subjects: BTreeSet<&String> = usual().said.iter().map(|said| &said.subject).collect();
    let numbered: Vec<String> = (1..=SUBJECTS).map(|number| format!("{}-{number:03}", SITE.0)).collect();
    assert_eq!(subjects.into_iter().cloned().collect::<Vec<_>>(), numbered, "a number, never initials");
    let asked = trial().items.get(&Oid::from("IT.DM.BRTHDAT")).expect("the one thing that is told of a person");
    assert!(asked.kind.is_date());
}
