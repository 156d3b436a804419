//! Groovy of Jenkins: the shell steps of a pipeline, and the requests of its plugin.

use std::ops::Range;

use super::Extracted;
use super::commands::{Piece, language_of, request};
use super::region::Region;
use crate::scan::language::Language;

/// Steps that run a script, with the language of it.
const STEPS: [(&str, &str); 3] = [("sh", "sh"), ("pwsh", "pwsh"), ("powershell", "pwsh")];
/// The step that makes a request.
const ASKS: &str = "httpRequest";
/// Most values of names that are kept.
const MAX_NAMES: usize = 200;

/// Pieces of a text, each with the bytes that it stands for.
type Text = Vec<(String, Range<usize>)>;

/// Reads a pipeline.
pub(super) fn extract(text: &str) -> Extracted {
    let mut out = Extracted::default();
    let mut names: Vec<(&str, Text)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if rest.starts_with(['\'', '"']) {
            at = literal(text, at).map_or(text.len(), |(_, end)| end);
        } else if let Some(word) = word(rest) {
            let end = at + word.len();
            let member = text[..at].trim_end().ends_with('.');
            let name = word.rsplit('.').next().unwrap_or(word);
            if let Some((_, shell)) = STEPS.iter().find(|(step, _)| *step == word).filter(|_| !member) {
                let language = language_of(shell).unwrap_or(Language::Shell);
                out.regions.extend(told(text, end, "script").map(|script| step(&script, language, &names)));
            } else if word == ASKS {
                out.regions.extend(asked(text, end, &names));
            } else if let Some(value) = given(text, end).filter(|_| names.len() < MAX_NAMES) {
                names.push((name, value));
            }
            at = end;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    out
}

/// The name that a text begins with, perhaps of a member: `env.API`.
fn word(text: &str) -> Option<&str> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.'));
    Some(text[..end.unwrap_or(text.len())].trim_end_matches('.'))
}

/// The text that a name is given: `API = "https://..."`.
fn given(text: &str, end: usize) -> Option<Text> {
    let rest = text[end..].trim_start();
    let value = rest.strip_prefix('=').filter(|value| !value.starts_with(['=', '~']))?.trim_start();
    sum(text, text.len() - value.len()).map(|(value, _)| value)
}

/// What a step is told under a name, or as all that it is told.
fn told(text: &str, end: usize, name: &str) -> Option<Text> {
    let open = text[end..].trim_start();
    let args = open.strip_prefix('(').unwrap_or(open).trim_start();
    let from = text.len() - args.len();
    if let Some((value, _)) = sum(text, from) {
        return Some(value);
    }
    // `sh(returnStdout: true, script: "...")`, up to the end of the call or, without brackets, of the line.
    let mut at = from;
    let mut depth = 0_usize;
    while at < text.len() {
        let rest = &text[at..];
        match rest.chars().next()? {
            '\'' | '"' => at = literal(text, at)?.1,
            '\n' if !open.starts_with('(') => return None,
            ')' | '}' if depth == 0 => return None,
            '(' | '[' => (at, depth) = (at + 1, depth + 1),
            ')' | ']' => (at, depth) = (at + 1, depth.saturating_sub(1)),
            _ => match word(rest) {
                Some(key) if key == name && depth == 0 => {
                    let value = rest[key.len()..].trim_start().strip_prefix(':')?.trim_start();
                    return sum(text, text.len() - value.len()).map(|(value, _)| value);
                }
                Some(key) => at += key.len(),
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            },
        }
    }
    None
}

/// A literal, or several that are put together, and where they end.
fn sum(text: &str, at: usize) -> Option<(Text, usize)> {
    let (mut out, mut end) = literal(text, at)?;
    loop {
        let rest = text[end..].trim_start();
        let Some(more) = rest.strip_prefix('+').map(str::trim_start) else { return Some((out, end)) };
        let from = text.len() - more.len();
        if let Some((more, until)) = literal(text, from) {
            out.extend(more);
            end = until;
        } else if let Some(name) = word(more) {
            out.push((variable(name), from..from + name.len()));
            end = from + name.len();
        } else {
            return Some((out, end));
        }
    }
}

/// A name as a variable of the shell: Jenkins hands its environment to its steps.
fn variable(name: &str) -> String {
    let name = name.trim().trim_start_matches("env.").trim_start_matches("params.");
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    format!("${{{}}}", name.chars().take(60).map(plain).collect::<String>())
}

/// A literal that begins here, and where it ends.
fn literal(text: &str, at: usize) -> Option<(Text, usize)> {
    let quote = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| text[at..].starts_with(quote))?;
    let filled = quote.starts_with('"');
    let mut out = Text::new();
    let mut from = at + quote.len();
    let mut now = from;
    let put = |out: &mut Text, from: usize, to: usize| {
        if from < to {
            out.push((text[from..to].to_owned(), from..to));
        }
    };
    while now < text.len() {
        let rest = &text[now..];
        if rest.starts_with(quote) {
            put(&mut out, from, now);
            return Some((out, now + quote.len()));
        }
        // A literal of one line ends there.
        if quote.len() == 1 && rest.starts_with('\n') {
            return None;
        }
        if let Some(escaped) = rest.strip_prefix('\\') {
            put(&mut out, from, now);
            let c = escaped.chars().next()?;
            let end = now + 1 + c.len_utf8();
            match c {
                'n' => out.push(("\n".into(), now..end)),
                't' => out.push(("\t".into(), now..end)),
                '\n' => {}
                // A backslash at the end of a line is the shell's.
                '\\' => out.push(("\\".into(), now..end)),
                c => out.push((c.to_string(), now..end)),
            }
            (now, from) = (end, end);
        } else if filled && rest.starts_with("${") {
            put(&mut out, from, now);
            let end = now + rest.find('}')? + 1;
            out.push((variable(&text[now + 2..end - 1]), now..end));
            (now, from) = (end, end);
        } else if filled && rest.starts_with('$') && word(&rest[1..]).is_some() {
            put(&mut out, from, now);
            let name = word(&rest[1..])?;
            let end = now + 1 + name.len();
            out.push((variable(name), now..end));
            (now, from) = (end, end);
        } else {
            now += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    None
}

/// A script behind what it reads of the names.
fn step(script: &Text, language: Language, names: &[(&str, Text)]) -> Region {
    let mut body = Region::new(language);
    for (piece, place) in script {
        body.part(piece, place.clone());
    }
    body.glue("\n");
    behind(body, names)
}

fn behind(body: Region, names: &[(&str, Text)]) -> Region {
    if body.language != Language::Shell {
        return body;
    }
    // What is read is made of others.
    let mut read = body.text().to_owned();
    let mut needed = Vec::new();
    for (name, value) in
        names.iter().rev().filter(|(_, value)| !value.iter().any(|(text, _)| text.contains('\n')))
    {
        let reads = |form: String| read.contains(&form);
        if reads(format!("${{{name}}}")) || reads(format!("${name}")) {
            value.iter().for_each(|(text, _)| read.push_str(text));
            needed.push((name, value));
        }
    }
    let mut whole = Region::new(body.language);
    for (name, value) in needed.into_iter().rev() {
        whole.glue(&format!("{name}=\""));
        for (text, place) in value {
            whole.part(&text.replace(['"', '`', '\\'], "_"), place.clone());
        }
        whole.glue("\"\n");
    }
    whole.append(&body);
    whole
}

/// `httpRequest url: "https://...", httpMode: 'POST'`
fn asked(text: &str, end: usize, names: &[(&str, Text)]) -> Option<Region> {
    let url = told(text, end, "url")?;
    let method = told(text, end, "httpMode").filter(|method| *method != url);
    let method = method.map_or("GET".to_owned(), |pieces| pieces.into_iter().map(|(text, _)| text).collect());
    let pieces: Vec<Piece<'_>> =
        url.into_iter().map(|(text, place)| Piece::Text(text.into(), place)).collect();
    request(Some(&method), &pieces, None).map(|region| behind(region, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_never_end_are_no_texts() {
        for text in [
            "sh '",
            "sh \"\"\"${",
            "sh(script: '''",
            "httpRequest url: \"$",
            "sh \"\\",
            "x = '",
            "/*",
            "sh 'ü",
        ] {
            assert_eq!(extract(text).regions.len(), 0, "{text}");
        }
        assert_eq!(extract("sh 'curl ü'").regions.len(), 1);
    }
}
