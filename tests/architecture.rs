//! The order of modules, and what only the command line may do.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A module uses only modules to its left.
const ORDER: [&str; 12] = [
    "text",
    "release",
    "source",
    "document",
    "policy",
    "diff",
    "lifecycle",
    "scan",
    "finding",
    "rules",
    "report",
    "cli",
];

/// What the library leaves to the command line: the environment, printing, the
/// clock, and ending the process.
const ONLY_IN_CLI: [&str; 13] = [
    "std::env",
    "env::var",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "SystemTime",
    "Instant::now",
    "Zoned::now",
    "Timestamp::now",
    "process::exit",
    "io::stdout",
    "io::stderr",
];

/// The longest source file.
const MAX_LINES: usize = 1_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A source file: its path below `src/`, and its text.
struct Source {
    name: String,
    text: String,
}

impl Source {
    /// The top-level module it belongs to; `None` for the roots of the crate.
    fn module(&self) -> Option<&str> {
        let first = self.name.split('/').next()?.trim_end_matches(".rs");
        (!matches!(first, "lib" | "main")).then_some(first)
    }

    /// Its lines without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(at, line)| (at + 1, line.split(" // ").next().unwrap_or(line)))
    }

    /// The top-level modules that it uses, each with the line.
    fn uses(&self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for (line, code) in self.code() {
            for (at, found) in code.match_indices("crate::") {
                // `sunwatch_crate::x`, `$crate::x` are no uses of ours, `crate::{a, b}` are several.
                if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    continue;
                }
                let rest = &code[at + found.len()..];
                match rest.strip_prefix('{') {
                    Some(list) => {
                        let list = list.split('}').next().unwrap_or(list);
                        out.extend(list.split(',').map(|name| (line, first_word(name.trim()))));
                    }
                    None => out.push((line, first_word(rest))),
                }
            }
        }
        out
    }
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn sources() -> Vec<Source> {
    let folder = root().join("src");
    let mut out = Vec::new();
    let mut queue = vec![folder.clone()];
    while let Some(next) = queue.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                queue.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap().replace('\\', "/");
                out.push(Source { name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(out.len() > 50, "expected the sources, found {} files", out.len());
    out
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == module)
}

/// What is wrong with the uses of a file.
fn disorder(source: &Source) -> Vec<String> {
    let Some(module) = source.module() else { return Vec::new() };
    let Some(own) = rank(module) else {
        return vec![format!("src/{}: {module} has no place in the order of modules", source.name)];
    };
    let wrong = |(line, used): (usize, String)| {
        let allowed = rank(&used).is_some_and(|used| used <= own);
        (!allowed).then(|| format!("src/{}:{line}: {module} uses {used}", source.name))
    };
    source.uses().into_iter().filter_map(wrong).collect()
}

#[track_caller]
fn assert_none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}:\n  {}", wrong.join("\n  "));
}

#[test]
fn a_module_uses_only_modules_to_its_left() {
    let wrong: Vec<String> = sources().iter().flat_map(disorder).collect();
    assert_none(&wrong, &format!("a module uses only modules to its left in {}", ORDER.join(" -> ")));
}

#[test]
fn the_order_is_really_checked() {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let wrong = |name: &str, text: &str| disorder(&source(name, text)).len();
    assert_eq!(wrong("policy/model.rs", "use crate::release::Date;\n"), 0);
    assert_eq!(wrong("policy/model.rs", "use crate::lifecycle::Item;\n"), 1);
    assert_eq!(wrong("policy/model.rs", "use crate::{release, report, rules};\n"), 2);
    assert_eq!(wrong("policy/model.rs", "    let x = crate::cli::main();\n"), 1);
    assert_eq!(wrong("policy/model.rs", "/// Unlike [`crate::cli`].\n"), 0);
    assert_eq!(wrong("newcomer/mod.rs", ""), 1);
    assert_eq!(wrong("lib.rs", "pub use crate::cli::main;\n"), 0);
}

#[test]
fn every_module_is_declared_in_the_order() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| line.trim_start_matches("pub ").strip_prefix("mod "))
        .map(|rest| rest.trim_end_matches(';').to_owned())
        .collect();
    let unknown: Vec<String> = declared.into_iter().filter(|module| rank(module).is_none()).collect();
    assert_none(&unknown, "every module of src/lib.rs has a place in the order");
}

#[test]
fn only_the_command_line_knows_the_environment_the_clock_and_the_streams() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !matches!(source.module(), None | Some("cli"))) {
        // `env!(...)` is the compiler's environment; tests may do as they like.
        let tests =
            source.text.find("#[cfg(test)]").map_or(usize::MAX, |at| source.text[..at].lines().count() + 1);
        for (line, code) in source.code().filter(|(line, _)| *line < tests) {
            for word in ONLY_IN_CLI.iter().filter(|word| code.contains(**word)) {
                wrong.push(format!("src/{}:{line}: {word}", source.name));
            }
        }
    }
    assert_none(&wrong, "only cli reads the environment and the time, prints and exits");
}

#[test]
fn every_file_says_what_it_is_for() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| format!("src/{}", source.name))
        .collect();
    assert_none(&silent, "every source file begins with //!");
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(source, lines)| format!("src/{}: {lines} lines", source.name))
        .collect();
    assert_none(&long, &format!("no source file has more than {MAX_LINES} lines"));
}

/// The files of Rust that a text names between backticks, each with its line.
fn named_files(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let spans = line.split('`').skip(1).step_by(2);
        out.extend(
            spans
                .filter(|span| span.ends_with(".rs") && !span.contains(['<', ' ']))
                .map(|span| (at + 1, span)),
        );
    }
    out
}

#[test]
fn every_file_of_tests_is_run() {
    let program = std::fs::read_to_string(root().join("tests/it.rs")).unwrap();
    let mut forgotten = Vec::new();
    for entry in std::fs::read_dir(root().join("tests")).unwrap() {
        let path = entry.unwrap().path();
        let is_module = path.extension().is_some_and(|end| end == "rs") || path.join("mod.rs").is_file();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if is_module && name != "it" && !program.contains(&format!("\nmod {name};\n")) {
            forgotten.push(format!("tests/{name}"));
        }
    }
    assert_none(&forgotten, "every file of tests/ is a module of tests/it.rs");
}

#[test]
fn every_file_that_the_maps_name_is_there() {
    let mut known: Vec<String> = sources().into_iter().map(|source| format!("src/{}", source.name)).collect();
    for entry in std::fs::read_dir(root().join("tests")).unwrap() {
        known.push(format!("tests/{}", entry.unwrap().file_name().to_str().unwrap()));
    }
    let is_there = |name: &str| known.iter().any(|path| path == name || path.ends_with(&format!("/{name}")));
    let mut wrong = Vec::new();
    let mut named = 0;
    for map in ["docs/architecture.md", "docs/scan.md", "docs/performance.md", "CONTRIBUTING.md"] {
        let text = std::fs::read_to_string(root().join(map)).unwrap();
        // Names that stand for the reader's own files.
        for (line, name) in named_files(&text).into_iter().filter(|(_, name)| !name.contains("my_")) {
            named += 1;
            if !is_there(name) {
                wrong.push(format!("{map}:{line}: {name}"));
            }
        }
    }
    assert!(named > 100, "the maps name {named} files");
    assert_none(&wrong, "every file that a map names is there");
}

/// Paths of somebody's machine, written so that this file is not one of them.
fn machine_paths() -> Vec<String> {
    ["/work|/", "/tmp/bash|_jobs", "/home|/", "/Users|/", "/root|/", "C:\\Us|ers"]
        .iter()
        .map(|path| path.replace('|', ""))
        .collect()
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let listed = std::process::Command::new("git").arg("ls-files").current_dir(root()).output();
    // A package without its repository (crates, archives) has the same files, but no list of them.
    let Ok(listed) = listed else { return };
    if !listed.status.success() {
        return;
    }
    let listed = String::from_utf8(listed.stdout).unwrap();
    let files: Vec<&str> = listed.lines().collect();
    assert!(files.contains(&"Cargo.toml"));
    let mut wrong = Vec::new();
    for file in files {
        let Ok(text) = std::fs::read_to_string(root().join(Path::new(file))) else { continue };
        for (at, line) in text.lines().enumerate() {
            for path in machine_paths().iter().filter(|path| line.contains(path.as_str())) {
                wrong.push(format!("{file}:{}: {path}", at + 1));
            }
        }
    }
    assert_none(&wrong, "no file names a path of a machine");
}
