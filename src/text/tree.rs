//! The spanned tree: values in one arena, with their places and raw text.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::{LineIndex, MAX_DEPTH, MAX_EXPANDED, Position, SyntaxError};

/// A range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }
    /// The range as Rust slices take it.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value's number in its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The number of the value at that place.
    pub(super) fn nth(index: usize) -> Self {
        Self(index as u32)
    }
    /// The number where `by` values come before.
    pub(crate) fn raised(self, by: u32) -> Self {
        Self(self.0 + by)
    }
    /// Its place among the values of its tree.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Text that either stands in the source as it is or had escapes in it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Text {
    Source(Span),
    Decoded(u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// The raw text, as written.
    Number(Span),
    String(Text),
    /// A range of `Tree::items`.
    Array(u32, u32),
    /// A range of `Tree::entries`.
    Object(u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) span: Span,
    pub(super) value: Value,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct RawEntry {
    pub(super) key: Text,
    pub(super) key_span: Span,
    pub(super) value: NodeId,
}

/// A text behind the first one, see [`super::joined`].
#[derive(Debug)]
pub(super) struct Part {
    pub(super) start: u32,
    pub(super) name: Arc<str>,
    pub(super) root: NodeId,
    pub(super) lines: OnceLock<LineIndex>,
}

/// Objects with more entries than this are looked up by hash.
const HASHED_FROM: usize = 12;

/// A whole text as values. Cheap to share; values borrow from it as [`Node`].
#[derive(Debug)]
pub struct Tree {
    pub(super) text: Arc<str>,
    pub(super) slots: Vec<Slot>,
    pub(super) items: Vec<NodeId>,
    pub(super) entries: Vec<RawEntry>,
    pub(super) decoded: Vec<Box<str>>,
    pub(super) index: FxHashMap<(NodeId, u64), u32>,
    pub(super) duplicates: Vec<Span>,
    pub(super) root: NodeId,
    /// Of the first text.
    pub(super) lines: OnceLock<LineIndex>,
    /// How many values it stands for once aliases are expanded.
    pub(super) expanded: u64,
    /// The texts behind the first one.
    pub(super) parts: Vec<Part>,
    /// How many values were written; those after were added.
    pub(super) written: u32,
    /// For each value that was added, the one in whose place it is.
    pub(super) stand_ins: Vec<NodeId>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Text.
    String,
    /// A sequence.
    Array,
    /// A mapping.
    Object,
}

impl Kind {
    /// The JSON name with its article, for messages: "an object".
    pub fn described(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A value of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: NodeId,
}

/// A key of an object with its value.
#[derive(Clone, Copy)]
pub struct Entry<'t> {
    /// The key's text.
    pub key: &'t str,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Node<'t>,
}

impl Tree {
    /// The whole text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }
    /// The outermost value.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: self.root }
    }
    /// The value of that number; it must come from this tree.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        Node { tree: self, id }
    }
    /// How many values there are; numbers run below it.
    pub fn len(&self) -> usize {
        self.slots.len()
    }
    /// The numbers of all values; a value comes after the one that holds it,
    /// but for what YAML aliases share.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.slots.len() as u32).map(NodeId)
    }
    /// Whether there is no value: never, a tree has at least its root.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
    /// Keys that stand a second time in their object, in order. The last one is
    /// kept, as by every common reader; those before it are not in the tree.
    pub fn duplicate_keys(&self) -> &[Span] {
        &self.duplicates
    }
    /// The values of all entries under `key`, in no order that means anything.
    pub(crate) fn values_of<'t>(&'t self, key: &'t str) -> impl Iterator<Item = Node<'t>> {
        let found = self.entries.iter().filter(move |entry| self.text_of(entry.key) == key);
        found.map(|entry| Node { tree: self, id: entry.value })
    }
    /// How many values it stands for once YAML aliases are expanded.
    pub(crate) fn expanded(&self) -> u64 {
        self.expanded
    }

    /// The value a JSON pointer (RFC 6901) leads to, `""` being the root.
    pub fn pointer(&self, pointer: &str) -> Option<Node<'_>> {
        self.root().pointer(pointer)
    }

    /// The JSON pointer (RFC 6901) to a value in its own text; where YAML aliases
    /// make several lead there, the one to the anchor.
    pub fn pointer_to(&self, id: NodeId) -> String {
        let (root, id) = self.written_root(id);
        let target = self.slots[id.0 as usize].span;
        let holds = |span: Span| span.start <= target.start && target.end <= span.end;
        let mut node = root;
        let mut pointer = String::new();
        'down: while node.id != id {
            for entry in node.entries() {
                if entry.value.id == id || (holds(entry.value.span()) && !entry.value.is_scalar()) {
                    pointer.push('/');
                    pointer.push_str(&entry.key.replace('~', "~0").replace('/', "~1"));
                    node = entry.value;
                    continue 'down;
                }
            }
            for (place, item) in node.items().enumerate() {
                if item.id == id || (holds(item.span()) && !item.is_scalar()) {
                    pointer.push_str(&format!("/{place}"));
                    node = item;
                    continue 'down;
                }
            }
            break;
        }
        pointer
    }

    pub(super) fn text_of(&self, text: Text) -> &str {
        match text {
            Text::Source(span) => &self.text[span.range()],
            Text::Decoded(index) => &self.decoded[index as usize],
        }
    }
}

impl<'t> Node<'t> {
    fn slot(self) -> &'t Slot {
        &self.tree.slots[self.id.0 as usize]
    }
    /// The value's number.
    pub fn id(self) -> NodeId {
        self.id
    }
    /// The tree it is part of.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }
    /// Where it stands.
    pub fn span(self) -> Span {
        self.slot().span
    }
    /// Line and column of its first character.
    pub fn position(self) -> Position {
        self.tree.position(self.span().start)
    }
    /// What it is.
    pub fn kind(self) -> Kind {
        match self.slot().value {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(..) => Kind::Array,
            Value::Object(..) => Kind::Object,
        }
    }
    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }
    fn is_scalar(self) -> bool {
        !matches!(self.kind(), Kind::Array | Kind::Object)
    }
    /// The text of a string.
    pub fn as_str(self) -> Option<&'t str> {
        match self.slot().value {
            Value::String(text) => Some(self.tree.text_of(text)),
            _ => None,
        }
    }
    /// The text of a string, a number or a boolean as it was written: what
    /// was meant where a string is due and quotes were forgotten (`2.20`).
    pub fn scalar_text(self) -> Option<&'t str> {
        match self.slot().value {
            Value::String(text) => Some(self.tree.text_of(text)),
            Value::Number(span) => Some(&self.tree.text[span.range()]),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }
    /// The raw text of a number.
    pub fn number_text(self) -> Option<&'t str> {
        match self.slot().value {
            Value::Number(span) => Some(&self.tree.text[span.range()]),
            _ => None,
        }
    }
    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.slot().value {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }
    /// The members of an array in order; nothing for any other value.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'t>> + Clone {
        let range = match self.slot().value {
            Value::Array(start, end) => start as usize..end as usize,
            _ => 0..0,
        };
        self.tree.items[range].iter().map(move |id| Node { tree: self.tree, id: *id })
    }
    /// The entries of an object as written; nothing for any other value.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'t>> + Clone {
        self.raw_entries().iter().map(move |entry| self.entry_of(entry))
    }
    fn raw_entries(self) -> &'t [RawEntry] {
        match self.slot().value {
            Value::Object(start, end) => &self.tree.entries[start as usize..end as usize],
            _ => &[],
        }
    }
    fn entry_of(self, entry: &'t RawEntry) -> Entry<'t> {
        Entry {
            key: self.tree.text_of(entry.key),
            key_span: entry.key_span,
            value: Node { tree: self.tree, id: entry.value },
        }
    }
    /// The entry of that key; `None` where there is none or this is no object.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        let entries = self.raw_entries();
        if entries.len() > HASHED_FROM {
            let index = *self.tree.index.get(&(self.id, hash(key)))?;
            let entry = self.entry_of(&entries[index as usize]);
            // Two keys of one hash: look at them all.
            if entry.key == key {
                return Some(entry);
            }
        }
        entries.iter().rev().map(|entry| self.entry_of(entry)).find(|entry| entry.key == key)
    }
    /// The value of that key; `None` where there is none or this is no object.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entry(key).map(|entry| entry.value)
    }
    /// The value that a JSON pointer (RFC 6901) leads to from here.
    pub fn pointer(self, pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut node = self;
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            node = match node.kind() {
                Kind::Object => node.get(&token)?,
                Kind::Array => node.items().nth(token.parse().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }
    /// The value that a dotted path (`x-github.removalDate`) leads to.
    pub fn get_dotted(self, path: &str) -> Option<Node<'t>> {
        self.get(path).or_else(|| {
            let (head, rest) = path.split_once('.')?;
            self.get(head)?.get_dotted(rest)
        })
    }
}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}@{}", self.kind(), self.position())
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    hasher.finish()
}

/// What the index knows of an object.
pub(super) fn indexed<'s>(
    id: NodeId,
    entries: &[RawEntry],
    text_of: impl Fn(Text) -> &'s str,
) -> Vec<((NodeId, u64), u32)> {
    if entries.len() <= HASHED_FROM {
        return Vec::new();
    }
    let key = |(place, entry): (usize, &RawEntry)| ((id, hash(text_of(entry.key))), place as u32);
    entries.iter().enumerate().map(key).collect()
}

fn too_deep(start: usize) -> SyntaxError {
    let message = format!("values are nested deeper than {MAX_DEPTH} levels; this is not read");
    SyntaxError::new(message, start, start + 1)
}

/// Builds a tree from the events of a front end, without recursion.
pub(super) struct Builder {
    text: Arc<str>,
    slots: Vec<Slot>,
    sizes: Vec<u64>,
    /// How many levels each value has, itself included.
    heights: Vec<u32>,
    items: Vec<NodeId>,
    entries: Vec<RawEntry>,
    decoded: Vec<Box<str>>,
    index: FxHashMap<(NodeId, u64), u32>,
    duplicates: Vec<Span>,
    open: Vec<Open>,
    root: Option<NodeId>,
}

struct Open {
    start: u32,
    /// The number it was given when it was opened, for anchors.
    id: NodeId,
    key: Option<(Text, Span)>,
    body: Body,
}

enum Body {
    Array(Vec<NodeId>),
    Object(Vec<RawEntry>),
}

impl Builder {
    pub(super) fn new(text: Arc<str>) -> Self {
        let guess = text.len() / 16;
        Self {
            text,
            slots: Vec::with_capacity(guess),
            sizes: Vec::with_capacity(guess),
            heights: Vec::with_capacity(guess),
            items: Vec::new(),
            entries: Vec::with_capacity(guess),
            decoded: Vec::new(),
            index: FxHashMap::default(),
            duplicates: Vec::new(),
            open: Vec::new(),
            root: None,
        }
    }

    pub(super) fn text_from(&mut self, value: &str, source: Option<Span>) -> Text {
        match source {
            Some(span) if self.text.get(span.range()) == Some(value) => Text::Source(span),
            _ => {
                self.decoded.push(value.into());
                Text::Decoded(self.decoded.len() as u32 - 1)
            }
        }
    }

    fn add(&mut self, span: Span, value: Value, size: u64) -> NodeId {
        self.slots.push(Slot { span, value });
        self.sizes.push(size);
        self.heights.push(1);
        NodeId(self.slots.len() as u32 - 1)
    }

    pub(super) fn null(&mut self, span: Span) -> NodeId {
        self.scalar(span, Value::Null)
    }
    pub(super) fn bool(&mut self, span: Span, value: bool) -> NodeId {
        self.scalar(span, Value::Bool(value))
    }
    pub(super) fn number(&mut self, span: Span) -> NodeId {
        self.scalar(span, Value::Number(span))
    }
    pub(super) fn string(&mut self, span: Span, text: Text) -> NodeId {
        self.scalar(span, Value::String(text))
    }
    fn scalar(&mut self, span: Span, value: Value) -> NodeId {
        let id = self.add(span, value, 1);
        self.attach(id);
        id
    }

    /// Puts an existing value (a YAML alias) where the next one is due.
    pub(super) fn attach(&mut self, id: NodeId) {
        match self.open.last_mut() {
            None => self.root = Some(id),
            Some(Open { body: Body::Array(items), .. }) => items.push(id),
            Some(Open { body: Body::Object(entries), key, .. }) => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(RawEntry { key, key_span, value: id });
                }
            }
        }
    }

    /// Whether the next value is the key of an object.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { body: Body::Object(_), key: None, .. }))
    }
    /// Whether an object or array is open.
    pub(super) fn is_nested(&self) -> bool {
        !self.open.is_empty()
    }
    pub(super) fn key(&mut self, text: Text, span: Span) {
        if let Some(open) = self.open.last_mut() {
            open.key = Some((text, span));
        }
    }

    /// Opens an object or array and gives its number.
    pub(super) fn open(&mut self, start: usize, object: bool) -> Result<NodeId, SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        let id = self.add(Span::new(start, start), Value::Null, 1);
        let body = if object { Body::Object(Vec::new()) } else { Body::Array(Vec::new()) };
        self.open.push(Open { start: start as u32, id, key: None, body });
        Ok(id)
    }

    /// Whether the value of that number is still open: an alias to it would
    /// make the tree contain itself.
    pub(super) fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self, end: usize) -> Result<(), SyntaxError> {
        let Some(Open { start, id, key: _, body }) = self.open.pop() else {
            return Err(SyntaxError::new("found an end without a beginning", end, end));
        };
        let span = Span { start, end: end as u32 };
        let (mut size, mut height) = (1u64, 0u32);
        let value = match body {
            Body::Array(items) => {
                for item in &items {
                    size = size.saturating_add(self.sizes[item.0 as usize]);
                    height = height.max(self.heights[item.0 as usize]);
                }
                let first = self.items.len() as u32;
                self.items.extend(items);
                Value::Array(first, self.items.len() as u32)
            }
            Body::Object(entries) => {
                for entry in &entries {
                    size = size.saturating_add(self.sizes[entry.value.0 as usize]);
                    height = height.max(self.heights[entry.value.0 as usize]);
                }
                let entries = self.merged(entries);
                let entries = self.last_of_each_key(entries);
                let first = self.entries.len() as u32;
                self.index_keys(id, &entries);
                self.entries.extend(entries);
                Value::Object(first, self.entries.len() as u32)
            }
        };
        if size > MAX_EXPANDED {
            let message = format!(
                "with its aliases expanded the document has more than {MAX_EXPANDED} values; this is not read"
            );
            return Err(SyntaxError::new(message, start as usize, start as usize + 1));
        }
        // Aliases nest too.
        if self.open.len() + height as usize >= MAX_DEPTH {
            return Err(too_deep(start as usize));
        }
        self.heights[id.0 as usize] = height + 1;
        self.slots[id.0 as usize] = Slot { span, value };
        self.sizes[id.0 as usize] = size;
        self.attach(id);
        Ok(())
    }

    fn text_of(&self, text: Text) -> &str {
        match text {
            Text::Source(span) => &self.text[span.range()],
            Text::Decoded(index) => &self.decoded[index as usize],
        }
    }

    /// Resolves YAML merge keys (`<<: *anchor`, YAML 1.1 merge type): the
    /// merged entries come after the object's own and do not override them.
    fn merged(&mut self, mut entries: Vec<RawEntry>) -> Vec<RawEntry> {
        let is_merge = |builder: &Self, entry: &RawEntry| {
            builder.text_of(entry.key) == "<<"
                && matches!(builder.slots[entry.value.0 as usize].value, Value::Object(..) | Value::Array(..))
        };
        if !entries.iter().any(|entry| is_merge(self, entry)) {
            return entries;
        }
        let merges: Vec<NodeId> = entries.iter().filter(|e| is_merge(self, e)).map(|e| e.value).collect();
        entries.retain(|entry| !is_merge(self, entry));
        for merge in merges {
            let sources = match self.slots[merge.0 as usize].value {
                Value::Array(start, end) => self.items[start as usize..end as usize].to_vec(),
                _ => vec![merge],
            };
            for source in sources {
                let Value::Object(start, end) = self.slots[source.0 as usize].value else { continue };
                for index in start as usize..end as usize {
                    let entry = self.entries[index];
                    let key = self.text_of(entry.key);
                    if !entries.iter().any(|own| self.text_of(own.key) == key) {
                        entries.push(entry);
                    }
                }
            }
        }
        entries
    }

    fn index_keys(&mut self, id: NodeId, entries: &[RawEntry]) {
        for (key, place) in indexed(id, entries, |text| self.text_of(text)) {
            self.index.insert(key, place);
        }
    }

    /// Takes note of keys that stand twice, and drops all but the last of each.
    fn last_of_each_key(&mut self, entries: Vec<RawEntry>) -> Vec<RawEntry> {
        let mut duplicates = Vec::new();
        let mut dropped: Vec<usize> = Vec::new();
        if entries.len() > HASHED_FROM {
            let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
            for (place, entry) in entries.iter().enumerate() {
                if let Some(before) = seen.insert(self.text_of(entry.key), place) {
                    dropped.push(before);
                    duplicates.push(entry.key_span);
                }
            }
        } else {
            for (place, entry) in entries.iter().enumerate() {
                let is_twin = |before: &RawEntry| self.text_of(before.key) == self.text_of(entry.key);
                if let Some(before) = entries[..place].iter().rposition(is_twin) {
                    dropped.push(before);
                    duplicates.push(entry.key_span);
                }
            }
        }
        self.duplicates.extend(duplicates);
        if dropped.is_empty() {
            return entries;
        }
        dropped.sort_unstable();
        let kept = |(place, _): &(usize, RawEntry)| dropped.binary_search(place).is_err();
        entries.into_iter().enumerate().filter(kept).map(|(_, entry)| entry).collect()
    }

    pub(super) fn finish(mut self) -> Result<Tree, SyntaxError> {
        let Some(root) = self.root else {
            return Err(SyntaxError::new("the text holds no value; expected a JSON or YAML document", 0, 0));
        };
        self.duplicates.sort_unstable();
        Ok(Tree {
            expanded: self.sizes[root.index()],
            written: self.slots.len() as u32,
            parts: Vec::new(),
            stand_ins: Vec::new(),
            text: self.text,
            slots: self.slots,
            items: self.items,
            entries: self.entries,
            decoded: self.decoded,
            index: self.index,
            duplicates: self.duplicates,
            root,
            lines: OnceLock::new(),
        })
    }
}
