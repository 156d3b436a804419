//! Calls: what is called, what it means, and what it yields.

use std::sync::Arc;

use super::{Evaluator, Frame, dotted};
use crate::scan::fields::answer::is_part;
use crate::scan::fields::pipes::{BESIDE, PIPED, is_answer};
use crate::scan::fields::sent;
use crate::scan::form::*;
use crate::scan::kept;
use crate::scan::naming::Naming;
use crate::scan::objects::elements::{self, Rows};
use crate::scan::requests::beside;
use crate::scan::requests::builder;
use crate::scan::requests::generic;
use crate::scan::requests::request::{Callee, Found, Meaning, NamedValue};
use crate::scan::value::compose;
use crate::scan::value::url_parts;
use crate::scan::value::{self, Entry, Kind, Term, Value};
use crate::scan::wording;

/// Methods of closures that run them. JavaScript's take the object before the arguments.
const RUNNING: [&str; 6] = ["call", "apply", "accept", "invoke", "Invoke", "()"];

impl<'u> Evaluator<'u> {
    /// What a call yields; a request is noted on the way, and calls back.
    pub(super) fn call(&mut self, frame: &mut Frame, span: Span, call: &'u CallExpr) -> Value {
        let value = self.called(frame, span, call);
        self.called_back(frame, call, &value);
        value
    }

    /// The first that knows the call says what it yields.
    fn called(&mut self, frame: &mut Frame, span: Span, call: &'u CallExpr) -> Value {
        if let Some(value) = self.run_in_place(frame, call) {
            return value;
        }
        if matches!(&call.callee.kind, ExprKind::Name(name) if **name == *BESIDE) {
            return self.args(frame, &call.args).pop().map(|(_, value)| value).unwrap_or_default();
        }
        if matches!(&call.callee.kind, ExprKind::Name(name) if **name == *PIPED) {
            let out = self.args(frame, &call.args).pop().map(|(_, value)| value);
            return out.filter(is_part).unwrap_or_else(|| Value::unknown(""));
        }
        if let Some(answer) = self.asked_of_client(frame, call) {
            return answer;
        }
        let mut callee = self.callee(frame, &call.callee);
        self.based_library(frame, &mut callee);
        if let Some(value) = self.promised(frame, &callee, call) {
            return value;
        }
        if let Some(value) = self.answer_closure(frame, &callee, call) {
            return value;
        }
        if let Some(value) = self.rounds(frame, &callee, call, span) {
            return value;
        }
        if let Some(value) = self.deferred(frame, &callee, call) {
            return value;
        }
        let args = self.args(frame, &call.args);
        let args = match self.client_asked(frame, args) {
            Ok(client) => return client,
            Err(args) => args,
        };
        if args.last().is_some_and(|(name, _)| name.as_deref() == Some(DECORATED)) {
            return self.decorator(frame, &callee, &args[..args.len() - 1], span);
        }
        let (args, joined) = beside::split(args, span);
        let args = self.written_first(frame, &callee, args, span);
        let args = self.verb_chosen(&mut callee, args);
        if let Some(value) = self.kept_value(&callee, &args) {
            return value;
        }
        if let Some(value) = self.named_argument(frame, &callee, &args) {
            return value;
        }
        // A module that exports one class or function is called by its own name.
        if let Some(files) = callee.value.terms.iter().find_map(|term| match &term.kind {
            Kind::Module(files) => Some(files.clone()),
            _ => None,
        }) {
            callee.value = self.module_whole(&files, span).unwrap_or(callee.value);
        }
        // One that exports a table is asked for what is in it: `settings.get("host")`.
        if let [Term { kind: Kind::Module(files), .. }] = callee.receiver.terms.as_slice()
            && self.dialect.naming() == Naming::JavaScript
            && let Some(whole) = self.module_whole(&files.clone(), span)
            && whole.terms.iter().all(|term| matches!(term.kind, Kind::Object(_)))
        {
            callee.receiver = whole;
        }
        if let Some(value) = self.call_on_known(frame, call, &callee, &args, span) {
            return value;
        }
        self.own_default(frame, &mut callee);
        if let Some(value) = self.handed_function(frame, &callee, &args, span) {
            return value;
        }
        if let Some(value) = self.own_request(frame, &mut callee, &args, span) {
            return value;
        }
        // `.execute(http.get)`, of a request that is built step by step
        let args = if builder::is_builder(&callee.receiver) { self.verbs_named(args) } else { args };
        let own = self.is_own(frame, &callee, &args);
        // What nothing of the program writes as a text stays what it is.
        if !own && args.is_empty() && wording::CONVERSIONS.contains(&callee.name()) {
            return callee.receiver;
        }
        if !own && self.listens(&callee) {
            return callee.receiver;
        }
        // Java: `verb.name()`, of a constant of an enumeration
        if !own
            && args.is_empty()
            && callee.name() == "name"
            && let [Term { kind: Kind::Instance(_, fields), .. }] = callee.receiver.terms.as_slice()
            && let Some(name) = value::name_of_constant(fields)
        {
            return name.clone();
        }
        // Before what a router has a name for: `request.Method()`.
        if args.is_empty() && matches!(callee.receiver.terms.as_slice(), [Term { kind: Kind::Param(_), .. }])
        {
            let found = self.function_of(frame, &callee, &args);
            if let Some(value) = self.asked_of_param(&callee, &args, found) {
                return value;
            }
        }
        // Before what a server has a name for: `route.verb()`.
        if let Some(value) = self.getter(&callee) {
            return value;
        }
        if !own && let Some(value) = self.library_call(frame, &callee, &args, span) {
            return value;
        }
        if frame.constructing
            && let Some(id) = self.runs_on_new(frame, &callee)
            && (self.index.setting.contains(&id) || self.unit.functions[id].constructor)
        {
            let value = self.construct_on(frame, self.overload(id, &args), &args);
            return if value.is_empty() { Value::unknown("") } else { value };
        }
        if let Some(value) = self.one_of_several(frame, &callee, &args, span) {
            return value;
        }
        let told = joined.as_ref().unwrap_or(&args);
        if let Some(value) = self.program_call(frame, call, &callee, (&args, told), span) {
            return value;
        }
        let class = callee.value.terms.iter().find_map(|term| match term.kind {
            Kind::Class(class) => Some(class),
            _ => None,
        });
        if let Some(class) = class {
            args.iter().for_each(|(_, value)| self.sink(value));
            if let Some(model) = self.model_of(class, &args) {
                return model;
            }
            let object = self.construct(frame, class, &args, span);
            return self.with_given(object, class, call, &args, span);
        }
        if let Some(begun) = self.dialect.begins(&callee, &args) {
            return begun;
        }
        self.call_elsewhere(frame, callee, args, joined, own, span)
    }

    /// What a call of a method yields on values that are seen: lists, objects, answers, texts,
    /// clients. None if it is none of these.
    fn call_on_known(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        if let Some(rows) = Rows::asked(callee, args, |list| self.any_element(list, span)) {
            return Some(rows);
        }
        if let Some(value) = self.typed(frame, callee, args) {
            return Some(value);
        }
        let first = call.args.first().map(|arg| arg.value.span);
        if let Some(value) = self.of_its_own(frame, call, args) {
            return Some(value);
        }
        if let Some(value) = self.answers_handed(frame, call, callee, args) {
            return Some(value);
        }
        if let Some(value) = self.waited_for(callee, args) {
            return Some(value);
        }
        if let Some(value) = self.decoded_as(frame, call, callee, args, span) {
            return Some(value);
        }
        if let Some(value) = self.written_to(callee, args) {
            return Some(value);
        }
        if let Some(value) = self.answer_call(first, [span, call.callee.span], callee, args) {
            return Some(value);
        }
        if let Some(value) = self.decoded(frame, call, callee, args) {
            return Some(value);
        }
        if matches!(self.dialect.naming(), Naming::Files)
            && let Some(value) = self.written_on(callee, args)
        {
            return Some(value);
        }
        let listed = || elements::listed(callee, args, |list| self.any_element(list, span));
        let line = || url_parts::line_taken_apart(callee, args);
        let held = self.container_call(callee, args).or_else(listed).or_else(line);
        self.take_out(frame, call, args);
        if let Some(value) = self.told_query(frame, call, callee, args, span) {
            return Some(value);
        }
        let put = self.put_in(frame, call, callee, args);
        if let Some(value) = put.or(held) {
            return Some(value);
        }
        if let Some(value) = self.client_call(frame, callee, args, span) {
            return Some(value);
        }
        if let Some(value) = self.batch(frame, callee, args, span) {
            return Some(value);
        }
        self.client_of_contract(frame, callee, args, span)
    }

    /// What a call of a function yields that a caller hands over, or that a table has under a key.
    pub(super) fn handed_function(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        // So may be what a caller hands on as it comes: `function(*args, **kwargs)`, or as a list.
        let rest = |(name, value): &NamedValue| {
            let rest = |term: &Term| matches!(term.kind, Kind::Rest(_) | Kind::Param(_));
            name.as_deref() == Some("*") && value.terms.iter().all(rest)
        };
        let asked =
            |given: &NamedValue| generic::may_be_url(given) || generic::may_be_asked(given) || rest(given);
        let chosen = |term: &Term| match term.kind {
            Kind::Function(id) => term.is_chosen() && !self.unit.functions[id].inline,
            _ => false,
        };
        // `verbs[action](url)`, where the table is seen
        if callee.value.terms.len() > 1
            && callee.value.terms.iter().all(chosen)
            && let Some(value) = self.one_of_several(frame, callee, args, span)
        {
            return Some(value);
        }
        if callee.path.len() <= 1 && callee.is_handed() && args.first().is_some_and(asked) {
            let answer = self.record(frame, callee.clone(), args.to_vec(), span);
            return Some(answer.unwrap_or_else(|| Value::unknown("response")));
        }
        None
    }

    /// Whether something of the program itself is called.
    fn is_own(&mut self, frame: &mut Frame, callee: &Callee, args: &[NamedValue]) -> bool {
        callee.value.terms.iter().any(|term| match term.kind {
            Kind::Function(_) => true,
            // What only holds the parts of a request is one that is being built.
            Kind::Class(class) => !self.is_message(class),
            _ => false,
        })
                // What is handed a request that is being built sends it.
                || !args.iter().any(|(_, value)| builder::is_builder(value))
                    && self.declared_method(frame, callee).is_some()
    }

    /// What a call yields by what libraries of the language mean by it. None if none does.
    fn library_call(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let meaning = self.dialect.meaning(callee, args);
        if matches!(meaning, Meaning::Unknown | Meaning::Quiet)
            && let Some(value) = sent::written(callee, args)
        {
            args.iter().for_each(|(_, value)| self.sink(value));
            return Some(value);
        }
        if matches!(meaning, Meaning::Unknown)
            && self.dialect.naming().fills_by_calls()
            && let Some(object) = sent::empty(callee, args)
        {
            return Some(object);
        }
        if matches!(meaning, Meaning::Unknown | Meaning::Quiet)
            && let Some(query) = sent::encoded(callee, args, span)
        {
            return Some(query);
        }
        match meaning {
            Meaning::Request(_) => Some(self.answered(frame, callee.clone(), args.to_vec(), span)),
            Meaning::Value(value) => {
                self.stepped = Some(span);
                Some(value)
            }
            Meaning::Client(base) => Some(Value::one(Kind::Client(Arc::new(base)))),
            Meaning::Foreign => {
                args.iter().for_each(|(_, value)| self.hush(value));
                Some(Value::one(Kind::Foreign))
            }
            Meaning::Quiet => {
                args.iter().for_each(|(_, value)| self.hush(value));
                Some(Value::unknown(""))
            }
            Meaning::Unknown => None,
        }
    }

    /// What a function of the program yields with these arguments, and as they are told of if its
    /// callers are what makes the request. None if nothing of it is seen.
    fn program_call(
        &mut self,
        frame: &mut Frame,
        call: &'u CallExpr,
        callee: &Callee,
        (args, told): (&[NamedValue], &[NamedValue]),
        span: Span,
    ) -> Option<Value> {
        let id = self.function_of(frame, callee, args)?;
        let id = self.overload(id, args);
        // An object that is called is the receiver itself.
        let called = callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Instance(..)));
        let above = self.above(frame, callee, id);
        let receiver = if called { &callee.value } else { above.as_ref().unwrap_or(&callee.receiver) };
        // What calls itself is evaluated, here or once it is known.
        let is_recursion = self.is_running(id);
        let made = frame.made.len();
        self.handed_back.clear();
        let captured = self.with_captured(frame, &call.callee, id, args);
        let given = captured.as_deref().unwrap_or(args);
        let (value, reaches_request) = self.invoke(frame, id, receiver, given, span);
        let value = if reaches_request { value } else { self.of_given(id, value) };
        self.read_through(frame, &call.args);
        if !reaches_request && let Some(object) = self.told_step(id, receiver, args) {
            args.iter().for_each(|(_, value)| self.sink(value));
            self.stepped = Some(span);
            return Some(object);
        }
        // What a shell function writes besides is a text like any other.
        let writes = matches!(self.dialect.naming(), Naming::Files)
            && !is_answer(&value)
            && !generic::reads_like_path(&value);
        let value = if writes { Value::default() } else { value };
        let carried = reaches_request
            && self.carries_path(&frame.made[made..], callee, told)
            && !self.loses_method(&frame.made[made..], told);
        let inside = !carried && !is_recursion && self.asked_inside(id, told);
        let hidden =
            !carried && !is_recursion && !inside && self.hides_request(frame, id, callee, told, &value);
        // `Lister::new(client, format!("/users/{id}/groups"))`, or what a helper makes of a path
        let makes = self.unit.functions[id].constructor
            || args.iter().any(|(_, value)| generic::reads_like_path(value));
        if makes && let [Term { kind: Kind::Instance(class, _), .. }] = value.terms.as_slice() {
            self.later(frame, *class, &value, span);
        }
        // What gives its object back has only noted its argument.
        let fluent = |value: &Value| {
            let object = |value: &Value| match value.terms.as_slice() {
                [Term { kind: Kind::Instance(class, _) | Kind::This(class), .. }] => Some(*class),
                _ => None,
            };
            object(value).is_some() && object(value) == object(&callee.receiver)
        };
        // Nor is seen what an interface of the program makes of it.
        let declared = self.unit.functions[id].body.is_empty();
        if !reaches_request
            && (declared || fluent(&value))
            && let Some(begun) = self.dialect.begins(callee, args)
        {
            return Some(begun);
        }
        if hidden {
            // Judged by its name and arguments, below.
        } else if is_recursion || reaches_request || inside || !value.is_empty() {
            args.iter().for_each(|(_, value)| self.sink(value));
            return Some(if value.is_empty() { Value::unknown("response") } else { value });
        }
        None
    }

    /// What a call yields of which nothing is known but its name and its arguments.
    fn call_elsewhere(
        &mut self,
        frame: &mut Frame,
        callee: Callee,
        args: Vec<NamedValue>,
        joined: Option<Vec<NamedValue>>,
        own: bool,
        span: Span,
    ) -> Value {
        if generic::builds_url(&callee, &args) {
            // The path counts where a request uses the result, not here.
            let path = args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            self.hush(&path);
            return compose::concat(&[Value::unknown(callee.name()), path], span);
        }
        // A function of the program is given a request that it finishes.
        if own
            && builder::given(&args).is_some()
            && matches!(self.dialect.meaning(&callee, &args), Meaning::Request(_))
        {
            let answer = self.record(frame, callee, args, span);
            return answer.unwrap_or_else(|| Value::unknown("response"));
        }
        if let Some(function) = self.handed_back(&callee, &args) {
            return function;
        }
        let given = self.given_when_called(&callee);
        let made = Some(&callee).filter(|_| self.dialect.naming() == Naming::Python).and_then(Callee::class);
        let made = Value::unknown(made.unwrap_or_default());
        let args = joined.unwrap_or(args);
        // `lib.request(options, (response) => ...)`: whoever gives the options gives the path.
        if self.dialect.naming() == Naming::JavaScript && generic::hands_options_on(&callee, &args) {
            let answer = self.record(frame, callee, args, span);
            return answer.unwrap_or_else(|| Value::unknown("response"));
        }
        match generic::generic(&callee, &args) {
            Meaning::Request(found) => {
                let mut args = args;
                args.extend(self.verb_of_caller(frame, &found));
                let script = self.dialect.naming() == Naming::JavaScript;
                let (by_line, pages) = (script && is_told_by_line(&args), callee.name() == "paginate");
                let by_line = by_line && (pages || callee.name() == "request");
                let answer = self.record(frame, callee, args, span);
                // `octokit.request("GET /users", ..)`, whose answer is the library's: the whole, or
                // the lists of all pages.
                match answer.as_ref().map(|answer| answer.terms.as_slice()) {
                    Some([Term { kind: Kind::Answer(whole), .. }]) if by_line && pages => {
                        return whole.body();
                    }
                    Some(_) if by_line && !pages => return answer.unwrap_or_default(),
                    _ => {}
                }
                // What a helper from elsewhere makes of the answer is not known. In scripts that
                // may be its body already; elsewhere a method leads there.
                if self.dialect.naming() != Naming::JavaScript && given.is_none() {
                    return answer.unwrap_or_else(|| Value::unknown(""));
                }
            }
            Meaning::Value(value) => return value,
            Meaning::Quiet | Meaning::Foreign => args.iter().for_each(|(_, value)| self.hush(value)),
            _ if generic::passes_through(&callee, &args) => {
                return args.into_iter().next().map(|(_, value)| value).unwrap_or_default();
            }
            _ => args.iter().for_each(|(_, value)| self.sink(value)),
        }
        given.unwrap_or(made)
    }

    /// The method of a request that says none, where the function in which it stands is called by one
    /// and hands on what it is given: `def get(path) = http_json("#{ROOT}#{path}")`.
    fn verb_of_caller(&self, frame: &Frame, found: &Found) -> Option<NamedValue> {
        let says_none = !found.method_open && found.methods.iter().all(|(method, _)| method.is_none());
        let name = self.unit.functions[frame.function].name.as_deref()?;
        let verb = wording::method_named(name).filter(|_| says_none && found.url.depends())?;
        Some((Some("method".into()), Value::text(verb.into(), Span::NOWHERE)))
    }

    /// The function of the program that something from elsewhere gives back as it is:
    /// `useCallback(load, [])`.
    fn handed_back(&self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let (None, value) = args.first()? else { return None };
        let [Term { kind: Kind::Function(id), .. }] = value.terms.as_slice() else { return None };
        (!self.unit.functions[*id].inline && kept::hands_back(callee.name())).then(|| value.clone())
    }

    /// Any function of a table, or of both arms of a condition: `URLS[kind](id)`.
    fn one_of_several<'c>(
        &mut self,
        frame: &mut Frame,
        callee: &'c Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let function = |term: &'c Term| match term.kind {
            Kind::Function(id) => Some((id, term)).filter(|_| !self.unit.functions[id].inline),
            _ => None,
        };
        let functions: Vec<_> = callee.value.terms.iter().filter_map(function).collect();
        if functions.len() < 2 || functions.iter().any(|(id, _)| self.is_running(*id)) {
            return None;
        }
        let mut out = Value::default();
        let mut reaches = false;
        for (id, term) in functions {
            let guards = frame.guards.len();
            frame.guards.extend(term.guards.iter().cloned());
            let (value, reached) = self.invoke(frame, id, &callee.receiver, args, span);
            frame.guards.truncate(guards);
            out = out.join(value);
            reaches |= reached;
        }
        if !reaches && out.is_empty() {
            return None;
        }
        args.iter().for_each(|(_, value)| self.sink(value));
        Some(if out.is_empty() { Value::unknown("response") } else { out })
    }

    /// Arguments where functions of the program that are called like methods of HTTP stand
    /// for these.
    fn verbs_named(&self, args: Vec<NamedValue>) -> Vec<NamedValue> {
        let verb = |value: &Value| match value.terms.as_slice() {
            [Term { kind: Kind::Function(id), .. }] => {
                let name = self.unit.functions[*id].name.as_deref()?;
                wording::method_named(if name == "del" { "DELETE" } else { name })
            }
            _ => None,
        };
        let named = |(name, value): NamedValue| match verb(&value) {
            Some(verb) => (name, Value::text(verb.into(), Span::NOWHERE)),
            None => (name, value),
        };
        args.into_iter().map(named).collect()
    }

    /// Whether a class holds a URL and a method that it is told one after the other.
    fn is_message(&self, class: ClassId) -> bool {
        let sets = |names: &[&str]| names.iter().any(|name| self.index.method(class, name).is_some());
        self.dialect.naming() == Naming::Classes
            && sets(&["setUri", "setUrl", "setURI", "setURL"])
            && sets(&["setMethod", "setHttpMethod"])
    }

    /// Calls of what a class inherits from a client class of an HTTP library:
    /// `super().request(...)`, and `session.get(...)`, which goes through the
    /// class's own `request`.
    fn client_call(
        &mut self,
        frame: &mut Frame,
        callee: &Callee,
        args: &[NamedValue],
        span: Span,
    ) -> Option<Value> {
        let name = callee.path.last()?;
        let above = callee.path.len() == 2 && matches!(&*callee.path[0], "super()" | "super");
        let class = match above {
            true => self.unit.functions[frame.function].class?,
            false => callee.receiver.terms.iter().find_map(|term| match term.kind {
                Kind::This(class) | Kind::Instance(class, _) => Some(class),
                _ => None,
            })?,
        };
        let verb = wording::method_named(name);
        if verb.is_none() && &**name != "request" {
            return None;
        }
        let mut chain = self.index.chain(class).into_iter();
        let client = chain.clone().any(|class| {
            self.unit.classes[class].bases.iter().any(|base| self.dialect.is_client_class(base))
        });
        let own = chain.clone().skip(usize::from(above)).find_map(|class| {
            let methods = &self.unit.classes[class].methods;
            methods.iter().copied().find(|id| self.unit.functions[*id].name.as_deref() == Some(&**name))
        });
        if !client || own.is_some() {
            return None;
        }
        let through = chain.find_map(|class| self.index.method(class, "request")).filter(|_| !above);
        if let (Some(id), Some(verb)) = (through, verb) {
            let nowhere = Span::NOWHERE;
            let mut given = vec![(None, Value::text(verb.into(), nowhere))];
            given.extend(args.iter().cloned());
            let (value, _) = self.invoke(frame, id, &callee.receiver, &given, span);
            return Some(if is_answer(&value) { value } else { Value::unknown("response") });
        }
        let base = self.base_of_client(class);
        let session = Value::one(Kind::Client(Arc::new(base)));
        // `getClient(token).get(path)`, whose object has no name
        let path = match callee.path.as_slice() {
            [only] => vec!["client".into(), only.clone()],
            path => path.to_vec(),
        };
        let callee = Callee { path, receiver: session, value: Value::unknown(name) };
        let answer = self.record(frame, callee, args.to_vec(), span);
        Some(answer.unwrap_or_else(|| Value::unknown("response")))
    }

    /// The function that a constructor runs on the object that it makes: the
    /// constructor of the base class, or a method of its own.
    fn runs_on_new(&self, frame: &Frame, callee: &Callee) -> Option<FunctionId> {
        let unit = self.unit;
        let class = unit.functions[frame.function].class?;
        if matches!(callee.path.as_slice(), [name] if **name == *OWN_CONSTRUCTOR) {
            let methods = unit.classes[class].methods.iter().copied();
            return methods.into_iter().find(|id| unit.functions[*id].constructor);
        }
        if callee.path.first().is_some_and(|first| matches!(&**first, "super()" | "super")) {
            let name = callee.path.get(1);
            let of = |base: ClassId| {
                let methods = unit.classes[base].methods.iter().copied();
                methods.into_iter().find(|id| {
                    let function = &unit.functions[*id];
                    match name {
                        Some(name) => function.name.as_ref() == Some(name),
                        None => function.constructor,
                    }
                })
            };
            return self.index.chain(class).into_iter().skip(1).find_map(of);
        }
        let own = matches!(callee.receiver.terms.as_slice(), [Term { kind: Kind::This(_), .. }]);
        match callee.value.terms.as_slice() {
            [Term { kind: Kind::Function(id), .. }] if own && callee.path.len() == 2 => Some(*id),
            _ => None,
        }
    }

    /// Evaluates what is called, keeping the names it is called by.
    pub(super) fn callee(&mut self, frame: &mut Frame, expr: &'u Expr) -> Callee {
        // `(options.fetch || fetch)(url)`: where nobody gives another one.
        if let ExprKind::Default(_, usual) = &expr.kind {
            return self.callee(frame, usual);
        }
        if let ExprKind::Index(object, key) = &expr.kind
            && let Some(callee) = self.looked_up(frame, object, key)
        {
            return callee;
        }
        let mut path: Vec<Arc<str>> = Vec::new();
        let mut at = expr;
        loop {
            match &at.kind {
                ExprKind::Member(object, name) => {
                    path.push(name.clone());
                    at = object;
                }
                ExprKind::Name(name) => {
                    path.push(self.dialect.plain_name(name).into());
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
        self.builder_named(frame, &mut path);
        match &expr.kind {
            ExprKind::Member(object, member) => {
                let receiver = match self.bound_later(frame, object, member) {
                    Some(object) => object,
                    None => self.expr(frame, object),
                };
                let receiver = self.constant(frame, object, receiver, member);
                // `get.call(path)`, `url.apply(id)`
                if RUNNING.contains(&&**member)
                    && !matches!(self.dialect.naming(), Naming::JavaScript)
                    && let [Term { kind: Kind::Function(_), .. }] = receiver.terms.as_slice()
                {
                    path.pop();
                    return Callee { path, receiver: Value::default(), value: receiver };
                }
                let known = dotted(expr).and_then(|path| frame.env.get(&*path).cloned());
                let answered = receiver.terms.iter().any(|term| matches!(term.kind, Kind::Answer(_)));
                let value = match known {
                    Some(value) => Value::clone(&value),
                    // A method of it is no field.
                    None if answered => Value::unknown(member),
                    None if let Some(made) = self.made_of_name(frame, &receiver, member, expr.span) => made,
                    None if let Some(method) = self.beside_field(&receiver, member) => method,
                    None => {
                        let value = self.member(&receiver, member, expr.span);
                        self.known_or_class(frame, value, expr)
                    }
                };
                if let Some(held) = self.held_function(&value) {
                    return held;
                }
                let mut value = value;
                value.terms.retain(|term| !matches!(term.kind, Kind::Bound(..)));
                let value = if value.is_empty() { Value::unknown(member) } else { value };
                let value = self.text_method(&receiver, member).unwrap_or(value);
                Callee { path, receiver, value }
            }
            _ => {
                let value = self.expr(frame, expr);
                // A method of a class above, by its bare name.
                let receiver = self.own_object(frame, expr, &value);
                // `verb = session.post; verb(url)`
                Callee { path, receiver, value }.settled()
            }
        }
    }

    /// A value as a part of a text: an object is what its class writes it as.
    pub(crate) fn written_out(&mut self, frame: &mut Frame, value: Value, span: Span) -> Value {
        const WRITERS: [&str; 7] =
            [WRITTEN, "__str__", "toString", "ToString", "to_s", "__toString", "String"];
        let class = |term: &Term| match term.kind {
            Kind::Instance(class, _) | Kind::This(class) => Some(class),
            _ => None,
        };
        if value.terms.iter().all(|term| class(term).is_none()) {
            return value;
        }
        let mut out = Value::default();
        for term in value.terms {
            let writer = |class: ClassId| WRITERS.iter().find_map(|name| self.index.method(class, name));
            let text = match class(&term).and_then(writer) {
                Some(id) => {
                    let object = Value { terms: vec![term.clone()] };
                    let (mut text, _) = self.invoke(frame, id, &object, &[], span);
                    text.terms.retain(|text| matches!(text.kind, Kind::Text(_) | Kind::Param(_)));
                    text.within(&term)
                }
                None => Value::default(),
            };
            out = out.join(if text.is_empty() { Value { terms: vec![term] } } else { text });
        }
        out
    }

    /// A decorator of the program that is given a path makes the requests of what it
    /// puts around a function; one from elsewhere defines a server's route.
    fn decorator(&mut self, frame: &mut Frame, callee: &Callee, args: &[NamedValue], span: Span) -> Value {
        if let [Term { kind: Kind::Function(id), .. }] = callee.value.terms.as_slice() {
            self.invoke(frame, *id, &callee.receiver, args, span);
        }
        Value::unknown("")
    }
}

/// Whether a request is told its method and path in one text: `GET /users`.
fn is_told_by_line(args: &[NamedValue]) -> bool {
    let Some((None, line)) = args.first() else { return false };
    line.literal().as_deref().and_then(|text| text.split_once(' ')).is_some_and(|(verb, path)| {
        wording::method_named(&verb.to_ascii_lowercase()).is_some() && path.starts_with('/')
    })
}

/// Adds an argument to a list, spreading lists and objects that are known.
pub(super) fn push_arg(out: &mut Vec<NamedValue>, name: Option<Arc<str>>, value: Value, spread: bool) {
    if spread || name.as_deref() == Some("**") {
        match value.terms.as_slice() {
            [Term { kind: Kind::List(items), .. }] => {
                let rest = |item: &Value| matches!(item.terms.as_slice(), [Term { kind: Kind::Rest(_), .. }]);
                out.extend(items.iter().map(|item| (rest(item).then(|| "*".into()), item.clone())));
                return;
            }
            [Term { kind: Kind::Object(entries), open, .. }] if name.is_some() => {
                // What else may be handed over may say more of the body.
                let whole = !open && entries.iter().all(|(entry, _)| matches!(entry, Entry::Key(_)));
                for (entry, value) in entries.iter() {
                    if let Entry::Key(key) = entry {
                        let value = if whole { value.clone() } else { value.clone().opened() };
                        out.push((Some(key.name.clone()), value));
                    }
                }
                // What was there before: an argument of the same name counts first.
                for (_, value) in entries.iter().filter(|(entry, _)| *entry == Entry::Spread) {
                    push_arg(out, Some("**".into()), value.clone(), true);
                }
                return;
            }
            several if name.is_some() && several.len() > 1 => {
                if let Some(args) = crate::scan::objects::containers::args_of_several(several) {
                    out.extend(args);
                    return;
                }
            }
            _ => {}
        }
        let marker = if name.is_some() { "**" } else { "*" };
        out.push((Some(marker.into()), value));
        return;
    }
    out.push((name, value));
}
