//! From rows to courses, with every fault by its line and column. No fault repeats what a cell holds: what is said on standard error
//! is kept in places where no participant's data may be.

use crate::calc::number;
use exchange::read::Records;
use oncology::recist::{
    Assessment, Course, Day, Lesion, Markers, Measure, NewState, NonTargetState, PriorTreatment, Reading, Response,
    Role, Tenths, Timed,
};
use std::collections::{BTreeMap, BTreeSet};

/// A subject of the file.
pub(super) struct Subject {
    pub name: String,
    pub told: Told,
}

/// What a file tells of a subject.
pub(super) enum Told {
    Course(Course),
    Responses { points: Vec<Timed>, start: Option<Day>, new_therapy: Option<Day> },
}

/// What a file holds.
pub(super) struct Read {
    /// Subjects whose rows could all be read, in the order of their first rows.
    pub subjects: Vec<Subject>,
    /// `line 7: why`.
    pub faults: Vec<String>,
}

/// Reads the rows of a file. A row with more or fewer fields than the head may be of anybody: then nobody is judged.
pub(super) fn read(table: &Records) -> Read {
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    let mut faults = Vec::new();
    let mut spoilt: BTreeSet<String> = BTreeSet::new();
    faults.extend(table.rows.iter().filter_map(|(_, fields)| fields.as_ref().err()).map(ToString::to_string));
    if !faults.is_empty() {
        faults.push("nobody is judged, for such a row may be of anybody".to_owned());
        return Read { subjects: Vec::new(), faults };
    }
    for (line, fields) in &table.rows {
        let Ok(fields) = fields else { continue };
        let cells = Cells { heads: &table.head, fields, line: *line };
        let subject = cells.get("subject").to_owned();
        match cells.row() {
            Ok(row) => match groups.iter_mut().find(|(name, _)| *name == subject) {
                Some((_, rows)) => rows.push(row),
                None => groups.push((subject, vec![row])),
            },
            Err(why) => {
                faults.push(format!("line {line}: {why}"));
                spoilt.insert(subject);
            }
        }
    }
    let mut subjects = Vec::new();
    for (name, rows) in groups.into_iter().filter(|(name, _)| !spoilt.contains(name)) {
        match told(&rows) {
            Ok(told) => subjects.push(Subject { name, told }),
            Err((line, why)) => faults.push(format!("line {line}: {why}")),
        }
    }
    Read { subjects, faults }
}

/// A row that could be read.
struct Row {
    line: usize,
    date: Option<Day>,
    start: Option<Day>,
    new_therapy: Option<Day>,
    what: What,
}

enum What {
    Target { lesion: String, organ: String, node: Option<bool>, reading: Reading },
    NonTarget { lesion: String, organ: String, node: Option<bool>, state: NonTargetState },
    New { lesion: String, state: NewState },
    Markers(Markers),
    Response(Option<Response>),
}

struct Cells<'a> {
    heads: &'a [String],
    fields: &'a [String],
    line: usize,
}

impl Cells<'_> {
    fn get(&self, head: &str) -> &str {
        let place = self.heads.iter().position(|known| known == head);
        place.and_then(|place| self.fields.get(place)).map_or("", String::as_str)
    }

    fn day(&self, head: &str) -> Result<Option<Day>, String> {
        match self.get(head) {
            "" => Ok(None),
            text => Day::read(text).map(Some).ok_or_else(|| format!("{head} is no day like 2026-03-12")),
        }
    }

    fn yes(&self, head: &str) -> Result<Option<bool>, String> {
        match self.get(head).to_uppercase().as_str() {
            "" => Ok(None),
            "Y" | "YES" | "TRUE" | "1" => Ok(Some(true)),
            "N" | "NO" | "FALSE" | "0" => Ok(Some(false)),
            _ => Err(format!("{head} is neither Y nor N")),
        }
    }

    /// A word of the state column: capitals, blanks for `-` and `_`.
    fn state(&self) -> String {
        self.get("state").to_uppercase().replace(['-', '_'], " ")
    }

    fn row(&self) -> Result<Row, String> {
        if self.get("subject").is_empty() {
            return Err("there is no subject".to_owned());
        }
        let what = match self.get("role").to_uppercase().replace(['-', '_', ' '], "").as_str() {
            "T" | "TARGET" => self.target()?,
            "NT" | "NONTARGET" => self.non_target()?,
            "NEW" | "NEWLESION" => self.new_lesion()?,
            "MARKERS" => What::Markers(match self.state().as_str() {
                "NORMAL" => Markers::Normal,
                "ELEVATED" => Markers::Elevated,
                "UNKNOWN" | "" => Markers::Unknown,
                _ => return Err("MARKERS have no such state".to_owned()),
            }),
            "RESPONSE" => What::Response(self.response()?),
            _ => return Err("role is none of T, NT, NEW, MARKERS, RESPONSE".to_owned()),
        };
        let date = self.day("date")?;
        if date.is_none() && !matches!(what, What::Response(None)) {
            return Err("there is no date".to_owned());
        }
        Ok(Row { line: self.line, date, start: self.day("start")?, new_therapy: self.day("new_therapy")?, what })
    }

    fn lesion(&self) -> Result<String, String> {
        match self.get("lesion") {
            "" => Err("there is no lesion".to_owned()),
            lesion => Ok(lesion.to_owned()),
        }
    }

    /// A response as CDISC writes it; none where the row only names a subject.
    fn response(&self) -> Result<Option<Response>, String> {
        let said = self.get("state").to_uppercase();
        if said.is_empty() {
            return Ok(None);
        }
        Response::named(&said).map(Some).ok_or_else(|| "state is no response".to_owned())
    }

    fn target(&self) -> Result<What, String> {
        let size = match self.get("mm") {
            "" => None,
            text => Some(
                number(text).and_then(Tenths::from_mm).ok_or("mm is no size in millimetres with at most one place")?,
            ),
        };
        let only = |measure: Measure| match size {
            Some(size) if size > Tenths::ZERO => Err("a lesion with that state has no size".to_owned()),
            _ => Ok(measure),
        };
        let measure = match (self.state().as_str(), size) {
            ("" | "MEASURED", Some(size)) => Measure::Size(size),
            ("" | "MEASURED", None) => return Err("there is neither a size nor a state".to_owned()),
            ("ABSENT", _) => only(Measure::Absent)?,
            ("TOO SMALL" | "TOOSMALL" | "TOO SMALL TO MEASURE", size) => Measure::TooSmall(size),
            ("NE" | "NOT EVALUABLE", _) => only(Measure::NotEvaluable)?,
            ("NOT DONE" | "NOTDONE" | "ND", _) => only(Measure::NotDone)?,
            ("MERGED", _) => {
                let into = self.get("into");
                only(Measure::Merged((!into.is_empty()).then(|| into.to_owned())))?
            }
            _ => return Err("a target has no such state".to_owned()),
        };
        let reading = Reading { measure, treated: self.yes("treated")?.unwrap_or(false) };
        Ok(What::Target { lesion: self.lesion()?, organ: self.organ(), node: self.yes("node")?, reading })
    }

    fn organ(&self) -> String {
        self.get("organ").to_uppercase()
    }

    fn non_target(&self) -> Result<What, String> {
        let state = match self.state().as_str() {
            "PRESENT" | "NON CR/NON PD" => NonTargetState::Present,
            "ABSENT" | "CR" => NonTargetState::Absent,
            "EQUIVOCAL" => NonTargetState::Equivocal,
            "PD" | "PROGRESSION" | "UNEQUIVOCAL PROGRESSION" => NonTargetState::Progression,
            "NE" | "NOT EVALUABLE" => NonTargetState::NotEvaluable,
            "NOT DONE" | "NOTDONE" | "ND" => NonTargetState::NotDone,
            _ => return Err("a non-target lesion has no such state".to_owned()),
        };
        Ok(What::NonTarget { lesion: self.lesion()?, organ: self.organ(), node: self.yes("node")?, state })
    }

    fn new_lesion(&self) -> Result<What, String> {
        let state = match self.state().as_str() {
            "UNEQUIVOCAL" | "Y" | "YES" => NewState::Unequivocal,
            "EQUIVOCAL" => NewState::Equivocal,
            "REFUTED" => NewState::Refuted,
            _ => return Err("a new lesion has no such state".to_owned()),
        };
        Ok(What::New { lesion: self.lesion()?, state })
    }
}

/// A fault of a row: its line, and why.
type RowError = (usize, String);

fn told(rows: &[Row]) -> Result<Told, RowError> {
    let start = once(rows, |row| row.start, "start")?;
    let new_therapy = once(rows, |row| row.new_therapy, "new_therapy")?;
    let responses = rows.iter().filter(|row| matches!(row.what, What::Response(_))).count();
    if responses == rows.len() {
        let points = rows.iter().filter_map(|row| match row.what {
            What::Response(Some(response)) => Some(Timed { date: row.date?, response }),
            _ => None,
        });
        return Ok(Told::Responses { points: points.collect(), start, new_therapy });
    }
    if let Some(row) = rows.iter().find(|row| matches!(row.what, What::Response(_))) {
        return Err((row.line, "a subject has either lesions or responses".to_owned()));
    }
    let first = rows.iter().filter(|row| matches!(row.what, What::Target { .. } | What::NonTarget { .. }));
    let Some(date) = first.filter_map(|row| row.date).min() else {
        return Err((rows[0].line, "the subject has no lesion at baseline".to_owned()));
    };
    let lesions = lesions(rows, date)?;
    let mut assessments: BTreeMap<Day, Assessment> = BTreeMap::new();
    let mut parts: BTreeMap<(Day, String), Vec<(String, Reading)>> = BTreeMap::new();
    for row in rows {
        let Some(date) = row.date else { continue };
        let seen = assessments.entry(date).or_insert_with(|| Assessment::on(date));
        add(row, date, &lesions, seen, &mut parts)?;
    }
    for ((date, lesion), parts) in parts {
        if let Some(seen) = assessments.get_mut(&date) {
            seen.targets.insert(lesion.clone(), together(&lesion, parts));
        }
    }
    let baseline = assessments.remove(&date).unwrap_or_else(|| Assessment::on(date));
    let visits = assessments.into_values().collect();
    Ok(Told::Course(Course {
        start,
        new_therapy,
        slice: None,
        lesions: lesions.into_values().collect(),
        baseline,
        visits,
    }))
}

/// A day that all rows which give it agree on.
fn once(rows: &[Row], day: impl Fn(&Row) -> Option<Day>, head: &str) -> Result<Option<Day>, RowError> {
    let mut found = None;
    for row in rows {
        match (found, day(row)) {
            (Some(known), Some(other)) if known != other => {
                return Err((row.line, format!("{head} is another day than before")));
            }
            (_, other) => found = found.or(other),
        }
    }
    Ok(found)
}

/// The lesions: what each is, as the first row that says so has it. A target needs a row at baseline.
fn lesions(rows: &[Row], baseline: Day) -> Result<BTreeMap<String, Lesion>, RowError> {
    let mut lesions: BTreeMap<String, Lesion> = BTreeMap::new();
    let mut nodes: BTreeMap<String, bool> = BTreeMap::new();
    let mut ordered: Vec<&Row> = rows.iter().collect();
    ordered.sort_by_key(|row| row.date);
    for row in ordered {
        let (role, lesion, organ, node) = match &row.what {
            What::Target { lesion, organ, node, .. } => (Role::Target, lesion, organ, *node),
            What::NonTarget { lesion, organ, node, .. } => (Role::NonTarget, lesion, organ, *node),
            _ => continue,
        };
        let id = if role == Role::Target { whole(lesion, &lesions) } else { lesion };
        if !lesions.contains_key(id) {
            if role == Role::Target && row.date != Some(baseline) {
                return Err((row.line, "the target has no row at baseline".to_owned()));
            }
            let (organ, prior_treatment) = (organ.clone(), PriorTreatment::None);
            let known = Lesion { id: id.to_owned(), role, organ, node: false, prior_treatment, size: None };
            lesions.insert(id.to_owned(), known);
        }
        let id = id.to_owned();
        let Some(known) = lesions.get_mut(&id) else { continue };
        if known.role != role {
            return Err((row.line, "the lesion is a target in one row and a non-target in another".to_owned()));
        }
        if known.organ.is_empty() {
            known.organ.clone_from(organ);
        } else if !organ.is_empty() && known.organ != *organ {
            return Err((row.line, "the lesion lay in another organ before".to_owned()));
        }
        if let Some(node) = node
            && *nodes.entry(id.clone()).or_insert(node) != node
        {
            return Err((row.line, "the lesion is a node in one row and none in another".to_owned()));
        }
        known.node = nodes.get(&id).copied().unwrap_or(known.organ == "LYMPH NODE");
    }
    Ok(lesions)
}

/// The lesion of a part: `T01` of `T01.1`, unless that is a lesion itself.
fn whole<'a>(label: &'a str, lesions: &BTreeMap<String, Lesion>) -> &'a str {
    match label.rsplit_once('.') {
        Some((whole, _)) if lesions.contains_key(whole) && !lesions.contains_key(label) => whole,
        _ => label,
    }
}

type Parts = BTreeMap<(Day, String), Vec<(String, Reading)>>;

fn add(
    row: &Row,
    date: Day,
    lesions: &BTreeMap<String, Lesion>,
    seen: &mut Assessment,
    parts: &mut Parts,
) -> Result<(), RowError> {
    let twice = || (row.line, "the lesion has two rows on this day".to_owned());
    match &row.what {
        What::Target { lesion, reading, .. } => {
            let parts = parts.entry((date, whole(lesion, lesions).to_owned())).or_default();
            if parts.iter().any(|(label, _)| label == lesion) {
                return Err(twice());
            }
            parts.push((lesion.clone(), reading.clone()));
        }
        What::NonTarget { lesion, state, .. } => {
            if seen.non_targets.insert(lesion.clone(), *state).is_some() {
                return Err(twice());
            }
        }
        What::New { lesion, state } => {
            if seen.new_lesions.insert(lesion.clone(), *state).is_some() {
                return Err(twice());
            }
        }
        What::Markers(markers) => seen.markers = *markers,
        What::Response(_) => {}
    }
    Ok(())
}

/// One row of a lesion is the lesion, several are its parts.
fn together(lesion: &str, mut parts: Vec<(String, Reading)>) -> Reading {
    let treated = parts.iter().any(|(_, reading)| reading.treated);
    match parts.pop() {
        Some((label, reading)) if parts.is_empty() && label == lesion => Reading { treated, ..reading },
        last => {
            let measures = parts.into_iter().chain(last).map(|(_, reading)| reading.measure).collect();
            Reading { measure: Measure::Split(measures), treated }
        }
    }
}
