//! What the rules about the policy look at: a history between two releases.

use super::RULES;
use crate::document::Evidence;
use crate::finding::{Finding, Spot};
use crate::lifecycle::{History, Item, ItemKind, Origin, Since};
use crate::policy::{Calendar, Policy, UnknownReason, Verdict};
use crate::release::{Channel, ReleaseId};

/// A history between two releases, judged by a policy.
pub struct Check<'c> {
    /// The history, with the policy's announcements.
    pub history: &'c History,
    /// The policy.
    pub policy: &'c Policy,
    /// Its calendar with the history's releases.
    pub calendar: Calendar,
    /// The release before; changes in it are not judged.
    pub old: ReleaseId,
    /// The last release whose changes are judged.
    pub new: ReleaseId,
    /// The channels to judge for.
    pub channels: Vec<Channel>,
}

/// The answer of a support window for a removal.
pub(super) struct Windows {
    /// Channels in which the window had not ended, each with what the documents
    /// promised beyond it.
    pub(super) broken: Vec<(Channel, Option<String>)>,
    /// Channels for which that cannot be said, each with the reason.
    pub(super) undecided: Vec<(Channel, String)>,
}

impl<'c> Check<'c> {
    /// Judges the changes after `old` up to `new`.
    pub fn new(
        history: &'c History,
        policy: &'c Policy,
        old: &ReleaseId,
        new: &ReleaseId,
        channels: Vec<Channel>,
    ) -> Self {
        let calendar = history.calendar(policy);
        Self { history, policy, calendar, old: old.clone(), new: new.clone(), channels }
    }

    /// Whether something that happened in `release` is to be judged.
    pub(super) fn is_judged(&self, release: &ReleaseId) -> bool {
        let at = |id: &ReleaseId| self.calendar.index(id);
        at(release) > at(&self.old) && at(release) <= at(&self.new)
    }

    /// The items that went in a judged release on their own account.
    pub(super) fn removed(&self) -> impl Iterator<Item = (&'c Item, &'c ReleaseId)> {
        self.history.items.iter().filter(|item| !item.with_parent).filter_map(|item| {
            let removed = item.removed.as_ref()?;
            self.is_judged(removed).then_some((item, removed))
        })
    }

    /// The items that became deprecated in a judged release, announcements
    /// before their release included, with that deprecation.
    pub(super) fn newly_deprecated(&self) -> impl Iterator<Item = (&'c Item, &'c Since)> {
        self.history.items.iter().filter_map(|item| {
            let since = item.deprecated.as_ref()?;
            (!since.or_earlier && self.is_judged(&since.release) && item.in_force().is_some())
                .then_some((item, since))
        })
    }

    /// What each channel's window says of an item's removal in `removed`.
    pub(super) fn windows(&self, item: &Item, since: &Since, removed: &ReleaseId) -> Windows {
        let mut out = Windows { broken: Vec::new(), undecided: Vec::new() };
        for channel in &self.channels {
            let deadline = self.policy.removable(&self.calendar, channel, &since.release, item.deprecated_on);
            if !deadline.has_window() {
                continue;
            }
            if let Some(promise) = self.promised(item, removed, channel) {
                out.broken.push((channel.clone(), Some(promise)));
                continue;
            }
            match deadline.allows_removal_in(removed, &self.calendar) {
                Verdict::Yes => {}
                // Deprecated then or before: had it been long enough before,
                // the window would be over.
                Verdict::No if since.or_earlier => {
                    let why = format!(
                        "it was deprecated in {} or earlier, and whether its window was over depends on when",
                        since.release
                    );
                    out.undecided.push((channel.clone(), why));
                }
                Verdict::No => out.broken.push((channel.clone(), None)),
                Verdict::Unknown(UnknownReason::NoWindow(_)) => {}
                Verdict::Unknown(why) => out.undecided.push((channel.clone(), why.to_string())),
            }
        }
        out
    }

    /// The items that were removed when their windows allowed it, in every
    /// channel: nothing is wrong with them, but a reader wants to know that they
    /// were looked at, and by what they were judged.
    pub fn kept(&self) -> Vec<&'c Item> {
        let is_kept = |(item, removed): &(&'c Item, &'c ReleaseId)| {
            let Some(since) = item.in_force().filter(|_| !item.exempt) else { return false };
            let Windows { broken, undecided } = self.windows(item, since, removed);
            let has_window = |found: &crate::lifecycle::ChannelDeadline| {
                self.channels.contains(&found.channel) && found.deadline.has_window()
            };
            let is_protected = item.deadlines(self.policy, &self.calendar).iter().any(has_window);
            broken.is_empty() && undecided.is_empty() && is_protected
        };
        self.removed().filter(is_kept).map(|(item, _)| item).collect()
    }

    /// What the documents themselves promised beyond the window, where the
    /// removal did not wait for it.
    fn promised(&self, item: &Item, removed: &ReleaseId, channel: &Channel) -> Option<String> {
        let by_release = item.sunset_release.as_ref().filter(|promised| {
            let at = |release: &ReleaseId| self.calendar.index(release);
            at(promised).is_some_and(|promised| at(removed).is_some_and(|removed| removed < promised))
        });
        let by_date =
            item.sunset.filter(|day| self.calendar.date(removed, channel).is_some_and(|date| date < *day));
        let promised = by_release.map(ToString::to_string).or_else(|| by_date.map(|day| day.to_string()))?;
        Some(format!("the documents promised it until {promised}"))
    }

    /// " (saas)" for what holds in some of several channels.
    pub(super) fn only_in(&self, channels: &[Channel]) -> String {
        if channels.len() == self.channels.len() {
            return String::new();
        }
        let names: Vec<&str> = channels.iter().map(Channel::as_str).collect();
        format!(" ({})", names.join(", "))
    }

    /// The facts that a finding about an item carries.
    pub(super) fn facts(&self, item: &Item) -> Vec<String> {
        facts(item, self.policy, &self.calendar, &self.channels)
    }
}

/// Runs all rules about the policy.
pub fn check(check: &Check<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for rule in RULES {
        if let Some(run) = rule.check {
            run(check, &mut out);
        }
    }
    one_for_both_directions(out)
}

/// What a component loses or gains in requests and responses alike has one
/// cause: findings that differ only by the direction become one.
fn one_for_both_directions(findings: Vec<Finding>) -> Vec<Finding> {
    let mut out: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match out.iter_mut().find(|kept| is_other_direction(kept, &finding)) {
            Some(kept) => {
                kept.directions.extend(&finding.directions);
                kept.directions.sort();
                if let Some(name) = kept.life.as_deref().map(named) {
                    let both = format!("{} (requests and responses)", name.replacen("request ", "", 1));
                    let both = both.replacen("response ", "", 1);
                    kept.message = kept.message.replacen(&name, &both, 1);
                }
            }
            None => out.push(finding),
        }
    }
    out
}

fn is_other_direction(a: &Finding, b: &Finding) -> bool {
    let (Some(key), Some(other)) = (&a.item, &b.item) else { return false };
    a.rule == b.rule
        && a.channels == b.channels
        && key.component.is_some()
        && (&key.component, &key.operation, &key.at, &key.value)
            == (&other.component, &other.operation, &other.at, &other.value)
        && a.directions.len() == 1
        && b.directions.len() == 1
        && a.directions != b.directions
}

/// The place of a document as a finding's place.
pub(super) fn spot(origin: Option<&Origin>) -> Option<Spot> {
    origin.map(|origin| Spot {
        file: origin.file.clone(),
        line: origin.line as usize,
        column: origin.column as usize,
        end_line: origin.line as usize,
        end_column: origin.column as usize,
        span: None,
    })
}

/// An item by its kind and name: "operation GET /a", "response field x of Y".
pub(super) fn named(item: &Item) -> String {
    match item.key.kind {
        ItemKind::Operation => item.key.to_string(),
        kind => format!("{} {}", kind.noun(), item.key),
    }
}

/// Since when, until when, what instead: the facts that people need.
pub(crate) fn facts(item: &Item, policy: &Policy, calendar: &Calendar, channels: &[Channel]) -> Vec<String> {
    let mut life = Vec::new();
    if let Some(since) = item.in_force() {
        let by = if item.evidence == Some(Evidence::Announcement) { " (announced)" } else { "" };
        life.push(format!("deprecated since {}{by}", since.described()));
        let mut deadlines: Vec<(String, Vec<String>)> = Vec::new();
        for found in item.deadlines(policy, calendar) {
            if !channels.contains(&found.channel) || !found.deadline.has_window() {
                continue;
            }
            let (when, channel) = (found.deadline.to_string(), found.channel.to_string());
            match deadlines.iter_mut().find(|(known, _)| *known == when) {
                Some((_, of)) => of.push(channel),
                None => deadlines.push((when, vec![channel])),
            }
        }
        if !deadlines.is_empty() {
            let each = deadlines.iter().map(|(when, of)| match channels.len() {
                1 => when.clone(),
                _ => format!("{when} ({})", of.join(", ")),
            });
            life.push(format!("removable from {}", each.collect::<Vec<_>>().join(", from ")));
        }
    } else if let Some(undeprecated) = &item.undeprecated {
        life.push(format!("its deprecation was withdrawn in {undeprecated}"));
    }
    if item.deprecated.is_none() && item.removed.is_some() && !item.exempt {
        life.push("never deprecated".to_owned());
    }
    if item.exempt {
        life.push("exempt from the support window".to_owned());
    }
    if let Some(removed) = &item.removed {
        life.push(format!("removed in {removed}"));
    }
    let mut out = Vec::new();
    if !life.is_empty() {
        out.push(life.join(", "));
    }
    if let Some(replacement) = replacement_text(item) {
        out.push(format!("replacement: {replacement}"));
    }
    out
}

/// What to use instead, in one line.
pub(crate) fn replacement_text(item: &Item) -> Option<String> {
    let replacement = item.replacement.as_ref()?;
    let missing = replacement.exists == Some(false);
    Some(match (&replacement.operation, &replacement.field) {
        (Some(operation), _) if missing => format!("{operation} (named, but no such operation exists)"),
        (Some(operation), _) => operation.to_string(),
        (None, Some(field)) if missing => format!("{field} (named, but not there)"),
        (None, Some(field)) => field.clone(),
        (None, None) => replacement.text.clone(),
    })
}
