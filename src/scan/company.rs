//! The company that a path keeps. APIs share paths (`/users`, `/projects/{id}`):
//! where one client asks for many paths and hardly any of them is the API's, it
//! is another API's client.

use std::collections::{BTreeMap, BTreeSet};

use super::link::FileId;
use super::paths::{segments_of, weight};
use super::url::{Segment, Url};
use crate::document::PathTemplate;

/// Strange paths that make strange company.
const MANY: usize = 8;
/// How many times as many they must be as those of the API.
const TIMES: usize = 4;
/// Words of the API's paths that several things have.
const SEVERAL: usize = 3;

/// What goes to one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The requests that one request of a library makes in the end.
    Root(usize),
    /// The requests of a file that share what stands before the path.
    Base(FileId, String),
    /// The requests of a folder, or of the folders in it, that go through what has the
    /// same name.
    Near(String, String),
    /// The table of routes of a file.
    Routes(FileId),
}

/// The paths of each group.
#[derive(Debug, Default)]
pub(super) struct Company {
    groups: BTreeMap<Group, Paths>,
}

/// The paths of one group.
#[derive(Debug, Default)]
struct Paths {
    /// Those of the API.
    known: BTreeSet<String>,
    /// What the API itself writes in them.
    words: BTreeSet<String>,
    strange: BTreeSet<String>,
}

impl Company {
    /// Takes note of a path, and of what the API has for it. One without a word tells nothing.
    pub(super) fn add(&mut self, groups: Vec<Group>, url: &Url, known: Option<&PathTemplate>) {
        let words = url.segments.iter().filter_map(Segment::text);
        // What begins with something unknown may be the API's all the same.
        let is_told = known.is_some() || url.segments.first().is_some_and(|first| first.text().is_some());
        if words.map(weight).sum::<usize>() == 0 || !is_told {
            return;
        }
        let path = url.segments.iter().map(Segment::shape).collect::<Vec<_>>().join("/");
        for group in groups {
            let paths = self.groups.entry(group).or_default();
            match known {
                Some(template) => {
                    paths.known.insert(path.clone());
                    let words = segments_of(template.as_str());
                    let words = words.filter(|word| weight(word) > 0 && !word.starts_with('{'));
                    paths.words.extend(words.map(str::to_owned));
                }
                None => {
                    paths.strange.insert(path.clone());
                }
            }
        }
    }

    /// Whether hardly anything is of the API in the first of some groups that is large
    /// enough to tell. Paths of one thing (`/users`, `/users/{id}/followers`), which many APIs
    /// have, do not tell that a group is the API's.
    pub(super) fn is_strange(&self, groups: &[Group]) -> bool {
        for Paths { known, words, strange } in groups.iter().filter_map(|group| self.groups.get(group)) {
            let strange = strange.difference(known).count();
            if strange >= MANY && strange >= TIMES * known.len() {
                return true;
            }
            if strange + known.len() >= MANY && words.len() >= SEVERAL {
                return false;
            }
        }
        false
    }
}

/// A folder without the versions in its name: what asks for one version of an API is of one
/// client with what asks for another, `dns/v1/requests` with `dns/v2/requests`.
pub(super) fn unversioned(folder: &str) -> String {
    let named: Vec<&str> = folder.split('/').filter(|name| !is_version(name)).collect();
    named.join("/")
}

/// Whether a name is that of a version: `v2`, `v1beta1`, `v2.0`.
pub(super) fn is_version(name: &str) -> bool {
    name.strip_prefix('v')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.len() < 10)
}

/// Whether a URL says more than a path that several APIs have: a version, or where
/// the API begins.
pub(super) fn says_its_beginning(url: &Url) -> bool {
    url.segments.iter().filter_map(Segment::text).any(|text| weight(text) == 0)
}
