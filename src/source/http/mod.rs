//! Documents over the network: of an address, a docs page or a control plane.
//!
//! - [`Ask`] says what to fetch and how to be let in; [`fetch_all`] fetches any
//!   number of them at the same time. Asynchronous inside, not outside.
//! - `session` makes the requests of one source: credentials (`credentials`,
//!   `token`), redirects (`origin`), repetitions (`retry`), the cache on disk
//!   (`cache`).
//! - `references` gives the documents that a document refers to.
//! - `zone` keeps servers from leading us into networks that are not theirs.
//! - `secret` keeps what is secret out of everything that is shown.
//!
//! Where a document is on a server that only gives its address is not known
//! here but in `discovery`. The environment, the clock and the terminal are
//! handed in with [`Options`].

mod cache;
mod client;
mod credentials;
mod date;
mod failure;
mod fetch;
mod options;
mod origin;
mod references;
mod retry;
mod secret;
mod session;
mod token;
mod zone;

pub use credentials::{Credentials, Exchange, Named};
pub use failure::{Attempt, Cause, NetworkError};
pub use fetch::{Ask, VersionAt, fetch_all};
pub use options::{Identity, Limits, Options, Timeouts, Tls, Unwatched, Watch};
pub use origin::Origin;
pub use retry::Retries;
pub use secret::Secret;
pub use token::LoginError;
pub use zone::{Names, SystemNames, Zone};

use std::sync::Arc;

use url::Url;

use super::{Bundle, Source, SourceError, Surroundings};

/// An address as a source that is open for everybody.
pub(super) struct Remote<'u>(pub(super) &'u Url);

impl Source for Remote<'_> {
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let Some(options) = surroundings.network else {
            let why = "the network is not used here".to_owned();
            return Err(SourceError::Malformed { text: origin::shown(self.0), why });
        };
        let ask = Ask {
            name: None,
            url: self.0.clone(),
            credentials: Credentials::None,
            release: None,
            version: None,
        };
        let fetched = fetch_all(vec![ask], &Arc::clone(options));
        let documents = fetched.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Bundle { documents, ..Bundle::default() })
    }
}
