//! The HTTP client: TLS, proxy and timeouts as the options say. Redirects and
//! repetitions are decided by us, not by the library.

use std::sync::Arc;

use reqwest::{Certificate, Client, redirect};

use super::options::Options;
use super::zone::Guard;

/// A client.
///
/// # Errors
/// Certificates or keys that cannot be read.
pub(super) fn client(
    options: &Options,
    guard: Arc<Guard>,
    with_identity: bool,
    with_proxy: bool,
) -> Result<Client, String> {
    // Whoever is first wins; all say the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let build = |only_given: bool| -> Result<Client, Refused> {
        let mut builder = Client::builder()
            .user_agent(concat!("sunwatch/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(options.timeouts.connect)
            .read_timeout(options.timeouts.read)
            .dns_resolver(Arc::clone(&guard));
        if !(options.proxy && with_proxy) {
            builder = builder.no_proxy();
        }
        let authorities = authorities(options)?;
        builder = match only_given {
            true => builder.tls_certs_only(authorities),
            false => builder.tls_certs_merge(authorities),
        };
        if options.tls.insecure {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        if let Some(identity) = options.tls.identity.as_ref().filter(|_| with_identity) {
            let identity = reqwest::Identity::from_pem(&identity.0).map_err(|_| {
                Refused("the client certificate or its key cannot be read: expected both in PEM".to_owned())
            })?;
            builder = builder.identity(identity);
        }
        builder.build().map_err(|error| Refused(chain(&error)))
    };
    match build(false) {
        Ok(client) => Ok(client),
        // A system without any certificates (a bare container) can still use
        // http, and what --ca-cert names.
        Err(error) if error.0.contains("No CA certificates") => build(true).map_err(|error| error.0),
        Err(error) => Err(error.0),
    }
}

struct Refused(String);

fn authorities(options: &Options) -> Result<Vec<Certificate>, Refused> {
    if options.tls.authorities.is_empty() {
        return Ok(Vec::new());
    }
    let unreadable = || Refused("the file of --ca-cert holds no certificate: expected PEM".to_owned());
    let found = Certificate::from_pem_bundle(&options.tls.authorities).map_err(|_| unreadable())?;
    if found.is_empty() { Err(unreadable()) } else { Ok(found) }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        out = format!("{out}: {error}");
        next = error.source();
    }
    out
}
