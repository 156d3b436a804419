//! Several files together: which files are needed to understand those that may
//! hold a call, and which belong into one program.
//!
//! The prefilter names the files that may hold a call. What they import is
//! looked up among the files of the scan and read on demand, further and
//! further, as long as it can matter and within a budget that grows with the
//! files that may hold a call. Files that need one another are linked and
//! evaluated together, different programs in parallel.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;

use super::askers::Look;
use super::modules::{Found, Modules, split};
use super::neighbours::{Neighbourhood, Scanned};
use super::own_routes::OwnRoutes;
use super::walk::{SPEAKS, TextScan};
use crate::scan::call::{Call, SkipReason};
use crate::scan::evaluate::evaluate;
use crate::scan::fields::client_answers::{self, ClientCalls};
use crate::scan::form::{Imported, Span, Unit};
use crate::scan::judge::api::Api;
use crate::scan::judge::decide;
use crate::scan::judge::sdk::{self, Pinned};
use crate::scan::judge::weigh;
use crate::scan::kept;
use crate::scan::language::{Language, Support, said_types};
use crate::scan::lines::Lines;
use crate::scan::link::{self, Bound, MAX_PROGRAM, Part, Program};
use crate::scan::naming::Naming;
use crate::scan::objects::captured;
use crate::scan::requests::request::Dialect;

/// Imports that are followed from a file that may hold a call.
const MAX_DISTANCE: usize = 8;
/// Bytes read of files that only help to understand others with a path that hardly
/// another API has, in all scans.
const FREE_BUDGET: usize = 1 << 20;
/// The same for all others.
const WEAK_BUDGET: usize = 1 << 18;
/// Further such bytes per byte of files with such a path.
const BUDGET_FACTOR: usize = 2;
/// Larger files are data rather than helpers.
pub(super) const MAX_HELPER: usize = 512 << 10;

/// A file of a scan.
pub(super) struct Input<'a> {
    pub name: &'a str,
    /// The name from where the scan began, if that is an absolute path: what the folders
    /// above are called is chance.
    pub inside: &'a str,
    pub language: Option<Language>,
    pub in_test: bool,
    /// The text, if the file may hold a call.
    pub text: Option<String>,
    /// Hardly another API has the path that stands there.
    pub strong: bool,
    /// Whether it may be read to understand others.
    pub helps: bool,
}

/// How files that are needed are read.
pub(crate) trait Reader: Sync {
    /// The text of a file that may help: none if it is too large or no text.
    fn read(&self, file: usize) -> Option<String>;
    /// The release whose client is pinned for a file, by package.
    fn pinned(&self, file: usize) -> Pinned;
    /// What the package is called that a file belongs to.
    fn package(&self, file: usize) -> Option<String>;
    /// The name that the `go.mod` or the `Cargo.toml` in a folder gives to what is in it.
    fn manifest(&self, folder: &str, language: Language) -> Option<String>;
    /// The namespaces that the `composer.json` of a folder has, and where below it they stand.
    fn namespaces(&self, folder: &str) -> Vec<(String, String)>;
}

/// A file as a unit.
pub(crate) struct Lowered {
    pub text: String,
    pub unit: Unit,
    pub support: &'static Support,
    pub searched: bool,
    /// It is no part of the search and uses what is: its functions are evaluated for the fields
    /// that they read and send.
    pub reads: bool,
    /// It is there for the fields alone.
    pub added: bool,
    pub found: Vec<Found>,
    pub mates: Vec<usize>,
}

impl Lowered {
    /// The files that it imports or belongs to.
    pub(super) fn needs(&self) -> impl Iterator<Item = usize> {
        let found = self.found.iter().flat_map(|found| found.files.iter().chain(&found.modules));
        found.chain(&self.mates).copied()
    }
}

/// Whether a file can contain a call, now that it is parsed. Where it could not
/// be, its bytes decide.
fn may_call(api: &Api, file: &Lowered) -> bool {
    let hidden = file.unit.errors.iter().chain(&file.unit.too_deep);
    let ground = file.support.language.ground();
    let mut hidden = hidden.map(|part| part.start as usize..part.end as usize);
    api.may_call(&file.unit) || hidden.any(|part| api.occurs_in(file.text.as_bytes(), part, ground))
}

/// Whether a file that others need asks for a path with the client that they hand it, though
/// it says nothing of HTTP itself: `class Tags(Resource): path = "tags"`.
fn is_resource(api: &Api, file: &Lowered) -> bool {
    let builds_upon = || file.unit.classes.iter().any(|class| !class.bases.is_empty());
    let speaks = || api.has_word(file.text.as_bytes(), file.support.language.ground());
    api.may_call(&file.unit) && (speaks() || builds_upon() && api.may_give(&file.unit))
}

/// Whether others may ask a client of the file for paths that are names.
fn names_paths(api: &Api, file: &Lowered) -> bool {
    api.names_paths(file.text.as_bytes(), file.support.language.ground())
}

/// Scans the files that have a text, in the light of the others. The results
/// stand in the order of the inputs, with the texts.
pub(super) fn scan(
    api: &Api,
    inputs: Vec<Input<'_>>,
    reader: &dyn Reader,
) -> Vec<(TextScan, Option<String>)> {
    let mut out: Vec<(TextScan, Option<String>)> = Vec::new();
    out.resize_with(inputs.len(), Default::default);
    let names = inputs
        .iter()
        .map(|input| (input.name, input.language.filter(|_| input.helps || input.text.is_some())));
    let mut modules = Modules::new(names, |folder, language| reader.manifest(folder, language));
    modules.read_macros(|file| reader.read(file));
    modules.read_namespaces(|folder| reader.namespaces(folder));
    let mut files: BTreeMap<usize, Lowered> = BTreeMap::new();
    let mut about = Vec::with_capacity(inputs.len());
    let mut texts = Vec::new();
    // Files with such a path, and what they need.
    let mut strong: BTreeSet<usize> = BTreeSet::new();
    let mut budget = Budget { strong: FREE_BUDGET, weak: WEAK_BUDGET };
    for (id, input) in inputs.into_iter().enumerate() {
        about.push(About {
            name: input.name,
            inside: input.inside,
            language: input.language,
            in_test: input.in_test,
            helps: input.helps,
        });
        if let (Some(text), Some(language)) = (input.text, input.language) {
            if input.strong {
                strong.insert(id);
                budget.strong = budget.strong.saturating_add(text.len().saturating_mul(BUDGET_FACTOR));
            }
            texts.push((id, language, text));
        }
    }
    let mut searched = true;
    let mut asked: BTreeSet<usize> = texts.iter().map(|(id, ..)| *id).collect();
    // Files whose words stand in comments only: read if others need them.
    let mut parked: BTreeMap<usize, Lowered> = BTreeMap::new();
    for _ in 0..=MAX_DISTANCE {
        let read: Vec<(usize, Result<Lowered, String>)> = texts
            .into_par_iter()
            .map(|(id, language, text)| (id, lower(&modules, id, language, text, searched)))
            .collect();
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        for (id, lowered) in read {
            match lowered {
                Ok(lowered) if searched && !may_call(api, &lowered) && !names_paths(api, &lowered) => {
                    asked.remove(&id);
                    if lowered.text.contains(SPEAKS) {
                        out[id] = (TextScan::default(), Some(lowered.text.clone()));
                    }
                    parked.insert(id, Lowered { searched: false, ..lowered });
                }
                Ok(lowered) => {
                    let searched = lowered.searched || is_resource(api, &lowered);
                    let lowered = Lowered { searched, ..lowered };
                    wanted.extend(lowered.needs());
                    if strong.contains(&id) {
                        strong.extend(lowered.needs());
                    }
                    files.insert(id, lowered);
                }
                Err(text) => {
                    let skipped = Some(SkipReason::TooComplex);
                    out[id] = (TextScan { calls: Vec::new(), skipped }, Some(text));
                }
            }
        }
        if searched {
            let gives = |file: &Lowered| api.may_give(&file.unit) || names_paths(api, file);
            let giving: BTreeSet<usize> =
                files.iter().filter(|(_, file)| gives(file)).map(|(id, _)| *id).collect();
            let names_host =
                |id: &&usize| files.get(*id).is_some_and(|file| api.names_host(file.text.as_bytes()));
            let reaching = giving.iter().filter(names_host).copied().collect();
            let look = Look { modules: &modules, about: &about, reader, asked: &asked };
            for (id, lowered) in look.askers(giving, reaching, &mut budget.strong) {
                asked.insert(id);
                parked.remove(&id);
                wanted.extend(lowered.needs());
                files.insert(id, lowered);
            }
        }
        searched = false;
        let mut queue: Vec<usize> = wanted.into_iter().collect();
        let mut wanted = Vec::new();
        while let Some(id) = queue.pop() {
            if !asked.insert(id) {
                continue;
            }
            match parked.remove(&id) {
                Some(lowered) => {
                    queue.extend(lowered.needs());
                    if strong.contains(&id) {
                        strong.extend(lowered.needs());
                    }
                    files.insert(id, lowered);
                }
                None => wanted.push(id),
            }
        }
        let mut helpers: Vec<(Reverse<usize>, usize, String)> = wanted
            .into_par_iter()
            .filter_map(|id| {
                let text = if about[id].helps { reader.read(id)? } else { return None };
                let helps = api.helps(text.as_bytes())?;
                Some((Reverse(helps), id, text))
            })
            .collect();
        // What may be a client comes before what else a program is made of, as far as the
        // budgets go.
        helpers.sort_unstable_by_key(|(helps, id, _)| (*helps, *id));
        texts = Vec::new();
        for (_, id, text) in helpers {
            let left = if strong.contains(&id) { &mut budget.strong } else { &mut budget.weak };
            if let Some(language) = about[id].language
                && text.len() <= *left
            {
                *left -= text.len();
                texts.push((id, language, text));
            }
        }
        if texts.is_empty() {
            break;
        }
    }

    // The largest first, so that none of them is left for the end.
    let mut programs = programs(files);
    programs.sort_by_cached_key(|program| {
        Reverse(program.iter().map(|(_, file)| file.text.len()).sum::<usize>())
    });
    let mut scanned: Vec<Scanned> = programs
        .into_par_iter()
        .with_max_len(1)
        .map(|program| {
            let members = program.iter().map(|(id, file)| (*id, file.searched)).collect();
            Scanned { members, ran: evaluated(api, program, reader, &about) }
        })
        .collect();
    Neighbourhood { api, modules: &modules, about: &about, reader }.look(&mut scanned);
    let own = OwnRoutes::of(&about);
    for (id, scan, _) in scanned.iter_mut().flat_map(|program| &mut program.ran) {
        own.doubt(about[*id].language, scan.calls.iter_mut());
    }
    if api.fields {
        let look = Look { modules: &modules, about: &about, reader, asked: &BTreeSet::new() };
        look.complete(api, &mut scanned);
    }
    for (id, scan, text) in scanned.into_iter().flat_map(|program| program.ran) {
        out[id] = (scan, Some(text));
    }
    out
}

/// What was found in the files of a program, with their texts.
pub(super) type Ran = Vec<(usize, TextScan, String)>;

/// Bytes that may still be read of files that only help.
struct Budget {
    strong: usize,
    weak: usize,
}

/// What is known of a file by its name.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub name: &'a str,
    pub inside: &'a str,
    pub language: Option<Language>,
    pub in_test: bool,
    pub helps: bool,
}

/// Parses a file; gives the text back if that is not possible.
pub(crate) fn lower(
    modules: &Modules<'_>,
    id: usize,
    language: Language,
    text: String,
    searched: bool,
) -> Result<Lowered, String> {
    let macros = modules.macros_for(id, language);
    let Some((support, mut unit)) = parse(language, &text, &macros) else { return Err(text) };
    let naming = support.dialect.naming();
    if naming == Naming::Classes {
        unit.imports.extend(modules.mentioned(id, &text));
    }
    let found = unit.imports.iter().map(|import| modules.resolve(id, import, naming)).collect();
    let mates = modules.mates(id, &text, naming);
    Ok(Lowered { text, unit, support, searched, reads: false, added: false, found, mates })
}

/// The unit of a text; `macros` are texts that define macros for it.
pub(super) fn parse(language: Language, text: &str, macros: &[&str]) -> Option<(&'static Support, Unit)> {
    let support = language.support()?;
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&(support.grammar)()).ok()?;
    let expanded = language.expanded(text, macros);
    let source = expanded.as_ref().map_or(text, |expanded| &expanded.text);
    let read = &*language.as_read(source);
    let tree = parser.parse(read, None)?;
    let mut unit = (support.lower)(tree.root_node(), read);
    said_types::note(&mut unit, tree.root_node(), read, language);
    if let Some(expanded) = &expanded {
        link::put(&mut unit, &|span| expanded.place(span));
        // What becomes of a macro is no mistake of the file.
        if !unit.errors.is_empty() && !parser.parse(&*language.as_read(text), None)?.root_node().has_error() {
            unit.errors.clear();
        }
    }
    kept::make_functions(&mut unit);
    captured::make_params(&mut unit);
    Some((support, unit))
}

/// Files that belong together, ordered by name. Files that help nobody are
/// dropped; those that are there for what they read alone come last where room is short.
pub(super) fn programs(mut files: BTreeMap<usize, Lowered>) -> Vec<Vec<(usize, Lowered)>> {
    let mut leader: BTreeMap<usize, usize> = files.keys().map(|id| (*id, *id)).collect();
    let mut size: BTreeMap<usize, usize> =
        files.iter().map(|(id, file)| (*id, file.text.len() + 1)).collect();
    fn find(leader: &BTreeMap<usize, usize>, mut id: usize) -> usize {
        while let Some(next) = leader.get(&id)
            && *next != id
        {
            id = *next;
        }
        id
    }
    let (last, first): (Vec<_>, Vec<_>) = files.iter().partition(|(_, file)| file.added);
    for (id, file) in first.into_iter().chain(last) {
        let found = file.found.iter().flat_map(|found| found.files.iter().chain(&found.modules));
        // What a script needs besides what it imports is only what makes clients for it.
        let script = file.support.dialect.naming() == Naming::JavaScript;
        let lends = |id: &&usize| !script || files.get(id).is_some_and(|other| !other.unit.based.is_empty());
        for other in found.chain(file.mates.iter().filter(lends)) {
            let related = files.get(other).is_some_and(|other| related(other.support, file.support));
            if !related {
                continue;
            }
            let (a, b) = (find(&leader, *id), find(&leader, *other));
            let sum = size.get(&a).copied().unwrap_or(0) + size.get(&b).copied().unwrap_or(0);
            if a == b || sum > MAX_PROGRAM {
                continue;
            }
            // The smaller number leads, whatever the order; paths stay short
            // enough because the trees are halved.
            let (low, high) = (a.min(b), a.max(b));
            leader.insert(high, low);
            leader.insert(*id, low);
            leader.insert(*other, low);
            size.insert(low, sum);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for id in files.keys() {
        groups.entry(find(&leader, *id)).or_default().push(*id);
    }
    let mut out = Vec::new();
    for ids in groups.into_values() {
        let group: Vec<(usize, Lowered)> =
            ids.into_iter().filter_map(|id| files.remove(&id).map(|file| (id, file))).collect();
        if group.iter().any(|(_, file)| file.searched) {
            out.push(group);
        }
    }
    out
}

/// Whether two languages can be linked: they mean the same by a call.
pub(super) fn related(a: &Support, b: &Support) -> bool {
    let script =
        |language: Language| matches!(language, Language::JavaScript | Language::TypeScript | Language::Tsx);
    a.language == b.language || (script(a.language) && script(b.language))
}

/// A program evaluated in the light of what its repository pins.
pub(super) fn evaluated(
    api: &Api,
    program: Vec<(usize, Lowered)>,
    reader: &dyn Reader,
    about: &[About<'_>],
) -> Ran {
    // Every file of a program stands in the same repository.
    let first = program.iter().find(|(_, file)| file.searched).map(|(id, _)| *id);
    let pinned = match first {
        Some(id) if !api.sdks.is_empty() => reader.pinned(id),
        _ => Pinned::new(),
    };
    run(api, program, &pinned, reader, about)
}

/// Links and evaluates files, and reads the calls out of the searched ones.
pub(crate) fn run(
    api: &Api,
    group: Vec<(usize, Lowered)>,
    pinned: &Pinned,
    reader: &dyn Reader,
    about: &[About<'_>],
) -> Ran {
    let place: BTreeMap<usize, usize> = group.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
    let local = |ids: &[usize]| ids.iter().filter_map(|id| place.get(id).copied()).collect::<Vec<_>>();
    let Some(dialect) = group.first().map(|(_, file)| file.support.dialect) else { return Vec::new() };
    let packages: Vec<Option<std::sync::Arc<str>>> =
        group.iter().map(|(_, file)| file.unit.package.clone()).collect();
    let mut parts = Vec::with_capacity(group.len());
    let mut texts = Vec::with_capacity(group.len());
    let mut hidden = Vec::with_capacity(group.len());
    let near: BTreeSet<String> =
        group.iter().flat_map(|(_, file)| sdk::imported(api, &file.unit, file.support.language)).collect();
    let mut by_sdk = Vec::with_capacity(group.len());
    let has_client = |at: &usize| {
        let (_, file) = &group[*at];
        !sdk::imported(api, &file.unit, file.support.language).is_empty()
    };
    for (id, file) in &group {
        let About { name, in_test, .. } = about[*id];
        let language = file.support.language;
        let handing = file.unit.imports.iter().zip(&file.found).filter(|(_, found)| {
            let from = local(&found.files).into_iter().chain(local(&found.modules));
            !near.is_empty() && from.into_iter().any(|at| has_client(&at))
        });
        let handing = handing.map(|(import, _)| import.local.clone()).collect();
        let place = sdk::Place { name, text: &file.text, language, in_test, pinned, handing: &handing };
        by_sdk.push(if file.searched { sdk::calls(api, &file.unit, &place, &near) } else { Vec::new() });
    }
    for (id, file) in group {
        let Lowered { text, mut unit, support, searched, reads, added, found, mates } = file;
        let mut imports = Vec::new();
        let mut foreign = BTreeSet::new();
        for (import, found) in std::mem::take(&mut unit.imports).into_iter().zip(found) {
            let (files, modules) = (local(&found.files), local(&found.modules));
            if files.is_empty() && modules.is_empty() {
                foreign.insert(import.local);
                continue;
            }
            // A Go package is called as it calls itself.
            let itself = files.first().and_then(|file| packages[*file].clone());
            if let (Some(itself), Imported::Module) = (itself, &import.what)
                && itself != import.local
            {
                let files = files.clone();
                imports.push(Bound {
                    local: itself,
                    what: Imported::Module,
                    files,
                    modules: Vec::new(),
                    own: false,
                });
            }
            imports.push(Bound { local: import.local, what: import.what, files, modules, own: false });
        }
        let mates = local(&mates);
        if !mates.is_empty() {
            let local = "".into();
            // What another script has is no name of this one.
            let script = support.dialect.naming() == Naming::JavaScript;
            let what = if script { Imported::Module } else { Imported::All };
            imports.push(Bound { local, what, files: mates, modules: Vec::new(), own: true });
        }
        let (folder, _) = split(about[id].name);
        let package = unit.package.as_ref().map(|package| format!("{folder}:{package}"));
        hidden.push((std::mem::take(&mut unit.errors), unit.too_deep.take()));
        parts.push(Part { unit, length: text.len(), searched, reads, added, imports, foreign, package });
        texts.push((id, support.language, searched, text));
    }
    let program = Program::link(parts);
    let files: Vec<decide::File<'_>> = texts
        .iter()
        .map(|(id, language, _, text)| {
            let About { name, inside, in_test, .. } = about[*id];
            decide::File { name, inside, text, language: *language, in_test }
        })
        .collect();
    let package = |at: usize| texts.get(at).and_then(|(id, ..)| reader.package(*id));
    let mut scans = judge(api, &program, &files, &package, &hidden, dialect, &mut by_sdk);
    let sent =
        scans.iter().flat_map(|scan| &scan.calls).chain(by_sdk.iter().flatten()).flat_map(Call::places);
    let sent: BTreeSet<&str> = sent.map(|field| field.file.as_str()).collect();
    let sending: Vec<bool> = files.iter().map(|file| sent.contains(file.name)).collect();
    drop(files);
    for (scan, calls) in scans.iter_mut().zip(by_sdk) {
        add(scan, calls);
    }
    // A file that only helps may hold the place of a call all the same.
    let scans = texts.into_iter().zip(scans).zip(sending);
    let scans = scans.filter_map(|(((id, _, searched, text), scan), sends)| {
        (searched || sends || !scan.calls.is_empty()).then_some((id, scan, text))
    });
    scans.collect()
}

/// Parts of a file that were not lowered: errors, and what is nested too deeply.
type Hidden = (Vec<Span>, Option<Span>);

/// Evaluates a program and says what was found in each of its files.
fn judge(
    api: &Api,
    program: &Program,
    files: &[decide::File<'_>],
    packages: &weigh::Packages<'_>,
    hidden: &[Hidden],
    dialect: &dyn Dialect,
    by_sdk: &mut [Vec<Call>],
) -> Vec<TextScan> {
    let clients = ClientCalls::of(program, by_sdk);
    let evaluation = evaluate(program, dialect, clients);
    client_answers::put(program, files, &evaluation, by_sdk);
    let calls = decide::calls(api, program, files, packages, &evaluation, dialect);
    let mut out = Vec::with_capacity(files.len());
    for (at, ((file, calls), (errors, too_deep))) in files.iter().zip(calls).zip(hidden).enumerate() {
        let may_occur = |part: &Span| {
            api.occurs_in(
                file.text.as_bytes(),
                part.start as usize..part.end as usize,
                file.language.ground(),
            )
        };
        // An error matters only where a call may be hidden in it.
        let skipped = match errors.iter().find(|part| may_occur(part)) {
            Some(part) => {
                let (line, _) = Lines::new(file.text).place(file.text, part.start as usize);
                Some(SkipReason::SyntaxError(line))
            }
            None => {
                let deep = too_deep.as_ref().is_some_and(may_occur);
                (deep || evaluation.gave_up.contains(&at)).then_some(SkipReason::TooComplex)
            }
        };
        out.push(TextScan { calls, skipped });
    }
    out
}

/// Adds the calls that are made through clients, in the order of places.
fn add(scan: &mut TextScan, calls: Vec<Call>) {
    scan.calls.extend(calls);
    scan.calls.sort_by_key(|call| (call.span.start, call.span.end));
}

/// Scans one text by itself.
pub(crate) fn scan_one(api: &Api, name: &str, text: &str, language: Language, in_test: bool) -> TextScan {
    let Some((support, mut unit)) = parse(language, text, &[]) else {
        return TextScan { calls: Vec::new(), skipped: Some(SkipReason::TooComplex) };
    };
    let hidden = [(std::mem::take(&mut unit.errors), unit.too_deep.take())];
    let place =
        sdk::Place { name, text, language, in_test, pinned: &Pinned::new(), handing: &BTreeSet::new() };
    let mut by_sdk = [sdk::calls(api, &unit, &place, &BTreeSet::new())];
    let program = Program::single(unit, text.len());
    let inside = if Path::new(name).is_absolute() { split(name).1 } else { name };
    let files = [decide::File { name, inside, text, language, in_test }];
    let mut scan = judge(api, &program, &files, &|_| None, &hidden, support.dialect, &mut by_sdk)
        .pop()
        .unwrap_or_default();
    by_sdk.into_iter().for_each(|calls| add(&mut scan, calls));
    scan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_parsed(text: &str) -> bool {
        parse(Language::Rust, text, &[]).is_some()
    }

    #[test]
    fn macros_that_never_end_are_parsed() {
        assert!(is_parsed("macro_rules! a { ($($x:tt)*) => { a!($($x)* $($x)*) } }\nfn g() { a!(x); }\n"));
        assert!(is_parsed("macro_rules! a { ($x:literal) => { 1 }; ($x:tt) => { 2 } }\nfn g() { a!(-); }\n"));
    }

    #[test]
    fn many_tokens_of_a_macro_are_parsed() {
        for sign in ["x ", "& ", "! ", "x + ", "x - "] {
            assert!(is_parsed(&format!("fn g() {{ a!({}x); }}\n", sign.repeat(50_000))), "{sign}");
        }
    }
}
