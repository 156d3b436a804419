//! Variables that a playbook is given by files beside it: the defaults of its role, and those
//! of groups of hosts.

use std::path::Path;

use super::region::Region;
use super::template;
use crate::text::{self, Node};

/// Files and folders above a playbook that are looked into.
const MAX_ABOVE: usize = 4;
/// Most variables that are known.
const MAX_VARIABLES: usize = 200;
/// Largest file of variables, in bytes.
const MAX_BYTES: u64 = 256 << 10;
/// Variables that are made of others, one after the other.
const MAX_MADE: usize = 4;

/// Names and texts.
pub(super) type Given = Vec<(String, String)>;

/// The variables of the files that Ansible reads for a file of tasks; `name` says how far
/// above it the scan goes. None for what is no playbook.
pub(super) fn beside(path: &Path, name: &str, playbook: &str) -> Given {
    let mut out = Given::new();
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
        let plain = entry.key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let value = Some(entry.value)
            .and_then(Node::as_str)
            .filter(|value| !value.is_empty() && !value.contains('\n'));
        if let Some(value) = value.filter(|_| plain && out.len() < MAX_VARIABLES) {
            out.push((entry.key.to_owned(), value.to_owned()));
        }
    }
}

/// Assigns in front of a region what it reads of the variables, and what these are made of.
/// They stand where the region does.
pub(super) fn assign(region: &mut Region, given: &Given, read: &str, at: usize) {
    let shell = |value: &str| template::for_shell(value).replace(['"', '`', '\\'], "_");
    let mut texts: Vec<String> = vec![read.to_owned()];
    let mut needed = vec![false; given.len()];
    for _ in 0..MAX_MADE {
        for (at, (name, value)) in given.iter().enumerate() {
            let reads = |text: &String| !template::spellings(text, name).is_empty();
            if !needed[at] && texts.iter().any(reads) {
                needed[at] = true;
                texts.push(shell(value));
            }
        }
    }
    for ((name, value), _) in given.iter().zip(&needed).filter(|(_, needed)| **needed) {
        let mut names: Vec<String> = Vec::new();
        for spelling in texts.iter().flat_map(|text| template::spellings(text, name)) {
            if !names.contains(&spelling) {
                region.part(&format!("{spelling}=\"{}\"\n", shell(value)), at..at);
                names.push(spelling);
            }
        }
    }
}
