//! Rust: other names of the file's own types, `pub type AdminClient = Client<Admin>;`, which
//! methods may be written for and files may import in place of the type.

use tree_sitter::Node;

use crate::scan::language::lower::{Lowering, children};

impl<'t> Lowering<'t> {
    /// A class that has what the type has for which it is another name. What stands for a type from
    /// elsewhere, `type Result<T> = std::result::Result<T, Error>`, is no class of the program.
    pub(super) fn rust_alias(&mut self, node: Node<'t>) {
        let (Some(name), Some(kind)) = (self.field_name(node, "name"), node.child_by_field_name("type"))
        else {
            return;
        };
        let named = matches!(kind.kind(), "generic_type" | "type_identifier");
        let known = self.rust_type(kind);
        let beside = node.parent().map(children).unwrap_or_default();
        let own = beside.into_iter().any(|item| {
            matches!(item.kind(), "struct_item" | "enum_item")
                && item.child_by_field_name("name").is_some_and(|name| self.text(name) == &*known)
        });
        if !named || !own || name == known {
            return;
        }
        self.names.declared.insert(name.clone());
        let class = self.class(&name);
        self.unit.classes[class].bases.push(known);
    }
}
