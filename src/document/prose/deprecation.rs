//! Does a text say that the very thing it describes is deprecated?
//!
//! Sentence by sentence; three forms count. `label`: "Deprecated - use X",
//! "[DEPRECATED] Lists ...", "The node's name (deprecated)". `claim`: a sentence
//! whose subject is the thing, "This endpoint has been deprecated".

use super::tokens::{Kind, Prose, Sentence, Token};
use super::words::{MARKERS, Noun, fits, may_say, names_a_state, noun, same_name};
use super::{ProseDeprecation, Subject, Wording};

/// What `text` says of the deprecation of the thing that it describes, with
/// nothing known about that thing. See [`deprecation_of`].
pub fn deprecation(text: &str) -> Option<ProseDeprecation> {
    deprecation_of(text, &Subject::default())
}

/// What `text` says of the deprecation of `subject`, which it describes.
/// `None` where it says nothing, speaks of something else or leaves it open.
pub fn deprecation_of(text: &str, subject: &Subject<'_>) -> Option<ProseDeprecation> {
    if !may_say(text) {
        return None;
    }
    let prose = Prose::read(text);
    (0..prose.sentences.len()).find_map(|nth| match verdict(&prose, nth, subject) {
        About::Subject(wording) => {
            let tokens = prose.of(prose.sentences.get(nth)?);
            let sentence = tokens.first()?.start..tokens.last()?.end;
            Some(ProseDeprecation { sentence, wording })
        }
        About::Other | About::Nothing => None,
    })
}

/// Of what a sentence says that it is deprecated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Of the thing that the text describes.
    Subject(Wording),
    /// Of something else, or of nothing certain.
    Other,
    /// It does not speak of deprecation.
    Nothing,
}

/// Judges the `nth` sentence.
pub(super) fn verdict(prose: &Prose<'_>, nth: usize, subject: &Subject<'_>) -> About {
    prose.sentences.get(nth).map_or(About::Nothing, |sentence| {
        let place = Place { nth, last: nth + 1 == prose.sentences.len(), item: sentence.item };
        judge(prose, sentence, place, subject)
    })
}

/// The same, for a sentence that is to be read as if it stood elsewhere.
pub(super) fn judge(prose: &Prose<'_>, sentence: &Sentence, place: Place, subject: &Subject<'_>) -> About {
    let tokens = prose.of(sentence);
    let reader = Reader { tokens, subject, place };
    match reader.label().or_else(|| reader.tail()).or_else(|| reader.claim()) {
        Some(wording) => About::Subject(wording),
        None if tokens.iter().any(|t| t.is_in(MARKERS)) => About::Other,
        None => About::Nothing,
    }
}

/// Where in its text a sentence stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Which sentence of the text, from 0.
    pub(super) nth: usize,
    /// The last one.
    pub(super) last: bool,
    /// In a list item or a table cell.
    pub(super) item: bool,
}

/// One sentence under judgement. Its methods are in `label.rs` and `claim.rs`.
pub(super) struct Reader<'r, 't> {
    pub(super) tokens: &'r [Token<'t>],
    pub(super) subject: &'r Subject<'r>,
    pub(super) place: Place,
}

impl<'t> Reader<'_, 't> {
    pub(super) fn at(&self, at: usize) -> Option<&Token<'t>> {
        self.tokens.get(at)
    }

    /// The token before `at`.
    pub(super) fn before(&self, at: usize) -> Option<&Token<'t>> {
        at.checked_sub(1).and_then(|before| self.tokens.get(before))
    }

    /// Punctuation or the end of the sentence.
    pub(super) fn is_mark(&self, at: usize) -> bool {
        self.at(at).is_none_or(Token::is_mark)
    }

    pub(super) fn is_in(&self, at: usize, words: &str) -> bool {
        self.at(at).is_some_and(|t| t.is_in(words))
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.at(at).map(|t| t.kind)
    }

    /// The thing itself by name.
    pub(super) fn is_named(&self, token: &Token<'_>) -> bool {
        !token.is_mark() && self.subject.names.iter().any(|name| same_name(name, token.text))
    }

    /// A field called `deprecated` or `sunsetDate` describes deprecation as
    /// data; a bare label is then its title.
    pub(super) fn is_about_states(&self) -> bool {
        self.subject.names.iter().any(|name| names_a_state(name))
    }

    /// The noun at `at`, where it can mean the thing.
    pub(super) fn noun_at(&self, at: usize) -> Option<Noun> {
        let token = self.at(at)?;
        (token.kind == Kind::Word).then(|| noun(token.text)).flatten().filter(|n| fits(self.subject, *n))
    }

    pub(super) fn is_question(&self) -> bool {
        self.tokens.last().is_some_and(|t| t.kind == Kind::Question)
    }

    /// "no longer supported", "not supported any more".
    pub(super) fn no_longer(&self, at: usize) -> Option<Wording> {
        const STATES: &str = "supported maintained recommended used functional developed honored honoured";
        let said = if self.is_in(at, "no not") && self.is_in(at + 1, "longer") {
            let at = at + 2 + usize::from(self.is_in(at + 2, "be being"));
            self.is_in(at, STATES) || (self.is_in(at, "in") && self.is_in(at + 1, "use"))
        } else {
            let more =
                self.is_in(at + 2, "anymore") || (self.is_in(at + 2, "any") && self.is_in(at + 3, "more"));
            self.is_in(at, "not") && self.is_in(at + 1, STATES) && more
        };
        said.then_some(Wording::Unsupported)
    }
}

/// `2.0`, `v3`, `2027-01-31`, `2027`.
pub(super) fn is_version(token: &Token<'_>) -> bool {
    let text = token.text.strip_prefix(['v', 'V']).unwrap_or(token.text);
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let year = text.len() == 4 && text.starts_with("20");
    number && token.kind == Kind::Word && (text.contains(['.', '-']) || year || text.len() < token.text.len())
}

#[cfg(test)]
mod tests {
    use super::super::Described;
    use super::*;

    #[test]
    fn it_depends_on_what_is_described() {
        use Described::{Field, Operation, Parameter, Schema};
        let cases: &[(&str, Described, &[&str], bool)] = &[
            ("The `size` parameter is deprecated.", Operation, &["listVans", "/vans"], false),
            ("This parameter is deprecated.", Operation, &[], false),
            ("This parameter is deprecated.", Parameter, &["size"], true),
            ("This endpoint is deprecated.", Field, &["size"], false),
            ("This endpoint is deprecated.", Operation, &[], true),
            ("This object is deprecated.", Schema, &["Van"], true),
            ("The `size` field is deprecated.", Field, &["size"], true),
            ("The `color` field is deprecated.", Field, &["size"], false),
            ("The van size is deprecated.", Field, &["size"], true),
            ("VanSize is deprecated.", Field, &["vanSize"], true),
            ("`van_size` (deprecated)", Field, &["vanSize"], true),
            ("vanSize: deprecated, use size", Field, &["vanSize"], true),
            ("POST /vans/{id} is deprecated.", Operation, &["/api/vans/{vanId}"], true),
            ("POST /depots is deprecated.", Operation, &["/api/vans"], false),
            ("The `/vans/count` endpoint has been deprecated.", Operation, &["/vans/count"], true),
            // Fields that carry such facts as data.
            ("Deprecated", Field, &["deprecated"], false),
            ("Deprecated - true if so", Field, &["isDeprecated"], false),
            ("deprecated indicates that this version is deprecated", Field, &["deprecated"], false),
            ("Obsolete", Field, &["is_obsolete"], false),
            ("Deprecation date.", Field, &["deprecationDate"], false),
            ("deprecatedCount is the deprecated field for old vans.", Field, &["deprecatedCount"], true),
            ("Deprecated: use `canSell`.", Field, &["canRemove"], true),
        ];
        for (text, what, names, expected) in cases {
            let found = deprecation_of(text, &Subject::new(*what, names));
            assert_eq!(found.is_some(), *expected, "{text} as {what:?} {names:?}");
        }
    }
}
