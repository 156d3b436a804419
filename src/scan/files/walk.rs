//! Files: which are client code, which are left out and why, and the way of
//! one file from bytes to calls.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::overrides::{Override, OverrideBuilder};
use rayon::prelude::*;

use super::generated::{self, GeneratorFolders};
use super::namespaces;
use super::packages::{self, Packages};
use super::pins::Pins;
use super::project;
use crate::scan::call::{Call, Scan, SkipReason, Skipped};
use crate::scan::embedded::{self, Container};
use crate::scan::judge::api::Api;
use crate::scan::judge::own_machine;
use crate::scan::judge::sdk::{Pinned, Sdk};
use crate::scan::language::Language;
use crate::scan::prefilter::{Ground, Sign};
use crate::scan::room::with_room;

/// Files that one thread takes at once: no thread is left alone with many of them.
const FILES_AT_ONCE: usize = 128;
/// Folders of code that other people wrote.
const VENDORED: [&str; 18] = [
    "node_modules",
    "bower_components",
    "jspm_packages",
    "vendor",
    "third_party",
    "site-packages",
    "venv",
    ".venv",
    "virtualenv",
    ".tox",
    ".nox",
    ".eggs",
    "__pycache__",
    ".git",
    ".hg",
    ".svn",
    ".terraform",
    ".yarn",
];
/// Bytes at the front of a file in which a zero byte means that it is no text.
const SNIFFED: usize = 8_000;
/// Files up to this size are searched for words of the API before their size
/// counts against them: most large files are data.
const MAX_SEARCHED: u64 = 64 << 20;
/// What a comment that speaks to sunwatch begins with.
pub(super) const SPEAKS: &str = "sunwatch:";
/// Bytes read of a file without an extension to see its `#!` line.
const SHEBANG: usize = 128;

/// What to scan and what to leave out.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// Globs of paths to leave out, as in .gitignore.
    pub exclude: Vec<String>,
    /// Whether test code counts.
    pub tests: bool,
    /// Larger files, in bytes, are left out and named, unless no word of the
    /// API stands in them.
    pub max_file_size: u64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { exclude: Vec::new(), tests: false, max_file_size: 4 << 20 }
    }
}

/// Why a scan could not be done.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A path that was asked for does not exist or cannot be read.
    #[error("cannot scan {path}: {reason}; check the path")]
    Path {
        /// The path as given.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A glob that cannot be read.
    #[error("cannot read the exclude glob `{glob}`: {reason}")]
    Glob {
        /// The glob as given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The outcome for one text.
#[derive(Debug, Default)]
pub struct TextScan {
    /// The calls, ordered by place.
    pub calls: Vec<Call>,
    /// Why the text was not analysed in full, if so.
    pub skipped: Option<SkipReason>,
}

/// A file that was found.
struct Entry {
    path: PathBuf,
    name: String,
    /// The name from where the walk began, if that is an absolute path.
    inside: String,
    language: Option<Language>,
    /// A file that holds code of other languages.
    container: Option<Container>,
    in_test: bool,
    skip: Option<SkipReason>,
}

/// Client code that was found, not yet looked into.
pub struct Checkout {
    paths: Vec<PathBuf>,
    entries: Vec<Entry>,
    options: ScanOptions,
}

impl Checkout {
    /// Finds files.
    ///
    /// Folders are searched for files of the known languages; what .gitignore
    /// excludes and vendored folders are not entered. A file that is given by name
    /// is looked at even if .gitignore leaves it out; the options hold for it too.
    pub fn find(paths: &[PathBuf], options: ScanOptions) -> Result<Self, ScanError> {
        let mut entries = Vec::new();
        for path in paths {
            find(path, &options, &mut entries)?;
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        entries.dedup_by(|a, b| a.name == b.name);
        Ok(Self { paths: paths.to_owned(), entries, options })
    }

    /// The paths that were asked for.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Scans the files for calls of an API.
    pub fn scan(self, api: &Api) -> Scan {
        with_room(|| self.look_into(api))
    }

    fn look_into(self, api: &Api) -> Scan {
        let Self { paths: _, entries, options } = self;
        let folders = GeneratorFolders::default();
        // Few files have more to say than their bytes: these are read into one place.
        let looked = entries.par_iter().with_max_len(FILES_AT_ONCE);
        let looked = looked.map_init(Vec::new, |bytes, entry| file(api, entry, &options, bytes));
        let mut outcomes: Vec<Outcome> = looked.collect();
        let inputs = entries.iter().zip(&mut outcomes).map(|(entry, outcome)| project::Input {
            name: &entry.name,
            inside: &entry.inside,
            language: entry.language,
            in_test: entry.in_test,
            text: outcome.text.take(),
            strong: outcome.strong,
            helps: entry.skip.is_none(),
        });
        let reader = Files {
            api,
            entries: &entries,
            options: &options,
            pins: Pins::default(),
            packages: Packages::default(),
        };
        let scans = project::scan(api, inputs.collect(), &reader);

        let mut scan = Scan::default();
        // Files in which something stands that a call of another file sends.
        let fields = scans.iter().flat_map(|(found, _)| &found.calls).flat_map(Call::places);
        let named: BTreeSet<String> = fields.map(|field| field.file.clone()).collect();
        for ((entry, outcome), (found, text)) in entries.iter().zip(outcomes).zip(scans) {
            let Outcome { client, scanned, skipped, text: _, strong: _, spoken, embedded } = outcome;
            if !client {
                continue;
            }
            let (found, text) = match embedded {
                Some((inside, whole)) => (inside, Some(whole)),
                None => (found, text),
            };
            let TextScan { mut calls, skipped: in_part } = found;
            let skipped = skipped.or(in_part);
            let text = text
                .filter(|text| {
                    !calls.is_empty() || text.contains(SPEAKS) || named.contains(entry.name.as_str())
                })
                .or(spoken);
            let written = |text: &String| generated::signed(text.as_bytes()) || folders.wrote(&entry.path);
            if !calls.is_empty() && text.as_ref().is_some_and(written) {
                calls.iter_mut().for_each(|call| call.generated = true);
            }
            let text: Option<Arc<str>> = text.map(Into::into);
            scan.files.seen += 1;
            scan.files.scanned += usize::from(scanned);
            if let Some(reason) = skipped {
                scan.files.skipped.push(Skipped { file: entry.name.clone(), reason });
            }
            if let Some(text) = text {
                scan.sources.insert(entry.name.clone(), text);
            }
            scan.calls.extend(calls);
        }
        if api.hosts_are_complete() {
            own_machine::weigh(&mut scan.calls, || is_named(api, &entries));
        }
        scan
    }
}

/// Whether some file or folder names the API, as far as they are read for that.
fn is_named(api: &Api, entries: &[Entry]) -> bool {
    const MAX_BYTES: u64 = 64 << 20;
    let sizes = entries.iter().map(|entry| std::fs::metadata(&entry.path).map_or(0, |meta| meta.len()));
    if sizes.sum::<u64>() > MAX_BYTES {
        return true;
    }
    entries.par_iter().any(|entry| {
        let text = std::fs::read(&entry.path).unwrap_or_default();
        own_machine::is_named_in(api, &entry.inside)
            || own_machine::is_named_in(api, &String::from_utf8_lossy(&text))
    })
}

/// Scans files and folders, see [`Checkout::find`].
pub fn scan_paths(api: &Api, paths: &[PathBuf], options: &ScanOptions) -> Result<Scan, ScanError> {
    Ok(Checkout::find(paths, options.clone())?.scan(api))
}

/// Scans one text, for instance from standard input.
pub fn scan_text(api: &Api, file: &str, text: &str, language: Language) -> TextScan {
    scan_file(api, file, text, language, is_test(file))
}

/// Scans one text by the name of its file: client code, or a file that holds
/// some. `None` if it is neither.
pub fn scan_file_text(api: &Api, file: &str, text: &str) -> Option<TextScan> {
    let name = file.rsplit('/').next().unwrap_or(file);
    let language = name.rsplit_once('.').and_then(|(_, extension)| Language::of_extension(extension));
    if let Some(language) = language.or_else(|| Language::of_file_name(name)) {
        return Some(scan_text(api, file, text, language));
    }
    let container = Container::of_name(name)?;
    Some(with_room(|| embedded::scan(api, (file, None), text, container, is_test(file)).scan))
}

fn scan_file(api: &Api, file: &str, text: &str, language: Language, in_test: bool) -> TextScan {
    if !api.may_occur(text.as_bytes(), language.ground()) {
        return TextScan::default();
    }
    with_room(|| project::scan_one(api, file, text, language, in_test))
}

/// Collects the files under one path that was given.
fn find(path: &Path, options: &ScanOptions, out: &mut Vec<Entry>) -> Result<(), ScanError> {
    let failed = |reason: String| ScanError::Path { path: path.display().to_string(), reason };
    let meta = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?;
    let excluded = overrides(path, options)?;
    if meta.is_file() {
        let mut entry = entry(path.to_owned(), true);
        // Folders above the working directory say nothing about the file.
        let name = if path.is_absolute() { path.file_name().map(Path::new) } else { Some(path) };
        sort_out(&mut entry, name.unwrap_or(path), &excluded, options);
        out.push(entry);
        return Ok(());
    }
    std::fs::read_dir(path).map_err(|error| failed(error.to_string()))?;
    let walk = ignore::WalkBuilder::new(path)
        .hidden(false)
        .require_git(false)
        .threads(rayon::current_num_threads())
        .filter_entry(|entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let name = entry.file_name().to_str().unwrap_or_default();
            entry.depth() == 0 || !folder || !VENDORED.contains(&name)
        })
        .build_parallel();
    // Sorted by whoever asked: threads find files in any order.
    let (found, entries) = std::sync::mpsc::channel();
    walk.run(|| {
        let found = found.clone();
        let excluded = &excluded;
        Box::new(move |file| {
            if let Some(entry) = look(path, file, excluded, options) {
                // Nobody listens any longer only if this function has ended.
                let _ = found.send(entry);
            }
            ignore::WalkState::Continue
        })
    });
    drop(found);
    out.extend(entries);
    Ok(())
}

/// What was found while walking, if it may be client code.
fn look(
    root: &Path,
    found: Result<ignore::DirEntry, ignore::Error>,
    excluded: &Override,
    options: &ScanOptions,
) -> Option<Entry> {
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            let path = error_path(&error).unwrap_or_else(|| root.to_owned());
            return Some(Entry {
                name: shown(&path),
                inside: String::new(),
                path,
                language: None,
                container: None,
                in_test: false,
                skip: Some(SkipReason::Unreadable(error.to_string())),
            });
        }
    };
    if !found.file_type().is_some_and(|kind| kind.is_file()) {
        return None;
    }
    let mut entry = entry(found.into_path(), false);
    if entry.language.is_none() && entry.container.is_none() {
        return None;
    }
    let relative = entry.path.strip_prefix(root).unwrap_or(&entry.path).to_owned();
    sort_out(&mut entry, &relative, excluded, options);
    Some(entry)
}

/// Applies the options to a file whose name counts from `relative` on.
fn sort_out(entry: &mut Entry, relative: &Path, excluded: &Override, options: &ScanOptions) {
    let relative_name = shown(relative);
    entry.in_test = is_test(&relative_name);
    if entry.path.is_absolute() {
        entry.inside = relative_name;
    }
    if is_excluded(excluded, relative) || is_excluded(excluded, &entry.path) {
        entry.skip = Some(SkipReason::Excluded);
    } else if !options.tests && entry.in_test {
        entry.skip = Some(SkipReason::TestCode);
    }
}

fn error_path(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        _ => None,
    }
}

fn overrides(root: &Path, options: &ScanOptions) -> Result<Override, ScanError> {
    let mut builder = OverrideBuilder::new(root);
    let failed =
        |glob: &str, error: ignore::Error| ScanError::Glob { glob: glob.into(), reason: error.to_string() };
    for glob in &options.exclude {
        builder.add(glob).map_err(|error| failed(glob, error))?;
    }
    builder.build().map_err(|error| failed("", error))
}

/// Whether a path or one of its folders matches an exclude glob.
fn is_excluded(excluded: &Override, path: &Path) -> bool {
    !excluded.is_empty()
        && path
            .ancestors()
            .any(|part| !part.as_os_str().is_empty() && excluded.matched(part, part != path).is_whitelist())
}

fn entry(path: PathBuf, given: bool) -> Entry {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let language = match extension {
        // Types without code.
        Some(_) if [".d.ts", ".d.mts", ".d.cts"].iter().any(|end| file.ends_with(end)) => None,
        Some(extension) => Language::of_extension(extension),
        None => Language::of_file_name(file),
    };
    // A file given by name, or one without an extension, may be a script.
    let language = language.or_else(|| if extension.is_none() || given { shebang(&path) } else { None });
    let container = if language.is_none() { Container::of_name(file) } else { None };
    let name = shown(&path);
    Entry { inside: name.clone(), name, path, language, container, in_test: false, skip: None }
}

fn shebang(path: &Path) -> Option<Language> {
    use std::io::Read;
    let mut head = Vec::new();
    let limit = u64::try_from(SHEBANG).unwrap_or(u64::MAX);
    std::fs::File::open(path).ok()?.take(limit).read_to_end(&mut head).ok()?;
    Language::of_shebang(&String::from_utf8_lossy(&head))
}

/// A path with `/` between folders and without `./` before it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    let text =
        if std::path::MAIN_SEPARATOR == '/' { text } else { text.replace(std::path::MAIN_SEPARATOR, "/") };
    text.strip_prefix("./").map(str::to_owned).unwrap_or(text)
}

/// What one file gives.
#[derive(Default)]
struct Outcome {
    /// It is client code.
    client: bool,
    scanned: bool,
    skipped: Option<SkipReason>,
    /// The text, if it may hold a call.
    text: Option<String>,
    /// Hardly another API has what stands there.
    strong: bool,
    /// What the code inside the file gave, with the file's text.
    embedded: Option<(TextScan, String)>,
    /// The text, if it holds none and speaks to sunwatch all the same.
    spoken: Option<String>,
}

/// The files of a scan, read to understand others.
struct Files<'a> {
    api: &'a Api,
    entries: &'a [Entry],
    options: &'a ScanOptions,
    pins: Pins,
    packages: Packages,
}

impl project::Reader for Files<'_> {
    fn read(&self, file: usize) -> Option<String> {
        use std::io::Read;
        let Entry { path, language, .. } = self.entries.get(file)?;
        let limit = u64::try_from(project::MAX_HELPER).unwrap_or(u64::MAX).min(self.options.max_file_size);
        let mut bytes = Vec::new();
        let read = std::fs::File::open(path).ok()?.take(limit + 1).read_to_end(&mut bytes).ok()?;
        if u64::try_from(read).is_ok_and(|read| read > limit) {
            return None;
        }
        let is_minified = language.is_some_and(|language| generated::minified(path, &bytes, language));
        if is_minified { None } else { String::from_utf8(bytes).ok() }
    }

    fn pinned(&self, file: usize) -> Pinned {
        let Some(entry) = self.entries.get(file) else { return Pinned::new() };
        let release = |sdk: &Sdk| {
            let version = self.pins.version(&entry.path, sdk.distribution())?;
            Some((sdk.word().to_owned(), sdk.release_of(&version)?))
        };
        self.api.sdks.iter().filter_map(release).collect()
    }

    fn package(&self, file: usize) -> Option<String> {
        self.packages.of(&self.entries.get(file)?.path)
    }

    fn manifest(&self, folder: &str, language: Language) -> Option<String> {
        use std::io::{BufRead, BufReader, Read};
        const LONGEST: u64 = 64 << 10;
        let name = if language == Language::Rust { "Cargo.toml" } else { "go.mod" };
        let file = std::fs::File::open(Path::new(folder).join(name)).ok()?.take(LONGEST);
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        match language {
            Language::Rust => crate_name(lines),
            _ => packages::module_name(lines),
        }
    }

    fn namespaces(&self, folder: &str) -> Vec<(String, String)> {
        namespaces::of_manifest(Path::new(folder))
    }
}

/// The crate of a `Cargo.toml`: that of its library, if that has a name of its own.
fn crate_name(lines: impl Iterator<Item = String>) -> Option<String> {
    let manifest: toml::Table = lines.collect::<Vec<_>>().join("\n").parse().ok()?;
    let name = |section: &str| manifest.get(section)?.get("name")?.as_str().map(str::to_owned);
    name("lib").or_else(|| name("package"))
}

fn file(api: &Api, entry: &Entry, options: &ScanOptions, bytes: &mut Vec<u8>) -> Outcome {
    let left_out = |reason| Outcome { client: true, skipped: Some(reason), ..Outcome::default() };
    if let (None, Some(reason @ SkipReason::Unreadable(_))) = (&entry.language, &entry.skip) {
        return left_out(reason.clone());
    }
    if entry.language.is_none() && entry.container.is_none() {
        return Outcome::default();
    }
    // Data of all sorts is no client code until some is found in it.
    let data = entry.container.is_some_and(|container| !container.is_code());
    if let Some(reason) = &entry.skip {
        return if data { Outcome::default() } else { left_out(reason.clone()) };
    }
    let largest = if data { options.max_file_size } else { options.max_file_size.max(MAX_SEARCHED) };
    let size = match read(&entry.path, largest, bytes) {
        Ok(size) if size <= largest => size,
        _ if data => return Outcome::default(),
        Ok(size) => return left_out(SkipReason::TooLarge(size)),
        Err(error) => return left_out(SkipReason::Unreadable(error.to_string())),
    };
    let binary = bytes[..bytes.len().min(SNIFFED)].contains(&0);
    if data && (binary || !may_hold(api, entry, bytes)) {
        return Outcome::default();
    }
    if binary {
        return left_out(SkipReason::Binary);
    }
    let ground = entry.language.map_or(Ground::Data, Language::ground);
    let sign = if data { Sign::Weak } else { api.look_at(bytes, ground) };
    if sign == Sign::Nothing && !takes_path(api, entry, bytes) && !api.names_paths(bytes, ground) {
        // A suppression may have outlived its call.
        let speaks = memchr::memmem::find(bytes, SPEAKS.as_bytes()).is_some();
        let spoken = if speaks { std::str::from_utf8(bytes).ok().map(str::to_owned) } else { None };
        return Outcome { client: true, scanned: true, spoken, ..Outcome::default() };
    }
    if entry.language.is_some_and(|language| generated::minified(&entry.path, bytes, language)) {
        return left_out(SkipReason::Minified);
    }
    if size > options.max_file_size {
        return left_out(SkipReason::TooLarge(size));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return left_out(SkipReason::NotUtf8) };
    let text = text.to_owned();
    if let Some(container) = entry.container {
        let embedded::Scanned { scan, client } =
            embedded::scan(api, (&entry.name, Some(&entry.path)), &text, container, entry.in_test);
        return Outcome { client, scanned: true, embedded: Some((scan, text)), ..Outcome::default() };
    }
    Outcome {
        client: true,
        scanned: true,
        text: Some(text),
        strong: sign == Sign::Strong,
        ..Outcome::default()
    }
}

/// Whether code may stand in a file of data, and some word of the API in that code.
fn may_hold(api: &Api, entry: &Entry, bytes: &[u8]) -> bool {
    let holds = || entry.container.is_some_and(|container| container.may_hold_code(bytes));
    holds() && api.may_occur(bytes, Ground::Data) && std::str::from_utf8(bytes).is_ok()
        || takes_path(api, entry, bytes)
}

/// Whether files beside a playbook give it a part of a path.
fn takes_path(api: &Api, entry: &Entry, bytes: &[u8]) -> bool {
    let Some(container) = entry.container.filter(|container| container.may_be_given()) else { return false };
    let given = |text| container.is_given((&entry.name, &entry.path), text, |value| api.tells(value));
    std::str::from_utf8(bytes).is_ok_and(given)
}

/// Reads a file if it has not more bytes than a limit; says how many it has.
fn read(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> std::io::Result<u64> {
    use std::io::Read;
    let mut file = std::fs::File::open(path)?;
    let size = file.metadata()?.len();
    bytes.clear();
    if size <= limit {
        file.read_to_end(bytes)?;
    }
    Ok(size)
}

/// Whether a file is test code by its name or folder.
fn is_test(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let Some(name) = parts.pop() else { return false };
    let folder = parts.iter().any(|part| {
        matches!(
            *part,
            "test" | "tests" | "__tests__" | "__mocks__" | "spec" | "specs" | "testdata" | "mocks" | "e2e"
        )
    });
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    folder
        // Django's tests of an application stand in `tests.py`.
        || matches!(name, "conftest.py" | "tests.py")
        // What Node's own runner takes for tests.
        || matches!(name, "test.js" | "test.mjs" | "test.cjs" | "test.ts" | "test.mts" | "test.cts")
        || (stem.starts_with("test_") && name.ends_with(".py"))
        || stem.ends_with("_test")
        || stem.ends_with("_tests")
        || stem.ends_with(".test")
        || stem.ends_with(".spec")
        || (stem.ends_with("_spec") && !name.ends_with(".py"))
        || stem.ends_with("-test")
        || stem.ends_with(".mock")
        || name.ends_with(".bats")
        || stem.ends_with(".Tests")
        || camel_test(stem, name)
}

/// `UserTest.java`, `UserTests.cs`, `UserServiceIT.kt`, but no `latest.php`.
fn camel_test(stem: &str, name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    matches!(extension, "java" | "kt" | "cs" | "php" | "kts")
        && ["Test", "Tests", "TestCase", "IT", "Spec"].iter().any(|end| {
            stem.strip_suffix(end).is_some_and(|front| !front.ends_with(|c: char| c.is_uppercase()))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_code_is_known_by_its_name() {
        for path in [
            "a/tests/x.py",
            "test_x.py",
            "x_test.go",
            "src/x.spec.ts",
            "__tests__/x.js",
            "x.test.tsx",
            "lib/test.mjs",
            "a/UserTest.java",
            "Api.Tests.ps1",
            "shop/tests.py",
        ] {
            assert!(is_test(path), "{path}");
        }
        for path in [
            "src/x.py",
            "contest/x.py",
            "latest.go",
            "test.sh",
            "testing.py",
            "load/k6.js",
            "Latest.php",
            "Contest.java",
            "EDIT.kt",
        ] {
            assert!(!is_test(path), "{path}");
        }
    }

    #[test]
    fn a_path_that_does_not_exist_is_named() {
        let api = Api::new(Default::default());
        let error = scan_paths(&api, &["no/such/folder".into()], &ScanOptions::default()).unwrap_err();
        assert!(error.to_string().contains("no/such/folder"), "{error}");
    }
}
