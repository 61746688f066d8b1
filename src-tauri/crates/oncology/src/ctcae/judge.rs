//! A laboratory value held against the rules.

use super::rule::{Bound, Grade, Rule, Side, Test, When};
use super::rules::{analyte, rules_of};
use super::units::{CALCIUM_PER_ALBUMIN, NORMAL_ALBUMIN, Unit, convert};
use rust_decimal::Decimal;

/// How a result was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Reading {
    /// The value is exactly this number.
    #[default]
    Exact,
    /// `<5`: somewhere below the number.
    Below,
    /// `>5`: somewhere above the number.
    Above,
    /// `≤5`: the number, or somewhere below.
    AtMost,
    /// `≥5`: the number, or somewhere above.
    AtLeast,
}

/// A laboratory value with all that a rule may ask for. Limits, baseline and value share one unit.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// Code of the analyte: `ALT`, `K`, `CACORR`. `CA` is total calcium and needs the albumin.
    pub analyte: &'a str,
    /// The value as reported, in `unit`.
    pub value: Decimal,
    /// How it was reported.
    pub reading: Reading,
    /// Unit of value, limits and baseline; none for the unit in which the rule's first limits stand (SI).
    pub unit: Option<Unit>,
    /// Lower limit of normal.
    pub lln: Option<Decimal>,
    /// Upper limit of normal.
    pub uln: Option<Decimal>,
    /// The subject's value at baseline, in `unit`.
    pub baseline: Option<Decimal>,
    /// Upper limit that held at baseline, where it differs from today's.
    pub baseline_uln: Option<Decimal>,
    /// Albumin in g/L of the same sample, for total calcium.
    pub albumin: Option<Decimal>,
    /// Whether there are signs, symptoms or consequences of the finding.
    pub symptoms: Option<bool>,
    /// Whether an anticoagulant is taken.
    pub anticoagulated: Option<bool>,
}

impl<'a> Case<'a> {
    /// A value of which nothing else is known yet.
    pub fn new(analyte: &'a str, value: Decimal) -> Self {
        Self {
            analyte,
            value,
            reading: Reading::Exact,
            unit: None,
            lln: None,
            uln: None,
            baseline: None,
            baseline_uln: None,
            albumin: None,
            symptoms: None,
            anticoagulated: None,
        }
    }

    /// Of what is graded nothing can be below zero, and no upper limit of normal can be zero, which laboratories print where
    /// they have none.
    fn is_possible(&self) -> Result<(), MissingInputError> {
        let below = |number: &Decimal| *number < Decimal::ZERO;
        let uppers = [self.uln, self.baseline_uln];
        if below(&self.value) || self.baseline.as_ref().is_some_and(below) {
            return Err(MissingInputError::Result);
        }
        if self.lln.as_ref().is_some_and(below) || uppers.iter().flatten().any(|upper| *upper <= Decimal::ZERO) {
            return Err(MissingInputError::Limits);
        }
        Ok(())
    }
}

/// Why a value cannot be graded: an input that is missing or contradicts itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MissingInputError {
    /// The lower limit of normal.
    Lower,
    /// The upper limit of normal.
    Upper,
    /// A baseline above zero.
    Baseline,
    /// The albumin that total calcium is corrected by.
    Albumin,
    /// A unit that the rule knows or converts.
    Unit,
    /// The number itself: the result is only known to be below or above one.
    Number,
    /// Limits in the right order: the lower lies above the upper.
    Order,
    /// Limits that can be: an upper one is above zero, a lower one not below.
    Limits,
    /// A result that can be: none that is graded is below zero.
    Result,
}

/// Something that a reader of the proposal must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// A worse grade could not be judged for want of this.
    NotExcluded(MissingInputError),
    /// There is no baseline: judged by the limits of normal alone.
    NoBaseline,
    /// The baseline was above its upper limit: multiples of the baseline count.
    AbnormalBaseline,
    /// Total calcium was corrected to this.
    Corrected(Decimal),
    /// The value was converted to this.
    Converted(Decimal, Unit),
    /// The value is at or below this (`<`) or above it: graded as far as that goes.
    Qualified,
    /// Whether an anticoagulant is taken is not known: the baseline was left out.
    AnticoagulationUnknown,
}

/// How a proposal came about.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Value as judged, in `unit`.
    pub value: Decimal,
    /// How it was reported.
    pub reading: Reading,
    /// Unit of all numbers here.
    pub unit: Unit,
    /// Lower limit of normal.
    pub lln: Option<Decimal>,
    /// Upper limit of normal.
    pub uln: Option<Decimal>,
    /// The subject's value at baseline, in `unit`.
    pub baseline: Option<Decimal>,
    /// The test that made the grade, and the number that the value was held against.
    pub decided: Option<(&'static Test, Decimal)>,
    /// The words of the CTCAE for the grade.
    pub text: Option<&'static str>,
    /// What is missing, when there is no grade.
    pub missing: Option<MissingInputError>,
    /// What else to know.
    pub notes: Vec<Note>,
}

/// A grade as the rules propose it. The investigator decides.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// CTCAE term, as NCI's spreadsheet writes it.
    pub term: &'static str,
    /// 0 when no grade of the rule holds; none when that could not be judged.
    pub grade: Option<u8>,
    /// The grade that it would be with symptoms, where that differs and symptoms are not known.
    pub with_symptoms: Option<u8>,
    /// The rule that was applied.
    pub rule: &'static Rule,
    /// How it came about.
    pub trace: Trace,
}

/// The proposal for a value: of the analyte's terms the one with the worst grade; where none has a grade, the one that
/// could not be judged. None for an analyte that the CTCAE does not grade by a number.
pub fn propose(case: &Case<'_>) -> Option<Proposal> {
    // A term that could not be judged outranks a grade 0: nobody may read "0" where a limit is missing.
    let rank = |proposal: &Proposal| match proposal.grade {
        Some(0) => 0,
        None => 1,
        Some(grade) => grade + 1,
    };
    let mut best: Option<Proposal> = None;
    for proposal in propose_all(case) {
        if best.as_ref().is_none_or(|known| rank(&proposal) > rank(known)) {
            best = Some(proposal);
        }
    }
    best
}

/// One proposal per term of the analyte, in the order of the table.
pub fn propose_all(case: &Case<'_>) -> Vec<Proposal> {
    rules_of(case.analyte).map(|rule| judge(rule, case)).collect()
}

/// Total calcium in mmol/L corrected for albumin in g/L: Ca + 0.02 · (40 − albumin). Payne RB et al., BMJ 1973;4:643 \[K\].
pub fn corrected_calcium(calcium_mmol_l: Decimal, albumin_g_l: Decimal) -> Option<Decimal> {
    corrected(calcium_mmol_l, albumin_g_l, CALCIUM_PER_ALBUMIN[0])
}

fn corrected(calcium: Decimal, albumin_g_l: Decimal, per: Decimal) -> Option<Decimal> {
    calcium.checked_add(NORMAL_ALBUMIN.checked_sub(albumin_g_l)?.checked_mul(per)?)
}

fn judge(rule: &'static Rule, case: &Case<'_>) -> Proposal {
    let mut trace = Trace {
        value: case.value,
        reading: case.reading,
        unit: case.unit.unwrap_or(rule.units[0]),
        lln: case.lln,
        uln: case.uln,
        baseline: case.baseline,
        decided: None,
        text: None,
        missing: None,
        notes: Vec::new(),
    };
    let prepared = Prepared::of(rule, case, &mut trace.notes);
    let (mut grade, mut with_symptoms) = (None, None);
    match prepared {
        Err(missing) => trace.missing = Some(missing),
        Ok(prepared) => {
            (trace.value, trace.lln, trace.uln) = (prepared.value, prepared.lln, prepared.uln);
            (trace.baseline, trace.unit) = (prepared.baseline, prepared.unit);
            let verdict = prepared.verdict(rule, case.symptoms == Some(true));
            grade = verdict.settle(&mut trace);
            if case.symptoms.is_none() {
                let symptomatic = prepared.verdict(rule, true).grade();
                with_symptoms = symptomatic.filter(|_| symptomatic != grade);
            }
            prepared.note(rule, &mut trace.notes);
        }
    }
    Proposal { term: rule.term, grade, with_symptoms, rule, trace }
}

/// A case in the unit of a rule's limits.
struct Prepared<'a> {
    case: &'a Case<'a>,
    scale: usize,
    unit: Unit,
    value: Decimal,
    lln: Option<Decimal>,
    uln: Option<Decimal>,
    baseline: Option<Decimal>,
    abnormal_baseline: bool,
}

impl<'a> Prepared<'a> {
    fn of(rule: &Rule, case: &'a Case<'a>, notes: &mut Vec<Note>) -> Result<Self, MissingInputError> {
        let given = case.unit.unwrap_or(rule.units[0]);
        let place = rule.units.iter().position(|unit| *unit == given);
        let scale = place.or_else(|| (rule.units[0] == Unit::Ratio).then_some(0));
        case.is_possible()?;
        let code = analyte(case.analyte).unwrap_or(case.analyte);
        let into = |number: Decimal| match scale {
            Some(_) => Some(number),
            None => convert(code, number, given, rule.units[0]),
        };
        let all =
            |number: Option<Decimal>| number.map(|number| into(number).ok_or(MissingInputError::Unit)).transpose();
        let mut value = into(case.value).ok_or(MissingInputError::Unit)?;
        let unit = if scale.is_some() { given } else { rule.units[0] };
        if scale.is_none() {
            notes.push(Note::Converted(value, unit));
        }
        let (lln, uln, baseline) = (all(case.lln)?, all(case.uln)?, all(case.baseline)?);
        if lln.zip(uln).is_some_and(|(lln, uln)| lln > uln) {
            return Err(MissingInputError::Order);
        }
        if case.analyte.eq_ignore_ascii_case("CA") {
            let albumin = case.albumin.ok_or(MissingInputError::Albumin)?;
            let per = CALCIUM_PER_ALBUMIN[usize::from(unit == Unit::MilligramPerDecilitre)];
            value = corrected(value, albumin, per).ok_or(MissingInputError::Number)?;
            notes.push(Note::Corrected(value));
        }
        let baseline_uln = all(case.baseline_uln)?.or(uln);
        let abnormal_baseline = baseline.zip(baseline_uln).is_some_and(|(baseline, uln)| baseline > uln);
        Ok(Self { case, scale: scale.unwrap_or(0), unit, value, lln, uln, baseline, abnormal_baseline })
    }

    fn note(&self, rule: &Rule, notes: &mut Vec<Note>) {
        let asks = |wanted: fn(&Test) -> bool| rule.grades.iter().flat_map(|grade| grade.tests).any(wanted);
        let by_baseline = |test: &Test| {
            test.when != When::Anticoagulated
                && matches!(test.bound, Bound::Baseline(_) | Bound::OverBaseline(_) | Bound::Drop(_))
        };
        if self.baseline.is_none() && asks(by_baseline) {
            notes.push(Note::NoBaseline);
        } else if self.abnormal_baseline && asks(|test| test.when == When::BaselineAbnormal) {
            notes.push(Note::AbnormalBaseline);
        }
        if asks(|test| test.when == When::Anticoagulated) && self.case.anticoagulated.is_none() {
            notes.push(Note::AnticoagulationUnknown);
        }
        if self.case.reading != Reading::Exact {
            notes.push(Note::Qualified);
        }
    }

    fn verdict(&self, rule: &'static Rule, symptoms: bool) -> Verdict {
        let mut verdict = Verdict { held: None, missing: None };
        for grade in rule.grades {
            for test in grade.tests {
                match self.holds(test, symptoms) {
                    Ok(Some(bound)) => {
                        verdict.held = Some((grade, test, bound));
                        return verdict;
                    }
                    Ok(None) => {}
                    Err(missing) => verdict.missing = Some(verdict.missing.map_or(missing, |known| known.min(missing))),
                }
            }
        }
        verdict
    }

    /// The bound, when the test holds; none when it does not.
    fn holds(&self, test: &Test, symptoms: bool) -> Result<Option<Decimal>, MissingInputError> {
        let counts = match test.when {
            When::Always => true,
            When::BaselineNormal => !self.abnormal_baseline,
            When::BaselineAbnormal => self.abnormal_baseline,
            When::Symptoms => symptoms,
            When::Anticoagulated => self.case.anticoagulated == Some(true),
            // Decided below, once the test itself holds: what they need is not missing otherwise.
            When::AboveBaseline | When::BelowNormal => true,
        };
        if !counts {
            return Ok(None);
        }
        let (bound, side) = match test.when {
            When::BelowNormal if !self.compare(Side::Below, self.lln.ok_or(MissingInputError::Lower)?)? => {
                return Ok(None);
            }
            _ => match self.bound(test.bound) {
                // A change from a baseline that nobody has can't be claimed; the limits of normal still speak, and a note
                // says so. An anticoagulated patient has no other measure.
                Err(MissingInputError::Baseline) if test.when != When::Anticoagulated => return Ok(None),
                bound => (bound?, test.side),
            },
        };
        let holds = match test.bound {
            // "25 % decrease": a decrease of just as much counts.
            Bound::Drop(_) => self.is_at_most(bound)?,
            _ => self.compare(side, bound)?,
        };
        let also = test.when != When::AboveBaseline
            || (holds && self.compare(Side::Above, self.baseline.ok_or(MissingInputError::Baseline)?)?);
        Ok((holds && also).then_some(bound))
    }

    fn bound(&self, bound: Bound) -> Result<Decimal, MissingInputError> {
        let baseline = || self.baseline.filter(|number| *number > Decimal::ZERO).ok_or(MissingInputError::Baseline);
        let (number, product) = match bound {
            Bound::Fixed(numbers) => return Ok(numbers[self.scale]),
            Bound::Upper(factor) => (self.uln.ok_or(MissingInputError::Upper)?, Some(factor)),
            Bound::Lower(factor) => (self.lln.ok_or(MissingInputError::Lower)?, Some(factor)),
            Bound::Baseline(factor) => (baseline()?, Some(factor)),
            Bound::Drop(percent) => (baseline()?, Decimal::ONE.checked_sub(percent / Decimal::ONE_HUNDRED)),
            Bound::OverUpper(numbers) => {
                return self
                    .uln
                    .ok_or(MissingInputError::Upper)?
                    .checked_add(numbers[self.scale])
                    .ok_or(MissingInputError::Number);
            }
            Bound::OverBaseline(numbers) => {
                return baseline()?.checked_add(numbers[self.scale]).ok_or(MissingInputError::Number);
            }
        };
        product.and_then(|factor| number.checked_mul(factor)).ok_or(MissingInputError::Number)
    }

    /// Whether the value lies on that side of a bound, as far as its reading says.
    fn compare(&self, side: Side, bound: Decimal) -> Result<bool, MissingInputError> {
        let value = self.value;
        match (self.case.reading, side) {
            (Reading::Exact, Side::Above) => Ok(value > bound),
            (Reading::Exact, Side::From) => Ok(value >= bound),
            (Reading::Exact, Side::Below) => Ok(value < bound),
            (Reading::Below, Side::Below) if value <= bound => Ok(true),
            (Reading::Below, Side::Above | Side::From) if value <= bound => Ok(false),
            (Reading::Above, Side::Above | Side::From) if value >= bound => Ok(true),
            (Reading::Above, Side::Below) if value >= bound => Ok(false),
            (Reading::AtMost, Side::Below) if value < bound => Ok(true),
            (Reading::AtMost, Side::Above) if value <= bound => Ok(false),
            (Reading::AtMost, Side::From) if value < bound => Ok(false),
            (Reading::AtLeast, Side::Above) if value > bound => Ok(true),
            (Reading::AtLeast, Side::From) if value >= bound => Ok(true),
            (Reading::AtLeast, Side::Below) if value >= bound => Ok(false),
            (Reading::Below | Reading::Above | Reading::AtMost | Reading::AtLeast, _) => Err(MissingInputError::Number),
        }
    }

    /// Whether the value lies at a bound or below, as far as its reading says.
    fn is_at_most(&self, bound: Decimal) -> Result<bool, MissingInputError> {
        let value = self.value;
        match self.case.reading {
            Reading::Exact => Ok(value <= bound),
            Reading::Below | Reading::AtMost if value <= bound => Ok(true),
            Reading::Above if value >= bound => Ok(false),
            Reading::AtLeast if value > bound => Ok(false),
            _ => Err(MissingInputError::Number),
        }
    }
}

/// What the grades of a rule said, from the worst down to the first that holds.
struct Verdict {
    held: Option<(&'static Grade, &'static Test, Decimal)>,
    missing: Option<MissingInputError>,
}

impl Verdict {
    fn grade(&self) -> Option<u8> {
        match (self.held, self.missing) {
            (Some((grade, ..)), _) => Some(grade.grade),
            (None, None) => Some(0),
            (None, Some(_)) => None,
        }
    }

    fn settle(&self, trace: &mut Trace) -> Option<u8> {
        match self.held {
            Some((grade, test, bound)) => {
                trace.decided = Some((test, bound));
                trace.text = Some(grade.text);
                trace.notes.extend(self.missing.map(Note::NotExcluded));
            }
            None => trace.missing = self.missing,
        }
        self.grade()
    }
}
