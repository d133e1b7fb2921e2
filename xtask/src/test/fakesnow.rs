//! The Snowflake stand-ins for a run of tests.

use std::process::{Child, Command};
use std::thread;

use anyhow::{Context, bail};

use crate::workspace::Workspace;
use crate::{process, python};

/// What `testkit::fakesnow` looks for: where they are, with spaces between.
const URL_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_URL";
/// The same, of tests and benchmarks that need the process to themselves.
const PYTHON_VARIABLE: &str = "GONG_SNOWFLAKE_FAKESNOW_PYTHON";

const REQUIREMENTS: &str = "crates/testkit/python/requirements-fakesnow.txt";
const SERVER: &str = "crates/testkit/python/fakesnow_server.py";

/// As many as there are processors, up to this: each uses one processor and a few
/// hundred megabytes.
const MOST_SERVERS: usize = 4;

/// Running stand-ins, which end with this value.
#[derive(Debug)]
pub(crate) struct FakeSnow {
    /// Ends them when it is dropped.
    _servers: Servers,
    variables: [(&'static str, String); 2],
}

impl FakeSnow {
    /// Installs it under the target folder when it is not there, and starts some for all
    /// tests, which share them out: each test program starting its own would take longer
    /// than the tests.
    pub(crate) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let python = python::environment(workspace, "fakesnow", REQUIREMENTS)?;
        let processors = thread::available_parallelism().map_or(1, usize::from);
        // Kept at once, so that those that run end if one does not start.
        let mut servers = Servers::default();
        for _ in 0..processors.min(MOST_SERVERS) {
            servers.start(Command::new(&python).arg(workspace.root.join(SERVER)))?;
        }
        let python = python.to_str().context("the path is not UTF-8")?.to_owned();
        let variables = [
            (URL_VARIABLE, servers.urls.join(" ")),
            (PYTHON_VARIABLE, python),
        ];
        Ok(Self {
            _servers: servers,
            variables,
        })
    }

    /// The environment variables that lead tests to them.
    pub(crate) fn variables(&self) -> &[(&'static str, String)] {
        &self.variables
    }
}

#[derive(Debug, Default)]
struct Servers {
    children: Vec<Child>,
    urls: Vec<String>,
}

impl Servers {
    fn start(&mut self, command: &mut Command) -> anyhow::Result<()> {
        let (child, line) = process::start(command)?;
        self.children.push(child);
        let url = line.trim();
        if !url.starts_with("http://127.0.0.1:") {
            bail!("the Snowflake stand-in did not start");
        }
        self.urls.push(url.to_owned());
        Ok(())
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        for child in &mut self.children {
            drop(child.kill());
            drop(child.wait());
        }
    }
}
