//! Values of a script as far as they are known, and their JSON.

use std::cell::RefCell;
use std::rc::Rc;

use indexmap::IndexMap;
use tree_sitter::Node as Syntax;

use crate::text::{Kind, Node, NodeId, Tree};

/// Longest text that is put together; literals may be longer.
pub(super) const MAX_TEXT: usize = 64 * 1024;

/// The entries of an object, in order.
pub(super) type Entries<'s> = IndexMap<Rc<str>, Value<'s>>;

/// All objects and arrays of a script. Each lives until the script has been
/// read, and they are emptied one by one then: values nested however deep, or
/// in circles, end without recursion.
#[derive(Default)]
pub(super) struct Heap<'s> {
    objects: Vec<Rc<RefCell<Entries<'s>>>>,
    arrays: Vec<Rc<RefCell<Vec<Value<'s>>>>>,
}

impl<'s> Heap<'s> {
    pub(super) fn object(&mut self, entries: Entries<'s>) -> Value<'s> {
        let object = Rc::new(RefCell::new(entries));
        self.objects.push(object.clone());
        Value::Object(object)
    }

    pub(super) fn array(&mut self, items: Vec<Value<'s>>) -> Value<'s> {
        let array = Rc::new(RefCell::new(items));
        self.arrays.push(array.clone());
        Value::Array(array)
    }
}

impl Drop for Heap<'_> {
    fn drop(&mut self) {
        for object in &self.objects {
            object.borrow_mut().clear();
        }
        for array in &self.arrays {
            array.borrow_mut().clear();
        }
    }
}

/// What is known of a value.
#[derive(Clone)]
pub(super) enum Value<'s> {
    Unknown,
    /// `null` and `undefined`.
    Null,
    Bool(bool),
    /// A number, as written.
    Number(Rc<str>),
    Text(Rc<str>),
    Object(Rc<RefCell<Entries<'s>>>),
    Array(Rc<RefCell<Vec<Value<'s>>>>),
    /// A literal that is JSON, kept as it was written.
    Json(Rc<Tree>, NodeId),
    /// A function or arrow function.
    Function(Syntax<'s>),
    /// Something from outside the script, by its dotted name.
    Name(Rc<str>),
}

impl<'s> Value<'s> {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// A value of a JSON tree; scalars are taken out of it.
    pub(super) fn of_json(tree: &Rc<Tree>, id: NodeId) -> Self {
        let node = tree.node(id);
        match node.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(node.as_bool().unwrap_or_default()),
            Kind::Number => Self::Number(node.number_text().unwrap_or_default().into()),
            Kind::String => Self::text(node.as_str().unwrap_or_default()),
            Kind::Array | Kind::Object => Self::Json(tree.clone(), id),
        }
    }

    pub(super) fn as_text(&self) -> Option<Rc<str>> {
        match self {
            Self::Text(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// The text of an address: not empty.
    pub(super) fn as_address(&self) -> Option<Rc<str>> {
        self.as_text().filter(|text| !text.trim().is_empty())
    }

    pub(super) fn json(&self) -> Option<Node<'_>> {
        match self {
            Self::Json(tree, id) => Some(tree.node(*id)),
            _ => None,
        }
    }

    /// Whether a condition holds of it, if that is known.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Unknown | Self::Name(_) => None,
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Number(text) => Some(text.parse::<f64>().is_ok_and(|number| number != 0.0)),
            Self::Text(text) => Some(!text.is_empty()),
            Self::Object(_) | Self::Array(_) | Self::Json(..) | Self::Function(_) => Some(true),
        }
    }

    /// The property of a name; nothing is known of those of unknown values.
    pub(super) fn get(&self, key: &str) -> Value<'s> {
        match self {
            Self::Object(entries) => entries.borrow().get(key).cloned().unwrap_or(Self::Null),
            Self::Array(items) => {
                let items = items.borrow();
                match key {
                    "length" => Self::text_number(items.len()),
                    _ => key.parse().ok().and_then(|at: usize| items.get(at).cloned()).unwrap_or(Self::Null),
                }
            }
            Self::Json(tree, id) => {
                let node = tree.node(*id);
                let found = match node.kind() {
                    Kind::Array if key == "length" => return Self::text_number(node.items().len()),
                    Kind::Array => key.parse().ok().and_then(|at| node.items().nth(at)),
                    _ => node.get(key),
                };
                found.map_or(Self::Null, |node| Self::of_json(tree, node.id()))
            }
            Self::Text(text) if key == "length" => Self::text_number(text.chars().count()),
            Self::Name(name) => Self::Name(format!("{name}.{key}").into()),
            _ => Self::Unknown,
        }
    }

    fn text_number(number: usize) -> Self {
        Self::Number(number.to_string().into())
    }

    /// Sets a property of an object.
    pub(super) fn set(&self, key: &str, value: Value<'s>) {
        if let Self::Object(entries) = self {
            entries.borrow_mut().insert(key.into(), value);
        }
    }

    /// The entries of an object, in order.
    pub(super) fn entries(&self) -> Vec<(Rc<str>, Value<'s>)> {
        match self {
            Self::Object(entries) => {
                entries.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
            }
            Self::Json(tree, id) => {
                let entries = tree.node(*id).entries();
                entries.map(|entry| (entry.key.into(), Self::of_json(tree, entry.value.id()))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The members of an array, in order.
    pub(super) fn items(&self) -> Vec<Value<'s>> {
        match self {
            Self::Array(items) => items.borrow().clone(),
            Self::Json(tree, id) => {
                tree.node(*id).items().map(|item| Self::of_json(tree, item.id())).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_)) || self.json().is_some_and(Node::is_object)
    }

    /// The value as JSON text; `None` where a part of it is not known, or it is
    /// longer than `limit`.
    pub(super) fn to_json(&self, limit: usize) -> Option<String> {
        let mut out = String::new();
        self.write(&mut out, limit, 0)?;
        Some(out)
    }

    fn write(&self, out: &mut String, limit: usize, depth: usize) -> Option<()> {
        if depth > crate::text::MAX_DEPTH / 2 || out.len() > limit {
            return None;
        }
        match self {
            Self::Unknown | Self::Function(_) | Self::Name(_) => return None,
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => out.push_str(&serde_json::Value::from(&**text).to_string()),
            Self::Json(tree, id) => out.push_str(&tree.text()[tree.node(*id).span().range()]),
            Self::Array(items) => {
                out.push('[');
                for (at, item) in items.try_borrow().ok()?.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out, limit, depth + 1)?;
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (at, (key, value)) in entries.try_borrow().ok()?.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    out.push_str(&serde_json::Value::from(&**key).to_string());
                    out.push(':');
                    value.write(out, limit, depth + 1)?;
                }
                out.push('}');
            }
        }
        (out.len() <= limit).then_some(())
    }
}
