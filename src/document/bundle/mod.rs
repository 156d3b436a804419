//! A document that is spread over files becomes one: `$ref`s to files are
//! followed, and what they lead to is put among the components of the document.
//!
//! [`follow`] walks the objects that may hold a `$ref` ([`grammar`]) and loads
//! files, [`names`] gives what was found there the name of a component, and this
//! file joins the trees. The readers then see one document with references
//! inside it, as its author could have written it, and places in the files.
//!
//! A document without references to files is not touched.

mod follow;
mod grammar;
mod names;

use rustc_hash::FxHashMap;

use self::follow::{Followed, Place};
use self::names::{Names, Part};
use super::Dialect;
use crate::source::References;
use crate::text::{Node, NodeId, Tree};

pub(super) use self::follow::anchors;
pub use self::follow::{MAX_REFERENCE_DISTANCE, MAX_REFERENCED_BYTES, MAX_REFERENCED_FILES};

/// What [`bundle`] makes.
pub(super) struct Bundled {
    pub(super) tree: Tree,
    /// Why a `$ref` or a discriminator's value leads to nothing, by the string.
    pub(super) refused: FxHashMap<NodeId, String>,
    /// What else is to be said, with its place.
    pub(super) notes: Vec<(NodeId, String)>,
    /// Whether references to files were followed, so that the tree is not the text.
    pub(super) is_changed: bool,
}

/// Follows the references of a document to files.
pub(super) fn bundle(tree: Tree, dialect: Dialect, references: &dyn References) -> Bundled {
    if !may_refer(&tree) {
        return Bundled { tree, refused: FxHashMap::default(), notes: Vec::new(), is_changed: false };
    }
    let Followed { files, links, refused, notes } = follow::follow(tree, dialect, references);
    let names = names::names(&files, &links, dialect);
    let mut files = files;
    // The document itself is always the first.
    let first = files.remove(0).tree;
    let others = files.into_iter().map(|file| (file.name, file.tree)).collect();
    let (mut tree, shifts) = Tree::joined(first, others);
    let at = |place: Place| place.node.raised(shifts[place.file]);
    for (place, text) in &names.rewritten {
        tree.rewrite(at(*place), text);
    }
    if !links.is_empty() {
        put_together(&mut tree, names, at);
    }
    Bundled {
        tree,
        refused: refused.into_iter().map(|(place, why)| (at(place), why)).collect(),
        notes: notes.into_iter().map(|(place, note)| (at(place), note)).collect(),
        is_changed: !links.is_empty(),
    }
}

/// Gives the tree a root that has what was found in files.
fn put_together(tree: &mut Tree, names: Names, at: impl Fn(Place) -> NodeId) {
    let root = tree.root().id();
    let part = |tree: &mut Tree, Part { base, members }: Part| {
        let base = base.map(&at);
        let is_whole = members.is_empty() || base.is_some_and(|base| !tree.node(base).is_object());
        match base.filter(|_| is_whole) {
            Some(base) => base,
            None => {
                let members: Vec<(String, NodeId)> =
                    members.into_iter().map(|(key, place)| (key, at(place))).collect();
                tree.add_object(base.unwrap_or(root), base, &members)
            }
        }
    };
    let mut top: Vec<(String, NodeId)> = Vec::new();
    for (key, found) in names.top {
        top.push((key.to_owned(), part(tree, found)));
    }
    let mut components: Vec<(String, NodeId)> = Vec::new();
    for (key, found) in names.components {
        components.push((key.to_owned(), part(tree, found)));
    }
    let base = names.base.map(&at).filter(|base| tree.node(*base).is_object());
    if !components.is_empty() {
        top.push(("components".to_owned(), tree.add_object(base.unwrap_or(root), base, &components)));
    }
    let root = tree.add_object(root, Some(root), &top);
    tree.set_root(root);
}

/// Whether some reference does not stay inside the document, as far as can be
/// told at a glance.
fn may_refer(tree: &Tree) -> bool {
    let leads_out = |node: Node<'_>| node.as_str().is_some_and(|text| !text.starts_with('#'));
    tree.values_of("$ref").chain(tree.values_of("$dynamicRef")).any(leads_out)
        || tree
            .values_of("mapping")
            .flat_map(Node::entries)
            .any(|entry| entry.value.as_str().is_some_and(follow::looks_like_a_file))
}
