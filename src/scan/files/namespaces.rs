//! PHP: where namespaces stand, as the `composer.json` of a package says (PSR-4):
//! `"autoload": { "psr-4": { "Acme\\Orbit\\": "src/" } }`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::modules::{Modules, ancestors, join, split};
use crate::scan::language::Language;

/// Bytes of a manifest that are read.
const MAX_MANIFEST: u64 = 256 << 10;

/// The namespaces of a `composer.json`, with points between their parts, and the folders below
/// its own that they stand in.
pub(super) fn of_manifest(folder: &Path) -> Vec<(String, String)> {
    use std::io::Read;
    let file = std::fs::File::open(folder.join("composer.json")).map(|file| file.take(MAX_MANIFEST));
    let document = file.ok().and_then(|file| serde_json::from_reader(std::io::BufReader::new(file)).ok());
    let Some(document): Option<serde_json::Value> = document else { return Vec::new() };
    let loaded = ["autoload", "autoload-dev"].into_iter().filter_map(|key| document.get(key)?.get("psr-4"));
    let mut out = Vec::new();
    for (namespace, places) in loaded.filter_map(serde_json::Value::as_object).flatten() {
        let places = match places {
            serde_json::Value::Array(places) => places.as_slice(),
            place => std::slice::from_ref(place),
        };
        let namespace = namespace.trim_matches('\\').replace('\\', ".");
        let places = places.iter().filter_map(serde_json::Value::as_str);
        out.extend(places.map(|place| {
            (namespace.clone(), place.trim_start_matches("./").trim_end_matches('/').to_owned())
        }));
    }
    out
}

/// The classes that a file of PHP imports, each with its whole name, points between its parts.
pub(super) fn imported(text: &str) -> BTreeMap<&str, String> {
    let uses = text.lines().filter_map(|line| line.strip_prefix("use "));
    uses.filter_map(|rest| {
        let path = rest.split([';', ' ']).next()?.trim_start_matches('\\');
        let (_, name) = path.rsplit_once('\\')?;
        Some((name, path.replace('\\', ".")))
    })
    .collect()
}

impl Modules<'_> {
    /// Reads where namespaces stand; `read` gives those of a folder's `composer.json`.
    pub(super) fn read_namespaces(&mut self, read: impl Fn(&str) -> Vec<(String, String)>) {
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        let php = self.names.iter().zip(&self.languages);
        for (name, _) in php.filter(|(_, language)| **language == Some(Language::Php)) {
            for above in ancestors(split(name).0).take_while(|above| asked.insert(above)) {
                self.namespaces.extend(
                    read(above).into_iter().map(|(namespace, place)| (namespace, join(above, &place))),
                );
            }
        }
        // The longest says most.
        self.namespaces.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    }

    /// The file of a class of PHP by its whole name, where a manifest says where that stands.
    pub(super) fn of_namespace(&self, class: &str) -> Option<usize> {
        self.namespaces.iter().find_map(|(namespace, place)| {
            let rest = match namespace.as_str() {
                "" => class,
                namespace => class.strip_prefix(namespace)?.strip_prefix('.')?,
            };
            let file = format!("{}.php", join(place, &rest.replace('.', "/")));
            self.files.get(file.as_str()).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_say_where_namespaces_stand() {
        let folder = tempfile::tempdir().unwrap();
        let text = r#"{"autoload": {"psr-4": {"Acme\\Orbit\\": "src/", "Acme\\Orbit\\Old\\": ["./old", "older/"], "": "lib"}}}"#;
        std::fs::write(folder.path().join("composer.json"), text).unwrap();
        let mut found = of_manifest(folder.path());
        found.sort();
        let expected =
            [("", "lib"), ("Acme.Orbit", "src"), ("Acme.Orbit.Old", "old"), ("Acme.Orbit.Old", "older")];
        assert_eq!(found, expected.map(|(namespace, place)| (namespace.to_owned(), place.to_owned())));
        std::fs::write(folder.path().join("composer.json"), "{\"autoload\": [").unwrap();
        assert!(of_manifest(folder.path()).is_empty());
    }
}
