//! From cells to the engine's input.

use super::course::{
    AssessmentPlace, Course, Entered, EnteredResponse, LesionPlace, NewPlace, OtherPlace, ReadingPlace, day,
};
use super::layout::{Layout, Rows, Site};
use super::settings::{Chosen, StableFrom};
use oncology::recist::{
    self, Assessment, Day, Lesion, Markers, Measure, NewState, NonTargetState, PriorTreatment, Reading, Role, Tenths,
};
use std::collections::BTreeMap;
use study::rules::Answers;
use study::value::{PartialDate, read_decimal};
use study::{CellKey, EventKey, FormKey, Repeat};

/// The tumours of one subject; none without a dated baseline.
pub(super) fn project(layout: &Layout, chosen: &Chosen, answers: &dyn Answers) -> Option<Course> {
    let seen = Seen { layout, chosen, answers };
    let (date, form) = seen.baseline()?;
    let (lesions, places, baseline) = seen.lesions(&form, date);
    let has_size = |id: &str| baseline.targets.get(id).is_some_and(|reading| reading.measure != Measure::NotDone);
    let whole = lesions.iter().filter(|lesion| lesion.role == Role::Target).all(|lesion| has_size(&lesion.id));
    let (mut visits, mut undated) = (Vec::new(), Vec::new());
    for form in answers.forms(&layout.date.form) {
        match seen.date_of(&layout.date, &form) {
            Some(date) => visits.push(seen.assessment(form, date, &lesions, whole)),
            None => undated.push(form),
        }
    }
    undated.sort();
    visits.sort_by(|(one, a), (other, b)| (one.date, &a.form).cmp(&(other.date, &b.form)));
    let (visits, assessments): (Vec<Assessment>, Vec<AssessmentPlace>) = visits.into_iter().unzip();
    let input = recist::Course {
        start: seen.start(),
        new_therapy: seen.new_therapy(),
        slice: layout.baseline_slice.as_ref().and_then(|site| seen.size(site, &site.cell(&form, &Repeat::first()))),
        lesions,
        baseline,
        visits,
    };
    let settings = chosen.settings;
    let outcome = recist::assess(&input, &settings);
    Some(Course { input, settings, outcome, baseline: form, lesions: places, assessments, undated })
}

/// A subject's answers, read by a study's layout.
struct Seen<'a> {
    layout: &'a Layout,
    chosen: &'a Chosen,
    answers: &'a dyn Answers,
}

impl Seen<'_> {
    fn text(&self, cell: &CellKey) -> Option<String> {
        self.answers.cell(cell).map(|answer| answer.value.into_owned())
    }

    fn size(&self, site: &Site, cell: &CellKey) -> Option<Tenths> {
        let answer = self.answers.cell(cell)?;
        Tenths::from_mm(site.to_standard(read_decimal(&answer.value).ok()?, answer.unit.as_ref())?)
    }

    fn date(&self, cell: &CellKey) -> Option<PartialDate> {
        self.text(cell)?.parse().ok()
    }

    /// The date of a form: as entered, else of its event.
    fn date_of(&self, site: &Site, form: &FormKey) -> Option<Day> {
        let entered = self.date(&site.cell(form, &Repeat::first())).as_ref().and_then(day);
        entered.or_else(|| day(&self.answers.event_date(&form.event_key())?))
    }

    /// The first baseline form with a date.
    fn baseline(&self) -> Option<(Day, FormKey)> {
        let site = &self.layout.baseline_date;
        let forms = self.answers.forms(&site.form).into_iter();
        forms.filter_map(|form| Some((self.date_of(site, &form)?, form))).min()
    }

    fn start(&self) -> Option<Day> {
        match self.chosen.stable_from {
            StableFrom::Baseline => None,
            StableFrom::FirstTreatment => {
                let event = self.layout.day1.clone()?;
                day(&self.answers.event_date(&EventKey { event, repeat: Repeat::first() })?)
            }
        }
    }

    /// The first day that it may have been: a scan that may have been made under another therapy makes no best response.
    fn new_therapy(&self) -> Option<Day> {
        let cells = self.layout.new_therapy.iter().flat_map(|site| {
            self.answers.forms(&site.form).into_iter().flat_map(move |form| {
                let rows = if site.repeating { self.answers.rows(&form, &site.group) } else { vec![Repeat::first()] };
                rows.into_iter().map(move |row| site.cell(&form, &row)).collect::<Vec<_>>()
            })
        });
        cells.filter_map(|cell| day(&PartialDate::from_day_number(self.date(&cell)?.earliest())?)).min()
    }

    fn rows(&self, form: &FormKey, rows: &Option<Rows>) -> Vec<(CellKey, String, Repeat)> {
        let Some(rows) = rows else { return Vec::new() };
        let repeats = self.answers.rows(form, &rows.id.group).into_iter();
        repeats
            .filter_map(|row| {
                let cell = rows.id.cell(form, &row);
                Some((cell.clone(), self.text(&cell)?, row))
            })
            .collect()
    }

    fn markers(&self, site: &Option<Site>, form: &FormKey) -> Markers {
        let said = site.as_ref().and_then(|site| self.text(&site.cell(form, &Repeat::first())));
        match said.as_deref() {
            Some("NORMAL") => Markers::Normal,
            Some("ELEVATED") => Markers::Elevated,
            _ => Markers::Unknown,
        }
    }

    /// Lesions, their places, and the baseline's readings. Of two rows with one identifier the first counts.
    fn lesions(&self, form: &FormKey, date: Day) -> (Vec<Lesion>, Vec<LesionPlace>, Assessment) {
        let mut baseline = Assessment::on(date);
        baseline.markers = self.markers(&self.layout.baseline_markers, form);
        let (mut lesions, mut places): (Vec<Lesion>, Vec<LesionPlace>) = (Vec::new(), Vec::new());
        for (role, rows) in [(Role::Target, &self.layout.targets), (Role::NonTarget, &self.layout.others)] {
            for (cell, id, row) in self.rows(form, rows) {
                if lesions.iter().any(|known| known.id == id) {
                    continue;
                }
                let Some(rows) = rows else { continue };
                let (lesion, place, size) = self.lesion(role, rows, id, cell, &row, form);
                if role == Role::Target {
                    let measure = size.map_or(Measure::NotDone, Measure::Size);
                    baseline.targets.insert(lesion.id.clone(), Reading { measure, treated: false });
                } else {
                    baseline.non_targets.insert(lesion.id.clone(), NonTargetState::Present);
                }
                lesions.push(lesion);
                places.push(place);
            }
        }
        (lesions, places, baseline)
    }

    fn lesion(
        &self,
        role: Role,
        rows: &Rows,
        id: String,
        cell: CellKey,
        row: &Repeat,
        form: &FormKey,
    ) -> (Lesion, LesionPlace, Option<Tenths>) {
        let (organ, size) = match role {
            Role::Target => (rows.one("tumour.target.organ"), rows.one("tumour.target.size")),
            Role::NonTarget => (rows.one("tumour.other.organ"), rows.one("tumour.other.size")),
        };
        let said = |concept| rows.one(concept).and_then(|site| self.text(&site.cell(form, row)));
        let prior_treatment =
            match (said("tumour.target.treated").as_deref(), said("tumour.target.progressed").as_deref()) {
                (Some("Y"), Some("N")) => PriorTreatment::NotProgressed,
                (Some("Y"), _) => PriorTreatment::ProgressedSince,
                _ => PriorTreatment::None,
            };
        let organ = organ.and_then(|site| self.text(&site.cell(form, row))).unwrap_or_default();
        let node = !organ.is_empty() && organ == self.chosen.node_organ;
        let measured = size.and_then(|site| self.size(site, &site.cell(form, row)));
        let size = size.map(|site| site.cell(form, row));
        let place = LesionPlace { id: id.clone(), role, organ: organ.clone(), node, cell, size };
        let recorded = measured.filter(|_| role == Role::NonTarget);
        (Lesion { id, role, organ, node, prior_treatment, size: recorded }, place, measured)
    }

    fn assessment(
        &self,
        form: FormKey,
        date: Day,
        lesions: &[Lesion],
        baseline_whole: bool,
    ) -> (Assessment, AssessmentPlace) {
        let mut visit = Assessment::on(date);
        visit.markers = self.markers(&self.layout.markers, &form);
        let readings = self.readings(&form, lesions, &mut visit);
        let others = self.others(&form, &mut visit);
        let new_lesions = self.new_lesions(&form, &mut visit);
        let first = |site: &Site| site.cell(&form, &Repeat::first());
        let [target, non_target, new, overall, progression_date] = self.layout.responses.each_ref().map(|site| {
            let cell = first(site.as_ref()?);
            Some(EnteredResponse { code: self.text(&cell), cell })
        });
        let of = |role| lesions.iter().filter(move |lesion| lesion.role == role);
        let place = AssessmentPlace {
            date: first(&self.layout.date),
            markers: self.layout.markers.as_ref().map(first),
            targets_read: baseline_whole && of(Role::Target).all(|lesion| visit.targets.contains_key(&lesion.id)),
            others_read: of(Role::NonTarget).all(|lesion| visit.non_targets.contains_key(&lesion.id)),
            readings,
            others,
            new_lesions,
            entered: Entered { target, non_target, new_lesions: new, overall, progression_date },
            form,
        };
        (visit, place)
    }

    /// Target lesions: the parts of a split one are several rows. What is not yet said of a row leaves its lesion unread.
    fn readings(&self, form: &FormKey, lesions: &[Lesion], visit: &mut Assessment) -> Vec<ReadingPlace> {
        let Some(rows) = &self.layout.readings else { return Vec::new() };
        let mut places: Vec<ReadingPlace> = Vec::new();
        let mut parts: BTreeMap<String, Vec<(String, Option<Measure>)>> = BTreeMap::new();
        let mut treated: Vec<String> = Vec::new();
        for (cell, label, row) in self.rows(form, &self.layout.readings) {
            let whole = label.split_once('.').map_or(label.as_str(), |(whole, _)| whole);
            let is_part = whole != label && !lesions.iter().any(|known| known.id == label);
            let lesion = if is_part { whole.to_owned() } else { label.clone() };
            let at = |concept| rows.one(concept).map(|site| site.cell(form, &row));
            let place = ReadingPlace {
                state: at("tumour.reading.state"),
                sizes: rows.all("tumour.reading.size").map(|site| site.cell(form, &row)).collect(),
                into: at("tumour.reading.into"),
                treated: at("tumour.reading.treated"),
                lesion: lesion.clone(),
                label,
                cell,
            };
            if place.treated.as_ref().and_then(|cell| self.text(cell)).as_deref() == Some("Y") {
                treated.push(lesion.clone());
            }
            let measure = self.measure(&place, rows, form, &row);
            parts.entry(lesion).or_default().push((place.label.clone(), measure));
            places.push(place);
        }
        for (lesion, parts) in parts {
            if let Some(measure) = together(&lesion, parts) {
                let treated = treated.contains(&lesion);
                visit.targets.insert(lesion, Reading { measure, treated });
            }
        }
        places
    }

    /// What a row says; none while it says nothing.
    fn measure(&self, place: &ReadingPlace, rows: &Rows, form: &FormKey, row: &Repeat) -> Option<Measure> {
        let size = || rows.all("tumour.reading.size").find_map(|site| self.size(site, &site.cell(form, row)));
        let Some(state) = &place.state else { return size().map(Measure::Size) };
        match self.text(state)?.as_str() {
            "MEASURED" => size().map(Measure::Size),
            "ABSENT" => Some(Measure::Absent),
            "TOOSMALL" => Some(Measure::TooSmall(size())),
            "MERGED" => {
                let into = place.into.as_ref().map(|cell| self.text(cell));
                Some(Measure::Merged(match into {
                    Some(into) => Some(into?),
                    None => None,
                }))
            }
            "NE" => Some(Measure::NotEvaluable),
            "NOTDONE" => Some(Measure::NotDone),
            _ => None,
        }
    }

    fn others(&self, form: &FormKey, visit: &mut Assessment) -> Vec<OtherPlace> {
        let Some(rows) = &self.layout.other_readings else { return Vec::new() };
        let mut places = Vec::new();
        for (cell, lesion, row) in self.rows(form, &self.layout.other_readings) {
            let state = rows.one("tumour.other_reading.state").map(|site| site.cell(form, &row));
            let said = match state.as_ref().and_then(|cell| self.text(cell)).as_deref() {
                Some("PRESENT") => Some(NonTargetState::Present),
                Some("ABSENT") => Some(NonTargetState::Absent),
                Some("EQUIVOCAL") => Some(NonTargetState::Equivocal),
                Some("PD") => Some(NonTargetState::Progression),
                Some("NE") => Some(NonTargetState::NotEvaluable),
                Some("NOTDONE") => Some(NonTargetState::NotDone),
                _ => None,
            };
            if let Some(said) = said {
                visit.non_targets.entry(lesion.clone()).or_insert(said);
            }
            places.push(OtherPlace { lesion, cell, state });
        }
        places
    }

    fn new_lesions(&self, form: &FormKey, visit: &mut Assessment) -> Vec<NewPlace> {
        let Some(rows) = &self.layout.new_lesions else { return Vec::new() };
        let mut places = Vec::new();
        for (cell, id, row) in self.rows(form, &self.layout.new_lesions) {
            let at = |concept| rows.one(concept).map(|site| site.cell(form, &row));
            let (organ, certainty) = (at("tumour.new.organ"), at("tumour.new.certainty"));
            let said = match certainty.as_ref().and_then(|cell| self.text(cell)).as_deref() {
                Some("UNEQUIVOCAL") => Some(NewState::Unequivocal),
                Some("EQUIVOCAL") => Some(NewState::Equivocal),
                Some("REFUTED") => Some(NewState::Refuted),
                _ => None,
            };
            if let Some(said) = said {
                visit.new_lesions.entry(id.clone()).or_insert(said);
            }
            places.push(NewPlace { id, cell, organ, certainty });
        }
        places
    }
}

/// The rows of one lesion: one row is the lesion, several are its parts. Nothing is said while a row says nothing, or while
/// two rows carry one name.
fn together(lesion: &str, parts: Vec<(String, Option<Measure>)>) -> Option<Measure> {
    let mut names: Vec<&String> = parts.iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return None;
    }
    let alone = matches!(parts.as_slice(), [(name, _)] if *name == lesion);
    let mut measures = parts.into_iter().map(|(_, measure)| measure).collect::<Option<Vec<_>>>()?;
    if alone { measures.pop() } else { Some(Measure::Split(measures)) }
}
