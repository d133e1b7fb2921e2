//! Prism, serving Gong's specification: it says of each request whether it is valid.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, bail};

use crate::process;
use crate::workspace::Workspace;

/// What `gong-client/tests/prism.rs` looks for.
const URL_VARIABLE: &str = "GONG_SNOWFLAKE_PRISM_URL";

const PACKAGE: &str = "@stoplight/prism-cli@5.14.2";

/// Gong's specification lies beside the repository; it is not ours to pass on.
const SPECIFICATION: &str = "../shared/gong/openapi.json";

/// A running Prism, which ends with this value.
#[derive(Debug)]
pub(crate) struct Prism {
    server: Child,
    url: String,
}

impl Prism {
    /// Installs the package under the target folder when it is not there, and starts it.
    pub(crate) fn start(workspace: &Workspace) -> anyhow::Result<Self> {
        let specification = workspace.root.join(SPECIFICATION);
        if !specification.exists() {
            bail!("{SPECIFICATION} is absent");
        }
        let folder = workspace.target.join("prism");
        let program = folder.join("node_modules/@stoplight/prism-cli/dist/index.js");
        if !program.exists() {
            std::fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            let mut npm = Command::new("npm");
            npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]);
            process::run(npm.arg(&folder).arg(PACKAGE))?;
        }
        let port = free_port()?;
        let mut command = Command::new("node");
        command
            .arg(program)
            .args(["mock", "--host", "127.0.0.1", "--port"]);
        command.arg(port.to_string()).arg(specification);
        let server = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
        let mut server = server.context("cannot start node")?;
        let stdout = server.stdout.take().context("no stdout")?;
        let prism = Self {
            server,
            url: format!("http://127.0.0.1:{port}"),
        };
        let mut lines = BufReader::new(stdout).lines();
        let is_ready = lines
            .by_ref()
            .map_while(Result::ok)
            .any(|line| line.contains("is listening on"));
        if !is_ready {
            bail!("Prism did not start");
        }
        // It writes a line a request, and would wait once nobody reads them.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(prism)
    }

    /// The environment variable that leads tests to it.
    pub(crate) fn variable(&self) -> (&'static str, &str) {
        (URL_VARIABLE, &self.url)
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

fn free_port() -> anyhow::Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no port")?;
    Ok(listener.local_addr()?.port())
}
