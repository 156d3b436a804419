//! What names an operation: HTTP method and path template.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// An HTTP method in capitals. Compared as written: RFC 9110 section 9.1 makes
/// methods case-sensitive, OpenAPI writes its fixed ones in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(Arc<str>);

impl Method {
    /// The methods that a path item of OpenAPI 3.0 may hold, as keys.
    pub const KEYS: [&'static str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    /// A method of that name, put in capitals.
    pub fn new(name: &str) -> Self {
        Self(name.to_ascii_uppercase().into())
    }
    /// The name in capitals: `GET`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A path template as written, `/v1/k8s/clusters/{uuid}/jobs`.
///
/// Two templates are equal when they are the same but for the names of their
/// parameters (OpenAPI 3.0.3, Paths Object: templates with the same hierarchy
/// but different names are identical) and for a slash at the end.
#[derive(Clone)]
pub struct PathTemplate {
    text: Arc<str>,
    shape: Arc<str>,
}

impl PathTemplate {
    /// A template from its text. A missing slash at the front is added to
    /// the shape that is compared, not to the text.
    pub fn new(text: &str) -> Self {
        let mut shape = String::with_capacity(text.len() + 1);
        if !text.starts_with('/') {
            shape.push('/');
        }
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            shape.push_str(&rest[..open]);
            shape.push_str("{}");
            rest = &rest[open + close + 1..];
        }
        shape.push_str(rest);
        if shape.len() > 1 && shape.ends_with('/') {
            shape.pop();
        }
        Self { text: text.into(), shape: shape.into() }
    }

    /// The template as its document writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The template with every parameter written `{}`: what is compared.
    pub fn shape(&self) -> &str {
        &self.shape
    }

    /// The names of the parameters in the order in which they stand.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
    }
}

impl PartialEq for PathTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape
    }
}
impl Eq for PathTemplate {}
impl Hash for PathTemplate {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.shape.hash(state);
    }
}
impl PartialOrd for PathTemplate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for PathTemplate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.shape.cmp(&other.shape)
    }
}
impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
impl fmt::Debug for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PathTemplate({})", self.text)
    }
}

/// An operation's name: method and path template, ordered by path first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OperationKey {
    /// The HTTP method.
    pub method: Method,
    /// The path template as the document writes it.
    pub path: PathTemplate,
}

impl OperationKey {
    /// The operation `method path`.
    pub fn new(method: &str, path: &str) -> Self {
        Self { method: Method::new(method), path: PathTemplate::new(path) }
    }

    /// Reads `GET /a/{b}`: one method, white space, a path that begins with a
    /// slash. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.trim().split_once(char::is_whitespace)?;
        let path = path.trim();
        let named = !method.is_empty() && method.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
        (named && path.starts_with('/') && !path.contains(char::is_whitespace))
            .then(|| Self::new(method, path))
    }
}
impl PartialOrd for OperationKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for OperationKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.path.cmp(&other.path).then_with(|| self.method.cmp(&other.method))
    }
}
impl fmt::Display for OperationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_ignore_parameter_names() {
        let a = PathTemplate::new("/v1/k8s/clusters/{uuid}/jobs/{jobId}/pods");
        let b = PathTemplate::new("/v1/k8s/clusters/{clusterUuid}/jobs/{id}/pods/");
        assert_eq!(a, b);
        assert_eq!(a.parameters().collect::<Vec<_>>(), ["uuid", "jobId"]);
        assert_ne!(a, PathTemplate::new("/v1/k8s/clusters/{uuid}/jobs/count/pods"));
        assert_eq!(PathTemplate::new("/a/{x}.{y}").shape(), "/a/{}.{}");
        assert_eq!(PathTemplate::new("/").shape(), "/");
        assert_eq!(PathTemplate::new("/a/{unclosed").shape(), "/a/{unclosed");
    }

    #[test]
    fn keys_parse_and_order() {
        let key = OperationKey::parse("get /v1/users").unwrap();
        assert_eq!(key.to_string(), "GET /v1/users");
        assert!(OperationKey::parse("/v1/users").is_none());
        assert!(OperationKey::parse("GET v1/users").is_none());
        assert!(OperationKey::new("POST", "/a") < OperationKey::new("GET", "/b"));
    }
}
