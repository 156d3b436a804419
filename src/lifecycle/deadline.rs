//! What a policy adds to a history: announcements, dates, and from when an
//! item is removable in each channel.

use rustc_hash::FxHashMap;

use super::announced::speaks_of;
use super::{History, Item, ItemKind, ItemReplacement, Since};
use crate::document::{Direction, Evidence, OperationKey};
use crate::policy::{self, Calendar, Deadline, Policy, Subject, Target};
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
    ///
    /// For a history without its documents (a ledger): announcements of a field
    /// find it only under the operation that they name, not under a component.
    #[must_use]
    pub fn judged_by(self, policy: &Policy) -> Self {
        self.judge(policy, &[], &|_, _| None)
    }

    /// `announced` says which announcements are about the item at the same place
    /// although its name does not; `declares`, whether an item's documents have
    /// something of a name, if they are known.
    pub(super) fn judge(
        mut self,
        policy: &Policy,
        announced: &[Vec<usize>],
        declares: &dyn Fn(&Item, &str) -> Option<bool>,
    ) -> Self {
        let calendar = self.calendar(policy);
        for item in &mut self.items {
            date(item, policy, &calendar);
        }
        let mut by_path: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        let mut by_component: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, item) in self.items.iter().enumerate() {
            if let Some(operation) = &item.key.operation {
                by_path.entry(operation.path.shape().to_owned()).or_default().push(index);
            }
            if let Some(component) = &item.key.component {
                by_component.entry(component.clone()).or_default().push(index);
            }
        }
        let mut followed: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        for (index, numbers) in announced.iter().enumerate() {
            for number in numbers {
                followed.entry(*number).or_default().push(index);
            }
        }
        for (number, announcement) in policy.announcements.iter().enumerate() {
            let selector = &announcement.item.value;
            let near = match selector.target() {
                Target::Operation { path, .. } => by_path.get(path.shape()),
                Target::Component(pointer) => by_component.get(pointer),
            };
            let covered = near.into_iter().flatten().copied().filter(|index| {
                let item = &self.items[*index];
                speaks_of(selector, item.key.kind) && selector.covers(&subject(item))
            });
            let mut about: Vec<usize> =
                covered.chain(followed.get(&number).into_iter().flatten().copied()).collect();
            about.sort_unstable();
            about.dedup();
            for index in about {
                let said = announcement.replacement.as_ref();
                let said = said.map(|said| self.said(&said.value, &self.items[index], declares));
                announce(&mut self.items[index], &announcement.release.value, said, &calendar);
            }
        }
        self
    }

    fn said(
        &self,
        said: &policy::Replacement,
        item: &Item,
        declares: &dyn Fn(&Item, &str) -> Option<bool>,
    ) -> ItemReplacement {
        let text = said.text.clone();
        if said.items.is_empty() && !text.contains(char::is_whitespace) {
            // A field or parameter: `spec.image`, `query:filterBy`.
            let name = text.rsplit(['.', ':']).next().unwrap_or(&text).trim_end_matches("[]");
            let exists = declares(item, name);
            return ItemReplacement { field: Some(text.clone()), text, operation: None, exists };
        }
        let old = item.key.operation.clone().unwrap_or_else(|| OperationKey::new("GET", "/"));
        let newest = self.newest();
        let exists = |key: &OperationKey| newest.is_some_and(|newest| self.has_operation(key, newest));
        let named = said.operations_for(&old);
        let found = named.iter().find_map(|key| self.operation(key).filter(|_| exists(key)));
        // Where a path alone is named and has not the old method: its only operation.
        let on_path = || -> Vec<&OperationKey> {
            let Some(first) = named.first() else { return Vec::new() };
            let keys = self.operations().filter_map(|item| item.key.operation.as_ref());
            keys.filter(|key| key.path == first.path && exists(key)).collect()
        };
        let operation = found.and_then(|item| item.key.operation.clone());
        let (operation, exists) = match (operation, named.is_empty()) {
            (Some(operation), _) => (Some(operation), Some(true)),
            (None, true) => (None, None),
            (None, false) => match on_path().as_slice() {
                [only] => (Some((*only).clone()), Some(true)),
                some => (None, Some(!some.is_empty())),
            },
        };
        ItemReplacement { text, operation, field: None, exists }
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
    let Some(said) = said else { return };
    // What the documents say is kept if it leads somewhere, and what is known of
    // this very replacement is not forgotten.
    let unsaid = item.replacement.as_ref().is_none_or(|known| {
        let is_more = said.operation.is_some() || (known.exists != Some(true) && known.text != said.text);
        known.operation.is_none() && is_more
    });
    if unsaid {
        item.replacement = Some(said);
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
