//! What a container hands out in Java and Kotlin: methods that make it (`@Bean`), the names by
//! which it is asked for (`@Qualifier`), and settings that it puts in (`@Value`).

use std::sync::Arc;

use tree_sitter::Node;

use super::lower::{Lowering, children, expr};
use crate::scan::form::*;
use crate::scan::language::kotlin::syntax::{Kotlin, child_of};

/// Annotations of methods that make what others are handed.
const MAKING: [&str; 3] = ["Bean", "Produces", "Provides"];
/// Annotations that name what is asked for.
const NAMING: [&str; 2] = ["Qualifier", "Named"];
/// Annotations that name a setting.
const SETTINGS: [&str; 2] = ["Value", "ConfigProperty"];

/// What is written in the brackets of an annotation in front of a declaration; empty where it
/// has none.
fn annotation<'s>(text: &'s str, names: &[&str]) -> Option<&'s str> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('@') {
        let end = after.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.' | ':'));
        let (written, tail) = after.split_at(end.unwrap_or(after.len()));
        let name = written.rsplit(['.', ':']).next().unwrap_or(written);
        if names.contains(&name) {
            let inside = tail.trim_start().strip_prefix('(').and_then(|inside| inside.split_once(')'));
            return Some(inside.map_or("", |(inside, _)| inside));
        }
        rest = after;
    }
    None
}

/// The texts in double quotes.
fn quoted(inside: &str) -> impl Iterator<Item = &str> {
    inside.split('"').skip(1).step_by(2).filter(|text| !text.is_empty())
}

/// The brackets with texts that are added made one.
fn joined(inside: &str) -> String {
    let mut parts = inside.split('"').enumerate().peekable();
    let mut out = String::with_capacity(inside.len());
    while let Some((at, part)) = parts.next() {
        match at % 2 == 0 && part.trim() == "+" {
            true => drop(out.pop()),
            false => {
                out.push_str(part);
                if parts.peek().is_some() {
                    out.push('"');
                }
            }
        }
    }
    out
}

/// A text with a setting in it, `${orbit.url:https://orbit.example.com}/api`, as a value.
fn setting(written: &str, node: Node<'_>) -> Option<Expr> {
    let written = written.replace("\\$", "$");
    let text = |text: &str| expr(ExprKind::Text(text.into()), node);
    let (front, rest) = written.split_once("${")?;
    let (inner, tail) = rest.split_once('}')?;
    if !front.is_empty() || inner.contains("${") || tail.contains("${") {
        return None;
    }
    let (name, default) = match inner.split_once(':') {
        Some((name, default)) => (name, Some(Box::new(text(default)))),
        None => (inner, None),
    };
    let known = expr(ExprKind::Setting { name: name.trim().into(), default }, node);
    match tail {
        "" => Some(known),
        tail => Some(expr(ExprKind::Concat(vec![known, text(tail)]), node)),
    }
}

impl<'t> Lowering<'t> {
    /// Notes a method that makes what others are handed; `kind` is what it is said to give.
    pub(super) fn note_bean(&mut self, function: FunctionId, front: &str, kind: Option<Arc<str>>) {
        let Some(inside) = annotation(front, &MAKING) else { return };
        let Some(kind) = kind else { return };
        let mut names: Vec<Arc<str>> = quoted(inside).map(Arc::from).collect();
        if names.is_empty() {
            names.extend(self.unit.functions[function].name.clone());
        }
        let named = annotation(front, &NAMING).into_iter().flat_map(quoted);
        names.extend(named.map(Arc::from));
        let primary = annotation(front, &["Primary"]).is_some();
        self.unit.beans.push(Bean { function, kind, names, primary, by_name: false });
    }

    /// Notes the name of a bean that a parameter or a field asks for.
    pub(super) fn note_wanted(&mut self, by: Asker, name: &Arc<str>, front: &str) {
        let bean = annotation(front, &NAMING).and_then(|inside| quoted(inside).next());
        if let Some(bean) = bean {
            self.unit.wanted.push(Wanted { by, name: name.clone(), bean: bean.into() });
        }
    }

    /// Notes what a container hands to a parameter by its annotations.
    pub(super) fn note_handed(
        &mut self,
        function: FunctionId,
        name: Option<Arc<str>>,
        front: &str,
        node: Node<'t>,
    ) {
        let Some(name) = name.filter(|_| front.contains('@')) else { return };
        self.note_wanted(Asker::Function(function), &name, front);
        let setting = self.put_in(front, node);
        let mut params = self.unit.functions[function].params.iter_mut();
        if let (Some(setting), Some(param)) = (setting, params.find(|param| param.name == name)) {
            param.default.get_or_insert(setting);
        }
    }

    /// The setting that is put into a parameter or a field.
    pub(crate) fn put_in(&self, front: &str, node: Node<'t>) -> Option<Expr> {
        let inside = annotation(front, &SETTINGS)?;
        // `@Value("${orbit.url}" + "/api")`: a constant of several texts is one.
        let whole = joined(inside);
        if let Some(known) = quoted(&whole).find_map(|text| setting(text, node)) {
            return Some(known);
        }
        // MicroProfile: `@ConfigProperty(name = "orbit.url", defaultValue = "https://..")`
        annotation(front, &["ConfigProperty"])?;
        let mut given = quoted(inside);
        let name = given.next()?.into();
        let default = given.next().map(|text| Box::new(expr(ExprKind::Text(text.into()), node)));
        Some(expr(ExprKind::Setting { name, default }, node))
    }
}

/// Kotlin.
impl<'t> Lowering<'t> {
    /// The modifiers of a declaration, annotations among them.
    fn kt_front(&self, node: Node<'t>) -> &'t str {
        child_of(node, "modifiers").map_or("", |modifiers| self.text(modifiers))
    }

    /// What a container hands to the parameters of a list.
    pub(super) fn kt_wired(&mut self, function: FunctionId, list: Option<Node<'t>>) {
        let mut before = "";
        for child in list.map(children).unwrap_or_default() {
            match child.kind() {
                "parameter_modifiers" => before = self.text(child),
                "parameter" | "class_parameter" => {
                    let own = self.kt_front(child);
                    let front = if own.is_empty() { std::mem::take(&mut before) } else { own };
                    self.note_handed(function, Some(self.kt_name(child)), front, child);
                }
                _ => {}
            }
        }
    }

    /// What a container gives to a property of a class.
    pub(super) fn kt_field_handed(&mut self, class: ClassId, name: &Arc<str>, node: Node<'t>) {
        let front = self.kt_front(node);
        self.note_wanted(Asker::Class(class), name, front);
        if let Some(setting) = self.put_in(front, node) {
            self.set_field::<Kotlin>(name.clone(), node, |_| setting);
        }
    }

    /// Notes a method that makes what others are handed. What it gives may be seen only of how
    /// it is made: `fun orbit() = WebClient.builder().build()`.
    pub(super) fn kt_bean(&mut self, id: FunctionId, node: Node<'t>) {
        let list = child_of(node, "function_value_parameters");
        self.kt_wired(id, list);
        let made = || {
            let body = self.text(child_of(node, "function_body")?).strip_prefix('=')?.trim_start();
            let name = body.split(|c: char| !c.is_alphanumeric()).next()?;
            name.starts_with(char::is_uppercase).then(|| Arc::from(name))
        };
        let kind = self.unit.functions[id].gives.clone().or_else(made);
        self.note_bean(id, self.kt_front(node), kind);
    }
}
