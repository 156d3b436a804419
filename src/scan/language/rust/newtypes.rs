//! Rust: structs that hold one address and nothing else, `struct Base(String)`: the address is their
//! member `0`.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children};

/// Types of addresses.
const ADDRESSES: [&str; 8] = ["String", "str", "Url", "Uri", "Cow", "Rc", "Arc", "PathBuf"];

impl<'t> Lowering<'t> {
    /// Notes the structs of a file, or of a module in it, that hold one address.
    pub(super) fn rust_newtypes(&mut self, node: Node<'t>) {
        for child in children(node) {
            match (child.kind(), child.child_by_field_name("body")) {
                ("struct_item", Some(list)) if list.kind() == "ordered_field_declaration_list" => {
                    let fields: Vec<_> = children(list)
                        .into_iter()
                        .filter(|field| !matches!(field.kind(), "visibility_modifier" | "attribute_item"))
                        .collect();
                    let [field] = fields.as_slice() else { continue };
                    let kind = self.text(*field).trim_start_matches('&');
                    let kind = kind.trim_start_matches("'static ").trim_start_matches("'a ");
                    let outer = kind.split('<').next().unwrap_or(kind).trim();
                    let last = outer.rsplit("::").next().unwrap_or(outer).trim();
                    if ADDRESSES.contains(&last)
                        && let Some(name) = self.field_name(child, "name")
                    {
                        self.names.newtypes.insert(name);
                    }
                }
                ("mod_item", Some(body)) => {
                    self.nested(child, |l| l.rust_newtypes(body));
                }
                _ => {}
            }
        }
    }

    /// `Base(text)`: an object that holds the text.
    pub(super) fn rust_newtype(&mut self, function: Node<'t>, args: Vec<Arg>) -> Result<ExprKind, Vec<Arg>> {
        if !matches!(function.kind(), "identifier" | "self") || args.len() != 1 {
            return Err(args);
        }
        let name = self.rust_class_name(self.text(function));
        if !self.names.newtypes.contains(&name) {
            return Err(args);
        }
        let class = self.class(&name);
        let fields = args.into_iter().map(|arg| (Key::from("0"), arg.value)).collect();
        Ok(ExprKind::Instance(class, fields))
    }
}
