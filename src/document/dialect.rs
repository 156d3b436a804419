//! Which description of a description a document is written in, and what
//! the readers must know of the differences.

use std::fmt;

use super::Method;
use crate::text::{Kind, Node};

/// The dialects that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// Swagger 2.0.
    Swagger20,
    /// OpenAPI 3.0.x.
    OpenApi30,
    /// OpenAPI 3.1.x.
    OpenApi31,
    /// OpenAPI 3.2.x.
    OpenApi32,
}

/// What the message of an unknown version expects.
const EXPECTED: &str = "expected OpenAPI 3.0, 3.1 or 3.2, or Swagger 2.0";

impl Dialect {
    /// Whether schemas are JSON Schema 2020-12 (OpenAPI 3.1.0, Schema Object).
    pub fn has_json_schema(self) -> bool {
        self >= Self::OpenApi31
    }

    /// Whether a key of a path item is an operation.
    pub(super) fn is_method(self, key: &str) -> bool {
        Method::KEYS.contains(&key) || (key == "query" && self == Self::OpenApi32)
    }
}

/// Which description of a description this is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialectVersion {
    /// `OpenAPI` or `Swagger`.
    pub family: &'static str,
    /// The version as written, `3.0.3`.
    pub version: String,
    /// Its rules.
    pub dialect: Dialect,
}

impl fmt::Display for DialectVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.family, self.version)
    }
}

/// Tells the dialect; an error says what else the text is.
pub(super) fn of(root: Node<'_>) -> Result<DialectVersion, String> {
    if root.kind() != Kind::Object {
        return Err(format!(
            "expected an OpenAPI document (an object with the key `openapi`), found {}",
            root.kind().described()
        ));
    }
    if let Some(version) = root.get("openapi") {
        let version = version.scalar_text().unwrap_or_default().trim().to_owned();
        let dialect = match version.split('.').take(2).collect::<Vec<_>>()[..] {
            ["3", "0"] => Dialect::OpenApi30,
            ["3", "1"] => Dialect::OpenApi31,
            ["3", "2"] => Dialect::OpenApi32,
            ["3", ..] => return Err(format!("OpenAPI {version} is not read yet; {EXPECTED}")),
            _ => return Err(format!("OpenAPI {version} is no known version; {EXPECTED}")),
        };
        return Ok(DialectVersion { family: "OpenAPI", version, dialect });
    }
    if let Some(version) = root.get("swagger").and_then(Node::scalar_text) {
        let version = version.trim().to_owned();
        if version == "2" || version.split('.').take(2).eq(["2", "0"]) {
            return Ok(DialectVersion { family: "Swagger", version, dialect: Dialect::Swagger20 });
        }
        return Err(format!("Swagger {version} is not read; {EXPECTED}"));
    }
    let keys: Vec<&str> = root.entries().map(|entry| entry.key).take(5).collect();
    let near = root.entries().map(|entry| entry.key).find(|key| strsim::osa_distance(key, "openapi") <= 2);
    let hint = near.map(|key| format!(" (did you mean `openapi` by `{key}`?)")).unwrap_or_default();
    Err(format!(
        "expected an OpenAPI document with the key `openapi`, found an object with the keys {}{hint}",
        if keys.is_empty() { "(none)".to_owned() } else { keys.join(", ") }
    ))
}
