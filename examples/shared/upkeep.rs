//! What programs share that change a store for good: they open one that is there, alone.

use std::sync::Arc;

use gong_snowflake::resilience::{ErrorKind, Failure};
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
    let settings = configuration.settings().load().await;
    let settings = settings.map_err(|error| stopped(&error, error.field()))?;
    if let StoreLocation::Sqlite(path) = &settings.store.location
        && !path.exists()
    {
        let message = format!("{}: there is no such file", path.display());
        return Err(refused_with("invalid_input", &message, Some("store"), 2));
    }
    let store = settings.open_store(&StoreOptions::new(program)).await;
    let store = store.map_err(|error| stopped(&error, error.field()))?;
    Ok((settings, store))
}

/// Takes the lease of syncs, so that no page is on its way.
pub(crate) async fn alone(
    store: &Arc<dyn CallStore>,
    program: &str,
) -> Result<LeaseKeeper, Ending> {
    let lease = LeaseKeeper::acquire(Arc::clone(store), "sync", program).await;
    match lease.map_err(|error| stopped(&error, error.field()))? {
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

/// An error on its way out. A setting that is wrong is code 2.
pub(crate) fn stopped<E: Failure + 'static>(error: &E, field: Option<&str>) -> Ending {
    let kind = error.kind();
    let code = match kind {
        ErrorKind::InvalidInput | ErrorKind::Config | ErrorKind::Unsupported => 2,
        _ => 1,
    };
    let complaint = describe(error);
    refused_with(kind.as_str(), &error.to_string(), field, code).with_complaint(complaint)
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
