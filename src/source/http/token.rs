//! A client's id and secret are exchanged for a token: what is sent, and what
//! the answer means. Sending it is `session`'s job.

use std::time::Duration;

use serde_json::Value;
use url::Url;

use super::credentials::{Exchange, Named};
use super::secret::{Secret, base64};
use super::zone::is_this_machine;

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoginError {
    /// The endpoint says no.
    #[error("no token from {url}: it answered {status}{}", said(.text))]
    Refused {
        /// The endpoint.
        url: String,
        /// Its status.
        status: u16,
        /// What it says, without secrets.
        text: Option<String>,
        /// The variables that were used.
        variables: String,
    },
    /// An answer without a token.
    #[error("no token from {url}: {why}")]
    Senseless {
        /// The endpoint.
        url: String,
        /// What is wrong with the answer.
        why: String,
    },
    /// Secrets would go over an open line.
    #[error("{url} is not https: credentials are sent over plain http to this machine only")]
    Open {
        /// The address.
        url: String,
    },
    /// No answer.
    #[error("no token from {url}: {why}")]
    Unreachable {
        /// The endpoint.
        url: String,
        /// Why.
        why: String,
    },
    /// The value of a variable cannot be sent.
    #[error("the value of {variable} cannot stand in a header")]
    Unsendable {
        /// The variable.
        variable: String,
    },
}

fn said(text: &Option<String>) -> String {
    text.as_ref().map(|text| format!(" ({text})")).unwrap_or_default()
}

impl LoginError {
    pub(super) fn hint(&self) -> Option<String> {
        match self {
            Self::Refused { status: 404 | 405, .. } => {
                Some("set `token-url` of the source to the address that gives tokens".to_owned())
            }
            Self::Refused { variables, .. } => {
                Some(format!("check what is in {variables}, and that the client may use this API"))
            }
            Self::Senseless { .. } => Some("check `url` and `token-url` of the source".to_owned()),
            Self::Open { .. } => Some("write the address with https://".to_owned()),
            Self::Unreachable { .. } => None,
            Self::Unsendable { variable } => {
                Some(format!("check {variable}: a line break or another control character is in it"))
            }
        }
    }
}

/// A token and when it ends, by the clock of the options.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) value: Secret,
    pub(super) ends: Option<Duration>,
    /// Whether a request with it was answered.
    pub(super) used: bool,
}

/// A request for a token.
pub(super) struct TokenRequest {
    pub(super) url: Url,
    pub(super) content_type: &'static str,
    pub(super) body: Secret,
    pub(super) basic: Option<Secret>,
}

/// What a refusal means for the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such endpoint.
    NotThere,
    /// The kind of grant is not known there, or not the fields' names.
    NotUnderstood,
    /// It wants the credentials in the header.
    WantsBasic,
    /// It knows better.
    No,
}

impl Refusal {
    pub(super) fn of(status: u16, challenges_basic: bool) -> Self {
        match status {
            404 | 405 | 501 => Self::NotThere,
            400 | 422 => Self::NotUnderstood,
            401 if challenges_basic => Self::WantsBasic,
            _ => Self::No,
        }
    }
}

/// The requests that may give a token, each with the refusal of the one before
/// that makes it worth while.
pub(super) fn requests(
    exchange: &Exchange,
    home: &Url,
    named_id: &Named,
    named_secret: &Named,
) -> Vec<(Option<Refusal>, TokenRequest)> {
    let (id, secret) = (named_id.value.reveal(), named_secret.value.reveal());
    match exchange {
        Exchange::RunAi { token_url: None, realm: Some(realm) } => {
            let path = format!("auth/realms/{realm}/protocol/openid-connect/token");
            let mut out = Vec::new();
            for token_url in below(home, &path) {
                let exchange = Exchange::ClientCredentials { token_url, scope: None, audience: None };
                let (id, secret) = (named_id, named_secret);
                for (after, request) in requests(&exchange, home, id, secret) {
                    let after = after.or((!out.is_empty()).then_some(Refusal::NotThere));
                    out.push((after, request));
                }
            }
            out
        }
        Exchange::RunAi { token_url, .. } => {
            let places = token_url.clone().map_or_else(|| below(home, "api/v1/token"), |url| vec![url]);
            let mut out = Vec::new();
            for (at, url) in places.into_iter().enumerate() {
                let request = |body: Value| TokenRequest {
                    url: url.clone(),
                    content_type: "application/json",
                    body: Secret::new(body.to_string()),
                    basic: None,
                };
                let now = serde_json::json!({
                    "grantType": "client_credentials", "clientID": id, "clientSecret": secret
                });
                // What releases up to 2.19 know.
                let before =
                    serde_json::json!({ "grantType": "app_token", "appID": id, "appSecret": secret });
                out.push(((at > 0).then_some(Refusal::NotThere), request(now)));
                out.push((Some(Refusal::NotUnderstood), request(before)));
            }
            out
        }
        Exchange::ClientCredentials { token_url, scope, audience } => {
            let form = |with_client: bool| {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.append_pair("grant_type", "client_credentials");
                for (key, value) in [("scope", scope), ("audience", audience)] {
                    if let Some(value) = value {
                        form.append_pair(key, value);
                    }
                }
                if with_client {
                    form.append_pair("client_id", id).append_pair("client_secret", secret);
                }
                Secret::new(form.finish())
            };
            let request = |body, basic| TokenRequest {
                url: token_url.clone(),
                content_type: "application/x-www-form-urlencoded",
                body,
                basic,
            };
            // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            let coded =
                |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            let basic = Secret::new(base64(format!("{}:{}", coded(id), coded(secret)).as_bytes()));
            vec![
                (None, request(form(true), None)),
                (Some(Refusal::WantsBasic), request(form(false), Some(basic))),
            ]
        }
    }
}

/// How addresses of docs pages end.
const PAGES: [&str; 9] = [
    "/docs",
    "/doc",
    "/documentation",
    "/swagger",
    "/swagger-ui",
    "/redoc",
    "/scalar",
    "/api-docs",
    "/reference",
];

/// A path of a control plane: below the address it is known by (a gateway's
/// prefix), else at its root.
fn below(home: &Url, path_below: &str) -> Vec<Url> {
    let mut root = home.clone();
    root.set_query(None);
    root.set_fragment(None);
    let path = home.path();
    let base = match path.find("/api/") {
        // The address of a docs page or a document.
        Some(at) => &path[..at],
        None if path.ends_with("/api") => &path[..path.len() - 4],
        None if path.rsplit('/').next().is_some_and(|last| last.contains('.')) => {
            &path[..path.rfind('/').unwrap_or(0)]
        }
        None => path.trim_end_matches('/'),
    };
    // A docs page stands in the folder of what it describes.
    let base = PAGES.iter().find_map(|page| base.strip_suffix(page)).unwrap_or(base);
    let mut out = Vec::new();
    for base in [base, ""] {
        root.set_path(&format!("{base}/{path_below}"));
        if !out.contains(&root) {
            out.push(root.clone());
        }
    }
    out
}

/// The token in an answer, in the names of RFC 6749 or of Run:ai.
pub(super) fn token(body: &[u8], now: Duration) -> Result<Token, &'static str> {
    let answer: Value = serde_json::from_slice(body).map_err(|_| "the answer is no JSON")?;
    let field = |names: [&str; 2]| names.iter().find_map(|name| answer.get(*name));
    let value = field(["access_token", "accessToken"]).and_then(Value::as_str);
    let value = value.filter(|value| !value.is_empty()).ok_or("there is no access token in the answer")?;
    if !value.bytes().all(|byte| (0x21..0x7f).contains(&byte)) {
        return Err("the access token cannot stand in a header");
    }
    let kind = field(["token_type", "tokenType"]).and_then(Value::as_str).unwrap_or("Bearer");
    if !kind.eq_ignore_ascii_case("bearer") {
        return Err("the token is not of the kind Bearer");
    }
    let lasts = field(["expires_in", "expiresIn"]).and_then(|lasts| match lasts {
        Value::String(text) => text.parse::<f64>().ok(),
        other => other.as_f64(),
    });
    // Renewed before it ends, so that none ends on the way.
    let ends = lasts.filter(|lasts| *lasts > 0.0 && lasts.is_finite()).map(|lasts| {
        let lasts = lasts.min(1e9);
        now + Duration::from_secs_f64(lasts - (lasts * 0.1).min(30.0))
    });
    Ok(Token { value: Secret::new(value), ends, used: false })
}

/// Whether credentials may be sent to an address.
pub(super) fn may_carry(url: &Url) -> bool {
    url.scheme() == "https" || url.scheme() == "http" && is_this_machine(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_tokens_are() {
        let places = |home: &str| {
            let home = Url::parse(home).unwrap();
            below(&home, "api/v1/token").iter().map(Url::to_string).collect::<Vec<_>>()
        };
        let root = "https://a/api/v1/token";
        assert_eq!(places("https://a"), [root]);
        assert_eq!(places("https://a/api/docs?x#y"), [root]);
        assert_eq!(places("https://a/openapi.json"), [root]);
        assert_eq!(places("https://a/docs"), [root]);
        assert_eq!(places("https://a/swagger-ui/index.html"), [root]);
        assert_eq!(places("https://a/runai/"), ["https://a/runai/api/v1/token", root]);
        assert_eq!(places("https://a/runai/api/docs"), ["https://a/runai/api/v1/token", root]);
    }

    #[test]
    fn tokens_in_both_spellings() {
        let now = Duration::from_secs(1000);
        let read = |text: &str| token(text.as_bytes(), now);
        let oauth = read(r#"{"access_token":"a.b","token_type":"bearer","expires_in":300}"#).unwrap();
        assert_eq!((oauth.value, oauth.ends), (Secret::new("a.b"), Some(Duration::from_secs(1270))));
        let other = read(r#"{"accessToken":"a.b","expiresIn":"10"}"#).unwrap();
        assert_eq!(other.ends, Some(Duration::from_secs(1009)));
        assert_eq!(read(r#"{"accessToken":"a.b"}"#).unwrap().ends, None);
        for bad in [
            "<html>",
            "{}",
            r#"{"access_token":""}"#,
            r#"{"access_token":7}"#,
            r#"{"access_token":"a\r\nX: y"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn credentials_stay_off_open_lines() {
        for (url, expected) in [
            ("https://a/", true),
            ("http://a/", false),
            ("http://localhost:8080/", true),
            ("http://127.0.0.1/", true),
            ("http://[::1]/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(may_carry(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
