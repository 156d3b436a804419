//! The releases in their order: those of the policy and those that only a
//! document is known of.
//!
//! Knows order and dates, not how long a window is (`deadline` does). No date
//! is ever made up: a release has the dates that the policy gives it.

use crate::release::{Channel, Date, ReleaseId};

use super::model::Policy;

/// The releases of a product in their order.
///
/// The policy's order comes first; a further release is put before the first
/// one that is greater than it. The same id in another spelling (`v2.18`) is
/// the same release.
///
/// **What counts for a window.** Every release that the policy lists counts.
/// Where it lists any, a further one counts unless it belongs to a line that
/// is already there: `2.21.3` and `2.21.0-rc.1` are of the line of `2.21`. Where
/// it lists none, only a pre-release of a release that is there does not count.
#[derive(Clone, Debug)]
pub struct Calendar {
    entries: Vec<Entry>,
    listed: bool,
}

#[derive(Clone, Debug)]
struct Entry {
    id: ReleaseId,
    line: ReleaseId,
    dates: Vec<(Channel, Date)>,
    listed: bool,
    /// The position among the releases that count, where this one counts.
    ordinal: Option<usize>,
}

/// Where a release stands among those that count for a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Older than all of them.
    Before,
    /// This one, or between this one and the next.
    At(usize),
    /// Newer than all of them and of none of their lines; how much newer is not known.
    After,
}

impl Calendar {
    /// The calendar of a policy's releases and further ones, in any order.
    pub fn new(policy: &Policy, extra: impl Iterator<Item = ReleaseId>) -> Self {
        let mut calendar = Self { entries: Vec::new(), listed: !policy.releases.is_empty() };
        for release in &policy.releases {
            calendar.entries.push(Entry {
                id: release.id.value.clone(),
                line: calendar.line(&release.id.value),
                dates: release.dates.iter().map(|(channel, date)| (channel.clone(), date.value)).collect(),
                listed: true,
                ordinal: None,
            });
        }
        for id in extra {
            if calendar.index(&id).is_none() {
                let line = calendar.line(&id);
                let entry = Entry { id, line, dates: Vec::new(), listed: false, ordinal: None };
                calendar.entries.insert(calendar.position(&entry.id), entry);
            }
        }
        calendar.count();
        calendar
    }

    /// The position of a release in [`Self::releases`], by meaning.
    pub fn index(&self, release: &ReleaseId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == *release)
    }

    /// When a release reached a channel; `None` unless the policy says.
    pub fn date(&self, release: &ReleaseId, channel: &Channel) -> Option<Date> {
        let entry = self.entries.iter().find(|entry| entry.id == *release)?;
        entry.dates.iter().find(|(of, _)| of == channel).map(|(_, date)| *date)
    }

    /// All releases from oldest to newest, in the spelling that was met first.
    pub fn releases(&self) -> impl DoubleEndedIterator<Item = &ReleaseId> + ExactSizeIterator {
        self.entries.iter().map(|entry| &entry.id)
    }

    /// The newest release.
    pub fn latest(&self) -> Option<&ReleaseId> {
        self.entries.last().map(|entry| &entry.id)
    }

    /// How many releases count for a window.
    pub(crate) fn counted(&self) -> usize {
        self.entries.iter().filter(|entry| entry.ordinal.is_some()).count()
    }

    /// The release that is the n-th to count.
    pub(crate) fn at(&self, ordinal: usize) -> Option<&ReleaseId> {
        self.entries.iter().find(|entry| entry.ordinal == Some(ordinal)).map(|entry| &entry.id)
    }

    pub(crate) fn rank(&self, release: &ReleaseId) -> Rank {
        if let Some(ordinal) = self.index(release).and_then(|index| self.entries.get(index)?.ordinal) {
            return Rank::At(ordinal);
        }
        let position = self.index(release).unwrap_or_else(|| self.position(release));
        let line = self.line(release);
        let before = self.entries.iter().take(position).rev();
        let after = self.entries.iter().skip(position);
        // The release of the same line that is at hand: the one it patches, or becomes.
        let same = before.clone().chain(after).filter(|entry| entry.line == line);
        if let Some(ordinal) = same.filter_map(|entry| entry.ordinal).next() {
            return Rank::At(ordinal);
        }
        if position == self.entries.len() {
            return if self.entries.is_empty() { Rank::Before } else { Rank::After };
        }
        before.filter_map(|entry| entry.ordinal).next().map_or(Rank::Before, Rank::At)
    }

    /// Where an id that is not there belongs.
    fn position(&self, id: &ReleaseId) -> usize {
        self.entries.iter().position(|entry| entry.id > *id).unwrap_or(self.entries.len())
    }

    /// What a release is a patch or pre-release of.
    fn line(&self, id: &ReleaseId) -> ReleaseId {
        if !id.is_version() {
            return id.clone();
        }
        let text = id.as_str().trim_start_matches(['v', 'V']);
        let numbers = text.split(['-', '+']).next().unwrap_or(text);
        // With the policy's releases at hand, the first two numbers are the line.
        let kept = if self.listed { 2 } else { 3 };
        ReleaseId::new(&numbers.split('.').take(kept).collect::<Vec<_>>().join("."))
    }

    fn count(&mut self) {
        let listed: Vec<ReleaseId> =
            self.entries.iter().filter(|entry| entry.listed).map(|entry| entry.line.clone()).collect();
        let mut seen: Vec<ReleaseId> = Vec::new();
        let mut next = 0;
        for entry in &mut self.entries {
            let counts = entry.listed || !(listed.contains(&entry.line) || seen.contains(&entry.line));
            if counts {
                seen.push(entry.line.clone());
                entry.ordinal = Some(next);
                next += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(listed: &[&str], extra: &[&str]) -> Calendar {
        let text: String = listed.iter().map(|id| format!("[[release]]\nid = \"{id}\"\n")).collect();
        let policy = Policy::parse(&text, "p", &[]).unwrap();
        Calendar::new(&policy, extra.iter().map(|id| ReleaseId::new(id)))
    }

    fn ids(calendar: &Calendar) -> Vec<&str> {
        calendar.releases().map(ReleaseId::as_str).collect()
    }

    fn rank(calendar: &Calendar, id: &str) -> Rank {
        calendar.rank(&ReleaseId::new(id))
    }

    #[test]
    fn further_releases_are_put_in_their_place() {
        let calendar = calendar(&["2.18", "2.20"], &["2.24", "2.19", "v2.18", "2.9", "2.20.3"]);
        assert_eq!(ids(&calendar), ["2.9", "2.18", "2.19", "2.20", "2.20.3", "2.24"]);
        assert_eq!(calendar.latest().unwrap().as_str(), "2.24");
        assert_eq!(calendar.index(&ReleaseId::new("v2.20.0")), Some(3));
        assert_eq!(calendar.index(&ReleaseId::new("2.21")), None);
    }

    #[test]
    fn patches_and_candidates_of_a_line_do_not_count() {
        let calendar = calendar(&["2.18", "2.19"], &["2.18.7", "2.19.0-rc.1", "2.20.0-rc.1", "2.20.1"]);
        assert_eq!(ids(&calendar), ["2.18", "2.18.7", "2.19.0-rc.1", "2.19", "2.20.0-rc.1", "2.20.1"]);
        assert_eq!(calendar.counted(), 3);
        assert_eq!(rank(&calendar, "2.18.7"), Rank::At(0));
        assert_eq!(rank(&calendar, "2.18.99"), Rank::At(0));
        assert_eq!(rank(&calendar, "2.19.0-rc.1"), Rank::At(1));
        assert_eq!(rank(&calendar, "2.20.1"), Rank::At(2));
        assert_eq!(rank(&calendar, "2.21"), Rank::After);
        assert_eq!(rank(&calendar, "2.17"), Rank::Before);
    }

    #[test]
    fn without_a_list_every_full_release_counts() {
        let calendar = calendar(&[], &["1.0.1-rc.1", "1.0.0", "1.0.1", "1.0.2"]);
        assert_eq!(calendar.counted(), 3);
        assert_eq!(rank(&calendar, "1.0.1"), Rank::At(1));
        assert_eq!(rank(&calendar, "1.0.2"), Rank::At(2));
        assert_eq!(Calendar::new(&Policy::parse("", "p", &[]).unwrap(), std::iter::empty()).latest(), None);
    }

    #[test]
    fn names_keep_the_order_of_the_file() {
        let calendar = calendar(&["rainier", "hood", "adams"], &[]);
        assert_eq!(ids(&calendar), ["rainier", "hood", "adams"]);
        assert_eq!(rank(&calendar, "hood"), Rank::At(1));
    }
}
