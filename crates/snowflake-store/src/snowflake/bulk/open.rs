//! Opening the channels of a store.

use std::sync::Arc;

use resilience::ErrorKind;
use snowflake_sql::TokenSource;
use snowflake_streaming::outbound::HttpSettings;
use snowflake_streaming::{ChannelConfig, SnowpipeChannel};
use url::Url;

use super::StreamedLanding;
use super::channels::of_channel;
use crate::snowflake::failure::of_sql;
use crate::snowflake::statements;
use crate::snowflake::store::SnowflakeStore;
use crate::{Error, Result};

/// The name of both channels.
const CHANNEL: &str = "GONG_BACKFILL";

impl StreamedLanding {
    /// Opens both channels in the schema that the store's sessions are in, which must be
    /// migrated, and merges what an earlier run has left. `http` limits the requests of the
    /// channels, and says whom they trust.
    ///
    /// # Errors
    /// `Config` when the sessions are in no schema; `Auth`, `Permission` or `NotFound` as
    /// Snowflake answers; the store's.
    pub async fn connect(
        store: SnowflakeStore,
        account_url: &Url,
        tokens: Arc<dyn TokenSource>,
        http: &HttpSettings,
    ) -> Result<Self> {
        let place = store.ask(&statements::PLACE.statement()).await?;
        let name = |column| {
            let name = place.first().map(|row| row.text(column)).transpose();
            name.map_err(of_sql)?.flatten().ok_or_else(|| {
                Error::new(ErrorKind::Config, "the session is in no schema").with_field("schema")
            })
        };
        let (database, schema) = (name("DATABASE_NAME")?, name("SCHEMA_NAME")?);
        let channel = |table: &'static str| {
            let place = [database, schema, table];
            let mut config =
                ChannelConfig::new(account_url.clone(), tokens.clone(), place, CHANNEL);
            config.http = http.clone();
            SnowpipeChannel::open(config)
        };
        let calls = channel("GONG_CALLS_STREAMED").await.map_err(of_channel)?;
        let transcripts = channel("GONG_CALL_TRANSCRIPTS_STREAMED").await;
        let transcripts = transcripts.map_err(of_channel)?;
        Self::over(store, Box::new(calls), Box::new(transcripts)).await
    }
}
