//! Signals of radiation-induced liver disease (RILD): a reason to think of it, never a diagnosis.
//!
//! Non-classic: transaminases above a multiple of the upper limit, or a rise of Child-Pugh by points. Classic: alkaline
//! phosphatase above a multiple with ascites, without jaundice. Both within a time after radiotherapy and without progression
//! of the tumour, which is for the study's rules to say. Korean J Intern Med 2018;33:1093 \[V\] for the non-classic form;
//! trial file, Derivations \[K\] for the classic one. Thresholds come from the study's settings; the constants here are the
//! defaults that a clinician signs.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// Transaminases above this multiple of the upper limit. Korean J Intern Med 2018;33:1093 \[V\].
pub const TRANSAMINASE_TIMES: Decimal = Decimal::from_parts(5, 0, 0, false, 0);
/// A rise of Child-Pugh by so many points or more. Korean J Intern Med 2018;33:1093 \[V\].
pub const CHILD_PUGH_RISE: Decimal = Decimal::TWO;
/// Alkaline phosphatase above this multiple of the upper limit. Trial file, Derivations \[K\].
pub const ALP_TIMES: Decimal = Decimal::TWO;
/// Bilirubin to this multiple of the upper limit counts as anicteric. Lawrence TS et al., IJROBP 1995;31:1237 \[K\].
pub const ANICTERIC_TIMES: Decimal = Decimal::TWO;
/// Days after radiotherapy in which a signal counts: three months. Korean J Intern Med 2018;33:1093 \[V\].
pub const WITHIN_DAYS: u32 = 92;

/// Whether a day lies between the first fraction and `within` days after the last.
pub fn in_time(days_since_first: Decimal, days_since_last: Decimal, within: Decimal) -> bool {
    days_since_first >= Decimal::ZERO && days_since_last <= within
}

/// Whether `value` lies above `times` the upper limit. None without a limit above zero.
pub fn exceeds(value: Decimal, upper: Decimal, times: Decimal) -> Option<bool> {
    (upper > Decimal::ZERO).then_some(())?;
    Some(value > upper.checked_mul(times)?)
}

/// The classic picture: alkaline phosphatase (value, upper limit, times) above its multiple with ascites, while bilirubin
/// (value, upper limit, times) stays within its own.
pub fn classic(alp: [Decimal; 3], bilirubin: [Decimal; 3], ascites: bool) -> Option<bool> {
    let jaundice = exceeds(bilirubin[0], bilirubin[1], bilirubin[2])?;
    Some(ascites && !jaundice && exceeds(alp[0], alp[1], alp[2])?)
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const KJIM: &str = "Korean J Intern Med 2018;33:1093";
    const TRIAL: &str = "trial file, Derivations";
    const LAWRENCE: &str = "Lawrence TS et al., IJROBP 1995;31:1237";
    let (read, known) = (Mark::Verified, Mark::Known);
    vec![
        Constant::new(
            "rild::TRANSAMINASE_TIMES",
            TRANSAMINASE_TIMES,
            "× ULN",
            "non-classic RILD: ALT or AST above",
            KJIM,
            read,
        ),
        Constant::new(
            "rild::CHILD_PUGH_RISE",
            CHILD_PUGH_RISE,
            "points",
            "non-classic RILD: rise of Child-Pugh",
            KJIM,
            read,
        ),
        Constant::new("rild::ALP_TIMES", ALP_TIMES, "× ULN", "classic RILD: ALP above, with ascites", TRIAL, known),
        Constant::new(
            "rild::ANICTERIC_TIMES",
            ANICTERIC_TIMES,
            "× ULN",
            "classic RILD: bilirubin at most",
            LAWRENCE,
            known,
        ),
        Constant::new("rild::WITHIN_DAYS", WITHIN_DAYS, "days", "after the last fraction", KJIM, read),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn at_the_limit_is_not_above_it() {
        assert_eq!(exceeds(dec("200"), dec("40"), TRANSAMINASE_TIMES), Some(false));
        assert_eq!(exceeds(dec("200.1"), dec("40"), TRANSAMINASE_TIMES), Some(true));
        assert_eq!(exceeds(dec("200"), dec("0"), TRANSAMINASE_TIMES), None);
    }

    #[test]
    fn three_months() {
        let within = Decimal::from(WITHIN_DAYS);
        assert!(in_time(dec("0"), dec("-4"), within), "during the course");
        assert!(!in_time(dec("-1"), dec("-5"), within), "before it");
        assert!(in_time(dec("97"), dec("92"), within));
        assert!(!in_time(dec("98"), dec("93"), within));
    }

    #[test]
    fn the_classic_picture() {
        let alp = |value: &str| [dec(value), dec("120"), ALP_TIMES];
        let bilirubin = |value: &str| [dec(value), dec("20"), ANICTERIC_TIMES];
        assert_eq!(classic(alp("240.1"), bilirubin("40"), true), Some(true));
        assert_eq!(classic(alp("240"), bilirubin("40"), true), Some(false));
        assert_eq!(classic(alp("240.1"), bilirubin("40"), false), Some(false), "no ascites");
        assert_eq!(classic(alp("240.1"), bilirubin("40.1"), true), Some(false), "jaundice");
    }
}
