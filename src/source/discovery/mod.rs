//! From an address to the API document behind it: what an answer of a server
//! is, and where to look next.
//!
//! Pure: knows nothing of sockets, credentials, redirects or caches. A
//! [`Search`] begins with an address and says what to fetch; whoever fetches
//! hands each [`Answer`] back, until a document is found or everything was
//! tried:
//!
//! ```text
//! let mut search = Search::new(url);
//! loop {
//!     match search.step() {
//!         Step::Fetch(request) => match fetch(&request) {
//!             Ok(answer) => search.answered(answer),
//!             Err(reason) => search.unreachable(reason),
//!         },
//!         Step::Found(found) => break Ok(found),
//!         Step::Failed(failure) => break Err(failure),
//!     }
//! }
//! ```
//!
//! 1. `look` sorts one answer: an API document (whatever its content type
//!    says), an index of documents (`index`), a linkset, a page (`page`), a
//!    script (`script`).
//! 2. `page` reads HTML by its tokens, `script` JavaScript by its syntax tree;
//!    `evaluate` finds the values of what stands there (`value`, `builtin`), and
//!    `viewer` knows the documentation viewers and where each keeps its
//!    document.
//! 3. `search` follows what was found, then the usual `places`.
//!
//! All of it is hostile input: sizes, nesting, steps and candidates are
//! limited, and nothing that a server says is run.

mod answer;
mod builtin;
mod crowd;
mod evaluate;
mod index;
mod link;
mod look;
mod page;
mod places;
mod script;
mod search;
mod value;
mod viewer;

pub use answer::{Answer, Candidate, Held, Lead, Purpose, Sight};
pub use look::look;
pub(super) use page::MAX_ADDRESS;
pub use places::USUAL_PLACES;
pub use search::{Failure, Found, Request, Search, Step, Tried};

/// Longest page or script that is read, in bytes. Pages with their document
/// inside are as long as the document.
pub const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;
/// Most documents that one page may name.
pub const MAX_CANDIDATES: usize = 512;
/// Most places that one page may send us to.
pub const MAX_LEADS: usize = 32;
/// Most requests of one search.
pub const MAX_REQUESTS: usize = 80;
/// How many pages may stand between the address and the document.
pub const MAX_HOPS: usize = 6;
