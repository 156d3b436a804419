//! Finds the references of a document and of the files that they lead to, and
//! loads those files, nearest first.

use std::collections::VecDeque;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::grammar::{Form, Kind};
use crate::document::{Dialect, dialect, read};
use crate::source::{Referenced, References};
use crate::text::{self, Kind as Value, Node, NodeId, Tree};

/// Most files that one document may be spread over. Real ones are some
/// thousand at most.
pub const MAX_REFERENCED_FILES: usize = 10_000;
/// Most bytes of all of them.
pub const MAX_REFERENCED_BYTES: usize = 64 * 1024 * 1024;
/// Most steps from file to file: chains that are longer are made, not written.
pub const MAX_REFERENCE_DISTANCE: usize = 64;
/// How many files are fetched at a time: what may be held before the limits
/// are looked at is bounded by it.
const BATCH: usize = 8;
/// Longest reference that is looked at.
const MAX_REFERENCE: usize = 8 * 1024;

/// A text of the document, the first being the document itself.
pub(super) struct File {
    /// What to call it.
    pub(super) name: Arc<str>,
    /// The base of the references inside.
    location: String,
    pub(super) tree: Tree,
    /// How many files are on the way to it.
    distance: usize,
    /// What schemas call themselves there.
    anchors: std::cell::OnceCell<FxHashMap<String, NodeId>>,
}

/// A value of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) node: NodeId,
}

/// A reference that was followed.
pub(super) struct Link {
    /// The string of the reference.
    pub(super) at: Place,
    /// What it should lead to.
    pub(super) kind: Kind,
    /// What it leads to.
    pub(super) target: Place,
    /// The fragment as written, without `#`.
    pub(super) fragment: String,
}

pub(super) struct Followed {
    pub(super) files: Vec<File>,
    pub(super) links: Vec<Link>,
    pub(super) refused: Vec<(Place, String)>,
    pub(super) notes: Vec<(Place, String)>,
}

/// Whether a value of a discriminator's `mapping` is meant as a reference and
/// not as the name of a component.
pub(super) fn looks_like_a_file(text: &str) -> bool {
    !text.starts_with('#')
        && (text.contains(['/', '#']) || [".json", ".yaml", ".yml"].iter().any(|end| text.ends_with(end)))
}

/// A reference whose file is still to be loaded.
struct Waiting {
    at: Place,
    kind: Kind,
    location: String,
    fragment: String,
}

struct Walk<'r> {
    references: &'r dyn References,
    dialect: Dialect,
    /// `$self` of the document.
    own: Option<String>,
    /// Which file is at a location, or why none.
    at: FxHashMap<String, Result<usize, String>>,
    bytes: usize,
    expanded: u64,
    queue: VecDeque<(Place, Kind)>,
    seen: FxHashSet<(Place, Kind)>,
    waiting: Vec<Waiting>,
    out: Followed,
}

pub(super) fn follow(tree: Tree, dialect: Dialect, references: &dyn References) -> Followed {
    let own =
        tree.root().get("$self").and_then(Node::as_str).filter(|own| !own.is_empty()).map(str::to_owned);
    let location = references.document().to_owned();
    let mut at = FxHashMap::default();
    if !location.is_empty() {
        at.insert(location.clone(), Ok(0));
    }
    let root = Place { file: 0, node: tree.root().id() };
    let mut walk = Walk {
        references,
        dialect,
        own: own.filter(|_| dialect == Dialect::OpenApi32),
        at,
        bytes: 0,
        expanded: tree.expanded(),
        queue: VecDeque::from([(root, Kind::Root)]),
        seen: FxHashSet::default(),
        waiting: Vec::new(),
        out: Followed {
            files: vec![File { name: "".into(), location, tree, distance: 0, anchors: Default::default() }],
            links: Vec::new(),
            refused: Vec::new(),
            notes: Vec::new(),
        },
    };
    loop {
        while let Some((place, kind)) = walk.queue.pop_front() {
            walk.visit(place, kind);
        }
        if walk.waiting.is_empty() {
            return walk.out;
        }
        walk.load();
    }
}

impl Walk<'_> {
    fn visit(&mut self, place: Place, kind: Kind) {
        if !self.seen.insert((place, kind)) {
            return;
        }
        let Self { out: Followed { files, .. }, queue, .. } = self;
        let node = files[place.file].tree.node(place.node);
        let mut found: Vec<(NodeId, String, Kind)> = Vec::new();
        for entry in node.entries() {
            if entry.key == "$ref" || (entry.key == "$dynamicRef" && kind == Kind::Schema) {
                let holds = !matches!(kind, Kind::Root | Kind::Responses | Kind::Encoding | Kind::Plain)
                    || (kind == Kind::Plain && node.entries().len() == 1);
                if let Some(text) = entry.value.as_str().filter(|_| holds) {
                    found.push((entry.value.id(), text.to_owned(), kind));
                }
                continue;
            }
            if entry.key == "discriminator" && kind == Kind::Schema {
                for value in entry.value.get("mapping").into_iter().flat_map(Node::entries) {
                    let Some(text) = value.value.as_str() else { continue };
                    if looks_like_a_file(text) || text.starts_with('#') {
                        found.push((value.value.id(), text.to_owned(), kind));
                    }
                }
                continue;
            }
            let Some((form, member)) = kind.member(entry.key) else { continue };
            let mut push = |node: Node<'_>| {
                if node.kind() == Value::Object || member == Kind::Plain {
                    queue.push_back((Place { file: place.file, node: node.id() }, member));
                }
            };
            match form {
                // `items` was once a list, too.
                Form::One if entry.value.kind() == Value::Array && member == Kind::Schema => {
                    entry.value.items().for_each(push);
                }
                Form::One => push(entry.value),
                Form::List => entry.value.items().for_each(push),
                Form::Map => entry.value.entries().for_each(|entry| push(entry.value)),
            }
        }
        for (node, text, kind) in found {
            self.reference(Place { file: place.file, node }, kind, &text);
        }
    }

    fn reference(&mut self, at: Place, kind: Kind, text: &str) {
        if text.len() > MAX_REFERENCE {
            self.out.refused.push((at, format!("it is longer than {MAX_REFERENCE} bytes")));
            return;
        }
        let (address, fragment) = text.split_once('#').unwrap_or((text, ""));
        let fragment = fragment.to_owned();
        let file = &self.out.files[at.file];
        if address.is_empty() {
            // The document's own references stay as they are; where they lead to
            // nothing, the reader says so.
            match (find(file, &fragment), at.file) {
                (Some(node), _) => self.arrived(at, kind, Place { file: at.file, node }, fragment),
                (None, 0) => {}
                (None, _) => {
                    let why = format!("there is no `{text}` in {}", file.name);
                    self.out.refused.push((at, why));
                }
            }
            return;
        }
        if self.own.as_deref() == Some(address) {
            return self.enter(at, kind, 0, fragment);
        }
        if self.dialect.has_json_schema()
            && let Some(node) = named(file, text).or_else(|| named(file, address))
        {
            // A schema's own name; the reader knows those of the document itself.
            if at.file > 0 {
                let target = Place { file: at.file, node };
                match inside(&self.out.files[at.file].tree, node, &fragment) {
                    Some(node) => self.arrived(at, kind, Place { node, ..target }, fragment),
                    None => self.out.refused.push((at, format!("there is no `{text}`"))),
                }
            }
            return;
        }
        match self.references.locate(&file.location, address) {
            Err(refusal) => self.out.refused.push((at, refusal.0)),
            Ok(location) => match self.at.get(&location) {
                None => self.waiting.push(Waiting { at, kind, location, fragment }),
                Some(Ok(file)) => self.enter(at, kind, *file, fragment),
                Some(Err(why)) => self.out.refused.push((at, why.clone())),
            },
        }
    }

    /// Goes to the place of a file that a fragment names.
    fn enter(&mut self, at: Place, kind: Kind, file: usize, fragment: String) {
        match find(&self.out.files[file], &fragment) {
            Some(node) => self.arrived(at, kind, Place { file, node }, fragment),
            // It may be there once all is put together.
            None if file == 0 => {
                let node = self.out.files[0].tree.root().id();
                self.out.links.push(Link { at, kind, target: Place { file, node }, fragment });
            }
            None => {
                let why = format!("there is no `#{fragment}` in {}", self.out.files[file].name);
                self.out.refused.push((at, why));
            }
        }
    }

    fn arrived(&mut self, at: Place, kind: Kind, target: Place, fragment: String) {
        if at.file > 0 || target.file > 0 || self.is_spelled_out(at) {
            self.out.links.push(Link { at, kind, target, fragment });
        }
        self.queue.push_back((target, kind));
    }

    /// Whether a reference of the document itself names its own file.
    fn is_spelled_out(&self, at: Place) -> bool {
        let text = self.out.files[at.file].tree.node(at.node).as_str();
        text.is_some_and(|text| !text.starts_with('#'))
    }

    /// Loads what is waited for, and goes on from there.
    fn load(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        let mut wanted: Vec<(String, usize)> = Vec::new();
        let mut known: FxHashSet<&str> = FxHashSet::default();
        for one in &waiting {
            if self.at.contains_key(&one.location) || !known.insert(&one.location) {
                continue;
            }
            let distance = self.out.files[one.at.file].distance + 1;
            if distance > MAX_REFERENCE_DISTANCE {
                let why = format!(
                    "it is more than {MAX_REFERENCE_DISTANCE} files away from the document; this is not read"
                );
                self.at.insert(one.location.clone(), Err(why));
                continue;
            }
            wanted.push((one.location.clone(), distance));
        }
        for batch in wanted.chunks(BATCH) {
            self.fetch(batch);
        }
        for Waiting { at, kind, location, fragment } in waiting {
            match self.at.get(&location) {
                Some(Ok(file)) => self.enter(at, kind, *file, fragment),
                Some(Err(why)) => self.out.refused.push((at, why.clone())),
                None => self.out.refused.push((at, "it was not read".to_owned())),
            }
        }
    }

    fn fetch(&mut self, batch: &[(String, usize)]) {
        let left = (MAX_REFERENCED_FILES + 1).saturating_sub(self.out.files.len());
        let (batch, over) = batch.split_at(left.min(batch.len()));
        for (location, _) in over {
            let why = format!(
                "the document refers to more than {MAX_REFERENCED_FILES} files; this one is not read"
            );
            self.at.insert(location.clone(), Err(why));
        }
        let locations: Vec<String> = batch.iter().map(|(location, _)| location.clone()).collect();
        let mut answers = self.references.fetch(&locations, MAX_REFERENCED_BYTES - self.bytes);
        answers.truncate(batch.len());
        // In the order of the references, so that the limit hits the same files
        // each time.
        let answers = answers.into_iter().zip(batch).map(|(answer, (location, distance))| {
            let answer = answer.map_err(|refusal| refusal.0).and_then(|found| {
                if found.bytes.len() > MAX_REFERENCED_BYTES - self.bytes {
                    return Err(format!(
                        "the files that the document refers to hold more than {} MB; this one is not read",
                        MAX_REFERENCED_BYTES / (1024 * 1024)
                    ));
                }
                self.bytes += found.bytes.len();
                Ok(found)
            });
            (location.clone(), *distance, answer)
        });
        let parsed = |found: Referenced| match read::tree(&found.name, found.bytes) {
            Ok(tree) => Ok((found.name, found.location, tree)),
            Err(error) => Err(format!("{error}")),
        };
        let answers: Vec<_> = answers.collect();
        let parsed: Vec<_> = answers
            .into_par_iter()
            .map(|(asked, distance, answer)| (asked, distance, answer.and_then(parsed)))
            .collect();
        for (asked, distance, answer) in parsed {
            let file = answer.and_then(|(name, location, tree)| self.add(&name, location, tree, distance));
            self.at.insert(asked, file);
        }
    }

    fn add(&mut self, name: &str, location: String, tree: Tree, distance: usize) -> Result<usize, String> {
        // Another way to a file that is known.
        if let Some(known) = self.at.get(&location) {
            return known.clone();
        }
        self.expanded = self.expanded.saturating_add(tree.expanded());
        if self.expanded > text::MAX_EXPANDED {
            return Err(format!(
                "with the aliases of {name} expanded the document has more than {} values; this is not read",
                text::MAX_EXPANDED
            ));
        }
        let file = self.out.files.len();
        let root = tree.root();
        if let Some(key) = ["openapi", "swagger"].iter().find_map(|key| root.get(key))
            && let Ok(version) = dialect::of(root)
            && version.dialect != self.dialect
        {
            let note = format!(
                "this file says that it is {version}; it is read like the document that refers to it"
            );
            self.out.notes.push((Place { file, node: key.id() }, note));
        }
        self.at.insert(location.clone(), Ok(file));
        let anchors = Default::default();
        self.out.files.push(File { name: name.into(), location, tree, distance, anchors });
        Ok(file)
    }
}

/// What a fragment names in a file.
fn find(file: &File, fragment: &str) -> Option<NodeId> {
    let tree = &file.tree;
    if fragment.is_empty() || fragment.starts_with('/') {
        return inside(tree, tree.root().id(), fragment);
    }
    let names = file.anchors.get_or_init(|| anchors(tree));
    names
        .get(&format!("#{fragment}"))
        .or_else(|| names.get(&format!("#{}", text::percent_decoded(fragment))))
        .copied()
}

/// The schema of that `$id`.
fn named(file: &File, id: &str) -> Option<NodeId> {
    file.anchors.get_or_init(|| anchors(&file.tree)).get(id).copied()
}

fn inside(tree: &Tree, from: NodeId, pointer: &str) -> Option<NodeId> {
    let node = tree.node(from);
    let found = node.pointer(pointer);
    // RFC 6901, section 6: in a URI fragment a pointer is percent-encoded.
    found.or_else(|| node.pointer(&text::percent_decoded(pointer))).map(Node::id)
}

/// What schemas call themselves (JSON Schema 2020-12, section 8.2); a name that
/// stands twice means the first.
pub(crate) fn anchors(tree: &Tree) -> FxHashMap<String, NodeId> {
    let mut out = FxHashMap::default();
    for id in tree.ids() {
        let node = tree.node(id);
        for (key, mark) in [("$anchor", "#"), ("$dynamicAnchor", "#"), ("$id", "")] {
            if let Some(name) = node.get(key).and_then(Node::as_str) {
                out.entry(format!("{mark}{name}")).or_insert(id);
            }
        }
    }
    out
}
