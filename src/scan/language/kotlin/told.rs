//! What closures of Kotlin tell a request that is being built: `.apply { post(body) }`, and
//! functions that are handed such a closure: `fun send(url: String, build: Request.Builder.() -> Unit)`.

use std::sync::Arc;

use tree_sitter::Node;

use super::syntax::Kotlin;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named};
use crate::scan::wording::method_named;

/// The parameter that stands for the method which a closure tells, and its argument.
pub(super) const VERB: &str = "(verb)";
/// Nesting of what a closure does that is looked into.
const MAX_NESTED: usize = 16;
/// Methods that one closure may tell.
const MAX_VERBS: usize = 8;

impl<'t> Lowering<'t> {
    /// The methods that a closure tells the request whose steps it calls.
    pub(super) fn kt_told(&mut self, lambda: Node<'t>) -> Option<Expr> {
        let mut verbs = Vec::new();
        for stmt in self.kt_statements(lambda) {
            self.kt_verbs(stmt, MAX_NESTED, &mut verbs);
        }
        match verbs.len() {
            0 => None,
            1 => verbs.pop(),
            _ => Some(expr(ExprKind::Either(verbs), lambda)),
        }
    }

    fn kt_verbs(&mut self, node: Node<'t>, left: usize, out: &mut Vec<Expr>) {
        let Some(left) = left.checked_sub(1).filter(|_| out.len() < MAX_VERBS) else { return };
        let parts = children(node);
        let verb = |name: &str| method_named(name).filter(|_| name.starts_with(char::is_lowercase));
        match node.kind() {
            "assignment" => {
                if let [target, value] = parts.as_slice()
                    && matches!(self.text(*target).trim_start_matches("this."), "method" | "requestMethod")
                {
                    out.push(self.value::<Kotlin>(*value));
                }
            }
            // The grammar reads a `get()` behind `else` as a getter.
            "getter" => out.extend(verb(self.text(node)).map(|verb| expr(ExprKind::Text(verb.into()), node))),
            "call_expression" => {
                let (Some(function), Some(suffix)) = (parts.first().copied(), parts.last().copied()) else {
                    return;
                };
                if function.kind() != "simple_identifier" {
                    return self.kt_verbs(function, left, out);
                }
                // `get("/x") { .. }` asks for something itself.
                let args = match children(suffix).as_slice() {
                    [list] if list.kind() == "value_arguments" => children(*list),
                    _ => return,
                };
                let text = args.first().and_then(|arg| children(*arg).last().copied());
                let text = text.is_some_and(|arg| arg.kind() == "string_literal");
                if self.text(function) == "method" && text {
                    let mut args = self.kt_args(parts_of(suffix));
                    out.extend((!args.is_empty()).then(|| args.remove(0).value));
                } else if args.len() <= 1 && !text {
                    let verb = verb(self.text(function));
                    out.extend(verb.map(|verb| expr(ExprKind::Text(verb.into()), function)));
                }
            }
            "if_expression" => {
                let before = out.len();
                parts.iter().for_each(|part| self.kt_verbs(*part, left, out));
                let arms = parts.iter().filter(|part| part.kind() == "control_structure_body").count();
                if arms == 1 && out.len() > before {
                    out.push(expr(ExprKind::Text("GET".into()), node));
                }
            }
            "when_expression" | "when_entry" | "control_structure_body" | "statements" => {
                parts.iter().for_each(|part| self.kt_verbs(*part, left, out));
            }
            _ => {}
        }
    }

    /// `request.apply { post(body) }`: the builder with the method that the closure tells.
    pub(super) fn kt_applied(
        &mut self,
        object: Node<'t>,
        lambda: Node<'t>,
        node: Node<'t>,
    ) -> Option<ExprKind> {
        let text = self.text(object);
        if !text.contains("equest") && !text.contains("onnection") {
            return None;
        }
        let verb = self.kt_told(lambda)?;
        let object = self.value::<Kotlin>(object);
        Some(call(member(object, "method", node), vec![Arg { name: None, value: verb }]))
    }

    /// `request.apply(build)`, `request.build()` with a closure that callers give.
    pub(super) fn kt_told_by_caller(&self, name: &str, args: &[Arg]) -> bool {
        let function = |name: &str| self.names.told_by.iter().any(|known| **known == *name);
        match args {
            [Arg { value: Expr { kind: ExprKind::Name(given), .. }, .. }]
                if matches!(name, "apply" | "also") =>
            {
                function(given)
            }
            // A builder has one of that name itself.
            [] => name != "build" && function(name),
            _ => false,
        }
    }

    /// The step by which a builder is told the method that a caller's closure says.
    pub(super) fn kt_verb_step(&self, object: Expr, node: Node<'t>) -> ExprKind {
        call(member(object, "method", node), vec![Arg { name: None, value: named(VERB, node) }])
    }

    /// The parameter that a function has besides one that is a closure on a builder.
    pub(super) fn kt_verb_param(&mut self, params: &mut Vec<Param>, list: Node<'t>) {
        let mut told: Vec<Arc<str>> = Vec::new();
        let mut default = None;
        let parts = children(list);
        for (at, child) in parts.iter().enumerate().filter(|(_, child)| child.kind() == "parameter") {
            let text: String = self.text(*child).split_whitespace().collect();
            if !text.contains("Builder.()->") {
                continue;
            }
            told.push(self.kt_name(*child));
            if let Some(lambda) = parts.get(at + 1).filter(|next| next.kind() == "lambda_literal") {
                default = self.kt_told(*lambda);
            }
        }
        if !told.is_empty() && told.len() == 1 {
            params.push(Param { name: VERB.into(), kind: ParamKind::Plain, default });
        }
        self.names.told_by = told;
    }
}

/// The list of arguments of a call.
fn parts_of(suffix: Node<'_>) -> Node<'_> {
    children(suffix).first().copied().unwrap_or(suffix)
}
