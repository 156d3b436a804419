//! What makes an item deprecated in a document, and what the document says
//! about it.

use std::fmt;

use super::Annotations;
use super::prose::{self, Described, Subject, Wording};
use crate::release::Date;
use crate::text::{Node, NodeId};

/// What tells that an item is deprecated, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// `deprecated: true`, the label that every OpenAPI tool reads.
    Flag,
    /// A vendor's `x-` extension.
    Extension,
    /// A sentence in a summary or description.
    Prose,
    /// Outside evidence that the policy names.
    Announcement,
}

impl Evidence {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Extension => "extension",
            Self::Prose => "prose",
            Self::Announcement => "announcement",
        }
    }
    /// The evidence of that word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Flag, Self::Extension, Self::Prose, Self::Announcement]
            .into_iter()
            .find(|e| e.as_str() == word)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a document says about the deprecation of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// The strongest evidence.
    pub evidence: Evidence,
    /// Whether the flag's key is misspelt (`depracted: true`): meant, but no
    /// tool reads it.
    pub misspelt: bool,
    /// Where the evidence stands.
    pub node: NodeId,
    /// Since when, where an extension dates it.
    pub since_date: Option<Date>,
    /// Since which release, where an extension names one.
    pub since_version: Option<String>,
    /// The day on which it may go, where an extension says so.
    pub removal_date: Option<Date>,
    /// The release in which it goes, where an extension says so.
    pub removal_version: Option<String>,
    /// What to use instead.
    pub replacement: Option<prose::Replacement>,
}

/// A key that was meant to be `deprecated`: at most two letters off.
fn is_misspelt_flag(key: &str) -> bool {
    key != "deprecated"
        && key.len().abs_diff("deprecated".len()) <= 2
        && key.starts_with(['d', 'D'])
        && strsim::osa_distance(&key.to_ascii_lowercase(), "deprecated") <= 2
}

/// What stands for "yes" in a flag. Some generators write the word in quotes.
fn is_true(node: Node<'_>) -> bool {
    node.as_bool() == Some(true) || node.as_str() == Some("true")
}

/// Whether a member may be a flag or an extension that tells of deprecation.
pub(super) fn may_speak(key: &str, value: Node<'_>) -> bool {
    key.starts_with("x-") || is_true(value)
}

/// Reads everything that an object says about its own deprecation: the flag
/// (also misspelt), the extensions of `annotations`, the prose of `texts`.
///
/// `subject` is what the texts (its summary and description) describe.
pub(super) fn read(
    object: Node<'_>,
    subject: &Subject<'_>,
    texts: &[Node<'_>],
    annotations: &Annotations,
) -> Option<Deprecation> {
    let mut found = Deprecation::new(Evidence::Announcement, object.id());
    let mut any = false;
    let mut put = |found: &mut Deprecation, evidence: Evidence, node: NodeId| {
        if !any || evidence < found.evidence {
            found.evidence = evidence;
            found.node = node;
        }
        any = true;
    };
    let mut has_extension = false;
    for (key, value) in object.members() {
        match key {
            "deprecated" if is_true(value) => put(&mut found, Evidence::Flag, value.id()),
            key if key.starts_with("x-") => has_extension = true,
            key if is_true(value) && is_misspelt_flag(key) => {
                found.misspelt = true;
                put(&mut found, Evidence::Flag, value.id());
            }
            _ => {}
        }
    }
    if has_extension {
        for (node, date, version) in annotations.deprecated(object) {
            found.since_date = found.since_date.or(date);
            found.since_version = found.since_version.take().or(version);
            put(&mut found, Evidence::Extension, node.id());
        }
        for (node, date, version) in annotations.removal(object) {
            found.removal_date = found.removal_date.or(date);
            found.removal_version = found.removal_version.take().or(version);
            put(&mut found, Evidence::Extension, node.id());
        }
        if let Some((node, replacement)) = annotations.replacement(object) {
            found.replacement = Some(replacement);
            put(&mut found, Evidence::Extension, node.id());
        }
    }
    for node in texts.iter().filter(|_| !annotations.flags_only) {
        let Some(text) = node.as_str() else { continue };
        // What "will be deprecated" is not so yet.
        if prose::deprecation_of(text, subject).is_some_and(|said| said.wording != Wording::Planned) {
            put(&mut found, Evidence::Prose, node.id());
        }
    }
    if !any {
        return None;
    }
    if found.evidence == Evidence::Flag && found.misspelt && object.get("deprecated").is_some_and(is_true) {
        found.misspelt = false;
    }
    if found.replacement.is_none() && !annotations.flags_only {
        // Advice that names nothing is none.
        let mut advice = texts.iter().filter_map(|node| advice(node.as_str()?, subject));
        found.replacement = advice.find(|said| !said.targets.is_empty());
    }
    Some(found)
}

/// What to use instead, by the text of something that is deprecated. Where only
/// a flag says that it is, the reader of prose asks for words like "instead"; a
/// sentence that is nothing but advice ("Use `x`.") is as clear.
fn advice(text: &str, subject: &Subject<'_>) -> Option<prose::Replacement> {
    prose::replacement_of(text, subject, true).or_else(|| {
        let marked = format!("Deprecated. {text}");
        prose::replacement_of(&marked, subject, true).filter(|found| is_bare(&found.text))
    })
}

/// "Please use POST /v1/token", "Use `cursor`", "Use the antennas API": a verb
/// and a name of at most two words.
fn is_bare(clause: &str) -> bool {
    let mut words = clause.split_whitespace().skip_while(|word| word.eq_ignore_ascii_case("please"));
    let verb = words.next().is_some_and(|word| word.eq_ignore_ascii_case("use"));
    verb && (1..=2).contains(&words.skip_while(|word| word.eq_ignore_ascii_case("the")).count())
}

/// The deprecation of an enum value, which only prose can tell: `text`, the
/// description of what has the type.
pub(super) fn of_value(value: &str, text: &str, node: NodeId) -> Deprecation {
    let names = [value];
    let subject = Subject::new(Described::Anything, &names);
    let replacement = prose::replacement_of(text, &subject, false);
    Deprecation { replacement, ..Deprecation::new(Evidence::Prose, node) }
}

impl Deprecation {
    fn new(evidence: Evidence, node: NodeId) -> Self {
        Self {
            evidence,
            misspelt: false,
            node,
            since_date: None,
            since_version: None,
            removal_date: None,
            removal_version: None,
            replacement: None,
        }
    }
}
