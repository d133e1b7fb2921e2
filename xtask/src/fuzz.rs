//! `cargo xtask fuzz`: damaged input for the decoders and the verifier of webhooks.

use crate::process;
use crate::workspace::Workspace;

/// Runs every target for so many seconds, from a seed on. It is random testing on the
/// project's own toolchain, without coverage: `crates/gong-client/tests/fuzz.rs` says what
/// that means.
pub(crate) fn run(workspace: &Workspace, seconds: u64, seed: u64) -> anyhow::Result<()> {
    let mut command = workspace.cargo(["test", "--quiet", "--release", "--package"]);
    command.args(["gong-client", "--features", "webhooks", "--test", "fuzz"]);
    command.args(["--", "--nocapture"]);
    let milliseconds = seconds.saturating_mul(1_000).to_string();
    command.env("GONG_SNOWFLAKE_FUZZ_MILLISECONDS", milliseconds);
    process::run(command.env("GONG_SNOWFLAKE_FUZZ_SEED", seed.to_string()))
}
