//! A witness as a command that a person can try: curl, with placeholders for
//! the address and for secrets.

use serde_json::Value;

use super::cause::Root;
use crate::document::OperationKey;

/// The request that sends a witness.
pub(super) fn command(root: &Root, value: &Value) -> String {
    let (place, name) = root.at.split_once(':').unwrap_or(("", ""));
    match place {
        "" => {
            let media = root.media_type.as_deref().unwrap_or("application/json");
            let body = if media.contains("json") || !value.is_string() {
                value.to_string()
            } else {
                value.as_str().unwrap_or_default().to_owned()
            };
            format!(
                "{} -H {} --data {}",
                head(&root.operation, &[]),
                quoted(&format!("Content-Type: {media}")),
                quoted(&body)
            )
        }
        "query" => head(&root.operation, &[(name, &plain(value))]),
        "path" => {
            let text = root.operation.path.as_str().replace(&format!("{{{name}}}"), &percent(&plain(value)));
            head(&OperationKey::new(root.operation.method.as_str(), &text), &[])
        }
        "header" => {
            format!("{} -H {}", head(&root.operation, &[]), quoted(&format!("{name}: {}", plain(value))))
        }
        _ => {
            format!("{} --cookie {}", head(&root.operation, &[]), quoted(&format!("{name}={}", plain(value))))
        }
    }
}

/// Method, address and credentials of a request.
pub(super) fn head(operation: &OperationKey, query: &[(&str, &str)]) -> String {
    let mut path = operation.path.as_str().replace('{', "<").replace('}', ">");
    for (at, (name, value)) in query.iter().enumerate() {
        path.push(if at == 0 { '?' } else { '&' });
        path.push_str(&format!("{}={}", percent(name), percent(value)));
    }
    format!("curl -X {} \"$BASE_URL\"{} -H \"Authorization: Bearer $TOKEN\"", operation.method, quoted(&path))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// For a shell: nothing in it is expanded.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~<>".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
