//! Files that ask nothing themselves and read what another file is answered, or put together
//! what it sends: `for issue in client.issues(): print(issue["title"])`.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::askers::Look;
use super::project::{Lowered, MAX_HELPER, lower};

/// Bytes read of such files, and per byte of the files that ask.
const FREE_BUDGET: usize = 64 << 10;
const BUDGET_FACTOR: usize = 4;
const MAX_BUDGET: usize = 512 << 10;
/// Bytes looked through for them.
const LOOKED_THROUGH: usize = 2 << 20;
/// Files that hand on what they are answered, one after the other.
const MAX_HANDS: usize = 2;
/// Imports that are followed from a file that reads: models and the like.
const MAX_DISTANCE: usize = 3;

impl Look<'_> {
    /// Adds to the files of a scan those that use the ones with calls of paths that hardly another
    /// API has (`strong`), and what these need in turn, and says which they are. They are no part of the search: a call that is made there
    /// has a path of its own.
    pub(super) fn readers(
        &self,
        files: &mut BTreeMap<usize, Lowered>,
        parked: &mut BTreeMap<usize, Lowered>,
        strong: &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        let before: BTreeSet<usize> = files.keys().copied().collect();
        let hands_out = |file: &Lowered| file.unit.functions.iter().skip(1).any(|function| !function.inline);
        // A file without a path that hardly another API has mostly asks another one.
        let asks =
            |id: usize, file: &Lowered| file.searched && strong.contains(&id) && !self.about[id].in_test;
        let asking = files.iter().filter(|(id, file)| asks(**id, file));
        let mut giving: BTreeSet<usize> =
            asking.clone().filter(|(_, file)| hands_out(file)).map(|(id, _)| *id).collect();
        let bytes: usize = asking.map(|(_, file)| file.text.len()).sum();
        let mut budget = bytes.saturating_mul(BUDGET_FACTOR).saturating_add(FREE_BUDGET).min(MAX_BUDGET);
        let mut rest = LOOKED_THROUGH;
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for _ in 0..MAX_HANDS {
            if giving.is_empty() || rest == 0 {
                break;
            }
            let mut users: BTreeSet<usize> = BTreeSet::new();
            for (id, file) in files.iter_mut() {
                let uses = !file.searched && file.needs().any(|other| giving.contains(&other));
                if uses && !file.reads && !self.about[*id].in_test {
                    file.reads = true;
                    users.insert(*id);
                }
            }
            for (id, file) in self.parked_users(parked, &giving) {
                wanted.extend(file.needs());
                users.insert(id);
                files.insert(id, Lowered { reads: true, ..file });
            }
            let texts = self.naming(&giving, files, &mut rest);
            let texts = texts.into_iter().filter(|(id, ..)| !self.about[*id].in_test);
            let affordable = texts.filter(|(_, _, text)| take(&mut budget, text.len())).collect::<Vec<_>>();
            let read: Vec<(usize, Lowered)> = affordable
                .into_par_iter()
                .filter_map(|(id, language, text)| {
                    let lowered = lower(self.modules, id, language, text, false).ok()?;
                    let uses = lowered.needs().any(|other| giving.contains(&other));
                    uses.then_some((id, lowered))
                })
                .collect();
            for (id, file) in read {
                wanted.extend(file.needs());
                users.insert(id);
                files.insert(id, Lowered { reads: true, ..file });
            }
            giving = users;
        }
        for (id, file) in files.iter_mut().filter(|(id, file)| asks(**id, file) || file.reads) {
            let known: BTreeSet<usize> = file.needs().collect();
            let beside = self.modules.beside(*id).filter(|other| !known.contains(other));
            file.mates.extend(beside.filter(|other| !self.about[*other].in_test));
            wanted.extend(&file.mates);
        }
        self.models(files, parked, wanted, &mut budget);
        let added: BTreeSet<usize> = files.keys().filter(|id| !before.contains(id)).copied().collect();
        files.iter_mut().filter(|(id, _)| added.contains(id)).for_each(|(_, file)| file.added = true);
        added
    }

    /// Of the files whose words stood in comments only, those that use some others.
    fn parked_users(
        &self,
        parked: &mut BTreeMap<usize, Lowered>,
        giving: &BTreeSet<usize>,
    ) -> Vec<(usize, Lowered)> {
        let uses = |id: usize, file: &Lowered| {
            !self.about[id].in_test && file.needs().any(|other| giving.contains(&other))
        };
        let ids: Vec<usize> =
            parked.iter().filter(|(id, file)| uses(**id, file)).map(|(id, _)| *id).collect();
        ids.into_iter().filter_map(|id| parked.remove(&id).map(|file| (id, file))).collect()
    }

    /// Reads what files need, and what these need, as far as a budget goes.
    fn models(
        &self,
        files: &mut BTreeMap<usize, Lowered>,
        parked: &mut BTreeMap<usize, Lowered>,
        mut wanted: BTreeSet<usize>,
        budget: &mut usize,
    ) {
        for _ in 0..MAX_DISTANCE {
            wanted.retain(|id| !files.contains_key(id) && !self.about[*id].in_test);
            let mut texts = Vec::new();
            let mut next: BTreeSet<usize> = BTreeSet::new();
            for id in std::mem::take(&mut wanted) {
                if let Some(file) = parked.remove(&id) {
                    next.extend(file.needs());
                    files.insert(id, file);
                    continue;
                }
                let (true, Some(language)) = (self.about[id].helps, self.about[id].language) else {
                    continue;
                };
                let Some(text) = self.reader.read(id).filter(|text| text.len() <= MAX_HELPER) else {
                    continue;
                };
                if take(budget, text.len()) {
                    texts.push((id, language, text));
                }
            }
            let read: Vec<(usize, Lowered)> = texts
                .into_par_iter()
                .filter_map(|(id, language, text)| {
                    Some((id, lower(self.modules, id, language, text, false).ok()?))
                })
                .collect();
            for (id, file) in read {
                next.extend(file.needs());
                files.insert(id, file);
            }
            if next.is_empty() {
                break;
            }
            wanted = next;
        }
    }
}

/// Takes some bytes of a budget, if it has them.
fn take(budget: &mut usize, bytes: usize) -> bool {
    let fits = bytes <= *budget;
    if fits {
        *budget -= bytes;
    }
    fits
}
