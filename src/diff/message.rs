//! One sentence for each change.

use serde_json::Value;

use super::walk::{Aspect, Reason, Shift};

/// What happened, in words; `at` is the place in its component or payload.
pub(super) fn of(rule: &str, reason: &Reason, at: &str) -> String {
    let place = if at.is_empty() { "the value".to_owned() } else { format!("`{at}`") };
    let (before, after) = (shown(&reason.before), shown(&reason.after));
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
        (Aspect::Values(_), Shift::Lost) => format!("{place} allows less: was {before}, is {after}"),
        (Aspect::Values(_), Shift::Gained) => format!("{place} allows more: was {before}, is {after}"),
        (Aspect::Listed, Shift::Lost) => format!("{place} lost the value {before}"),
        (Aspect::Listed, Shift::Gained) => format!("{place} has the new value {after}"),
        (Aspect::Required, Shift::Lost) => format!("{place} is now required"),
        (Aspect::Required, Shift::Gained) => format!("{place} is no longer always there"),
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
        (Aspect::Format, _) => format!("{place} had the format {before}, has {after}"),
        (Aspect::Default, _) => format!("{place} had the default {before}, has {after}"),
    }
    .replace(
        "is no longer always there",
        if rule.starts_with("request") { "is no longer required" } else { "is no longer always there" },
    )
    .replace(
        "is now required",
        if rule.starts_with("response") { "is now always there" } else { "is now required" },
    )
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "none".to_owned(),
        Value::Object(members) if members.is_empty() => "unlimited".to_owned(),
        Value::Object(members) => {
            let parts: Vec<String> = members.iter().map(|(name, value)| format!("{name} {value}")).collect();
            parts.join(", ")
        }
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            words.join(" or ")
        }
        other => other.to_string(),
    };
    if text.chars().count() > 120 {
        format!("{}...", text.chars().take(117).collect::<String>())
    } else {
        text
    }
}
