//! Syncs Gong calls and transcripts into a store.
//!
//! ```sh
//! export GONG_BASE_URL=https://us02-12345.api.gong.io   # your tenant's own address
//! export GONG_ACCESS_KEY=… GONG_ACCESS_KEY_SECRET=…
//! cargo run --release --example ingest -- --mode full --store sqlite:calls.db
//! ```
//!
//! With `HUBSPOT_TOKEN` set, the sync is followed by an enrichment: it mirrors the records that
//! calls refer to, reads those older than a day again, and matches calls without CRM context
//! by their participants. With `HUBSPOT_SHARE_DATABASE` set (and `SNOWFLAKE_*`, as
//! for `--store snowflake`), it queries HubSpot's data share first, and REST for what the share
//! lacks if there is a token too.
//!
//! With `--streams users,scorecards` (or `all`), what Gong has beside calls is synced after them; the
//! JSON object then has `streams`, one object each.
//!
//! With `--store snowflake --bulk streaming`, a full sync or a backfill sends its documents
//! through Snowpipe Streaming instead of binding them to statements.
//!
//! With `--gong-share-database` as well, calls come from Gong's own share in Snowflake first
//! (docs/gong-share.md), and from the API what is newer than the share or missing in it.
//!
//! A full sync and a backfill try first what they rest on, as `validate_config` does: a login
//! that is refused, or a disk without room, ends them before they begin.
//!
//! Options take precedence over settings, which docs/configuration.md lists. Progress goes to
//! stderr, for Snowflake with what each statement cost. The last line of stdout is one JSON
//! object with what the run did, or with `error`, however it ended.
//! Exit codes: 0, everything is durably stored; 1, the run stopped and the next one resumes
//! there; 2, a setting is wrong and nothing was done; 3, the run finished and something is
//! open: dead letters, calls that cannot be transformed, withheld removals, or a
//! HubSpot that failed. Ctrl-C stops after the current page; pressed twice, at once.

mod shared;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use gong_snowflake::calls::Timestamp;
use gong_snowflake::ingest::{
    Enricher, GongSync, StreamReport, StreamSync, SyncReport, SyncSettings,
};
use gong_snowflake::resilience::{ErrorKind, Failure};
use gong_snowflake::snowflake_sql::StatementMetrics;
use gong_snowflake::snowflake_store::SyncMode;
use gong_snowflake::validation::{Checked, validate_before_load};
use gong_snowflake::{GongShareRun, Settings, StoreLocation, StoreOptions, ingest, parse_instant};
use tokio_util::sync::CancellationToken;

use shared::configuration::StoreConfiguration;
use shared::ending::{self, Ending, Refusal, tell};

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
    #[command(flatten)]
    store: StoreConfiguration,
    /// How documents travel into Snowflake; streaming is for full and backfill runs.
    #[arg(long, value_enum, default_value = "sql")]
    bulk: Bulk,
    /// The database that Gong's own share is mounted as: calls come from there first.
    #[arg(long, value_name = "NAME")]
    gong_share_database: Option<String>,
    /// The tenant's URL, instead of GONG_BASE_URL.
    #[arg(long)]
    gong_url: Option<String>,
    /// Leave out transcripts.
    #[arg(long)]
    no_transcripts: bool,
    /// How many days before the last run an incremental run reads again.
    #[arg(long)]
    lookback_days: Option<u32>,
    /// How many older calls an incremental run checks again by id; 0 for none.
    #[arg(long)]
    sweep_calls: Option<usize>,
    /// How many requests an incremental run spends on listing older spans again; 0 for none.
    #[arg(long)]
    relist_requests: Option<u32>,
    /// What to sync beside calls, separated by commas: users, workspaces, scorecards,
    /// answered_scorecards, trackers, interaction_stats, activity_stats, library_folders; or
    /// all, or none. Each needs a scope of its own.
    #[arg(long, value_name = "STREAMS")]
    streams: Option<String>,
    /// The company's time zone, by its IANA name, which the days of reviews are days of.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Only calls of this workspace, by Gong's id; repeatable.
    #[arg(long = "workspace", value_name = "ID")]
    workspaces: Vec<String>,
    /// Leave out private calls (the default).
    #[arg(long, conflicts_with = "include_private")]
    exclude_private: bool,
    /// Include private calls.
    #[arg(long)]
    include_private: bool,
    /// No calls whose title matches this regular expression, ignoring case; repeatable.
    #[arg(long = "exclude-title", value_name = "PATTERN")]
    exclude_titles: Vec<String>,
    /// Only calls of these hosts, by Gong user id or e-mail address, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "USER")]
    only_users: Vec<String>,
    /// No calls of these hosts, by Gong user id or e-mail address, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "USER")]
    exclude_users: Vec<String>,
    /// Remove up to this many calls and transcripts, whatever their share of the store.
    #[arg(long, value_name = "COUNT")]
    expect_deletions: Option<u64>,
    /// Mark calls deleted even if Gong serves none at all.
    #[arg(long)]
    accept_empty_tenant: bool,
    /// Let the store mirror another tenant, or other workspaces, from now on.
    #[arg(long)]
    accept_other_origin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Mode {
    Full,
    Incremental,
    Backfill,
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
enum Bulk {
    /// Bound to statements of up to 1 MB each.
    Sql,
    /// As rows through Snowpipe Streaming, merged once per window.
    Streaming,
}

impl Arguments {
    async fn settings(&self) -> Result<Settings, gong_snowflake::Error> {
        let list = |values: &[String]| {
            let list = serde_json::json!(values).to_string();
            (!values.is_empty()).then_some(list)
        };
        let private = match (self.include_private, self.exclude_private) {
            (false, false) => None,
            (include, _) => Some(include),
        };
        let transcripts = self.no_transcripts.then_some(false);
        self.store
            .settings()
            .with_option("gong.base_url", self.gong_url.as_ref(), "--gong-url")
            .with_option(
                "gong.share_database",
                self.gong_share_database.as_ref(),
                "--gong-share-database",
            )
            .with_option("sync.transcripts", transcripts, "--no-transcripts")
            .with_option("sync.lookback_days", self.lookback_days, "--lookback-days")
            .with_option("sync.sweep_calls", self.sweep_calls, "--sweep-calls")
            .with_option(
                "sync.relist_requests",
                self.relist_requests,
                "--relist-requests",
            )
            .with_option("sync.streams", self.streams.as_ref(), "--streams")
            .with_option("sync.time_zone", self.time_zone.as_ref(), "--time-zone")
            .with_option("sync.workspaces", list(&self.workspaces), "--workspace")
            .with_option("sync.include_private", private, "--include-private")
            .with_option(
                "sync.exclude_titles",
                list(&self.exclude_titles),
                "--exclude-title",
            )
            .with_option("sync.only_users", list(&self.only_users), "--only-users")
            .with_option(
                "sync.exclude_users",
                list(&self.exclude_users),
                "--exclude-users",
            )
            .load()
            .await
    }

    fn sync(&self, settings: &Settings) -> SyncSettings {
        let mode = match self.mode {
            Mode::Full => SyncMode::Full,
            Mode::Incremental => SyncMode::Incremental,
            Mode::Backfill => SyncMode::Backfill,
        };
        let mut sync = settings
            .sync_settings(mode)
            .with_from(self.from)
            .with_to(self.to)
            .with_accept_empty_tenant(self.accept_empty_tenant)
            .with_accept_other_origin(self.accept_other_origin);
        sync.removals.expected = self.expect_deletions;
        sync
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match ending::arguments::<Arguments>(refused) {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    shared::start_logging();
    ending::run(|stop| run(arguments, stop), refused).await
}

async fn run(arguments: Arguments, stop: CancellationToken) -> Ending {
    let refuse = |error: gong_snowflake::Error| stopped(&error, error.kind(), error.field());
    let no_streaming = || {
        let message = "streaming is for --mode full or backfill with --store snowflake";
        let error = ingest::Error::new(ErrorKind::InvalidInput, message).with_field("bulk");
        stopped(&error, error.kind(), error.field())
    };
    let is_streaming = arguments.bulk == Bulk::Streaming;
    if is_streaming && arguments.mode == Mode::Incremental {
        return no_streaming();
    }
    let settings = match arguments.settings().await {
        Ok(settings) => settings,
        Err(error) => return refuse(error),
    };
    let gong = match settings.gong_client() {
        Ok(gong) => gong,
        Err(error) => return refuse(error),
    };
    let mut sync = arguments.sync(&settings);
    if let Err(error) = sync.validate() {
        return stopped(&error, error.kind(), error.field());
    }
    let hubspot = match settings.crm() {
        Ok(hubspot) => hubspot,
        Err(error) => return refuse(error),
    };
    let is_snowflake = settings.store.location == StoreLocation::Snowflake;
    if is_streaming && !is_snowflake {
        return no_streaming();
    }
    if arguments.mode != Mode::Incremental {
        // Better before hours of work than after them.
        let checking = validate_before_load(&settings);
        let Some(checked) = stop.run_until_cancelled(checking).await else {
            let error = ingest::Error::new(ErrorKind::Cancelled, "stopped by request");
            return stopped(&error, error.kind(), None);
        };
        if let Some(error) = checked.iter().find_map(Checked::error) {
            return refuse(error);
        }
    }
    let run_id = uuid::Uuid::new_v4().to_string();
    let metrics = Arc::new(StatementMetrics::default());
    let options = StoreOptions::new("ingest")
        .with_run(&run_id)
        .with_observer(metrics.clone());
    let share = match settings.gong_share_source(&options) {
        Ok(share) => share,
        Err(error) => return refuse(error),
    };
    let opened = match arguments.bulk {
        Bulk::Sql => settings.open_store(&options).await,
        Bulk::Streaming => settings.open_streaming(&options).await,
    };
    let store = match opened {
        Ok(store) => store,
        Err(error) => {
            let code = match error.kind() {
                // What is there is no store of ours; nothing was done.
                ErrorKind::Corrupt => 2,
                kind => code(kind),
            };
            let field = error.field().or(Some("store"));
            return Ending {
                code,
                ..stopped(&error, error.kind(), field)
            };
        }
    };

    let mut brought = None;
    if let Some(share) = share {
        let now = Timestamp::now();
        match share.bring(&run_id, now, &stop).await {
            Ok(run) => {
                say_share(&run);
                brought = Some(run);
            }
            Err(error) => return refuse(error),
        }
        sync = share.beside(sync, now);
    }
    let enricher = hubspot.map(|hubspot| Enricher::new(hubspot, store.clone()));
    let wanted = settings.stream_settings();
    let streams = StreamSync::new(gong.clone(), store.clone(), wanted).with_run_id(&run_id);
    let sync = GongSync::new(gong.clone(), store.clone(), sync)
        .with_run_id(&run_id)
        .with_progress(shared::show_progress())
        .with_cancellation(stop);
    let ending = match sync.run().await {
        Ok(report) => match streams.run().await {
            Ok(streams) => {
                let stats = gong.client_stats();
                let report = report.with_requests(stats.requests, stats.retries);
                finish(&report, streams, brought, enricher).await
            }
            Err(error) => stopped(&error, error.kind(), error.field()),
        },
        Err(error) => stopped(&error, error.kind(), error.field()),
    };
    if is_snowflake {
        shared::say_freshness(&*store).await;
    }
    shared::say_cost(&metrics);
    ending
}

fn say_share(run: &GongShareRun) {
    let report = &run.report;
    tell!(
        "Gong's share as of {}: {} calls and {} transcripts are new or changed, {} calls gone",
        report.as_of.map_or("never".to_owned(), |at| at.to_string()),
        report.calls_landed,
        report.transcripts_landed,
        report.calls_deleted,
    );
}

/// The age after which a CRM record is read again.
const OLDEST_RECORD: Duration = Duration::from_secs(24 * 60 * 60);

/// Enriches, and reports how the whole run ended.
async fn finish(
    report: &SyncReport,
    streams: Vec<StreamReport>,
    share: Option<GongShareRun>,
    enricher: Option<Enricher>,
) -> Ending {
    let mut line = serde_json::json!(report);
    if !streams.is_empty() {
        line["streams"] = serde_json::json!(streams);
    }
    if let Some(share) = &share {
        line["gong_share"] = serde_json::json!(share);
    }
    if let Some(enricher) = enricher {
        match enricher.enrich(Timestamp::now() - OLDEST_RECORD).await {
            Ok(enrichment) => line["enrichment"] = serde_json::json!(enrichment),
            Err(error) => return Ending::new(&line, 3).with_complaint(shared::describe(&error)),
        }
    }
    if let Some(stream) = streams.iter().find(|stream| !stream.is_complete()) {
        let why = stream
            .error
            .as_deref()
            .unwrap_or("records were withheld or rejected");
        return Ending::new(&line, 3).with_complaint(format!("{}: {why}", stream.stream));
    }
    if let Some(share) = share.filter(|share| !share.is_complete()) {
        return Ending::new(&line, 3).with_complaint(format!(
            "{} calls are gone from Gong's share without being marked deleted, too many to believe: \
             their removal is withheld",
            share.report.removals_withheld
        ));
    }
    if report.is_complete() {
        return Ending::new(&line, 0);
    }
    Ending::new(&line, 3).with_complaint(format!(
        "not everything is stored: {} dead letters, {} calls not transformed, \
         {} removals withheld",
        report.dead_letters, report.transform_errors, report.deletions_withheld
    ))
}

/// An error on its way out: as JSON, for people, and as a code.
fn stopped<E>(error: &E, kind: ErrorKind, field: Option<&str>) -> Ending
where
    E: Failure + 'static,
{
    let line = serde_json::json!({"error": {
        "kind": kind.as_str(),
        "message": error.to_string(),
        "field": field.map(ending::json_field),
        "retry_after_seconds": error.retry_after().map(|wait| wait.as_secs()),
    }});
    Ending::new(&line, code(kind)).with_complaint(shared::describe(error))
}

/// Whether a setting is wrong, or the next run can resume.
fn code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidInput | ErrorKind::Config | ErrorKind::Unsupported => 2,
        _ => 1,
    }
}

/// What ends the program before it begins, or from outside.
fn refused(refusal: Refusal, code: u8) -> Ending {
    let line = serde_json::json!({"error": {
        "kind": refusal.kind,
        "message": refusal.message,
        "field": refusal.field,
        "retry_after_seconds": null,
    }});
    Ending::new(&line, code)
}
