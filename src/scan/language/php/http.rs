//! PHP's HTTP libraries: Guzzle, Symfony's and Laravel's clients, Buzz, curl,
//! streams, WordPress, and what only looks like one.

use crate::scan::form::{ANNOTATED, JoinStyle, Span};
use crate::scan::language::curl_options;
use crate::scan::naming::Naming;
use crate::scan::requests::builder::{self, URL};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{
    Callee, Dialect, Found, Meaning, NamedValue, argument, is_function, option,
};
use crate::scan::value::compose;
use crate::scan::value::url_parts;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::{foreign_name, message_name, method_named, words};

/// PHP's dialect.
pub(crate) struct Php;

/// Clients of libraries whose own names programs give their classes as well, and the names by
/// which they are known here.
const CLIENTS: [(&str, &str); 1] = [("GuzzleHttp\\Client", "GuzzleClient")];

/// The kind of builders that are handles of curl.
const CURL: &str = "curl";

/// Whether a call of this name sends a handle of curl that it is handed.
fn sends_handle(name: &str) -> bool {
    name == "curl_multi_add_handle"
        || words(name)
            .first()
            .is_some_and(|word| matches!(word.as_str(), "exec" | "execute" | "send" | "perform"))
}

/// The name by which a class of a library is known, by its whole name.
pub(super) fn library_class(path: &str) -> Option<&'static str> {
    let path = path.trim_start_matches('\\');
    CLIENTS.iter().find(|(class, _)| *class == path).map(|(_, name)| *name)
}

impl Dialect for Php {
    fn naming(&self) -> Naming {
        Naming::Classes
    }

    // `json_decode($text)` gives objects.
    fn reads_members(&self) -> bool {
        true
    }

    fn has_array_functions(&self) -> bool {
        true
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        let first = argument(args, Some(0), &["uri", "url"]);
        let second = argument(args, Some(1), &["uri", "url"]);
        if name == ANNOTATED {
            return crate::scan::language::annotations::meaning(args);
        }
        if builder::is_builder(&callee.receiver) {
            return step(callee, args);
        }
        // A handle that somebody sends: `Util::execute($handle)`, `curl_multi_add_handle($all, $handle)`.
        if let Some(handle) = builder::given(args).filter(|_| sends_handle(name))
            && builder::kind(handle).as_deref() == Some(CURL)
            && let Some(found) = builder::found(handle, Some("GET"))
        {
            return Meaning::Request(found);
        }
        let callback =
            args.len() > 1 && args.iter().skip(1).any(|(_, value)| is_function(value) || is_handler(value));
        if callee.client().is_none()
            && (callee.is_foreign()
                || foreign_name(&callee.path)
                || matches!(owner, "Route" | "Router" | "RouteCollectorProxy")
                || (callback && method_named(name).is_some() && !owner.ends_with("client"))
                || matches!(name, "addRoute" | "fake" | "respond" | "shouldReceive" | "group" | "map"))
        {
            return Meaning::Foreign;
        }
        if matches!(
            name,
            "echo" | "error_log" | "trigger_error" | "printf" | "var_dump" | "print_r" | "die" | "dd"
        ) || matches!(owner, "Log" | "logger" | "log")
            || (message_name(name) && name != "new")
            || name.starts_with("assert")
        {
            return Meaning::Quiet;
        }
        if matches!(name, "exec" | "shell_exec" | "system" | "passthru" | "popen" | "proc_open") {
            return crate::scan::language::programs::meaning(callee, args);
        }
        let fixed = |verb: &str, url: Option<&Value>| match url {
            Some(url) => Meaning::Request(Found::fixed(verb, url).on(callee.client())),
            None => Meaning::Unknown,
        };
        match (owner, name) {
            ("", "curl_init") => {
                let start = builder::new(CURL);
                return Meaning::Value(first.map_or(start.clone(), |url| builder::with(&start, URL, url)));
            }
            ("", "stream_context_create") => return first.cloned().map_or(Meaning::Unknown, Meaning::Value),
            ("", "file_get_contents" | "fopen" | "file") => {
                let web = first.is_some_and(|url| reads_like_path(url) || url.depends());
                let context = argument(args, Some(2), &["context"]).or_else(|| argument(args, Some(3), &[]));
                let http = context.and_then(|context| option(context, "http"));
                return match first {
                    Some(url) if web && (http.is_some() || has_scheme(url)) => {
                        let method = http.and_then(|http| option(http, "method"));
                        Meaning::Request(Found::with_method(method, Some("GET"), url))
                    }
                    _ => Meaning::Unknown,
                };
            }
            ("", "wp_remote_get" | "wp_safe_remote_get") => return fixed("GET", first),
            ("", "wp_remote_post" | "wp_safe_remote_post") => return fixed("POST", first),
            ("", "wp_remote_head") => return fixed("HEAD", first),
            ("", "wp_remote_request" | "wp_safe_remote_request") => {
                let Some(url) = first else { return Meaning::Unknown };
                let method = second.and_then(|options| option(options, "method"));
                // Options that nobody sees may say any method.
                let unseen =
                    |options: &Value| options.terms.iter().any(|term| matches!(term.kind, Kind::Unknown(_)));
                let default = if second.is_some_and(unseen) { None } else { Some("GET") };
                return Meaning::Request(Found::with_method(method, default, url));
            }
            (
                "",
                "Client" | "GuzzleClient" | "HttpClient" | "Browser" | "PendingRequest" | "CurlHttpClient",
            ) => {
                let base = first
                    .and_then(|options| ["base_uri", "base_url"].iter().find_map(|key| option(options, key)));
                return Meaning::Client(base.cloned().unwrap_or_default());
            }
            // Symfony: the same client with other options.
            (_, "withOptions") if first.and_then(|options| option(options, "base_uri")).is_some() => {
                let base = first.and_then(|options| option(options, "base_uri"));
                return Meaning::Client(base.cloned().unwrap_or_default());
            }
            // PSR-7 messages.
            ("", "Request") if args.len() >= 2 => {
                return match (first, second) {
                    (Some(method), Some(url)) if is_method(method) => {
                        Meaning::Request(Found::with_method(Some(method), None, url))
                    }
                    _ => Meaning::Unknown,
                };
            }
            // PSR-7's and PSR-17's URIs.
            (_, "createUri") => return first.cloned().map_or(Meaning::Unknown, Meaning::Value),
            (_, "withPath") if callee.client().is_none() && is_text(&callee.receiver) => {
                let Some(path) = argument(args, Some(0), &["path"]) else { return Meaning::Unknown };
                let origin = url_parts::part(&callee.receiver, url_parts::Part::Origin);
                let parts = std::slice::from_ref(path);
                return Meaning::Value(compose::join_url(&origin, parts, JoinStyle::Path, Span::NOWHERE));
            }
            (_, "withQuery" | "withScheme" | "withPort" | "withFragment" | "withUserInfo")
                if is_text(&callee.receiver) =>
            {
                return Meaning::Value(callee.receiver.clone());
            }
            (_, "createRequest") => {
                return match (first, second) {
                    (Some(method), Some(url)) => {
                        Meaning::Request(Found::with_method(Some(method), None, url))
                    }
                    _ => Meaning::Unknown,
                };
            }
            ("HttpClient" | "ScopingHttpClient", "create" | "createForBaseUri" | "forBaseUri") => {
                let base = if name == "create" {
                    None
                } else {
                    first.filter(|_| name == "createForBaseUri").or(second)
                };
                return Meaning::Client(base.cloned().unwrap_or_default());
            }
            (_, "baseUrl" | "withBaseUri")
                if callee.client().is_some()
                    || callee.path.first().is_some_and(|front| makes_client(front))
                    || makes_client(owner) =>
            {
                // What a setting is called may say whose API it is.
                let base = first.map(|base| compose::concat(std::slice::from_ref(base), Span::NOWHERE));
                return Meaning::Client(base.unwrap_or_default());
            }
            // Laravel: what configures a client gives it back.
            (_, _) if configures(name) => {
                if let Some(base) = callee.client() {
                    return Meaning::Client(base.clone());
                }
                if owner == "Http" || makes_client(owner) {
                    return Meaning::Client(Value::default());
                }
            }
            // A macro: what the program calls a client that it has set up.
            ("Http", _) if args.is_empty() && is_macro(name) => {
                let address = Value::unknown(&format!("{name}_url"));
                return Meaning::Client(compose::concat(&[address], Span::NOWHERE));
            }
            _ => {}
        }
        let lower = words(owner.trim_end_matches("()"));
        let client = callee.client().is_some()
            || owner == "Http"
            || lower.last().is_some_and(|word| matches!(word.as_str(), "guzzle" | "http" | "browser"))
            || lower.join("").ends_with("httpclient");
        if !client {
            return Meaning::Unknown;
        }
        let verb = name.strip_suffix("Async").unwrap_or(name);
        match (verb, method_named(verb)) {
            ("request" | "send", _) => match (first, second) {
                (Some(method), Some(url)) if is_method(method) || method.depends() => {
                    Meaning::Request(Found::with_method(Some(method), None, url).on(callee.client()))
                }
                _ => Meaning::Unknown,
            },
            (_, Some(method)) => match fixed(method, first) {
                Meaning::Request(mut found) => {
                    found.asks_by_place = takes_query(callee);
                    Meaning::Request(found)
                }
                other => other,
            },
            _ => Meaning::Unknown,
        }
    }
}

/// Whether a method of Laravel's client sets it up and gives it back.
fn configures(name: &str) -> bool {
    const STEPS: [&str; 9] = [
        "acceptJson",
        "asJson",
        "asForm",
        "retry",
        "timeout",
        "connectTimeout",
        "accept",
        "contentType",
        "attach",
    ];
    name.starts_with("with") || STEPS.contains(&name)
}

/// Whether a client takes the query behind the URL: Laravel's does, Guzzle takes options there.
fn takes_query(callee: &Callee) -> bool {
    let step = callee.owner().strip_suffix("()");
    callee.path.iter().any(|part| &**part == "Http")
        || step.is_some_and(|step| configures(step) || matches!(step, "baseUrl" | "withBaseUri"))
}

/// Whether something is called like what makes clients: `$http`, `$this->factory`.
fn makes_client(owner: &str) -> bool {
    matches!(owner, "Http" | "withToken()" | "withHeaders()")
        || matches!(words(owner).last().map(String::as_str), Some("http" | "factory"))
}

/// Whether a method of the facade is none of its own.
fn is_macro(name: &str) -> bool {
    const OWN: [&str; 12] = [
        "response",
        "sequence",
        "recorded",
        "record",
        "pool",
        "async",
        "macro",
        "batch",
        "throw",
        "dump",
        "failedConnection",
        "createPendingRequest",
    ];
    method_named(name).is_none()
        && !OWN.contains(&name)
        && name.starts_with(char::is_lowercase)
        && !["assert", "fake", "prevent", "allow", "global", "stub", "set", "get", "has"]
            .iter()
            .any(|front| name.starts_with(front))
}

/// `curl_setopt($handle, CURLOPT_URL, $url)` and the like.
fn step(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let known = callee.receiver.clone();
    let set = |known: Value, option: &str, value: &Value| {
        curl_options::set(known, option.trim_start_matches("CURLOPT_"), value)
    };
    match callee.name() {
        "curl_setopt" => {
            let (Some(option), Some(value)) = (argument(args, Some(0), &[]), argument(args, Some(1), &[]))
            else {
                return Meaning::Value(known);
            };
            match option.terms.first().map(|term| &term.kind) {
                Some(Kind::Unknown(name)) => Meaning::Value(set(known, name, value)),
                _ => Meaning::Value(known),
            }
        }
        "curl_setopt_array" => {
            let mut known = known;
            // A method that is given counts before what the body implies.
            for key in [
                "CURLOPT_URL",
                "CURLOPT_CUSTOMREQUEST",
                "CURLOPT_POST",
                "CURLOPT_POSTFIELDS",
                "CURLOPT_PUT",
                "CURLOPT_NOBODY",
            ] {
                if let Some(value) = argument(args, Some(0), &[]).and_then(|options| option(options, key)) {
                    known = set(known, key, value);
                }
            }
            Meaning::Value(known)
        }
        "curl_exec" => builder::found(&known, Some("GET")).map_or(Meaning::Unknown, Meaning::Request),
        _ => Meaning::Unknown,
    }
}

fn is_method(value: &Value) -> bool {
    Found::with_method(Some(value), None, value).methods.iter().all(|(method, _)| method.is_some())
}

/// `[UserController::class, 'index']`, `'UserController@index'`
fn is_handler(value: &Value) -> bool {
    value.literal().is_some_and(|text| text.contains('@') || text.ends_with("Controller"))
        || value.terms.iter().any(|term| matches!(&term.kind, Kind::List(items) if items.len() == 2
            && items[0].terms.iter().any(|term| matches!(&term.kind, Kind::Unknown(name) if &**name == "class"))))
}

fn is_text(value: &Value) -> bool {
    !value.is_empty() && value.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)))
}

fn has_scheme(value: &Value) -> bool {
    value.texts().any(|(pieces, _)| {
        let mut shown = String::new();
        pieces.iter().for_each(|piece| piece.show(&mut shown));
        shown.contains("://") || shown.starts_with('{')
    })
}
