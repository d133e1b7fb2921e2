//! Syncs Gong calls and transcripts into a store.
//!
//! ```sh
//! export GONG_BASE_URL=https://us02-12345.api.gong.io   # your tenant's own address
//! export GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=…
//! cargo run --release --example ingest -- --mode full --store sqlite:calls.db
//! ```
//!
//! With `HUBSPOT_TOKEN` set, calls are joined with HubSpot after the sync: what they refer
//! to and what was read more than a day ago is mirrored, and calls without CRM context are
//! matched by their participants. With `HUBSPOT_SHARE_DATABASE` set (and `SNOWFLAKE_*`, as
//! for `--store snowflake`), HubSpot's data share is asked first, and REST for what it lacks
//! when there is a token too.
//!
//! With `--store snowflake --bulk streaming` a full sync or a backfill sends its documents by
//! Snowpipe Streaming instead of binding them to statements.
//!
//! Progress goes to stderr, and for Snowflake what each statement cost. The last line of
//! stdout is one JSON object with what the run did. Exit codes: 0, all of it is durably stored; 1, the run stopped
//! and the next one goes on from there; 2, a setting is wrong and nothing was
//! done; 3, the run ended but put something aside (dead letters), or HubSpot failed.

mod shared;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::{GongClient, GongConfig};
use gong_snowflake::hubspot_enrich::{
    self, CrmSource, DataShare, DataShareConfig, HubSpotApi, HubSpotConfig, Hybrid,
};
use gong_snowflake::ingest::{Enricher, GongSync, SyncReport, SyncSettings};
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_sql::{QueryTag, SnowflakeConfig, SnowflakePool, StatementMetrics};
use gong_snowflake::snowflake_store::SyncMode;
use gong_snowflake::{StoreLocation, StoreOptions, ingest, parse_instant};
use tokio_util::sync::CancellationToken;

/// Syncs Gong calls and transcripts into a store.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to read: everything, what may have changed, or a span.
    #[arg(long, value_enum)]
    mode: Mode,
    /// Inclusive start: a date or an instant.
    #[arg(long, value_parser = |text: &str| parse_instant("from", text))]
    from: Option<Timestamp>,
    /// Exclusive end: a date or an instant. Default: now.
    #[arg(long, value_parser = |text: &str| parse_instant("to", text))]
    to: Option<Timestamp>,
    /// Where to store: sqlite:PATH or snowflake.
    #[arg(long, default_value = "sqlite:gong-snowflake.db")]
    store: StoreLocation,
    /// How documents travel into Snowflake; streaming is for full and backfill runs.
    #[arg(long, value_enum, default_value = "sql")]
    bulk: Bulk,
    /// The tenant's address, in place of GONG_BASE_URL.
    #[arg(long)]
    gong_url: Option<String>,
    /// Leave transcripts out.
    #[arg(long)]
    no_transcripts: bool,
    /// How many days an incremental run looks back behind the last one.
    #[arg(long)]
    lookback_days: Option<u32>,
    /// How many older calls an incremental run re-checks by id; 0 for none.
    #[arg(long)]
    sweep_calls: Option<usize>,
    /// Mark calls deleted even when Gong serves none at all.
    #[arg(long)]
    accept_empty_tenant: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Mode {
    Full,
    Incremental,
    Backfill,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Bulk {
    /// Bound to statements, 1 MB each.
    Sql,
    /// As rows of Snowpipe Streaming, merged once a window.
    Streaming,
}

impl Arguments {
    fn settings(&self) -> SyncSettings {
        let mode = match self.mode {
            Mode::Full => SyncMode::Full,
            Mode::Incremental => SyncMode::Incremental,
            Mode::Backfill => SyncMode::Backfill,
        };
        let defaults = SyncSettings::new(mode);
        SyncSettings {
            from: self.from,
            to: self.to,
            transcripts: !self.no_transcripts,
            lookback_days: self.lookback_days.unwrap_or(defaults.lookback_days),
            sweep_calls: self.sweep_calls.unwrap_or(defaults.sweep_calls),
            accept_empty_tenant: self.accept_empty_tenant,
            ..defaults
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    shared::start_logging();
    let config = GongConfig::from_variables(|name| match (name, &arguments.gong_url) {
        ("GONG_BASE_URL", Some(url)) => Ok(Some(url.clone())),
        _ => gong_snowflake::outbound::variable(name),
    });
    let gong = match config.and_then(GongClient::new) {
        Ok(gong) => Arc::new(gong),
        Err(error) => return shared::fail(&error, 2),
    };
    if let Err(error) = arguments.settings().validate() {
        return shared::fail(&error, 2);
    }
    let hubspot = match hubspot() {
        Ok(hubspot) => hubspot,
        Err(error) => return shared::fail(&error, 2),
    };
    if arguments.bulk == Bulk::Streaming
        && (arguments.mode == Mode::Incremental || arguments.store != StoreLocation::Snowflake)
    {
        eprintln!("error: bulk: streaming is for --mode full or backfill with --store snowflake");
        return ExitCode::from(2);
    }
    let run_id = uuid::Uuid::new_v4().to_string();
    let metrics = Arc::new(StatementMetrics::default());
    let options = StoreOptions::new("ingest")
        .with_run(&run_id)
        .with_observer(metrics.clone());
    let opened = match arguments.bulk {
        Bulk::Sql => arguments.store.open_with(&options).await,
        Bulk::Streaming => arguments.store.open_streaming(&options).await,
    };
    let store = match opened {
        Ok(store) => store,
        Err(error) => return shared::fail(&error, 2),
    };

    let enricher = hubspot.map(|hubspot| Enricher::new(hubspot, store.clone()));
    let sync = GongSync::new(gong.clone(), store.clone(), arguments.settings())
        .with_run_id(run_id)
        .with_progress(shared::show_progress())
        .with_cancellation(stop_on_interrupt());
    let result = sync.run().await;
    let stats = gong.stats();
    let code = match result {
        Ok(report) => {
            let report = report.with_requests(stats.requests, stats.retries);
            finish(&report, enricher).await
        }
        Err(error) => stopped(&error),
    };
    if let StoreLocation::Snowflake = arguments.store {
        shared::say_freshness(&*store).await;
    }
    shared::say_cost(&metrics);
    code
}

/// How old a record of the CRM may be before it is read again.
const OLDEST_RECORD: Duration = Duration::from_secs(24 * 60 * 60);

/// HubSpot, when the environment has a token for it or says where its data share is.
fn hubspot() -> Result<Option<Arc<dyn CrmSource>>, hubspot_enrich::Error> {
    let has_token = std::env::var_os("HUBSPOT_TOKEN").is_some_and(|token| !token.is_empty());
    let api = match has_token {
        true => Some(HubSpotApi::new(HubSpotConfig::from_env()?)?),
        false => None,
    };
    Ok(match (data_share()?, api) {
        (Some(share), Some(api)) => Some(Arc::new(Hybrid::new(share, api))),
        (Some(share), None) => Some(Arc::new(share)),
        (None, Some(api)) => Some(Arc::new(api)),
        (None, None) => None,
    })
}

fn data_share() -> Result<Option<DataShare>, hubspot_enrich::Error> {
    let Some(share) = DataShareConfig::from_env()? else {
        return Ok(None);
    };
    let snowflake = SnowflakeConfig::from_env().map_err(|error| {
        let named = hubspot_enrich::Error::new(error.kind(), error.message());
        named.with_field(error.field().unwrap_or("HUBSPOT_SHARE_DATABASE"))
    })?;
    let snowflake = snowflake.with_query_tag(QueryTag::new("gong-snowflake").with_step("enrich"));
    let pool = Arc::new(SnowflakePool::new(snowflake));
    Ok(Some(DataShare::new(pool, share)))
}

/// Enriches, then prints the last line of stdout, and gives the exit code that goes with it.
async fn finish(report: &SyncReport, enricher: Option<Enricher>) -> ExitCode {
    let mut line = match serde_json::to_value(report) {
        Ok(line) => line,
        Err(error) => return shared::fail(&error, 1),
    };
    let mut failed = None;
    if let Some(enricher) = enricher {
        match enricher.enrich(Timestamp::now() - OLDEST_RECORD).await {
            Ok(enrichment) => line["enrichment"] = serde_json::json!(enrichment),
            Err(error) => failed = Some(error),
        }
    }
    shared::say(line);
    if let Some(error) = failed {
        return shared::fail(&error, 3);
    }
    if report.is_complete() {
        return ExitCode::SUCCESS;
    }
    eprintln!(
        "error: not all of it is stored: {} dead letters, {} calls not transformed, \
         {} deletions withheld",
        report.dead_letters, report.transform_errors, report.deletions_withheld
    );
    ExitCode::from(3)
}

fn stopped(error: &ingest::Error) -> ExitCode {
    let line = serde_json::json!({"error": {
        "kind": error.kind().as_str(),
        "message": error.message(),
        "field": error.field(),
        "retry_after_seconds": error.retry_after().map(|wait| wait.as_secs()),
    }});
    shared::say(line);
    shared::fail(
        error,
        if error.kind() == ErrorKind::InvalidInput {
            2
        } else {
            1
        },
    )
}

/// Ctrl-C stops between two pages; what is landed stays.
fn stop_on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping after this page");
            cancel.cancel();
        }
    });
    token
}
