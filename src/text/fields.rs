//! The entries of an object at hand, for who asks for many keys of a small
//! object: most of them are not there, and the tree need not be asked for each.

use smallvec::SmallVec;

use super::tree::Node;

/// Entries that are kept without a heap.
const USUAL: usize = 8;

/// An object's entries; none for any other value.
pub(crate) struct Fields<'t> {
    node: Node<'t>,
    list: SmallVec<[(&'t str, Node<'t>); USUAL]>,
    /// A bit for each length of a key (modulo 64): most keys that are asked for
    /// are told by theirs.
    lengths: u64,
}

fn bit(key: &str) -> u64 {
    1 << (key.len() % 64)
}

impl<'t> Fields<'t> {
    pub(crate) fn of(node: Node<'t>) -> Self {
        let list: SmallVec<[(&'t str, Node<'t>); USUAL]> = node.members().collect();
        let lengths = list.iter().fold(0, |all, (key, _)| all | bit(key));
        Self { node, list, lengths }
    }

    /// The object itself.
    pub(crate) fn node(&self) -> Node<'t> {
        self.node
    }

    /// The value of that key.
    #[inline]
    pub(crate) fn get(&self, key: &str) -> Option<Node<'t>> {
        if self.lengths & bit(key) == 0 {
            return None;
        }
        // Large ones have an index in the tree.
        if self.list.len() > 2 * USUAL {
            return self.node.get(key);
        }
        self.list.iter().find(|(known, _)| known.len() == key.len() && *known == key).map(|(_, value)| *value)
    }

    /// The keys with their values, in the order of the text.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        self.list.iter().copied()
    }

    /// Whether the value of that key is `true`.
    #[inline]
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(Node::as_bool) == Some(true)
    }
}
