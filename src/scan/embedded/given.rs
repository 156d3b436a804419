//! Variables that a playbook is given by files beside it: the defaults of its role, and those
//! of groups of hosts. Texts, and lists that its tasks are repeated for.

use std::path::Path;

use super::jinja;
use super::region::Region;
use super::template;
use crate::text::{self, Node};

/// Files and folders above a playbook that are looked into.
const MAX_ABOVE: usize = 4;
/// Most roles beside a playbook.
const MAX_ROLES: usize = 200;
/// Most variables that are known.
const MAX_VARIABLES: usize = 200;
/// Largest file of variables, in bytes.
const MAX_BYTES: u64 = 256 << 10;
/// Variables that are made of others, one after the other.
const MAX_MADE: usize = 4;

/// The texts that an element of a list holds, each with its key.
type Element = Vec<(String, String)>;

/// Names and texts, and names of lists with what each element holds.
#[derive(Default)]
pub(super) struct Given {
    texts: Vec<(String, String)>,
    lists: Vec<(String, Vec<Element>)>,
}

impl Given {
    pub(super) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.lists.is_empty()
    }

    /// All texts, those of lists among them.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let elements = self.lists.iter().flat_map(|(_, elements)| elements).flatten();
        self.texts.iter().chain(elements).map(|(_, text)| text.as_str())
    }

    /// Texts alone.
    pub(super) fn of_texts(texts: Vec<(String, String)>) -> Self {
        Self { texts, lists: Vec::new() }
    }

    /// The text of a name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// What the elements of a list hold: the key of each text, empty where the element is one itself.
    pub(super) fn list(&self, name: &str) -> Option<&[Element]> {
        self.lists.iter().rev().find(|(known, _)| known == name).map(|(_, elements)| elements.as_slice())
    }
}

/// The variables of the files that Ansible reads for a file of tasks; `name` says how far
/// above it the scan goes. None for what is no playbook.
pub(super) fn beside(path: &Path, name: &str, playbook: &str) -> Given {
    let mut out = Given::default();
    if !playbook.contains("{{")
        || !["uri:", "get_url:", "curl", "wget"].iter().any(|word| playbook.contains(word))
    {
        return out;
    }
    let levels = name.split('/').count().saturating_sub(1).min(MAX_ABOVE);
    let mut files = Vec::new();
    for above in path.ancestors().skip(1).take(levels + 1) {
        files.extend(
            ["group_vars/all", "group_vars/all/main", "group_vars/all/vars"].map(|file| above.join(file)),
        );
    }
    // What stands further in says more.
    files.reverse();
    let folder = path.parent();
    let in_role = folder.and_then(Path::file_name).is_some_and(|name| name == "tasks" || name == "handlers");
    if let Some(role) = folder.and_then(Path::parent).filter(|_| in_role && levels > 0) {
        files.extend(["defaults/main", "vars/main"].map(|file| role.join(file)));
    }
    // The roles of a playbook give their defaults to its own tasks too.
    let roles = folder.filter(|_| playbook.contains("roles:")).map(|folder| folder.join("roles"));
    let entries = roles.and_then(|roles| std::fs::read_dir(roles).ok()).into_iter().flatten().flatten();
    let named = |role: &std::path::PathBuf| {
        role.file_name().and_then(|name| name.to_str()).is_some_and(|name| playbook.contains(name))
    };
    let mut roles: Vec<_> = entries.take(MAX_ROLES).map(|entry| entry.path()).filter(named).collect();
    roles.sort();
    for role in roles {
        files.extend(["defaults/main", "vars/main"].map(|file| role.join(file)));
    }
    for file in files {
        for extension in ["yml", "yaml"] {
            read(&file.with_extension(extension), &mut out);
        }
    }
    out
}

fn read(file: &Path, out: &mut Given) {
    let small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MAX_BYTES);
    let Some(text) = small.then(|| std::fs::read_to_string(file).ok()).flatten() else { return };
    let Ok(tree) = text::parse(text.into()) else { return };
    for entry in tree.root().entries() {
        keep(entry.key, entry.value, out);
        // A table of addresses: `endpoints.users`, `endpoints['users']`.
        for inner in entry.value.entries() {
            keep(&format!("{}.{}", entry.key, inner.key), inner.value, out);
        }
        let elements: Vec<_> = entry.value.items().map(held).collect();
        if !elements.is_empty() && out.lists.len() < MAX_VARIABLES {
            out.lists.push((entry.key.to_owned(), elements));
        }
    }
}

fn keep(name: &str, value: Node<'_>, out: &mut Given) {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let value = value.as_str().filter(|value| !value.is_empty() && !value.contains('\n'));
    if let Some(value) = value.filter(|_| plain && out.texts.len() < MAX_VARIABLES) {
        out.texts.push((name.to_owned(), jinja::plain(value).unwrap_or_else(|| value.to_owned())));
    }
}

/// The texts of an element of a list, each with its key.
fn held(element: Node<'_>) -> Element {
    let own = element.as_str().map(|text| (String::new(), text));
    let inner = element.entries().filter_map(|entry| Some((entry.key.to_owned(), entry.value.as_str()?)));
    let texts = own.into_iter().chain(inner).filter(|(_, text)| !text.is_empty() && !text.contains('\n'));
    texts.map(|(key, text)| (key, text.to_owned())).collect()
}

/// Assigns in front of a region what it reads of the variables, and what these are made of.
/// They stand where the region does.
pub(super) fn assign(region: &mut Region, given: &Given, read: &str, at: usize) {
    let mut texts: Vec<String> = vec![read.to_owned()];
    let mut needed = vec![false; given.texts.len()];
    for _ in 0..MAX_MADE {
        for (at, (name, value)) in given.texts.iter().enumerate() {
            let reads = |text: &String| !template::spellings(text, name).is_empty();
            if !needed[at] && texts.iter().any(reads) {
                needed[at] = true;
                texts.push(template::in_quotes(value));
            }
        }
    }
    for ((name, value), _) in given.texts.iter().zip(&needed).filter(|(_, needed)| **needed) {
        let mut names: Vec<String> = Vec::new();
        for spelling in texts.iter().flat_map(|text| template::spellings(text, name)) {
            if !names.contains(&spelling) {
                region.part(&format!("{spelling}=\"{}\"\n", template::in_quotes(value)), at..at);
                names.push(spelling);
            }
        }
    }
}
