//! HubSpot: stages and one look-up, over REST and from the share.

use std::sync::Arc;

use gong_snowflake::Settings;
use gong_snowflake::hubspot_enrich::{
    CrmSource, DataShare, DataShareConfig, HubSpotApi, HubSpotConfig,
};
use gong_snowflake::snowflake_sql::SnowflakePool;

use super::report::{Checks, is_set};

pub(super) async fn by_rest(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("hubspot");
    if !is_set(&settings, "HUBSPOT_TOKEN") {
        return checks.without("HUBSPOT_TOKEN");
    }
    match HubSpotConfig::from_variables(|name| Ok(settings.variable(name)))
        .and_then(HubSpotApi::new)
    {
        Ok(api) => ask(&api, &mut checks).await,
        Err(error) => checks.failed("settings", &error),
    }
    checks
}

pub(super) async fn by_share(settings: Arc<Settings>) -> Checks {
    let mut checks = Checks::new("hubspot_share");
    let share = match DataShareConfig::from_variables(|name| Ok(settings.variable(name))) {
        Ok(Some(share)) => share,
        Ok(None) => return checks.without("HUBSPOT_SHARE_DATABASE"),
        Err(error) => {
            checks.failed("settings", &error);
            return checks;
        }
    };
    match super::snowflake::config(&settings) {
        Ok(config) => {
            let pool = Arc::new(SnowflakePool::new(config));
            ask(&DataShare::new(pool, share), &mut checks).await;
        }
        Err(error) => checks.failed("settings", &error),
    }
    checks
}

async fn ask(crm: &dyn CrmSource, checks: &mut Checks) {
    checks.tell("stages", crm.stages().await, |catalogue| {
        let lag = catalogue.read_at.duration_since(catalogue.as_of);
        format!(
            "{} stages, {} of them without dates, {} s old",
            catalogue.stages.len(),
            catalogue.undated.len(),
            lag.as_secs()
        )
    });
    // Nobody's: a record that is not there is no error, so that columns and rights are tried.
    let deals = crm.deals(&["1".into()]).await;
    checks.tell("deals", deals, |batch| {
        format!("answered, {} missing", batch.missing.len())
    });
    let contacts = crm
        .contacts_by_email(&["nobody@example.invalid".to_owned()])
        .await;
    checks.tell("contacts", contacts, |batch| {
        format!("answered, {} missing", batch.missing.len())
    });
}
