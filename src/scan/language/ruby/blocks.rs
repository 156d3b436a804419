//! Blocks of Ruby that stand for something else: what `then` makes of a value, methods that
//! are handed on by name, and parameters that are not declared.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Ruby;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, span};
use crate::scan::language::rows::row_of;
use crate::scan::language::shared::named;
use crate::scan::objects::elements::Rows;

/// The name of an element where the program has none.
const ELEMENT: &str = "(element)";

impl<'t> Lowering<'t> {
    /// Notes where the name of an argument of a call stands.
    pub(super) fn rb_tell(&mut self, pair: Node<'t>, key: Option<Node<'t>>, name: &Arc<str>) {
        let list = pair.parent().filter(|list| list.kind() == "argument_list");
        if let (Some(call), Some(key)) = (list.and_then(|list| list.parent()), key) {
            let key = Key::new(name.clone(), span(key));
            self.unit.told.entry(span(call)).or_default().push(key);
        }
    }

    /// `path, options = parts_of(given)`: each name is an element of what is given, which is
    /// asked for once.
    pub(super) fn rb_taken_apart(&mut self, names: &[Node<'t>], whole: Node<'t>, out: &mut Vec<Stmt>) {
        let value = self.value::<Ruby>(whole);
        let held = self.hold(value, whole, out);
        // What stands behind `*rest` has no place of its own.
        let plain = names.iter().take_while(|name| !matches!(name.kind(), "splat" | "rest_assignment"));
        for (index, name) in plain.enumerate() {
            if name.kind() == "identifier" {
                self.declare(self.name(*name));
            }
            let list = Box::new(expr(ExprKind::Name(held.clone()), *name));
            let key = Box::new(expr(ExprKind::Text(index.to_string().into()), *name));
            let value = expr(ExprKind::Index(list, key), *name);
            out.push(Stmt::Assign { target: self.value::<Ruby>(*name), value });
        }
    }

    /// `value.then { |it| URI(it) }`, `paths.map(&method(:fetch))`
    pub(super) fn rb_block_call(&mut self, node: Node<'t>, name: &str) -> Option<ExprKind> {
        let receiver = node.child_by_field_name("receiver")?;
        match name {
            "then" | "yield_self" => {
                let block = node.child_by_field_name("block")?;
                let body = children(block.child_by_field_name("body")?);
                let [body] = body.as_slice() else { return None };
                let param = self.rb_given(block)?;
                let list = expr(ExprKind::List(vec![self.value::<Ruby>(receiver)]), receiver);
                let body = Box::new(self.value::<Ruby>(*body));
                let each = ExprKind::Each { list: Box::new(list), name: param, body };
                Some(ExprKind::Element(Box::new(expr(each, node))))
            }
            "each" | "map" | "flat_map" | "collect" => {
                let args = children(node.child_by_field_name("arguments")?);
                let [argument] = args.as_slice() else { return None };
                let method = *children(*argument).first().filter(|_| argument.kind() == "block_argument")?;
                if method.kind() != "call" || self.field_name(method, "method").as_deref() != Some("method") {
                    return None;
                }
                let symbol = *children(method.child_by_field_name("arguments")?).first()?;
                let called: Arc<str> = self.text(symbol).strip_prefix(':')?.into();
                let callee = match method.child_by_field_name("receiver") {
                    Some(object) => ExprKind::Member(Box::new(self.value::<Ruby>(object)), called),
                    None => self.variable::<Ruby>(called, method),
                };
                let value = expr(ExprKind::Name(ELEMENT.into()), node);
                let args = vec![Arg { name: None, value }];
                let call = ExprKind::Call(Box::new(CallExpr { callee: expr(callee, method), args }));
                let list = Box::new(self.value::<Ruby>(receiver));
                Some(ExprKind::Each { list, name: ELEMENT.into(), body: Box::new(expr(call, node)) })
            }
            _ => None,
        }
    }

    /// Gives the parameters of a block what the items of a list are: `paths.each { |path| .. }`,
    /// `routes.each { |method, path| .. }`.
    pub(super) fn rb_each(&mut self, block: FunctionId, method: &str, list: Node<'t>, node: Node<'t>) {
        let every = matches!(method, "each" | "map" | "flat_map" | "collect");
        let names: Vec<Arc<str>> =
            self.unit.functions[block].params.iter().map(|param| param.name.clone()).collect();
        let mut given = Vec::new();
        if names.len() >= 2 && (every || method == "each_pair") {
            let items = self.value::<Ruby>(list);
            let row = row_of(items, Rows::Entries, list);
            let held = self.hold(row, node, &mut given);
            for (at, name) in names.into_iter().enumerate() {
                let key = Box::new(expr(ExprKind::Text(at.to_string().into()), list));
                let value = expr(ExprKind::Index(Box::new(named(&held, list)), key), list);
                given.push(Stmt::Assign { target: expr(ExprKind::Name(name), node), value });
            }
        } else if (every || matches!(method, "each_with_object" | "each_value"))
            && let Some(name) = names.into_iter().next().or_else(|| self.rb_given(node))
        {
            let items = Box::new(self.value::<Ruby>(list));
            let value = expr(ExprKind::Element(items), node);
            given.push(Stmt::Assign { target: expr(ExprKind::Name(name), node), value });
        }
        self.unit.functions[block].body.splice(0..0, given);
    }

    /// The only parameter of a block, declared or not.
    pub(super) fn rb_given(&self, block: Node<'t>) -> Option<Arc<str>> {
        match block.child_by_field_name("parameters").map(children) {
            Some(params) => match params.as_slice() {
                [param] if param.kind() == "identifier" => Some(self.name(*param)),
                _ => None,
            },
            None => {
                let text = self.text(block);
                let named = |name: &str| {
                    text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
                };
                ["_1", "it"].into_iter().find(|name| named(name)).map(Arc::from)
            }
        }
    }
}
