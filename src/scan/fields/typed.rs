//! Rust: what answers are read into, by the types that are written beside them:
//! `response.json::<Vec<User>>()`, `let page: Page = response.json().await?`.

use std::sync::Arc;

use crate::scan::evaluate::{Evaluator, Frame};
use crate::scan::form::Shape;
use crate::scan::requests::request::{Callee, NamedValue};
use crate::scan::value::{Kind, Value};

/// The name of the call that says of a value which type it has.
pub(crate) const TYPED: &str = "(typed)";
/// Types in one another.
const MAX_DEPTH: usize = 8;

/// What a type holds, by how it is written.
pub(crate) fn shape(text: &str) -> Shape {
    held(text, 0)
}

/// What holds one thing of its first type, or nothing.
const ONE: [&str; 23] = [
    "Option",
    "Box",
    "Arc",
    "Rc",
    "Cow",
    "Result",
    "Optional",
    "Annotated",
    "Task",
    "ValueTask",
    "Nullable",
    "Mono",
    "CompletableFuture",
    "Deferred",
    "ResponseEntity",
    "HttpResponse",
    "Lazy",
    "Required",
    "NotRequired",
    "TypeReference",
    "TypeToken",
    "GenericType",
    "ParameterizedTypeReference",
];
/// What holds the body of an answer among other things of it.
const ANSWERS: [&str; 2] = ["ResponseEntity", "HttpResponse"];
const LISTS: [&str; 31] = [
    "Vec",
    "VecDeque",
    "HashSet",
    "BTreeSet",
    "List",
    "list",
    "ArrayList",
    "LinkedList",
    "MutableList",
    "Collection",
    "Set",
    "set",
    "MutableSet",
    "Sequence",
    "Iterable",
    "Iterator",
    "Array",
    "IList",
    "IEnumerable",
    "IReadOnlyList",
    "IReadOnlyCollection",
    "ICollection",
    "IAsyncEnumerable",
    "ImmutableArray",
    "ImmutableList",
    "Flux",
    "Flow",
    "Queue",
    "FrozenSet",
    "frozenset",
    "LinkedHashSet",
];
const MAPS: [&str; 15] = [
    "HashMap",
    "BTreeMap",
    "IndexMap",
    "Map",
    "MutableMap",
    "LinkedHashMap",
    "TreeMap",
    "Dictionary",
    "IDictionary",
    "IReadOnlyDictionary",
    "SortedDictionary",
    "ConcurrentHashMap",
    "Dict",
    "dict",
    "Mapping",
];

/// Whether a type is that of an answer as a whole: `Mono<ResponseEntity<User>>`.
pub(crate) fn is_answer(text: &str) -> bool {
    let mut text = text;
    for _ in 0..MAX_DEPTH {
        let Some((name, given)) = text.trim().split_once('<') else { return false };
        let name = name.rsplit('.').next().unwrap_or(name).trim();
        if ANSWERS.contains(&name) {
            return true;
        }
        if !ONE.contains(&name) {
            return false;
        }
        text = given;
    }
    false
}

fn held(text: &str, depth: usize) -> Shape {
    let text = text.trim().trim_start_matches('&').trim_end_matches(['?', '!']).trim();
    let text = text.trim_matches(['"', '\'']);
    if depth > MAX_DEPTH {
        return Shape::Open;
    }
    let inner = |part: &str| held(part, depth + 1);
    if let Some(part) = text.strip_prefix('[').and_then(|part| part.strip_suffix(']')) {
        let part = part.split(';').next().unwrap_or(part);
        return Shape::List(Arc::new(inner(part)));
    }
    if let Some(part) = text.strip_suffix("[]") {
        return Shape::List(Arc::new(inner(part)));
    }
    // Python: `User | None`
    if let [one, nothing] = alternatives(text).as_slice() {
        return match (*one, *nothing) {
            (one, "None") => inner(one),
            ("None", one) => inner(one),
            _ => Shape::Open,
        };
    }
    let (name, given) = match text.find(['<', '[']) {
        Some(at) => match text[at + 1..].strip_suffix(['>', ']']) {
            Some(given) => (&text[..at], given),
            None => return Shape::Open,
        },
        None => (text, ""),
    };
    let name = name.rsplit(['.', ':']).next().unwrap_or(name).trim();
    let parts = arguments(given);
    match (name, parts.as_slice()) {
        ("Union", [one, "None"] | ["None", one]) => inner(one),
        (name, [first, ..]) if ONE.contains(&name) => inner(first),
        (name, [only] | [only, "..."]) if LISTS.contains(&name) => Shape::List(Arc::new(inner(only))),
        // Python's, of any length; C#'s hold what they hold by place.
        ("Tuple" | "tuple", [only] | [only, "..."]) if text.ends_with(']') => {
            Shape::List(Arc::new(inner(only)))
        }
        (name, [_, value]) if MAPS.contains(&name) => Shape::Map(Arc::new(inner(value))),
        (name, []) if MAPS.contains(&name) => Shape::Map(Arc::new(Shape::Open)),
        // What a type of one's own holds of others is not followed.
        (name, []) if name.starts_with(char::is_uppercase) && !matches!(name, "String" | "Value") => {
            Shape::Foreign(name.into())
        }
        _ => Shape::Open,
    }
}

/// What stands between the strokes of a type, outside of brackets.
fn alternatives(text: &str) -> Vec<&str> {
    parted(text, '|')
}

/// The arguments of a type, but for lifetimes.
fn arguments(text: &str) -> Vec<&str> {
    parted(text, ',').into_iter().filter(|part| !part.is_empty() && !is_lifetime(part)).collect()
}

fn is_lifetime(part: &str) -> bool {
    part.starts_with('\'') && !part[1..].contains('\'')
}

fn parted(text: &str, mark: char) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            c if c == mark && depth == 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out.into_iter().map(str::trim).collect()
}

impl Evaluator<'_> {
    /// A value with the type that is written beside it, if it is an answer.
    pub(crate) fn typed(&self, frame: &Frame, callee: &Callee, args: &[NamedValue]) -> Option<Value> {
        if callee.name() != TYPED {
            return None;
        }
        let mut value = callee.receiver.clone();
        let shape = args.first().and_then(|(_, name)| name.literal()).map(|name| shape(&name));
        let Some(shape) = shape.map(|shape| self.known(&shape, self.file_of(frame))) else {
            return Some(value);
        };
        for term in &mut value.terms {
            if let Kind::Answer(answer) = &mut term.kind
                && answer.at.as_deref() == Some("")
                && shape != Shape::Open
            {
                answer.shape = Some(Arc::new(shape.clone()));
            }
        }
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_as_a_whole_are_told_from_bodies() {
        for whole in
            ["ResponseEntity<User>", "Mono<ResponseEntity<List<User>>>", "java.net.http.HttpResponse<User>"]
        {
            assert!(is_answer(whole), "{whole}");
        }
        for body in ["User", "List<ResponseEntity<User>>", "Mono<User>", "ResponseEntity"] {
            assert!(!is_answer(body), "{body}");
        }
    }

    #[test]
    fn types_are_read_by_what_they_hold() {
        let user = || Shape::Foreign("User".into());
        assert_eq!(shape("api::User"), user());
        assert_eq!(shape("Result<User, Error>"), user());
        assert_eq!(shape("Vec<Option<User>>"), Shape::List(Arc::new(user())));
        assert_eq!(shape("HashMap<String, Vec<User>>"), Shape::Map(Arc::new(Shape::List(Arc::new(user())))));
        assert_eq!(shape("Page<User>"), Shape::Open);
        assert_eq!(shape("Cow<'a, User>"), user());
        for list in
            ["List[User]", "list['User'] | None", "Optional[List[User]]", "IReadOnlyList<User>?", "User[]"]
        {
            assert_eq!(shape(list), Shape::List(Arc::new(user())), "{list}");
        }
        assert_eq!(shape("GenericType<User>"), user());
        assert_eq!(shape("GenericType<List<User>>"), Shape::List(Arc::new(user())));
        assert_eq!(shape("tuple[User, ...]"), Shape::List(Arc::new(user())));
        assert_eq!(shape("Tuple<User>"), Shape::Open);
        assert_eq!(shape("Union[User, Team]"), Shape::Open);
        assert_eq!(shape("User | Team"), Shape::Open);
        assert_eq!(shape("Vec<"), Shape::Open);
        assert_eq!(shape("_"), Shape::Open);
    }
}
