//! The statements of `sql/snowflake/gong_share`, by the names of their files.

use snowflake_sql::{Slot, SqlText, Statement};

use super::GongShareConfig;
use crate::Result;
use crate::snowflake::failure::of_sql;

macro_rules! ours {
    ($($name:ident $file:literal),+ $(,)?) => {$(
        pub(super) fn $name() -> Statement {
            Statement::new(concat!("share_", $file), SqlText::fixed(include_str!(concat!(
                "../../../sql/snowflake/gong_share/", $file, ".sql"
            ))))
        }
    )+};
}

ours![
    create_calls "create_calls",
    create_transcripts "create_transcripts",
    create_new_calls "create_new_calls",
    create_new_transcripts "create_new_transcripts",
    create_freshness "create_freshness",
    since "since",
    clear_new_calls "clear_new_calls",
    clear_new_transcripts "clear_new_transcripts",
    keep_topics "keep_topics",
    land_calls "land_calls",
    land_transcripts "land_transcripts",
    keep_calls "keep_calls",
    keep_transcripts "keep_transcripts",
    landed "landed",
    record_gone_calls "record_gone_calls",
    record_gone_transcripts "record_gone_transcripts",
    without_transcript "without_transcript",
];

/// Those that read the share: its name is their slot.
macro_rules! of_share {
    ($($name:ident $file:literal),+ $(,)?) => {$(
        pub(super) fn $name(config: &GongShareConfig) -> Result<Statement> {
            let share = config.share();
            let text = SqlText::template(
                include_str!(concat!("../../../sql/snowflake/gong_share/", $file, ".sql")),
                &[("share", Slot::Name(&share))],
            );
            Ok(Statement::new(concat!("share_", $file), text.map_err(of_sql)?))
        }
    )+};
}

of_share![
    standing "standing",
    fill_calls "fill_calls",
    fill_transcripts "fill_transcripts",
    gone "gone",
];

/// The columns of the share, from the database that it is mounted as.
pub(super) fn columns(config: &GongShareConfig) -> Result<Statement> {
    let catalogue = config.catalogue()?;
    let text = SqlText::template(
        include_str!("../../../sql/snowflake/gong_share/columns.sql"),
        &[("catalogue", Slot::Name(&catalogue))],
    );
    let statement = Statement::new("share_columns", text.map_err(of_sql)?);
    Ok(statement.bind(config.schema()))
}
