//! Why a request gave no answer, in words that say what to do.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

use super::options::Options;
use super::origin::Unfollowed;
use super::token::LoginError;
use super::zone::{Forbidden, NoSuchName};

/// Why a request gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The name has no address.
    #[error("no such host ({0})")]
    NoHost(String),
    /// A rule of ours.
    #[error("refused: {0}")]
    Refused(String),
    /// No connection.
    #[error("no connection: {0}")]
    Connection(String),
    /// TLS failed.
    #[error("no safe connection: {0}")]
    Tls(String),
    /// It took too long.
    #[error("{0}")]
    Timeout(String),
    /// The answer ends before it should.
    #[error("the answer was cut short")]
    Cut,
    /// The answer is not what its headers say.
    #[error("the answer cannot be unpacked or is no HTTP")]
    Garbled,
    /// More than is read, before the answer itself begins.
    #[error("the head of the answer is larger than is read")]
    Head,
    /// More than is read.
    #[error("the answer is larger than {} kB, which is not read", .0 / 1024)]
    TooLarge(usize),
    /// Redirect after redirect.
    #[error("more than {0} redirects")]
    Redirects(usize),
    /// An answer to a question that was not asked.
    #[error("304 (not modified), though nothing was asked that could be so")]
    Unasked,
    /// The server is busy for longer than we wait.
    #[error("{status}, and asks to come back in {seconds} s")]
    Busy {
        /// Its status.
        status: u16,
        /// The wait.
        seconds: u64,
    },
    /// Offline, and never fetched before.
    #[error("not in the cache")]
    NotCached,
    /// No token.
    #[error("{0}")]
    Login(LoginError),
}

impl Cause {
    /// Whether a repetition may help.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Timeout(_) | Self::Cut)
    }

    /// Whether nothing else on this source can work either.
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Self::Login(_))
    }

    /// What to do.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoHost(_) => "check the address, and the proxy if there is one".to_owned(),
            Self::Connection(_) => {
                "check the address and the port, and that the server runs and can be reached from here"
                    .to_owned()
            }
            Self::Tls(text) if text.contains("not trusted") => {
                "give the certificate of its authority with --ca-cert FILE".to_owned()
            }
            Self::NotCached => "run once without --offline to fetch it".to_owned(),
            Self::Busy { .. } => "try again later".to_owned(),
            Self::Login(error) => return error.hint(),
            _ => return None,
        })
    }
}

impl From<Unfollowed> for Cause {
    fn from(error: Unfollowed) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<Forbidden> for Cause {
    fn from(error: Forbidden) -> Self {
        Self::Refused(error.to_string())
    }
}

/// What an error of the HTTP library means.
pub(super) fn cause(error: &reqwest::Error, options: &Options) -> Cause {
    let mut texts = String::new();
    let mut next: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(found) = known(error) {
            return found;
        }
        texts.push_str(&error.to_string());
        texts.push('\n');
        next = error.source();
    }
    let seconds = |time: std::time::Duration| format!("{} s", time.as_secs_f64());
    if error.is_timeout() && error.is_connect() {
        return Cause::Timeout(format!("no connection within {}", seconds(options.timeouts.connect)));
    }
    if error.is_timeout() {
        return Cause::Timeout(format!("silence for {}", seconds(options.timeouts.read)));
    }
    if texts.contains("end of file before message length") || texts.contains("before message completed") {
        return Cause::Cut;
    }
    if texts.contains("message head is too large") {
        return Cause::Head;
    }
    if error.is_connect() {
        let last = texts.lines().last().unwrap_or("no reason is known");
        return Cause::Connection(last.to_owned());
    }
    if error.is_body() || error.is_decode() || texts.contains("invalid HTTP") || texts.contains("parse") {
        return Cause::Garbled;
    }
    Cause::Connection(texts.lines().last().unwrap_or("no reason is known").to_owned())
}

fn known(error: &(dyn Error + 'static)) -> Option<Cause> {
    if let Some(forbidden) = error.downcast_ref::<Forbidden>() {
        return Some(Cause::Refused(forbidden.to_string()));
    }
    if let Some(name) = error.downcast_ref::<NoSuchName>() {
        return Some(Cause::NoHost(name.to_string()));
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(Cause::Tls(tls(error)));
    }
    let io = error.downcast_ref::<std::io::Error>()?;
    // An I/O error hides what it wraps from `source`.
    if let Some(found) = io.get_ref().and_then(|inner| known(inner)) {
        return Some(found);
    }
    match io.kind() {
        ErrorKind::UnexpectedEof => Some(Cause::Cut),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Some(Cause::Garbled),
        ErrorKind::ConnectionRefused => Some(Cause::Connection("nobody listens there".to_owned())),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Some(Cause::Connection("the server ended it".to_owned()))
        }
        _ => None,
    }
}

fn tls(error: &rustls::Error) -> String {
    use rustls::CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, UnknownIssuer,
    };
    match error {
        rustls::Error::InvalidCertificate(UnknownIssuer) => {
            "the server's certificate is not trusted: its issuer is unknown".to_owned()
        }
        // An authority made anew under its old name, or somebody who uses the name.
        rustls::Error::InvalidCertificate(BadSignature) => {
            "the server's certificate is not trusted: the issuer of that name has another key".to_owned()
        }
        rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => {
            "the server's certificate is for another name".to_owned()
        }
        rustls::Error::InvalidCertificate(Expired | ExpiredContext { .. }) => {
            "the server's certificate has expired".to_owned()
        }
        rustls::Error::InvalidMessage(_) => {
            "the server does not speak TLS there; if it means to, its address begins with http://".to_owned()
        }
        rustls::Error::AlertReceived(alert) => format!("the server refuses with {alert:?}"),
        other => other.to_string(),
    }
}

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// `GET https://...`.
    pub request: String,
    /// `404`, `no connection: nobody listens there`.
    pub result: String,
}

/// Why a source gave no document, with everything that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkError {
    /// What is to be told first.
    pub message: String,
    /// All requests, in their order.
    pub tried: Vec<Attempt>,
    /// What to do.
    pub hint: Option<String>,
}

/// Requests that a message lists; a search may have made more.
const LISTED: usize = 50;

impl Error for NetworkError {}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        let width = self.tried.iter().map(|tried| tried.request.chars().count()).max().unwrap_or(0).min(80);
        for tried in self.tried.iter().take(LISTED) {
            write!(f, "\n  {:width$}  {}", tried.request, tried.result)?;
        }
        if self.tried.len() > LISTED {
            write!(f, "\n  and {} more requests", self.tried.len() - LISTED)?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  = help: {hint}")?;
        }
        Ok(())
    }
}
