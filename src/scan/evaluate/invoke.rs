//! Calls of functions of the same file: which function is meant, and what its
//! requests and its result become with the arguments filled in.

use std::sync::Arc;

use super::filling::{Filling, MAX_HANDING};
use super::scope::Symbol;
use super::{Evaluator, Frame, MAX_REQUESTS};
use crate::scan::fields::answer;
use crate::scan::files::modules::without_i;
use crate::scan::form::*;
use crate::scan::link::FileId;
use crate::scan::naming::Naming;
use crate::scan::requests::builder;
use crate::scan::requests::lookups;
use crate::scan::requests::options;
use crate::scan::requests::request::{Callee, NamedValue, Request};
use crate::scan::value::{Answer, Kind, ParamRef, Term, Value};
use crate::scan::wording;

/// Calls through which a request is followed outwards.
pub(super) const MAX_WRAPPERS: usize = 10;

impl<'u> Evaluator<'u> {
    /// Notes a request of the function being evaluated.
    /// What it is answered, if it is noted.
    pub(crate) fn record(
        &mut self,
        frame: &mut Frame,
        callee: Callee,
        args: Vec<NamedValue>,
        span: Span,
    ) -> Option<Value> {
        if self.muted > 0 || self.requests.len() >= MAX_REQUESTS {
            return None;
        }
        let callee = Callee { receiver: callee.receiver.emptied(), ..callee };
        let request = Request {
            function: frame.function,
            callee,
            args,
            span,
            fills: None,
            wrappers: 0,
            later: false,
            repeats: false,
            guards: frame.guards.clone(),
            in_place: None,
            declared: false,
            unasked: false,
        };
        Some(Answer::whole(self.push_asked(frame, request)))
    }

    /// Stores a request as [`Self::push`] does; gives the number that its answer has.
    fn push_asked(&mut self, frame: &mut Frame, request: Request) -> usize {
        let elsewhere = answer::is_asked_elsewhere(&request.args);
        let id = self.push(frame, request);
        if elsewhere { answer::NOBODY } else { id }
    }

    /// Stores a request with its view from here, where nobody has filled the
    /// parameters, and remembers it as open if there are any.
    pub(super) fn push(&mut self, frame: &mut Frame, mut request: Request) -> usize {
        let replaces = |id: &usize| {
            let known = &self.requests[*id];
            known.span == request.span && known.fills == request.fills
        };
        let replaced = frame.replaces.iter().position(replaces).map(|at| frame.replaces.remove(at));
        let file = self.program.owners[frame.function];
        for (_, value) in &mut request.args {
            if value.terms.iter().any(Term::may_change) {
                *value = self.wired(value, file, 0);
            }
        }
        if let Some(class) = frame.this {
            self.tell_at_class(class, &mut request);
        }
        // What is sent is a part of a request that is built step by step.
        if builder::is_builder(&request.callee.receiver) {
            request.callee.receiver = self.wired(&request.callee.receiver, file, 0);
        }
        let id = replaced.unwrap_or(self.requests.len());
        frame.made.push(id);
        self.requesting.insert(request.function);
        if request.depends() {
            frame.open.push(id);
            let class = frame.this.or(self.unit.functions[frame.function].class);
            let receiver = class.map(|class| Value::one(Kind::Instance(class, Arc::default())));
            let empty = Filling {
                function: frame.function,
                args: Vec::new(),
                receiver,
                span: request.span,
                caller: None,
                local: true,
                receiver_only: false,
            };
            let mut in_place = self.filled(&request, &empty);
            if let Some(class) = frame.this {
                self.tell_at_class(class, &mut in_place);
            }
            request.in_place = Some(Box::new(in_place));
        }
        match replaced {
            Some(id) => self.requests[id] = Arc::new(request),
            None => self.requests.push(Arc::new(request)),
        }
        id
    }

    /// The function of this file that a call runs.
    pub(super) fn function_of(
        &self,
        frame: &Frame,
        callee: &Callee,
        args: &[NamedValue],
    ) -> Option<FunctionId> {
        let mut closures = false;
        for term in &callee.value.terms {
            match term.kind {
                // A closure is run where it stands; one that an object was given when it was made
                // runs when a method of that calls it.
                Kind::Function(id) if self.unit.functions[id].inline => {
                    let kept = callee.path.len() >= 2
                        && callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::This(_)))
                        && self.unit.functions[id].parent != Some(frame.function);
                    if kept {
                        return Some(id);
                    }
                    closures = true;
                }
                Kind::Function(id) => {
                    let function = &self.unit.functions[id];
                    // What is only declared is run by the class that has it.
                    return match (function.class, &function.name) {
                        (Some(class), Some(name)) if function.body.is_empty() => {
                            self.index.implemented(class, name).or(Some(id))
                        }
                        _ => Some(id),
                    };
                }
                // An object that is called.
                Kind::Instance(class, _) | Kind::This(class) => {
                    let called = ["__call__", "__invoke", "invoke", "call"];
                    let called = &called[..if self.dialect.calls_by_name() { 4 } else { 3 }];
                    if let Some(id) = called.iter().find_map(|name| self.index.method(class, name)) {
                        return Some(id);
                    }
                }
                _ => {}
            }
        }
        if closures {
            return None;
        }
        let name = callee.path.last()?;
        if callee.path.first().is_some_and(|first| &**first == "super()" || &**first == "super") {
            let class = self.unit.functions[frame.function].class?;
            return self
                .index
                .chain(class)
                .into_iter()
                .skip(1)
                .find_map(|base| self.index.method(base, name));
        }
        // A method of an object that is not known: only if its name says enough.
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_) | Kind::Param(_));
        if callee.path.len() >= 2 && callee.receiver.terms.iter().any(unknown) {
            let file = self.file_of(frame);
            // A function of a package from elsewhere is no method.
            let foreign = &self.program.files[file].foreign;
            if callee.path.len() == 2 && foreign.contains(&callee.path[0]) {
                return None;
            }
            if let Some(found) = self.declared_method(frame, callee) {
                return Some(found);
            }
            let member = |term: &Term| matches!(&term.kind, Kind::Param(param) if !param.members.is_empty());
            let handed = callee.receiver.terms.iter().any(member);
            let found = self.method_by_name(file, callee.owner(), name, handed)?;
            // `connection.Get(url)` in a method Get is no recursion, and in a method beside
            // it no call of that one.
            let class = self.unit.functions[found].class;
            let beside = class.is_some() && class == self.unit.functions[frame.function].class;
            let other = found == frame.function
                || (beside && wording::usual_method(name))
                || class.is_some_and(|class| lookups::reads_entry(callee, args, &self.index.words[class]))
                || !self.takes(found, args);
            return (!other).then_some(found);
        }
        None
    }

    /// Whether a function can be called with so many arguments; scripts leave
    /// some out as they like.
    fn takes(&self, id: FunctionId, args: &[NamedValue]) -> bool {
        let params = &self.unit.functions[id].params;
        let spread = args.iter().any(|(name, _)| matches!(name.as_deref(), Some("*" | "**")));
        if spread || self.dialect.naming() == Naming::JavaScript {
            return true;
        }
        let open = params.iter().any(|param| param.kind != ParamKind::Plain);
        // A closure behind the parentheses may be meant for no parameter.
        let own = |name: &Arc<str>| params.iter().any(|param| param.name == *name);
        // Ruby makes one table of the names that no parameter has.
        let (mut given, mut table) = (0, 0);
        for (name, _) in args.iter().filter(|(name, _)| !matches!(name.as_deref(), Some("&" | "{}"))) {
            match name {
                Some(name) if self.dialect.calls_by_name() && !own(name) => table = 1,
                _ => given += 1,
            }
        }
        given += table;
        let needed = params.iter().filter(|p| p.kind == ParamKind::Plain && p.default.is_none()).count();
        given >= needed && (open || given <= params.len())
    }

    /// What a method gives that only reads a field, for an object whose fields
    /// are known where it is made: a constant of an enumeration.
    pub(super) fn getter(&self, callee: &Callee) -> Option<Value> {
        if self.dialect.naming() == Naming::Classes
            && let Some(value) = self.reader(&callee.receiver, callee.name())
        {
            return Some(value);
        }
        let [Term { kind: Kind::Instance(_, fields), .. }] = callee.receiver.terms.as_slice() else {
            return None;
        };
        let [Term { kind: Kind::Function(id), .. }] = callee.value.terms.as_slice() else { return None };
        self.read_by(*id, fields)
    }

    /// What is read of objects by a method that has the name of the field, as of records.
    fn reader(&self, objects: &Value, name: &str) -> Option<Value> {
        let read = |term: &Term| {
            let Kind::Instance(class, fields) = &term.kind else { return None };
            let id = self.index.method(*class, name)?;
            fields.iter().find(|(field, _)| *field.name == *name)?;
            Some(self.read_by(id, fields)?.within(term))
        };
        let values: Vec<Value> = objects.terms.iter().map(read).collect::<Option<_>>()?;
        (!values.is_empty()).then(|| values.into_iter().fold(Value::default(), |out, value| out.join(value)))
    }

    /// The method that a call means where a field of the same name is beside it, as Java, PHP and Ruby
    /// may have: `path(String part) { this.path += part; return this; }`. One that only reads or keeps the
    /// field says no more than that.
    pub(super) fn beside_field(&self, object: &Value, name: &str) -> Option<Value> {
        if self.dialect.naming() != Naming::Classes {
            return None;
        }
        let method = |term: &Term| {
            let (Kind::This(class) | Kind::Instance(class, _)) = &term.kind else { return None };
            let chain = self.index.chain(*class);
            chain.iter().any(|class| self.index.fields[*class].contains_key(name)).then_some(())?;
            let id = self.index.method(*class, name)?;
            let function = &self.unit.functions[id];
            let keeps = function.body.iter().any(|stmt| match stmt {
                Stmt::Assign { target: Expr { kind: ExprKind::Member(_, field), .. }, .. }
                | Stmt::Return(Expr { kind: ExprKind::Member(_, field), .. }) => **field == *name,
                _ => false,
            });
            let says_more = if self.dialect.calls_by_name() {
                function.params.is_empty() && !keeps
            } else {
                !function.params.is_empty() && !function.property
            };
            says_more.then_some(id)
        };
        let mut found = object.terms.iter().map(method);
        let first = found.next()??;
        found.all(|other| other == Some(first)).then(|| Value::one(Kind::Function(first)))
    }

    /// The field that a method only reads, if it is given.
    pub(super) fn read_by(&self, id: FunctionId, fields: &[(Key, Value)]) -> Option<Value> {
        let function = &self.unit.functions[id];
        let [Stmt::Return(Expr { kind: ExprKind::Member(object, field), .. })] = function.body.as_slice()
        else {
            return None;
        };
        let own = matches!(&object.kind, ExprKind::Name(name) if function.receiver.as_ref() == Some(name));
        let known = fields.iter().find(|(name, _)| name.name == *field).filter(|_| own);
        known.map(|(_, value)| value.clone())
    }

    /// Among methods of one name, the one that takes such arguments; one that does not
    /// call itself, if there are several.
    pub(crate) fn overload(&self, id: FunctionId, args: &[NamedValue]) -> FunctionId {
        let list = |value: &Value| {
            matches!(value.terms.as_slice(), [Term { kind: Kind::Rest(_) | Kind::List(_), .. }])
        };
        let whole = args.last().is_some_and(|(name, value)| name.as_deref() == Some("*") || list(value));
        let fitting = self.overloads(id, args.len(), whole);
        let fresh = fitting.iter().find(|id| !self.is_running(**id));
        fresh.or(fitting.first()).copied().unwrap_or(id)
    }

    /// Among methods of one name, the first that takes so many arguments.
    pub(crate) fn of_count(&self, id: FunctionId, count: usize) -> FunctionId {
        self.overloads(id, count, false).first().copied().unwrap_or(id)
    }

    /// The methods of one name that take so many arguments. What takes any number counts
    /// where no other does, and first where a whole list is handed on.
    fn overloads(&self, id: FunctionId, count: usize, whole: bool) -> Vec<FunctionId> {
        let function = &self.unit.functions[id];
        let methods = function.class.map(|class| self.unit.classes[class].methods.as_slice());
        let named = methods.unwrap_or_default().iter().copied();
        let (mut fixed, mut open) = (Vec::new(), Vec::new());
        for other in named.filter(|other| self.unit.functions[*other].name == function.name) {
            let params = &self.unit.functions[other].params;
            match params.iter().any(|param| param.kind != ParamKind::Plain) {
                true if count + 1 >= params.len() => open.push(other),
                false if params.len() == count => fixed.push(other),
                _ => {}
            }
        }
        match whole {
            true if !open.is_empty() => open,
            _ if fixed.is_empty() => open,
            _ => fixed,
        }
    }

    /// The method that a call runs by what its object is declared to be, where nothing else
    /// is known of that.
    pub(super) fn declared_method(&self, frame: &Frame, callee: &Callee) -> Option<FunctionId> {
        let unknown = |term: &Term| matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_) | Kind::Param(_));
        if callee.path.len() < 2 || !callee.receiver.terms.iter().all(unknown) {
            return None;
        }
        let class = self.declared_class(frame, callee)?;
        self.index.implemented(class, callee.name())
    }

    /// The class that the object of a call is declared to be of.
    fn declared_class(&self, frame: &Frame, callee: &Callee) -> Option<ClassId> {
        let (_, owners) = callee.path.split_last()?;
        let (first, rest) = owners.split_first()?;
        let file = self.file_of(frame);
        let unit = self.unit;
        let function = &unit.functions[frame.function];
        let home = frame.this.or(function.class);
        let of = |declared: &[(Arc<str>, Arc<str>)], name: &str| {
            declared.iter().rev().find(|(known, _)| **known == *name).map(|(_, kind)| kind.clone())
        };
        let field = |class: ClassId, name: &str| {
            self.index.chain(class).into_iter().find_map(|class| of(&unit.classes[class].declared, name))
        };
        let class = |kind: Arc<str>| {
            let known = self.index.class_named(file, &kind);
            // `IConnection` of which only Connection is known.
            let known = known.or_else(|| self.index.class_named(file, &without_i(&kind)?.into()));
            known.or_else(|| self.index.nested(&self.index.chain(home?), &kind))
        };
        // What a function of a file gives is named there: `get_client(context).get("/users")`.
        let made_by = |name: &Arc<str>| match self.index.symbol(file, name)? {
            Symbol::Function(id) => {
                self.index.class_named(self.program.owners[id], unit.functions[id].gives.as_ref()?)
            }
            _ => None,
        };
        let made = |name: &Arc<str>| match name.strip_suffix("()") {
            Some(function) => made_by(&function.into()),
            None => match self.index.assigned[frame.function].get(name)?.as_slice() {
                [(_, Expr { kind: ExprKind::Call(call), .. })] => match &call.callee.kind {
                    ExprKind::Name(function) => made_by(function),
                    _ => None,
                },
                _ => None,
            },
        };
        let given = |name: &str| {
            let name = name.strip_suffix("()")?;
            let own = home.and_then(|class| self.index.method(class, name));
            match own {
                Some(id) => unit.functions[id].gives.clone(),
                None => {
                    let mut kinds = self.index.methods.get(name)?.iter().map(|id| &unit.functions[*id].gives);
                    let kind = kinds.next()?.clone()?;
                    kinds.all(|other| other.as_ref() == Some(&kind)).then_some(kind)
                }
            }
        };
        let mut at = match &function.receiver {
            Some(receiver) if receiver == first && !rest.is_empty() => home?,
            _ => {
                let local = || of(&function.declared, first);
                let known = local().or_else(|| field(home?, first)).or_else(|| given(first));
                known.and_then(class).or_else(|| made(first))?
            }
        };
        for name in rest {
            at = class(field(at, name)?)?;
        }
        Some(at)
    }

    /// The method that a name means on an object of unknown class: the only one
    /// of that name in the file, or the only one in all that the file imports,
    /// where the name is no usual one or the object is called like its class.
    /// `handed`: it is a member of what a caller gives.
    fn method_by_name(
        &self,
        file: FileId,
        object: &str,
        name: &Arc<str>,
        handed: bool,
    ) -> Option<FunctionId> {
        let methods = self.index.methods.get(name)?;
        // What a trait only declares is run by a type that has it.
        let runs = |id: &&FunctionId| !self.unit.functions[**id].body.is_empty();
        let rust = self.dialect.naming() == Naming::Rust && methods.iter().any(|id| runs(&id));
        let running: Vec<FunctionId>;
        let methods = match rust {
            true => {
                running = methods.iter().filter(runs).copied().collect();
                &running
            }
            false => methods,
        };
        let words = wording::words(object);
        // A method may have thousands of namesakes: their classes were taken apart once.
        let class = |id: FunctionId| Some(&self.index.words[self.unit.functions[id].class?]);
        let alike = |id: FunctionId| {
            class(id).map(|class| words.iter().any(|word| word.len() > 2 && class.contains(word)))
        };
        // `Json.Read(text)` is a method of a class from elsewhere.
        let of_class =
            self.dialect.naming() == Naming::Classes && object.starts_with(|c: char| c.is_uppercase());
        let here: Vec<FunctionId> =
            methods.iter().copied().filter(|id| self.program.owners[*id] == file).collect();
        // Among several the one whose class is called like the object.
        let meant = |methods: &[FunctionId]| {
            let alone = |mut fitting: Vec<FunctionId>| match (fitting.pop(), fitting.pop()) {
                (Some(one), None) => Some(one),
                _ => None,
            };
            let same = methods.iter().filter(|id| class(**id) == Some(&words)).copied().collect();
            alone(same)
                .or_else(|| alone(methods.iter().filter(|id| alike(**id) == Some(true)).copied().collect()))
        };
        // `service.requester.get(url)` in a script: many objects have a method of that name.
        let usual = self.dialect.naming() == Naming::JavaScript && wording::method_named(name).is_some();
        match here.as_slice() {
            [one] => return (!(of_class || usual && handed) || alike(*one)?).then_some(*one),
            [] => {}
            several => return meant(several),
        }
        let reached = self.index.reached(file);
        let mut near: Vec<FunctionId> =
            methods.iter().copied().filter(|id| reached.contains(&self.program.owners[*id])).collect();
        if near.is_empty() {
            near.clone_from(methods);
        }
        let [one] = near.as_slice() else { return meant(&near) };
        if !wording::usual_method(name) {
            return Some(*one);
        }
        meant(&near)
    }

    /// Fills the arguments of a call into a function of the file: its open
    /// requests become requests of the caller. Returns what the call yields
    /// and whether the function makes requests.
    pub(crate) fn invoke(
        &mut self,
        frame: &mut Frame,
        id: FunctionId,
        receiver: &Value,
        args: &[NamedValue],
        span: Span,
    ) -> (Value, bool) {
        let named = match self.dialect.naming() {
            Naming::Files => options::by_name(&self.unit.functions[id].params, args),
            _ => None,
        };
        let args = named.as_deref().unwrap_or(args);
        let single = self.single(frame, receiver, span);
        let receiver = single.as_ref().unwrap_or(receiver);
        let object = receiver
            .terms
            .iter()
            .find(|term| matches!(term.kind, Kind::This(_) | Kind::Instance(..) | Kind::Class(_)));
        let class = object.and_then(|term| match term.kind {
            Kind::This(class) | Kind::Instance(class, _) | Kind::Class(class) => Some(class),
            _ => None,
        });
        let this = class.filter(|class| self.index.is_sensitive(id, *class));
        let Some(done) = self.summary(id, this) else { return (Value::default(), false) };
        let handed = |object: &Value| {
            !object.is_empty() && object.terms.iter().all(|term| matches!(term.kind, Kind::Param(_)))
        };
        let receiver = match (object, self.unit.functions[id].class) {
            (None, Some(_)) if !receiver.is_empty() && self.is_of_given(id) => Some(receiver.clone()),
            // The constant of an enumeration may be the caller's choice.
            (_, Some(class)) if self.is_constant(class, receiver) => Some(receiver.clone()),
            (Some(object), _) => Some(Value { terms: vec![object.clone()] }),
            // A caller knows which variant it is, and which object a step gives back.
            (None, Some(class))
                if handed(receiver)
                    && (self.has_variants(class) || self.is_described(class) || self.gives_back(id)) =>
            {
                Some(receiver.clone())
            }
            (None, Some(class)) => Some(Value::one(Kind::Instance(class, Arc::default()))),
            (None, None) => None,
        };
        let on_itself = object.is_some_and(|term| matches!(term.kind, Kind::This(_)));
        let caller = Some(frame.function);
        let filling = Filling { receiver, caller, ..Filling::new(id, args.to_vec(), span) };
        let mut made = Vec::new();
        if self.muted == 0 {
            for open in &done.open {
                let request = &self.requests[*open];
                if request.wrappers >= MAX_WRAPPERS || self.requests.len() >= MAX_REQUESTS {
                    continue;
                }
                if self.went_through(*open, frame.function) {
                    continue;
                }
                let request = Arc::clone(request);
                let Some(mut guards) = self.met(&request.guards, &filling) else { continue };
                guards.extend(frame.guards.iter().cloned());
                let repeats = on_itself && request.is_of_object();
                let handed = request.callee.value.depends();
                let mut request = self.filled(&request, &filling);
                request.repeats = repeats;
                request.guards = guards;
                request.fills = Some(*open);
                request.function = frame.function;
                request.span = span;
                request.wrappers += 1;
                // A function of the program that is handed over.
                if handed
                    && let [Term { kind: Kind::Function(id), .. }] = request.callee.value.terms.as_slice()
                {
                    let (id, args) = (*id, request.args.clone());
                    if self.handing < MAX_HANDING {
                        self.handing += 1;
                        self.invoke(frame, id, &Value::default(), &args, span);
                        self.handing -= 1;
                    }
                    continue;
                }
                made.push((*open, self.push_asked(frame, request)));
            }
        }
        let mut returned = self.fill(&done.returned, &filling).imported_from(&done.returned, span);
        // `home() { return home; }`: the field of that name, of which nothing is known.
        for term in &mut returned.terms {
            if matches!(term.kind, Kind::Function(own) if own == id) {
                term.kind = Kind::Unknown(self.unit.functions[id].name.clone().unwrap_or_default());
            }
        }
        let mut returned = answer::passed_on(returned, &done.open, &made);
        self.handed_back.clear();
        let picked = self.follow(id, this, &filling);
        // What it takes out of an answer: `newest(releases)`.
        if answer::is_part(&picked) && !answer::has_answer(&returned) {
            returned = picked;
        }
        let mut followed = std::mem::take(&mut self.handed_back);
        let ours = |(request, param): &(usize, ParamRef)| {
            let mapped = made.iter().find(|(from, _)| from == request).map(|(_, to)| *to);
            let request = mapped.or((!done.open.contains(request)).then_some(*request))?;
            if request == answer::NOBODY {
                return None;
            }
            Some((request, param.clone()))
        };
        followed.extend(done.decodes.iter().filter_map(ours));
        self.handed_back = followed;
        (returned, !done.open.is_empty())
    }

    /// Whether a function has a part in a request already. That it calls itself
    /// in the end is recursion, and adds nothing: `get(url)` may be what `request`
    /// does after a redirect, but nobody who posts gets for that.
    pub(super) fn went_through(&self, request: usize, function: FunctionId) -> bool {
        let mut at = Some(request);
        std::iter::from_fn(|| {
            let known = &self.requests[at?];
            at = known.fills;
            Some(known.function)
        })
        .any(|known| known == function)
    }
}
