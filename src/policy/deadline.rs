//! From when an item may be removed, and how near that is.
//!
//! Counts releases and calendar months; where what is needed for that is not
//! known, the answer is `Unknown` with the reason, never a guess.

use std::fmt;

use crate::release::{Channel, Date, ReleaseId, add_months};

use super::calendar::{Calendar, Rank};
use super::model::{Near, Policy};

/// From when the policy allows to remove a deprecated item on one channel.
///
/// With a window in releases and one in months both have to be over: the
/// longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// The first release in which it may be gone; `None` without a window in
    /// releases, and when that release is not known yet.
    pub release: Option<ReleaseId>,
    /// How many releases after the newest known one that release will be;
    /// 0 when it is known and without a window in releases.
    pub releases_ahead: u32,
    /// The first day on which it may be gone; `None` without a window in
    /// months, and when the day of the first flag is not known.
    pub date: Option<Date>,
    channel: Channel,
    since: ReleaseId,
    /// The newest known release, from which `releases_ahead` counts.
    latest: Option<ReleaseId>,
    /// The position among the releases that count, where there is a window in releases.
    ordinal: Option<usize>,
    in_months: bool,
    start: Option<Date>,
}

/// Whether something is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// That cannot be said, for this reason.
    Unknown(UnknownReason),
}

/// How far a window has run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The end is not near.
    Running,
    /// The end is near, as `[near]` sees it.
    Near,
    /// The item may be gone.
    Ended,
    /// That cannot be said, for this reason.
    Unknown(UnknownReason),
}

/// What is missing for an answer; its text is part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownReason {
    /// No `[window.CHANNEL]`.
    #[error("the policy has no window for {0}")]
    NoWindow(Channel),
    /// Needed for a window in months.
    #[error("the policy does not say when {release} reached {channel}")]
    NoDate {
        /// The release without a date.
        release: ReleaseId,
        /// On this channel.
        channel: Channel,
    },
    /// The months lead past the end of the calendar.
    #[error("the window ends after the year 9999")]
    PastCalendar,
    /// The release is newer than all that are known; how many lie between is not known.
    #[error("how many releases lie between {latest} and {release} is not known")]
    Gap {
        /// The newest known release.
        latest: ReleaseId,
        /// The one that was asked about.
        release: ReleaseId,
    },
    /// Neither a release nor a day was given, or not the one that the window needs.
    #[error("no {0} to compare with is known")]
    NothingGiven(&'static str),
}

impl Policy {
    /// From when an item that was deprecated in a release may be removed.
    ///
    /// `deprecated_on` is the day of the first flag, where a document says it;
    /// else the day on which the policy says that the release reached the
    /// channel. A release that the calendar does not have is taken to stand
    /// where its id puts it.
    pub fn removable(
        &self,
        calendar: &Calendar,
        channel: &Channel,
        deprecated_in: &ReleaseId,
        deprecated_on: Option<Date>,
    ) -> Deadline {
        let mut deadline = Deadline {
            release: None,
            releases_ahead: 0,
            date: None,
            channel: channel.clone(),
            since: deprecated_in.clone(),
            latest: calendar.latest().cloned(),
            ordinal: None,
            in_months: false,
            start: None,
        };
        let Some(window) = self.window(channel) else { return deadline };
        if let Some(releases) = &window.releases {
            let further = releases.value as usize;
            let counted = calendar.counted();
            // The position i plus its further releases, and then the next one.
            let ordinal = match calendar.rank(deprecated_in) {
                Rank::Before => further,
                Rank::At(at) => at + further + 1,
                // It is itself the next one, at the earliest.
                Rank::After => counted + further + 1,
            };
            deadline.release = calendar.at(ordinal).cloned();
            deadline.releases_ahead =
                u32::try_from((ordinal + 1).saturating_sub(counted)).unwrap_or(u32::MAX);
            deadline.ordinal = Some(ordinal);
        }
        if let Some(months) = &window.months {
            deadline.in_months = true;
            deadline.start = deprecated_on.or_else(|| calendar.date(deprecated_in, channel));
            deadline.date = deadline.start.and_then(|start| add_months(start, months.value));
        }
        deadline
    }
}

impl Deadline {
    /// Whether the policy allows that the item is gone in `release`: the
    /// release that the window asks for or a later one, and on its channel not
    /// before the day that the window asks for. A pre-release or patch counts
    /// as its release, with the date that is known of it, else with none.
    pub fn allows_removal_in(&self, release: &ReleaseId, calendar: &Calendar) -> Verdict {
        let by_release = self.ordinal.map(|ordinal| match calendar.rank(release) {
            Rank::At(at) if at >= ordinal => Verdict::Yes,
            Rank::At(_) | Rank::Before => Verdict::No,
            Rank::After if ordinal <= calendar.counted() => Verdict::Yes,
            Rank::After => Verdict::Unknown(gap(calendar, release)),
        });
        let by_date = self.in_months.then(|| match (self.date, calendar.date(release, &self.channel)) {
            (None, _) => Verdict::Unknown(self.no_end()),
            (Some(end), Some(date)) if date >= end => Verdict::Yes,
            (Some(_), Some(_)) => Verdict::No,
            (Some(_), None) => Verdict::Unknown(UnknownReason::NoDate {
                release: release.clone(),
                channel: self.channel.clone(),
            }),
        });
        match (by_release, by_date) {
            (None, None) => Verdict::Unknown(UnknownReason::NoWindow(self.channel.clone())),
            (Some(Verdict::No), _) | (_, Some(Verdict::No)) => Verdict::No,
            (Some(unknown @ Verdict::Unknown(_)), _) | (_, Some(unknown @ Verdict::Unknown(_))) => unknown,
            (Some(Verdict::Yes) | None, Some(Verdict::Yes) | None) => Verdict::Yes,
        }
    }

    /// How far the window has run for somebody who uses `release` on the day
    /// `today`. The release is asked where the window is in releases, the day
    /// where it is in months; what is not needed may be left out.
    pub fn state_at(
        &self,
        release: Option<&ReleaseId>,
        today: Option<Date>,
        calendar: &Calendar,
        near: &Near,
    ) -> State {
        let by_release = self.ordinal.map(|ordinal| match release {
            None => State::Unknown(UnknownReason::NothingGiven("release")),
            Some(release) => {
                let within = near.releases as usize;
                match calendar.rank(release) {
                    Rank::At(at) => step(ordinal.saturating_sub(at), within),
                    Rank::Before => step(ordinal + 1, within),
                    // It stands one after the newest, or further: at least this far.
                    Rank::After => match step(ordinal.saturating_sub(calendar.counted()), within) {
                        State::Ended => State::Ended,
                        _ => State::Unknown(gap(calendar, release)),
                    },
                }
            }
        });
        let by_date = self.in_months.then(|| match (self.date, today) {
            (None, _) => State::Unknown(self.no_end()),
            (_, None) => State::Unknown(UnknownReason::NothingGiven("day")),
            (Some(end), Some(today)) => {
                let days = today.until(end).map_or(0, |span| span.get_days());
                step(usize::try_from(days).unwrap_or(0), near.days as usize)
            }
        });
        match (by_release, by_date) {
            (None, None) => State::Unknown(UnknownReason::NoWindow(self.channel.clone())),
            (Some(state), None) | (None, Some(state)) => state,
            (Some(a), Some(b)) => longer(a, b),
        }
    }

    /// The first known release that satisfies the whole window: for a window in
    /// months as well, the first whose date on the channel is known to be late
    /// enough. `None` where no such release is known yet.
    pub fn earliest<'c>(&'c self, calendar: &'c Calendar) -> Option<&'c ReleaseId> {
        let from = calendar.index(self.release.as_ref()?)?;
        calendar
            .releases()
            .skip(from)
            .find(|release| self.allows_removal_in(release, calendar) == Verdict::Yes)
    }

    /// Whether the channel has a window at all.
    pub fn has_window(&self) -> bool {
        self.ordinal.is_some() || self.in_months
    }

    /// The channel for which it was worked out.
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Why a window in months has no last day.
    fn no_end(&self) -> UnknownReason {
        match self.start {
            Some(_) => UnknownReason::PastCalendar,
            None => UnknownReason::NoDate { release: self.since.clone(), channel: self.channel.clone() },
        }
    }
}

/// `2.21`, `2025-01-21`, `2.21, not before 2025-01-21`, `the release after
/// 2.23`, `the 2nd release after 2.23`, or `not known`.
impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let after = self.latest.as_ref().map(|latest| format!(" after {latest}")).unwrap_or_default();
        let release = match (&self.release, self.releases_ahead) {
            (Some(release), _) => Some(release.to_string()),
            (None, 0) => None,
            (None, 1) if after.is_empty() => Some("the next release".to_owned()),
            (None, 1) => Some(format!("the release{after}")),
            (None, 2) => Some(format!("the 2nd release{after}")),
            (None, 3) => Some(format!("the 3rd release{after}")),
            (None, ahead) => Some(format!("the {ahead}th release{after}")),
        };
        match (release, self.date) {
            (Some(release), Some(date)) => write!(f, "{release}, not before {date}"),
            (Some(release), None) => f.write_str(&release),
            (None, Some(date)) => write!(f, "{date}"),
            (None, None) => f.write_str("not known"),
        }
    }
}

fn gap(calendar: &Calendar, release: &ReleaseId) -> UnknownReason {
    let latest = calendar.latest().unwrap_or(release).clone();
    UnknownReason::Gap { latest, release: release.clone() }
}

fn step(distance: usize, near: usize) -> State {
    match distance {
        0 => State::Ended,
        d if d <= near => State::Near,
        _ => State::Running,
    }
}

/// Of two windows the longer: what still runs, runs; then what is not known is not known.
fn longer(a: State, b: State) -> State {
    let rank = |state: &State| match state {
        State::Running => 3,
        State::Unknown(_) => 2,
        State::Near => 1,
        State::Ended => 0,
    };
    if rank(&b) > rank(&a) { b } else { a }
}
