//! Client code -> calls: which operations of an API does this code use, where?
//!
//! Knows the operations of the API and nothing of policies, releases or
//! deadlines. The way of a file:
//!
//! 1. `files` finds it and looks at its bytes (`prefilter`): most files cannot
//!    contain a call and are never parsed. Code inside other files (workflows,
//!    notebooks, collections, Markdown) is taken out by `embedded` and goes the
//!    same way, region by region.
//! 2. `language` parses it and lowers it to the common form (`form`), in which
//!    strings, names, functions and calls are all that is left.
//! 3. `files` finds what it imports among the files of the scan, and `link` makes
//!    one program of files that need one another.
//! 4. `evaluate` runs the program over symbolic values (`value`), follows names
//!    through imports and calls through helper functions; `objects` is what it
//!    knows of objects. What a call means for HTTP is asked of `requests`. `fields`
//!    follows what requests send and what is read of their answers.
//! 5. `judge` takes the URLs apart, finds the template that fits best, and says
//!    which requests are calls of this API and how sure that is.
//!
//! A new client language is a folder in `language/` and a row of its table.

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
mod naming;
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
