//! Small programs that a shell hands an answer: `curl .. | python3 -c "import json,sys;
//! print(json.load(sys.stdin)['name'])"`, and Ruby's and Node's.
//!
//! They are not evaluated: what is read is what stands behind the parsed input, or behind a name
//! that is given it.

use super::answer::answers;
use super::sent;
use crate::scan::evaluate::Evaluator;
use crate::scan::form::Span;
use crate::scan::value::{Answer, Kind, Value};

/// What parses the input as a whole.
const PARSED: [&str; 14] = [
    "json.load(sys.stdin)",
    "json.loads(sys.stdin.read())",
    "json.loads(input())",
    "load(sys.stdin)",
    "JSON.parse(STDIN.read)",
    "JSON.parse($stdin.read)",
    "JSON.parse(ARGF.read)",
    "JSON.load(STDIN)",
    "JSON.parse(require('fs').readFileSync(0))",
    "JSON.parse(require('fs').readFileSync(0, 'utf8'))",
    "JSON.parse(require('fs').readFileSync('/dev/stdin'))",
    "JSON.parse(require('fs').readFileSync('/dev/stdin', 'utf8'))",
    "JSON.parse(fs.readFileSync(0))",
    "JSON.parse(fs.readFileSync(0, 'utf8'))",
];
/// Rounds in which names are given what stands behind others.
const ROUNDS: usize = 4;
/// Longest program that is read, in bytes: each name is looked for in all of it.
const LONGEST: usize = 16 << 10;

/// A name, and the place that it stands for; none if it stands for several.
type Bound<'t> = Vec<(&'t str, Option<String>)>;

/// What a program reads of its input: places, each with where the key is written (begin and
/// length), and what it writes, if that is one of them.
pub(super) struct Reads {
    pub(crate) keys: Vec<(String, usize, usize)>,
    pub(super) out: Option<String>,
}

/// What a program reads of its input, by its text. None if it is not seen to parse it.
pub(super) fn read(program: &str) -> Option<Reads> {
    let starts: Vec<(usize, usize)> = PARSED
        .iter()
        .flat_map(|parsed| program.match_indices(parsed).map(|(at, _)| (at, at + parsed.len())))
        .filter(|(at, _)| !program[..*at].ends_with(is_part_of_name))
        .collect();
    if starts.is_empty() || program.len() > LONGEST {
        return None;
    }
    let script = program.contains("JSON.") && program.contains("readFileSync");
    let mut bound: Bound<'_> = Vec::new();
    for _ in 0..ROUNDS {
        let before = bound.clone();
        for (start, end, at) in uses(program, &starts, &before) {
            let (at, behind, _) = chain(program, end, at, script);
            let Some((name, each)) = given(program, start, behind) else { continue };
            let at = if each { format!("{at}[]") } else { at };
            match bound.iter_mut().find(|(known, _)| *known == name) {
                Some((_, place)) if place.as_ref() != Some(&at) => *place = None,
                Some(_) => {}
                None => bound.push((name, Some(at))),
            }
        }
        bound.iter_mut().filter(|(name, _)| is_given_again(program, name)).for_each(|(_, at)| *at = None);
        if bound == before {
            break;
        }
    }
    let mut keys = Vec::new();
    let mut printed = Vec::new();
    for (start, end, at) in uses(program, &starts, &bound) {
        let (at, behind, read) = chain(program, end, at, script);
        keys.extend(read);
        let front = program[..start].trim_end();
        if ["print(", "puts", "console.log("].iter().any(|print| front.ends_with(print))
            && program[behind..].trim_start_matches([')', ' ', '\n']).is_empty()
        {
            printed.push(at);
        }
    }
    let out = if printed.len() == 1 { printed.pop() } else { None };
    Some(Reads { keys, out })
}

/// Whether a name is given something more than once.
fn is_given_again(program: &str, name: &str) -> bool {
    let given = |(at, _): &(usize, &str)| {
        let rest = program[at + name.len()..].trim_start_matches(' ');
        let whole = !program[..*at].ends_with(is_part_of_name);
        whole && (rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with("in "))
    };
    program.match_indices(name).filter(given).count() > 1
}

fn is_part_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// Where the input, or a name that stands for a part of it, is used: begin, end, place.
fn uses(program: &str, starts: &[(usize, usize)], bound: &Bound<'_>) -> Vec<(usize, usize, String)> {
    let mut out: Vec<_> = starts.iter().map(|(start, end)| (*start, *end, String::new())).collect();
    for (name, place) in bound {
        let Some(place) = place else { continue };
        for (start, _) in program.match_indices(name) {
            let end = start + name.len();
            let whole = !program[..start].ends_with(|c| is_part_of_name(c) || c == '\'' || c == '"')
                && !program[end..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
            if whole {
                out.push((start, end, place.clone()));
            }
        }
    }
    out
}

/// What stands behind a value: the place that it leads to, where it ends, and the keys on the way.
fn chain(
    program: &str,
    from: usize,
    mut at: String,
    script: bool,
) -> (String, usize, Vec<(String, usize, usize)>) {
    let mut end = from;
    let mut keys = Vec::new();
    loop {
        let rest = &program[end..];
        let inner = rest
            .strip_prefix('[')
            .map(|inner| (inner, 1, "]"))
            .or_else(|| rest.strip_prefix(".get(").map(|inner| (inner, 5, "")));
        if let Some((inner, opened, close)) = inner {
            let digits = inner.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'-').count();
            if digits > 0 && inner[digits..].starts_with(']') {
                at.push_str("[]");
                end += opened + digits + 1;
                continue;
            }
            let escaped = usize::from(inner.starts_with('\\'));
            let Some(quote) = inner[escaped..].chars().next().filter(|c| matches!(c, '\'' | '"')) else {
                break;
            };
            let word = &inner[escaped + 1..];
            let Some(length) = word.find(['\\', quote]) else { break };
            let name = &word[..length];
            if !sent::is_name(name) {
                break;
            }
            let start = end + opened + escaped + 1;
            let behind = start + length + escaped + 1;
            // A quote that is escaped at the front only ends elsewhere.
            let Some(rest) = program.get(behind..) else { break };
            let behind = match close {
                "" => match rest.find(')') {
                    Some(close) => behind + close + 1,
                    None => break,
                },
                close if rest.starts_with(close) => behind + 1,
                _ => break,
            };
            at = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
            keys.push((at.clone(), start, length));
            end = behind;
            continue;
        }
        // JavaScript: a member that is not called.
        if let Some(word) = rest.strip_prefix('.').filter(|_| script) {
            let length =
                word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            let name = &word[..length];
            if length > 0 && name != "length" && !word[length..].trim_start().starts_with('(') {
                at = if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
                keys.push((at.clone(), end + 1, length));
                end += 1 + length;
                continue;
            }
        }
        break;
    }
    (at, end, keys)
}

/// The name that is given a value, and whether it is given each of its elements:
/// `data = ..`, `for item in ..`.
fn given(program: &str, start: usize, end: usize) -> Option<(&str, bool)> {
    let front = program[..start].trim_end();
    let name_before = |text: &'_ str| {
        let text = text.trim_end();
        let from = text.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        (from < text.len()).then_some(from..text.len())
    };
    // What is made of it besides is something else.
    let ends = program[end..].trim_start_matches(' ');
    if let Some(target) = front.strip_suffix('=') {
        let plain = ends.is_empty() || ends.starts_with([';', '\n']);
        return name_before(target).filter(|_| plain).map(|range| (&program[range], false));
    }
    let list = front.strip_suffix("in").filter(|text| text.ends_with(' '))?;
    let range = name_before(list)?;
    let each = program[..range.start].trim_end().ends_with("for");
    let ends = ends.is_empty() || ends.starts_with([':', ']', ')', '}', '\n']) || ends.starts_with("if ");
    (each && ends).then(|| (&program[range], true))
}

impl Evaluator<'_> {
    /// What a program that is written in a command reads of the answer that it is piped.
    pub(super) fn one_liner(&mut self, words: &[&Value], stdin: &Value) -> Option<Value> {
        let option = words
            .iter()
            .position(|word| matches!(word.literal().as_deref(), Some("-c" | "-e" | "-p" | "-pe")))?;
        let (program, place) = sent::written_text(words.get(option + 1)?)?;
        let mut known = answers(stdin);
        let (Some(answer), None) = (known.next().cloned(), known.next()) else { return None };
        let reads = read(program)?;
        let front = answer.at.as_deref().unwrap_or_default().to_owned();
        let stands = |at: &str| {
            let at = match (front.is_empty(), at.is_empty() || at.starts_with('[')) {
                (true, _) => at.to_owned(),
                (false, true) => format!("{front}{at}"),
                (false, false) => format!("{front}.{at}"),
            };
            Value::one(Kind::Answer(Answer::part(&answer, at)))
        };
        for (at, start, length) in &reads.keys {
            let span: Span = sent::within(place, program, *start, *length);
            self.note_read(&stands(at), span);
        }
        Some(reads.out.map_or_else(|| Value::unknown(""), |at| stands(&at)))
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    fn places(program: &str) -> Vec<String> {
        let mut keys: Vec<_> = read(program)
            .map(|reads| reads.keys)
            .unwrap_or_default()
            .into_iter()
            .map(|(at, ..)| at)
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }

    #[test]
    fn what_stands_behind_the_input_is_read() {
        assert_eq!(places("import sys,json; print(json.load(sys.stdin)['name'])"), ["name"]);
        assert_eq!(
            places("import json,sys\nprint(json.load(sys.stdin)[0][\"a\"].get('b', ''))"),
            ["[].a", "[].a.b"]
        );
        let list = "d=json.load(sys.stdin); print([a['url'] for a in d['assets'] if 'x' in a['name']][0])";
        assert_eq!(places(list), ["assets", "assets[].name", "assets[].url"]);
        let loop_ =
            "d = json.load(sys.stdin)\nfor run in d['runs']:\n    print(run['id'], run['other']['k'])";
        assert_eq!(places(loop_), ["runs", "runs[].id", "runs[].other", "runs[].other.k"]);
        assert_eq!(places("puts JSON.parse(STDIN.read)['tag']"), ["tag"]);
        let node = "console.log(JSON.parse(require('fs').readFileSync(0)).tag.length)";
        assert_eq!(places(node), ["tag"]);
    }

    #[test]
    fn texts_of_any_sort_are_read() {
        for program in [
            "json.load(sys.stdin)[\\\"name\"\u{e9}",
            "json.load(sys.stdin)[\\\"name\"",
            "json.load(sys.stdin).get(\\\"name\"\u{e9}",
            "\u{2026}=json.load(sys.stdin); print(\u{2026}['a'])",
            "for \u{2026} in json.load(sys.stdin): pass",
            "x\u{2026}d = json.load(sys.stdin)",
            "json.load(sys.stdin)[\u{e9}",
            "json.load(sys.stdin)[-",
        ] {
            read(program);
        }
        assert!(read(&format!("d = json.load(sys.stdin){}", " ".repeat(1 << 20))).is_none());
    }

    #[test]
    fn what_is_not_seen_to_be_the_input_is_not() {
        assert!(places("d = json.load(open('x')); print(d['name'])").is_empty());
        assert!(
            places("d = json.load(sys.stdin); d = other(); e = f(d); print(e['name'], d2['x'])").is_empty()
        );
        assert!(places("d=json.load(sys.stdin); d=d['a']; print(d['b'])").is_empty());
        assert!(places("d=json.load(sys.stdin); d = f(); print(d['b'])").is_empty());
    }
}
