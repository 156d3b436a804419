//! Python's HTTP libraries: requests, httpx, aiohttp, urllib, urllib3,
//! http.client, and what only looks like one of them.

use crate::scan::language::curl_options;
use crate::scan::naming::Naming;
use crate::scan::requests::builder;
use crate::scan::requests::generic::{may_be_url, names_method, reads_like_path};
use crate::scan::requests::request::{
    Callee, Dialect, Found, Meaning, NamedValue, argument, is_open, option,
};
use crate::scan::value::url_parts;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::{foreign_name, message_name, method_named, words};

/// Python's dialect.
pub(crate) struct Python;

/// Constructors of client objects, by their last name.
const CLIENTS: [&str; 18] = [
    "BaseUrlSession",
    "HTMLSession",
    "OAuth1Session",
    "OAuth2Session",
    "OAuth2Client",
    "AsyncOAuth2Client",
    "HTTPConnectionPool",
    "HTTPSConnectionPool",
    "Session",
    "session",
    "Client",
    "AsyncClient",
    "ClientSession",
    "FuturesSession",
    "CachedSession",
    "PoolManager",
    "HTTPConnection",
    "HTTPSConnection",
];
const CLIENT_MODULES: [&str; 10] = [
    "sessions",
    "requests_html",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "client",
    "http",
    "requests_cache",
    "niquests",
];
/// Modules whose functions are requests.
const MODULES: [&str; 6] = ["requests", "httpx", "grequests", "treq", "niquests", "urllib3"];

impl Dialect for Python {
    fn is_client_class(&self, name: &str) -> bool {
        CLIENTS.contains(&name)
    }

    fn naming(&self) -> Naming {
        Naming::Python
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        if callee.is_foreign() || foreign_name(&callee.path) {
            return Meaning::Foreign;
        }
        if callee.path.len() == 1 && message_name(name) {
            return Meaning::Quiet;
        }
        // Airflow: `HttpOperator(endpoint="api/v1/users", method="POST")`
        let task = match name {
            "HttpOperator" | "SimpleHttpOperator" => Some("POST"),
            "HttpSensor" => Some("GET"),
            _ => None,
        };
        if let (Some(verb), Some(endpoint)) = (task, argument(args, None, &["endpoint"])) {
            let method = argument(args, None, &["method"]);
            return Meaning::Request(Found::with_method(method, Some(verb), endpoint));
        }
        if let Some(program) = crate::scan::language::programs::located(callee, args) {
            return Meaning::Value(program.clone());
        }
        if matches!(owner, "subprocess" | "os" | "commands" | "sp")
            && matches!(
                name,
                "run" | "call" | "check_call" | "check_output" | "Popen" | "system" | "popen" | "getoutput"
            )
            || name == "exec_command"
        {
            return crate::scan::language::programs::meaning(callee, args);
        }
        // On other machines and in containers: `host.run("curl ...")`.
        let runs = |word: &String| {
            matches!(word.as_str(), "run" | "exec" | "execute" | "shell" | "sh" | "ssh" | "sudo")
        };
        if words(name).iter().any(runs)
            && let Some(found) = crate::scan::language::programs::command(args)
        {
            return Meaning::Request(found);
        }
        // `handle = pycurl.Curl(); handle.setopt(pycurl.URL, url); handle.perform()`
        if name == "Curl" && args.is_empty() && matches!(owner, "" | "pycurl") {
            return Meaning::Value(builder::new("curl"));
        }
        if builder::is_builder(&callee.receiver) {
            return match (name, args) {
                ("setopt", [(_, option), (_, value)]) => match option.terms.first().map(|term| &term.kind) {
                    Some(Kind::Unknown(option)) => {
                        Meaning::Value(curl_options::set(callee.receiver.clone(), option, value))
                    }
                    _ => Meaning::Value(callee.receiver.clone()),
                },
                ("perform" | "perform_rb" | "perform_rs", []) => {
                    builder::found(&callee.receiver, Some("GET")).map_or(Meaning::Unknown, Meaning::Request)
                }
                _ => Meaning::Unknown,
            };
        }
        let module = callee.path.first().is_some_and(|first| MODULES.contains(&&**first));
        if CLIENTS.contains(&name)
            && (callee.path.len() == 1 && name != "session" && name != "Client"
                || CLIENT_MODULES.contains(&owner))
        {
            let base = argument(args, None, &["base_url"]);
            let base = match name {
                // The host of a connection; the scheme is the class's.
                "HTTPConnection" | "HTTPSConnection" | "HTTPConnectionPool" | "HTTPSConnectionPool" => {
                    return Meaning::Client(connection(args));
                }
                "ClientSession" | "BaseUrlSession" => base.or_else(|| argument(args, Some(0), &[])),
                _ => base,
            };
            return Meaning::Client(base.cloned().unwrap_or_default());
        }
        if matches!(
            name,
            "FastAPI" | "Flask" | "APIRouter" | "Blueprint" | "Mocker" | "TestClient" | "Starlette"
        ) {
            return Meaning::Foreign;
        }
        match name {
            // Ansible's have names of their own.
            "urlopen" | "urlretrieve" | "open_url" => return urlopen(args, 0),
            "fetch_url" if callee.path.len() == 1 && !args.first().is_some_and(may_be_url) => {
                return urlopen(args, 1);
            }
            "urlparse" | "urlsplit" if callee.path.len() == 1 || owner == "parse" || owner == "urlparse" => {
                let Some(url) = argument(args, Some(0), &["url", "urlstring"]) else {
                    return Meaning::Unknown;
                };
                return Meaning::Value(url_parts::taken_apart(url, name == "urlparse"));
            }
            "urlunparse" | "urlunsplit" => {
                let whole = argument(args, Some(0), &["components"]).and_then(url_parts::put_together);
                return whole.map_or(Meaning::Unknown, Meaning::Value);
            }
            "geturl" if url_parts::is_taken_apart(&callee.receiver) => {
                return url_parts::put_together(&callee.receiver).map_or(Meaning::Unknown, Meaning::Value);
            }
            "_replace" if url_parts::is_taken_apart(&callee.receiver) => {
                return Meaning::Value(url_parts::replaced(&callee.receiver, args));
            }
            // That of requests and httpx, which a session sends, begins with the method.
            "Request" if names_method(args.get(..1).unwrap_or_default()) => {
                let Some(url) = argument(args, Some(1), &["url"]) else { return Meaning::Unknown };
                return Meaning::Request(Found::with_method(argument(args, Some(0), &["method"]), None, url));
            }
            "Request" if args.len() <= 8 && (callee.path.len() == 1 || owner == "request") => {
                return urlopen(args, 0);
            }
            // Tornado's
            "HTTPRequest" if callee.path.len() == 1 || owner == "httpclient" => {
                let Some(url) = argument(args, Some(0), &["url"]) else { return Meaning::Unknown };
                let method = argument(args, Some(1), &["method"]);
                return Meaning::Request(Found::with_method(method, Some("GET"), url));
            }
            _ => {}
        }
        let base = callee.client();
        let sure = base.is_some() || (module && callee.path.len() == 2) || is_session(owner);
        if !sure || callee.path.len() < 2 {
            return Meaning::Unknown;
        }
        match name {
            // A token is asked for by POST, as OAuth has it: `session.fetch_token(TOKEN_URL, code=code)`.
            "fetch_token" | "refresh_token" | "fetch_access_token" | "fetch_request_token" => {
                let url = argument(args, Some(0), &["token_url", "url"]);
                let may_be = |url: &&Value| reads_like_path(url) || base.is_some() && url.depends();
                let Some(url) = url.filter(may_be) else { return Meaning::Unknown };
                let method = argument(args, None, &["method"]);
                Meaning::Request(Found::with_method(method, Some("POST"), url).on(base))
            }
            "request" | "stream" | "send_request" | "urlopen" | "_request" | "build_request" => {
                let method = argument(args, Some(0), &["method"]);
                let Some(url) = argument(args, Some(1), &["url"]) else { return Meaning::Unknown };
                Meaning::Request(Found::with_method(method, None, url).on(base))
            }
            _ => {
                // `ws_connect` and the like are no requests.
                let Some(method) = method_named(name) else { return Meaning::Unknown };
                let Some(url) = argument(args, Some(0), &["url", "path"]) else { return Meaning::Unknown };
                // A client of somebody's own that is only called `http` may take the path later.
                let other = |(name, value): &NamedValue| name.is_none() && reads_like_path(value);
                let own = base.is_none() && !module && !reads_like_path(url) && !url.depends();
                if own && args.iter().any(other) {
                    return Meaning::Unknown;
                }
                Meaning::Request(Found::fixed(method, url).on(base))
            }
        }
    }
}

/// Whether an object's name says that it is an HTTP session.
fn is_session(name: &str) -> bool {
    let name = name.trim_end_matches("()").to_ascii_lowercase();
    name.ends_with("session")
        || matches!(name.as_str(), "sess" | "http" | "_http" | "httpx" | "http_client" | "_http_client")
}

/// `urlopen(url, data)`, `Request(url, data=..., method=...)`: data means POST. The
/// URL stands at a place among the arguments.
fn urlopen(args: &[NamedValue], at: usize) -> Meaning {
    let Some(url) = argument(args, Some(at), &["url", "fullurl"]) else { return Meaning::Unknown };
    let data = argument(args, Some(at + 1), &["data"]).is_some_and(|value| !is_none(value));
    let default = if data { "POST" } else { "GET" };
    let method = argument(args, None, &["method"]);
    let rest = args.iter().any(|(name, value)| name.as_deref() == Some("**") && is_open(value));
    if method.is_none() && rest {
        let given = args.iter().find_map(|(_, value)| option(value, "method"));
        return Meaning::Request(Found::with_method(given, None, url));
    }
    Meaning::Request(Found::with_method(method, Some(default), url))
}

fn is_none(value: &Value) -> bool {
    value
        .terms
        .iter()
        .all(|term| matches!(&term.kind, crate::scan::value::Kind::Unknown(name) if &**name == "None"))
}

/// The host that an `http.client` connection is made to, as a base URL.
fn connection(args: &[NamedValue]) -> Value {
    use crate::scan::form::Span;
    let Some(host) = argument(args, Some(0), &["host"]) else { return Value::default() };
    let span = Span::NOWHERE;
    let scheme = Value::text("https://".into(), span).imported(span);
    let with_scheme = host.literal().is_some_and(|text| text.contains("://"));
    if with_scheme {
        host.clone()
    } else {
        crate::scan::value::compose::concat(&[scheme, host.clone()], span)
    }
}
