//! `StreamedLanding` keeps the contract of the store that it stands on.
#![cfg(feature = "streaming")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::fakesnow;
use crate::streamed;

use snowflake_store::{SnowflakeStore, StreamedLanding};
use streamed::TableChannel;
use testkit::conformance::store::NOT_ON_FAKESNOW;

async fn streamed_into_tables() -> Option<(StreamedLanding, fakesnow::Server)> {
    let (pool, server) = fakesnow::migrated().await?;
    let store = SnowflakeStore::new(pool.clone(), fakesnow::config()).unwrap();
    let calls = TableChannel::calls(pool.clone());
    let transcripts = TableChannel::transcripts(pool);
    let landing = StreamedLanding::over(store, calls, transcripts)
        .await
        .unwrap();
    Some((landing, server))
}

testkit::store_conformance!(streamed_landing, streamed_into_tables, except NOT_ON_FAKESNOW);
