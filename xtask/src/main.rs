//! The project's own commands: `cargo xtask <command>`.
//!
//! Everything that CI checks can be checked here, with the same commands and
//! without an account. Each command is a module. They share how to run child
//! processes ([`process`]), install Python packages ([`python`]), keep a list of
//! steps ([`steps`]) and find the parts of the workspace ([`workspace`]).

mod bench;
mod ci;
mod configuration;
mod examples;
mod fuzz;
mod lint;
mod package;
mod pictures;
mod process;
mod python;
mod quality;
mod steps;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// The project's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs all tests and doctests; ends with the line `N passed, N failed`.
    Test,
    /// Checks format, lints, docs, licences, features and the files themselves.
    Lint,
    /// Packages every crate and builds projects outside the workspace that use them.
    Package,
    /// Runs the examples that need no account and checks what they print.
    Examples,
    /// Measures ingestion beside its floor, and the time of an analysis.
    Bench {
        /// Passed on to the benchmark, such as `--calls 5000`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measures a sync beside pipelines in dlt that fetch and store the same.
    Peers {
        /// Calls to load.
        #[arg(long, default_value_t = 1_000)]
        calls: u32,
        /// Sentences per call.
        #[arg(long, default_value_t = 300)]
        sentences: u32,
        /// Times that each runs; medians are shown.
        #[arg(long, default_value_t = 3)]
        rounds: u32,
    },
    /// Measures the local language backend on the data sets beside the repository.
    Quality {
        /// Puts the table into docs/quality.md.
        #[arg(long)]
        write: bool,
    },
    /// Writes docs/configuration.md from the table of settings.
    Configuration,
    /// Feeds damaged input to whatever reads from outside: at random, then by coverage.
    Fuzz {
        /// Seconds for each target.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Where the random inputs begin; another one gives others.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Draws the pictures of the README again.
    Pictures,
    /// Runs test, lint, examples and package, all of them even if one fails, and times them.
    Ci,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command) -> anyhow::Result<()> {
    let workspace = Workspace::locate()?;
    match command {
        Command::Test => test::run(&workspace),
        Command::Lint => lint::run(&workspace),
        Command::Package => package::run(&workspace),
        Command::Examples => examples::run(&workspace),
        Command::Bench { arguments } => bench::run(&workspace, arguments),
        &Command::Peers {
            calls,
            sentences,
            rounds,
        } => bench::peers(&workspace, calls, sentences, rounds),
        Command::Quality { write } => quality::run(&workspace, *write),
        Command::Configuration => configuration::run(&workspace),
        Command::Fuzz { seconds, seed } => fuzz::run(&workspace, *seconds, *seed),
        Command::Pictures => pictures::run(&workspace),
        Command::Ci => ci::run(&workspace),
    }
}
