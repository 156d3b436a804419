//! Calls of helpers that are defined elsewhere, read by their names and arguments.

use super::request::{
    Callee, Found, Meaning, NamedValue, argument, is_function, option, option_or_given, part, path_entry,
};
use super::routes;
use crate::scan::form::Span;
use crate::scan::value::{self, Entry, Kind, Listed, Piece, Term, Value, compose, is_nothing};
use crate::scan::wording::{
    ASKING, COMPARING, KEEPER, METHOD_WORDS, METHODS, PAGING, PATH_WORDS, ends_with_word, foreign_name,
    keeps_values, makes_keeper, message_name, method_constant, method_named, names_path, verbs, words,
};

/// Names of what holds settings.
const SETTINGS: [&str; 9] = [
    "config",
    "configuration",
    "settings",
    "prefs",
    "preferences",
    "props",
    "properties",
    "env",
    "environment",
];

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
    if keeps_values(callee.owner()) || is_keeper(&callee.receiver) {
        // A path is the key under which something is kept.
        return if matches!(name, "get" | "has" | "contains") { Meaning::Quiet } else { Meaning::Unknown };
    }
    if callee.path.len() <= 2 && makes_keeper(name) {
        return Meaning::Value(Value::unknown(KEEPER));
    }
    if COMPARING.contains(&name) || routes::keeps_rule(name, args) {
        return Meaning::Quiet;
    }
    if let Some(default) = default_of(callee, args) {
        return Meaning::Value(default.clone());
    }
    let words = words(name);
    let mut verbs: Vec<&str> = verbs(&words).collect();
    // `gl.http_list("/projects")`
    let lists = matches!(words.as_slice(), [http, list] if http == "http" && list == "list");
    if verbs.is_empty() && (lists || words.iter().any(|word| PAGING.contains(&word.as_str()))) {
        verbs.push("GET");
    }
    // `octokit.paginate.iterator("GET /users")`
    let each = matches!(name, "iterator" | "each" | "all") && PAGING.contains(&callee.owner());
    let asks = each || words.iter().any(|word| ASKING.contains(&word.as_str()));
    if verbs.is_empty() && asks {
        verbs.extend(verb_of_client(callee.owner()));
    }
    let method = given_method(args);
    if let Some(found) = route(args, asks) {
        return Meaning::Request(found.unsure());
    }
    let of_client = is_client_method(callee, &verbs, args);
    let may_be_path = |value: &Value| {
        reads_like_path(value)
            || of_client && is_word(value)
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
            // Options of Node's: `request({ hostname, path, method })`.
            if let Some(url) = behind_host(options)
                && let Some(method) = method
            {
                return Some((url, Some(method.clone())));
            }
            let url = plain().or_else(full)?;
            // `service.requester.post({ url })`, `this.client._get({ path: "/users" })`
            let named = verbs.len() == 1;
            let whole = named && ["url", "uri"].iter().any(|key| option(options, key).is_some());
            // What a caller or an object gives is a path where the method stands beside it:
            // `this.breaker.runCommand({ method: "POST", url: this.usersUrl })`.
            let beside =
                method.is_some() && (asks || ["url", "uri"].iter().any(|key| option(options, key).is_some()));
            let path = reads_like_path(url) || (url.depends() && (beside || whole));
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
                // `client.request({ path, headers })` only reads.
                let reads = args.len() == 1 && args.iter().all(|(_, options)| only_asks(options));
                let default = reads.then_some("GET");
                return Meaning::Request(Found::with_method(method.as_ref(), default, &url).unsure());
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
    // `new StringRequest(url, answer -> ..., error -> ...)` is no route.
    let made = callee.path.len() == 1
        && name.starts_with(char::is_uppercase)
        && words.last().is_some_and(|word| word == "request");
    // `this._get({ path, params }, done)`: no route has parameters.
    let told = || {
        let beside = ["params", "query", "qs", "body", "headers"];
        option(url, "path").is_some() && beside.iter().any(|key| option(url, key).is_some())
    };
    if !made
        && args.iter().skip(after).any(|(name, value)| name.is_none() && is_function(value))
        && !told()
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
            let method = args.iter().skip(after).find_map(|(_, value)| option_or_given(value, "method"));
            let method = method.as_ref();
            if asks || method.is_some_and(reads_like_method) {
                // `apiFetch("/users")`: what is handed nothing but where to ask only reads.
                let reads = fetches(&words)
                    && args.iter().all(|given| {
                        std::ptr::eq(&given.1, url)
                            || asks_for(given)
                            || is_nothing(&given.1)
                            || says_how(&given.1)
                    });
                let default = reads.then_some("GET");
                Meaning::Request(Found::with_method(method, default, url).unsure())
            } else {
                Meaning::Unknown
            }
        }
        _ => Meaning::Unknown,
    }
}

/// The address that options say in two parts, host and path, as those of Node's do.
fn behind_host(options: &Value) -> Option<Value> {
    let host = option(options, "hostname").or_else(|| option(options, "host"))?;
    let path = option(options, "path").filter(|path| reads_like_path(path) || path.depends())?;
    let scheme = Value::text("https://".into(), Span::NOWHERE);
    Some(compose::concat(&[scheme, host.clone(), path.clone()], Span::NOWHERE))
}

/// Whether options say all of a request, and neither a method nor anything that is sent.
fn only_asks(options: &Value) -> bool {
    const SENT: [&str; 9] = ["method", "type", "verb", "body", "data", "json", "form", "formData", "payload"];
    let [term] = options.terms.as_slice() else { return false };
    let Kind::Object(entries) = &term.kind else { return false };
    entries.iter().all(|(entry, _)| matches!(entry, Entry::Key(key) if !SENT.contains(&&**key)))
}

/// Whether options say how to ask, and nothing else: what is given other things does something of its own.
fn says_how(options: &Value) -> bool {
    const HOW: [&str; 7] = ["headers", "params", "query", "qs", "searchParams", "signal", "timeout"];
    let [term] = options.terms.as_slice() else { return false };
    let Kind::Object(entries) = &term.kind else { return false };
    entries.iter().all(|(entry, _)| matches!(entry, Entry::Key(key) if HOW.contains(&&**key)))
}

/// Whether a value was made to hold others by key.
fn is_keeper(value: &Value) -> bool {
    let made = |term: &Term| matches!(&term.kind, Kind::Unknown(name) if &**name == KEEPER);
    !value.is_empty() && value.terms.iter().all(made)
}

/// Whether a call is a client's for one method of HTTP: `this.client.post("projects", data)`,
/// `this.http_get("series")`. What `client.get("users")` gets may be anything.
fn is_client_method(callee: &Callee, verbs: &[&str], args: &[NamedValue]) -> bool {
    let [verb] = verbs else { return false };
    let sends = matches!(*verb, "POST" | "PUT" | "PATCH") && args.len() >= 2;
    match words(callee.name()).as_slice() {
        [_] => {
            let keeps = || words(callee.owner()).iter().any(|word| keeps_values(word) || stores(word));
            sends && callee.path.len() >= 2 && ends_with_word(callee.owner(), &["client", "http"]) && !keeps()
        }
        [first, _] => first == "http",
        _ => false,
    }
}

/// Whether a word of a client's name says that it is one of a store or a queue.
fn stores(word: &str) -> bool {
    matches!(word, "s3" | "storage" | "bucket" | "blob" | "queue" | "kafka" | "kv" | "store" | "db" | "mqtt")
}

/// Whether a function's name says that it fetches something: `fetch`, `requestJSON`.
fn fetches(words: &[String]) -> bool {
    let body = |word: &str| matches!(word, "json" | "text");
    words.iter().any(|word| word == "fetch")
        || matches!(words, [request, read] if request == "request" && body(read))
}

/// Whether an argument by its name only says what is asked for.
fn asks_for((name, _): &NamedValue) -> bool {
    let words = ["params", "query", "headers", "timeout", "token"];
    name.as_deref().is_some_and(|name| ends_with_word(name, &words))
}

/// The method that a client is for by its name: `this.putClient.makeRequest(path, body)`.
fn verb_of_client(owner: &str) -> Option<&'static str> {
    match words(owner).as_slice() {
        [verb, client] if matches!(client.as_str(), "client" | "requester") => method_named(verb),
        _ => None,
    }
}

/// Whether a value is a word as it stands in paths: `"projects"`.
fn is_word(value: &Value) -> bool {
    let plain =
        |text: &str| text.len() > 2 && text.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '_'));
    matches!(value.terms.as_slice(), [term] if term.literal().is_some_and(|text| plain(&text)))
}

/// What a setting is where nobody gives it: `config.getString("apiUrl", "https://api.example.com")`.
fn default_of<'v>(callee: &Callee, args: &'v [NamedValue]) -> Option<&'v Value> {
    let [(None, key), (name, default)] = args else { return None };
    if !matches!(name.as_deref(), None | Some("default" | "fallback")) {
        return None;
    }
    let key = key.literal().filter(|key| !key.is_empty() && !key.contains(['/', ' ']))?;
    let whole = |term: &Term| match &term.kind {
        Kind::Text(pieces) => {
            matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.contains("://"))
        }
        _ => false,
    };
    let asked = match callee.name() {
        "getString" | "getProperty" | "getOrDefault" | "optString" | "get_string" | "get_or_default" => true,
        // A service and what it is asked for look the same.
        "get" if ends_with_word(callee.owner(), &SETTINGS) => true,
        // `conf("SHELF_URL", "https://shelf.example.com")`
        _ => is_variable(&key),
    };
    let is_url = !default.is_empty() && default.terms.iter().all(whole);
    (asked && is_url && method_named(&key).is_none()).then_some(default)
}

/// Whether a key is a variable of the environment that holds an address: `SHELF_BASE_URL`.
fn is_variable(key: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    key.contains('_')
        && key.chars().all(capital)
        && ends_with_word(
            &key.to_ascii_lowercase(),
            &["url", "uri", "host", "base", "endpoint", "server", "root"],
        )
}

/// Whether a value is a parameter whose name ends in one of the words.
fn is_parameter(value: &Value, list: &[&str]) -> bool {
    matches!(value.terms.as_slice(), [Term { kind: Kind::Param(param), .. }] if ends_with_word(&param.name, list))
}

/// The last words of names that hold several paths.
const PATH_LISTS: [&str; 6] = ["urls", "paths", "endpoints", "uris", "routes", "resources"];

/// Whether an argument may be a URL: a text with a slash, or named like one.
pub(crate) fn may_be_url((name, value): &NamedValue) -> bool {
    // `base_url + endpoint`
    let put_together = || {
        let path = |piece: &Piece| match piece {
            Piece::Param(param) => names_path(&param.name),
            // `base_url + endpoint.format(**parts)`
            Piece::Joined(Listed::Template(template), _) => names_path(&template.param.name),
            _ => false,
        };
        let text = |term: &Term| matches!(&term.kind, Kind::Text(pieces) if pieces.iter().any(path));
        value.terms.iter().any(text)
    };
    // One of `urls`, which a caller gives.
    let listed = || is_parameter(value, &PATH_LISTS);
    name.is_none()
        && (reads_like_path(value) || is_parameter(value, &PATH_WORDS) || listed() || put_together())
}

/// Whether an argument may be what is asked for: options with a URL, or named so.
pub(crate) fn may_be_asked((name, value): &NamedValue) -> bool {
    let words = ["request", "req", "options", "opts", "config"];
    let url = |key: &&str| {
        option(value, key).is_some_and(|url| reads_like_path(url) || url.depends() && !value::is_nothing(url))
    };
    name.is_none() && (is_parameter(value, &words) || ["url", "uri", "path"].iter().any(url))
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
    if !asks {
        return None;
    }
    let (method, path) = routes_of(value)?;
    Some(Found::fixed(method, &path))
}

/// The method and the paths of texts that all hold the same method.
pub(crate) fn routes_of(value: &Value) -> Option<(&'static str, Value)> {
    let told = value.terms.iter().map(|term| {
        let (method, pieces) = route_of(term)?;
        Some((method, Term { kind: Kind::Text(pieces), ..term.clone() }))
    });
    let told: Vec<(&str, Term)> = told.collect::<Option<_>>()?;
    let (method, _) = *told.first().filter(|(method, _)| told.iter().all(|(other, _)| other == method))?;
    Some((method, Value { terms: told.into_iter().map(|(_, term)| term).collect() }))
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
/// `apiUrl("/v1/users")`, `make_endpoint(path)`.
pub(crate) fn builds_url(callee: &Callee, args: &[NamedValue]) -> bool {
    // What is called a URL may be whole already: `parse_url(url)`.
    const PARTS: [&str; 4] = ["path", "endpoint", "route", "resource"];
    let named =
        words(callee.name()).iter().any(|word| matches!(word.as_str(), "url" | "uri" | "path" | "endpoint"));
    // `url::construct_ep("/events", query)`, of a module of that name
    let of_module = || matches!(callee.owner(), "url" | "urls" | "uri" | "uris");
    (named || puts_together(callee.name()) && of_module())
        && args.first().is_some_and(|(name, value)| {
            name.is_none() && (reads_like_path(value) || is_parameter(value, &PARTS))
        })
}

/// Whether a function is by the first word of its name one that makes something of what it is given.
pub(crate) fn puts_together(name: &str) -> bool {
    words(name).first().is_some_and(|word| matches!(word.as_str(), "build" | "construct" | "make"))
}

/// Whether a request is made of options that a caller gives, in the way of Node's own `http`:
/// the options, and a function that takes the answer.
pub(crate) fn hands_options_on(callee: &Callee, args: &[NamedValue]) -> bool {
    let open = |term: &Term| matches!(term.kind, Kind::Param(_) | Kind::Unknown(_));
    let [(None, options), (None, then)] = args else { return false };
    matches!(callee.name(), "request" | "get")
        && callee.path.len() == 2
        && callee.receiver.terms.iter().all(open)
        && matches!(options.terms.as_slice(), [Term { kind: Kind::Param(_), .. }])
        && is_function(then)
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

/// Whether an object says where a request goes: `{ url, method }`.
pub(crate) fn describes_request(term: &Term) -> bool {
    let Kind::Object(entries) = &term.kind else { return false };
    let has = |names: &[&str]| {
        entries.iter().any(|(entry, value)| match entry {
            Entry::Key(key) => names.contains(&&*key.name) && !is_nothing(value),
            Entry::Spread | Entry::Any => false,
        })
    };
    has(&["url", "uri", "path"])
        && has(&["method", "headers", "host", "hostname", "body", "json", "qs", "params"])
}
