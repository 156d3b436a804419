//! What is said of the methods of generated clients: those that no release has,
//! and those that the client of the target release calls otherwise.

use super::call::{id, level};
use crate::document::{Style, class, essence, invented};
use crate::finding::Finding;
use crate::lifecycle::{ClientName, History, Item};
use crate::release::ReleaseId;
use crate::scan::{Call, SdkUse};

/// A method that the class has in no release.
pub(super) fn unknown(call: &Call, nearest: Option<&str>, history: &History) -> Option<Finding> {
    const RULE: &str = "sdk-method-unknown";
    let sdk = call.sdk.as_ref()?;
    let message =
        format!("{} of {} has no method {} in any known release", sdk.class, sdk.package, sdk.method);
    let mut finding = Finding::plain(id(RULE), level(RULE), message);
    finding.facts.extend(nearest.map(|nearest| format!("the nearest method is {nearest}")));
    if let (Some(first), Some(last)) = (history.releases.first(), history.releases.last()) {
        let known = format!("known releases: {} to {}; an older client may have had it", first.id, last.id);
        finding.facts.push(known);
    }
    Some(finding)
}

/// A method whose operation goes on, and which the client of the target release
/// has not under that name.
pub(super) fn renamed(call: &Call, life: &Item, target: &ReleaseId) -> Option<Finding> {
    const RULE: &str = "sdk-method-removed";
    let sdk = call.sdk.as_ref()?;
    if !life.is_in(target) {
        return None;
    }
    let now = life.client_name(target)?;
    let group = now.operation_id.as_deref().filter(|_| sdk.grouped).map(|id| id.split_once('/'));
    let (method, classes): (String, Vec<String>) = match group {
        Some(named) => {
            let (group, method) = named?;
            let style = Style::of(&sdk.language)?;
            (style.method(method, 0), vec![style.method(group, 0)])
        }
        None => (method(sdk, now, life)?, now.tags.iter().map(|tag| class(tag)).collect()),
    };
    let moved = !sdk.class.is_empty() && !classes.iter().any(|class| essence(class) == essence(&sdk.class));
    let moved = moved && !classes.is_empty();
    if method == sdk.method && !moved {
        return None;
    }
    let place = if sdk.class.is_empty() { String::new() } else { format!("{}.", sdk.class) };
    let message = format!("{place}{} is gone from the {} of {target}", sdk.method, sdk.package);
    let mut finding = Finding::about(id(RULE), level(RULE), life, message);
    finding.life = None;
    let class = classes.first().map(|class| format!("{class}.")).unwrap_or_default();
    finding.facts.push(format!("there {} is {class}{method}", life.key));
    if let Some(pinned) = &sdk.pinned {
        finding.facts.push(format!(
            "the repository pins the client of {pinned}: the method goes with its next version"
        ));
    }
    Some(finding)
}

fn method(sdk: &SdkUse, name: &ClientName, life: &Item) -> Option<String> {
    let style = Style::of(&sdk.language)?;
    let operation = life.key.operation.as_ref()?;
    let made_up = || invented(operation.method.as_str(), operation.path.as_str());
    Some(style.method(&name.operation_id.clone().unwrap_or_else(made_up), name.nth))
}
