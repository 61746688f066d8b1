//! From NCI's table to a code list of the study.
//!
//! The table comes as rows of texts, so that a spreadsheet and a text file are read alike; columns are found by the words of
//! their heads. A study says where the dictionary belongs with ODM's own words, `<ExternalCodeList Dictionary="CTCAE"/>` in
//! a code list; [`merge`] puts the terms in its place, or replaces those of an earlier loading.

use crate::document::{attribute, content};
use crate::{Document, Element};
use std::collections::{BTreeMap, HashSet};
use std::fmt;

/// One term of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The term, which is its code, too.
    pub term: String,
    /// System organ class of MedDRA, by language.
    pub soc: String,
    /// The words of grades 1 to 5; empty for a grade that does not exist.
    pub grades: [String; 5],
    /// NCI's definition of the term.
    pub definition: String,
    /// NCI's navigational note.
    pub note: String,
    /// MedDRA's code, which is licensed.
    pub meddra: String,
}

/// Names that a sponsor adds to a dictionary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Translations by term or class, then by language.
    labels: BTreeMap<String, BTreeMap<String, String>>,
    /// Other names by term.
    synonyms: BTreeMap<String, Vec<String>>,
}

/// What is put into a study.
#[derive(Clone, Copy, Debug)]
pub struct Loading<'a> {
    /// Terms with their grades, from NCI's table.
    pub terms: &'a [Term],
    /// Translations and synonyms by term.
    pub names: &'a Names,
    /// Where the terms were read, for the study file.
    pub source: &'a str,
    /// Who attests the licence of MedDRA; none leaves its codes out.
    pub meddra_licence: Option<&'a str>,
}

/// Why a table or a study can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryError {
    /// Row of the table from 1, its head counted; 0 for the whole.
    pub row: usize,
    /// What is wrong, in words that name the column.
    pub reason: String,
}

impl fmt::Display for DictionaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            0 => f.write_str(&self.reason),
            row => write!(f, "row {row}: {}", self.reason),
        }
    }
}

impl std::error::Error for DictionaryError {}

fn fault(row: usize, reason: impl Into<String>) -> DictionaryError {
    DictionaryError { row, reason: reason.into() }
}

/// The rows of a text whose cells are parted by tabulators.
pub fn tabbed(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Columns by the words of their heads.
struct Heads<'a> {
    row: &'a [String],
}

impl Heads<'_> {
    fn find(&self, wanted: &str) -> Option<usize> {
        self.row.iter().position(|head| clean(head).eq_ignore_ascii_case(wanted))
    }

    fn need(&self, wanted: &str) -> Result<usize, DictionaryError> {
        self.find(wanted).ok_or_else(|| fault(1, format!("there is no column {wanted:?}")))
    }
}

/// Single blanks, no others; `-` says that there is nothing.
fn clean(cell: &str) -> String {
    let text = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    if text == "-" { String::new() } else { text }
}

fn cell(row: &[String], column: Option<usize>) -> String {
    column.and_then(|column| row.get(column)).map(|text| clean(text)).unwrap_or_default()
}

/// The terms of the table: `MedDRA SOC`, `CTCAE Term`, `Grade 1` to `Grade 5`, and where they are there `Definition`,
/// `Navigational Note`, `MedDRA Code`.
///
/// # Errors
/// The first row that is no term, stands twice, or has no grade; a column that is missing.
pub fn terms(rows: &[Vec<String>]) -> Result<Vec<Term>, DictionaryError> {
    let heads = Heads { row: rows.first().ok_or_else(|| fault(0, "the table is empty"))? };
    let (soc, term) = (heads.need("MedDRA SOC")?, heads.need("CTCAE Term")?);
    let mut grades = [0; 5];
    for (place, column) in grades.iter_mut().enumerate() {
        *column = heads.need(&format!("Grade {}", place + 1))?;
    }
    let (definition, note) = (heads.find("Definition"), heads.find("Navigational Note"));
    let meddra = heads.find("MedDRA Code");
    let mut seen = HashSet::new();
    let mut terms = Vec::with_capacity(rows.len());
    for (place, row) in rows.iter().enumerate().skip(1) {
        let read = Term {
            term: cell(row, Some(term)),
            soc: cell(row, Some(soc)),
            grades: grades.map(|column| cell(row, Some(column))),
            definition: cell(row, definition),
            note: cell(row, note),
            meddra: cell(row, meddra),
        };
        if read == Term::default() {
            continue;
        }
        let reason = match &read {
            _ if read.term.is_empty() => Some("has no term".to_owned()),
            _ if read.soc.is_empty() => Some(format!("{:?} has no system organ class", read.term)),
            _ if read.grades.iter().all(String::is_empty) => Some(format!("{:?} has no grade", read.term)),
            _ if !seen.insert(read.term.clone()) => Some(format!("{:?} stands twice", read.term)),
            _ => None,
        };
        match reason {
            Some(reason) => return Err(fault(place + 1, reason)),
            None => terms.push(read),
        }
    }
    if terms.is_empty() { Err(fault(0, "the table has no terms")) } else { Ok(terms) }
}

impl Names {
    /// Names from a table with the columns `term` (a term or a class), `language`, `name`, and `synonyms` parted by `;`.
    /// Either of the last two may be empty.
    ///
    /// # Errors
    /// A missing column; a term or class that is none of `terms`; a second name in one language.
    pub fn read(rows: &[Vec<String>], terms: &[Term]) -> Result<Self, DictionaryError> {
        let heads = Heads { row: rows.first().ok_or_else(|| fault(0, "the table is empty"))? };
        let (term, language) = (heads.need("term")?, heads.find("language"));
        let (name, synonyms) = (heads.find("name"), heads.find("synonyms"));
        let known: HashSet<&str> = terms.iter().flat_map(|term| [term.term.as_str(), term.soc.as_str()]).collect();
        let mut names = Self::default();
        for (place, row) in rows.iter().enumerate().skip(1) {
            let at = |reason: String| fault(place + 1, reason);
            let owner = cell(row, Some(term));
            if !known.contains(owner.as_str()) {
                return Err(at(format!("{owner:?} is neither a term nor a class of the dictionary")));
            }
            let (label, tag) = (cell(row, name), cell(row, language));
            if !label.is_empty() {
                let labels = names.labels.entry(owner.clone()).or_default();
                if tag.is_empty() || tag.eq_ignore_ascii_case("en") {
                    return Err(at(format!("{owner:?}: a translation needs a language other than en")));
                }
                if labels.insert(tag, label).is_some() {
                    return Err(at(format!("{owner:?} has a second name in this language")));
                }
            }
            let other = cell(row, synonyms);
            let other = other.split([';', '；']).map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
            names.synonyms.entry(owner).or_default().extend(other);
        }
        Ok(names)
    }

    fn labels(&self, owner: &str) -> impl Iterator<Item = (&str, &str)> {
        self.labels.get(owner).into_iter().flatten().map(|(language, name)| (language.as_str(), name.as_str()))
    }
}

/// The study with the dictionary in it, as one file. Nothing else is changed.
///
/// # Errors
/// The study has no code list for it, or several.
pub fn merge(document: &Document, loading: &Loading<'_>) -> Result<String, DictionaryError> {
    let places: Vec<u32> = codelists(document).filter(|list| version(*list).is_some()).map(Element::line).collect();
    match places.as_slice() {
        [_] => {}
        [] => {
            let reason = "no code list of the study holds <ExternalCodeList Dictionary=\"CTCAE\" Version=\"5.0\"/>";
            return Err(fault(0, reason));
        }
        [first, second, ..] => {
            return Err(fault(0, format!("two code lists ask for the dictionary, in lines {first} and {second}")));
        }
    }
    Ok(document.rewritten(&|element| {
        let version = (element.name() == "CodeList").then(|| version(element))??;
        Some(codelist(element, &version, loading))
    }))
}

fn codelists(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let studies = document.root().children().filter(|child| child.name() == "Study");
    let versions = studies.flat_map(|study| study.children().filter(|child| child.name() == "MetaDataVersion"));
    versions.flat_map(|version| version.children().filter(|child| child.name() == "CodeList"))
}

/// The version of the CTCAE that a code list asks for, or that was loaded into it.
fn version(list: Element<'_>) -> Option<String> {
    list.children().find_map(|child| match child.name() {
        "ExternalCodeList" if child.attribute("Dictionary") == Some("CTCAE") => {
            Some(child.attribute("Version").unwrap_or("5.0").to_owned())
        }
        "Alias" if child.attribute("Context") == Some("urn:outpost:odm:1:dictionary") => {
            let name = child.attribute("Name")?.split('|').next()?.trim();
            Some(name.strip_prefix("CTCAE")?.trim().to_owned())
        }
        _ => None,
    })
}

/// Writes elements with the prefix of the list that they stand in.
struct Writer<'a> {
    out: String,
    prefix: &'a str,
}

impl Writer<'_> {
    fn open(&mut self, indent: &str, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.out.push_str(indent);
        self.out.push('<');
        self.out.push_str(self.prefix);
        self.out.push_str(name);
        for (name, value) in attributes {
            attribute(name, value, &mut self.out);
        }
        self.out.push_str(end);
    }

    fn close(&mut self, indent: &str, name: &str) {
        self.out.push_str(&format!("{indent}</{}{name}>", self.prefix));
    }

    fn alias(&mut self, indent: &str, key: &str, value: &str) {
        if !value.is_empty() {
            let context = format!("urn:outpost:odm:1:{key}");
            self.open(indent, "Alias", &[("Context", &context), ("Name", value)], "/>");
        }
    }

    fn translated(&mut self, indent: &str, language: &str, text: &str) {
        self.open(indent, "TranslatedText", &[("xml:lang", language)], ">");
        content(text, &mut self.out);
        self.close("", "TranslatedText");
    }
}

fn codelist(list: Element<'_>, version: &str, loading: &Loading<'_>) -> String {
    let prefix = list.qualified_name().strip_suffix("CodeList").unwrap_or("");
    let mut writer = Writer { out: String::with_capacity(1 << 20), prefix };
    let attributes: Vec<(&str, &str)> = list.attributes().collect();
    writer.open("", "CodeList", &attributes, ">");
    for term in loading.terms {
        item(&mut writer, term, loading);
    }
    let outer = "\n        ";
    writer.alias(outer, "dictionary", &format!("CTCAE {version} | {}", loading.source));
    writer.alias(outer, "meddra-licence", loading.meddra_licence.unwrap_or(""));
    for alias in list.children().filter(|child| child.name() == "Alias") {
        let (context, name) = (alias.attribute("Context").unwrap_or(""), alias.attribute("Name").unwrap_or(""));
        if !context.starts_with("urn:outpost:odm:1:") {
            writer.open(outer, "Alias", &[("Context", context), ("Name", name)], "/>");
        }
    }
    writer.close("\n      ", "CodeList");
    writer.out
}

fn item(writer: &mut Writer<'_>, term: &Term, loading: &Loading<'_>) {
    let (outer, inner) = ("\n        ", "\n          ");
    writer.open(outer, "CodeListItem", &[("CodedValue", &term.term)], ">");
    writer.open(inner, "Decode", &[], ">");
    writer.translated("", "en", &term.term);
    for (language, name) in loading.names.labels(&term.term) {
        writer.translated("", language, name);
    }
    writer.close("", "Decode");
    writer.alias(inner, "soc", &term.soc);
    for (language, name) in loading.names.labels(&term.soc) {
        writer.alias(inner, &format!("soc:{language}"), name);
    }
    for (place, text) in term.grades.iter().enumerate() {
        writer.alias(inner, &format!("grade{}", place + 1), text);
    }
    writer.alias(inner, "definition", &term.definition);
    writer.alias(inner, "note", &term.note);
    let synonyms = loading.names.synonyms.get(&term.term).map(|all| all.join("; ")).unwrap_or_default();
    writer.alias(inner, "synonyms", &synonyms);
    if term.term.ends_with("Other, specify") {
        writer.alias(inner, "other", "specify");
    }
    if loading.meddra_licence.is_some() && !term.meddra.is_empty() {
        writer.open(inner, "Alias", &[("Context", "MedDRA"), ("Name", &term.meddra)], "/>");
    }
    writer.close(outer, "CodeListItem");
}
