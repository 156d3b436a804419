//! What commands of a shell hand on: the text that `cat` and `echo` write, the answer
//! that `jq` reads.

use super::answer;
use super::jq::{self, Flow};
use crate::scan::evaluate::Evaluator;
use crate::scan::form::{FormatStyle, STDIN, Span};
use crate::scan::requests::generic::reads_like_path;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::compose;
use crate::scan::value::{Kind, Piece, Term, Value, compatible};

/// Options of jq that take as many words.
const TAKING: [(&str, usize); 7] = [
    ("--arg", 2),
    ("--argjson", 2),
    ("--slurpfile", 2),
    ("--rawfile", 2),
    ("--argfile", 2),
    ("--indent", 1),
    ("-L", 1),
];

/// Longest word that a command writes for an address.
const MAX_WORD: usize = 40;

/// The call that gives what its last argument is, and evaluates the others.
pub(crate) const BESIDE: &str = "(beside)";

/// PowerShell: the call that gives what comes out of a pipe; its arguments are what runs on the
/// way, and at last what that is.
pub(crate) const PIPED: &str = "(piped)";

impl Evaluator<'_> {
    /// What a command writes, where that is known.
    pub(crate) fn written_on(&mut self, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        let [name] = callee.path.as_slice() else { return None };
        if callee.value.terms.iter().any(|term| matches!(term.kind, Kind::Function(_))) {
            return None;
        }
        let stdin = args.iter().find(|(name, _)| name.as_deref() == Some(STDIN)).map(|(_, value)| value);
        let words: Vec<&Value> =
            args.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value).collect();
        let spread = args.iter().any(|(name, _)| name.as_deref() == Some("*"));
        let written = match &**name {
            "jq" | "gojq" | "jaq" if !spread => {
                return made(&words).or_else(|| self.jq(&words, stdin?));
            }
            "python" | "python3" | "python2" | "ruby" | "node" if !spread && stdin.is_some() => {
                return self.one_liner(&words, stdin?);
            }
            "cat" if words.iter().all(|word| word.literal().as_deref() == Some("-")) => stdin?.clone(),
            "tee" => stdin?.clone(),
            "echo" => {
                let flag = |word: &&Value| {
                    word.literal().is_some_and(|word| matches!(word.as_str(), "-n" | "-e" | "-E" | "-ne"))
                };
                self.only(words.into_iter().skip_while(flag).collect(), args)?
            }
            "printf" => match words.split_first()? {
                (format, rest)
                    if format.literal().is_some_and(|text| text.trim_end_matches("\\n") == "%s") =>
                {
                    self.only(rest.to_vec(), args)?
                }
                // `printf '%s/%s' "$BASE" "$1"`
                (format, rest) if !spread => {
                    let given: Vec<NamedValue> = rest.iter().map(|word| (None, Value::clone(word))).collect();
                    let format = compose::replace(
                        Value::clone(format),
                        &line_end(),
                        &Value::text("".into(), Span::NOWHERE),
                    );
                    let text = compose::format(&format, FormatStyle::Percent, &given, Span::NOWHERE);
                    return reads_like_path(&text).then_some(text);
                }
                _ => return None,
            },
            _ => return None,
        };
        let told = |term: &Term| match &term.kind {
            Kind::Answer(_) => true,
            Kind::Text(pieces) => match pieces.first() {
                Some(Piece::Literal { text, .. }) => text.trim_start().starts_with(['{', '[']),
                _ => false,
            },
            _ => false,
        };
        // The address that a function makes: `echo "$BASE/$1"`.
        if reads_like_path(&written) {
            return Some(written);
        }
        // A word that is put into an address, or the command that asks: `$(echo "curl -sf")`.
        let word = |text: &str| {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let one = !text.is_empty() && text.len() <= MAX_WORD && text.chars().all(plain);
            one || text.starts_with("curl ") || text.starts_with("wget ")
        };
        if written.literal().is_some_and(|text| word(&text)) {
            return Some(written);
        }
        (!written.is_empty() && written.terms.iter().all(told)).then(|| {
            words_of(args).for_each(|word| self.hush(word));
            written
        })
    }

    /// The only word of a command, quoted or not.
    fn only(&self, words: Vec<&Value>, args: &[NamedValue]) -> Option<Value> {
        let loose = args.iter().filter(|(name, _)| name.as_deref() == Some("*")).map(|(_, value)| value);
        match words.into_iter().chain(loose).collect::<Vec<_>>().as_slice() {
            [one] => Some(Value::clone(one)),
            _ => None,
        }
    }

    /// `jq -r '.items[].name'`: notes what it reads of an answer, and gives it.
    pub(super) fn jq(&mut self, words: &[&Value], stdin: &Value) -> Option<Value> {
        let mut filter = None;
        let mut slurp = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let option = word.literal().filter(|text| text.len() > 1 && text.starts_with('-'));
            match option {
                Some(option) => match TAKING.iter().find(|(name, _)| *name == option) {
                    Some((_, count)) => _ = words.by_ref().take(*count).count(),
                    None => {
                        let short = |flag: char| !option.starts_with("--") && option.contains(flag);
                        let other = ["--null-input", "--raw-input", "--from-file", "--args", "--jsonargs"];
                        if short('n') || short('R') || short('f') || other.contains(&option.as_str()) {
                            return None;
                        }
                        slurp |= short('s') || option == "--slurp";
                    }
                },
                // A file behind the filter is read instead.
                None if filter.is_some() => return None,
                None => filter = Some(*word),
            }
        }
        let [Term { kind: Kind::Text(pieces), .. }] = filter?.terms.as_slice() else { return None };
        // Of one of several answers nobody knows which fields it has.
        let mut terms = stdin.terms.iter();
        while let Some(term) = terms.next() {
            if terms.clone().any(|other| compatible(&term.when, &other.when)) {
                return None;
            }
        }
        let mut out = Value::default();
        for term in &stdin.terms {
            let Kind::Answer(answer) = &term.kind else { return None };
            let at = answer.at.as_deref().unwrap_or_default().to_owned();
            let input = if slurp { Flow::List(at) } else { Flow::At(at) };
            let found = jq::read(pieces, &input);
            let stands = |at: String| {
                let kind = Kind::Answer(answer.part(at));
                Value { terms: vec![Term { kind, ..term.clone() }] }
            };
            for (at, span) in found.reads {
                self.note_read(&stands(at), span);
            }
            out = out.join(match found.out {
                Flow::At(at) => stands(at),
                Flow::List(_) | Flow::Unknown => Value::unknown(""),
            });
        }
        let known = out.terms.iter().all(|term| matches!(term.kind, Kind::Answer(_)));
        Some(if known { out } else { Value::unknown("") })
    }
}

/// The filter that a command is told which runs it itself: `gh api user --jq .login`.
pub(super) fn filter_told(args: &[NamedValue]) -> Option<Value> {
    let words = || args.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value);
    let api = words().next().is_some_and(|word| word.literal().as_deref() == Some("api"));
    let told = |word: &Value| matches!(word.literal().as_deref(), Some("--jq" | "-q"));
    let at = words().position(told).filter(|_| api)?;
    words().nth(at + 1).cloned()
}

/// The object that `jq -n` makes: `jq -n --arg name "$1" '{name: $name}'`.
fn made(words: &[&Value]) -> Option<Value> {
    let mut filter = None;
    let mut fresh = false;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.literal().filter(|text| text.len() > 1 && text.starts_with('-')) {
            Some(option) => match TAKING.iter().find(|(name, _)| *name == option) {
                Some((_, count)) => _ = words.by_ref().take(*count).count(),
                None if matches!(option.as_str(), "--args" | "--jsonargs") => break,
                None => {
                    fresh |= option == "--null-input" || !option.starts_with("--") && option.contains('n');
                }
            },
            None if filter.is_some() => return None,
            None => filter = Some(*word),
        }
    }
    let [Term { kind: Kind::Text(pieces), .. }] = filter.filter(|_| fresh)?.terms.as_slice() else {
        return None;
    };
    jq::made(pieces)
}

/// The end of a line, as `printf` writes it.
fn line_end() -> Value {
    Value::text("\\n".into(), Span::NOWHERE)
}

fn words_of(args: &[NamedValue]) -> impl Iterator<Item = &Value> {
    args.iter().filter(|(name, _)| name.as_deref() != Some(STDIN)).map(|(_, value)| value)
}

/// Whether a value is what a request is answered, or a part of it.
pub(crate) fn is_answer(value: &Value) -> bool {
    answer::answers(value).next().is_some()
}
