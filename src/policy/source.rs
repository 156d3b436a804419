//! `[source.NAME]`: a named place to read a document from, and how to ask.
//!
//! Holds names of environment variables, never what is in them; fetching and
//! reading the environment is done elsewhere.

use crate::release::ReleaseId;

use super::error::PolicyErrorKind;
use super::parse_calendar::release_id;
use super::reader::{Node, Reader, Table};
use super::spanned::Spanned;

/// A `[source.NAME]`.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name by which commands know it.
    pub name: Spanned<String>,
    /// Where the document is.
    pub location: Location,
    /// How to be let in.
    pub auth: Auth,
    /// `release`: which one it runs.
    pub release: Option<Spanned<ReleaseId>>,
    /// `version-path` and `version-pointer`: where it says which one it runs.
    pub version: Option<VersionAt>,
}

/// Where a control plane says which release it runs.
#[derive(Clone, Debug)]
pub struct VersionAt {
    /// `version-path`: of the same server, beginning with `/`.
    pub path: Spanned<String>,
    /// `version-pointer`: a JSON pointer (RFC 6901) into the answer; without
    /// it, the answer is the release.
    pub pointer: Option<Spanned<String>>,
}

/// Where a source's document is.
#[derive(Clone, Debug)]
pub enum Location {
    /// `url`: of a document, a docs page or a control plane; http or https,
    /// without user name and password.
    Url(Spanned<String>),
    /// `path`: a file or folder, relative to the policy file.
    Path(Spanned<String>),
}

/// `auth`, with what that way needs. Names of environment variables only.
#[derive(Clone, Debug)]
pub enum Auth {
    /// `none`, or no `auth` at all.
    None,
    /// `run-ai`: an application token from `POST /api/v1/token`.
    RunAi {
        /// `client-id-env`.
        client_id_env: Spanned<String>,
        /// `client-secret-env`.
        client_secret_env: Spanned<String>,
        /// `realm`: the token comes from this realm of its Keycloak.
        realm: Option<Spanned<String>>,
        /// `token-url`, if it is not `/api/v1/token` below `url`.
        token_url: Option<Spanned<String>>,
    },
    /// `oauth2-client-credentials`: RFC 6749 section 4.4.
    ClientCredentials {
        /// `client-id-env`.
        client_id_env: Spanned<String>,
        /// `client-secret-env`.
        client_secret_env: Spanned<String>,
        /// `token-url`.
        token_url: Spanned<String>,
        /// `scope`.
        scope: Option<Spanned<String>>,
        /// `audience`, which some servers need.
        audience: Option<Spanned<String>>,
    },
    /// `bearer`: `Authorization: Bearer` with the token of an environment variable.
    Bearer {
        /// `token-env`.
        token_env: Spanned<String>,
    },
    /// `header`: a header whose value is in an environment variable.
    Header {
        /// `header`: its name.
        header: Spanned<String>,
        /// `token-env`.
        token_env: Spanned<String>,
    },
}

#[derive(Clone, Copy)]
enum Way {
    None,
    RunAi,
    ClientCredentials,
    Bearer,
    Header,
}

const WAYS: [(&str, Way); 5] = [
    ("run-ai", Way::RunAi),
    ("oauth2-client-credentials", Way::ClientCredentials),
    ("bearer", Way::Bearer),
    ("header", Way::Header),
    ("none", Way::None),
];

const ENV: &str = "the name of an environment variable";
const URL: &str = "an address as https://runai.example.com";

/// The keys of one `[source.NAME]` that ways of `auth` share, as far as given.
struct Given {
    section: String,
    auth: &'static str,
    range: std::ops::Range<usize>,
    values: Vec<(&'static str, Read, std::ops::Range<usize>)>,
}

/// `None` where the value had a mistake, which has been reported.
type Read = Option<Spanned<String>>;

impl Given {
    /// A key that this way cannot do without.
    fn need(
        &mut self,
        reader: &mut Reader<'_>,
        key: &'static str,
        expected: &'static str,
    ) -> Option<Spanned<String>> {
        if let Some(position) = self.values.iter().position(|(name, ..)| *name == key) {
            return self.values.remove(position).1;
        }
        let kind =
            PolicyErrorKind::AuthNeeds { section: self.section.clone(), auth: self.auth, key, expected };
        reader.report(&self.range, kind);
        None
    }

    fn may(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let position = self.values.iter().position(|(name, ..)| *name == key)?;
        self.values.remove(position).1
    }
}

pub(crate) fn source(reader: &mut Reader<'_>, name: Spanned<String>, mut table: Table<'_>) -> Option<Source> {
    let location = location(reader, &mut table);
    let way = table.take("auth").map(|node| (reader.word(node, "auth", &WAYS), node.span()));
    let (way, range) = match way {
        Some((way, range)) => (way.map(|w| w.value), range),
        None => (Some(Way::None), table.range.clone()),
    };
    let release = table.take("release").and_then(|node| release_id(reader, "release", node));
    let version = version(reader, &mut table);
    let mut values = Vec::new();
    const KEYS: [&str; 8] = [
        "client-id-env",
        "client-secret-env",
        "token-env",
        "header",
        "realm",
        "token-url",
        "scope",
        "audience",
    ];
    for key in KEYS {
        if let Some(node) = table.take(key) {
            let value = match key {
                "header" => header_name(reader, key, node),
                "realm" => realm(reader, key, node),
                "scope" => reader.text(key, node, "scopes, with a space between them"),
                "audience" => reader.text(key, node, "the name of an audience"),
                "token-url" => url(reader, key, node),
                _ => env_name(reader, key, node),
            };
            values.push((key, value, node.span()));
        }
    }
    let section = table.section.clone();
    table.finish(reader);
    let way = way?;
    let auth = WAYS.iter().find(|(_, w)| *w as u8 == way as u8).map_or("none", |(word, _)| word);
    let mut given = Given { section, auth, range, values };
    let auth = match way {
        Way::None => Some(Auth::None),
        Way::RunAi => {
            let id = given.need(reader, "client-id-env", ENV);
            let secret = given.need(reader, "client-secret-env", ENV);
            let token_url = given.may("token-url");
            // Both say where tokens come from.
            let realm = if token_url.is_none() { given.may("realm") } else { None };
            id.zip(secret).map(|(client_id_env, client_secret_env)| Auth::RunAi {
                client_id_env,
                client_secret_env,
                realm,
                token_url,
            })
        }
        Way::ClientCredentials => {
            let id = given.need(reader, "client-id-env", ENV);
            let secret = given.need(reader, "client-secret-env", ENV);
            let token_url = given.need(reader, "token-url", URL);
            let (scope, audience) = (given.may("scope"), given.may("audience"));
            id.zip(secret).zip(token_url).map(|((client_id_env, client_secret_env), token_url)| {
                Auth::ClientCredentials { client_id_env, client_secret_env, token_url, scope, audience }
            })
        }
        Way::Bearer => given.need(reader, "token-env", ENV).map(|token_env| Auth::Bearer { token_env }),
        Way::Header => {
            let header = given.need(reader, "header", "the name of a header");
            let token_env = given.need(reader, "token-env", ENV);
            header.zip(token_env).map(|(header, token_env)| Auth::Header { header, token_env })
        }
    };
    for (key, _, range) in &given.values {
        let kind = PolicyErrorKind::AuthIgnores { section: given.section.clone(), auth: given.auth, key };
        reader.report(range, kind);
    }
    Some(Source { name, location: location?, auth: auth?, release, version })
}

fn version(reader: &mut Reader<'_>, table: &mut Table<'_>) -> Option<VersionAt> {
    const PATH: &str = "a path on the same server, as /api/v1/version";
    const POINTER: &str = "a JSON pointer, as /version";
    let path =
        table.take("version-path").map(|node| (begins_with_slash(reader, "version-path", node, PATH), node));
    let pointer = table.take("version-pointer");
    let pointer =
        pointer.map(|node| (begins_with_slash(reader, "version-pointer", node, POINTER), node.span()));
    match (path, pointer) {
        // `//host/` would be another server.
        (Some((Some(path), node)), _) if path.value.starts_with("//") || path.value.contains('\\') => {
            let key = "version-path".to_owned();
            reader
                .report(&node.span(), PolicyErrorKind::WrongValue { key, expected: PATH, found: path.value });
            None
        }
        (Some((path, _)), pointer) => {
            Some(VersionAt { path: path?, pointer: pointer.and_then(|found| found.0) })
        }
        (None, Some((_, range))) => {
            let section = table.section.clone();
            reader.report(&range, PolicyErrorKind::Missing { section, key: "version-path", expected: PATH });
            None
        }
        (None, None) => None,
    }
}

fn begins_with_slash(
    reader: &mut Reader<'_>,
    key: &'static str,
    node: Node<'_>,
    expected: &'static str,
) -> Option<Spanned<String>> {
    let text = reader.text(key, node, expected)?;
    if text.value.starts_with('/') && !text.value.contains(char::is_whitespace) {
        return Some(text);
    }
    let kind = PolicyErrorKind::WrongValue { key: key.to_owned(), expected, found: text.value };
    reader.report(&node.span(), kind);
    None
}

/// A realm's name becomes a part of an address.
fn realm(reader: &mut Reader<'_>, key: &'static str, node: Node<'_>) -> Option<Spanned<String>> {
    const REALM: &str = "the name of a realm";
    let text = reader.text(key, node, REALM)?;
    let plain = text.value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b));
    if plain && !text.value.starts_with('.') {
        return Some(text);
    }
    let kind = PolicyErrorKind::WrongValue { key: key.to_owned(), expected: REALM, found: text.value };
    reader.report(&node.span(), kind);
    None
}

fn location(reader: &mut Reader<'_>, table: &mut Table<'_>) -> Option<Location> {
    let section = table.section.clone();
    match (table.take("url"), table.take("path")) {
        (Some(node), None) => url(reader, "url", node).map(Location::Url),
        (None, Some(node)) => reader.text("path", node, "a file or folder").map(Location::Path),
        (Some(_), Some(node)) => {
            reader.report(&node.span(), PolicyErrorKind::UrlAndPath { section });
            None
        }
        (None, None) => {
            reader.report(&table.range, PolicyErrorKind::Missing { section, key: "url", expected: URL });
            None
        }
    }
}

fn url(reader: &mut Reader<'_>, key: &'static str, node: Node<'_>) -> Option<Spanned<String>> {
    let text = reader.text(key, node, URL)?;
    let rest = text.value.strip_prefix("https://").or_else(|| text.value.strip_prefix("http://"));
    let authority = rest.unwrap_or(&text.value).split(['/', '?', '#']).next().unwrap_or("");
    let kind = match rest {
        _ if authority.contains('@') => PolicyErrorKind::UrlWithCredentials,
        Some(_) if !authority.is_empty() && !text.value.contains(char::is_whitespace) => {
            return Some(text);
        }
        _ => PolicyErrorKind::WrongValue { key: key.to_owned(), expected: URL, found: text.value },
    };
    reader.report(&node.span(), kind);
    None
}

/// IEEE Std 1003.1, chapter 8: letters, digits and `_`, not beginning with a
/// digit. What does not look so is most likely the secret itself.
fn env_name(reader: &mut Reader<'_>, key: &'static str, node: Node<'_>) -> Option<Spanned<String>> {
    let text = reader.text(key, node, ENV)?;
    let fits = text.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if fits && !text.value.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(text);
    }
    reader.report(&node.span(), PolicyErrorKind::NotAnEnvName { key: key.to_owned() });
    None
}

/// RFC 9110 section 5.6.2: a header's name is a token.
fn header_name(reader: &mut Reader<'_>, key: &'static str, node: Node<'_>) -> Option<Spanned<String>> {
    let text = reader.text(key, node, "the name of a header")?;
    if text.value.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b)) {
        return Some(text);
    }
    reader.report(&node.span(), PolicyErrorKind::NotAHeaderName);
    None
}
