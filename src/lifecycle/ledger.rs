//! The ledger: a history in one small file, and the JSON form of histories.
//!
//! The types here are the frozen outside form (contract: `history` and a
//! ledger); the inside may change without them. A ledger holds facts, one item
//! a line, and leaves out what is null, empty or false.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ClientName, Counts, History, Item, ItemKey, ItemKind, ItemReplacement, Payload, Release, Requirement,
    Since, Withdrawn,
};
use crate::document::{Direction, Evidence, OperationKey};
use crate::policy::{Calendar, Policy};
use crate::release::ReleaseId;

/// The version of the JSON form.
pub const SCHEMA: u32 = 1;

/// A ledger as it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
pub struct LedgerView {
    /// The version of sunwatch that wrote it.
    pub sunwatch: String,
    /// Always `history`.
    pub command: String,
    /// [`SCHEMA`].
    pub schema: u32,
    /// Base paths of the documents' servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub server_paths: Vec<String>,
    /// Hosts of the documents' servers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub server_hosts: Vec<String>,
    /// What the documents call themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub titles: Vec<String>,
    /// The releases, oldest first.
    pub releases: Vec<ReleaseView>,
    /// The items.
    pub items: Vec<ItemView>,
}

/// A release.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReleaseView {
    /// Its id.
    pub id: String,
    /// How many operations it has.
    pub operations: usize,
    /// How many of them are flagged deprecated.
    pub flagged: usize,
    /// Flagged here and not in the release before.
    pub newly_flagged: usize,
    /// Removed since the release before.
    pub removed: usize,
    /// No longer flagged since the release before.
    pub flag_dropped: usize,
    /// The day it reached each channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dates: BTreeMap<String, String>,
}

/// An operation's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OperationView {
    /// In capitals.
    pub method: String,
    /// The template.
    pub path: String,
}

impl From<&OperationKey> for OperationView {
    fn from(key: &OperationKey) -> Self {
        Self { method: key.method.to_string(), path: key.path.to_string() }
    }
}

impl From<&OperationView> for OperationKey {
    fn from(view: &OperationView) -> Self {
        Self::new(&view.method, &view.path)
    }
}

/// A replacement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacementView {
    /// As it was said.
    pub text: String,
    /// The operation that is meant.
    #[serde(default)]
    pub operation: Option<OperationView>,
    /// The field or parameter that is meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Whether it was found in the newest document.
    #[serde(default)]
    pub exists: bool,
    /// True where what is meant cannot be looked up, so that `exists` is false
    /// without anything being missing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unverifiable: bool,
}

impl From<&ItemReplacement> for ReplacementView {
    fn from(inside: &ItemReplacement) -> Self {
        Self {
            text: inside.text.clone(),
            operation: inside.operation.as_ref().map(Into::into),
            field: inside.field.clone(),
            exists: inside.exists == Some(true),
            unverifiable: inside.exists.is_none(),
        }
    }
}

impl From<&ReplacementView> for ItemReplacement {
    fn from(view: &ReplacementView) -> Self {
        Self {
            text: view.text.clone(),
            operation: view.operation.as_ref().map(Into::into),
            field: view.field.clone(),
            exists: (!view.unverifiable).then_some(view.exists),
        }
    }
}

/// A deprecation that was withdrawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawnView {
    /// When it began.
    pub deprecated: String,
    /// When it was gone.
    pub undeprecated: String,
}

/// A payload place at which a field item appears.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceView {
    /// In capitals.
    pub method: String,
    /// The template.
    pub path: String,
    /// `request` or `response`.
    pub direction: String,
    /// The status of the response.
    pub status: Option<String>,
    /// The media type of the body.
    pub media_type: Option<String>,
    /// The place in the payload.
    pub at: String,
}

/// Where a field stands in what an operation takes or gives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayloadView {
    /// In capitals.
    pub method: String,
    /// The template.
    pub path: String,
    /// The places in the payload.
    pub at: Vec<String>,
}

impl PayloadView {
    fn of(payload: &Payload) -> Self {
        let OperationView { method, path } = (&payload.operation).into();
        Self { method, path, at: payload.at.clone() }
    }
}

/// An item. Without an explanation beside it, a field is that of [`Item`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemView {
    /// `operation`, `parameter`, ...
    pub kind: String,
    /// The operation it belongs to.
    #[serde(default)]
    pub operation: Option<OperationView>,
    /// The operations that share it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<OperationView>,
    /// The component that declares it.
    #[serde(default)]
    pub component: Option<String>,
    /// Its place.
    #[serde(default)]
    pub at: String,
    /// The enum value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The direction of an enum value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// The status of the response it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The media type it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The `operationId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// What generated clients name it after, where it changes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NameView>,
    /// `2.19`, or `<=2.18`.
    pub introduced: String,
    /// `2.19`, or `<=2.18`.
    #[serde(default)]
    pub deprecated: Option<String>,
    /// The day, where a document dates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated_on: Option<String>,
    /// First labelled in a document, where that is not when the deprecation began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub labelled: Option<String>,
    /// First labelled with `deprecated: true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flagged: Option<String>,
    /// The release in which a deprecation was withdrawn.
    #[serde(default)]
    pub undeprecated: Option<String>,
    /// Deprecations withdrawn before the last one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<WithdrawnView>,
    /// The first release without it.
    #[serde(default)]
    pub removed: Option<String>,
    /// Whether it went with what holds it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub with_parent: bool,
    /// The release in which it became required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<String>,
    /// By channel, the release or the day from which it may go.
    #[serde(default)]
    pub removable: BTreeMap<String, Option<String>>,
    /// The day on which the documents say it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sunset: Option<String>,
    /// The release in which the documents say it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sunset_release: Option<String>,
    /// What to use instead.
    #[serde(default)]
    pub replacement: Option<ReplacementView>,
    /// Whether no window protects it.
    #[serde(default)]
    pub exempt: bool,
    /// What the beginning of the deprecation rests on.
    #[serde(default)]
    pub evidence: Option<String>,
    /// First labelled with a misspelt key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misspelt: Option<String>,
    /// Deprecated operations that gained by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<OperationView>,
    /// Whether others gained by it too.
    #[serde(default, skip_serializing_if = "is_false")]
    pub extends_current: bool,
    /// Where clients meet a field that has an event (in a history).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payloads: Vec<PayloadView>,
    /// What an operation came to require while it was there (in a history).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<RequirementView>,
    /// Every place it appears at (`--places`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PlaceView>,
}

/// What requests to an operation must hold from a release on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequirementView {
    /// `spec.name` in the body, `query:name` for a parameter.
    pub at: String,
    /// The first release that requires it.
    pub since: String,
    /// The first release that no longer does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl RequirementView {
    fn of(requirement: &Requirement) -> Self {
        let Requirement { at, since, until } = requirement;
        Self { at: at.clone(), since: since.to_string(), until: until.as_ref().map(ToString::to_string) }
    }

    fn requirement(&self) -> Requirement {
        let Self { at, since, until } = self;
        let until = until.as_ref().map(|until| ReleaseId::new(until));
        Requirement { at: at.clone(), since: ReleaseId::new(since), until }
    }
}

/// What generated clients name an operation after, from a release on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NameView {
    /// The first release of which it holds.
    pub since: String,
    /// The operationId.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation_id: Option<String>,
    /// The tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// How many operations before it have the same name in the same class.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub nth: usize,
}

impl NameView {
    fn of(name: &ClientName) -> Self {
        let ClientName { since, operation_id, tags, nth } = name;
        let since = since.to_string();
        Self { since, operation_id: operation_id.clone(), tags: tags.clone(), nth: *nth }
    }

    fn name(&self) -> ClientName {
        let Self { since, operation_id, tags, nth } = self;
        let since = ReleaseId::new(since);
        ClientName { since, operation_id: operation_id.clone(), tags: tags.clone(), nth: *nth }
    }
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

/// An item's outside form. `removable` is what `policy` says.
pub fn view(item: &Item, policy: &Policy, calendar: &Calendar) -> ItemView {
    let mut removable: BTreeMap<String, Option<String>> =
        policy.channels().map(|channel| (channel.to_string(), None)).collect();
    for found in item.deadlines(policy, calendar) {
        removable.insert(found.channel.to_string(), removable_text(&found.deadline, policy, calendar));
    }
    let ItemKey { kind, operation, component, direction, at, value, status, media_type } = &item.key;
    ItemView {
        kind: kind.to_string(),
        operation: operation.as_ref().map(Into::into),
        operations: item.operations.iter().map(Into::into).collect(),
        component: component.clone(),
        at: at.clone(),
        value: value.clone(),
        direction: direction.map(|direction| direction.to_string()),
        status: status.clone(),
        media_type: media_type.clone(),
        operation_id: item.operation_id.clone(),
        names: item.names.iter().map(NameView::of).collect(),
        introduced: item.introduced.to_string(),
        deprecated: item.deprecated.as_ref().map(ToString::to_string),
        deprecated_on: item.deprecated_on.map(|date| date.to_string()),
        labelled: item
            .labelled
            .as_ref()
            .filter(|label| item.deprecated.as_ref() != Some(label))
            .map(ToString::to_string),
        flagged: item.flagged.as_ref().map(ToString::to_string),
        undeprecated: item.undeprecated.as_ref().map(ToString::to_string),
        earlier: item
            .earlier
            .iter()
            .map(|w| WithdrawnView {
                deprecated: w.deprecated.to_string(),
                undeprecated: w.undeprecated.to_string(),
            })
            .collect(),
        removed: item.removed.as_ref().map(ToString::to_string),
        with_parent: item.with_parent,
        required: item.required.as_ref().map(ToString::to_string),
        removable,
        sunset: item.sunset.map(|date| date.to_string()),
        sunset_release: item.sunset_release.as_ref().map(ToString::to_string),
        replacement: item.replacement.as_ref().map(Into::into),
        exempt: item.exempt,
        evidence: item.evidence.map(|evidence| evidence.to_string()),
        misspelt: item.misspelt.as_ref().map(ToString::to_string),
        extends: item.extends.iter().map(Into::into).collect(),
        extends_current: item.extends_current,
        payloads: Vec::new(),
        requirements: Vec::new(),
        places: Vec::new(),
    }
}

/// A release where the window counts releases (alone or with months), a day
/// where it counts months alone; `None` where that release is not known yet or
/// no date is.
pub fn removable_text(
    deadline: &crate::policy::Deadline,
    policy: &Policy,
    calendar: &Calendar,
) -> Option<String> {
    let counts_releases = policy.window(deadline.channel()).is_some_and(|window| window.releases.is_some());
    if counts_releases {
        deadline.earliest(calendar).map(ToString::to_string)
    } else {
        deadline.date.map(|date| date.to_string())
    }
}

/// Why a text is no ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It is no JSON of the right form.
    #[error("{name}:{line}:{column}: this is no ledger that can be read: {message}")]
    Malformed {
        /// The file.
        name: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was expected and found.
        message: String,
    },
    /// Another version of the form.
    #[error(
        "{name}: expected a ledger of schema {SCHEMA}, found schema {found}; write it anew with this version"
    )]
    Schema {
        /// The file.
        name: String,
        /// What it says.
        found: u32,
    },
    /// A value that means nothing.
    #[error("{name}: item {index}: {message}")]
    Item {
        /// The file.
        name: String,
        /// From 0.
        index: usize,
        /// What was expected and found.
        message: String,
    },
}

/// Whether a text is meant as a ledger, whatever else is wrong with it.
pub fn is_ledger(text: &str) -> bool {
    let head = text.trim_start().get(..200.min(text.trim_start().len())).unwrap_or(text);
    head.starts_with('{') && head.contains("\"sunwatch\"") && head.contains("\"history\"")
}

/// Reads a ledger.
///
/// # Errors
/// Names the place that is not as a ledger should be.
pub fn read(text: &str, name: &str) -> Result<History, LedgerError> {
    let view: LedgerView = serde_json::from_str(text).map_err(|error| LedgerError::Malformed {
        name: name.to_owned(),
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
    })?;
    if view.schema != SCHEMA {
        return Err(LedgerError::Schema { name: name.to_owned(), found: view.schema });
    }
    let items = view.items.iter().enumerate().map(|(index, item)| {
        read_item(item).map_err(|message| LedgerError::Item { name: name.to_owned(), index, message })
    });
    let mut items = items.collect::<Result<Vec<_>, _>>()?;
    items.sort_by(|a, b| a.order().cmp(&b.order()));
    let releases = view
        .releases
        .iter()
        .map(|release| Release {
            id: ReleaseId::new(&release.id),
            counts: Counts {
                operations: release.operations,
                flagged: release.flagged,
                newly_flagged: release.newly_flagged,
                removed: release.removed,
                flag_dropped: release.flag_dropped,
            },
        })
        .collect();
    let LedgerView { server_paths, server_hosts, titles, .. } = view;
    Ok(History { releases, items, server_paths, server_hosts, titles })
}

fn read_item(view: &ItemView) -> Result<Item, String> {
    let kind = ItemKind::parse(&view.kind)
        .ok_or_else(|| format!("expected a kind of item, found {:?}", view.kind))?;
    let direction = match view.direction.as_deref() {
        None => None,
        Some("request") => Some(Direction::Request),
        Some("response") => Some(Direction::Response),
        Some(other) => return Err(format!("expected `request` or `response`, found {other:?}")),
    };
    let date = |text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => {
            text.parse().map(Some).map_err(|_| format!("expected a date like 2025-01-31, found {text:?}"))
        }
    };
    let release = |text: &Option<String>| text.as_deref().map(ReleaseId::new);
    let since = |text: &Option<String>| text.as_deref().map(Since::parse);
    let evidence = match view.evidence.as_deref() {
        None => None,
        Some(word) => Some(
            Evidence::parse(word).ok_or_else(|| format!("expected a kind of evidence, found {word:?}"))?,
        ),
    };
    let key = ItemKey {
        kind,
        operation: view.operation.as_ref().map(Into::into),
        component: view.component.clone(),
        direction,
        at: view.at.clone(),
        value: view.value.clone(),
        status: view.status.clone(),
        media_type: view.media_type.clone(),
    };
    if key.operation.is_none() && key.component.is_none() {
        return Err("expected an operation or a component, found neither".to_owned());
    }
    let mut item = Item::new(key, Since::parse(&view.introduced));
    item.operations = view.operations.iter().map(Into::into).collect();
    item.operation_id.clone_from(&view.operation_id);
    item.names = view.names.iter().map(NameView::name).collect();
    item.deprecated = since(&view.deprecated);
    item.deprecated_on = date(&view.deprecated_on)?;
    item.labelled = since(&view.labelled);
    item.flagged = since(&view.flagged);
    item.undeprecated = release(&view.undeprecated);
    item.earlier = view
        .earlier
        .iter()
        .map(|w| Withdrawn {
            deprecated: Since::parse(&w.deprecated),
            undeprecated: ReleaseId::new(&w.undeprecated),
        })
        .collect();
    item.evidence = evidence;
    if item.labelled.is_none() && evidence.is_some_and(|evidence| evidence != Evidence::Announcement) {
        item.labelled.clone_from(&item.deprecated);
    }
    item.misspelt = since(&view.misspelt);
    item.removed = release(&view.removed);
    item.with_parent = view.with_parent;
    item.required = release(&view.required);
    item.sunset = date(&view.sunset)?;
    item.sunset_release = release(&view.sunset_release);
    item.replacement = view.replacement.as_ref().map(Into::into);
    item.exempt = view.exempt;
    item.extends = view.extends.iter().map(Into::into).collect();
    item.extends_current = view.extends_current;
    let payload = |view: &PayloadView| Payload {
        operation: OperationKey::new(&view.method, &view.path),
        at: view.at.clone(),
    };
    item.payloads = view.payloads.iter().map(payload).collect();
    item.requirements = view.requirements.iter().map(RequirementView::requirement).collect();
    Ok(item)
}

/// A history's outside form.
pub fn views(history: &History, policy: &Policy) -> LedgerView {
    let calendar = history.calendar(policy);
    let dates = |id: &ReleaseId| {
        let of = |channel| Some((format!("{channel}"), calendar.date(id, channel)?.to_string()));
        policy.channels().filter_map(of).collect()
    };
    LedgerView {
        sunwatch: env!("CARGO_PKG_VERSION").to_owned(),
        command: "history".to_owned(),
        schema: SCHEMA,
        server_paths: history.server_paths.clone(),
        server_hosts: history.server_hosts.clone(),
        titles: history.titles.clone(),
        releases: history
            .releases
            .iter()
            .map(|release| ReleaseView {
                id: release.id.to_string(),
                operations: release.counts.operations,
                flagged: release.counts.flagged,
                newly_flagged: release.counts.newly_flagged,
                removed: release.counts.removed,
                flag_dropped: release.counts.flag_dropped,
                dates: dates(&release.id),
            })
            .collect(),
        items: history
            .items
            .iter()
            .map(|item| ItemView {
                payloads: item.payloads.iter().map(PayloadView::of).collect(),
                requirements: item.requirements.iter().map(RequirementView::of).collect(),
                ..view(item, policy, &calendar)
            })
            .collect(),
    }
}

/// Writes a ledger: one item a line, without what is null, empty or false.
///
/// # Errors
/// Only if a value could not be put in JSON, which no history holds.
pub fn write(history: &History, policy: &Policy) -> Result<String, serde_json::Error> {
    let LedgerView { sunwatch, command, schema, server_paths, server_hosts, titles, releases, items } =
        views(history, policy);
    let mut out = format!(
        "{{\"sunwatch\":{},\"command\":{},\"schema\":{schema},\n\"server_paths\":{},\n{}{}\"releases\":[",
        serde_json::to_string(&sunwatch)?,
        serde_json::to_string(&command)?,
        serde_json::to_string(&server_paths)?,
        match server_hosts.is_empty() {
            true => String::new(),
            false => format!("\"server_hosts\":{},\n", serde_json::to_string(&server_hosts)?),
        },
        match titles.is_empty() {
            true => String::new(),
            false => format!("\"titles\":{},\n", serde_json::to_string(&titles)?),
        },
    );
    let mut first = true;
    for release in &releases {
        out.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
        out.push_str(&serde_json::to_string(release)?);
    }
    out.push_str("],\n\"items\":[");
    first = true;
    for item in &items {
        out.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
        let mut value = serde_json::to_value(item)?;
        prune(&mut value);
        out.push_str(&serde_json::to_string(&value)?);
    }
    out.push_str("]}\n");
    Ok(out)
}

/// Takes out what says nothing. `exists: false` does say something, and so does
/// an enum value without text.
fn prune(value: &mut serde_json::Value) {
    let serde_json::Value::Object(map) = value else { return };
    map.retain(|key, value| {
        prune(value);
        match value {
            serde_json::Value::Null => false,
            serde_json::Value::Bool(false) => key == "exists",
            serde_json::Value::String(text) => key != "at" || !text.is_empty(),
            serde_json::Value::Object(map) => !map.is_empty(),
            _ => true,
        }
    });
}
