//! Relative dose intensity: what was given per unit of time against what was planned.
//!
//! RDI = (given / actual time) / (planned / planned time) × 100. Two things must be fixed before it means anything: whether
//! days without treatment (delays, interruptions) belong to the actual time, and whether the last cycle counts in full. A
//! study says both; neither has a default here. Hryniuk W, Bush H, J Clin Oncol 1984;2:1281 \[K\]; trial file, Derivations.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// Per cent in a whole.
const PERCENT: Decimal = Decimal::ONE_HUNDRED;

/// How often a dose is given, by CDISC's submission values where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// `on` days of every `cycle` days, once a day from the first day.
    Daily {
        /// Days with a dose in each cycle.
        on: u32,
        /// Days of a cycle.
        cycle: u32,
    },
    /// One dose on the first day of every so many days.
    Every(u32),
    /// One dose, not repeated.
    Once,
    /// None: treatment is interrupted.
    Never,
}

impl Frequency {
    /// The frequency of a code: `QD`, `QD21/28`, `QOD`, `EVERY 2 WEEKS`, `ONCE`, `NONE`.
    pub fn named(code: &str) -> Option<Self> {
        match code {
            "QD" => Some(Self::Daily { on: 1, cycle: 1 }),
            "QOD" => Some(Self::Every(2)),
            "ONCE" => Some(Self::Once),
            "NONE" => Some(Self::Never),
            _ => Self::weeks(code).or_else(|| Self::days(code)),
        }
    }

    fn weeks(code: &str) -> Option<Self> {
        let weeks: u32 = code.strip_prefix("EVERY ")?.strip_suffix(" WEEKS")?.parse().ok()?;
        (1..=52).contains(&weeks).then_some(Self::Every(weeks * 7))
    }

    fn days(code: &str) -> Option<Self> {
        let (on, cycle) = code.strip_prefix("QD")?.split_once('/')?;
        let (on, cycle): (u32, u32) = (on.parse().ok()?, cycle.parse().ok()?);
        (on >= 1 && on <= cycle && cycle <= 366).then_some(Self::Daily { on, cycle })
    }

    /// Doses in a period of so many days that begins with a cycle.
    pub fn doses(self, days: u32) -> u32 {
        match self {
            Self::Daily { on, cycle } => days / cycle * on + (days % cycle).min(on),
            Self::Every(interval) => days.div_ceil(interval),
            Self::Once => days.min(1),
            Self::Never => 0,
        }
    }
}

/// What was planned: so much in every cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Dose of one cycle.
    pub dose: Decimal,
    /// Days of one cycle.
    pub days: u32,
}

/// RDI in per cent of `given` over `days`; with `full_cycles` the last cycle counts with all its days. None for a plan or a
/// time of nothing.
pub fn relative(given: Decimal, days: u32, plan: Plan, full_cycles: bool) -> Option<Decimal> {
    if given < Decimal::ZERO || plan.dose <= Decimal::ZERO || plan.days == 0 || days == 0 {
        return None;
    }
    let days = if full_cycles { days.div_ceil(plan.days).checked_mul(plan.days)? } else { days };
    // Multiplied out before it is divided, so that a whole ratio stays whole.
    let planned = plan.dose.checked_mul(days.into())?;
    given.checked_mul(plan.days.into())?.checked_mul(PERCENT)?.checked_div(planned)
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const HRYNIUK: &str = "Hryniuk W, Bush H, J Clin Oncol 1984;2:1281; trial file, Derivations";
    let formula = "(given / actual time) / (planned / planned time) × 100";
    vec![Constant::new("intensity::relative", formula, "%", "relative dose intensity", HRYNIUK, Mark::Known)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn doses_of_a_period() {
        for (code, days, doses) in [
            ("QD", 30, 30),
            ("QD21/28", 20, 20),
            ("QD21/28", 21, 21),
            ("QD21/28", 28, 21),
            ("QD21/28", 29, 22),
            ("QD21/28", 56, 42),
            ("QOD", 1, 1),
            ("QOD", 2, 1),
            ("QOD", 3, 2),
            ("EVERY 3 WEEKS", 1, 1),
            ("EVERY 3 WEEKS", 21, 1),
            ("EVERY 3 WEEKS", 22, 2),
            ("EVERY 2 WEEKS", 15, 2),
            ("EVERY 6 WEEKS", 42, 1),
            ("ONCE", 9, 1),
            ("NONE", 9, 0),
            ("QD", 0, 0),
        ] {
            assert_eq!(Frequency::named(code).map(|frequency| frequency.doses(days)), Some(doses), "{code} {days}");
        }
        for code in ["", "BID", "EVERY 0 WEEKS", "EVERY X WEEKS", "QD29/28", "QD/28", "QD0/0"] {
            assert_eq!(Frequency::named(code), None, "{code}");
        }
    }

    /// 12 mg a day for 100 days: 50 at 12, 30 at 8, 20 without.
    #[test]
    fn reductions_and_delays() {
        let plan = Plan { dose: dec("12"), days: 1 };
        let given = dec("840");
        assert_eq!(relative(given, 100, plan, false), Some(dec("70")), "delays count");
        assert_eq!(relative(given, 80, plan, false), Some(dec("87.5")), "delays do not");
        assert_eq!(relative(dec("1200"), 100, plan, true), Some(dec("100")));
    }

    /// Three doses of 200 mg on days 1, 22 and 43 are all that was planned once the last cycle counts in full.
    #[test]
    fn the_last_cycle() {
        let plan = Plan { dose: dec("200"), days: 21 };
        assert_eq!(relative(dec("600"), 43, plan, true), Some(dec("100")));
        assert_eq!(relative(dec("600"), 43, plan, false).map(|rdi| rdi.round_dp(2)), Some(dec("146.51")));
        // A week's delay of the third dose: days 1, 22, 50.
        assert_eq!(relative(dec("600"), 50, plan, true), Some(dec("100")), "still within three cycles");
        assert_eq!(relative(dec("600"), 64, plan, true), Some(dec("75")));
    }

    #[test]
    fn nothing_planned_is_no_ratio() {
        assert_eq!(relative(dec("1"), 0, Plan { dose: dec("1"), days: 1 }, false), None);
        assert_eq!(relative(dec("1"), 1, Plan { dose: dec("0"), days: 1 }, false), None);
        assert_eq!(relative(dec("1"), 1, Plan { dose: dec("1"), days: 0 }, true), None);
        assert_eq!(relative(dec("0"), 1, Plan { dose: dec("1"), days: 1 }, false), Some(dec("0")));
    }
}
