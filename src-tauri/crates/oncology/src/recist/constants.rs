//! The rules' numbers and the default choices, as lines of the list that a clinician signs.

use super::{Limits, Settings, Tenths};
use crate::constant::{Constant, Mark};

const RECIST: &str = "Eisenhauer EA et al., Eur J Cancer 2009;45:228 (RECIST 1.1)";
const EORTC: &str = "EORTC, RECIST questions (recist.eortc.org/faq)";
const ADMIRAL: &str = "pharmaverse/admiralonco, derive_param_confirmed_bor";

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    let mut lines = limits(&Limits::default());
    lines.extend(choices(&Settings::default()));
    lines
}

fn limits(limits: &Limits) -> Vec<Constant> {
    let line = |name: &str, value: String, unit, meaning: &str| {
        Constant::new(&format!("recist::Limits.{name}"), value, unit, meaning, RECIST, Mark::Verified)
    };
    let size = |name: &str, value: Tenths, meaning: &str| line(name, value.to_string(), "mm", meaning);
    let percent = |name: &str, value: u32, meaning: &str| line(name, value.to_string(), "%", meaning);
    vec![
        line("targets", limits.targets.to_string(), "", "target lesions at most; section 4.2"),
        line("targets_per_organ", limits.targets_per_organ.to_string(), "", "of them per organ; section 4.2"),
        size("target_min", limits.target_min, "least longest diameter of a target lesion; section 3.1.1"),
        size("node_target_min", limits.node_target_min, "least short axis of a nodal target; section 3.1.1"),
        size("node_normal", limits.node_normal, "a node whose short axis is below is normal; section 3.1.1"),
        size("too_small", limits.too_small, "what a lesion too small to measure counts; section 4.3.2"),
        percent(
            "response_percent",
            limits.response_percent,
            "shrinkage from baseline for a partial response; section 4.3.1",
        ),
        percent(
            "progression_percent",
            limits.progression_percent,
            "growth from the nadir for progression; section 4.3.1",
        ),
        size("progression_min", limits.progression_min, "growth that progression needs besides; section 4.3.1"),
    ]
}

/// Each is a named setting; the value is the default, which a study may change.
fn choices(settings: &Settings) -> Vec<Constant> {
    [confirmation(settings), stability(settings), progression(settings)].concat()
}

fn choice(name: &str, value: impl ToString, meaning: &str, source: &'static str, mark: Mark) -> Constant {
    Constant::new(&format!("recist::Settings.{name}"), value, "", meaning, source, mark)
}

fn yes_or_no(choice: bool) -> &'static str {
    if choice { "yes" } else { "no" }
}

/// When a best response counts as confirmed.
fn confirmation(settings: &Settings) -> Vec<Constant> {
    vec![
        choice(
            "confirmation_required",
            yes_or_no(settings.confirmation_required),
            "whether the best response needs confirmation; section 4.6.1",
            RECIST,
            Mark::Verified,
        ),
        Constant {
            unit: "days",
            ..choice(
                "confirmation_days",
                settings.confirmation_days,
                "least time to a confirmation; section 4.6.1",
                RECIST,
                Mark::Verified,
            )
        },
        choice(
            "confirmation_ne",
            settings.confirmation_ne,
            "assessments not evaluable allowed before a confirmation",
            ADMIRAL,
            Mark::Verified,
        ),
        choice(
            "confirmation_sd",
            yes_or_no(settings.confirmation_sd),
            "whether a stable one may lie between two partial responses",
            ADMIRAL,
            Mark::Verified,
        ),
    ]
}

/// What counts as a response, and as stable disease.
fn stability(settings: &Settings) -> Vec<Constant> {
    vec![
        Constant {
            unit: "days",
            ..choice(
                "stable_days",
                settings.stable_days,
                "least time for stable disease, six to eight weeks; sections 4.4.3, 4.6.3",
                RECIST,
                Mark::Known,
            )
        },
        choice(
            "partial_response",
            format!("{:?}", settings.partial_response),
            "whether a partial response lasts until progression",
            EORTC,
            Mark::Known,
        ),
        choice(
            "treated_targets",
            format!("{:?}", settings.treated_targets),
            "what local treatment makes of a target; a protocol may say otherwise",
            EORTC,
            Mark::Verified,
        ),
        choice(
            "markers_for_complete",
            yes_or_no(settings.markers_for_complete),
            "whether markers must be normal for a complete response; section 3.2.2",
            RECIST,
            Mark::Verified,
        ),
    ]
}

/// What counts as progression.
fn progression(settings: &Settings) -> Vec<Constant> {
    vec![
        choice(
            "equivocal",
            format!("{:?}", settings.equivocal),
            "from when confirmed equivocal progression counts; sections 4.3.5, 4.4.4",
            RECIST,
            Mark::Verified,
        ),
        choice(
            "reappearance",
            format!("{:?}", settings.reappearance),
            "what a lesion says that comes back after a complete response, a target node from node_normal; table 3, note a; EORTC RECIST FAQ, abnormal lymph node",
            RECIST,
            Mark::Known,
        ),
        choice(
            "lost_complete",
            format!("{:?}", settings.lost_complete),
            "what a complete response that is not confirmed was; table 3, note a",
            RECIST,
            Mark::Known,
        ),
    ]
}
