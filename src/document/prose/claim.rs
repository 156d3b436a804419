//! Claims: sentences that say of a subject that it is deprecated or will go,
//! and whether that subject is the described thing.

use super::Wording;
use super::deprecation::{Reader, is_version};
use super::tokens::{Kind, Token};
use super::words::{DATA, ENDED, MARKERS, Noun};

const ADVERBS: &str = "now currently officially fully also already permanently hereby effectively completely \
    therefore thus soon eventually considered marked as being going to both all generally formally since \
    planned intended";
const COPULAS: &str =
    "is are was were been be has have had will gets becomes became it's shall being going become";
/// Leave it open whether it is so.
const MODALS: &str = "may might could can should would must";
const NEGATIONS: &str = "not never isn't isn’t aren't wasn't hasn't haven't longer won't nor neither cannot";
/// Make a clause a condition.
const CONDITIONS: &str = "if when once unless whenever where until";
/// Make a sentence speak of a state that data can have.
const STATES: &str = "whether indicates indicating indicate determines denotes specifies means meaning represents \
    boolean shows signals signifies";
/// Bring another subject into a clause.
const OTHER: &str = "that which uses returns and because since";
/// How far left of an "and" its verb is looked for.
const HOP: usize = 8;

impl Reader<'_, '_> {
    /// What the sentence says of the thing.
    pub(super) fn claim(&self) -> Option<Wording> {
        if self.is_question() {
            return None;
        }
        (0..self.tokens.len()).find_map(|at| {
            self.verb_claim(at).or_else(|| {
                let wording = self.predicate(at)?;
                let (subject_end, planned) = self.auxiliaries(at)?;
                let planned = planned && wording == Wording::Deprecated;
                let said = self.is_subject(subject_end, at, wording);
                said.then_some(if planned { Wording::Planned } else { wording })
            })
        })
    }

    /// "We have deprecated this endpoint."
    fn verb_claim(&self, at: usize) -> Option<Wording> {
        let verb = self.is_in(at, "deprecated deprecating deprecate discontinued discontinuing");
        let ours = at.checked_sub(1).is_some_and(|n| self.is_in(n, "we have are has will to"));
        let this = self.is_in(at + 1, "this") && self.noun_at(at + 2).is_some();
        let we = (at.saturating_sub(3)..at).any(|n| self.is_in(n, "we"));
        (verb && ours && this && we).then_some(Wording::Deprecated)
    }

    /// The word at `at` opens a predicate that speaks of an end.
    fn predicate(&self, at: usize) -> Option<Wording> {
        let token = self.at(at)?;
        if token.kind != Kind::Word {
            return None;
        }
        if token.is_in(MARKERS) || token.is_in(ENDED) || (token.is("phased") && self.is_in(at + 1, "out")) {
            // "is deprecated if X is on" depends.
            return (!self.is_in(at + 1, CONDITIONS) || self.is_in(at + 1, "until"))
                .then_some(Wording::Deprecated);
        }
        // "This is a deprecated endpoint" is read at its article.
        if token.is_in("a an the")
            && self.is_in(at + 1, MARKERS)
            && self.before(at).is_some_and(|t| t.is_in("is was"))
        {
            return Some(Wording::Deprecated);
        }
        if token.is("replaced") && self.is_in(at + 1, "by with") {
            let noun = self.begins_with_this();
            return (noun && self.before(at).is_some_and(|t| t.is_in("been is was")))
                .then_some(Wording::Deprecated);
        }
        if token.is_in("scheduled slated planned marked due") && self.is_in(at + 1, "for") {
            let end = self.is_in(at + 2, "removal deprecation deletion retirement sunset decommissioning");
            return end.then_some(Wording::Removal);
        }
        if token.is_in("removed dropped") {
            // "removed from the list" is what an operation does.
            let timed = !self.is_in(at + 1, "from") && (at + 1..at + HOP).any(|n| self.is_time(n));
            let ends = self.at(at + 1).is_none_or(|t| t.kind == Kind::Stop);
            return (timed || (ends && self.begins_with_this())).then_some(Wording::Removal);
        }
        let gone = self.is_in(at, "no") && self.is_in(at + 1, "longer") && self.is_in(at + 2, "available");
        let gone = gone && self.begins_with_this() && !self.is_in(1, DATA);
        self.no_longer(at).or(gone.then_some(Wording::Unsupported))
    }

    /// "future", "release", "2.0", "2027": a time in the life of an API.
    fn is_time(&self, at: usize) -> bool {
        const TIMES: &str = "future release releases version versions soon shortly eventually upcoming";
        self.at(at).is_some_and(|t| t.is_in(TIMES) || is_version(t))
    }

    fn begins_with_this(&self) -> bool {
        self.is_in(0, "this") && (self.noun_at(1).is_some() || self.noun_at(2).is_some())
    }

    /// Walks left over "has been", "is now" and the like. Returns the end of
    /// the sentence's subject (exclusive) and whether all this is yet to come.
    fn auxiliaries(&self, predicate: usize) -> Option<(usize, bool)> {
        let (mut at, mut copula, mut planned, mut hops) = (predicate, false, false, 0);
        while let Some(token) = self.before(at) {
            let considered = self.is_in(at, "be") && self.is_in(at + 1, "considered");
            if token.is_in(NEGATIONS) || (token.is_in(MODALS) && !considered) {
                return None;
            }
            if token.is_in(COPULAS) {
                copula = true;
                planned |= token.is_in("will going shall");
            } else if token.is_in(ADVERBS) || token.is_in(MODALS) {
                planned |= token.is_in("soon to eventually planned intended");
            } else if token.is("of") && at >= 4 && self.is_in(at - 2, "process") && self.is_in(at - 4, "in") {
                // "in the process of being deprecated"
                (at, planned) = (at - 4, true);
                continue;
            } else if token.is_in("and but or") || token.kind == Kind::Comma {
                // "is unused and deprecated": the verb stands further left.
                let conjunction = at - 1;
                let verb =
                    (1..HOP).filter_map(|n| conjunction.checked_sub(n)).find(|n| self.is_in(*n, COPULAS));
                match verb {
                    Some(verb) if (verb..conjunction).any(|n| self.is_in(n, MODALS)) => return None,
                    Some(verb) if hops < 2 => {
                        (at, hops) = (verb + 1, hops + 1);
                        continue;
                    }
                    _ => break,
                }
            } else {
                break;
            }
            at -= 1;
        }
        // "Method deprecated", "Endpoint deprecated since 2.0" do without a verb.
        let bare = at == predicate && (1..=2).contains(&at) && self.goes_on(predicate + 1);
        // After a hop an adjective would do, so it must not stand before a noun.
        let adjective = hops > 0 && !self.goes_on(predicate + 1);
        ((copula && !adjective) || bare).then_some((at, planned))
    }

    /// Whether the words before `end` are a subject that means the thing.
    fn is_subject(&self, end: usize, predicate: usize, wording: Wording) -> bool {
        let clause = self.clause_start(end);
        let conditional = (clause..predicate).any(|n| self.is_in(n, CONDITIONS));
        let conditional = conditional || self.is_in(0, CONDITIONS);
        if conditional || (0..predicate).any(|n| self.is_in(n, STATES)) {
            return false;
        }
        if end == clause {
            // "Has been deprecated.", "Will be removed in 3.0": no subject at all.
            let opens =
                end == 0 || self.before(end).is_some_and(|t| t.kind == Kind::Dash || t.kind == Kind::Open);
            // "This method works, but is deprecated": the subject stands further left.
            let resumes = self.before(end).is_some_and(|t| t.is_in("but and") || t.kind == Kind::Comma)
                && self.begins_with_this()
                && !(0..end - 1).any(|n| self.is_in(n, OTHER));
            return resumes || (opens && !self.place.item && !self.is_about_states() && predicate > end);
        }
        let Some(last) = self.before(end) else { return false };
        if last.is("this") || (last.is("it") && (self.place.nth > 0 || clause > 0)) {
            return !self.is_in(predicate, "replaced");
        }
        if self.is_named(last) {
            return true;
        }
        let Some(class) = self.noun_at(end - 1) else {
            return self.opens_with_this(clause, end);
        };
        if wording == Wording::Removal && last.is_in(DATA) {
            return false;
        }
        // The determiner of the noun, over at most three modifiers.
        for back in 2..=5_usize {
            let Some(start) = end.checked_sub(back).filter(|start| *start >= clause) else {
                // The noun opens the clause: "Endpoint is deprecated".
                return end - clause == 1 && class != Noun::Any;
            };
            let Some(token) = self.at(start) else { return false };
            if token.is_in("this present") || self.is_named(token) {
                return true;
            }
            if token.is("the") {
                let own = (start + 1..end - 1).any(|n| self.at(n).is_some_and(|t| self.is_named(t)));
                let of = self.before(start).is_some_and(|t| t.is_in("of in for by with on to"));
                return own || (back == 2 && !of) || self.opens_with_this(clause, end);
            }
        }
        self.opens_with_this(clause, end)
    }

    /// "This endpoint for old clients is deprecated".
    fn opens_with_this(&self, clause: usize, end: usize) -> bool {
        let noun = (clause + 1..clause + 3).find(|n| self.noun_at(*n).is_some());
        let modified =
            noun.is_some_and(|noun| self.is_in(noun + 1, "for of in on with from under here itself"));
        self.is_in(clause, "this") && modified && !(clause..end).any(|n| self.is_in(n, OTHER))
    }

    /// The first token of the clause that reaches up to `end`.
    fn clause_start(&self, end: usize) -> usize {
        let boundary = |t: &Token<'_>| t.is_mark() || t.is_in("that because since as but while please note");
        let head = self.tokens.get(..end).unwrap_or_default();
        head.iter().rposition(boundary).map_or(0, |n| n + 1)
    }
}
