//! HTTP libraries of C#: HttpClient, WebClient, HttpWebRequest, RestSharp,
//! Flurl, Refit, and what only looks like one.

use std::sync::Arc;

use crate::scan::form::{JoinStyle, Span};
use crate::scan::language::annotations::{self, REQUEST};
use crate::scan::naming::Naming;
use crate::scan::requests::builder::{self, METHOD, URL};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, argument, is_function};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Value};
use crate::scan::wording::{foreign_name, message_name, method_named, words};

/// C#'s dialect.
pub(crate) struct CSharp;

impl Dialect for CSharp {
    fn naming(&self) -> Naming {
        Naming::Classes
    }

    fn answers_with_body(&self, callee: &Callee) -> bool {
        let name = callee.name();
        name.ends_with("FromJsonAsync") || matches!(name, "GetJsonAsync" | "GetStringAsync")
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name();
        let owner = callee.owner();
        let first = argument(args, Some(0), &["requestUri", "url", "address", "request"]);
        if name == REQUEST {
            return annotations::meaning(args);
        }
        if callee.client().is_none() && is_foreign(callee, args) {
            return Meaning::Foreign;
        }
        if matches!(owner, "Console" | "Debug" | "Trace" | "logger" | "_logger" | "Log" | "Assert" | "log")
            || (message_name(name) && name != "Send")
            || name.starts_with("Log") && name != "Login"
        {
            return Meaning::Quiet;
        }
        if builder::is_builder(&callee.receiver) {
            return step(callee, args);
        }
        if let Some(value) = address(callee, args).or_else(|| begin(callee, args)) {
            return Meaning::Value(value);
        }
        match (owner, name) {
            ("", "HttpClient" | "RestClient" | "FlurlClient" | "RestClientOptions" | "WebClient") => {
                let base = argument(args, None, &["BaseAddress", "BaseUrl", "baseUrl"]);
                let base = base.or_else(|| if name == "HttpClient" { None } else { first });
                let given = base.map(|base| {
                    base.terms
                        .iter()
                        .find_map(|term| match &term.kind {
                            Kind::Client(inner) => Some(Value::clone(inner)),
                            _ => None,
                        })
                        .unwrap_or_else(|| base.clone())
                });
                return Meaning::Client(given.unwrap_or_default());
            }
            (_, "CreateClient") => return Meaning::Client(Value::default()),
            (_, "BaseAddress=") => {
                return Meaning::Value(Value::one(Kind::Client(Arc::new(
                    first.cloned().unwrap_or_default(),
                ))));
            }
            ("Process", "Start") => {
                return crate::scan::language::programs::meaning(callee, args);
            }
            _ => {}
        }
        match request(callee, args) {
            Some(found) => Meaning::Request(found),
            None => Meaning::Unknown,
        }
    }
}

/// Routes of servers, set-ups of mocks.
fn is_foreign(callee: &Callee, args: &[NamedValue]) -> bool {
    let name = callee.name();
    let mapping = name.starts_with("Map") && args.iter().any(|(_, value)| is_function(value))
        || matches!(
            name,
            "MapGet"
                | "MapPost"
                | "MapPut"
                | "MapDelete"
                | "MapPatch"
                | "MapMethods"
                | "MapGroup"
                | "MapControllerRoute"
        )
        || matches!(
            name,
            "Setup"
                | "Verify"
                | "When"
                | "Expect"
                | "WithPath"
                | "UseRouting"
                | "UsingGet"
                | "ForCallsTo"
                | "ShouldHaveCalled"
        );
    // `WebClient` and `WebRequest` are no servers of the web.
    let old = |name: &&Arc<str>| !matches!(&***name, "WebClient" | "WebRequest" | "HttpWebRequest");
    let path: Vec<_> = callee.path.iter().filter(old).cloned().collect();
    callee.is_foreign() || mapping || foreign_name(&path)
}

/// The method at the front of a name: `GetFromJsonAsync`, `PostAsync`.
fn verb(name: &str) -> Option<(&'static str, &str)> {
    ["Get", "Post", "Put", "Patch", "Delete", "Head", "Options"].iter().find_map(|front| {
        let rest = name.strip_prefix(front)?;
        Some((method_named(front)?, rest))
    })
}

/// Calls that begin a request.
fn begin(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let first = argument(args, Some(0), &["resource", "requestUri"]);
    let second = argument(args, Some(1), &[]);
    let with = |known: Value, key: &str, part: Option<&Value>| match part {
        Some(part) => builder::with(&known, key, part),
        None => known,
    };
    match (callee.owner(), callee.name()) {
        (_, "HttpRequestMessage") => {
            let positional = args.iter().any(|(name, _)| name.is_none());
            let method =
                if positional { first } else { None }.or_else(|| argument(args, None, &["Method", "method"]));
            let url =
                second.filter(|_| positional).or_else(|| argument(args, None, &["RequestUri", "requestUri"]));
            Some(with(with(builder::new("message"), METHOD, method), URL, url))
        }
        (_, "RestRequest") => {
            let method = second.or_else(|| argument(args, None, &["Method", "method"]));
            let url = first.or_else(|| argument(args, None, &["Resource"]));
            // `new RestRequest(Method.GET)` of old.
            let only = first.filter(|value| second.is_none() && !reads_like_path(value) && is_method(value));
            match only {
                Some(method) => {
                    let known = with(builder::new("rest"), METHOD, Some(method));
                    Some(with(known, URL, argument(args, None, &["Resource"])))
                }
                None => Some(with(with(builder::new("rest"), METHOD, method), URL, url)),
            }
        }
        // `new UnityWebRequest(url, "PATCH")`
        ("", "UnityWebRequest") if !args.is_empty() => {
            Some(with(with(builder::new("web"), METHOD, second), URL, first))
        }
        ("WebRequest" | "HttpWebRequest", "Create" | "CreateHttp") => {
            Some(with(builder::new("web"), URL, first))
        }
        _ => None,
    }
}

fn is_method(value: &Value) -> bool {
    let found = Found::with_method(Some(value), None, value);
    found.methods.iter().all(|(method, _)| method.is_some())
}

/// A step of a request that is being built.
fn step(callee: &Callee, args: &[NamedValue]) -> Meaning {
    let known = &callee.receiver;
    let first = argument(args, Some(0), &[]);
    match (callee.name(), first) {
        ("Method=", Some(method)) => Meaning::Value(builder::with(known, METHOD, method)),
        ("RequestUri=" | "Resource=", Some(url)) => Meaning::Value(builder::with(known, URL, url)),
        // `new RestRequest("users/{id}").AddUrlSegment("id", id)`
        ("AddUrlSegment", Some(name)) if args.len() >= 2 => {
            let value = argument(args, Some(1), &["value"]);
            Meaning::Value(name.literal().map_or(known.clone(), |name| builder::filled(known, &name, value)))
        }
        (
            "GetResponse"
            | "GetResponseAsync"
            | "GetRequestStream"
            | "GetRequestStreamAsync"
            | "BeginGetResponse"
            | "SendWebRequest",
            _,
        ) => builder::found(known, Some("GET")).map_or(Meaning::Unknown, Meaning::Request),
        _ => Meaning::Value(known.clone()),
    }
}

/// URLs that are built by calls: Flurl, UriBuilder, StringBuilder.
fn address(callee: &Callee, args: &[NamedValue]) -> Option<Value> {
    let name = callee.name();
    let parts =
        || compose::path_parts(args.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value));
    let text = callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)));
    match name {
        "AppendPathSegment" | "AppendPathSegments" => {
            Some(compose::join_url(&callee.receiver, &parts(), JoinStyle::Path, Span::NOWHERE))
        }
        // Flurl: `client.Request("users", id)`
        "Request" if callee.client().is_some() => {
            let base = callee.client().cloned().unwrap_or_default();
            Some(compose::join_url(&base, &parts(), JoinStyle::Path, Span::NOWHERE))
        }
        // What its path is set to is behind it, whatever it was made of.
        "UriBuilder" if !args.is_empty() => {
            Some(compose::concat(&[argument(args, Some(0), &[])?.clone()], Span::NOWHERE))
        }
        "Url" => argument(args, Some(0), &[]).cloned(),
        // `CompositeFormat.Parse("/users/{0}")`
        "Parse" if callee.owner() == "CompositeFormat" => argument(args, Some(0), &[]).cloned(),
        "Append" | "AppendFormat" if text => {
            Some(compose::concat(&[callee.receiver.clone(), parts().into_iter().next()?], Span::NOWHERE))
        }
        "Path=" if text => {
            Some(compose::join_url(&callee.receiver, &parts(), JoinStyle::Path, Span::NOWHERE))
        }
        "SetQueryParam"
        | "SetQueryParams"
        | "WithHeader"
        | "WithHeaders"
        | "WithOAuthBearerToken"
        | "WithBasicAuth"
        | "WithTimeout"
        | "AllowHttpStatus"
        | "AllowAnyHttpStatus"
        | "WithCookie"
        | "WithSettings"
        | "Query="
        | "WithClient"
        | "RemoveQueryParam"
        | "SetFragment"
        | "WithAutoRedirect"
        | "Clone"
            if text =>
        {
            Some(callee.receiver.clone())
        }
        _ => None,
    }
}

/// Calls that are requests.
fn request(callee: &Callee, args: &[NamedValue]) -> Option<Found> {
    let name = callee.name();
    let base = callee.client();
    let first = argument(args, Some(0), &["requestUri", "url", "address", "request", "uri"]);
    if callee.owner() == "UnityWebRequest" {
        let verb = if matches!(name, "PostWwwForm" | "PostForm") { "POST" } else { method_named(name)? };
        return Some(Found::fixed(verb, argument(args, Some(0), &["uri", "url"])?));
    }
    // Flurl: `url.SendAsync(HttpMethod.Delete)`
    if name == "SendAsync"
        && callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)))
        && let Some(method) = argument(args, Some(0), &["verb"]).filter(|first| is_method(first))
    {
        return Some(Found::with_method(Some(method), None, &callee.receiver));
    }
    // What was built is sent: `client.SendAsync(request)`, `client.PostAsync<T>(request)`.
    if let Some(built) = builder::given(args) {
        let verb = verb(name).or_else(|| name.strip_prefix("Execute").and_then(verb));
        let built = match verb {
            Some((verb, rest)) if rest.starts_with("Async") || rest.is_empty() => {
                builder::with_method(built, verb)
            }
            _ => built.clone(),
        };
        let sending = ["Send", "Execute", "Get", "Post", "Put", "Patch", "Delete", "Download"];
        let found = builder::found(&built, Some("GET"))?.on(base);
        return Some(if sending.iter().any(|front| name.starts_with(front)) {
            found
        } else {
            found.unsure()
        });
    }
    // Whoever hands the message in says where it goes.
    if matches!(name, "SendAsync" | "Send" | "ExecuteAsync" | "Execute") && first.is_some_and(Value::depends)
    {
        return Some(Found::with_method(None, None, first?).unsure());
    }
    let text = callee.receiver.terms.iter().any(|term| matches!(term.kind, Kind::Text(_)));
    if let Some((method, rest)) = verb(name) {
        let asking = rest.ends_with("Async") && !rest.contains("File");
        let json = matches!(rest, "Json" | "String" | "Bytes" | "Stream");
        // Flurl: the URL is what is called.
        let path = first.is_some_and(|value| reads_like_path(value) || value.depends());
        if text && (asking || json) && !(path && base.is_some()) {
            return Some(Found::fixed(method, &callee.receiver));
        }
        if !asking && base.is_none() {
            return None;
        }
        let kinds = [
            "Async",
            "StringAsync",
            "FromJsonAsync",
            "StreamAsync",
            "ByteArrayAsync",
            "AsJsonAsync",
            "AsAsync",
            "FromJsonAsAsyncEnumerable",
            "AsJson",
            "FromJson",
            "AsXmlAsync",
            "",
        ];
        let library = kinds.contains(&rest);
        let client =
            base.is_some() || client_name(callee.owner()) || names(&callee.receiver).any(client_name);
        // One word is a path where the client is known to have an address.
        let based = base.is_some_and(|base| base.terms.iter().any(|term| term.literal().is_some()));
        let word = |url: &Value| based && url.literal().is_some();
        let url =
            first.filter(|url| reads_like_path(url) || url.depends() || is_address(url) || word(url))?;
        if library && client {
            return Some(Found::fixed(method, url).on(base));
        }
        return None;
    }
    // WebClient
    let old = ["DownloadString", "DownloadData", "UploadString", "UploadData", "UploadValues", "OpenRead"];
    if let Some(front) = old.iter().find(|front| name.starts_with(**front)) {
        let upload = front.starts_with("Upload");
        let second =
            argument(args, Some(1), &[]).filter(|value| upload && args.len() > 2 && is_method(value));
        let default = if upload { "POST" } else { "GET" };
        return Some(Found::with_method(second, Some(default), first?).on(base));
    }
    None
}

/// What an unknown value is called.
fn names(value: &Value) -> impl Iterator<Item = &str> {
    value.terms.iter().filter_map(|term| match &term.kind {
        Kind::Unknown(name) => Some(&**name),
        Kind::Param(param) => Some(&*param.name),
        _ => None,
    })
}

fn client_name(name: &str) -> bool {
    words(name).last().is_some_and(|word| matches!(word.as_str(), "client" | "http" | "httpclient"))
}

/// Whether a value is named like a URL.
fn is_address(value: &Value) -> bool {
    value.terms.iter().any(|term| matches!(&term.kind, Kind::Unknown(name) if {
        let words = words(name);
        words.last().is_some_and(|word| matches!(word.as_str(), "url" | "uri" | "endpoint" | "path" | "address"))
    }))
}
