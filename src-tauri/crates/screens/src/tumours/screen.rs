//! The screen as a whole: columns with sums and responses, the best response, what may be entered.

use clinical::tumours::{AssessmentPlace, Course, EnteredResponse};
use oncology::recist::{Best, Day, NewLesions, PartialResponse, Response, Tenths, TimePoint, Why};
use rust_decimal::Decimal;
use study::Oid;

use super::sheet::Sheet;
use crate::messages::{
    BestResponse, Choice, LesionRole, ResponseCell, ResponseKind, ResponseLine, TumourColumn, TumoursView,
};
use crate::permissions::Command;
use crate::{View, form, labels};

/// Decimal places of a per cent: enough to see on which side of a limit it lies.
const PLACES: u32 = 1;
/// The lines of responses and the concepts of what is entered there.
const LINES: [(ResponseKind, &str); 4] = [
    (ResponseKind::Target, "tumour.response.target"),
    (ResponseKind::NonTarget, "tumour.response.other"),
    (ResponseKind::New, "tumour.response.new"),
    (ResponseKind::Overall, "tumour.response.overall"),
];

/// What the screen is drawn from.
pub(super) struct Screen<'a> {
    pub view: View<'a>,
    /// The form of an assessment.
    pub form: &'a Oid,
    pub course: Option<&'a Course>,
    /// Day 1.
    pub start: Option<Day>,
    pub baseline: Option<Sheet>,
    /// The assessments that have begun.
    pub sheets: Vec<Sheet>,
}

/// A column with what stands behind it; baseline has neither sheet of an assessment nor point.
pub(super) struct Scan<'s> {
    pub sheet: &'s Sheet,
    pub judged: Option<(&'s AssessmentPlace, &'s TimePoint)>,
}

impl Screen<'_> {
    pub fn draw(&self) -> TumoursView {
        let scans = self.scans();
        let mut columns: Vec<TumourColumn> = Vec::new();
        if let (Some(course), Some(sheet)) = (self.course, &self.baseline) {
            columns.push(self.baseline_column(course, sheet));
            columns.extend(scans.iter().map(|scan| self.column(scan)));
        }
        mark_nadir(&mut columns, self.course);
        let settings = self.course.map(|course| course.settings).unwrap_or_default();
        let outcome = self.course.map(|course| &course.outcome);
        TumoursView {
            subject: self.view.subject().to_owned(),
            editable: self.view.reader.may(Command::TumourRead),
            confirmation_required: settings.confirmation_required,
            response_persists: settings.partial_response == PartialResponse::Persists,
            stable_days: settings.stable_days,
            baseline_form: self.baseline.as_ref().map(|sheet| sheet.form.to_string()),
            rows: self.course.map(|course| self.rows(course, &scans)).unwrap_or_default(),
            columns,
            lines: LINES.map(|(kind, concept)| ResponseLine { kind, choices: self.choices(concept) }).to_vec(),
            best: outcome.map(|outcome| self.best(&outcome.best)),
            best_confirmed: outcome.map(|outcome| self.best(&outcome.best_confirmed)),
            response_limit: format!("-{}", settings.limits.response_percent),
            progression_limit: self.course.and_then(progression_limit),
            notes: outcome.map(|outcome| self.words(&outcome.baseline.notes)).unwrap_or_default(),
            addable: Vec::new(),
            states: self.choices("tumour.reading.state"),
            other_states: self.choices("tumour.other_reading.state"),
            certainties: self.choices("tumour.new.certainty"),
            organs: self.choices("tumour.new.organ"),
        }
    }

    /// The assessments by date; those without one come last.
    fn scans(&self) -> Vec<Scan<'_>> {
        let mut scans: Vec<Scan<'_>> = self
            .sheets
            .iter()
            .map(|sheet| Scan { sheet, judged: self.course.and_then(|course| course.at(&sheet.form)) })
            .collect();
        scans.sort_by_key(|scan| {
            let date = scan.judged.map(|(_, point)| point.date.to_string()).or_else(|| scan.sheet.date.clone());
            (date.is_none(), date)
        });
        scans
    }

    /// What an item's code list offers.
    fn choices(&self, concept: &str) -> Vec<Choice> {
        let item = self.view.study.meanings.one(concept).and_then(|item| self.view.study.items.get(item));
        item.map(|item| form::choices(self.view.study, item, self.view.language)).unwrap_or_default()
    }

    fn words<'w>(&self, why: impl IntoIterator<Item = &'w Why>) -> Vec<String> {
        why.into_iter().map(|why| why.words(self.view.language)).collect()
    }

    fn best(&self, best: &Best) -> BestResponse {
        BestResponse {
            response: best.response.map(|response| response.code().to_owned()),
            why: best.why.words(self.view.language),
        }
    }

    fn baseline_column(&self, course: &Course, sheet: &Sheet) -> TumourColumn {
        let date = course.input.baseline.date;
        TumourColumn {
            baseline: true,
            settled: true,
            sum: course.outcome.baseline.sum.map(millimetres),
            ..self.empty(sheet, Some(date.to_string()), Some(date))
        }
    }

    fn column(&self, scan: &Scan<'_>) -> TumourColumn {
        let Some((place, point)) = scan.judged else {
            let date = scan.sheet.date.clone();
            let day = date.as_deref().and_then(Day::read);
            return self.empty(scan.sheet, date, day);
        };
        let why = [Some(&point.why), point.target_why.as_ref(), point.non_target_why.as_ref()];
        let mut why = self.words(why.into_iter().flatten().chain(point.new_lesions_why.as_ref()));
        // The part that decides is said once.
        why = why
            .iter()
            .enumerate()
            .filter(|(at, said)| !why[..*at].contains(said))
            .map(|(_, said)| said.clone())
            .collect();
        TumourColumn {
            settled: place.is_settled(point),
            sum: point.sum.map(millimetres),
            known: point.sum.is_none().then(|| millimetres(point.known)),
            from_baseline: point.from_baseline.and_then(|change| change.percent(PLACES)).map(plain),
            from_nadir: point.from_nadir.map(|change| plain(change.to_mm())),
            from_nadir_percent: point.from_nadir.and_then(|change| change.percent(PLACES)).map(plain),
            responses: self.responses(scan.sheet, place, point),
            why,
            as_seen: Some(point.as_seen.overall)
                .filter(|seen| *seen != point.overall)
                .map(|seen| seen.code().to_owned()),
            ..self.empty(scan.sheet, Some(point.date.to_string()), Some(point.date))
        }
    }

    fn empty(&self, sheet: &Sheet, date: Option<String>, day: Option<Day>) -> TumourColumn {
        let event = sheet.form.event_key();
        TumourColumn {
            form: sheet.form.to_string(),
            title: self.view.event_title(&event),
            label: labels::event_label(self.view.study, &event),
            day: day.zip(self.start).map(|(day, start)| day_of_study(day, start)),
            date,
            baseline: false,
            status: sheet.state.status,
            settled: false,
            sum: None,
            known: None,
            nadir: false,
            from_baseline: None,
            from_nadir: None,
            from_nadir_percent: None,
            responses: Vec::new(),
            why: Vec::new(),
            as_seen: None,
        }
    }

    fn responses(&self, sheet: &Sheet, place: &AssessmentPlace, point: &TimePoint) -> Vec<ResponseCell> {
        let code = |response: Option<Response>| response.map(|response| response.code().to_owned());
        let entered = &place.entered;
        let settled = place.is_settled(point);
        let one = |computed: Option<String>, entered: &Option<EnteredResponse>| {
            let said = entered.as_ref().and_then(|entered| entered.code.clone()).unwrap_or_default();
            let differs = computed.as_deref().is_some_and(|computed| !agree(computed, &said));
            ResponseCell {
                disagrees: settled && !said.is_empty() && differs,
                cell: entered.as_ref().map(|entered| entered.cell.to_string()),
                findings: entered
                    .as_ref()
                    .and_then(|entered| sheet.cell(&entered.cell))
                    .map(|cell| cell.findings.clone())
                    .unwrap_or_default(),
                entered: said,
                computed,
            }
        };
        vec![
            one(code(point.target), &entered.target),
            one(code(point.non_target), &entered.non_target),
            one(Some(point.new_lesions.code().to_owned()), &entered.new_lesions),
            one(code(Some(point.overall)), &entered.overall),
        ]
    }
}

/// Whether what was entered says what was computed: an equivocal new lesion is none yet.
fn agree(computed: &str, entered: &str) -> bool {
    let none = |code: &str| code == NewLesions::None.code() || code == NewLesions::Equivocal.code();
    computed == entered || (none(computed) && none(entered))
}

/// The first treatment is day 1, the day before it is day -1.
fn day_of_study(day: Day, start: Day) -> i64 {
    let since = day.days_since(start);
    if since >= 0 { since + 1 } else { since }
}

/// Marks the scan whose sum is the least, once there is something to compare.
fn mark_nadir(columns: &mut [TumourColumn], course: Option<&Course>) {
    let Some(course) = course else { return };
    let sums = course.outcome.points.iter().filter_map(|point| Some((point.sum?, point.date)));
    let Some((least, date)) = sums.min() else { return };
    let of_baseline = course.outcome.baseline.sum.is_none_or(|sum| sum <= least);
    let date = if of_baseline { course.input.baseline.date } else { date };
    let there =
        columns.iter_mut().find(|column| column.sum.is_some() && column.date.as_deref() == Some(&date.to_string()));
    if let Some(column) = there {
        column.nadir = true;
    }
}

/// How far above the least sum progression begins, as a change from baseline: by the share and by the size, whichever is
/// more. RECIST 1.1, 4.3.1.
fn progression_limit(course: &Course) -> Option<String> {
    let baseline = course.outcome.baseline.sum.filter(|sum| *sum > Tenths::ZERO)?;
    let nadir = course.outcome.points.iter().filter_map(|point| point.sum).chain([baseline]).min()?.to_mm();
    let limits = &course.settings.limits;
    let share = nadir * Decimal::from(100 + limits.progression_percent) / Decimal::ONE_HUNDRED;
    let least = share.max(nadir + limits.progression_min.to_mm());
    let change = (least / baseline.to_mm() - Decimal::ONE) * Decimal::ONE_HUNDRED;
    Some(plain(change.round_dp(PLACES)))
}

/// A size in millimetres, without needless zeros.
pub(super) fn millimetres(size: Tenths) -> String {
    plain(size.to_mm())
}

/// A decimal without needless zeros.
fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// What a lesion is, as it crosses to the window.
pub(super) fn role(role: oncology::recist::Role) -> LesionRole {
    match role {
        oncology::recist::Role::Target => LesionRole::Target,
        oncology::recist::Role::NonTarget => LesionRole::NonTarget,
    }
}
