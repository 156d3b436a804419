//! Several texts in one tree, each with lines, columns and pointers of its own.
//!
//! The texts stand one after the other, the values in one arena, so that
//! whoever walks the tree need not know how many files it was. What belongs
//! where is decided by who joins them.

use std::sync::{Arc, OnceLock};

use super::tree::{Node, NodeId, Part, RawEntry, Slot, Span, Text, Tree, Value};
use super::{LineIndex, Position};

impl Tree {
    /// Puts further texts, each with its name, behind `first`. Its root stays the
    /// root. Gives back by how much the numbers of each tree's values grew.
    pub(crate) fn joined(first: Self, others: Vec<(Arc<str>, Self)>) -> (Self, Vec<u32>) {
        let mut tree = first;
        let mut text = tree.text.to_string();
        let mut shifts = vec![0];
        for (name, other) in others {
            // A break between them keeps the end of one apart from the next one's start.
            text.push('\n');
            let (bytes, by) = (text.len() as u32, tree.slots.len() as u32);
            text.push_str(&other.text);
            shifts.push(by);
            let part = Part { start: bytes, name, root: other.root.raised(by), lines: OnceLock::new() };
            tree.append(other, bytes, by);
            tree.parts.push(part);
        }
        tree.text = text.into();
        tree.lines = OnceLock::new();
        tree.written = tree.slots.len() as u32;
        (tree, shifts)
    }

    fn append(&mut self, other: Self, bytes: u32, by: u32) {
        let (items, entries) = (self.items.len() as u32, self.entries.len() as u32);
        let decoded = self.decoded.len() as u32;
        let span = |span: Span| Span { start: span.start + bytes, end: span.end + bytes };
        let text = |text: Text| text.raised(bytes, decoded);
        self.slots.extend(other.slots.into_iter().map(|slot| {
            let value = match slot.value() {
                Value::Number(place) => Value::Number(span(place)),
                Value::String(value) => Value::String(text(value)),
                Value::Array(start, end) => Value::Array(start + items, end + items),
                Value::Object(start, end) => Value::Object(start + entries, end + entries),
                value @ (Value::Null | Value::Bool(_)) => value,
            };
            Slot::new(span(slot.span), value)
        }));
        self.items.extend(other.items.into_iter().map(|id| id.raised(by)));
        self.entries.extend(
            other
                .entries
                .into_iter()
                .map(|entry| RawEntry { key: text(entry.key), value: entry.value.raised(by) }),
        );
        self.decoded.push_str(&other.decoded);
        self.key_spans
            .extend(other.key_spans.into_iter().map(|(start, place)| (start + decoded, span(place))));
        self.is_ordered &= other.is_ordered;
        self.index.extend(other.index.into_iter().map(|((id, key), place)| ((id.raised(by), key), place)));
        self.duplicates.extend(other.duplicates.into_iter().map(span));
        self.expanded = self.expanded.saturating_add(other.expanded);
    }

    /// Gives a string another text. Its place stays.
    pub(crate) fn rewrite(&mut self, id: NodeId, text: &str) {
        let value = Value::String(Text::decoded(&mut self.decoded, text));
        self.slots[id.index()] = Slot::new(self.slots[id.index()].span, value);
    }

    /// Adds an object that stands where `like` does, with the entries of `base`;
    /// those of `changed` take the place of entries of the same key or come
    /// after them.
    pub(crate) fn add_object(
        &mut self,
        like: NodeId,
        base: Option<NodeId>,
        changed: &[(String, NodeId)],
    ) -> NodeId {
        let span = self.slots[like.index()].span;
        let mut entries = match base.map(|base| self.slots[base.index()].value()) {
            Some(Value::Object(start, end)) => self.entries[start as usize..end as usize].to_vec(),
            _ => Vec::new(),
        };
        let known: rustc_hash::FxHashMap<&str, usize> =
            entries.iter().enumerate().map(|(at, entry)| (self.text_of(entry.key), at)).collect();
        let places: Vec<Option<usize>> =
            changed.iter().map(|(key, _)| known.get(key.as_str()).copied()).collect();
        for ((key, value), place) in changed.iter().zip(places) {
            match place {
                Some(place) => entries[place].value = *value,
                None => {
                    let key = Text::decoded(&mut self.decoded, key);
                    let start = self.slots[value.index()].span.start;
                    self.key_spans.insert(key.range().start as u32, Span { start, end: start });
                    entries.push(RawEntry { key, value: *value });
                }
            }
        }
        let id = NodeId::nth(self.slots.len());
        for (key, place) in super::tree::indexed(id, &entries, |text| self.text_of(text)) {
            self.index.insert(key, place);
        }
        let start = self.entries.len() as u32;
        self.entries.extend(entries);
        let value = Value::Object(start, self.entries.len() as u32);
        self.slots.push(Slot::new(span, value));
        self.stand_ins.push(self.written_at(like));
        id
    }

    /// Makes another value the root.
    pub(crate) fn set_root(&mut self, id: NodeId) {
        self.root = id;
    }

    /// The value of that number, or the one in whose place it was added.
    fn written_at(&self, id: NodeId) -> NodeId {
        match (id.index() as u32).checked_sub(self.written) {
            Some(added) if !self.parts.is_empty() => self.stand_ins[added as usize],
            _ => id,
        }
    }

    /// The text that a byte belongs to: nothing for the first, else its place
    /// among [`Tree::parts`].
    fn part(&self, offset: u32) -> Option<&Part> {
        let after = self.parts.partition_point(|part| part.start <= offset);
        self.parts[..after].last()
    }

    /// The name of the text that a byte belongs to; `None` for the first one.
    pub fn part_name(&self, offset: u32) -> Option<&Arc<str>> {
        self.part(offset).map(|part| &part.name)
    }

    /// The names of the texts behind the first one, in order.
    pub fn part_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.parts.iter().map(|part| &part.name)
    }

    /// Whether a value is the outermost one of its text.
    pub(crate) fn is_part_root(&self, id: NodeId) -> bool {
        self.parts.iter().any(|part| part.root == id)
    }

    /// The outermost value, as written, of the text that holds `id`, and `id` or
    /// what it stands for.
    pub(super) fn written_root(&self, id: NodeId) -> (Node<'_>, NodeId) {
        if self.parts.is_empty() {
            return (self.root(), id);
        }
        let id = self.written_at(id);
        let root = match self.part(self.slots[id.index()].span.start) {
            Some(part) => part.root,
            None => self.written_at(self.root),
        };
        (self.node(root), id)
    }

    /// Line and column of a byte in its own text.
    pub fn position(&self, offset: u32) -> Position {
        let (start, lines) = match self.part(offset) {
            Some(part) => (part.start as usize, &part.lines),
            None => (0, &self.lines),
        };
        let next = self.parts.partition_point(|part| part.start <= offset);
        // The break between two texts belongs to neither.
        let end = self.parts.get(next).map_or(self.text.len(), |part| part.start as usize - 1);
        let text = &self.text[start..end];
        lines.get_or_init(|| LineIndex::new(text)).position(text, offset as usize - start)
    }
}
