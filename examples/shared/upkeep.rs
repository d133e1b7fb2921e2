//! What programs share that change a store for good: they open one that is there, alone.

use std::sync::Arc;

use gong_snowflake::resilience::{ErrorKind, Failure};
use gong_snowflake::snowflake_store::{CallStore, Hybrid, LeaseKeeper};
use gong_snowflake::{Settings, StoreLocation, StoreOptions};
use serde_json::json;

use super::configuration::StoreConfiguration;
use super::describe;
use super::ending::{self, Ending, Refusal, tell};

/// What to change: the store, and its fallback if that is a store as well.
pub(crate) struct Stores {
    pub(crate) settings: Settings,
    /// Both as one.
    pub(crate) store: Arc<dyn CallStore>,
    each: Vec<Arc<dyn CallStore>>,
}

/// Opens the store and the fallback that settings name.
pub(crate) async fn open(
    configuration: &StoreConfiguration,
    program: &str,
) -> Result<Stores, Ending> {
    let settings = configuration.settings().load().await;
    let settings = settings.map_err(|error| stopped(&error, error.field()))?;
    let options = StoreOptions::new(program);
    let location = &settings.store.location;
    let store = open_existing(&settings, location, &options).await?;
    let fallback = settings.open_fallback_store(&options).await;
    let fallback = fallback.map_err(|error| stopped(&error, error.field()))?;
    let (store, each): (Arc<dyn CallStore>, _) = match fallback {
        Some(fallback) => {
            let hybrid = Hybrid::new(Arc::clone(&store), Arc::clone(&fallback));
            let hybrid = hybrid.named("store", "fallback-store");
            (Arc::new(hybrid), vec![store, fallback])
        }
        None => (Arc::clone(&store), vec![store]),
    };
    Ok(Stores {
        settings,
        store,
        each,
    })
}

/// Opens a store that is there: a path with a typing error is not a new, empty store.
async fn open_existing(
    settings: &Settings,
    location: &StoreLocation,
    options: &StoreOptions,
) -> Result<Arc<dyn CallStore>, Ending> {
    if let StoreLocation::Sqlite(path) = location
        && !path.exists()
    {
        let message = format!("{}: there is no such file", path.display());
        return Err(refused_with("invalid_input", &message, Some("store"), 2));
    }
    let store = settings.open(location, options).await;
    store.map_err(|error| stopped(&error, error.field().or(Some("store"))))
}

/// The leases of syncs.
pub(crate) struct Leases(Vec<LeaseKeeper>);

impl Stores {
    /// Takes the lease of syncs of each store, so that no page is on its way.
    pub(crate) async fn alone(&self, program: &str) -> Result<Leases, Ending> {
        let mut leases = Vec::new();
        for store in &self.each {
            let refused = match LeaseKeeper::acquire(Arc::clone(store), "sync", program).await {
                Ok(Ok(lease)) => {
                    leases.push(lease);
                    continue;
                }
                Ok(Err(holder)) => {
                    let message = format!("a sync is running: {holder}");
                    refused_with("transient", &message, None, 1)
                }
                Err(error) => stopped(&error, error.field()),
            };
            // No sync is to wait for a lease that nobody uses.
            Leases(leases).release().await;
            return Err(refused);
        }
        Ok(Leases(leases))
    }

    /// Takes the lease of readers as well, where it is free, and says who has it elsewhere: what
    /// they read now they store later, with the names that they read.
    pub(crate) async fn without_readers(&self, leases: &mut Leases, program: &str) -> Vec<String> {
        let mut readers = Vec::new();
        for store in &self.each {
            match LeaseKeeper::acquire(Arc::clone(store), "backlog", program).await {
                Ok(Ok(lease)) => leases.0.push(lease),
                Ok(Err(holder)) => readers.push(holder.to_string()),
                Err(error) => readers.push(error.to_string()),
            }
        }
        readers
    }
}

impl Leases {
    pub(crate) async fn release(self) {
        for lease in self.0 {
            if let Err(error) = lease.release().await {
                tell!("the lease runs out by itself: {error}");
            }
        }
    }
}

/// A number of things, whose plural ends in an s.
pub(crate) fn counted(number: u64, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}

/// Rows by table, for people.
pub(crate) fn show<'a>(tables: impl Iterator<Item = (&'a str, u64)> + Clone, what: &str) {
    let rows: u64 = tables.clone().map(|(_, rows)| rows).sum();
    tell!("{} {what}", counted(rows, "row"));
    for (table, rows) in tables.filter(|(_, rows)| *rows > 0) {
        tell!("{rows:>9}  {table}");
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
    let field = field.map(ending::json_field);
    let line = json!({"error": {"kind": kind, "message": message, "field": field}});
    Ending::new(&line, code).with_complaint(message)
}
