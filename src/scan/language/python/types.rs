//! What Python's annotations say that parameters, locals, fields and results are.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children};
use crate::scan::language::shared::named;

impl<'t> Lowering<'t> {
    /// The types of a function's parameters and of what it gives; of a constructor also those
    /// of the fields that keep its parameters.
    pub(super) fn py_declare(&mut self, node: Node<'t>, id: FunctionId) {
        let params = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let mut declared: Vec<(Arc<str>, Arc<str>)> = Vec::new();
        for param in params {
            let name = match param.kind() {
                "typed_parameter" => children(param).first().copied(),
                "typed_default_parameter" => param.child_by_field_name("name"),
                _ => None,
            };
            let name = name.filter(|name| name.kind() == "identifier").map(|name| self.name(name));
            declared.extend(name.zip(self.py_class_of(param)));
        }
        let gives = node.child_by_field_name("return_type").and_then(|kind| class_of(self.text(kind)));
        let function = &mut self.unit.functions[id];
        function.gives = gives;
        if let Some(class) = function.class.filter(|_| function.constructor) {
            let known = &mut self.unit.classes[class].declared;
            for stmt in &function.body {
                if let Some((field, param)) = kept(stmt, function.receiver.as_ref())
                    && let Some((_, kind)) = declared.iter().find(|(name, _)| name == param)
                    && !known.iter().any(|(name, _)| name == field)
                {
                    known.push((field.clone(), kind.clone()));
                }
            }
        }
        function.declared.extend(declared);
    }

    /// What a function knows of parameters that are said to be one of some words:
    /// `kind: Literal["users", "groups"]`.
    pub(super) fn py_words_of(&self, node: Node<'t>) -> Vec<Stmt> {
        let params = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let said = params.into_iter().filter_map(|param| {
            let name = match param.kind() {
                "typed_parameter" => children(param).first().copied()?,
                "typed_default_parameter" => param.child_by_field_name("name")?,
                _ => return None,
            };
            let kind = self.text(param.child_by_field_name("type")?);
            let list = kind.trim_start_matches("typing.").strip_prefix("Literal[")?.strip_suffix(']')?;
            let text = |part: &str| {
                let quote = part.chars().next().filter(|c| matches!(c, '"' | '\''))?;
                let text = part.strip_prefix(quote)?.strip_suffix(quote)?;
                (!text.contains(['"', '\'', '\\'])).then(|| Arc::from(text))
            };
            let parts = list.split(',').map(str::trim).filter(|part| !part.is_empty());
            let words = parts.map(text).collect::<Option<Vec<Arc<str>>>>()?;
            (name.kind() == "identifier" && !words.is_empty()).then(|| Stmt::When {
                subject: named(self.text(name), name),
                test: Test::Among(words),
                holds: true,
            })
        });
        said.collect()
    }

    /// The same of what is given a value, or only declared, in a function or a class body.
    pub(super) fn py_declare_target(&mut self, assignment: Node<'t>, class: Option<ClassId>) {
        let Some(kind) = self.py_class_of(assignment) else { return };
        let Some(left) = assignment.child_by_field_name("left") else { return };
        let function = &self.unit.functions[self.function];
        match (left.kind(), class) {
            ("identifier", Some(class)) => {
                let name = self.name(left);
                self.unit.classes[class].declared.push((name, kind));
            }
            ("identifier", None) => {
                let name = self.name(left);
                self.unit.functions[self.function].declared.push((name, kind));
            }
            ("attribute", _) => {
                let object = left.child_by_field_name("object").map(|object| self.text(object));
                if let (Some(class), Some("self"), Some(field)) =
                    (function.class, object, self.field_name(left, "attribute"))
                {
                    self.unit.classes[class].declared.push((field, kind));
                }
            }
            _ => {}
        }
    }

    /// The class that the annotation of a node names.
    fn py_class_of(&self, node: Node<'t>) -> Option<Arc<str>> {
        class_of(self.text(node.child_by_field_name("type")?))
    }
}

/// The field that keeps a parameter, where a statement does that.
fn kept<'s>(stmt: &'s Stmt, receiver: Option<&Arc<str>>) -> Option<(&'s Arc<str>, &'s Arc<str>)> {
    let Stmt::Assign { target, value } = stmt else { return None };
    let (ExprKind::Member(object, field), ExprKind::Name(param)) = (&target.kind, &value.kind) else {
        return None;
    };
    matches!(&object.kind, ExprKind::Name(name) if Some(name) == receiver).then_some((field, param))
}

/// The one class that an annotation names: `Client`, `"api.Client"`, `Optional[Client]`,
/// `Client | None`.
fn class_of(annotation: &str) -> Option<Arc<str>> {
    let plain = annotation.trim().trim_matches(['"', '\'']).trim();
    let inner = ["Optional[", "typing.Optional[", "t.Optional["]
        .iter()
        .find_map(|begin| plain.strip_prefix(begin)?.strip_suffix(']'))
        .unwrap_or(plain);
    let mut named = inner.split('|').map(str::trim).filter(|name| *name != "None");
    let (name, None) = (named.next()?, named.next()) else { return None };
    let last = name.rsplit('.').next()?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    (last.starts_with(char::is_uppercase) && name.chars().all(plain)).then(|| last.into())
}

#[cfg(test)]
mod tests {
    use super::class_of;

    #[test]
    fn an_annotation_names_one_class_or_none() {
        for text in
            ["Client", "\"Client\"", "api.Client", "Optional[Client]", "Client | None", "None | Client"]
        {
            assert_eq!(class_of(text).as_deref(), Some("Client"), "{text}");
        }
        for text in
            ["str", "list[Client]", "Client | Other", "dict[str, Client]", "", "None", "Callable[[], Client]"]
        {
            assert_eq!(class_of(text), None, "{text}");
        }
    }
}
