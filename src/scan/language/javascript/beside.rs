//! The path that a resource says beside its operations: `{ path: "charges", list:
//! operation({ method: "GET" }) }`.

use tree_sitter::Node;

use super::classes::bare;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::wording::{method_named, names_path};

/// Nodes between an operation and the resource that lists it.
const MAX_ABOVE: usize = 16;

impl<'t> Lowering<'t> {
    /// The path beside a call that is handed a method and nothing else.
    pub(super) fn js_path_beside(&self, call: Node<'t>) -> Option<Expr> {
        let args = children(call.child_by_field_name("arguments")?);
        let [options] = args.as_slice() else { return None };
        let method = self.js_text_entry(*options, &|key| key == "method")?;
        method_named(self.text(method).trim_matches(['"', '\'']))?;
        let mut at = call;
        for _ in 0..MAX_ABOVE {
            at = at.parent()?;
            if at.kind() == "object" {
                break;
            }
        }
        let path = self.js_text_entry(at, &names_path)?;
        let text = self.text(path).trim_matches(['"', '\'']);
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '{' | '}' | ':');
        if text.is_empty() || !text.chars().all(plain) || text.contains("//") {
            return None;
        }
        Some(expr(ExprKind::Text(format!("/{}", text.trim_start_matches('/')).into()), path))
    }

    /// The text that an entry of an object has.
    fn js_text_entry(&self, object: Node<'t>, is_key: &dyn Fn(&str) -> bool) -> Option<Node<'t>> {
        children(object).into_iter().find_map(|entry| {
            let (key, value) = (entry.child_by_field_name("key")?, entry.child_by_field_name("value")?);
            let (key, value) = (self.text(key).trim_matches(['"', '\'']), bare(value));
            (value.kind() == "string" && is_key(key)).then_some(value)
        })
    }
}
