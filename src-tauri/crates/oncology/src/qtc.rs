//! The QT interval corrected for heart rate.

use crate::constant::{Constant, Mark};
use crate::roots::cube_root;
use rust_decimal::Decimal;

/// QTcF in ms from QT in ms and heart rate per minute: QT / ∛(RR), RR = 60 / rate in seconds. Fridericia LS, Acta Med Scand
/// 1920;53:469; trial file, casebook EG. None unless both are above zero.
pub fn fridericia(qt_ms: Decimal, rate_per_minute: Decimal) -> Option<Decimal> {
    if qt_ms <= Decimal::ZERO || rate_per_minute <= Decimal::ZERO {
        return None;
    }
    // QT · ∛(rate / 60): one division fewer than the formula as printed, so that a rate of 60 gives QT itself.
    qt_ms.checked_mul(cube_root(rate_per_minute.checked_div(Decimal::from(60))?)?)
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const FRIDERICIA: &str = "Fridericia LS, Acta Med Scand 1920;53:469; trial file, casebook EG";
    vec![Constant::new(
        "qtc::fridericia",
        "QT / ∛(60 / rate)",
        "ms",
        "QT corrected for rate",
        FRIDERICIA,
        Mark::Verified,
    )]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(qt: i64, rate: i64) -> Option<Decimal> {
        fridericia(Decimal::from(qt), Decimal::from(rate)).map(|value| value.round_dp(1))
    }

    #[test]
    fn sixty_beats_correct_nothing() {
        assert_eq!(ms(400, 60), Some(Decimal::from(400)));
    }

    /// A rate whose RR has a whole cube root, and two computed apart to 30 digits: 430.8869…, 515.1214….
    #[test]
    fn known_values() {
        assert_eq!(ms(400, 480), Some(Decimal::from(800)));
        assert_eq!(ms(400, 75), Some(Decimal::new(4309, 1)));
        assert_eq!(ms(450, 90), Some(Decimal::new(5151, 1)));
    }

    #[test]
    fn nothing_is_said_of_what_cannot_be() {
        assert_eq!(ms(400, 0), None);
        assert_eq!(ms(0, 60), None);
        assert_eq!(ms(400, -60), None);
    }
}
