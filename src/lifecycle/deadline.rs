//! What a policy adds to a history: announcements, dates, and from when an
//! item is removable in each channel.

use super::{History, Item, ItemKind, ItemReplacement, Since};
use crate::document::{Direction, Evidence, OperationKey};
use crate::policy::{self, Calendar, Deadline, Policy, Subject};
use crate::release::{Channel, ReleaseId};

/// An item's deadline in one channel.
#[derive(Clone, Debug)]
pub struct ChannelDeadline {
    /// The channel.
    pub channel: Channel,
    /// When the window ends.
    pub deadline: Deadline,
}

impl History {
    /// The releases of this history and of the policy in one calendar.
    pub fn calendar(&self, policy: &Policy) -> Calendar {
        Calendar::new(policy, self.releases.iter().map(|release| release.id.clone()))
    }

    /// The same history with what a policy knows: an announcement begins a
    /// window before any flag does, and a date that a document gives to a
    /// deprecation names the release that it began with.
    #[must_use]
    pub fn judged_by(mut self, policy: &Policy) -> Self {
        let calendar = self.calendar(policy);
        for item in &mut self.items {
            date(item, policy, &calendar);
        }
        for announcement in &policy.announcements {
            let replacement = announcement.replacement.as_ref().map(|spanned| &spanned.value);
            for index in 0..self.items.len() {
                if !announcement.item.value.covers(&subject(&self.items[index])) {
                    continue;
                }
                // An announcement of an operation is not one of all its members.
                if announcement.item.value.place().is_none()
                    && announcement.item.value.value().is_none()
                    && self.items[index].key.kind != ItemKind::Operation
                {
                    continue;
                }
                let release = &announcement.release.value;
                let said = replacement.map(|said| self.said(said, &self.items[index]));
                announce(&mut self.items[index], release, said, &calendar);
            }
        }
        self
    }

    fn said(&self, said: &policy::Replacement, item: &Item) -> ItemReplacement {
        let old = item.key.operation.clone().unwrap_or_else(|| OperationKey::new("GET", "/"));
        let newest = self.newest();
        let exists = |key: &OperationKey| newest.is_some_and(|newest| self.has_operation(key, newest));
        let named = said.operations_for(&old);
        let found = named.iter().find_map(|key| self.operation(key).filter(|_| exists(key)));
        let operation = found.and_then(|item| item.key.operation.clone()).or_else(|| {
            // A path alone, without the old method: the path's only operation.
            let path = &named.first()?.path;
            let mut on_path = self
                .operations()
                .filter_map(|item| item.key.operation.as_ref())
                .filter(|key| key.path == *path && exists(key));
            on_path.next().cloned().filter(|_| on_path.next().is_none())
        });
        let exists = match (&operation, named.first()) {
            (Some(_), _) => Some(true),
            (None, Some(first)) => Some(
                self.operations()
                    .filter_map(|item| item.key.operation.as_ref())
                    .any(|key| key.path == first.path && exists(key)),
            ),
            (None, None) => None,
        };
        ItemReplacement { text: said.text.clone(), operation, field: None, exists }
    }
}

/// What a policy's selector is compared with.
pub(crate) fn subject(item: &Item) -> Subject<'_> {
    let direction = match (item.key.kind, item.key.direction) {
        (ItemKind::RequestField, _) | (_, Some(Direction::Request)) => Some(Direction::Request),
        (ItemKind::ResponseField, _) | (_, Some(Direction::Response)) => Some(Direction::Response),
        _ => None,
    };
    Subject {
        operation: item.key.operation.as_ref(),
        component: item.key.component.as_deref(),
        direction,
        at: (item.key.kind != ItemKind::Operation).then_some(item.key.at.as_str()),
        value: item.key.value.as_deref(),
    }
}

/// Begins the last deprecation with the release that its own date names.
fn date(item: &mut Item, policy: &Policy, calendar: &Calendar) {
    let (Some(on), Some(since)) = (item.deprecated_on, &item.deprecated) else { return };
    let reached =
        |release: &ReleaseId| policy.channels().filter_map(|channel| calendar.date(release, channel)).min();
    // The first release that came on that day or after it.
    let first = calendar.releases().find(|release| reached(release).is_some_and(|date| date >= on));
    if let Some(first) = first
        && calendar.index(first) <= calendar.index(&since.release)
    {
        item.deprecated = Some(Since::exactly(first.clone()));
    }
}

fn announce(item: &mut Item, release: &ReleaseId, said: Option<ItemReplacement>, calendar: &Calendar) {
    let order = |release: &ReleaseId| calendar.index(release);
    // It is about this life of the item only if it was there then or came later.
    if item.removed.as_ref().is_some_and(|removed| order(removed) <= order(release)) {
        return;
    }
    let is_earlier = match &item.deprecated {
        None => true,
        // A deprecation that was withdrawn after the announcement is another one.
        Some(_) if item.undeprecated.as_ref().is_some_and(|end| order(end) > order(release)) => false,
        Some(since) => {
            order(release) < order(&since.release)
                || (since.or_earlier && order(release) <= order(&since.release))
        }
    };
    if is_earlier {
        item.deprecated = Some(Since::exactly(release.clone()));
        item.deprecated_on = None;
        item.evidence = Some(Evidence::Announcement);
    }
    let unsaid =
        item.replacement.as_ref().is_none_or(|known| known.operation.is_none() && known.exists != Some(true));
    if unsaid && said.is_some() {
        item.replacement = said;
    }
}

impl Item {
    /// When the item's window ends in each of the policy's channels; nothing
    /// where no deprecation is in force or the item is exempt.
    pub fn deadlines(&self, policy: &Policy, calendar: &Calendar) -> Vec<ChannelDeadline> {
        let Some(since) = self.in_force() else { return Vec::new() };
        if self.exempt {
            return Vec::new();
        }
        policy
            .channels()
            .map(|channel| ChannelDeadline {
                channel: channel.clone(),
                deadline: policy.removable(calendar, channel, &since.release, self.deprecated_on),
            })
            .collect()
    }
}
