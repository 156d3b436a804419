//! What makes two findings of different runs the same one.
//!
//! A fingerprint knows rule, method, path, item, file and the place in the order
//! of equal ones; never the message or the line, which change without the
//! finding changing.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Finding;

/// What a finding is about, apart from its place in the file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The file, named as the owner of the identity names files.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// The method of the operation, if it is about one.
    pub method: Option<String>,
    /// The path of the operation, its parameters as the document names them.
    pub path: Option<String>,
    /// The item inside the operation: `request:spec.name`.
    pub item: Option<String>,
    /// How many equal ones come before it in the file.
    pub occurrence: usize,
}

impl Identity {
    /// 32 hexadecimal digits. The names of path parameters make no difference.
    pub fn fingerprint(&self) -> String {
        let Self { file, rule, method, path, item, occurrence } = self;
        let path = path.as_deref().map(without_names);
        let mut hash = Sha256::new();
        let parts = [Some(rule), method.as_ref(), path.as_ref(), item.as_ref(), Some(file)];
        for part in parts {
            // What is missing is not the same as what is empty.
            hash.update(part.map_or("-".to_owned(), |part| format!("+{part}")).as_bytes());
            hash.update([0]);
        }
        hash.update(occurrence.to_string().as_bytes());
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `/users/{id}` as `/users/{}`.
fn without_names(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut depth = 0usize;
    for c in path.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if depth > 0 => continue,
            _ => {}
        }
        out.push(c);
    }
    out
}

/// The identities of findings in the order in which they stand; `named` gives a
/// file the name by which it is known.
pub fn identities(findings: &[Finding], named: impl Fn(&str) -> String) -> Vec<Identity> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|a, b| findings[*a].order().cmp(&findings[*b].order()));
    let mut out: Vec<Option<Identity>> = vec![None; findings.len()];
    let mut seen: BTreeMap<Identity, usize> = BTreeMap::new();
    for at in order {
        let finding = &findings[at];
        let operation = finding.operation();
        let item = finding.item.as_ref().filter(|item| !item.at.is_empty() || item.value.is_some());
        let identity = Identity {
            file: finding.spot.as_ref().map(|spot| named(&spot.file)).unwrap_or_default(),
            rule: finding.rule.to_owned(),
            method: operation.map(|operation| operation.method.to_string()),
            path: operation.map(|operation| operation.path.to_string()),
            item: item.map(ToString::to_string),
            occurrence: 0,
        };
        let count = seen.entry(identity.clone()).or_default();
        out[at] = Some(Identity { occurrence: *count, ..identity });
        *count += 1;
    }
    out.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Level, Spot};

    fn finding(rule: &'static str, line: usize, message: &str) -> Finding {
        let mut finding = Finding::plain(rule, Level::Error, message.to_owned());
        finding.spot =
            Some(Spot { file: "a.py".into(), line, column: 1, end_line: line, end_column: 9, span: None });
        finding
    }

    fn prints(findings: &[Finding]) -> Vec<String> {
        identities(findings, str::to_owned).iter().map(Identity::fingerprint).collect()
    }

    #[test]
    fn lines_and_messages_make_no_difference_and_order_does() {
        let one = prints(&[finding("operation-removed", 3, "x"), finding("operation-removed", 9, "x")]);
        let two = prints(&[finding("operation-removed", 50, "y"), finding("operation-removed", 7, "z")]);
        assert_ne!(one[0], one[1]);
        assert_eq!([&one[0], &one[1]], [&two[1], &two[0]]);
        assert_ne!(prints(&[finding("operation-deprecated", 3, "x")])[0], one[0]);
        assert_eq!(one[0].len(), 32);
    }

    #[test]
    fn names_of_path_parameters_make_no_difference() {
        let identity = |path: &str| Identity {
            file: "a".into(),
            rule: "r".into(),
            method: Some("GET".into()),
            path: Some(path.into()),
            item: None,
            occurrence: 0,
        };
        assert_eq!(identity("/a/{id}/b").fingerprint(), identity("/a/{uuid}/b").fingerprint());
        assert_ne!(identity("/a/{id}/b").fingerprint(), identity("/a/{id}/c").fingerprint());
    }
}
