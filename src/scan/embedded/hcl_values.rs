//! Values of HCL beyond templates: calls of functions that make texts, conditions, tables, and
//! what a block is repeated for.

use tree_sitter::Node;

use super::hcl::{MAX_NESTING, Reader, children};
use super::region::Region;

/// Elements of what a block is repeated for that are told apart.
const MAX_ELEMENTS: usize = 24;

/// What a block is evaluated under.
#[derive(Clone, Copy, Default)]
pub(super) struct Under<'t> {
    /// What `each.key` and `each.value` are.
    pub(super) each: Option<(Node<'t>, Node<'t>)>,
    /// Which arm of a condition is meant.
    pub(super) second: bool,
}

/// An expression without what only stands around it: `"${x}"` is `x`.
pub(crate) fn bare(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    for _ in 0..MAX_NESTING {
        let inner: Vec<Node<'_>> = children(at).into_iter().filter(|child| !is_mark(*child)).collect();
        match (at.kind(), inner.as_slice()) {
            (
                "expression"
                | "template_interpolation"
                | "template_expr"
                | "quoted_template"
                | "collection_value",
                [only],
            ) => at = *only,
            _ => break,
        }
    }
    at
}

/// Quotes and brackets.
fn is_mark(node: Node<'_>) -> bool {
    node.kind().ends_with("_start") || node.kind().ends_with("_end")
}

impl<'t> Reader<'t, '_> {
    /// Adds what a call or a condition gives; false for what is none of those.
    pub(super) fn add_made(&mut self, region: &mut Region, value: Node<'t>, depth: usize) -> bool {
        let node = bare(value);
        match node.kind() {
            "conditional" => {
                let arms: Vec<Node<'t>> = children(node).into_iter().skip(1).collect();
                let [first, other] = arms.as_slice() else { return false };
                self.chosen = true;
                let arm = if self.under.second { *other } else { *first };
                self.add(region, arm, depth + 1);
                true
            }
            "function_call" => self.add_call(region, node, depth),
            _ => false,
        }
    }

    fn add_call(&mut self, region: &mut Region, node: Node<'t>, depth: usize) -> bool {
        let parts = children(node);
        let Some(name) = parts.first().map(|name| self.source(*name)) else { return false };
        let args: Vec<Node<'t>> = parts.get(1).map(|list| children(*list)).unwrap_or_default();
        match (name, args.as_slice()) {
            ("format", [template, values @ ..]) => self.add_format(region, *template, values, depth),
            ("join", [separator, rest @ ..]) => {
                let separator = match (self.plain(*separator), self.source(bare(*separator))) {
                    // Blanks alone are no part of a string.
                    (text, source) if text.is_empty() => source.trim_matches('"').to_owned(),
                    (text, _) => text,
                };
                let items: Vec<Node<'t>> = rest.iter().flat_map(|list| self.words(*list)).collect();
                for (at, item) in items.into_iter().enumerate() {
                    if at > 0 {
                        region.glue(&separator);
                    }
                    self.add(region, item, depth + 1);
                }
                true
            }
            ("replace", [text, from, to]) => {
                let from = self.plain(*from);
                let literal = self.literal_of(*text).filter(|literal| {
                    !from.is_empty() && self.source(*literal).matches(from.as_str()).count() == 1
                });
                let Some(literal) = literal else {
                    self.add(region, *text, depth + 1);
                    return true;
                };
                let (whole, start) = (self.source(literal), literal.start_byte());
                let at = whole.find(from.as_str()).unwrap_or_default();
                region.verbatim(&whole[..at], start);
                self.add(region, *to, depth + 1);
                region.verbatim(&whole[at + from.len()..], start + at + from.len());
                true
            }
            (
                "trimsuffix" | "trimprefix" | "trim" | "trimspace" | "lower" | "tostring" | "urlencode"
                | "coalesce" | "try" | "nonsensitive" | "sensitive" | "chomp",
                [text, ..],
            ) => {
                self.add(region, *text, depth + 1);
                true
            }
            _ => false,
        }
    }

    /// `format("%s/users/%s", local.api, var.id)`
    fn add_format(
        &mut self,
        region: &mut Region,
        template: Node<'t>,
        args: &[Node<'t>],
        depth: usize,
    ) -> bool {
        let Some(literal) = self.literal_of(template) else { return false };
        let (whole, start) = (self.source(literal), literal.start_byte());
        let mut args = args.iter();
        let mut rest = whole;
        while let Some(at) = rest.find('%') {
            let place = start + whole.len() - rest.len();
            region.verbatim(&rest[..at], place);
            let directive = &rest[at + 1..];
            let length =
                directive.find(|c: char| c.is_ascii_alphabetic() || c == '%').map_or(0, |end| end + 1);
            if directive.starts_with('%') {
                region.part("%", place + at..place + at + 2);
            } else if let Some(arg) = args.next() {
                self.add(region, *arg, depth + 1);
            } else {
                region.part("${_missing}", place + at..place + at + 1 + length);
            }
            rest = &directive[length..];
        }
        region.verbatim(rest, start + whole.len() - rest.len());
        true
    }

    /// The one literal that a string consists of.
    fn literal_of(&self, value: Node<'t>) -> Option<Node<'t>> {
        let node = bare(value);
        let text = match node.kind() {
            "literal_value" => children(node).into_iter().next()?,
            _ => node,
        };
        let parts: Vec<Node<'t>> = children(text).into_iter().filter(|child| !is_mark(*child)).collect();
        match (text.kind(), parts.as_slice()) {
            ("template_literal", []) => Some(text),
            ("string_lit" | "quoted_template", [only]) if only.kind() == "template_literal" => Some(*only),
            _ => None,
        }
    }

    /// The keys and values of a table.
    pub(super) fn entries(&self, value: Node<'t>) -> Vec<(Node<'t>, Node<'t>)> {
        let node = bare(value);
        if node.kind() != "object" {
            return Vec::new();
        }
        let elements = children(node).into_iter().filter(|child| child.kind() == "object_elem");
        let pair = |element: Node<'t>| match children(element).as_slice() {
            [key, value] => Some((*key, *value)),
            _ => None,
        };
        elements.filter_map(pair).collect()
    }

    /// What a block is repeated for: the elements of a table, a list or a set, as they are
    /// written; nothing where that is not known.
    pub(super) fn turns(&self, repeated: Node<'t>) -> Vec<(Node<'t>, Node<'t>)> {
        let mut at = bare(repeated);
        for _ in 0..MAX_NESTING {
            let call = children(at);
            at = match (at.kind(), self.known.get(self.source(at))) {
                (_, Some(known)) => bare(*known),
                ("function_call", None)
                    if call.first().is_some_and(|name| {
                        matches!(self.source(*name), "toset" | "tomap" | "tolist" | "nonsensitive")
                    }) =>
                {
                    match call.get(1).and_then(|list| children(*list).into_iter().next()) {
                        Some(inner) => bare(inner),
                        None => break,
                    }
                }
                _ => break,
            };
        }
        let mut out = self.entries(at);
        if at.kind() == "tuple" {
            out = self.words(at).into_iter().map(|item| (item, item)).collect();
        }
        if out.len() > MAX_ELEMENTS { Vec::new() } else { out }
    }

    /// The value that a name with dots stands for: `each.value.path`, `local.paths["users"]`.
    pub(super) fn named(&self, source: &str) -> Option<Node<'t>> {
        if let Some(known) = self.known.get(source) {
            return Some(*known);
        }
        let (key, value) = self.under.each?;
        match source {
            "each.key" => return Some(key),
            "each.value" => return Some(value),
            _ => {}
        }
        let mut at = value;
        for member in source.strip_prefix("each.value.")?.split('.') {
            let entries = self.entries(at);
            at = entries.iter().find(|(key, _)| self.source(*key).trim_matches('"') == member)?.1;
        }
        Some(at)
    }
}
