//! The company that a path keeps. APIs share paths (`/users`, `/projects/{id}`):
//! where one client asks for many paths and hardly any of them is the API's, it
//! is another API's client.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{is_version, weight, words_of};
use crate::document::PathTemplate;
use crate::scan::link::FileId;
use crate::scan::value::url::{Segment, Url};

/// Strange paths that make strange company.
const MANY: usize = 8;
/// How many times as many they must be as those of the API.
const TIMES: usize = 4;
/// Words of the API's paths, or such paths, that hardly two APIs share.
pub(super) const SEVERAL: usize = 3;

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

/// The paths of each group that begin alike: with `api/v1`, or with no such thing.
#[derive(Debug, Default)]
pub(super) struct Company {
    groups: BTreeMap<(Group, String), Paths>,
}

/// The paths of one group.
#[derive(Debug, Default)]
struct Paths {
    /// Those of the API.
    known: BTreeSet<String>,
    /// What the API itself writes in them.
    words: BTreeSet<String>,
    /// What they begin with, be it one or many: `user` for `/user/keys` and `/users`.
    things: BTreeSet<String>,
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
        let begin = beginning(url);
        for group in groups {
            let paths = self.groups.entry((group, begin.clone())).or_default();
            match known {
                Some(template) => {
                    paths.known.insert(path.clone());
                    paths.words.extend(words_of(template.as_str()).map(str::to_owned));
                    let thing = words_of(template.as_str()).next();
                    paths.things.extend(thing.map(|thing| thing.trim_end_matches('s').to_owned()));
                }
                None => {
                    paths.strange.insert(path.clone());
                }
            }
        }
    }

    /// What each group says that is large enough to tell.
    pub(super) fn verdicts(self) -> Verdicts {
        let told = self.groups.into_iter().filter_map(|(group, paths)| Some((group, paths.is_strange()?)));
        Verdicts(told.collect())
    }
}

impl Paths {
    /// Whether hardly anything is of the API; none if there is too little to tell, or of both
    /// much: a wider group says more. Paths of one thing (`/users`, `/users/{id}/followers`),
    /// which many APIs have, do not tell that a group is the API's.
    fn is_strange(&self) -> Option<bool> {
        let known = self.known.len();
        let strange = self.strange.difference(&self.known).count();
        let own = self.words.len() >= SEVERAL && (known >= TIMES * strange || self.things.len() >= SEVERAL);
        match () {
            () if strange >= MANY && strange >= TIMES * known => Some(true),
            () if strange + known >= MANY && own => Some(false),
            () => None,
        }
    }
}

/// Whether each group that tells is strange.
#[derive(Debug, Default)]
pub(super) struct Verdicts(BTreeMap<(Group, String), bool>);

impl Verdicts {
    /// Whether the first of some groups that tells of paths that begin like a URL is strange.
    pub(super) fn is_strange(&self, groups: Vec<Group>, url: &Url) -> bool {
        let begin = beginning(url);
        let told = groups.into_iter().find_map(|group| self.0.get(&(group, begin.clone())));
        told.is_some_and(|strange| *strange)
    }
}

/// A folder without the versions in its name: what asks for one version of an API is of one
/// client with what asks for another, `dns/v1/requests` with `dns/v2/requests`.
pub(super) fn unversioned(folder: &str) -> String {
    let named: Vec<&str> = folder.split('/').filter(|name| !is_version(name)).collect();
    named.join("/")
}

/// What stands before the first word of a path: `api/v1`. A product may have versions of its
/// own beside a path of the API, and two products the same ones.
fn beginning(url: &Url) -> String {
    let segments = url.segments.iter().map_while(Segment::text).take_while(|text| weight(text) == 0);
    segments.collect::<Vec<_>>().join("/")
}

/// Whether a URL says more than a path that several APIs have: a version, or where
/// the API begins.
pub(super) fn says_its_beginning(url: &Url) -> bool {
    url.segments.iter().filter_map(Segment::text).any(|text| weight(text) == 0)
}
