//! Go: constants of a type of the file that are counted, `const ( Training Kind = iota; Workspace )`,
//! are the variants of an enumeration, which methods of the type tell apart; those that are texts
//! are asked for by their texts.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, field_children};

impl<'t> Lowering<'t> {
    /// The variants that a declaration counts, where methods are written for their type.
    pub(super) fn go_counted(&mut self, node: Node<'t>, out: &mut Vec<Stmt>) -> bool {
        let specs: Vec<Node<'t>> =
            children(node).into_iter().filter(|child| child.kind() == "const_spec").collect();
        let Some(first) = specs.first() else { return false };
        let Some(kind) = first.child_by_field_name("type").filter(|kind| kind.kind() == "type_identifier")
        else {
            return false;
        };
        let kind = self.text(kind);
        let counts = |spec: &Node<'t>| {
            let value = spec.child_by_field_name("value").map(|value| self.text(value));
            let typed = spec.child_by_field_name("type").map(|kind| self.text(kind));
            typed.is_none_or(|typed| typed == kind)
                && value.is_none_or(|value| {
                    value.split(|c: char| !c.is_alphanumeric()).any(|word| word == "iota")
                })
        };
        let counted = first.child_by_field_name("value").is_some() && specs.iter().all(counts);
        // `func (k Kind) path() string`
        let of_method = |line: &str| line.starts_with("func (") && line.contains(&format!("{kind}) "));
        let has_methods = self.source.lines().any(of_method);
        if !counted || !has_methods {
            return false;
        }
        let class = self.class(kind);
        for name in specs.into_iter().flat_map(|spec| field_children(spec, "name")) {
            if self.text(name) == "_" {
                continue;
            }
            let says = (Key::from(VARIANT), expr(ExprKind::Text(self.name(name)), name));
            let value = expr(ExprKind::Instance(class, vec![says]), name);
            out.push(Stmt::Assign { target: expr(ExprKind::Name(self.name(name)), name), value });
        }
        true
    }

    /// The type of the package that something is declared to be of: whose methods are called
    /// on it, where several types have methods of one name.
    pub(super) fn go_own_type(&self, kind: Node<'t>) -> Option<Arc<str>> {
        let kind = match kind.kind() {
            "pointer_type" => children(kind).first().copied()?,
            _ => kind,
        };
        let name = self.text(kind);
        let builtin = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) && name.len() <= 10;
        (kind.kind() == "type_identifier" && !builtin).then(|| name.into())
    }

    /// The text that a constant of the same file is.
    pub(crate) fn go_text_constant(&self, label: Node<'t>) -> Option<Arc<str>> {
        let root = std::iter::successors(Some(label), |at| at.parent()).last()?;
        if root.kind() != "source_file" || label.kind() != "identifier" {
            return None;
        }
        let wanted = self.text(label);
        let declarations = children(root).into_iter().filter(|child| child.kind() == "const_declaration");
        let specs = declarations.flat_map(children).filter(|spec| spec.kind() == "const_spec");
        specs.into_iter().find_map(|spec| {
            let names = field_children(spec, "name");
            let at = names.iter().position(|name| self.text(*name) == wanted)?;
            let values = spec.child_by_field_name("value").map(children)?;
            self.plain_word(*values.get(at)?)
        })
    }
}
