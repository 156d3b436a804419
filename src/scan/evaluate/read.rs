//! Reading names, fields and elements, without regard to the order of
//! statements: everything that a file ever assigns to them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::filling::Filling;
use super::index::Site;
use super::invoke::MAX_WRAPPERS;
use super::knots::{Knot, Settled};
use super::loops::EACH;
use super::scope::Symbol;
use super::url_makers;
use super::{Env, Evaluator, Frame, MAX_REQUESTS, Member, Varying};
use crate::scan::fields::answer;
use crate::scan::form::*;
use crate::scan::naming::Naming;
use crate::scan::objects::captured::is_captured;
use crate::scan::objects::elements::{self, Rows};
use crate::scan::requests::builder;
use crate::scan::requests::generic;
use crate::scan::requests::request::{NamedValue, Request};
use crate::scan::value::url_parts;
use crate::scan::value::{self, Entry, Kind, ParamRef, Piece, RECEIVER, Term, Value};
use crate::scan::wording;

/// Fields of objects that are followed to one another.
const MAX_SEEING: usize = 8;

/// The branches of which every object that is made is an arm; those of the code are counted from
/// zero.
const MADE: u32 = 1 << 30;

impl<'u> Evaluator<'u> {
    pub(crate) fn name(&mut self, frame: &mut Frame, name: &Arc<str>, span: Span) -> Value {
        let is_local = frame.env.contains_key(name);
        let value = self.meant(frame, name, span);
        // In these languages every way to change an object has its form.
        let followed = !matches!(self.dialect.naming(), Naming::Files);
        let slash = |piece: &Piece| matches!(piece, Piece::Literal { text, .. } if text.contains(['/', '=']));
        let url = |term: &Term| matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(slash));
        if is_local && followed && value.terms.iter().any(url) {
            let changed = self.escapes.may_change(frame.function, name);
            return if changed { value.changed() } else { value };
        }
        if !value.terms.iter().any(Term::may_change) {
            return value;
        }
        match is_local && followed && !self.escapes.is_loose(frame.function, name) {
            true => value,
            false => value.opened(),
        }
    }

    /// What a name means.
    fn meant(&mut self, frame: &mut Frame, name: &Arc<str>, span: Span) -> Value {
        if let Some(value) = frame.env.get(name) {
            let around = frame.around.as_ref().and_then(|around| around.get(name));
            return match around.is_some_and(|known| Arc::ptr_eq(known, value)) {
                true => Value::clone(value).imported(span),
                false => Value::clone(value),
            };
        }
        if let Some(class) = frame.body {
            // In a script the fields of a class are no names in its body.
            let script = self.dialect.naming() == Naming::JavaScript;
            let own = self.unit.functions[frame.function].receiver.is_none();
            if script && own && **name == *"this" {
                return Value::one(Kind::This(class));
            }
            if !script && self.index.fields[class].contains_key(name) {
                return self.field(class, name);
            }
        }
        let mut at = Some(frame.function);
        while let Some(id) = at {
            let function = &self.unit.functions[id];
            if let Some(class) = function.class
                && function.receiver.as_ref() == Some(name)
            {
                return match id == frame.function {
                    true if self.is_of_given(id) => self.text_object(name),
                    true => Value::one(Kind::This(frame.this.unwrap_or(class))),
                    false => Value::one(Kind::Instance(class, Arc::default())),
                };
            }
            let param = function.params.iter().position(|param| param.name == *name);
            // `base = base.rstrip("/")` reads the parameter on its right side.
            let itself =
                param.is_some() && matches!(self.known.get(&(id, name.clone())), Some(Settled::Running(_)));
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
        let known = self.global(frame, name, span);
        let known = known.or_else(|| self.inherited(frame, name, span));
        let known = known.or_else(|| self.of_opened(frame, name, span));
        known.unwrap_or_else(|| Value::unknown(name))
    }

    /// The class whose members a function names without saying whose they are.
    pub(super) fn home(&self, frame: &Frame) -> Option<ClassId> {
        let mut functions = std::iter::successors(Some(frame.function), |id| self.unit.functions[*id].parent);
        frame.this.or_else(|| functions.find_map(|id| self.unit.functions[id].class))
    }

    /// A member or a class that stands in a class above: `PROJECTS` of the interface that
    /// the base class implements, its property `Prefix`, its method `Fetch`.
    fn inherited(&mut self, frame: &Frame, name: &Arc<str>, span: Span) -> Option<Value> {
        if self.dialect.naming() != Naming::Classes {
            return None;
        }
        let home = self.home(frame)?;
        let above = self.index.chain(home);
        if above.iter().any(|class| self.index.fields[*class].contains_key(name)) {
            return Some(self.field(home, name).imported(span));
        }
        if self.index.method(home, name).is_some_and(|id| !self.unit.functions[id].constructor) {
            return Some(self.member(&Value::one(Kind::This(home)), name, span));
        }
        self.index.nested(&above, name).map(|class| Value::one(Kind::Class(class)))
    }

    /// The object whose method a bare name means.
    pub(super) fn own_object(&self, frame: &Frame, expr: &Expr, value: &Value) -> Value {
        let ([Term { kind: Kind::Function(id), .. }], ExprKind::Name(_)) =
            (value.terms.as_slice(), &expr.kind)
        else {
            return Value::default();
        };
        let class = self.unit.functions[*id].class.filter(|_| self.dialect.naming() == Naming::Classes);
        let home =
            class.and_then(|class| self.home(frame).filter(|home| self.index.chain(*home).contains(&class)));
        home.map_or_else(Value::default, |home| Value::one(Kind::This(home)))
    }

    /// Everything that is assigned at some sites, whatever the order.
    pub(super) fn read(&mut self, scope: usize, name: &Arc<str>, sites: &[Site<'u>]) -> Value {
        self.remembered(scope, name, |evaluator| {
            let mut out = Value::default();
            for (function, expr) in sites {
                out = out.join(evaluator.outside(*function, None, expr));
            }
            evaluator.with_members(scope, name, out)
        })
    }

    /// The objects that a name stands for, with what is given to their members where
    /// they are made: `const api = {}; api.list = function () {...}`.
    fn with_members(&mut self, scope: usize, name: &Arc<str>, whole: Value) -> Value {
        let object = |term: &Term| matches!(term.kind, Kind::Object(_));
        let scripts = matches!(self.dialect.naming(), Naming::JavaScript);
        if !scripts || !whole.terms.iter().any(object) || builder::is_builder(&whole) {
            return whole;
        }
        let Some(members) = self.index.members.get(&(scope, name.clone())).cloned() else { return whole };
        let mut whole = whole;
        for (member, (function, expr)) in members.into_iter().take(value::MAX_HELD) {
            let held = self.outside(function, None, expr).no_more_than(value::MAX_HELD);
            whole = whole.with(&Entry::Key(Key::from(member)), &held);
        }
        whole
    }

    /// Reads a name or field once. A value that needs itself is empty there.
    pub(crate) fn remembered(
        &mut self,
        scope: usize,
        name: &Arc<str>,
        read: impl FnOnce(&mut Self) -> Value,
    ) -> Value {
        let key = (scope, name.clone());
        match self.known.get(&key) {
            Some(Settled::Known(value)) => return value.clone(),
            Some(Settled::Partly(value, number)) => {
                self.knots.meet(*number);
                return value.clone();
            }
            Some(Settled::Running(number)) => {
                self.knots.meet(*number);
                return Value::default();
            }
            Some(Settled::Again(_)) | None => {}
        }
        let number = self.knots.enter();
        self.known.insert(key.clone(), Settled::Running(number));
        self.muted += 1;
        let value = read(self);
        self.muted -= 1;
        let value = if value.is_empty() { Value::unknown(name) } else { value.called(name) };
        let settled = match self.leave(number, Knot::Name(key.clone())) {
            true => Settled::Known(value.clone()),
            false => Settled::Partly(value.clone(), number),
        };
        self.known.insert(key, settled);
        value
    }

    /// Evaluates an expression of a function out of order: names are read as
    /// everything that they are ever assigned. In the body of a class its other
    /// fields are names.
    pub(crate) fn outside(&mut self, function: FunctionId, body: Option<ClassId>, expr: &'u Expr) -> Value {
        let mut frame = Frame::new(function);
        frame.body = body;
        self.expr(&mut frame, expr)
    }

    /// As [`Self::outside`]; nothing that happens there is collected.
    pub(crate) fn outside_muted(&mut self, function: FunctionId, expr: &'u Expr) -> Value {
        self.muted += 1;
        let value = self.outside(function, None, expr);
        self.muted -= 1;
        value
    }

    /// What a constructor's parameter is given in this file, or its default.
    pub(crate) fn given(&mut self, function: FunctionId, index: usize) -> Value {
        let owner = &self.unit.functions[function];
        let param = &owner.params[index];
        let mut out = Value::default();
        if let Some(class) = owner.class
            && owner.constructor
            && param.kind == ParamKind::Plain
        {
            // Classes that build upon this one are made with its constructor.
            let made: Vec<_> = self
                .index
                .below(class)
                .into_iter()
                .flat_map(|below| {
                    let made = self.index.made[below].iter();
                    let takes = |args: &[Arg]| {
                        let constructor = self.index.constructor(below);
                        constructor.map(|id| self.of_count(id, args.len())) == Some(function)
                    };
                    made.filter(move |(_, args)| takes(args)).copied().collect::<Vec<_>>()
                })
                .chain(self.index.built.get(&function).into_iter().flatten().copied())
                .collect();
            // What one object is made with belongs together: its path and its method.
            let named = |test: fn(&str) -> bool| owner.params.iter().any(|param| test(&param.name));
            let together = named(wording::names_path) && named(wording::names_verb);
            for (site, (scope, args)) in made.into_iter().enumerate() {
                let by_name = args.iter().find(|arg| arg.name.as_ref() == Some(&param.name));
                let by_place = || args.get(index).filter(|arg| arg.name.is_none());
                let Some(arg) = by_name.or_else(by_place) else {
                    out = out.join(self.default_of(function, index));
                    continue;
                };
                let value = self.outside(scope, None, &arg.value);
                // A field of the object that makes this one is not of this one.
                let maker = self.unit.functions[scope].class.filter(|_| value.depends());
                let mut value = match maker {
                    Some(maker) => {
                        let object = Value::one(Kind::Instance(maker, Arc::default()));
                        self.seen_on(value, (maker, param.name.clone()), &object, arg.value.span)
                    }
                    None => value,
                };
                // An object that makes another one and hands itself over is no object of its class.
                for term in &mut value.terms {
                    if let Kind::This(class) = term.kind {
                        term.kind = Kind::Instance(class, Arc::default());
                    }
                }
                if together {
                    value = value.under(MADE | function as u32, site as u32);
                }
                out = out.join(value);
            }
        }
        if out.is_empty() && !owner.constructor && param.kind == ParamKind::Plain {
            // What makes an object, or sets one up: `New(url)`, `client.SetBase(url)`.
            let callers = self.index.callers(function).iter().chain(self.index.callers_elsewhere(function));
            for (scope, call) in callers.copied().collect::<Vec<_>>() {
                let by_name = call.args.iter().find(|arg| arg.name.as_ref() == Some(&param.name));
                let by_place = || call.args.get(index).filter(|arg| arg.name.is_none());
                if let Some(arg) = by_name.or_else(by_place) {
                    out = out.join(self.outside_muted(scope, &arg.value));
                }
            }
            let known = |term: &Term| !matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_));
            out.terms.retain(known);
        }
        let out = if out.is_empty() { self.default_of(function, index) } else { out };
        let handed = self.of_declared(function, index, &out);
        handed.or_else(|| self.bean_given(function, index, &out)).unwrap_or(out)
    }

    /// A parameter that nobody fills: its name, and its default if it has one.
    pub(super) fn default_of(&mut self, function: FunctionId, index: usize) -> Value {
        let unit = self.unit;
        let Some(param) = unit.functions[function].params.get(index) else { return Value::unknown("") };
        // Any of what its maker is given.
        if is_captured(param)
            && let (Some(maker), Some(default)) = (unit.functions[function].parent, &param.default)
        {
            return self.outside_muted(maker, default);
        }
        let mut out = Value::unknown(&param.name);
        if let Some(default) = &param.default {
            let top = self.program.files[self.program.owners[function]].root;
            let parent = unit.functions[function].parent.unwrap_or(top);
            let mut frame = Frame::new(parent);
            // Constants of the class are names where a method is defined.
            frame.body = unit.functions[function].class;
            self.muted += 1;
            let value = self.expr(&mut frame, default);
            self.muted -= 1;
            if value
                .terms
                .iter()
                .any(|term| matches!(term.kind, Kind::Text(_) | Kind::Object(_) | Kind::Function(_)))
            {
                out = value.join(out);
            }
        }
        out
    }

    /// `Module::Class`: a class that stands in a module of that name, where nothing
    /// is known of the module here.
    pub(super) fn class_in_module(&self, frame: &Frame, module: &Expr, name: &Arc<str>) -> Option<Value> {
        let (ExprKind::Name(module) | ExprKind::Member(_, module)) = &module.kind else { return None };
        match self.index.symbol(self.file_of(frame), name)? {
            Symbol::Class(class) => {
                let home = self.program.class_owners[class];
                let beside = self.index.classes.contains_key(&(home, module.clone()));
                beside.then(|| Value::one(Kind::Class(class)))
            }
            _ => None,
        }
    }

    /// A member of an object.
    pub(super) fn member(&mut self, object: &Value, member: &Arc<str>, span: Span) -> Value {
        if &**member == EACH {
            return self.any_element(object, span);
        }
        if let Some(value) = self.answered_by(object, member, span) {
            return value;
        }
        if let Some(part) = url_parts::meant(member) {
            return url_parts::part(object, part);
        }
        if matches!(&**member, CLASS_NAME | CLASS_WORD) {
            return self.class_name(object, member, span);
        }
        let mut out = Value::default();
        for term in &object.terms {
            let value = match &term.kind {
                Kind::Function(id) if &**member == url_makers::CALLED => self.url_given_by(*id, span),
                // Ruby: what a request asks its own host for is still of that URL.
                Kind::Text(_) | Kind::Param(_)
                    if self.dialect.calls_by_name() && url_parts::is_target(term, member) =>
                {
                    Value { terms: vec![term.clone()] }
                }
                Kind::Param(param) => Value::one(Kind::Param(param.member(member.clone()))),
                // C#, PowerShell: of a dictionary, and of an entry of one.
                Kind::Object(_)
                    if &**member == "Keys"
                        && let Some(keys) = Rows::keys(&Value { terms: vec![term.clone()] }) =>
                {
                    keys
                }
                kind if let Some(part) = Rows::part(kind, member) => part.within(term),
                // Ruby: a call without arguments.
                Kind::Object(_) if &**member == "to_json" => Value { terms: vec![term.clone()] },
                Kind::Object(entries) => {
                    let object = Value { terms: vec![term.clone()] };
                    if let Some(value) = elements::of_copied(&object, member) {
                        let length = u32::try_from(member.len()).unwrap_or(u32::MAX);
                        let start = span.end.saturating_sub(length).max(span.start);
                        self.note_read(&value, Span { start, end: span.end });
                    }
                    let own = self.element(&object, Some(member));
                    self.of_spread_module(entries, own, member, span)
                }
                // `method, path = endpoint`, where a caller gives the pair.
                Kind::List(_) if member.parse::<usize>().is_ok() => {
                    self.element(&Value { terms: vec![term.clone()] }, Some(member))
                }
                // `this.constructor.BASE`
                Kind::This(class) | Kind::Instance(class, _)
                    if &**member == "constructor" && matches!(self.dialect.naming(), Naming::JavaScript) =>
                {
                    Value::one(Kind::Class(*class))
                }
                Kind::This(class) if self.varies(*class, member) => Value::one(Kind::Param(ParamRef {
                    index: RECEIVER,
                    members: vec![member.clone()],
                    name: member.clone(),
                    lent: false,
                })),
                Kind::This(class) if let Some(client) = self.own_client(*class, member) => client,
                Kind::This(class) => self.field(*class, member).imported_with_fields(span),
                Kind::Instance(class, fields) => {
                    if let Some(value) = value::own_field(fields, member) {
                        value.clone().within(term)
                    } else if let Some(id) = self.index.method(*class, member)
                        && self.unit.functions[id].property
                        && let Some(value) = self.read_by(id, fields)
                    {
                        value
                    } else {
                        let object = Value { terms: vec![term.clone()] };
                        let handed = self.as_made(*class, member);
                        let value = handed.unwrap_or_else(|| self.field(*class, member));
                        match self.seen_on(value, (*class, member.clone()), &object, span) {
                            // What a client class of a library gives.
                            value
                                if matches!(
                                    value.terms.as_slice(),
                                    [Term { kind: Kind::Unknown(_), .. }]
                                ) && wording::method_named(member).is_some() =>
                            {
                                Value::one(Kind::Bound(Arc::new(object), member.clone()))
                            }
                            value => value,
                        }
                    }
                }
                Kind::Foreign if wording::holds_settings(member) => Value::unknown(member),
                Kind::Function(_) | Kind::Foreign => Value { terms: vec![term.clone()] },
                // `Client.prototype.request`
                Kind::Class(_) if &**member == "prototype" => Value { terms: vec![term.clone()] },
                Kind::Class(class) => match self.index.method(*class, &format!("{OF_CLASS}{member}")) {
                    Some(id) => Value::one(Kind::Function(id)),
                    // `Urls.Pools` of a class in a class.
                    None if self.is_nested_class(*class, member) => {
                        let inner = self.index.nested(&[*class], member);
                        inner.map_or_else(|| Value::unknown(member), |inner| Value::one(Kind::Class(inner)))
                    }
                    // What another file's constants hold stands where it is asked for.
                    None if self.program.class_owners[*class] != self.program.file_at(span.start) => {
                        let value = self.field(*class, member);
                        self.kept_constant(*class, value, span).imported_with_fields(span)
                    }
                    None => {
                        let value = self.field(*class, member);
                        self.kept_constant(*class, value, span).imported(span)
                    }
                },
                Kind::Module(files) => self.module_member(&files.clone(), member, span),
                Kind::Text(_)
                    if matches!(self.dialect.naming(), Naming::JavaScript)
                        && let Some(part) =
                            url_parts::script_part(&Value { terms: vec![term.clone()] }, member) =>
                {
                    part
                }
                // A constant is its own variant.
                Kind::Text(_) | Kind::Unknown(_) if &**member == VARIANT => {
                    Value { terms: vec![term.clone()] }
                }
                // `Verb.POST.value` of an enumeration
                Kind::Text(_)
                    if matches!(
                        &**member,
                        "value"
                            | "Value"
                            | "name"
                            | "Uri"
                            | "AbsoluteUri"
                            | "OriginalString"
                            | "url"
                            | "href"
                    ) =>
                {
                    Value { terms: vec![term.clone()] }
                }
                Kind::Client(base) if builder::names_base(member) && !base.is_empty() => Value::clone(base),
                Kind::Client(_) if wording::method_named(member).is_some() => {
                    let object = Value { terms: vec![term.clone()] };
                    Value::one(Kind::Bound(Arc::new(object), member.clone()))
                }
                Kind::Answer(answer) => {
                    let value = self.answer_member(&answer.clone(), member);
                    // What gives the same place again reads nothing there: `runs.reverse`.
                    let same = |value: &Value| answer::answers(value).any(|other| other.at == answer.at);
                    if let Some(value) = value.as_ref().filter(|value| !same(value)) {
                        let length = u32::try_from(member.len()).unwrap_or(u32::MAX);
                        let start = span.end.saturating_sub(length).max(span.start);
                        self.note_read(value, Span { start, end: span.end });
                    }
                    value.unwrap_or_else(|| Value::unknown(member)).within(term)
                }
                // `HttpMethod.POST.value`
                Kind::Unknown(name)
                    if matches!(&**member, "value" | "name") && wording::method_constant(name).is_some() =>
                {
                    Value { terms: vec![term.clone()] }
                }
                // `axios.post`, not called yet.
                Kind::Unknown(name) if !name.is_empty() && wording::is_verb(member) => {
                    let object = Value { terms: vec![term.clone()] };
                    Value::one(Kind::Bound(Arc::new(object), member.clone()))
                }
                _ => Value::unknown(member),
            };
            out = out.join(value);
        }
        if out.is_empty() { Value::unknown(member) } else { out }
    }

    /// A field or method of a class.
    pub(crate) fn field(&mut self, class: ClassId, member: &Arc<str>) -> Value {
        let value = self.field_given(class, member);
        // What it is declared as says more than a name; where that may be an interface, it is
        // asked when a method of it is called.
        if value.terms.iter().all(|term| matches!(term.kind, Kind::Unknown(_)))
            && let Some(kind) = self.index.declared(class, member)
            && (self.dialect.naming() != Naming::Classes || self.only_holds(kind))
        {
            return Value::one(Kind::Instance(kind, Arc::default()));
        }
        self.bean_of_field(class, member, &value).unwrap_or(value)
    }

    /// Whether a class only holds values: nothing can stand for it.
    pub(crate) fn only_holds(&self, class: ClassId) -> bool {
        let plain = |id: &FunctionId| {
            let function = &self.unit.functions[*id];
            function.constructor || function.property || function.name.is_none()
        };
        !self.index.fields[class].is_empty() && self.unit.classes[class].methods.iter().all(plain)
    }

    fn field_given(&mut self, class: ClassId, member: &Arc<str>) -> Value {
        let whole = class;
        for class in self.index.chain(class) {
            if let Some(sites) = self.index.fields[class].get(member).cloned() {
                if class != whole && self.index.asks_its_name(class) {
                    return self.field_by_name(whole, member, &sites);
                }
                let scope = self.unit.functions.len() + class;
                return self.remembered(scope, member, |evaluator| evaluator.of_sites(class, member, &sites));
            }
            if let Some(id) = self.index.method(class, member) {
                if self.unit.functions[id].property {
                    let this = self.index.is_sensitive(id, whole).then_some(whole);
                    if let Some(done) = self.summary(id, this) {
                        let given = self.of_given(id, done.returned.clone());
                        if !given.is_empty() {
                            return given;
                        }
                    }
                }
                return Value::one(Kind::Function(id));
            }
        }
        self.address_below(whole, member).unwrap_or_else(|| Value::unknown(member))
    }

    /// Whether what a field holds depends on how the object was made: several
    /// texts are given to it where objects are made, or it is named like a path and
    /// not all that it is given are known texts.
    pub(super) fn varies(&mut self, class: ClassId, member: &Arc<str>) -> bool {
        if self.constants_hold(class, member) {
            return true;
        }
        let key = (class, member.clone());
        if let Some(known) = self.varying.get(&key) {
            return *known;
        }
        if self.is_of_constant(class, member) || self.is_told(class, member) {
            return true;
        }
        // Of what a variant holds, nothing is the same for all.
        if self.has_variants(class) {
            let fields = |class: &ClassId| self.index.fields[*class].contains_key(member);
            return self.index.chain(class).iter().any(fields);
        }
        // A reading that meets itself ends there.
        if self.weighing.contains(&key) {
            self.weighed += 1;
            return false;
        }
        self.weighing.push(key.clone());
        let (cuts, weighed) = (self.knots.cuts, self.weighed);
        let made = self.index.chain(class).into_iter().any(|class| {
            let sites = self.index.fields[class].get(member).map(Vec::as_slice).unwrap_or_default();
            // One text or another is the class's own matter, but for the verb that each
            // of those who make one gives it, and the path beside it.
            let texts = sites.iter().all(|(_, value)| matches!(value.kind, ExprKind::Text(_)));
            (!texts || self.belongs_to_request(class, member, sites))
                && sites.iter().any(|(function, _)| {
                    let function = &self.unit.functions[*function];
                    function.constructor || function.class != Some(class)
                })
                && !self.unit.classes[class].fields.iter().any(|(name, ..)| name == member)
        });
        let named = wording::names_path(member) || wording::names_verb(member);
        let varies = (made || named) && {
            let value = self.field(class, member);
            let listed = |term: &Term| match &term.kind {
                Kind::List(items) => items.iter().flat_map(|item| &item.terms).any(has_text),
                _ => false,
            };
            let count = value.terms.iter().filter(|term| has_text(term) || listed(term)).count();
            let method = value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_)));
            made && count > 1 || named && count < value.terms.len() && !method
        };
        self.weighing.pop();
        let whole = self.weighed == weighed || self.weighing.is_empty();
        if self.knots.cuts == cuts && whole {
            self.varying.insert(key, varies);
        }
        varies
    }

    /// Whether a field is the verb of a request that its maker describes, or the path beside one:
    /// `Request { method: Method::GET, path: "/users" }`.
    fn belongs_to_request(&self, class: ClassId, member: &str, sites: &[(FunctionId, &Expr)]) -> bool {
        let has_verb = || {
            let mut fields = self.index.fields[class].iter();
            fields.any(|(name, sites)| wording::names_verb(name) && self.made_by_others(class, sites))
        };
        self.made_by_others(class, sites)
            && (wording::names_verb(member) || wording::names_path(member) && has_verb())
    }

    /// Whether no method of a class gives a field what it is given.
    fn made_by_others(&self, class: ClassId, sites: &[(FunctionId, &Expr)]) -> bool {
        self.writes_structs()
            && sites.iter().all(|(function, _)| self.unit.functions[*function].class != Some(class))
    }

    /// The fields of a class that differ from object to object, and whether one does
    /// by known texts.
    pub(crate) fn varying_of(&mut self, class: ClassId) -> Varying {
        if let Some(known) = self.varying_of.get(&class) {
            return known.clone();
        }
        let (cuts, weighed) = (self.knots.cuts, self.weighed);
        let names: BTreeSet<Arc<str>> = self
            .index
            .chain(class)
            .into_iter()
            .flat_map(|class| self.index.fields[class].keys().cloned())
            .collect();
        let varying: Vec<Arc<str>> = names.into_iter().filter(|name| self.varies(class, name)).collect();
        let by_texts = varying
            .iter()
            .any(|name| self.field(class, name).terms.iter().filter(|term| has_text(term)).count() > 1);
        let out: Varying = (varying.into(), by_texts);
        if self.knots.cuts == cuts && self.weighed == weighed {
            self.varying_of.insert(class, out.clone());
        }
        out
    }

    /// An object as its constructor leaves it: the fields that differ from object to
    /// object, and those that are given a path here. The requests that the
    /// constructor makes are made here.
    pub(crate) fn construct(
        &mut self,
        frame: &mut Frame,
        class: ClassId,
        args: &[NamedValue],
        span: Span,
    ) -> Value {
        const MAX_CONSTRUCTIONS: usize = 4;
        let Some(id) = self.index.constructor(class).map(|id| self.of_count(id, args.len())) else {
            return Value::one(Kind::Instance(class, Arc::default()));
        };
        // `Issue(reply.json())` reads what its constructor does.
        if args.iter().any(|(_, value)| answer::answers(value).next().is_some()) {
            self.follow(id, Some(class), &Filling::new(id, args.to_vec(), span));
        }
        if let Some(fields) = self.only_kept(id, args) {
            let object = Value::one(Kind::Instance(class, Arc::new(fields)));
            self.later(frame, class, &object, span);
            return object;
        }
        let mut fields: Vec<(Key, Value)> = Vec::new();
        let given_path = self.is_given_path(id, args) || self.muted == 0 && self.asks_at_once(id, args);
        let (varying, by_texts) = self.varying_of(class);
        // What only may be a path is no reason to look where none is given.
        let by_texts = by_texts && self.constructions == 0;
        // `new Requestor(server, methodType)`: whoever calls the function that makes it says which.
        let handed_on = |(_, value): &NamedValue| {
            let verb =
                |term: &Term| matches!(&term.kind, Kind::Param(param) if wording::names_verb(&param.name));
            value.terms.iter().any(verb)
        };
        let by_method = self.constructions == 0 && args.iter().any(handed_on);
        if (by_texts || by_method || given_path) && self.constructions < MAX_CONSTRUCTIONS {
            self.constructions += 1;
            let env = self.run_constructor(id, class, args);
            self.constructions -= 1;
            let receiver = self.unit.functions[id].receiver.clone().unwrap_or_default();
            let mut handed = Vec::new();
            args.iter().for_each(|(_, value)| value.receivers(&mut handed));
            for name in varying.iter() {
                let Some(value) = env.get(&*format!("{receiver}.{name}")) else { continue };
                // What the new object itself is not asked for here.
                let mut own = Vec::new();
                value.receivers(&mut own);
                if own.iter().all(|param| handed.contains(param)) {
                    fields.push((name.clone().into(), Value::clone(value).imported(span)));
                }
            }
        }
        let object = Value::one(Kind::Instance(class, Arc::new(fields)));
        // `Pages(self, url)`, of which the caller gives the path
        let handed = |evaluator: &mut Self| {
            evaluator.muted == 0
                && args.iter().any(generic::may_be_url)
                && evaluator.summary(id, None).is_some_and(|done| !done.open.is_empty())
        };
        if given_path && self.muted == 0 || handed(self) {
            self.invoke(frame, id, &object, args, span);
        }
        self.later(frame, class, &object, span);
        object
    }

    /// Whether a constructor makes requests of words that it is given.
    fn asks_at_once(&mut self, id: FunctionId, args: &[NamedValue]) -> bool {
        let word = |value: &Value| value.literal().is_some_and(|text| !text.is_empty());
        args.iter().any(|(_, value)| word(value))
            && self.summary(id, None).is_some_and(|done| !done.open.is_empty())
    }

    /// The fields of an object whose constructor only keeps what it is given.
    pub(crate) fn only_kept(&mut self, id: FunctionId, args: &[NamedValue]) -> Option<Vec<(Key, Value)>> {
        let unit = self.unit;
        let constructor = &unit.functions[id];
        let receiver = constructor.receiver.as_ref()?;
        let mut kept = Vec::new();
        for stmt in &constructor.body {
            let Stmt::Assign { target, value } = stmt else { return None };
            let (ExprKind::Member(object, field), ExprKind::Name(name)) = (&target.kind, &value.kind) else {
                return None;
            };
            let own = matches!(&object.kind, ExprKind::Name(name) if name == receiver);
            let index = constructor.params.iter().position(|param| param.name == *name)?;
            if !own || constructor.params[index].kind != ParamKind::Plain {
                return None;
            }
            kept.push((Key::from(field.clone()), index));
        }
        let filling = Filling::new(id, args.to_vec(), Span::NOWHERE);
        let mut fields = Vec::new();
        for (field, index) in kept {
            let name = constructor.params[index].name.clone();
            let value = self.argument(&ParamRef::new(index, name), &filling);
            // What is not known here may be known from elsewhere.
            let known = |term: &Term| !matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_));
            if value.terms.iter().any(known) {
                fields.push((field, value));
            }
        }
        Some(fields)
    }

    /// The requests that an object is made for: its constructor keeps the path, one
    /// of its methods asks later, and nobody is seen to call that. Only where all
    /// that the object can do is ask for that path, by one method of HTTP.
    pub(super) fn later(&mut self, frame: &mut Frame, class: ClassId, object: &Value, span: Span) {
        let [Term { kind: Kind::Instance(_, fields), .. }] = object.terms.as_slice() else { return };
        // A word in a field that is called like a path is one: `first_url="announcements"`.
        let word = |text: String| !text.is_empty() && !text.contains([' ', '\n']);
        let keeps = |(name, value): &&(Key, Value)| {
            generic::reads_like_path(value) || wording::names_path(name) && value.literal().is_some_and(word)
        };
        let kept: Vec<Arc<str>> = fields.iter().filter(keeps).map(|(name, _)| name.name.clone()).collect();
        // `client.users` only leads to what is asked for.
        let leads =
            self.unit.functions[frame.function].name.as_deref().is_some_and(|name| name.starts_with("__get"));
        if self.muted > 0 || kept.is_empty() || leads {
            return;
        }
        let closed = fields.iter().map(|(name, value)| (name.clone(), value.clone().closed())).collect();
        let closed = Value::one(Kind::Instance(class, Arc::new(closed)));
        let mut found: Vec<(usize, FunctionId)> = Vec::new();
        for id in self.index.methods_of(class) {
            if self.unit.functions[id].constructor {
                continue;
            }
            let this = self.index.is_sensitive(id, class).then_some(class);
            let Some(done) = self.summary(id, this) else { continue };
            found.extend(done.open.iter().map(|open| (*open, id)));
        }
        let mut asked: Vec<(usize, Request)> = Vec::new();
        let mut methods: BTreeSet<Option<String>> = BTreeSet::new();
        for (open, id) in found {
            let known = Arc::clone(&self.requests[open]);
            let mut own = Vec::new();
            known.args.iter().for_each(|(_, value)| value.receivers(&mut own));
            known.callee.receiver.receivers(&mut own);
            let of_kept = |param: &ParamRef| param.members.first().is_some_and(|name| kept.contains(name));
            if !own.iter().any(of_kept) || known.repeats || known.wrappers >= MAX_WRAPPERS {
                continue;
            }
            let mut filling = Filling::new(id, Vec::new(), span);
            filling.receiver = Some(object.clone());
            // Where the callers of a method finish the path, all depends on them.
            let only = Filling { receiver: Some(closed.clone()), receiver_only: true, ..filling.clone() };
            let whole = self.filled(&known, &only);
            let request = self.filled(&known, &filling);
            // The function that makes the request may be chosen by what is kept.
            for (through, whole) in self.handed_through(whole, span) {
                let Some(found) = whole.read(self.dialect) else { continue };
                if found.url.asks_caller() {
                    return;
                }
                methods.extend(found.methods.into_iter().map(|(method, _)| method));
                let all = self.handed_through(request.clone(), span);
                let Some((_, mut request)) = all.into_iter().find(|(other, _)| *other == through) else {
                    continue;
                };
                let open = through.unwrap_or(open);
                request.fills = Some(open);
                request.function = frame.function;
                request.span = span;
                request.wrappers += 1;
                request.later = true;
                asked.push((open, request));
            }
        }
        if methods.len() != 1 || methods.contains(&None) {
            return;
        }
        for (open, request) in asked {
            if self.requests.len() < MAX_REQUESTS && !self.went_through(open, frame.function) {
                self.push(frame, request);
            }
        }
    }

    /// A request that a function of the program makes which was handed over: the
    /// requests of that function, each with its number. Any other is itself.
    fn handed_through(&mut self, request: Request, span: Span) -> Vec<(Option<usize>, Request)> {
        let [Term { kind: Kind::Function(id), .. }] = request.callee.value.terms.as_slice() else {
            return vec![(None, request)];
        };
        let id = *id;
        if self.unit.functions[id].inline {
            return vec![(None, request)];
        }
        let Some(done) = self.summary(id, None) else { return Vec::new() };
        let filling = Filling::new(id, request.args.clone(), span);
        let open = done.open.iter().take(value::MAX_ALTERNATIVES);
        open.map(|open| {
            let known = Arc::clone(&self.requests[*open]);
            let mut inner = self.filled(&known, &filling);
            inner.wrappers = inner.wrappers.max(request.wrappers) + 1;
            (Some(*open), inner)
        })
        .collect()
    }

    /// The names after a constructor has run with these arguments.
    pub(crate) fn run_constructor(&mut self, id: FunctionId, class: ClassId, args: &[NamedValue]) -> Env {
        self.run(id, class, args, Env::new()).0
    }

    /// Runs a function of an object that is being made; `env` has what its fields
    /// are by now. The names afterwards, and what the function gives.
    pub(crate) fn run(
        &mut self,
        id: FunctionId,
        class: ClassId,
        args: &[NamedValue],
        env: Env,
    ) -> (Env, Value) {
        let mut frame = Frame::new(id);
        frame.this = Some(class);
        frame.constructing = true;
        frame.env = env;
        let span = Span::NOWHERE;
        let filling = Filling::new(id, args.to_vec(), span);
        for (index, param) in self.unit.functions[id].params.iter().enumerate() {
            let value = match param.kind {
                ParamKind::Rest => {
                    let rest = filling.rest(index).into_iter().map(|(_, value)| value).collect();
                    Value::one(Kind::List(Arc::new(rest)))
                }
                ParamKind::Plain | ParamKind::Named => {
                    let param = ParamRef::new(index, param.name.clone());
                    self.argument(&param, &filling)
                }
            };
            frame.env.insert(param.name.clone(), Arc::new(value));
        }
        let unit = self.unit;
        self.muted += 1;
        self.block(&mut frame, &unit.functions[id].body);
        self.muted -= 1;
        (frame.env, frame.returned)
    }

    /// Runs a function that a constructor calls on the object that it makes: the
    /// fields that it gives a value are those of the object.
    pub(super) fn construct_on(&mut self, frame: &mut Frame, id: FunctionId, args: &[NamedValue]) -> Value {
        const MAX_CONSTRUCTIONS: usize = 8;
        if self.constructions >= MAX_CONSTRUCTIONS {
            return Value::default();
        }
        let unit = self.unit;
        let (from, to) = (&unit.functions[frame.function].receiver, &unit.functions[id].receiver);
        let (outer, inner) = (from.clone().unwrap_or_default(), to.clone().unwrap_or_default());
        let field = |name: &str, receiver: &str| -> Option<Arc<str>> {
            name.strip_prefix(receiver)?.strip_prefix('.').map(Arc::from)
        };
        let known = frame.env.iter().filter_map(|(name, value)| {
            Some((format!("{inner}.{}", field(name, &outer)?).into(), value.clone()))
        });
        let known: Env = known.collect();
        let Some(class) = frame.this.or(unit.functions[frame.function].class) else {
            return Value::default();
        };
        self.constructions += 1;
        let (env, returned) = self.run(id, class, args, known);
        self.constructions -= 1;
        for (name, value) in env {
            if let Some(field) = field(&name, &inner) {
                frame.env.insert(format!("{outer}.{field}").into(), value);
            }
        }
        returned
    }

    /// A value that belongs to an object, seen from where the object is used. A
    /// field that another one falls back on may fall back on it in turn.
    pub(crate) fn seen_on(&mut self, value: Value, member: Member, object: &Value, span: Span) -> Value {
        if !value.depends() {
            return value.imported_with_fields(span);
        }
        if self.seeing.len() >= MAX_SEEING || self.seeing.contains(&member) || !self.enter() {
            return Value::unknown(&member.1);
        }
        let mut filling = Filling::new(0, Vec::new(), span);
        filling.receiver = Some(object.clone());
        self.seeing.push(member);
        let value = self.fill(&value, &filling);
        self.seeing.pop();
        self.depth -= 1;
        value
    }
}

/// Whether an alternative is a text that is known, at least in part, or a method of HTTP.
fn has_text(term: &Term) -> bool {
    match &term.kind {
        Kind::Unknown(name) => name.len() > 2 && wording::method_constant(name).is_some(),
        Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Literal { .. })),
        _ => false,
    }
}
