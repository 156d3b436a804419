//! Vendor extensions that say more than `deprecated: true`: since when, until
//! when, what instead; and the marks of surface that no window protects.

use super::prose::{self, Replacement, Target};
use crate::release::Date;
use crate::text::{Kind, Node};

/// Which extensions are read. Every entry is a dotted path that reaches into
/// objects (`x-github.removalDate`). The defaults are the ones found in public
/// documents; a policy adds to them.
#[derive(Clone, Debug)]
pub struct Annotations {
    /// A date or release since when the item is deprecated, or plain `true`.
    pub deprecated: Vec<String>,
    /// A date or release at which the item goes.
    pub removal: Vec<String>,
    /// What to use instead: an operation, an operationId, a pointer, a name.
    pub replacement: Vec<String>,
    /// A sentence on the deprecation, read as prose for its replacement.
    pub message: Vec<String>,
    /// Texts in a summary or description that exempt an item from the window.
    pub exempt_text: Vec<String>,
    /// Extensions with the values that exempt an item from the window.
    pub exempt_extension: Vec<(String, Vec<String>)>,
    /// Whether only flags and extensions are looked at: what sentences say of
    /// deprecations takes a third of the time that a document takes to be read.
    pub flags_only: bool,
}

impl Default for Annotations {
    fn default() -> Self {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            deprecated: list(&[
                "x-deprecated-at",
                "x-deprecated-since",
                "x-deprecation-date",
                "x-deprecated-date",
                "x-deprecatedInVersion",
                "x-deprecation-details.deprecatedInVersion",
                "x-github.deprecationDate",
                "x-deprecated",
            ]),
            removal: list(&[
                "x-sunset",
                "x-sunset-date",
                "x-removal-date",
                "x-removed-at",
                "x-remove-on",
                "x-removal-version",
                "x-removed-in",
                "x-eol",
                "x-end-of-life",
                "x-github.removalDate",
            ]),
            replacement: list(&[
                "x-replaced-by",
                "x-replacedBy",
                "x-successor",
                "x-speakeasy-deprecation-replacement",
            ]),
            message: list(&[
                "x-deprecatedMessage",
                "x-deprecation-details.message",
                "x-speakeasy-deprecation-message",
            ]),
            exempt_text: Vec::new(),
            exempt_extension: Vec::new(),
            flags_only: false,
        }
    }
}

type Dated<'t> = (Node<'t>, Option<Date>, Option<String>);

impl Annotations {
    pub(super) fn deprecated<'t>(&self, object: Node<'t>) -> Vec<Dated<'t>> {
        dated(&self.deprecated, object)
    }

    pub(super) fn removal<'t>(&self, object: Node<'t>) -> Vec<Dated<'t>> {
        dated(&self.removal, object)
    }

    pub(super) fn replacement<'t>(&self, object: Node<'t>) -> Option<(Node<'t>, Replacement)> {
        let named = self.replacement.iter().find_map(|path| {
            let node = object.get_dotted(path)?;
            let text = node.as_str()?.trim();
            (!text.is_empty())
                .then(|| (node, Replacement { text: text.to_owned(), targets: vec![target(text)] }))
        });
        named.or_else(|| {
            self.message.iter().find_map(|path| {
                let node = object.get_dotted(path)?;
                Some((node, prose::replacement(node.as_str()?, true)?))
            })
        })
    }

    /// Whether an object or one of its texts carries a mark of exemption.
    pub(super) fn exempts(&self, object: Node<'_>, texts: &[Node<'_>]) -> bool {
        let in_text = |node: &Node<'_>| {
            node.as_str().is_some_and(|text| self.exempt_text.iter().any(|mark| text.contains(mark.as_str())))
        };
        let has_extension = || object.members().any(|(key, _)| key.starts_with("x-"));
        // What sentences say is not asked for then.
        (!self.flags_only && texts.iter().any(in_text))
            || !self.exempt_extension.is_empty()
                && has_extension()
                && self.exempt_extension.iter().any(|(path, values)| {
                    object
                        .get_dotted(path)
                        .and_then(Node::scalar_text)
                        .is_some_and(|v| values.iter().any(|w| w == v))
                })
    }
}

/// The values at `paths`: a day where the text begins with one, else a release.
fn dated<'t>(paths: &[String], object: Node<'t>) -> Vec<Dated<'t>> {
    let mut out = Vec::new();
    for path in paths {
        let Some(node) = object.get_dotted(path) else { continue };
        match node.kind() {
            Kind::Bool if node.as_bool() == Some(true) => out.push((node, None, None)),
            Kind::String | Kind::Number => {
                let text = node.scalar_text().unwrap_or_default().trim();
                if text.is_empty() || text.eq_ignore_ascii_case("false") {
                    continue;
                }
                let date = text.get(..10).and_then(|day| day.parse::<Date>().ok());
                let version =
                    (date.is_none() && text.bytes().any(|b| b.is_ascii_digit())).then(|| text.to_owned());
                out.push((node, date, version));
            }
            Kind::Object => out.push((node, None, None)),
            _ => {}
        }
    }
    out
}

/// What an extension names: `METHOD /path`, a path or URL, a JSON pointer to an
/// operation, else a name (of an operationId, a field, a schema).
fn target(text: &str) -> Target {
    if let Some(pointer) = text.strip_prefix("#/paths/") {
        let mut tokens = pointer.split('/').map(|token| token.replace("~1", "/").replace("~0", "~"));
        if let Some(path) = tokens.next() {
            return Target::Operation {
                method: tokens.next().map(|method| super::Method::new(&method)),
                path,
            };
        }
    }
    if let Some(key) = super::OperationKey::parse(text) {
        return Target::Operation { method: Some(key.method), path: key.path.as_str().to_owned() };
    }
    let path =
        text.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or(text);
    if path.starts_with('/') && !path.contains(char::is_whitespace) {
        return Target::Operation { method: None, path: path.to_owned() };
    }
    if text.contains(char::is_whitespace) {
        Target::Text(text.to_owned())
    } else {
        Target::Field(text.to_owned())
    }
}
