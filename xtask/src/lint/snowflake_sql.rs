//! Parses the SQL for Snowflake with Snowflake's grammar.

use std::process::Command;

use crate::workspace::Workspace;
use crate::{process, python};

const REQUIREMENTS: &str = "xtask/python/requirements-sqlfluff.txt";

/// Reads every file, and the bodies of procedures by themselves.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let python = python::environment(workspace, "sqlfluff", REQUIREMENTS)?;
    process::run(
        Command::new(python)
            .arg(workspace.root.join("xtask/python/check_snowflake_sql.py"))
            .arg(workspace.root.join("sql/snowflake")),
    )
}
