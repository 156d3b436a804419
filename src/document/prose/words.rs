//! The vocabulary: which words mark a deprecation, which nouns a text uses
//! for the thing that it describes. A list of words is one string, its words
//! apart by white space.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::super::PathTemplate;
use super::{Described, Subject};

/// Adjectives that say it outright, with the misspellings that are common.
pub(super) const MARKERS: &str =
    "deprecated depricated depreciated depracated depreacted deprected deprecrated obsolete obsoleted";

/// Participles that say it of a subject ("this method was retired"), but mean
/// other things when they stand alone.
pub(super) const ENDED: &str =
    "discontinued retired decommissioned sunset sunsetted superseded superceded end-of-life";

/// Substrings of which every text that says anything holds at least one.
const STEMS: [&str; 19] = [
    "deprec",
    "depric",
    "deprac",
    "depreac",
    "obsolet",
    "longer",
    "anymore",
    "any more",
    "for removal",
    "removed",
    "dropped",
    "supersede",
    "supercede",
    "discontinu",
    "retire",
    "decommission",
    "sunset",
    "phased out",
    "end-of-life",
];
/// The participle that alone needs its preposition to be worth a look.
const REPLACED: [&str; 2] = ["replaced by", "replaced with"];

/// Whether a closer look is worth it: one pass over the bytes, so that the
/// hundred thousand descriptions that say nothing cost nearly nothing.
pub(super) fn may_say(text: &str) -> bool {
    static FILTER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let stems = STEMS.iter().chain(&REPLACED);
        AhoCorasick::builder().ascii_case_insensitive(true).build(stems).ok()
    });
    FILTER.as_ref().is_none_or(|filter| filter.is_match(text))
}

/// Whether `word` is one of `words`, whatever the case.
pub(super) fn among(word: &str, words: &str) -> bool {
    words.split_ascii_whitespace().any(|other| word.eq_ignore_ascii_case(other))
}

/// What a noun such as "endpoint" or "field" can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noun {
    /// An operation.
    Call,
    /// A field, parameter or value.
    Item,
    /// A schema.
    Type,
    /// Anything.
    Any,
}

/// The class of a noun that stands for the described thing itself.
pub(super) fn noun(word: &str) -> Option<Noun> {
    const CALL: &str = "endpoint end-point operation method call route request url uri function action command \
        service webhook mutation";
    const ITEM: &str = "field property parameter param parm value option attribute argument key header filter \
        setting flag variable element member column input item tag port id query-parameter";
    const TYPE: &str = "schema object type model definition structure message class enum kind";
    const ANY: &str = "api feature functionality version resource path query interface entity";
    let classes = [(CALL, Noun::Call), (ITEM, Noun::Item), (TYPE, Noun::Type), (ANY, Noun::Any)];
    classes.into_iter().find(|(words, _)| among(word, words)).map(|(_, class)| class)
}

/// Nouns that as often mean a piece of data as a part of the API: "this value
/// will be removed", "this resource is no longer used".
pub(super) const DATA: &str = "value object resource message item version id key member element tag entity \
    request service function action command";

/// Whether "this NOUN" in the description of `subject` means the subject.
pub(super) fn fits(subject: &Subject<'_>, noun: Noun) -> bool {
    match subject.what {
        Described::Anything => true,
        Described::Operation => matches!(noun, Noun::Call | Noun::Any),
        Described::Field | Described::Parameter => noun != Noun::Call,
        Described::Schema => noun != Noun::Call,
    }
}

/// The same name but for case and separators: `gpu_type`, `gpuType`, "GPU
/// type". Paths are compared as templates, a base path in front apart.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
    }
    if a.contains('/') && b.contains('/') {
        let (a, b) = (PathTemplate::new(a), PathTemplate::new(b));
        return a.shape().len() > 1 && (a.shape().ends_with(b.shape()) || b.shape().ends_with(a.shape()));
    }
    letters(a).next().is_some() && letters(a).eq(letters(b))
}

/// A name for deprecation as data: `deprecated`, `is_obsolete`, `deprecatedAt`,
/// `sunsetDate`. Not `deprecatedCount`: a count that is deprecated.
pub(super) fn names_a_state(name: &str) -> bool {
    const STATES: [&str; 8] = [
        "deprecated",
        "deprecation",
        "obsolete",
        "obsoleted",
        "sunset",
        "retired",
        "discontinued",
        "deprecate",
    ];
    const TAILS: &str = "at on by since in until date time timestamp reason message version flag status state info \
        warning notice note details policy s for";
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let core = letters.strip_prefix("is").or_else(|| letters.strip_prefix("has")).unwrap_or(&letters);
    let core = core.strip_prefix("include").or_else(|| core.strip_prefix("show")).unwrap_or(core);
    STATES
        .iter()
        .any(|state| core.strip_prefix(state).is_some_and(|tail| tail.is_empty() || among(tail, TAILS)))
}

/// `camelCase`, `snake_case`, `dotted.name`.
pub(super) fn is_identifier(text: &str) -> bool {
    let inner_capital =
        text.chars().zip(text.chars().skip(1)).any(|(a, b)| a.is_lowercase() && b.is_uppercase());
    inner_capital || text.contains('_') || text.trim_end_matches('.').contains('.')
}
