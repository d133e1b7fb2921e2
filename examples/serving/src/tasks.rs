//! Tasks on one store, for as long as the program runs.

use std::sync::Arc;

use gong_snowflake::agents::task::{Dispatcher, Task};
use gong_snowflake::resilience::ErrorKind;
use gong_snowflake::snowflake_store::{self, CallStore, Health};
use gong_snowflake::{StoreLocation, StoreOptions};

use crate::backlog::Backlog;
use crate::envelope::Reply;
use crate::options::{Failed, StoreArguments};

/// Runs tasks on a store and a language backend.
#[derive(Debug)]
pub struct Tasks {
    store: Arc<dyn CallStore>,
    dispatcher: Dispatcher,
    /// None where this process may not write, or is not to.
    backlog: Option<Backlog>,
}

impl Tasks {
    /// Opens the store, for reading only where this process may not write, and begins to
    /// analyse the calls that have no analysis yet.
    ///
    /// # Errors
    /// Exit code 2: the store or the backend is not there, or a setting of it is wrong.
    /// Exit code 1: it is out of reach.
    pub async fn open(arguments: &StoreArguments) -> Result<Self, Failed> {
        let location = &arguments.store;
        if let StoreLocation::Sqlite(path) = location
            && !path.exists()
        {
            // Opening would create it, and an empty store answers nothing.
            return Err(Failed::new(2, format!("{} does not exist", path.display())));
        }
        let language = arguments.language()?;
        let (store, can_write) = open(location).await.map_err(|error| {
            let code = match error.kind() {
                ErrorKind::Config | ErrorKind::InvalidInput | ErrorKind::Corrupt => 2,
                _ => 1,
            };
            Failed::new(code, error)
        })?;
        let every = arguments.analyse_every().filter(|_| can_write);
        let start = |every| Backlog::start(Arc::clone(&store), language.clone(), every);
        let backlog = every.map(start);
        let dispatcher = Dispatcher::new(store.clone(), language);
        let dispatcher = dispatcher.with_data_source(match location {
            StoreLocation::Snowflake => "snowflake",
            _ => "sqlite",
        });
        Ok(Self {
            store,
            dispatcher,
            backlog,
        })
    }

    /// Runs a task given as JSON. Whatever it is, there is a reply.
    pub(crate) async fn run(&self, task: &[u8]) -> Reply {
        if let Some(backlog) = &self.backlog
            && Task::from_json(task)
                .is_ok_and(|task| task.spec().is_some_and(|spec| spec.rests_on_all_insights))
        {
            backlog.first_look().await;
        }
        let (envelope, _) = self.dispatcher.run_json(task).await;
        Reply::of(envelope)
    }

    /// How the store is.
    pub(crate) async fn health(&self) -> Result<Health, snowflake_store::Error> {
        self.store.health().await
    }
}

/// Opens a store, and says whether for writing.
async fn open(
    location: &StoreLocation,
) -> Result<(Arc<dyn CallStore>, bool), snowflake_store::Error> {
    let options = StoreOptions::new("serve");
    match location.open_with(&options).await {
        Ok(store) => Ok((store, true)),
        Err(error) if matches!(error.kind(), ErrorKind::Config | ErrorKind::Permission) => {
            let opened = location.open_with(&options.reading()).await;
            Ok((opened.map_err(|_| error)?, false))
        }
        Err(error) => Err(error),
    }
}
