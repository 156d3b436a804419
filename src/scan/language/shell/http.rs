//! The shell's HTTP clients: curl, wget, httpie, and commands that run them.

use super::tools;
use crate::scan::form::{STDIN, Span};
use crate::scan::naming::Naming;
use crate::scan::requests::request::{Callee, Dialect, Found, Meaning, NamedValue};
use crate::scan::value::{Kind, Piece, Term, Value};
use crate::scan::wording::{method_named, words};

/// The shell's dialect.
pub(crate) struct Shell;

/// Short options of curl that take a value.
const CURL_SHORT: &str = "XdHouAebcFTxwmKEUryzCDPQtYh";
/// Long options of curl that take no value, where they are common; all others
/// that are not listed as taking one take none either.
const CURL_LONG: [&str; 49] = [
    "request",
    "data",
    "data-raw",
    "data-binary",
    "data-ascii",
    "data-urlencode",
    "json",
    "header",
    "output",
    "user",
    "user-agent",
    "referer",
    "cookie",
    "cookie-jar",
    "form",
    "form-string",
    "upload-file",
    "proxy",
    "write-out",
    "max-time",
    "connect-timeout",
    "config",
    "cert",
    "key",
    "cacert",
    "capath",
    "retry",
    "retry-delay",
    "retry-max-time",
    "resolve",
    "interface",
    "dump-header",
    "range",
    "limit-rate",
    "url-query",
    "oauth2-bearer",
    "aws-sigv4",
    "unix-socket",
    "noproxy",
    "proxy-user",
    "output-dir",
    "stderr",
    "ciphers",
    "max-redirs",
    "connect-to",
    "cert-type",
    "key-type",
    "pass",
    "url",
];
/// Options of wget that take a value, when it stands in the next word.
const WGET_LONG: [&str; 18] = [
    "post-data",
    "post-file",
    "method",
    "body-data",
    "body-file",
    "header",
    "output-document",
    "output-file",
    "user",
    "password",
    "tries",
    "timeout",
    "user-agent",
    "directory-prefix",
    "load-cookies",
    "save-cookies",
    "ca-certificate",
    "referer",
];
const WGET_SHORT: &str = "OoatTPUeiBQwARDIX";
/// Words by which a script names its own helpers.
const OWN: [&str; 8] = ["api", "call", "request", "req", "rest", "fetch", "curl", "http"];

/// A word of a command.
#[derive(Clone)]
pub(crate) struct Word {
    pub value: Value,
    pub text: Option<String>,
}

impl Word {
    /// Its text before the first hole, if it has one; of several words that it may be, what
    /// all of them begin with.
    pub(super) fn front(&self) -> Option<&str> {
        fn front(term: &Term) -> Option<&str> {
            match &term.kind {
                Kind::Text(pieces) => match pieces.first()? {
                    Piece::Literal { text, .. } => Some(text),
                    _ => None,
                },
                _ => None,
            }
        }
        let (first, others) = self.value.terms.split_first()?;
        others.iter().try_fold(front(first)?, |shared, term| {
            let same = shared.chars().zip(front(term)?.chars()).take_while(|(a, b)| a == b);
            shared.get(..same.map(|(c, _)| c.len_utf8()).sum())
        })
    }

    /// Whether a whole command line follows: `-c`.
    fn begins_line(&self) -> bool {
        matches!(self.text.as_deref(), Some("-c" | "-lc" | "-ec" | "/c" | "/C"))
    }

    /// What follows the text that it begins with.
    pub(super) fn after(&self, front: &str) -> Option<Value> {
        self.front()?.starts_with(front).then(|| without_front(&self.value, front.len()))
    }
}

impl Dialect for Shell {
    fn naming(&self) -> Naming {
        Naming::Files
    }

    fn meaning(&self, callee: &Callee, args: &[NamedValue]) -> Meaning {
        // A function of the script is looked into.
        if callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_))) {
            return Meaning::Unknown;
        }
        let mut line: Vec<Word> = Vec::new();
        // `$CURL -s ...`: the variable holds the command's first words.
        // `"${CURL[@]}" -s ...`
        let items = longest(&callee.value);
        match callee.value.terms.iter().find(|term| matches!(term.kind, Kind::Text(_))) {
            Some(term) => line.extend(split_words(term)),
            None if items.is_some() => {
                line.extend(items.into_iter().flatten().map(Word::of));
            }
            None => {
                line.push(Word { value: Value::default(), text: Some(callee.name().to_ascii_lowercase()) })
            }
        }
        let stdin = args.iter().find(|(name, _)| name.as_deref() == Some(STDIN)).map(|(_, value)| value);
        for (name, value) in args {
            match (name.as_deref(), value.terms.as_slice()) {
                (Some(STDIN), _) => {}
                (Some("*"), [term]) if matches!(term.kind, Kind::Text(_)) => line.extend(split_words(term)),
                _ if let Some(items) = longest(value) => line.extend(items.iter().map(Word::of)),
                _ => line.push(Word { value: value.clone(), text: value.literal() }),
            }
        }
        let line = tools::put_in_by(&line).unwrap_or(line);
        if let Some(found) = command(&line, stdin) {
            return Meaning::Request(found);
        }
        // A command in a string: `ssh host "curl ..."`, `eval "curl ..."`, `bash -c '...'`.
        for word in &line {
            for term in &word.value.terms {
                let Kind::Text(pieces) = &term.kind else { continue };
                let run = pieces.iter().any(|piece| {
                    matches!(piece, Piece::Literal { text, .. } if text.contains("curl ") || text.contains("wget "))
                });
                if run
                    && !is_message(callee.name())
                    && let Some(found) = commands(&split_words(term))
                {
                    return Meaning::Request(found);
                }
            }
        }
        let named = words(callee.name());
        let own = named.iter().any(|word| OWN.contains(&word.as_str()) || method_named(word).is_some());
        if own && !is_message(callee.name()) { Meaning::Unknown } else { Meaning::Quiet }
    }
}

/// The words that a list holds; of one that grows under conditions, all of them.
fn longest(value: &Value) -> Option<&[Value]> {
    let list = |term: &'_ Term| matches!(term.kind, Kind::List(_));
    let items = value.terms.iter().filter_map(|term| match &term.kind {
        Kind::List(items) => Some(items.as_slice()),
        _ => None,
    });
    items.max_by_key(|items| items.len()).filter(|_| value.terms.iter().all(list))
}

/// Reads the arguments of a function that runs a program: one command line,
/// or its words, perhaps as a list.
pub(crate) fn program(args: &[NamedValue]) -> Option<Found> {
    let mut line: Vec<Word> = Vec::new();
    // `bash -c "curl ..."`: a whole line in one word.
    let push = |line: &mut Vec<Word>, value: &Value| match value.terms.as_slice() {
        [term] if matches!(term.kind, Kind::Text(_)) && line.last().is_some_and(Word::begins_line) => {
            line.extend(split_words(term));
        }
        // `["gh", *args]`, where a caller gives the list.
        [Term { kind: Kind::List(items), .. }] => line.extend(items.iter().map(Word::of)),
        _ => line.push(Word::of(value)),
    };
    for (name, value) in args {
        match value.terms.as_slice() {
            _ if name.is_some() => {}
            // `["curl -X DELETE ..."]`, handed to a shell: no program has a blank in its name.
            [Term { kind: Kind::List(items), .. }]
                if let [only] = &***items
                    && let [term @ Term { kind: Kind::Text(_), .. }] = only.terms.as_slice()
                    && line.is_empty() =>
            {
                line.extend(split_words(term));
            }
            [Term { kind: Kind::List(items), .. }] => items.iter().for_each(|item| push(&mut line, item)),
            [term] if line.is_empty() && matches!(term.kind, Kind::Text(_)) => line.extend(split_words(term)),
            _ => push(&mut line, value),
        }
    }
    commands(&line)
}

/// Whether a word is a part of what runs a command line that follows: `bash -c`, `sudo`.
pub(crate) fn runs_shell(word: &str) -> bool {
    let program = word.rsplit(['/', '\\']).next().unwrap_or(word).trim_end_matches(".exe");
    matches!(program, "sh" | "bash" | "zsh" | "dash" | "ash" | "cmd" | "sudo" | "env" | "time")
        || matches!(word, "-c" | "-lc" | "-ec" | "-e" | "/c" | "/C")
}

fn is_message(name: &str) -> bool {
    matches!(
        name,
        "echo" | "printf" | "log" | "info" | "warn" | "error" | "die" | "fail" | "cat" | "grep" | "usage"
    )
}

/// Reads the HTTP clients of a script, one command after the other.
fn commands(line: &[Word]) -> Option<Found> {
    const MAX_COMMANDS: u32 = 12;
    // Each command is an arm of one branch, which no code has.
    const BRANCH: u32 = u32::MAX;
    let ends = |word: &Word| matches!(word.text.as_deref(), Some("|" | "||" | "&&" | ";" | "&"));
    let mut found = line.split(ends).filter_map(|words| command(words, None));
    let mut whole = found.next()?;
    let Some(second) = found.next() else { return Some(whole) };
    let under = |found: &mut Found, arm: u32| {
        found.methods.iter_mut().for_each(|(_, when)| when.push((BRANCH, arm)));
        found.url.terms.iter_mut().for_each(|term| term.when.push((BRANCH, arm)));
    };
    under(&mut whole, 0);
    for (arm, mut next) in (1..MAX_COMMANDS).zip(std::iter::once(second).chain(found)) {
        under(&mut next, arm);
        whole.methods.append(&mut next.methods);
        whole.url = whole.url.join(next.url);
    }
    // What each of them sends is not told apart.
    (whole.bodies, whole.queries) = (Vec::new(), Vec::new());
    Some(whole)
}

/// Reads the first HTTP client in a command line; words before it run it
/// (`sudo`, `time`, `retry 5`, `xargs`).
fn command(line: &[Word], stdin: Option<&Value>) -> Option<Found> {
    let client_at = |at: usize| line[at].text.as_deref().is_some_and(|text| client(text).is_some());
    let at = (0..line.len()).find(|at| client_at(*at) || tools::begins(line, *at))?;
    let runner = line.first().and_then(|word| word.text.as_deref()).unwrap_or_default();
    if at > 0 && is_message(runner) {
        return None;
    }
    // `command -v curl` asks where it is, `command curl` runs it past a function of that name.
    let asks = at > 1 || runner != "command";
    if at > 0
        && asks
        && matches!(
            runner,
            "command" | "which" | "type" | "apt-get" | "apt" | "yum" | "apk" | "dnf" | "brew" | "man"
        )
    {
        return None;
    }
    let mut words = &line[at + 1..];
    // The next command of a string ends this one.
    if let Some(end) =
        words.iter().position(|word| matches!(word.text.as_deref(), Some("|" | "||" | "&&" | ";" | "&")))
    {
        words = &words[..end];
    }
    if !client_at(at) {
        return tools::read(&line[at..=at + words.len()]);
    }
    match client(line[at].text.as_deref()?)? {
        Client::Curl => curl(words, stdin),
        Client::Wget => wget(words),
        Client::Httpie => httpie(words, stdin),
    }
}

enum Client {
    Curl,
    Wget,
    Httpie,
}

fn client(word: &str) -> Option<Client> {
    match word.rsplit('/').next()? {
        "curl" | "curl_cmd" | "curl.exe" => Some(Client::Curl),
        "wget" => Some(Client::Wget),
        "http" | "https" | "xh" | "xhs" => (!word.contains('/')).then_some(Client::Httpie),
        _ => None,
    }
}

pub(super) fn found(method: Option<&Value>, implied: Option<&str>, urls: Vec<Value>) -> Option<Found> {
    let url = urls.into_iter().fold(Value::default(), Value::join);
    if url.is_empty() {
        return None;
    }
    let mut found = Found::with_method(method, implied, &url);
    found.bare_host = true;
    Some(found)
}

/// Whether a word stands for options that a caller gives.
fn is_rest(word: &Word) -> bool {
    word.value.terms.iter().any(|term| match &term.kind {
        Kind::Rest(_) => true,
        Kind::Unknown(name) => &**name == "@",
        _ => false,
    })
}

/// A text of one literal.
pub(super) fn literal(text: &str) -> Value {
    Value::text(text.into(), Span::NOWHERE)
}

/// A long option: `--data '{..}'`, `--data='{..}'`.
struct Long<'o> {
    name: &'o str,
    value: Option<Value>,
    /// The same, where what is written inline has its place in the whole word.
    placed: Option<Value>,
}

impl<'o> Long<'o> {
    /// The option of the word before `at`; those that are `taking` have their value in the next word.
    fn read(long: &'o str, words: &[Word], at: &mut usize, taking: &[&str]) -> Self {
        let word = &words[*at - 1];
        let Some((name, inline)) = long.split_once('=') else {
            let takes = taking.contains(&long);
            let value = words.get(*at).filter(|_| takes).map(|word| word.value.clone());
            *at += usize::from(takes);
            return Self { name: long, value: value.clone(), placed: value };
        };
        let placed = without_front(&word.value, name.len() + "--=".len());
        let value = if word.text.is_none() { placed.clone() } else { literal(inline) };
        Self { name, value: Some(value), placed: Some(placed) }
    }
}

fn curl(words: &[Word], stdin: Option<&Value>) -> Option<Found> {
    let mut urls = Vec::new();
    let mut method: Option<Value> = None;
    let (mut data, mut head, mut get, mut upload, mut open) = (false, false, false, false, false);
    let mut bodies: Vec<Value> = Vec::new();
    let (mut queries, mut encoded): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        at += 1;
        open |= is_rest(word);
        let option = word.text.clone().or_else(|| word.front().map(str::to_owned)).unwrap_or_default();
        if let Some(long) = option.strip_prefix("--") {
            let Long { name, value, placed } = Long::read(long, words, &mut at, &CURL_LONG);
            match name {
                "json" | "data" | "data-raw" | "data-binary" | "data-ascii" => bodies.extend(placed),
                "data-urlencode" => encoded.extend(placed),
                "url-query" => queries.extend(placed),
                _ => {}
            }
            match name {
                "request" => method = value,
                "url" => urls.extend(value),
                "head" => head = true,
                "get" => get = true,
                "upload-file" => upload = true,
                "json" | "form" | "form-string" => data = true,
                _ if name.starts_with("data") => data = true,
                _ => {}
            }
        } else if option.len() > 1 && option.starts_with('-') {
            for (index, flag) in option.char_indices().skip(1) {
                match flag {
                    'd' | 'F' => data = true,
                    'I' => head = true,
                    'G' => get = true,
                    'T' => upload = true,
                    _ => {}
                }
                if CURL_SHORT.contains(flag) {
                    let inline = &option[index + flag.len_utf8()..];
                    // `-X"$METHOD"`
                    let value = if word.text.is_none() || !inline.is_empty() && flag == 'd' {
                        without_front(&word.value, index + 1)
                    } else if !inline.is_empty() {
                        literal(inline)
                    } else {
                        at += 1;
                        words.get(at - 1).map(|word| word.value.clone()).unwrap_or_default()
                    };
                    match flag {
                        'X' => method = Some(value),
                        'd' => bodies.push(value),
                        _ => {}
                    }
                    break;
                }
            }
        } else if !is_rest(word) {
            urls.push(word.value.clone());
        }
    }
    let mut urls: Vec<Value> = urls.into_iter().filter(|url| !url.is_empty()).collect();
    if urls.is_empty() {
        urls.extend(words.iter().find(|word| is_rest(word)).map(|word| word.value.clone()));
    }
    let implied = match (head, get, upload, data) {
        (true, ..) => "HEAD",
        (_, true, ..) => "GET",
        (_, _, true, _) => "PUT",
        (.., true) => "POST",
        _ => "GET",
    };
    // Options that a caller gives may change the method.
    let implied = (!open).then_some(implied);
    let mut found = found(method.as_ref(), implied, urls)?;
    found.method_open |= open && method.is_none();
    // With `-G` it goes into the query.
    if get {
        queries.extend(bodies.drain(..).chain(encoded));
    } else if !encoded.is_empty() {
        // The body of a form: its parts are no JSON.
        bodies.clear();
    }
    let read = |body: Value| match (body.literal().as_deref(), stdin) {
        (Some("@-" | "@/dev/stdin"), Some(text)) => text.clone(),
        _ => body,
    };
    found.bodies = bodies.into_iter().map(read).collect();
    found.queries = queries;
    Some(found)
}

fn wget(words: &[Word]) -> Option<Found> {
    let mut urls = Vec::new();
    let mut method: Option<Value> = None;
    let mut implied = "GET";
    let mut bodies: Vec<Value> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let word = &words[at];
        at += 1;
        let option = word.text.clone().or_else(|| word.front().map(str::to_owned)).unwrap_or_default();
        if let Some(long) = option.strip_prefix("--") {
            let Long { name, value, placed } = Long::read(long, words, &mut at, &WGET_LONG);
            if matches!(name, "post-data" | "body-data") {
                bodies.extend(placed);
            }
            match name {
                "method" => method = value,
                "post-data" | "post-file" => implied = "POST",
                "spider" => implied = "HEAD",
                _ => {}
            }
        } else if option.len() > 1 && option.starts_with('-') {
            // `-qO-`, `-O file`; the value of the last letter may be the next word.
            let taking = option.char_indices().skip(1).find(|(_, flag)| WGET_SHORT.contains(*flag));
            if let Some((index, flag)) = taking
                && index + flag.len_utf8() == option.len()
                && word.text.is_some()
            {
                at += 1;
            }
        } else {
            urls.push(word.value.clone());
        }
    }
    let mut found = found(method.as_ref(), Some(implied), urls)?;
    found.bodies = bodies;
    Some(found)
}

fn httpie(words: &[Word], stdin: Option<&Value>) -> Option<Found> {
    let mut words =
        words.iter().filter(|word| !word.text.as_deref().is_some_and(|text| text.starts_with('-')));
    let first = words.next()?;
    let verb = first
        .text
        .as_deref()
        .filter(|text| !text.contains(|c: char| !c.is_ascii_alphabetic()))
        .and_then(method_named);
    let url = if verb.is_some() { words.next()? } else { first };
    let slash = url.value.texts().any(|(pieces, _)| {
        pieces.iter().any(|piece| matches!(piece, Piece::Literal { text, .. } if text.contains('/')))
    });
    let body =
        words.any(|word| word.text.as_deref().is_some_and(|text| text.contains('=') && !text.contains("==")));
    if !slash {
        return None;
    }
    let sends = body || stdin.is_some();
    let mut found =
        found(None, Some(verb.unwrap_or(if sends { "POST" } else { "GET" })), vec![url.value.clone()])?;
    // `http POST host/path <<< '{...}'`
    found.bodies.extend(stdin.filter(|_| !body).cloned());
    Some(found)
}

/// The value without its first bytes of literal text.
fn without_front(value: &Value, bytes: usize) -> Value {
    let rest = value.clone().map_texts(|pieces| {
        let mut left = bytes;
        for piece in pieces.iter_mut() {
            if let Piece::Literal { text, .. } = piece {
                let cut = left.min(text.len());
                left -= cut;
                *text = text.get(cut..).unwrap_or_default().into();
            }
        }
        pieces.retain(|piece| !matches!(piece, Piece::Literal { text, .. } if text.is_empty()));
    });
    // One hole or parameter that is all there is stands for itself.
    let terms = rest.terms.into_iter().map(|term| match &term.kind {
        Kind::Text(pieces) => match pieces.as_slice() {
            [Piece::Param(param)] => Term { kind: Kind::Param(param.clone()), ..term },
            _ => term,
        },
        _ => term,
    });
    Value { terms: terms.collect() }
}

/// Splits a text that holds several words, as the shell does with an unquoted
/// variable, or another shell with a command line.
fn split_words(term: &Term) -> Vec<Word> {
    let Kind::Text(pieces) = &term.kind else { return Vec::new() };
    let mut out: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for piece in pieces {
        let Piece::Literal { text, literal, origin, local } = piece else {
            if let Some(word) = out.last_mut() {
                word.push(piece.clone());
            }
            continue;
        };
        let mut part = String::new();
        let flush = |part: &mut String, out: &mut Vec<Vec<Piece>>| {
            if !part.is_empty()
                && let Some(word) = out.last_mut()
            {
                let text = std::mem::take(part).into();
                word.push(Piece::Literal { text, literal: *literal, origin: *origin, local: *local });
            }
        };
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match (quote, c) {
                // What ends a command is a word of its own, wherever it stands.
                (None, ';' | '|' | '&') if !escaped && (c != '&' || chars.peek() == Some(&'&')) => {
                    flush(&mut part, &mut out);
                    part.push(c);
                    part.extend(chars.next_if_eq(&c));
                    out.push(Vec::new());
                    flush(&mut part, &mut out);
                    out.push(Vec::new());
                }
                (Some(open), c) if c == open => quote = None,
                (None, '"' | '\'') => quote = Some(c),
                (None, '\\') => {
                    escaped = true;
                    continue;
                }
                (None, c) if c.is_whitespace() => {
                    flush(&mut part, &mut out);
                    if out.last().is_some_and(|word| !word.is_empty()) {
                        out.push(Vec::new());
                    }
                    // A line is a command.
                    if c == '\n' && !escaped {
                        part.push(';');
                        flush(&mut part, &mut out);
                        out.push(Vec::new());
                    }
                }
                _ => part.push(c),
            }
            escaped = false;
        }
        flush(&mut part, &mut out);
    }
    out.retain(|word| !word.is_empty());
    out.into_iter()
        .map(|pieces| {
            let value = Value { terms: vec![Term { kind: Kind::Text(pieces), ..term.clone() }] };
            Word { text: value.literal(), value }
        })
        .collect()
}
