use crate::{Functions, Study};

const OWN: &str = "urn:outpost:odm:1:";

fn alias(key: &str, value: &str) -> String {
    format!("<Alias Context='{OWN}{key}' Name='{value}'/>")
}

fn item(oid: &str, kind: &str, inner: &str) -> String {
    let question = "<Question><TranslatedText xml:lang='en'>?</TranslatedText></Question>";
    let length = if kind == "text" { " Length='20'" } else { "" };
    format!("<ItemDef OID='IT.{oid}' Name='{oid}' DataType='{kind}'{length}>{question}{inner}</ItemDef>")
}

fn check(expression: &str) -> String {
    format!(
        "<RangeCheck SoftHard='Hard'><FormalExpression Context='CEL'>{expression}</FormalExpression><ErrorMessage>\
         <TranslatedText xml:lang='en'>no</TranslatedText></ErrorMessage></RangeCheck>"
    )
}

fn group(name: &str, items: &[&str], after: &str) -> String {
    let refs: String = items
        .iter()
        .enumerate()
        .map(|(n, item)| {
            let (oid, extra) = item.split_once(' ').unwrap_or((item, ""));
            format!("<ItemRef ItemOID='IT.{oid}' OrderNumber='{}' Mandatory='No' {extra}/>", n + 1)
        })
        .collect();
    format!("<ItemGroupDef OID='IG.{name}' Name='{name}' Repeating='No'>{refs}{after}</ItemGroupDef>")
}

fn form(name: &str, groups: &[&str], after: &str) -> String {
    let refs: String =
        groups.iter().map(|group| format!("<ItemGroupRef ItemGroupOID='IG.{group}' Mandatory='No'/>")).collect();
    format!("<FormDef OID='F.{name}' Name='{name}' Repeating='No'>{refs}{after}</FormDef>")
}

fn event(name: &str, forms: &[&str], after: &str) -> String {
    let refs: String = forms
        .iter()
        .map(|form| {
            let (oid, extra) = form.split_once(' ').unwrap_or((form, ""));
            format!("<FormRef FormOID='F.{oid}' Mandatory='No' {extra}/>")
        })
        .collect();
    format!(
        "<StudyEventDef OID='SE.{name}' Name='{name}' Repeating='Yes' Type='Scheduled'>{refs}{after}</StudyEventDef>"
    )
}

/// A trial with a scan that is read under a mask, and an arm that must stay unknown.
fn trial() -> Study {
    let open = alias("role", "assessor");
    let plan = |until: &str| {
        let repeats = format!("{}{}{}", alias("offset", "42"), alias("every", "42"), alias("until", until));
        format!("{}{repeats}", alias("anchor", "event SE.DAY1"))
    };
    let definitions = [
        event("DAY1", &["DOSE"], &open),
        event("RAND", &["RAND"], ""),
        event(
            "TA",
            &["SCAN", "DOSE", "LATE CollectionExceptionConditionOID='CO.ARM'"],
            &format!("{}{open}", plan("rows(\"SCAN\").exists(r, r.SIZE > 9)")),
        ),
        event("TB", &["SCAN"], &format!("{}{open}", plan("known(at(\"RAND\",\"RAND\").ARM)"))),
        form("RAND", &["RAND"], ""),
        form("DOSE", &["DOSE"], ""),
        form("SCAN", &["SCAN", "SBRT"], &open),
        form("LATE", &["LATE"], &open),
        group("RAND", &["ARM"], ""),
        group("DOSE", &["MG"], ""),
        group("LATE", &["LATE"], ""),
        group(
            "SCAN",
            &[
                "SIZE",
                "NOTE",
                "PLACE",
                "IRRAD",
                "TWICE MethodOID='MT.TWICE'",
                "TOLD MethodOID='MT.TOLD'",
                "AFTER MethodOID='MT.AFTER'",
                "ASKED CollectionExceptionConditionOID='CO.ARM'",
            ],
            "",
        ),
        group("SBRT", &["GY"], &alias("masked", "yes")),
        item("ARM", "integer", ""),
        item("MG", "integer", ""),
        item(
            "SIZE",
            "integer",
            &format!("{}{}{}", check("SIZE > 0"), check("SIZE > IRRAD"), check("SIZE &lt; latest(\"DOSE\", \"MG\")")),
        ),
        item("NOTE", "text", ""),
        item("PLACE", "text", &alias("masked", "no")),
        item("IRRAD", "integer", &format!("{}{}", alias("masked", "yes"), alias("means", "subject.arm"))),
        item("TWICE", "integer", &alias("means", "subject.sex")),
        item("TOLD", "integer", ""),
        item("AFTER", "integer", ""),
        item("ASKED", "integer", ""),
        item("GY", "integer", ""),
        item("LATE", "integer", ""),
    ]
    .concat();
    let expression = |text: &str| format!("<FormalExpression Context='CEL'>{text}</FormalExpression>");
    let words = "<Description><TranslatedText xml:lang='en'>.</TranslatedText></Description>";
    let condition = format!(
        "<ConditionDef OID='CO.ARM' Name='.'>{words}{}</ConditionDef>",
        expression("at(\"RAND\",\"RAND\").ARM == 1")
    );
    let methods: String = [("TWICE", "SIZE * 2"), ("TOLD", "IRRAD + 1"), ("AFTER", "TOLD + TWICE")]
        .iter()
        .map(|(name, text)| {
            format!("<MethodDef OID='MT.{name}' Name='.' Type='Computation'>{words}{}</MethodDef>", expression(text))
        })
        .collect();
    let mut once = definitions.replace("Name='RAND' Repeating='Yes'", "Name='RAND' Repeating='No'");
    once = once.replace("Name='DAY1' Repeating='Yes'", "Name='DAY1' Repeating='No'");
    let text = format!(
        "<ODM xmlns='http://www.cdisc.org/ns/odm/v1.3' ODMVersion='1.3.2' FileType='Snapshot' FileOID='f' \
         CreationDateTime='2026-01-01T00:00:00'><Study OID='ST'><GlobalVariables><StudyName>S</StudyName>\
         <StudyDescription>S</StudyDescription><ProtocolName>S</ProtocolName></GlobalVariables>\
         <MetaDataVersion OID='1' Name='1'>{once}{condition}{methods}</MetaDataVersion></Study></ODM>"
    );
    Study::read("trial.xml", text.as_bytes(), &Functions::default()).expect("a study")
}

fn oids<'a, T: crate::Identified + 'a>(all: impl IntoIterator<Item = &'a T>) -> Vec<&'a str> {
    all.into_iter().map(|one| one.oid().as_str()).collect()
}

#[test]
fn what_is_not_opened_does_not_exist_nor_what_follows_from_it() {
    let whole = trial();
    let study = whole.masked_for("assessor", &Functions::default()).expect("a smaller study");
    assert_eq!(oids(&study.events), ["SE.DAY1", "SE.TA", "SE.TB"]);
    // The form that comes depending on the arm is gone, and so is the dose.
    assert_eq!(oids(&study.forms), ["F.SCAN"]);
    assert_eq!(oids(&study.groups), ["IG.SCAN"]);
    assert_eq!(oids(&study.items), ["IT.SIZE", "IT.PLACE", "IT.TWICE"]);
    let checks = &study.items.get("IT.SIZE").expect("an item").checks;
    assert_eq!(checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(), ["IT.SIZE#1"], "the id stays");
    assert!(study.events.get("SE.TA").expect("an event").timing.is_some());
    assert!(study.events.get("SE.TB").expect("an event").timing.is_none(), "it ended with the arm");
    assert!(study.meanings.all("subject.arm").is_empty());
    assert_eq!(study.meanings.all("subject.sex").len(), 1);
    let told = format!("{:?}", study.rules());
    assert!(!told.contains("ARM") && !told.contains("IRRAD") && !told.contains("DOSE"), "{told}");
    // To everybody else the study stays as it was.
    assert_eq!(whole.items.len(), 12);
}

#[test]
fn a_role_that_the_study_does_not_know_sees_nothing() {
    let study = trial().masked_for("reader", &Functions::default()).expect("an empty study");
    assert!(study.events.is_empty() && study.forms.is_empty() && study.items.is_empty());
}
