//! `cargo xtask fuzz`: damaged input for what reads from outside.
//!
//! First random damage, by a test of `gong-client` that every toolchain runs. Then libFuzzer,
//! which sees what code an input reaches and goes on from there (`fuzz/`). The latter needs a
//! compiler of C++ and an x86-64 or ARM Linux; elsewhere it says that it is left out.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::process;
use crate::workspace::Workspace;

/// Targets of `fuzz/src/targets.rs`, with the seeds of each.
const TARGETS: [(&str, &[&str]); 9] = [
    ("call", &["calls"]),
    ("transcript", &["transcripts"]),
    ("cleaning", &["calls", "transcripts"]),
    ("records", &["calls", "transcripts"]),
    ("reply", &["replies"]),
    ("webhook_body", &["calls"]),
    ("webhook_verifier", &["signed"]),
    ("settings", &["settings"]),
    ("scorecard", &["scorecards"]),
];

/// What `cargo fuzz` asks of the compiler, without what only a nightly toolchain has: code
/// counts where it runs and tells what it compares. Given with `--target`, it spares build
/// scripts and macros.
const FLAGS: &str = "--cfg fuzzing -Ccodegen-units=1 -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// Longest input: of a few turns, so that many are tried.
const BYTES: &str = "-max_len=16384";

/// Runs every target for so many seconds, random damage from a seed on.
pub(crate) fn run(workspace: &Workspace, seconds: u64, seed: u64) -> anyhow::Result<()> {
    let folder = workspace.target.join("fuzz");
    let seeds = folder.join("seeds");
    let mut command = workspace.cargo(["test", "--quiet", "--release", "--package"]);
    command.args(["gong-client", "--features", "webhooks", "--test", "all"]);
    command.args(["--", "--nocapture", "fuzz::"]);
    let milliseconds = seconds.saturating_mul(1_000).to_string();
    command.env("GONG_SNOWFLAKE_FUZZ_MILLISECONDS", milliseconds);
    command.env("GONG_SNOWFLAKE_FUZZ_SEEDS", &seeds);
    process::run(command.env("GONG_SNOWFLAKE_FUZZ_SEED", seed.to_string()))?;
    write_seeds(workspace, &seeds)?;

    let program = match build(workspace, &folder) {
        Ok(program) => program,
        Err(error) => {
            println!("skipped: fuzzing by coverage, which cannot be built: {error:#}");
            return Ok(());
        }
    };
    let words = folder.join("words");
    std::fs::write(&words, dictionary(workspace)?)?;
    let mut failed = Vec::new();
    for (target, kinds) in TARGETS {
        let corpus = folder.join("corpus").join(target);
        let found = folder.join("found").join(target);
        std::fs::create_dir_all(&corpus)?;
        std::fs::create_dir_all(&found)?;
        let mut command = std::process::Command::new(&program);
        command.arg(&corpus);
        command.args(kinds.iter().map(|kind| seeds.join(kind)));
        command.args([BYTES, "-timeout=10", "-print_final_stats=1", "-verbosity=0"]);
        command.arg(format!("-max_total_time={seconds}"));
        command.arg(format!("-dict={}", words.display()));
        command.arg(format!("-artifact_prefix={}/", found.display()));
        command.env("GONG_SNOWFLAKE_FUZZ_TARGET", target);
        println!("{target}:");
        if process::run(command.env("GONG_SNOWFLAKE_FUZZ_SEEDS", &seeds)).is_err() {
            failed.push(target);
        }
    }
    if !failed.is_empty() {
        let found = folder.join("found");
        bail!(
            "{} failed: their inputs are in {}",
            failed.join(", "),
            found.display()
        );
    }
    Ok(())
}

/// Builds what is under libFuzzer, and says where the program is.
fn build(workspace: &Workspace, folder: &Path) -> anyhow::Result<PathBuf> {
    let (machine, system) = (std::env::consts::ARCH, std::env::consts::OS);
    if system != "linux" {
        bail!("{system} is not Linux");
    }
    let triple = format!("{machine}-unknown-linux-gnu");
    let build = folder.join("build");
    let mut command = workspace.cargo(["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    command
        .args(["--target", &triple, "--target-dir"])
        .arg(&build);
    process::run(
        command
            .env("RUSTFLAGS", FLAGS)
            .env_remove("CARGO_ENCODED_RUSTFLAGS"),
    )?;
    Ok(build.join(triple).join("release/gong-snowflake-fuzz"))
}

/// Seeds beside those that the test writes: pages of its documents, and files of TOML.
fn write_seeds(workspace: &Workspace, seeds: &Path) -> anyhow::Result<()> {
    let pages = seeds.join("replies");
    std::fs::create_dir_all(&pages)?;
    for kind in ["calls", "transcripts"] {
        for number in 0..4 {
            let document = std::fs::read_to_string(seeds.join(kind).join(number.to_string()))
                .with_context(|| format!("seed {number} of {kind}"))?;
            let page = format!(
                r#"{{"requestId":"1","records":{{"totalRecords":2,"cursor":"c"}},"calls":[{document},{{}}]}}"#
            );
            std::fs::write(pages.join(format!("{kind}-{number}")), page)?;
        }
    }
    let settings = seeds.join("settings");
    std::fs::create_dir_all(&settings)?;
    std::fs::write(settings.join("0"), SETTINGS)?;
    let cards = seeds.join("scorecards");
    std::fs::create_dir_all(&cards)?;
    for file in std::fs::read_dir(workspace.root.join("crates/agents/scorecards"))? {
        let file = file?;
        std::fs::copy(file.path(), cards.join(file.file_name()))?;
    }
    Ok(())
}

const SETTINGS: &str = r#"
[gong]
base_url = "https://us-1.api.gong.io"
access_key = "k"
access_key_secret = "secret"
[store]
location = "sqlite:calls.db"
"#;

/// Names of Gong's fields, of settings and of scorecards, which no comparison of numbers tells.
fn dictionary(workspace: &Workspace) -> anyhow::Result<String> {
    let mut words = std::collections::BTreeSet::new();
    let is_name = |word: &str| {
        word.len() > 1
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    for folder in [
        "crates/gong-client/src/groups",
        "crates/calls/src/gong",
        "src/settings",
    ] {
        for file in std::fs::read_dir(workspace.root.join(folder))? {
            let path = file?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path)?;
                let quoted = text.split('"').skip(1).step_by(2);
                words.extend(quoted.filter(|word| is_name(word)).map(str::to_owned));
            }
        }
    }
    Ok(words
        .iter()
        .map(|word| format!("\"\\\"{word}\\\":\"\n\"{word}\"\n"))
        .collect())
}
