//! Ruby's methods that a class defines by a call:
//! `%i[get post].each { |verb| define_method(verb) { |path| request(verb, path) } }`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::{Into, Ruby};
use crate::scan::form::{ClassId, ExprKind, Stmt};
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::Manner;

/// Elements of a list for each of which methods are defined.
const MAX_DEFINED: usize = 32;

/// A method that a call defines.
pub(super) struct Defined<'t> {
    pub name: Arc<str>,
    /// What is done.
    pub block: Node<'t>,
    /// The variables of the loop around it, and what they are.
    element: Bound<'t>,
}

/// Variables and their values.
type Bound<'t> = Vec<(Arc<str>, Node<'t>)>;

impl<'t> Lowering<'t> {
    /// Whether a method of objects is nothing but that of their class, which is defined beside:
    /// `def path(id) = self.class.path(id)`, `def path = self.class.path(id)`. What a class has from a library stays a call.
    pub(super) fn rb_hands_to_class(&self, node: Node<'t>) -> bool {
        let Some(name) = self.field_name(node, "name").filter(|_| node.kind() == "method") else {
            return false;
        };
        let body = node.child_by_field_name("body").map_or("", |body| self.text(body)).trim();
        let given = body.strip_prefix("self.class.").and_then(|call| call.strip_prefix(&*name));
        let plain = |list: &str| list.trim().trim_matches(['(', ')']).trim().to_owned();
        let params = node.child_by_field_name("parameters").map_or("", |list| self.text(list));
        let beside = node.parent().map(children).unwrap_or_default();
        given.is_some_and(|given| params.is_empty() || plain(given) == plain(params))
            && beside.iter().any(|other| {
                other.kind() == "singleton_class"
                    || other.kind() == "singleton_method"
                        && self.field_name(*other, "name").as_ref() == Some(&name)
            })
    }

    /// Whether a constant is a class whose method `call` is meant: what is called in capitals, `API`, may
    /// be a closure too, which is kept where it is called.
    pub(super) fn rb_names_class(&self, node: Node<'t>) -> bool {
        let name = match node.kind() {
            "constant" => self.text(node),
            "scope_resolution" => node.child_by_field_name("name").map_or("", |name| self.text(name)),
            _ => return false,
        };
        let kept = || {
            let behind = |(at, _): (usize, &str)| self.source[at + name.len()..].trim_start();
            self.source.match_indices(name).map(behind).any(|behind| {
                behind.starts_with("||=") || behind.starts_with('=') && !behind.starts_with("==")
            })
        };
        name.starts_with(char::is_uppercase)
            && (name.contains(|c: char| c.is_lowercase()) || !name.contains('_') && !kept())
    }

    /// The methods that a statement of a class's body defines. `beside` are all its
    /// statements, where the list of a loop may have its name.
    pub(super) fn rb_defined(&self, node: Node<'t>, beside: &[Node<'t>]) -> Vec<Defined<'t>> {
        if node.kind() != "call" {
            return Vec::new();
        }
        if let Some((name, block)) = self.rb_definition(node) {
            let name = self.rb_name(name, &[]);
            return name.map(|name| Defined { name, block, element: Vec::new() }).into_iter().collect();
        }
        self.rb_loop(node, beside).unwrap_or_default()
    }

    /// Whether a statement that defines methods does nothing else.
    pub(super) fn rb_only_defines(&self, node: Node<'t>) -> bool {
        let block = node.child_by_field_name("block").and_then(|block| block.child_by_field_name("body"));
        self.rb_definition(node).is_some()
            || block
                .is_some_and(|body| children(body).into_iter().all(|stmt| self.rb_definition(stmt).is_some()))
    }

    /// `define_method(name) { ... }`: the name and the block.
    fn rb_definition(&self, node: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
        if node.kind() != "call" || self.field_name(node, "method").as_deref() != Some("define_method") {
            return None;
        }
        let args = children(node.child_by_field_name("arguments")?);
        Some((*args.first()?, node.child_by_field_name("block")?))
    }

    fn rb_loop(&self, node: Node<'t>, beside: &[Node<'t>]) -> Option<Vec<Defined<'t>>> {
        if self.field_name(node, "method").as_deref() != Some("each")
            && self.field_name(node, "method").as_deref() != Some("each_pair")
        {
            return None;
        }
        let elements = self.rb_elements(node.child_by_field_name("receiver")?, beside)?;
        let block = node.child_by_field_name("block")?;
        let params = children(block.child_by_field_name("parameters")?);
        let body = children(block.child_by_field_name("body")?);
        let definitions: Vec<_> = body.into_iter().filter_map(|stmt| self.rb_definition(stmt)).collect();
        let mut out = Vec::new();
        for element in elements.into_iter().take(MAX_DEFINED) {
            for (name, block) in &definitions {
                let element = self.rb_bound(&params, element)?;
                if let Some(name) = self.rb_name(*name, &element) {
                    out.push(Defined { name, block: *block, element });
                }
            }
        }
        Some(out)
    }

    /// What the parameters of a block are for an element: of a hash, `|name, (verb, path)|`.
    fn rb_bound(&self, params: &[Node<'t>], element: Node<'t>) -> Option<Bound<'t>> {
        let single = |param: &Node<'t>, value| {
            (param.kind() == "identifier").then(|| vec![(self.name(*param), value)])
        };
        match params {
            [param] => single(param, element),
            [key, value] if element.kind() == "pair" => {
                let mut bound = single(key, element.child_by_field_name("key")?)?;
                let whole = element.child_by_field_name("value")?;
                match value.kind() {
                    "destructured_parameter" if whole.kind() == "array" => {
                        let parts = children(*value).into_iter().zip(children(whole));
                        bound.extend(parts.map(|(name, value)| (self.name(name), value)));
                    }
                    _ => bound.extend(single(value, whole)?),
                }
                Some(bound)
            }
            _ => None,
        }
    }

    /// The elements of a list that is written out, here or as a constant beside.
    fn rb_elements(&self, list: Node<'t>, beside: &[Node<'t>]) -> Option<Vec<Node<'t>>> {
        match list.kind() {
            "array" | "string_array" | "symbol_array" | "hash" => Some(children(list)),
            // `[...].freeze`
            "call" if matches!(self.field_name(list, "method").as_deref(), Some("freeze" | "each_pair")) => {
                self.rb_elements(list.child_by_field_name("receiver")?, &[])
            }
            "constant" => {
                let named = |stmt: &&Node<'t>| {
                    stmt.kind() == "assignment" && self.field_name(**stmt, "left") == Some(self.name(list))
                };
                let known = beside.iter().find(named)?;
                self.rb_elements(known.child_by_field_name("right")?, &[])
            }
            _ => None,
        }
    }

    /// A text or a symbol, with the loop's element in it.
    fn rb_name(&self, node: Node<'t>, element: &[(Arc<str>, Node<'t>)]) -> Option<Arc<str>> {
        match node.kind() {
            "hash_key_symbol" => Some(self.name(node)),
            "simple_symbol" => Some(self.text(node).trim_start_matches(':').into()),
            "identifier" => {
                let name = self.name(node);
                let (_, element) = element.iter().find(|(param, _)| *param == name)?;
                self.rb_name(*element, &[])
            }
            "string" | "bare_string" | "bare_symbol" | "delimited_symbol" => {
                let mut out = String::new();
                for part in children(node) {
                    match part.kind() {
                        "string_content" => out.push_str(self.text(part)),
                        "interpolation" => out.push_str(&self.rb_name(*children(part).first()?, element)?),
                        _ => return None,
                    }
                }
                Some(out.into())
            }
            _ => None,
        }
    }

    /// Adds it to its class.
    pub(super) fn rb_define(&mut self, class: ClassId, defined: &Defined<'t>) {
        let Defined { name, block, element } = defined;
        let params =
            block.child_by_field_name("parameters").map(|list| self.rb_params(list)).unwrap_or_default();
        self.define::<Ruby>(Some(name.clone()), Some(class), Manner::default(), params, |l| {
            let mut out = Vec::new();
            for (param, element) in element {
                l.declare(param.clone());
                let value = match l.rb_name(*element, &[]) {
                    Some(name) => expr(ExprKind::Text(name), *element),
                    None => l.value::<Ruby>(*element),
                };
                let target = expr(ExprKind::Name(param.clone()), *element);
                out.push(Stmt::Assign { target, value });
            }
            l.rb_body_into(block.child_by_field_name("body"), Into::Return, &mut out);
            out
        });
    }
}
