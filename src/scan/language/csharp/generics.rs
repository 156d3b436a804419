//! Methods of C# that differ by having types: `Task<User> Get(long id) => Get<User>($"users/{id}")`.

use tree_sitter::Node;

use crate::scan::form::{Expr, ExprKind};
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::member;

impl<'t> Lowering<'t> {
    /// What a method that is called with types means where the class around has only methods of that
    /// name without types: that of a class above.
    pub(super) fn cs_with_types(&self, function: Node<'t>) -> Option<Expr> {
        let called = match function.kind() {
            "member_access_expression" => {
                let object = function.child_by_field_name("expression")?;
                function.child_by_field_name("name").filter(|_| self.text(object) == "this")?
            }
            _ => function,
        };
        let name = children(called).first().copied().filter(|_| called.kind() == "generic_name")?;
        let mut around = std::iter::successors(function.parent(), |at| at.parent());
        let class = around.find(|at| matches!(at.kind(), "class_declaration" | "record_declaration"))?;
        let above = children(class).into_iter().any(|part| part.kind() == "base_list");
        let own = class.child_by_field_name("body").map(children)?;
        let mut own = own.into_iter().filter(|method| {
            let named = method.child_by_field_name("name").map(|own| self.text(own));
            method.kind() == "method_declaration" && named == Some(self.text(name))
        });
        let first = own.next().filter(|_| above)?;
        let has_types = |method: Node<'t>| method.child_by_field_name("type_parameters").is_some();
        let plain = !has_types(first) && !own.any(has_types);
        let above = expr(ExprKind::Name("super".into()), called);
        plain.then(|| member(above, self.text(name), called))
    }
}
