//! The evaluator: runs a file's common form over symbolic values and collects
//! the requests it makes.
//!
//! Inside a function the order of statements counts, and both arms of a branch
//! are followed. Names of surrounding scopes and fields of objects are read
//! without regard to order: everything ever assigned to them. A function is
//! evaluated once with its parameters left open; each of its calls fills them
//! in (`invoke.rs`). Knows nothing of any API, and of HTTP only what the
//! language's [`Dialect`] says about a call.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::form::*;
use super::index::{Index, Site};
use super::request::{Callee, Dialect, Meaning, NamedValue, Request};
use super::value::{self, Entry, Kind, ParamRef, Piece, Term, Value};

/// Expressions and statements evaluated per file before the rest is given up.
const MAX_STEPS: usize = 400_000;
/// Nesting of everything that is evaluated, so that the stack cannot overflow.
const MAX_DEPTH: usize = 250;
/// Requests collected per file.
pub(super) const MAX_REQUESTS: usize = 20_000;
/// Strings kept per file as candidates for paths that reach no call.
const MAX_LOOSE: usize = 5_000;

/// What was found in one file.
pub(crate) struct Evaluation {
    pub requests: Vec<Request>,
    /// Texts that are stored, returned or handed to something unknown.
    pub loose: Vec<Value>,
    /// Places of the texts that went into messages, routes, mocks.
    pub quiet: BTreeSet<Span>,
    /// The file was too large to evaluate in full.
    pub gave_up: bool,
}

/// Evaluates a file.
pub(crate) fn evaluate(unit: &Unit, dialect: &dyn Dialect) -> Evaluation {
    let mut evaluator = Evaluator {
        unit,
        index: Index::new(unit),
        dialect,
        summaries: vec![Summary::Open; unit.functions.len()],
        reading: BTreeSet::new(),
        known: BTreeMap::new(),
        partly_known: BTreeMap::new(),
        cuts: 0,
        requests: Vec::new(),
        loose: Vec::new(),
        quiet: BTreeSet::new(),
        steps: 0,
        depth: 0,
        branches: 0,
        muted: 0,
    };
    for id in 0..unit.functions.len() {
        if !unit.functions[id].inline {
            evaluator.summary(id);
        }
    }
    Evaluation {
        gave_up: evaluator.steps >= MAX_STEPS,
        requests: evaluator.requests,
        loose: evaluator.loose,
        quiet: evaluator.quiet,
    }
}

pub(super) struct Evaluator<'u> {
    pub(super) unit: &'u Unit,
    pub(super) index: Index<'u>,
    pub(super) dialect: &'u dyn Dialect,
    pub(super) summaries: Vec<Summary>,
    /// Names and fields being read, so that `a = a + b` ends.
    reading: BTreeSet<(usize, Rc<str>)>,
    /// Names and fields that were read, by scope.
    known: BTreeMap<(usize, Rc<str>), Value>,
    partly_known: BTreeMap<(usize, Rc<str>), Value>,
    /// How often a reading met itself.
    cuts: usize,
    pub(super) requests: Vec<Request>,
    pub(super) loose: Vec<Value>,
    pub(super) quiet: BTreeSet<Span>,
    steps: usize,
    depth: usize,
    branches: u32,
    /// Above zero while a value is read out of order: nothing is collected.
    pub(super) muted: usize,
}

/// A function evaluated with open parameters.
#[derive(Clone)]
pub(super) enum Summary {
    Open,
    Running,
    Done(Rc<Done>),
}

pub(super) struct Done {
    /// Indices of the function's requests that depend on its parameters.
    pub open: Vec<usize>,
    pub returned: Value,
}

/// The function being evaluated.
pub(super) struct Frame {
    pub(super) function: FunctionId,
    pub(super) env: BTreeMap<Rc<str>, Rc<Value>>,
    returned: Value,
    pub(super) open: Vec<usize>,
    /// The class whose body is being read.
    body: Option<ClassId>,
}

impl Frame {
    fn new(function: FunctionId) -> Self {
        Self { function, env: BTreeMap::new(), returned: Value::default(), open: Vec::new(), body: None }
    }
}

impl<'u> Evaluator<'u> {
    /// The summary of a function, evaluated on first need. `None` while it is
    /// being evaluated: recursion adds nothing.
    pub(super) fn summary(&mut self, id: FunctionId) -> Option<Rc<Done>> {
        match &self.summaries[id] {
            Summary::Done(done) => return Some(done.clone()),
            Summary::Running => return None,
            Summary::Open => {}
        }
        self.summaries[id] = Summary::Running;
        let mut frame = Frame::new(id);
        for (index, param) in self.unit.functions[id].params.iter().enumerate() {
            let reference = ParamRef { index, members: Vec::new(), name: param.name.clone() };
            let kind = match param.kind {
                ParamKind::Rest => Kind::Rest(index),
                _ => Kind::Param(reference),
            };
            frame.env.insert(param.name.clone(), Rc::new(Value::one(kind)));
        }
        let muted = std::mem::take(&mut self.muted);
        let unit = self.unit;
        self.block(&mut frame, &unit.functions[id].body);
        self.muted = muted;
        let done = Rc::new(Done { open: frame.open, returned: frame.returned });
        self.summaries[id] = Summary::Done(done.clone());
        Some(done)
    }

    /// Counts a step; false when the limits are reached.
    fn enter(&mut self) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        true
    }

    /// Runs statements; true if the end is never reached.
    fn block(&mut self, frame: &mut Frame, body: &'u [Stmt]) -> bool {
        for stmt in body {
            if !self.enter() {
                return false;
            }
            let left = self.statement(frame, stmt);
            self.depth -= 1;
            if left {
                return true;
            }
        }
        false
    }

    fn statement(&mut self, frame: &mut Frame, stmt: &'u Stmt) -> bool {
        match stmt {
            Stmt::Expr(expr) => {
                self.expr(frame, expr);
                false
            }
            Stmt::Assign { target, value } => {
                let value = self.expr(frame, value);
                self.sink_all(&value);
                self.assign(frame, target, value);
                false
            }
            Stmt::Return(expr) => {
                let value = self.expr(frame, expr);
                self.sink(&value);
                frame.returned = std::mem::take(&mut frame.returned).join(value);
                true
            }
            Stmt::Branch(arms) => {
                self.branches += 1;
                let branch = self.branches;
                let before = frame.env.clone();
                let mut after = Vec::new();
                for (arm, body) in arms.iter().enumerate() {
                    frame.env = before.clone();
                    if !self.block(frame, body) {
                        after.push((arm as u32, std::mem::take(&mut frame.env)));
                    }
                }
                let left = after.is_empty() && !arms.is_empty();
                frame.env = merge(branch, before, after);
                left
            }
            Stmt::Loop(body) => {
                let before = frame.env.clone();
                self.block(frame, body);
                self.branches += 1;
                let after = std::mem::take(&mut frame.env);
                frame.env = merge(self.branches, before.clone(), vec![(0, before), (1, after)]);
                false
            }
            Stmt::Leave => true,
        }
    }

    fn assign(&mut self, frame: &mut Frame, target: &'u Expr, value: Value) {
        if let Some(path) = dotted(target) {
            frame.env.insert(path.into(), Rc::new(value));
            return;
        }
        if let ExprKind::Index(object, key) = &target.kind {
            let key = self.expr(frame, key);
            if let Some(path) = dotted(object)
                && let Some(known) = frame.env.get(&*path)
                && let [Term { kind: Kind::Object(entries), .. }] = known.terms.as_slice()
            {
                let key = key.literal().map_or(Entry::Any, |key| Entry::Key(key.into()));
                let mut entries: Vec<_> =
                    entries.iter().filter(|(known, _)| *known != key).cloned().collect();
                entries.push((key, value));
                frame.env.insert(path.into(), Rc::new(Value::one(Kind::Object(Rc::new(entries)))));
            }
        }
    }

    /// Notes a text that is stored or handed on: perhaps a path that is used
    /// where the evaluation does not reach.
    pub(super) fn sink(&mut self, value: &Value) {
        let slash = |piece: &Piece| matches!(piece, Piece::Literal { text, .. } if text.contains('/'));
        let path = |term: &Term| matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(slash));
        if self.muted == 0 && self.loose.len() < MAX_LOOSE && value.terms.iter().any(path) {
            self.loose.push(value.clone());
        }
    }

    /// As [`Self::sink`], and everything that the value holds: a table of paths.
    fn sink_all(&mut self, value: &Value) {
        self.sink(value);
        for term in &value.terms {
            match &term.kind {
                Kind::List(items) => items.iter().for_each(|item| self.sink_all(item)),
                Kind::Object(entries) => entries.iter().for_each(|(_, value)| self.sink_all(value)),
                Kind::Instance(_, fields) => fields.iter().for_each(|(_, value)| self.sink_all(value)),
                _ => {}
            }
        }
    }

    /// Notes texts that are meant for people or for a server.
    pub(super) fn hush(&mut self, value: &Value) {
        for term in &value.terms {
            match &term.kind {
                Kind::Text(pieces) => {
                    for piece in pieces {
                        if let Piece::Literal { literal, .. } = piece {
                            self.quiet.insert(*literal);
                        }
                    }
                }
                Kind::List(items) => items.iter().for_each(|item| self.hush(item)),
                _ => {}
            }
        }
    }

    /// Evaluates an expression.
    pub(super) fn expr(&mut self, frame: &mut Frame, expr: &'u Expr) -> Value {
        if !self.enter() {
            return Value::unknown("");
        }
        let value = self.kind(frame, expr);
        self.depth -= 1;
        value
    }

    fn exprs(&mut self, frame: &mut Frame, exprs: &'u [Expr]) -> Vec<Value> {
        exprs.iter().map(|expr| self.expr(frame, expr)).collect()
    }

    fn kind(&mut self, frame: &mut Frame, expr: &'u Expr) -> Value {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Text(text) => Value::text(text.clone(), span),
            ExprKind::Unknown(name) => Value::unknown(name),
            ExprKind::Name(name) => self.name(frame, name, span),
            ExprKind::Member(object, member) => {
                if let Some(path) = dotted(expr)
                    && let Some(value) = frame.env.get(&*path)
                {
                    return Value::clone(value);
                }
                let object = self.expr(frame, object);
                self.member(&object, member, span).widened(span)
            }
            ExprKind::Index(object, key) => {
                let object = self.expr(frame, object);
                let key = self.expr(frame, key);
                self.element(&object, key.literal().as_deref()).widened(span)
            }
            ExprKind::Concat(parts) => {
                let values = self.exprs(frame, parts);
                value::concat(&values, span)
            }
            ExprKind::Either(arms) => {
                self.branches += 1;
                let branch = self.branches;
                arms.iter().enumerate().fold(Value::default(), |out, (arm, expr)| {
                    out.join(self.expr(frame, expr).under(branch, arm as u32))
                })
            }
            ExprKind::Default(given, fallback) => {
                let given = self.expr(frame, given);
                let fallback = self.expr(frame, fallback);
                value::or_default(given, fallback)
            }
            ExprKind::Format { template, style, args } => {
                let template = self.expr(frame, template);
                let args = self.args(frame, args);
                value::format(&template, *style, &args, span)
            }
            ExprKind::Join { base, parts, style } => {
                let base = self.expr(frame, base);
                let parts = self.exprs(frame, parts);
                value::join_url(&base, &parts, *style, span)
            }
            ExprKind::Replace { text, from, to } => {
                let text = self.expr(frame, text);
                let from = self.expr(frame, from);
                let to = self.expr(frame, to);
                value::replace(text, &from, &to)
            }
            ExprKind::Trim { text, start, end } => {
                let text = self.expr(frame, text);
                text.map_texts(|pieces| value::trim_slashes(pieces, *start, *end))
            }
            ExprKind::Setting { name, default } => {
                let value = Value::unknown(name);
                match default {
                    Some(default) => value.join(self.expr(frame, default)),
                    None => value,
                }
            }
            ExprKind::Call(call) => self.call(frame, expr.span, call),
            ExprKind::List(items) => {
                let mut values = Vec::with_capacity(items.len());
                for item in items {
                    let value = self.expr(frame, item);
                    match value.terms.as_slice() {
                        [Term { kind: Kind::List(inner), .. }]
                            if matches!(item.kind, ExprKind::Spread(_)) =>
                        {
                            values.extend(inner.iter().cloned());
                        }
                        _ => values.push(value),
                    }
                }
                Value::one(Kind::List(Rc::new(values)))
            }
            ExprKind::Object(entries) => {
                let mut values = Vec::with_capacity(entries.len());
                for (key, expr) in entries {
                    let value = self.expr(frame, expr);
                    let key = match (key, &expr.kind) {
                        (_, ExprKind::Spread(_)) => Entry::Spread,
                        (Some(key), _) => Entry::Key(key.clone()),
                        (None, _) => Entry::Any,
                    };
                    values.push((key, value));
                }
                Value::one(Kind::Object(Rc::new(values)))
            }
            ExprKind::Spread(inner) => self.expr(frame, inner),
            ExprKind::Element(inner) => {
                let list = self.expr(frame, inner);
                self.any_element(&list, span)
            }
            ExprKind::Function(id) => {
                if self.unit.functions[*id].inline {
                    self.closure(frame, *id);
                }
                Value::one(Kind::Function(*id))
            }
            ExprKind::Instance(class, fields) => {
                let fields = fields.iter().map(|(name, value)| {
                    let value = self.expr(frame, value);
                    (name.clone(), value)
                });
                Value::one(Kind::Instance(*class, Rc::new(fields.collect())))
            }
            ExprKind::Positional(index) => {
                let name = (index + 1).to_string().into();
                Value::one(Kind::Param(ParamRef { index: *index, members: Vec::new(), name }))
            }
            ExprKind::PositionalRest(index) => Value::one(Kind::Rest(*index)),
            ExprKind::Effects(parts) => {
                self.exprs(frame, parts);
                Value::unknown("")
            }
        }
    }

    /// Runs a closure where it stands: it sees the names around it.
    fn closure(&mut self, frame: &mut Frame, id: FunctionId) {
        let env = frame.env.clone();
        let returned = std::mem::take(&mut frame.returned);
        let unit = self.unit;
        for param in &unit.functions[id].params {
            frame.env.insert(param.name.clone(), Rc::new(Value::unknown(&param.name)));
        }
        self.block(frame, &unit.functions[id].body);
        frame.env = env;
        frame.returned = returned;
    }

    /// Evaluates arguments; what is spread out is spread out.
    pub(super) fn args(&mut self, frame: &mut Frame, args: &'u [Arg]) -> Vec<NamedValue> {
        let mut out = Vec::with_capacity(args.len());
        for arg in args {
            let value = self.expr(frame, &arg.value);
            let spread = matches!(arg.value.kind, ExprKind::Spread(_) | ExprKind::PositionalRest(_));
            push_arg(&mut out, arg.name.clone(), value, spread);
        }
        out
    }

    fn name(&mut self, frame: &mut Frame, name: &Rc<str>, span: Span) -> Value {
        if let Some(value) = frame.env.get(name) {
            return Value::clone(value);
        }
        if let Some(class) = frame.body
            && self.index.fields[class].contains_key(name)
        {
            return self.field(class, name);
        }
        let mut at = Some(frame.function);
        while let Some(id) = at {
            let function = &self.unit.functions[id];
            if let Some(class) = function.class
                && function.receiver.as_ref() == Some(name)
            {
                return Value::one(Kind::Instance(class, Rc::default()));
            }
            let param = function.params.iter().position(|param| param.name == *name);
            // `base = base.rstrip("/")` reads the parameter on its right side.
            let itself = param.is_some() && self.reading.contains(&(id, name.clone()));
            if let Some(sites) = self.index.assigned[id].get(name).cloned()
                && !itself
            {
                let value = self.read(id, name, &sites);
                return if id == frame.function { value } else { value.imported(span) };
            }
            if let Some(found) = self.index.functions.get(&(id, name.clone())) {
                return Value::one(Kind::Function(*found));
            }
            if let Some(index) = param {
                // Not in the environment: read out of order, or from inside.
                let scope = usize::MAX - id;
                let value = self.remembered(scope, name, |evaluator| evaluator.given(id, index));
                return if id == frame.function { value } else { value.imported(span) };
            }
            at = function.parent;
        }
        Value::unknown(name)
    }

    /// Everything that is assigned at some sites, whatever the order.
    pub(super) fn read(&mut self, scope: usize, name: &Rc<str>, sites: &[Site<'u>]) -> Value {
        self.remembered(scope, name, |evaluator| {
            let mut out = Value::default();
            for (function, expr) in sites {
                out = out.join(evaluator.outside(*function, None, expr));
            }
            out
        })
    }

    /// Reads a name or field once. A value that needs itself is empty there;
    /// what depended on such a cut is kept only until the outermost reading
    /// ends, so that a knot of names costs no more than its size.
    fn remembered(&mut self, scope: usize, name: &Rc<str>, read: impl FnOnce(&mut Self) -> Value) -> Value {
        let key = (scope, name.clone());
        if let Some(value) = self.known.get(&key).or_else(|| self.partly_known.get(&key)) {
            return value.clone();
        }
        if !self.reading.insert(key.clone()) {
            self.cuts += 1;
            return Value::default();
        }
        let cuts = self.cuts;
        self.muted += 1;
        let value = read(self);
        self.muted -= 1;
        self.reading.remove(&key);
        let value = if value.is_empty() { Value::unknown(name) } else { value };
        if self.reading.is_empty() {
            self.partly_known.clear();
        }
        if self.cuts == cuts || self.reading.is_empty() {
            self.known.insert(key, value.clone());
        } else {
            self.partly_known.insert(key, value.clone());
        }
        value
    }

    /// Evaluates an expression of a function out of order: names are read as
    /// everything that they are ever assigned.
    /// In the body of a class its other fields are names.
    fn outside(&mut self, function: FunctionId, body: Option<ClassId>, expr: &'u Expr) -> Value {
        let mut frame = Frame::new(function);
        frame.body = body;
        self.expr(&mut frame, expr)
    }

    /// What a constructor's parameter is given in this file, or its default.
    fn given(&mut self, function: FunctionId, index: usize) -> Value {
        let owner = &self.unit.functions[function];
        let param = &owner.params[index];
        let mut out = Value::default();
        if let Some(class) = owner.class
            && owner.constructor
            && param.kind == ParamKind::Plain
        {
            for (scope, args) in self.index.made[class].clone() {
                let by_name = args.iter().find(|arg| arg.name.as_ref() == Some(&param.name));
                let by_place = || args.get(index).filter(|arg| arg.name.is_none());
                let Some(arg) = by_name.or_else(by_place) else {
                    out = out.join(self.default_of(function, index));
                    continue;
                };
                out = out.join(self.outside(scope, None, &arg.value));
            }
        }
        if out.is_empty() { self.default_of(function, index) } else { out }
    }

    /// A parameter that nobody fills: its name, and its default if it has one.
    pub(super) fn default_of(&mut self, function: FunctionId, index: usize) -> Value {
        let unit = self.unit;
        let Some(param) = unit.functions[function].params.get(index) else { return Value::unknown("") };
        let mut out = Value::unknown(&param.name);
        if let Some(default) = &param.default {
            let parent = unit.functions[function].parent.unwrap_or(0);
            let mut frame = Frame::new(parent);
            self.muted += 1;
            let value = self.expr(&mut frame, default);
            self.muted -= 1;
            if value.terms.iter().any(|term| matches!(term.kind, Kind::Text(_) | Kind::Object(_))) {
                out = value.join(out);
            }
        }
        out
    }

    /// A member of an object.
    pub(super) fn member(&mut self, object: &Value, member: &Rc<str>, span: Span) -> Value {
        let mut out = Value::default();
        for term in &object.terms {
            let value = match &term.kind {
                Kind::Param(param) => {
                    let mut param = param.clone();
                    param.members.push(member.clone());
                    param.name = member.clone();
                    Value::one(Kind::Param(param))
                }
                Kind::Object(_) => self.element(&Value { terms: vec![term.clone()] }, Some(member)),
                Kind::Instance(class, fields) => {
                    if let Some((_, value)) = fields.iter().find(|(name, _)| name == member) {
                        value.clone()
                    } else {
                        self.field(*class, member).imported(span)
                    }
                }
                Kind::Function(_) | Kind::Foreign => Value { terms: vec![term.clone()] },
                _ => match self.class_named(&term.kind) {
                    Some(class) => self.field(class, member).imported(span),
                    None => Value::unknown(member),
                },
            };
            out = out.join(value);
        }
        if out.is_empty() { Value::unknown(member) } else { out }
    }

    /// `Settings.BASE`: a name that is a class of this file.
    fn class_named(&self, kind: &Kind) -> Option<ClassId> {
        match kind {
            Kind::Unknown(name) => self.index.classes.get(name).copied(),
            _ => None,
        }
    }

    /// A field or method of a class.
    fn field(&mut self, class: ClassId, member: &Rc<str>) -> Value {
        for class in self.index.chain(class) {
            if let Some(sites) = self.index.fields[class].get(member).cloned() {
                let scope = self.unit.functions.len() + class;
                return self.remembered(scope, member, |evaluator| {
                    sites.iter().fold(Value::default(), |out, (function, expr)| {
                        let method = evaluator.unit.functions[*function].class == Some(class);
                        let body = (!method).then_some(class);
                        out.join(evaluator.outside(*function, body, expr))
                    })
                });
            }
            if let Some(id) = self.index.method(class, member) {
                if self.unit.functions[id].property
                    && let Some(done) = self.summary(id)
                    && !done.returned.is_empty()
                {
                    return done.returned.clone();
                }
                return Value::one(Kind::Function(id));
            }
        }
        Value::unknown(member)
    }

    /// Any element of a list or object. The elements are the arms of a branch
    /// that belongs to the place, so that all parts of one element stay together.
    fn any_element(&self, list: &Value, place: Span) -> Value {
        const PLACES: u32 = 1 << 31;
        let branch = PLACES | (place.start & !PLACES);
        let mut out = Value::default();
        for term in &list.terms {
            let items: Vec<Value> = match &term.kind {
                Kind::List(items) => items.to_vec(),
                Kind::Object(entries) => entries.iter().map(|(_, value)| value.clone()).collect(),
                _ => continue,
            };
            for (arm, item) in items.into_iter().enumerate() {
                out = out.join(item.under(branch, u32::try_from(arm).unwrap_or(u32::MAX)));
            }
        }
        if out.is_empty() { self.element(list, None) } else { out }
    }

    /// An element of an object or list: that of a key, or any.
    pub(super) fn element(&self, object: &Value, key: Option<&str>) -> Value {
        let mut out = Value::default();
        for term in &object.terms {
            match &term.kind {
                Kind::Object(entries) => {
                    let hit = key.and_then(|key| {
                        entries.iter().rev().find(|(entry, _)| matches!(entry, Entry::Key(k) if **k == *key))
                    });
                    match hit {
                        Some((_, value)) => out = out.join(value.clone()),
                        None => {
                            for (entry, value) in entries.iter() {
                                match (entry, key) {
                                    (Entry::Spread, Some(_)) => out = out.join(self.element(value, key)),
                                    (Entry::Key(_), Some(_)) | (Entry::Spread, None) => {}
                                    _ => out = out.join(value.clone()),
                                }
                            }
                        }
                    }
                }
                Kind::List(items) => match key.and_then(|key| key.parse::<usize>().ok()) {
                    Some(index) => {
                        let mut item = items.get(index).cloned().unwrap_or_default();
                        item.terms.iter_mut().for_each(|part| part.when.extend(term.when.iter().copied()));
                        out = out.join(item);
                    }
                    None => out = items.iter().fold(out, |out, item| out.join(item.clone())),
                },
                Kind::Param(param) if key.is_some() => {
                    let mut param = param.clone();
                    param.name = key.unwrap_or_default().into();
                    param.members.push(param.name.clone());
                    out = out.join(Value::one(Kind::Param(param)));
                }
                _ => {}
            }
        }
        if out.is_empty() { Value::unknown(key.unwrap_or_default()) } else { out }
    }

    fn call(&mut self, frame: &mut Frame, span: Span, call: &'u CallExpr) -> Value {
        let callee = self.callee(frame, &call.callee);
        let args = self.args(frame, &call.args);
        if let Some(value) = self.container_call(&callee, &args) {
            return value;
        }
        let own = callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_)));
        let meaning = if own { Meaning::Unknown } else { self.dialect.meaning(&callee, &args) };
        match meaning {
            Meaning::Request(_) => {
                self.record(frame, callee, args, span);
                return Value::unknown("response");
            }
            Meaning::Client(base) => return Value::one(Kind::Client(Rc::new(base))),
            Meaning::Foreign => {
                args.iter().for_each(|(_, value)| self.hush(value));
                return Value::one(Kind::Foreign);
            }
            Meaning::Quiet => {
                args.iter().for_each(|(_, value)| self.hush(value));
                return Value::unknown("");
            }
            Meaning::Unknown => {}
        }
        if let Some(id) = self.function_of(frame, &callee) {
            let (value, reaches_request) = self.invoke(frame, id, &args, span);
            if reaches_request || !value.is_empty() {
                args.iter().for_each(|(_, value)| self.sink(value));
                return if value.is_empty() { Value::unknown("response") } else { value };
            }
        }
        if let Some(class) = callee.path.last().and_then(|name| self.index.classes.get(name)).copied() {
            args.iter().for_each(|(_, value)| self.sink(value));
            return Value::one(Kind::Instance(class, Rc::default()));
        }
        if super::request::builds_url(&callee, &args) {
            // The path counts where a request uses the result, not here.
            let path = args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            self.hush(&path);
            return value::concat(&[Value::unknown(callee.name()), path], span);
        }
        match super::request::generic(&callee, &args) {
            Meaning::Request(_) => self.record(frame, callee, args, span),
            Meaning::Quiet | Meaning::Foreign => args.iter().for_each(|(_, value)| self.hush(value)),
            _ if super::request::passes_through(&callee, &args) => {
                return args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            }
            _ => args.iter().for_each(|(_, value)| self.sink(value)),
        }
        Value::unknown("")
    }

    /// Evaluates what is called, keeping the names it is called by.
    fn callee(&mut self, frame: &mut Frame, expr: &'u Expr) -> Callee {
        let mut path: Vec<Rc<str>> = Vec::new();
        let mut at = expr;
        loop {
            match &at.kind {
                ExprKind::Member(object, name) => {
                    path.push(name.clone());
                    at = object;
                }
                ExprKind::Name(name) => {
                    path.push(name.clone());
                    break;
                }
                ExprKind::Call(call) => match &call.callee.kind {
                    // `requests.Session().get(...)`, `super().get(...)`
                    ExprKind::Member(_, name) | ExprKind::Name(name) => {
                        path.push(format!("{name}()").into());
                        break;
                    }
                    _ => break,
                },
                ExprKind::Text(_) => break,
                _ => break,
            }
        }
        path.reverse();
        match &expr.kind {
            ExprKind::Member(object, member) => {
                let receiver = self.expr(frame, object);
                let known = dotted(expr).and_then(|path| frame.env.get(&*path).cloned());
                let value = match known {
                    Some(value) => Value::clone(&value),
                    None => self.member(&receiver, member, expr.span),
                };
                Callee { path, receiver, value }
            }
            _ => {
                let value = self.expr(frame, expr);
                Callee { path, receiver: Value::default(), value }
            }
        }
    }

    /// Reading methods of dictionaries and lists.
    fn container_call(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let name = callee.path.last()?;
        let held = |term: &Term| matches!(term.kind, Kind::Object(_) | Kind::List(_));
        if !callee.receiver.terms.iter().any(held) {
            return None;
        }
        match &**name {
            "get" | "pop" | "setdefault" => {
                let key = args.first()?.1.literal()?;
                Some(self.element(&callee.receiver, Some(&key)))
            }
            "values" | "copy" => Some(callee.receiver.clone()),
            _ => None,
        }
    }
}

/// Adds an argument to a list, spreading lists and objects that are known.
pub(super) fn push_arg(out: &mut Vec<NamedValue>, name: Option<Rc<str>>, value: Value, spread: bool) {
    if spread || name.as_deref() == Some("**") {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => {
                out.extend(items.iter().map(|item| (None, item.clone())));
                return;
            }
            [Term { kind: Kind::Object(entries), .. }] if name.is_some() => {
                for (entry, value) in entries.iter() {
                    if let Entry::Key(key) = entry {
                        out.push((Some(key.clone()), value.clone()));
                    }
                }
                return;
            }
            _ => {}
        }
        let marker = if name.is_some() { "**" } else { "*" };
        out.push((Some(marker.into()), value));
        return;
    }
    out.push((name, value));
}

/// `a`, `a.b`, `a.b.c` as text.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name.to_string()),
        ExprKind::Member(object, member) => {
            let mut out = dotted(object)?;
            out.push('.');
            out.push_str(member);
            Some(out)
        }
        _ => None,
    }
}

type Env = BTreeMap<Rc<str>, Rc<Value>>;

/// The names after a branch: what all arms agree on stays; else the values of
/// the arms, each under its arm.
fn merge(branch: u32, before: Env, after: Vec<(u32, Env)>) -> Env {
    if after.len() <= 1 {
        return after.into_iter().next().map_or(before, |(_, env)| env);
    }
    let mut changed: BTreeSet<Rc<str>> = BTreeSet::new();
    for (_, env) in &after {
        for (name, value) in env {
            if !before.get(name).is_some_and(|known| Rc::ptr_eq(known, value)) {
                changed.insert(name.clone());
            }
        }
    }
    let mut out = before;
    for name in changed {
        let mut joined = Value::default();
        for (arm, env) in &after {
            if let Some(value) = env.get(&name) {
                joined = joined.join(Value::clone(value).under(branch, *arm));
            }
        }
        out.insert(name, Rc::new(joined));
    }
    out
}
