//! Ktor's typed routes: a class that is annotated with its path is that path where a client is
//! asked for an object of it, `client.get(Users.One(id = 1))`; what stands in a class stands
//! below its path.

use tree_sitter::Node;

use super::syntax::Kotlin;
use crate::scan::form::{ClassId, ExprKind, Stmt, WRITTEN};
use crate::scan::language::lower::{Lowering, expr};
use crate::scan::language::shared::Manner;

impl<'t> Lowering<'t> {
    /// `@Resource("/users") class Users { @Resource("{id}") class One(...) }`
    pub(super) fn kt_resource(&mut self, class: ClassId, node: Node<'t>) {
        let Some(own) = self.kt_route(node) else { return };
        let mut parts = vec![own];
        let mut above = node.parent();
        while let Some(at) = above {
            if at.kind() == "class_declaration" {
                parts.extend(self.kt_route(at));
            }
            above = at.parent();
        }
        let path = parts.iter().rev().map(|part| part.trim_matches('/')).filter(|part| !part.is_empty());
        let path = path.fold(String::new(), |path, part| path + "/" + part);
        self.define::<Kotlin>(Some(WRITTEN.into()), Some(class), Manner::default(), Vec::new(), |_| {
            vec![Stmt::Return(expr(ExprKind::Text(path.into()), node))]
        });
    }

    fn kt_route(&mut self, node: Node<'t>) -> Option<String> {
        let annotations = self.kt_annotations(node);
        let route = annotations.iter().find(|annotation| &*annotation.name == "Resource")?;
        route.texts().next().map(|text| text.to_string())
    }
}
