//! The readers of Parquet that the tests of the export read its files with.

use std::path::PathBuf;

use crate::python;
use crate::workspace::Workspace;

/// Installs them under the target folder, and returns the variable that leads to them.
pub(super) fn readers(workspace: &Workspace) -> anyhow::Result<(&'static str, PathBuf)> {
    let requirements = "examples/exporting/python/requirements-readers.txt";
    let python = python::environment(workspace, "parquet", requirements)?;
    Ok(("GONG_SNOWFLAKE_PARQUET_PYTHON", python))
}
