//! A small study, a casebook in memory, and what expressions mean in them.

mod faults;
mod hostile;
mod language;
mod places;
mod speed;
mod spread;
mod surveys;

use super::{Answer, Answers, Functions, Rules};
use crate::value::PartialDate;
use crate::{CellKey, EventKey, FormKey, Oid, Repeat, Study, StudyIssue};
use std::collections::BTreeMap;

/// Answers in memory.
#[derive(Clone, Default)]
struct Sheet {
    /// Newest first: rules must not care for the order.
    forms: BTreeMap<Oid, Vec<FormKey>>,
    cells: BTreeMap<CellKey, (String, Option<Oid>)>,
    rows: BTreeMap<(FormKey, Oid), Vec<Repeat>>,
    dates: BTreeMap<EventKey, PartialDate>,
}

impl Answers for Sheet {
    fn cell(&self, place: &CellKey) -> Option<Answer<'_>> {
        let (value, unit) = self.cells.get(place)?;
        Some(Answer { value: value.as_str().into(), unit: unit.clone() })
    }

    fn forms(&self, form: &Oid) -> Vec<FormKey> {
        self.forms.get(form).cloned().unwrap_or_default()
    }

    fn rows(&self, form: &FormKey, group: &Oid) -> Vec<Repeat> {
        self.rows.get(&(form.clone(), group.clone())).cloned().unwrap_or_default()
    }

    fn event_date(&self, event: &EventKey) -> Option<PartialDate> {
        self.dates.get(event).copied()
    }
}

impl Sheet {
    /// `SCR/VS/VS/WEIGHT` with repeats 1; `TA[2]/TR/TL[3]/DIAM` else.
    fn place(path: &str) -> CellKey {
        let parts: Vec<(&str, &str)> =
            path.split('/').map(|part| part.split_once('[').unwrap_or((part, "1]"))).collect();
        let [(event, er), (form, fr), (group, gr), (item, _)] = parts[..] else { panic!("{path}") };
        let plain = |repeat: &str| Repeat::from(repeat.trim_end_matches(']'));
        EventKey::new(format!("SE.{event}"), plain(er)).form(format!("F.{form}"), plain(fr)).cell(
            format!("IG.{group}"),
            plain(gr),
            format!("IT.{group}.{item}"),
        )
    }

    fn set(&mut self, path: &str, value: &str) -> &mut Self {
        let place = Self::place(path);
        let forms = self.forms.entry(place.form.form.clone()).or_default();
        if !forms.contains(&place.form) {
            forms.insert(0, place.form.clone());
        }
        let rows = self.rows.entry((place.form.clone(), place.group.clone())).or_default();
        if !rows.contains(&place.group_repeat) {
            rows.push(place.group_repeat.clone());
        }
        self.cells.insert(place, (value.to_owned(), None));
        self
    }

    fn set_in(&mut self, path: &str, value: &str, unit: &str) -> &mut Self {
        self.set(path, value);
        self.cells.insert(Self::place(path), (value.to_owned(), Some(Oid::from(unit))));
        self
    }

    fn clear(&mut self, path: &str) -> &mut Self {
        self.cells.remove(&Self::place(path));
        self
    }

    fn date(&mut self, event: &str, repeat: &str, date: &str) -> &mut Self {
        self.dates.insert(EventKey::new(format!("SE.{event}"), repeat), date.parse().expect("a date"));
        self
    }
}

/// A study in a few lines. Each item is `NAME type` with options after it: `= expression` derives it, `? expression` skips
/// it, `! expression` checks it (hard), `~ expression` checks it softly, `# LT 5 unit` compares it, `: A B C` lists codes,
/// `@ MU.A=1 MU.B=17.1` gives units.
struct Draft {
    events: String,
    forms: String,
    groups: String,
    items: String,
    lists: String,
    methods: String,
    conditions: String,
    settings: String,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn text(body: &str) -> String {
    format!(r#"<TranslatedText xml:lang="en">{}</TranslatedText>"#, escape(body))
}

impl Draft {
    fn new() -> Self {
        Self {
            events: String::new(),
            forms: String::new(),
            groups: String::new(),
            items: String::new(),
            lists: String::new(),
            methods: String::new(),
            conditions: String::new(),
            settings: String::new(),
        }
    }

    /// `event SCR Scheduled No: DM VS`
    fn event(
        &mut self,
        name: &str,
        kind: &str,
        repeating: &str,
        forms: &[&str],
        aliases: &[(&str, &str)],
    ) -> &mut Self {
        let mut body = String::new();
        for form in forms {
            body += &format!(r#"<FormRef FormOID="F.{form}" Mandatory="No"/>"#);
        }
        for (key, value) in aliases {
            body += &format!(r#"<Alias Context="urn:outpost:odm:1:{key}" Name="{}"/>"#, escape(value));
        }
        self.events += &format!(
            r#"<StudyEventDef OID="SE.{name}" Name="{name}" Repeating="{repeating}" Type="{kind}">{body}</StudyEventDef>"#
        );
        self
    }

    fn form(&mut self, name: &str, groups: &[&str]) -> &mut Self {
        let mut body = String::new();
        for group in groups {
            body += &format!(r#"<ItemGroupRef ItemGroupOID="IG.{group}" Mandatory="No"/>"#);
        }
        self.forms += &format!(r#"<FormDef OID="F.{name}" Name="{name}" Repeating="No">{body}</FormDef>"#);
        self
    }

    fn group(&mut self, name: &str, repeating: &str, items: &[&str]) -> &mut Self {
        let mut body = String::new();
        for item in items {
            body += &self.item(name, item);
        }
        self.groups +=
            &format!(r#"<ItemGroupDef OID="IG.{name}" Name="{name}" Repeating="{repeating}">{body}</ItemGroupDef>"#);
        self
    }

    fn item(&mut self, group: &str, line: &str) -> String {
        let mut parts = line.split(" | ");
        let mut head = parts.next().unwrap_or("").split(' ');
        let (name, kind) = (head.next().unwrap_or(""), head.next().unwrap_or("text"));
        let oid = format!("IT.{group}.{name}");
        let mut reference = String::new();
        let (mut units, mut list, mut checks, mut aliases) =
            (String::new(), String::new(), String::new(), String::new());
        for option in parts {
            let (sign, body) = option.split_once(' ').expect("a sign and a text");
            let expression = format!(r#"<FormalExpression Context="CEL">{}</FormalExpression>"#, escape(body));
            match sign {
                "=" => {
                    reference += &format!(r#" MethodOID="MT.{oid}""#);
                    self.methods += &format!(
                        r#"<MethodDef OID="MT.{oid}" Name="{name}" Type="Computation"><Description>{}</Description>{expression}</MethodDef>"#,
                        text(body)
                    );
                }
                "?" => {
                    reference += &format!(r#" CollectionExceptionConditionOID="CO.{oid}""#);
                    self.conditions += &format!(
                        r#"<ConditionDef OID="CO.{oid}" Name="{name}"><Description>{}</Description>{expression}</ConditionDef>"#,
                        text(body)
                    );
                }
                "!" | "~" => {
                    let soft = if sign == "!" { "Hard" } else { "Soft" };
                    checks += &format!(
                        r#"<RangeCheck SoftHard="{soft}">{expression}<ErrorMessage>{}</ErrorMessage></RangeCheck>"#,
                        text("unmet: {WEIGHT}")
                    );
                }
                "#" => {
                    let mut words = body.split(' ');
                    let comparator = words.next().unwrap_or("");
                    let (unit, values): (Vec<&str>, Vec<&str>) = words.partition(|word| word.starts_with("MU."));
                    let values: String =
                        values.iter().map(|value| format!("<CheckValue>{value}</CheckValue>")).collect();
                    let unit: String = unit
                        .iter()
                        .map(|unit| format!(r#"<MeasurementUnitRef MeasurementUnitOID="{unit}"/>"#))
                        .collect();
                    checks += &format!(
                        r#"<RangeCheck Comparator="{comparator}" SoftHard="Hard">{values}{unit}<ErrorMessage>{}</ErrorMessage></RangeCheck>"#,
                        text("out of range")
                    );
                }
                ":" => {
                    list = format!(r#"<CodeListRef CodeListOID="CL.{oid}"/>"#);
                    let codes: String = body
                        .split(' ')
                        .map(|code| {
                            format!(
                                r#"<CodeListItem CodedValue="{code}"><Decode>{}</Decode></CodeListItem>"#,
                                text(&format!("label {code}"))
                            )
                        })
                        .collect();
                    self.lists +=
                        &format!(r#"<CodeList OID="CL.{oid}" Name="{name}" DataType="{kind}">{codes}</CodeList>"#);
                }
                "@" => {
                    units = body
                        .split(' ')
                        .map(|unit| {
                            format!(
                                r#"<MeasurementUnitRef MeasurementUnitOID="{}"/>"#,
                                unit.split('=').next().unwrap_or("")
                            )
                        })
                        .collect();
                    let factors: Vec<&str> = body.split(' ').skip(1).filter(|unit| unit.contains('=')).collect();
                    if !factors.is_empty() {
                        aliases =
                            format!(r#"<Alias Context="urn:outpost:odm:1:convert" Name="{}"/>"#, factors.join("; "));
                    }
                }
                _ => panic!("{option}"),
            }
        }
        let digits = match kind {
            "float" => r#" Length="12" SignificantDigits="4""#,
            "integer" | "text" => r#" Length="12""#,
            _ => "",
        };
        self.items += &format!(
            r#"<ItemDef OID="{oid}" Name="{name}" DataType="{kind}"{digits}><Question>{}</Question>{units}{checks}{list}{aliases}</ItemDef>"#,
            text(&format!("Ask {name}"))
        );
        format!(r#"<ItemRef ItemOID="{oid}" Mandatory="No"{reference}/>"#)
    }

    fn setting(&mut self, key: &str, value: &str) -> &mut Self {
        self.settings += &format!(r#"<Alias Context="urn:outpost:odm:1:setting:{key}" Name="{value} | made up"/>"#);
        self
    }

    fn xml(&self) -> String {
        let Self { events, forms, groups, items, lists, methods, conditions, settings } = self;
        let refs: String = events
            .split("OID=\"SE.")
            .skip(1)
            .enumerate()
            .map(|(n, rest)| {
                let name = rest.split('"').next().unwrap_or("");
                format!(r#"<StudyEventRef StudyEventOID="SE.{name}" OrderNumber="{}" Mandatory="No"/>"#, n + 1)
            })
            .collect();
        let units: String = ["A", "B", "C"]
            .iter()
            .map(|unit| {
                format!(
                    r#"<MeasurementUnit OID="MU.{unit}" Name="{unit}"><Symbol>{}</Symbol></MeasurementUnit>"#,
                    text(&format!("u{unit}"))
                )
            })
            .collect();
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="T" CreationDateTime="2026-01-01T00:00:00"><Study OID="ST.T"><GlobalVariables><StudyName>T</StudyName><StudyDescription>T</StudyDescription><ProtocolName>T</ProtocolName></GlobalVariables><BasicDefinitions>{units}</BasicDefinitions><MetaDataVersion OID="MDV.1" Name="1"><Protocol>{refs}{settings}</Protocol>{events}{forms}{groups}{items}{lists}{conditions}{methods}</MetaDataVersion></Study></ODM>"#
        )
    }

    fn read_with(&self, functions: &Functions) -> Result<Study, Vec<StudyIssue>> {
        Study::read("draft.xml", self.xml().as_bytes(), functions)
    }

    fn read(&self) -> Study {
        self.read_with(&Functions::default()).unwrap_or_else(|faults| {
            let listed: Vec<String> = faults.iter().map(ToString::to_string).collect();
            panic!("{}", listed.join("\n"))
        })
    }
}

/// A study of one group whose item `OUT` (of type `kind`) is derived by `expression`; `A`–`D` are floats, `T` is a code, `P`
/// and `Q` partial dates, `X` and `Y` booleans, `N` a number with qualifiers.
fn one(kind: &str, expression: &str) -> Draft {
    let mut draft = Draft::new();
    draft.event("SCR", "Scheduled", "No", &["M"], &[]).form("M", &["M"]);
    let out = format!("OUT {kind} | = {expression}");
    draft.group(
        "M",
        "No",
        &[
            "A float",
            "B float",
            "C float",
            "D float",
            "T text | : x P12 T01a",
            "P partialDate",
            "Q partialDate",
            "X boolean",
            "Y boolean",
            "N float",
            &out,
        ],
    );
    draft
}

/// What an expression gives with these answers (`A=1.5`).
fn derive(kind: &str, expression: &str, answers: &[(&str, &str)]) -> Option<String> {
    let study = one(kind, expression).read();
    let mut sheet = Sheet::default();
    for (item, value) in answers {
        sheet.set(&format!("SCR/M/M/{item}"), value);
    }
    sheet.date("SCR", "1", "2024-03-12");
    study.rules().derive(&Sheet::place("SCR/M/M/OUT"), &sheet).expect("a derived item").value
}

fn rules_of(draft: &Draft) -> (Study, Rules) {
    let study = draft.read();
    let rules = study.rules().clone();
    (study, rules)
}
