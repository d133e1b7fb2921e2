//! A llama.cpp server with a small model, for the tests of the protocol.

use std::process::{Child, Command};

use anyhow::{Context, bail};

use crate::workspace::Workspace;
use crate::{process, python};

/// What `cortex/tests/rest_real_server.rs` looks for.
const URL_VARIABLE: &str = "GONG_SNOWFLAKE_LLAMA_URL";

const REQUIREMENTS: &str = "xtask/python/requirements-llama.txt";
const SERVER: &str = "xtask/python/llama_server.py";

/// A running server, which ends with this value.
#[derive(Debug)]
pub(crate) struct Llama {
    server: Child,
    url: String,
}

impl Llama {
    /// Installs the wheels under the target folder when they are not there (some 400 MB),
    /// and starts the server.
    pub(crate) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let python = python::environment(workspace, "llama", REQUIREMENTS)?;
        let model = python
            .ancestors()
            .nth(2)
            .context("no folder")?
            .join("model.gguf");
        let mut command = Command::new(&python);
        command.arg(workspace.root.join(SERVER)).arg(model);
        let (server, line) = process::start(&mut command)?;
        let url = line.trim().to_owned();
        // Kept at once, so that it ends if it did not start well.
        let llama = Self { server, url };
        if !llama.url.starts_with("http://127.0.0.1:") {
            bail!("the llama.cpp server did not start");
        }
        Ok(llama)
    }

    /// The environment variable that leads tests to it.
    pub(crate) fn variable(&self) -> (&'static str, &str) {
        (URL_VARIABLE, &self.url)
    }
}

impl Drop for Llama {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}
