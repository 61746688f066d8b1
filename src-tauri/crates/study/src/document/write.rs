//! From the tree back to text.

use super::tree::{Document, Element, Node, NodeKind, child_nodes};
use std::collections::BTreeMap;

/// What stands in the place of an element; none leaves it as it is.
pub type Rewrite<'r> = &'r dyn Fn(Element<'_>) -> Option<String>;

/// The document as XML: same nodes, same order, same prefixes, but for the elements that `rewrite` replaces.
pub fn xml(document: &Document, rewrite: Rewrite<'_>) -> String {
    let mut out = String::with_capacity(document.source.len() + 64);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"");
    match document.standalone {
        Some(true) => out.push_str(" standalone=\"yes\""),
        Some(false) => out.push_str(" standalone=\"no\""),
        None => {}
    }
    out.push_str("?>\n");
    for index in top_nodes(document) {
        plain_node(document, index, rewrite, &mut out);
        out.push('\n');
    }
    out
}

fn plain_node(document: &Document, index: u32, rewrite: Rewrite<'_>, out: &mut String) {
    match document.nodes[index as usize].kind {
        NodeKind::Element { .. } => plain_element(document, index, rewrite, out),
        NodeKind::CData(span) => {
            out.push_str("<![CDATA[");
            out.push_str(document.text(span));
            out.push_str("]]>");
        }
        _ => leaf(document, &document.nodes[index as usize], out),
    }
}

fn plain_element(document: &Document, index: u32, rewrite: Rewrite<'_>, out: &mut String) {
    let element = Element { document, index };
    if let Some(other) = rewrite(element) {
        out.push_str(&other);
        return;
    }
    out.push('<');
    out.push_str(element.qualified_name());
    for (name, value) in element.attributes() {
        attribute(name, value, out);
    }
    if document.nodes[index as usize].end == index + 1 {
        out.push_str("/>");
        return;
    }
    out.push('>');
    for child in child_nodes(document, index) {
        plain_node(document, child, rewrite, out);
    }
    end_tag(element, out);
}

/// Canonical XML 1.0 with comments.
pub fn canonical(document: &Document) -> String {
    let mut out = String::with_capacity(document.source.len());
    let mut after_root = false;
    for index in top_nodes(document) {
        if after_root {
            out.push('\n');
        }
        if index == document.root {
            canonical_element(document, index, &BTreeMap::new(), &mut out);
            after_root = true;
        } else {
            leaf(document, &document.nodes[index as usize], &mut out);
            if !after_root {
                out.push('\n');
            }
        }
    }
    out
}

/// Namespace declarations that differ from those of the parent, then attributes by namespace and name, then content.
fn canonical_element<'d>(document: &'d Document, index: u32, outer: &BTreeMap<&'d str, &'d str>, out: &mut String) {
    let element = Element { document, index };
    out.push('<');
    out.push_str(element.qualified_name());
    let mut in_force = outer.clone();
    for (prefix, uri) in
        element.attributes().filter_map(|(name, uri)| declared_prefix(name).map(|prefix| (prefix, uri)))
    {
        in_force.insert(prefix, uri);
    }
    for (prefix, uri) in &in_force {
        if outer.get(prefix).copied().unwrap_or("") != *uri && *prefix != "xml" {
            let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            attribute(&name, uri, out);
        }
    }
    let mut attributes: Vec<_> = element
        .attribute_slice()
        .iter()
        .map(|a| (document.namespace(a.namespace), document.text(a.name), document.text(a.value)))
        .filter(|(_, name, _)| declared_prefix(name).is_none())
        .collect();
    attributes.sort_by_key(|&(namespace, name, _)| (namespace, super::tree::local(name)));
    for (_, name, value) in attributes {
        attribute(name, value, out);
    }
    out.push('>');
    for child in child_nodes(document, index) {
        match document.nodes[child as usize].kind {
            NodeKind::Element { .. } => canonical_element(document, child, &in_force, out),
            _ => leaf(document, &document.nodes[child as usize], out),
        }
    }
    end_tag(element, out);
}

fn leaf(document: &Document, node: &Node, out: &mut String) {
    match node.kind {
        NodeKind::Text(span) | NodeKind::CData(span) => escape(document.text(span), TEXT, out),
        NodeKind::Comment(span) => {
            out.push_str("<!--");
            out.push_str(document.text(span));
            out.push_str("-->");
        }
        NodeKind::Instruction { target, data } => {
            out.push_str("<?");
            out.push_str(document.text(target));
            if data.length > 0 {
                out.push(' ');
                out.push_str(document.text(data));
            }
            out.push_str("?>");
        }
        NodeKind::Element { .. } => {}
    }
}

fn end_tag(element: Element<'_>, out: &mut String) {
    out.push_str("</");
    out.push_str(element.qualified_name());
    out.push('>');
}

/// An attribute with the blank before it.
pub fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, ATTRIBUTE, out);
    out.push('"');
}

/// The text of an element.
pub fn content(text: &str, out: &mut String) {
    escape(text, TEXT, out);
}

type Escapes = &'static [(char, &'static str)];

/// What Canonical XML replaces in text.
const TEXT: Escapes = &[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\r', "&#xD;")];
/// What Canonical XML replaces in attributes.
const ATTRIBUTE: Escapes =
    &[('&', "&amp;"), ('<', "&lt;"), ('"', "&quot;"), ('\t', "&#x9;"), ('\n', "&#xA;"), ('\r', "&#xD;")];

fn escape(text: &str, escapes: Escapes, out: &mut String) {
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| escapes.iter().any(|(known, _)| known == c)) {
        out.push_str(&rest[..at]);
        out.push_str(escapes.iter().find(|(known, _)| *known == c).map_or("", |(_, reference)| reference));
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}

fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

fn top_nodes(document: &Document) -> impl Iterator<Item = u32> + '_ {
    let mut next = 0;
    std::iter::from_fn(move || {
        let index = next;
        let node = document.nodes.get(index as usize)?;
        next = node.end;
        Some(index)
    })
}
