//! What a call means for HTTP: a request, a client object, a mock, a message.
//!
//! Each language's [`Dialect`] knows its HTTP libraries; [`generic`] reads calls
//! of helpers that are defined elsewhere by their names and arguments.

use std::sync::Arc;

use super::builder;
use super::generic::{generic, reads_like_path};
use super::overridden::by_header;
use crate::scan::fields::sent;
use crate::scan::form::{FunctionId, JoinStyle, Span};
use crate::scan::naming::Naming;
use crate::scan::objects::elements::element;
use crate::scan::value::compose;
use crate::scan::value::guard::Guard;
use crate::scan::value::{self, Entry, Kind, Term, Value};
use crate::scan::wording::{
    METHOD_WORDS, ends_with_word, method_constant, method_named, names_path, names_setting,
};

/// An argument: its name, if it is passed by name, and its value. `*` and `**`
/// name arguments that could not be spread out.
pub(crate) type NamedValue = (Option<Arc<str>>, Value);

/// What is called.
#[derive(Clone, Debug)]
pub(crate) struct Callee {
    /// The names by which it is called: `["self", "session", "get"]`.
    pub path: Vec<Arc<str>>,
    /// The object before the last name.
    pub receiver: Value,
    /// The callee itself.
    pub value: Value,
}

impl Callee {
    /// The last name.
    pub(crate) fn name(&self) -> &str {
        self.path.last().map_or("", |name| name)
    }

    /// The name before the last.
    pub(crate) fn owner(&self) -> &str {
        self.path.len().checked_sub(2).map_or("", |at| &self.path[at])
    }

    /// The class of which a call makes an object, as Python writes one that no file has:
    /// `gitlab.Gitlab(url)`, `Gitlab.from_config("main")`.
    pub(crate) fn class(&self) -> Option<&str> {
        let last = self.path.len().saturating_sub(2);
        self.path[last..].iter().rev().map(|name| &**name).find(|name| name.starts_with(char::is_uppercase))
    }

    /// The class that made the object that is called, if that is all that is known of it.
    pub(crate) fn maker(&self) -> Option<&Arc<str>> {
        match self.receiver.terms.as_slice() {
            [Term { kind: Kind::Unknown(name), .. }] if name.starts_with(char::is_uppercase) => Some(name),
            _ => None,
        }
    }

    /// Whether it is a function that is known by who calls the one around it.
    pub(crate) fn is_handed(&self) -> bool {
        let function =
            |term: &Term| matches!(term.kind, Kind::Param(_) | Kind::Bound(..) | Kind::Function(_));
        self.value.depends() && self.value.terms.iter().all(function)
    }

    /// As a method of an object, if it is a function that is one.
    pub(crate) fn settled(mut self) -> Self {
        if let [term @ Term { kind: Kind::Bound(object, name), .. }] = self.value.terms.as_slice()
            && !term.is_chosen()
        {
            if let [Term { kind: Kind::Unknown(object), .. }] = object.terms.as_slice() {
                self.path = vec![object.clone()];
            }
            self.path.push(name.clone());
            self.receiver = Value::clone(object);
            self.value = Value::unknown(&name.clone());
        }
        // A function of a library that has a name of its own: `tried(urlopen, [url])`,
        // or is imported by it: `from requests import get`.
        if let [Term { kind: Kind::Unknown(name), .. }] = self.value.terms.as_slice()
            && self.path.len() <= 1
            && (&**name == "urlopen" || name.starts_with(char::is_lowercase) && method_named(name).is_some())
        {
            self.path = vec![name.clone()];
        }
        self
    }

    /// The base URL of the client object that is called, if it is one.
    pub(crate) fn client(&self) -> Option<&Value> {
        let clients = || {
            self.receiver.terms.iter().chain(&self.value.terms).filter_map(|term| match &term.kind {
                Kind::Client(base) => Some(&**base),
                _ => None,
            })
        };
        // One that is given its base later is first made without.
        clients().find(|base| !base.is_empty()).or_else(|| clients().next())
    }

    /// Whether the object that is called is a mock, a router, a server.
    pub(crate) fn is_foreign(&self) -> bool {
        let terms = || self.receiver.terms.iter().chain(&self.value.terms);
        terms().next().is_some() && terms().any(|term| matches!(term.kind, Kind::Foreign))
    }
}

/// What a language knows of its HTTP libraries.
pub(crate) trait Dialect: Sync {
    /// What a call means. Also asked again when a wrapper's arguments are
    /// filled in.
    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning;

    /// Whether a class of this name, that the program does not have, is a client
    /// object of an HTTP library.
    fn is_client_class(&self, _name: &str) -> bool {
        false
    }

    /// A name as the language's libraries have it, whatever a file calls it.
    fn plain_name<'n>(&self, name: &'n str) -> &'n str {
        name
    }

    /// Whether a request is answered with its body, read already.
    fn answers_with_body(&self, _callee: &Callee) -> bool {
        false
    }

    /// A request that a call of something unknown begins to build.
    fn begins(&self, _callee: &Callee, _args: &[NamedValue]) -> Option<Value> {
        None
    }

    /// Whether PHP's functions for lists are at hand by their plain names: `current($items)`.
    fn has_array_functions(&self) -> bool {
        false
    }

    /// Whether keys of a body are members of what it is read into.
    fn reads_members(&self) -> bool {
        matches!(self.naming(), Naming::JavaScript)
    }

    /// How imports name modules.
    fn naming(&self) -> Naming {
        Naming::None
    }

    /// Whether a name without arguments calls a method: Ruby's `repository.path`.
    fn calls_by_name(&self) -> bool {
        false
    }
}

/// What a call means.
#[derive(Debug)]
pub(crate) enum Meaning {
    /// An HTTP request.
    Request(Found),
    /// Makes a client object with this base URL.
    Client(Value),
    /// Makes or configures something that only looks like a client.
    Foreign,
    /// A message for people.
    Quiet,
    /// Yields this value: a URL, or a builder with one part more. As a
    /// statement, the object that is called becomes it.
    Value(Value),
    Unknown,
}

/// An alternative of a method with its conditions; `None` where it is not
/// known.
pub(crate) type MethodTerm = (Option<String>, Vec<(u32, u32)>);

/// A request as read from a call.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub methods: Vec<MethodTerm>,
    /// Whether the method is left to the caller of the function.
    pub method_open: bool,
    pub url: Value,
    /// A library call, or a helper that is judged by its name.
    pub sure: bool,
    /// A host may stand without a scheme before it.
    pub bare_host: bool,
    /// What is sent as a text, where no argument of its own says so: `-d '{...}'`.
    pub bodies: Vec<Value>,
    /// The same for the query: `-G -d 'limit=5'`.
    pub queries: Vec<Value>,
    /// An object behind the URL is the query: `Faraday.get(url, state: "open")`.
    pub asks_by_place: bool,
}

/// A call that makes a request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub function: FunctionId,
    pub callee: Callee,
    pub args: Vec<NamedValue>,
    /// The call.
    pub span: Span,
    /// The open request of the called function that this call fills in.
    pub fills: Option<usize>,
    /// Calls between this place and the library.
    pub wrappers: usize,
    /// It is made by a method that nobody is seen to call, of an object that is
    /// made here.
    pub later: bool,
    /// Nothing is said here that the called method does not say itself.
    pub repeats: bool,
    /// What callers decide of whether it is made.
    pub guards: Vec<Guard>,
    /// The request with its open parameters as holes or defaults.
    pub in_place: Option<Box<Request>>,
    /// It stands where a class says the path.
    pub declared: bool,
    /// The same, and nobody who has an object of the class is seen to call the method that makes it.
    pub unasked: bool,
}

impl Request {
    /// Whether all that matters of an open request is the object's: who calls the
    /// method on the same object adds nothing.
    pub(crate) fn is_of_object(&self) -> bool {
        let mut own = Vec::new();
        let mut asks = self.callee.receiver.asks_caller();
        self.callee.receiver.receivers(&mut own);
        for (name, value) in &self.args {
            value.receivers(&mut own);
            // An option by its name may be left to the caller.
            let option = name.as_deref().is_some_and(|name| {
                !matches!(name, "*" | "**") && !names_path(name) && !ends_with_word(name, &METHOD_WORDS)
            });
            asks |= !option && value.asks_caller();
        }
        !own.is_empty() && !asks
    }

    /// Reads the request out of the call.
    pub(crate) fn read(&self, dialect: &dyn Dialect) -> Option<Found> {
        if builder::kind(&self.callee.receiver).as_deref() == Some(builder::OWN) {
            return builder::found(&self.callee.receiver, None).map(Found::unsure);
        }
        let found = match dialect.meaning(&self.callee, &self.args) {
            Meaning::Request(found) => found,
            _ => match generic(&self.callee, &self.args) {
                Meaning::Request(found) => found,
                _ => return None,
            },
        };
        Some(by_header(found, &self.args))
    }
}

/// The argument of a name, or else at a place.
pub(crate) fn argument<'v>(
    args: &'v [NamedValue],
    index: Option<usize>,
    names: &[&str],
) -> Option<&'v Value> {
    let named = args.iter().find(|(name, _)| name.as_deref().is_some_and(|name| names.contains(&name)));
    let placed = || args.iter().filter(|(name, _)| name.is_none()).nth(index?);
    // An argument list that is handed on as a whole may hold anything.
    let open = || args.iter().find(|(name, _)| name.as_deref() == Some("*"));
    named.or_else(placed).or_else(|| index.and_then(|_| open())).map(|(_, value)| value)
}

impl Found {
    /// A request of a library whose method is fixed.
    pub(crate) fn fixed(method: &str, url: &Value) -> Self {
        Found {
            methods: vec![(Some(method.to_owned()), Vec::new())],
            method_open: false,
            url: url.clone(),
            sure: true,
            bare_host: false,
            bodies: Vec::new(),
            queries: Vec::new(),
            asks_by_place: false,
        }
    }

    /// A request whose method is a value; `default` where there is none.
    pub(crate) fn with_method(method: Option<&Value>, default: Option<&str>, url: &Value) -> Self {
        let mut found = Found {
            methods: Vec::new(),
            method_open: false,
            url: url.clone(),
            sure: true,
            bare_host: false,
            bodies: Vec::new(),
            queries: Vec::new(),
            asks_by_place: false,
        };
        match method {
            None => found.methods.push((default.map(str::to_owned), Vec::new())),
            Some(value) => {
                for term in &value.terms {
                    found.method_open |= matches!(&term.kind, Kind::Param(_));
                    let word = term.literal();
                    let method = match (word.as_deref(), &term.kind) {
                        (Some(""), _) => default.map(str::to_owned),
                        (Some(word), _) => method_named(word.trim()).map(str::to_owned),
                        (None, Kind::Unknown(_)) if value::is_nothing_term(term) => {
                            default.map(str::to_owned)
                        }
                        (None, Kind::Unknown(name)) => method_constant(name).map(str::to_owned),
                        // `Verb.POST`, of an enumeration of the program
                        (None, Kind::Instance(_, fields)) => {
                            let name = value::name_of_constant(fields).and_then(Value::literal);
                            name.and_then(|name| method_named(&name).map(str::to_owned))
                        }
                        (None, _) => None,
                    };
                    found.methods.push((method, term.when.clone()));
                }
                found.method_open |= value.depends();
            }
        }
        if found.methods.is_empty() {
            found.methods.push((None, Vec::new()));
        }
        found
    }

    /// The request relative to a client's base URL.
    pub(crate) fn on(mut self, base: Option<&Value>) -> Self {
        // What a setting is called may say whose address it is: `baseURL: process.env.ORBIT_URL`.
        let says = |term: &Term| match &term.kind {
            Kind::Text(_) | Kind::Param(_) => true,
            Kind::Unknown(name) => names_setting(name),
            _ => false,
        };
        if let Some(base) = base
            && base.terms.iter().any(says)
        {
            let span = Span::NOWHERE;
            self.url = compose::join_url(base, std::slice::from_ref(&self.url), JoinStyle::Base, span);
        }
        self
    }

    pub(crate) fn unsure(mut self) -> Self {
        self.sure = false;
        self
    }
}

/// The entry of an options object, or of a named argument list.
pub(crate) fn option<'v>(options: &'v Value, key: &str) -> Option<&'v Value> {
    let found = options.terms.iter().find_map(|term| match &term.kind {
        Kind::Object(entries) => entries.iter().rev().find_map(|(entry, value)| match entry {
            Entry::Key(name) if **name == *key => Some(value),
            Entry::Spread => option(value, key),
            _ => None,
        }),
        _ => None,
    });
    // What has been taken out is not there.
    found.filter(|value| !sent::is_deleted(value))
}

/// As [`option`], with what a caller may give instead: `{ method: "GET", ...options }`.
pub(crate) fn option_or_given(options: &Value, key: &str) -> Option<Value> {
    let known = option(options, key)?;
    let object = |term: &&Term| matches!(term.kind, Kind::Object(_));
    let objects = || options.terms.iter().filter(object).map(|term| Value { terms: vec![term.clone()] });
    let given = objects().find(|one| option(one, key).is_some()).map(|one| element(&one, Some(key)));
    Some(given.filter(Value::depends).unwrap_or_else(|| known.clone()))
}

/// As [`option`], or the field of an object of a class: `Ask { method: "GET", url }`;
/// in Go and C# its name has a capital.
pub(crate) fn part<'v>(options: &'v Value, key: &str) -> Option<&'v Value> {
    let same = |name: &str| name.eq_ignore_ascii_case(key);
    option(options, key).or_else(|| {
        options.terms.iter().find_map(|term| match &term.kind {
            Kind::Object(entries) => entries.iter().rev().find_map(|(entry, value)| match entry {
                Entry::Key(name) if same(name) => Some(value),
                _ => None,
            }),
            Kind::Instance(_, fields) => fields.iter().find(|(name, _)| same(name)).map(|(_, value)| value),
            _ => None,
        })
    })
}

/// The entry of an options object whose name says that it is a path.
pub(super) fn path_entry(options: &Value) -> Option<&Value> {
    options.terms.iter().find_map(|term| match &term.kind {
        Kind::Object(entries) => entries.iter().find_map(|(entry, value)| match entry {
            Entry::Key(name) if names_path(name) && reads_like_path(value) => Some(value),
            _ => None,
        }),
        _ => None,
    })
}

/// Whether the options come from outside the function.
pub(crate) fn is_open(options: &Value) -> bool {
    options.terms.iter().any(|term| match &term.kind {
        Kind::Param(_) | Kind::Rest(_) => true,
        Kind::Object(entries) => {
            entries.iter().any(|(entry, value)| *entry == Entry::Spread && is_open(value))
        }
        _ => false,
    })
}

/// Whether the value is a closure.
pub(crate) fn is_function(value: &Value) -> bool {
    value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_)))
}
