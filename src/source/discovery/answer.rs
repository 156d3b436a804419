//! What goes into discovery and what comes out of it.

use url::Url;

/// One answer of a server.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where it came from in the end, after redirects.
    pub url: Url,
    /// The status code.
    pub status: u16,
    /// The `Content-Type`, if there was one. It is a hint and no more.
    pub content_type: Option<String>,
    /// The values of all `Link` headers.
    pub links: Vec<String>,
    /// The body, unpacked.
    pub body: Vec<u8>,
}

/// What a request is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The address that was asked for.
    Start,
    /// An API document is expected.
    Document,
    /// A list of documents is expected: a viewer's configuration, a catalog.
    Index,
    /// The configuration that a viewer was told to load.
    Configuration,
    /// A page for people is expected.
    Page,
    /// A script of a page.
    Script,
}

impl Purpose {
    /// The `Accept` header to send.
    pub fn accept(self) -> &'static str {
        match self {
            Self::Start => {
                "application/vnd.oai.openapi+json, application/json;q=0.9, application/yaml;q=0.8, text/html;q=0.7, */*;q=0.5"
            }
            Self::Document => {
                "application/vnd.oai.openapi+json, application/json;q=0.9, application/yaml;q=0.8, */*;q=0.5"
            }
            Self::Index => "application/linkset+json, application/json;q=0.9, */*;q=0.5",
            Self::Configuration => "application/json, application/yaml;q=0.8, */*;q=0.5",
            Self::Page => "text/html, */*;q=0.5",
            Self::Script => "text/javascript, */*;q=0.5",
        }
    }
}

/// A document that an answer names or holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What the page calls it, if it does.
    pub name: Option<String>,
    /// Where it is.
    pub held: Held,
}

/// Where a document is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// At this address.
    At(Url),
    /// In the answer itself: the document's bytes.
    Inside(Vec<u8>),
}

/// A place to look at next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lead {
    /// Where.
    pub url: Url,
    /// What is expected there.
    pub purpose: Purpose,
}

/// What an answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// The body is an API document.
    Document,
    /// The answer names or holds documents, or says where to look.
    Pointers {
        /// What it is, in words: `a Swagger UI page`.
        what: &'static str,
        /// The documents, in the answer's order.
        candidates: Vec<Candidate>,
        /// Where else to look if there are no candidates, the likeliest first.
        leads: Vec<Lead>,
    },
    /// Nothing leads on from here.
    Nothing {
        /// What it is instead, in words: `a sign-in page`.
        what: String,
    },
}
