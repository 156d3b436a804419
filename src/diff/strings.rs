//! Which text satisfies one set of rules and none of another: decided exactly,
//! by walking the automata of all patterns at once.
//!
//! The walk goes breadth first, so that the text it finds is a shortest one.

use std::collections::VecDeque;
use std::rc::Rc;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::Hir;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::norm::{Norms, Str};
use super::parts;
use super::space::Space;

/// Most states of the walk.
const MAX_STATES: usize = 60_000;
/// Largest automaton of one pattern, in bytes.
const MAX_AUTOMATON: usize = 8 << 20;
/// Automata that are kept for later questions, in bytes.
const MAX_KEPT: usize = 1 << 20;

/// Longest text that is tried before automata are made.
const MAX_PLAIN: usize = 1_000;

/// The answer of a search.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// There is no such text.
    Nothing,
    /// A shortest one.
    Text(String),
    /// Not to be told, and why.
    Unknown(&'static str),
}

/// A pattern of ECMA-262 in the words of Rust's regular expressions: `\d` and
/// `\w` are ASCII there (JSON Schema 2020-12, core, section 6.4).
pub(super) fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('d') => out.push_str(if in_class { "0-9" } else { "[0-9]" }),
                Some('w') => out.push_str(if in_class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }),
                Some('D') if !in_class => out.push_str("[^0-9]"),
                Some('W') if !in_class => out.push_str("[^A-Za-z0-9_]"),
                // An escape that means the letter itself there and nothing here.
                Some(
                    c @ ('/' | '-' | '_' | '"' | '\'' | '@' | '%' | '<' | '>' | '=' | ',' | ':' | ';' | '!'
                    | '`' | ' '),
                ) => {
                    if c == '-' || c == '<' || c == '>' {
                        out.push_str(if c == '-' {
                            "\\-"
                        } else if c == '<' {
                            "<"
                        } else {
                            ">"
                        });
                    } else {
                        out.push(c);
                    }
                }
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str("\\["),
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.push('^');
                    chars.next();
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            // ECMA-262 names groups `(?<name>`, as Rust does.
            _ => out.push(c),
        }
    }
    out
}

/// What is asked of a text, over the automata of a walk.
enum Test {
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
    Pattern(usize),
    Length(u64, Option<u64>),
}

impl Test {
    /// The pattern that is asked for, if it is one.
    fn pattern(&self) -> Option<usize> {
        match self {
            Self::Pattern(at) => Some(*at),
            _ => None,
        }
    }

    fn holds(&self, matched: &[bool], length: u64) -> bool {
        match self {
            Self::All(tests) => tests.iter().all(|test| test.holds(matched, length)),
            Self::Any(tests) => tests.iter().any(|test| test.holds(matched, length)),
            Self::Not(test) => !test.holds(matched, length),
            Self::Pattern(at) => matched[*at],
            Self::Length(min, max) => length >= *min && max.is_none_or(|max| length <= max),
        }
    }
}

#[derive(Default)]
struct Plan {
    patterns: Vec<String>,
    /// Largest length that makes a difference.
    longest: u64,
    unreadable: bool,
}

impl Plan {
    fn pattern(&mut self, pattern: String) -> Test {
        let at = self.patterns.iter().position(|known| *known == pattern);
        Test::Pattern(at.unwrap_or_else(|| {
            self.patterns.push(pattern);
            self.patterns.len() - 1
        }))
    }

    fn str(&mut self, norms: &mut Norms, space: &mut Space<'_>, str: &Str, depth: usize) -> Test {
        let mut all = Vec::new();
        if str.min > 0 || str.max.is_some() {
            self.longest = self.longest.max(str.min).max(str.max.map_or(0, |max| max + 1));
            all.push(Test::Length(str.min, str.max));
        }
        if let Some(values) = &str.values {
            let listed: Vec<String> = values.iter().map(|value| escaped(value)).collect();
            all.push(self.pattern(format!("^(?:{})$", listed.join("|"))));
        }
        for pattern in &str.patterns {
            all.push(self.pattern(translated(pattern)));
        }
        for not in &str.nots {
            if depth > 4 {
                self.unreadable = true;
                break;
            }
            let norm = norms.of(space, not);
            self.unreadable |= norm.vague;
            let any = norm.strs.iter().map(|str| self.str(norms, space, str, depth + 1)).collect();
            all.push(Test::Not(Box::new(Test::Any(any))));
        }
        Test::All(all)
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The automata of patterns, each made once while there is room.
#[derive(Default)]
pub(super) struct Automata {
    known: FxHashMap<String, Option<Rc<dense::DFA<Vec<u32>>>>>,
    bytes: usize,
}

impl Automata {
    fn of(&mut self, pattern: &str) -> Option<Rc<dense::DFA<Vec<u32>>>> {
        if let Some(known) = self.known.get(pattern) {
            return known.clone();
        }
        let made = automaton(pattern).map(Rc::new);
        let bytes = made.as_ref().map_or(0, |made| made.memory_usage());
        if self.bytes + bytes > MAX_KEPT {
            self.known.clear();
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.known.insert(pattern.to_owned(), made.clone());
        made
    }
}

fn automaton(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    // What may stand before and behind makes automata many times larger.
    let (is_first, is_last) = anchors(pattern);
    let any = |is_needed: bool| if is_needed { "(?s-m:.)*" } else { "" };
    let whole = format!("{}(?:{pattern}){}", any(!is_first), any(!is_last));
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::All)
                .dfa_size_limit(Some(MAX_AUTOMATON))
                .determinize_size_limit(Some(MAX_AUTOMATON)),
        )
        .syntax(syntax::Config::new().unicode(true).utf8(true))
        .build(&whole)
        .ok()
}

/// Whether a pattern matches only from the beginning of a text, and only up to
/// its end: told by its first and last letter, where it is no choice.
fn anchors(pattern: &str) -> (bool, bool) {
    let (mut depth, mut in_class, mut is_last) = (0usize, false, false);
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        is_last = false;
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => return (false, false),
            '$' => is_last = depth == 0,
            _ => {}
        }
    }
    // Flags may change what `^` and `$` mean.
    let has_flags = pattern
        .split("(?")
        .skip(1)
        .any(|rest| rest.starts_with(|c: char| c == '-' || c.is_ascii_lowercase()));
    if depth != 0 || has_flags {
        return (false, false);
    }
    let is_first = pattern.strip_prefix('^').is_some_and(|rest| !rest.starts_with(['*', '?', '+', '{']));
    (is_first, is_last)
}

/// Whether a pattern matches every text: it takes nothing and asks for no place.
pub(super) fn says_nothing(pattern: &str) -> bool {
    // Nearly all others are told by that.
    if pattern.contains(['^', '$', '\\']) || !(pattern.is_empty() || pattern.contains(['*', '?', '{', '|'])) {
        return false;
    }
    let syntax = syntax::Config::new().unicode(true).utf8(true);
    syntax::parse_with(&translated(pattern), &syntax).is_ok_and(|parsed| {
        let properties = parsed.properties();
        properties.minimum_len() == Some(0) && properties.look_set().is_empty()
    })
}

/// A text that `inner` accepts and none of `outers` does.
pub(super) fn find(norms: &mut Norms, space: &mut Space<'_>, inner: &Str, outers: &[Str]) -> Found {
    if let Some(values) = &inner.values {
        let mut known = true;
        for text in values {
            let sent = norms.str_accepts(space, inner, text);
            let taken: Vec<Option<bool>> =
                outers.iter().map(|outer| norms.str_accepts(space, outer, text)).collect();
            if taken.contains(&Some(true)) || sent == Some(false) {
                continue;
            }
            if taken.contains(&None) || sent.is_none() {
                known = false;
                continue;
            }
            return Found::Text(text.clone());
        }
        return if known { Found::Nothing } else { Found::Unknown("a pattern of a kind that is not read") };
    }
    // The usual case, without automata: one of them asks for less.
    let asks_less = |outer: &&Str| {
        outer.values.is_none()
            && outer.min <= inner.min
            && outer.max.is_none_or(|max| inner.max.is_some_and(|mine| mine <= max))
            && outer.patterns.iter().all(|pattern| inner.patterns.contains(pattern))
            && outer.nots.iter().all(|not| inner.nots.contains(not))
    };
    if outers.iter().any(|outer| asks_less(&outer)) {
        return Found::Nothing;
    }
    // Patterns of the same build, of which one has more to choose from.
    let takes_all = |outer: &Str, norms: &mut Norms| {
        outer.values.is_none()
            && outer.min <= inner.min
            && outer.max.is_none_or(|max| inner.max.is_some_and(|mine| mine <= max))
            && outer.nots.iter().all(|not| inner.nots.contains(not))
            && outer.patterns.iter().all(|theirs| {
                let theirs = norms.parts(theirs);
                inner.patterns.iter().any(|mine| {
                    theirs.as_ref().zip(norms.parts(mine)).is_some_and(|(b, a)| parts::is_part(&a, b))
                })
            })
    };
    if outers.iter().any(|outer| takes_all(outer, norms)) {
        return Found::Nothing;
    }
    if let Some(text) = odd_text(norms, space, inner, outers) {
        return Found::Text(text);
    }
    if let Some(text) = plain_example(norms, space, inner, outers) {
        return Found::Text(text);
    }
    let key = format!("{inner:?} {outers:?}");
    if let Some(known) = norms.texts.get(&key) {
        return known.clone();
    }
    let found = search(norms, space, inner, outers);
    norms.texts.insert(key, found.clone());
    found
}

impl Norms {
    fn parts(&mut self, pattern: &str) -> Option<Rc<Hir>> {
        if let Some(known) = self.parts.get(pattern) {
            return known.clone();
        }
        let parsed = parts::parsed(&translated(pattern)).map(Rc::new);
        self.parts.insert(pattern.to_owned(), parsed.clone());
        parsed
    }

    /// Whether no text of a single letter satisfies all patterns.
    fn asks_for_more_than_a_letter(&mut self, str: &Str) -> bool {
        str.patterns.iter().any(|pattern| {
            self.parts(pattern).and_then(|hir| hir.properties().minimum_len()).is_some_and(|least| least > 1)
        })
    }
}

/// A text with a part that the other pattern has not, where shorter ones are none.
fn odd_text(norms: &mut Norms, space: &mut Space<'_>, inner: &Str, outers: &[Str]) -> Option<String> {
    let ([mine], [outer]) = (inner.patterns.as_slice(), outers) else { return None };
    let [theirs] = outer.patterns.as_slice() else { return None };
    if !norms.asks_for_more_than_a_letter(inner) {
        return None;
    }
    let (a, b) = (norms.parts(mine)?, norms.parts(theirs)?);
    let text = parts::odd_text(&a, &b)?;
    let is_it = norms.str_accepts(space, inner, &text) == Some(true)
        && norms.str_accepts(space, outer, &text) == Some(false);
    is_it.then_some(text)
}

/// The shortest texts, tried one by one in the order in which the automata would
/// find them: a new pattern refuses most, and needs no automaton then.
fn plain_example(norms: &mut Norms, space: &mut Space<'_>, inner: &Str, outers: &[Str]) -> Option<String> {
    let has_pattern = |str: &Str| !str.patterns.is_empty();
    if !outers.iter().chain([inner]).any(has_pattern) {
        return None;
    }
    let asks_for_more = norms.asks_for_more_than_a_letter(inner);
    let mut is_it = |text: &str| {
        norms.str_accepts(space, inner, text) == Some(true)
            && outers.iter().all(|outer| norms.str_accepts(space, outer, text) == Some(false))
    };
    let mut are_it = |length: u64| {
        let text = "a".repeat(usize::try_from(length).ok().filter(|length| *length <= MAX_PLAIN)?);
        is_it(&text).then_some(text)
    };
    if let [outer] = outers
        && let Some(max) = outer.max.filter(|_| outer.min <= inner.min && outer.patterns == inner.patterns)
    {
        // Only what is longer differs.
        return are_it(max + 1);
    }
    if inner.min > 1 {
        return are_it(inner.min);
    }
    if asks_for_more {
        return None;
    }
    if is_it("") {
        return Some(String::new());
    }
    parts::liked().map(|byte| char::from(byte).to_string()).find(|text| is_it(text))
}

fn search(norms: &mut Norms, space: &mut Space<'_>, inner: &Str, outers: &[Str]) -> Found {
    let mut plan = Plan::default();
    let mut all = vec![plan.str(norms, space, inner, 0)];
    for outer in outers {
        all.push(Test::Not(Box::new(plan.str(norms, space, outer, 0))));
    }
    if plan.unreadable {
        return Found::Unknown("a schema that is not modelled");
    }
    let required: Vec<usize> = match all.first() {
        Some(Test::All(asked)) => asked.iter().filter_map(Test::pattern).collect(),
        _ => Vec::new(),
    };
    walk(&mut norms.automata, &plan, required, &Test::All(all), &inner.formats)
}

fn walk(
    known: &mut Automata,
    plan: &Plan,
    mut required: Vec<usize>,
    test: &Test,
    formats: &[String],
) -> Found {
    if plan.patterns.is_empty() {
        // Lengths alone: only those around the limits differ.
        let mut lengths = Vec::new();
        limits(test, &mut lengths);
        lengths.sort_unstable();
        lengths.dedup();
        return match lengths.into_iter().find(|length| test.holds(&[], *length)) {
            Some(length) => text_of_length(length, formats),
            None => Found::Nothing,
        };
    }
    let mut automata = Vec::new();
    for pattern in &plan.patterns {
        match known.of(pattern) {
            Some(found) => automata.push(found),
            None => return Found::Unknown("a pattern of a kind that is not read"),
        }
    }
    // Texts are UTF-8, as all that a pattern matches: where none has to match, one
    // more automaton that knows only that.
    if required.is_empty() {
        let Some(utf8) = known.of("^(?s-m:.)*$") else { return Found::Unknown("patterns cannot be read") };
        required.push(automata.len());
        automata.push(utf8);
    }
    let classes = letters(&automata);
    let config = start::Config::new().anchored(Anchored::Yes);
    let mut first = Vec::new();
    for automaton in &automata {
        match automaton.start_state(&config) {
            Ok(state) => first.push(state),
            Err(_) => return Found::Unknown("a pattern of a kind that is not read"),
        }
    }
    // A state of the walk: one of each automaton, and the length so far.
    let mut seen: FxHashSet<Vec<StateID>> = FxHashSet::default();
    let mut trail: Vec<(usize, u8)> = vec![(usize::MAX, 0)];
    let mut queue: VecDeque<(Vec<StateID>, usize)> = VecDeque::new();
    first.push(StateID::ZERO);
    seen.insert(first.clone());
    queue.push_back((first, 0));
    let mut matched = vec![false; automata.len()];
    let mut next: Vec<StateID> = Vec::new();
    while let Some((states, at)) = queue.pop_front() {
        let length = states[automata.len()].as_u64();
        for (place, automaton) in automata.iter().enumerate() {
            matched[place] = automaton.is_match_state(automaton.next_eoi_state(states[place]));
        }
        // What has to match also says whether this is whole UTF-8.
        if required.iter().all(|at| matched[*at]) && test.holds(&matched, length) {
            return Found::Text(spelled(&trail, at));
        }
        for byte in &classes {
            let is_dead = |at: &usize| {
                let automaton = &automata[*at];
                automaton.is_dead_state(automaton.next_state(states[*at], *byte))
            };
            if required.iter().any(is_dead) {
                continue;
            }
            next.clear();
            next.extend(
                automata.iter().zip(&states).map(|(automaton, state)| automaton.next_state(*state, *byte)),
            );
            if automata.iter().zip(&next).any(|(automaton, state)| automaton.is_quit_state(*state)) {
                return Found::Unknown("a pattern of a kind that is not read");
            }
            let is_inside = (0x80..0xc0).contains(byte);
            let counted = (length + u64::from(!is_inside)).min(plan.longest);
            let Ok(counted) = StateID::try_from(counted) else {
                return Found::Unknown("patterns and lengths that are too large to compare");
            };
            next.push(counted);
            if seen.contains(next.as_slice()) {
                continue;
            }
            if seen.len() > MAX_STATES {
                return Found::Unknown("patterns and lengths that are too large to compare");
            }
            trail.push((at, *byte));
            seen.insert(next.clone());
            queue.push_back((next.clone(), trail.len() - 1));
        }
    }
    Found::Nothing
}

fn limits(test: &Test, out: &mut Vec<u64>) {
    match test {
        Test::All(tests) | Test::Any(tests) => tests.iter().for_each(|test| limits(test, out)),
        Test::Not(test) => limits(test, out),
        Test::Pattern(_) => {}
        Test::Length(min, max) => {
            out.extend([0, 1, *min, min.saturating_sub(1)]);
            out.extend(max.iter().flat_map(|max| [*max, max + 1]));
        }
    }
    out.push(0);
}

/// Longest text that is spelled out.
const MAX_TEXT: u64 = 100_000;

fn text_of_length(length: u64, formats: &[String]) -> Found {
    let natural =
        super::witness::example_of_format(formats).filter(|text| text.chars().count() as u64 == length);
    match natural {
        Some(text) => Found::Text(text.to_owned()),
        None if length <= MAX_TEXT => Found::Text("a".repeat(length as usize)),
        None => Found::Unknown("a text that is too long to spell out"),
    }
}

fn spelled(trail: &[(usize, u8)], mut at: usize) -> String {
    let mut bytes = Vec::new();
    while at != 0 {
        bytes.push(trail[at].1);
        at = trail[at].0;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One byte for each class that all automata treat alike, letters people like first.
fn letters(automata: &[Rc<dense::DFA<Vec<u32>>>]) -> Vec<u8> {
    let liked = parts::liked().chain(0..=255);
    let mut seen: FxHashMap<Vec<u8>, ()> = FxHashMap::default();
    let mut out = Vec::new();
    for byte in liked {
        let classes: Vec<u8> = automata.iter().map(|automaton| automaton.byte_classes().get(byte)).collect();
        if seen.insert(classes, ()).is_none() {
            out.push(byte);
        }
    }
    out
}

/// A shortest text that an alternative accepts.
pub(super) fn shortest(norms: &mut Norms, space: &mut Space<'_>, str: &Str) -> Option<String> {
    if let Some(values) = &str.values {
        let mut found = values.iter().filter(|text| norms.str_accepts(space, str, text) == Some(true));
        return found.next().cloned();
    }
    if let Some(text) = super::witness::example_of_format(&str.formats)
        && norms.str_accepts(space, str, text) == Some(true)
    {
        return Some(text.to_owned());
    }
    let texts = ["", "a", "string", "0", "1", "a1"];
    for text in texts {
        if norms.str_accepts(space, str, text) == Some(true) {
            return Some(text.to_owned());
        }
    }
    match find(norms, space, str, &[]) {
        Found::Text(text) => Some(text),
        Found::Nothing | Found::Unknown(_) => None,
    }
}

/// The value of a found text, for witnesses.
pub(super) fn value(found: &Found) -> Option<Value> {
    match found {
        Found::Text(text) => Some(Value::from(text.as_str())),
        Found::Nothing | Found::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_say_nothing() {
        for (pattern, expected) in [
            (".*", true),
            ("", true),
            ("a*|b", true),
            ("(x{0,3})?", true),
            (".+", false),
            ("^.*$", false),
            ("a", false),
        ] {
            assert_eq!(says_nothing(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn anchors_are_those_of_the_whole_pattern() {
        for (pattern, expected) in [
            ("^a$", (true, true)),
            ("^a|b$", (false, false)),
            ("^(a|b)$", (true, true)),
            ("^[|(]$", (true, true)),
            ("a$", (false, true)),
            ("^a\\$", (true, false)),
            ("^a[$]", (true, false)),
            ("^(a$)", (true, false)),
            ("(?m)^a$", (false, false)),
        ] {
            assert_eq!(anchors(pattern), expected, "{pattern}");
        }
    }
}
