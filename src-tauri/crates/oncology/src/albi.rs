//! The albumin-bilirubin (ALBI) score and its grades.

use crate::constant::{Constant, Mark};
use rust_decimal::{Decimal, MathematicalOps};

/// Weight of log10 of bilirubin in µmol/L. Johnson PJ et al., J Clin Oncol 2015;33:550; trial file, Derivations.
pub const BILIRUBIN_WEIGHT: Decimal = Decimal::from_parts(66, 0, 0, false, 2);
/// Weight of albumin in g/L, subtracted. Johnson PJ et al., J Clin Oncol 2015;33:550; trial file, Derivations.
pub const ALBUMIN_WEIGHT: Decimal = Decimal::from_parts(85, 0, 0, false, 3);
/// Highest score of grade 1. Johnson PJ et al., J Clin Oncol 2015;33:550; trial file, Derivations \[K\].
pub const GRADE_1_TO: Decimal = Decimal::from_parts(260, 0, 0, true, 2);
/// Highest score of grade 2. Johnson PJ et al., J Clin Oncol 2015;33:550; trial file, Derivations \[K\].
pub const GRADE_2_TO: Decimal = Decimal::from_parts(139, 0, 0, true, 2);
/// Grade 2a lies below, grade 2b at or above. Hiraoka A et al., Liver Cancer 2017;6:204; trial file, Derivations \[K\].
pub const GRADE_2A_BELOW: Decimal = Decimal::from_parts(227, 0, 0, true, 2);

/// ALBI grade with the modified split of grade 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// −2.60 or less.
    One,
    /// Above −2.60 and below −2.27.
    TwoA,
    /// From −2.27 to −1.39.
    TwoB,
    /// Above −1.39.
    Three,
}

impl Grade {
    /// The grade of the original score: `1`, `2` or `3`.
    pub fn albi(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::TwoA | Self::TwoB => "2",
            Self::Three => "3",
        }
    }

    /// The grade of the modified score: `1`, `2a`, `2b` or `3`.
    pub fn modified(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::TwoA => "2a",
            Self::TwoB => "2b",
            Self::Three => "3",
        }
    }
}

/// The ALBI score from bilirubin in µmol/L and albumin in g/L, unrounded. None unless both are above zero.
pub fn score(bilirubin_umol_l: Decimal, albumin_g_l: Decimal) -> Option<Decimal> {
    if bilirubin_umol_l <= Decimal::ZERO || albumin_g_l <= Decimal::ZERO {
        return None;
    }
    let bilirubin = BILIRUBIN_WEIGHT.checked_mul(bilirubin_umol_l.normalize().checked_log10()?)?;
    bilirubin.checked_sub(ALBUMIN_WEIGHT.checked_mul(albumin_g_l)?)
}

/// The grade of an unrounded score: a score rounded for display may fall on the other side of a limit.
pub fn grade(score: Decimal) -> Grade {
    if score <= GRADE_1_TO {
        Grade::One
    } else if score < GRADE_2A_BELOW {
        Grade::TwoA
    } else if score <= GRADE_2_TO {
        Grade::TwoB
    } else {
        Grade::Three
    }
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const JOHNSON: &str = "Johnson PJ et al., J Clin Oncol 2015;33:550; trial file, Derivations";
    const HIRAOKA: &str = "Hiraoka A et al., Liver Cancer 2017;6:204; trial file, Derivations";
    let line = |name: &str, value: Decimal, meaning: &str, source| {
        Constant::new(&format!("albi::{name}"), value, "", meaning, source, Mark::Known)
    };
    vec![
        line("BILIRUBIN_WEIGHT", BILIRUBIN_WEIGHT, "weight of log10 of bilirubin in µmol/L", JOHNSON),
        line("ALBUMIN_WEIGHT", ALBUMIN_WEIGHT, "weight of albumin in g/L, subtracted", JOHNSON),
        line("GRADE_1_TO", GRADE_1_TO, "highest score of grade 1", JOHNSON),
        line("GRADE_2_TO", GRADE_2_TO, "highest score of grade 2", JOHNSON),
        line("GRADE_2A_BELOW", GRADE_2A_BELOW, "grade 2a lies below, grade 2b at or above", HIRAOKA),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    /// The four examples that the trial file computes.
    #[test]
    fn the_trial_files_numbers() {
        let rows = [
            ("17", "40", "-2.5879", "2", "2a"),
            ("10", "45", "-3.1650", "1", "1"),
            ("20", "35", "-2.1163", "2", "2b"),
            ("34.2", "28", "-1.3675", "3", "3"),
        ];
        for (bilirubin, albumin, rounded, albi, modified) in rows {
            let score = score(dec(bilirubin), dec(albumin)).expect("a score");
            assert_eq!(score.round_dp(4), dec(rounded), "{bilirubin}, {albumin}");
            assert_eq!((grade(score).albi(), grade(score).modified()), (albi, modified), "{bilirubin}, {albumin}");
        }
    }

    #[test]
    fn limits_belong_to_the_side_that_the_source_says() {
        let rows = [
            ("-2.60", "1", "1"),
            ("-2.5999999999", "2", "2a"),
            ("-2.2700000001", "2", "2a"),
            ("-2.27", "2", "2b"),
            ("-1.39", "2", "2b"),
            ("-1.3899999999", "3", "3"),
        ];
        for (score, albi, modified) in rows {
            let grade = grade(dec(score));
            assert_eq!((grade.albi(), grade.modified()), (albi, modified), "{score}");
        }
    }

    #[test]
    fn the_logarithm_has_more_digits_than_any_limit_needs() {
        // log10(2) = 0.30103 (A007524); 0.66 of it.
        let weighted = score(dec("2"), dec("1")).expect("a score") + ALBUMIN_WEIGHT;
        assert_eq!((weighted / BILIRUBIN_WEIGHT).round_dp(20), dec("0.30102999566398119521"));
    }

    #[test]
    fn the_way_a_number_was_typed_changes_nothing() {
        assert_eq!(score(dec("10"), dec("40")), score(dec("10.000"), dec("40.0")));
        assert_eq!(score(dec("0.1"), dec("40")), score(dec("0.10"), dec("40")));
    }

    #[test]
    fn nothing_is_said_of_what_cannot_be() {
        assert_eq!(score(dec("0"), dec("40")), None);
        assert_eq!(score(dec("-1"), dec("40")), None);
        assert_eq!(score(dec("17"), dec("0")), None);
    }
}
