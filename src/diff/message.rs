//! One sentence for each change.

use serde_json::{Map, Value};

use super::walk::{Aspect, Reason, Shift};
use crate::document::Direction;

/// Longest text of a value in a sentence.
const MAX_SHOWN: usize = 120;

/// What happened, in words; `at` is the place in its component or payload.
pub(super) fn of(direction: Direction, reason: &Reason, component: Option<&str>, at: &str) -> String {
    let place = place(direction, component, at);
    let (before, after) = (shown(&reason.before), shown(&reason.after));
    let is_request = direction == Direction::Request;
    match (&reason.aspect, reason.shift) {
        (Aspect::Values("null"), Shift::Lost) => format!("{place} may no longer be null"),
        (Aspect::Values("null"), Shift::Gained) => format!("{place} may now be null"),
        (Aspect::Values("type"), _) => format!("{place} was {before}, is {after}"),
        (Aspect::Values("branch"), Shift::Lost) => {
            format!("{place} no longer takes all it took: its branches tell values apart in another way")
        }
        (Aspect::Values("branch"), Shift::Gained) => {
            format!("{place} takes more than it took: its branches tell values apart in another way")
        }
        (Aspect::Values(_), shift) => {
            let word = if shift == Shift::Lost { "less" } else { "more" };
            format!("{place} allows {word}: {}", difference(&reason.before, &reason.after))
        }
        (Aspect::Flag, Shift::Gained) => format!("{place} is deprecated now"),
        (Aspect::Flag, Shift::Lost) => format!("{place} is no longer deprecated"),
        (Aspect::Hint, Shift::Lost) => format!("{place}, an open list, lost the value {before}"),
        (Aspect::Hint, Shift::Gained) => format!("{place}, an open list, has the new value {after}"),
        (Aspect::Discriminator, _) => discriminator(&place, &reason.before, &reason.after),
        (Aspect::Listed, Shift::Lost) => format!("{place} lost the value {before}"),
        (Aspect::Listed, Shift::Gained) => format!("{place} has the new value {after}"),
        (Aspect::Required, Shift::Lost) if is_request => format!("{place} is now required"),
        (Aspect::Required, Shift::Lost) => format!("{place} is now always there"),
        (Aspect::Required, Shift::Gained) if is_request => format!("{place} is no longer required"),
        (Aspect::Required, Shift::Gained) => format!("{place} is no longer always there"),
        (Aspect::Declared, shift) if reason.is_barred => {
            let word = if is_request { "read-only" } else { "write-only" };
            let carry = if is_request { "requests" } else { "responses" };
            match shift {
                Shift::Lost => format!("{place} is {word} now: {carry} no longer carry it"),
                Shift::Gained => format!("{place} is no longer {word}: {carry} carry it"),
            }
        }
        (Aspect::Declared, Shift::Lost) => match &reason.twin {
            Some(twin) => format!("{place} is gone; `{twin}`, new beside it, means the same"),
            None => format!("{place} is gone"),
        },
        (Aspect::Declared, Shift::Gained) => match &reason.twin {
            Some(twin) => format!("{place} is new; `{twin}`, gone beside it, meant the same"),
            None => format!("{place} is new"),
        },
        (Aspect::Undeclared, Shift::Lost) => format!("{place} no longer takes members that are not declared"),
        (Aspect::Undeclared, Shift::Gained) => format!("{place} takes members that are not declared"),
        (Aspect::Branch, Shift::Lost) => format!("{place} lost a variant"),
        (Aspect::Branch, Shift::Gained) => format!("{place} has a new variant"),
        (Aspect::Format, _) => format!("{place} had {}, has {}", format_of(&before), format_of(&after)),
        (Aspect::Default, _) => format!("{place} had the default {before}, has {after}"),
    }
}

fn discriminator(place: &str, before: &Value, after: &Value) -> String {
    let one = |value: &Value| {
        let (value, target) = value.as_object()?.iter().next()?;
        Some((value.clone(), target.as_str().unwrap_or_default().to_owned()))
    };
    match (one(before), one(after)) {
        (Some((value, old)), Some((_, new))) => {
            format!("{place}: `{value}` of its discriminator meant `{old}`, means `{new}`")
        }
        (Some((value, old)), None) => {
            format!("{place}: its discriminator no longer knows `{value}`, which meant `{old}`")
        }
        (None, Some((value, new))) => {
            format!("{place}: its discriminator has the new value `{value}`, which means `{new}`")
        }
        (None, None) => {
            format!("{place}: variants were told apart by {}, are by {}", shown(before), shown(after))
        }
    }
}

fn format_of(shown: &str) -> String {
    if shown == "none" { "no format".to_owned() } else { format!("the format {shown}") }
}

/// A place as people say it: a field, a parameter, a component, a whole body.
fn place(direction: Direction, component: Option<&str>, at: &str) -> String {
    let short = component.map(|pointer| pointer.rsplit('/').next().unwrap_or_default());
    let inside = at.trim_start_matches(['[', ']', '{', '}']).trim_start_matches('.');
    if !inside.is_empty() && inside.len() < at.len() && component.is_some() {
        return format!("`{inside}`");
    }
    if at.is_empty() || at.starts_with(['[', '{']) {
        return match (short, direction) {
            (Some(short), _) => format!("`{short}{at}`"),
            (None, _) if !at.is_empty() => format!("`{at}`"),
            (None, Direction::Request) => "the body".to_owned(),
            (None, Direction::Response) => "the response".to_owned(),
        };
    }
    for kind in ["query", "path", "header", "cookie"] {
        if let Some(name) = at.strip_prefix(kind).and_then(|rest| rest.strip_prefix(':')) {
            return match direction {
                Direction::Request => format!("the {kind} parameter `{name}`"),
                Direction::Response => format!("the {kind} `{name}`"),
            };
        }
    }
    format!("`{at}`")
}

/// What came, what went and what is another between two lists of limits.
fn difference(before: &Value, after: &Value) -> String {
    let (Value::Object(old), Value::Object(new)) = (before, after) else {
        return format!("was {}, is {}", shown(before), shown(after));
    };
    let one = |members: &Map<String, Value>, key: &str| {
        members.get(key).map(|value| cut(format!("{key} {value}"))).unwrap_or_default()
    };
    let mut parts: Vec<String> = Vec::new();
    let is_another = |key: &&String| new.get(*key).is_some_and(|value| old.get(*key) != Some(value));
    for key in old.keys().filter(is_another) {
        let now = new.get(key).map(ToString::to_string).unwrap_or_default();
        parts.push(format!("{} is now {}", one(old, key), cut(now)));
    }
    parts.extend(
        new.keys().filter(|key| !old.contains_key(*key)).map(|key| format!("{} is new", one(new, key))),
    );
    parts.extend(
        old.keys().filter(|key| !new.contains_key(*key)).map(|key| format!("{} is gone", one(old, key))),
    );
    if parts.is_empty() { "what it leaves out is another".to_owned() } else { parts.join(", ") }
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    cut(match value {
        Value::Null => "none".to_owned(),
        Value::Object(members) if members.is_empty() => "unlimited".to_owned(),
        Value::Object(members) => {
            let parts: Vec<String> = members.iter().map(|(name, value)| format!("{name} {value}")).collect();
            parts.join(", ")
        }
        // All JSON types but for `integer`, which is a number.
        Value::Array(items) if items.len() == 6 && items.iter().all(is_type) => "anything".to_owned(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            words.join(" or ")
        }
        other => other.to_string(),
    })
}

fn is_type(value: &Value) -> bool {
    value.as_str().is_some_and(|name| super::facets::types::of(name) != super::facets::types::ALL)
}

fn cut(text: String) -> String {
    if text.chars().count() > MAX_SHOWN {
        format!("{}...", text.chars().take(MAX_SHOWN - 3).collect::<String>())
    } else {
        text
    }
}
