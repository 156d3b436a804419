//! Go's HTTP libraries: net/http, resty, and what only looks like one.

use crate::scan::modules::Naming;
use crate::scan::request::{
    Callee, Dialect, Found, Meaning, NamedValue, argument, foreign_name, message_name, method_named,
};
use crate::scan::value::Value;

/// Go's dialect.
pub(super) struct Go;

/// Names that a router is given.
const ROUTERS: [&str; 12] =
    ["r", "e", "g", "rg", "mux", "router", "app", "group", "api", "v1", "engine", "http.DefaultServeMux"];

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
        if owner == "fmt"
            || owner == "log"
            || owner == "errors"
            || owner == "t"
            || message_name(name) && owner != "http"
        {
            return Meaning::Quiet;
        }
        if owner == "exec" && matches!(name, "Command" | "CommandContext") {
            return super::programs::meaning(callee, args);
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

fn fixed(method: &str, args: &[NamedValue]) -> Meaning {
    match argument(args, Some(0), &[]) {
        Some(url) => Meaning::Request(Found::fixed(&method.to_ascii_uppercase(), url)),
        None => Meaning::Client(Value::default()),
    }
}
