//! A document on standard input.

use super::{Bundle, Fetched, Source, SourceError, Surroundings, read_limited};

pub(super) struct Stdin;

impl Source for Stdin {
    fn fetch(&self, surroundings: &mut Surroundings<'_>) -> Result<Bundle, SourceError> {
        let bytes = read_limited("-", surroundings.stdin)?;
        let document = Fetched { name: "-".to_owned(), release: None, bytes, from: None };
        Ok(Bundle { documents: vec![document], notes: Vec::new() })
    }
}
