//! The tree: nodes in document order, names and texts as ranges of the source.

use std::sync::Arc;

/// An XML document, nothing dropped.
#[derive(Clone, Debug)]
pub struct Document {
    pub(super) file: Arc<str>,
    pub(super) source: String,
    /// Texts that differ from their spelling in the source.
    pub(super) unescaped: String,
    /// All nodes in document order.
    pub(super) nodes: Vec<Node>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) namespaces: Vec<String>,
    pub(super) standalone: Option<bool>,
    pub(super) root: u32,
}

/// A range of the source, or, with the high bit of `start` set, of the unescaped texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) length: u32,
}

pub(super) const UNESCAPED: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) kind: NodeKind,
    pub(super) line: u32,
    /// Index of the node after this one's last descendant.
    pub(super) end: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum NodeKind {
    Element { name: Span, namespace: u32, attributes: u32, count: u32 },
    Text(Span),
    CData(Span),
    Comment(Span),
    Instruction { target: Span, data: Span },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub(super) name: Span,
    pub(super) value: Span,
    pub(super) namespace: u32,
}

/// Index of the empty namespace.
pub(super) const NO_NAMESPACE: u32 = 0;

impl Document {
    /// Name of the file as it was given.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The document's one root element.
    pub fn root(&self) -> Element<'_> {
        Element { document: self, index: self.root }
    }

    pub(super) fn text(&self, span: Span) -> &str {
        let (buffer, start) = if span.start & UNESCAPED == 0 {
            (&self.source, span.start as usize)
        } else {
            (&self.unescaped, (span.start & !UNESCAPED) as usize)
        };
        &buffer[start..start + span.length as usize]
    }

    pub(super) fn namespace(&self, index: u32) -> &str {
        &self.namespaces[index as usize]
    }
}

/// An element of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    pub(super) document: &'a Document,
    pub(super) index: u32,
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

    pub(super) fn attribute_slice(self) -> &'a [Attribute] {
        match self.node().kind {
            NodeKind::Element { attributes, count, .. } => {
                &self.document.attributes[attributes as usize..(attributes + count) as usize]
            }
            _ => &[],
        }
    }
}

pub(super) fn child_nodes(document: &Document, parent: u32) -> impl Iterator<Item = u32> + '_ {
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

pub(super) fn local(qualified: &str) -> &str {
    qualified.split_once(':').map_or(qualified, |(_, local)| local)
}
