//! Python classes whose constructor is made of their fields: data classes, named
//! tuples, models.

use std::sync::Arc;

use tree_sitter::Node;

use crate::scan::fields::pipes::BESIDE;
use crate::scan::fields::typed;
use crate::scan::form::*;
use crate::scan::language::lower::{Lowering, children, expr};
use crate::scan::language::shared::{call, member, named, plain};

/// Decorators that make a constructor, by their last names.
const DECORATORS: [&str; 6] = ["dataclass", "define", "frozen", "mutable", "attrs", "s"];
/// Base classes that do.
const BASES: [&str; 4] = ["NamedTuple", "BaseModel", "BaseSettings", "Struct"];
/// Base classes that say nothing of fields.
const PLAIN_BASES: [&str; 3] = ["object", "ABC", "Generic"];
/// The calls that stand for a default and say more than it.
const FIELDS: [&str; 4] = ["field", "Field", "ib", "attrib"];
/// What an object is called in the constructor.
const OBJECT: &str = "self";

impl<'t> Lowering<'t> {
    /// What a comprehension gives for each element, and what its conditions ask of that:
    /// `[user["id"] for user in users if user["active"]]`.
    pub(super) fn py_body_of_each(&mut self, node: Node<'t>, name: Node<'t>, body: Node<'t>) -> Expr {
        let given = self.py_expr(body);
        let word = self.text(name);
        let asks = |clause: &Node<'t>| {
            let text = self.text(*clause);
            clause.kind() == "if_clause"
                && [".", "["].iter().any(|sign| text.contains(&format!("{word}{sign}")))
        };
        let clauses: Vec<_> = children(node).into_iter().filter(asks).collect();
        if clauses.is_empty() {
            return given;
        }
        let mut parts: Vec<Expr> = Vec::new();
        for clause in clauses {
            parts.extend(self.py_exprs(children(clause)));
        }
        parts.push(given);
        expr(call(named(BESIDE, node), plain(parts)), body)
    }

    /// Gives a class whose fields are declared the constructor that takes them. A class that
    /// builds upon another one of the program takes that one's fields as well, and is
    /// left as it is.
    pub(super) fn py_constructor_of_fields(&mut self, definition: Node<'t>, class: ClassId) {
        let Some(body) = definition.child_by_field_name("body") else { return };
        let bases = definition.child_by_field_name("superclasses").map(children).unwrap_or_default();
        let last = |node: Node<'t>| {
            let text = self.text(node);
            let name = text.split(['(', '[']).next().unwrap_or(text);
            name.rsplit('.').next().unwrap_or(name).trim()
        };
        let bases: Vec<&str> = bases
            .into_iter()
            .filter(|base| base.kind() != "keyword_argument")
            .map(last)
            .filter(|base| !PLAIN_BASES.contains(base))
            .collect();
        let decorated = definition.parent().filter(|parent| parent.kind() == "decorated_definition");
        let decorated = decorated.map(children).unwrap_or_default().into_iter().any(|part| {
            part.kind() == "decorator" && DECORATORS.contains(&last(part).trim_start_matches('@'))
        });
        let made = (decorated && bases.is_empty()) || bases.iter().any(|base| BASES.contains(base));
        self.py_wire(class, body, &bases, made);
        let functions = &self.unit.functions;
        let own = self.unit.classes[class].methods.iter().any(|id| functions[*id].constructor);
        if !made || own || bases.iter().any(|base| !BASES.contains(base)) {
            return;
        }
        let mut params = Vec::new();
        let mut kept = Vec::new();
        for field in children(body).into_iter().flat_map(children) {
            let Some(name) = self.py_field_of(field) else { continue };
            let fields = &mut self.unit.classes[class].fields;
            let at = fields.iter().rposition(|(known, ..)| *known == name);
            let default = at.map(|at| fields.remove(at).2);
            let target = member(named(OBJECT, field), &name, field);
            kept.push(Stmt::Assign { target, value: named(&name, field) });
            let default = default.and_then(|value| default_of(value, field));
            params.push(Param { name, kind: ParamKind::Plain, default });
        }
        if params.is_empty() {
            return;
        }
        let id = self.add_function(Some("__init__".into()), Some(class));
        let function = &mut self.unit.functions[id];
        function.receiver = Some(OBJECT.into());
        function.constructor = true;
        function.params = params;
        function.body = kept;
    }

    /// How the fields that a class declares are written in JSON.
    fn py_wire(&mut self, class: ClassId, body: Node<'t>, bases: &[&'t str], made: bool) {
        let text = self.text(body);
        // Names that a rule makes, and dictionaries with known keys.
        let ruled = ["alias_generator", "rename", "AliasGenerator"].iter().any(|word| text.contains(word));
        if ruled || bases.iter().any(|base| matches!(*base, "TypedDict" | "Enum" | "Protocol")) {
            return;
        }
        let mut wire = Vec::new();
        for field in children(body).into_iter().flat_map(children) {
            let Some(name) = self.py_field_of(field) else { continue };
            let declared = field.child_by_field_name("type").map(|kind| self.text(kind)).unwrap_or_default();
            let value = field.child_by_field_name("right").map(|value| self.text(value)).unwrap_or_default();
            let key = alias(value).or_else(|| alias(declared)).unwrap_or(&name);
            let shape = typed::shape(declared);
            wire.push(WireField { key: Some(key.into()), name, optional: false, shape });
        }
        if wire.is_empty() || !made && bases.is_empty() {
            return;
        }
        for base in bases.iter().filter(|base| !BASES.contains(base)) {
            wire.push(WireField {
                name: "".into(),
                key: None,
                optional: false,
                shape: Shape::Foreign((*base).into()),
            });
        }
        self.unit.classes[class].wire = wire;
    }

    /// The name of a field that a class body declares and the constructor takes.
    fn py_field_of(&self, assignment: Node<'t>) -> Option<Arc<str>> {
        if assignment.kind() != "assignment" {
            return None;
        }
        let declared = self.text(assignment.child_by_field_name("type")?);
        let name = assignment.child_by_field_name("left").filter(|left| left.kind() == "identifier")?;
        (!declared.contains("ClassVar")).then(|| self.name(name))
    }
}

/// The name that a field is given in JSON: `Field(alias="login")`.
fn alias(text: &str) -> Option<&str> {
    let at = text.find("alias=")? + "alias=".len();
    let quote = text[at..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let name = text[at + 1..].split(quote).next()?;
    (!name.is_empty()).then_some(name)
}

/// What a field holds where nothing is given: `field(default="/x")` is `"/x"`.
fn default_of(value: Expr, node: Node<'_>) -> Option<Expr> {
    let call = match value.kind {
        ExprKind::Call(call) => call,
        kind => return Some(Expr { kind, span: value.span }),
    };
    let (ExprKind::Name(name) | ExprKind::Member(_, name)) = &call.callee.kind else {
        return Some(Expr { kind: ExprKind::Call(call), span: value.span });
    };
    if !FIELDS.contains(&&**name) {
        return Some(Expr { kind: ExprKind::Call(call), span: value.span });
    }
    let mut made = false;
    for arg in call.args {
        match arg.name.as_deref() {
            None | Some("default") => return Some(arg.value),
            Some("default_factory" | "factory") => made = true,
            Some(_) => {}
        }
    }
    made.then(|| expr(ExprKind::Unknown("".into()), node))
}
