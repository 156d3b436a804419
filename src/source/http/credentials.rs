//! How a source lets us in: what is sent, and to whom.

use sha2::{Digest, Sha256};
use url::Url;

use super::secret::Secret;

/// A secret with the name by which the user knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Where it comes from: the name of an environment variable.
    pub name: String,
    /// What is in it.
    pub value: Secret,
}

/// How a source lets us in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// As everybody.
    None,
    /// A client's id and secret, exchanged for a token that ends.
    Client {
        /// The id.
        id: Named,
        /// The secret.
        secret: Named,
        /// Where and how.
        exchange: Exchange,
    },
    /// `Authorization: Bearer`.
    Bearer(Named),
    /// Any header.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: Named,
    },
}

/// Where and how a client's id and secret are exchanged for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchange {
    /// `POST /api/v1/token` with JSON, as NVIDIA Run:ai documents it.
    RunAi {
        /// Where, if not below the source's own address.
        token_url: Option<Url>,
        /// The realm of the control plane's Keycloak, if that is to be asked.
        realm: Option<String>,
    },
    /// RFC 6749, section 4.4.
    ClientCredentials {
        /// The token endpoint.
        token_url: Url,
        /// `scope`.
        scope: Option<String>,
        /// `audience`, which some servers need.
        audience: Option<String>,
    },
}

/// So many rounds make a guess at a secret from the name of a file dear.
const ROUNDS: usize = 20_000;

impl Credentials {
    /// Whether anything is sent at all.
    pub fn is_none(&self) -> bool {
        *self == Self::None
    }

    /// The secrets in it, the id included.
    pub(super) fn secrets(&self) -> Vec<&Secret> {
        match self {
            Self::None => Vec::new(),
            Self::Client { id, secret, .. } => vec![&id.value, &secret.value],
            Self::Bearer(token) => vec![&token.value],
            Self::Header { value, .. } => vec![&value.value],
        }
    }

    /// The environment variables that hold it.
    pub(super) fn variables(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Client { id, secret, .. } => format!("{} and {}", id.name, secret.name),
            Self::Bearer(named) | Self::Header { value: named, .. } => named.name.clone(),
        }
    }

    /// Who asks, for the cache: differs for different credentials, and does not
    /// tell them.
    pub(super) fn fingerprint(&self, url: &Url) -> [u8; 32] {
        let (kind, secrets) = match self {
            Self::None => return [0; 32],
            Self::Client { id, secret, .. } => ("client", vec![id, secret]),
            Self::Bearer(token) => ("bearer", vec![token]),
            Self::Header { name, value } => (name.as_str(), vec![value]),
        };
        let mut hash = Sha256::new();
        for part in [kind, url.host_str().unwrap_or_default()]
            .into_iter()
            .chain(secrets.iter().map(|named| named.value.reveal()))
        {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut out: [u8; 32] = hash.finalize().into();
        for _ in 0..ROUNDS {
            out = Sha256::digest(out).into();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_and_nobody_is_mixed_up() {
        let named = |value: &str| Named { name: "TOKEN".to_owned(), value: Secret::new(value) };
        let url = Url::parse("https://a/").unwrap();
        let one = Credentials::Bearer(named("hunter2"));
        let other = Credentials::Bearer(named("hunter3"));
        let header = Credentials::Header { name: "X-Key".to_owned(), value: named("hunter2") };
        assert!(!format!("{one:?} {header:?}").contains("hunter"));
        assert_eq!(one.fingerprint(&url), one.fingerprint(&url));
        assert_ne!(one.fingerprint(&url), other.fingerprint(&url));
        assert_ne!(one.fingerprint(&url), header.fingerprint(&url));
        assert_ne!(one.fingerprint(&url), Credentials::None.fingerprint(&url));
    }
}
