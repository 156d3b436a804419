//! Objects that are told one thing after the other by methods that give the object back:
//! `Query::new().of("users").by(id)`. Each step is run for the object that it is told to.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::scan::evaluate::{Env, Evaluator, Frame};
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Term, Value, is_nothing};

/// Names of methods that put something at the end of a list.
const GROWING: [&str; 10] = [
    "push",
    "append",
    "add",
    "Add",
    "extend",
    "concat",
    "addAll",
    "AddRange",
    "extend_from_slice",
    "addLast",
];
/// Steps that are run in one another.
const MAX_STEPS: usize = 4;

/// The fields of a class that such methods set, by class.
pub(crate) type Told = Arc<BTreeSet<Arc<str>>>;

impl<'u> Evaluator<'u> {
    /// Whether a field holds what an object was told by methods that give it back.
    pub(crate) fn is_told(&mut self, class: ClassId, field: &str) -> bool {
        self.told_fields(class).contains(field)
    }

    /// Whether a call makes an object of a script's own class listen, which gives it back:
    /// `new Client().on("error", log)`.
    pub(crate) fn listens(&self, callee: &Callee) -> bool {
        let objects = &callee.receiver.terms;
        matches!(callee.name(), "on" | "once")
            && self.dialect.naming() == Naming::JavaScript
            && !objects.is_empty()
            && objects.iter().all(|term| matches!(term.kind, Kind::Instance(..)))
    }

    /// The object that such a method gives back, with what it was told.
    pub(crate) fn told_step(&mut self, id: FunctionId, object: &Value, args: &[NamedValue]) -> Option<Value> {
        let [Term { kind: Kind::Instance(class, fields), .. }] = object.terms.as_slice() else { return None };
        let class = *class;
        let function = &self.unit.functions[id];
        let receiver = function.receiver.clone()?;
        let own: BTreeSet<Arc<str>> = set_by(function).into_iter().collect();
        if own.is_empty() || self.constructions >= MAX_STEPS || !self.gives_object(id) {
            return None;
        }
        let place = |field: &str| -> Arc<str> { format!("{receiver}.{field}").into() };
        let mut env: Env =
            fields.iter().map(|(field, value)| (place(field), Arc::new(value.clone()))).collect();
        for field in self.told_fields(class).iter() {
            if !env.contains_key(&place(field))
                && let Some(value) = self.at_first(class, field)
            {
                env.insert(place(field), Arc::new(value));
            }
        }
        let nothing = || (None, Value::unknown("nil"));
        let missing = function.params.len().saturating_sub(args.len());
        let plain = args.iter().all(|(name, _)| name.is_none())
            && function.params.iter().all(|param| param.kind == ParamKind::Plain && param.default.is_none());
        let given: Vec<NamedValue> = args
            .iter()
            .cloned()
            .chain(std::iter::repeat_with(nothing).take(if plain { missing } else { 0 }))
            .collect();
        self.constructions += 1;
        let (env, _) = self.run(id, class, &given, env);
        self.constructions -= 1;
        let front = format!("{receiver}.");
        let field = |(name, value): (Arc<str>, Arc<Value>)| {
            let field = name.strip_prefix(front.as_str()).filter(|field| !field.contains(['.', '[']))?;
            Some((Key::from(field), Value::clone(&value)))
        };
        let told = env.into_iter().filter_map(field).collect();
        Some(Value::one(Kind::Instance(class, Arc::new(told))))
    }

    /// Whether a step is run that is not given what a condition asks for: `if (id) ...`.
    pub(crate) fn is_not_told(
        &mut self,
        frame: &mut Frame,
        subject: &'u Expr,
        test: &Test,
        holds: bool,
    ) -> bool {
        let ExprKind::Name(name) = &subject.kind else { return false };
        let nothing = || frame.env.get(name).is_some_and(|value| is_nothing(value));
        frame.constructing && *test == Test::Given && holds && nothing()
    }

    /// What a field holds before an object is told anything.
    fn at_first(&mut self, class: ClassId, field: &Arc<str>) -> Option<Value> {
        let mut out = Value::default();
        for class in self.index.chain(class) {
            let sites = self.index.fields[class].get(field).cloned().unwrap_or_default();
            for (function, value) in sites {
                let home = &self.unit.functions[function];
                if home.class != Some(class) || home.constructor || home.name.is_none() {
                    let text = |part: &Expr| matches!(part.kind, ExprKind::Text(_));
                    let alone = match &value.kind {
                        ExprKind::Text(_) | ExprKind::List(_) => true,
                        // `new StringBuilder("https://")`
                        ExprKind::Concat(parts) => parts.iter().all(text),
                        _ => false,
                    };
                    if alone {
                        out = out.join(self.outside_muted(function, value));
                    }
                }
            }
        }
        match out.is_empty() {
            false => Some(out),
            // A list that nothing has been put into.
            true if self.index.chain(class).iter().any(|class| {
                let list = |(name, kind): &(Arc<str>, Arc<str>)| name == field && **kind == *LIST_TYPE;
                self.unit.classes[*class].declared.iter().any(list)
            }) =>
            {
                Some(Value::one(Kind::List(Arc::default())))
            }
            // The zero value of a text.
            true if self.dialect.naming() == Naming::Go => Some(Value::text("".into(), Span::NOWHERE)),
            true => None,
        }
    }

    /// The fields that methods of a class set which give the object back.
    fn told_fields(&mut self, class: ClassId) -> Told {
        if let Some(known) = self.told_of.get(&class) {
            return known.clone();
        }
        let mut fields = BTreeSet::new();
        for id in self.index.methods_of(class) {
            let function = &self.unit.functions[id];
            if !function.constructor && !function.property {
                let set = set_by(function);
                if !set.is_empty() && self.gives_object(id) {
                    fields.extend(set);
                }
            }
        }
        let told: Told = Arc::new(fields);
        self.told_of.insert(class, told.clone());
        told
    }

    /// Whether a method does no more to its object than give it back.
    pub(crate) fn gives_back(&self, id: FunctionId) -> bool {
        self.gives_object(id) && set_by(&self.unit.functions[id]).is_empty()
    }

    /// Whether all that a method gives is the object that it is called on.
    fn gives_object(&self, id: FunctionId) -> bool {
        let function = &self.unit.functions[id];
        let given = returned(&function.body);
        let own = |expr: &&Expr| matches!(&expr.kind, ExprKind::Name(name) if function.receiver.as_ref() == Some(name));
        !given.is_empty() && given.iter().all(own)
    }
}

/// The fields of its object that a method gives what it is told.
fn set_by(function: &Function) -> Vec<Arc<str>> {
    let mut out = Vec::new();
    if let Some(receiver) = &function.receiver
        && !function.params.is_empty()
    {
        in_block(&function.body, receiver, &mut out);
    }
    out
}

/// What a chain of calls begins with: `this.path` of `this.path.append("/").append(part)`.
fn stepped(expr: &Expr) -> &Expr {
    let mut at = expr;
    while let ExprKind::Call(call) = &at.kind
        && let ExprKind::Member(object, _) = &call.callee.kind
    {
        at = object;
    }
    at
}

fn in_block(body: &[Stmt], receiver: &Arc<str>, out: &mut Vec<Arc<str>>) {
    let field = |expr: &Expr| match &expr.kind {
        ExprKind::Member(object, field) if matches!(&object.kind, ExprKind::Name(name) if name == receiver) => {
            Some(field.clone())
        }
        _ => None,
    };
    for stmt in body {
        match stmt {
            Stmt::Assign { target, .. } => out.extend(field(target)),
            Stmt::Expr(Expr { kind: ExprKind::Call(call), .. }) => {
                if let ExprKind::Member(list, name) = &call.callee.kind
                    && GROWING.contains(&&**name)
                {
                    out.extend(field(stepped(list)));
                }
            }
            Stmt::Branch(arms) => arms.iter().for_each(|arm| in_block(arm, receiver, out)),
            Stmt::Loop(body) => in_block(body, receiver, out),
            _ => {}
        }
    }
}
