//! What the other files of an HCL module give: the files of a folder are one, and `local.x` and the
//! defaults of `var.x` mostly stand in files of their own.

use std::collections::BTreeSet;
use std::path::Path;

use super::given::Given;
use super::hcl::{self, Reader};
use super::region::Region;
use crate::scan::language::Language;

/// Most files of a module that are read.
const MAX_FILES: usize = 50;
/// Most bytes of all of them.
const MAX_BYTES: usize = 256 << 10;
/// Longest text that is given.
const MAX_TEXT: usize = 2 << 10;
/// Words of which one stands in every file that asks for something.
const ASKING: [&str; 8] =
    ["\"http\"", "curl", "wget", "restapi", "rest_", "_http", "httpclient", "\"external\""];

/// What the address of a provider is called.
pub(super) fn provider(name: &str) -> String {
    format!("provider.{name}")
}

/// The texts that the files beside a file give to the names in it.
pub(super) fn beside(path: &Path, text: &str) -> Given {
    let asks = ASKING.iter().any(|word| text.contains(word));
    let Some(folder) = path.parent().filter(|_| asks) else { return Given::default() };
    let wanted = names_in(text);
    let mut module = String::new();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        entries.filter(|file| file != path && file.extension() == path.extension()).collect();
    files.sort();
    for file in files.into_iter().take(MAX_FILES) {
        let small = std::fs::metadata(&file)
            .is_ok_and(|meta| meta.is_file() && meta.len() <= (MAX_BYTES - module.len()) as u64);
        let Some(other) = small.then(|| std::fs::read_to_string(&file).ok()).flatten() else { continue };
        if module.len() + other.len() < MAX_BYTES {
            module.push_str(&other);
            module.push('\n');
        }
    }
    if !["locals", "variable", "provider"].iter().any(|word| module.contains(word)) {
        return Given::default();
    }
    // A constant of another file may be made of one of this file.
    let others = module.len();
    module.push_str(text);
    let Some(tree) = hcl::parsed(&module) else { return Given::default() };
    let (nothing, mut regions) = (Given::default(), Vec::new());
    let mut reader = Reader::new(&module, &nothing, &mut regions);
    reader.blocks_with_constants(tree.root_node());
    let mut texts = Vec::new();
    let constants = wanted.into_iter().filter_map(|name| Some((name.to_owned(), reader.named(name)?)));
    let providers = reader.providers.iter().map(|(name, base)| (provider(name), *base));
    let named: Vec<_> = constants.chain(providers).filter(|(_, known)| known.start_byte() < others).collect();
    for (name, known) in named {
        let mut region = Region::new(Language::Shell);
        reader.add(&mut region, known, 0);
        let text = region.text();
        if !text.is_empty() && text.len() <= MAX_TEXT && !text.contains('\n') {
            texts.push((name, text.to_owned()));
        }
    }
    Given::of_texts(texts)
}

/// The constants that a text names.
fn names_in(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let starts = ["local.", "var."].into_iter().flat_map(|front| text.match_indices(front));
    let names = starts.filter(|(at, _)| !text[..*at].ends_with(is_part)).map(|(at, _)| {
        let rest = &text[at..];
        rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].trim_end_matches(['.', '-'])
    });
    names.collect()
}
