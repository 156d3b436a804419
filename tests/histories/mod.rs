//! What the tests of histories share: a folder of documents and a policy, read
//! the way the commands read them.

pub(crate) mod referee;

use std::path::Path;

use sunwatch::document::Document;
use sunwatch::lifecycle::History;
use sunwatch::policy::Policy;
use sunwatch::release::ReleaseId;
use sunwatch::source::{SourceSpec, Surroundings};

/// The rules that the fixtures' policies name.
pub(crate) const RULES: [&str; 1] = ["removed-before-window"];

pub(crate) struct Api {
    pub(crate) policy: Policy,
    pub(crate) notes: Vec<String>,
    pub(crate) documents: Vec<(ReleaseId, Document)>,
    pub(crate) history: History,
}

/// A vendor of `fixtures/`: `releases/` and `policy.toml`.
pub(crate) fn fixture(name: &str) -> Api {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let text = std::fs::read_to_string(folder.join("policy.toml")).unwrap();
    let policy = Policy::parse(&text, "policy.toml", &RULES).unwrap();
    read(&folder.join("releases"), policy)
}

/// A folder of documents under a policy.
pub(crate) fn read(folder: &Path, policy: Policy) -> Api {
    let spec = SourceSpec::parse(folder.to_str().unwrap()).unwrap();
    let bundle = spec
        .fetch(&mut Surroundings { stdin: &mut std::io::empty(), allow_ref: &[], network: None })
        .unwrap();
    let annotations = policy.reading();
    let read = |found: sunwatch::source::Fetched| {
        let document =
            Document::read_with(&found.name, found.bytes, &annotations, &*found.references).unwrap();
        (found.release.unwrap(), document)
    };
    let documents: Vec<_> = bundle.documents.into_iter().map(read).collect();
    let history = History::of_documents(&documents, &policy);
    Api { policy, notes: bundle.notes, documents, history }
}
