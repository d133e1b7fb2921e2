//! What goes wrong.

use std::path::{Path, PathBuf};

/// Why an export stopped. What was written until then is complete, and the next export goes on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Of the store.
    #[error(transparent)]
    Store(#[from] gong_snowflake::snowflake_store::Error),
    /// Of the folder.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Rows that are no Parquet.
    #[error("{table}: {source}")]
    Parquet {
        /// The table.
        table: &'static str,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// The folder holds a manifest of another program, or of a newer one.
    #[error("{}: is no manifest of this program: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}
