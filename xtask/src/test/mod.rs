//! `cargo xtask test`: everything that can be checked without an account.
//!
//! Tests run under nextest where it is installed, else under `cargo test`;
//! doctests always under `cargo test`, since nextest does not know them.
//! A test that cannot run for want of something (such as a folder of real
//! conversations) prints `skipped: why` to stderr and passes. Such lines are
//! collected and shown at the end, so that a skip is never mistaken for a pass.

pub(crate) mod fakesnow;
mod libtest;
mod llama;
mod mcp;
mod nextest;
mod parquet;
mod prism;
mod rotel;

use std::ffi::OsString;

use anyhow::{bail, ensure};

use crate::process;
use crate::steps::Steps;
use crate::workspace::Workspace;

use self::fakesnow::FakeSnow;
use self::llama::Llama;
use self::prism::Prism;

/// What is off by default and has tests: sessions on `snowflake-api`, and spans to a collector.
/// One build for all tests: a second one, with a feature more, takes a minute.
const FEATURES: [&str; 2] = [
    "--features",
    "snowflake-sql/snowflake-api,gong-snowflake-serving/otlp",
];

/// What a run of tests gave.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    passed: u64,
    failed: u64,
    skips: Vec<Skip>,
}

/// A test that passed without having checked all it is there for.
#[derive(Debug, PartialEq, Eq)]
struct Skip {
    test: String,
    reason: String,
}

/// What tests want from outside, for as long as they run.
#[derive(Debug)]
struct Outside {
    _fakesnow: Option<FakeSnow>,
    _llama: Option<Llama>,
    _prism: Option<Prism>,
    /// How tests find it.
    variables: Vec<(&'static str, OsString)>,
}

/// Runs tests, then doctests, and prints the sum of both and where the time went.
pub(crate) fn run(workspace: &Workspace) -> anyhow::Result<()> {
    let mut steps = Steps::default();
    let mut total = Outcome::default();
    let mut outside = None;
    steps.run("what tests want from outside", || {
        outside = Some(Outside::start(workspace, &mut total));
        Ok(())
    });
    let cargo = |arguments: &[&str]| {
        let mut command = workspace.cargo(arguments.iter().chain(&FEATURES).copied());
        command.envs(outside.iter().flat_map(|outside| outside.variables.clone()));
        command
    };
    if workspace.has_subcommand("nextest") {
        steps.run("programs of tests", || {
            process::run(&mut cargo(&nextest::BUILD))
        });
        steps.run("tests", || {
            total.add(nextest::run(workspace, cargo(&nextest::ARGUMENTS)))
        });
    } else {
        let tests = ["test", "--workspace", "--no-fail-fast"];
        steps.run("tests", || total.add(libtest::run(cargo(&tests))));
    }
    let doctests = ["test", "--workspace", "--no-fail-fast", "--doc"];
    steps.run("doctests", || total.add(libtest::run(cargo(&doctests))));

    let ended = steps.finish();
    for skip in &total.skips {
        println!("skipped: {} ({})", skip.reason, skip.test);
    }
    if !total.skips.is_empty() {
        println!("{} skipped for want of something", total.skips.len());
    }
    println!("{} passed, {} failed", total.passed, total.failed);
    if ended.is_ok() && total.failed > 0 {
        bail!("tests failed");
    }
    ended
}

impl Outside {
    fn start(workspace: &Workspace, total: &mut Outcome) -> Self {
        let mut variables: Vec<(&'static str, OsString)> = Vec::new();
        let mut add =
            |name: &'static str, value: &str| variables.push((name, OsString::from(value)));
        let fakesnow = total.wanted("Snowflake's stand-in", FakeSnow::start(workspace));
        for (name, value) in fakesnow.iter().flat_map(FakeSnow::variables) {
            add(name, value);
        }
        let llama = total.optional("the protocol against llama.cpp", Llama::start(workspace));
        if let Some((name, url)) = llama.as_ref().map(Llama::variable) {
            add(name, url);
        }
        let prism = total.optional("requests to Gong by Prism", Prism::start(workspace));
        if let Some((name, url)) = prism.as_ref().map(Prism::variable) {
            add(name, url);
        }
        let collector = total.optional("spans to a collector", rotel::collector(workspace));
        let clients = total.wanted("the protocol's client", mcp::clients(workspace));
        let readers = total.wanted("readers of Parquet", parquet::readers(workspace));
        let programs = clients
            .into_iter()
            .flatten()
            .chain(readers)
            .chain(collector);
        variables.extend(programs.map(|(name, path)| (name, path.into_os_string())));
        Self {
            _fakesnow: fakesnow,
            _llama: llama,
            _prism: prism,
            variables,
        }
    }
}

impl Outcome {
    /// What tests want from outside. Without it they are skipped, except on CI, where nobody
    /// would notice.
    fn wanted<T>(&mut self, what: &str, there: anyhow::Result<T>) -> Option<T> {
        match there {
            Ok(there) => return Some(there),
            Err(error) if std::env::var_os("CI").is_some() => {
                eprintln!("error: {error:#}");
                self.failed += 1;
            }
            Err(error) => self.skips.push(Skip {
                test: format!("every test on {what}"),
                reason: format!("{error:#}"),
            }),
        }
        None
    }

    /// What tests can do without, also on CI: not every system has npm, each wheel, or Gong's
    /// specification.
    fn optional<T>(&mut self, test: &str, there: anyhow::Result<T>) -> Option<T> {
        let skip = |error| Skip {
            test: test.to_owned(),
            reason: format!("{error:#}"),
        };
        there.map_err(|error| self.skips.push(skip(error))).ok()
    }

    /// Adds a run. One that could not be run at all, such as for a compiler
    /// error, counts as a failure: nobody must read `0 failed` then.
    fn add(&mut self, run: anyhow::Result<Outcome>) -> anyhow::Result<()> {
        let outcome = run.inspect_err(|_| self.failed += 1)?;
        self.passed += outcome.passed;
        self.failed += outcome.failed;
        self.skips.extend(outcome.skips);
        ensure!(outcome.failed == 0, "{} failed", outcome.failed);
        Ok(())
    }

    /// A runner's exit code and its counts must agree.
    fn checked(self, succeeded: bool) -> anyhow::Result<Self> {
        if !succeeded && self.failed == 0 {
            bail!("the test runner failed though no test did");
        }
        Ok(self)
    }
}

/// The reason in a line that says that a test is skipped.
fn skip_reason(line: &str) -> Option<&str> {
    line.trim().strip_prefix("skipped: ")
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn a_run_that_did_not_take_place_is_a_failure() {
        let mut total = Outcome {
            passed: 3,
            ..Outcome::default()
        };
        assert!(total.add(Err(anyhow!("does not compile"))).is_err());
        assert_eq!((total.passed, total.failed), (3, 1));
    }

    #[test]
    fn a_failing_runner_without_a_failing_test_is_an_error() {
        assert!(Outcome::default().checked(false).is_err());
        assert!(Outcome::default().checked(true).is_ok());
    }
}
