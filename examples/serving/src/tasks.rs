//! Tasks on one store, for as long as the program runs.

use std::time::Duration;

use gong_snowflake::agents::task::Task;
use gong_snowflake::resilience::{ErrorKind, RouteStats};
use gong_snowflake::snowflake_store::{self, CallStore, Health};
use gong_snowflake::{Agents, Settings, StoreLocation, StoreOptions};

use crate::backlog::Backlog;
use crate::envelope::{Refusal, Reply};
use crate::metrics::record_refusal;
use crate::options::{Failed, Limits};

/// Beyond the time that a task may take, within which the agents say themselves that it is up.
const SLACK: Duration = Duration::from_secs(1);

/// Runs tasks on a store and a language backend.
#[derive(Debug)]
pub struct Tasks {
    agents: Agents,
    limit: Duration,
    /// None where this process is not to.
    backlog: Option<Backlog>,
}

impl Tasks {
    /// Opens the store, for reading only where this process may not write, and begins to
    /// analyse the calls that have no analysis yet.
    ///
    /// # Errors
    /// Exit code 2: the store or the backend is not there, or a setting of it is wrong.
    /// Exit code 1: it is out of reach.
    pub async fn open(settings: &Settings) -> Result<Self, Failed> {
        if let StoreLocation::Sqlite(path) = &settings.store.location
            && !path.exists()
        {
            // Opening would create it, and an empty store answers nothing.
            return Err(Failed::new(2, format!("{} does not exist", path.display())));
        }
        let (options, limit) = (StoreOptions::new("serve"), Limits::of(settings).task());
        let agents = Agents::open_within(settings, &options, limit).await;
        let agents = agents.map_err(|error| {
            let code = match error.kind() {
                ErrorKind::Config | ErrorKind::InvalidInput | ErrorKind::Corrupt => 2,
                _ => 1,
            };
            Failed::new(code, error)
        })?;
        let every = Duration::from_secs(settings.serve.analyse_every_seconds);
        let patience = settings.store.primary_timeout;
        let backlog = (!every.is_zero()).then(|| Backlog::start(&agents, every, patience));
        Ok(Self {
            agents,
            limit,
            backlog,
        })
    }

    /// Runs a task given as JSON. Whatever it is, there is a reply, and in time.
    pub(crate) async fn run(&self, task: &[u8]) -> Reply {
        // What is dropped when time is up is cancelled.
        tokio::time::timeout(self.limit + SLACK, self.answer(task))
            .await
            .unwrap_or_else(|_| record_refusal(Reply::refusal(task, Refusal::TIMED_OUT)))
    }

    async fn answer(&self, task: &[u8]) -> Reply {
        let rests_on_others =
            |task: Task| task.spec().is_some_and(|spec| spec.rests_on_all_insights);
        if let Some(backlog) = &self.backlog
            && Task::from_json(task).is_ok_and(rests_on_others)
        {
            backlog.first_look().await;
        }
        let (envelope, _) = self.agents.dispatcher().run_json(task).await;
        Reply::of(envelope)
    }

    /// Whether somebody answers when the store does not.
    pub(crate) fn has_fallback(&self) -> bool {
        self.agents.route_stats().is_some()
    }

    /// How the store is.
    pub(crate) async fn health(&self) -> Result<Health, snowflake_store::Error> {
        self.agents.store().health().await
    }

    /// The store itself.
    pub(crate) fn store(&self) -> &dyn CallStore {
        &**self.agents.store()
    }

    /// How often store and fallback have answered; `None` without a fallback.
    pub(crate) fn route_stats(&self) -> Option<RouteStats> {
        self.agents.route_stats()
    }

    /// Ends what still runs, and waits until it has ended.
    pub async fn shutdown(&self) {
        self.agents.shutdown().await;
    }
}
