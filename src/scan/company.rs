//! The company that a path keeps. APIs share paths (`/users`, `/projects/{id}`):
//! where one client asks for many paths and hardly any of them is the API's, it
//! is another API's client.

use std::collections::{BTreeMap, BTreeSet};

use super::link::FileId;
use super::paths::weight;
use super::url::{Segment, Url};

/// Strange paths that make strange company.
const MANY: usize = 8;
/// How many times as many they must be as those of the API.
const TIMES: usize = 4;

/// What goes to one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The requests that one request of a library makes in the end.
    Root(usize),
    /// The requests of a file that share what stands before the path.
    Base(FileId, String),
    /// The table of routes of a file.
    Routes(FileId),
}

/// The paths of each group, those of the API and others.
#[derive(Debug, Default)]
pub(super) struct Company {
    groups: BTreeMap<Group, [BTreeSet<String>; 2]>,
}

impl Company {
    /// Takes note of a path. One without a word tells nothing.
    pub(super) fn add(&mut self, group: Option<Group>, url: &Url, is_known: bool) {
        let words = url.segments.iter().filter_map(Segment::text);
        if let Some(group) = group
            && words.map(weight).sum::<usize>() > 0
        {
            let path: Vec<&str> = url.segments.iter().map(Segment::shape).collect();
            self.groups.entry(group).or_default()[usize::from(is_known)].insert(path.join("/"));
        }
    }

    /// The groups of which hardly anything is of the API.
    pub(super) fn strange(self) -> BTreeSet<Group> {
        let is_strange = |[strange, known]: &[BTreeSet<String>; 2]| {
            let strange = strange.difference(known).count();
            strange >= MANY && strange >= TIMES * known.len()
        };
        self.groups.into_iter().filter(|(_, paths)| is_strange(paths)).map(|(group, _)| group).collect()
    }
}

/// Whether a URL says more than a path that several APIs have: a version, or where
/// the API begins.
pub(super) fn says_its_beginning(url: &Url) -> bool {
    url.segments.iter().filter_map(Segment::text).any(|text| weight(text) == 0)
}
