//! The functions that rules may call, called by a study's own expressions and held against formulas in floating point.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use study::rules::{Answer, Answers};
use study::value::PartialDate;
use study::{CellKey, EventKey, FormKey, Oid, Repeat, Study};

use crate::stage::{form_key, read};

/// Every expression that is called here, with the data type of what it gives. `A` to `F` are numbers that are handed in.
const CALLS: [(&str, &str); 34] = [
    ("albi(A, B)", "float"),
    ("albi_grade(A, B)", "text"),
    ("malbi_grade(A, B)", "text"),
    (r#"child_pugh("PUGH-1", A, B, C, "NONE", "NONE")"#, "integer"),
    (r#"child_pugh("PUGH-1", A, B, C, "SLIGHT", "GRADE34")"#, "integer"),
    (r#"child_pugh("PUGH-1", A, B, C, "MODERATE", "GRADE12")"#, "integer"),
    (r#"child_pugh("PUGH-9", A, B, C, "NONE", "NONE")"#, "integer"),
    (r#"child_pugh("PUGH-1", A, B, C, "PLENTY", "NONE")"#, "integer"),
    (r#"child_pugh("PUGH-1", A, B, C, "NONE", "DEEP")"#, "integer"),
    (r#"child_pugh_pt("PUGH-1", A, B, C, "NONE", "NONE")"#, "integer"),
    ("child_pugh_class(A)", "text"),
    ("bmi(A, B)", "float"),
    (r#"bsa("MOSTELLER", A, B)"#, "float"),
    (r#"bsa("DUBOIS", A, B)"#, "float"),
    (r#"bsa("BY EYE", A, B)"#, "float"),
    ("bed10(A, B)", "float"),
    ("eqd2(A, B)", "float"),
    ("bed(A, B, C)", "float"),
    ("qtcf(A, B)", "float"),
    ("corrected_calcium(A, B)", "float"),
    (r#"doses("QD21/28", A)"#, "integer"),
    (r#"doses("SOMETIMES", A)"#, "integer"),
    (r#"rdi(A, B, C, D, "FULL")"#, "float"),
    (r#"rdi(A, B, C, D, "LAST_DOSE")"#, "float"),
    (r#"rdi(A, B, C, D, "HALF")"#, "float"),
    ("rild_in_time(A, B, C)", "boolean"),
    ("rild_exceeds(A, B, C)", "boolean"),
    (r#"rild_classic(A, B, C, D, E, F, "SLIGHT")"#, "boolean"),
    (r#"rild_classic(A, B, C, D, E, F, "NONE")"#, "boolean"),
    (r#"vp_agrees("II", "VP3")"#, "boolean"),
    (r#"vp_agrees("II", "VP4")"#, "boolean"),
    (r#"vp_agrees("V", "VP4")"#, "boolean"),
    (r#"ctcae_lab_grade("ALT", A, B, C, D)"#, "integer"),
    (r#"ctcae_lab_grade("HAIR", A, B, C, D)"#, "integer"),
];
/// Stages by the facts that are words: ECOG, class, spread, vessels. `A` and `B` are nodules and mm.
const STAGED: [&str; 4] =
    [r#""0", "A", "N", "N""#, r#""1", "A", "N", "Y""#, r#""3", "A", "Y", "N""#, r#""0", "B", "Y", "N""#];

fn expressions() -> Vec<(String, &'static str)> {
    let mut all: Vec<(String, &str)> = CALLS.iter().map(|(text, kind)| ((*text).to_owned(), *kind)).collect();
    for words in STAGED {
        all.push((format!(r#"cnlc("CNLC-2024", {words}, A, B)"#), "text"));
        all.push((format!(r#"bclc("BCLC-2022", {words}, A, B)"#), "text"));
    }
    all.push((r#"cnlc("CNLC-1999", "0", "A", "N", "N", A, B)"#.to_owned(), "text"));
    all.push((r#"ctcae_lab_term("ALT", A, B, C, D)"#.to_owned(), "text"));
    all
}

/// A study of one form: numbers that are typed, and one computed item for each expression.
static CALLING: LazyLock<Study> = LazyLock::new(|| {
    let (mut refs, mut items, mut methods) = (String::new(), String::new(), String::new());
    for name in ["A", "B", "C", "D", "E", "F"] {
        refs += &format!("<ItemRef ItemOID=\"IT.C.{name}\" Mandatory=\"No\"/>");
        items += &format!(
            "<ItemDef OID=\"IT.C.{name}\" Name=\"{name}\" DataType=\"float\" Length=\"20\">\
             <Alias Context=\"urn:outpost:odm:1:qualifier\" Name=\"&lt; &gt;\"/></ItemDef>"
        );
    }
    for (n, (text, kind)) in expressions().into_iter().enumerate() {
        let text = text.replace('"', "&quot;");
        refs += &format!("<ItemRef ItemOID=\"IT.C.OUT{n}\" Mandatory=\"No\" MethodOID=\"MT.{n}\"/>");
        let length = if kind == "text" || kind == "integer" { " Length=\"60\"" } else { "" };
        items += &format!("<ItemDef OID=\"IT.C.OUT{n}\" Name=\"OUT{n}\" DataType=\"{kind}\"{length}/>");
        methods += &format!(
            "<MethodDef OID=\"MT.{n}\" Name=\"{n}\" Type=\"Computation\"><Description><TranslatedText xml:lang=\"en\">{n}\
             </TranslatedText></Description><FormalExpression Context=\"CEL\">{text}</FormalExpression></MethodDef>"
        );
    }
    let xml = format!(
        "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\" FileType=\"Snapshot\" \
         Granularity=\"Metadata\" FileOID=\"C\" CreationDateTime=\"2026-11-23T00:00:00+00:00\"><Study OID=\"ST.C\">\
         <GlobalVariables><StudyName>Calls (sample)</StudyName><StudyDescription>Calls</StudyDescription>\
         <ProtocolName>C</ProtocolName></GlobalVariables><MetaDataVersion OID=\"MDV.1\" Name=\"1\"><Protocol>\
         <StudyEventRef StudyEventOID=\"SE.C\" OrderNumber=\"1\" Mandatory=\"No\"/></Protocol><StudyEventDef \
         OID=\"SE.C\" Name=\"C\" Repeating=\"No\" Type=\"Common\"><FormRef FormOID=\"F.C\" Mandatory=\"No\"/>\
         </StudyEventDef><FormDef OID=\"F.C\" Name=\"C\" Repeating=\"No\"><ItemGroupRef ItemGroupOID=\"IG.C\" \
         Mandatory=\"No\"/></FormDef><ItemGroupDef OID=\"IG.C\" Name=\"C\" Repeating=\"No\">{refs}</ItemGroupDef>\
         {items}{methods}</MetaDataVersion></Study></ODM>"
    );
    read(&xml).unwrap_or_else(|faults| panic!("{faults:#?}"))
});

/// The numbers that are handed in.
struct Given(BTreeMap<String, String>);

impl Answers for Given {
    fn cell(&self, place: &CellKey) -> Option<Answer<'_>> {
        let value = self.0.get(place.item.as_str())?;
        Some(Answer { value: Cow::Borrowed(value), unit: None })
    }

    fn forms(&self, _: &Oid) -> Vec<FormKey> {
        vec![form_key("SE.C[1]/F.C[1]")]
    }

    fn rows(&self, _: &FormKey, _: &Oid) -> Vec<Repeat> {
        Vec::new()
    }

    fn event_date(&self, _: &EventKey) -> Option<PartialDate> {
        None
    }
}

/// What an expression gives of these numbers; an empty one is missing.
fn call(expression: &str, numbers: &[&str]) -> Option<String> {
    let place = expressions().iter().position(|(text, _)| text == expression).expect("an expression of the list");
    let names = ["A", "B", "C", "D", "E", "F"].iter().zip(numbers).filter(|(_, number)| !number.is_empty());
    let given = Given(names.map(|(name, number)| (format!("IT.C.{name}"), (*number).to_owned())).collect());
    let key = form_key("SE.C[1]/F.C[1]").cell("IG.C", "1", format!("IT.C.OUT{place}"));
    CALLING.rules().derive(&key, &given).expect("a computed item").value
}

/// Whole numbers of tenths as text and as floating point.
fn tenths(number: u32) -> (String, f64) {
    (format!("{}.{}", number / 10, number % 10), f64::from(number) / 10.0)
}

fn near(said: Option<String>, wanted: f64) -> bool {
    said.and_then(|said| said.parse::<f64>().ok())
        .is_some_and(|said| (said - wanted).abs() <= 1e-5 * wanted.abs().max(1.0))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Each function gets its arguments in the order in which the table names them.
    #[test]
    fn formulas_of_two_numbers(a in 1..5_000_u32, b in 1..2_500_u32) {
        let ((a, x), (b, y)) = (tenths(a), tenths(b));
        let said = |expression| call(expression, &[&a, &b]);
        prop_assert!(near(said("albi(A, B)"), 0.66 * x.log10() - 0.085 * y));
        prop_assert!(near(said("bmi(A, B)"), x / (y / 100.0).powi(2)));
        prop_assert!(near(said(r#"bsa("MOSTELLER", A, B)"#), (x * y / 3600.0).sqrt()));
        prop_assert!(near(said(r#"bsa("DUBOIS", A, B)"#), 0.007_184 * x.powf(0.425) * y.powf(0.725)));
        prop_assert!(near(said("bed10(A, B)"), x * y * (1.0 + y / 10.0)));
        prop_assert!(near(said("eqd2(A, B)"), x * y * (y + 10.0) / 12.0));
        prop_assert!(near(call("bed(A, B, C)", &[&a, &b, "3"]), x * y * (1.0 + y / 3.0)));
        prop_assert!(near(said("qtcf(A, B)"), x / (60.0 / y).cbrt()));
        prop_assert!(near(said("corrected_calcium(A, B)"), x + 0.02 * (40.0 - y)));
        let score = 0.66 * x.log10() - 0.085 * y;
        if [-2.60, -2.27, -1.39].iter().all(|limit: &f64| (score - limit).abs() > 1e-6) {
            let (grade, split) = match score {
                score if score <= -2.60 => ("1", "1"),
                score if score < -2.27 => ("2", "2a"),
                score if score <= -1.39 => ("2", "2b"),
                _ => ("3", "3"),
            };
            prop_assert_eq!(said("albi_grade(A, B)"), Some(grade.to_owned()));
            prop_assert_eq!(said("malbi_grade(A, B)"), Some(split.to_owned()));
        }
    }

    #[test]
    fn doses_and_intensity_by_counting_days(days in 1..120_u32, given in 1..400_u32, planned in 1..400_u32, cycle in 1..40_u32) {
        let text = |number: u32| number.to_string();
        let taken = (0..days).filter(|day| day % 28 < 21).count();
        prop_assert_eq!(call(r#"doses("QD21/28", A)"#, &[&text(days)]), Some(taken.to_string()));
        let said = |expression| call(expression, &[&text(given), &text(days), &text(planned), &text(cycle)]);
        let percent = |days: u32| 100.0 * (f64::from(given) / f64::from(days)) / (f64::from(planned) / f64::from(cycle));
        prop_assert!(near(said(r#"rdi(A, B, C, D, "LAST_DOSE")"#), percent(days)));
        let whole = (1..).map(|n| n * cycle).find(|whole| *whole >= days).expect("a whole number of cycles");
        prop_assert!(near(said(r#"rdi(A, B, C, D, "FULL")"#), percent(whole)));
    }

    #[test]
    fn points_by_a_table_on_paper(bilirubin in 1..1_000_u32, albumin in 1..600_u32, clotting in 1..90_u32) {
        let ((a, x), (b, y), (c, z)) = (tenths(bilirubin), tenths(albumin), tenths(clotting));
        let rising = |value: f64, one: f64, two: f64| if value < one { 1 } else if value <= two { 2 } else { 3 };
        let blood = rising(x, 34.2, 51.3) + if y > 35.0 { 1 } else if y >= 28.0 { 2 } else { 3 };
        let said = |expression: &str| call(expression, &[&a, &b, &c]);
        for (ascites, brain, more) in [("NONE", "NONE", 2), ("SLIGHT", "GRADE34", 5), ("MODERATE", "GRADE12", 5)] {
            let expression = format!(r#"child_pugh("PUGH-1", A, B, C, "{ascites}", "{brain}")"#);
            prop_assert_eq!(said(&expression), Some((blood + rising(z, 1.7, 2.3) + more).to_string()));
        }
        let by_time = said(r#"child_pugh_pt("PUGH-1", A, B, C, "NONE", "NONE")"#);
        prop_assert_eq!(by_time, Some((blood + rising(z, 4.0, 6.0) + 2).to_string()));
    }
}

#[test]
fn a_code_that_no_table_knows_gives_no_value() {
    let three = ["10", "45", "1"];
    for expression in [
        r#"child_pugh("PUGH-9", A, B, C, "NONE", "NONE")"#,
        r#"child_pugh("PUGH-1", A, B, C, "PLENTY", "NONE")"#,
        r#"child_pugh("PUGH-1", A, B, C, "NONE", "DEEP")"#,
        r#"bsa("BY EYE", A, B)"#,
        r#"doses("SOMETIMES", A)"#,
        r#"rdi(A, B, C, D, "HALF")"#,
        r#"vp_agrees("V", "VP4")"#,
        r#"ctcae_lab_grade("HAIR", A, B, C, D)"#,
        r#"cnlc("CNLC-1999", "0", "A", "N", "N", A, B)"#,
    ] {
        assert_eq!(call(expression, &[three[0], three[1], three[2], "7"]), None, "{expression}");
    }
    assert_eq!(call(r#"child_pugh("PUGH-1", A, B, C, "NONE", "NONE")"#, &three).as_deref(), Some("5"));
}

#[test]
fn a_missing_or_qualified_number_gives_no_value() {
    // These take what is missing for an answer of its own.
    let open =
        |expression: &str| ["cnlc", "bclc", "ctcae", "vp_agrees"].iter().any(|name| expression.starts_with(name));
    let numbers = ["12", "40", "1", "21", "40", "2"];
    let strict: Vec<String> = expressions().into_iter().map(|(text, _)| text).filter(|text| !open(text)).collect();
    assert!(strict.len() > 25);
    for expression in strict {
        for (at, name) in ["A", "B", "C", "D", "E", "F"].into_iter().enumerate() {
            let asked = expression.split(['(', ',', ')']).any(|argument| argument.trim() == name);
            for hole in ["", "<5", ">5"].into_iter().filter(|_| asked) {
                let mut given = numbers;
                given[at] = hole;
                assert_eq!(call(&expression, &given), None, "{expression} with {name} = {hole:?}");
            }
        }
    }
}

#[test]
fn numbers_that_no_body_has_give_no_value() {
    for (expression, numbers) in [
        ("albi(A, B)", vec!["0", "40"]),
        ("bmi(A, B)", vec!["70", "0"]),
        (r#"bsa("MOSTELLER", A, B)"#, vec!["-70", "170"]),
        ("bed(A, B, C)", vec!["5", "8", "0"]),
        ("qtcf(A, B)", vec!["400", "0"]),
        ("child_pugh_class(A)", vec!["4"]),
        ("child_pugh_class(A)", vec!["16"]),
        ("child_pugh_class(A)", vec!["-5"]),
        ("child_pugh_class(A)", vec!["261"]),
        (r#"doses("QD21/28", A)"#, vec!["-1"]),
        (r#"rdi(A, B, C, D, "FULL")"#, vec!["10", "-1", "10", "21"]),
        (r#"rdi(A, B, C, D, "FULL")"#, vec!["10", "5", "10", "0"]),
        ("rild_exceeds(A, B, C)", vec!["10", "0", "5"]),
    ] {
        assert_eq!(call(expression, &numbers), None, "{expression} of {numbers:?}");
    }
    let classes =
        ["5", "6", "7", "9", "10", "15"].map(|points| call("child_pugh_class(A)", &[points]).expect("a class"));
    assert_eq!(classes, ["A", "A", "B", "B", "C", "C"]);
}

#[test]
fn signals_of_the_liver() {
    let yes = |expression: &str, numbers: &[&str]| call(expression, numbers).map(|said| said == "true");
    assert_eq!(yes("rild_in_time(A, B, C)", &["0", "92", "92"]), Some(true));
    assert_eq!(yes("rild_in_time(A, B, C)", &["-1", "-9", "92"]), Some(false), "before the first fraction");
    assert_eq!(yes("rild_in_time(A, B, C)", &["120", "93", "92"]), Some(false));
    assert_eq!(yes("rild_exceeds(A, B, C)", &["251", "50", "5"]), Some(true));
    assert_eq!(yes("rild_exceeds(A, B, C)", &["250", "50", "5"]), Some(false));
    // Alkaline phosphatase, its limit and multiple; bilirubin, its limit and multiple.
    let picture = [r#"rild_classic(A, B, C, D, E, F, "SLIGHT")"#, r#"rild_classic(A, B, C, D, E, F, "NONE")"#];
    assert_eq!(yes(picture[0], &["241", "120", "2", "20", "21", "2"]), Some(true));
    assert_eq!(yes(picture[1], &["241", "120", "2", "20", "21", "2"]), Some(false), "no ascites");
    assert_eq!(yes(picture[0], &["240", "120", "2", "20", "21", "2"]), Some(false));
    assert_eq!(yes(picture[0], &["241", "120", "2", "43", "21", "2"]), Some(false), "jaundice");
    assert_eq!(yes(r#"vp_agrees("II", "VP3")"#, &[]), Some(true));
    assert_eq!(yes(r#"vp_agrees("II", "VP4")"#, &[]), Some(false));
}

#[test]
fn stages_are_told_as_soon_as_the_facts_decide() {
    let cnlc =
        |words: usize, numbers: &[&str]| call(&format!(r#"cnlc("CNLC-2024", {}, A, B)"#, STAGED[words]), numbers);
    let bclc =
        |words: usize, numbers: &[&str]| call(&format!(r#"bclc("BCLC-2022", {}, A, B)"#, STAGED[words]), numbers);
    // Trial file, Derivations: single over 5 cm or two to three to 3 cm are Ib, two to three over 3 cm IIa, four or more IIb.
    for (nodules, mm, stage, other) in [
        ("1", "20", "Ia", "0"),
        ("1", "50", "Ia", "A"),
        ("1", "51", "Ib", "A"),
        ("3", "30", "Ib", "A"),
        ("2", "31", "IIa", "B"),
        ("4", "9", "IIb", "B"),
    ] {
        assert_eq!(cnlc(0, &[nodules, mm]).as_deref(), Some(stage), "{nodules} of {mm} mm");
        assert_eq!(bclc(0, &[nodules, mm]).as_deref(), Some(other), "{nodules} of {mm} mm");
    }
    assert_eq!((cnlc(1, &[]).as_deref(), bclc(1, &[]).as_deref()), (Some("IIIa"), Some("C")), "vessels decide alone");
    assert_eq!((cnlc(2, &[]).as_deref(), bclc(2, &[]).as_deref()), (Some("IV"), Some("D")), "ECOG 3 decides alone");
    assert_eq!((cnlc(3, &[]).as_deref(), bclc(3, &[]).as_deref()), (Some("IIIb"), Some("C")), "spread decides alone");
    assert_eq!((cnlc(0, &["1", ""]), bclc(0, &["", "20"])), (None, None));
    assert_eq!(cnlc(0, &["0", "0"]), None, "no tumour is left to stage");
}

#[test]
fn a_grade_is_no_zero_where_a_limit_is_missing() {
    let grade = |numbers: &[&str]| call(r#"ctcae_lab_grade("ALT", A, B, C, D)"#, numbers);
    let term = |numbers: &[&str]| call(r#"ctcae_lab_term("ALT", A, B, C, D)"#, numbers);
    assert_eq!(grade(&["40", "9", "50", "40"]).as_deref(), Some("0"));
    assert_eq!(grade(&["151", "9", "50", ""]).as_deref(), Some("2"), "the baseline may be missing");
    assert_eq!(grade(&["151", "", "50", "100"]).as_deref(), Some("1"), "1.51 times an abnormal baseline");
    assert_eq!(grade(&["40", "9", "", ""]), None);
    assert_eq!(grade(&["", "9", "50", "40"]), None);
    assert_eq!(term(&["40", "9", "", ""]).as_deref(), Some("Alanine aminotransferase increased"));
}
