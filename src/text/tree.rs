//! The spanned tree: values in one arena, with their places and raw text.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::{LineIndex, MAX_DEPTH, MAX_EXPANDED, Position, Source, SyntaxError};

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
pub(super) struct Text {
    /// Where it begins: in the source, or among what was decoded.
    start: u32,
    /// Its length in bytes; the highest bits say that it was decoded, or that it
    /// is a key in quotes.
    length: u32,
}

/// Marks of a text. Texts are shorter ([`super::MAX_BYTES`]).
const DECODED: u32 = 1 << 31;
const QUOTED: u32 = 1 << 30;
const MARKS: u32 = DECODED | QUOTED;

impl Text {
    pub(super) fn is_decoded(self) -> bool {
        self.length & DECODED != 0
    }
    pub(super) fn range(self) -> std::ops::Range<usize> {
        let start = self.start as usize;
        start..start + (self.length & !MARKS) as usize
    }
    /// The text where what was decoded, or the source, is behind so many bytes.
    pub(super) fn raised(self, source: u32, decoded: u32) -> Self {
        Self { start: self.start + if self.is_decoded() { decoded } else { source }, ..self }
    }
    /// Adds a text to those that were decoded.
    pub(super) fn decoded(all: &mut String, text: &str) -> Self {
        let start = all.len() as u32;
        all.push_str(text);
        // No two begin at one place, so that a key is told by its own.
        if text.is_empty() {
            all.push(' ');
        }
        Self { start, length: text.len() as u32 | DECODED }
    }
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

/// A value with its place, in sixteen bytes: there are as many as words in a
/// document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) span: Span,
    /// What it is, in the highest bits, and where it begins.
    first: u32,
    /// Where it ends, or a text's length.
    second: u32,
}

/// Bits of [`Slot::first`] that say what a value is. What is left is enough for
/// places in texts ([`super::MAX_BYTES`]) and joined ones.
const TAG: u32 = 29;

impl Slot {
    pub(super) fn new(span: Span, value: Value) -> Self {
        let (tag, first, second) = match value {
            Value::Null => (0, 0, 0),
            Value::Bool(value) => (1, 0, u32::from(value)),
            Value::Number(_) => (2, 0, 0),
            Value::String(text) => (3, text.start, text.length),
            Value::Array(start, end) => (4, start, end),
            Value::Object(start, end) => (5, start, end),
        };
        Self { span, first: tag << TAG | first, second }
    }

    pub(super) fn value(&self) -> Value {
        let first = self.first & ((1 << TAG) - 1);
        match self.first >> TAG {
            0 => Value::Null,
            1 => Value::Bool(self.second != 0),
            // It is what stands there.
            2 => Value::Number(self.span),
            3 => Value::String(Text { start: first, length: self.second }),
            4 => Value::Array(first, self.second),
            _ => Value::Object(first, self.second),
        }
    }
}

/// A key with its value. There are as many as values: kept small.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawEntry {
    pub(super) key: Text,
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
    pub(super) text: Source,
    pub(super) slots: Vec<Slot>,
    pub(super) items: Vec<NodeId>,
    pub(super) entries: Vec<RawEntry>,
    /// All texts that had escapes in them, one behind the other.
    pub(super) decoded: String,
    /// Where the keys stand that are not in the source as they are.
    pub(super) key_spans: FxHashMap<u32, Span>,
    /// Whether members stand in the order of the text: without aliases.
    pub(super) is_ordered: bool,
    pub(super) index: FxHashMap<(NodeId, u32), u32>,
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
    pub fn text(&self) -> &str {
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
        // Most others are told by their lengths.
        let is_it =
            move |entry: &&RawEntry| entry.key.range().len() == key.len() && self.text_of(entry.key) == key;
        let found = self.entries.iter().filter(is_it);
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
            let leads = |value: NodeId| {
                let value = self.node(value);
                value.id == id || (holds(value.span()) && !value.is_scalar())
            };
            // Without aliases members stand in the order of the text.
            let is_before = |value: NodeId| self.node(value).span().end <= target.start;
            let entries = node.raw_entries();
            let from = match self.is_ordered {
                true => entries.partition_point(|entry| is_before(entry.value)),
                false => 0,
            };
            if let Some(entry) = entries[from..].iter().find(|entry| leads(entry.value)) {
                let key = self.text_of(entry.key);
                pointer.push('/');
                match key.contains(['~', '/']) {
                    true => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                    false => pointer.push_str(key),
                }
                node = self.node(entry.value);
                continue 'down;
            }
            let items = node.raw_items();
            if let Some(place) = items.iter().position(|item| leads(*item)) {
                pointer.push_str(&format!("/{place}"));
                node = self.node(items[place]);
                continue 'down;
            }
            break;
        }
        pointer
    }

    pub(super) fn text_of(&self, text: Text) -> &str {
        match text.is_decoded() {
            true => &self.decoded[text.range()],
            false => &self.text[text.range()],
        }
    }

    fn bytes_of(&self, text: Text) -> &[u8] {
        let all = if text.is_decoded() { &*self.decoded } else { &*self.text };
        &all.as_bytes()[text.range()]
    }

    fn key_span(&self, key: Text) -> Span {
        key_span(key, &self.key_spans)
    }
}

/// Where a key stands, its quotes included.
fn key_span(key: Text, spans: &FxHashMap<u32, Span>) -> Span {
    if key.is_decoded() {
        return spans.get(&key.start).copied().unwrap_or(Span::new(0, 0));
    }
    let quotes = usize::from(key.length & QUOTED != 0);
    Span::new(key.range().start - quotes, key.range().end + quotes)
}

/// A token of a JSON pointer as the key that it means (RFC 6901, section 4).
fn unescaped(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
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
        match self.slot().value() {
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
        match self.slot().value() {
            Value::String(text) => Some(self.tree.text_of(text)),
            _ => None,
        }
    }
    /// The text of a string, a number or a boolean as it was written: what
    /// was meant where a string is due and quotes were forgotten (`2.20`).
    pub fn scalar_text(self) -> Option<&'t str> {
        match self.slot().value() {
            Value::String(text) => Some(self.tree.text_of(text)),
            Value::Number(span) => Some(&self.tree.text[span.range()]),
            Value::Bool(true) => Some("true"),
            Value::Bool(false) => Some("false"),
            _ => None,
        }
    }
    /// The raw text of a number.
    pub fn number_text(self) -> Option<&'t str> {
        match self.slot().value() {
            Value::Number(span) => Some(&self.tree.text[span.range()]),
            _ => None,
        }
    }
    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.slot().value() {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }
    /// The members of an array in order; nothing for any other value.
    pub fn items(self) -> impl ExactSizeIterator<Item = Node<'t>> + Clone {
        self.raw_items().iter().map(move |id| Node { tree: self.tree, id: *id })
    }
    fn raw_items(self) -> &'t [NodeId] {
        match self.slot().value() {
            Value::Array(start, end) => &self.tree.items[start as usize..end as usize],
            _ => &[],
        }
    }
    /// The entries of an object as written; nothing for any other value.
    pub fn entries(self) -> impl ExactSizeIterator<Item = Entry<'t>> + Clone {
        self.raw_entries().iter().map(move |entry| self.entry_of(entry))
    }
    /// The keys of an object with their values, as written; without their places.
    pub(crate) fn members(self) -> impl ExactSizeIterator<Item = (&'t str, Node<'t>)> + Clone {
        self.raw_entries()
            .iter()
            .map(move |entry| (self.tree.text_of(entry.key), Node { tree: self.tree, id: entry.value }))
    }
    fn raw_entries(self) -> &'t [RawEntry] {
        match self.slot().value() {
            Value::Object(start, end) => &self.tree.entries[start as usize..end as usize],
            _ => &[],
        }
    }
    fn entry_of(self, entry: &'t RawEntry) -> Entry<'t> {
        Entry {
            key: self.tree.text_of(entry.key),
            key_span: self.tree.key_span(entry.key),
            value: Node { tree: self.tree, id: entry.value },
        }
    }
    /// The entry of that key; `None` where there is none or this is no object.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        self.raw_entry(key).map(|entry| self.entry_of(entry))
    }
    /// The value of that key; `None` where there is none or this is no object.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.raw_entry(key).map(|entry| Node { tree: self.tree, id: entry.value })
    }
    fn raw_entry(self, key: &str) -> Option<&'t RawEntry> {
        let entries = self.raw_entries();
        if entries.is_empty() {
            return None;
        }
        // Most others are told by their lengths.
        let is_it = |entry: &&RawEntry| {
            entry.key.range().len() == key.len() && self.tree.bytes_of(entry.key) == key.as_bytes()
        };
        if entries.len() > HASHED_FROM {
            let index = *self.tree.index.get(&(self.id, hash(key)))?;
            // Two keys of one hash: look at them all.
            if let Some(entry) = entries.get(index as usize).filter(is_it) {
                return Some(entry);
            }
        }
        entries.iter().rev().find(is_it)
    }
    /// The value that a JSON pointer (RFC 6901) leads to from here.
    pub fn pointer(self, pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut node = self;
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = unescaped(token);
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

fn hash(key: &str) -> u32 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    (hasher.finish() >> 32) as u32
}

/// What the index knows of an object.
pub(super) fn indexed<'s>(
    id: NodeId,
    entries: &[RawEntry],
    text_of: impl Fn(Text) -> &'s str,
) -> Vec<((NodeId, u32), u32)> {
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
    text: Source,
    slots: Vec<Slot>,
    items: Vec<NodeId>,
    entries: Vec<RawEntry>,
    decoded: String,
    key_spans: FxHashMap<u32, Span>,
    has_quoted_keys: bool,
    index: FxHashMap<(NodeId, u32), u32>,
    duplicates: Vec<Span>,
    open: Vec<Open>,
    /// The members of all that is open, the outermost first.
    open_items: Vec<NodeId>,
    open_entries: Vec<RawEntry>,
    /// What each closed object or array stands for, where that is more than it
    /// holds by itself: only aliases do that, so that JSON has none of these.
    weights: Option<FxHashMap<NodeId, Weight>>,
    root: Option<NodeId>,
}

/// How many values stand in a value with its aliases expanded, and on how many
/// levels, itself included.
#[derive(Clone, Copy)]
struct Weight {
    size: u64,
    height: u32,
}

struct Open {
    start: u32,
    /// The number it was given when it was opened, for anchors.
    id: NodeId,
    key: Option<Text>,
    is_object: bool,
    /// Where its members begin among those of all that is open.
    first: usize,
}

impl Builder {
    /// For a format without aliases, whose keys stand in quotes.
    pub(super) fn for_json(text: Source) -> Self {
        Self::new(text, true, None)
    }

    /// For a format with aliases, whose keys stand in the source as they are or
    /// were decoded.
    pub(super) fn for_yaml(text: Source) -> Self {
        Self::new(text, false, Some(FxHashMap::default()))
    }

    fn new(text: Source, has_quoted_keys: bool, weights: Option<FxHashMap<NodeId, Weight>>) -> Self {
        // What is reserved and not used costs no memory, growing costs twice.
        let guess = text.len() / 12;
        Self {
            text,
            slots: Vec::with_capacity(guess),
            items: Vec::new(),
            entries: Vec::with_capacity(guess),
            decoded: String::new(),
            key_spans: FxHashMap::default(),
            has_quoted_keys,
            index: FxHashMap::default(),
            duplicates: Vec::new(),
            open: Vec::new(),
            open_items: Vec::new(),
            open_entries: Vec::new(),
            weights,
            root: None,
        }
    }

    pub(super) fn text_from(&mut self, value: &str, source: Option<Span>) -> Text {
        let length = value.len() as u32;
        match source {
            Some(span) if self.text.as_bytes().get(span.range()) == Some(value.as_bytes()) => {
                Text { start: span.start, length }
            }
            _ => Text::decoded(&mut self.decoded, value),
        }
    }

    /// A text that stands in the source as it is.
    pub(super) fn text_at(&self, span: Span) -> Text {
        Text { start: span.start, length: span.end - span.start }
    }

    fn add(&mut self, span: Span, value: Value) -> NodeId {
        self.slots.push(Slot::new(span, value));
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
        let id = self.add(span, value);
        self.attach(id);
        id
    }

    /// Puts an existing value (a YAML alias) where the next one is due.
    pub(super) fn attach(&mut self, id: NodeId) {
        match self.open.last_mut() {
            None => self.root = Some(id),
            Some(Open { is_object: false, .. }) => self.open_items.push(id),
            Some(Open { key, .. }) => {
                if let Some(key) = key.take() {
                    self.open_entries.push(RawEntry { key, value: id });
                }
            }
        }
    }

    /// Whether the next value is the key of an object.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { is_object: true, key: None, .. }))
    }
    /// Whether an object or array is open.
    pub(super) fn is_nested(&self) -> bool {
        !self.open.is_empty()
    }
    pub(super) fn key(&mut self, mut text: Text, span: Span) {
        if text.is_decoded() {
            self.key_spans.insert(text.start, span);
        } else if self.has_quoted_keys {
            text.length |= QUOTED;
        }
        if let Some(open) = self.open.last_mut() {
            open.key = Some(text);
        }
    }

    /// Opens an object or array and gives its number.
    pub(super) fn open(&mut self, start: usize, object: bool) -> Result<NodeId, SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        let id = self.add(Span::new(start, start), Value::Null);
        let first = if object { self.open_entries.len() } else { self.open_items.len() };
        self.open.push(Open { start: start as u32, id, key: None, is_object: object, first });
        Ok(id)
    }

    /// Whether the value of that number is still open: an alias to it would
    /// make the tree contain itself.
    pub(super) fn is_open(&self, id: NodeId) -> bool {
        self.open.iter().any(|open| open.id == id)
    }

    /// Closes what was opened last.
    pub(super) fn close(&mut self, end: usize) -> Result<(), SyntaxError> {
        let Some(Open { start, id, key: _, is_object, first }) = self.open.pop() else {
            return Err(SyntaxError::new("found an end without a beginning", end, end));
        };
        let span = Span { start, end: end as u32 };
        self.weigh(id, is_object, first, start as usize)?;
        let value = if is_object {
            self.merge(first);
            self.drop_twins(first);
            let start = self.entries.len() as u32;
            self.index_keys(id, first);
            self.entries.extend_from_slice(&self.open_entries[first..]);
            self.open_entries.truncate(first);
            Value::Object(start, self.entries.len() as u32)
        } else {
            let start = self.items.len() as u32;
            self.items.extend_from_slice(&self.open_items[first..]);
            self.open_items.truncate(first);
            Value::Array(start, self.items.len() as u32)
        };
        self.slots[id.0 as usize] = Slot::new(span, value);
        self.attach(id);
        Ok(())
    }

    /// Holds what is being closed against the limits on aliases: what they stand
    /// for grows and nests without a byte more of text.
    fn weigh(&mut self, id: NodeId, is_object: bool, first: usize, start: usize) -> Result<(), SyntaxError> {
        let Some(weights) = &mut self.weights else {
            if self.slots.len() as u64 > MAX_EXPANDED {
                let message = format!("the document has more than {MAX_EXPANDED} values; this is not read");
                return Err(SyntaxError::new(message, start, start + 1));
            }
            return Ok(());
        };
        let mut all = Weight { size: 1, height: 0 };
        let mut add = |member: NodeId| {
            let one = weights.get(&member).copied().unwrap_or(Weight { size: 1, height: 1 });
            all.size = all.size.saturating_add(one.size);
            all.height = all.height.max(one.height);
        };
        match is_object {
            true => self.open_entries[first..].iter().for_each(|entry| add(entry.value)),
            false => self.open_items[first..].iter().for_each(|item| add(*item)),
        }
        if all.size > MAX_EXPANDED {
            let message = format!(
                "with its aliases expanded the document has more than {MAX_EXPANDED} values; this is not read"
            );
            return Err(SyntaxError::new(message, start, start + 1));
        }
        // Aliases nest too.
        if self.open.len() + all.height as usize >= MAX_DEPTH {
            return Err(too_deep(start));
        }
        weights.insert(id, Weight { size: all.size, height: all.height + 1 });
        Ok(())
    }

    fn text_of(&self, text: Text) -> &str {
        match text.is_decoded() {
            true => &self.decoded[text.range()],
            false => &self.text[text.range()],
        }
    }

    fn key_of(&self, entry: &RawEntry) -> &str {
        self.text_of(entry.key)
    }

    fn is_twin(&self, a: &RawEntry, b: &RawEntry) -> bool {
        a.key.range().len() == b.key.range().len() && self.key_of(a) == self.key_of(b)
    }

    /// Resolves YAML merge keys (`<<: *anchor`, YAML 1.1 merge type): the
    /// merged entries come after the object's own and do not override them.
    fn merge(&mut self, first: usize) {
        // No key of JSON means that.
        if self.weights.is_none() {
            return;
        }
        let is_merge = |builder: &Self, entry: &RawEntry| {
            builder.key_of(entry) == "<<"
                && matches!(
                    builder.slots[entry.value.0 as usize].value(),
                    Value::Object(..) | Value::Array(..)
                )
        };
        if !self.open_entries[first..].iter().any(|entry| is_merge(self, entry)) {
            return;
        }
        let mut entries = self.open_entries.split_off(first);
        let merges: Vec<NodeId> = entries.iter().filter(|e| is_merge(self, e)).map(|e| e.value).collect();
        entries.retain(|entry| !is_merge(self, entry));
        for merge in merges {
            let sources = match self.slots[merge.0 as usize].value() {
                Value::Array(start, end) => self.items[start as usize..end as usize].to_vec(),
                _ => vec![merge],
            };
            for source in sources {
                let Value::Object(start, end) = self.slots[source.0 as usize].value() else { continue };
                for index in start as usize..end as usize {
                    let entry = self.entries[index];
                    if !entries.iter().any(|own| self.is_twin(own, &entry)) {
                        entries.push(entry);
                    }
                }
            }
        }
        self.open_entries.append(&mut entries);
    }

    fn index_keys(&mut self, id: NodeId, first: usize) {
        for (key, place) in indexed(id, &self.open_entries[first..], |text| self.text_of(text)) {
            self.index.insert(key, place);
        }
    }

    fn key_span(&self, key: Text) -> Span {
        key_span(key, &self.key_spans)
    }

    /// Takes note of keys that stand twice, and drops all but the last of each.
    fn drop_twins(&mut self, first: usize) {
        let entries = &self.open_entries[first..];
        let mut duplicates = Vec::new();
        let mut dropped: Vec<usize> = Vec::new();
        if entries.len() > HASHED_FROM {
            let mut seen: FxHashMap<&str, usize> = FxHashMap::default();
            seen.reserve(entries.len());
            for (place, entry) in entries.iter().enumerate() {
                if let Some(before) = seen.insert(self.key_of(entry), place) {
                    dropped.push(before);
                    duplicates.push(self.key_span(entry.key));
                }
            }
        } else {
            for (place, entry) in entries.iter().enumerate() {
                let is_twin = |before: &RawEntry| self.is_twin(before, entry);
                if let Some(before) = entries[..place].iter().rposition(is_twin) {
                    dropped.push(before);
                    duplicates.push(self.key_span(entry.key));
                }
            }
        }
        if dropped.is_empty() {
            return;
        }
        self.duplicates.extend(duplicates);
        dropped.sort_unstable();
        let mut place = 0;
        let mut kept = self.open_entries.split_off(first);
        kept.retain(|_| {
            place += 1;
            dropped.binary_search(&(place - 1)).is_err()
        });
        self.open_entries.append(&mut kept);
    }

    pub(super) fn finish(mut self) -> Result<Tree, SyntaxError> {
        let Some(root) = self.root else {
            return Err(SyntaxError::new("the text holds no value; expected a JSON or YAML document", 0, 0));
        };
        self.duplicates.sort_unstable();
        let size = |weights: &FxHashMap<NodeId, Weight>| weights.get(&root).map_or(1, |weight| weight.size);
        Ok(Tree {
            expanded: self.weights.as_ref().map_or(self.slots.len() as u64, size),
            written: self.slots.len() as u32,
            parts: Vec::new(),
            stand_ins: Vec::new(),
            text: self.text,
            slots: self.slots,
            items: self.items,
            entries: self.entries,
            decoded: self.decoded,
            key_spans: self.key_spans,
            is_ordered: self.weights.is_none(),
            index: self.index,
            duplicates: self.duplicates,
            root,
            lines: OnceLock::new(),
        })
    }
}
