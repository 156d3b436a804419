//! Client code -> calls: which operations of an API does this code use, where?
//!
//! Knows the operations of the API and nothing of policies, releases or
//! deadlines. The way of a file:
//!
//! 1. `walk` finds it, `api` looks at its bytes: most files cannot contain a
//!    call and are never parsed.
//! 2. `language/*` parses it and lowers it to the common form (`form`), in
//!    which strings, names, functions and calls are all that is left.
//! 3. `project` finds what it imports among the files of the scan (`modules`),
//!    and `link` makes one program of files that need one another.
//! 4. `evaluate` runs the program over symbolic values (`value`), `read` reads
//!    names out of order (by `index`), `scope` follows them through imports,
//!    `calling` judges calls: `request`, with the help of the language, tells
//!    which are requests, and `invoke` follows them outwards through helper
//!    functions.
//!    `url_parts` knows what programs themselves make of URLs.
//! 5. `url` takes the URLs apart, `paths` finds the template that fits best,
//!    `decide` says which of them are calls of this API and how sure that is.
//!
//! Code inside other files (workflows, notebooks, collections, Markdown) is
//! taken out by `embedded` and goes the same way, region by region.
//!
//! A new client language is one file in `language/` and one row of its table.

mod call;
mod embedded;
mod evaluate;
mod fields;
mod files;
mod form;
mod judge;
mod kept;
mod language;
mod lines;
mod link;
mod objects;
mod prefilter;
mod requests;
mod room;
mod value;
mod wording;

pub use call::{
    Call, Confidence, FieldPlace, FieldUse, Files, Scan, SdkUse, SentObject, SkipReason, Skipped, Target, Via,
};
pub use files::walk::{Checkout, ScanError, ScanOptions, TextScan, scan_file_text, scan_paths, scan_text};
pub use judge::api::{Api, ApiConfig};
pub use judge::sdk::{SdkConfig, SdkName};
pub use language::Language;
