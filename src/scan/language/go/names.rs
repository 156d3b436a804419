//! What names of Go's standard library are, whatever a file calls their packages.

use tree_sitter::Node;

use crate::scan::form::{Expr, ExprKind, Imported, Shape};
use crate::scan::language::lower::Lowering;

/// Packages whose functions say what a URL is, by their paths.
const PACKAGES: [&str; 8] = ["bytes", "fmt", "net/http", "net/url", "os", "path", "strconv", "strings"];

impl<'t> Lowering<'t> {
    /// The text of a name, with the package called as everybody calls it: `url.Parse` of
    /// `neturl.Parse`, where the file says `import neturl "net/url"`.
    pub(super) fn go_known_name(&self, node: Node<'t>) -> String {
        let text = self.text(node);
        let known = text.split_once('.').and_then(|(package, name)| {
            let import = self.unit.imports.iter().find(|import| *import.local == *package)?;
            let known = import.what == Imported::Module && PACKAGES.contains(&&*import.module);
            let last = import.module.rsplit('/').next().filter(|_| known)?;
            Some(format!("{last}.{name}"))
        });
        known.unwrap_or_else(|| text.to_owned())
    }

    /// Whether a local is a struct that is no URL, by the type that it is made of: `opts` of
    /// `opts := rest.Opts{Method: "PUT"}`, whose `Path` is a field like any other.
    pub(super) fn go_is_struct(&self, object: Node<'t>) -> bool {
        let types = &self.unit.functions[self.function].types;
        let shape = types.iter().rfind(|(name, _)| **name == *self.text(object)).map(|(_, shape)| shape);
        match shape {
            Some(Shape::Struct(_)) => true,
            Some(Shape::Foreign(name)) => !name.ends_with("URL"),
            _ => false,
        }
    }
}

/// A part of a path; of a list that is handed on as parts, its elements in their order:
/// `append([]string{"api"}, parts...)...`.
pub(super) fn joined(part: Expr) -> Expr {
    let span = part.span;
    match part.kind {
        ExprKind::Spread(list) if matches!(list.kind, ExprKind::List(_)) => {
            let separator = Box::new(Expr { kind: ExprKind::Text("/".into()), span });
            Expr { kind: ExprKind::Implode { list, separator }, span }
        }
        kind => Expr { kind, span },
    }
}
