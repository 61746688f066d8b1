//! Radiotherapy dose that compares schedules: BED and EQD2 of the linear-quadratic model.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// α/β of tumour in Gy. Linear-quadratic model, Fowler JF, Br J Radiol 1989;62:679; trial file, Derivations.
pub const TUMOUR_ALPHA_BETA: Decimal = Decimal::TEN;

/// Biologically effective dose in Gy of `fractions` of `gy` each: n·d·(1 + d/(α/β)). None for a dose below zero, α/β not above zero.
pub fn bed(fractions: Decimal, gy: Decimal, alpha_beta: Decimal) -> Option<Decimal> {
    if fractions < Decimal::ZERO || gy < Decimal::ZERO || alpha_beta <= Decimal::ZERO {
        return None;
    }
    let total = fractions.checked_mul(gy)?;
    total.checked_mul(Decimal::ONE.checked_add(gy.checked_div(alpha_beta)?)?)
}

/// Biologically effective dose in Gy at α/β = 10 Gy. Trial file, Derivations.
pub fn bed10(fractions: Decimal, gy: Decimal) -> Option<Decimal> {
    bed(fractions, gy, TUMOUR_ALPHA_BETA)
}

/// Dose in Gy that has the same effect in fractions of 2 Gy, at α/β = 10 Gy: BED / 1.2. Trial file, Derivations.
pub fn eqd2(fractions: Decimal, gy: Decimal) -> Option<Decimal> {
    bed10(fractions, gy)?.checked_div(Decimal::new(12, 1))
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const FOWLER: &str = "Linear-quadratic model, Fowler JF, Br J Radiol 1989;62:679; trial file, Derivations";
    let eqd2 = "n·d·(1 + d/10) / 1.2";
    vec![
        Constant::new("dose::TUMOUR_ALPHA_BETA", TUMOUR_ALPHA_BETA, "Gy", "α/β of tumour", FOWLER, Mark::Verified),
        Constant::new("dose::bed", "n·d·(1 + d/(α/β))", "Gy", "biologically effective dose", FOWLER, Mark::Verified),
        Constant::new("dose::eqd2", eqd2, "Gy", "equivalent dose in fractions of 2 Gy", FOWLER, Mark::Verified),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    /// The five schedules that the trial file computes.
    #[test]
    fn the_trial_files_numbers() {
        let rows = [
            ("5", "8", "72", "60"),
            ("5", "10", "100", "83.33"),
            ("3", "15", "112.5", "93.75"),
            ("6", "6", "57.6", "48"),
            ("3", "18", "151.2", "126"),
        ];
        for (fractions, gy, bed, eqd) in rows {
            assert_eq!(bed10(dec(fractions), dec(gy)), Some(dec(bed)), "{fractions} × {gy}");
            assert_eq!(eqd2(dec(fractions), dec(gy)).map(|d| d.round_dp(2)), Some(dec(eqd)), "{fractions} × {gy}");
        }
    }

    #[test]
    fn two_gray_fractions_are_their_own_measure() {
        assert_eq!(eqd2(dec("30"), dec("2")), Some(dec("60")));
    }

    #[test]
    fn other_tissue() {
        assert_eq!(bed(dec("5"), dec("8"), dec("3")).map(|d| d.round_dp(2)), Some(dec("146.67")));
        assert_eq!(bed(dec("5"), dec("8"), dec("0")), None);
        assert_eq!(bed10(dec("5"), dec("-8")), None);
    }
}
