//! The engine's settings as a study states them: its `setting:` aliases, each with the rule's default where it is silent.

use oncology::recist::{
    Equivocal, Limits, LostComplete, PartialResponse, Reappearance, Settings, Tenths, TreatedTargets,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use study::MetaDataVersion;

/// Words for what comes back after a complete response.
const REAPPEARANCE: [(&str, Reappearance); 3] = [
    ("PROGRESSION", Reappearance::Progression),
    ("NODES_BY_SIZE", Reappearance::NodesBySize),
    ("BY_SIZE", Reappearance::BySize),
];

/// From when stable disease is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StableFrom {
    FirstTreatment,
    Baseline,
}

/// What a study settles beside the engine's own settings.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    pub settings: Settings,
    pub stable_from: StableFrom,
    /// The organ whose lesions are lymph nodes.
    pub node_organ: String,
}

/// Reads the settings.
///
/// # Errors
/// The first setting that says what the engine does not know, in words.
pub(super) fn read(study: &MetaDataVersion) -> Result<Chosen, String> {
    let known = Settings::default();
    let limits = Limits {
        targets: number(study, "TARGETS_MAX", known.limits.targets)?,
        targets_per_organ: number(study, "TARGETS_PER_ORGAN", known.limits.targets_per_organ)?,
        target_min: size(study, "TARGET_MIN_MM", known.limits.target_min)?,
        node_target_min: size(study, "NODE_TARGET_MIN_MM", known.limits.node_target_min)?,
        node_normal: size(study, "NODE_NORMAL_MM", known.limits.node_normal)?,
        too_small: size(study, "TOO_SMALL_MM", known.limits.too_small)?,
        response_percent: percent(study, "RECIST_PR_PERCENT", known.limits.response_percent, 100)?,
        progression_percent: percent(study, "RECIST_PD_PERCENT", known.limits.progression_percent, 1000)?,
        progression_min: size(study, "RECIST_PD_MM", known.limits.progression_min)?,
    };
    let settings = Settings {
        confirmation_required: word(study, "RECIST_CONFIRMATION", &[("NOT_REQUIRED", false), ("REQUIRED", true)])?,
        confirmation_days: number(study, "RECIST_CONFIRMATION_DAYS", known.confirmation_days)?,
        confirmation_ne: number(study, "RECIST_CONFIRMATION_NE", known.confirmation_ne)?,
        confirmation_sd: word(study, "RECIST_CONFIRMATION_SD", &[("NO", false), ("YES", true)])?,
        stable_days: number(study, "RECIST_STABLE_DAYS", known.stable_days)?,
        partial_response: word(
            study,
            "RECIST_PR",
            &[("PERSISTS", PartialResponse::Persists), ("STRICT", PartialResponse::Strict)],
        )?,
        treated_targets: word(
            study,
            "IRRADIATED_TARGET",
            &[("NOT_EVALUABLE", TreatedTargets::NotEvaluable), ("EVALUABLE", TreatedTargets::Evaluable)],
        )?,
        markers_for_complete: word(study, "RECIST_MARKERS", &[("REQUIRED", true), ("IGNORED", false)])?,
        equivocal: word(
            study,
            "RECIST_EQUIVOCAL",
            &[("BACK_DATED", Equivocal::BackDated), ("AT_CONFIRMATION", Equivocal::AtConfirmation)],
        )?,
        reappearance: word(study, "RECIST_REAPPEARANCE", &REAPPEARANCE)?,
        lost_complete: word(
            study,
            "RECIST_LOST_CR",
            &[
                ("COMPLETE", LostComplete::Complete),
                ("PARTIAL", LostComplete::Partial),
                ("AS_RECORDED", LostComplete::AsRecorded),
            ],
        )?,
        limits,
    };
    let from = [("FIRST_TREATMENT", StableFrom::FirstTreatment), ("BASELINE", StableFrom::Baseline)];
    Ok(Chosen {
        settings,
        stable_from: word(study, "RECIST_STABLE_FROM", &from)?,
        node_organ: study.setting("RECIST_NODE_ORGAN").unwrap_or_default().to_owned(),
    })
}

/// A word from a list; the first where the study is silent.
fn word<T: Copy>(study: &MetaDataVersion, key: &str, words: &[(&str, T)]) -> Result<T, String> {
    let said = study.setting(key).unwrap_or(words[0].0);
    words.iter().find(|(known, _)| *known == said).map(|(_, meaning)| *meaning).ok_or_else(|| {
        let known: Vec<_> = words.iter().map(|(known, _)| *known).collect();
        format!("the setting {key} is {said:?}; it takes {}", known.join(" or "))
    })
}

fn decimal(study: &MetaDataVersion, key: &str) -> Result<Option<Decimal>, String> {
    study
        .setting(key)
        .map(|said| study::value::read_decimal(said).map_err(|_| format!("the setting {key} is {said:?}, no number")))
        .transpose()
}

fn number<T: TryFrom<u32>>(study: &MetaDataVersion, key: &str, otherwise: T) -> Result<T, String> {
    match decimal(study, key)? {
        None => Ok(otherwise),
        Some(said) => whole(said)
            .and_then(|said| T::try_from(said).ok())
            .ok_or_else(|| format!("the setting {key} is {said}, no whole number")),
    }
}

fn percent(study: &MetaDataVersion, key: &str, otherwise: u32, most: u32) -> Result<u32, String> {
    let said = number(study, key, otherwise)?;
    if said <= most { Ok(said) } else { Err(format!("the setting {key} is {said}; at most {most} is possible")) }
}

fn whole(said: Decimal) -> Option<u32> {
    said.is_integer().then(|| said.to_u32())?
}

fn size(study: &MetaDataVersion, key: &str, otherwise: Tenths) -> Result<Tenths, String> {
    match decimal(study, key)? {
        None => Ok(otherwise),
        Some(said) => Tenths::from_mm(said)
            .ok_or_else(|| format!("the setting {key} is {said}, no size in tenths of a millimetre")),
    }
}
