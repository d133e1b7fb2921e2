//! A real collector, which spans are sent to by OTLP.

use std::path::PathBuf;
use std::process::Command;

use crate::workspace::Workspace;
use crate::{process, python};

/// What `examples/serving/tests/otlp.rs` looks for.
pub(super) const VARIABLE: &str = "GONG_SNOWFLAKE_ROTEL";

const REQUIREMENTS: &str = "examples/serving/python/requirements-rotel.txt";

/// Says where the wheel has its program, which it installs without the right to run it.
const FIND: &str = "import os, rotel; \
    path = os.path.join(os.path.dirname(rotel.__file__), 'rotel-agent'); \
    os.chmod(path, 0o755); print(path)";

/// The programs are built with the feature by themselves: with it on, a run of the whole
/// workspace would bring OpenTelemetry.
pub(super) const BUILD: [&str; 7] = [
    "build",
    "--package",
    "gong-snowflake-serving",
    "--features",
    "otlp",
    "--example",
    "daemon",
];

/// The test, once the programs are there.
pub(super) const TEST: [&str; 8] = [
    "test",
    "--package",
    "gong-snowflake-serving",
    "--features",
    "otlp",
    "--no-fail-fast",
    "--test",
    "otlp",
];

/// Installs it under the target folder when it is not there, and returns its program.
pub(super) fn collector(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let python = python::environment(workspace, "rotel", REQUIREMENTS)?;
    let path = process::output(Command::new(python).args(["-c", FIND]))?;
    Ok(path.trim().into())
}
