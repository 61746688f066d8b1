//! Units of the limits, and conversion where a factor is known. An analyte without a factor is never converted.

use crate::constant::{Constant, Mark};
use rust_decimal::Decimal;

/// A unit that limits are named in, or that is converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// g/L
    GramPerLitre,
    /// g/dL
    GramPerDecilitre,
    /// mg/dL
    MilligramPerDecilitre,
    /// mmol/L
    MillimolePerLitre,
    /// µmol/L
    MicromolePerLitre,
    /// mEq/L
    MilliequivalentPerLitre,
    /// 10⁹ cells per litre, the same number as 10³ per microlitre.
    GigaPerLitre,
    /// Cells per cubic millimetre, the same as per microlitre.
    PerCubicMillimetre,
    /// mL/min/1.73 m², and mL/min of a clearance that is related to it.
    MillilitrePerMinute,
    /// ms
    Millisecond,
    /// s
    Second,
    /// A number without a unit: pH, INR.
    Bare,
    /// Whatever unit the value shares with its limits and its baseline.
    Ratio,
    /// A unit that no rule knows: good only where value, limits and baseline need to share one.
    Unknown,
}

/// Spellings, compared by [`plain`].
const SPELLINGS: &[(Unit, &[&str])] = &[
    (Unit::GramPerLitre, &["g/L"]),
    (Unit::GramPerDecilitre, &["g/dL", "g/100mL"]),
    (Unit::MilligramPerDecilitre, &["mg/dL", "mg/100mL"]),
    (Unit::MillimolePerLitre, &["mmol/L"]),
    (Unit::MicromolePerLitre, &["µmol/L"]),
    (Unit::MilliequivalentPerLitre, &["mEq/L"]),
    (Unit::GigaPerLitre, &["10^9/L", "Gpt/L", "10^3/uL", "10^3/mm3", "K/uL", "K/mm3", "thou/uL", "/nL"]),
    (Unit::PerCubicMillimetre, &["/mm3", "/uL", "1/uL", "cells/uL", "cells/mm3", "1/mm3", "10^3/mL"]),
    (Unit::MillilitrePerMinute, &["mL/min/1.73 m2", "mL/min/1.73", "mL/min"]),
    (Unit::Millisecond, &["ms", "msec"]),
    (Unit::Second, &["s", "sec"]),
    (Unit::Bare, &["", "1", "{INR}", "[pH]", "ratio"]),
];

/// A factor between two units.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    /// Code of the analyte; empty for any.
    pub analyte: &'static str,
    /// From this unit …
    pub from: Unit,
    /// … to this one,
    pub to: Unit,
    /// times this factor.
    pub factor: Decimal,
}

const fn by(analyte: &'static str, from: Unit, to: Unit, digits: u32, scale: u32) -> Conversion {
    Conversion { analyte, from, to, factor: Decimal::from_parts(digits, 0, 0, false, scale) }
}

/// Where the factors of analytes were read.
const FACTOR_SOURCE: &str = "trial file, Labs (factor = SI per conventional unit); cholesterol, triglycerides and calcium in \
                             mEq/L: molar masses of IUPAC's atomic weights; haemoglobin: mmol of \
                             its monomer, 16,114 g/mol (ICSH, J Clin Pathol 1978;31:139)";

/// Conversion factors. Trial file, Labs \[K\]; PIVKA-II and copies of HBV-DNA depend on the kit and have none.
pub const CONVERSIONS: &[Conversion] = &[
    by("", Unit::GramPerDecilitre, Unit::GramPerLitre, 10, 0),
    by("", Unit::MilligramPerDecilitre, Unit::GramPerLitre, 1, 2),
    by("", Unit::PerCubicMillimetre, Unit::GigaPerLitre, 1, 3),
    by("", Unit::MicromolePerLitre, Unit::MillimolePerLitre, 1, 3),
    by("", Unit::Second, Unit::Millisecond, 1000, 0),
    by("K", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 1, 0),
    by("SODIUM", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 1, 0),
    by("BICARB", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 1, 0),
    by("MG", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 5, 1),
    by("CACORR", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 5, 1),
    by("CAION", Unit::MilliequivalentPerLitre, Unit::MillimolePerLitre, 5, 1),
    by("CACORR", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 2495, 4),
    by("CAION", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 2495, 4),
    by("MG", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 4114, 4),
    by("PHOS", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 3229, 4),
    by("GLUC", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 555, 4),
    by("CHOL", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 2586, 5),
    by("TRIG", Unit::MilligramPerDecilitre, Unit::MillimolePerLitre, 1129, 5),
    by("HGB", Unit::MillimolePerLitre, Unit::GramPerLitre, 16114, 3),
    by("BILI", Unit::MilligramPerDecilitre, Unit::MicromolePerLitre, 171, 1),
    by("CREAT", Unit::MilligramPerDecilitre, Unit::MicromolePerLitre, 884, 1),
    by("URATE", Unit::MilligramPerDecilitre, Unit::MicromolePerLitre, 5948, 2),
];

/// Albumin in g/L at which calcium needs no correction. Payne RB et al., BMJ 1973;4:643 \[K\].
pub const NORMAL_ALBUMIN: Decimal = Decimal::from_parts(40, 0, 0, false, 0);

/// Calcium to add per g/L of albumin below normal, in mmol/L and in mg/dL. Payne RB et al., BMJ 1973;4:643 \[K\].
pub const CALCIUM_PER_ALBUMIN: [Decimal; 2] =
    [Decimal::from_parts(2, 0, 0, false, 2), Decimal::from_parts(8, 0, 0, false, 2)];

impl Unit {
    /// How it is written; empty for a bare number and for whatever unit value and limits share.
    pub fn symbol(self) -> &'static str {
        SPELLINGS.iter().find(|(unit, _)| *unit == self).map_or("", |(_, spellings)| spellings[0])
    }
}

/// The unit that a spelling means; none for one that no rule needs. `G/L` is giga per litre, `g/L` and `g/l` are grams.
pub fn unit(spelling: &str) -> Option<Unit> {
    if spelling.trim() == "G/L" {
        return Some(Unit::GigaPerLitre);
    }
    let wanted = plain(spelling);
    SPELLINGS.iter().find(|(_, all)| all.iter().any(|known| plain(known) == wanted)).map(|(unit, _)| *unit)
}

/// A spelling without case, spaces, brackets and signs of powers and products: `×10⁹/L`, `x10E9/L`, `10*9/L` and `10^9/L` are one,
/// and so are the two letters that look like µ, and u.
fn plain(spelling: &str) -> String {
    let mut plain = String::with_capacity(spelling.len());
    for sign in spelling.chars().flat_map(char::to_lowercase) {
        match sign {
            'µ' | 'μ' => plain.push('u'),
            '⁰' => plain.push('0'),
            '¹' => plain.push('1'),
            '²' => plain.push('2'),
            '³' => plain.push('3'),
            '⁴'..='⁹' => plain.push(char::from_u32(u32::from(sign) - 0x2070 + u32::from('0')).unwrap_or(sign)),
            '^' | '*' | '×' | '·' | ',' | '[' | ']' | '{' | '}' | '_' => {}
            _ if sign.is_whitespace() => {}
            _ => plain.push(sign),
        }
    }
    let power = plain.strip_prefix('x').filter(|rest| rest.starts_with("10")).unwrap_or(&plain);
    match power.strip_prefix("10e") {
        Some(rest) => format!("10{rest}"),
        None => power.to_owned(),
    }
}

/// `value` of an analyte in another unit, where a factor is known.
pub fn convert(analyte: &str, value: Decimal, from: Unit, to: Unit) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    let fits = |line: &&Conversion| line.analyte.is_empty() || line.analyte == analyte;
    CONVERSIONS.iter().filter(fits).find_map(|line| match (line.from == from, line.to == to) {
        (true, true) => value.checked_mul(line.factor),
        _ if line.from == to && line.to == from => value.checked_div(line.factor),
        _ => None,
    })
}

pub(super) fn constants() -> Vec<Constant> {
    const PAYNE: &str = "Payne RB et al., BMJ 1973;4:643";
    let mut lines: Vec<Constant> = CONVERSIONS
        .iter()
        .map(|line| {
            let analyte = if line.analyte.is_empty() { "any" } else { line.analyte };
            let name = format!("ctcae::CONVERSIONS.{analyte}.{}", line.from.symbol());
            let meaning = format!("{analyte}: {} in 1 {}", line.to.symbol(), line.from.symbol());
            Constant::new(&name, line.factor, "", &meaning, FACTOR_SOURCE, Mark::Known)
        })
        .collect();
    lines.push(Constant::new(
        "ctcae::NORMAL_ALBUMIN",
        NORMAL_ALBUMIN,
        "g/L",
        "albumin at which calcium needs no correction",
        PAYNE,
        Mark::Known,
    ));
    lines.push(Constant::list(
        "ctcae::CALCIUM_PER_ALBUMIN",
        &CALCIUM_PER_ALBUMIN,
        "mmol/L, mg/dL",
        "calcium to add per g/L of albumin below normal",
        PAYNE,
        Mark::Known,
    ));
    lines
}
