//! The origin: which tenant the store mirrors.

use calls::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use crate::Origin;
use crate::sqlite::failure::{JobResult, unreadable};
use crate::sqlite::{instant, json, statements};

pub(super) fn read(connection: &Connection) -> JobResult<Option<Origin>> {
    let found: Option<(String, String)> = connection
        .prepare_cached(statements::ORIGIN)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(host, workspaces)| {
            let workspaces =
                serde_json::from_str(&workspaces).map_err(|_| unreadable("WORKSPACES"))?;
            Ok(Origin { host, workspaces })
        })
        .transpose()
}

pub(super) fn set(connection: &mut Connection, origin: &Origin) -> JobResult<()> {
    let origin = origin.in_order();
    connection
        .prepare_cached(statements::SET_ORIGIN)?
        .execute(params![
            origin.host,
            json(&origin.workspaces)?,
            instant::stamp(Timestamp::now()),
        ])?;
    Ok(())
}
