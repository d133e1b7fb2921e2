//! Whether the outside systems answer.

use calls::Timestamp;
use cortex::{CompletionRequest, LanguageBackend, LanguageBackendExt};
use gong_client::{CallFilter, ContentSelector, GongApi, TranscriptFilter};
use hubspot_enrich::CrmSource;
use resilience::ErrorKind;

use super::Depth;
use super::checked::{Check, Checked};
use super::machine::Clocks;
use crate::settings::Backend;
use crate::{Error, Settings, StoreLocation};

/// The span that Gong is asked about: whether it answers is asked, not what it has.
const SECONDS: i64 = 60;

pub(super) async fn gong(settings: &Settings, depth: Depth, clocks: &Clocks) -> Checked {
    const CHECK: Check = Check::GongCredentials;
    let set = &settings.gong;
    if set.base_url.is_none() && set.access_key.is_none() && set.bearer_token.is_none() {
        return Checked::not_configured(CHECK, "GONG_BASE_URL is not set");
    }
    let client = match settings.gong_client() {
        Ok(client) => client,
        Err(error) => return Checked::failed(CHECK, &error),
    };
    let to = Timestamp::now();
    let from = Timestamp::from_second(to.as_second() - SECONDS).unwrap_or(to);
    let asked = async {
        let filter = CallFilter::between(from, to);
        let listed = match depth {
            Depth::Quick => client.calls(&filter, None).await.map(drop),
            Depth::Thorough => Ok(()),
        };
        let is_refused = |error: &gong_client::Error| {
            matches!(error.kind(), ErrorKind::Auth | ErrorKind::Permission)
        };
        // A key may have the right that a sync needs, and not the one for the plain list.
        if depth == Depth::Thorough || listed.as_ref().is_err_and(is_refused) {
            let selector = ContentSelector::default();
            client.extensive_calls(&filter, &selector, None).await?;
        } else {
            listed?;
        }
        if depth == Depth::Quick || !settings.sync.transcripts {
            return Ok("calls may be read");
        }
        let mut filter = TranscriptFilter::default();
        (filter.from, filter.to) = (Some(from), Some(to));
        client.transcripts(&filter, None).await?;
        Ok("calls and transcripts may be read")
    };
    let answered: gong_client::Result<&str> = asked.await;
    clocks.note("Gong", client.client_stats().server_ahead_ms);
    match answered {
        Ok(may) => Checked::passed(CHECK, format!("{}: {may}", client.authority())),
        Err(error) => Checked::failed(CHECK, &settings.located(error)),
    }
}

/// Whether anything needs Snowflake.
fn needs_snowflake(settings: &Settings) -> bool {
    settings.snowflake.account.is_some()
        || settings.store.location == StoreLocation::Snowflake
        || settings.hubspot.share_database.is_some()
        || settings.language.backend == Backend::CortexSql
}

#[cfg(feature = "snowflake")]
pub(super) async fn snowflake(settings: &Settings, clocks: &Clocks) -> Checked {
    use snowflake_store::{CheckOutcome, check_session};

    const CHECK: Check = Check::SnowflakeConnection;
    if !needs_snowflake(settings) {
        return Checked::not_configured(CHECK, "SNOWFLAKE_ACCOUNT is not set");
    }
    let pool = match settings.snowflake_pool(&crate::StoreOptions::new("check")) {
        Ok(pool) => pool,
        Err(error) => return Checked::failed(CHECK, &error),
    };
    let now = Timestamp::now();
    let found = match check_session(&pool, now).await {
        Ok(found) => found,
        Err(error) => return Checked::failed(CHECK, &settings.located(error)),
    };
    let (clock, session): (Vec<_>, Vec<_>) = found.iter().partition(|one| one.check == "clock");
    if let Some(clock) = clock.first() {
        clocks.compared(
            "Snowflake",
            clock.outcome == CheckOutcome::Failed,
            &clock.cause,
        );
    }
    let is_test = settings.snowflake.server == crate::settings::SnowflakeServer::FakeSnow;
    let failed = session
        .iter()
        .find(|one| one.outcome == CheckOutcome::Failed);
    match failed.filter(|_| !is_test) {
        Some(failed) => {
            let message = format!("{}: {}", failed.check, failed.cause);
            let error = Error::new(ErrorKind::Config, message);
            let checked = Checked::failed(CHECK, &error);
            checked.with_remedy(failed.remedy.clone().unwrap_or_default())
        }
        None => {
            let found: Vec<&str> = session.iter().map(|one| one.cause.as_str()).collect();
            Checked::passed(CHECK, found.join(", "))
        }
    }
}

#[cfg(not(feature = "snowflake"))]
pub(super) async fn snowflake(settings: &Settings, _: &Clocks) -> Checked {
    const CHECK: Check = Check::SnowflakeConnection;
    match needs_snowflake(settings) {
        true => {
            let why = "this program was built without the feature snowflake";
            let error = Error::new(ErrorKind::Unsupported, why);
            Checked::failed(CHECK, &error)
        }
        false => Checked::not_configured(CHECK, "SNOWFLAKE_ACCOUNT is not set"),
    }
}

#[cfg(feature = "snowflake")]
pub(super) async fn gong_share(settings: &Settings, depth: Depth) -> Checked {
    const CHECK: Check = Check::GongShare;
    let asked = async {
        let Some(share) = settings.gong_share()? else {
            return Ok(Checked::not_configured(
                CHECK,
                "GONG_SHARE_DATABASE is not set",
            ));
        };
        let store = settings.snowflake_store(&crate::StoreOptions::new("check"))?;
        let lacks = store.gong_share_lacks(&share).await;
        let lacks = lacks.map_err(|error| settings.located(error))?;
        if !lacks.is_empty() {
            let message = format!("these are not there, or not granted: {}", lacks.join(", "));
            let error = Error::new(ErrorKind::NotFound, message).with_field("GONG_SHARE_DATABASE");
            let remedy = "grant IMPORTED PRIVILEGES on the share's database to the role that syncs; \
                          docs/gong-share.md lists the tables";
            return Ok(Checked::failed(CHECK, &error).with_remedy(remedy));
        }
        if depth == Depth::Quick {
            // A load from a share that ended is a load too.
            return Ok(Checked::passed(
                CHECK,
                "all columns that are read are there",
            ));
        }
        let as_of = store.gong_share_as_of(&share).await;
        let as_of = as_of.map_err(|error| settings.located(error))?;
        Ok(late_share(as_of, Timestamp::now()))
    };
    let asked: Result<Checked, Error> = asked.await;
    asked.unwrap_or_else(|error| Checked::failed(CHECK, &error))
}

/// Gong promises to be a day late at most, but a stamp is as old as the latest call: who does
/// not work at weekends has older ones. After a week it is no weekend.
#[cfg(feature = "snowflake")]
fn late_share(as_of: Option<Timestamp>, now: Timestamp) -> Checked {
    const CHECK: Check = Check::GongShare;
    let there = "all columns that are read are there";
    let ask_gong = "ask Gong whether it still delivers, unless nobody had a call; what is newer the \
                    API brings";
    let Some(as_of) = as_of else {
        return Checked::passed(CHECK, format!("{there}, and no call yet")).with_remedy(ask_gong);
    };
    let hours = now.duration_since(as_of).as_hours();
    let cause = format!("{there}; its latest call changed {hours} h ago, at {as_of:.0}");
    match hours {
        ..=24 => Checked::passed(CHECK, cause),
        25..=168 => Checked::passed(CHECK, cause).with_remedy(ask_gong),
        _ => {
            let error = Error::new(ErrorKind::Transient, cause).with_field("GONG_SHARE_DATABASE");
            Checked::failed(CHECK, &error).with_remedy(ask_gong)
        }
    }
}

#[cfg(not(feature = "snowflake"))]
pub(super) async fn gong_share(_: &Settings, _: Depth) -> Checked {
    Checked::not_configured(
        Check::GongShare,
        "this program was built without the feature snowflake",
    )
}

pub(super) async fn hubspot_share(settings: &Settings) -> Checked {
    const CHECK: Check = Check::HubspotShare;
    match settings.hubspot_share() {
        Ok(Some(share)) => stages(settings, CHECK, &share).await,
        Ok(None) => Checked::not_configured(CHECK, "HUBSPOT_SHARE_DATABASE is not set"),
        Err(error) => Checked::failed(CHECK, &error),
    }
}

pub(super) async fn hubspot_api(settings: &Settings, clocks: &Clocks) -> Checked {
    const CHECK: Check = Check::HubspotApi;
    match settings.hubspot_api() {
        Ok(Some(api)) => {
            let checked = stages(settings, CHECK, &api).await;
            #[cfg(feature = "hubspot-rest")]
            clocks.note("HubSpot", api.stats().server_ahead_ms);
            #[cfg(not(feature = "hubspot-rest"))]
            let _ = clocks;
            checked
        }
        Ok(None) => Checked::not_configured(CHECK, "HUBSPOT_TOKEN is not set"),
        Err(error) => Checked::failed(CHECK, &error),
    }
}

async fn stages(settings: &Settings, check: Check, crm: &dyn CrmSource) -> Checked {
    match crm.stages().await {
        Ok(catalogue) => {
            let stages = catalogue.stages.len();
            Checked::passed(check, format!("{stages} stages of deals are listed"))
        }
        Err(error) => Checked::failed(check, &settings.located(error)),
    }
}

pub(super) async fn cortex(settings: &Settings) -> Checked {
    const CHECK: Check = Check::CortexFunctions;
    let name = settings.language.backend;
    if name == Backend::Local {
        let why = "calls are read in this process; GONG_SNOWFLAKE_BACKEND names another reader";
        return Checked::not_configured(CHECK, why);
    }
    let backend = match settings.backend() {
        Ok(backend) => backend,
        Err(error) => return Checked::failed(CHECK, &error),
    };
    let request = CompletionRequest {
        prompt: "Answer with the one word: yes".to_owned(),
        max_tokens: Some(16),
        ..CompletionRequest::default()
    };
    let model = backend.provenance().model;
    match backend.completion_of(request).await {
        Ok(_) => Checked::passed(CHECK, format!("{model} answers by {name}")),
        Err(error) => Checked::failed(CHECK, &settings.located(error)),
    }
}
