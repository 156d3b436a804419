//! Rust: enumerations whose variants hold values. Each variant is an object that says which one
//! it is; patterns take its values out again.

use std::sync::Arc;

use tree_sitter::Node;

use super::matches::is_bare_variant;
use super::syntax::Rust;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr, span};
use crate::scan::language::shared::{Manner, member, named};
use crate::scan::wording::method_named;

impl<'t> Lowering<'t> {
    /// The variants of an enumeration: `Quotas`, `Quota(i64)`, `Project { name: String }`.
    pub(super) fn rust_variants(&mut self, node: Node<'t>) {
        let (Some(name), Some(body)) = (self.field_name(node, "name"), node.child_by_field_name("body"))
        else {
            return;
        };
        let all = children(body).into_iter().filter(|child| child.kind() == "enum_variant");
        let variants: Vec<(Arc<str>, Node<'t>)> =
            all.filter_map(|variant| Some((self.field_name(variant, "name")?, variant))).collect();
        // Methods of HTTP stand for themselves.
        if variants.iter().any(|(name, _)| method_named(name).is_some()) {
            return;
        }
        let class = self.class(&name);
        for (name, variant) in variants {
            let says = (Key::from(VARIANT), expr(ExprKind::Text(name.clone()), variant));
            let held = variant.child_by_field_name("body");
            match held.filter(|held| held.kind() == "ordered_field_declaration_list") {
                Some(held) => {
                    let types = children(held).into_iter().filter(|child| child.kind() != "attribute_item");
                    let names: Vec<Arc<str>> = (0..types.count()).map(|at| at_place(at).into()).collect();
                    let params = names.iter().map(|name| Param {
                        name: name.clone(),
                        kind: ParamKind::Plain,
                        default: None,
                    });
                    let params = params.collect();
                    let value = |name: &Arc<str>| expr(ExprKind::Name(name.clone()), variant);
                    let fields = names.iter().map(|name| (Key::from(name.clone()), value(name)));
                    let object = ExprKind::Instance(class, std::iter::once(says).chain(fields).collect());
                    let body = vec![Stmt::Return(expr(object, variant))];
                    self.define::<Rust>(Some(name), Some(class), Manner::default(), params, |_| body);
                }
                None => {
                    let object = expr(ExprKind::Instance(class, vec![says]), variant);
                    let function = self.function;
                    self.unit.classes[class].fields.push((name, function, object));
                }
            }
        }
        self.names.declared.insert(name);
    }

    /// The enumeration and the variant of `Route::Project { name }`, where the enumeration is
    /// one of the program.
    pub(super) fn rust_variant(&self, path: Node<'t>) -> Option<(Arc<str>, Arc<str>)> {
        let text = self.text(path).split('<').next().unwrap_or_default();
        let (owner, variant) = text.rsplit_once("::")?;
        let owner = owner.rsplit("::").next().unwrap_or(owner);
        let owner = self.rust_class_name(owner);
        let own = |import: &Import| *import.local == *owner;
        let known = self.names.declared.contains(&owner) || self.unit.imports.iter().any(own);
        let written = owner.starts_with(char::is_uppercase) && variant.starts_with(char::is_uppercase);
        (known && written).then(|| (owner, variant.into()))
    }

    /// What patterns over the variants of an enumeration ask of their subject; `None` where they
    /// may be over something else: texts, methods of HTTP.
    pub(super) fn rust_asked(&self, subject: Node<'t>, patterns: &[Node<'t>]) -> Option<Expr> {
        let variant = |pattern: &Node<'t>| {
            let text = self.text(*pattern);
            let path = text.split(['(', '{', '|', ' ']).next().unwrap_or_default();
            let Some((owner, last)) = path.rsplit_once("::") else {
                return text.trim() == "_" || is_bare_variant(path) && method_named(path).is_none();
            };
            let owner = owner.rsplit("::").next().unwrap_or(owner);
            !owner.ends_with("Method") && !owner.ends_with("Verb") && method_named(last).is_none()
        };
        if !patterns.iter().all(variant) {
            return None;
        }
        let object = match subject.kind() {
            "self" => named("self", subject),
            "identifier" => named(self.text(subject), subject),
            _ => return None,
        };
        Some(member(object, VARIANT, subject))
    }

    /// Names that a pattern gives to the values of a variant: `Route::Quota(id)`,
    /// `Route::Project { name, .. }`.
    pub(super) fn rust_unpacked(&mut self, pattern: Node<'t>, subject: Node<'t>, out: &mut Vec<Stmt>) {
        let object = match subject.kind() {
            "self" => "self",
            "identifier" => self.text(subject),
            "unary_expression" | "reference_expression" => match children(subject).last().copied() {
                Some(inner) => return self.rust_unpacked(pattern, inner, out),
                None => return,
            },
            _ => return,
        };
        let kind = pattern.child_by_field_name("type");
        let mut bind = |lowering: &mut Self, field: &str, name: Node<'t>| {
            let object = named(object, subject);
            let value = Expr { kind: ExprKind::Member(Box::new(object), field.into()), span: span(subject) };
            lowering.local(name, value, out);
        };
        match pattern.kind() {
            "tuple_struct_pattern" => {
                let held = children(pattern).into_iter().filter(|child| Some(*child) != kind);
                for (place, inner) in held.enumerate() {
                    if let Some(name) = self.rust_binding(inner) {
                        bind(self, &at_place(place), name);
                    }
                }
            }
            "struct_pattern" => {
                for field in children(pattern).into_iter().filter(|child| child.kind() == "field_pattern") {
                    let Some(key) = field.child_by_field_name("name") else { continue };
                    let name = match field.child_by_field_name("pattern") {
                        Some(inner) => self.rust_binding(inner),
                        None => Some(key),
                    };
                    if let Some(name) = name {
                        let key = self.name(key);
                        bind(self, &key, name);
                    }
                }
            }
            _ => {}
        }
    }
}
