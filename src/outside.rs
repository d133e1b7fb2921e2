//! Gong and HubSpot as settings describe them, and what a sync reads.

use std::sync::Arc;
use std::time::Duration;

use calls::WorkspaceId;
use gong_client::{GongClient, GongConfig};
use hubspot_enrich::CrmSource;
use ingest::{CallChoice, StreamSettings, SyncSettings};
use resilience::{CircuitBreaker, CircuitBreakerConfig, Route, Traced};
use snowflake_store::SyncMode;

use crate::{Error, Settings};

impl Settings {
    /// The client of Gong, one for all who ask: they keep its limits together. Nothing is sent
    /// yet.
    ///
    /// # Errors
    /// The settings' own, naming the variable.
    pub fn gong_client(&self) -> Result<Arc<GongClient>, Error> {
        if let Some(client) = self.gong_client.get() {
            return Ok(Arc::clone(client));
        }
        let config = GongConfig::from_variables(|name| Ok(self.variable(name)));
        let client = config.and_then(GongClient::new);
        let client = Arc::new(client.map_err(|error| self.located(error))?);
        Ok(Arc::clone(self.gong_client.get_or_init(|| client)))
    }

    /// HubSpot: its data share if one is named, REST if there is a token, the share and then
    /// REST if there are both: also when the share takes
    /// [too long](crate::settings::HubSpotSettings::share_timeout) or keeps failing. `None` if
    /// there is neither. Nothing is sent yet.
    ///
    /// # Errors
    /// The settings' own, naming the variable; `Unsupported` when a feature is off.
    pub fn crm(&self) -> Result<Option<Arc<dyn CrmSource>>, Error> {
        let share = self
            .hubspot_share()?
            .map(|one| Traced::new("hubspot-share", one));
        let api = self
            .hubspot_api()?
            .map(|one| Traced::new("hubspot-api", one));
        Ok(match (share, api) {
            (Some(share), Some(api)) => {
                let route = Self::route("crm", self.hubspot.share_timeout);
                let crm = hubspot_enrich::Hybrid::new(share, api).with_route(route);
                Some(Arc::new(crm))
            }
            (Some(share), None) => Some(Arc::new(share)),
            (None, api) => api.map(|api| Arc::new(api) as Arc<dyn CrmSource>),
        })
    }

    /// Everything to a primary that answers in time and does not keep failing.
    pub(crate) fn route(component: &'static str, timeout: Duration) -> Route {
        let breaker = CircuitBreaker::new(CircuitBreakerConfig::default());
        Route::default()
            .with_primary_timeout(timeout)
            .with_breaker(Arc::new(breaker))
            .with_component(component)
    }

    /// HubSpot's data share, if one is named.
    #[cfg(feature = "hubspot-share")]
    pub(crate) fn hubspot_share(&self) -> Result<Option<Arc<dyn CrmSource>>, Error> {
        use hubspot_enrich::{DataShare, DataShareConfig};

        let config = DataShareConfig::from_variables(|name| Ok(self.variable(name)));
        let Some(config) = config.map_err(|error| self.located(error))? else {
            return Ok(None);
        };
        let pool = self.snowflake_pool(&crate::StoreOptions::new("enrich"))?;
        Ok(Some(Arc::new(DataShare::new(Arc::new(pool), config))))
    }

    #[cfg(not(feature = "hubspot-share"))]
    pub(crate) fn hubspot_share(&self) -> Result<Option<Arc<dyn CrmSource>>, Error> {
        without(
            self.hubspot.share_database.is_some(),
            "HUBSPOT_SHARE_DATABASE",
        )
    }

    /// HubSpot over REST, if there is a token.
    #[cfg(feature = "hubspot-rest")]
    pub(crate) fn hubspot_api(&self) -> Result<Option<hubspot_enrich::HubSpotApi>, Error> {
        use hubspot_enrich::{HubSpotApi, HubSpotConfig};

        if self.hubspot.token.is_none() {
            return Ok(None);
        }
        let config = HubSpotConfig::from_variables(|name| Ok(self.variable(name)));
        let api = config.and_then(HubSpotApi::new);
        api.map(Some).map_err(|error| self.located(error))
    }

    #[cfg(not(feature = "hubspot-rest"))]
    pub(crate) fn hubspot_api(&self) -> Result<Option<Arc<dyn CrmSource>>, Error> {
        without(self.hubspot.token.is_some(), "HUBSPOT_TOKEN")
    }

    /// What a sync reads, and which calls it keeps.
    pub fn sync_settings(&self, mode: SyncMode) -> SyncSettings {
        let chosen = &self.sync;
        let mut settings = SyncSettings::new(mode)
            .with_transcripts(chosen.transcripts)
            .with_choice(CallChoice {
                workspaces: chosen.workspaces.iter().map(WorkspaceId::new).collect(),
                private_calls: chosen.include_private,
                exclude_titles: chosen.exclude_titles.clone(),
                only_users: chosen.only_users.clone(),
                exclude_users: chosen.exclude_users.clone(),
            });
        settings.max_calls_per_window = chosen.batch_size.get() as u64;
        settings.lookback_days = chosen.lookback_days;
        settings.first_sync_days = chosen.first_sync_days;
        settings.sweep_calls = chosen.sweep_calls;
        settings.relist_requests = chosen.relist_requests;
        settings
    }

    /// What a sync reads beside calls.
    pub fn stream_settings(&self) -> StreamSettings {
        StreamSettings::new(self.sync.streams.iter().copied())
            .with_time_zone(self.sync.time_zone.clone())
    }
}

/// What a setting means to a program without its feature.
#[cfg(not(all(feature = "hubspot-rest", feature = "hubspot-share")))]
fn without(is_set: bool, variable: &str) -> Result<Option<Arc<dyn CrmSource>>, Error> {
    let why = "this program was built without the feature for it";
    let error = Error::new(resilience::ErrorKind::Unsupported, why).with_field(variable);
    if is_set { Err(error) } else { Ok(None) }
}
