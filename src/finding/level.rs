//! How bad a finding is.

use std::fmt;

use crate::policy::LevelSetting;

/// How bad a finding is, the mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Should be seen.
    Warning,
    /// Fails a run by default.
    Error,
}

impl Level {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The level a policy sets; `None` for `off`.
    pub fn set(setting: LevelSetting) -> Option<Self> {
        match setting {
            LevelSetting::Error => Some(Self::Error),
            LevelSetting::Warning => Some(Self::Warning),
            LevelSetting::Note => Some(Self::Note),
            LevelSetting::Off => None,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
