//! The origin: which tenant the store mirrors.

use serde::Serialize;
use snowflake_sql::{Rows, Statement};

use crate::snowflake::failure::{of_sql, unreadable};
use crate::snowflake::{json, now, statements};
use crate::{Origin, Result};

#[derive(Serialize)]
struct Said<'a> {
    host: &'a str,
    workspaces: &'a [String],
    now: String,
}

pub(super) fn set(origin: &Origin) -> Result<Statement> {
    let origin = origin.in_order();
    let said = Said {
        host: &origin.host,
        workspaces: &origin.workspaces,
        now: now(),
    };
    Ok(statements::SET_ORIGIN.statement().bind(json(&said)?))
}

/// The origin that `origin` found.
pub(super) fn read(rows: &Rows) -> Result<Option<Origin>> {
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let workspaces = row.required_text("WORKSPACES").map_err(of_sql)?;
    Ok(Some(Origin {
        host: row.required_text("HOST").map_err(of_sql)?.to_owned(),
        workspaces: serde_json::from_str(workspaces).map_err(|_| unreadable("WORKSPACES"))?,
    }))
}
