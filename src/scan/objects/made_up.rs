//! What Python's objects make of names: the name of an object's own class, of which a path is
//! made, and members that `__getattr__` and `__getitem__` make of what is asked for.

use std::sync::Arc;

use crate::scan::evaluate::index::Site;
use crate::scan::evaluate::{Env, Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::value::{Kind, Term, Value};

impl<'u> Evaluator<'u> {
    /// What the class of an object is called. Which of several it is, a class that others build
    /// upon does not say.
    pub(crate) fn class_name(&self, object: &Value, member: &Arc<str>, span: Span) -> Value {
        let [Term { kind: Kind::This(class) | Kind::Instance(class, _) | Kind::Class(class), .. }] =
            object.terms.as_slice()
        else {
            return Value::unknown("class");
        };
        if self.index.below(*class).len() > 1 {
            return Value::unknown("class");
        }
        let name = &self.unit.classes[*class].name;
        match **member == *CLASS_WORD {
            true => Value::text(name.to_lowercase().into(), span),
            false => Value::text(name.clone(), span),
        }
    }

    /// A field that a class above gives a value made of the name of the object's own class.
    pub(crate) fn field_by_name(&mut self, class: ClassId, member: &Arc<str>, sites: &[Site<'u>]) -> Value {
        let scope = self.unit.functions.len() + class;
        self.remembered(scope, member, |evaluator| {
            let mut out = Value::default();
            for (function, expr) in sites {
                let mut frame = Frame::new(*function);
                frame.this = Some(class);
                out = out.join(evaluator.expr(&mut frame, expr));
            }
            out.of_field()
        })
    }

    /// What an object makes of the name of a member that its class does not have:
    /// `client.users`, of which `__getattr__` makes a client below `/users`.
    pub(crate) fn made_of_name(
        &mut self,
        frame: &mut Frame,
        object: &Value,
        member: &Arc<str>,
        span: Span,
    ) -> Option<Value> {
        let class = self.maker(object)?;
        let id = self.index.method(class, "__getattr__")?;
        let own = |class: &ClassId| self.index.fields[*class].contains_key(member);
        // What Python itself asks for (`__len__`), and what the class keeps for itself.
        // `getattr(client, verb)(..)` is lowered to a call of `request`.
        if member.starts_with(['_', '('])
            || **member == *"request"
            || self.index.chain(class).iter().any(own)
            || self.index.method(class, member).is_some()
        {
            return None;
        }
        self.named_by(frame, id, object, Value::text(member.clone(), span), span)
    }

    /// What an object makes of a key: `client.users[id]`.
    pub(crate) fn made_of_key(
        &mut self,
        frame: &mut Frame,
        object: &Value,
        key: &Value,
        span: Span,
    ) -> Option<Value> {
        let class = self.maker(object)?;
        let id = self.index.method(class, "__getitem__")?;
        self.named_by(frame, id, object, key.clone(), span)
    }

    fn maker(&self, object: &Value) -> Option<ClassId> {
        match object.terms.as_slice() {
            [Term { kind: Kind::Instance(class, _) | Kind::This(class), .. }]
                if self.dialect.naming() == Naming::Python =>
            {
                Some(*class)
            }
            _ => None,
        }
    }

    fn named_by(
        &mut self,
        frame: &mut Frame,
        id: FunctionId,
        object: &Value,
        name: Value,
        span: Span,
    ) -> Option<Value> {
        if self.is_running(id) {
            return None;
        }
        // Where all is known, what is made of the name is, too: `name.replace("_", "-")`.
        let value = match object.terms.as_slice() {
            [Term { kind: Kind::Instance(class, fields), .. }] if name.literal().is_some() => {
                let receiver = self.unit.functions[id].receiver.clone().unwrap_or_default();
                let known = fields.iter().map(|(field, value)| {
                    (format!("{receiver}.{}", field.name).into(), Arc::new(value.clone()))
                });
                let known: Env = known.collect();
                self.run(id, *class, &[(None, name)], known).1.imported(span)
            }
            _ => self.invoke(frame, id, object, &[(None, name)], span).0,
        };
        let known = |term: &Term| !matches!(term.kind, Kind::Unknown(_));
        (!value.is_empty() && value.terms.iter().all(known)).then_some(value)
    }
}
