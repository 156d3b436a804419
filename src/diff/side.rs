//! A document as far as schemas need it: where a `$ref` leads, which schema is
//! meant at a place, and who extends a component. Reads no keywords of values.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::discriminator::{self, Heirs};
use crate::document::{Direction, Document, Schema, SchemaId};
use crate::text::{Node, NodeId, Tree};

/// Longest chain of references to references that is followed.
const MAX_REFERENCES: usize = 32;
/// Most schemas that are asked whether one is of one direction only.
const MAX_PARTS: usize = 64;
/// Keywords that say nothing of values where they stand beside a `$ref`.
const SAYS_NOTHING: [&str; 9] = [
    "title",
    "description",
    "summary",
    "example",
    "examples",
    "externalDocs",
    "deprecated",
    "readOnly",
    "writeOnly",
];

/// A document as far as schemas need it. Cheap to copy.
#[derive(Clone)]
pub(super) struct Side<'d> {
    pub(super) tree: &'d Tree,
    pub(super) document: Option<&'d Document>,
    /// For each node its schema's number and one more; 0 where there is none.
    by_node: Arc<[u32]>,
    /// Whether what stands beside a `$ref` counts (OpenAPI 3.1, JSON Schema).
    pub(super) siblings_count: bool,
    /// Whether parameters are their own schemas (Swagger 2.0).
    pub(super) is_swagger: bool,
    pub(super) heirs: Arc<Heirs>,
    /// What `$dynamicAnchor` and `$anchor` name; `None` for a name that stands twice.
    anchors: std::cell::OnceCell<FxHashMap<String, Option<NodeId>>>,
}

impl<'d> Side<'d> {
    pub(super) fn of_document(document: &'d Document) -> Self {
        let tree = document.tree();
        let mut by_node = vec![0; tree.len()];
        for (at, schema) in document.schemas().iter().enumerate() {
            by_node[schema.node.index()] = at as u32 + 1;
        }
        let dialect = &document.dialect;
        let is_swagger = dialect.family == "Swagger";
        let siblings_count = dialect.family == "OpenAPI" && !dialect.version.starts_with("3.0");
        let heirs = Arc::new(discriminator::heirs(tree));
        let anchors = std::cell::OnceCell::new();
        Self {
            tree,
            document: Some(document),
            by_node: by_node.into(),
            siblings_count,
            is_swagger,
            heirs,
            anchors,
        }
    }

    /// The components that extend the one at that pointer.
    pub(super) fn heirs_of(&self, pointer: &str) -> &[String] {
        self.heirs.get(pointer).map_or(&[], Vec::as_slice)
    }

    pub(super) fn of_schema(tree: &'d Tree) -> Self {
        let (by_node, heirs) = (Arc::default(), Arc::default());
        let anchors = std::cell::OnceCell::new();
        Self { tree, document: None, by_node, siblings_count: true, is_swagger: false, heirs, anchors }
    }

    /// The schema that the document's model has at a node.
    pub(super) fn schema_of(&self, node: NodeId) -> Option<&'d Schema> {
        let at = self.by_node.get(node.index())?.checked_sub(1)?;
        self.document?.schemas().get(at as usize)
    }

    /// The schema at a node that the model put together: there is no object to read.
    pub(super) fn made(&self, node: NodeId) -> Option<&'d Schema> {
        self.schema_of(node).filter(|schema| schema.is_made)
    }

    /// Where the parts of a schema stand that the model put together.
    pub(super) fn node_of(&self, id: SchemaId) -> Option<NodeId> {
        self.document.map(|document| document.schema(id).node)
    }

    /// Where a schema's `$ref` leads.
    pub(super) fn target(&self, node: Node<'d>, pointer: &str) -> Option<NodeId> {
        if let Some(target) = self.schema_of(node.id()).and_then(|schema| schema.target) {
            return self.node_of(target);
        }
        self.tree.pointer(pointer.strip_prefix('#')?).map(Node::id)
    }

    /// Where a `$dynamicRef` leads: with one anchor of that name there is but one
    /// place, whatever is in scope.
    pub(super) fn dynamic(&self, pointer: &str) -> Option<NodeId> {
        let Some(name) = pointer.strip_prefix('#').filter(|name| !name.is_empty() && !name.starts_with('/'))
        else {
            return self.tree.pointer(pointer.strip_prefix('#')?).map(Node::id);
        };
        let all = self.anchors.get_or_init(|| {
            let mut all: FxHashMap<String, Option<NodeId>> = FxHashMap::default();
            for id in self.tree.ids() {
                for key in ["$dynamicAnchor", "$anchor"] {
                    if let Some(name) = self.tree.node(id).get(key).and_then(Node::as_str) {
                        all.entry(name.to_owned()).and_modify(|known| *known = None).or_insert(Some(id));
                    }
                }
            }
            all
        });
        all.get(name).copied().flatten()
    }

    /// The schema that is meant at a node: where a `$ref` leads beside which
    /// nothing stands that counts. So a component is one schema, however many
    /// places refer to it.
    pub(super) fn meant(&self, node: NodeId) -> NodeId {
        let mut at = node;
        for _ in 0..MAX_REFERENCES {
            // The model knows of most that they refer to nothing.
            let has_none = |schema: &Schema| schema.target.is_none() && !schema.dangling;
            if self.schema_of(at).is_some_and(has_none) {
                return at;
            }
            let here = self.tree.node(at);
            let Some(pointer) = here.get("$ref").and_then(Node::as_str) else { return at };
            let is_bare = here.members().all(|(key, _)| match key {
                "$ref" => true,
                "nullable" | "x-nullable" | "format" | "default" | "deprecated" | "x-deprecated" => false,
                key => !self.siblings_count || SAYS_NOTHING.contains(&key),
            });
            match self.target(here, pointer).filter(|_| is_bare) {
                Some(target) => at = target,
                None => return at,
            }
        }
        // In a circle: no more than what is written.
        node
    }

    /// Whether a schema is one of the other direction only: it says so, or what it
    /// refers to, or what it is put together from (annotations are about the value
    /// wherever they stand: JSON Schema 2020-12 Core, section 7.7).
    pub(super) fn is_barred(&self, node: Node<'d>, direction: Direction) -> bool {
        self.bars(node, direction, &mut { MAX_PARTS })
    }

    fn bars(&self, node: Node<'d>, direction: Direction, parts_left: &mut usize) -> bool {
        // The model has read the flags and what leads on, but for what holds for
        // some values only.
        if let Some(schema) = self.schema_of(node.id()).filter(|schema| schema.any_of.is_empty()) {
            let is_flagged = match direction {
                Direction::Request => schema.read_only,
                Direction::Response => schema.write_only,
            };
            let mut parts = schema.target.iter().chain(&schema.all_of).peekable();
            if is_flagged || parts.peek().is_none() || *parts_left == 0 {
                return is_flagged;
            }
            *parts_left -= 1;
            return parts.any(|part| {
                let node = self.node_of(*part).map(|id| self.tree.node(id));
                node.is_some_and(|node| self.bars(node, direction, parts_left))
            });
        }
        let flag = match direction {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        };
        if node.get(flag).and_then(Node::as_bool) == Some(true) {
            return true;
        }
        if *parts_left == 0 {
            return false;
        }
        *parts_left -= 1;
        let target = node.get("$ref").and_then(Node::as_str).and_then(|pointer| self.target(node, pointer));
        if target.is_some_and(|target| self.bars(self.tree.node(target), direction, parts_left)) {
            return true;
        }
        let branches = |key: &str| node.get(key).into_iter().flat_map(Node::items);
        if branches("allOf").any(|branch| self.bars(branch, direction, parts_left)) {
            return true;
        }
        ["anyOf", "oneOf"].into_iter().any(|key| {
            let is_null = |branch: &Node<'d>| branch.get("type").and_then(Node::as_str) == Some("null");
            let mut all = branches(key).filter(|branch| !is_null(branch)).peekable();
            all.peek().is_some() && all.all(|branch| self.bars(branch, direction, parts_left))
        })
    }
}
