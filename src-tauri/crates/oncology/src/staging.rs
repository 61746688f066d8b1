//! Stage of hepatocellular carcinoma: CNLC and BCLC as they follow from the facts, and two namings of a portal vein thrombus.
//!
//! A stage is a proposal. What a physician enters may differ for a reason that the facts do not show; a study asks, it never
//! overwrites. Published versions differ, so a system has a name that a study chooses.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// The version of CNLC that a study names: China's standard for primary liver cancer, 2024; trial file, Derivations \[K\].
pub const CNLC: &str = "CNLC-2024";
/// The version of BCLC that a study names: Reig M et al., J Hepatol 2022;76:681 \[K\].
pub const BCLC: &str = "BCLC-2022";

/// A single nodule above this many mm is Ib. Trial file, Derivations (5 cm) \[K\].
pub const CNLC_SINGLE_MM: Decimal = Decimal::from_parts(50, 0, 0, false, 0);
/// Two or three nodules of which one is above this many mm are IIa. Trial file, Derivations (3 cm) \[K\].
pub const CNLC_FEW_MM: Decimal = Decimal::from_parts(30, 0, 0, false, 0);
/// From this many nodules on the stage is IIb. Trial file, Derivations \[K\].
pub const CNLC_MANY: u32 = 4;
/// A single nodule to this many mm is BCLC 0. Reig M et al. 2022 (2 cm) \[K\].
pub const BCLC_VERY_EARLY_MM: Decimal = Decimal::from_parts(20, 0, 0, false, 0);
/// Two or three nodules to this many mm each are BCLC A. Reig M et al. 2022 (3 cm) \[K\].
pub const BCLC_EARLY_MM: Decimal = Decimal::from_parts(30, 0, 0, false, 0);
/// Most nodules of BCLC A when there are several. Reig M et al. 2022 \[K\].
pub const BCLC_FEW: u32 = 3;

/// What the stage follows from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// ECOG performance status, 0 to 5.
    pub ecog: Option<u8>,
    /// Whether liver function is of Child-Pugh class C, where it is known.
    pub child_pugh_c: Option<bool>,
    /// Spread outside the liver.
    pub extrahepatic: Option<bool>,
    /// Tumour in a portal or hepatic vein, or in the inferior vena cava.
    pub vessels: Option<bool>,
    /// Number of nodules in the liver.
    pub nodules: Option<u32>,
    /// Diameter of the largest one in mm.
    pub largest_mm: Option<Decimal>,
}

/// The first of two facts that is certain decides; where it is open, so is the stage.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

impl Extent {
    /// ECOG 3 or 4, or liver function of class C: the last stage of both systems.
    fn is_terminal(&self) -> Option<bool> {
        either(self.ecog.map(|ecog| ecog >= 3), self.child_pugh_c)
    }

    /// The CNLC stage; none where a fact that decides is missing, or where no tumour is left to stage.
    pub fn cnlc(&self) -> Option<&'static str> {
        if self.is_terminal()? {
            return Some("IV");
        }
        if self.extrahepatic? {
            return Some("IIIb");
        }
        if self.vessels? {
            return Some("IIIa");
        }
        match self.nodules? {
            0 => None,
            n if n >= CNLC_MANY => Some("IIb"),
            1 => Some(if self.largest_mm? > CNLC_SINGLE_MM { "Ib" } else { "Ia" }),
            _ => Some(if self.largest_mm? > CNLC_FEW_MM { "IIa" } else { "Ib" }),
        }
    }

    /// The BCLC stage; none where a fact that decides is missing, or where no tumour is left to stage.
    pub fn bclc(&self) -> Option<&'static str> {
        if self.is_terminal()? {
            return Some("D");
        }
        let advanced = either(self.ecog.map(|ecog| ecog >= 1), either(self.extrahepatic, self.vessels));
        if advanced? {
            return Some("C");
        }
        match self.nodules? {
            0 => None,
            1 => Some(if self.largest_mm? <= BCLC_VERY_EARLY_MM { "0" } else { "A" }),
            n if n <= BCLC_FEW => Some(if self.largest_mm? <= BCLC_EARLY_MM { "A" } else { "B" }),
            _ => Some("B"),
        }
    }
}

/// The VP classes that describe the vessel of Cheng's type, the usual one first. Cheng I is the second-order branch or beyond
/// (VP2; VP1 where it lies beyond), II the first-order branch, III the main trunk or both sides, IV the superior mesenteric
/// vein. World J Gastroenterol 2022;28(7):704, figure 2 \[V\].
pub fn vp_of_cheng(cheng: &str) -> Option<&'static [&'static str]> {
    match cheng {
        "I" => Some(&["VP2", "VP1"]),
        "II" => Some(&["VP3"]),
        "III" | "IV" => Some(&["VP4"]),
        _ => None,
    }
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const CHINA: &str = "China's standard for primary liver cancer, 2024; trial file, Derivations";
    const REIG: &str = "Reig M et al., J Hepatol 2022;76:681";
    const CHENG: &str = "World J Gastroenterol 2022;28(7):704, figure 2";
    let known = Mark::Known;
    let cnlc_many = CNLC_MANY.to_string();
    vec![
        Constant::new(
            "staging::CNLC",
            CNLC,
            "",
            "version of CNLC: IV, IIIb, IIIa, IIb, IIa, Ib, Ia, in this order",
            CHINA,
            known,
        ),
        Constant::new(
            "staging::CNLC_SINGLE_MM",
            CNLC_SINGLE_MM,
            "mm",
            "a single nodule above is Ib, else Ia",
            CHINA,
            known,
        ),
        Constant::new(
            "staging::CNLC_FEW_MM",
            CNLC_FEW_MM,
            "mm",
            "two or three, one above, are IIa, else Ib",
            CHINA,
            known,
        ),
        Constant::new("staging::CNLC_MANY", cnlc_many, "", "nodules from which the stage is IIb", CHINA, known),
        Constant::new("staging::BCLC", BCLC, "", "version of BCLC: D, C, B, A, 0, in this order", REIG, known),
        Constant::new(
            "staging::BCLC_VERY_EARLY_MM",
            BCLC_VERY_EARLY_MM,
            "mm",
            "a single nodule to this is 0",
            REIG,
            known,
        ),
        Constant::new(
            "staging::BCLC_EARLY_MM",
            BCLC_EARLY_MM,
            "mm",
            "two or three to this each are A, else B",
            REIG,
            known,
        ),
        Constant::new("staging::BCLC_FEW", BCLC_FEW, "", "most nodules of A", REIG, known),
        Constant::new(
            "staging::vp_of_cheng",
            "I: VP2 or VP1; II: VP3; III, IV: VP4",
            "",
            "portal vein thrombus",
            CHENG,
            Mark::Verified,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(ecog: u8, c: bool, ehs: bool, vessels: bool, nodules: u32, mm: i64) -> Extent {
        Extent {
            ecog: Some(ecog),
            child_pugh_c: Some(c),
            extrahepatic: Some(ehs),
            vessels: Some(vessels),
            nodules: Some(nodules),
            largest_mm: Some(mm.into()),
        }
    }

    /// Each line of the trial file, and both sides of each limit.
    #[test]
    fn stages_at_their_limits() {
        for (ecog, c, ehs, vessels, n, mm, cnlc, bclc) in [
            (3, false, true, true, 9, 90, Some("IV"), Some("D")),
            (4, false, false, false, 1, 20, Some("IV"), Some("D")),
            (0, true, false, false, 1, 20, Some("IV"), Some("D")),
            (2, false, true, true, 1, 20, Some("IIIb"), Some("C")),
            (0, false, true, false, 1, 20, Some("IIIb"), Some("C")),
            (0, false, false, true, 1, 20, Some("IIIa"), Some("C")),
            (0, false, false, false, 4, 10, Some("IIb"), Some("B")),
            (0, false, false, false, 3, 31, Some("IIa"), Some("B")),
            (0, false, false, false, 3, 30, Some("Ib"), Some("A")),
            (0, false, false, false, 2, 31, Some("IIa"), Some("B")),
            (0, false, false, false, 1, 51, Some("Ib"), Some("A")),
            (0, false, false, false, 1, 50, Some("Ia"), Some("A")),
            (0, false, false, false, 1, 21, Some("Ia"), Some("A")),
            (0, false, false, false, 1, 20, Some("Ia"), Some("0")),
            (1, false, false, false, 1, 20, Some("Ia"), Some("C")),
            (0, false, false, false, 0, 0, None, None),
        ] {
            let extent = extent(ecog, c, ehs, vessels, n, mm);
            assert_eq!((extent.cnlc(), extent.bclc()), (cnlc, bclc), "{extent:?}");
        }
    }

    /// A missing fact leaves the stage open unless another one decides alone.
    #[test]
    fn missing_is_not_no() {
        let full = extent(0, false, false, false, 2, 20);
        assert_eq!(Extent { ecog: None, ..full }.cnlc(), None);
        assert_eq!(Extent { ecog: None, child_pugh_c: Some(true), ..full }.cnlc(), Some("IV"));
        assert_eq!(Extent { extrahepatic: None, vessels: Some(true), ..full }.cnlc(), None, "IIIa or IIIb");
        assert_eq!(Extent { extrahepatic: None, vessels: Some(true), ..full }.bclc(), Some("C"));
        assert_eq!(Extent { largest_mm: None, ..full }.cnlc(), None);
        assert_eq!(Extent { largest_mm: None, nodules: Some(4), ..full }.cnlc(), Some("IIb"));
        assert_eq!(Extent::default().bclc(), None);
    }

    #[test]
    fn a_thrombus_has_two_names() {
        assert_eq!(vp_of_cheng("I"), Some(&["VP2", "VP1"][..]));
        assert_eq!(vp_of_cheng("II"), Some(&["VP3"][..]));
        assert_eq!(vp_of_cheng("III"), vp_of_cheng("IV"));
        assert_eq!(vp_of_cheng("V"), None);
    }
}
