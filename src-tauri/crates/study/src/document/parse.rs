//! A parser for XML 1.0 with namespaces, without DTDs.

use super::limits;
use super::syntax::{XmlError, continues_name, is_char, is_plain_name, is_qualified_name, is_space};
use super::tree::{Attribute, Document, NO_NAMESPACE, Node, NodeKind, Span, UNESCAPED};
use std::collections::HashMap;
use std::sync::Arc;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// Parses decoded text.
pub fn parse(file: Arc<str>, source: String) -> Result<Document, XmlError> {
    let mut parser = Parser {
        at: 0,
        line: 1,
        unescaped: String::new(),
        nodes: Vec::new(),
        attributes: Vec::new(),
        namespaces: Namespaces::default(),
        open: Vec::new(),
        root: None,
        standalone: None,
        source: &source,
    };
    parser.document()?;
    let root = parser.root.ok_or_else(|| XmlError::new(parser.line, "there is no root element"))?;
    let Parser { unescaped, nodes, attributes, namespaces, standalone, .. } = parser;
    Ok(Document { file, unescaped, nodes, attributes, namespaces: namespaces.list, standalone, root, source })
}

struct Parser<'s> {
    source: &'s str,
    at: usize,
    line: u32,
    unescaped: String,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    namespaces: Namespaces,
    /// Elements whose end tag has not come: node index and how many namespace declarations were in force before.
    open: Vec<(u32, usize)>,
    root: Option<u32>,
    standalone: Option<bool>,
}

type Parsed<T> = Result<T, XmlError>;

impl<'s> Parser<'s> {
    fn document(&mut self) -> Parsed<()> {
        self.declaration()?;
        while self.at < self.source.len() {
            self.content()?;
        }
        match self.open.last() {
            Some(&(index, _)) => {
                let node = self.nodes[index as usize];
                Err(self.fail(format!("ends inside <{}> of line {}", self.element_name(index), node.line)))
            }
            None => Ok(()),
        }
    }

    fn content(&mut self) -> Parsed<()> {
        let rest = &self.source[self.at..];
        if !rest.starts_with('<') {
            self.char_data()
        } else if rest.starts_with("</") {
            self.end_tag()
        } else if rest.starts_with("<!--") {
            self.comment()
        } else if rest.starts_with("<![CDATA[") {
            self.cdata()
        } else if rest.starts_with("<!") {
            Err(self
                .fail("holds a document type declaration (DTD), which is refused: it can hide other files in this one"))
        } else if rest.starts_with("<?") {
            self.instruction()
        } else {
            self.start_tag()
        }
    }

    fn declaration(&mut self) -> Parsed<()> {
        let is_declaration = self.source.starts_with("<?xml") && self.source[5..].starts_with([' ', '\t', '\n']);
        if !is_declaration {
            return Ok(());
        }
        self.skip(5);
        let (body, _) = self.until("?>", "the XML declaration does not end")?;
        let mut rest = body.trim();
        if !rest.starts_with("version") {
            return Err(self.fail("the XML declaration gives no version"));
        }
        let mut expected = ["version", "encoding", "standalone"].into_iter();
        while !rest.is_empty() {
            let (name, value, after) =
                pseudo_attribute(rest).ok_or_else(|| self.fail("the XML declaration is malformed"))?;
            if !expected.any(|known| known == name) {
                return Err(self.fail("the XML declaration is malformed"));
            }
            match (name, value) {
                ("version", "1.0") | ("encoding", _) => {}
                ("standalone", "yes") => self.standalone = Some(true),
                ("standalone", "no") => self.standalone = Some(false),
                _ => return Err(self.fail(format!("the XML declaration says {name}={value:?}, which is not read"))),
            }
            rest = after.trim_start();
        }
        Ok(())
    }

    fn char_data(&mut self) -> Parsed<()> {
        let rest = &self.source[self.at..];
        let length = rest.find('<').unwrap_or(rest.len());
        let raw = &rest[..length];
        let line = self.line;
        if raw.contains("]]>") {
            return Err(self.fail("text holds \"]]>\""));
        }
        if self.open.is_empty() {
            // Line breaks between the parts outside the root mean nothing.
            if !raw.bytes().all(is_space) {
                return Err(self.fail("there is text outside the root element"));
            }
            self.skip(length);
            return Ok(());
        }
        let span = self.plain(raw, false)?;
        self.skip(length);
        self.leaf(NodeKind::Text(span), line)
    }

    fn cdata(&mut self) -> Parsed<()> {
        let line = self.line;
        if self.open.is_empty() {
            return Err(self.fail("there is text outside the root element"));
        }
        self.skip("<![CDATA[".len());
        let (_, span) = self.until("]]>", "a CDATA section does not end")?;
        self.leaf(NodeKind::CData(span), line)
    }

    fn comment(&mut self) -> Parsed<()> {
        let line = self.line;
        self.skip(4);
        let (body, span) = self.until("-->", "a comment does not end")?;
        if body.contains("--") || body.ends_with('-') {
            return Err(XmlError::new(line, "a comment holds \"--\""));
        }
        self.leaf(NodeKind::Comment(span), line)
    }

    fn instruction(&mut self) -> Parsed<()> {
        let line = self.line;
        self.skip(2);
        let start = self.at;
        let (body, _) = self.until("?>", "a processing instruction does not end")?;
        let target_length = body.find([' ', '\t', '\n']).unwrap_or(body.len());
        let target = &body[..target_length];
        if !is_plain_name(target) || target.eq_ignore_ascii_case("xml") || target.len() > limits::NAME_BYTES {
            return Err(XmlError::new(line, "a processing instruction has no proper name"));
        }
        let data = body[target_length..].trim_start_matches([' ', '\t', '\n']);
        let data_start = start + body.len() - data.len();
        let kind = NodeKind::Instruction { target: span(start, target_length), data: span(data_start, data.len()) };
        self.leaf(kind, line)
    }

    fn start_tag(&mut self) -> Parsed<()> {
        let line = self.line;
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.fail("there is more than one root element"));
        }
        if self.open.len() >= limits::DEPTH {
            return Err(self.fail(format!("elements are nested more than {} deep", limits::DEPTH)));
        }
        self.skip(1);
        let name = self.name()?;
        let first = self.attributes.len();
        let in_force = self.namespaces.in_force.len();
        let empty = self.attribute_list()?;
        self.resolve_attributes(first)?;
        let namespace = self.resolve(name, true)?;
        let kind = NodeKind::Element {
            name,
            namespace,
            attributes: self.index(first)?,
            count: self.index(self.attributes.len() - first)?,
        };
        let index = self.index(self.nodes.len())?;
        self.leaf(kind, line)?;
        self.root.get_or_insert(index);
        if empty {
            self.namespaces.in_force.truncate(in_force);
        } else {
            self.open.push((index, in_force));
        }
        Ok(())
    }

    fn end_tag(&mut self) -> Parsed<()> {
        self.skip(2);
        let name = self.name()?;
        self.spaces();
        let Some((index, in_force)) = self.open.pop() else {
            return Err(self.fail(format!("</{}> ends nothing", shown(self.slice(name)))));
        };
        if self.element_name(index) != self.slice(name) {
            let line = self.nodes[index as usize].line;
            let reason =
                format!("</{}> where </{}> should end line {line}", shown(self.slice(name)), self.element_name(index));
            return Err(self.fail(reason));
        }
        self.expect(">")?;
        self.namespaces.in_force.truncate(in_force);
        self.nodes[index as usize].end = self.index(self.nodes.len())?;
        Ok(())
    }

    /// Reads attributes up to the end of the tag; whether the element is empty.
    fn attribute_list(&mut self) -> Parsed<bool> {
        let first = self.attributes.len();
        loop {
            let spaced = self.spaces();
            let rest = &self.source[self.at..];
            if rest.starts_with("/>") {
                self.skip(2);
                return Ok(true);
            }
            if rest.starts_with('>') {
                self.skip(1);
                return Ok(false);
            }
            if !spaced {
                return Err(self.fail("a tag is malformed"));
            }
            if self.attributes.len() - first >= limits::ATTRIBUTES {
                return Err(self.fail(format!("an element has more than {} attributes", limits::ATTRIBUTES)));
            }
            let attribute = self.attribute()?;
            let known = self.attributes[first..].iter().any(|a| self.slice(a.name) == self.slice(attribute.name));
            if known {
                return Err(self.fail(format!("attribute {} stands twice", shown(self.slice(attribute.name)))));
            }
            self.attributes.push(attribute);
        }
    }

    fn attribute(&mut self) -> Parsed<Attribute> {
        let name = self.name()?;
        self.spaces();
        self.expect("=")?;
        self.spaces();
        let quote = match self.source.as_bytes().get(self.at) {
            Some(b'"') => "\"",
            Some(b'\'') => "'",
            _ => return Err(self.fail("an attribute's value is not quoted")),
        };
        self.skip(1);
        let rest = &self.source[self.at..];
        let length = rest.find(quote).ok_or_else(|| self.fail("an attribute's value does not end"))?;
        if length > limits::ATTRIBUTE_BYTES {
            return Err(self.fail("an attribute's value is longer than 1 MiB"));
        }
        let raw = &rest[..length];
        if raw.contains('<') {
            return Err(self.fail("an attribute's value holds \"<\""));
        }
        let value = self.plain(raw, true)?;
        self.skip(length + 1);
        Ok(Attribute { name, value, namespace: NO_NAMESPACE })
    }

    /// Puts the namespace declarations among the attributes since `first` in force, then resolves the others.
    fn resolve_attributes(&mut self, first: usize) -> Parsed<()> {
        for at in first..self.attributes.len() {
            let Attribute { name, value, .. } = self.attributes[at];
            let (name, value) = (self.slice(name).to_owned(), self.slice(value).to_owned());
            let prefix = if name == "xmlns" {
                ""
            } else if let Some(prefix) = name.strip_prefix("xmlns:") {
                prefix
            } else {
                continue;
            };
            self.declare(prefix, &value)?;
            self.attributes[at].namespace =
                self.namespaces.intern(XMLNS_NAMESPACE).ok_or_else(|| self.fail(TOO_MANY))?;
        }
        for at in first..self.attributes.len() {
            let attribute = self.attributes[at];
            if attribute.namespace == NO_NAMESPACE && self.slice(attribute.name).contains(':') {
                self.attributes[at].namespace = self.resolve(attribute.name, false)?;
                let local = super::tree::local(self.slice(attribute.name));
                let namespace = self.attributes[at].namespace;
                let twice = self.attributes[first..at]
                    .iter()
                    .any(|other| other.namespace == namespace && super::tree::local(self.slice(other.name)) == local);
                if twice {
                    return Err(self.fail(format!("attribute {} stands twice", shown(local))));
                }
            }
        }
        Ok(())
    }

    fn declare(&mut self, prefix: &str, uri: &str) -> Parsed<()> {
        let reserved = prefix == "xmlns"
            || (prefix == "xml") != (uri == XML_NAMESPACE)
            || uri == XMLNS_NAMESPACE
            || (uri.is_empty() && !prefix.is_empty());
        if reserved {
            return Err(self.fail("a namespace declaration is malformed"));
        }
        if self.namespaces.in_force.len() >= limits::NAMESPACES_IN_FORCE {
            return Err(self.fail(TOO_MANY));
        }
        let index = self.namespaces.intern(uri).ok_or_else(|| self.fail(TOO_MANY))?;
        self.namespaces.in_force.push((prefix.to_owned(), index));
        Ok(())
    }

    fn resolve(&mut self, name: Span, is_element: bool) -> Parsed<u32> {
        let qualified = self.slice(name);
        let prefix = qualified.split_once(':').map_or("", |(prefix, _)| prefix);
        if prefix == "xml" {
            return self.namespaces.intern(XML_NAMESPACE).ok_or_else(|| self.fail(TOO_MANY));
        }
        if prefix.is_empty() && !is_element {
            return Ok(NO_NAMESPACE);
        }
        match self.namespaces.in_force.iter().rev().find(|(known, _)| known == prefix) {
            Some(&(_, index)) => Ok(index),
            None if prefix.is_empty() => Ok(NO_NAMESPACE),
            None => Err(self.fail(format!("the prefix {} is not declared", shown(prefix)))),
        }
    }

    fn name(&mut self) -> Parsed<Span> {
        let rest = &self.source[self.at..];
        let length = rest.find(|c| c != ':' && !continues_name(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if length > limits::NAME_BYTES || !is_qualified_name(name) {
            return Err(self.fail(format!("{:?} is not a name", shown(name))));
        }
        let name = span(self.at, length);
        self.skip(length);
        Ok(name)
    }

    /// The text that `raw`, which begins here, stands for: references replaced, and blanks made one in attributes.
    fn plain(&mut self, raw: &str, is_attribute: bool) -> Parsed<Span> {
        let differs = |b: u8| b == b'&' || (is_attribute && matches!(b, b'\n' | b'\t'));
        if !raw.bytes().any(differs) {
            return Ok(span(self.at, raw.len()));
        }
        let start = self.unescaped.len();
        let mut rest = raw;
        while let Some(at) = rest.bytes().position(differs) {
            self.unescaped.push_str(&rest[..at]);
            if rest.as_bytes()[at] != b'&' {
                self.unescaped.push(' ');
                rest = &rest[at + 1..];
                continue;
            }
            let (name, after) = rest[at + 1..].split_once(';').ok_or_else(|| self.fail("\"&\" begins no reference"))?;
            let c = referred(name).ok_or_else(|| self.fail(format!("&{}; is not known here", shown(name))))?;
            self.unescaped.push(c);
            rest = after;
        }
        self.unescaped.push_str(rest);
        let unescaped = span(start, self.unescaped.len() - start);
        Ok(Span { start: unescaped.start | UNESCAPED, ..unescaped })
    }

    fn leaf(&mut self, kind: NodeKind, line: u32) -> Parsed<()> {
        if self.nodes.len() + self.attributes.len() >= limits::NODES {
            return Err(self.fail(format!("the file holds more than {} parts", limits::NODES)));
        }
        let end = self.index(self.nodes.len() + 1)?;
        self.nodes.push(Node { kind, line, end });
        Ok(())
    }

    fn until(&mut self, end: &str, missing: &str) -> Parsed<(&'s str, Span)> {
        let rest = &self.source[self.at..];
        let length = rest.find(end).ok_or_else(|| self.fail(missing))?;
        let found = span(self.at, length);
        self.skip(length + end.len());
        Ok((&rest[..length], found))
    }

    fn expect(&mut self, sign: &str) -> Parsed<()> {
        if !self.source[self.at..].starts_with(sign) {
            return Err(self.fail(format!("{sign:?} is missing")));
        }
        self.skip(sign.len());
        Ok(())
    }

    fn spaces(&mut self) -> bool {
        let length = self.source.as_bytes()[self.at..].iter().take_while(|&&b| is_space(b)).count();
        self.skip(length);
        length > 0
    }

    fn skip(&mut self, length: usize) {
        let passed = &self.source.as_bytes()[self.at..self.at + length];
        let lines = passed.iter().filter(|&&b| b == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.at += length;
    }

    fn slice(&self, span: Span) -> &str {
        let (buffer, start) = if span.start & UNESCAPED == 0 {
            (self.source, span.start)
        } else {
            (self.unescaped.as_str(), span.start & !UNESCAPED)
        };
        &buffer[start as usize..start as usize + span.length as usize]
    }

    fn element_name(&self, index: u32) -> &str {
        match self.nodes[index as usize].kind {
            NodeKind::Element { name, .. } => self.slice(name),
            _ => "",
        }
    }

    fn index(&self, value: usize) -> Parsed<u32> {
        u32::try_from(value).map_err(|_| self.fail("the file is too large"))
    }

    fn fail(&self, reason: impl Into<String>) -> XmlError {
        XmlError::new(self.line, reason)
    }
}

const TOO_MANY: &str = "the file declares too many namespaces";

/// Namespaces of the document, and those in force at the present place.
struct Namespaces {
    list: Vec<String>,
    index: HashMap<String, u32>,
    in_force: Vec<(String, u32)>,
}

impl Default for Namespaces {
    fn default() -> Self {
        Self { list: vec![String::new()], index: HashMap::from([(String::new(), NO_NAMESPACE)]), in_force: Vec::new() }
    }
}

impl Namespaces {
    fn intern(&mut self, uri: &str) -> Option<u32> {
        if let Some(&index) = self.index.get(uri) {
            return Some(index);
        }
        if self.list.len() >= limits::NAMESPACES {
            return None;
        }
        let index = u32::try_from(self.list.len()).ok()?;
        self.list.push(uri.to_owned());
        self.index.insert(uri.to_owned(), index);
        Some(index)
    }
}

fn span(start: usize, length: usize) -> Span {
    // A file is at most 64 MiB, half as much again once decoded from UTF-16: ranges fit 31 bits.
    let small = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Span { start: small(start), length: small(length) }
}

/// The character that a reference stands for.
fn referred(name: &str) -> Option<char> {
    match name {
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "amp" => return Some('&'),
        "apos" => return Some('\''),
        "quot" => return Some('"'),
        _ => {}
    }
    let digits = name.strip_prefix('#')?;
    let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hexadecimal| (hexadecimal, 16));
    if digits.is_empty() || digits.len() > 8 || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    u32::from_str_radix(digits, radix).ok().and_then(char::from_u32).filter(|&c| is_char(c))
}

/// Splits `name="value" rest`.
fn pseudo_attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, after) = text.split_once('=')?;
    let after = after.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = after[1..].split_once(quote)?;
    Some((name.trim_end(), value, rest))
}

/// A text shortened for a message.
fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
