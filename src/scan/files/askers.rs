//! Files that hold no path and take one from a file that does:
//! `client.get(paths.USERS)`.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::mentions::Mentions;
use super::modules::{Modules, split};
use super::project::{About, Lowered, Reader, lower, related};
use crate::scan::form::{Import, Imported};
use crate::scan::language::{Language, Support};

/// Bytes read of files that hold no path, to see whether they take one from a
/// file that does.
const LOOKED_THROUGH: usize = 16 << 20;
/// Files that are looked through at the same time.
const LOOKED_AT_ONCE: usize = 256;
/// Files that hand on what they take from others, one after the other.
const MAX_HANDS: usize = 3;

/// A file that was looked through: how long it is, and its text if it may name what is asked for.
struct Looked {
    length: usize,
    named: Option<(usize, Language, String)>,
}

/// A look for files that use what others give.
pub(super) struct Look<'l> {
    pub(super) modules: &'l Modules<'l>,
    pub(super) about: &'l [About<'l>],
    pub(super) reader: &'l dyn Reader,
    /// The files that were read already.
    pub(crate) asked: &'l BTreeSet<usize>,
}

impl Look<'_> {
    /// Files without a path in them that take one from the files that give some,
    /// and those that take it from them. The nearest files are looked through
    /// first, as far as the limits go. `reaching` are those of them that name the API's host: what is
    /// made with these is a client, of which others may ask for words that say nothing alone.
    pub(super) fn askers(
        &self,
        mut giving: BTreeSet<usize>,
        mut reaching: BTreeSet<usize>,
        budget: &mut usize,
    ) -> BTreeMap<usize, Lowered> {
        let mut found: BTreeMap<usize, Lowered> = BTreeMap::new();
        let mut rest = LOOKED_THROUGH;
        for _ in 0..MAX_HANDS {
            if giving.is_empty() {
                break;
            }
            let texts = self.naming(&giving, &found, &mut rest);
            let mut read = Vec::new();
            for (id, language, text) in texts {
                if text.len() <= *budget {
                    *budget -= text.len();
                    read.push((id, language, text));
                }
            }
            let lowered: Vec<(usize, Lowered)> = read
                .into_par_iter()
                .filter_map(|(id, language, text)| {
                    let lowered = lower(self.modules, id, language, text, true).ok()?;
                    let asks = lowered.needs().any(|other| giving.contains(&other));
                    asks.then_some((id, lowered))
                })
                .collect();
            // What only hands on is looked for in turn, and what is built upon.
            let given: BTreeSet<String> =
                giving.iter().flat_map(|id| self.modules.calling_words(*id)).collect();
            let hands_on = |file: &Lowered| {
                let mut bases = file.unit.classes.iter().flat_map(|class| &class.bases);
                bases.any(|base| given.contains(&**base))
                    || file.unit.imports.iter().any(|import| import.what == Imported::All)
                    || file.unit.functions.iter().skip(1).all(|function| function.body.is_empty())
            };
            let reaches = |file: &Lowered| file.needs().any(|other| reaching.contains(&other));
            let clients: BTreeSet<usize> =
                lowered.iter().filter(|(_, file)| reaches(file)).map(|(id, _)| *id).collect();
            giving = lowered.iter().filter(|(_, file)| hands_on(file)).map(|(id, _)| *id).collect();
            giving.extend(&clients);
            reaching = clients;
            found.extend(lowered);
        }
        found
    }

    /// The texts of files that may name one of those that give something.
    pub(super) fn naming(
        &self,
        giving: &BTreeSet<usize>,
        found: &BTreeMap<usize, Lowered>,
        rest: &mut usize,
    ) -> Vec<(usize, Language, String)> {
        let folders: BTreeSet<&str> = giving.iter().flat_map(|id| self.modules.folders(*id)).collect();
        let mut words: BTreeMap<Language, BTreeSet<String>> = BTreeMap::new();
        for id in giving {
            if let Some(language) = self.about[*id].language {
                let words = words.entry(language).or_default();
                words.extend(self.modules.calling_words(*id));
                // A class need not be called like its file.
                if matches!(language, Language::CSharp | Language::Kotlin)
                    && let Some(text) = self.reader.read(*id)
                {
                    words.extend(declared(&text));
                }
            }
        }
        let mentions: Vec<(&Support, Option<Mentions>)> = words
            .iter()
            .filter_map(|(language, words)| Some((language.support()?, Mentions::of(words))))
            .collect();
        // Files of one package name nothing to use what another of them gives.
        let packages: BTreeSet<&str> = giving
            .iter()
            .filter(|id| self.about[**id].language == Some(Language::Go))
            .map(|id| split(self.about[*id].name).0)
            .collect();
        let is_mate = |id: usize| {
            let About { name, language, .. } = self.about[id];
            language == Some(Language::Go) && packages.contains(split(name).0)
        };
        let mut candidates: Vec<(std::cmp::Reverse<usize>, usize)> = Vec::new();
        for (id, about) in self.about.iter().enumerate() {
            let speaks = about.language.and_then(Language::support);
            let related =
                speaks.is_some_and(|support| mentions.iter().any(|(other, _)| related(support, other)));
            if about.helps && related && !self.asked.contains(&id) && !found.contains_key(&id) {
                candidates.push((std::cmp::Reverse(self.modules.nearness(id, &folders)), id));
            }
        }
        candidates.sort_unstable();
        let mut out = Vec::new();
        for chunk in candidates.chunks(LOOKED_AT_ONCE) {
            let read: Vec<Looked> = chunk
                .par_iter()
                .filter_map(|(_, id)| {
                    let language = self.about[*id].language?;
                    let support = language.support()?;
                    let text = self.reader.read(*id)?;
                    let means = |import: &Import| {
                        let found = self.modules.resolve(*id, import, support.dialect.naming());
                        found.files.iter().chain(&found.modules).any(|file| giving.contains(file))
                    };
                    let words = mentions.iter().filter(|(other, _)| related(support, other));
                    let mut words = words.filter_map(|(_, words)| words.as_ref());
                    let names = is_mate(*id) || words.any(|words| words.stand_in(&text, language, &means));
                    Some(Looked { length: text.len(), named: names.then_some((*id, language, text)) })
                })
                .collect();
            for Looked { length, named } in read {
                *rest = rest.saturating_sub(length);
                out.extend(named);
            }
            if *rest == 0 {
                break;
            }
        }
        out
    }
}

/// The classes that a file of C# or Kotlin defines, as far as a look at the text tells.
fn declared(text: &str) -> Vec<String> {
    const MAX_DECLARED: usize = 40;
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    let mut out = Vec::new();
    while let Some(word) = words.next() {
        if matches!(word, "class" | "object" | "struct" | "record" | "interface")
            && let Some(name) = words.next()
            && name.len() > 2
            && name.starts_with(char::is_uppercase)
            && out.len() < MAX_DECLARED
        {
            out.push(name.to_owned());
        }
    }
    out
}
