//! A real collector, which spans are sent to by OTLP.

use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{process, python};

/// What `examples/serving/tests/otlp.rs` looks for.
const VARIABLE: &str = "GONG_SNOWFLAKE_ROTEL";

const REQUIREMENTS: &str = "examples/serving/python/requirements-rotel.txt";

/// Says where the wheel has its program, which it installs without the right to run it.
const FIND: &str = "import os, rotel; \
    path = os.path.join(os.path.dirname(rotel.__file__), 'rotel-agent'); \
    os.chmod(path, 0o755); print(path)";

/// Installs it under the target folder when it is not there, and returns the variable that leads
/// to its program.
pub(super) fn collector(workspace: &Workspace) -> anyhow::Result<(&'static str, PathBuf)> {
    let python = python::environment(workspace, "rotel", REQUIREMENTS)?;
    let path = process::output(Command::new(python).args(["-c", FIND]))?;
    Ok((VARIABLE, path.trim().into()))
}
