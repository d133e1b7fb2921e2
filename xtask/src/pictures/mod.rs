//! `cargo xtask pictures`: the pictures of the README, made from what they show.

mod report;
mod way;

use anyhow::Context;

use crate::workspace::Workspace;

/// Draws the data's way, and photographs the quickstart's report where a browser is installed.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let folder = workspace.root.join("docs/pictures");
    std::fs::create_dir_all(&folder).context("docs/pictures")?;
    let drawing = folder.join("data-way.svg");
    std::fs::write(&drawing, way::svg()).context("docs/pictures/data-way.svg")?;
    report::photograph(workspace, &folder)
}
