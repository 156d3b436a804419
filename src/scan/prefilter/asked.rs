//! Whether a word alone is what a request is made of, by the calls and names
//! that it stands in.

use super::text::is_word;

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
/// What calls do first that take a path apart, or ask what it is.
const TAKING_APART: [&str; 13] = [
    "remove", "strip", "trim", "is", "has", "relative", "parse", "split", "match", "compare", "assert",
    "validate", "check",
];
/// Names of calls that look a text up.
const KEYED: [&str; 6] = ["get", "getattr", "hasattr", "setattr", "isinstance", "has"];
/// Operators that hold a text against another.
const HELD_AGAINST: [&str; 7] = ["==", "!=", "=~", " -eq", " -ne", " -like", " -notlike"];
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
    if is_command(&text) || is_segment(&text) || is_given_by_getter(&text) {
        return true;
    }
    // A call is open in this line or one of those above; a table may be longer.
    let near = text.rmatch_indices('\n').nth(ARGUMENT_LINES).map_or(0, |(at, _)| at);
    let mut owner: Vec<String> = Vec::new();
    // The brackets that have just ended: `path_default().join`, `(0, path.join)("x")`.
    let mut ended: Option<Ended> = None;
    let mut name = String::new();
    // Whether the name is that of a member.
    let mut dotted = false;
    // Whether the name is that of an annotation: `@GET("users")`, `[Get("users")]`.
    let mut marked = false;
    // Whether a name is given a value.
    let mut kept = false;
    // The calls that are open here.
    let mut calls: Vec<Open> = Vec::new();
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
        // `getRequest<Result<T>>("users")`, `do[[]User](ctx, "users")`
        if matches!(c, '<' | '[')
            && !name.is_empty()
            && let Some(length) = type_arguments(&text[at..])
        {
            while chars.next_if(|(next, _)| *next < at + length).is_some() {}
            continue;
        }
        // `api_url!("users")`
        if c == '!' && matches!(chars.peek(), Some((_, '('))) {
            continue;
        }
        let words = wording::words(&name);
        let (group, callee) = match ended.take() {
            Some(Ended::Group(name)) => (Some(name), Vec::new()),
            Some(Ended::Call(words)) => (None, words),
            None => (None, Vec::new()),
        };
        let takes = || words.last().is_some_and(|last| TAKING.contains(&last.as_str()));
        let is_constant = || word.to_uppercase() == name;
        match c {
            '(' => {
                let own = Name { text: name.clone(), owner: owner.clone(), dotted };
                let called = group.filter(|_| name.is_empty()).unwrap_or(own);
                let takes = match called.text.as_str() {
                    _ if called.is_of_folders() || called.takes_apart() => Takes::Key,
                    name if marked && annotates_request(name) => Takes::Path,
                    _ if at >= near && called.asks() => Takes::Path,
                    name if KEYED.contains(&name) || wording::COMPARING.contains(&name) => Takes::Key,
                    _ => Takes::Any,
                };
                calls.push(Open { takes, outside: kept, callee: wording::words(&called.text) });
            }
            ')' => {
                if let Some(Open { outside, callee, .. }) = calls.pop() {
                    kept = outside;
                    let inside = Name { text: name.clone(), owner: owner.clone(), dotted };
                    ended = Some(if callee.is_empty() { Ended::Group(inside) } else { Ended::Call(callee) });
                }
            }
            '{' | '[' => held.push(kept),
            '}' | ']' => kept = held.pop().unwrap_or(false),
            // A comparison gives nothing.
            '=' if chars.next_if(|(_, c)| *c == '=').is_some() => {
                while chars.next_if(|(_, c)| *c == '=').is_some() {}
            }
            '=' if asked(&calls) && !words.is_empty() => named = !takes(),
            // `path=dict(kind="file")`: an argument is of its own name.
            '=' if calls.last().is_some_and(|call| !call.callee.is_empty()) && !words.is_empty() => {
                kept = takes() || is_constant()
            }
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
        marked = matches!(c, '@' | '[');
        owner = match c {
            // `path.default.join`
            '.' if matches!(name.as_str(), "default" | "posix" | "win32") && !owner.is_empty() => owner,
            '.' | '-' if !words.is_empty() => words,
            '.' => callee,
            // `client->`, `Client::`
            '>' | ':' if !words.is_empty() => words,
            '>' | ':' => owner,
            _ => Vec::new(),
        };
        name.clear();
    }
    match calls.last() {
        Some(Open { takes: Takes::Key, .. }) => false,
        _ => kept || asked(&calls) && !named,
    }
}

/// Whether an annotation says that a method of an interface is a request.
fn annotates_request(name: &str) -> bool {
    let verb = name.strip_suffix("Exchange").unwrap_or(name);
    verb == "HTTP" || wording::method_named(verb).is_some()
}

/// Whether a text is only held against another one, by what stands before it:
/// `path.startsWith("/users`, `path == "/users`, `$kind -eq "users`.
pub(super) fn is_compared(before: &[u8]) -> bool {
    let before = match before.split_last() {
        Some((b'"' | b'\'' | b'`', before)) => before,
        _ => before,
    };
    let before = before.trim_ascii_end();
    if HELD_AGAINST.iter().any(|operator| before.ends_with(operator.as_bytes())) || is_tested(before) {
        return true;
    }
    let Some(before) = before.strip_suffix(b"(") else { return false };
    let from = before.iter().rposition(|b| !is_word(*b) && *b != b'?').map_or(0, |at| at + 1);
    wording::COMPARING.iter().any(|name| name.as_bytes() == &before[from..])
}

/// Whether a test of a shell holds something against what comes: `if [ "$kind" = `.
fn is_tested(before: &[u8]) -> bool {
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    let Some(line) = line.strip_suffix(b" =") else { return false };
    let test = memchr::memmem::rfind(line, b"[ ");
    let begins = |at: usize| at == 0 || matches!(line[at - 1], b' ' | b'[' | b';' | b'\t' | b'!');
    test.is_some_and(|at| begins(at) && memchr::memchr(b']', &line[at..]).is_none())
}

/// Options of commands that name no path of an API.
const NAMING: [&str; 16] = [
    "name",
    "type",
    "alias",
    "aliases",
    "default",
    "message",
    "property",
    "description",
    "title",
    "format",
    "choices",
    "encoding",
    "like",
    "label",
    "filter",
    "mode",
];

/// Whether what comes is the value of an option of a command that says what else it is:
/// `Get-Param -Name "password"`.
pub(super) fn names_something(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let Some(before) = before.strip_suffix(b" ").or_else(|| before.strip_suffix(b"=")) else { return false };
    let from = before.iter().rposition(|b| !is_word(*b) && *b != b'-').map_or(0, |at| at + 1);
    let Some(option) = before[from..].strip_prefix(b"-") else { return false };
    let option = String::from_utf8_lossy(option).trim_start_matches('-').to_ascii_lowercase();
    NAMING.contains(&option.as_str())
}

/// How long the type arguments are that a text begins with, if a call follows them.
fn type_arguments(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(MAX_TYPE_ARGUMENTS) {
        match c {
            '<' | '[' => depth += 1,
            '>' | ']' => depth = depth.checked_sub(1)?,
            ',' | ' ' | '.' | '|' | '&' | '*' | '?' | '_' => {}
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
fn asked(calls: &[Open]) -> bool {
    calls.iter().any(|call| call.takes == Takes::Path)
}

/// Ruby: a call without brackets, `get "users"`, `boolean_from_response :put, "users"`.
fn is_command(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    let Some(line) = line.strip_suffix(['"', '\'']).and_then(|line| line.strip_suffix(' ')) else {
        return false;
    };
    let word = line.rsplit(|c: char| c.is_whitespace() || c == '.').next().unwrap_or_default();
    let symbol = word.strip_suffix(',').and_then(|word| word.strip_prefix(':'));
    wording::method_named(symbol.unwrap_or(word)).is_some()
}

/// What a getter gives that is called like a path: `get path() { return "users"`, `get url(): string {`.
fn is_given_by_getter(text: &str) -> bool {
    let given = || {
        let text = text.strip_suffix(['"', '\'', '`'])?.trim_end().strip_suffix("return")?;
        let head = text.trim_end().strip_suffix('{')?.trim_end();
        let head =
            head.strip_suffix("string").map_or(Some(head), |head| head.trim_end().strip_suffix(':'))?;
        let head = head.trim_end().strip_suffix("()")?;
        let start = head.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let (before, name) = head.split_at(start);
        before.trim_end().ends_with("get").then(|| wording::words(name).pop()).flatten()
    };
    given().is_some_and(|last| TAKING.contains(&last.as_str()))
}

/// One of the parts of a path: Go's `c.get([]string{"projects", id, "users"})`, where nobody looks a
/// list up, and Rust's `url.path_segments_mut()?.extend(&["projects", id, "users"])`.
fn is_segment(text: &str) -> bool {
    if let Some((_, after)) = text.rsplit_once("path_segments_mut()") {
        let (call, list) = after.rsplit_once(".extend(").or_else(|| after.rsplit_once(".push(")).unzip();
        let inside = list.is_some_and(|list: &str| !list.contains([')', ']', ';']));
        return inside && !call.is_some_and(|call| call.contains([';', '{', '}']));
    }
    let Some((before, list)) = text.rsplit_once("([]string{") else { return false };
    let name = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    !list.contains(['{', '}', '\n'])
        && wording::words(name)
            .iter()
            .any(|word| wording::ASKING.contains(&word.as_str()) || wording::method_named(word).is_some())
}

/// What an open call takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// It may make a request of it.
    Path,
    /// It looks it up, or makes a place in a file system of it.
    Key,
    Any,
}

/// Whether a value of that name is a place in a file system, or the library for such.
fn is_folder(word: &str) -> bool {
    matches!(word, "path" | "posix" | "win32" | "os" | "dir" | "directory" | "folder" | "file" | "root")
}

/// A call that is open: its brackets have not ended.
struct Open {
    takes: Takes,
    /// Whether a name is given a value outside.
    outside: bool,
    /// The words of what is called.
    callee: Vec<String>,
}

/// Brackets that have ended.
enum Ended {
    /// Of a call, with the words of its name.
    Call(Vec<String>),
    /// Without a name before them: the last name inside.
    Group(Name),
}

/// A name, and the words of what it is a member of.
struct Name {
    text: String,
    owner: Vec<String>,
    dotted: bool,
}

impl Name {
    /// The last word of what it is a member of; `path_default()` is a module.
    fn last_of_owner(&self) -> &str {
        let owner = self.owner.strip_suffix(&["default".to_owned()]).unwrap_or(&self.owner);
        owner.last().map_or("", String::as_str)
    }

    /// Whether it joins names of files: `os.path.join`, `rootDir.join`, JavaScript's `path.resolve`.
    fn is_of_folders(&self) -> bool {
        matches!(self.text.as_str(), "join" | "resolve" | "joinpath") && is_folder(self.last_of_owner())
    }

    /// Whether it takes a path apart or asks what it is: `removePathPrefix`, `is_url`.
    fn takes_apart(&self) -> bool {
        let words = wording::words(&self.text);
        let first = words.first().is_some_and(|word| TAKING_APART.contains(&word.as_str()));
        first && words.iter().any(|word| TAKING.contains(&word.as_str()))
    }

    /// Whether a call of this name may make a request of its arguments.
    fn asks(&self) -> bool {
        let Self { text: name, owner: _, dotted } = self;
        let words = wording::words(name);
        let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
        let last = self.last_of_owner();
        // Of what is kept in memory, or stands in folders.
        let elsewhere = matches!(last, "cache" | "store" | "db")
            || is_folder(last)
            || any(&["bin", "file", "dir", "folder"])
            || name == "join" && !dotted
            // `session.client("events")`: the client of a service.
            || name == "client" && *dotted;
        let asking =
            any(&wording::ASKING) && (words.len() == 1 || words.first().is_none_or(|word| word != "do"));
        if (any(&TAKING) || asking) && !elsewhere {
            return true;
        }
        // Queues, caches and maps have methods of these names as well.
        let asked = name.starts_with('_') || ASKED.contains(&last);
        match &words[..] {
            // Of the class itself, or of those that it builds upon.
            [_] if !dotted && matches!(name.as_str(), "get" | "put" | "delete" | "head") => true,
            [word] => {
                any(&["post", "patch"]) || asked && (wording::method_named(word).is_some() || any(&GETTING))
            }
            _ => any(&["post", "patch", "put", "delete", "get"]) && any(&GETTING),
        }
    }
}
use crate::scan::wording;
