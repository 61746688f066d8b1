//! The clinical functions that a study's expressions may call: the oncology room's computations under their names in CEL.
//!
//! | call | gives |
//! |---|---|
//! | `albi(bilirubin µmol/L, albumin g/L)` | score, unrounded |
//! | `albi_grade(…)`, `malbi_grade(…)` of the same two | `1`, `2`, `3`; `1`, `2a`, `2b`, `3` |
//! | `child_pugh(table, bilirubin, albumin, INR, ascites, encephalopathy)` | points |
//! | `child_pugh_pt(table, bilirubin, albumin, seconds beyond control, ascites, encephalopathy)` | points |
//! | `child_pugh_class(points)` | `A`, `B`, `C` |
//! | `bmi(kg, cm)`, `bsa(formula, kg, cm)` | kg/m², m² |
//! | `bed10(fractions, Gy)`, `eqd2(fractions, Gy)` | Gy |
//! | `bed(fractions, Gy, α/β)` | Gy |
//! | `qtcf(QT ms, rate per minute)` | ms |
//! | `ctcae_lab_grade(analyte, value, LLN, ULN, baseline)` | 0 to 4; limits and baseline may be missing |
//! | `ctcae_lab_term(…)` of the same five | the CTCAE term that was graded |
//! | `corrected_calcium(calcium mmol/L, albumin g/L)` | mmol/L, to be graded as `CACORR` |
//! | `cnlc(version, ECOG, Child-Pugh class, spread, vessels, nodules, mm)` | CNLC stage; any fact may be missing |
//! | `bclc(…)` of the same seven | BCLC stage |
//! | `vp_agrees(Cheng's type, VP class)` | whether both name the same vessel |
//! | `doses(frequency, days)` | doses in a period |
//! | `rdi(given, days, planned per cycle, days of a cycle, `FULL` or `LAST_DOSE`)` | per cent |
//! | `rild_in_time(days since first fraction, since last, within)` | whether a signal counts |
//! | `rild_exceeds(value, upper limit, times)` | whether it lies above |
//! | `rild_classic(ALP, its limit, times, bilirubin, its limit, times, ascites)` | whether the picture is the classic one |
//!
//! The functions of the RECIST engine look at the whole casebook: see `tumours/survey.rs`.
//!
//! `ctcae_lab_grade` takes its numbers in SI units (g/L, mmol/L, 10⁹/L) where limits are fixed, in any one unit where they are
//! multiples; it has no value where the grade can't be judged, which is not grade 0.
//!
//! Ascites is `NONE`, `SLIGHT` or `MODERATE`; encephalopathy `NONE`, `GRADE12` or `GRADE34`. A missing or qualified operand
//! (`<5`) gives no value.

use oncology::child_pugh::{Ascites, Clotting, Encephalopathy, Parts, Table, class};
use oncology::intensity::{self, Frequency, Plan};
use oncology::staging::{self, Extent};
use oncology::{albi, body, ctcae, dose, qtc, rild};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use study::rules::{Functions, Kind};
use study::value::Value;

/// Every clinical function, for [`study::Study::read`].
pub fn functions() -> Functions {
    use Kind::{Number, Text};
    let mut functions = Functions::default();
    functions
        .add("albi", &[Number, Number], Number, |args| albi::score(number(args, 0)?, number(args, 1)?).map(Value::from))
        .add("albi_grade", &[Number, Number], Text, |args| albi_grade(args).map(|grade| grade.albi().into()))
        .add("malbi_grade", &[Number, Number], Text, |args| albi_grade(args).map(|grade| grade.modified().into()))
        .add("child_pugh", &[Text, Number, Number, Number, Text, Text], Number, |args| points(args, Clotting::Inr))
        .add("child_pugh_pt", &[Text, Number, Number, Number, Text, Text], Number, |args| {
            points(args, Clotting::PtProlongation)
        })
        .add("child_pugh_class", &[Number], Text, |args| {
            class(number(args, 0)?.to_u8()?).map(|class| class.code().into())
        })
        .add("bmi", &[Number, Number], Number, |args| {
            body::mass_index(number(args, 0)?, number(args, 1)?).map(Value::from)
        })
        .add("bsa", &[Text, Number, Number], Number, |args| {
            let formula = body::SurfaceFormula::named(text(args, 0)?)?;
            body::surface_area(formula, number(args, 1)?, number(args, 2)?).map(Value::from)
        })
        .add("bed10", &[Number, Number], Number, |args| {
            dose::bed10(number(args, 0)?, number(args, 1)?).map(Value::from)
        })
        .add("eqd2", &[Number, Number], Number, |args| dose::eqd2(number(args, 0)?, number(args, 1)?).map(Value::from))
        .add("bed", &[Number; 3], Number, |args| {
            dose::bed(number(args, 0)?, number(args, 1)?, number(args, 2)?).map(Value::from)
        })
        .add("qtcf", &[Number, Number], Number, |args| {
            qtc::fridericia(number(args, 0)?, number(args, 1)?).map(Value::from)
        })
        .add("corrected_calcium", &[Number, Number], Number, |args| {
            ctcae::corrected_calcium(number(args, 0)?, number(args, 1)?).map(Value::from)
        })
        .add_open("ctcae_lab_grade", &[Text, Number, Number, Number, Number], Number, |args| {
            lab_proposal(args)?.grade.map(|grade| Decimal::from(grade).into())
        })
        .add_open("ctcae_lab_term", &[Text, Number, Number, Number, Number], Text, |args| {
            lab_proposal(args).map(|proposal| proposal.term.into())
        });
    staged(&mut functions);
    dosed(&mut functions);
    crate::tumours::add(&mut functions);
    functions
}

/// Stages, and the names of a thrombus.
fn staged(functions: &mut Functions) {
    use Kind::{Bool, Number, Text};
    let facts = [Text, Text, Text, Text, Text, Number, Number];
    functions
        .add_open("cnlc", &facts, Text, |args| {
            (open_text(args, 0)? == staging::CNLC).then(|| extent(args).cnlc())?.map(Value::from)
        })
        .add_open("bclc", &facts, Text, |args| {
            (open_text(args, 0)? == staging::BCLC).then(|| extent(args).bclc())?.map(Value::from)
        })
        .add("vp_agrees", &[Text, Text], Bool, |args| {
            let classes = staging::vp_of_cheng(text(args, 0)?)?;
            Some(Value::Bool(classes.contains(&text(args, 1)?)))
        });
}

/// Doses over time, and what they may do to the liver.
fn dosed(functions: &mut Functions) {
    use Kind::{Bool, Number, Text};
    functions
        .add("doses", &[Text, Number], Number, |args| {
            let days = number(args, 1)?.to_u32()?;
            Some(Decimal::from(Frequency::named(text(args, 0)?)?.doses(days)).into())
        })
        .add("rdi", &[Number, Number, Number, Number, Text], Number, |args| {
            let plan = Plan { dose: number(args, 2)?, days: number(args, 3)?.to_u32()? };
            let full = match text(args, 4)? {
                "FULL" => true,
                "LAST_DOSE" => false,
                _ => return None,
            };
            intensity::relative(number(args, 0)?, number(args, 1)?.to_u32()?, plan, full).map(Value::from)
        })
        .add("rild_in_time", &[Number; 3], Bool, |args| {
            Some(Value::Bool(rild::in_time(number(args, 0)?, number(args, 1)?, number(args, 2)?)))
        })
        .add("rild_exceeds", &[Number; 3], Bool, |args| {
            rild::exceeds(number(args, 0)?, number(args, 1)?, number(args, 2)?).map(Value::Bool)
        })
        .add("rild_classic", &[Number, Number, Number, Number, Number, Number, Text], Bool, |args| {
            let three = |from: usize| Some([number(args, from)?, number(args, from + 1)?, number(args, from + 2)?]);
            rild::classic(three(0)?, three(3)?, text(args, 6)? != "NONE").map(Value::Bool)
        });
}

fn open_text(args: &[Option<Value>], place: usize) -> Option<&str> {
    args.get(place)?.as_ref()?.as_text()
}

/// The facts of a stage: version, ECOG, Child-Pugh class, spread, vessels, nodules, mm.
fn extent(args: &[Option<Value>]) -> Extent {
    let number = |place: usize| args.get(place)?.as_ref()?.as_decimal();
    let yes = |place: usize| Some(open_text(args, place)? == "Y");
    Extent {
        ecog: open_text(args, 1).and_then(|ecog| ecog.parse().ok()),
        child_pugh_c: open_text(args, 2).map(|class| class == "C"),
        extrahepatic: yes(3),
        vessels: yes(4),
        nodules: number(5).and_then(|nodules| nodules.to_u32()),
        largest_mm: number(6),
    }
}

fn number(args: &[Value], place: usize) -> Option<Decimal> {
    args.get(place)?.as_decimal()
}

fn text(args: &[Value], place: usize) -> Option<&str> {
    args.get(place)?.as_text()
}

/// The proposal for analyte, value, limits and baseline, all but the first two perhaps missing.
fn lab_proposal(args: &[Option<Value>]) -> Option<ctcae::Proposal> {
    let number = |place: usize| args.get(place)?.as_ref()?.as_decimal();
    let analyte = args.first()?.as_ref()?.as_text()?;
    let case =
        ctcae::Case { lln: number(2), uln: number(3), baseline: number(4), ..ctcae::Case::new(analyte, number(1)?) };
    ctcae::propose(&case)
}

fn albi_grade(args: &[Value]) -> Option<albi::Grade> {
    albi::score(number(args, 0)?, number(args, 1)?).map(albi::grade)
}

fn points(args: &[Value], clotting: fn(Decimal) -> Clotting) -> Option<Value> {
    let parts = Parts {
        bilirubin_umol_l: number(args, 1)?,
        albumin_g_l: number(args, 2)?,
        clotting: clotting(number(args, 3)?),
        ascites: match text(args, 4)? {
            "NONE" => Ascites::None,
            "SLIGHT" => Ascites::Slight,
            "MODERATE" => Ascites::Moderate,
            _ => return None,
        },
        encephalopathy: match text(args, 5)? {
            "NONE" => Encephalopathy::None,
            "GRADE12" => Encephalopathy::Grade12,
            "GRADE34" => Encephalopathy::Grade34,
            _ => return None,
        },
    };
    Some(Decimal::from(Table::named(text(args, 0)?)?.points(&parts)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_no_table_knows_give_nothing() {
        let args = |table: &str, ascites: &str| -> Vec<Value> {
            let number = |n: i64| Value::from(Decimal::from(n));
            vec![table.into(), number(10), number(45), number(1), ascites.into(), "NONE".into()]
        };
        assert_eq!(points(&args("PUGH-1", "NONE"), Clotting::Inr), Some(Decimal::from(5).into()));
        assert_eq!(points(&args("PUGH-1", "PLENTY"), Clotting::Inr), None);
        assert_eq!(points(&args("PUGH-9", "NONE"), Clotting::Inr), None);
        assert_eq!(points(&[], Clotting::Inr), None);
    }

    #[test]
    fn every_name_is_registered() {
        let functions = super::functions();
        let names: Vec<_> = functions.names().collect();
        let expected = [
            "albi",
            "albi_grade",
            "bclc",
            "bed",
            "bed10",
            "bmi",
            "bsa",
            "child_pugh",
            "child_pugh_class",
            "child_pugh_pt",
            "cnlc",
            "corrected_calcium",
            "ctcae_lab_grade",
            "ctcae_lab_term",
            "doses",
            "eqd2",
            "malbi_grade",
            "qtcf",
            "rdi",
            "recist_agrees",
            "recist_progression_date",
            "recist_response",
            "rild_classic",
            "rild_exceeds",
            "rild_in_time",
            "vp_agrees",
        ];
        assert_eq!(names, expected);
    }
}
