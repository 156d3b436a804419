//! Who a URL belongs to, and whether one may be followed to another.

use std::fmt;

use url::Url;

use crate::source::discovery::MAX_ADDRESS;

/// Scheme, host and port (RFC 6454): what credentials belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an http or https URL.
    pub fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let host = url.host_str()?.trim_end_matches('.').to_owned();
        Some(Self { scheme: url.scheme().to_owned(), host, port: url.port_or_known_default()? })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("http", 80) | ("https", 443) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

/// Why a server's pointer to another place is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfollowed {
    /// `file:`, `ftp:`, `data:` and all others.
    #[error("only http and https are followed, not {0}:")]
    Scheme(String),
    /// What was asked for in private would be answered in the open.
    #[error("https is not left for http")]
    Downgrade,
    /// `https://user:password@host`.
    #[error("the address has a user name or password in it")]
    UserInfo,
    /// Longer than servers need to read.
    #[error("the address is longer than {} kB", MAX_ADDRESS / 1024)]
    Long,
    /// Text that is no URL.
    #[error("the address cannot be read")]
    Malformed,
}

/// Whether a pointer found at `from` may be followed to `to`.
pub(super) fn may_follow(from: &Url, to: &Url) -> Result<(), Unfollowed> {
    if Origin::of(to).is_none() {
        return Err(Unfollowed::Scheme(to.scheme().chars().take(20).collect()));
    }
    if from.scheme() == "https" && to.scheme() == "http" {
        return Err(Unfollowed::Downgrade);
    }
    if !to.username().is_empty() || to.password().is_some() {
        return Err(Unfollowed::UserInfo);
    }
    Ok(())
}

/// Where a `Location` header leads.
pub(super) fn location(from: &Url, location: &str) -> Result<Url, Unfollowed> {
    let mut to = from.join(location.trim()).map_err(|_| Unfollowed::Malformed)?;
    may_follow(from, &to)?;
    to.set_fragment(None);
    if to.as_str().len() > MAX_ADDRESS {
        return Err(Unfollowed::Long);
    }
    Ok(to)
}

/// A URL as it is shown: without user name, password and fragment, and without
/// the values of its query, which may be keys.
pub(super) fn shown(url: &Url) -> String {
    let mut out = url.clone();
    // Both fail only for URLs without a host, which have neither.
    let _ = out.set_username("");
    let _ = out.set_password(None);
    out.set_fragment(None);
    let Some(query) = url.query() else { return out.into() };
    out.set_query(None);
    let parts: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, value)) if !value.is_empty() => format!("{key}=..."),
            _ => "...".to_owned(),
        })
        .collect();
    format!("{out}?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn origins() {
        assert_eq!(Origin::of(&url("https://a/x")), Origin::of(&url("https://A:443/y?z")));
        assert_ne!(Origin::of(&url("https://a/x")), Origin::of(&url("http://a/x")));
        assert_ne!(Origin::of(&url("https://a/x")), Origin::of(&url("https://a:8443/x")));
        assert_ne!(Origin::of(&url("https://a/x")), Origin::of(&url("https://b.a/x")));
        assert_eq!(Origin::of(&url("file:///etc/passwd")), None);
    }

    #[test]
    fn pointers() {
        let from = url("https://a/docs/");
        assert_eq!(location(&from, "../x#y").unwrap().as_str(), "https://a/x");
        assert_eq!(location(&from, "//b/x").unwrap().as_str(), "https://b/x");
        assert_eq!(location(&from, "http://a/x"), Err(Unfollowed::Downgrade));
        assert_eq!(location(&from, "file:///etc/passwd"), Err(Unfollowed::Scheme("file".to_owned())));
        assert_eq!(location(&from, "https://me:pw@a/x"), Err(Unfollowed::UserInfo));
        assert_eq!(location(&from, "https://["), Err(Unfollowed::Malformed));
    }

    #[test]
    fn keys_in_addresses_are_not_shown() {
        let text = shown(&url("https://me:pw@a/x?api_key=hunter2&plain&y=#frag"));
        assert_eq!(text, "https://a/x?api_key=...&...&...");
    }
}
