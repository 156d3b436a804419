//! What a package calls itself in its manifest: a client of Gitea is none of GitHub,
//! though its paths are the same.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::pins::folders_above;

/// Bytes of a manifest that are read.
const MAX_MANIFEST: u64 = 64 << 10;

/// How a manifest says the name.
#[derive(Clone, Copy)]
enum Form {
    /// The first of these keys that a TOML document has.
    Toml(&'static [[&'static str; 2]]),
    /// The key `name` of an object.
    Json,
    /// The first line with this key.
    Line(&'static str),
    /// The module of a `go.mod`.
    Go,
}

/// Manifests, the surest first.
const MANIFESTS: [(&str, Form); 8] = [
    ("Cargo.toml", Form::Toml(&[["package", "name"]])),
    ("package.json", Form::Json),
    ("pyproject.toml", Form::Toml(&[["project", "name"], ["poetry", "name"]])),
    ("PKG-INFO", Form::Line("Name")),
    ("setup.cfg", Form::Line("name")),
    ("setup.py", Form::Line("name")),
    ("composer.json", Form::Json),
    ("go.mod", Form::Go),
];

/// The names of packages, looked up once for each folder.
#[derive(Default)]
pub(crate) struct Packages {
    known: Mutex<BTreeMap<PathBuf, Option<String>>>,
}

impl Packages {
    /// The name of the package that a file belongs to: that of the nearest manifest upwards.
    pub(crate) fn of(&self, file: &Path) -> Option<String> {
        folders_above(file).find_map(|folder| self.at(folder))
    }

    fn at(&self, folder: &Path) -> Option<String> {
        if let Ok(known) = self.known.lock()
            && let Some(name) = known.get(folder)
        {
            return name.clone();
        }
        let found = MANIFESTS.iter().find_map(|(file, form)| name_in(&folder.join(file), *form));
        if let Ok(mut known) = self.known.lock() {
            known.insert(folder.to_owned(), found.clone());
        }
        found
    }
}

fn name_in(manifest: &Path, form: Form) -> Option<String> {
    let file = std::fs::File::open(manifest).ok()?.take(MAX_MANIFEST);
    let name = match form {
        Form::Toml(keys) => {
            let text = std::io::read_to_string(file).ok()?;
            let document: toml::Table = text.parse().ok()?;
            let tool = document.get("tool").and_then(toml::Value::as_table);
            let get = |[section, key]: &[&str; 2]| {
                let section = document.get(*section).or_else(|| tool?.get(*section))?;
                section.get(key)?.as_str().map(str::to_owned)
            };
            keys.iter().find_map(get)?
        }
        Form::Json => {
            let document: serde_json::Value = serde_json::from_reader(BufReader::new(file)).ok()?;
            document.get("name")?.as_str()?.to_owned()
        }
        Form::Line(key) => lines(file).find_map(|line| value_of(&line, key))?,
        // A module begins with the host where it is kept.
        Form::Go => match module_name(lines(file))?.split_once('/') {
            Some((host, name)) if host.contains('.') => name.to_owned(),
            _ => return None,
        },
    };
    (!name.is_empty()).then_some(name)
}

fn lines(file: impl Read) -> impl Iterator<Item = String> {
    BufReader::new(file).lines().map_while(Result::ok)
}

/// The value of a key on a line: `name = x`, `name="x",`, `Name: x`.
fn value_of(line: &str, key: &str) -> Option<String> {
    let value = line.trim().strip_prefix(key)?.trim_start().strip_prefix(['=', ':'])?;
    let value = value.split(['#', ',']).next()?.trim().trim_matches(['"', '\'']);
    (!value.is_empty()).then(|| value.to_owned())
}

/// The module of a `go.mod`.
pub(super) fn module_name(mut lines: impl Iterator<Item = String>) -> Option<String> {
    let module = lines.find_map(|line| Some(line.trim().strip_prefix("module")?.trim().to_owned()))?;
    let module = module.split("//").next().unwrap_or_default().trim().trim_matches(['"', '`']);
    (!module.is_empty()).then(|| module.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_called_as_its_manifest_says() {
        let cases = [
            ("Cargo.toml", "[package]\nname = \"orbit-client\"\n", "orbit-client"),
            ("package.json", "{\"name\": \"@acme/orbit\", \"version\": \"1\"}", "@acme/orbit"),
            ("pyproject.toml", "[tool.poetry]\nname = \"orbit\"\n", "orbit"),
            ("pyproject.toml", "[project]\nname = 'orbit'\n", "orbit"),
            ("PKG-INFO", "Metadata-Version: 2.1\nName: orbit\n", "orbit"),
            ("setup.cfg", "[metadata]\nname = orbit\n", "orbit"),
            ("setup.py", "setup(\n    name=\"orbit\",\n    packages=[]\n)\n", "orbit"),
            ("composer.json", "{\"name\": \"acme/orbit\"}", "acme/orbit"),
            ("go.mod", "module example.org/acme/orbit // here\n\ngo 1.22\n", "acme/orbit"),
        ];
        for (file, text, name) in cases {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(file), text).unwrap();
            let packages = Packages::default();
            let at = folder.path().join("src/deep/client.rs");
            assert_eq!(packages.of(&at).as_deref(), Some(name), "{file}");
        }
    }

    #[test]
    fn a_manifest_that_says_nothing_leaves_the_word_to_the_one_above() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        std::fs::write(folder.path().join("inner/package.json"), "{ broken").unwrap();
        std::fs::write(folder.path().join("package.json"), "{\"name\": \"outer\"}").unwrap();
        assert_eq!(Packages::default().of(&folder.path().join("inner/a.js")).as_deref(), Some("outer"));
    }
}
