//! Windows and deadlines against truth worked out by hand.

use super::{Calendar, Deadline, Near, Policy, State, UnknownReason, Verdict};
use crate::release::{Channel, Date, ReleaseId};

/// The vendor's dates; 2.23 has none in the cloud.
const RELEASES: &str = "
[[release]]
id = \"2.17\"
self-hosted = 2024-04-14
saas = 2024-04-14
[[release]]
id = \"2.18\"
self-hosted = 2024-07-21
saas = 2024-07-21
[[release]]
id = \"2.19\"
self-hosted = 2024-10-08
saas = 2024-10-08
[[release]]
id = \"2.20\"
self-hosted = 2025-01-12
saas = 2025-01-12
[[release]]
id = \"2.21\"
self-hosted = 2025-04-17
saas = 2025-04-17
[[release]]
id = \"2.22\"
self-hosted = 2025-07-16
saas = 2025-07-16
[[release]]
id = \"2.23\"
self-hosted = 2025-10-22
";

struct World {
    policy: Policy,
    calendar: Calendar,
}

fn world(windows: &str) -> World {
    let policy = Policy::parse(&format!("{windows}{RELEASES}"), "p", &[]).unwrap();
    let calendar = Calendar::new(&policy, std::iter::empty());
    World { policy, calendar }
}

fn vendor() -> World {
    world("[window.self-hosted]\nreleases = 2\n[window.saas]\nmonths = 6\n")
}

fn id(text: &str) -> ReleaseId {
    ReleaseId::new(text)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

impl World {
    fn removable(&self, channel: &str, release: &str) -> Deadline {
        self.policy.removable(&self.calendar, &Channel::new(channel), &id(release), None)
    }
    fn allows(&self, deadline: &Deadline, release: &str) -> Verdict {
        deadline.allows_removal_in(&id(release), &self.calendar)
    }
    fn state(&self, deadline: &Deadline, release: &str, today: &str) -> State {
        deadline.state_at(Some(&id(release)), Some(day(today)), &self.calendar, &Near::default())
    }
}

#[test]
fn two_further_releases() {
    let world = vendor();
    let deadline = world.removable("self-hosted", "2.18");
    assert_eq!(deadline.release, Some(id("2.21")));
    assert_eq!((deadline.releases_ahead, deadline.date), (0, None));
    assert_eq!(deadline.to_string(), "2.21");
    for (release, expected) in [
        ("2.18", Verdict::No),
        ("2.19", Verdict::No),
        ("2.20", Verdict::No),
        ("2.20.9", Verdict::No),
        ("2.21.0-rc.1", Verdict::Yes),
        ("2.21", Verdict::Yes),
        ("v2.21", Verdict::Yes),
        ("2.23", Verdict::Yes),
        ("2.30", Verdict::Yes),
    ] {
        assert_eq!(world.allows(&deadline, release), expected, "{release}");
    }
    for (release, expected) in [
        ("2.18", State::Running),
        ("2.19", State::Running),
        ("2.20", State::Near),
        ("2.21", State::Ended),
        ("2.22", State::Ended),
    ] {
        assert_eq!(world.state(&deadline, release, "2030-01-01"), expected, "{release}");
    }
    assert_eq!(world.removable("self-hosted", "2.17").release, Some(id("2.20")));
}

#[test]
fn six_calendar_months() {
    let world = vendor();
    let deadline = world.removable("saas", "2.18");
    assert_eq!(deadline.date, Some(day("2025-01-21")));
    assert_eq!((deadline.release.clone(), deadline.releases_ahead), (None, 0));
    assert_eq!(deadline.to_string(), "2025-01-21");
    // 2.20 came on 2025-01-12, nine days before the end.
    assert_eq!(world.allows(&deadline, "2.20"), Verdict::No);
    assert_eq!(world.allows(&deadline, "2.21"), Verdict::Yes);
    for (today, expected) in [
        ("2024-07-21", State::Running),
        ("2024-11-21", State::Running), // 61 days before
        ("2024-11-22", State::Near),    // 60 days before
        ("2025-01-20", State::Near),
        ("2025-01-21", State::Ended),
        ("2026-01-01", State::Ended),
    ] {
        assert_eq!(world.state(&deadline, "2.18", today), expected, "{today}");
    }
    // A document's own day counts before the release's.
    let own =
        world.policy.removable(&world.calendar, &Channel::new("saas"), &id("2.18"), Some(day("2024-08-31")));
    assert_eq!(own.date, Some(day("2025-02-28")));
}

#[test]
fn the_longer_of_two_counts() {
    let world = world("[window.saas]\nreleases = 3\nmonths = 12\n");
    // Flagged 2.18 (2024-07-21): three further releases end with 2.21, the months on
    // 2025-07-21. 2.22 came on 2025-07-16, too early by five days: the months win.
    let deadline = world.removable("saas", "2.18");
    assert_eq!((deadline.release.clone(), deadline.date), (Some(id("2.22")), Some(day("2025-07-21"))));
    assert_eq!(deadline.to_string(), "2.22, not before 2025-07-21");
    assert_eq!(world.allows(&deadline, "2.21"), Verdict::No);
    assert_eq!(world.allows(&deadline, "2.22"), Verdict::No);
    let unknown = UnknownReason::NoDate { release: id("2.23"), channel: Channel::new("saas") };
    assert_eq!(unknown.to_string(), "the policy does not say when 2.23 reached saas");
    assert_eq!(world.allows(&deadline, "2.23"), Verdict::Unknown(unknown));
    // The releases are over, the months are near their end.
    assert_eq!(world.state(&deadline, "2.22", "2025-07-16"), State::Near);
    assert_eq!(world.state(&deadline, "2.22", "2025-07-21"), State::Ended);
    assert_eq!(world.state(&deadline, "2.22", "2025-01-01"), State::Running);

    // With one month instead the releases win.
    let world = self::world("[window.saas]\nreleases = 3\nmonths = 1\n");
    let deadline = world.removable("saas", "2.18");
    assert_eq!((deadline.release.clone(), deadline.date), (Some(id("2.22")), Some(day("2024-08-21"))));
    assert_eq!(world.allows(&deadline, "2.21"), Verdict::No);
    assert_eq!(world.allows(&deadline, "2.22"), Verdict::Yes);
    assert_eq!(world.state(&deadline, "2.20", "2026-01-01"), State::Running);
    assert_eq!(world.state(&deadline, "2.21", "2026-01-01"), State::Near);
}

#[test]
fn what_lies_ahead_is_counted_not_named() {
    let world = vendor();
    // 2.22 -> 2.23, one more, and then the next: two after 2.23.
    let deadline = world.removable("self-hosted", "2.22");
    assert_eq!((deadline.release.clone(), deadline.releases_ahead), (None, 2));
    assert_eq!(deadline.to_string(), "the 2nd release after 2.23");
    assert_eq!(world.allows(&deadline, "2.23"), Verdict::No);
    let gap = UnknownReason::Gap { latest: id("2.23"), release: id("2.25") };
    assert_eq!(world.allows(&deadline, "2.25"), Verdict::Unknown(gap.clone()));
    assert_eq!(gap.to_string(), "how many releases lie between 2.23 and 2.25 is not known");
    assert_eq!(world.state(&deadline, "2.23", "2026-01-01"), State::Running);
    assert_eq!(world.state(&deadline, "2.25", "2026-01-01"), State::Unknown(gap));

    let deadline = world.removable("self-hosted", "2.21");
    assert_eq!((deadline.release.clone(), deadline.releases_ahead), (None, 1));
    assert_eq!(deadline.to_string(), "the release after 2.23");
    assert_eq!(world.allows(&deadline, "2.24"), Verdict::Yes);
    assert_eq!(world.allows(&deadline, "2.23.5"), Verdict::No);
    assert_eq!(world.state(&deadline, "2.23", "2026-01-01"), State::Near);
    // Once a document of 2.24 is there, it has a name.
    let calendar = Calendar::new(&world.policy, [id("2.24")].into_iter());
    let channel = Channel::new("self-hosted");
    let deadline = world.policy.removable(&calendar, &channel, &id("2.21"), None);
    assert_eq!(deadline.release, Some(id("2.24")));
}

#[test]
fn ids_that_the_calendar_lacks_stand_where_they_belong() {
    let world = vendor();
    // A patch counts as its release, an older one than all as older.
    assert_eq!(world.removable("self-hosted", "2.18.45").release, Some(id("2.21")));
    assert_eq!(world.removable("self-hosted", "2.1").release, Some(id("2.19")));
    let future = world.removable("self-hosted", "2.24");
    assert_eq!((future.release.clone(), future.releases_ahead), (None, 4));
}

#[test]
fn what_is_not_known_is_said() {
    let world = vendor();
    let none = world.removable("edge", "2.18");
    assert!(!none.has_window());
    assert_eq!(none.to_string(), "not known");
    let reason = UnknownReason::NoWindow(Channel::new("edge"));
    assert_eq!(world.allows(&none, "2.23"), Verdict::Unknown(reason.clone()));
    assert_eq!(world.state(&none, "2.23", "2026-01-01"), State::Unknown(reason));

    let no_start = world.removable("saas", "2.23");
    assert_eq!(no_start.date, None);
    let reason = UnknownReason::NoDate { release: id("2.23"), channel: Channel::new("saas") };
    assert_eq!(world.allows(&no_start, "2.23"), Verdict::Unknown(reason.clone()));
    assert_eq!(world.state(&no_start, "2.23", "2026-01-01"), State::Unknown(reason));

    let channel = Channel::new("saas");
    let late = world.policy.removable(&world.calendar, &channel, &id("2.18"), Some(day("9999-12-01")));
    assert_eq!(world.allows(&late, "2.23"), Verdict::Unknown(UnknownReason::PastCalendar));

    let deadline = world.removable("self-hosted", "2.18");
    let asked = deadline.state_at(None, None, &world.calendar, &Near::default());
    assert_eq!(asked, State::Unknown(UnknownReason::NothingGiven("release")));
    // What certainly still runs, runs, whatever else is not known.
    let both = self::world("[window.saas]\nreleases = 5\nmonths = 6\n");
    let deadline = both.removable("saas", "2.18");
    let running = deadline.state_at(Some(&id("2.19")), None, &both.calendar, &Near::default());
    assert_eq!(running, State::Running);
    assert_eq!(both.allows(&deadline, "2.19"), Verdict::No);
}

#[test]
fn windows_of_nothing_end_at_once() {
    let world = world("[window.self-hosted]\nreleases = 0\n[window.saas]\nmonths = 0\n");
    assert_eq!(world.removable("self-hosted", "2.18").release, Some(id("2.19")));
    assert_eq!(world.removable("saas", "2.18").date, Some(day("2024-07-21")));
}
