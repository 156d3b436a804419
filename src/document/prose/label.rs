//! Labels: "Deprecated." at the head of a sentence or in brackets at its tail.

use super::deprecation::{Reader, is_version};
use super::tokens::{Kind, Token};
use super::words::{MARKERS, is_identifier};
use super::{Described, Wording};

/// Words that may stand before a label.
const LEADS: &str = "note notice warning important attention caution alert nb now currently officially \
    status description please info soon to be required optional output input only";
/// Words with which a label goes on without punctuation: "Deprecated in favor
/// of", "Deprecated use X".
const GOES_ON: &str = "since in as by from on with for use please favor favour and but see after starting will \
    until no not replaced superseded it this you only due because now don't do instead so effective without \
    prefer switch refer soon alias version forever";
/// Verbs with which a summary goes on behind a label: "Deprecated Get users".
/// In capitals: "deprecated set" is an adjective.
const SUMMARY_VERBS: &str = "Get Gets List Lists Create Creates Update Updates Delete Deletes Retrieve Retrieves \
    Return Returns Add Remove Fetch Set Sets Search Upload Download Send Find";
/// Words that say that the sentence compares the thing with another one.
const COMPARES: &str =
    "replaces replacing unlike supersedes superseding instead or like same equivalent than from";

impl Reader<'_, '_> {
    /// The sentence begins with a label, perhaps behind "NOTE:" or a bracket.
    pub(super) fn label(&self) -> Option<Wording> {
        // In a list the label belongs to the item, not to the thing.
        if self.place.item || self.is_about_states() {
            return None;
        }
        let (mut at, mut bracket, mut planned) = (0, false, false);
        while let Some(token) = self.at(at) {
            bracket |= token.kind == Kind::Open;
            planned |= token.is_in("soon to");
            let own_name = self.is_named(token) && self.is_mark(at + 1);
            if !(token.is_mark() || token.is_in(LEADS) || own_name) {
                break;
            }
            at += 1;
        }
        let opening = self.label_at(at, bracket, planned).or_else(|| self.noun_phrase());
        opening.or_else(|| (1..self.tokens.len()).find_map(|at| self.run_on(at)))
    }

    /// "Sorts the vans Deprecated, use order": a full stop is missing.
    fn run_on(&self, at: usize) -> Option<Wording> {
        let (token, before) = (self.at(at)?, self.before(at)?);
        let capital = token.is_in(MARKERS) && token.text.starts_with('D') && token.text.ends_with('d');
        let advice = self.is_in(at + 1, "use please since")
            || (self.is_in(at + 1, "as in") && self.is_in(at + 2, "of favor favour"))
            || matches!(self.kind(at + 1), Some(Kind::Comma | Kind::Colon))
                && self.is_in(at + 2, "use please");
        let plain = !before.is_mark() && !before.is_in("is be the a an as marked are been not");
        (capital && advice && plain).then_some(Wording::Deprecated)
    }

    /// "A deprecated property that ...", "Deprecated fields."
    fn noun_phrase(&self) -> Option<Wording> {
        let at = usize::from(self.is_in(0, "a an this"));
        let phrase = self.is_in(at, MARKERS) && self.place.nth == 0;
        let noun = self.noun_at(at + 1).is_some_and(|noun| noun != super::words::Noun::Any);
        (phrase && noun && at > 0).then_some(Wording::Deprecated)
    }

    /// Whether the word at `at` is a label and not an adjective.
    fn label_at(&self, at: usize, bracket: bool, planned: bool) -> Option<Wording> {
        let token = self.at(at)?;
        if self.is_in(at, "no not") {
            return self.no_longer(at).filter(|_| self.goes_on(at + 3));
        }
        if self.is_in(at + 1, "by with") {
            // "Replaced by the server's value" speaks of data.
            let by_name = matches!(self.kind(at + 2), Some(Kind::Code | Kind::Path | Kind::Link))
                || self.at(at + 2).is_some_and(|t| is_identifier(t.text));
            let said = token.is_in("superseded superceded") || (token.is("replaced") && by_name);
            if said {
                return Some(Wording::Deprecated);
            }
        }
        if token.is_in("deprecation deprecating") {
            let notice = self.is_in(at + 1, "notice warning note") || self.kind(at + 1) == Some(Kind::Colon);
            // What the notice is about is for its own words to say.
            let of_others = self.tokens.iter().skip(at + 1).any(|t| t.is_in(MARKERS))
                || (at + 1..at + 6).any(|n| self.is_in(n, "following these"));
            return (notice && !of_others).then_some(Wording::Deprecated);
        }
        if !token.is_in(MARKERS) {
            return None;
        }
        let is_shouted = token.text.bytes().all(|b| b.is_ascii_uppercase());
        let yes = match self.at(at + 1) {
            // "Deprecated: `a`, `b`" lists other things.
            Some(next) if next.kind == Kind::Colon => !self.lists_names(at + 2),
            Some(next) if next.kind == Kind::Question => false,
            Some(next) if next.is("at") => self.at(at + 2).is_some_and(|t| t.is("version") || is_version(t)),
            _ if self.goes_on(at + 1) => true,
            // "**Deprecated** Get users"
            Some(_) if token.emphasis_ends && !token.is("depreciated") => true,
            Some(_) if is_shouted && (self.place.nth == 0 || bracket) => true,
            Some(next) if SUMMARY_VERBS.split_ascii_whitespace().any(|verb| verb == next.text) => true,
            // "Deprecated endpoint.", not "Deprecated endpoint list"
            Some(_) if self.noun_at(at + 1).is_some() => {
                self.goes_on(at + 2) || self.is_in(at + 2, "is has that which used kept alias name left")
            }
            _ => false,
        };
        yes.then_some(if planned { Wording::Planned } else { Wording::Deprecated })
    }

    /// At `at` the sentence ends, has punctuation or goes on as labels do.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.is_mark(at) || self.is_in(at, GOES_ON) || self.at(at).is_some_and(is_version)
    }

    fn lists_names(&self, from: usize) -> bool {
        let rest = self.tokens.get(from..).unwrap_or_default();
        let is_name = |t: &Token<'_>| t.kind == Kind::Code || (t.kind == Kind::Word && is_identifier(t.text));
        let names = rest.iter().all(|t| t.is_mark() || t.is("and") || is_name(t)) && rest.iter().any(is_name);
        names && matches!(self.subject.what, Described::Anything | Described::Operation)
    }

    /// "List jobs (deprecated)", "Lists jobs - deprecated, use X", "Jobs DEPRECATED".
    pub(super) fn tail(&self) -> Option<Wording> {
        let anywhere_else = self.place.nth > 0 && !self.place.last;
        if anywhere_else || self.place.item || self.is_about_states() || self.is_question() {
            return None;
        }
        (1..self.tokens.len()).find_map(|at| self.tail_at(at)).or_else(|| self.shouted_tail())
    }

    fn tail_at(&self, at: usize) -> Option<Wording> {
        let token = self.at(at)?;
        if !(token.is_in(MARKERS) || token.is("no")) {
            return None;
        }
        let words = self.tokens.get(..at)?.iter().rev().take_while(|t| t.is_in("now to be soon")).count();
        let opener = at.checked_sub(words + 1)?;
        let named = opener.checked_sub(1).and_then(|n| self.at(n))?;
        // "`name` (deprecated)" speaks of `name`.
        let of_other = matches!(named.kind, Kind::Code | Kind::Path) && !self.is_named(named);
        if of_other || named.is_mark() {
            return None;
        }
        let head = self.tokens.get(..opener)?;
        let comma = self.kind(opener)? == Kind::Comma;
        let list = head.iter().any(|t| t.kind == Kind::Comma);
        let full_sentence = self.tokens.last().is_some_and(|t| t.kind == Kind::Stop);
        let pair = full_sentence && head.iter().rev().take(4).any(|t| t.is("and"));
        if list || pair || head.iter().any(|t| t.is_in(COMPARES)) {
            return None;
        }
        let advises = |n: usize| {
            self.is_in(n, "use please in")
                || matches!(self.kind(n), Some(Kind::Dash | Kind::Colon | Kind::Comma))
        };
        let planned = self.is_in(at - 1, "be soon");
        match self.kind(opener)? {
            Kind::Open => {
                let close = self.tokens.iter().skip(at).position(|t| t.kind == Kind::Close).map(|n| at + n);
                let ends = close.is_none_or(|close| self.tokens.iter().skip(close).all(Token::is_mark));
                // To which thing a bare bracket belongs is clear in the first sentence only.
                let clear = self.place.nth == 0 || (self.place.last && advises(at + 1));
                (ends && clear).then(|| self.label_at(at, true, planned)).flatten()
            }
            Kind::Dash | Kind::Comma if self.place.nth == 0 => {
                let first_clause =
                    head.iter().all(|t| !matches!(t.kind, Kind::Dash | Kind::Colon | Kind::Open));
                let defines = at == 2 && self.at(0)?.kind != Kind::Word && !self.is_named(self.at(0)?);
                let enough = !comma || advises(at + 1);
                (first_clause && !defines && enough).then(|| self.label_at(at, false, planned)).flatten()
            }
            _ => None,
        }
    }

    /// "Get users DEPRECATED": the only word in capitals, at the very end.
    fn shouted_tail(&self) -> Option<Wording> {
        let last = self.tokens.iter().rposition(|t| !t.is_mark()).filter(|last| *last > 0)?;
        let shouts = |t: &Token<'_>| t.text.len() > 2 && t.text.bytes().all(|b| b.is_ascii_uppercase());
        let token = self.at(last)?;
        let is_calm = |t: &Token<'_>| !shouts(t) && !t.is_mark() && !t.is_in("or and is be are not as of");
        let calm = self.tokens.iter().take(last).all(is_calm);
        let ends = last + 2 >= self.tokens.len();
        let said = self.place.nth == 0 && ends && calm && shouts(token) && token.is_in(MARKERS);
        said.then_some(Wording::Deprecated)
    }
}
