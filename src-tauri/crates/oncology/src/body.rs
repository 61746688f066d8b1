//! Body size: mass index and surface area.

use crate::constant::{Constant, Mark};
use crate::roots::square_root;
use rust_decimal::{Decimal, MathematicalOps};

/// A formula for the body surface area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceFormula {
    /// √(cm · kg / 3600). Mosteller RD, N Engl J Med 1987;317:1098 \[K\].
    Mosteller,
    /// 0.007184 · kg^0.425 · cm^0.725. Du Bois D, Du Bois EF, Arch Intern Med 1916;17:863 \[K\].
    DuBois,
}

impl SurfaceFormula {
    /// The formula of that name in a study's settings: `MOSTELLER` or `DUBOIS`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "MOSTELLER" => Some(Self::Mosteller),
            "DUBOIS" => Some(Self::DuBois),
            _ => None,
        }
    }
}

/// Body mass index in kg/m². Quetelet's index as in WHO Technical Report 894 (2000). None unless both are above zero.
pub fn mass_index(kg: Decimal, cm: Decimal) -> Option<Decimal> {
    if kg <= Decimal::ZERO || cm <= Decimal::ZERO {
        return None;
    }
    kg.checked_mul(Decimal::from(10_000))?.checked_div(cm.checked_mul(cm)?)
}

/// Body surface area in m². None unless both are above zero.
pub fn surface_area(formula: SurfaceFormula, kg: Decimal, cm: Decimal) -> Option<Decimal> {
    if kg <= Decimal::ZERO || cm <= Decimal::ZERO {
        return None;
    }
    match formula {
        SurfaceFormula::Mosteller => square_root(kg.checked_mul(cm)?.checked_div(Decimal::from(3600))?),
        SurfaceFormula::DuBois => Decimal::new(7184, 6)
            .checked_mul(power(kg, Decimal::new(425, 3))?)?
            .checked_mul(power(cm, Decimal::new(725, 3))?),
    }
}

/// `base` to a power, by way of logarithms: good to six digits, two more than a surface area is given with.
fn power(base: Decimal, exponent: Decimal) -> Option<Decimal> {
    base.checked_ln()?.checked_mul(exponent)?.checked_exp_with_tolerance(Decimal::new(1, 20))
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const MOSTELLER: &str = "Mosteller RD, N Engl J Med 1987;317:1098";
    const DU_BOIS: &str = "Du Bois D, Du Bois EF, Arch Intern Med 1916;17:863";
    const QUETELET: &str = "Quetelet's index as in WHO Technical Report 894 (2000)";
    let area = |name: &str, formula: &str, source| {
        Constant::new(&format!("body::SurfaceFormula.{name}"), formula, "m²", "body surface area", source, Mark::Known)
    };
    vec![
        Constant::new("body::mass_index", "kg / m²", "kg/m²", "body mass index", QUETELET, Mark::Known),
        area("MOSTELLER", "√(cm · kg / 3600)", MOSTELLER),
        area("DUBOIS", "0.007184 · kg^0.425 · cm^0.725", DU_BOIS),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn rounded(value: Option<Decimal>, digits: u32) -> Option<Decimal> {
        value.map(|value| value.round_dp(digits))
    }

    #[test]
    fn mass_index_by_hand() {
        assert_eq!(mass_index(dec("80"), dec("200")), Some(dec("20")));
        assert_eq!(rounded(mass_index(dec("65"), dec("172")), 2), Some(dec("21.97")));
    }

    #[test]
    fn surface_area_by_hand() {
        // 180 · 80 / 3600 = 4, whose root is 2.
        assert_eq!(surface_area(SurfaceFormula::Mosteller, dec("80"), dec("180")), Some(dec("2")));
        // 0.007184 · 70^0.425 · 170^0.725 = 1.8097…, computed apart.
        assert_eq!(rounded(surface_area(SurfaceFormula::DuBois, dec("70"), dec("170")), 2), Some(dec("1.81")));
        assert_eq!(rounded(surface_area(SurfaceFormula::Mosteller, dec("70"), dec("170")), 2), Some(dec("1.82")));
    }

    #[test]
    fn formulas_are_found_by_name() {
        assert_eq!(SurfaceFormula::named("MOSTELLER"), Some(SurfaceFormula::Mosteller));
        assert_eq!(SurfaceFormula::named("DUBOIS"), Some(SurfaceFormula::DuBois));
        assert_eq!(SurfaceFormula::named("mosteller"), None);
    }

    #[test]
    fn nothing_is_said_of_what_cannot_be() {
        assert_eq!(mass_index(dec("0"), dec("170")), None);
        assert_eq!(mass_index(dec("70"), dec("0")), None);
        assert_eq!(surface_area(SurfaceFormula::Mosteller, dec("-70"), dec("170")), None);
    }
}
