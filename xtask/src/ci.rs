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

#[cfg(test)]
mod tests {
    /// The workflow runs the same steps side by side.
    #[test]
    fn the_workflow_runs_every_step() {
        let here = include_str!("ci.rs");
        let calls = here
            .lines()
            .filter(|line| line.starts_with("    steps.run("));
        let steps: Vec<&str> = calls.filter_map(|line| line.split('"').nth(1)).collect();
        let workflow = include_str!("../../.github/workflows/ci.yml");
        let matrix = format!("step: [{}]", steps.join(", "));
        assert!(workflow.contains(&matrix), "{matrix}");
    }
}
