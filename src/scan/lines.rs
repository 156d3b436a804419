//! Lines and columns of the bytes of a text.

/// Where lines begin.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        Self(std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect())
    }

    /// Line and column of a byte, both from 1; the column counts characters.
    pub(super) fn place(&self, text: &str, byte: usize) -> (usize, usize) {
        let byte = byte.min(text.len());
        let line = self.0.partition_point(|start| *start <= byte).max(1);
        let start = self.0[line - 1];
        let column = text.get(start..byte).map_or(byte - start, |head| head.chars().count());
        (line, column + 1)
    }
}
