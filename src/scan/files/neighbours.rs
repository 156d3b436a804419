//! A second look at calls that nothing but a path speaks for that several APIs may
//! have (`projects/{id}/members`). The files beside them ask for other paths through
//! the same helper, and hold no word of this API: nobody has read them yet. What
//! they ask for is the company of those calls, see [`crate::scan::company`].

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::modules::{Modules, split};
use super::project::{About, Lowered, Ran, Reader, lower, related, run};
use crate::document::Method;
use crate::scan::call::{Call, Confidence, Standing, Target};
use crate::scan::judge::api::Api;
use crate::scan::judge::paths::is_version;
use crate::scan::judge::sdk::Pinned;

/// Files that are read beside those of a program.
const MAX_NEIGHBOURS: usize = 48;
/// Bytes of a program with its neighbours.
const MAX_BYTES: usize = 2 << 20;
/// Programs that are looked at again, the largest first.
const MAX_LOOKS: usize = 64;

/// A program that was scanned: its files, whether each was searched, and what was
/// found in them.
pub(super) struct Scanned {
    pub(super) members: Vec<(usize, bool)>,
    pub(super) ran: Ran,
}

impl Scanned {
    /// The files that hold such a call.
    fn doubtful(&self) -> BTreeSet<usize> {
        let holds = self.ran.iter().filter(|(_, scan, _)| scan.calls.iter().any(is_doubtful));
        holds.map(|(id, ..)| *id).collect()
    }
}

fn is_doubtful(call: &Call) -> bool {
    call.standing == Standing::Open && call.confidence > Confidence::Low
}

/// The files of each folder that may be read and are no test code.
type Folders<'a> = BTreeMap<&'a str, Vec<usize>>;

/// A file, a place in it, and a method.
type Place = (usize, usize, usize, Option<Method>);

fn place(file: usize, call: &Call) -> Place {
    (file, call.span.start, call.span.end, call.method.clone())
}

/// The files of a scan, as neighbours of one another.
pub(super) struct Neighbourhood<'a> {
    pub(super) api: &'a Api,
    pub(super) modules: &'a Modules<'a>,
    pub(super) about: &'a [About<'a>],
    pub(super) reader: &'a dyn Reader,
}

impl Neighbourhood<'_> {
    /// Makes calls less sure that keep strange company.
    pub(super) fn look(&self, scanned: &mut [Scanned]) {
        let doubtful = scanned.iter_mut().filter_map(|program| {
            let files = program.doubtful();
            (!files.is_empty()).then_some((program, files))
        });
        let doubtful: Vec<(&mut Scanned, BTreeSet<usize>)> = doubtful.take(MAX_LOOKS).collect();
        if doubtful.is_empty() {
            return;
        }
        let mut folders: Folders<'_> = BTreeMap::new();
        for (id, about) in self.about.iter().enumerate().filter(|(_, about)| about.helps && !about.in_test) {
            folders.entry(split(about.name).0).or_default().push(id);
        }
        doubtful.into_par_iter().for_each(|(program, files)| {
            let Some(beside) = self.beside(&folders, &program.members, &files) else { return };
            for (id, scan, _) in &mut program.ran {
                for call in scan.calls.iter_mut().filter(|call| is_doubtful(call)) {
                    // A path with a method that the API lacks is no call in strange company.
                    let lacks = matches!(call.target, Target::MethodUnknown { .. });
                    match beside.get(&place(*id, call)) {
                        Some(Standing::Strange) => call.confidence = Confidence::Low,
                        None if lacks => call.confidence = Confidence::Low,
                        _ => {}
                    }
                }
            }
        });
    }

    /// How the calls of a program stand beside their neighbours. None if there is nothing
    /// beside it.
    fn beside(
        &self,
        folders: &Folders<'_>,
        members: &[(usize, bool)],
        doubtful: &BTreeSet<usize>,
    ) -> Option<BTreeMap<Place, Standing>> {
        let searched: BTreeSet<usize> =
            members.iter().filter(|(_, searched)| *searched).map(|(id, _)| *id).collect();
        let near = doubtful.iter().flat_map(|id| self.of_folder(folders, *id));
        let far = doubtful.iter().flat_map(|id| self.of_folders_beside(folders, *id));
        let mut neighbours: BTreeSet<usize> = BTreeSet::new();
        for id in near.chain(far).filter(|id| !searched.contains(id)) {
            if neighbours.len() >= MAX_NEIGHBOURS {
                break;
            }
            neighbours.insert(id);
        }
        if neighbours.is_empty() {
            return None;
        }
        let mut left = MAX_BYTES;
        let mut read = |id: usize| {
            let text = self.reader.read(id).filter(|text| text.len() <= left)?;
            left -= text.len();
            let searched = searched.contains(&id) || neighbours.contains(&id);
            Some((id, lower(self.modules, id, self.about[id].language?, text, searched).ok()?))
        };
        let known = members.iter().map(|(id, _)| read(*id)).collect::<Option<Vec<_>>>()?;
        let mut files: BTreeMap<usize, Lowered> = known.into_iter().collect();
        let new: Vec<usize> = neighbours.iter().copied().filter(|id| !files.contains_key(id)).collect();
        files.extend(new.into_iter().filter_map(read));
        let group: Vec<(usize, Lowered)> = files.into_iter().collect();

        let ran = run(self.api, group, &Pinned::new(), self.reader, self.about);
        let mut standings: BTreeMap<Place, Standing> = BTreeMap::new();
        for (id, scan, _) in ran {
            for call in &scan.calls {
                let known = standings.entry(place(id, call)).or_insert(call.standing);
                if call.standing == Standing::Strange {
                    *known = Standing::Strange;
                }
            }
        }
        Some(standings)
    }

    /// The files of its folder.
    fn of_folder<'f>(&'f self, folders: &'f Folders<'_>, id: usize) -> impl Iterator<Item = usize> + 'f {
        let files = folders.get(split(self.about[id].name).0).into_iter().flatten().copied();
        files.filter(move |other| self.is_alike(id, *other))
    }

    /// The files of the folders beside its folder, and of those in them.
    fn of_folders_beside<'f>(
        &'f self,
        folders: &'f Folders<'_>,
        id: usize,
    ) -> impl Iterator<Item = usize> + 'f {
        let above = split(split(self.about[id].name).0).0;
        // The other versions of what is asked for are beside it too.
        let (outer, last) = split(above);
        let above = if is_version(last) { outer } else { above };
        let inside = move |folder: &str| folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
        let beside = folders.range(above..).skip_while(move |(folder, _)| **folder == above);
        let beside = beside.take_while(move |(folder, _)| !above.is_empty() && folder.starts_with(above));
        let files = beside.filter(move |(folder, _)| inside(folder)).flat_map(|(_, files)| files).copied();
        files.filter(move |other| self.is_alike(id, *other))
    }

    /// Whether one file is written in a language of another one.
    fn is_alike(&self, one: usize, other: usize) -> bool {
        let support = |id: usize| self.about[id].language.and_then(|language| language.support());
        support(one).zip(support(other)).is_some_and(|(a, b)| related(a, b))
    }
}
