//! What programs share that change a store for good: they open one that is there, alone.

use std::error::Error;
use std::sync::Arc;

use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_store::{CallStore, ErasedRows, LeaseKeeper};
use gong_snowflake::{Settings, StoreLocation, StoreOptions};
use serde_json::json;

use super::configuration::StoreConfiguration;
use super::describe;
use super::ending::{Ending, Refusal, tell};

/// Opens a store that is there: a path with a typing error is not a new, empty store.
pub(crate) async fn open(
    configuration: &StoreConfiguration,
    program: &str,
) -> Result<(Settings, Arc<dyn CallStore>), Ending> {
    let loaded = configuration.settings().load().await;
    let settings = loaded.map_err(|error| of_facade(&error))?;
    if let StoreLocation::Sqlite(path) = &settings.store.location
        && !path.exists()
    {
        let message = format!("{}: there is no such file", path.display());
        return Err(refused_with("invalid_input", &message, Some("store"), 2));
    }
    let opened = settings.open_store(&StoreOptions::new(program)).await;
    let store = opened.map_err(|error| of_facade(&error))?;
    Ok((settings, store))
}

/// Takes the lease of syncs, so that no page is on its way.
pub(crate) async fn alone(
    store: &Arc<dyn CallStore>,
    program: &str,
) -> Result<LeaseKeeper, Ending> {
    let lease = LeaseKeeper::acquire(Arc::clone(store), "sync", program).await;
    match lease.map_err(|error| stopped(&error))? {
        Ok(lease) => Ok(lease),
        Err(holder) => {
            let message = format!("a sync is running: {holder}");
            Err(refused_with("transient", &message, None, 1))
        }
    }
}

/// Rows by table, for people.
pub(crate) fn show(tables: &[ErasedRows], what: &str) {
    let rows: u64 = tables.iter().map(|table| table.rows).sum();
    tell!("{rows} rows {what}");
    for table in tables.iter().filter(|table| table.rows > 0) {
        tell!("{:>9}  {}", table.rows, table.table);
    }
}

/// An error of a store on its way out.
pub(crate) fn stopped(error: &gong_snowflake::snowflake_store::Error) -> Ending {
    ended_by(error, error.kind(), error.field())
}

/// As [`stopped`], of settings and what is made of them.
pub(crate) fn of_facade(error: &gong_snowflake::Error) -> Ending {
    ended_by(error, error.kind(), error.field())
}

/// A setting that is wrong is code 2.
fn ended_by(error: &(dyn Error + 'static), kind: ErrorKind, field: Option<&str>) -> Ending {
    let code = match kind {
        ErrorKind::InvalidInput | ErrorKind::Config | ErrorKind::Unsupported => 2,
        _ => 1,
    };
    let ending = refused_with(kind.as_str(), &error.to_string(), field, code);
    ending.with_complaint(describe(error))
}

/// What ends the program before it begins, or from outside.
pub(crate) fn refused(refusal: Refusal, code: u8) -> Ending {
    let field = refusal.field.as_deref();
    refused_with(refusal.kind, &refusal.message, field, code)
}

fn refused_with(kind: &str, message: &str, field: Option<&str>, code: u8) -> Ending {
    let line = json!({"error": {"kind": kind, "message": message, "field": field}});
    Ending::new(&line, code).with_complaint(message)
}
