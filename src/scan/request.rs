//! What a call means for HTTP: a request, a client object, a mock, a message.
//!
//! Each language's [`Dialect`] knows its HTTP libraries; [`generic`] reads calls
//! of helpers that are defined elsewhere by their names and arguments.

use std::sync::Arc;

use super::builder;
use super::form::{FunctionId, JoinStyle, Span};
use super::guards::Guard;
use super::modules::Naming;
use super::overridden::by_header;
use super::value::{self, Entry, Kind, Piece, Term, Value};

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
        self
    }

    /// The base URL of the client object that is called, if it is one.
    pub(crate) fn client(&self) -> Option<&Value> {
        self.receiver.terms.iter().chain(&self.value.terms).find_map(|term| match &term.kind {
            Kind::Client(base) => Some(&**base),
            _ => None,
        })
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

/// The methods that client code may use.
pub(crate) const METHODS: [&str; 8] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

/// The method that a word is, if it is one.
pub(crate) fn method_named(word: &str) -> Option<&'static str> {
    METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(word))
}

/// Whether a name is that of a library's function for a method of HTTP.
pub(crate) fn is_verb(name: &str) -> bool {
    matches!(name, "get" | "post" | "put" | "patch" | "delete" | "del" | "head" | "request")
}

/// The method that a constant from elsewhere is by its name: `HttpMethod.POST`,
/// `HTTP_GET`, `MethodPut`.
pub(crate) fn method_constant(name: &str) -> Option<&'static str> {
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let words = words(name);
    let (verb, rest) = words.split_last()?;
    let plain = |word: &String| matches!(word.as_str(), "http" | "method" | "methods" | "verb" | "request");
    if rest.iter().all(plain) { method_named(verb) } else { None }
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
        if let Some(base) = base
            && base.terms.iter().any(|term| matches!(term.kind, Kind::Text(_) | Kind::Param(_)))
        {
            let span = Span::NOWHERE;
            self.url = value::join_url(base, std::slice::from_ref(&self.url), JoinStyle::Base, span);
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
    options.terms.iter().find_map(|term| match &term.kind {
        Kind::Object(entries) => entries.iter().rev().find_map(|(entry, value)| match entry {
            Entry::Key(name) if **name == *key => Some(value),
            Entry::Spread => option(value, key),
            _ => None,
        }),
        _ => None,
    })
}

/// As [`option`], or the field of an object of a class: `Ask { method: "GET", url }`;
/// in Go and C# its name has a capital.
fn part<'v>(options: &'v Value, key: &str) -> Option<&'v Value> {
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
fn path_entry(options: &Value) -> Option<&Value> {
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

/// A word with a capital in front.
pub(crate) fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Words of an identifier: `apiGetJSON` -> api, get, json.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || (c.is_uppercase() && lower) {
            out.push(String::new());
        }
        fresh = false;
        lower = !c.is_uppercase();
        match out.last_mut() {
            Some(word) if c.is_ascii() => word.push(c.to_ascii_lowercase()),
            Some(word) => word.extend(c.to_lowercase()),
            None => {}
        }
    }
    out
}

/// The verb behind what a helper is for, where both are one word: `httpget`, `ghpost`.
fn glued(word: &str) -> Option<&str> {
    ["http", "api", "gh", "gl", "rest", "do"].iter().find_map(|front| word.strip_prefix(front))
}

/// The methods in the words of a name. `addOptions` and `headLine` are none.
fn verbs(words: &[String]) -> impl Iterator<Item = &'static str> {
    let alone = words.len() == 1;
    words
        .iter()
        .filter_map(move |word| match alone {
            true if word == "del" => Some("DELETE"),
            true => method_named(word).or_else(|| method_named(glued(word)?)),
            false => method_named(word),
        })
        .filter(move |verb| alone || !matches!(*verb, "OPTIONS" | "HEAD" | "TRACE"))
}

/// Names of things that mock, serve or route HTTP.
const FOREIGN: [&str; 36] = [
    "mock",
    "mocks",
    "mocker",
    "mocked",
    "responses",
    "httpretty",
    "nock",
    "msw",
    "respx",
    "wiremock",
    "stub",
    "moxios",
    "httpmock",
    "gock",
    "httptest",
    "app",
    "router",
    "server",
    "mux",
    "blueprint",
    "bp",
    "routes",
    "intercept",
    "requestsmock",
    "fetchmock",
    "handler",
    "handlers",
    "route",
    "pact",
    "mountebank",
    "vcr",
    "testserver",
    "fastify",
    "express",
    "web",
    "httpserver",
];
/// Names of things that hold values by key.
const KEEPERS: [&str; 22] = [
    "cache",
    "redis",
    "dict",
    "headers",
    "params",
    "config",
    "cfg",
    "settings",
    "environ",
    "env",
    "storage",
    "localstorage",
    "sessionstorage",
    "map",
    "registry",
    "cookies",
    "data",
    "store",
    "options",
    "kwargs",
    "db",
    "os",
];
/// Names of calls that look at a text.
pub(crate) const COMPARING: [&str; 27] = [
    "equals",
    "equalsIgnoreCase",
    "startsWith",
    "endsWith",
    "contains",
    "matches",
    "starts_with",
    "ends_with",
    "startswith",
    "endswith",
    "StartsWith",
    "StartsWithSegments",
    "EndsWith",
    "Equals",
    "Contains",
    "include?",
    "start_with?",
    "end_with?",
    "eq",
    "eq_ignore_ascii_case",
    "str_starts_with",
    "strpos",
    "is_match",
    "includes",
    "indexOf",
    "HasPrefix",
    "HasSuffix",
];
/// Names of calls that speak to people.
const MESSAGES: [&str; 44] = [
    "print",
    "println",
    "printf",
    "echo",
    "log",
    "debug",
    "info",
    "warn",
    "warning",
    "error",
    "exception",
    "critical",
    "fatal",
    "fatalf",
    "panic",
    "panicf",
    "errorf",
    "logf",
    "debugf",
    "infof",
    "warnf",
    "warningf",
    "trace",
    "fail",
    "fprintf",
    "fprintln",
    "sprintln",
    "skip",
    "describe",
    "it",
    "test",
    "expect",
    "assert",
    "assertequal",
    "assertin",
    "equal",
    "notify",
    "write",
    "writestring",
    "new",
    "secho",
    "wrap",
    "wrapf",
    "msg",
];
/// Words by which helpers that make requests are named.
pub(crate) const ASKING: [&str; 17] = [
    "request", "req", "fetch", "call", "send", "api", "http", "rest", "invoke", "do", "query", "client",
    "exec", "execute", "curl", "ajax", "paginate",
];

/// Words by which helpers that read page after page are named.
const PAGING: [&str; 6] = ["paginate", "paginated", "paginator", "pages", "paged", "lister"];

/// Names of functions that define a route, a mock or an expectation.
const DEFINING: [&str; 31] = [
    "route",
    "re_path",
    "add_url_rule",
    "add_route",
    "add_api_route",
    "add_resource",
    "mount",
    "include",
    "include_router",
    "handle",
    "handlefunc",
    "handle_func",
    "add_handler",
    "register",
    "forroutes",
    "exclude",
    "use",
    "all",
    "tohavebeencalledwith",
    "assert_called_with",
    "assert_called_once_with",
    "registerresponder",
    "add",
    "on",
    "when",
    "method",
    "methodfunc",
    "addroute",
    "withrequest",
    "with_request",
    "api_route",
];

/// Whether an object is called like one that holds values by key.
pub(crate) fn keeps_values(name: &str) -> bool {
    KEEPERS.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether objects of many kinds have a method of this name.
pub(crate) fn usual_method(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    method_named(&name).is_some()
        || matches!(
            name.as_str(),
            "add"
                | "all"
                | "append"
                | "call"
                | "close"
                | "copy"
                | "count"
                | "create"
                | "do"
                | "each"
                | "execute"
                | "exists"
                | "extend"
                | "fetch"
                | "filter"
                | "find"
                | "first"
                | "format"
                | "from"
                | "index"
                | "init"
                | "insert"
                | "items"
                | "join"
                | "keys"
                | "last"
                | "list"
                | "load"
                | "map"
                | "match"
                | "new"
                | "next"
                | "open"
                | "parse"
                | "pop"
                | "push"
                | "query"
                | "read"
                | "remove"
                | "render"
                | "replace"
                | "reset"
                | "run"
                | "save"
                | "search"
                | "send"
                | "set"
                | "show"
                | "size"
                | "sort"
                | "split"
                | "start"
                | "stop"
                | "string"
                | "sub"
                | "test"
                | "then"
                | "to_s"
                | "update"
                | "url"
                | "value"
                | "values"
                | "write"
        )
}

/// Whether a name belongs to something that mocks, serves or routes.
pub(crate) fn foreign_name(path: &[Arc<str>]) -> bool {
    let Some((name, owners)) = path.split_last() else { return false };
    let owner = |(at, name): (usize, &Arc<str>)| {
        // What belongs to a handler is its own: `self.handler.client.get(route)`.
        let inner = at + 1 < owners.len();
        let passed = |word: &str| inner && matches!(word, "handler" | "handlers");
        words(name).iter().any(|word| FOREIGN.contains(&word.as_str()) && !passed(word))
    };
    let mocking =
        |word: &String| matches!(word.as_str(), "mock" | "mocked" | "stub" | "expect" | "fake" | "intercept");
    owners.iter().enumerate().any(owner)
        || words(name).iter().any(mocking)
        || DEFINING.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a call of this name is a message for people.
pub(crate) fn message_name(name: &str) -> bool {
    MESSAGES.contains(&name.trim_start_matches('_').to_ascii_lowercase().as_str())
        || name.ends_with("Error")
        || name.ends_with("Exception")
}

/// Reads a call of something that is defined elsewhere.
///
/// `client.get(path)`, `_post(path)`, `api_request("PUT", path)`: a verb in the
/// name or as an argument, and an argument that reads like a path.
pub(crate) fn generic(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let name = callee.name();
    if message_name(name) {
        return Meaning::Quiet;
    }
    if callee.is_foreign() || foreign_name(&callee.path) {
        return Meaning::Foreign;
    }
    if keeps_values(callee.owner()) {
        // A path is the key under which something is kept.
        return if matches!(name, "get" | "has" | "contains") { Meaning::Quiet } else { Meaning::Unknown };
    }
    if COMPARING.contains(&name) {
        return Meaning::Quiet;
    }
    let words = words(name);
    let mut verbs: Vec<&str> = verbs(&words).collect();
    if verbs.is_empty() && words.iter().any(|word| PAGING.contains(&word.as_str())) {
        verbs.push("GET");
    }
    let asks = words.iter().any(|word| ASKING.contains(&word.as_str()));
    let method = given_method(args);
    if let Some(found) = route(args, asks) {
        return Meaning::Request(found.unsure());
    }
    let may_be_path = |value: &Value| {
        reads_like_path(value)
            || (!verbs.is_empty() && value.depends())
            || ((asks || method.is_some()) && is_parameter(value, &PATH_WORDS))
    };
    let position = args.iter().position(|(name, value)| name.is_none() && may_be_path(value));
    let named_url = argument(args, None, &["url", "path", "endpoint", "uri", "route"]).or_else(|| {
        let path = |(name, value): &&NamedValue| {
            may_be_path(value) && name.as_deref().is_some_and(|name| ends_with_word(name, &PATH_WORDS))
        };
        args.iter().find(path).map(|(_, value)| value)
    });
    // `client.request({ method: "POST", url: "/x" })`
    let listed = || {
        let given = |(_, options): &NamedValue| {
            let method = part(options, "method").filter(|value| reads_like_method(value));
            let plain = || ["url", "uri", "path", "endpoint"].iter().find_map(|key| part(options, key));
            // `{ method: "GET", fullPath: "/v1/users" }`
            let full = || method.and_then(|_| path_entry(options));
            let url = plain().or_else(full)?;
            // `service.requester.post({ url })`, `this.client._get({ path: "/users" })`
            let named = verbs.len() == 1;
            let whole = named && ["url", "uri"].iter().any(|key| option(options, key).is_some());
            // What a caller gives is a path where the method stands beside it.
            let path = reads_like_path(url) || (url.depends() && (method.is_some() && asks || whole));
            (path && (asks || named || method.is_some())).then(|| (url.clone(), method.cloned()))
        };
        args.iter().find_map(given)
    };
    let url = match (named_url, position) {
        (Some(url), _) => url,
        (None, Some(at)) => &args[at].1,
        (None, None) => match (method, listed()) {
            (None, Some((url, method))) => {
                let method = method.as_ref().or(verbs_value(&verbs).as_ref()).cloned();
                return Meaning::Request(Found::with_method(method.as_ref(), None, &url).unsure());
            }
            // `newRequest("GET", "users")`
            (Some(given), None) if asks => match after_method(args, given) {
                Some(url) => url,
                None => return Meaning::Unknown,
            },
            _ => return Meaning::Unknown,
        },
    };
    let after = position.map_or(0, |at| at + 1);
    if args.iter().skip(after).any(|(name, value)| name.is_none() && is_function(value))
        && (method.is_none() || !asks)
        && !(callee.path.iter().any(|name| ends_with_word(name, &["client", "requester"])))
    {
        // `router.get("/x", handler)`
        return Meaning::Foreign;
    }
    match (method, verbs.as_slice()) {
        (Some(method), _) if asks || !verbs.is_empty() || callee.path.len() >= 2 || reads_like_path(url) => {
            Meaning::Request(Found::with_method(Some(method), None, url).unsure())
        }
        (None, [verb]) => Meaning::Request(Found::fixed(verb, url).unsure()),
        (None, []) if reads_like_path(url) => {
            let method = args.iter().skip(after).find_map(|(_, value)| option(value, "method"));
            if asks || method.is_some_and(reads_like_method) {
                Meaning::Request(Found::with_method(method, None, url).unsure())
            } else {
                Meaning::Unknown
            }
        }
        _ => Meaning::Unknown,
    }
}

/// The last words of names that hold a path or a URL.
const PATH_WORDS: [&str; 6] = ["url", "path", "endpoint", "uri", "route", "resource"];
/// The last words of names that hold a method.
const METHOD_WORDS: [&str; 3] = ["method", "verb", "type"];

fn ends_with_word(name: &str, list: &[&str]) -> bool {
    words(name).last().is_some_and(|word| list.contains(&word.as_str()))
}

/// Whether a value is a parameter whose name ends in one of the words.
fn is_parameter(value: &Value, list: &[&str]) -> bool {
    matches!(value.terms.as_slice(), [Term { kind: Kind::Param(param), .. }] if ends_with_word(&param.name, list))
}

/// Whether an argument may be a URL: a text with a slash, or named like one.
pub(crate) fn may_be_url((name, value): &NamedValue) -> bool {
    // `base_url + endpoint`
    let put_together = || {
        let path = |piece: &Piece| matches!(piece, Piece::Param(param) if names_path(&param.name));
        let text = |term: &Term| matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(path));
        value.terms.iter().any(text)
    };
    name.is_none() && (reads_like_path(value) || is_parameter(value, &PATH_WORDS) || put_together())
}

/// Whether an argument may be what is asked for: options with a URL, or named so.
pub(crate) fn may_be_asked((name, value): &NamedValue) -> bool {
    let words = ["request", "req", "options", "opts", "config"];
    let url = |key: &&str| {
        option(value, key).is_some_and(|url| reads_like_path(url) || url.depends() && !value::is_nothing(url))
    };
    name.is_none() && (is_parameter(value, &words) || ["url", "uri", "path"].iter().any(url))
}

/// Whether a parameter is named like a path or a URL.
pub(crate) fn names_path(name: &str) -> bool {
    ends_with_word(name, &PATH_WORDS)
}

/// Whether a name is that of a method of HTTP that varies.
pub(crate) fn names_verb(name: &str) -> bool {
    match words(name).as_slice() {
        [.., last] if matches!(last.as_str(), "method" | "verb") => true,
        // `methodType`
        [.., before, last] => last == "type" && matches!(before.as_str(), "method" | "verb"),
        _ => false,
    }
}

/// Whether an argument is a method as a word or a constant.
pub(crate) fn names_method(args: &[NamedValue]) -> bool {
    given_method(args).is_some_and(reads_like_method)
}

/// Whether arguments say a method beside what may be a path: as a word, or in an
/// options object that holds both.
pub(crate) fn names_request(args: &[NamedValue]) -> bool {
    let both = |(_, options): &NamedValue| {
        let has = |key: &str| part(options, key).is_some();
        part(options, "method").is_some_and(reads_like_method)
            && (["url", "path", "endpoint", "uri"].iter().any(|key| has(key))
                || path_entry(options).is_some())
    };
    names_method(args) || args.iter().any(both)
}

/// The argument that is a method: by its name, by being one, or, before the
/// path, by the name of the parameter that is handed on.
fn given_method(args: &[NamedValue]) -> Option<&Value> {
    let exact = argument(args, None, &["method", "verb", "http_method"]);
    exact.or_else(|| {
        let method = |(name, value): &&NamedValue| match name {
            Some(name) => ends_with_word(name, &METHOD_WORDS) && reads_like_method(value),
            None => reads_like_method(value),
        };
        let handed = |(name, value): &&NamedValue| name.is_none() && is_parameter(value, &METHOD_WORDS);
        let found = args.iter().find(method).or_else(|| args.iter().take(2).find(handed));
        found.map(|(_, value)| value)
    })
}

/// The text after a method that is given by position.
fn after_method<'v>(args: &'v [NamedValue], method: &Value) -> Option<&'v Value> {
    let at = args.iter().position(|(name, value)| name.is_none() && std::ptr::eq(value, method))?;
    let (name, value) = args.get(at + 1)?;
    let word = |term: &Term| term.literal().is_some_and(|text| !text.is_empty() && !text.contains(' '));
    (name.is_none() && !value.is_empty() && value.terms.iter().all(word)).then_some(value)
}

/// A method as a value, if a name holds exactly one.
fn verbs_value(verbs: &[&str]) -> Option<Value> {
    match verbs {
        [verb] => Some(Value::text((*verb).into(), Span::NOWHERE)),
        _ => None,
    }
}

/// A method and a path in one text: `request("GET /users/{id}", ...)`.
fn route(args: &[NamedValue], asks: bool) -> Option<Found> {
    let (None, value) = args.first()? else { return None };
    let [term] = value.terms.as_slice() else { return None };
    if !asks {
        return None;
    }
    let (method, pieces) = route_of(term)?;
    Some(Found::fixed(method, &Value::one(Kind::Text(pieces))))
}

/// The method and the path of a text that holds both.
pub(crate) fn route_of(term: &Term) -> Option<(&'static str, Vec<Piece>)> {
    let Kind::Text(pieces) = &term.kind else { return None };
    let Some(Piece::Literal { text, literal, origin, local }) = pieces.first() else { return None };
    let (word, path) = text.split_once(' ')?;
    let method = METHODS.into_iter().find(|method| *method == word)?;
    let spaces = |piece: &Piece| matches!(piece, Piece::Literal { text, .. } if text.contains([' ', '\n']));
    if !path.starts_with('/') || path.contains([' ', '\n']) || pieces.iter().skip(1).any(spaces) {
        return None;
    }
    let path = Piece::Literal { text: path.into(), literal: *literal, origin: *origin, local: *local };
    Some((method, std::iter::once(path).chain(pieces.iter().skip(1).cloned()).collect()))
}

/// Whether a call of something that is defined elsewhere hands its first
/// argument on: `addOptions(path, options)`.
pub(crate) fn passes_through(callee: &Callee, args: &[NamedValue]) -> bool {
    let words = words(callee.name());
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    any(&["add", "with", "append", "build", "encode", "set"])
        && any(&["options", "opts", "query", "params", "parameters", "args", "querystring"])
        && args.first().is_some_and(|(name, value)| {
            name.is_none() && (reads_like_path(value) || is_parameter(value, &PATH_WORDS))
        })
}

/// Whether a call of something that is defined elsewhere makes a URL of a path:
/// `apiUrl("/v1/users")`.
pub(crate) fn builds_url(callee: &Callee, args: &[NamedValue]) -> bool {
    words(callee.name()).iter().any(|word| matches!(word.as_str(), "url" | "uri" | "path" | "endpoint"))
        && args.first().is_some_and(|(name, value)| name.is_none() && reads_like_path(value))
}

/// Whether every alternative of a value is an HTTP method.
fn reads_like_method(value: &Value) -> bool {
    !value.is_empty()
        && value.terms.iter().all(|term| match &term.kind {
            Kind::Unknown(name) => name.len() > 2 && method_constant(name).is_some(),
            _ => term.literal().is_some_and(|word| method_named(&word).is_some()),
        })
}

/// Whether some alternative of a value reads like a URL or a path.
pub(crate) fn reads_like_path(value: &Value) -> bool {
    value.terms.iter().any(|term: &Term| match &term.kind {
        Kind::Text(pieces) => {
            let spaces = pieces.iter().any(
                |piece| matches!(piece, Piece::Literal { text, .. } if text.contains([' ', '\n', '\t'])),
            );
            let slash =
                pieces.iter().any(|piece| matches!(piece, Piece::Literal { text, .. } if text.contains('/')));
            (slash || begins_at_base(pieces)) && !spaces
        }
        _ => false,
    })
}

/// Whether a text is a word behind what a path begins with: `{base_url}users`.
fn begins_at_base(pieces: &[Piece]) -> bool {
    let name = match pieces.first() {
        Some(Piece::Hole(name)) => name,
        Some(Piece::Param(param)) => param.members.last().unwrap_or(&param.name),
        _ => return false,
    };
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_lowercase());
    ends_with_word(name, &["base", "url", "uri", "prefix", "endpoint", "root", "host", "server"])
        && matches!(pieces.get(1), Some(Piece::Literal { text, .. }) if begins(text))
}
