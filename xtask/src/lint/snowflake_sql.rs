//! Parses the SQL for Snowflake with Snowflake's grammar, twice: what one program takes by
//! mistake, the other may refuse.

use std::process::Command;

use crate::workspace::Workspace;
use crate::{process, python};

const REQUIREMENTS: &str = "xtask/python/requirements-sqlfluff.txt";

/// By sqlfluff with the bodies of procedures, and by sqlglot.
const CHECKS: [&str; 2] = ["check_snowflake_sql.py", "read_snowflake_sql_again.py"];

/// Reads every file.
pub(super) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let python = python::environment(workspace, "sqlfluff", REQUIREMENTS)?;
    for check in CHECKS {
        process::run(
            Command::new(&python)
                .arg(workspace.root.join("xtask/python").join(check))
                .arg(workspace.root.join("sql/snowflake")),
        )?;
    }
    Ok(())
}
