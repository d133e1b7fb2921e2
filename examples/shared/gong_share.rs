//! Calls from Gong's own share before those of the API.

use gong_snowflake::calls::Timestamp;
use gong_snowflake::ingest::SyncSettings;
use gong_snowflake::snowflake_store::{
    self, GongShareReport, Landing, SnowflakeStore, TransformScope,
};
use gong_snowflake::{Error, Settings, StoreOptions};
use serde_json::{Value, json};

use super::Arguments;
use super::shared::ending::tell;

/// Calls that one transform takes.
const BATCH: usize = 1_000;

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// Lands and stages what the share has; nothing without a share.
pub(super) async fn land(
    settings: &Settings,
    options: &StoreOptions,
    run_id: &str,
) -> Result<Option<GongShareReport>, Error> {
    let Some(share) = settings.gong_share()? else {
        return Ok(None);
    };
    let store = settings.snowflake_store(options)?;
    let landed = store.land_from_gong_share(&share, run_id, Timestamp::now());
    let report = landed.await.map_err(of_store)?;
    tell!(
        "Gong's share as of {}: {} calls and {} transcripts are new or changed, {} calls gone",
        report.as_of.map_or("never".to_owned(), |at| at.to_string()),
        report.calls_landed,
        report.transcripts_landed,
        report.calls_deleted,
    );
    stage(&store).await.map_err(of_store)?;
    Ok(Some(report))
}

fn of_store(error: snowflake_store::Error) -> Error {
    let named = Error::new(error.kind(), error.message());
    let field = error.field().unwrap_or("gong_share_database").to_owned();
    named.with_field(field).with_source(error)
}

/// Those that cannot be read are recorded, and tried no more until they change.
async fn stage(store: &SnowflakeStore) -> Result<(), snowflake_store::Error> {
    loop {
        let scope = TransformScope::Pending { limit: BATCH };
        let staged = store.transform(scope).await?;
        if staged.transformed == 0 {
            return Ok(());
        }
    }
}

/// The API has what the share has not yet: the days by which it is late, and one more. What is
/// older is the share's to bring, unless options say otherwise.
pub(super) fn read_what_is_newer(
    settings: &mut SyncSettings,
    arguments: &Arguments,
    share: &GongShareReport,
) {
    let Some(behind) = share.seconds_behind else {
        return; // An empty share brings nothing.
    };
    let days = u32::try_from(behind / SECONDS_OF_A_DAY + 2).unwrap_or(u32::MAX);
    if arguments.lookback_days.is_none() {
        settings.lookback_days = days;
        settings.first_sync_days = days;
    }
    if arguments.sweep_calls.is_none() {
        settings.sweep_calls = 0;
    }
}

pub(super) fn as_json(share: &GongShareReport, fetched: u64) -> Value {
    json!({
        "as_of": share.as_of.map(|at| at.to_string()),
        "seconds_behind": share.seconds_behind,
        "calls_landed": share.calls_landed,
        "transcripts_landed": share.transcripts_landed,
        "calls_deleted": share.calls_deleted,
        "transcripts_withdrawn": share.transcripts_withdrawn,
        "removals_withheld": share.removals_withheld,
        "without_transcript": share.without_transcript.len(),
        "transcripts_from_the_api": fetched,
    })
}
