//! `cargo xtask ci`: what a change must pass.

use crate::steps::Steps;
use crate::workspace::Workspace;
use crate::{examples, lint, package, test};

/// Tests come first: they build what lint and the examples can use, and are
/// what one wants to know first.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let mut steps = Steps::default();
    steps.run("test", || test::run(workspace));
    steps.run("lint", || lint::run(workspace));
    steps.run("examples", || examples::run(workspace));
    steps.run("package", || package::run(workspace));
    steps.finish()
}
