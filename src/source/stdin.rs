//! A document on standard input.

use std::sync::Arc;

use super::references::NoReferences;
use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited};

pub(super) struct Stdin;

impl Source for Stdin {
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let bytes = read_limited("-", surroundings.stdin, crate::text::MAX_BYTES, 0)?;
        let why = "standard input has no files beside it; name the document by its file";
        let references = Arc::new(NoReferences { why });
        let document = Fetched { name: "-".to_owned(), release: None, bytes, references, from: None };
        Ok(Bundle { documents: vec![document], ..Bundle::default() })
    }
}
