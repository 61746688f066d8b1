//! The Study screen: which versions of the study there are, what they change, who is under which, and what the protocol
//! asks.

mod outline;
mod preview;

pub use outline::{blank_form, outline};
pub use preview::preview;

use std::sync::Arc;

use study::amend::{Fate, Part, diff};
use study::{FormKey, Oid, Study};

use crate::messages::{
    DifferenceFate, DifferencePart, DifferenceView, StudyView, SubjectVersion, VersionState, VersionView,
};
use crate::permissions::Command;
use crate::{Frame, labels};

/// A version as the center's log and this computer know it.
pub struct KnownVersion {
    /// Its OID.
    pub version: Oid,
    /// From which day, as the center said for this site.
    pub effective: Option<String>,
    /// Reference of the approval.
    pub approval: String,
    /// For the order: the place of its publication in the center's log; what was never published comes first.
    pub place: u64,
    /// The study, where it is held and readable.
    pub study: Option<Arc<Study>>,
}

impl KnownVersion {
    /// Whether its day is still to come; `today` is ISO 8601.
    pub fn is_early(&self, today: &str) -> bool {
        self.effective.as_deref().is_some_and(|day| day > today)
    }
}

/// Versions and subjects. `known` is ordered oldest first; `current` is the version in force for new subjects.
pub fn overview(
    frame: &Frame<'_>,
    known: &[KnownVersion],
    current: &Study,
    mut subjects: Vec<SubjectVersion>,
) -> StudyView {
    let today = frame.now.today();
    subjects.sort_by(|a, b| a.subject.cmp(&b.subject));
    let version = |one: &KnownVersion| VersionView {
        version: one.version.to_string(),
        name: one.study.as_ref().map_or_else(|| one.version.to_string(), |study| study.metadata_version_name.clone()),
        effective: one.effective.clone(),
        approval: one.approval.clone(),
        state: match &one.study {
            None => VersionState::Unreadable,
            Some(study) if study.metadata_version == current.metadata_version => VersionState::InForce,
            Some(_) if one.is_early(&today) => VersionState::Early,
            Some(_) => VersionState::Ready,
        },
        subjects: u32::try_from(subjects.iter().filter(|under| *under.version == *one.version).count())
            .unwrap_or(u32::MAX),
    };
    StudyView {
        title: current.title().to_owned(),
        versions: known.iter().rev().map(version).collect(),
        may_change: frame.reader.may(Command::SubjectMigrate),
        subjects,
    }
}

/// What `new` changes against `old`, in the study's words.
pub fn differences(old: &Study, new: &Study, lang: &str) -> Vec<DifferenceView> {
    let view = |one: &study::amend::Difference| DifferenceView {
        part: part(one.part),
        fate: fate(one.fate),
        oid: one.oid.to_string(),
        // A title may say where the number of a repeat goes.
        title: one.title.get(lang).replace("{n+1}", "n+1").replace("{n}", "n"),
        place: one.place.get(lang).to_owned(),
        was: one.was.get(lang).to_owned(),
        now: one.now.get(lang).to_owned(),
    };
    diff(old, new).iter().map(view).collect()
}

fn part(part: Part) -> DifferencePart {
    match part {
        Part::Event => DifferencePart::Event,
        Part::Form => DifferencePart::Form,
        Part::Group => DifferencePart::Group,
        Part::Item => DifferencePart::Item,
        Part::Code => DifferencePart::Code,
        Part::Check => DifferencePart::Check,
        Part::Condition => DifferencePart::Condition,
        Part::Method => DifferencePart::Method,
        Part::Unit => DifferencePart::Unit,
        Part::Setting => DifferencePart::Setting,
    }
}

fn fate(fate: Fate) -> DifferenceFate {
    match fate {
        Fate::Added => DifferenceFate::Added,
        Fate::Retired => DifferenceFate::Retired,
        Fate::Required => DifferenceFate::Required,
        Fate::Optional => DifferenceFate::Optional,
        Fate::Renamed => DifferenceFate::Renamed,
        Fate::Reworded => DifferenceFate::Reworded,
        Fate::Rescheduled => DifferenceFate::Rescheduled,
        Fate::Changed => DifferenceFate::Changed,
    }
}

/// A form at a visit, in words.
fn place(study: &Study, key: &FormKey, lang: &str) -> String {
    format!("{} · {}", labels::event_title(study, &key.event_key(), lang), labels::form_title(study, &key.form, lang))
}
