//! Amendments: each change of a study file is told once, and what must not change is refused.

use proptest::prelude::*;
use study::amend::{Difference, Fate, diff, unfit};
use study::{Functions, Study};

const GOOD: &str = include_str!("../src/read/tests/good.xml");

/// A change of the file, and what is told of it as `part fate oid`.
type Change = (&'static str, &'static str, &'static [&'static str]);

/// Changes that an amendment may make. No two touch the same text.
const CHANGES: &[Change] = &[
    ("OID=\"SE.SCR\" Name=\"SCR\"", "OID=\"SE.SCR\" Name=\"Screening\"", &["event reworded SE.SCR"]),
    ("Name=\"0 +7\"", "Name=\"-1 +7\"", &["event rescheduled SE.DAY1"]),
    ("1:offset\" Name=\"42\"", "1:offset\" Name=\"28\"", &["event rescheduled SE.TA"]),
    (
        "<FormRef FormOID=\"F.AE\" Mandatory=\"No\"/>",
        "<FormRef FormOID=\"F.AE\" Mandatory=\"Yes\"/>",
        &["form required F.AE"],
    ),
    ("Vital signs</TranslatedText>", "Vitals</TranslatedText>", &["form reworded F.VS"]),
    ("<ItemRef ItemOID=\"IT.DM.BRTHDAT\" Mandatory=\"No\"/>", "", &["item retired IT.DM.BRTHDAT"]),
    (
        "<ItemRef ItemOID=\"IT.DM.SEX\" Mandatory=\"Yes\"/>",
        "<ItemRef ItemOID=\"IT.DM.SEX\" Mandatory=\"No\"/>",
        &["item optional IT.DM.SEX"],
    ),
    (" CollectionExceptionConditionOID=\"CO.NOVS\"/>", "/>", &["item changed IT.VS.DIABP"]),
    ("Systolic blood pressure", "Systolic blood pressure, seated", &["item reworded IT.VS.SYSBP"]),
    ("DataType=\"text\" Length=\"200\"", "DataType=\"text\" Length=\"100\"", &["item changed IT.AE.TERM"]),
    ("<CheckValue>300</CheckValue>", "<CheckValue>280</CheckValue>", &["check changed IT.VS.SYSBP#1"]),
    ("SYSBP > DIABP", "SYSBP >= DIABP", &["check changed IT.VS.SYSBP#2"]),
    ("MU.MGDL=17.1", "MU.MGDL=17.104", &["unit changed MU.MGDL"]),
    (">Female<", ">Woman<", &["code reworded CL.SEX"]),
    ("VSPERF == false", "!VSPERF", &["condition changed CO.NOVS"]),
    ("SYSBP - DIABP", "DIABP - SYSBP", &["method changed MT.PP"]),
    ("Name=\"250 | Protocol 1.0", "Name=\"240 | Protocol 1.1", &["setting changed MAXSBP"]),
];

fn read(text: &str) -> Study {
    Study::read("study.xml", text.as_bytes(), &Functions::default()).unwrap_or_else(|issues| panic!("{issues:#?}"))
}

/// The file after some changes, as another metadata version.
fn amended(changes: &[&Change]) -> String {
    let mut text = GOOD.replace("MetaDataVersion OID=\"MDV.1\"", "MetaDataVersion OID=\"MDV.2\"");
    for (from, to, _) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    text
}

fn told(differences: &[Difference]) -> Vec<String> {
    let mut told: Vec<String> =
        differences.iter().map(|one| format!("{} {} {}", one.part.code(), one.fate.code(), one.oid)).collect();
    told.sort();
    told
}

fn expected(changes: &[&Change]) -> Vec<String> {
    let mut told: Vec<String> = changes.iter().flat_map(|(_, _, told)| *told).map(|one| (*one).to_owned()).collect();
    told.sort();
    told
}

/// What the way back is called.
fn reverse(fate: Fate) -> Fate {
    match fate {
        Fate::Added => Fate::Retired,
        Fate::Retired => Fate::Added,
        Fate::Required => Fate::Optional,
        Fate::Optional => Fate::Required,
        same => same,
    }
}

#[test]
fn a_version_does_not_differ_from_itself() {
    let study = read(GOOD);
    assert_eq!(diff(&study, &study), []);
    assert_eq!(diff(&study, &read(&amended(&[]))), [], "the version's own OID is no difference");
    let moved = GOOD.replace("<Protocol>", "\n\n<!-- moved -->\n<Protocol>");
    assert_eq!(diff(&study, &read(&moved)), [], "lines are no difference");
}

#[test]
fn each_change_is_told_once() {
    let old = read(GOOD);
    for change in CHANGES {
        let new = read(&amended(&[change]));
        let differences = diff(&old, &new);
        assert_eq!(told(&differences), expected(&[change]), "{}", change.1);
        assert!(unfit(&old, &new).is_empty(), "{}", change.1);
        let said = differences[0].to_string();
        assert!(said.contains(differences[0].oid.as_str()) && said.len() > 20, "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Several changes are told as each by itself, and the way back is told in reverse.
    #[test]
    fn changes_do_not_hide_one_another(chosen in prop::collection::btree_set(0..CHANGES.len(), 0..CHANGES.len())) {
        let changes: Vec<&Change> = chosen.iter().map(|&at| &CHANGES[at]).collect();
        let (old, new) = (read(GOOD), read(&amended(&changes)));
        let forth = diff(&old, &new);
        prop_assert_eq!(told(&forth), expected(&changes));
        let mut back = diff(&new, &old);
        for one in &mut back {
            one.fate = reverse(one.fate);
            std::mem::swap(&mut one.was, &mut one.now);
        }
        prop_assert_eq!(told(&back), told(&forth));
        for one in &forth {
            let same = back.iter().find(|other| (other.part, &other.oid) == (one.part, &one.oid));
            let same = same.map(|other| (&other.was, &other.now, &other.within));
            prop_assert_eq!(same, Some((&one.was, &one.now, &one.within)));
        }
    }
}

#[test]
fn a_new_item_and_a_renamed_code_are_told() {
    let text = amended(&[])
        .replace(
            "<ItemRef ItemOID=\"IT.DM.SEX\"",
            "<ItemRef ItemOID=\"IT.DM.RACE\" Mandatory=\"Yes\"/><ItemRef ItemOID=\"IT.DM.SEX\"",
        )
        .replace(
            "<ItemDef OID=\"IT.DM.BRTHDAT\"",
            "<ItemDef OID=\"IT.DM.RACE\" Name=\"Race\" DataType=\"text\"/><ItemDef OID=\"IT.DM.BRTHDAT\"",
        )
        .replace("CodedValue=\"F\"", "CodedValue=\"W\"")
        .replacen("</CodeListItem>", "<Alias Context=\"urn:outpost:odm:1:was\" Name=\"F\"/></CodeListItem>", 1);
    let (old, new) = (read(GOOD), read(&text));
    assert_eq!(told(&diff(&old, &new)), ["code renamed CL.SEX", "item added IT.DM.RACE", "item required IT.DM.RACE"]);
    assert!(unfit(&old, &new).is_empty());
    assert_eq!(new.renamed().now(&"IT.DM.SEX".into(), "F"), "W");
    assert_eq!(old.renamed().now(&"IT.DM.SEX".into(), "F"), "F");
}

/// A visit that comes again and again, and the same as one that comes once.
const REPEATED: &str = r#"OID="SE.TA" Name="TA" Repeating="Yes" Type="Scheduled">
        <FormRef FormOID="F.VS" Mandatory="Yes"/>
        <Alias Context="urn:outpost:odm:1:anchor" Name="event SE.DAY1"/>
        <Alias Context="urn:outpost:odm:1:offset" Name="42"/>
        <Alias Context="urn:outpost:odm:1:window" Name="-7 +7"/>
        <Alias Context="urn:outpost:odm:1:every" Name="42"/>
        <Alias Context="urn:outpost:odm:1:max" Name="20"/>"#;
const ONCE: &str = r#"OID="SE.TA" Name="TA" Repeating="No" Type="Scheduled">
        <FormRef FormOID="F.VS" Mandatory="Yes"/>
        <Alias Context="urn:outpost:odm:1:anchor" Name="event SE.DAY1"/>
        <Alias Context="urn:outpost:odm:1:offset" Name="42"/>
        <Alias Context="urn:outpost:odm:1:window" Name="-7 +7"/>"#;

/// Changes that would give recorded values another meaning, with the definition that is blamed.
const FORBIDDEN: &[(&str, &str, &str)] = &[
    ("MetaDataVersion OID=\"MDV.2\"", "MetaDataVersion OID=\"MDV.1\"", "MDV.1"),
    ("Study OID=\"ST.GOOD\"", "Study OID=\"ST.OTHER\"", "ST.OTHER"),
    (REPEATED, ONCE, "SE.TA"),
    (
        "OID=\"IG.AE\" Name=\"Adverse event\" Repeating=\"Yes\"",
        "OID=\"IG.AE\" Name=\"Adverse event\" Repeating=\"No\"",
        "IG.AE",
    ),
    (
        "OID=\"IG.DM\" Name=\"Demographics\" Repeating=\"No\"",
        "OID=\"IG.DM\" Name=\"Demographics\" Repeating=\"Yes\"",
        "IG.DM",
    ),
    ("Name=\"Birth date\" DataType=\"partialDate\"", "Name=\"Birth date\" DataType=\"date\"", "IT.DM.BRTHDAT"),
    (
        "Name=\"Bilirubin\" DataType=\"float\" Length=\"6\" SignificantDigits=\"1\"",
        "Name=\"Bilirubin\" DataType=\"integer\" Length=\"6\"",
        "IT.LB.BILI",
    ),
    ("<CodeListRef CodeListOID=\"CL.SEX\"/>", "", "IT.DM.SEX"),
    (
        "<ItemRef ItemOID=\"IT.LB.BILI\" Mandatory=\"No\"/>",
        "<ItemRef ItemOID=\"IT.LB.BILI\" Mandatory=\"No\" MethodOID=\"MT.PP\"/>",
        "IT.LB.BILI",
    ),
];

#[test]
fn what_gives_recorded_values_another_meaning_is_refused() {
    let old = read(GOOD);
    for (from, to, blamed) in FORBIDDEN {
        let text = amended(&[]);
        assert_eq!(text.matches(from).count(), 1, "{from}");
        let new = Study::read("study.xml", text.replace(from, to).as_bytes(), &Functions::default());
        let new = new.unwrap_or_else(|issues| panic!("{to}: the file itself is good, but {issues:?}"));
        let issues = unfit(&old, &new);
        assert!(issues.iter().any(|issue| issue.oid.as_deref() == Some(*blamed)), "{to}: {issues:?}");
        assert!(issues.iter().all(|issue| &*issue.file == "study.xml" && !issue.reason.is_empty()), "{to}");
    }
}

#[test]
fn a_wider_type_may_follow() {
    let old = read(GOOD);
    for (from, to) in [
        ("Name=\"Consent\" DataType=\"date\"", "Name=\"Consent\" DataType=\"partialDate\""),
        ("Name=\"Pulse pressure\" DataType=\"integer\"", "Name=\"Pulse pressure\" DataType=\"float\""),
        ("OID=\"F.DM\" Name=\"Demographics\" Repeating=\"No\"", "OID=\"F.DM\" Name=\"Demographics\" Repeating=\"Yes\""),
    ] {
        let new = read(&amended(&[]).replace(from, to));
        assert_eq!(unfit(&old, &new), [], "{to}");
    }
}
