//! A text that many share: as it was read, without a copy.

use std::ops::Deref;
use std::sync::Arc;

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Source(Arc<String>);

impl Deref for Source {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self(Arc::new(text))
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Arc<str>> for Source {
    fn from(text: Arc<str>) -> Self {
        (&*text).into()
    }
}
