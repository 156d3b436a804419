//! Whether a word alone is what a request is made of, by the calls and names
//! that it stands in.

use super::super::request;

/// Names of calls and variables that take the last part of a path.
const TAKING: [&str; 15] = [
    "url",
    "urls",
    "uri",
    "path",
    "paths",
    "endpoint",
    "endpoints",
    "resource",
    "resources",
    "route",
    "segment",
    "segments",
    "collection",
    "join",
    "entity",
];
/// Words beside `get` in names of calls that make a request.
const GETTING: [&str; 9] = ["data", "json", "page", "pages", "all", "list", "resource", "url", "paginated"];
/// Names of calls that look a text up, or hold it against another.
const KEYED: [&str; 16] = [
    "get",
    "getattr",
    "hasattr",
    "setattr",
    "isinstance",
    "has",
    "contains",
    "includes",
    "indexOf",
    "equals",
    "startsWith",
    "startswith",
    "endsWith",
    "endswith",
    "HasPrefix",
    "start_with?",
];
/// Names of what `get` is asked of where it makes a request.
const ASKED: [&str; 17] = [
    "client",
    "self",
    "this",
    "super",
    "session",
    "api",
    "http",
    "https",
    "rest",
    "requests",
    "axios",
    "got",
    "httpx",
    "conn",
    "connection",
    "service",
    "ky",
];

/// Longest list of type arguments between a name and its brackets, in characters.
const MAX_TYPE_ARGUMENTS: usize = 120;
/// Lines above in which the call may stand that takes a word: one argument a line.
const ARGUMENT_LINES: usize = 8;

/// Whether a word alone is handed to what may make a request of it, or is kept
/// under a name that says so, or under its own: `client.get("users")`,
/// `path = "users"`, `ENDPOINTS = {"list": "users"}`, `USERS = "users"`.
pub(super) fn is_asked_for(before: &[u8], word: &str) -> bool {
    let text = String::from_utf8_lossy(before);
    if is_command(&text) {
        return true;
    }
    // A call is open in this line or one of those above; a table may be longer.
    let near = text.rmatch_indices('\n').nth(ARGUMENT_LINES).map_or(0, |(at, _)| at);
    let mut owner: Vec<String> = Vec::new();
    let mut name = String::new();
    // Whether the name is that of a member.
    let mut dotted = false;
    // Whether a name is given a value.
    let mut kept = false;
    // The calls that are open here, and whether a name is given a value outside.
    let mut calls: Vec<(Takes, bool)> = Vec::new();
    // Whether the argument has a name that says something else.
    let mut named = false;
    // The same for each list or table that is open.
    let mut held: Vec<bool> = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
            continue;
        }
        // `getRequest<Result<T>>("users")`
        if c == '<'
            && !name.is_empty()
            && let Some(length) = type_arguments(&text[at..])
        {
            while chars.next_if(|(next, _)| *next < at + length).is_some() {}
            continue;
        }
        let words = request::words(&name);
        let takes = || words.last().is_some_and(|last| TAKING.contains(&last.as_str()));
        let is_constant = || word.to_uppercase() == name;
        match c {
            '(' => {
                let takes = match () {
                    () if at >= near && asks(&words, &name, &owner, dotted) => Takes::Path,
                    () if KEYED.contains(&name.as_str()) => Takes::Key,
                    () => Takes::Any,
                };
                calls.push((takes, kept));
            }
            ')' => kept = calls.pop().map_or(kept, |(_, outside)| outside),
            '{' | '[' => held.push(kept),
            '}' | ']' => kept = held.pop().unwrap_or(false),
            // A comparison gives nothing.
            '=' if chars.next_if(|(_, c)| *c == '=').is_some() => {
                while chars.next_if(|(_, c)| *c == '=').is_some() {}
            }
            '=' if asked(&calls) && !words.is_empty() => named = !takes(),
            '=' => kept |= takes() || is_constant(),
            ',' => named = false,
            ':' => kept |= takes(),
            '\n' | ';' => kept = held.last().copied().unwrap_or(false),
            // `path = `, `"path": `
            ' ' | '"' | '\'' if !name.is_empty() && matches!(chars.peek(), Some((_, '=' | ':' | ' '))) => {
                continue;
            }
            _ => {}
        }
        dotted = matches!(c, '.' | '>' | ':');
        owner = match c {
            // `path.default.join`
            '.' if name == "default" => owner,
            '.' | '-' if !words.is_empty() => words,
            // `client->`, `Client::`
            '>' | ':' if !words.is_empty() => words,
            '>' | ':' => owner,
            _ => Vec::new(),
        };
        name.clear();
    }
    match calls.last() {
        Some((Takes::Key, _)) => false,
        _ => kept || asked(&calls) && !named,
    }
}

/// How long the type arguments are that a text begins with, if a call follows them.
fn type_arguments(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(MAX_TYPE_ARGUMENTS) {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.checked_sub(1)?,
            ',' | ' ' | '.' | '[' | ']' | '|' | '&' | '?' | '_' => {}
            c if c.is_alphanumeric() => {}
            _ => return None,
        }
        if depth == 0 {
            return text[at + 1..].starts_with('(').then_some(at + 1);
        }
    }
    None
}

/// Whether one of the open calls may make a request.
fn asked(calls: &[(Takes, bool)]) -> bool {
    calls.iter().any(|(takes, _)| *takes == Takes::Path)
}

/// Ruby: a call without brackets, `get "users"`, `boolean_from_response :put, "users"`.
fn is_command(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let Some(line) = line.strip_suffix(['"', '\'']).and_then(|line| line.strip_suffix(' ')) else {
        return false;
    };
    let word = line.rsplit(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
    let symbol = word.strip_suffix(',').and_then(|word| word.strip_prefix(':'));
    request::method_named(symbol.unwrap_or(word)).is_some()
}

/// What an open call takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// It may make a request of it.
    Path,
    /// It looks it up.
    Key,
    Any,
}

/// Whether a call of this name may make a request of its arguments.
fn asks(words: &[String], name: &str, owner: &[String], dotted: bool) -> bool {
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let last = owner.last().map(String::as_str).unwrap_or_default();
    // Of folders, of what is kept in memory, and of JavaScript's `path`.
    let elsewhere = matches!(last, "path" | "os" | "dir" | "file" | "cache" | "store" | "db")
        || any(&["bin", "file", "dir", "folder"])
        || name == "join" && !dotted;
    let asking = any(&request::ASKING) && (words.len() == 1 || words.first().is_none_or(|word| word != "do"));
    if (any(&TAKING) || asking) && !elsewhere {
        return true;
    }
    // Queues, caches and maps have methods of these names as well.
    let asked = name.starts_with('_') || ASKED.contains(&last);
    match words {
        // Of the class itself, or of those that it builds upon.
        [_] if !dotted && matches!(name, "get" | "put" | "delete" | "head") => true,
        [word] => {
            any(&["post", "patch"]) || asked && (request::method_named(word).is_some() || any(&GETTING))
        }
        _ => any(&["post", "patch", "put", "delete", "get"]) && any(&GETTING),
    }
}
