//! How a policy names an item: the grammar of `item =`.
//!
//! ```text
//! item      = target [ SPACE place ] [ "=" value ]
//! target    = METHOD SPACE path          one operation
//!           | path                       all methods of a path
//!           | "#/components/" KIND "/" NAME   | "#/definitions/" NAME
//! place     = "query:" NAME | "header:" NAME | "path:" NAME | "cookie:" NAME
//!           | "request:" field | "response:" field
//!           | field                      in requests and responses
//! field     = NAME ( "[]" | "{}" )* ( "." NAME ( "[]" | "{}" )* )*
//!             a body that is itself an array or map begins with "[]" or "{}";
//!             the body as a whole is empty: "request:"
//! value     = the rest of the text: one enum value of that place
//! ```
//!
//! - `GET /v1/users`, `/v1/users/{id}` (the parameter's name does not matter)
//! - `GET /v1/users query:filter`, `/v1/users header:X-Tenant`
//! - `POST /v1/jobs request:spec.compute.migProfile`, `/v1/jobs entries[].state=Paused`
//! - `#/components/schemas/Job`, `#/components/schemas/Job spec.image`
//!
//! In an exception (`[[ignore]]`) a `*` in method, path, component or place
//! stands for any run of characters, slashes and dots among them. Elsewhere a
//! `*` is refused: an announcement says exactly what it announces.
//!
//! A name that itself holds a space or `=` cannot be written here; name the
//! operation around it. What is done with a match is not decided here.

use std::fmt;

use crate::document::{Direction, Method, OperationKey, PathTemplate};

use super::glob;
use super::near::nearest;

/// What an item belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// An operation, or every operation of a path where there is no method.
    Operation {
        /// In capitals; in an exception it may hold `*`.
        method: Option<Method>,
        /// As written; in an exception it may hold `*`.
        path: PathTemplate,
    },
    /// A shared component by its pointer, `#/components/schemas/Job`.
    Component(String),
}

/// Where inside its target an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `query:NAME`, `header:NAME`, `path:NAME` or `cookie:NAME`.
    Parameter {
        /// `query`, `header`, `path` or `cookie`.
        location: &'static str,
        /// The parameter's name as written.
        name: String,
    },
    /// A field of the payload.
    Field {
        /// `None` in requests and responses alike.
        direction: Option<Direction>,
        /// `entries[].spec.image`; empty for the body itself.
        at: String,
    },
}

/// Whether `*` stands for any run of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stars {
    /// As in exceptions.
    Allowed,
    /// As in announcements.
    Refused,
}

/// A parsed `item =`. Equal when the same item is meant, however written.
#[derive(Clone, Debug)]
pub struct ItemSelector {
    text: String,
    target: Target,
    place: Option<Place>,
    value: Option<String>,
}

/// What an exception is asked to cover: the item of a finding.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The operation, where the finding is about one.
    pub operation: Option<&'a OperationKey>,
    /// The pointer of the component, where it is about one.
    pub component: Option<&'a str>,
    /// The direction, where the item has one.
    pub direction: Option<Direction>,
    /// The place as reports write it: `query:limit`, `entries[].spec`.
    pub at: Option<&'a str>,
    /// The enum value.
    pub value: Option<&'a str>,
}

/// Why a text names no item. The text itself is in the message around it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs)] // each variant is its message
pub enum SelectorError {
    #[error("it is empty")]
    Empty,
    #[error("`{0}` is neither a method, a path that begins with `/`, nor `#/components/...`")]
    NoTarget(String),
    #[error("`{0}` is no HTTP method; did you mean `{1}`?")]
    Method(String, &'static str),
    #[error("after the method `{0}` a path is missing")]
    NoPath(String),
    #[error("the path `{0}` does not begin with `/`")]
    NoSlash(String),
    #[error("the path `{0}` has a brace without its partner")]
    Brace(String),
    #[error("`{0}` is no component: write `#/components/schemas/NAME`")]
    Component(String),
    #[error("a `*` is allowed only in exceptions ([[ignore]])")]
    Star,
    #[error("the place `{0}` holds a space")]
    Space(String),
    #[error("`{found}:` is no kind of place{}", did_you_mean(.near))]
    Kind { found: String, near: Option<&'static str> },
    #[error("after `{0}:` a name is missing")]
    NoName(&'static str),
    #[error("the field `{0}` has an empty name in it")]
    EmptyName(String),
    #[error("in the field `{0}` a bracket is not `[]` (array) or `{{}}` (map)")]
    Bracket(String),
    #[error("there is a value after `=`, but no place before it")]
    ValueWithoutPlace,
}

fn did_you_mean(near: &Option<&'static str>) -> String {
    match near {
        Some(word) => format!("; did you mean `{word}:`?"),
        None => ": expected query:, header:, path:, cookie:, request: or response:".to_owned(),
    }
}

/// The kinds of parameters, OpenAPI 3.0.3 "Parameter Locations".
const LOCATIONS: [&str; 4] = ["query", "header", "path", "cookie"];
const DIRECTIONS: [&str; 2] = ["request", "response"];

impl ItemSelector {
    /// Reads an item; see the module for the grammar.
    ///
    /// # Errors
    /// When the text is not of that grammar, with the first reason.
    pub fn parse(text: &str, stars: Stars) -> Result<Self, SelectorError> {
        let text = text.trim();
        let (first, rest) = split_word(text);
        let (target, rest) = if first.is_empty() {
            return Err(SelectorError::Empty);
        } else if first.starts_with('#') {
            (component(first)?, rest)
        } else if first.starts_with('/') {
            (Target::Operation { method: None, path: path(first)? }, rest)
        } else {
            let method = method(first)?;
            let (second, rest) = split_word(rest);
            if second.is_empty() {
                return Err(SelectorError::NoPath(first.to_owned()));
            }
            (Target::Operation { method: Some(method), path: path(second)? }, rest)
        };
        let (place, value) = match rest.split_once('=') {
            Some((place, value)) => (place.trim_end(), Some(value.to_owned())),
            None => (rest, None),
        };
        if place.is_empty() && value.is_some() {
            return Err(SelectorError::ValueWithoutPlace);
        }
        // Only a value is taken as it stands.
        let head = text.get(..text.len() - rest.len()).unwrap_or(text);
        if stars == Stars::Refused && (head.contains('*') || place.contains('*')) {
            return Err(SelectorError::Star);
        }
        let place = if place.is_empty() { None } else { Some(parse_place(place)?) };
        Ok(Self { text: text.to_owned(), target, place, value })
    }

    /// The item as the policy writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What the item belongs to.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// Where in the target it is; `None` when the target itself is meant.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// The enum value that is meant, if one is.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// The operation, when exactly one is named (method, no place, no `*`).
    pub fn operation(&self) -> Option<OperationKey> {
        match (&self.target, &self.place) {
            (Target::Operation { method: Some(method), path }, None)
                if !method.as_str().contains('*') && !path.as_str().contains('*') =>
            {
                Some(OperationKey { method: method.clone(), path: path.clone() })
            }
            _ => None,
        }
    }

    /// Whether the target is this operation. The names of path parameters do
    /// not matter; a place inside the operation is not looked at.
    pub fn matches_operation(&self, operation: &OperationKey) -> bool {
        match &self.target {
            Target::Operation { method, path } => {
                method.as_ref().is_none_or(|m| glob::matches(m.as_str(), operation.method.as_str()))
                    && glob::matches(path.shape(), operation.path.shape())
            }
            Target::Component(_) => false,
        }
    }

    /// Whether the target is the component at this pointer
    /// (`#/components/schemas/Job`).
    pub fn matches_component(&self, pointer: &str) -> bool {
        match &self.target {
            Target::Operation { .. } => false,
            Target::Component(pattern) => glob::matches(pattern, pointer),
        }
    }

    /// Whether the selector names a place and it is this one, written as in
    /// reports (`query:limit`, `entries[].spec`; the body itself is empty).
    ///
    /// A selector for one direction does not match an item without direction.
    pub fn matches_place(&self, direction: Option<Direction>, at: &str) -> bool {
        match &self.place {
            None => false,
            Some(Place::Parameter { location, name }) => {
                at.split_once(':').is_some_and(|(kind, found)| {
                    kind == *location
                        && if kind == "header" {
                            // RFC 9110 section 5.1: field names are case-insensitive.
                            glob::matches(&name.to_ascii_lowercase(), &found.to_ascii_lowercase())
                        } else {
                            glob::matches(name, found)
                        }
                })
            }
            Some(Place::Field { direction: wanted, at: pattern }) => {
                let parameter = at.split_once(':').is_some_and(|(kind, _)| LOCATIONS.contains(&kind));
                !parameter && (wanted.is_none() || *wanted == direction) && glob::matches(pattern, at)
            }
        }
    }

    /// Whether an exception with this selector covers that item: the target
    /// matches, and so do place and value where the selector has them. Without
    /// a place everything inside the target is covered.
    pub fn covers(&self, subject: &Subject<'_>) -> bool {
        let target = match &self.target {
            Target::Operation { .. } => subject.operation.is_some_and(|key| self.matches_operation(key)),
            Target::Component(_) => subject.component.is_some_and(|at| self.matches_component(at)),
        };
        let place =
            || self.place.is_none() || subject.at.is_some_and(|at| self.matches_place(subject.direction, at));
        let value = || self.value.is_none() || self.value.as_deref() == subject.value;
        target && place() && value()
    }
}

impl PartialEq for ItemSelector {
    fn eq(&self, other: &Self) -> bool {
        let Self { text: _, target, place, value } = self;
        (target, place, value) == (&other.target, &other.place, &other.value)
    }
}
impl Eq for ItemSelector {}

impl fmt::Display for ItemSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

fn split_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

fn method(word: &str) -> Result<Method, SelectorError> {
    const KNOWN: [&str; 9] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE", "QUERY"];
    if !word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'*') {
        return Err(SelectorError::NoTarget(word.to_owned()));
    }
    let method = Method::new(word);
    // Other methods are allowed (OpenAPI 3.2 `additionalOperations`), but not one that is
    // a single slip away from a usual one.
    if !KNOWN.contains(&method.as_str()) && !word.contains('*') {
        let slip = |known: &&&str| strsim::osa_distance(method.as_str(), known) == 1;
        if let Some(known) = KNOWN.iter().find(slip) {
            return Err(SelectorError::Method(word.to_owned(), known));
        }
    }
    Ok(method)
}

fn path(word: &str) -> Result<PathTemplate, SelectorError> {
    if !word.starts_with('/') {
        return Err(SelectorError::NoSlash(word.to_owned()));
    }
    let mut open = false;
    for c in word.chars() {
        match c {
            '{' if !open => open = true,
            '}' if open => open = false,
            '{' | '}' => return Err(SelectorError::Brace(word.to_owned())),
            _ => {}
        }
    }
    if open { Err(SelectorError::Brace(word.to_owned())) } else { Ok(PathTemplate::new(word)) }
}

fn component(word: &str) -> Result<Target, SelectorError> {
    let known = match word.strip_prefix("#/components/") {
        Some(rest) => rest.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty()),
        None => word.strip_prefix("#/definitions/").is_some_and(|name| !name.is_empty()),
    };
    if known {
        Ok(Target::Component(word.to_owned()))
    } else {
        Err(SelectorError::Component(word.to_owned()))
    }
}

fn parse_place(text: &str) -> Result<Place, SelectorError> {
    if text.contains(char::is_whitespace) {
        return Err(SelectorError::Space(text.to_owned()));
    }
    if let Some((kind, name)) = text.split_once(':') {
        if let Some(location) = LOCATIONS.into_iter().find(|l| *l == kind) {
            if name.is_empty() {
                return Err(SelectorError::NoName(location));
            }
            return Ok(Place::Parameter { location, name: name.to_owned() });
        }
        let direction = match kind {
            "request" => Some(Direction::Request),
            "response" => Some(Direction::Response),
            _ => None,
        };
        if direction.is_some() {
            return Ok(Place::Field { direction, at: field(name)? });
        }
        // A colon further on belongs to a field's name: `labels.app:name`.
        if !kind.contains(['.', '[', '{']) {
            let near = nearest(kind, LOCATIONS.into_iter().chain(DIRECTIONS));
            return Err(SelectorError::Kind { found: kind.to_owned(), near });
        }
    }
    Ok(Place::Field { direction: None, at: field(text)? })
}

fn field(text: &str) -> Result<String, SelectorError> {
    if !text.is_empty() {
        for (index, segment) in text.split('.').enumerate() {
            let mut name = segment;
            while let Some(shorter) = name.strip_suffix("[]").or_else(|| name.strip_suffix("{}")) {
                name = shorter;
            }
            // Only the body itself can be an array without a name.
            if name.is_empty() && (index > 0 || segment.is_empty()) {
                return Err(SelectorError::EmptyName(text.to_owned()));
            }
            if name.contains(['[', ']', '{', '}']) {
                return Err(SelectorError::Bracket(text.to_owned()));
            }
        }
    }
    Ok(text.to_owned())
}
