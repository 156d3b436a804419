//! Files that ask nothing themselves and read what another file is answered, or put together
//! what it sends: `for issue in client.issues(): print(issue["title"])`.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::askers::Look;
use super::neighbours::Scanned;
use super::project::{Lowered, MAX_HELPER, Ran, evaluated, lower, programs};
use super::walk::TextScan;
use crate::scan::call::{Call, Confidence};
use crate::scan::judge::api::Api;

/// Bytes read of such files, and per byte of the files that ask.
const FREE_BUDGET: usize = 128 << 10;
const BUDGET_FACTOR: usize = 8;
const MAX_BUDGET: usize = 2 << 20;
/// Bytes looked through for them.
const LOOKED_THROUGH: usize = 8 << 20;
/// Files that hand on what they are answered, one after the other.
const MAX_HANDS: usize = 2;
/// Imports that are followed from a file that reads: models and the like.
const MAX_DISTANCE: usize = 3;

impl Look<'_> {
    /// Adds to calls the fields that files without calls read of their answers, or put together of
    /// what they send. The programs with calls are evaluated once more with such files, for the fields
    /// alone: which calls there are, and where, is told without them.
    pub(super) fn complete(&self, api: &Api, scanned: &mut Vec<Scanned>) {
        let calls = |(id, scan, _): &(usize, TextScan, String)| {
            let sure = scan.calls.iter().any(|call| call.confidence > Confidence::Low);
            (sure && !self.about[*id].in_test).then_some(*id)
        };
        let asking: BTreeSet<usize> =
            scanned.iter().flat_map(|program| program.ran.iter().filter_map(calls)).collect();
        let again =
            scanned.par_iter().filter(|program| program.members.iter().any(|(id, _)| asking.contains(id)));
        let mut files: BTreeMap<usize, Lowered> =
            again.flat_map_iter(|program| self.lowered_again(program)).collect();
        let before: BTreeMap<usize, usize> = files.iter().map(|(id, file)| (*id, file.mates.len())).collect();
        self.readers(&mut files, &asking);
        let mut programs = programs(files);
        let more = |(id, file): &(usize, Lowered)| {
            file.reads || before.get(id).is_none_or(|mates| *mates < file.mates.len())
        };
        programs.retain(|program| program.iter().any(more));
        let ran: Vec<Ran> = programs
            .into_par_iter()
            .with_max_len(1)
            .map(|program| evaluated(api, program, self.reader, self.about))
            .collect();
        let mut known: BTreeMap<usize, &mut TextScan> = BTreeMap::new();
        for (id, scan, _) in scanned.iter_mut().flat_map(|program| &mut program.ran) {
            known.insert(*id, scan);
        }
        let mut readers: Ran = Vec::new();
        for (id, scan, text) in ran.into_iter().flatten() {
            match known.get_mut(&id) {
                Some(known) => add_fields(&mut known.calls, &scan.calls),
                // Its text is needed for the places in it.
                None => readers.push((id, TextScan::default(), text)),
            }
        }
        scanned.push(Scanned { members: Vec::new(), ran: readers });
    }

    /// The files of a program as they were before it was evaluated.
    fn lowered_again(&self, program: &Scanned) -> Vec<(usize, Lowered)> {
        let lowered = |(id, searched): &(usize, bool)| {
            let text = program.ran.iter().find(|(known, ..)| known == id).map(|(_, _, text)| text.clone());
            let text = text.or_else(|| self.reader.read(*id))?;
            let language = self.about[*id].language?;
            Some((*id, lower(self.modules, *id, language, text, *searched).ok()?))
        };
        program.members.iter().filter_map(lowered).collect()
    }

    /// Adds to files those that use the ones with calls (`asking`), and what these need in turn. They
    /// are no part of the search: a call that is made there has a path of its own.
    fn readers(&self, files: &mut BTreeMap<usize, Lowered>, asking: &BTreeSet<usize>) {
        let before: BTreeSet<usize> = files.keys().copied().collect();
        let hands_out = |file: &Lowered| file.unit.functions.iter().skip(1).any(|function| !function.inline);
        let asks = || files.iter().filter(|(id, _)| asking.contains(id));
        let mut giving: BTreeSet<usize> =
            asks().filter(|(_, file)| hands_out(file)).map(|(id, _)| *id).collect();
        let bytes: usize = asks().map(|(_, file)| file.text.len()).sum();
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
        for (id, file) in files.iter_mut().filter(|(id, file)| asking.contains(id) || file.reads) {
            let known: BTreeSet<usize> = file.needs().collect();
            let beside = self.modules.beside(*id).filter(|other| !known.contains(other));
            file.mates.extend(beside.filter(|other| !self.about[*other].in_test));
            wanted.extend(&file.mates);
        }
        self.models(files, wanted, &mut budget);
        files.iter_mut().for_each(|(id, file)| file.added = !before.contains(id));
    }

    /// Reads what files need, and what these need, as far as a budget goes.
    fn models(&self, files: &mut BTreeMap<usize, Lowered>, mut wanted: BTreeSet<usize>, budget: &mut usize) {
        for _ in 0..MAX_DISTANCE {
            wanted.retain(|id| !files.contains_key(id) && !self.about[*id].in_test);
            let mut texts = Vec::new();
            let mut next: BTreeSet<usize> = BTreeSet::new();
            for id in std::mem::take(&mut wanted) {
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

/// Adds the fields of the same calls of another evaluation.
fn add_fields(calls: &mut [Call], others: &[Call]) {
    for call in calls {
        let same = |other: &&Call| {
            (&other.span, &other.method, &other.target) == (&call.span, &call.method, &call.target)
        };
        let Some(other) = others.iter().find(same) else { continue };
        let fields = other.fields.iter().filter(|field| !call.fields.contains(field)).cloned();
        call.fields.extend(fields.collect::<Vec<_>>());
        let objects = other.objects.iter().filter(|object| !call.objects.contains(object)).cloned();
        call.objects.extend(objects.collect::<Vec<_>>());
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
