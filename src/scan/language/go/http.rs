//! Go's HTTP libraries: net/http, resty, and what only looks like one.

use std::sync::Arc;

use crate::scan::form::{FormatStyle, JoinStyle, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::builder;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, argument};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::{foreign_name, message_name, method_named};

/// Go's dialect.
pub(crate) struct Go;

/// Names that a router is given.
const ROUTERS: [&str; 12] =
    ["r", "e", "g", "rg", "mux", "router", "app", "group", "api", "v1", "engine", "http.DefaultServeMux"];

/// The builder of carlmjohnson/requests.
const CHAINED: &str = "chained";

/// The builder of dghubble/sling.
const SLING: &str = "sling";

/// How methods begin that only set something, of clients and of requests.
const SETTING: [&str; 8] = ["Set", "With", "Enable", "Disable", "Add", "On", "Use", "Expect"];

impl Dialect for Go {
    fn naming(&self) -> Naming {
        Naming::Go
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        if callee.is_foreign()
            || foreign_name(&callee.path)
            || matches!(name, "HandleFunc" | "Handle" | "StripPrefix")
        {
            return Meaning::Foreign;
        }
        if let Some(value) = written(callee, args) {
            return Meaning::Value(value);
        }
        if let Some(program) = crate::scan::language::programs::located(callee, args) {
            return Meaning::Value(program.clone());
        }
        if let Some(flag) = flag(callee, args) {
            return Meaning::Value(flag);
        }
        if owner == "fmt"
            || owner == "log"
            || owner == "errors"
            // The `t` of a test.
            || owner == "t" && callee.path.len() == 2
            // `client.R().SetError(&problem)` tells a request what it is answered, `client.SetError(..)` all of them.
            || message_name(name)
                && !matches!(owner, "http" | "resty" | "requests" | "sling")
                && !builder::is_builder(&callee.receiver)
                && (callee.client().is_none() || !name.starts_with("Set"))
        {
            return Meaning::Quiet;
        }
        if builder::is_builder(&callee.receiver) {
            return step(callee, args);
        }
        if matches!(name, "Do" | "DoTimeout" | "DoDeadline" | "DoRedirects" | "RoundTrip")
            && let Some(built) = builder::given(args)
        {
            return builder::found(built, Some("GET")).map_or(Meaning::Unknown, Meaning::Request);
        }
        if let Some(base) = callee.client() {
            match (name, args) {
                // resty: `resty.New().SetBaseURL(url)`
                ("SetBaseURL" | "SetHostURL" | "SetHost", [(_, url)]) => {
                    return Meaning::Value(Value::one(Kind::Client(Arc::new(url.clone()))));
                }
                ("R" | "NewRequest", []) => {
                    return Meaning::Value(builder::with(&builder::new("resty"), builder::BASE, base));
                }
                _ if SETTING.iter().any(|front| name.starts_with(front)) => {
                    return Meaning::Value(callee.receiver.clone());
                }
                // req: `client.Get(url).Do(ctx)`
                (_, [(None, url), ..]) if !base.is_empty() && method_named(verb_of(name)).is_some() => {
                    let method = verb_of(name).to_ascii_uppercase();
                    return Meaning::Request(Found::fixed(&method, url).on(Some(base)));
                }
                _ => {}
            }
        }
        if owner == "exec" && matches!(name, "Command" | "CommandContext") {
            return crate::scan::language::programs::meaning(callee, args);
        }
        let request = |method: usize, url: usize| {
            let Some(target) = argument(args, Some(url), &[]) else { return Meaning::Unknown };
            // An empty method means GET.
            Meaning::Request(Found::with_method(argument(args, Some(method), &[]), Some("GET"), target))
        };
        match (owner, name) {
            // `retryablehttp.NewRequest` takes the same arguments.
            (_, "NewRequest") if owner.ends_with("http") => return request(0, 1),
            (_, "NewRequestWithContext") if owner.ends_with("http") => return request(1, 2),
            ("http", "PostForm") => return fixed("POST", args),
            ("http", "Get" | "Post" | "Head") => return fixed(name, args),
            ("http", "Client") => return Meaning::Client(Value::default()),
            ("http", "Request") => {
                // Without a URL it gets one later: `req.URL = u`.
                let built = match argument(args, None, &["URL"]) {
                    Some(url) => builder::with(&builder::new("request"), builder::URL, url),
                    None => builder::new("request"),
                };
                return Meaning::Value(match argument(args, None, &["Method"]) {
                    Some(method) => builder::with(&built, builder::METHOD, method),
                    None => built,
                });
            }
            ("resty", "New" | "NewWithClient") | ("req", "C" | "NewClient") => {
                return Meaning::Client(Value::default());
            }
            // carlmjohnson/requests: `requests.URL(base).Path("/users").Fetch(ctx)`
            ("requests", "URL" | "New") => {
                let built = builder::new(CHAINED);
                return Meaning::Value(match args.first().filter(|_| name == "URL") {
                    Some((_, url)) => builder::with(&built, builder::URL, url),
                    None => built,
                });
            }
            ("sling", "New") => return Meaning::Value(builder::new(SLING)),
            ("fasthttp", "AcquireRequest") => return Meaning::Value(builder::new("request")),
            // client-go: `clientset.RESTClient().Get().AbsPath("/apis/...").DoRaw(ctx)`
            ("Get()" | "Post()" | "Put()" | "Delete()" | "Patch()", "AbsPath" | "RequestURI") => {
                let Some(((_, first), rest)) = args.split_first() else { return Meaning::Unknown };
                let rest: Vec<Value> = rest.iter().map(|(_, value)| value.clone()).collect();
                let path = compose::join_url(first, &rest, JoinStyle::Path, Span::NOWHERE);
                let method = owner.trim_end_matches("()").to_ascii_uppercase();
                return Meaning::Request(Found::fixed(&method, &path));
            }
            _ => {}
        }
        // `r.Get("/x", h.List)`: a route, not a request.
        let relative =
            args.first().and_then(|(_, value)| value.literal()).is_some_and(|text| text.starts_with('/'));
        let shouting = name.len() > 2 && method_named(name).is_some() && name.to_uppercase() == name;
        if relative
            && args.len() >= 2
            && method_named(name).is_some()
            && (shouting || ROUTERS.contains(&owner))
        {
            return Meaning::Foreign;
        }
        let http_client = callee.client().is_some() || {
            let lower = owner.to_ascii_lowercase();
            lower.ends_with("httpclient") || matches!(lower.as_str(), "defaultclient" | "http" | "hc")
        };
        if http_client && matches!(name, "Get" | "Post" | "Head" | "PostForm") {
            return fixed(if name == "PostForm" { "POST" } else { name }, args);
        }
        // resty: `client.R().SetBody(x).Post(url)`
        if let [first, ..] = args
            && matches!(name, "Get" | "Post" | "Put" | "Patch" | "Delete" | "Head" | "Execute")
            && callee.path.first().is_some_and(|first| first.starts_with("Set") || &**first == "R()")
        {
            if name == "Execute" {
                return request(0, 1);
            }
            return Meaning::Request(Found::fixed(&name.to_ascii_uppercase(), &first.1));
        }
        Meaning::Unknown
    }
}

/// The verb that a method of a client is called by, which may panic: `MustGet`.
fn verb_of(name: &str) -> &str {
    name.strip_prefix("Must").unwrap_or(name)
}

/// A text that grows: `text.WriteString("/users")`.
fn written(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let text = callee.receiver.terms.iter().all(|term| matches!(term.kind, Kind::Text(_)));
    match (callee.name(), args) {
        ("WriteString" | "WriteRune" | "WriteByte" | "Write", [(None, more)])
            if text && !callee.receiver.is_empty() =>
        {
            Some(compose::concat(&[callee.receiver.clone(), more.clone()], Span::NOWHERE))
        }
        _ => None,
    }
}

/// The steps of a request that is built: resty's and fasthttp's.
fn step(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let built = &callee.receiver;
    let first = args.first().map(|(_, value)| value);
    match builder::kind(built).as_deref() {
        Some(CHAINED) => return chained(callee.name(), built, args),
        Some(SLING) => return slung(callee.name(), built, first),
        _ => {}
    }
    match (callee.name(), first) {
        ("SetRequestURI" | "URL=", Some(url)) => Meaning::Value(builder::with(built, builder::URL, url)),
        ("SetMethod" | "Method=", Some(method)) => {
            Meaning::Value(builder::with(built, builder::METHOD, method))
        }
        ("SetBody", body) => Meaning::Value(builder::with_body(built, body)),
        ("Execute", Some(method)) => match args.get(1) {
            Some((_, url)) => sent(built, url, |built| builder::with(built, builder::METHOD, method)),
            None => Meaning::Unknown,
        },
        (name, Some(url)) if method_named(verb_of(name)).is_some() => {
            sent(built, url, |built| builder::with_method(built, &verb_of(name).to_ascii_uppercase()))
        }
        (name, _) if SETTING.iter().any(|front| name.starts_with(front)) => Meaning::Value(built.clone()),
        _ => Meaning::Unknown,
    }
}

/// A request that is told one thing after the other and fetched in the end.
fn chained(name: &str, built: &Value, args: &[NamedValue]) -> Meaning {
    let first = args.first().map(|(_, value)| value);
    match (name, first) {
        ("BaseURL", Some(url)) => Meaning::Value(builder::with(built, builder::URL, url)),
        ("Path", Some(path)) => Meaning::Value(builder::extended(built, std::slice::from_ref(path))),
        ("Pathf", Some(template)) => {
            let path = compose::format(template, FormatStyle::Percent, &args[1..], Span::NOWHERE);
            Meaning::Value(builder::extended(built, &[path]))
        }
        ("Method", Some(method)) => Meaning::Value(builder::with(built, builder::METHOD, method)),
        ("BodyJSON" | "BodyBytes" | "BodyForm" | "BodyReader" | "Body", Some(_))
            if builder::part(built, builder::METHOD).is_none() =>
        {
            Meaning::Value(builder::with_method(built, "POST"))
        }
        ("Fetch" | "Do" | "Request", _) => {
            builder::found(built, Some("GET")).map_or(Meaning::Unknown, Meaning::Request)
        }
        (name, None) if method_named(name).is_some() => {
            Meaning::Value(builder::with_method(built, &name.to_ascii_uppercase()))
        }
        _ => Meaning::Value(built.clone()),
    }
}

/// What sling makes of its steps: each path is a reference that is resolved against what was said before.
fn slung(name: &str, built: &Value, first: Option<&Value>) -> Meaning {
    let below = |path: &Value| {
        let base = builder::part(built, builder::URL).unwrap_or_default();
        let url = compose::join_url(&base, std::slice::from_ref(path), JoinStyle::Url, Span::NOWHERE);
        builder::with(built, builder::URL, &url)
    };
    match (name, first) {
        ("Base", Some(url)) => Meaning::Value(builder::with(built, builder::URL, url)),
        ("Path", Some(path)) => Meaning::Value(below(path)),
        ("Receive" | "ReceiveSuccess" | "Do" | "Request", _) => {
            builder::found(built, Some("GET")).map_or(Meaning::Unknown, Meaning::Request)
        }
        ("BodyJSON" | "BodyForm" | "Body", body) => Meaning::Value(builder::with_body(built, body)),
        (verb, Some(path)) if method_named(verb).is_some() => {
            Meaning::Value(builder::with_method(&below(path), &verb.to_ascii_uppercase()))
        }
        _ => Meaning::Value(built.clone()),
    }
}

fn sent(built: &Value, url: &Value, told: impl Fn(&Value) -> Value) -> Meaning {
    let whole = told(&builder::with(built, builder::URL, url));
    builder::found(&whole, Some("GET")).map_or(Meaning::Unknown, Meaning::Request)
}

fn fixed(method: &str, args: &[NamedValue]) -> Meaning {
    match argument(args, Some(0), &[]) {
        Some(url) => Meaning::Request(Found::fixed(&method.to_ascii_uppercase(), url)),
        None => Meaning::Client(Value::default()),
    }
}

/// A flag of the command line with what it is where nobody gives it:
/// `flag.String("url", "https://api.example.com", "address of the API")`.
fn flag(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let flags = matches!(
        callee.owner(),
        "flag" | "pflag" | "flags" | "fs" | "flagSet" | "Flags()" | "PersistentFlags()"
    );
    let [(None, name), (None, default), (None, usage)] = (match (callee.name(), args) {
        ("String", [name, default, usage]) => [name, default, usage],
        ("StringP", [name, _, default, usage]) => [name, default, usage],
        _ => return None,
    }) else {
        return None;
    };
    let (name, _) = (name.literal().filter(|_| flags)?, usage.literal()?);
    let given = Value::unknown(&name);
    // Nobody runs a program with nothing where a part of a path is due.
    Some(if default.literal().as_deref() == Some("") { given } else { given.join(default.clone()) })
}
