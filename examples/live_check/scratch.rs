//! One made-up call, landed, transformed and read in a schema of its own, which is dropped.

use std::sync::Arc;
use std::time::Duration;

use gong_snowflake::Settings;
use gong_snowflake::calls::{CallId, RawDocument};
use gong_snowflake::snowflake_sql::{
    Identifier, Slot, SnowflakeConfig, SnowflakePool, SqlPool, SqlText, Statement,
};
use gong_snowflake::snowflake_store::{
    CallReader, Error, Landing, LandingPage, SnowflakeStore, SnowflakeStoreConfig, StagingWriter,
    TransformScope, Upkeep,
};
use testkit::SimulatedCall;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg};

use super::report::{Checks, Outcome, is_set};

/// How long it may take before the schema is dropped.
const LIMIT: Duration = Duration::from_secs(10 * 60);

pub(super) async fn check(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("scratch");
    for variable in ["SNOWFLAKE_ACCOUNT", "SNOWFLAKE_DATABASE"] {
        if !is_set(&settings, variable) {
            return checks.without(variable);
        }
    }
    let Ok(config) = super::snowflake::config(&settings) else {
        return checks; // `snowflake.settings` has said it.
    };
    let id = uuid::Uuid::new_v4().simple().to_string().to_uppercase();
    let name = format!("GONG_LIVE_CHECK_{id}");
    let scratch = match Identifier::stored(name.as_str()) {
        Ok(scratch) => scratch,
        Err(error) => {
            checks.failed("schema", &error);
            return checks;
        }
    };
    // Outside of the schema, which is not there yet.
    let pool = SnowflakePool::new(config.clone());
    let slots = [("scratch", Slot::Identifier(&scratch))];
    let create = SqlText::template(
        include_str!("../../sql/snowflake/check/create_scratch.sql"),
        &slots,
    );
    let drop = SqlText::template(
        include_str!("../../sql/snowflake/check/drop_scratch.sql"),
        &slots,
    );
    let (create, drop) = match create.and_then(|create| Ok((create, drop?))) {
        Ok(statements) => statements,
        Err(error) => {
            checks.failed("schema", &error);
            return checks;
        }
    };
    if let Err(error) = pool.query(&Statement::new("create_scratch", create)).await {
        let remedy = "The role in SNOWFLAKE_ROLE needs CREATE SCHEMA on the database, which setup \
                      grants nobody: use SYSADMIN, which made the database, or leave it out by \
                      --no-scratch.";
        let cause = super::shared::describe(&error);
        checks.add("schema", Outcome::Failed, cause, Some(remedy.to_owned()));
        return checks;
    }
    checks.passed("schema", "created");
    tokio::select! {
        () = try_a_call(config.with_schema(&name), &settings, &mut checks) => {}
        () = tokio::time::sleep(LIMIT) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    if let Err(error) = pool.query(&Statement::new("drop_scratch", drop)).await {
        let remedy = format!("Drop the schema {name} yourself; nothing of yours is in it.");
        let cause = super::shared::describe(&error);
        checks.add("dropped", Outcome::Failed, cause, Some(remedy));
        return checks;
    }
    checks.passed("dropped", "the schema is gone");
    checks
}

/// Stops at the first step that fails: the next one would say the same.
async fn try_a_call(config: SnowflakeConfig, settings: &Settings, checks: &mut Checks) {
    let org = SyntheticOrg::generate(&SyntheticConfig {
        deals: 1,
        ..SyntheticConfig::default()
    });
    let Some(call) = org.calls.iter().find(|call| call.transcript.is_some()) else {
        return;
    };
    let pool = Arc::new(SnowflakePool::new(config));
    let server = settings.variable("SNOWFLAKE_SERVER").unwrap_or_default();
    let store = match store(pool.clone(), &server) {
        Ok(store) => store,
        Err(error) => return checks.failed("settings", &error),
    };
    let migrated = store.migrate().await;
    let said = checks.tell("migrations", migrated, |count| format!("{count} applied"));
    if said.is_none() {
        return;
    }
    let page = match page(call) {
        Ok(page) => page,
        Err(error) => return checks.failed("landing", &error),
    };
    let id = page.calls.first().map(|call| call.call_id.clone());
    let landed = checks.tell("landing", store.land(page).await, |landed| {
        let (calls, transcripts) = (landed.calls.inserted, landed.transcripts.inserted);
        format!("{calls} call, {transcripts} transcript")
    });
    let (Some(landed), Some(id)) = (landed, id) else {
        return;
    };
    // A task stages it, then the client once more, with what takes more than SQL.
    if let Err(error) = store.set_staging_writer(StagingWriter::Task).await {
        return checks.failed("transform_in_database", &error);
    }
    match server.is_empty() {
        true => {
            call_procedure(&*pool, "transform_in_database", TRANSFORM, checks).await;
            call_procedure(&*pool, "retention_in_database", RETENTION, checks).await;
        }
        // A test server has no procedures: the client runs their statements.
        false => {
            let staged = store.transform_in_database().await;
            checks.tell("transform_in_database", staged, |calls| {
                format!("{calls} call")
            });
        }
    }
    if let Err(error) = store.set_staging_writer(StagingWriter::Client).await {
        return checks.failed("transform", &error);
    }
    let transformed = store.transform(TransformScope::Calls(landed.changed)).await;
    checks.tell("transform", transformed, |report| {
        format!(
            "{} call, {} sentences",
            report.transformed, report.sentences
        )
    });
    reads(&store, &id, call.sentence_count(), checks).await;
}

async fn reads(store: &SnowflakeStore, id: &CallId, expected: usize, checks: &mut Checks) {
    match store.call_detail(id).await {
        Err(error) => checks.failed("reading", &error),
        Ok(detail) => {
            let transcript = detail.and_then(|detail| detail.transcript);
            let count = transcript.map_or(0, |transcript| transcript.sentences.len());
            let outcome = match count == expected {
                true => Outcome::Passed,
                false => Outcome::Failed,
            };
            let cause = format!("{count} sentences of {expected}");
            checks.add("reading", outcome, cause, None);
        }
    }
    checks.tell("freshness", store.freshness().await, |fresh| {
        format!("{} calls to transform", fresh.calls_to_transform)
    });
}

const TRANSFORM: SqlText =
    SqlText::fixed(include_str!("../../sql/snowflake/check/call_transform.sql"));
const RETENTION: SqlText =
    SqlText::fixed(include_str!("../../sql/snowflake/check/call_retention.sql"));

/// Calls a procedure as a task does. It returns counts.
async fn call_procedure(
    pool: &dyn SqlPool,
    check: &'static str,
    text: SqlText,
    checks: &mut Checks,
) {
    let called = pool.query(&Statement::new(check, text)).await;
    checks.tell(check, called, |rows| {
        let cell = rows.columns().first().zip(rows.first());
        let counts = cell.and_then(|(column, row)| row.text(column).ok().flatten());
        counts.unwrap_or("called").to_owned()
    });
}

fn store(pool: Arc<SnowflakePool>, server: &str) -> Result<SnowflakeStore, Error> {
    let server = match server {
        "" => Default::default(),
        named => named.parse()?,
    };
    let settings = SnowflakeStoreConfig::default().with_server(server);
    SnowflakeStore::new(pool, settings)
}

fn page(call: &SimulatedCall) -> Result<LandingPage, serde_json::Error> {
    let id = CallId::from(call.id().unwrap_or_default());
    let document = RawDocument::new(id.clone(), call.extensive.to_string())?;
    let mut page = LandingPage::new("live-check").with_calls(vec![document]);
    if let Some(transcript) = &call.transcript {
        page = page.with_transcripts(vec![RawDocument::new(id, transcript.to_string())?]);
    }
    Ok(page)
}
