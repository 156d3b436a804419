//! What the language and the browser give to scripts, as far as addresses are
//! made with it: texts, objects, JSON, the page's location and its elements.

use std::rc::Rc;

use tree_sitter::Node;
use url::Url;

use super::evaluate::{Evaluation, children};
use super::value::{Entries, MAX_TEXT, Value};
use super::viewer;

/// Most elements that a script may make or ask for.
const MAX_ELEMENTS: usize = 256;
/// Most parts that a text is split into.
const MAX_PARTS: usize = 1_000;

/// The text of a value where one is put together; `None` if it is not known.
pub(super) fn as_string(value: &Value<'_>) -> Option<Rc<str>> {
    match value {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        Value::Bool(value) => Some(if *value { "true".into() } else { "false".into() }),
        // Objects that stand for addresses.
        Value::Object(entries) => entries.try_borrow().ok()?.get("href").and_then(Value::as_text),
        _ => None,
    }
}

/// The characters that an escape stands for.
pub(super) fn unescape(escape: &str) -> String {
    let inner = escape.strip_prefix('\\').unwrap_or(escape);
    match inner.chars().next() {
        Some('n') => "\n".into(),
        Some('t') => "\t".into(),
        Some('r') => "\r".into(),
        Some('b' | 'f' | 'v' | '0') => " ".into(),
        Some('x' | 'u') => {
            let digits = inner[1..].trim_start_matches('{').trim_end_matches('}');
            let code = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            code.map(String::from).unwrap_or_default()
        }
        Some('\n' | '\r' | '\u{2028}' | '\u{2029}') | None => String::new(),
        Some(_) => inner.to_owned(),
    }
}

/// An address as an object, such as `new URL(..)` gives.
fn address<'s>(url: &Url) -> Entries<'s> {
    let parts = [
        ("href", url.as_str().to_owned()),
        ("origin", url.origin().ascii_serialization()),
        ("protocol", format!("{}:", url.scheme())),
        ("host", host(url)),
        ("hostname", url.host_str().unwrap_or_default().to_owned()),
        ("pathname", url.path().to_owned()),
        ("search", url.query().map(|query| format!("?{query}")).unwrap_or_default()),
    ];
    parts.into_iter().map(|(key, text)| (key.into(), Value::Text(text.into()))).collect()
}

fn host(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"))
}

impl<'s> Evaluation<'s> {
    /// Properties of the page's location.
    pub(super) fn of_location(&self, name: &str, key: &str) -> Option<Value<'s>> {
        let page = self.place.page;
        match (name, key) {
            ("location" | "document.location", "hash") => Some(Value::text("")),
            ("location" | "document.location", "port") => {
                Some(Value::Text(page.port().map(|port| port.to_string()).unwrap_or_default().into()))
            }
            ("location" | "document.location", key) => address(page).swap_remove(key),
            ("document", "baseURI") => Some(Value::text(self.place.base.as_str())),
            ("document", "URL" | "documentURI") => Some(Value::text(page.as_str())),
            _ => None,
        }
    }

    /// A call, also with `new`.
    pub(super) fn call(&mut self, node: Node<'s>) -> Value<'s> {
        let callee = node.child_by_field_name("function").or_else(|| node.child_by_field_name("constructor"));
        let Some(callee) = callee else { return Value::Unknown };
        // The object of a method first, as the language does.
        let (object, method) = match callee.kind() {
            "member_expression" => {
                let object = callee.child_by_field_name("object").map(|object| self.expression(object));
                let method = callee.child_by_field_name("property").map_or("", |key| self.text_of(key));
                (object, method)
            }
            _ => (None, ""),
        };
        let arguments: Vec<Value<'s>> = match node.child_by_field_name("arguments") {
            Some(list) if list.kind() == "arguments" => {
                children(list).into_iter().map(|argument| self.expression(argument)).collect()
            }
            _ => Vec::new(),
        };
        let function = match &object {
            Some(Value::Name(name)) if &**name == "window" => self.global(method),
            Some(object) => object.get(method),
            None => self.expression(callee),
        };
        if let Value::Function(function) = function {
            return self.invoke(function, &arguments);
        }
        if let Some(object) = &object
            && !matches!(object, Value::Name(_))
            && let Some(value) = self.method(object, method, &arguments)
        {
            return value;
        }
        if let Value::Name(name) = &function {
            if self.has_room()
                && let Some(said) = viewer::of_call(name, &arguments, self.place.base)
            {
                self.take(said);
                return Value::Unknown;
            }
            if let Some(value) = self.outside(name, &arguments) {
                return value;
            }
        }
        if method == "loadSpec"
            && self.has_room()
            && let Some(argument) = arguments.first()
        {
            let said = viewer::of_load(argument, self.place.base);
            self.take(said);
        }
        // Whoever gets a function calls it some time.
        for argument in &arguments {
            if let Value::Function(function) = argument {
                self.invoke(function.to_owned(), &[]);
            }
        }
        Value::Unknown
    }

    fn global(&self, name: &str) -> Value<'s> {
        match name {
            "addEventListener" | "setTimeout" => Value::Unknown,
            _ => self.variable(name).unwrap_or_else(|| Value::Name(name.into())),
        }
    }

    /// Functions of the language and the browser.
    fn outside(&mut self, name: &str, arguments: &[Value<'s>]) -> Option<Value<'s>> {
        let first = arguments.first().cloned().unwrap_or(Value::Null);
        let text = first.as_text();
        Some(match name {
            "Object.assign" => {
                let target = self.opened(first);
                for source in arguments.iter().skip(1) {
                    for (key, value) in source.entries() {
                        target.set(&key, value);
                    }
                }
                target
            }
            "JSON.parse" => {
                let text = text?;
                self.charge(text.len().saturating_mul(4));
                let tree = crate::text::parse(text.to_string().into()).ok()?;
                let tree = Rc::new(tree);
                let root = tree.root().id();
                Value::of_json(&tree, root)
            }
            "JSON.stringify" => {
                let json = first.to_json(MAX_TEXT * 16)?;
                self.charge(json.len());
                Value::Text(json.into())
            }
            "String" | "encodeURI" | "unescape" => Value::Text(as_string(&first)?),
            "decodeURIComponent" | "decodeURI" => {
                let text = text?.replace('+', "%2B").replace('&', "%26");
                let pair = format!("x={text}");
                let decoded = url::form_urlencoded::parse(pair.as_bytes()).next()?.1.into_owned();
                Value::Text(decoded.into())
            }
            "URL" => {
                let base = match arguments.get(1) {
                    Some(base) => Url::parse(&as_string(base)?).ok()?,
                    None => self.place.base.clone(),
                };
                let url = base.join(&as_string(&first)?).ok()?;
                self.heap.object(address(&url))
            }
            "document.createElement" => self.element(text.clone(), None),
            "document.getElementById" => self.element(None, text),
            "document.querySelector" => self.element(None, text),
            "location.toString" => Value::text(self.place.page.as_str()),
            _ => return None,
        })
    }

    /// An element of the page, made or found.
    fn element(&mut self, tag: Option<Rc<str>>, selector: Option<Rc<str>>) -> Value<'s> {
        let id = selector.as_deref().map(|selector| selector.trim_start_matches('#').to_owned());
        let key: Rc<str> = "#selector".into();
        if let Some(id) = &id {
            let same =
                self.elements.iter().find(|(_, element)| element.get(&key).as_text().as_deref() == Some(id));
            if let Some((_, element)) = same {
                return element.clone();
            }
        }
        let mut entries = Entries::default();
        if let Some(id) = &id {
            entries.insert(key, Value::text(id));
            if let Some(text) = self.place.texts.get(id) {
                for name in ["innerHTML", "textContent", "innerText", "text"] {
                    entries.insert(name.into(), Value::text(text));
                }
            }
        }
        let element = self.heap.object(entries);
        if self.elements.len() < MAX_ELEMENTS {
            // A selector may name the tag of a viewer's element.
            let tag = tag.or_else(|| id.map(|id| id.into()));
            self.elements.push((tag, element.clone()));
        }
        element
    }

    /// Methods of values that are known.
    fn method(&mut self, object: &Value<'s>, name: &str, arguments: &[Value<'s>]) -> Option<Value<'s>> {
        let argument = |at: usize| arguments.get(at).and_then(Value::as_text);
        match (object, name) {
            (Value::Text(text), "split") => {
                self.charge(text.len());
                let between = argument(0).filter(|between| !between.is_empty())?;
                let limit = match arguments.get(1) {
                    Some(Value::Number(limit)) => limit.parse().unwrap_or(MAX_PARTS),
                    _ => MAX_PARTS,
                };
                let parts = text.split(&*between).take(limit.min(MAX_PARTS)).map(Value::text).collect();
                Some(self.heap.array(parts))
            }
            (Value::Text(text), _) => {
                self.charge(text.len());
                text_method(text, name, arguments)
            }
            (Value::Object(_), "setAttribute") => {
                if let (Some(key), Some(value)) = (argument(0), arguments.get(1)) {
                    object.set(&key, value.clone());
                }
                Some(Value::Null)
            }
            (Value::Object(_), "getAttribute") => Some(object.get(&argument(0)?)),
            (Value::Object(_), "toString") => as_string(object).map(Value::Text),
            (Value::Array(items), "push") => {
                items.try_borrow_mut().ok()?.extend(arguments.iter().cloned());
                Some(Value::Unknown)
            }
            (Value::Array(_) | Value::Json(..), "map" | "forEach" | "filter") => {
                let Some(Value::Function(function)) = arguments.first() else { return None };
                let items = object.items().into_iter().take(MAX_ELEMENTS);
                let results: Vec<Value<'s>> =
                    items.clone().map(|item| self.invoke(*function, &[item])).collect();
                Some(if name == "map" { self.heap.array(results) } else { object.clone() })
            }
            (Value::Array(_) | Value::Json(..), "join") => {
                let between = argument(0).unwrap_or_else(|| ",".into());
                let parts: Option<Vec<Rc<str>>> = object.items().iter().map(as_string).collect();
                let text = parts?.join(&between);
                (text.len() <= MAX_TEXT).then(|| Value::Text(text.into()))
            }
            (Value::Array(_) | Value::Json(..), "concat") => {
                let mut items = object.items();
                for one in arguments {
                    items.extend(one.items());
                }
                self.charge(items.len() * 16);
                Some(self.heap.array(items))
            }
            _ => None,
        }
    }
}

fn text_method<'s>(text: &str, name: &str, arguments: &[Value<'s>]) -> Option<Value<'s>> {
    let argument = |at: usize| arguments.get(at).and_then(Value::as_text);
    let number = |at: usize| match arguments.get(at) {
        Some(Value::Number(number)) => number.parse::<usize>().ok(),
        _ => None,
    };
    Some(match name {
        "endsWith" => Value::Bool(text.ends_with(&*argument(0)?)),
        "startsWith" => Value::Bool(text.starts_with(&*argument(0)?)),
        "includes" => Value::Bool(text.contains(&*argument(0)?)),
        "replace" => Value::Text(text.replacen(&*argument(0)?, &argument(1)?, 1).into()),
        "replaceAll" => {
            let (from, to) = (argument(0)?, argument(1)?);
            if from.is_empty() || text.len().saturating_mul(to.len() + 1) > MAX_TEXT * 16 {
                return None;
            }
            Value::Text(text.replace(&*from, &to).into())
        }
        "concat" => {
            let mut out = text.to_owned();
            for one in arguments {
                out.push_str(&as_string(one)?);
            }
            if out.len() > MAX_TEXT {
                return None;
            }
            Value::Text(out.into())
        }
        "trim" => Value::text(text.trim()),
        "toString" | "valueOf" => Value::text(text),
        "toLowerCase" => Value::Text(text.to_lowercase().into()),
        "slice" | "substring" | "substr" if number(0).is_some() => {
            let start = number(0)?;
            let end = match (name, arguments.get(1)) {
                (_, None) => usize::MAX,
                ("substr", Some(_)) => start.saturating_add(number(1)?),
                _ => number(1)?,
            };
            Value::Text(text.chars().take(end).skip(start).collect::<String>().into())
        }
        "indexOf" | "lastIndexOf" => {
            let wanted = argument(0)?;
            let at = if name == "indexOf" { text.find(&*wanted) } else { text.rfind(&*wanted) };
            at.map_or(Value::Number("-1".into()), |at| {
                Value::Number(text[..at].chars().count().to_string().into())
            })
        }
        _ => return None,
    })
}
