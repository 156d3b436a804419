//! Items and their lives.

use std::fmt;

use super::Requirement;
use crate::document::{Direction, Evidence, OperationKey};
use crate::release::{Date, ReleaseId};

/// What kind of thing has a life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A method of a path.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// A field that clients send.
    RequestField,
    /// A field that clients receive.
    ResponseField,
    /// One allowed value of a parameter or field.
    EnumValue,
    /// A status that an operation answers with.
    ResponseStatus,
    /// A media type of a body.
    MediaType,
}

impl ItemKind {
    /// All kinds in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Operation,
        Self::Parameter,
        Self::RequestField,
        Self::ResponseField,
        Self::EnumValue,
        Self::ResponseStatus,
        Self::MediaType,
    ];

    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestField => "request-field",
            Self::ResponseField => "response-field",
            Self::EnumValue => "enum-value",
            Self::ResponseStatus => "response-status",
            Self::MediaType => "media-type",
        }
    }

    /// The kind of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The word for people: "request field".
    pub fn noun(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestField => "request field",
            Self::ResponseField => "response field",
            Self::EnumValue => "enum value",
            Self::ResponseStatus => "response status",
            Self::MediaType => "media type",
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What names an item over all releases.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// What it is.
    pub kind: ItemKind,
    /// The operation it belongs to; `None` for what a component declares.
    pub operation: Option<OperationKey>,
    /// The component that declares it: `#/components/schemas/X`.
    pub component: Option<String>,
    /// The direction, for an enum value, whose kind does not say it.
    pub direction: Option<Direction>,
    /// Its place: `query:x` for a parameter, `entries[].spec` for a field (inside
    /// the component, if there is one), the status, or the media type.
    pub at: String,
    /// The value, for an enum value.
    pub value: Option<String>,
    /// The status of the response that an inline field or a media type is in.
    pub status: Option<String>,
    /// The media type of the body that an inline field is in.
    pub media_type: Option<String>,
}

impl ItemKey {
    /// An operation.
    pub fn operation(key: &OperationKey) -> Self {
        Self::of_operation(ItemKind::Operation, key, String::new())
    }

    /// Something that belongs to an operation as a whole.
    pub fn of_operation(kind: ItemKind, key: &OperationKey, at: String) -> Self {
        Self {
            kind,
            operation: Some(key.clone()),
            component: None,
            direction: None,
            at,
            value: None,
            status: None,
            media_type: None,
        }
    }

    /// The direction of the payload that it is a part of, if it is of one.
    pub fn direction(&self) -> Option<Direction> {
        match self.kind {
            ItemKind::RequestField => Some(Direction::Request),
            ItemKind::ResponseField => Some(Direction::Response),
            _ => self.direction,
        }
    }
}

impl fmt::Display for ItemKey {
    /// `GET /a query:x`, `#/components/schemas/X spec.y`, `... status=LOST`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.component, &self.operation) {
            (Some(component), _) => f.write_str(component)?,
            (None, Some(operation)) => write!(f, "{operation}")?,
            (None, None) => f.write_str("?")?,
        }
        // A parameter of a shared component still belongs to its operation.
        if self.component.is_some()
            && let Some(operation) = &self.operation
        {
            write!(f, " of {operation}")?;
        }
        if let (ItemKind::MediaType, Some(status)) = (self.kind, &self.status) {
            write!(f, " {status}")?;
        }
        if !self.at.is_empty() {
            write!(f, " {}", self.at)?;
        }
        if let Some(value) = &self.value {
            write!(f, "={value}")?;
        }
        Ok(())
    }
}

/// The release in which something began, or that it was so already in the
/// oldest document, when its true beginning is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Since {
    /// The first release that is known to have it.
    pub release: ReleaseId,
    /// Whether it may have been so before.
    pub or_earlier: bool,
}

impl Since {
    /// Exactly in that release.
    pub fn exactly(release: ReleaseId) -> Self {
        Self { release, or_earlier: false }
    }

    /// Reads `2.19` or `<=2.18`.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix("<=") {
            Some(release) => Self { release: ReleaseId::new(release), or_earlier: true },
            None => Self::exactly(ReleaseId::new(text)),
        }
    }

    /// For people: `2.18 or earlier`.
    pub fn described(&self) -> String {
        if self.or_earlier { format!("{} or earlier", self.release) } else { self.release.to_string() }
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.or_earlier { "<=" } else { "" };
        write!(f, "{mark}{}", self.release)
    }
}

/// What to use instead of a deprecated item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemReplacement {
    /// As it was said, in few words.
    pub text: String,
    /// The operation that is meant, written as the document that has it writes
    /// it, where one could be told.
    pub operation: Option<OperationKey>,
    /// The field or parameter that is meant.
    pub field: Option<String>,
    /// Whether what is meant exists in the newest release of the item's life;
    /// `None` where what is meant cannot be looked up ("the access rules API").
    pub exists: Option<bool>,
}

/// A deprecation that was withdrawn before the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawn {
    /// When it began.
    pub deprecated: Since,
    /// In which release it was gone.
    pub undeprecated: ReleaseId,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The document's name.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// One life of one item, from its introduction to its removal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub key: ItemKey,
    /// The operations that use it, where a component declares it for several.
    pub operations: Vec<OperationKey>,
    /// The operation's `operationId` in the newest document that has it.
    pub operation_id: Option<String>,
    /// What generated clients name it after, release by release.
    pub names: Vec<ClientName>,
    /// The first release that has it.
    pub introduced: Since,
    /// When the last deprecation began, announcements included.
    pub deprecated: Option<Since>,
    /// The day on which it began, where an extension dates it.
    pub deprecated_on: Option<Date>,
    /// When the documents first said it, in whatever way.
    pub labelled: Option<Since>,
    /// When the documents first said it with `deprecated: true`.
    pub flagged: Option<Since>,
    /// The last release in which a deprecation was withdrawn.
    pub undeprecated: Option<ReleaseId>,
    /// Deprecations that were withdrawn before the last one.
    pub earlier: Vec<Withdrawn>,
    /// What the beginning of the last deprecation rests on.
    pub evidence: Option<Evidence>,
    /// When the documents first said it with a misspelt key (`depracted: true`)
    /// alone: so it was until `flagged`, or still is.
    pub misspelt: Option<Since>,
    /// The first release that does not have it any more.
    pub removed: Option<ReleaseId>,
    /// Whether it went only because what holds it went.
    pub with_parent: bool,
    /// The release in which an item that exists already became required.
    pub required: Option<ReleaseId>,
    /// The day on which it may go, where the documents say one.
    pub sunset: Option<Date>,
    /// The release in which it goes, where the documents say one.
    pub sunset_release: Option<ReleaseId>,
    /// What to use instead.
    pub replacement: Option<ItemReplacement>,
    /// Whether the support window does not apply to it.
    pub exempt: bool,
    /// Deprecated operations that gained by the introduction of this item.
    pub extends: Vec<OperationKey>,
    /// Whether operations that are not deprecated gained by it too.
    pub extends_current: bool,
    /// Where clients meet a field that is deprecated, removed or newly required.
    pub payloads: Vec<Payload>,
    /// What an operation came to require while it was there.
    pub requirements: Vec<Requirement>,
    /// Where it stands in the first document that has it.
    pub introduced_at: Option<Origin>,
    /// Where the evidence of the last deprecation stands.
    pub deprecated_at: Option<Origin>,
    /// Where it stands in the last document that has it.
    pub last_at: Option<Origin>,
}

/// Where a field stands in what an operation takes or gives, whatever the media
/// type and the status.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payload {
    /// The operation.
    pub operation: OperationKey,
    /// The places: `entries[].spec.compute`.
    pub at: Vec<String>,
}

/// What generated clients name an operation after, from a release on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientName {
    /// The first release of which it holds.
    pub since: ReleaseId,
    /// The operationId.
    pub operation_id: Option<String>,
    /// The tags, each of which becomes a class.
    pub tags: Vec<String>,
    /// How many operations before it in the document have the same method name
    /// in the same class.
    pub nth: usize,
}

impl Item {
    /// What generated clients of a release name an operation after.
    pub fn client_name(&self, release: &ReleaseId) -> Option<&ClientName> {
        let begun = self.names.iter().rev().find(|name| name.since <= *release);
        begun.or_else(|| self.names.first().filter(|_| self.introduced.or_earlier))
    }

    /// An item without a history but for its introduction.
    pub fn new(key: ItemKey, introduced: Since) -> Self {
        Self {
            key,
            operations: Vec::new(),
            operation_id: None,
            names: Vec::new(),
            introduced,
            deprecated: None,
            deprecated_on: None,
            labelled: None,
            flagged: None,
            undeprecated: None,
            earlier: Vec::new(),
            evidence: None,
            misspelt: None,
            removed: None,
            with_parent: false,
            required: None,
            sunset: None,
            sunset_release: None,
            replacement: None,
            exempt: false,
            extends: Vec::new(),
            extends_current: false,
            payloads: Vec::new(),
            requirements: Vec::new(),
            introduced_at: None,
            deprecated_at: None,
            last_at: None,
        }
    }

    /// The order of items in a history: kind, name, introduction.
    pub fn order(&self) -> (ItemKind, &ItemKey, &ReleaseId) {
        (self.key.kind, &self.key, &self.introduced.release)
    }

    /// The deprecation in force at the end of the item's life: none where it was
    /// withdrawn and not renewed.
    pub fn in_force(&self) -> Option<&Since> {
        let deprecated = self.deprecated.as_ref()?;
        match &self.undeprecated {
            Some(undeprecated) if *undeprecated > deprecated.release => None,
            _ => Some(deprecated),
        }
    }

    /// Whether it has an event of which clients should hear: it was deprecated or
    /// removed, or became required.
    pub fn has_event(&self) -> bool {
        self.deprecated.is_some() || self.removed.is_some() || self.required.is_some()
    }

    /// Whether the item is in that release, as far as is known.
    pub fn is_in(&self, release: &ReleaseId) -> bool {
        let begun = self.introduced.release <= *release || self.introduced.or_earlier;
        begun && self.removed.as_ref().is_none_or(|removed| removed > release)
    }

    /// Whether the item is deprecated in that release.
    pub fn is_deprecated_in(&self, release: &ReleaseId) -> bool {
        if !self.is_in(release) {
            return false;
        }
        let last = self.deprecated.as_ref().is_some_and(|since| {
            since.release <= *release
                && match &self.undeprecated {
                    Some(end) if *end > since.release => end > release,
                    _ => true,
                }
        });
        last || self.earlier.iter().any(|w| w.deprecated.release <= *release && w.undeprecated > *release)
    }
}
