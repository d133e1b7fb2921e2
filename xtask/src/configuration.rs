//! `cargo xtask configuration`: docs/configuration.md from the table of settings.

use anyhow::Context;

use crate::process;
use crate::workspace::Workspace;

/// Writes the page anew. A test of the facade fails while it is out of date.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let example = [
        "run",
        "--quiet",
        "--package",
        "gong-snowflake",
        "--example",
        "validate_config",
    ];
    let mut command = workspace.cargo(example);
    let page = process::output(command.args(["--", "--reference"]))?;
    let path = workspace.root.join("docs/configuration.md");
    std::fs::write(&path, page).with_context(|| path.display().to_string())
}
