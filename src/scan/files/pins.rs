//! Which version of a package a repository pins: requirements, lock files,
//! manifests. Read as texts, since a line says all that is needed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Files in which versions are pinned, the surest first.
const FILES: [&str; 12] = [
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "requirements.txt",
    "requirements.lock",
    "pyproject.toml",
    "package.json",
    "go.mod",
    "pom.xml",
];
/// Larger files are not read.
const MAX_FILE: u64 = 16 << 20;
/// Folders upwards in which such a file is looked for.
const MAX_UPWARDS: usize = 8;

/// The folders in which what holds for a file may stand, the nearest first.
pub(super) fn folders_above(file: &Path) -> impl Iterator<Item = &Path> {
    let folders = file.ancestors().skip(1).take(MAX_UPWARDS);
    folders.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// The versions that are pinned for a folder, looked up once for each folder.
#[derive(Default)]
pub(super) struct Pins {
    known: Mutex<BTreeMap<(PathBuf, String), Option<String>>>,
}

impl Pins {
    /// The version of a package for a file: that of the nearest folder upwards
    /// that pins one.
    pub(super) fn version(&self, file: &Path, package: &str) -> Option<String> {
        folders_above(file).find_map(|folder| self.of(folder, package))
    }

    fn of(&self, folder: &Path, package: &str) -> Option<String> {
        let key = (folder.to_owned(), package.to_owned());
        if let Ok(known) = self.known.lock()
            && let Some(version) = known.get(&key)
        {
            return version.clone();
        }
        let found = FILES.iter().find_map(|name| {
            let path = folder.join(name);
            let size = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?.len();
            if size > MAX_FILE {
                return None;
            }
            pinned(name, &std::fs::read_to_string(path).ok()?, package)
        });
        if let Ok(mut known) = self.known.lock() {
            known.insert(key, found.clone());
        }
        found
    }
}

/// The version of a package in one file.
fn pinned(file: &str, text: &str, package: &str) -> Option<String> {
    match file {
        "uv.lock" | "poetry.lock" => locked(text, package),
        "Pipfile.lock" => {
            in_json(text, &[&["default", package, "version"], &["develop", package, "version"]])
        }
        "package-lock.json" => {
            let path = format!("node_modules/{package}");
            in_json(text, &[&["packages", &path, "version"], &["dependencies", package, "version"]])
        }
        "package.json" => in_json(text, &[&["dependencies", package], &["devDependencies", package]]),
        "pom.xml" => {
            let (_, rest) = text.split_once(&format!("<artifactId>{package}</artifactId>"))?;
            let (inside, _) = rest.split_once("</dependency>")?;
            number(inside.split_once("<version>")?.1)
        }
        "go.mod" => text.lines().find_map(|line| {
            let line = line.trim().trim_start_matches("require").trim();
            number(line.strip_prefix(package)?.strip_prefix(' ')?.trim())
        }),
        "yarn.lock" | "pnpm-lock.yaml" => {
            let mut lines = text.lines().skip_while(|line| !names(line, package));
            let head = lines.next()?;
            let inline = head.split_once(&format!("{package}@")).and_then(|(_, rest)| number(rest));
            lines.next().and_then(|line| number(line.trim().strip_prefix("version")?)).or(inline)
        }
        _ => text.lines().find_map(|line| requirement(line, package)),
    }
}

fn names(line: &str, package: &str) -> bool {
    line.trim_start_matches([' ', '"', '\'', '/'])
        .strip_prefix(package)
        .is_some_and(|rest| rest.starts_with('@'))
}

/// `[[package]]` with name and version, in TOML.
fn locked(text: &str, package: &str) -> Option<String> {
    text.split("[[package]]").skip(1).find_map(|part| {
        let value = |key: &str| {
            part.lines().find_map(|line| {
                let (name, value) = line.split_once('=')?;
                (name.trim() == key).then(|| value.trim().trim_matches('"').to_owned())
            })
        };
        (same(&value("name")?, package)).then(|| value("version"))?
    })
}

/// A value of a JSON text, by the first path that is there.
fn in_json(text: &str, paths: &[&[&str]]) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    paths.iter().find_map(|path| {
        let found = path.iter().try_fold(&json, |value, key| value.get(key))?;
        number(found.as_str()?)
    })
}

/// `runapy==1.218.0`, `"runapy~=1.218"`, with extras and markers.
fn requirement(line: &str, package: &str) -> Option<String> {
    let line = line.trim().trim_start_matches(['"', '\'', '-', ' ']);
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))?;
    if !same(&line[..end], package) {
        return None;
    }
    let rest = line[end..].trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1.trim_start(),
        None => rest,
    };
    // `>=` says what is too old, not what is used.
    let pins = ["===", "==", "~="].iter().find_map(|sign| rest.strip_prefix(sign));
    let poetry = || rest.strip_prefix('=').map(|rest| rest.trim().trim_start_matches(['"', '^', '~', '=']));
    number(pins.or_else(poetry)?)
}

/// Whether two names are one package: case and separators do not count.
fn same(a: &str, b: &str) -> bool {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['_', '.'], "-");
    plain(a) == plain(b)
}

/// The version number that a text begins with.
fn number(text: &str) -> Option<String> {
    let text = text.trim_start_matches([' ', '"', '\'', ':', '=', '^', '~', 'v']);
    let version: String =
        text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')).collect();
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_where_they_are_pinned() {
        for (file, text) in [
            ("requirements.txt", "requests\nrunapy==1.218.0  # old\n"),
            ("requirements.txt", "Runapy[async] ~= 1.218.0; python_version > '3'\n"),
            ("pyproject.toml", "dependencies = [\n  \"runapy==1.218.0\",\n]\n"),
            ("pyproject.toml", "[tool.poetry.dependencies]\nrunapy = \"^1.218.0\"\n"),
            (
                "poetry.lock",
                "[[package]]\nname = \"a\"\nversion = \"1\"\n\n[[package]]\nname = \"runapy\"\nversion = \"1.218.0\"\n",
            ),
            ("uv.lock", "[[package]]\nname = \"runapy\"\nversion = \"1.218.0\"\n"),
            ("Pipfile.lock", "{\"default\": {\"runapy\": {\"version\": \"==1.218.0\"}}}"),
            ("package-lock.json", "{\"packages\": {\"node_modules/runapy\": {\"version\": \"1.218.0\"}}}"),
            ("package.json", "{\"dependencies\": {\"runapy\": \"^1.218.0\"}}"),
            ("go.mod", "module x\n\nrequire (\n\trunapy v1.218.0 // indirect\n)\n"),
            ("yarn.lock", "runapy@^1.0.0:\n  version \"1.218.0\"\n"),
            ("pnpm-lock.yaml", "packages:\n  runapy@1.218.0:\n    resolution: x\n"),
            (
                "pom.xml",
                "<dependency><groupId>g</groupId><artifactId>runapy</artifactId>\n<version>1.218.0</version></dependency>",
            ),
        ] {
            assert_eq!(pinned(file, text, "runapy").as_deref(), Some("1.218.0"), "{file}: {text}");
            assert_eq!(pinned(file, text, "other"), None, "{file}");
        }
        for text in ["runapy>=1.218.0\n", "runapy\n", "runapy-extra==1\n", "# runapy==1.2\n"] {
            assert_eq!(pinned("requirements.txt", text, "runapy"), None, "{text}");
        }
    }
}
