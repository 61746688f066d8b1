//! A study file as a lossless tree.
//!
//! Everything that XML means is kept: elements and attributes with their prefixes and order, text, CDATA sections,
//! comments and processing instructions, each with its line. What is not kept is spelling without meaning: quotes,
//! blanks inside tags, character references, the encoding. Names and texts are ranges of the source, so a document takes
//! little more memory than its file. Limits refuse hostile files before they cost anything; a DTD is refused whole,
//! which leaves no entity to expand.

mod decode;
mod limits;
mod parse;
mod syntax;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use write::{attribute, content};

use crate::Fault;
use std::sync::Arc;

/// An XML document, nothing dropped.
#[derive(Clone, Debug)]
pub struct Document {
    file: Arc<str>,
    source: String,
    /// Texts that differ from their spelling in the source.
    unescaped: String,
    /// All nodes in document order.
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    namespaces: Vec<String>,
    standalone: Option<bool>,
    root: u32,
}

/// A range of the source, or, with the high bit of `start` set, of the unescaped texts.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    length: u32,
}

const UNESCAPED: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
struct Node {
    kind: NodeKind,
    line: u32,
    /// Index of the node after this one's last descendant.
    end: u32,
}

#[derive(Clone, Copy, Debug)]
enum NodeKind {
    Element { name: Span, namespace: u32, attributes: u32, count: u32 },
    Text(Span),
    CData(Span),
    Comment(Span),
    Instruction { target: Span, data: Span },
}

#[derive(Clone, Copy, Debug)]
struct Attribute {
    name: Span,
    value: Span,
    namespace: u32,
}

/// Index of the empty namespace.
const NO_NAMESPACE: u32 = 0;

impl Document {
    /// Parses `bytes`; `file` names it in faults.
    ///
    /// # Errors
    /// The first place at which the bytes are not well-formed, or the limit that they exceed.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let file: Arc<str> = file.into();
        let fault = |syntax: syntax::Fatal| vec![Fault::new(&file, syntax.line, None, syntax.reason)];
        let source = decode::decode(bytes).map_err(fault)?;
        parse::parse(file.clone(), source).map_err(fault)
    }

    /// Name of the file as it was given.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The root element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: self.root }
    }

    /// The document as UTF-8 XML with a declaration.
    pub fn to_xml(&self) -> String {
        write::xml(self, &|_| None)
    }

    /// The document as XML in which `rewrite` gives what stands in the place of an element; none leaves it as it is.
    pub fn rewritten(&self, rewrite: &dyn Fn(Element<'_>) -> Option<String>) -> String {
        write::xml(self, rewrite)
    }

    /// The document in canonical form (Canonical XML 1.0 with comments): equal for two documents that mean the same.
    pub fn canonical(&self) -> Vec<u8> {
        write::canonical(self).into_bytes()
    }

    fn text(&self, span: Span) -> &str {
        let (buffer, start) = if span.start & UNESCAPED == 0 {
            (&self.source, span.start as usize)
        } else {
            (&self.unescaped, (span.start & !UNESCAPED) as usize)
        };
        &buffer[start..start + span.length as usize]
    }

    fn namespace(&self, index: u32) -> &str {
        &self.namespaces[index as usize]
    }
}

/// An element of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    document: &'a Document,
    index: u32,
}

impl<'a> Element<'a> {
    fn node(self) -> &'a Node {
        &self.document.nodes[self.index as usize]
    }

    /// Name with its prefix, as written.
    pub fn qualified_name(self) -> &'a str {
        match self.node().kind {
            NodeKind::Element { name, .. } => self.document.text(name),
            _ => "",
        }
    }

    /// Name without its prefix.
    pub fn name(self) -> &'a str {
        local(self.qualified_name())
    }

    /// Namespace; empty where there is none.
    pub fn namespace(self) -> &'a str {
        match self.node().kind {
            NodeKind::Element { namespace, .. } => self.document.namespace(namespace),
            _ => "",
        }
    }

    /// Line on which the element begins, from 1.
    pub fn line(self) -> u32 {
        self.node().line
    }

    /// Value of the attribute with this name and no namespace.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        self.attribute_slice()
            .iter()
            .find(|attribute| attribute.namespace == NO_NAMESPACE && self.document.text(attribute.name) == name)
            .map(|attribute| self.document.text(attribute.value))
    }

    /// Value of `xml:lang` on this element.
    pub fn language(self) -> Option<&'a str> {
        self.attributes().find(|(name, _)| *name == "xml:lang").map(|(_, value)| value)
    }

    /// Every attribute as written, namespace declarations among them: qualified name and value.
    pub fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let document = self.document;
        self.attribute_slice().iter().map(move |a| (document.text(a.name), document.text(a.value)))
    }

    /// Child elements in order.
    pub fn children(self) -> impl Iterator<Item = Element<'a>> {
        let document = self.document;
        child_nodes(document, self.index)
            .filter(move |&index| matches!(document.nodes[index as usize].kind, NodeKind::Element { .. }))
            .map(move |index| Element { document, index })
    }

    /// The text directly in this element, CDATA included.
    pub fn text(self) -> String {
        let document = self.document;
        child_nodes(document, self.index)
            .filter_map(|index| match document.nodes[index as usize].kind {
                NodeKind::Text(span) | NodeKind::CData(span) => Some(document.text(span)),
                _ => None,
            })
            .collect()
    }

    fn attribute_slice(self) -> &'a [Attribute] {
        match self.node().kind {
            NodeKind::Element { attributes, count, .. } => {
                &self.document.attributes[attributes as usize..(attributes + count) as usize]
            }
            _ => &[],
        }
    }
}

fn child_nodes(document: &Document, parent: u32) -> impl Iterator<Item = u32> + '_ {
    let end = document.nodes[parent as usize].end;
    let mut next = parent + 1;
    std::iter::from_fn(move || {
        let index = next;
        (index < end).then(|| {
            next = document.nodes[index as usize].end;
            index
        })
    })
}

fn local(qualified: &str) -> &str {
    qualified.split_once(':').map_or(qualified, |(_, local)| local)
}
