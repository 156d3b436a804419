//! What should be used instead of a deprecated thing, as its text says.

use super::deprecation::{About, verdict};
use super::target::{shorten, targets};
use super::tokens::{Kind, Prose, Token};
use super::{Replacement, Subject};

/// Longest clause that is handed out, in bytes.
const MAX_CLAUSE: usize = 200;
/// How many sentences after the one that says "deprecated" may still be about it.
const FOLLOWING: usize = 3;

/// The replacement that `text` names, with nothing known about the thing that
/// it describes but, perhaps, a deprecation flag. See [`replacement_of`].
pub fn replacement(text: &str, deprecated_known: bool) -> Option<Replacement> {
    replacement_of(text, &Subject::default(), deprecated_known)
}

/// The replacement for `subject` that `text`, its description, names.
///
/// Where the text itself says that the subject is deprecated, "use X" in that
/// sentence or at the head of the next ones is enough. Where that is only
/// known from elsewhere (`deprecated_known`: a flag, an announcement), the text
/// must be explicit: "use X instead", "replaced by X", "in favor of X".
/// Otherwise there is no replacement, whatever the text recommends.
pub fn replacement_of(text: &str, subject: &Subject<'_>, deprecated_known: bool) -> Option<Replacement> {
    if !deprecated_known && !super::words::may_say(text) {
        return None;
    }
    let prose = Prose::read(text);
    let verdicts: Vec<About> = (0..prose.sentences.len()).map(|nth| verdict(&prose, nth, subject)).collect();
    let says = verdicts.iter().position(|about| matches!(about, About::Subject(_)));
    if says.is_none() && !deprecated_known {
        return None;
    }
    let mut fallback = None;
    // From the sentence that says it onwards, then the ones before it.
    let from = says.unwrap_or(0);
    for nth in (from..prose.sentences.len()).chain(0..from) {
        let of_other = verdicts[nth] == About::Other || (nth > 0 && verdicts[nth - 1] == About::Other);
        if of_other && verdicts[nth] == About::Other {
            continue;
        }
        let need = match says {
            Some(at) if at == nth => Need::AnyBehindMarker,
            Some(at) if nth > at && nth <= at + FOLLOWING => Need::Opening,
            _ if of_other => continue,
            _ => Need::Explicit,
        };
        let Some(found) = clause(text, prose.of(&prose.sentences[nth]), need) else { continue };
        if !found.targets.is_empty() {
            return Some(found);
        }
        fallback = fallback.or(Some(found));
    }
    fallback
}

/// How clear a sentence must be to count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The sentence that says "deprecated": any "use X" that follows.
    AnyBehindMarker,
    /// One after it: must begin with the advice or be explicit.
    Opening,
    /// "use X instead".
    Explicit,
}

/// The first clause of the sentence that names a replacement.
fn clause(text: &str, tokens: &[Token<'_>], need: Need) -> Option<Replacement> {
    let marker = tokens.iter().position(|t| t.is_in(super::words::MARKERS));
    (0..tokens.len()).find_map(|at| {
        let advice = advice(tokens, at)?;
        let end = clause_end(tokens, at);
        let instead = tokens[at..end].iter().position(|t| t.is("instead"));
        let explicit = advice.explicit || instead.is_some() || said_before(tokens, at, "instead");
        let enough = match need {
            Need::AnyBehindMarker => explicit || marker.is_none_or(|marker| marker < at),
            Need::Opening => explicit || opens(tokens, at),
            Need::Explicit => explicit,
        };
        if !enough {
            return None;
        }
        let object = tokens.get(advice.object.clone().unwrap_or(advice.from..end))?;
        let start = polite(tokens, advice.object.map_or(at, |object| object.start));
        let written = text.get(tokens[start].start..tokens[end - 1].end)?;
        Some(Replacement {
            text: shorten(&without_tags(written), MAX_CLAUSE),
            targets: targets(text, object),
        })
    })
}

/// Words of advice.
struct Advice {
    /// Where the object begins.
    from: usize,
    /// Where the object is, if it stands before the verb.
    object: Option<std::ops::Range<usize>>,
    /// Says "replacement" without any "instead".
    explicit: bool,
}

/// Words of advice that begin at `at`: "use", "replaced by", "in favor of".
fn advice(tokens: &[Token<'_>], at: usize) -> Option<Advice> {
    /// "use of", "use to list": not "use X".
    const NO_OBJECT: &str = "of in for to only at on when it this these those as case cases by is with if them them \
    will";
    const NO_ADVICE: &str = "not don't don’t never longer cannot can't you who still we they clients which";
    let token = tokens.get(at)?;
    let is = |n: usize, words: &str| tokens.get(n).is_some_and(|t| t.is_in(words));
    let before = |words: &str| at.checked_sub(1).is_some_and(|n| is(n, words));
    let verb = |from: usize, explicit: bool| Some(Advice { from, object: None, explicit });
    if token.is_in("use using utilize utilise call try prefer pass set consider specify") {
        // "call" and the like are nouns or ordinary verbs unless "instead" says more.
        let certain = token.is_in("use using utilize utilise prefer");
        let from = at + 1 + usize::from(is(at + 1, "instead using"));
        let from = from
            + usize::from(
                from > at + 1
                    && tokens
                        .get(from)
                        .is_some_and(|t| matches!(t.kind, Kind::Colon | Kind::Comma | Kind::Dash)),
            );
        let object = tokens.get(from).is_some_and(|t| {
            t.kind == Kind::Open || t.kind == Kind::Colon || !(t.is_mark() || t.is_in(NO_OBJECT))
        });
        let said = certain
            || tokens[at..clause_end(tokens, at)].iter().any(|t| t.is("instead"))
            || said_before(tokens, at, "instead");
        let from = from + usize::from(tokens.get(from).is_some_and(Token::is_mark));
        return (object && said && !before(NO_ADVICE)).then(|| verb(from, false)).flatten();
    }
    if token.is_in("see refer reffer reference consult check") {
        let from = at + 1 + usize::from(is(at + 1, "to"));
        let needs_to = token.is_in("refer reffer reference") && from == at + 1;
        let aside =
            is(from, "above below also if whether how") || before(NO_ADVICE) || is_reading(tokens, at);
        let object = tokens.get(from).is_some_and(|t| !t.is_mark() || t.kind == Kind::Colon);
        return (!needs_to && !aside && object).then(|| verb(from, false)).flatten();
    }
    if token.is_in("migrate switch move upgrade transition moved migrated renamed change changed")
        && is(at + 1, "to")
    {
        return verb(at + 2, opens(tokens, at));
    }
    if token.is_in("replaced superseded superceded succeeded substituted obsoleted") && is(at + 1, "by with")
    {
        let this = is(0, "this the") && at < 8;
        return verb(at + 2, opens(tokens, at) || this);
    }
    if token.is_in("favor favour") && before("in") && is(at + 1, "of") {
        return verb(at + 2, true);
    }
    if token.is_in("replacement alternative successor") {
        let to = tokens.get(at + 1).is_some_and(|t| t.is_in("is") || t.kind == Kind::Colon);
        return to.then(|| verb(at + 2, true)).flatten();
    }
    // "X should be used instead"
    if token.is("used") && is(at + 1, "instead") && !is(at + 2, "of") {
        let head = tokens.get(..at)?;
        let verbs = head
            .iter()
            .rev()
            .take_while(|t| t.is_in("be should must can is are to may shall will has"))
            .count();
        let end = at - verbs;
        let start = head
            .get(..end)?
            .iter()
            .rposition(|t| t.is_mark() || t.is_in("and because as since"))
            .map_or(0, |n| n + 1);
        return (verbs > 0 && start < end).then_some(Advice {
            from: at,
            object: Some(start..end),
            explicit: true,
        });
    }
    None
}

/// "For more information see the blog": what to read, not what to use.
fn is_reading(tokens: &[Token<'_>], at: usize) -> bool {
    const READING: &str = "blog changelog announcement documentation docs guide notice";
    let clause = tokens.get(at..clause_end(tokens, at)).unwrap_or_default();
    let words = |t: &Token<'_>| {
        t.text.split(|c: char| !c.is_alphanumeric()).any(|word| super::words::among(word, READING))
    };
    let more = tokens[at.saturating_sub(5)..at].iter().any(|t| t.is_in("more information details"));
    (more || clause.iter().any(words)) && !clause.iter().any(|t| t.is("instead"))
}

/// Where the clause that holds `at` ends (exclusive): the sentence's end, a
/// bracket that was opened before, a bar or semicolon.
fn clause_end(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (n, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close if depth == 0 => return n,
            Kind::Close => depth -= 1,
            Kind::Stop | Kind::Question => return n,
            Kind::Dash if matches!(token.text, ";" | "|") => return n,
            _ => {}
        }
    }
    tokens.len()
}

/// "Instead, use X": the word stands directly before.
fn said_before(tokens: &[Token<'_>], at: usize, word: &str) -> bool {
    let head = tokens.get(..at).unwrap_or_default();
    head.iter().rev().take_while(|t| is_polite(t) || t.is(word)).any(|t| t.is(word))
}

fn is_polite(token: &Token<'_>) -> bool {
    token.kind == Kind::Comma
        || token.is_in("please instead kindly rather you should must can recommend we to recommended")
}

/// The clause begins with its politeness: "please", "Instead,", "in".
fn polite(tokens: &[Token<'_>], at: usize) -> usize {
    let head = tokens.get(..at).unwrap_or_default();
    let mut start = at - head.iter().rev().take_while(|t| is_polite(t) || t.is("in")).count();
    while start < at && tokens[start].kind == Kind::Comma {
        start += 1;
    }
    start
}

/// Whether the advice at `at` opens its sentence or a clause of it.
fn opens(tokens: &[Token<'_>], at: usize) -> bool {
    let start = polite(tokens, at);
    start.checked_sub(1).and_then(|n| tokens.get(n)).is_none_or(Token::is_mark)
}

/// The text without `<em>` and the like, which nobody wants to read.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        plain.push_str(&rest[..open]);
        let tag = rest[open..].find('>').filter(|_| {
            let name = rest[open + 1..].trim_start_matches('/');
            name.starts_with(|c: char| c.is_ascii_alphabetic())
        });
        let Some(close) = tag else {
            plain.push('<');
            rest = &rest[open + 1..];
            continue;
        };
        rest = &rest[open + close + 1..];
    }
    plain.push_str(rest);
    plain
}
