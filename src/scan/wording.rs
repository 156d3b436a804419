//! What the words of a name say: a method of HTTP, a path, a message, a mock, a
//! route that is served.

use std::sync::Arc;

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
/// `HTTP_GET`, `MethodPut`, `METH_DELETE`.
pub(crate) fn method_constant(name: &str) -> Option<&'static str> {
    if !name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let words = words(name);
    let (verb, rest) = words.split_last()?;
    let plain =
        |word: &String| matches!(word.as_str(), "http" | "meth" | "method" | "methods" | "verb" | "request");
    if rest.iter().all(plain) { method_named(verb) } else { None }
}

/// Methods that make a text or an address what it is already; classes of a program may have
/// their own.
pub(crate) const CONVERSIONS: [&str; 8] =
    ["toString", "ToString", "toUri", "toURI", "toURL", "toUrl", "to_uri", "asString"];

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
pub(super) fn verbs(words: &[String]) -> impl Iterator<Item = &'static str> {
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

/// What is made to hold values by key, whatever it is kept under: `const seen = new Map()`.
pub(crate) const KEEPER: &str = "(keeper)";

/// Types whose objects are such things, in all languages that are told by calls.
const KEEPERS_BY_TYPE: [&str; 24] = [
    "Cache",
    "ConcurrentHashMap",
    "Counter",
    "Dict",
    "HashMap",
    "HashSet",
    "LFUCache",
    "LRU",
    "LRUCache",
    "LinkedHashMap",
    "LruCache",
    "Map",
    "MemoryCache",
    "NodeCache",
    "OrderedDict",
    "QuickLRU",
    "Set",
    "SimpleCache",
    "TTLCache",
    "TreeMap",
    "WeakMap",
    "WeakSet",
    "defaultdict",
    "dict",
];

/// Whether a call of this name makes such a thing: `new Map()`, `TTLCache(10)`.
pub(crate) fn makes_keeper(name: &str) -> bool {
    KEEPERS_BY_TYPE.contains(&name)
}

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
pub(super) const PAGING: [&str; 6] = ["paginate", "paginated", "paginator", "pages", "paged", "lister"];

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
    // What `ctx.githubApp.getClient()` gives asks in the name of an app; one for tests asks the app itself.
    let client = match words(name).as_slice() {
        [get, .., client] => get == "get" && client == "client",
        _ => false,
    };
    let owner = |(at, name): (usize, &Arc<str>)| {
        // What belongs to a handler is its own: `self.handler.client.get(route)`.
        let inner = at + 1 < owners.len();
        let passed = |word: &str| inner && matches!(word, "handler" | "handlers") || client && word == "app";
        let words = words(name);
        // `appOctokit` asks in the name of an app, and is none.
        let asks = words.last().is_some_and(|last| CLIENTS.contains(&last.as_str()));
        let passed = |word: &str| passed(word) || asks && word == "app";
        words.iter().any(|word| FOREIGN.contains(&word.as_str()) && !passed(word))
    };
    // What a server is told is no route: `app.config.get("SHELF_URL")`.
    if owners.len() > 1 && owners.last().is_some_and(|owner| holds_settings(owner)) {
        return false;
    }
    let mocking =
        |word: &String| matches!(word.as_str(), "mock" | "mocked" | "stub" | "expect" | "fake" | "intercept");
    owners.iter().enumerate().any(owner)
        || words(name).iter().any(mocking)
        || DEFINING.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether something is called like a setting: `ORBIT_URL`, `services.orbit.url`.
pub(crate) fn names_setting(name: &str) -> bool {
    let last = name.rsplit(['.', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let keyed = last.len() < name.len()
        && ["url", "uri", "host", "base", "endpoint", "address"].iter().any(|word| last.ends_with(word));
    keyed || name.contains('_') && is_in_capitals(name)
}

/// Whether a name is written as those of the environment are (POSIX, Base Definitions, section 8.1).
pub(crate) fn is_in_capitals(name: &str) -> bool {
    name.chars().all(|c| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// Whether a member holds what a server or a program is told.
pub(crate) fn holds_settings(name: &str) -> bool {
    matches!(name, "config" | "configuration" | "settings" | "conf")
}

/// What names of clients end with.
const CLIENTS: [&str; 5] = ["client", "octokit", "api", "http", "sdk"];

/// Whether a call of this name is a message for people.
pub(crate) fn message_name(name: &str) -> bool {
    MESSAGES.contains(&name.trim_start_matches('_').to_ascii_lowercase().as_str())
        || name.ends_with("Error")
        || name.ends_with("Exception")
}

/// The last words of names that hold a path or a URL.
pub(super) const PATH_WORDS: [&str; 6] = ["url", "path", "endpoint", "uri", "route", "resource"];

/// The last words of names that hold a method.
pub(super) const METHOD_WORDS: [&str; 3] = ["method", "verb", "type"];

pub(super) fn ends_with_word(name: &str, list: &[&str]) -> bool {
    words(name).last().is_some_and(|word| list.contains(&word.as_str()))
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
