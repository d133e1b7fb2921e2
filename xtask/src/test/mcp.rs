//! The client of the Model Context Protocol that the tests of `mcp_server` use.

use std::path::PathBuf;

use crate::python;
use crate::workspace::Workspace;

/// What the tests look for, the environment's name, and what pins it: the client's present
/// version, and the one before, which most programs still have.
const CLIENTS: [(&str, &str, &str); 2] = [
    (
        "GONG_SNOWFLAKE_MCP_PYTHON",
        "mcp",
        "examples/serving/python/requirements-mcp.txt",
    ),
    (
        "GONG_SNOWFLAKE_MCP_1_PYTHON",
        "mcp-1",
        "examples/serving/python/requirements-mcp-1.txt",
    ),
];

/// Installs the clients under the target folder, and returns the variables that lead to them.
pub(super) fn clients(workspace: &Workspace) -> anyhow::Result<Vec<(&'static str, PathBuf)>> {
    let client = |(variable, name, requirements)| {
        let python = python::environment(workspace, name, requirements)?;
        Ok((variable, python))
    };
    CLIENTS.into_iter().map(client).collect()
}
