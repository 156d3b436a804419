//! The evaluator: runs a file's common form over symbolic values and collects
//! the requests it makes.
//!
//! Inside a function the order of statements counts, and both arms of a branch
//! are followed. Names of surrounding scopes and fields of objects are read
//! without regard to order: everything ever assigned to them. A function is
//! evaluated with its parameters left open, once unless it is part of a knot
//! (`knots.rs`); each of its calls fills them in (`filling.rs`).
//! Expressions are in `expressions.rs`, calls in `calling.rs` and `invoke.rs`. Knows
//! nothing of any API, and of HTTP only what the language's [`Dialect`] says about a call.

mod batches;
mod calling;
mod carried;
mod chosen_verbs;
pub(super) mod escape;
mod expressions;
pub(super) mod filling;
pub(super) mod guards;
pub(super) mod index;
mod invoke;
mod knots;
mod loops;
mod presumed;
mod read;
mod rounds;
pub(super) mod scope;
mod url_makers;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use self::escape::Escapes;
use self::index::Index;
use self::knots::{Knot, Knots, NameKey, Settled, SummaryKey};
use super::form::*;
use super::link::{FileId, Program};
use super::value::{self, Entry, Kind, ParamRef, Piece, Term, Value};
use crate::scan::fields::answer::Read;
use crate::scan::fields::client_answers::ClientCalls;
use crate::scan::fields::sent::Sent;
use crate::scan::fields::written_into;
use crate::scan::naming::Naming;
use crate::scan::objects::fluent::Told;
use crate::scan::objects::handed_up::Made;
use crate::scan::requests::request::{Dialect, Request};
use crate::scan::requests::routes;
use crate::scan::value::compose;
use crate::scan::value::guard::Guard;
use crate::scan::value::url_parts;

/// Expressions and statements evaluated per searched file before the rest is
/// given up.
const MAX_STEPS: usize = 400_000;
/// The same for a whole program.
const MAX_ALL_STEPS: usize = 20_000_000;
/// Nesting of everything that is evaluated, so that the stack cannot overflow.
const MAX_DEPTH: usize = 250;
/// Requests collected per program.
pub(super) const MAX_REQUESTS: usize = 100_000;
/// Strings kept per program as candidates for paths that reach no call.
const MAX_LOOSE: usize = 50_000;

/// What was found in one file.
pub(crate) struct Evaluation {
    pub requests: Vec<Arc<Request>>,
    /// Fields of answers that are read.
    pub reads: BTreeSet<Read>,
    /// Texts that are stored, returned or handed to something unknown.
    pub loose: Vec<Value>,
    /// Places of the texts that went into messages, routes, mocks.
    pub quiet: BTreeSet<Span>,
    /// Calls of clients, and the fields that they are handed.
    pub clients: ClientCalls,
    pub handed: BTreeMap<usize, Vec<Sent>>,
    /// Files that were not evaluated in full.
    pub gave_up: BTreeSet<FileId>,
}

/// Evaluates the files of a program that are searched, and of the others what
/// these need.
pub(crate) fn evaluate(program: &Program, dialect: &dyn Dialect, clients: ClientCalls) -> Evaluation {
    let unit = &program.unit;
    let searched = program.files.iter().filter(|file| file.searched).count();
    let mut evaluator = Evaluator {
        program,
        unit,
        index: Index::new(program),
        escapes: Escapes::new(program, dialect.naming()),
        dialect,
        summaries: BTreeMap::new(),
        varying: BTreeMap::new(),
        weighing: Vec::new(),
        weighed: 0,
        varying_of: BTreeMap::new(),
        own_builders: BTreeMap::new(),
        told_of: BTreeMap::new(),
        made_of: BTreeMap::new(),
        seeing: Vec::new(),
        said: BTreeMap::new(),
        known: BTreeMap::new(),
        knots: Knots::default(),
        requests: Vec::new(),
        requesting: BTreeSet::new(),
        reads: BTreeSet::new(),
        loose: Vec::new(),
        quiet: BTreeSet::new(),
        steps: 0,
        deep: BTreeSet::new(),
        max_steps: MAX_STEPS.saturating_mul(searched.max(1)).min(MAX_ALL_STEPS),
        depth: 0,
        branches: 0,
        asked: BTreeMap::new(),
        muted: 0,
        handing: 0,
        following: 0,
        followed: 0,
        promises: Vec::new(),
        stepped: None,
        handed_back: Vec::new(),
        gave: BTreeMap::new(),
        constructions: 0,
        clients,
        handed: BTreeMap::new(),
    };
    let mut gave_up = BTreeSet::new();
    for id in 0..unit.functions.len() {
        let file = program.owners[id];
        if !unit.functions[id].inline && program.files[file].searched {
            evaluator.summary(id, None);
            evaluator.summaries_again();
            if evaluator.steps >= evaluator.max_steps || evaluator.requests.len() >= MAX_REQUESTS {
                gave_up.insert(file);
            }
        }
    }
    // What classes inherit, where they change what it means.
    for class in 0..unit.classes.len() {
        let file = program.class_owners[class];
        if program.files[file].searched && evaluator.steps < evaluator.max_steps {
            for id in evaluator.index.inherited(class) {
                evaluator.summary(id, Some(class));
                evaluator.summaries_again();
            }
        }
    }
    // What others read of the answers, and put together of what is sent.
    for id in 0..unit.functions.len() {
        let file = &program.files[program.owners[id]];
        if evaluator.is_short() {
            break;
        }
        if file.reads && !file.searched && !unit.functions[id].inline {
            evaluator.summary(id, None);
            evaluator.summaries_again();
        }
    }
    let deep = evaluator.deep.iter().map(|id| program.owners[*id]);
    gave_up.extend(deep.filter(|file| program.files[*file].searched));
    let Evaluator { requests, reads, loose, quiet, clients, handed, .. } = evaluator;
    Evaluation { gave_up, requests, reads, loose, quiet, clients, handed }
}

pub(super) struct Evaluator<'u> {
    /// Calls of clients, and the fields that they are handed.
    pub(super) clients: ClientCalls,
    pub(super) handed: BTreeMap<usize, Vec<Sent>>,
    pub(crate) program: &'u Program,
    pub(super) unit: &'u Unit,
    pub(super) index: Index<'u>,
    pub(super) escapes: Escapes<'u>,
    pub(super) dialect: &'u dyn Dialect,
    pub(super) summaries: BTreeMap<SummaryKey, Settled<Arc<Done>>>,
    /// Fields whose value depends on how an object was made.
    pub(super) varying: BTreeMap<Member, bool>,
    /// Those that are being looked at, and how often one of them was met again.
    pub(super) weighing: Vec<Member>,
    pub(super) weighed: usize,
    /// The same for all fields of a class, and whether one differs by known texts.
    pub(crate) varying_of: BTreeMap<ClassId, Varying>,
    /// Whether the objects of a class are requests that are told their parts.
    pub(super) own_builders: BTreeMap<ClassId, bool>,
    /// Per class: the fields that objects are told by methods that give them back.
    pub(super) told_of: BTreeMap<ClassId, Told>,
    /// Objects as constructors that hand something up leave them.
    pub(super) made_of: BTreeMap<ClassId, Option<Made>>,
    /// Fields of objects that are being filled in.
    pub(super) seeing: Vec<Member>,
    /// Where classes say what their inherited methods use.
    pub(super) said: BTreeMap<ClassId, Arc<[Span]>>,
    /// Names and fields that are read or were, by scope; `a = a + b` meets itself.
    pub(super) known: BTreeMap<NameKey, Settled<Value>>,
    pub(super) knots: Knots,
    pub(super) requests: Vec<Arc<Request>>,
    /// The functions that make requests.
    pub(super) requesting: BTreeSet<FunctionId>,
    /// Fields of answers that are read.
    pub(super) reads: BTreeSet<Read>,
    pub(super) loose: Vec<Value>,
    pub(super) quiet: BTreeSet<Span>,
    steps: usize,
    max_steps: usize,
    /// Functions that were not evaluated in full, most of all because something in
    /// them is nested too deeply.
    pub(super) deep: BTreeSet<FunctionId>,
    pub(super) depth: usize,
    pub(super) branches: u32,
    /// The branches of what is asked of a parameter, which are the same wherever a function
    /// asks for it.
    pub(crate) asked: BTreeMap<(FunctionId, String), u32>,
    /// Above zero while a value is read out of order: nothing is collected.
    pub(super) muted: usize,
    /// Functions that are run for the answers that they are handed, one in another,
    /// and how many were.
    pub(super) following: usize,
    pub(super) followed: usize,
    /// Functions that are called because they are handed over, one in another.
    pub(super) handing: usize,
    /// The last call that yielded what its object becomes.
    pub(super) stepped: Option<Span>,
    /// What the last function that was called read into its parameters.
    pub(super) handed_back: Vec<(usize, ParamRef)>,
    /// What the promises that are being made are kept with.
    pub(super) promises: Vec<Vec<Value>>,
    /// What closures that make URLs gave where they stand.
    pub(super) gave: BTreeMap<FunctionId, Value>,
    /// Constructors that are being run for the sake of an object.
    pub(super) constructions: usize,
}

/// The fields of a class that differ from object to object, and whether one of them
/// does by texts that are known.
pub(super) type Varying = (Arc<[Arc<str>]>, bool);

/// A field of a class.
pub(super) type Member = (ClassId, Arc<str>);

/// A function evaluated with open parameters.
pub(super) struct Done {
    /// Indices of the function's requests that depend on its parameters.
    pub open: Vec<usize>,
    /// Indices of all its requests.
    pub made: Vec<usize>,
    pub returned: Value,
    /// Requests whose answers are read into parameters.
    pub decodes: Vec<(usize, ParamRef)>,
}

/// The function being evaluated.
pub(super) struct Frame {
    pub(crate) function: FunctionId,
    pub(super) env: BTreeMap<Arc<str>, Arc<Value>>,
    pub(super) returned: Value,
    pub(super) open: Vec<usize>,
    pub(super) made: Vec<usize>,
    /// Requests whose answers are read into parameters.
    pub(super) decodes: Vec<(usize, ParamRef)>,
    /// The requests of an earlier evaluation, which this one says better.
    pub(super) replaces: Vec<usize>,
    /// The class whose body is being read.
    pub(crate) body: Option<ClassId>,
    /// The class of the method's object, where it is not that of the method.
    pub(crate) this: Option<ClassId>,
    /// The constructor is run to see what it gives to an object.
    pub(super) constructing: bool,
    /// The names of the function around the one that is run, which stand elsewhere.
    pub(super) around: Option<Env>,
    /// What callers decide of whether the place that is evaluated is reached.
    pub(super) guards: Vec<Guard>,
    /// Names of which a condition says more: what they were before, and what they are now.
    pub(super) narrowed: Vec<Narrowed>,
    /// Answers under the names that they have where a loop is left, of the loops that run.
    pub(super) left: Vec<Vec<(Arc<str>, Arc<Value>)>>,
}

/// A name, what it was before a condition said more of it, and what it is since.
pub(super) type Narrowed = (Arc<str>, Option<Arc<Value>>, Arc<Value>);

impl Frame {
    pub(crate) fn new(function: FunctionId) -> Self {
        Self {
            function,
            env: BTreeMap::new(),
            returned: Value::default(),
            open: Vec::new(),
            made: Vec::new(),
            decodes: Vec::new(),
            replaces: Vec::new(),
            body: None,
            this: None,
            constructing: false,
            around: None,
            guards: Vec::new(),
            narrowed: Vec::new(),
            left: Vec::new(),
        }
    }
}

impl<'u> Evaluator<'u> {
    /// The summary of a function, evaluated on first need. `None` while it is
    /// being evaluated: recursion adds nothing.
    pub(super) fn summary(&mut self, id: FunctionId, this: Option<ClassId>) -> Option<Arc<Done>> {
        let key = (id, this);
        let mut replaces = Vec::new();
        match self.summaries.get(&key) {
            Some(Settled::Known(done)) => return Some(done.clone()),
            Some(Settled::Partly(done, number)) => {
                self.knots.meet(*number);
                return Some(done.clone());
            }
            Some(Settled::Running(number)) => {
                self.knots.meet(*number);
                return None;
            }
            Some(Settled::Again(done)) => replaces.clone_from(&done.made),
            None => {}
        }
        // Deep below other functions a summary would be cut short; it is made when
        // it is asked for from further up.
        if self.depth > MAX_DEPTH / 2 {
            self.knots.meet(0);
            return None;
        }
        let number = self.knots.enter();
        self.summaries.insert(key, Settled::Running(number));
        self.deep.remove(&id);
        let mut frame = Frame::new(id);
        frame.this = this;
        frame.replaces = replaces;
        for (index, param) in self.unit.functions[id].params.iter().enumerate() {
            let reference = ParamRef::new(index, param.name.clone());
            let kind = match param.kind {
                ParamKind::Rest => Kind::Rest(index),
                _ => Kind::Param(reference),
            };
            frame.env.insert(param.name.clone(), Arc::new(Value::one(kind)));
        }
        let muted = std::mem::take(&mut self.muted);
        let following = std::mem::take(&mut self.following);
        let unit = self.unit;
        self.block(&mut frame, &unit.functions[id].body);
        self.nested(&mut frame);
        self.leave_presumed(&mut frame);
        self.muted = muted;
        self.following = following;
        let done = Arc::new(Done {
            open: frame.open,
            made: frame.made,
            returned: frame.returned,
            decodes: frame.decodes,
        });
        let settled = match self.leave(number, Knot::Function(key)) {
            true => Settled::Known(done.clone()),
            false => Settled::Partly(done.clone(), number),
        };
        self.summaries.insert(key, settled);
        Some(done)
    }

    /// Ends what was entered with a number; true if nothing is missing in what
    /// came out. What had to do without it is then evaluated again on need.
    pub(super) fn leave(&mut self, number: usize, knot: Knot) -> bool {
        let Some(loosened) = self.knots.leave(number, knot) else { return false };
        for (knot, last) in loosened {
            match knot {
                Knot::Function(key) => {
                    if let Some(Settled::Partly(done, _)) = self.summaries.get(&key) {
                        let done = done.clone();
                        let settled = if last { Settled::Known(done) } else { Settled::Again(done) };
                        self.summaries.insert(key, settled);
                    }
                }
                Knot::Name(key) => {
                    if let Some(Settled::Partly(value, _)) = self.known.remove(&key)
                        && last
                    {
                        self.known.insert(key, Settled::Known(value));
                    }
                }
            }
        }
        true
    }

    /// Evaluates the functions again that had to do without another one.
    fn summaries_again(&mut self) {
        while let Some((id, this)) = self.knots.again.pop() {
            self.summary(id, this);
        }
    }

    /// Whether a function is being evaluated, for whatever object.
    pub(crate) fn is_running(&self, id: FunctionId) -> bool {
        let mut summaries = self.summaries.range((id, None)..=(id, Some(ClassId::MAX)));
        summaries.any(|(_, summary)| matches!(summary, Settled::Running(_)))
    }

    /// Runs the functions that a function defines, if they make requests: what
    /// they see of its parameters, its callers give.
    fn nested(&mut self, frame: &mut Frame) {
        if self.unit.functions[frame.function].params.is_empty() {
            return;
        }
        let before = frame.made.len();
        let mut made = Vec::new();
        for inner in self.index.all_inner(frame.function) {
            let Some(done) = self.summary(inner, None) else { continue };
            // A helper that is known by its name alone asks for nothing before it has a path.
            let decorates = matches!(self.dialect.naming(), Naming::Python);
            if !decorates && !self.requesting.contains(&inner) {
                continue;
            }
            frame.around = Some(frame.env.clone());
            self.closure(frame, inner);
            frame.around = None;
            made.push(done);
        }
        // What is asked for with what a caller of this function gives is the caller's.
        let of_callers = |id: &&usize| self.requests[**id].depends();
        let asked: BTreeSet<Span> =
            frame.made[before..].iter().filter(of_callers).map(|id| self.requests[*id].span).collect();
        for id in made.iter().flat_map(|done| &done.made) {
            if asked.contains(&self.requests[*id].span) {
                Arc::make_mut(&mut self.requests[*id]).repeats = true;
            }
        }
    }

    /// Counts a step; false when the limits are reached.
    pub(super) fn enter(&mut self) -> bool {
        self.steps += 1;
        if self.steps > self.max_steps {
            return false;
        }
        if self.depth > MAX_DEPTH {
            self.knots.meet(0);
            return false;
        }
        self.depth += 1;
        true
    }

    /// Whether so much is evaluated already that what is only helpful is left out.
    pub(super) fn is_short(&self) -> bool {
        self.steps > self.max_steps / 2
    }

    /// Runs statements; true if the end is never reached.
    pub(super) fn block(&mut self, frame: &mut Frame, body: &'u [Stmt]) -> bool {
        let guards = frame.guards.len();
        let left = self.statements(frame, body);
        frame.guards.truncate(guards);
        left
    }

    fn statements(&mut self, frame: &mut Frame, body: &'u [Stmt]) -> bool {
        for (at, stmt) in body.iter().enumerate() {
            if !self.enter() {
                self.deep.insert(frame.function);
                return false;
            }
            let left = match stmt {
                Stmt::Loop(inner) => {
                    let list = at.checked_sub(1).and_then(|before| loops::over(&body[before]));
                    self.run_loop(frame, inner, list);
                    false
                }
                _ => self.statement(frame, stmt),
            };
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
                let value = self.expr(frame, expr);
                // `builder.header("a", "b").post(body);`
                if self.stepped == Some(expr.span)
                    && let Some(name) = root(expr)
                    && frame.env.contains_key(&*name)
                {
                    frame.env.insert(name.into(), Arc::new(value));
                }
                false
            }
            Stmt::Assign { target, value } => {
                let value = self.expr(frame, value);
                self.sink_all(&value);
                let value = match &target.kind {
                    ExprKind::Name(name) | ExprKind::Member(_, name) => value.called(name),
                    _ => value,
                };
                self.assign(frame, target, value);
                false
            }
            Stmt::Return(expr) => {
                let value = self.expr(frame, expr);
                self.sink(&value);
                // `if (kind === "own") return "/user";`
                let value = value.guarded(&frame.guards);
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
                    let (guards, narrowed) = (frame.guards.len(), frame.narrowed.len());
                    let left = self.statements(frame, body);
                    frame.widen(narrowed);
                    let guards = frame.guards.split_off(guards);
                    if !left {
                        after.push((arm as u32, std::mem::take(&mut frame.env), guards));
                    }
                }
                let left = after.is_empty() && !arms.is_empty();
                frame.env = merge(branch, before, after);
                left
            }
            Stmt::Loop(body) => {
                self.run_loop(frame, body, None);
                false
            }
            Stmt::Leave => {
                frame.leave_loop();
                true
            }
            Stmt::When { subject, test, holds } => {
                self.guarded(frame, subject, test, *holds);
                self.is_ruled_out(frame, subject, test, *holds)
                    || self.is_not_told(frame, subject, test, *holds)
            }
        }
    }

    fn assign(&mut self, frame: &mut Frame, target: &'u Expr, value: Value) {
        if let Some(path) = dotted(target) {
            // `url.pathname = "/users"`, `uri.path = "/users"`
            if let ExprKind::Member(object, member) = &target.kind
                && match self.dialect.naming() {
                    Naming::JavaScript => &**member == "pathname",
                    Naming::Python => &**member == "path",
                    Naming::Commands => &**member == "Path",
                    _ => &**member == "pathname" || &**member == "path" && self.dialect.calls_by_name(),
                }
                && let Some(name) = dotted(object)
                && let Some(url) = frame.env.get(&*name)
                && url.terms.iter().all(|term| match term.kind {
                    Kind::Text(_) => true,
                    // `const url = new URL(base)`; a parameter itself may be any object.
                    Kind::Param(_) if **member == *"pathname" => {
                        self.unit.functions[frame.function].params.iter().all(|param| *param.name != *name)
                    }
                    // What has a path may be anything else.
                    Kind::Unknown(_) => &**member == "pathname" || self.dialect.calls_by_name(),
                    _ => false,
                })
            {
                let text = url.terms.iter().all(|term| matches!(term.kind, Kind::Text(_) | Kind::Param(_)));
                let origin =
                    if text { url_parts::part(url, url_parts::Part::Origin) } else { Value::clone(url) };
                let url =
                    compose::join_url(&origin, std::slice::from_ref(&value), JoinStyle::Path, target.span);
                frame.env.insert(name.into(), Arc::new(url));
            }
            if let ExprKind::Member(object, member) = &target.kind
                && let Some(object) = dotted(object)
            {
                self.set_query(frame, &object, member, &value);
            }
            // `options.method = "PUT"` changes what is handed on as a whole.
            if let ExprKind::Member(object, member) = &target.kind
                && let Some(path) = dotted(object)
                && let Some(known) = frame.env.get(&*path)
            {
                let key = Key::new(member.clone(), ending(target.span, member));
                let held = value.no_more_than(value::MAX_HELD);
                // Options that a caller gives are handed on with what is set here.
                let options = matches!(self.dialect.naming(), Naming::JavaScript)
                    && matches!(&**member, "method" | "url" | "uri" | "path" | "baseURL" | "baseUrl");
                let known = if options { known.written_out() } else { Value::clone(known) };
                let whole = known.with(&Entry::Key(key.clone()), &held);
                // A field of a struct is written with it, and one that a request is described by is told.
                let classes = whole.classes();
                let classes: Vec<ClassId> = classes
                    .into_iter()
                    .filter(|class| !self.unit.classes[*class].wire.is_empty() || self.is_described(*class))
                    .collect();
                let whole = whole.with_field(&key, &held, |class| classes.contains(&class));
                frame.env.insert(path.into(), Arc::new(whole));
            } else if let ExprKind::Member(object, member) = &target.kind
                && matches!(object.kind, ExprKind::Member(..))
            {
                // `body.spec.name = name`
                let mut keys = vec![Entry::Key(Key::new(member.clone(), ending(target.span, member)))];
                let mut at = &**object;
                while let ExprKind::Member(object, member) = &at.kind {
                    keys.push(Entry::Key(Key::new(member.clone(), ending(at.span, member))));
                    at = object;
                }
                keys.reverse();
                if let ExprKind::Name(name) = &at.kind
                    && let Some(known) = frame.env.get(name)
                    && known.terms.iter().any(|term| matches!(term.kind, Kind::Object(_) | Kind::Param(_)))
                {
                    let whole = known.with_below(&keys, &value.no_more_than(value::MAX_HELD));
                    frame.env.insert(name.clone(), Arc::new(whole));
                }
            }
            written_into::forget(frame, &path);
            frame.env.insert(path.into(), Arc::new(value));
            return;
        }
        if let ExprKind::Index(object, key) = &target.kind {
            let entry = self.entry_of(frame, key, target.span);
            if let Some(path) = dotted(object)
                && let Some(known) = frame.env.get(&*path)
            {
                // `$Request.Uri = $base + $Request.Uri`: the rest is what a caller gives.
                let options = matches!(self.dialect.naming(), Naming::Commands)
                    && matches!(&entry, Entry::Key(key)
                        if ["uri", "method"].iter().any(|word| key.name.eq_ignore_ascii_case(word)));
                let known = if options { known.written_out().made_elsewhere() } else { Value::clone(known) };
                let whole = known.with(&entry, &value.no_more_than(value::MAX_HELD));
                if let Entry::Key(key) = &entry {
                    self.write_into(frame, &path, key, value);
                }
                frame.env.insert(path.into(), Arc::new(whole));
                return;
            }
        }
        // `CACHE[key] = url; return CACHE[key]`
        if let ExprKind::Index(object, key) = &target.kind
            && let Some(slot) = slot(object, key)
        {
            frame.env.insert(slot.into(), Arc::new(value));
            return;
        }
        // `body["spec"]["name"] = name`
        let mut keys = Vec::new();
        let mut at = target;
        loop {
            match &at.kind {
                ExprKind::Index(object, key) => {
                    keys.push(self.entry_of(frame, key, at.span));
                    at = object;
                }
                ExprKind::Member(object, member) => {
                    keys.push(Entry::Key(Key::new(member.clone(), ending(at.span, member))));
                    at = object;
                }
                _ => break,
            }
        }
        keys.reverse();
        if let ExprKind::Name(name) = &at.kind
            && let Some(known) = frame.env.get(name)
        {
            let whole = known.with_below(&keys, &value.no_more_than(value::MAX_HELD));
            frame.env.insert(name.clone(), Arc::new(whole));
        }
    }

    /// The entry that a key in brackets is.
    fn entry_of(&mut self, frame: &mut Frame, key: &'u Expr, whole: Span) -> Entry {
        let written = matches!(key.kind, ExprKind::Text(_)).then_some(key.span);
        let key = self.expr(frame, key).literal();
        key.map_or(Entry::Any, |key| Entry::Key(Key::new(key.into(), written.unwrap_or(whole))))
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
                Kind::Object(entries) => {
                    entries.iter().for_each(|(_, value)| self.sink_all(value));
                    if let Some(route) = routes::route_entry(entries) {
                        self.sink(&route);
                    }
                }
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
}

/// Where the name stands with which a member ends.
fn ending(member: Span, name: &str) -> Span {
    let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
    Span { start: member.end.saturating_sub(length).max(member.start), end: member.end }
}

/// The element of a table under a name, where both are written so: `CACHE[key]`.
pub(super) fn slot(object: &Expr, key: &Expr) -> Option<String> {
    let ExprKind::Name(key) = &key.kind else { return None };
    Some(format!("{}[{key}]", dotted(object)?))
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

/// The name at the front of a chain of calls.
fn root(expr: &Expr) -> Option<String> {
    let mut at = expr;
    while let ExprKind::Call(call) = &at.kind {
        let ExprKind::Member(object, _) = &call.callee.kind else { return None };
        at = object;
    }
    dotted(at)
}

pub(super) type Env = BTreeMap<Arc<str>, Arc<Value>>;

/// The names after a branch: what all arms agree on stays; else the values of
/// the arms, each under its arm.
pub(super) fn merge(branch: u32, before: Env, after: Vec<(u32, Env, Vec<Guard>)>) -> Env {
    if after.len() <= 1 {
        return after.into_iter().next().map_or(before, |(_, env, _)| env);
    }
    let mut changed: BTreeSet<Arc<str>> = BTreeSet::new();
    for (_, env, _) in &after {
        for (name, value) in env {
            if !before.get(name).is_some_and(|known| Arc::ptr_eq(known, value)) {
                changed.insert(name.clone());
            }
        }
    }
    let mut out = before;
    for name in changed {
        let mut joined = Value::default();
        let mut arms = after.iter().filter_map(|(arm, env, guards)| Some((arm, env.get(&name)?, guards)));
        // Who uses what one arm alone knows has been there.
        if !out.contains_key(&name)
            && let (Some((_, value, _)), None) = (arms.next(), arms.next())
        {
            out.insert(name, value.clone());
            continue;
        }
        let of_arm = |(arm, env, guards): &(u32, Env, Vec<Guard>)| {
            Some(Value::clone(env.get(&name)?).under(branch, *arm).guarded(guards))
        };
        let arms: Vec<Value> = after.iter().filter_map(of_arm).collect();
        // Where not all have room no arm takes it from another, and each keeps some of all that
        // it has: what stands side by side differs least.
        let count: usize = arms.iter().map(|value| value.terms.len()).sum();
        if count > value::MAX_ALTERNATIVES {
            let share = (value::MAX_ALTERNATIVES / arms.len()).max(1);
            for value in &arms {
                let step = value.terms.len().div_ceil(share).max(1);
                let terms = value.terms.iter().step_by(step).cloned().collect();
                joined = joined.join(Value { terms });
            }
        }
        joined = arms.into_iter().fold(joined, Value::join);
        out.insert(name, Arc::new(joined));
    }
    out
}
