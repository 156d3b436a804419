//! How languages name what other files have.

/// How a language names modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Imports are not followed.
    None,
    /// `a.b`, `.a`, packages with `__init__.py`.
    Python,
    /// `./a`, `@/a`, folders with an index file.
    JavaScript,
    /// Folders are packages.
    Go,
    /// Names of files.
    Files,
    /// `crate/a/b`, `super/a`: a file or a folder with `mod.rs`.
    Rust,
    /// Classes are called by their names, and files after their classes.
    Classes,
    /// The files of a module see each other's functions.
    Commands,
}

impl Naming {
    /// Whether objects that hold values by key are filled by calls: `body.put("a", 1)`.
    pub(crate) fn fills_by_calls(self) -> bool {
        matches!(self, Self::None | Self::Classes | Self::Commands)
    }
}
