//! Agents over stores, a reader and Gong, as settings describe them: the one composition that
//! every program here uses.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agents::insights::InsightBuilder;
use agents::scorecard::Scorecard;
use agents::targets::CoachingSettings;
use agents::task::Dispatcher;
use ingest::LiveCalls;
use resilience::{BreakerState, Route, RouteStats, Traced};
use snowflake_store::{CallSource, CallStore, Hybrid, ShadowReport};
use tokio_util::task::AbortOnDropHandle;

use crate::gong_setup::SetupReader;
use crate::language::of_agents;
use crate::late_opening::open_store;
use crate::settings::FallbackReader;
use crate::{Error, FallbackStore, Settings, StoreOptions};

type StoreAndFallback = Hybrid<Arc<dyn CallStore>, Arc<dyn CallSource>>;

/// Agents that are open: a [`Dispatcher`] with what it stands on.
///
/// Dropped, or [shut down](Self::shutdown), they end the tasks that run, also those of clones of
/// the dispatcher; stores close with the last of these.
pub struct Agents {
    dispatcher: Dispatcher,
    source: Arc<dyn CallSource>,
    store: Arc<dyn CallStore>,
    language: InsightBuilder,
    hybrid: Option<Arc<StoreAndFallback>>,
    setup: SetupReader,
    background: Vec<AbortOnDropHandle<()>>,
}

impl Agents {
    /// Opens the store, who answers when it does not, and who reads calls. `options` say who
    /// opens them.
    ///
    /// A store that this process may only read is opened for reading. One that is down while
    /// there is a fallback is so too, until it answers.
    ///
    /// ```
    /// use gong_snowflake::{Agents, Settings, StoreOptions};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let store = format!("sqlite:{}", folder.path().join("calls.db").display());
    /// let settings = Settings::builder().with("store.location", store, "this example").load();
    /// let agents = Agents::open(&settings.await?, &StoreOptions::new("agents")).await?;
    ///
    /// let (reply, code) = agents.dispatcher().run_json(br#"{"task_type": "list_calls"}"#).await;
    /// assert_eq!((code, &reply["data_source"]), (0, &"sqlite".into()));
    /// agents.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The settings' own, naming the variable, and the store's, on the field `store`,
    /// `fallback-store`, `backend`, `scorecards` or `coaching` where they name none.
    pub async fn open(settings: &Settings, options: &StoreOptions) -> Result<Self, Error> {
        Self::opened(settings, options, None).await
    }

    /// As [`open`](Self::open), for callers that wait: a task ends after `limit`, as with
    /// [`Dispatcher::with_time_limit`], and who reads a call has at most half of it where there
    /// is a fallback, which has the rest.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub async fn open_within(
        settings: &Settings,
        options: &StoreOptions,
        limit: Duration,
    ) -> Result<Self, Error> {
        Self::opened(settings, options, Some(limit)).await
    }

    async fn opened(
        settings: &Settings,
        options: &StoreOptions,
        limit: Option<Duration>,
    ) -> Result<Self, Error> {
        let language = settings.language();
        let language = language.map_err(|error| settings.of_option("backend", error))?;
        let (scorecards, coaching) = (settings.scorecards()?, settings.coaching()?);
        let (store, opening) = open_store(settings, options).await?;
        let name = settings.store.location.name();
        let fallback = open_fallback(settings, options).await?;
        let hybrid = fallback.map(|(fallback, fallback_name)| {
            let hybrid = Hybrid::new(Arc::clone(&store), fallback)
                .with_route(route(settings))
                .named(name, fallback_name);
            Arc::new(hybrid)
        });
        let source: Arc<dyn CallSource> = match &hybrid {
            Some(hybrid) => Arc::<StoreAndFallback>::clone(hybrid),
            None => Arc::<dyn CallStore>::clone(&store),
        };
        let waiting = match limit {
            Some(limit) if settings.language.fallback != FallbackReader::None => {
                let longest = settings.language.reader_timeout.min(limit / 2);
                language.clone().with_time_limit(longest)
            }
            _ => language.clone(),
        };
        let mut dispatcher = Dispatcher::new(Arc::clone(&source), waiting)
            .with_data_source(name)
            .with_scorecards(scorecards)
            .with_settings(coaching)
            .map_err(|error| settings.of_option("coaching", of_agents(error)))?;
        if let Some(limit) = limit {
            dispatcher = dispatcher.with_time_limit(limit);
        }
        let setup = SetupReader::new(Arc::clone(&store), dispatcher.clone());
        let is_read = match &hybrid {
            None => {
                let read = setup.read().await;
                read.map_err(|error| settings.of_option("store", error))?;
                true
            }
            // The store may be down, and who starts waits for it no longer than a task does.
            Some(_) => {
                let patience = settings.store.primary_timeout;
                let read = tokio::time::timeout(patience, setup.read()).await;
                matches!(read, Ok(Ok(())))
            }
        };
        let reading = tokio::spawn(setup.clone().keep_reading(is_read));
        let reading = AbortOnDropHandle::new(reading);
        let background = opening.into_iter().chain([reading]).collect();
        Ok(Self {
            dispatcher,
            source,
            store,
            language,
            hybrid,
            setup,
            background,
        })
    }

    /// Runs tasks. Clones of it share its limits and its end.
    pub fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }

    /// What tasks are answered from: the store, and the fallback where it fails.
    pub fn source(&self) -> &Arc<dyn CallSource> {
        &self.source
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

    /// Reads again which scorecards and trackers the company keeps in Gong, from the store and
    /// not from the fallback. Agents do that by themselves when they are opened and every 15
    /// minutes. For callers that know of a sync.
    ///
    /// # Errors
    /// The store's. What was known stays.
    pub async fn read_gong_setup(&self) -> Result<(), Error> {
        self.setup.read().await
    }

    /// Ends the tasks that run, and waits until they have ended. Later tasks end at once.
    pub async fn shutdown(&self) {
        self.background.iter().for_each(AbortOnDropHandle::abort);
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

fn route(settings: &Settings) -> Route {
    Settings::route("store", settings.store.primary_timeout)
        .with_primary_share(settings.store.primary_share.share())
        .with_shadow_share(settings.store.shadow_share.share())
}

impl Settings {
    pub(crate) fn scorecards(&self) -> Result<Vec<Scorecard>, Error> {
        let cards = scorecards(self.language.scorecards.as_deref());
        cards.map_err(|error| self.of_option("scorecards", of_agents(error)))
    }

    pub(crate) fn coaching(&self) -> Result<CoachingSettings, Error> {
        let file = self.language.coaching.as_deref();
        let read = file.map(CoachingSettings::in_file).transpose();
        let read = read.map_err(|error| self.of_option("coaching", of_agents(error)))?;
        Ok(read.unwrap_or_default())
    }
}

/// Those of the folder, then those shipped that have other names.
fn scorecards(folder: Option<&Path>) -> Result<Vec<Scorecard>, agents::Error> {
    let mut cards = match folder {
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

async fn open_fallback(
    settings: &Settings,
    options: &StoreOptions,
) -> Result<Option<(Arc<dyn CallSource>, &'static str)>, Error> {
    let of_fallback = |error| settings.of_option("fallback-store", error);
    Ok(match &settings.store.fallback {
        FallbackStore::None => None,
        FallbackStore::Store(location) => {
            let store = settings.open(location, options).await;
            Some((Arc::new(store.map_err(of_fallback)?), location.name()))
        }
        FallbackStore::Gong => {
            let client = settings.gong_client().map_err(of_fallback)?;
            let live = LiveCalls::new(client);
            let live = live.map_err(|error| of_fallback(Error::from_below(error)))?;
            Some((Arc::new(Traced::new("gong", live)), "gong"))
        }
    })
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;

    /// Agents over `a.db`, with `b.db` as the fallback.
    async fn agents(
        folder: &tempfile::TempDir,
        primary_share: Option<u8>,
    ) -> Result<Agents, Error> {
        let file = |name| format!("sqlite:{}", folder.path().join(name).display());
        let mut settings = Settings::builder().with("store.location", file("a.db"), "test");
        if let Some(share) = primary_share {
            settings = settings.with("store.fallback", file("b.db"), "test").with(
                "store.primary_share",
                share,
                "test",
            );
        }
        let settings = settings.load().await?;
        Agents::open(&settings, &StoreOptions::new("test")).await
    }

    #[tokio::test]
    async fn an_answer_names_the_side_that_its_share_sends_it_to() {
        let folder = tempfile::tempdir().unwrap();
        for (share, by_primary) in [(100, 1), (0, 0)] {
            let agents = agents(&folder, Some(share)).await.unwrap();
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
        let agents = agents(&folder, None).await.unwrap();
        let dispatcher = agents.dispatcher().clone();
        drop(agents);
        let (reply, _) = dispatcher.run_json(br#"{"task_type": "list_calls"}"#).await;
        assert_eq!(reply["error"]["code"], "cancelled");
    }
}
