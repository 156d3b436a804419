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

mod answer;
mod api;
mod appended;
mod askers;
mod batches;
mod beans;
mod beside;
mod bounds;
mod builder;
mod call;
mod calling;
mod captured;
mod carried;
mod change;
mod client_answers;
mod company;
mod complete;
mod compose;
mod constants;
mod containers;
mod decide;
mod declared;
mod decoders;
mod deferred;
mod each_answer;
mod elements;
mod embedded;
mod escape;
mod evaluate;
mod expressions;
mod filling;
mod fluent;
mod form;
mod generated;
mod generic;
mod guards;
mod handed_up;
mod index;
mod inherited;
mod invoke;
mod joined;
mod jq;
mod json_text;
mod kept;
mod knots;
mod language;
mod lines;
mod link;
mod lookups;
mod loops;
mod mentions;
mod models;
mod modules;
mod names;
mod neighbours;
mod one_liners;
mod options;
mod overridden;
mod own_builders;
mod packages;
mod paths;
mod pins;
mod pipes;
mod prefilter;
mod presumed;
mod project;
mod queries;
mod read;
mod request;
mod room;
mod rounds;
mod routes;
mod scope;
mod sdk;
mod sent;
mod structs;
mod template;
mod text_methods;
mod told_options;
mod truth;
mod typed;
mod unset;
mod url;
mod url_makers;
mod url_parts;
mod value;
mod variants;
mod walk;
mod weigh;
mod wording;
mod written_into;

pub use api::{Api, ApiConfig};
pub use call::{
    Call, Confidence, FieldPlace, FieldUse, Files, Scan, SdkUse, SentObject, SkipReason, Skipped, Target, Via,
};
pub use language::Language;
pub use sdk::{SdkConfig, SdkName};
pub use walk::{Checkout, ScanError, ScanOptions, TextScan, scan_file_text, scan_paths, scan_text};
