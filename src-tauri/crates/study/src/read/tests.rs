use super::*;
use crate::{AnalytePart, Anchor, Control, ItemDef, MAX_NAME, Missing, Oid, Qualifier, Severity};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// A study with a bit of everything, line by line so that faults can be placed.
const GOOD: &str = include_str!("tests/good.xml");

fn read(text: &str) -> Result<Study, Vec<StudyIssue>> {
    Study::read("good.xml", text.as_bytes(), &Functions::default())
}

fn good() -> Study {
    read(GOOD).unwrap_or_else(|faults| panic!("{}", listed(&faults)))
}

fn listed(faults: &[StudyIssue]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The folder of public test data, where it is beside the repository.
fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("OUTPOST_SHARED").map_or_else(beside, PathBuf::from).join("data/odm");
    folder.is_dir().then_some(folder)
}

#[test]
fn a_study_is_read_whole() {
    let study = good();
    assert_eq!(
        (study.oid.as_str(), study.metadata_version.as_str(), study.title()),
        ("ST.GOOD", "MDV.1", "A good study")
    );
    assert_eq!(study.languages, ["en", "zh-CN"]);
    let events: Vec<&str> = study.events.iter().map(|event| event.oid.as_str()).collect();
    assert_eq!(events, ["SE.SCR", "SE.DAY1", "SE.TA", "SE.AE"]);
    assert_eq!(study.setting("MAXSBP"), Some("250"));
    assert_eq!(study.settings["MAXSBP"].citation, "Protocol 1.0, section 5");
    let item = study.items.get("IT.VS.SYSBP").expect("defined");
    assert_eq!((item.length, item.short_name.as_str(), item.question("zh-CN")), (Some(3), "SYSBP", "收缩压"));
    assert_eq!(item.checks[1].severity, Severity::Hard);
    assert_eq!(item.checks[1].id, "IT.VS.SYSBP#2");
    assert_eq!((item.alias("CDASH"), item.headline), (Some("VSORRES"), Some(2)));
    assert_eq!(item.missing_allowed, [Missing::NotDone, Missing::Refused]);
    let bilirubin = study.items.get("IT.LB.BILI").expect("defined");
    assert_eq!(bilirubin.conversions[0].1.to_string(), "17.1");
    assert_eq!(bilirubin.qualifiers, [Qualifier::Less, Qualifier::Greater]);
    assert_eq!(bilirubin.missing_allowed, Missing::ALL);
    assert_eq!(study.items.get("IT.AE.TERM").and_then(|item| item.control), Some(Control::Long));
    let sex = study.codelists.get("CL.SEX").expect("defined");
    assert_eq!(sex.choices.iter().map(|choice| &*choice.code).collect::<Vec<_>>(), ["F", "M"]);
    assert_eq!(sex.choice("M").map(|choice| choice.label("zh-CN")), Some("男"));
    assert_eq!((study.notes.len(), study.lacks.len()), (0, 0), "{}", listed(&study.notes));
}

/// W1: what other programs say in attributes and elements of their own is named, once for each name with its count; what bears
/// logic is lacking, for whoever reads the study would believe in it.
#[test]
fn w1_what_other_programs_say_is_named() {
    let text = GOOD
        .replacen("<ODM ", "<ODM xmlns:v='urn:v' ", 1)
        .replace("<ItemDef ", "<ItemDef v:FieldType='calc' v:BranchingLogic='[a]=1' ")
        .replacen("<GlobalVariables>", "<GlobalVariables><v:Repeating/>", 1)
        .replacen("<Question>", "<Question v:TextValidationType='date'>", 1);
    let study = read(&text).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    let items = GOOD.matches("<ItemDef ").count();
    let notes = listed(&study.notes);
    assert!(notes.contains(&format!("v:FieldType is kept and not used ({items} times)")), "{notes}");
    assert!(notes.contains("<v:Repeating> is kept and not used") && !notes.contains("Logic"), "{notes}");
    let lacks = listed(&study.lacks);
    assert_eq!(study.lacks.len(), 2, "{lacks}");
    assert!(
        lacks.contains(&format!("v:BranchingLogic may bear logic, which is kept and not acted upon ({items} times)")),
        "{lacks}"
    );
    assert!(lacks.contains("v:TextValidationType may bear logic"), "{lacks}");
    let first = 1 + GOOD[..GOOD.find("<ItemDef ").expect("an item")].matches('\n').count();
    assert!(study.lacks.iter().all(|lack| usize::try_from(lack.line).is_ok_and(|line| line >= first)), "{lacks}");
}

/// W14: a language that the file never names is not said to be in it.
#[test]
fn w14_a_language_that_is_not_named_is_said_so() {
    let text = GOOD.replace(" xml:lang=\"en\"", "").replace(" xml:lang=\"zh-CN\"", "");
    let notes = |text: &str| match read(text) {
        Ok(study) => listed(&study.notes),
        Err(faults) => listed(&faults),
    };
    assert!(!notes(GOOD).contains("names its language"));
    // Two texts without a language are a fault; one alone is read.
    let empty = "<ODM xmlns='http://www.cdisc.org/ns/odm/v1.3' ODMVersion='1.3.2'><Study OID='S'><GlobalVariables><StudyName>S</StudyName>\
                 <StudyDescription>S</StudyDescription><ProtocolName>S</ProtocolName></GlobalVariables>\
                 <MetaDataVersion OID='M' Name='M'/></Study></ODM>";
    assert!(notes(empty).contains("no text of the file names its language"), "{}", notes(empty));
    assert!(!notes(&text).is_empty());
}

/// W3: CDISC's schema has a method's Type optional: such a study is read, and that its method computes nothing is said.
#[test]
fn w3_a_method_without_a_type_is_read_and_noted() {
    for without in ["", r#" Type="""#] {
        let study = read(&GOOD.replacen(r#" Type="Computation""#, without, 1))
            .unwrap_or_else(|faults| panic!("{}", listed(&faults)));
        let method = study.methods.get("MT.PP").expect("defined");
        let noted = |note: &StudyIssue| note.line == 126 && note.reason.contains("has no Type");
        assert!(
            !method.computes && study.notes.iter().filter(|note| noted(note)).count() == 1,
            "{}",
            listed(&study.notes)
        );
    }
    assert!(read(&GOOD.replacen(r#" Type="Computation""#, r#" Type="Guess""#, 1)).is_err());
    let unversioned =
        read(&GOOD.replacen(r#" ODMVersion="1.3.2""#, "", 1)).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    assert!(listed(&unversioned.notes).contains("no ODMVersion"), "{}", listed(&unversioned.notes));
    let nobodys = read(&GOOD.replacen(" Context=\"CEL\">SYSBP - DIABP", ">SYSBP - DIABP", 1));
    let nobodys = nobodys.unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    assert!(
        listed(&nobodys.notes).contains("an expression in \"\" is kept and not evaluated"),
        "{}",
        listed(&nobodys.notes)
    );
}

/// A4: a name that the journal can't write was found out when a center was made of the study, a kit opened, or a subject randomised.
#[test]
fn a_name_that_no_entry_can_hold_is_a_fault_of_the_file() {
    let (long, tabbed) = ("X".repeat(MAX_NAME + 1), "a&#9;b");
    let faults = |from: &str, to: &str| {
        assert!(GOOD.contains(from), "{from}");
        let read = read(&GOOD.replacen(from, to, 1));
        read.err().map(|faults| listed(&faults)).unwrap_or_default()
    };
    for name in [&*long, tabbed] {
        for (from, to) in [
            ("<Study OID=\"ST.GOOD\"", format!("<Study OID=\"{name}\"")),
            ("<MetaDataVersion OID=\"MDV.1\"", format!("<MetaDataVersion OID=\"{name}\"")),
        ] {
            let said = faults(from, &to);
            let of_one =
                said.lines().filter(|line| line.contains("is longer than 128 bytes or holds control characters"));
            assert!(of_one.count() == 1 && said.starts_with("good.xml:"), "{to}: {said}");
        }
    }
    let fits = "X".repeat(MAX_NAME);
    assert_eq!(faults("<MetaDataVersion OID=\"MDV.1\"", &format!("<MetaDataVersion OID=\"{fits}\"")), "");
    for (concept, is_written) in [("subject.arm", true), ("allocation.stratum", true), ("subject.last_alive", false)] {
        let means = format!("<Alias Context=\"urn:outpost:odm:1:means\" Name=\"{concept}\"/>");
        let list = format!(
            "<ItemDef OID=\"IT.X\" Name=\"X\" DataType=\"text\" Length=\"200\"><Question><TranslatedText xml:lang=\"en\">X</TranslatedText>\
             </Question><CodeListRef CodeListOID=\"CL.X\"/>{means}</ItemDef><CodeList OID=\"CL.X\" Name=\"X\" DataType=\"text\">\
             <CodeListItem CodedValue=\"{long}\"><Decode><TranslatedText xml:lang=\"en\">X</TranslatedText></Decode></CodeListItem>\
             </CodeList></MetaDataVersion>"
        );
        let said = faults("</MetaDataVersion>", &list);
        let is_said = said.lines().any(|line| line.contains(": CL.X: the code \"XXX"));
        assert_eq!(is_said, is_written, "{concept}: {said}");
    }
}

/// A17: a file in which nothing is asked made a center.
#[test]
fn a_study_without_visits_or_forms_lacks_them() {
    let empty = "<ODM xmlns=\"http://www.cdisc.org/ns/odm/v1.3\" ODMVersion=\"1.3.2\"><Study OID=\"ST.E\"><GlobalVariables>\
                 <StudyName>Empty</StudyName><StudyDescription>E</StudyDescription><ProtocolName>E</ProtocolName>\
                 </GlobalVariables><MetaDataVersion OID=\"MDV.1\" Name=\"1\"/></Study></ODM>";
    let study = read(empty).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    let lacks = listed(&study.lacks);
    assert!(lacks.contains("defines no event") && lacks.contains("defines no form"), "{lacks}");
}

#[test]
fn analytes_find_what_belongs_to_them_and_faults_are_named() {
    let alias = |key: &str, code: &str| format!("<Alias Context='urn:outpost:odm:1:{key}' Name='{code}'/>");
    let item = |oid: &str, kind: &str, aliases: String| {
        format!(
            "<ItemDef OID='{oid}' Name='{oid}' DataType='{kind}'><Question><TranslatedText>q</TranslatedText></Question>{aliases}</ItemDef>"
        )
    };
    let study = |items: &[(&str, &str, String)]| {
        let refs: String = items.iter().map(|(oid, ..)| format!("<ItemRef ItemOID='{oid}' Mandatory='No'/>")).collect();
        let defs: String = items.iter().map(|(oid, kind, aliases)| item(oid, kind, aliases.clone())).collect();
        let head = "<ODM xmlns='http://www.cdisc.org/ns/odm/v1.3' ODMVersion='1.3.2'><Study OID='S'><GlobalVariables>\
                    <StudyName>S</StudyName></GlobalVariables><MetaDataVersion OID='M' Name='M'>";
        read(&format!(
            "{head}<ItemGroupDef OID='G' Name='G' Repeating='No'>{refs}</ItemGroupDef>{defs}</MetaDataVersion></Study></ODM>"
        ))
    };
    let good = study(&[
        ("A", "float", alias("analyte", "ALT")),
        ("L", "float", alias("lln", "ALT")),
        ("H", "float", alias("uln", "ALT")),
        ("C", "text", alias("significance", "ALT")),
    ])
    .unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    let group = good.groups.get("G").expect("defined");
    let found = |part| good.analyte_item(group, "ALT", part).map(|item| item.oid.to_string());
    assert_eq!(found(AnalytePart::High).as_deref(), Some("H"));
    assert_eq!(good.analytes().map(|(code, item)| (code, item.oid.as_str())).collect::<Vec<_>>(), [("ALT", "A")]);
    assert_eq!(good.items.get("C").and_then(ItemDef::analyte), None);
    let both = format!("{}{}", alias("analyte", "ALT"), alias("uln", "ALT"));
    for (items, words) in [
        (vec![("A", "float", alias("analyte", "alt"))], "an analyte's code"),
        (vec![("A", "float", both)], "only one of"),
        (vec![("A", "text", alias("analyte", "ALT"))], "is a number"),
        (vec![("L", "float", alias("lln", "ALT"))], "holds no result"),
        (vec![("A", "float", alias("analyte", "ALT")), ("B", "float", alias("analyte", "ALT"))], "another item"),
    ] {
        let faults = study(&items).expect_err("a fault");
        assert!(faults.iter().any(|fault| fault.reason.contains(words)), "{words}: {}", listed(&faults));
    }
}

#[test]
fn units_convert_exactly_or_not_at_all() {
    let study = good();
    let bilirubin = study.items.get("IT.LB.BILI").expect("defined");
    let convert = |number: &str, unit: &str| {
        let unit = Oid::from(unit);
        bilirubin.to_standard(number.parse().expect("a number"), Some(&unit)).map(|number| number.to_string())
    };
    assert_eq!(convert("0.9", "MU.MGDL").as_deref(), Some("15.39"));
    assert_eq!(convert("15.390", "MU.UMOL").as_deref(), Some("15.390"), "digits of the standard unit are kept");
    assert_eq!(convert("0.9", "MU.MMHG"), None);
    assert_eq!(convert("79228162514264337593543950335", "MU.MGDL"), None, "too large");
    assert_eq!(bilirubin.factor(None), Some(rust_decimal::Decimal::ONE));
}

#[test]
fn timing_is_read() {
    let study = good();
    let timing = study.events.get("SE.TA").and_then(|event| event.timing.as_ref()).expect("planned");
    assert_eq!(timing.anchor, Anchor::Event("SE.DAY1".into()));
    assert_eq!((timing.offset_days, timing.before_days, timing.after_days), (42, 7, 7));
    let repeat = timing.repeat.as_ref().expect("repeats");
    assert_eq!((repeat.every_days, repeat.max), (42, Some(20)));
    let first = study.events.get("SE.DAY1").and_then(|event| event.timing.as_ref()).expect("planned");
    let Anchor::Item { item, .. } = &first.anchor else { panic!("an item") };
    assert_eq!(item, "IT.DM.CONSENT");
    assert_eq!((first.before_days, first.after_days), (0, 7));
}

#[test]
fn a_definition_says_what_it_means() {
    let study = good();
    let sex = Oid::from("IT.DM.SEX");
    assert_eq!(study.meanings.one("subject.sex"), Some(&sex));
    assert_eq!(study.meanings.of(&sex).collect::<Vec<_>>(), ["subject.sex"]);
    assert!(study.meanings.all("subject.arm").is_empty());
}

/// What is changed in the good file, and the line, OID and words of the fault that it makes.
const FAULTS: &[(&str, &str, u32, &str, &str)] = &[
    ("ODMVersion=\"1.3.2\"", "ODMVersion=\"2.0\"", 2, "", "ODM 2.0 is not read"),
    ("<StudyName>Good</StudyName>", "<StudyName> </StudyName>", 3, "ST.GOOD", "no StudyName"),
    ("MeasurementUnit OID=\"MU.MGDL\"", "MeasurementUnit OID=\"MU.UMOL\"", 12, "MU.UMOL", "already defined in line 11"),
    ("FormRef FormOID=\"F.DM\"", "FormRef FormOID=\"F.NONE\"", 23, "SE.SCR", "the form F.NONE, which is not defined"),
    ("FormRef FormOID=\"F.DM\"", "FormRef FormOID=\"F.VS\"", 24, "SE.SCR", "refers to the form F.VS twice"),
    ("FormOID=\"F.DM\" Mandatory=\"Yes\"", "FormOID=\"F.DM\" Mandatory=\"yes\"", 23, "SE.SCR", "neither Yes nor No"),
    (
        "FormOID=\"F.DM\" Mandatory=\"Yes\" OrderNumber=\"1\"",
        "FormOID=\"F.DM\" Mandatory=\"Yes\" OrderNumber=\"2\"",
        24,
        "SE.SCR",
        "OrderNumber 2 stands twice",
    ),
    ("Name=\"subject.sex\"", "Name=\"subject.sexx\"", 76, "IT.DM.SEX", "no concept"),
    ("Name=\"subject.sex\"", "Name=\"event.day1\"", 76, "IT.DM.SEX", "belong on a ItemDef"),
    ("StudyEventOID=\"SE.AE\"", "StudyEventOID=\"SE.XX\"", 19, "SE.XX", "not defined"),
    ("StudyEventOID=\"SE.AE\"", "StudyEventOID=\"SE.TA\"", 19, "SE.TA", "twice"),
    ("250 | Protocol", "250 Protocol", 20, "", "value | citation"),
    ("setting:MAXSBP", "sitting:MAXSBP", 20, "", "means nothing on a protocol"),
    ("Type=\"Common\"", "Type=\"Usual\"", 40, "SE.AE", "event type"),
    ("Name=\"event SE.DAY1\"", "Name=\"event SE.TA\"", 32, "SE.TA", "planned from itself"),
    ("Name=\"event SE.DAY1\"", "Name=\"event SE.XX\"", 32, "SE.TA", "SE.XX, which is not defined"),
    ("Name=\"event SE.DAY1\"", "Name=\"day1\"", 34, "SE.TA", "the alias anchor"),
    ("IG.DM/IT.DM.CONSENT\"", "IG.DM/IT.DM.SEX\"", 26, "SE.DAY1", "no date"),
    ("F.DM/IG.DM/IT.DM.CONSENT\"", "F.DM/IG.VS/IT.DM.CONSENT\"", 26, "SE.DAY1", "asked nowhere"),
    ("1:window\" Name=\"-7 +7\"", "1:window\" Name=\"7\"", 36, "SE.TA", "the alias window"),
    ("1:every\" Name=\"42\"", "1:every\" Name=\"0\"", 37, "SE.TA", "the alias every"),
    ("1:max\" Name=\"20\"", "1:most\" Name=\"20\"", 38, "SE.TA", "means nothing here"),
    ("Name=\"TA\" Repeating=\"Yes\"", "Name=\"TA\" Repeating=\"No\"", 34, "SE.TA", "not Repeating"),
    ("ItemGroupOID=\"IG.DM\"", "ItemGroupOID=\"IG.XX\"", 44, "F.DM", "the item group IG.XX"),
    ("ItemOID=\"IT.DM.SEX\"", "ItemOID=\"IT.XX\"", 57, "IG.DM", "the item IT.XX"),
    (
        "CollectionExceptionConditionOID=\"CO.NOVS\"",
        "CollectionExceptionConditionOID=\"CO.XX\"",
        64,
        "IG.VS",
        "the condition CO.XX",
    ),
    ("MethodOID=\"MT.PP\"", "MethodOID=\"MT.XX\"", 65, "IG.VS", "the method MT.XX"),
    (
        "Name=\"Systolic\" DataType=\"integer\"",
        "Name=\"Systolic\" DataType=\"number\"",
        83,
        "IT.VS.SYSBP",
        "the data type \"number\"",
    ),
    (
        "Name=\"Systolic\" DataType=\"integer\" Length=\"3\"",
        "Name=\"Systolic\" DataType=\"integer\" Length=\"three\"",
        83,
        "IT.VS.SYSBP",
        "not a whole number",
    ),
    ("<CheckValue>300</CheckValue>", "<CheckValue>high</CheckValue>", 91, "IT.VS.SYSBP", "not a number"),
    (
        "<CheckValue>300</CheckValue>",
        "<CheckValue>300</CheckValue><CheckValue>1</CheckValue>",
        91,
        "IT.VS.SYSBP",
        "takes one CheckValue",
    ),
    ("<CheckValue>300</CheckValue>", "", 91, "IT.VS.SYSBP", "neither a CheckValue"),
    ("Comparator=\"LE\"", "Comparator=\"LEQ\"", 91, "IT.VS.SYSBP", "comparator"),
    ("Comparator=\"LE\"", "", 91, "IT.VS.SYSBP", "no Comparator"),
    (
        "SoftHard=\"Hard\"><FormalExpression",
        "SoftHard=\"Firm\"><FormalExpression",
        92,
        "IT.VS.SYSBP",
        "neither Soft nor Hard",
    ),
    ("not_done refused", "not_done nope", 96, "IT.VS.SYSBP", "the alias missing"),
    ("1:headline\" Name=\"2\"", "1:headline\" Name=\"1\"", 83, "IT.VS.SYSBP", "headline 1 is also that of IT.DM.SEX"),
    ("Context=\"SDTM\"", "Context=\"CDASH\"", 95, "IT.VS.SYSBP", "two aliases for the context"),
    ("MU.MGDL=17.1", "MU.MGDL=-17.1", 106, "IT.LB.BILI", "unit=factor"),
    ("MU.MGDL=17.1", "MU.XX=17.1", 106, "IT.LB.BILI", "none of the item's"),
    ("MU.MGDL=17.1", "MU.UMOL=17.1", 106, "IT.LB.BILI", "standard unit already"),
    ("MeasurementUnitOID=\"MU.MGDL\"", "MeasurementUnitOID=\"MU.XX\"", 100, "IT.LB.BILI", "the unit MU.XX, which"),
    ("Name=\"&lt; &gt;\"", "Name=\"~\"", 107, "IT.LB.BILI", "the alias qualifier"),
    ("Name=\"long\"", "Name=\"wide\"", 112, "IT.AE.TERM", "the alias control"),
    ("CodedValue=\"M\"", "CodedValue=\"F\"", 118, "CL.SEX", "the code \"F\" stands twice"),
    ("CodedValue=\"M\"", "", 118, "CL.SEX", "no CodedValue"),
    (
        "OID=\"CL.SEX\" Name=\"Sex\" DataType=\"text\"",
        "OID=\"CL.SEX\" Name=\"Sex\" DataType=\"integer\"",
        118,
        "CL.SEX",
        "is not a number",
    ),
    (
        "OID=\"CL.SEX\" Name=\"Sex\" DataType=\"text\"",
        "OID=\"CL.SEX\" Name=\"Sex\" DataType=\"integer\"",
        75,
        "IT.DM.SEX",
        "its code list CL.SEX is integer",
    ),
    ("Type=\"Computation\"", "Type=\"Guess\"", 126, "MT.PP", "method type"),
    ("xml:lang=\"zh-CN\">收缩压", "xml:lang=\"en\">收缩压", 86, "IT.VS.SYSBP", "two texts for the language"),
    ("ItemDef OID=\"IT.AE.TERM\"", "ItemDef", 109, "", "<ItemDef> has no OID"),
];

#[test]
fn every_kind_of_fault_is_named_with_line_and_oid() {
    for &(good, bad, line, oid, words) in FAULTS {
        assert!(GOOD.contains(good), "{good}");
        let faults = read(&GOOD.replacen(good, bad, 1)).expect_err(bad);
        let named = faults.iter().any(|fault| {
            fault.line == line && fault.oid.as_deref().unwrap_or("") == oid && fault.reason.contains(words)
        });
        assert!(named, "{bad}: {line} {oid} {words}\n{}", listed(&faults));
    }
}

#[test]
fn all_faults_are_listed_not_only_the_first() {
    let mut text = GOOD.to_owned();
    for (good, bad) in [
        ("ItemGroupOID=\"IG.DM\"", "ItemGroupOID=\"IG.XX\""),
        ("DataType=\"partialDate\"", "DataType=\"day\""),
        ("MU.MGDL=17.1", "MU.MGDL=x"),
    ] {
        text = text.replacen(good, bad, 1);
    }
    let faults = read(&text).expect_err("three faults");
    let lines: Vec<u32> = faults.iter().map(|fault| fault.line).collect();
    assert!(lines.is_sorted() && [44, 78, 106].iter().all(|line| lines.contains(line)), "{}", listed(&faults));
}

#[test]
fn what_is_not_evaluated_is_kept_noted_and_harmless() {
    let text = GOOD.replace("Context=\"CEL\">SYSBP - DIABP", "Context=\"Python 3\">sysbp - diabp");
    let study = read(&text).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    assert!(
        study.notes.iter().any(|note| note.line == 128 && note.reason.contains("\"Python 3\"")),
        "{}",
        listed(&study.notes)
    );
    let group = study.groups.get("IG.VS").expect("defined");
    assert!(group.items.iter().all(|reference| reference.method.is_none()));
    assert!(Document::parse("good.xml", text.as_bytes()).expect("well-formed").to_xml().contains("sysbp - diabp"));
}

#[test]
fn a_missing_code_list_is_named_and_does_without() {
    let study = read(&GOOD.replace("CodeListRef CodeListOID=\"CL.SEX\"", "CodeListRef CodeListOID=\"CL.XX\""))
        .expect("readable");
    assert_eq!(study.lacks.len(), 1);
    assert_eq!((study.lacks[0].line, study.lacks[0].oid.as_deref()), (75, Some("IT.DM.SEX")));
    assert_eq!(study.items.get("IT.DM.SEX").expect("defined").codelist, None);
}

#[test]
fn other_files_are_refused_in_words() {
    for (text, words) in [
        ("<html/>", "not an ODM 1.3 file"),
        ("<ODM/>", "not an ODM 1.3 file"),
        ("PK\u{3}\u{4}", "XML forbids"),
        ("", "no root"),
    ] {
        let faults = read(text).expect_err("refused");
        assert!(faults[0].reason.contains(words), "{}", listed(&faults));
    }
    let empty = "<ODM xmlns='http://www.cdisc.org/ns/odm/v1.3' ODMVersion='1.3.2'/>";
    assert!(read(empty).expect_err("refused")[0].reason.contains("no study"));
}

#[test]
fn hostile_definitions_are_refused_in_time() {
    let head = "<ODM xmlns='http://www.cdisc.org/ns/odm/v1.3' ODMVersion='1.3.2'><Study OID='S'><GlobalVariables><StudyName>S</StudyName>\
                </GlobalVariables><MetaDataVersion OID='M' Name='M'>";
    let tail = "</MetaDataVersion></Study></ODM>";
    // What is quadratic shows at these sizes; an unoptimised build on a busy machine is given a tenth of them.
    let scale = if cfg!(debug_assertions) { 10 } else { 1 };
    let many = |one: &str, n: usize| one.repeat(n / scale);
    let bodies = [
        many("<ItemDef OID='I' Name='I' DataType='text'/>", 150_000),
        format!("<Protocol>{}</Protocol>", many("<StudyEventRef StudyEventOID='E' Mandatory='No'/>", 200_000)),
        format!(
            "<ItemDef OID='I' Name='I' DataType='text'>{}</ItemDef>",
            many("<Alias Context='C' Name='N'/>", 200_000)
        ),
        format!(
            "<ItemDef OID='I' Name='I' DataType='text'><Question>{}</Question></ItemDef>",
            many("<TranslatedText>t</TranslatedText>", 200_000)
        ),
        format!(
            "<ItemDef OID='I' Name='I' DataType='float'>{}</ItemDef>",
            many("<MeasurementUnitRef MeasurementUnitOID='U'/>", 200_000)
        ),
        format!(
            "<ConditionDef OID='C' Name='C'>{}</ConditionDef>",
            many("<FormalExpression Context='X'>1</FormalExpression>", 200_000)
        ),
        format!(
            "<ConditionDef OID='C' Name='C'><FormalExpression Context='CEL'>{}1</FormalExpression></ConditionDef>",
            many("(", 500_000)
        ),
        format!(
            "<ConditionDef OID='C' Name='C'><FormalExpression Context='CEL'>{}1</FormalExpression></ConditionDef>",
            many("(", 8_000)
        ),
        format!(
            "<ConditionDef OID='C' Name='C'><FormalExpression Context='CEL'>{}true</FormalExpression></ConditionDef>",
            many("!", 8_000)
        ),
        format!(
            "<ConditionDef OID='C' Name='C'><FormalExpression Context='CEL'>{}true</FormalExpression></ConditionDef>",
            many("true?true:", 1_000)
        ),
    ];
    for body in bodies {
        let start = Instant::now();
        let faults = read(&format!("{head}{body}{tail}")).expect_err("refused");
        assert!(start.elapsed() < Duration::from_secs(2 * scale as u64), "{}", faults[0]);
        assert!(faults.len() <= 10_001);
    }
}

#[test]
fn public_files_load_and_round_trip() {
    let Some(folder) = shared() else {
        println!("skipped: the folder of public ODM files is absent");
        return;
    };
    for (name, forms, items) in [("cdash-small.xml", 4, 52), ("cdash.xml", 22, 292), ("data-snapshot.xml", 7, 52)] {
        let bytes = std::fs::read(folder.join(name)).expect("the file is there");
        let study =
            Study::read(name, &bytes, &Functions::default()).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
        assert_eq!((study.forms.len(), study.items.len()), (forms, items), "{name}");
        let document = Document::parse(name, &bytes).expect("well-formed");
        let written = document.to_xml();
        let again = Document::parse(name, written.as_bytes()).expect("well-formed");
        assert!(document.canonical() == again.canonical(), "{name}");
        Study::from_document(&again, &Functions::default()).unwrap_or_else(|faults| panic!("{}", listed(&faults)));
    }
}
