//! The Child-Pugh score: points, class, and the table that it is read from.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// The two limits between one, two and three points, in the unit of the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Between one point and two: this value itself has two.
    pub one: Decimal,
    /// Between two points and three: this value itself has two.
    pub two: Decimal,
}

/// Limits of the three laboratory columns. Published variants differ at the edges, so a table has a name that a study chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name by which a study's setting refers to it.
    pub name: &'static str,
    /// Bilirubin in µmol/L: one point below the first limit, two to the second and with it, three above.
    pub bilirubin: Limits,
    /// Albumin in g/L: one point above the first limit, two down to the second and with it, three below.
    pub albumin: Limits,
    /// INR: one point below the first limit, two to the second and with it, three above.
    pub inr: Limits,
    /// Prolongation of the prothrombin time in seconds: one point below the first, two to the second and with it, three above.
    pub pt_seconds: Limits,
}

/// Pugh RNH et al., Br J Surg 1973;60:646, bilirubin of 2 and 3 mg/dL at 17.1 µmol/L each, with INR 1.7 and 2.3; trial file,
/// Derivations \[K\].
pub const PUGH_1: Table = Table {
    name: "PUGH-1",
    bilirubin: Limits { one: Decimal::from_parts(342, 0, 0, false, 1), two: Decimal::from_parts(513, 0, 0, false, 1) },
    albumin: Limits { one: Decimal::from_parts(35, 0, 0, false, 0), two: Decimal::from_parts(28, 0, 0, false, 0) },
    inr: Limits { one: Decimal::from_parts(17, 0, 0, false, 1), two: Decimal::from_parts(23, 0, 0, false, 1) },
    pt_seconds: Limits { one: Decimal::from_parts(4, 0, 0, false, 0), two: Decimal::from_parts(6, 0, 0, false, 0) },
};

/// Highest number of points of class A. Pugh RNH et al. 1973; trial file, Derivations \[K\].
pub const CLASS_A_TO: u8 = 6;
/// Highest number of points of class B. Pugh RNH et al. 1973; trial file, Derivations \[K\].
pub const CLASS_B_TO: u8 = 9;

/// How clotting is measured: a study uses one of the two throughout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clotting {
    /// International normalised ratio.
    Inr(Decimal),
    /// Seconds of prothrombin time beyond the control.
    PtProlongation(Decimal),
}

/// Amount of ascites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ascites {
    /// No ascites.
    None,
    /// Slight ascites.
    Slight,
    /// Moderate or severe.
    Moderate,
}

/// Grade of hepatic encephalopathy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encephalopathy {
    /// No encephalopathy.
    None,
    /// Grade 1 or 2.
    Grade12,
    /// Grade 3 or 4.
    Grade34,
}

/// The five parts of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Total bilirubin in µmol/L.
    pub bilirubin_umol_l: Decimal,
    /// Serum albumin in g/L.
    pub albumin_g_l: Decimal,
    /// Clotting, by INR or prothrombin time.
    pub clotting: Clotting,
    /// Amount of ascites on examination or imaging.
    pub ascites: Ascites,
    /// Grade of hepatic encephalopathy.
    pub encephalopathy: Encephalopathy,
}

/// Child-Pugh class by points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// 5 or 6 points.
    A,
    /// 7 to 9 points.
    B,
    /// 10 to 15 points.
    C,
}

impl Class {
    /// `A`, `B` or `C`.
    pub fn code(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
        }
    }
}

impl Table {
    /// The table of that name.
    pub fn named(name: &str) -> Option<&'static Self> {
        [&PUGH_1].into_iter().find(|table| table.name == name)
    }

    /// Points, 5 to 15.
    pub fn points(&self, parts: &Parts) -> u8 {
        let clotting = match parts.clotting {
            Clotting::Inr(ratio) => rising(ratio, self.inr),
            Clotting::PtProlongation(seconds) => rising(seconds, self.pt_seconds),
        };
        let ascites = match parts.ascites {
            Ascites::None => 1,
            Ascites::Slight => 2,
            Ascites::Moderate => 3,
        };
        let encephalopathy = match parts.encephalopathy {
            Encephalopathy::None => 1,
            Encephalopathy::Grade12 => 2,
            Encephalopathy::Grade34 => 3,
        };
        rising(parts.bilirubin_umol_l, self.bilirubin)
            + falling(parts.albumin_g_l, self.albumin)
            + clotting
            + ascites
            + encephalopathy
    }
}

/// The class of a number of points; none outside 5 to 15.
pub fn class(points: u8) -> Option<Class> {
    match points {
        5..=CLASS_A_TO => Some(Class::A),
        7..=CLASS_B_TO => Some(Class::B),
        10..=15 => Some(Class::C),
        _ => None,
    }
}

/// The points of a value that is worse the higher it is.
fn rising(value: Decimal, limits: Limits) -> u8 {
    if value < limits.one {
        1
    } else if value <= limits.two {
        2
    } else {
        3
    }
}

/// The points of a value that is worse the lower it is.
fn falling(value: Decimal, limits: Limits) -> u8 {
    if value > limits.one {
        1
    } else if value >= limits.two {
        2
    } else {
        3
    }
}

/// The module's lines of the list that a clinician signs.
pub fn constants() -> Vec<Constant> {
    const PUGH: &str = "Pugh RNH et al., Br J Surg 1973;60:646, at 17.1 µmol/L per mg/dL; trial file, Derivations";
    let limits = |name: &str, limits: Limits, unit, meaning: &str| {
        let name = format!("child_pugh::PUGH_1.{name}");
        Constant::list(&name, &[limits.one, limits.two], unit, meaning, PUGH, Mark::Known)
    };
    let class = |name: &str, points: u8, meaning: &str| {
        Constant::new(&format!("child_pugh::{name}"), points, "points", meaning, PUGH, Mark::Known)
    };
    vec![
        limits("bilirubin", PUGH_1.bilirubin, "µmol/L", "1 point below the first, 2 to the second, 3 above"),
        limits("albumin", PUGH_1.albumin, "g/L", "1 point above the first, 2 down to the second, 3 below"),
        limits("inr", PUGH_1.inr, "", "1 point below the first, 2 to the second, 3 above"),
        limits("pt_seconds", PUGH_1.pt_seconds, "s", "1 point below the first, 2 to the second, 3 above"),
        class("CLASS_A_TO", CLASS_A_TO, "highest number of points of class A"),
        class("CLASS_B_TO", CLASS_B_TO, "highest number of points of class B"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn parts(bilirubin: &str, albumin: &str, clotting: Clotting) -> Parts {
        Parts {
            bilirubin_umol_l: dec(bilirubin),
            albumin_g_l: dec(albumin),
            clotting,
            ascites: Ascites::None,
            encephalopathy: Encephalopathy::None,
        }
    }

    fn inr(text: &str) -> Clotting {
        Clotting::Inr(dec(text))
    }

    #[test]
    fn best_and_worst() {
        assert_eq!(PUGH_1.points(&parts("10", "45", inr("1.0"))), 5);
        let worst = Parts {
            ascites: Ascites::Moderate,
            encephalopathy: Encephalopathy::Grade34,
            ..parts("60", "20", inr("3"))
        };
        assert_eq!(PUGH_1.points(&worst), 15);
    }

    /// Each edge of the trial file's table, on both sides.
    #[test]
    fn edges() {
        let points = |bilirubin, albumin, clotting| PUGH_1.points(&parts(bilirubin, albumin, clotting)) - 4;
        for (bilirubin, expected) in [("34.1", 1), ("34.2", 2), ("51.3", 2), ("51.4", 3)] {
            assert_eq!(points(bilirubin, "45", inr("1")), expected, "bilirubin {bilirubin}");
        }
        for (albumin, expected) in [("35.1", 1), ("35", 2), ("28", 2), ("27.9", 3)] {
            assert_eq!(points("10", albumin, inr("1")), expected, "albumin {albumin}");
        }
        for (ratio, expected) in [("1.69", 1), ("1.7", 2), ("2.3", 2), ("2.31", 3)] {
            assert_eq!(points("10", "45", inr(ratio)), expected, "INR {ratio}");
        }
        for (seconds, expected) in [("-0.5", 1), ("3.9", 1), ("4", 2), ("6", 2), ("6.1", 3)] {
            assert_eq!(points("10", "45", Clotting::PtProlongation(dec(seconds))), expected, "PT {seconds}");
        }
    }

    #[test]
    fn asked_parts() {
        let base = parts("10", "45", inr("1"));
        for (ascites, expected) in [(Ascites::None, 5), (Ascites::Slight, 6), (Ascites::Moderate, 7)] {
            assert_eq!(PUGH_1.points(&Parts { ascites, ..base }), expected);
        }
        let grades = [(Encephalopathy::None, 5), (Encephalopathy::Grade12, 6), (Encephalopathy::Grade34, 7)];
        for (encephalopathy, expected) in grades {
            assert_eq!(PUGH_1.points(&Parts { encephalopathy, ..base }), expected);
        }
    }

    #[test]
    fn classes() {
        let classes: Vec<_> = (0..=16).map(|points| class(points).map(Class::code)).collect();
        assert_eq!(classes[5..=6], [Some("A"); 2]);
        assert_eq!(classes[7..=9], [Some("B"); 3]);
        assert_eq!(classes[10..=15], [Some("C"); 6]);
        assert_eq!(classes[..5], [None; 5]);
        assert_eq!(classes[16], None);
    }

    #[test]
    fn a_table_is_found_by_its_name() {
        assert_eq!(Table::named("PUGH-1"), Some(&PUGH_1));
        assert_eq!(Table::named("PUGH-2"), None);
    }
}
