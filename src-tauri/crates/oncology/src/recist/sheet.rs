//! The rules' numbers and the default choices, as lines of the sheet that a clinician signs.

use super::{Limits, Settings, Tenths};
use crate::constants::{Constant, Mark};

const RECIST: &str = "Eisenhauer EA et al., Eur J Cancer 2009;45:228 (RECIST 1.1)";
const EORTC: &str = "EORTC, RECIST questions (recist.eortc.org/faq)";
const ADMIRAL: &str = "pharmaverse/admiralonco, derive_param_confirmed_bor";

/// The module's lines of the sheet that a clinician signs.
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

/// Each is a named setting; the value here is what holds where a study does not say otherwise.
fn choices(settings: &Settings) -> Vec<Constant> {
    let line = |name: &str, value: String, unit, meaning: &str, source, mark| {
        Constant::new(&format!("recist::Settings.{name}"), value, unit, meaning, source, mark)
    };
    let known = Mark::Known;
    let yes = |choice: bool| if choice { "yes" } else { "no" }.to_owned();
    vec![
        line(
            "confirmation_required",
            yes(settings.confirmation_required),
            "",
            "whether the best response needs confirmation; section 4.6.1",
            RECIST,
            Mark::Verified,
        ),
        line(
            "confirmation_days",
            settings.confirmation_days.to_string(),
            "days",
            "least time to a confirmation; section 4.6.1",
            RECIST,
            Mark::Verified,
        ),
        line(
            "confirmation_ne",
            settings.confirmation_ne.to_string(),
            "",
            "assessments not evaluable allowed before a confirmation",
            ADMIRAL,
            Mark::Verified,
        ),
        line(
            "confirmation_sd",
            yes(settings.confirmation_sd),
            "",
            "whether a stable one may lie between two partial responses",
            ADMIRAL,
            Mark::Verified,
        ),
        line(
            "stable_days",
            settings.stable_days.to_string(),
            "days",
            "least time for stable disease, six to eight weeks; sections 4.4.3, 4.6.3",
            RECIST,
            known,
        ),
        line(
            "partial_response",
            format!("{:?}", settings.partial_response),
            "",
            "whether a partial response lasts until progression",
            EORTC,
            known,
        ),
        line(
            "treated_targets",
            format!("{:?}", settings.treated_targets),
            "",
            "what local treatment makes of a target; a protocol may say otherwise",
            EORTC,
            Mark::Verified,
        ),
        line(
            "markers_for_complete",
            yes(settings.markers_for_complete),
            "",
            "whether markers must be normal for a complete response; section 3.2.2",
            RECIST,
            Mark::Verified,
        ),
        line(
            "equivocal",
            format!("{:?}", settings.equivocal),
            "",
            "from when confirmed equivocal progression counts; sections 4.3.5, 4.4.4",
            RECIST,
            Mark::Verified,
        ),
        line(
            "reappearance",
            yes(settings.reappearance),
            "",
            "whether a lesion that comes back after a complete response is progression; section 4.4.4",
            RECIST,
            known,
        ),
        line(
            "lost_complete",
            format!("{:?}", settings.lost_complete),
            "",
            "what a complete response that is not confirmed was; table 3, note a",
            RECIST,
            known,
        ),
    ]
}
