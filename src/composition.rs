//! Agents over stores, a reader and Gong, as the environment and a few choices describe them:
//! the one composition that every program here uses.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use agents::insights::InsightBuilder;
use agents::scorecard::Scorecard;
use agents::task::Dispatcher;
use gong_client::{GongClient, GongConfig};
use ingest::LiveCalls;
use resilience::{
    BreakerState, CircuitBreaker, CircuitBreakerConfig, ErrorKind, Failure, Route, RouteStats,
};
use snowflake_store::{CallSource, CallStore, Hybrid, ShadowReport};

use crate::{Error, LanguageOptions, StoreLocation, StoreOptions};

/// How long the store may take before the fallback answers: a warehouse that sleeps wakes up
/// within seconds.
const PRIMARY_TIMEOUT: Duration = Duration::from_secs(15);

/// The variable that names a folder of scorecards.
const SCORECARDS: &str = "GONG_SNOWFLAKE_SCORECARDS";

/// Who answers when the store does not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FallbackStore {
    /// Nobody: the task fails.
    #[default]
    None,
    /// Another store of the same calls.
    Store(StoreLocation),
    /// Gong itself, as `GONG_…` describes it, for single calls and lists of a period.
    Gong,
}

impl FromStr for FallbackStore {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "none" => Ok(Self::None),
            "gong" => Ok(Self::Gong),
            other => other.parse().map(Self::Store).map_err(|_| {
                let message = "must be sqlite:PATH, snowflake, gong or none";
                Error::new(ErrorKind::InvalidInput, message).with_field("fallback-store")
            }),
        }
    }
}

/// What agents are made of. By default the store answers alone.
///
/// ```
/// use gong_snowflake::{AgentOptions, Agents, Backend, LanguageOptions, StoreLocation};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("calls.db");
/// let options = AgentOptions::new(StoreLocation::Sqlite(path))
///     .with_language(LanguageOptions::new(Backend::Local));
/// let agents = Agents::open(&options).await?;
///
/// let (reply, code) = agents.dispatcher().run_json(br#"{"task_type": "list_calls"}"#).await;
/// assert_eq!((code, &reply["data_source"]), (0, &"sqlite".into()));
/// agents.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AgentOptions {
    store: StoreLocation,
    store_options: StoreOptions,
    language: LanguageOptions,
    fallback: FallbackStore,
    primary_share: f64,
    shadow_share: f64,
    primary_timeout: Duration,
    time_limit: Option<Duration>,
    scorecards: Option<PathBuf>,
}

impl AgentOptions {
    /// Agents over a store, which this process reads itself.
    pub fn new(store: StoreLocation) -> Self {
        Self {
            store,
            store_options: StoreOptions::new("agents"),
            language: LanguageOptions::default(),
            fallback: FallbackStore::None,
            primary_share: 1.0,
            shadow_share: 0.0,
            primary_timeout: PRIMARY_TIMEOUT,
            time_limit: None,
            scorecards: std::env::var_os(SCORECARDS).map(PathBuf::from),
        }
    }

    /// A folder of [scorecards](Scorecard::in_folder) that are known beside those shipped, and
    /// in their place where they have the same name. By default the one that
    /// `GONG_SNOWFLAKE_SCORECARDS` names.
    #[must_use]
    pub fn with_scorecards(mut self, folder: impl Into<PathBuf>) -> Self {
        self.scorecards = Some(folder.into());
        self
    }

    /// Who opens the stores, and how.
    #[must_use]
    pub fn with_store_options(mut self, options: StoreOptions) -> Self {
        self.store_options = options;
        self
    }

    /// Who reads calls.
    #[must_use]
    pub fn with_language(mut self, language: LanguageOptions) -> Self {
        self.language = language;
        self
    }

    /// Who answers when the store fails in passing, takes too long or keeps failing.
    #[must_use]
    pub fn with_fallback(mut self, fallback: FallbackStore) -> Self {
        self.fallback = fallback;
        self
    }

    /// Share of the tasks that go to the store, 0 to 1, by what they are about; the fallback
    /// answers the others. Default 1.
    #[must_use]
    pub fn with_primary_share(mut self, share: f64) -> Self {
        self.primary_share = share;
        self
    }

    /// Share of the store's tasks for which the fallback is asked too, 0 to 1, so that their
    /// [differences](Agents::shadow_report) are counted. Default 0.
    #[must_use]
    pub fn with_shadow_share(mut self, share: f64) -> Self {
        self.shadow_share = share;
        self
    }

    /// How long the store may take for one question before the fallback answers. Default 15 s.
    #[must_use]
    pub fn with_primary_timeout(mut self, limit: Duration) -> Self {
        self.primary_timeout = limit;
        self
    }

    /// How long a task may take; as [`Dispatcher::with_time_limit`].
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = Some(limit);
        self
    }

    fn route(&self) -> Route {
        let breaker = CircuitBreaker::new(CircuitBreakerConfig::default());
        Route::default()
            .with_primary_share(self.primary_share)
            .with_shadow_share(self.shadow_share)
            .with_primary_timeout(self.primary_timeout)
            .with_breaker(Arc::new(breaker))
    }

    /// Those of the folder, then those shipped that have other names.
    fn scorecards(&self) -> Result<Vec<Scorecard>, agents::Error> {
        let mut cards = match &self.scorecards {
            Some(folder) => Scorecard::in_folder(folder)?,
            None => Vec::new(),
        };
        for shipped in Scorecard::shipped()? {
            if cards.iter().all(|card| card.name() != shipped.name()) {
                cards.push(shipped);
            }
        }
        Ok(cards)
    }

    fn check(&self) -> Result<(), Error> {
        let shares = [
            ("primary-share", self.primary_share),
            ("shadow-share", self.shadow_share),
        ];
        match shares
            .into_iter()
            .find(|(_, share)| !(0.0..=1.0).contains(share))
        {
            Some((field, _)) => {
                let message = "is not a share from 0 to 1";
                Err(Error::new(ErrorKind::InvalidInput, message).with_field(field))
            }
            None => Ok(()),
        }
    }

    /// The store, for writing where this process may and the store answers.
    async fn open_store(&self) -> Result<Arc<dyn CallStore>, Error> {
        let opened = self.store.open_with(&self.store_options).await;
        let may_be_read = |error: &snowflake_store::Error| {
            let is_refused = matches!(error.kind(), ErrorKind::Config | ErrorKind::Permission);
            let is_down = error.is_retryable() && self.fallback != FallbackStore::None;
            is_refused || is_down
        };
        match opened {
            Err(error) if may_be_read(&error) => {
                let reading = self.store_options.clone().reading();
                let read = self.store.open_with(&reading).await;
                read.map_err(|_| of_part(error, "store"))
            }
            opened => opened.map_err(|error| of_part(error, "store")),
        }
    }

    async fn open_fallback(&self) -> Result<Option<(Arc<dyn CallSource>, &'static str)>, Error> {
        Ok(match &self.fallback {
            FallbackStore::None => None,
            FallbackStore::Store(location) => {
                let store = location.open_with(&self.store_options).await;
                let store = store.map_err(|error| of_part(error, "fallback-store"))?;
                Some((Arc::new(store), location.name()))
            }
            FallbackStore::Gong => {
                let of_gong = |error: gong_client::Error| of_part(error, "fallback-store");
                let client = GongClient::new(GongConfig::from_env().map_err(of_gong)?);
                let live = LiveCalls::new(client.map_err(of_gong)?);
                let live = live.map_err(|error| of_part(error, "fallback-store"))?;
                Some((Arc::new(live), "gong"))
            }
        })
    }
}

type StoreAndFallback = Hybrid<Arc<dyn CallStore>, Arc<dyn CallSource>>;

/// Agents that are open: a [`Dispatcher`] with what it stands on.
///
/// Dropped, or [shut down](Self::shutdown), they end the tasks that run, also those of clones of
/// the dispatcher; stores close with the last of these.
pub struct Agents {
    dispatcher: Dispatcher,
    store: Arc<dyn CallStore>,
    language: InsightBuilder,
    hybrid: Option<Arc<StoreAndFallback>>,
}

impl Agents {
    /// Opens stores and backends as the options and the environment describe them.
    ///
    /// A store that this process may only read, or that is down while there is a fallback, is
    /// opened for reading.
    ///
    /// # Errors
    /// The settings' own, naming the option or variable, and the store's.
    pub async fn open(options: &AgentOptions) -> Result<Self, Error> {
        options.check()?;
        let language = options.language.open();
        let language = language.map_err(|error| of_part(error, "backend"))?;
        let scorecards = options.scorecards();
        let scorecards = scorecards.map_err(|error| of_part(error, "scorecards"))?;
        let store = options.open_store().await?;
        let name = options.store.name();
        let hybrid = options
            .open_fallback()
            .await?
            .map(|(fallback, fallback_name)| {
                let hybrid = Hybrid::new(Arc::clone(&store), fallback)
                    .with_route(options.route())
                    .named(name, fallback_name);
                Arc::new(hybrid)
            });
        let answering: Arc<dyn CallSource> = match &hybrid {
            Some(hybrid) => Arc::<StoreAndFallback>::clone(hybrid),
            None => Arc::<dyn CallStore>::clone(&store),
        };
        let mut dispatcher = Dispatcher::new(answering, language.clone())
            .with_data_source(name)
            .with_scorecards(scorecards);
        if let Some(limit) = options.time_limit {
            dispatcher = dispatcher.with_time_limit(limit);
        }
        Ok(Self {
            dispatcher,
            store,
            language,
            hybrid,
        })
    }

    /// Runs tasks. Clones of it share its limits and its end.
    pub fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }

    /// The store itself, without the fallback: for syncs, backlogs and health.
    pub fn store(&self) -> &Arc<dyn CallStore> {
        &self.store
    }

    /// Who reads calls, as a backlog needs it.
    pub fn language(&self) -> &InsightBuilder {
        &self.language
    }

    /// How often store and fallback have answered; `None` without a fallback. For callers that
    /// watch a rollout.
    pub fn route_stats(&self) -> Option<RouteStats> {
        Some(self.hybrid.as_ref()?.route().stats())
    }

    /// Whether the store is left alone at present, because it keeps failing; `None` without
    /// a fallback.
    pub fn breaker_state(&self) -> Option<BreakerState> {
        self.hybrid.as_ref()?.route().breaker_state()
    }

    /// How store and fallback differed where both were asked; `None` without a fallback.
    pub fn shadow_report(&self) -> Option<ShadowReport> {
        Some(self.hybrid.as_ref()?.shadow_report())
    }

    /// Ends the tasks that run, and waits until they have ended. Later tasks end at once.
    pub async fn shutdown(&self) {
        self.dispatcher.shutdown().await;
    }
}

impl Drop for Agents {
    fn drop(&mut self) {
        self.dispatcher.stop();
    }
}

impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agents")
            .field("store", &self.store)
            .field("hybrid", &self.hybrid)
            .finish_non_exhaustive()
    }
}

/// A part's error, with the option that it comes from where it names no field itself.
fn of_part<E: Failure + Named + Send + Sync + 'static>(error: E, option: &str) -> Error {
    let (message, field) = (error.words(), error.field_named());
    Error::new(error.kind(), message)
        .with_field(field.unwrap_or_else(|| option.to_owned()))
        .with_source(error)
}

/// What every error of the workspace can say.
trait Named {
    fn words(&self) -> String;
    fn field_named(&self) -> Option<String>;
}

macro_rules! named {
    ($($error:ty),*) => {$(
        impl Named for $error {
            fn words(&self) -> String {
                self.message().to_owned()
            }

            fn field_named(&self) -> Option<String> {
                self.field().map(str::to_owned)
            }
        }
    )*};
}
named!(
    agents::Error,
    gong_client::Error,
    ingest::Error,
    snowflake_store::Error
);

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    fn file(folder: &tempfile::TempDir, name: &str) -> StoreLocation {
        StoreLocation::Sqlite(folder.path().join(name))
    }

    #[test]
    fn fallbacks_go_by_their_names() {
        let parsed = |text: &str| text.parse::<FallbackStore>();
        assert_eq!(parsed("none").unwrap(), FallbackStore::None);
        assert_eq!(parsed("gong").unwrap(), FallbackStore::Gong);
        let file = StoreLocation::Sqlite("a.db".into());
        assert_eq!(parsed("sqlite:a.db").unwrap(), FallbackStore::Store(file));
        assert_eq!(parsed("a.db").unwrap_err().field(), Some("fallback-store"));
    }

    #[tokio::test]
    async fn shares_are_shares() {
        let folder = tempfile::tempdir().unwrap();
        for share in [-0.1, 1.1, f64::NAN] {
            let options = AgentOptions::new(file(&folder, "a.db")).with_primary_share(share);
            let error = Agents::open(&options).await.unwrap_err();
            assert_eq!(error.field(), Some("primary-share"), "{share}");
        }
    }

    #[tokio::test]
    async fn an_answer_names_the_side_that_its_share_sends_it_to() {
        let folder = tempfile::tempdir().unwrap();
        let fallback = FallbackStore::Store(file(&folder, "b.db"));
        for (share, by_primary) in [(1.0, 1), (0.0, 0)] {
            let options = AgentOptions::new(file(&folder, "a.db"))
                .with_fallback(fallback.clone())
                .with_primary_share(share);
            let agents = Agents::open(&options).await.unwrap();
            let task = br#"{"task_type": "list_calls"}"#;
            let (reply, code) = agents.dispatcher().run_json(task).await;
            assert_eq!((code, &reply["data_source"]), (0, &"sqlite".into()));
            let stats = agents.route_stats().unwrap();
            assert_eq!(
                (stats.primary, stats.fallback_by_share),
                (by_primary, 1 - by_primary)
            );
            assert_eq!(agents.breaker_state(), Some(BreakerState::Closed));
        }
    }

    #[tokio::test]
    async fn agents_that_are_dropped_end_their_tasks() {
        let folder = tempfile::tempdir().unwrap();
        let options = AgentOptions::new(file(&folder, "a.db"));
        let agents = Agents::open(&options).await.unwrap();
        let dispatcher = agents.dispatcher().clone();
        drop(agents);
        let (reply, _) = dispatcher.run_json(br#"{"task_type": "list_calls"}"#).await;
        assert_eq!(reply["error"]["code"], "cancelled");
    }
}
