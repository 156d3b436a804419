//! Modules: which files of a scan an import means, or a class that is called by
//! its name.
//!
//! Looks at names of files only, plus what manifests say. What is not
//! found belongs to somebody else's package and stays unknown.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::namespaces;
use crate::scan::form::{Import, Imported, Span};
use crate::scan::language::Language;
use crate::scan::naming::Naming;
use crate::scan::wording::capitalised;

/// Files that are looked at for a name that belongs to no class.
const MAX_BESIDE: usize = 8;

/// The files of a scan by name.
pub(crate) struct Modules<'a> {
    /// By file name, with the language's naming.
    pub(super) files: FxHashMap<&'a str, usize>,
    /// Files of Go packages by folder.
    folders: FxHashMap<&'a str, Vec<usize>>,
    /// The files of a folder whose classes see each other without an import.
    packages: FxHashMap<(&'a str, Language), Vec<usize>>,
    /// Folders of PowerShell's modules: those with a `.psm1`.
    homes: BTreeSet<&'a str>,
    /// Files of PowerShell by the folder of their module, or their own.
    commands: FxHashMap<&'a str, Vec<usize>>,
    /// Files by their last name without extension; packages by their folder.
    stems: FxHashMap<&'a str, Vec<usize>>,
    /// Files of Kotlin.
    kotlin: Vec<usize>,
    /// Files of C# that are called like extensions of classes.
    extensions: Vec<usize>,
    /// Files of Java, Kotlin and C# that are called like those that make clients for others.
    makers: Vec<usize>,
    pub(super) names: Vec<&'a str>,
    pub(super) languages: Vec<Option<Language>>,
    /// Per folder with a `go.mod`: the module's name.
    go_modules: BTreeMap<&'a str, String>,
    /// Files of Rust that are called after the macros which they define: folder and text.
    macros: Vec<(usize, &'a str, String)>,
    /// Folders of the sources of Rust's crates, by the name that `use` has for them.
    crates: BTreeMap<String, Vec<String>>,
    /// Namespaces of PHP and the folders that they stand in, the longest first.
    pub(super) namespaces: Vec<(String, String)>,
}

/// Whether a file is called like what holds extensions: `HttpClientExtensions.cs`.
fn is_of_extensions(name: &str) -> bool {
    let stem = split(name).1.split('.').next().unwrap_or_default();
    stem.ends_with("Extensions") || stem.ends_with("Extension")
}

/// Files of one folder that are looked through for one of another name.
const MAX_LOOKED_THROUGH: usize = 200;

/// Clients of Java and Kotlin that a container hands out.
const HANDED_CLIENTS: [&str; 4] = ["RestTemplate", "WebClient", "RestClient", "RestOperations"];

/// Whether a file of Java or Kotlin names a client that it may be handed.
fn asks_for_client(text: &str) -> bool {
    HANDED_CLIENTS.iter().any(|name| text.contains(name))
}

/// Whether a script asks by a library whose own client may be given a base elsewhere.
fn asks_library(text: &str) -> bool {
    let calls = ["axios.", "axios(", "axios<"].iter().any(|call| text.contains(call));
    calls && !text.contains("defaults.baseURL")
}

/// Whether a file is called after a client.
fn names_client(name: &str) -> bool {
    HANDED_CLIENTS.iter().any(|client| stem_of(name).contains(client))
}

/// Whether a file is called like one that makes what a container hands out.
fn is_of_makers(name: &str, language: Language) -> bool {
    let stem = stem_of(name);
    let like = |words: &[&str]| words.iter().any(|word| stem.contains(word));
    match language {
        Language::Java | Language::Kotlin => names_client(name) || like(&["Config", "Application", "Beans"]),
        Language::CSharp => {
            matches!(stem, "Program" | "Startup")
                || like(&[
                    "DependencyInjection",
                    "Registration",
                    "Registrar",
                    "Setup",
                    "Installer",
                    "Bootstrap",
                ])
        }
        _ => false,
    }
}

/// The files that an import means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// The module's files.
    pub files: Vec<usize>,
    /// Files that the imported name itself stands for.
    pub modules: Vec<usize>,
}

const SCRIPTS: [&str; 9] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "d.ts"];

/// The modules of a crate whose macros all of it uses: `#[macro_use] mod builder;`.
fn macro_modules(root: &str) -> impl Iterator<Item = &str> {
    root.split("#[macro_use]").skip(1).filter_map(|behind| {
        let (before, name) = behind.split_once("mod ")?;
        let plain = before.trim().is_empty() || before.trim().starts_with("pub");
        name.split(';').next().map(str::trim).filter(|_| plain)
    })
}

impl<'a> Modules<'a> {
    /// Over all files with their names and languages; `manifest` reads the name that the
    /// `go.mod` or the `Cargo.toml` of a folder gives to what is in it.
    pub(crate) fn new(
        names: impl Iterator<Item = (&'a str, Option<Language>)>,
        manifest: impl Fn(&str, Language) -> Option<String>,
    ) -> Self {
        let mut modules = Modules {
            files: FxHashMap::default(),
            folders: FxHashMap::default(),
            packages: FxHashMap::default(),
            homes: BTreeSet::new(),
            commands: FxHashMap::default(),
            stems: FxHashMap::default(),
            kotlin: Vec::new(),
            extensions: Vec::new(),
            makers: Vec::new(),
            names: Vec::new(),
            languages: Vec::new(),
            go_modules: BTreeMap::new(),
            macros: Vec::new(),
            crates: BTreeMap::new(),
            namespaces: Vec::new(),
        };
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        let mut asked_crates: BTreeSet<&str> = BTreeSet::new();
        for (id, (name, language)) in names.enumerate() {
            modules.names.push(name);
            if language == Some(Language::Kotlin) {
                modules.kotlin.push(id);
            }
            if language == Some(Language::CSharp) && is_of_extensions(name) {
                modules.extensions.push(id);
            }
            if language.is_some_and(|language| is_of_makers(name, language)) {
                modules.makers.push(id);
            }
            modules.languages.push(language);
            let Some(language) = language else { continue };
            modules.files.insert(name, id);
            let (folder, file) = split(name);
            let stem = file.split('.').next().unwrap_or(file);
            let stem = if matches!(stem, "__init__" | "index") { split(folder).1 } else { stem };
            modules.stems.entry(stem).or_default().push(id);
            if matches!(language, Language::Kotlin | Language::CSharp) {
                modules.packages.entry((folder, language)).or_default().push(id);
            }
            if language == Language::Go {
                modules.folders.entry(folder).or_default().push(id);
                for above in ancestors(folder) {
                    if !asked.insert(above) {
                        break;
                    }
                    if let Some(module) = manifest(above, language) {
                        modules.go_modules.insert(above, module);
                    }
                }
            }
            if language == Language::Rust {
                for above in ancestors(folder).take_while(|above| asked_crates.insert(above)) {
                    if let Some(name) = manifest(above, language) {
                        let homes = modules.crates.entry(name.replace('-', "_")).or_default();
                        homes.push(join(above, "src"));
                    }
                }
            }
        }
        let scripts = || {
            let ids = 0..modules.names.len();
            ids.filter(|id| modules.languages[*id] == Some(Language::PowerShell))
        };
        let homes: BTreeSet<&str> = scripts()
            .filter(|id| modules.names[*id].to_ascii_lowercase().ends_with(".psm1"))
            .map(|id| split(modules.names[id]).0)
            .collect();
        let mut commands: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
        for id in scripts() {
            commands.entry(home_of(&homes, modules.names[id])).or_default().push(id);
        }
        modules.commands = commands;
        modules.homes = homes;
        modules
    }

    /// Reads the files that define macros for those beside and below them.
    pub(super) fn read_macros(&mut self, read: impl Fn(usize) -> Option<String>) {
        const MAX_FILES: usize = 64;
        // After what they hold, and what a crate begins with.
        const STEMS: [&str; 7] = ["macros", "macro", "mac", "lib", "utils", "util", "client"];
        let rust = |id: &usize| self.languages[*id] == Some(Language::Rust);
        let of_stem = |stem: &str| self.stems.get(stem).into_iter().flatten().copied().filter(rust);
        let text = |id: usize| Some((id, split(self.names[id]).0, read(id)?));
        let named = STEMS.iter().flat_map(|stem| of_stem(stem)).take(MAX_FILES);
        let mut found: Vec<_> = named.filter_map(text).collect();
        let mut used: Vec<usize> = Vec::new();
        for (_, home, root) in found.iter().filter(|(id, ..)| self.names[*id].ends_with("lib.rs")) {
            let stems = macro_modules(root).flat_map(of_stem);
            used.extend(stems.filter(|id| split(self.names[*id]).0 == *home).take(MAX_FILES));
        }
        used.retain(|id| found.iter().all(|(known, ..)| known != id));
        found.extend(used.into_iter().filter_map(text));
        self.macros = found.into_iter().filter(|(_, _, text)| text.contains("macro_rules!")).collect();
    }

    /// The texts that define macros for a file.
    pub(super) fn macros_for(&self, file: usize, language: Language) -> Vec<&str> {
        let (folder, _) = split(self.names[file]);
        let above = |home: &str| ancestors(folder).any(|above| above == home);
        let near = |(id, home, _): &&(usize, &str, String)| *id != file && above(home);
        match language {
            Language::Rust => self.macros.iter().filter(near).map(|(_, _, text)| text.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// The other files of the package that a file belongs to without an import.
    pub(super) fn mates(&self, file: usize, text: &str, naming: Naming) -> Vec<usize> {
        // Of a larger module, files are named after the function that they hold.
        const MAX_MATES: usize = 100;
        let name = self.names[file];
        if self.languages[file] == Some(Language::CSharp) {
            let mut found = self.near_of(&self.extensions, file);
            if text.contains("HttpClient") {
                found.extend(self.near_of(&self.makers, file));
            }
            return found;
        }
        if matches!(self.languages[file], Some(Language::Java | Language::Kotlin)) {
            return if asks_for_client(text) { self.makers_for(file) } else { Vec::new() };
        }
        if naming == Naming::JavaScript {
            return if asks_library(text) { self.beginnings(file) } else { Vec::new() };
        }
        let all = match naming {
            Naming::Go => self.folders.get(split(name).0),
            Naming::Commands => self.commands.get(home_of(&self.homes, name)),
            _ => None,
        };
        let all = all.map(Vec::as_slice).unwrap_or_default();
        let few = naming == Naming::Go || all.len() <= MAX_MATES;
        let stem = |id: usize| split(self.names[id]).1.split('.').next().unwrap_or_default();
        let near = |id: &usize| *id != file && (few || text.contains(stem(*id)));
        all.iter().copied().filter(near).collect()
    }

    /// The files beside one of Kotlin and C#: a class may stand in any of them, whatever they
    /// are called.
    pub(super) fn beside(&self, file: usize) -> impl Iterator<Item = usize> {
        const MAX_BESIDE: usize = 40;
        let folder = split(self.names[file]).0;
        let all = self.languages[file].and_then(|language| self.packages.get(&(folder, language)));
        let few = all.filter(|all| all.len() <= MAX_BESIDE).map(Vec::as_slice).unwrap_or_default();
        few.iter().copied().filter(move |id| *id != file)
    }

    /// The scripts above a file, or of a folder there, that may give a library its base: where a
    /// program begins, and what is called after the library.
    fn beginnings(&self, file: usize) -> Vec<usize> {
        const BEGINNING: [&str; 6] = ["main", "index", "app", "App", "bootstrap", "setup"];
        const OF_LIBRARY: [&str; 7] =
            ["axios", "http", "interceptors", "axiosConfig", "axios-config", "setupAxios", "setup-axios"];
        const HOMES: [&str; 9] =
            ["", "plugins", "boot", "config", "utils", "lib", "services", "api", "helpers"];
        let (folder, _) = split(self.names[file]);
        let mut found = Vec::new();
        for above in ancestors(folder).take(MAX_BESIDE) {
            let names = BEGINNING.iter().map(|name| join(above, name));
            let own = HOMES.iter().flat_map(|home| OF_LIBRARY.iter().map(move |name| join(home, name)));
            let of_library = own.map(|name| join(above, &name));
            for path in names.chain(of_library) {
                let at = SCRIPTS.iter().find_map(|end| self.files.get(format!("{path}.{end}").as_str()));
                found.extend(at.copied().filter(|id| *id != file));
            }
            // Above the sources of one package begins another one.
            if split(above).1 == "src" {
                break;
            }
        }
        found.truncate(MAX_BESIDE);
        found
    }

    /// Of some files of C#, those near one: what they hold, no word of it names.
    fn near_of(&self, files: &[usize], file: usize) -> Vec<usize> {
        let (folder, _) = split(self.names[file]);
        let project = split(folder).0;
        let near = |id: &usize| {
            let (other, _) = split(self.names[*id]);
            let is_in = |folder: &str, above: &str| ancestors(folder).any(|known| known == above);
            *id != file
                && self.languages[*id] == self.languages[file]
                && (is_in(other, project) || is_in(folder, other))
        };
        files.iter().copied().filter(near).take(MAX_BESIDE).collect()
    }

    /// The files of the same sources that may make the clients which a file of Java or Kotlin
    /// is handed: no word of it names them.
    fn makers_for(&self, file: usize) -> Vec<usize> {
        let (folder, _) = split(self.names[file]);
        let sources = ["/java/", "/kotlin/"].iter().find_map(|root| {
            let whole = format!("/{folder}/");
            whole.rfind(root).map(|at| folder.get(..at + root.len() - 2).unwrap_or(folder).to_owned())
        });
        let common = |id: &usize| {
            let pair = split(self.names[*id]).0.split('/').zip(folder.split('/'));
            pair.take_while(|(a, b)| a == b).count()
        };
        let own = sources.as_deref().unwrap_or_else(|| split(folder).0);
        let inside = |id: &usize| ancestors(split(self.names[*id]).0).any(|above| above == own);
        let same = |id: &usize| self.languages[*id] == self.languages[file];
        let mut found: Vec<usize> =
            self.makers.iter().copied().filter(|id| *id != file && same(id) && inside(id)).collect();
        found.sort_by_key(|id| (!names_client(self.names[*id]), std::cmp::Reverse(common(id)), *id));
        found.truncate(MAX_BESIDE);
        found
    }

    /// Words one of which stands in every file that imports a file or calls a
    /// class of it by name.
    pub(super) fn calling_words(&self, file: usize) -> Vec<String> {
        let (folder, name) = split(self.names[file]);
        let stem = name.split('.').next().unwrap_or(name);
        let stem = if matches!(stem, "__init__" | "index" | "mod") { split(folder).1 } else { stem };
        match self.languages[file] {
            Some(Language::Go) => vec![split(folder).1.to_owned()],
            // What belongs to no class is imported from the package.
            Some(Language::Kotlin) => {
                let package = split(folder).1;
                vec![stem.to_owned(), package.rsplit('.').next().unwrap_or(package).to_owned()]
            }
            // `API` of `api.rb`.
            Some(Language::Ruby) => vec![
                stem.to_owned(),
                stem.split('_').map(capitalised).collect(),
                stem.replace('_', "").to_uppercase(),
            ],
            // What a crate has at its root is of the crate.
            Some(Language::Rust) if matches!(stem, "lib" | "main") => {
                let own = self.crates.iter().filter(|(_, homes)| homes.iter().any(|home| *home == folder));
                std::iter::once("crate".to_owned()).chain(own.map(|(name, _)| name.clone())).collect()
            }
            _ => vec![stem.to_owned()],
        }
    }

    /// How near a file stands to one of some folders: the parts of the path that
    /// it has in common with the nearest.
    pub(super) fn nearness(&self, file: usize, folders: &BTreeSet<&str>) -> usize {
        let (folder, _) = split(self.names[file]);
        let common = ancestors(folder).find(|above| folders.contains(above));
        common.map_or(0, |above| above.split('/').count())
    }

    /// The folders of a file, all of them.
    pub(super) fn folders(&self, file: usize) -> impl Iterator<Item = &'a str> {
        ancestors(split(self.names[file]).0)
    }

    /// The files that an import of `file` means; the file itself never.
    pub(super) fn resolve(&self, file: usize, import: &Import, naming: Naming) -> Found {
        let (folder, _) = split(self.names[file]);
        let mut found = match naming {
            Naming::None => Found::default(),
            Naming::Commands => self.named(folder, &import.module),
            Naming::Python => self.python(folder, import),
            Naming::JavaScript => self.javascript(folder, &import.module),
            Naming::Go => self.go(folder, &import.module),
            Naming::Files => self.named(folder, &import.module),
            Naming::Rust => self.rust(file, import),
            // What PHP and Ruby require by its path.
            Naming::Classes if import.module.ends_with(".php") || import.module.ends_with(".rb") => {
                self.named(folder, &import.module)
            }
            Naming::Classes => Found { files: self.classes(file, &import.module), modules: Vec::new() },
        };
        found.files.retain(|id| *id != file);
        found.modules.retain(|id| *id != file);
        found
    }

    fn python(&self, folder: &str, import: &Import) -> Found {
        let written = &*import.module;
        let dots = written.len() - written.trim_start_matches('.').len();
        let path = written.trim_start_matches('.').replace('.', "/");
        let name = match &import.what {
            Imported::Name(name) => Some(&**name),
            Imported::Module | Imported::All => None,
        };
        if dots > 0 {
            let Some(from) = up(folder, dots - 1) else { return Found::default() };
            return self.python_in(&join(from, &path), name);
        }
        // A script finds what lies beside it or beside a folder above it.
        for above in ancestors(folder) {
            for root in [above.to_owned(), join(above, "src"), join(above, "lib")] {
                let found = self.python_in(&join(&root, &path), name);
                if found != Found::default() {
                    return found;
                }
            }
        }
        if !path.contains('/') {
            return Found::default();
        }
        let nearest = |path: &str| {
            let stem = path.rsplit('/').next().unwrap_or(path);
            let ends = [format!("/{path}.py"), format!("/{path}/__init__.py"), format!("/{path}.pyi")];
            self.nearest(folder, stem, &ends)
        };
        let modules = name.and_then(|name| nearest(&format!("{path}/{name}")));
        Found { files: nearest(&path).into_iter().collect(), modules: modules.into_iter().collect() }
    }

    /// A module at a path without extension, and a name of it that is a module.
    fn python_in(&self, path: &str, name: Option<&str>) -> Found {
        let at = |path: &str| {
            let file = |name: String| self.files.get(name.as_str()).copied();
            file(format!("{path}.py")).or_else(|| file(join(path, "__init__.py")))
        };
        let module = name.and_then(|name| at(&join(path, name)));
        Found { files: at(path).into_iter().collect(), modules: module.into_iter().collect() }
    }

    fn javascript(&self, folder: &str, module: &str) -> Found {
        let one = |id: Option<usize>| Found { files: id.into_iter().collect(), modules: Vec::new() };
        if module.starts_with('.') {
            return one(resolved(folder, module).and_then(|path| self.script(&path)));
        }
        if module.contains(':') {
            return Found::default();
        }
        // `@/lib/api`, `~/lib/api`, `src/lib/api`: from a root that a
        // configuration names; `@scope/package` of the same repository.
        let alias =
            ["@/", "~/", "#/", "$lib/", "@app/", "@src/"].iter().find_map(|alias| module.strip_prefix(alias));
        let path = alias.unwrap_or(module).trim_start_matches('/');
        for above in ancestors(folder) {
            for root in ["", "src", "app", "lib", "src/lib", "src/app"] {
                // A plain name is a package, not a file beside this one.
                if alias.is_none() && !path.contains('/') {
                    continue;
                }
                if let Some(id) = self.script(&join(&join(above, root), path)) {
                    return one(Some(id));
                }
            }
        }
        let package = match module.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').map(|(_, rest)| rest),
            None => Some(module),
        };
        let Some(package) = package.filter(|_| alias.is_none()) else { return Found::default() };
        let (name, rest) = package.split_once('/').unwrap_or((package, ""));
        for above in ancestors(folder) {
            for root in ["packages", "libs", "apps", "modules"] {
                let home = join(&join(above, root), name);
                let inside = if rest.is_empty() { "index" } else { rest };
                for path in [join(&home, inside), join(&join(&home, "src"), inside)] {
                    if let Some(id) = self.script(&path) {
                        return one(Some(id));
                    }
                }
            }
        }
        Found::default()
    }

    /// A script at a path, whose extension may be missing or that of what it is
    /// compiled to.
    fn script(&self, path: &str) -> Option<usize> {
        let file = |name: &str| self.files.get(name).copied();
        if let Some(id) = file(path) {
            return Some(id);
        }
        let bare = [".js", ".mjs", ".cjs", ".jsx"].iter().find_map(|end| path.strip_suffix(end));
        let stems = [Some(path), bare];
        let files = stems
            .into_iter()
            .flatten()
            .flat_map(|stem| SCRIPTS.iter().map(move |extension| format!("{stem}.{extension}")));
        let index = SCRIPTS.iter().map(|extension| join(path, &format!("index.{extension}")));
        files.chain(index).find_map(|name| file(&name))
    }

    fn go(&self, folder: &str, module: &str) -> Found {
        let package = |folder: &str| {
            let files = self.folders.get(folder).cloned().unwrap_or_default();
            Found { files, modules: Vec::new() }
        };
        for above in ancestors(folder) {
            let Some(own) = self.go_modules.get(above) else { continue };
            return match module.strip_prefix(own.as_str()) {
                Some("") => package(above),
                Some(rest) if rest.starts_with('/') => package(&join(above, &rest[1..])),
                _ => Found::default(),
            };
        }
        // No go.mod: the longest end of the path that is a folder. The first
        // part of a module that is not of the standard library has a dot.
        let Some((host, mut rest)) = module.split_once('/') else { return Found::default() };
        if !host.contains('.') {
            return Found::default();
        }
        loop {
            for above in ancestors(folder) {
                let found = package(&join(above, rest));
                if !found.files.is_empty() {
                    return found;
                }
            }
            match rest.split_once('/') {
                Some((_, shorter)) => rest = shorter,
                None => return Found::default(),
            }
        }
    }

    /// A module by its path from the crate's root, from the module above or from
    /// the file's own, and a name of it that is a module.
    fn rust(&self, file: usize, import: &Import) -> Found {
        let (folder, name) = split(self.names[file]);
        let stem = name.split('.').next().unwrap_or(name);
        // The folder of the modules below this one.
        let own = match stem {
            "mod" | "lib" | "main" => folder.to_owned(),
            _ => join(folder, stem),
        };
        let at = |path: &str| {
            let found = [format!("{path}.rs"), join(path, "mod.rs")];
            found.iter().find_map(|name| self.files.get(name.as_str()).copied())
        };
        let mut parts: Vec<&str> = import.module.split('/').filter(|part| !part.is_empty()).collect();
        let mut root = None;
        let mut home = own.as_str();
        let mut first = true;
        while let Some(word) = parts.first().copied() {
            match word {
                "crate" if first => {
                    root = ancestors(folder).find(|at| self.crate_root(at).is_some());
                    let Some(at) = root else { return Found::default() };
                    home = at;
                }
                "self" if first => {}
                "super" => match up(home, 1) {
                    Some(above) => home = above,
                    None => return Found::default(),
                },
                // The first word of other paths is a crate, or a module that is declared here.
                _ if first && (own != folder || at(&join(folder, word)).is_none()) => {
                    let Some(at) = self.crate_named(folder, word) else { return Found::default() };
                    (home, root) = (at, Some(at));
                }
                _ => {
                    first = false;
                    break;
                }
            }
            first = false;
            parts.remove(0);
        }
        if first {
            return Found::default();
        }
        let path = join(home, &parts.join("/"));
        let top = parts.is_empty() && root == Some(home);
        let module = if top { self.crate_root(home) } else { at(&path) };
        let inner = match &import.what {
            Imported::Name(name) => at(&join(&path, name)),
            Imported::Module | Imported::All => None,
        };
        Found { files: module.into_iter().collect(), modules: inner.into_iter().collect() }
    }

    /// Where the sources of a crate of the same repository are: the nearest of that name.
    fn crate_named(&self, folder: &str, name: &str) -> Option<&str> {
        let common = |home: &&String| {
            home.split('/').zip(folder.split('/')).take_while(|(one, other)| one == other).count()
        };
        self.crates.get(name)?.iter().max_by_key(common).map(String::as_str)
    }

    /// The file in which a crate begins that has its root in a folder.
    fn crate_root(&self, folder: &str) -> Option<usize> {
        ["lib.rs", "main.rs"].iter().find_map(|name| self.files.get(join(folder, name).as_str()).copied())
    }

    /// The classes that a file calls by name and that stand in files of their own,
    /// as if it imported them. The module is the name with what stands before it
    /// where the file says so: `com.acme.api.Client`.
    pub(super) fn mentioned(&self, file: usize, text: &str) -> Vec<Import> {
        let written = written_imports(text, split(self.names[file]).0);
        // What manifests say nothing of is looked for by its name.
        let imported = match self.namespaces.is_empty() {
            true => BTreeMap::new(),
            false => namespaces::imported(text),
        };
        let mut out = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let bytes = text.as_bytes();
        let word = |at: usize| bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
        let mut at = 0;
        while at < bytes.len() {
            if !word(at) {
                at += 1;
                continue;
            }
            let start = at;
            while word(at) {
                at += 1;
            }
            let Some(name) =
                text.get(start..at).filter(|name| name.starts_with(|c: char| c.is_ascii_uppercase()))
            else {
                continue;
            };
            if !seen.insert(name) {
                continue;
            }
            for other in self.implementations(file, name) {
                let span = Span { start: start as u32, end: at as u32 };
                let what = Imported::Name(other.as_str().into());
                out.push(Import { module: other.as_str().into(), what, local: other.into(), span });
            }
            if self.languages[file] == Some(Language::Kotlin) && is_constant(name) {
                let span = Span { start: start as u32, end: at as u32 };
                out.extend(self.kept_beside(file, name, written.get(name).map(Vec::as_slice), span));
            }
            let placed = imported.get(name).filter(|class| self.of_namespace(class).is_some()).cloned();
            let short = || written.get(name).map_or_else(|| name.to_owned(), |path| path.join("."));
            let module = placed.unwrap_or_else(short);
            if self.classes(file, &module).iter().all(|id| *id == file) {
                // A class of Kotlin may stand in a file of another name.
                if let Some(path) = written.get(name).filter(|path| path.len() > 1)
                    && self.languages[file] == Some(Language::Kotlin)
                    && !is_constant(name)
                {
                    let span = Span { start: start as u32, end: at as u32 };
                    out.extend(self.kept_beside(file, name, Some(path), span));
                }
                continue;
            }
            out.push(Import {
                module: module.into(),
                what: Imported::Name(name.into()),
                local: name.into(),
                span: Span { start: start as u32, end: at as u32 },
            });
        }
        if self.languages[file] == Some(Language::Kotlin) {
            for (name, package, at) in imported_names(text) {
                let span = Span { start: at as u32, end: (at + name.len()) as u32 };
                let mut path = package;
                path.push(name);
                out.extend(self.kept_beside(file, name, Some(&path), span));
            }
        }
        out
    }

    /// Kotlin: the files in which something may stand that belongs to no class, those of
    /// the package that an import names, or of the file's own folder.
    fn kept_beside(&self, file: usize, name: &str, path: Option<&[&str]>, span: Span) -> Vec<Import> {
        let (own, _) = split(self.names[file]);
        let package = path.and_then(|path| path.split_last()).map(|(_, package)| package);
        let fits = |folder: &str| match package {
            // Folders may leave out the beginning of a package, or be named like all of it.
            Some(package) => {
                let last = folder.rsplit('/').next().unwrap_or_default();
                last == package.join(".") || package.last().is_some_and(|part| *part == last)
            }
            None => folder == own,
        };
        let near = |id: &usize| {
            let pair = split(self.names[*id]).0.split('/').zip(own.split('/'));
            pair.take_while(|(a, b)| a == b).count()
        };
        let mut files: Vec<usize> =
            self.kotlin.iter().copied().filter(|id| *id != file && fits(split(self.names[*id]).0)).collect();
        files.sort_by_key(|id| (std::cmp::Reverse(near(id)), !keeps_names(stem_of(self.names[*id])), *id));
        let import = |id: usize| Import {
            module: stem_of(self.names[id]).into(),
            what: Imported::Name(name.into()),
            local: name.into(),
            span,
        };
        files.into_iter().take(MAX_BESIDE).map(import).collect()
    }

    /// The classes of the scan that are named as what an interface of this name is kept to:
    /// `IConnection` and Connection, `UserApi` and UserApiImpl.
    fn implementations(&self, file: usize, name: &str) -> Vec<String> {
        let other = match self.languages[file] {
            Some(Language::CSharp) => without_i(name).map(str::to_owned),
            Some(Language::Java | Language::Kotlin) => Some(format!("{name}Impl")),
            Some(Language::Php) => name.strip_suffix("Interface").map(str::to_owned),
            _ => None,
        };
        other.into_iter().filter(|other| self.classes(file, other).iter().any(|id| *id != file)).collect()
    }

    /// The files of a class: one, or several of one folder among which it is
    /// divided. Which of several of that name is meant, its package says, or
    /// how near they stand.
    fn classes(&self, file: usize, module: &str) -> Vec<usize> {
        if self.languages[file] == Some(Language::Php)
            && let Some(class) = self.of_namespace(module)
        {
            return vec![class];
        }
        let mut path: Vec<&str> = module.split('.').collect();
        let Some(name) = path.pop() else { return Vec::new() };
        let language = self.languages[file];
        let underscored;
        let stem = match language {
            Some(Language::Ruby) => {
                underscored = underscored_name(name);
                underscored.as_str()
            }
            _ => name,
        };
        let (folder, _) = split(self.names[file]);
        let same = |id: &usize| self.languages[*id] == language;
        let all = self.stems.get(stem).map(Vec::as_slice).unwrap_or_default();
        let mut fitting: Vec<usize> = all.iter().copied().filter(same).collect();
        if fitting.is_empty() && language == Some(Language::Php) {
            fitting = self.in_folders_of(name);
        }
        if fitting.is_empty() && path.is_empty() {
            fitting = self.beside_by_use(file, name);
        }
        if !path.is_empty() {
            // The last folders are the last parts of the package.
            let parts = &path[path.len().saturating_sub(2)..];
            let ends = |id: &usize| {
                let (folder, _) = split(self.names[*id]);
                let folders = folder.rsplit('/');
                parts.iter().rev().zip(folders).filter(|(part, folder)| part == &folder).count()
                    == parts.len()
            };
            fitting.retain(ends);
        }
        let common = |id: &usize| {
            let pair = split(self.names[*id]).0.split('/').zip(folder.split('/'));
            pair.take_while(|(a, b)| a == b).count()
        };
        let nearest = fitting.iter().map(common).max();
        fitting.retain(|id| Some(common(id)) == nearest);
        let home = fitting.first().map(|id| split(self.names[*id]).0);
        let one = fitting.iter().all(|id| Some(split(self.names[*id]).0) == home);
        if one { fitting } else { Vec::new() }
    }

    /// C#, Kotlin: the files beside one that a class may stand in which is not called like its file:
    /// `UserUris` in `UserURIs.cs`, `ApiRoutes` in `Constants.cs`.
    fn beside_by_use(&self, file: usize, name: &str) -> Vec<usize> {
        let (folder, _) = split(self.names[file]);
        let Some(language) = self.languages[file] else { return Vec::new() };
        let beside = self.packages.get(&(folder, language)).map(Vec::as_slice).unwrap_or_default();
        let beside = || beside.iter().copied().filter(|id| *id != file).take(MAX_LOOKED_THROUGH);
        let called: Vec<usize> =
            beside().filter(|id| stem_of(self.names[*id]).eq_ignore_ascii_case(name)).collect();
        if !called.is_empty() || !keeps_names(name) {
            return called;
        }
        beside().filter(|id| keeps_names(stem_of(self.names[*id]))).take(MAX_BESIDE).collect()
    }

    /// PHP without namespaces: the files that a class may stand in whose name holds its folders,
    /// `Acme_Http_Client` in `Http/Client.php`; those that fit most of them.
    fn in_folders_of(&self, name: &str) -> Vec<usize> {
        let mut parts: Vec<&str> = name.split('_').filter(|part| !part.is_empty()).collect();
        let Some(stem) = parts.pop().filter(|_| !parts.is_empty()) else { return Vec::new() };
        let all = self.stems.get(stem).map(Vec::as_slice).unwrap_or_default();
        let same = |id: &usize| self.languages[*id] == Some(Language::Php);
        let fits = |id: &usize| {
            let folders = split(self.names[*id]).0.rsplit('/');
            parts.iter().rev().zip(folders).take_while(|(part, folder)| *part == folder).count()
        };
        let most = all.iter().filter(|id| same(id)).map(fits).max();
        let fitting: Vec<usize> =
            all.iter().copied().filter(|id| same(id) && Some(fits(id)) == most).collect();
        // Files of one name in folders of other names are none of them.
        if most == Some(0) && fitting.len() > 1 { Vec::new() } else { fitting }
    }

    /// A file by its name, or the end of it, from the folder or one above.
    fn named(&self, folder: &str, name: &str) -> Found {
        let name = name.trim_start_matches('/').trim_start_matches("./");
        let mut at = Some(folder);
        if name.is_empty() {
            return Found::default();
        }
        while let Some(from) = at {
            if let Some(id) = resolved(from, name).and_then(|path| self.files.get(path.as_str())) {
                return Found { files: vec![*id], modules: Vec::new() };
            }
            at = up(from, 1);
        }
        Found::default()
    }

    /// Of the files of a last name, the one whose path ends in one of these and
    /// has most in common with a folder; none if several are as near.
    fn nearest(&self, folder: &str, stem: &str, ends: &[String]) -> Option<usize> {
        let candidates = self.stems.get(stem)?;
        let common = |id: &usize| {
            let pair = self.names[*id].split('/').zip(folder.split('/'));
            pair.take_while(|(a, b)| a == b).count()
        };
        let fits = |id: &&usize| ends.iter().any(|end| self.names[**id].ends_with(end.as_str()));
        let best = candidates.iter().filter(fits).max_by_key(|id| common(id))?;
        let equal = candidates.iter().filter(fits).filter(|id| common(id) == common(best)).count();
        (equal == 1).then_some(*best)
    }
}

/// The classes that a file imports by their whole names, as Java, Kotlin and PHP
/// write them at the beginning of a line.
fn written_imports<'t>(text: &'t str, folder: &str) -> BTreeMap<&'t str, Vec<&'t str>> {
    let mut out = BTreeMap::new();
    // PHP: the first parts of a namespace are seldom folders. How many are not is seen
    // of the file's own.
    let mut own: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(namespace) = line.strip_prefix("namespace ") {
            own = namespace.split([';', ' ', '{']).next().unwrap_or_default().split('\\').collect();
            let folders = folder.rsplit('/');
            let same = own.iter().rev().zip(folders).take_while(|(part, folder)| *part == folder).count();
            own.truncate(own.len().saturating_sub(same).max(1));
        }
        let Some(rest) = line.strip_prefix("import ").or_else(|| line.strip_prefix("use ")) else { continue };
        let rest = rest.trim_start_matches("static ").trim();
        let path = rest.split([';', ' ']).next().unwrap_or_default().trim_start_matches('\\');
        let parts: Vec<&str> = path.split(['.', '\\']).collect();
        let class = |part: &&str| part.starts_with(|c: char| c.is_ascii_uppercase());
        // PHP's namespaces begin like classes; the name is the last part.
        let name =
            if path.contains('\\') { parts.len().checked_sub(1) } else { parts.iter().position(class) };
        if let Some(at) = name.filter(|at| *at > 0) {
            let from = match path.contains('\\') && parts.starts_with(&own) {
                true => own.len().min(at),
                false => usize::from(path.contains('\\') && parts.first() == own.first()),
            };
            out.insert(parts[at], parts[from..=at].to_vec());
        }
    }
    out
}

/// The name of the class that keeps to an interface named with an I: `IConnection`.
pub(crate) fn without_i(name: &str) -> Option<&str> {
    name.strip_prefix('I').filter(|rest| rest.starts_with(char::is_uppercase))
}

/// Whether a name is one of a constant: `BASE_URL`.
fn is_constant(name: &str) -> bool {
    name.len() > 2 && !name.contains(|c: char| c.is_ascii_lowercase())
}

/// Whether a file is named like those that hold what belongs to no class.
fn keeps_names(stem: &str) -> bool {
    let lower = stem.to_ascii_lowercase();
    ["const", "config", "url", "endpoint", "api", "route", "path", "setting", "util", "ext", "common"]
        .iter()
        .any(|word| lower.contains(word))
}

fn stem_of(name: &str) -> &str {
    let (_, last) = split(name);
    last.split_once('.').map_or(last, |(stem, _)| stem)
}

/// Kotlin: the names of no class that a file imports, each with its package and its place.
fn imported_names(text: &str) -> Vec<(&str, Vec<&str>, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut root: Vec<&str> = Vec::new();
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if let Some(package) = line.strip_prefix("package ") {
            root = package.trim().trim_end_matches(';').split('.').take(2).collect();
        }
        let Some(rest) = line.strip_prefix("import ") else { continue };
        let path: Vec<&str> =
            rest.split([';', ' ', '\r', '\n']).next().unwrap_or_default().split('.').collect();
        let Some((name, package)) = path.split_last() else { continue };
        let class = |part: &&str| part.starts_with(|c: char| c.is_ascii_uppercase());
        let known = name.starts_with(|c: char| c.is_ascii_lowercase()) && !package.iter().any(class);
        if known && !root.is_empty() && package.starts_with(&root) && !name.is_empty() {
            let place = start + "import ".len() + package.iter().map(|part| part.len() + 1).sum::<usize>();
            out.push((*name, package.to_vec(), place));
        }
    }
    out
}

/// `HttpClient` as Ruby names files: `http_client`.
fn underscored_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let chars: Vec<char> = name.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(at + 1);
        let begins = before.is_some_and(|before| before.is_lowercase() || before.is_ascii_digit())
            || before.is_some_and(|before| before.is_uppercase()) && after.is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && begins {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// Folder and file of a name.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('/').map_or(("", name), |(folder, file)| (folder, file))
}

pub(super) fn join(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// A folder some levels above.
fn up(folder: &str, levels: usize) -> Option<&str> {
    let mut at = folder;
    for _ in 0..levels {
        if at.is_empty() {
            return None;
        }
        at = split(at).0;
    }
    Some(at)
}

/// The folder of the module that a script belongs to, its own if there is none.
fn home_of<'n>(homes: &BTreeSet<&str>, name: &'n str) -> &'n str {
    let (folder, _) = split(name);
    ancestors(folder).find(|above| homes.contains(above)).unwrap_or(folder)
}

/// A folder and all above it, nearest first.
pub(super) fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |at| up(at, 1))
}

/// A relative path seen from a folder.
fn resolved(folder: &str, path: &str) -> Option<String> {
    let mut at: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                at.pop()?;
            }
            part => at.push(part),
        }
    }
    let path = at.join("/");
    Some(if folder.starts_with('/') { format!("/{path}") } else { path })
}
