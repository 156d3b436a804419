//! Calls of functions of the same file: which function is meant, and what its
//! requests and its result become with the arguments filled in.

use std::sync::Arc;

use super::answer;
use super::builder;
use super::calling::push_arg;
use super::evaluate::{Evaluator, Frame, MAX_REQUESTS};
use super::form::*;
use super::guards::{self, Guard};
use super::link::FileId;
use super::lookups;
use super::modules::{Naming, without_i};
use super::request::{self, Callee, NamedValue, Request};
use super::truth;
use super::value::{self, Answer, Entry, Kind, Listed, ParamRef, Piece, RECEIVER, Term, Value};

/// Calls through which a request is followed outwards.
pub(super) const MAX_WRAPPERS: usize = 10;

impl<'u> Evaluator<'u> {
    /// Notes a request of the function being evaluated.
    /// What it is answered, if it is noted.
    pub(super) fn record(
        &mut self,
        frame: &mut Frame,
        callee: Callee,
        args: Vec<NamedValue>,
        span: Span,
    ) -> Option<Value> {
        if self.muted > 0 || self.requests.len() >= MAX_REQUESTS {
            return None;
        }
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
        };
        Some(Answer::whole(self.push(frame, request)))
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
        for term in &callee.value.terms {
            match term.kind {
                // A closure is run where it stands; one that an object was given when it was made
                // runs when a method of that calls it.
                Kind::Function(id) if self.unit.functions[id].inline => {
                    let kept = callee.path.len() >= 2
                        && callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::This(_)))
                        && self.unit.functions[id].parent != Some(frame.function);
                    return kept.then_some(id);
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
                    let called = ["__call__", "__invoke", "invoke"];
                    if let Some(id) = called.iter().find_map(|name| self.index.method(class, name)) {
                        return Some(id);
                    }
                }
                _ => {}
            }
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
                || (beside && request::usual_method(name))
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
        let given = args.iter().filter(|(name, _)| !matches!(name.as_deref(), Some("&" | "{}"))).count();
        let needed = params.iter().filter(|p| p.kind == ParamKind::Plain && p.default.is_none()).count();
        given >= needed && (open || given <= params.len())
    }

    /// What a method gives that only reads a field, for an object whose fields
    /// are known where it is made: a constant of an enumeration.
    pub(super) fn getter(&self, callee: &Callee) -> Option<Value> {
        let [Term { kind: Kind::Instance(_, fields), .. }] = callee.receiver.terms.as_slice() else {
            return None;
        };
        let [Term { kind: Kind::Function(id), .. }] = callee.value.terms.as_slice() else { return None };
        self.read_by(*id, fields)
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
    pub(super) fn overload(&self, id: FunctionId, args: &[NamedValue]) -> FunctionId {
        let list = |value: &Value| {
            matches!(value.terms.as_slice(), [Term { kind: Kind::Rest(_) | Kind::List(_), .. }])
        };
        let whole = args.last().is_some_and(|(name, value)| name.as_deref() == Some("*") || list(value));
        let fitting = self.overloads(id, args.len(), whole);
        let fresh = fitting.iter().find(|id| !self.is_running(**id));
        fresh.or(fitting.first()).copied().unwrap_or(id)
    }

    /// Among methods of one name, the first that takes so many arguments.
    pub(super) fn of_count(&self, id: FunctionId, count: usize) -> FunctionId {
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
                class(local().or_else(|| field(home?, first)).or_else(|| given(first))?)?
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
        let words = request::words(object);
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
        let usual = self.dialect.naming() == Naming::JavaScript && request::method_named(name).is_some();
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
        if !request::usual_method(name) {
            return Some(*one);
        }
        meant(&near)
    }

    /// Fills the arguments of a call into a function of the file: its open
    /// requests become requests of the caller. Returns what the call yields
    /// and whether the function makes requests.
    pub(super) fn invoke(
        &mut self,
        frame: &mut Frame,
        id: FunctionId,
        receiver: &Value,
        args: &[NamedValue],
        span: Span,
    ) -> (Value, bool) {
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
        let receiver = match (object, self.unit.functions[id].class) {
            // The constant of an enumeration may be the caller's choice.
            (_, Some(class)) if self.is_constant(class, receiver) => Some(receiver.clone()),
            (Some(object), _) => Some(Value { terms: vec![object.clone()] }),
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
                made.push((*open, self.push(frame, request)));
            }
        }
        let mut returned = self.fill(&done.returned, &filling).imported_from(&done.returned, span);
        // `home() { return home; }`: the field of that name, of which nothing is known.
        for term in &mut returned.terms {
            if matches!(term.kind, Kind::Function(own) if own == id) {
                term.kind = Kind::Unknown(self.unit.functions[id].name.clone().unwrap_or_default());
            }
        }
        let returned = answer::passed_on(returned, &done.open, &made);
        self.follow(id, this, &filling);
        let ours = |(request, param): &(usize, ParamRef)| {
            let mapped = made.iter().find(|(from, _)| from == request).map(|(_, to)| *to);
            let request = mapped.or((!done.open.contains(request)).then_some(*request))?;
            Some((request, param.clone()))
        };
        self.handed_back = done.decodes.iter().filter_map(ours).collect();
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

    pub(super) fn filled(&mut self, request: &Request, filling: &Filling) -> Request {
        let mut args = Vec::with_capacity(request.args.len());
        for (name, value) in &request.args {
            let marker = name.as_deref().is_some_and(|name| name == "*" || name == "**");
            match value.terms.as_slice() {
                [Term { kind: Kind::Rest(from), .. }] if marker => args.extend(filling.rest(*from)),
                [Term { kind: Kind::Param(param), .. }]
                    if marker
                        && param.members.is_empty()
                        && self.is_named_rest(filling.function, param.index) =>
                {
                    args.extend(filling.leftover(self.unit, filling.function));
                }
                _ => {
                    let value = self.fill(value, filling);
                    push_arg(&mut args, name.clone(), value, marker);
                }
            }
        }
        let callee = Callee {
            path: request.callee.path.clone(),
            receiver: self.fill(&request.callee.receiver, filling),
            value: self.fill(&request.callee.value, filling),
        };
        let callee = if request.callee.value.depends() { callee.settled() } else { callee };
        Request {
            function: request.function,
            callee,
            args,
            span: request.span,
            fills: request.fills,
            wrappers: request.wrappers,
            later: request.later,
            repeats: false,
            guards: Vec::new(),
            in_place: None,
            declared: false,
        }
    }

    pub(super) fn is_named_rest(&self, function: FunctionId, index: usize) -> bool {
        self.unit.functions[function].params.get(index).is_some_and(|p| p.kind == ParamKind::Named)
    }

    /// A value with the parameters of a call filled in.
    pub(super) fn fill(&mut self, value: &Value, filling: &Filling) -> Value {
        if !value.depends() {
            return if filling.local { value.clone() } else { value.clone().imported(filling.span) };
        }
        let mut out = Value::default();
        // Parameters that have a default in this value.
        let mut defaulted: Vec<(ParamRef, bool)> = Vec::new();
        // Those for which the caller hands a parameter of its own on, which may be given or not.
        let mut passed_on: Vec<(ParamRef, ParamRef)> = Vec::new();
        for param in value.terms.iter().flat_map(|term| term.without.iter().chain(&term.given)) {
            if !defaulted.iter().any(|(known, _)| known == param) {
                let is_given = filling.is_given(self.unit, param);
                if is_given && truth::is_undecided(&self.argument(param, filling)) {
                    continue;
                }
                let given = is_given && {
                    let given = self.argument(param, filling);
                    // Of an options object one alternative may be the caller's own, and
                    // others are seen not to have the member.
                    let nothing = |term: &Term| {
                        value::is_nothing_term(term)
                            || truth::is_false(term)
                            || matches!(term.kind, Kind::Unknown(_)) && !param.members.is_empty()
                            || term.literal().is_some_and(|text| text.is_empty())
                    };
                    let own = |term: &Term| match &term.kind {
                        Kind::Param(own) => Some(own.clone()),
                        _ => None,
                    };
                    if !filling.local && given.terms.iter().all(|term| own(term).is_some() || nothing(term)) {
                        passed_on.extend(given.terms.iter().filter_map(own).map(|own| (param.clone(), own)));
                    }
                    let known = given
                        .terms
                        .iter()
                        .any(|term| !matches!(term.kind, Kind::Unknown(_) | Kind::Answer(_)));
                    // A member that an options object does not have is not given.
                    let there = known || param.members.is_empty() || self.is_named(param, filling);
                    let never = !given.is_empty() && given.terms.iter().all(truth::is_false);
                    there && !never && !value::is_nothing(&given) && given.literal().as_deref() != Some("")
                };
                defaulted.push((param.clone(), given));
            }
        }
        for term in &value.terms {
            let open = |param: &ParamRef| passed_on.iter().any(|(known, _)| known == param);
            let given = |param: &ParamRef| {
                !open(param) && defaulted.iter().any(|(known, given)| known == param && *given)
            };
            let missing = |param: &ParamRef| defaulted.iter().any(|(known, given)| known == param && !*given);
            let needs = |param: &ParamRef| missing(param) && !filling.local;
            let lacks = match &term.kind {
                Kind::Param(param) => needs(param),
                Kind::Text(pieces) => pieces.iter().any(|piece| matches!(piece, Piece::Param(p) if needs(p))),
                _ => false,
            };
            let unmet = if filling.local { term.leaves_out() } else { term.given.iter().any(missing) };
            if lacks || unmet || term.without.iter().any(given) {
                continue;
            }
            let ways = self.keys(term, filling);
            if ways.is_empty() {
                continue;
            }
            let guards = match filling.local {
                true => Some(term.guards.iter().filter(|guard| guard.key().is_none()).cloned().collect()),
                false => self.met(&term.guards, filling),
            };
            let Some(guards) = guards else { continue };
            let filled = match &term.kind {
                Kind::Param(param) => {
                    let mut given = self.argument(param, filling);
                    if open(param) {
                        given.terms.retain(|term| matches!(term.kind, Kind::Param(_)));
                    }
                    given
                }
                Kind::This(_) => match &filling.receiver {
                    Some(receiver) if !filling.local => receiver.clone(),
                    _ => Value { terms: vec![term.clone()] },
                },
                Kind::Rest(from) => {
                    let rest = filling.rest(*from).into_iter().map(|(_, value)| value).collect();
                    Value::one(Kind::List(Arc::new(rest)))
                }
                Kind::Text(pieces) => {
                    let mut parts = Vec::with_capacity(pieces.len());
                    for piece in pieces {
                        parts.push(match piece {
                            Piece::Param(param) => self.argument(param, filling),
                            Piece::Joined(listed, _) if filling.local => {
                                let declared = self.declared_template(listed, filling);
                                declared.unwrap_or_else(|| Value::one(Kind::Text(vec![piece.clone()])))
                            }
                            Piece::Joined(Listed::Param(param), separator) => {
                                let list = self.argument(param, filling);
                                value::join_list(&list, separator, filling.span)
                            }
                            Piece::Joined(Listed::Template(waiting), _) => {
                                let template = self.argument(&waiting.param, filling);
                                let args = waiting.args.iter();
                                let args: Vec<NamedValue> = args
                                    .map(|(name, value)| (name.clone(), self.fill(value, filling)))
                                    .collect();
                                // The template's pieces keep their own places, too.
                                value::format(&template, waiting.style, &args, Span::NOWHERE)
                            }
                            Piece::Joined(Listed::Rest(from), separator) => {
                                let whole = |value: &Value| {
                                    matches!(value.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }])
                                };
                                let rest = filling.rest(*from).into_iter().map(|(name, value)| match name {
                                    // What is handed on as a whole, and not known.
                                    Some(_) if !whole(&value) => Value::unknown("..."),
                                    _ => value,
                                });
                                let list = Value::one(Kind::List(Arc::new(rest.collect())));
                                value::join_list(&list, separator, filling.span)
                            }
                            other => {
                                let part = Value::one(Kind::Text(vec![other.clone()]));
                                if filling.local { part } else { part.imported(filling.span) }
                            }
                        });
                    }
                    // The pieces keep their own places: no span widens them.
                    value::concat(&parts, Span::NOWHERE)
                }
                Kind::List(items) => {
                    let mut filled = Vec::with_capacity(items.len());
                    for item in items.iter() {
                        let rest = matches!(item.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }]);
                        let item = self.fill(item, filling);
                        match item.terms.as_slice() {
                            [Term { kind: Kind::List(inner), .. }] if rest => {
                                filled.extend(inner.iter().cloned())
                            }
                            _ => filled.push(item),
                        }
                    }
                    Value::one(Kind::List(Arc::new(filled)))
                }
                Kind::Object(entries) => {
                    let entries = entries.iter().map(|(key, value)| (key.clone(), self.fill(value, filling)));
                    let entries = entries.collect::<Vec<_>>();
                    Value::one(Kind::Object(Arc::new(entries)))
                }
                Kind::Instance(class, fields) => {
                    let fields = fields.iter().map(|(key, value)| (key.clone(), self.fill(value, filling)));
                    let fields = fields.collect::<Vec<_>>();
                    Value::one(Kind::Instance(*class, Arc::new(fields)))
                }
                Kind::Bound(object, name) => {
                    Value::one(Kind::Bound(Arc::new(self.fill(object, filling)), name.clone()))
                }
                Kind::Client(base) => Value::one(Kind::Client(Arc::new(self.fill(base, filling)))),
                Kind::Function(_)
                | Kind::Class(_)
                | Kind::Module(_)
                | Kind::Answer(_)
                | Kind::Foreign
                | Kind::Unknown(_) => Value { terms: vec![term.clone()] },
            };
            let mut filled = filled;
            // What was handed over holds under conditions of the caller's own.
            let handed =
                !filling.local && matches!(term.kind, Kind::Param(_) | Kind::Text(_) | Kind::This(_));
            let passed = |params: &[ParamRef]| {
                let passed = passed_on.iter().filter(|(known, _)| params.contains(known));
                passed.map(|(_, own)| self.lent(own, filling)).collect::<Vec<_>>()
            };
            let (without, given) = (passed(&term.without), passed(&term.given));
            for added in &mut filled.terms {
                if !handed {
                    added.without.clear();
                    added.given.clear();
                }
                added.without.extend(without.iter().cloned());
                added.given.extend(given.iter().cloned());
                // Conditions of the called function; what its arguments need stays.
                added.guards.retain(|guard| !term.guards.contains(guard));
                added.guard(&guards);
                added.open |= term.open;
                added.when.extend(term.when.iter().copied());
            }
            for way in ways {
                let mut filled = filled.clone();
                for added in &mut filled.terms {
                    added.when.extend(way.when.iter().copied());
                    added.without.extend(way.without.iter().cloned());
                    added.guard(&way.guards);
                }
                out = out.join(filled);
            }
        }
        out
    }

    /// A parameter that a caller hands on to a function that asks whether it is given.
    pub(super) fn lent(&self, own: &ParamRef, filling: &Filling) -> ParamRef {
        let params = filling.caller.map(|caller| &self.unit.functions[caller].params);
        let declared = params.and_then(|params| params.get(own.index));
        let needed = declared.is_some_and(|param| param.kind == ParamKind::Plain && param.default.is_none());
        ParamRef { lent: needed && own.members.is_empty(), ..own.clone() }
    }

    /// Whether a call names a member that is given by a name, whatever it is:
    /// `build(base=self.folder)` for `kwargs.get("base")`.
    fn is_named(&self, param: &ParamRef, filling: &Filling) -> bool {
        let [member] = param.members.as_slice() else { return false };
        let given = |value: &Value| !value::is_nothing(value);
        self.is_named_rest(filling.function, param.index)
            && filling.args.iter().any(|(name, value)| name.as_ref() == Some(member) && given(value))
    }

    /// What becomes of the keys under which an alternative stands in a table: the
    /// ways in which the call can give them. None if it gives other ones.
    fn keys(&mut self, term: &Term, filling: &Filling) -> Vec<Keys> {
        let mut ways = vec![Keys::default()];
        for (param, key) in term.guards.iter().filter_map(Guard::key) {
            let handed = handed_place(param).is_some();
            if handed && !filling.local && !filling.is_given(self.unit, param) {
                return Vec::new();
            }
            let given = self.argument(param, filling);
            let mut next = Vec::new();
            for way in &ways {
                for given in &given.terms {
                    let mut way = way.clone();
                    way.without.extend(given.without.iter().cloned());
                    match (given.literal(), &given.kind) {
                        (Some(text), _) if text == **key => {}
                        (Some(_), _) => continue,
                        (None, Kind::Param(outer)) => {
                            way.guards.push(Guard::of_key(outer.clone(), key.clone()))
                        }
                        // Nobody knows which: at least all is of one key.
                        (None, _) => way.when.push(guards::arm(&param.name, key)),
                    }
                    if next.len() < MAX_WAYS {
                        next.push(way);
                    }
                }
            }
            ways = next;
        }
        ways
    }

    /// What a call hands to a parameter, or to a member of it.
    pub(super) fn argument(&mut self, param: &ParamRef, filling: &Filling) -> Value {
        let unit = self.unit;
        if param.index == RECEIVER {
            let mut value = filling.receiver.clone().unwrap_or_default();
            for member in &param.members {
                value = self.member(&value, member, filling.span);
            }
            return if value.is_empty() { Value::unknown(&param.name) } else { value };
        }
        if let Some(place) = handed_place(param) {
            let value = match filling.at(place, &param.name) {
                Some(value) => value.clone(),
                None => match filling.handed_on(place, &param.name) {
                    Some(outer) => Value::one(Kind::Param(outer)),
                    None => Value::unknown(&param.name),
                },
            };
            return param
                .members
                .iter()
                .fold(value, |value, member| self.member(&value, member, filling.span));
        }
        if filling.receiver_only {
            return Value::one(Kind::Param(param.clone()));
        }
        let declared = unit.functions[filling.function].params.get(param.index);
        if let Some(outer) =
            filling.handed_on_by_name(param).filter(|_| self.is_named_rest(filling.function, param.index))
        {
            return Value::one(Kind::Param(outer));
        }
        let by_name = declared.and_then(|declared| filling.named(&declared.name));
        // `**kwargs` takes nothing by its place.
        let by_place =
            || filling.positional(param.index).filter(|_| !self.is_named_rest(filling.function, param.index));
        let given = by_name.or_else(by_place).cloned();
        let given = given.or_else(|| {
            // A shell's function declares none.
            let name = match declared {
                Some(declared) if declared.kind == ParamKind::Plain => &declared.name,
                Some(_) => return None,
                None => &param.name,
            };
            let handed = filling.handed_on(param.index, name)?;
            let mut value = Value::one(Kind::Param(handed.clone()));
            if declared.is_some_and(|declared| declared.default.is_some()) {
                let mut default = self.default_of(filling.function, param.index).imported(filling.span);
                default.terms.retain(|term| !matches!(term.kind, Kind::Unknown(_)));
                default.terms.iter_mut().for_each(|term| term.without.push(handed.clone()));
                value = value.join(default);
            }
            Some(value)
        });
        let mut value = match (given, declared) {
            (Some(value), _) => value,
            (None, Some(declared)) if declared.kind == ParamKind::Named => {
                let entries = filling.leftover(unit, filling.function);
                let entries = entries
                    .into_iter()
                    .filter_map(|(name, value)| Some((Entry::Key(name?.into()), value)))
                    .collect();
                Value::one(Kind::Object(Arc::new(entries)))
            }
            // Only a caller elsewhere can give what this one does not.
            (None, Some(declared)) if !filling.local => match &declared.default {
                Some(default) => {
                    let parent = unit.functions[filling.function].parent;
                    let top = self.program.files[self.program.owners[filling.function]].root;
                    self.muted += 1;
                    let body = unit.functions[filling.function].class;
                    let value = self.outside(parent.unwrap_or(top), body, default);
                    self.muted -= 1;
                    value.imported(filling.span)
                }
                None => Value::unknown(&param.name),
            },
            (None, _) => self.default_of(filling.function, param.index),
        };
        if let Some(object) = self.declared_object(filling.function, param, &value, filling.span) {
            value = object;
        }
        for member in &param.members {
            value = self.member(&value, member, filling.span);
        }
        if value.is_empty() { Value::unknown(&param.name) } else { value }
    }
}

/// From here on an index means an argument of the caller, whatever it is called
/// there.
const HANDED: usize = 1 << 40;

/// The place of the argument that a parameter means, if it is one.
fn handed_place(param: &ParamRef) -> Option<usize> {
    (param.index != RECEIVER).then(|| param.index.checked_sub(HANDED))?
}

/// Functions that are handed to functions that are handed over.
const MAX_HANDING: usize = 4;
/// Ways in which keys may be given that are kept.
const MAX_WAYS: usize = 8;

/// Conditions that are left of keys.
#[derive(Clone, Default)]
struct Keys {
    when: Vec<(u32, u32)>,
    without: Vec<ParamRef>,
    guards: Vec<Guard>,
}

/// The arguments of one call of a function.
#[derive(Clone)]
pub(super) struct Filling {
    pub(super) function: FunctionId,
    pub(super) args: Vec<NamedValue>,
    /// The object whose method is called.
    pub(super) receiver: Option<Value>,
    pub(super) span: Span,
    /// The function that calls.
    pub(super) caller: Option<FunctionId>,
    /// The function itself, with nothing filled in.
    pub(super) local: bool,
    /// The parameters stay; only what is the object's is filled in.
    pub(super) receiver_only: bool,
}

impl Filling {
    pub(super) fn new(function: FunctionId, args: Vec<NamedValue>, span: Span) -> Self {
        Self { function, args, receiver: None, span, caller: None, local: false, receiver_only: false }
    }

    pub(super) fn args(&self) -> &[NamedValue] {
        &self.args
    }

    /// Whether the call gives something to a parameter.
    pub(super) fn is_given(&self, unit: &Unit, param: &ParamRef) -> bool {
        if param.index == RECEIVER {
            return true;
        }
        if self.local {
            return false;
        }
        if let Some(place) = handed_place(param) {
            return self.at(place, &param.name).is_some() || self.handed_on(place, &param.name).is_some();
        }
        let declared = unit.functions[self.function].params.get(param.index);
        // `kwargs.get("base")` is given by that name.
        let name = declared.map(|declared| match (declared.kind, param.members.first()) {
            (ParamKind::Named, Some(member)) => member,
            _ => &declared.name,
        });
        let named = name.is_some_and(|name| self.named(name).is_some());
        let open = self.args.iter().any(|(name, _)| matches!(name.as_deref(), Some("*" | "**")));
        let by_place = declared.is_none_or(|declared| declared.kind != ParamKind::Named);
        named || open || by_place && self.positional(param.index).is_some()
    }

    /// The argument that is given to a parameter by its name. In PowerShell another
    /// file may write it in other cases.
    fn named(&self, param: &str) -> Option<&Value> {
        let given = |same: &dyn Fn(&str) -> bool| {
            self.args.iter().find(|(name, _)| name.as_deref().is_some_and(same)).map(|(_, value)| value)
        };
        given(&|name| name == param).or_else(|| given(&|name| name.eq_ignore_ascii_case(param)))
    }

    fn positional(&self, index: usize) -> Option<&Value> {
        self.placed().nth(index)
    }

    /// The arguments whose place is known: behind what is spread out none is.
    fn placed(&self) -> impl Iterator<Item = &Value> {
        let before = self.args.iter().take_while(|(name, _)| name.as_deref() != Some("*"));
        before.filter(|(name, _)| name.is_none()).map(|(_, value)| value)
    }

    /// The argument of the caller that a parameter is given, by place or by name,
    /// where the caller hands on what it is given itself: `send(*args, **kwargs)`.
    fn handed_on(&self, place: usize, name: &Arc<str>) -> Option<ParamRef> {
        if self.local {
            return None;
        }
        let from = self.args.iter().find_map(|(marker, value)| match value.terms.as_slice() {
            [Term { kind: Kind::Rest(from), .. }] if marker.as_deref() == Some("*") => Some(*from),
            _ => None,
        })?;
        let index = HANDED + from + place.checked_sub(self.placed().count())?;
        Some(ParamRef::new(index, name.clone()))
    }

    /// The named argument of the caller that a member of `**kwargs` is, where the caller
    /// hands on those that it is given itself: `send(*args, **kwargs)`.
    fn handed_on_by_name(&self, param: &ParamRef) -> Option<ParamRef> {
        param.members.first().filter(|member| self.named(member).is_none())?;
        let outer = self.args.iter().find_map(|(marker, value)| match value.terms.as_slice() {
            [Term { kind: Kind::Param(outer), .. }] if marker.as_deref() == Some("**") => Some(outer),
            _ => None,
        })?;
        let members = outer.members.iter().chain(&param.members).cloned().collect();
        Some(ParamRef { members, ..outer.clone() })
    }

    /// The argument at a place, or of a name.
    fn at(&self, place: usize, name: &Arc<str>) -> Option<&Value> {
        let named =
            || self.args.iter().find(|(known, _)| known.as_ref() == Some(name)).map(|(_, value)| value);
        self.positional(place).or_else(named)
    }

    pub(super) fn rest(&self, from: usize) -> Vec<NamedValue> {
        if self.local {
            return vec![(Some("*".into()), Value::unknown("@"))];
        }
        let loose = |name: &Option<Arc<str>>| name.is_none() || name.as_deref() == Some("*");
        self.args.iter().filter(|(name, _)| loose(name)).skip(from).cloned().collect()
    }

    /// Named arguments that no parameter takes.
    fn leftover(&self, unit: &Unit, function: FunctionId) -> Vec<NamedValue> {
        let params = &unit.functions[function].params;
        let taken = |name: &Arc<str>| {
            params.iter().any(|p| p.kind == ParamKind::Plain && p.name.eq_ignore_ascii_case(name))
        };
        self.args.iter().filter(|(name, _)| name.as_ref().is_some_and(|name| !taken(name))).cloned().collect()
    }
}

impl Value {
    /// A result that did not depend on the arguments still stands elsewhere.
    fn imported_from(self, original: &Value, span: Span) -> Self {
        if original.depends() { self } else { self.imported(span) }
    }
}

impl Request {
    /// Whether anything in the request is left to a caller.
    pub(super) fn depends(&self) -> bool {
        let callee = &self.callee;
        self.args.iter().any(|(_, value)| value.depends())
            || callee.receiver.depends()
            || callee.value.depends()
    }
}
