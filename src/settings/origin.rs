//! Where a setting's value stands.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// Where a value was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    Default,
    /// The place of a value in a TOML file.
    File {
        path: Arc<PathBuf>,
        line: usize,
        column: usize,
    },
    /// A key of an environment of Pulumi ESC.
    Esc {
        environment: String,
        key: String,
    },
    SecretFile(PathBuf),
    Environment,
    /// An option of a command line, or whatever the caller calls it.
    Caller(String),
}

impl Origin {
    /// Whether it is an option of a command line.
    pub(crate) fn is_option(&self) -> bool {
        matches!(self, Self::Caller(name) if name.starts_with('-'))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line, column } => {
                write!(f, "{}, line {line}, column {column}", path.display())
            }
            Self::Esc { environment, key } => write!(f, "Pulumi ESC, {environment}: {key}"),
            Self::SecretFile(path) => write!(f, "file {}", path.display()),
            Self::Environment => f.write_str("environment"),
            Self::Caller(name) => f.write_str(name),
        }
    }
}
