//! What every part of reading needs: attributes, texts, and the lists of faults and notes.

use crate::{
    Alias, Document, Element, Expression, Identified, MAX_NAME, Meanings, Oid, Ordered, StudyIssue, Text, find_concept,
    is_name,
};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Namespace of ODM 1.3's elements.
pub const ODM: &str = "http://www.cdisc.org/ns/odm/v1.3";

/// Faults listed of one file; the rest are counted.
const LISTED: usize = 10_000;
/// Characters of an OID.
const OID_CHARS: usize = 500;
/// Translations of one text.
const TRANSLATIONS: usize = 100;
/// Expressions of one definition, and bytes of one of them.
const EXPRESSIONS: usize = 16;
const EXPRESSION_BYTES: usize = 16 << 10;
/// Brackets and prefix signs within one another in an expression: its parser descends for each.
const EXPRESSION_DEPTH: usize = 64;

/// Reads elements and collects what is wrong with them.
pub struct Reader {
    file: Arc<str>,
    faults: Vec<StudyIssue>,
    unlisted: usize,
    notes: Vec<StudyIssue>,
    meanings: Meanings,
    /// Elements that are kept but not used, by name: line of the first, and how many.
    unused: BTreeMap<String, (u32, u32)>,
    /// Language tags and how many texts bear each.
    tags: HashMap<String, usize>,
    /// Where each OID of the metadata version was defined.
    taken: HashMap<Oid, u32>,
}

impl Reader {
    /// A reader with nothing to complain about.
    pub fn new(document: &Document) -> Self {
        Self {
            file: document.file().clone(),
            faults: Vec::new(),
            unlisted: 0,
            notes: Vec::new(),
            meanings: Meanings::default(),
            unused: BTreeMap::new(),
            tags: HashMap::new(),
            taken: HashMap::new(),
        }
    }

    /// Name of the file.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Adds a fault of the file.
    pub fn fault(&mut self, line: u32, oid: Option<&Oid>, reason: impl Into<String>) {
        if self.faults.len() < LISTED {
            self.faults.push(StudyIssue::new(&self.file, line, oid, reason));
        } else {
            self.unlisted += 1;
        }
    }

    /// Takes over faults found elsewhere.
    pub fn add_faults(&mut self, faults: Vec<StudyIssue>) {
        for fault in faults {
            self.fault(fault.line, fault.oid.as_ref(), fault.reason);
        }
    }

    /// Records something that is kept and not acted upon.
    pub fn note(&mut self, line: u32, oid: Option<&Oid>, reason: impl Into<String>) {
        if self.notes.len() < LISTED {
            self.notes.push(StudyIssue::new(&self.file, line, oid, reason));
        }
    }

    /// Records what a definition means.
    pub fn means(&mut self, element: Element<'_>, owner: &Oid, names: &str, line: u32) {
        for name in names.split_whitespace() {
            match find_concept(name, element.name()) {
                Ok(concept) => self.meanings.add(concept, owner),
                Err(reason) => self.fault(line, Some(owner), reason),
            }
        }
    }

    /// What the definitions read so far mean.
    pub fn take_meanings(&mut self) -> Meanings {
        std::mem::take(&mut self.meanings)
    }

    /// Only the faults, in the order of the file.
    pub fn into_faults(self) -> Vec<StudyIssue> {
        self.finish().0
    }

    /// Faults and notes, each in the order of the file.
    pub fn finish(mut self) -> (Vec<StudyIssue>, Vec<StudyIssue>) {
        self.faults.sort_by(|a, b| (a.line, &a.oid, &a.reason).cmp(&(b.line, &b.oid, &b.reason)));
        self.faults.dedup();
        if self.unlisted > 0 {
            let reason = format!("and {} more faults", self.unlisted);
            self.faults.push(StudyIssue::new(&self.file, 0, None, reason));
        }
        for (name, (line, count)) in std::mem::take(&mut self.unused) {
            let times = if count > 1 { format!(" ({count} times)") } else { String::new() };
            self.note(line, None, format!("<{name}> is kept and not used{times}"));
        }
        self.notes.sort_by(|a, b| (a.line, &a.oid, &a.reason).cmp(&(b.line, &b.oid, &b.reason)));
        (self.faults, self.notes)
    }

    /// Languages of the texts read, most used first.
    pub fn languages(&mut self) -> Vec<String> {
        let mut tags: Vec<_> = self.tags.iter().collect();
        tags.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        let mut languages: Vec<String> = tags.into_iter().map(|(tag, _)| tag.clone()).collect();
        if languages.is_empty() {
            self.note(
                0,
                None,
                "no text of the file names its language (xml:lang): all are shown as they stand, as if English",
            );
            languages.push("en".to_owned());
        }
        languages
    }

    /// Notes those children of `element` that are not named in `used`.
    pub fn only(&mut self, element: Element<'_>, used: &[&str]) {
        for child in element.children() {
            if child.namespace() != ODM || !used.contains(&child.name()) {
                let seen = self.unused.entry(shown(child.qualified_name())).or_insert((child.line(), 0));
                seen.1 += 1;
            }
        }
    }

    /// A required attribute; empty (and a fault) where it is missing.
    pub fn required<'d>(&mut self, element: Element<'d>, name: &str, owner: Option<&Oid>) -> &'d str {
        match element.attribute(name) {
            Some(value) if !value.is_empty() => value,
            _ => {
                let reason = format!("<{}> has no {name}", element.qualified_name());
                self.fault(element.line(), owner, reason);
                ""
            }
        }
    }

    /// Reads an attribute that must hold an OID; a fault where it is missing or malformed.
    pub fn oid(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> Oid {
        let value = self.required(element, name, owner);
        if value.chars().count() > OID_CHARS {
            self.fault(element.line(), owner, format!("{name} is longer than {OID_CHARS} characters"));
            return Oid::from("");
        }
        Oid::from(value)
    }

    /// Reads an attribute that must hold an OID which every entry of a journal names.
    pub fn journaled_oid(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> Oid {
        let oid = self.oid(element, name, owner);
        self.journaled(name, &oid, element.line(), owner);
        oid
    }

    /// A fault where the journal can't write a name; an empty one has its fault already.
    pub fn journaled(&mut self, what: &str, name: &str, line: u32, owner: Option<&Oid>) {
        if !name.is_empty() && !is_name(name) {
            let name = shown(name);
            let reason = format!("{what} {name:?} is longer than {MAX_NAME} bytes or holds control characters");
            self.fault(line, owner, reason);
        }
    }

    /// Reads an attribute that may hold an OID.
    pub fn optional_oid(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> Option<Oid> {
        element.attribute(name)?;
        Some(self.oid(element, name, owner)).filter(|oid| !oid.is_empty())
    }

    /// A required attribute that is `Yes` or `No`.
    pub fn yes(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> bool {
        match self.required(element, name, owner) {
            "Yes" => true,
            "No" | "" => false,
            other => {
                let reason = format!("{name}={:?} is neither Yes nor No", shown(other));
                self.fault(element.line(), owner, reason);
                false
            }
        }
    }

    /// An optional whole number.
    pub fn number(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> Option<u32> {
        let value = element.attribute(name)?;
        let number = value.trim().parse().ok();
        if number.is_none() {
            self.fault(element.line(), owner, format!("{name}={:?} is not a whole number", shown(value)));
        }
        number
    }

    /// The translated texts in the child `name`.
    pub fn text(&mut self, element: Element<'_>, name: &str, owner: Option<&Oid>) -> Text {
        let Some(holder) = child(element, name) else { return Text::default() };
        let mut text = Text::default();
        for translated in holder.children().filter(|c| c.name() == "TranslatedText") {
            let tag = translated.language().unwrap_or("");
            if text.iter().count() == TRANSLATIONS {
                self.fault(translated.line(), owner, format!("<{name}> has more than {TRANSLATIONS} texts"));
                break;
            }
            if text.exact(tag).is_some() {
                let reason = format!("<{name}> has two texts for the language {:?}", shown(tag));
                self.fault(translated.line(), owner, reason);
                continue;
            }
            if !tag.is_empty() {
                *self.tags.entry(tag.to_owned()).or_default() += 1;
            }
            text.push(tag, translated.text().trim());
        }
        self.only(holder, &["TranslatedText"]);
        text
    }

    /// The formal expressions of an element, at most one of them in CEL.
    pub fn expressions(&mut self, element: Element<'_>, owner: &Oid) -> Vec<Expression> {
        let mut expressions = Vec::new();
        for child in element.children().filter(|c| c.name() == "FormalExpression") {
            // CDISC's schema has it optional: whose language it is nobody knows then.
            let context = child.attribute("Context").unwrap_or_default().to_owned();
            let text = child.text().trim().to_owned();
            if let Some(reason) = too_large(&text, expressions.len()) {
                self.fault(child.line(), Some(owner), reason);
                break;
            }
            let expression = Expression { context, text, line: child.line() };
            if !expression.is_cel() {
                let reason = format!("an expression in {:?} is kept and not evaluated", shown(&expression.context));
                self.note(child.line(), Some(owner), reason);
            } else if expressions.iter().any(Expression::is_cel) {
                self.fault(child.line(), Some(owner), "has more than one CEL expression");
                continue;
            }
            expressions.push(expression);
        }
        expressions
    }

    /// The names that an element has elsewhere.
    pub fn aliases(&mut self, element: Element<'_>, owner: Option<&Oid>) -> Vec<(Alias, u32)> {
        let mut aliases: Vec<(Alias, u32)> = Vec::new();
        let mut contexts = HashSet::new();
        for child in element.children().filter(|c| c.name() == "Alias") {
            let context = self.required(child, "Context", owner).to_owned();
            let name = self.required(child, "Name", owner).to_owned();
            if !contexts.insert(context.clone()) {
                let reason = format!("has two aliases for the context {:?}", shown(&context));
                self.fault(child.line(), owner, reason);
                continue;
            }
            aliases.push((Alias { context, name }, child.line()));
        }
        aliases
    }

    /// Adds a definition unless its OID is taken by any other definition of the metadata version.
    pub fn define<T: Identified>(&mut self, list: &mut Ordered<T>, definition: T, line: u32) {
        let oid = definition.oid().clone();
        if oid.is_empty() {
            return;
        }
        if let Some(first) = self.taken.get(&oid) {
            let reason = format!("this OID was already defined in line {first}");
            self.fault(line, Some(&oid), reason);
            return;
        }
        self.taken.insert(oid, line);
        let _taken = list.insert(definition);
    }

    /// References in the order that their OrderNumbers give, or as they stand where not all have one.
    pub fn in_order<T>(&mut self, mut references: Vec<(Option<u32>, u32, T)>, owner: Option<&Oid>) -> Vec<T> {
        if references.iter().all(|(order, _, _)| order.is_some()) {
            references.sort_by_key(|&(order, _, _)| order);
            for pair in references.windows(2) {
                if pair[0].0 == pair[1].0 {
                    let reason = format!("OrderNumber {} stands twice", pair[0].0.unwrap_or_default());
                    self.fault(pair[1].1, owner, reason);
                }
            }
        }
        references.into_iter().map(|(_, _, reference)| reference).collect()
    }
}

/// The first ODM child with this name.
pub fn child<'d>(element: Element<'d>, name: &str) -> Option<Element<'d>> {
    element.children().find(|child| child.name() == name && child.namespace() == ODM)
}

/// The ODM children with this name.
pub fn children<'d>(element: Element<'d>, name: &'static str) -> impl Iterator<Item = Element<'d>> {
    element.children().filter(move |child| child.name() == name && child.namespace() == ODM)
}

/// Why an expression is not even handed to its parser.
pub fn too_large(text: &str, others: usize) -> Option<&'static str> {
    if others >= EXPRESSIONS {
        return Some("has more than 16 expressions");
    }
    if text.len() > EXPRESSION_BYTES {
        return Some("has an expression longer than 16 KiB");
    }
    let (mut depth, mut deepest, mut signs) = (0usize, 0usize, 0usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' | b'?' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        signs = if matches!(byte, b'!' | b'-') { signs + 1 } else { 0 };
        deepest = deepest.max(depth + signs);
    }
    (deepest > EXPRESSION_DEPTH).then_some("has an expression nested more than 64 deep")
}

/// A text shortened for a message.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
