//! Ruby's HTTP libraries: Net::HTTP, Faraday, HTTParty, RestClient, http.rb,
//! HTTPX, Excon, Typhoeus, open-uri, and what only looks like one.

use crate::scan::form::Span;
use crate::scan::naming::Naming;
use crate::scan::requests::builder::{self, RESOURCE, URL};
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, argument};
use crate::scan::value::compose;
use crate::scan::value::{Kind, ParamRef, Piece, Term, Value};
use crate::scan::wording::{foreign_name, message_name, method_constant, method_named, words};

/// Ruby's dialect.
pub(crate) struct Ruby;

/// Modules whose functions are requests.
const MODULES: [&str; 12] = [
    "HTTParty",
    "RestClient",
    "Faraday",
    "HTTP",
    "HTTPX",
    "Excon",
    "Typhoeus",
    "HTTPClient",
    "Curl",
    "Patron",
    "Unirest",
    "Httparty",
];
/// Last words of the names of client objects.
const CLIENTS: [&str; 8] = ["conn", "connection", "faraday", "http", "httpx", "excon", "session", "agent"];

impl Dialect for Ruby {
    fn naming(&self) -> Naming {
        Naming::Classes
    }

    fn calls_by_name(&self) -> bool {
        true
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        let first = argument(args, Some(0), &["url"]);
        let block = args.iter().any(|(name, _)| name.as_deref() == Some("&"));
        let bare = callee.path.len() == 1 || (callee.path.len() == 2 && owner == "self");
        // Sinatra, Rails: `get "/x" do`, `get "/x", to: "users#index"`
        let routed = argument(args, None, &["to", "controller", "action", "as", "on", "via", ""]).is_some();
        if callee.client().is_none()
            && (callee.is_foreign()
                || (bare && method_named(name).is_some() && (block || routed))
                || matches!(
                    name,
                    "with" | "receive" | "resources" | "namespace" | "scope" | "draw" | "match" | "visit"
                )
                || (foreign_name(&callee.path) && name != "add"))
        {
            return Meaning::Foreign;
        }
        if matches!(name, "puts" | "p" | "pp" | "raise" | "abort" | "include_examples" | "context" | "say")
            && bare
            || matches!(owner, "logger" | "Logger" | "log" | "$stdout" | "$stderr")
            || (message_name(name) && name != "new")
        {
            return Meaning::Quiet;
        }
        if matches!(
            name,
            "system" | "exec" | "spawn" | "popen" | "capture2" | "capture3" | "capture2e" | "sh"
        ) {
            return crate::scan::language::programs::meaning(callee, args);
        }
        // A class of requests that a helper is given: `type.new(path)` for `Net::HTTP::Get`.
        if let [] | [_] = callee.path.as_slice() {
            let verb = |term: &Term| match &term.kind {
                Kind::Unknown(class) if **class != *name => method_constant(class),
                _ => term.literal().and_then(|verb| method_named(&verb)),
            };
            let verbs: Option<Vec<_>> = callee.value.terms.iter().map(verb).collect();
            match (verbs.as_deref(), first) {
                (Some([verb]), _) => return net_http(verb, args),
                // `class_for(action).new(uri)`, `const_get(verb.capitalize).new(uri)`
                (Some([_, _, ..]), Some(url)) => {
                    let mut found = Found::with_method(None, None, url);
                    let terms = callee.value.terms.iter();
                    found.methods =
                        terms.map(|term| (verb(term).map(str::to_owned), term.when.clone())).collect();
                    return Meaning::Request(found);
                }
                (None, Some(url))
                    if callee.value.terms.iter().all(is_open_class) && !callee.value.is_empty() =>
                {
                    return Meaning::Request(Found::with_method(Some(&callee.value), None, url));
                }
                _ => {}
            }
        }
        if let ("HTTP" | "Object" | "Kernel", "const_get") = (owner, name)
            && let Some(class) = argument(args, Some(0), &[])
        {
            return constant_got(class, owner == "HTTP").map_or(Meaning::Unknown, Meaning::Value);
        }
        if builder::kind(&callee.receiver).as_deref() == Some(RESOURCE) {
            return match method_named(name) {
                Some(verb) => builder::found(&builder::with_method(&callee.receiver, verb), None)
                    .map_or(Meaning::Unknown, Meaning::Request),
                None => Meaning::Value(callee.receiver.clone()),
            };
        }
        // Objects are made by calling their class.
        match (owner, name) {
            ("HTTP", verb) if callee.path.first().is_some_and(|first| &**first == "Net") => {
                return net_http(verb, args);
            }
            (_, "Faraday") | ("Excon" | "HTTPX", "new") | (_, "Excon") | ("HTTP", "persistent") => {
                let base = argument(args, Some(0), &["url"]).filter(|value| !is_hash(value));
                return Meaning::Client(base.cloned().unwrap_or_default());
            }
            ("RestClient", "Resource") => {
                let start = builder::new(RESOURCE);
                return Meaning::Value(first.map_or(start.clone(), |url| builder::with(&start, URL, url)));
            }
            ("Typhoeus", "Request") => {
                let Some(url) = first else { return Meaning::Unknown };
                return Meaning::Request(Found::with_method(
                    argument(args, None, &["method"]),
                    Some("GET"),
                    url,
                ));
            }
            ("Request", "execute") => {
                let Some(url) = argument(args, None, &["url"]) else { return Meaning::Unknown };
                return Meaning::Request(Found::with_method(argument(args, None, &["method"]), None, url));
            }
            // open-uri's own `open` is that of files as well.
            ("", "open") if args.len() <= 2 && first.is_some_and(is_remote) => {
                return first.map_or(Meaning::Unknown, |url| Meaning::Request(Found::fixed("GET", url)));
            }
            ("URI", "open") | ("OpenURI", "open_uri") => {
                return first.map_or(Meaning::Unknown, |url| Meaning::Request(Found::fixed("GET", url)));
            }
            _ => {}
        }
        let base = callee.client();
        let last = words(owner.trim_end_matches("()")).pop();
        let module = callee
            .path
            .first()
            .is_some_and(|first| MODULES.contains(&&**first) && &**first != "Net")
            || owner.strip_suffix("()").is_some_and(|step| {
                matches!(step, "with" | "auth" | "headers" | "plugin" | "basic_auth" | "timeout" | "follow")
            });
        let named = last.is_some_and(|last| CLIENTS.contains(&last.as_str()));
        if base.is_none() && !module && !named {
            return Meaning::Unknown;
        }
        match name {
            "request" | "run_request" | "send_request" => {
                let Some(url) = argument(args, Some(1), &["url", "path", "uri"]) else {
                    return Meaning::Unknown;
                };
                let method =
                    argument(args, None, &["method", "verb"]).or_else(|| argument(args, Some(0), &[]));
                Meaning::Request(Found::with_method(method, None, url).on(base))
            }
            "get_response" | "get_print" => {
                first.map_or(Meaning::Unknown, |url| Meaning::Request(Found::fixed("GET", url).on(base)))
            }
            _ => {
                let verb = match name {
                    "post_form" => Some("POST"),
                    _ => method_named(name),
                };
                let url = argument(args, None, &["path"]).or_else(|| argument(args, Some(0), &["url"]));
                match (verb, url) {
                    (Some(verb), Some(url)) => {
                        let mut found = Found::fixed(verb, url).on(base);
                        found.asks_by_place = takes_query(callee);
                        Meaning::Request(found)
                    }
                    // `Excon.new(url).get`
                    (Some(verb), None) if base.is_some_and(|base| !base.is_empty()) => match base {
                        Some(base) => Meaning::Request(Found::fixed(verb, base)),
                        None => Meaning::Unknown,
                    },
                    _ => Meaning::Unknown,
                }
            }
        }
    }
}

/// Whether a client takes the query behind the path: Faraday's module, and what its connections
/// are called. Net::HTTP takes headers there, HTTParty and others options.
fn takes_query(callee: &Callee) -> bool {
    const NAMES: [&str; 3] = ["conn", "connection", "faraday"];
    let named = |name: &str| words(name).last().is_some_and(|last| NAMES.contains(&last.as_str()));
    // Of those that are made with a base URL only Faraday's take what they like by its place.
    let based = callee.client().is_some_and(|base| !base.is_empty());
    based
        || named(callee.owner().trim_end_matches("()"))
        || callee.path.first().is_some_and(|first| &**first == "Faraday")
}

/// The class of a request of which the method is known by a caller: `Net::HTTP.const_get(verb)`.
fn constant_got(name: &Value, of_library: bool) -> Option<Value> {
    const MODULE: &str = "Net::HTTP::";
    let begins = |term: &Term| matches!(term.pieces().first(), Some(Piece::Literal { text, .. }) if text.starts_with(MODULE));
    if !of_library && !name.terms.iter().all(begins) {
        return None;
    }
    let whole = compose::concat(std::slice::from_ref(name), Span::NOWHERE);
    Some(whole.map_texts(|pieces| {
        if let Some(Piece::Literal { text, .. }) = pieces.first_mut() {
            *text = text.strip_prefix(MODULE).unwrap_or(text).into();
        }
        pieces.retain(|piece| !matches!(piece, Piece::Literal { text, .. } if text.is_empty()));
    }))
}

/// Whether an alternative is a class that a caller names; other classes are no texts.
fn is_open_class(term: &Term) -> bool {
    matches!(&term.kind, Kind::Text(pieces) if matches!(pieces.as_slice(), [Piece::Param(_)]))
}

/// Whether a value is an address with its scheme, or what a caller says.
fn is_remote(value: &Value) -> bool {
    let remote = |term: &Term| match &term.kind {
        Kind::Param(_) => true,
        Kind::Text(pieces) => {
            matches!(pieces.first(), Some(Piece::Literal { text, .. }) if text.starts_with("http://") || text.starts_with("https://"))
        }
        _ => false,
    };
    !value.is_empty() && value.terms.iter().all(remote)
}

/// `Net::HTTP.get(uri)`, `Net::HTTP::Get.new(uri)`, `Net::HTTP.new(host)`
fn net_http(name: &str, args: &[NamedValue]) -> Meaning {
    let Some(url) = argument(args, Some(0), &[]) else { return Meaning::Client(Value::default()) };
    let whole = whole_url(url);
    let url = whole.as_ref().unwrap_or(url);
    match name {
        // `Net::HTTP.public_send(verb, uri)`
        "request" => match argument(args, Some(1), &[]) {
            Some(target) => Meaning::Request(Found::with_method(Some(url), None, target)),
            None => Meaning::Unknown,
        },
        "get" | "get_response" | "get_print" | "Get" => Meaning::Request(Found::fixed("GET", url)),
        "post" | "post_form" | "Post" => Meaning::Request(Found::fixed("POST", url)),
        "HTTP" | "start" => Meaning::Client(Value::default()),
        _ => match method_named(name) {
            Some(verb) => Meaning::Request(Found::fixed(verb, url)),
            None => Meaning::Unknown,
        },
    }
}

/// The URL whose path is asked for, where a caller gives it: `Net::HTTP::Get.new(uri.path)`.
fn whole_url(target: &Value) -> Option<Value> {
    let [Term { kind: Kind::Param(param), .. }] = target.terms.as_slice() else { return None };
    let (last, members) = param.members.split_last()?;
    let url = members.last().unwrap_or(&param.name);
    let named = words(url).last().is_some_and(|word| matches!(word.as_str(), "uri" | "url"));
    (&**last == "path" && (named || members.is_empty()))
        .then(|| Value::one(Kind::Param(ParamRef { members: members.to_vec(), ..param.clone() })))
}

fn is_hash(value: &Value) -> bool {
    builder::is_builder(value) || value.terms.iter().any(|term| matches!(term.kind, Kind::Object(_)))
}
