//! The keyboard, tried on the built-in trial.

use clinical::functions;
use std::sync::LazyLock;
use study::Study;
use study::value::TypedValueError;

static STUDY: LazyLock<Study> = LazyLock::new(|| {
    let study = Study::read(studies::TRIAL_NAME, studies::TRIAL, &functions());
    study.unwrap_or_else(|faults| panic!("{}", faults[0]))
});

/// What is stored: the value, and the unit after a blank where one was typed.
fn typed(item: &str, text: &str) -> Result<String, TypedValueError> {
    let item = STUDY.items.get(item).unwrap_or_else(|| panic!("{item}"));
    let entered = item.normalise(&STUDY, text)?;
    assert!(item.kind.read(&entered.value).is_ok(), "what is typed can be read");
    if entered.value != text {
        assert_eq!(entered.raw.as_deref(), Some(text), "what was typed is kept");
    }
    Ok(match entered.unit {
        Some(unit) => format!("{} {unit}", entered.value),
        None => entered.value,
    })
}

#[test]
fn numbers_come_with_units_in_either_script() {
    for (item, text, stored) in [
        ("IT.LBC.BILI", "0.9 mg/dL", "0.9 MU.MG_DL"),
        ("IT.LBC.BILI", "0,9mg/dl", "0.9 MU.MG_DL"),
        ("IT.LBC.BILI", "17 umol/L", "17 MU.UMOL_L"),
        ("IT.LBC.BILI", "１７．５０　μmol／L", "17.50 MU.UMOL_L"),
        ("IT.LBC.BILI", "17.10", "17.10"),
        ("IT.LBH.WBC", "4.5 x10^9/L", "4.5 MU.E9_L"),
        ("IT.LBH.WBC", "4.5×10⁹/L", "4.5 MU.E9_L"),
        ("IT.LBH.WBC", "4.5 10*9/L", "4.5 MU.E9_L"),
        ("IT.LBV.HBVDNA", "<20 IU/mL", "<20 MU.IU_ML"),
        ("IT.LBV.HBVDNA", "＜２０", "<20"),
        ("IT.LBV.HBVDNA", "《 20", "<20"),
        ("IT.LBT.AFP", ">60500", ">60500"),
        ("IT.LBT.AFP", "=12", "12"),
    ] {
        assert_eq!(typed(item, text).as_deref(), Ok(stored), "{text}");
    }
    for (item, text, fault) in [
        ("IT.LBC.BILI", "1,234", TypedValueError::AmbiguousSeparator),
        ("IT.LBC.BILI", "1 234", TypedValueError::AmbiguousSeparator),
        ("IT.LBC.BILI", "17 furlongs", TypedValueError::UnknownUnit),
        ("IT.LBC.BILI", "17 g/L", TypedValueError::UnknownUnit),
        ("IT.LBC.BILI", "much", TypedValueError::NotANumber),
        ("IT.LBC.BILI", "  ", TypedValueError::Empty),
        ("IT.VS.WEIGHT", "<70", TypedValueError::QualifierNotAccepted),
    ] {
        assert_eq!(typed(item, text), Err(fault), "{text}");
    }
}

#[test]
fn codes_come_by_code_label_or_place() {
    for text in ["M", "m", "male", "MALE", "男", "1", "１"] {
        assert_eq!(typed("IT.DM.SEX", text).as_deref(), Ok("M"), "{text}");
    }
    assert_eq!(typed("IT.DM.SEX", "2").as_deref(), Ok("F"));
    assert_eq!(typed("IT.DM.SEX", "3"), Err(TypedValueError::NoSuchChoice));
    assert_eq!(typed("IT.DM.SEX", "x"), Err(TypedValueError::NoSuchChoice));
    // Where the codes are numbers, a digit is the code and never the place.
    assert_eq!(typed("IT.ECOG.ECOG", "1").as_deref(), Ok("1"));
    assert_eq!(typed("IT.ECOG.ECOG", "6"), Err(TypedValueError::NoSuchChoice));
}

#[test]
fn dates_and_truths_are_typed_freely() {
    assert_eq!(typed("IT.DM.BRTHDAT", "un/mar/1961").as_deref(), Ok("1961-03"));
    assert_eq!(typed("IT.DM.BRTHDAT", "１９６１年３月").as_deref(), Ok("1961-03"));
    assert_eq!(typed("IT.DM.BRTHDAT", "12/3/61"), Err(TypedValueError::TwoDigitYear));
    assert_eq!(typed("IT.ICF.DSSTDAT", "mar 2024"), Err(TypedValueError::DateNotWhole));
    assert_eq!(typed("IT.ICF.DSSTDAT", "12 3 2024").as_deref(), Ok("2024-03-12"));
    for (text, stored) in [("y", "true"), ("是", "true"), ("0", "false"), ("No", "false")] {
        assert_eq!(typed("IT.AE.AESDTH", text).as_deref(), Ok(stored));
    }
    assert_eq!(typed("IT.AE.AESDTH", "perhaps"), Err(TypedValueError::NotABoolean));
}
