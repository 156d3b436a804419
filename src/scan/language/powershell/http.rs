//! PowerShell's ways to HTTP: Invoke-RestMethod, Invoke-WebRequest, their
//! aliases, curl, and the classes of .NET.

use crate::scan::language::PAIR;
use crate::scan::language::csharp::http::CSharp;
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue, is_open};
use crate::scan::value::{Entry, Kind, Value};

/// PowerShell's dialect.
pub(crate) struct PowerShell;

/// Cmdlets that read or write what is no API.
const LOCAL: [&str; 28] = [
    "get-content",
    "set-content",
    "add-content",
    "test-path",
    "out-file",
    "new-item",
    "remove-item",
    "copy-item",
    "move-item",
    "get-item",
    "get-childitem",
    "import-module",
    "start-process",
    "select-string",
    "where-object",
    "should",
    "mock",
    "describe",
    "it",
    "context",
    "export-csv",
    "import-csv",
    "convertfrom-json",
    "convertto-json",
    "split-path",
    "resolve-path",
    "get-command",
    "throw",
];

/// Whether a cmdlet defines what a server answers to.
fn is_route(name: &str) -> bool {
    name.split_once('-').is_some_and(|(verb, noun)| {
        matches!(verb, "add" | "new" | "register" | "set")
            && ["route", "routegroup", "endpoint", "webhookhandler"].iter().any(|end| noun.ends_with(end))
    })
}

impl Dialect for PowerShell {
    fn naming(&self) -> Naming {
        Naming::Commands
    }

    fn answers_with_body(&self, callee: &Callee) -> bool {
        matches!(callee.name().to_ascii_lowercase().as_str(), "invoke-restmethod" | "irm")
    }

    fn reads_members(&self) -> bool {
        true
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        let name = callee.name().to_ascii_lowercase();
        if callee.path.len() > 1 {
            return CSharp.meaning(callee, args);
        }
        match name.as_str() {
            PAIR => match args {
                [(_, method), (_, url)] => {
                    Meaning::Request(Found::with_method(Some(method), None, url).unsure())
                }
                _ => Meaning::Unknown,
            },
            "(program)" => {
                crate::scan::language::shell::http::program(args).map_or(Meaning::Unknown, Meaning::Request)
            }
            "invoke-restmethod" | "invoke-webrequest" | "irm" | "iwr" | "curl" | "wget" => cmdlet(args),
            "start-bitstransfer" => match given(args, &["source"]) {
                Some(url) => Meaning::Request(Found::fixed("GET", url)),
                None => Meaning::Unknown,
            },
            _ if LOCAL.contains(&name.as_str())
                || name.starts_with("write-")
                || name.starts_with("test-") =>
            {
                Meaning::Quiet
            }
            // `Add-PodeRoute -Method Get -Path "/users"`
            _ if is_route(&name) => Meaning::Foreign,
            _ if name.contains("-") => Meaning::Unknown,
            _ => CSharp.meaning(callee, args),
        }
    }
}

/// An argument by its name; upper and lower case are the same, and a name may
/// be cut short.
fn given<'v>(args: &'v [NamedValue], names: &[&str]) -> Option<&'v Value> {
    let fits = |(name, _): &&NamedValue| {
        name.as_deref().is_some_and(|name| {
            let lower = name.to_ascii_lowercase();
            lower.len() > 1 && names.iter().any(|known| known.starts_with(&lower))
        })
    };
    args.iter().find(fits).map(|(_, value)| value)
}

/// What a table of arguments holds, in all its alternatives.
fn splat(args: &[NamedValue], key: &str) -> Option<Value> {
    let tables = args.iter().filter(|(name, _)| name.as_deref() == Some("**"));
    let out = tables.fold(Value::default(), |out, (_, table)| out.join(entry(table, key)));
    (!out.is_empty()).then_some(out)
}

/// What a table has under a key, in all its alternatives; a table that was changed holds the one
/// that it was.
fn entry(table: &Value, key: &str) -> Value {
    let mut out = Value::default();
    for term in &table.terms {
        let Kind::Object(entries) = &term.kind else { continue };
        let mut found = entries.iter().rev().map(|(known, value)| match known {
            Entry::Key(name) if name.eq_ignore_ascii_case(key) => value.clone(),
            Entry::Spread => entry(value, key),
            _ => Value::default(),
        });
        if let Some(mut value) = found.find(|value| !value.is_empty()) {
            value.terms.iter_mut().for_each(|inner| inner.when.extend(term.when.iter().copied()));
            out = out.join(value);
        }
    }
    out
}

/// `Invoke-RestMethod -Method Post -Uri ...`
fn cmdlet(args: &[NamedValue]) -> Meaning {
    let positional = || args.iter().find(|(name, _)| name.is_none()).map(|(_, value)| value);
    let open = args.iter().any(|(name, value)| name.as_deref() == Some("**") && is_open(value));
    let url = given(args, &["uri"]).cloned().or_else(|| splat(args, "uri")).or_else(|| positional().cloned());
    let Some(url) = url else { return Meaning::Unknown };
    let method = given(args, &["method", "custommethod"]).cloned().or_else(|| splat(args, "method"));
    // A table of arguments from elsewhere may hold a method.
    let default = if open && method.is_none() { None } else { Some("GET") };
    let mut found = Found::with_method(method.as_ref(), default, &url);
    found.method_open |= open && method.is_none();
    Meaning::Request(found)
}
