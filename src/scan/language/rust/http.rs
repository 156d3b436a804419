//! Rust's HTTP libraries: reqwest, ureq, hyper, surf, isahc and the like, and
//! what only looks like one.

use crate::scan::form::{JoinStyle, Span};
use crate::scan::language::annotations;
use crate::scan::language::shared::PAIR;
use crate::scan::naming::Naming;
use crate::scan::requests::builder::{self, METHOD, URL};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, argument};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::{ASKING, foreign_name, message_name, method_named, words};

/// Rust's dialect.
pub(crate) struct Rust;

/// Crates whose functions are requests.
pub(super) const CRATES: [&str; 10] =
    ["reqwest", "ureq", "surf", "isahc", "attohttpc", "minreq", "blocking", "chttp", "nyquest", "ehttp"];
/// Macros and functions that speak to people.
const SPEAKING: [&str; 10] = [
    "panic",
    "bail",
    "anyhow",
    "eyre",
    "todo",
    "unimplemented",
    "unreachable",
    "ensure",
    "span",
    "instrument",
];

impl Dialect for Rust {
    fn naming(&self) -> Naming {
        Naming::Rust
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        let first = argument(args, Some(0), &[]);
        let second = argument(args, Some(1), &[]);
        let is_list = callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::List(_)));
        if let ("join", true, Some(separator)) = (name, is_list, first.and_then(Value::literal)) {
            return Meaning::Value(compose::join_list(&callee.receiver, &separator, Span::NOWHERE));
        }
        if name == annotations::REQUEST {
            return annotations::meaning(args);
        }
        if name == PAIR {
            return match (first, second) {
                (Some(method), Some(url)) => {
                    Meaning::Request(Found::with_method(Some(method), None, url).unsure())
                }
                _ => Meaning::Unknown,
            };
        }
        if builder::is_builder(&callee.receiver) {
            return step(callee, args);
        }
        // A request that somebody else finishes: `client.build_request(builder, body)`.
        if let Some(begun) = builder::given(args)
            && words(name).iter().any(|word| ASKING.contains(&word.as_str()))
            && !foreign_name(&callee.path)
        {
            return builder::found(begun, None).map_or(Meaning::Unknown, Meaning::Request);
        }
        // Before what is named like a server that answers: `Url::parse(server)?.join(path)`.
        if !callee.is_foreign()
            && let Some(value) = address(callee, args)
        {
            return Meaning::Value(value);
        }
        let first_name = callee.path.first().map_or("", |name| name);
        let serving = matches!(
            owner,
            "web"
                | "Router"
                | "Router()"
                | "App"
                | "App()"
                | "Scope"
                | "Mock"
                | "warp"
                | "MethodRouter"
                | "route()"
        ) || matches!(
            name,
            "route" | "nest" | "service" | "resource" | "scope" | "given" | "mock" | "path" | "expect"
        ) && !args.is_empty()
            && callee.path.len() < 3
            && !matches!(first_name, "self");
        if callee.is_foreign()
            || serving && !is_text(&callee.receiver)
            || (name != "method" && foreign_name(&callee.path))
        {
            return Meaning::Foreign;
        }
        let new = matches!(name, "new" | "expect");
        if SPEAKING.contains(&name)
            || (message_name(name) && !new)
            || (name.starts_with("assert") || name.starts_with("debug_assert"))
        {
            return Meaning::Quiet;
        }
        if owner == "Command" && name == "new" {
            let program = first.and_then(Value::literal);
            // What asks itself, or runs a line that does.
            let asks = |program: &str| {
                let name = program.rsplit('/').next().unwrap_or(program);
                matches!(name, "curl" | "wget" | "kubectl" | "oc" | "sh" | "bash")
            };
            return match program.as_deref().is_some_and(asks) {
                true => Meaning::Value(command(first)),
                false => Meaning::Unknown,
            };
        }
        match (owner, name) {
            // surf: `Request::builder(method, url)`
            ("Request", "builder") if second.is_some() => {
                let (Some(method), Some(url)) = (first, second) else { return Meaning::Unknown };
                return Meaning::Request(Found::with_method(Some(method), None, url));
            }
            ("Request" | "http::Request", "builder") => return Meaning::Value(builder::new("")),
            // Of the crate `http`; what it has no URL for is no request.
            ("Builder", "new") if args.is_empty() => return Meaning::Value(builder::new("")),
            ("Request" | "RequestBuilder", "new") if second.is_some() => {
                let (Some(method), Some(url)) = (first, second) else { return Meaning::Unknown };
                return Meaning::Request(Found::with_method(Some(method), None, url));
            }
            ("Client" | "ClientBuilder" | "Agent", "new" | "builder" | "new_with_defaults") => {
                return Meaning::Client(Value::default());
            }
            ("builder()" | "new()", "build") => return Meaning::Client(Value::default()),
            ("Request", _) if method_named(name).is_some() => {
                return match first {
                    Some(url) => {
                        let start = builder::with(&builder::new(""), URL, url);
                        Meaning::Value(builder::with_method(&start, &name.to_ascii_uppercase()))
                    }
                    None => Meaning::Unknown,
                };
            }
            _ => {}
        }
        // `Client::builder().user_agent("tool").build()`
        let asking = method_named(name).is_some() || name.starts_with("request") || name == "execute";
        if callee.client().is_some() && !asking {
            return Meaning::Value(callee.receiver.clone());
        }
        let lower = owner.trim_end_matches("()").to_ascii_lowercase();
        let client = callee.client().is_some()
            || CRATES.contains(&owner)
            || matches!(
                words(&lower).last().map(String::as_str),
                Some("client" | "http" | "agent" | "reqwest")
            );
        if !client {
            return Meaning::Unknown;
        }
        match (name, method_named(name)) {
            ("request" | "request_url", _) => match (first, second) {
                (Some(method), Some(url)) => Meaning::Request(Found::with_method(Some(method), None, url)),
                _ => Meaning::Unknown,
            },
            (_, Some(method)) => match first {
                Some(url) if is_address(url) => Meaning::Request(Found::fixed(method, url)),
                _ => Meaning::Unknown,
            },
            _ => Meaning::Unknown,
        }
    }
}

/// `Request::builder().method(m).uri(u).body(b)`
fn step(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let known = &callee.receiver;
    let first = argument(args, Some(0), &[]);
    if builder::kind(known).as_deref() == Some("command") {
        return arguments(callee, args);
    }
    match (callee.name(), first) {
        ("uri" | "url", Some(url)) => Meaning::Value(builder::with(known, URL, url)),
        ("method", Some(method)) => Meaning::Value(builder::with(known, METHOD, method)),
        ("body" | "send" | "build" | "json" | "call" | "send_json" | "send_string" | "set_body", _) => {
            match builder::found(known, Some("GET")) {
                Some(found) => Meaning::Request(found),
                None => Meaning::Value(known.clone()),
            }
        }
        _ => Meaning::Value(known.clone()),
    }
}

/// The words of a command are kept as its URL: a list.
fn command(program: Option<&Value>) -> Value {
    let words = program.cloned().into_iter().collect();
    builder::with(&builder::new("command"), URL, &Value::one(Kind::List(std::sync::Arc::new(words))))
}

fn arguments(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let known = &callee.receiver;
    let mut words: Vec<Value> = match builder::part(known, URL) {
        Some(value) => value
            .terms
            .iter()
            .find_map(|term| match &term.kind {
                Kind::List(items) => Some(items.to_vec()),
                _ => None,
            })
            .unwrap_or_default(),
        None => Vec::new(),
    };
    match callee.name() {
        "arg" => words.extend(args.iter().map(|(_, value)| value.clone())),
        "args" => {
            for term in args.iter().flat_map(|(_, value)| &value.terms) {
                if let Kind::List(items) = &term.kind {
                    words.extend(items.iter().cloned());
                }
            }
        }
        "output" | "spawn" | "status" => {
            let line = (None, Value::one(Kind::List(std::sync::Arc::new(words))));
            return crate::scan::language::shell::http::program(&[line])
                .map_or(Meaning::Unknown, Meaning::Request);
        }
        _ => return Meaning::Value(known.clone()),
    }
    Meaning::Value(builder::with(known, URL, &Value::one(Kind::List(std::sync::Arc::new(words)))))
}

/// URLs and strings that are built by calls.
fn address(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    // `UriTemplate::new("/users/{id}").set("id", id).build()`, `base.into_parts()`
    if is_text(&callee.receiver) && matches!(callee.name(), "set" | "build" | "expand" | "into_parts") {
        return Some(callee.receiver.clone());
    }
    if callee.owner() == "path_and_query()" && callee.name() == "build" {
        return Some(callee.receiver.clone());
    }
    let first = argument(args, Some(0), &[])?;
    let text = is_text(&callee.receiver);
    // What a field was made of may have any name, the field itself says what it is.
    let url_like = text || is_address(&callee.receiver) || is_named_address(callee.owner());
    match callee.name() {
        // Texts alone have `push_str`; what is pushed onto a list is no part of a path.
        "push_str" if !is_known_otherwise(&callee.receiver) => {
            Some(compose::concat(&[callee.receiver.clone(), first.clone()], Span::NOWHERE))
        }
        "push" if url_like && first.literal().is_some_and(|part| part == "/") => {
            Some(compose::concat(&[callee.receiver.clone(), first.clone()], Span::NOWHERE))
        }
        // `url.extend(utf8_percent_encode(name, ALL))`
        "push" | "append" | "extend" if text => {
            Some(compose::concat(&[callee.receiver.clone(), first.clone()], Span::NOWHERE))
        }
        "join" if url_like => Some(compose::join_url(
            &callee.receiver,
            std::slice::from_ref(first),
            JoinStyle::Url,
            Span::NOWHERE,
        )),
        "set_path" if url_like => Some(compose::join_url(
            &callee.receiver,
            std::slice::from_ref(first),
            JoinStyle::Path,
            Span::NOWHERE,
        )),
        // `Uri::builder().path_and_query(route).build()`
        "path_and_query" if callee.owner() == "builder()" => Some(first.clone()),
        "set_query" | "query_pairs_mut" | "set_host" if url_like => Some(callee.receiver.clone()),
        _ => None,
    }
}

fn is_text(value: &Value) -> bool {
    value.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)))
}

/// Whether a value is something that no text is.
fn is_known_otherwise(value: &Value) -> bool {
    value.is_empty()
        || value
            .terms
            .iter()
            .any(|term| !matches!(term.kind, Kind::Text(_) | Kind::Unknown(_) | Kind::Param(_)))
}

/// Whether a value can be a URL: it has a slash, is handed in, or is named so.
fn is_address(value: &Value) -> bool {
    reads_like_path(value)
        || value.depends()
        || value.terms.iter().any(|term| matches!(&term.kind, Kind::Unknown(name) if is_named_address(name)))
}

fn is_named_address(name: &str) -> bool {
    const ADDRESSES: [&str; 8] = ["url", "uri", "base", "endpoint", "path", "host", "server", "origin"];
    words(name).last().is_some_and(|word| ADDRESSES.contains(&word.as_str()))
}
