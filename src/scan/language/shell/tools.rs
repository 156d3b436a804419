//! Command line tools that ask one API for any path that they are given: `gh api`
//! of GitHub, `glab api` of GitLab, `kubectl get --raw` of Kubernetes.

use super::http::{Word, found, literal};
use crate::scan::value::compose::{self, join_url};
use std::sync::Arc;

use crate::scan::fields::sent;
use crate::scan::form::{JoinStyle, Key, Span};
use crate::scan::requests::request::Found;
use crate::scan::value::{Entry, Kind, Piece, Term, Value};
use crate::scan::wording::method_named;

/// Options of `gh api` and `glab api` that take a value.
const API_VALUES: [&str; 22] = [
    "-X",
    "--method",
    "-f",
    "--raw-field",
    "-F",
    "--field",
    "-H",
    "--header",
    "--input",
    "-q",
    "--jq",
    "-t",
    "--template",
    "--cache",
    "-p",
    "--preview",
    "--hostname",
    "--form",
    "-R",
    "--repo",
    "--output",
    "-o",
];
/// Those that send something: the method is `POST` then, unless it is said.
const SENDING: [&str; 6] = ["-f", "--raw-field", "-F", "--field", "--input", "--form"];

/// Whether a program asks servers for what the rest of its line says.
pub(crate) fn is_client(program: &str) -> bool {
    let name = program.rsplit('/').next().unwrap_or(program);
    matches!(name, "gh" | "glab" | "kubectl" | "oc" | "curl" | "wget")
}

/// Whether a tool begins at a word of a command line.
pub(super) fn begins(line: &[Word], at: usize) -> bool {
    let text = |at: usize| line.get(at).and_then(|word| word.text.as_deref());
    match text(at).and_then(|text| text.rsplit('/').next()) {
        Some("gh" | "glab") => text(at + 1) == Some("api"),
        Some("kubectl" | "oc") => line[at..].iter().any(is_raw),
        _ => false,
    }
}

fn is_raw(word: &Word) -> bool {
    let starts = |text: &str| text == "--raw" || text.starts_with("--raw=");
    word.text.as_deref().or(word.front()).is_some_and(starts)
}

/// Reads the command that begins with a tool.
pub(super) fn read(line: &[Word]) -> Option<Found> {
    let tool = line.first()?.text.as_deref()?.rsplit('/').next()?.to_owned();
    match tool.as_str() {
        "gh" => api(line.get(2..)?, "https://api.github.com/"),
        "glab" => api(line.get(2..)?, "https://gitlab.com/api/v4/"),
        _ => raw(line.get(1..)?),
    }
}

fn api(words: &[Word], base: &str) -> Option<Found> {
    let (mut method, mut path, mut sends, mut elsewhere) = (None, None, false, false);
    let mut fields: Vec<(Entry, Value)> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let option = word.text.as_deref().or(word.front()).unwrap_or_default();
        if !option.starts_with('-') {
            path = path.or(Some(&word.value));
            continue;
        }
        let (name, inline) =
            option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
        // `-XPOST`
        let short = name.get(..2).filter(|short| !name.starts_with("--") && API_VALUES.contains(short));
        let (name, inline) = match short {
            Some(short) if name.len() > 2 => (short, name.get(2..)),
            _ => (name, inline),
        };
        let value = match inline {
            Some(value) => Some(literal(value)),
            None if API_VALUES.contains(&name) => words.next().map(|word| word.value.clone()),
            None => None,
        };
        sends |= SENDING.contains(&name);
        if matches!(name, "-f" | "-F" | "--field" | "--raw-field") {
            fields.extend(value.as_ref().and_then(field));
        }
        elsewhere |= name == "--hostname";
        if matches!(name, "-X" | "--method") {
            method = value;
        }
    }
    // At a host of one's own the API is somewhere below it.
    let base = literal(if elsewhere { "/" } else { base });
    let span = Span::NOWHERE;
    let url = join_url(&base, std::slice::from_ref(path?), JoinStyle::Base, span);
    let mut found = found(method.as_ref(), Some(if sends { "POST" } else { "GET" }), vec![url])?;
    if !fields.is_empty() {
        let told = Value::one(Kind::Object(Arc::new(fields)));
        let asks = found.methods.iter().any(|(method, _)| method.as_deref() == Some("GET"));
        if asks { found.queries.push(told) } else { found.bodies.push(told) }
    }
    Some(found)
}

/// The field that `-f name=value` sends; of `labels[]=bug` and `config[url]=u` the outermost.
fn field(word: &Value) -> Option<(Entry, Value)> {
    let [Term { kind: Kind::Text(pieces), .. }] = word.terms.as_slice() else { return None };
    let Some(Piece::Literal { text, literal, .. }) = pieces.first() else { return None };
    let name = text.split_once('=')?.0.split('[').next()?;
    let span = (*literal != Span::NOWHERE).then(|| sent::within(*literal, text, 0, name.len()));
    Some((Entry::Key(Key { name: name.into(), span }), Value::unknown("value")))
}

fn raw(words: &[Word]) -> Option<Found> {
    let verb = words.iter().find_map(|word| match word.text.as_deref()? {
        "get" => Some("GET"),
        "create" => Some("POST"),
        "replace" => Some("PUT"),
        "delete" => Some("DELETE"),
        _ => None,
    })?;
    let at = words.iter().position(is_raw)?;
    let path = match words[at].after("--raw=") {
        Some(path) => path,
        None => words.get(at + 1)?.value.clone(),
    };
    let base = literal("https://kubernetes.default.svc/");
    let url: Value = join_url(&base, &[path], JoinStyle::Base, Span::NOWHERE);
    found(None, method_named(verb), vec![url])
}

/// The words behind `xargs -I %`, with what stands for whatever is put in there in place of
/// the sign.
pub(super) fn put_in_by(line: &[Word]) -> Option<Vec<Word>> {
    let text = |at: usize| line.get(at).and_then(|word: &Word| word.text.as_deref());
    // Only its own options stand before it: that of curl means something else.
    let own = |at: &usize| {
        text(*at).is_some_and(|text| {
            text == "xargs"
                || text.starts_with('-') && !text.starts_with("-I")
                || text.chars().all(|c| c.is_ascii_digit())
        })
    };
    let option = (0..line.len()).take_while(own).count();
    let (sign, behind) = match text(option)?.strip_prefix("-I")? {
        "" => (text(option + 1)?, option + 2),
        sign => (sign, option + 1),
    };
    if sign.contains(['{', '/', '-']) {
        return None;
    }
    let from = Value::text(sign.into(), Span::NOWHERE);
    let to = Value::text("{}".into(), Span::NOWHERE);
    let put = |word: &Word| Word::of(&compose::replace(word.value.clone(), &from, &to));
    Some(
        line.iter()
            .take(behind)
            .map(|word| Word::of(&word.value))
            .chain(line[behind..].iter().map(put))
            .collect(),
    )
}
