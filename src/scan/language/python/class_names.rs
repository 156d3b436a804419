//! What an object of Python is called by its class, of which clients make paths:
//! `self.__class__.__name__.lower() + "s"`.

use tree_sitter::Node;

use crate::scan::form::*;
use crate::scan::language::lower::Lowering;

impl<'t> Lowering<'t> {
    /// The name of the class of an object: `self.__class__.__name__`, `type(self).__name__`.
    pub(super) fn py_class_name(&mut self, node: Node<'t>, object: Node<'t>, name: &str) -> Option<ExprKind> {
        if name != "__name__" {
            return None;
        }
        let whose = match object.kind() {
            "attribute" if self.field_name(object, "attribute").as_deref() == Some("__class__") => {
                object.child_by_field_name("object")?
            }
            "call" if self.text(object.child_by_field_name("function")?) == "type" => {
                let args = object.child_by_field_name("arguments")?;
                args.named_child(0).filter(|_| args.named_child_count() == 1)?
            }
            "identifier" if self.text(object) == "cls" => object,
            _ => return None,
        };
        let name = if self.py_is_lowered(node) { CLASS_WORD } else { CLASS_NAME };
        Some(ExprKind::Member(Box::new(self.py_expr(whose)), name.into()))
    }

    /// Whether a text is put into small letters: where it stands, or by the name that it is kept
    /// under.
    fn py_is_lowered(&self, node: Node<'t>) -> bool {
        let around = std::iter::successors(node.parent(), |at| at.parent());
        for at in around {
            match at.kind() {
                "attribute" if self.field_name(at, "attribute").as_deref() == Some("lower") => return true,
                "assignment" => {
                    let kept =
                        at.child_by_field_name("left").map(|left| format!("{}.lower()", self.text(left)));
                    return kept.is_some_and(|lowered| self.source.contains(&lowered));
                }
                "block" | "module" => return false,
                _ => {}
            }
        }
        false
    }
}

/// The name of a class without a part of it: `re.sub("Manager$", "", type(self).__name__)`.
pub(super) fn without(mut args: Vec<Arg>) -> Result<ExprKind, Vec<Arg>> {
    let [part, to, text] = args.as_slice() else { return Err(args) };
    let (ExprKind::Text(part), ExprKind::Text(to), ExprKind::Member(_, name)) =
        (&part.value.kind, &to.value.kind, &text.value.kind)
    else {
        return Err(args);
    };
    let plain = part.trim_start_matches('^').trim_end_matches('$');
    let own = matches!(&**name, CLASS_NAME | CLASS_WORD);
    if !own || !to.is_empty() || plain.is_empty() || !plain.chars().all(char::is_alphanumeric) {
        return Err(args);
    }
    let plain = if **name == *CLASS_WORD { plain.to_lowercase() } else { plain.to_owned() };
    let mut text = args.swap_remove(2).value;
    let span = text.span;
    let from = Box::new(Expr { kind: ExprKind::Text(plain.into()), span });
    let to = Box::new(Expr { kind: ExprKind::Text("".into()), span });
    text = Expr { kind: ExprKind::Replace { text: Box::new(text), from, to }, span };
    Ok(text.kind)
}
