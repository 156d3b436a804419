//! Patterns held against each other part by part, without automata: whether
//! each part of one is taken by the same part of the other, and what is not.
//!
//! Most patterns that change gain or lose an alternative. What is told here is
//! told in a thousandth of the time that automata take; where nothing is told,
//! they decide.

use regex_automata::util::syntax;
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// Most parts that are compared for one answer.
const MAX_STEPS: usize = 20_000;
/// Longest text that is put together, in bytes.
const MAX_TEXT: usize = 1_000;

/// The parts of a pattern in the words of Rust's regular expressions.
pub(super) fn parsed(pattern: &str) -> Option<Hir> {
    syntax::parse_with(pattern, &syntax::Config::new().unicode(true).utf8(true)).ok()
}

/// Whether it is plain that all that `inner` matches is matched by `outer`, at
/// the same place of the same text.
pub(super) fn is_part(inner: &Hir, outer: &Hir) -> bool {
    Comparison { steps: MAX_STEPS }.is_part(inner, outer)
}

/// A short text of `inner` that has a part which `outer` has not; still to be
/// held against both.
pub(super) fn odd_text(inner: &Hir, outer: &Hir) -> Option<String> {
    Comparison { steps: MAX_STEPS }.odd_text(inner, outer)
}

struct Comparison {
    steps: usize,
}

/// Groups only remember what they matched.
fn bare(mut hir: &Hir) -> &Hir {
    while let HirKind::Capture(capture) = hir.kind() {
        hir = &capture.sub;
    }
    hir
}

impl Comparison {
    fn is_part(&mut self, inner: &Hir, outer: &Hir) -> bool {
        if self.steps == 0 {
            return false;
        }
        self.steps -= 1;
        let (inner, outer) = (bare(inner), bare(outer));
        match (inner.kind(), outer.kind()) {
            (HirKind::Alternation(inner), _) => inner.iter().all(|inner| self.is_part(inner, outer)),
            (_, HirKind::Alternation(outer)) => outer.iter().any(|outer| self.is_part(inner, outer)),
            (HirKind::Concat(inner), HirKind::Concat(outer)) => {
                inner.len() == outer.len()
                    && inner.iter().zip(outer).all(|(inner, outer)| self.is_part(inner, outer))
            }
            (HirKind::Repetition(inner), HirKind::Repetition(outer)) => {
                let fits = outer.min <= inner.min
                    && outer.max.is_none_or(|most| inner.max.is_some_and(|mine| mine <= most));
                fits && self.is_part(&inner.sub, &outer.sub)
            }
            (HirKind::Class(Class::Unicode(inner)), HirKind::Class(Class::Unicode(outer))) => {
                let mut both = outer.clone();
                both.union(inner);
                both == *outer
            }
            (HirKind::Literal(inner), HirKind::Class(Class::Unicode(outer))) => {
                let mut letters = std::str::from_utf8(&inner.0).unwrap_or_default().chars();
                letters.next().is_some_and(|letter| holds(outer, letter)) && letters.next().is_none()
            }
            (HirKind::Empty, HirKind::Repetition(outer)) => outer.min == 0,
            (HirKind::Empty, HirKind::Empty) => true,
            (HirKind::Literal(inner), HirKind::Literal(outer)) => inner == outer,
            (HirKind::Look(inner), HirKind::Look(outer)) => inner == outer,
            (_, HirKind::Repetition(outer)) => {
                outer.min <= 1 && outer.max.is_none_or(|most| most >= 1) && self.is_part(inner, &outer.sub)
            }
            _ => false,
        }
    }

    fn odd_text(&mut self, inner: &Hir, outer: &Hir) -> Option<String> {
        let (inner, outer) = (bare(inner), bare(outer));
        match (inner.kind(), outer.kind()) {
            (HirKind::Alternation(mine), _) => {
                let odd = mine.iter().filter(|one| !self.is_part(one, outer));
                odd.filter_map(shortest).min_by_key(|text| order(text))
            }
            (HirKind::Concat(mine), HirKind::Concat(theirs)) if mine.len() == theirs.len() => {
                let at = (0..mine.len()).find(|at| !self.is_part(&mine[*at], &theirs[*at]))?;
                let mut out = String::new();
                for (place, part) in mine.iter().enumerate() {
                    out.push_str(&match place == at {
                        true => self.odd_text(part, &theirs[at])?,
                        false => shortest(part)?,
                    });
                }
                (out.len() <= MAX_TEXT).then_some(out)
            }
            _ => None,
        }
    }
}

/// The letters of texts, those that people like first.
pub(super) fn liked() -> impl Iterator<Item = u8> {
    (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(b' '..=b'~')
}

/// Short texts come first, then those of letters that people like.
fn order(text: &str) -> (usize, Vec<usize>) {
    let place = |byte: u8| liked().position(|liked| liked == byte).unwrap_or(usize::from(byte) + 256);
    (text.chars().count(), text.bytes().map(place).collect())
}

fn holds(class: &ClassUnicode, letter: char) -> bool {
    class.ranges().iter().any(|range| range.start() <= letter && letter <= range.end())
}

/// A shortest text that a part matches, where no place is asked for.
fn shortest(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(String::new()),
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(str::to_owned),
        HirKind::Class(Class::Unicode(class)) => {
            liked().map(char::from).find(|letter| holds(class, *letter)).map(String::from)
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => {
            let one = shortest(&repetition.sub)?;
            let times = usize::try_from(repetition.min).ok()?;
            (one.len().checked_mul(times)? <= MAX_TEXT).then(|| one.repeat(times))
        }
        HirKind::Capture(capture) => shortest(&capture.sub),
        HirKind::Concat(parts) => {
            let text = parts.iter().map(shortest).collect::<Option<String>>()?;
            (text.len() <= MAX_TEXT).then_some(text)
        }
        HirKind::Alternation(branches) => branches.iter().filter_map(shortest).min_by_key(|text| order(text)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn both(inner: &str, outer: &str) -> (Hir, Hir) {
        (parsed(inner).unwrap(), parsed(outer).unwrap())
    }

    #[test]
    fn parts_of_the_same_build() {
        for (inner, outer, expected) in [
            ("^(a|bc)(=|!).+$", "^(a|bc|d)(=|!).+$", true),
            ("^(a|bc|d)(=|!).+$", "^(a|bc)(=|!).+$", false),
            ("^[a-f]{2,3}$", "^[a-z]{1,3}$", true),
            ("^[a-f]{2,4}$", "^[a-z]{1,3}$", false),
            ("^[a-z]$", "^[a-f]$", false),
            ("^a$", "a$", false),
            ("^ab$", "^(?:x|ab)?$", true),
            ("^$", "^a*$", false),
        ] {
            let (a, b) = both(inner, outer);
            assert_eq!(is_part(&a, &b), expected, "{inner} {outer}");
        }
    }

    #[test]
    fn what_is_left_over() {
        for (inner, outer, expected) in [
            ("^(a|bc|dd|cc)(=|!=).+$", "^(a|bc)(=|!=).+$", Some("cc=a")),
            ("^(x|y{2})$", "^(x|z)$", Some("yy")),
            ("^(x|y)$", "^x$", None),
        ] {
            let (a, b) = both(inner, outer);
            assert_eq!(odd_text(&a, &b).as_deref(), expected, "{inner} {outer}");
        }
    }

    /// Patterns of a few parts that are much alike.
    fn pattern() -> impl Strategy<Value = String> {
        let part = prop::sample::select(vec![
            "a",
            "b",
            "ab",
            "[ab]",
            "[a-c]",
            "(a|b)",
            "(a|bc|c)",
            "(?:a|ab)",
            "a?",
            "b*",
            "a+",
            "(?:ab){1,2}",
            "^",
            "$",
            "(a|)",
            "\\b",
            ".",
        ]);
        prop::collection::vec(part, 1..4).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn parts_match_no_more(inner in pattern(), outer in pattern(), text in "[abc ]{0,5}") {
            let (a, b) = both(&inner, &outer);
            let matches = |pattern: &str| regex_automata::meta::Regex::new(pattern).unwrap().is_match(text.as_str());
            if is_part(&a, &b) && matches(&inner) {
                prop_assert!(matches(&outer), "{inner} {outer} {text}");
            }
        }
    }
}
