//! Which columns of the share are read, and which of them it lacks.

use std::collections::HashSet;

use resilience::ErrorKind;

use super::{GongShareConfig, texts};
use crate::snowflake::failure::of_sql;
use crate::snowflake::store::SnowflakeStore;
use crate::{Error, Result};

/// By table; each has `CONVERSATION_KEY` and its stamp too, but for users and trackers.
const READ: [(&str, &[&str]); 8] = [
    (
        "CALLS",
        &[
            "CONVERSATION_KEY",
            "CONVERSATION_ID",
            "TITLE",
            "OWNER_ID",
            "PLANNED_START_DATETIME",
            "EFFECTIVE_START_DATETIME",
            "STATUS",
            "IS_PRIVATE",
            "CALL_URL",
            "DIRECTION",
            "SCOPE",
            "SOURCE_SYSTEM",
            "CALL_SPOTLIGHT_BRIEF",
            "WORKSPACE_ID",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "CALL_RECORDINGS",
        &[
            "CONVERSATION_KEY",
            "DURATION",
            "LANGUAGE",
            "MEDIA_TYPE",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "CALL_TRANSCRIPTS",
        &[
            "CONVERSATION_KEY",
            "TRANSCRIPT",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "CONVERSATION_PARTICIPANTS",
        &[
            "CONVERSATION_KEY",
            "NAME",
            "EMAIL_ADDRESS",
            "PHONE_NUMBER",
            "AFFILIATION",
            "USER_ID",
            "SPEAKER_ID",
            "ROW_ID",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "CONVERSATION_CONTEXTS",
        &[
            "CONVERSATION_KEY",
            "OBJECT_TYPE",
            "OBJECT_ID",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "CONVERSATION_TRACKERS",
        &[
            "CONVERSATION_KEY",
            "TRACKER_ID",
            "COUNT",
            "IS_DELETED",
            "ETL_MODIFIED_DATETIME",
        ],
    ),
    (
        "TRACKERS",
        &["TRACKER_ID", "NAME", "IS_DELETED", "ETL_MODIFIED_DATETIME"],
    ),
    (
        "USERS",
        &[
            "USER_ID",
            "EMAIL_ADDRESS",
            "FIRST_NAME",
            "LAST_NAME",
            "TITLE",
            "VALID_FROM_DATETIME",
            "VALID_TO_DATETIME",
            "IS_DELETED",
        ],
    ),
];

impl SnowflakeStore {
    /// Columns that are read of Gong's share and that it lacks, as `TABLE.COLUMN`. A share
    /// without any is not there, or may not be read.
    ///
    /// # Errors
    /// `NotFound` or `Permission` when its database is not there.
    pub async fn gong_share_lacks(&self, share: &GongShareConfig) -> Result<Vec<String>> {
        let rows = self.ask(&texts::columns(share)?).await?;
        let mut there = HashSet::new();
        for row in rows.iter() {
            let table = row.required_text("TABLE_NAME").map_err(of_sql)?;
            let column = row.required_text("COLUMN_NAME").map_err(of_sql)?;
            there.insert(format!("{table}.{column}").to_ascii_uppercase());
        }
        let wanted = READ.iter().flat_map(|(table, columns)| {
            let named = columns
                .iter()
                .map(move |column| format!("{table}.{column}"));
            named.filter(|name| !there.contains(name))
        });
        Ok(wanted.collect())
    }

    /// Snowflake would name the first of them, or none.
    pub(super) async fn require_columns(&self, share: &GongShareConfig) -> Result<()> {
        let lacks = self.gong_share_lacks(share).await?;
        if lacks.is_empty() {
            return Ok(());
        }
        let message = format!("Gong's share lacks {}", lacks.join(", "));
        Err(Error::new(ErrorKind::NotFound, message).with_field("gong_share"))
    }
}
