//! The Snowflake stand-in for a run of tests.

use std::process::{Child, Command};

use anyhow::{Context, bail};

use crate::workspace::Workspace;
use crate::{process, python};

/// What `testkit::fakesnow` looks for.
const URL_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_URL";
/// The same, of tests and benchmarks that need the process to themselves.
const PYTHON_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_PYTHON";

const REQUIREMENTS: &str = "crates/testkit/python/requirements-fakesnow.txt";
const SERVER: &str = "crates/testkit/python/fakesnow_server.py";

/// A running stand-in, which ends with this value.
#[derive(Debug)]
pub(crate) struct FakeSnow {
    child: Child,
    variables: [(&'static str, String); 2],
}

impl FakeSnow {
    /// Installs it under the target folder when it is not there, and starts one for
    /// all tests: each test program starting its own would take longer than the tests.
    pub(crate) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let python = python::environment(workspace, "fakesnow", REQUIREMENTS)?;
        let (child, line) = process::start(Command::new(&python).arg(workspace.root.join(SERVER)))?;
        // Kept at once, so that it ends if the rest fails.
        let python = python.to_str().context("the path is not UTF-8")?.to_owned();
        let url = line.trim().to_owned();
        let fakesnow = Self {
            child,
            variables: [(URL_VARIABLE, url), (PYTHON_VARIABLE, python)],
        };
        if !fakesnow.variables[0].1.starts_with("http://127.0.0.1:") {
            bail!("the Snowflake stand-in did not start");
        }
        Ok(fakesnow)
    }

    /// The environment variables that lead tests to it.
    pub(crate) fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }
}

impl Drop for FakeSnow {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
