//! Fields of classes whose values ask for something as soon as an object is made.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children};

impl<'t> Lowering<'t> {
    /// Whether something is, or has among its entries, what may ask for something as soon as it is
    /// evaluated.
    pub(super) fn js_asks(&self, value: Node<'t>) -> bool {
        let mut parts = vec![value];
        while let Some(part) = parts.pop() {
            match part.kind() {
                "call_expression" => return true,
                "pair" if self.js_key(part) == Some("request") => return true,
                "object"
                | "array"
                | "pair"
                | "parenthesized_expression"
                | "await_expression"
                | "as_expression"
                | "satisfies_expression"
                | "non_null_expression" => parts.extend(children(part)),
                _ => {}
            }
        }
        false
    }

    /// `users$ = this.http.get("/users")`: evaluated with every object, whoever reads the field.
    pub(super) fn js_run_with_object(&mut self, class: ClassId, value: Node<'t>) {
        let id = self.add_function(None, None);
        let outer = std::mem::replace(&mut self.function, id);
        let value = self.js_expr(value);
        self.function = outer;
        let function = &mut self.unit.functions[id];
        function.class = Some(class);
        function.receiver = Some("this".into());
        function.body = vec![Stmt::Expr(value)];
    }
}
