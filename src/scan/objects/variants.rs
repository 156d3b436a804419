//! What an object that a caller hands over says for itself: methods of which several classes
//! have one, and the variants of an enumeration that holds values.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::{ClassId, Expr, ExprKind, FunctionId, Key, Span, VARIANT, WRITTEN};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value};
use crate::scan::wording;

/// What stands behind the name of a method that is asked of an object which only a caller knows.
const ASKED: &str = "()";
/// Members of members that are followed to a caller.
const MAX_MEMBERS: usize = 4;

impl<'u> Evaluator<'u> {
    /// What a method gives that is asked of a parameter, where several classes have one of that
    /// name: the caller knows the object. `request.path()`, `endpoint.method()`.
    /// `found` is the one that is found by its name.
    pub(crate) fn asked_of_param(
        &self,
        callee: &Callee,
        args: &[NamedValue],
        found: Option<FunctionId>,
    ) -> Option<Value> {
        let [Term { kind: Kind::Param(param), .. }] = callee.receiver.terms.as_slice() else { return None };
        let name = callee.name();
        let says = wording::names_path(name) || wording::names_verb(name);
        if !args.is_empty() || !says || param.members.len() >= MAX_MEMBERS {
            return None;
        }
        let gives = |id: &&usize| {
            let function = &self.unit.functions[**id];
            function.params.is_empty() && !function.body.is_empty()
        };
        let methods = self.index.methods.get(name)?;
        // Of a class that others build upon, these may have it anew.
        let anew = |id: FunctionId| {
            let class = self.unit.functions[id].class;
            let below = class.map(|class| self.index.below(class)).unwrap_or_default();
            methods.iter().any(|other| {
                *other != id && self.unit.functions[*other].class.is_some_and(|class| below.contains(&class))
            })
        };
        if methods.iter().filter(gives).count() < 2 || found.is_some_and(|id| !anew(id)) {
            return None;
        }
        let mut param = param.clone();
        param.members.push(format!("{name}{ASKED}").into());
        param.name = name.into();
        Some(Value::one(Kind::Param(param)))
    }

    /// Arguments of a request whose first is an object that stands for its path.
    pub(crate) fn written_first(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        mut args: Vec<NamedValue>,
        span: Span,
    ) -> Vec<NamedValue> {
        let asks = || wording::method_named(callee.name()).is_some();
        if let Some((None, first)) = args.first_mut()
            && let [Term { kind: Kind::Instance(class, _), .. }] = first.terms.as_slice()
            && self.dialect.naming() == Naming::Classes
            && self.index.method(*class, WRITTEN).is_some()
            && asks()
        {
            *first = self.written_out(frame, std::mem::take(first), span);
        }
        args
    }

    /// What a member that stands for such a call is, now that the object is known.
    pub(crate) fn answered_by(&mut self, object: &Value, member: &Arc<str>, span: Span) -> Option<Value> {
        let name = member.strip_suffix(ASKED)?;
        let mut out = Value::default();
        for term in &object.terms {
            let class = match &term.kind {
                Kind::Instance(class, _) | Kind::This(class) | Kind::Class(class) => *class,
                Kind::Param(param) => {
                    let mut param = param.clone();
                    param.members.push(member.clone());
                    param.name = name.into();
                    out = out.join(Value::one(Kind::Param(param)));
                    continue;
                }
                _ => continue,
            };
            let object = Value { terms: vec![term.clone()] };
            out = out.join(self.given_by(&object, class, name, span).unwrap_or_default());
        }
        Some(if out.is_empty() { Value::unknown(name) } else { out })
    }

    /// What a method without parameters gives for an object.
    fn given_by(&mut self, object: &Value, class: ClassId, name: &str, span: Span) -> Option<Value> {
        let id = self.index.method(class, name)?;
        let this = self.index.is_sensitive(id, class).then_some(class);
        let done = self.summary(id, this)?;
        Some(self.seen_on(done.returned.clone(), (class, name.into()), object, span))
    }

    /// Whether a class is an enumeration whose variants hold values.
    pub(crate) fn has_variants(&self, class: ClassId) -> bool {
        self.index.chain(class).iter().any(|class| self.index.fields[*class].contains_key(VARIANT))
    }

    /// Whether a class is one of Python's enumerations.
    fn is_of_python(&self, class: ClassId) -> bool {
        let named = |class: &ClassId| {
            self.unit.classes[*class]
                .bases
                .iter()
                .any(|base| matches!(&**base, "Enum" | "StrEnum" | "IntEnum"))
        };
        self.dialect.naming() == Naming::Python && self.index.chain(class).iter().any(named)
    }

    /// Whether a member is what the constants of an enumeration each have of their own.
    pub(crate) fn is_of_constant(&self, class: ClassId, member: &str) -> bool {
        matches!(member, "value" | "_value_") && self.is_of_python(class)
    }

    /// The object that a constant of an enumeration is, where a member of it is asked for that
    /// its class has: `Route.USER.url(id=x)`, `Route.USER.path` of `USER = "GET", "/users"`.
    pub(crate) fn constant(
        &mut self,
        frame: &mut Frame,
        expr: &'u Expr,
        value: Value,
        member: &Arc<str>,
    ) -> Value {
        let (ExprKind::Member(owner, _) | ExprKind::Index(owner, _), [term]) =
            (&expr.kind, value.terms.as_slice())
        else {
            return value;
        };
        if self.dialect.naming() != Naming::Python || !matches!(term.kind, Kind::Text(_) | Kind::List(_)) {
            return value;
        }
        self.muted += 1;
        let owner = self.expr(frame, owner);
        self.muted -= 1;
        let [Term { kind: Kind::Class(class), .. }] = owner.terms.as_slice() else { return value };
        let class = *class;
        let has = self.index.method(class, member).is_some() || self.index.fields[class].contains_key(member);
        if !has || !self.is_of_python(class) {
            return value;
        }
        self.enumerated(class, value)
    }

    /// A constant of an enumeration of several values, which its constructor keeps.
    pub(crate) fn kept_constant(&mut self, class: ClassId, value: Value, span: Span) -> Value {
        let list = matches!(value.terms.as_slice(), [Term { kind: Kind::List(_), .. }]);
        match list && self.is_of_python(class) && self.index.constructor(class).is_some() {
            true => self.enumerated(class, value.imported(span)),
            false => value,
        }
    }

    fn enumerated(&mut self, class: ClassId, value: Value) -> Value {
        let mut fields: Vec<(Key, Value)> =
            ["value", "_value_"].into_iter().map(|name| (Key::from(name), value.clone())).collect();
        if let ([Term { kind: Kind::List(items), .. }], Some(id)) =
            (value.terms.as_slice(), self.index.constructor(class))
        {
            let given: Vec<NamedValue> = items.iter().map(|item| (None, item.clone())).collect();
            fields.extend(self.only_kept(id, &given).unwrap_or_default());
        }
        Value::one(Kind::Instance(class, Arc::new(fields)))
    }

    /// A part of a text that a caller has given: an object is what its class writes it as.
    pub(crate) fn as_text(&mut self, part: Value, span: Span) -> Value {
        let writes = |term: &Term| match term.kind {
            Kind::Instance(class, _) => Some(class),
            _ => None,
        };
        if part.terms.iter().all(|term| writes(term).is_none()) {
            return part;
        }
        let mut out = Value::default();
        for term in part.terms {
            let object = Value { terms: vec![term] };
            let class = writes(&object.terms[0]);
            let text = class.and_then(|class| self.given_by(&object, class, WRITTEN, span));
            out = out.join(text.unwrap_or(object));
        }
        out
    }
}
