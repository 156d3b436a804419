//! Which enum values a text calls deprecated.

use std::collections::BTreeMap;
use std::ops::Range;

use super::deprecation::{About, Place, judge};
use super::tokens::{Kind, Prose, Sentence, Token};
use super::words::{MARKERS, may_say};
use super::{Described, Subject};

/// Most words of a text that make up one value: "mig profile" for `migProfile`.
const MAX_WORDS: usize = 3;

/// Those of `values` that `text` (the description of the enum, or of what
/// has the type) calls deprecated, in the order of `values`.
///
/// Best effort: reads "a, b or c \[deprecated\]" (of `c`), "`b` is deprecated",
/// "deprecated: `a`, `b`", and list items that begin with a value. A value is
/// found whatever its case and separators.
pub fn deprecated_values<'v>(text: &str, values: &[&'v str]) -> Vec<&'v str> {
    if values.is_empty() || !may_say(text) {
        return Vec::new();
    }
    let mut known: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (nth, value) in values.iter().enumerate() {
        known.entry(key(value)).or_default().push(nth);
    }
    known.remove("");
    let prose = Prose::read(text);
    let mut hit = vec![false; values.len()];
    let mut mark = |mentions: &[Mention]| {
        for nth in mentions.iter().flat_map(|m| known.get(&m.key).into_iter().flatten()) {
            hit[*nth] = true;
        }
    };
    for (nth, sentence) in prose.sentences.iter().enumerate() {
        let tokens = prose.of(sentence);
        let mentions = mentions(tokens, |key| known.contains_key(key));
        let question = tokens.last().is_some_and(|t| t.kind == Kind::Question);
        if question {
            continue;
        }
        for group in mentions.chunk_by(|a, b| is_list(&tokens[a.tokens.end..b.tokens.start])) {
            mark(deprecated_in(tokens, group));
        }
        if let Some(first) = mentions.first().filter(|first| opens_item(sentence, tokens, first))
            && item_says(&prose, nth, &first.name)
        {
            mark(std::slice::from_ref(first));
        }
    }
    values.iter().zip(hit).filter_map(|(value, hit)| hit.then_some(*value)).collect()
}

/// A value that a sentence names.
struct Mention {
    key: String,
    name: String,
    tokens: Range<usize>,
}

/// What is compared: letters and digits, without case and separators.
fn key(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn mentions(tokens: &[Token<'_>], is_known: impl Fn(&str) -> bool) -> Vec<Mention> {
    let mut found: Vec<Mention> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        // The longest run of words wins.
        let run = tokens[at..].iter().take(MAX_WORDS).take_while(|t| !t.is_mark()).count();
        let mention = (1..=run).rev().find_map(|length| {
            let name = tokens[at..at + length].iter().map(|t| t.text).collect::<Vec<_>>().join(" ");
            let key = key(&name);
            let of_words = length == 1 || tokens[at..at + length].iter().all(|t| t.kind == Kind::Word);
            (of_words && is_known(&key)).then(|| Mention { key, name, tokens: at..at + length })
        });
        // A value that is itself called "deprecated" must be quoted.
        let mention = mention.filter(|m| m.tokens.len() > 1 || !tokens[at].is_in(MARKERS));
        at = mention.as_ref().map_or(at + 1, |m| m.tokens.end);
        found.extend(mention);
    }
    found
}

/// Only list words between two mentions: "`a`, `b` and `c`".
fn is_list(between: &[Token<'_>]) -> bool {
    !between.is_empty()
        && between.len() <= 3
        && between.iter().all(|t| t.kind == Kind::Comma || t.is_in("and or &"))
}

/// Which members of a list of values the words around it call deprecated.
fn deprecated_in<'m>(tokens: &[Token<'_>], group: &'m [Mention]) -> &'m [Mention] {
    let (Some(first), Some(last)) = (group.first(), group.last()) else { return &[] };
    let only_last = &group[group.len() - 1..];
    let is_marker = |n: usize| tokens.get(n).is_some_and(|t| t.is_in(MARKERS));
    let end = last.tokens.end;
    // "c [deprecated]", "c - deprecated", "c: deprecated"
    let separated = tokens.get(end).is_some_and(|t| matches!(t.kind, Kind::Open | Kind::Dash | Kind::Colon));
    let both = usize::from(tokens.get(end + 1).is_some_and(|t| t.is_in("both all")));
    let now = usize::from(tokens.get(end + 1).is_some_and(|t| t.is_in("now")));
    if separated && is_marker(end + 1 + both + now) {
        return if both > 0 { group } else { only_last };
    }
    // "c is deprecated", "a and b are now deprecated"
    let verbs = tokens[end..]
        .iter()
        .take_while(|t| {
            t.is_in("value values option options is are has have been now both also being was were")
        })
        .count();
    if verbs > 0 && is_marker(end + verbs) {
        let many = tokens[end..end + verbs].iter().any(|t| t.is_in("are have were both values"));
        let conditional = tokens[..first.tokens.start].iter().any(|t| t.is_in("if whether when"));
        return match (conditional, many) {
            (true, _) => &[],
            (false, true) => group,
            (false, false) => only_last,
        };
    }
    // "deprecated: a, b", "deprecated values a and b", "the deprecated `a`"
    let mut before = first.tokens.start;
    let mut colon = false;
    while let Some(token) = before.checked_sub(1).and_then(|n| tokens.get(n)) {
        if !(token.kind == Kind::Colon || token.is_in("value values option options are is the")) {
            break;
        }
        colon |= token.kind == Kind::Colon;
        before -= 1;
    }
    let negated = before.checked_sub(2).is_some_and(|n| tokens[n].is_in("not non never"));
    let quoted = tokens[first.tokens.start].kind == Kind::Code;
    let marked = before.checked_sub(1).is_some_and(is_marker);
    if marked && !negated && (colon || quoted) { group } else { &[] }
}

/// A list item, or a line, that begins with the value it explains.
fn opens_item(sentence: &Sentence, tokens: &[Token<'_>], first: &Mention) -> bool {
    let leads = tokens[..first.tokens.start].iter().all(Token::is_mark);
    let explained = tokens.get(first.tokens.end).is_none_or(Token::is_mark);
    sentence.item && sentence.opens_block && leads && explained
}

/// Whether the rest of the item whose first sentence is `nth` says it.
fn item_says(prose: &Prose<'_>, nth: usize, name: &str) -> bool {
    let names = [name];
    let subject = Subject::new(Described::Anything, &names);
    let rest = prose.sentences.get(nth..).unwrap_or_default();
    rest.iter().enumerate().take_while(|(n, s)| *n == 0 || (s.item && !s.opens_block)).any(|(n, sentence)| {
        let place = Place { nth: n, last: false, item: false };
        matches!(judge(prose, sentence, place, &subject), About::Subject(_))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        let sizes = ["small", "medium", "extraLarge"];
        let cases: &[(&str, &[&str])] = &[
            ("Stated as small, medium or extra large [deprecated].", &["extraLarge"]),
            ("One of `small`, `medium` or `extraLarge` [deprecated]. Else `small`.", &["extraLarge"]),
            ("`small` (deprecated) or `medium`", &["small"]),
            ("`small` and `medium` are deprecated, use `extraLarge`.", &["small", "medium"]),
            ("The value `small` is deprecated.", &["small"]),
            ("Deprecated values: small, medium.", &["small", "medium"]),
            ("The deprecated `medium` still works.", &["medium"]),
            ("* `small` - Tiny. Deprecated, use `medium`.\n* `medium` - Fine.", &["small"]),
            ("* `small` - **Deprecated.** Tiny.\n* `medium`: deprecated", &["small", "medium"]),
            ("<ul><li>small: This value is no longer supported.</li><li>medium</li></ul>", &["small"]),
            ("small, medium (both deprecated)", &["small", "medium"]),
            ("`small` is not deprecated.", &[]),
            ("If `small` is deprecated, take `medium`.", &[]),
            ("Deprecated. One of small, medium.", &[]),
            ("small or medium", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(deprecated_values(text, &sizes), *expected, "{text}");
        }
        assert_eq!(deprecated_values("`deprecated`: gone; `fine`: here", &["deprecated", "fine"]), [""; 0]);
        assert_eq!(deprecated_values("deprecated", &[]), [""; 0]);
    }
}
