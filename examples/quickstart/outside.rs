//! The world outside: a simulated Gong and a simulated HubSpot, both over HTTP.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::{Credentials, GongClient, GongConfig};
use gong_snowflake::hubspot_enrich::{AccessToken, CrmSource, HubSpotApi, HubSpotConfig};
use testkit::SimulatedCall;
use testkit::gong::{CallVisibility, GongSimulator};
use testkit::hubspot::HubSpotSimulator;
use testkit::synthetic::{SyntheticConfig, SyntheticOrg, WRITTEN_DEAL};

pub(crate) struct Outside {
    pub(crate) simulator: GongSimulator,
    pub(crate) hubspot: HubSpotSimulator,
    pub(crate) gong: Arc<GongClient>,
    pub(crate) crm: Arc<dyn CrmSource>,
    pub(crate) org: SyntheticOrg,
}

/// What was done to Gong between two syncs.
pub(crate) struct Changes {
    pub(crate) late_call: String,
    pub(crate) late_transcript: String,
    pub(crate) renamed: String,
    pub(crate) deleted: String,
}

impl Outside {
    /// A company whose calls end at `now`, those of one deal written out. Of the others the
    /// latest is not processed yet, and the one before has no transcript yet.
    pub(crate) async fn start(seed: u64, now: Timestamp) -> Result<Self, Box<dyn Error>> {
        let org = SyntheticOrg::generate(&SyntheticConfig {
            seed,
            anchor: now,
            written_deal: true,
            ..SyntheticConfig::default()
        });
        let simulator = GongSimulator::builder().org(&org).start().await?;
        let state = simulator.state();
        state.set_visibility(from_the_end(&org, 0)?, CallVisibility::Invisible)?;
        state.withhold_transcript(from_the_end(&org, 1)?)?;

        let credentials = Credentials::basic(
            testkit::gong::DEFAULT_ACCESS_KEY,
            testkit::gong::DEFAULT_ACCESS_KEY_SECRET,
        );
        // The simulator has no limit, so none is kept on this side.
        let config = GongConfig::new(&simulator.url(), credentials)?
            .with_requests_per_second(0.0)?
            .with_daily_requests(None);
        let hubspot = HubSpotSimulator::builder().org(&org).start().await?;
        let token = AccessToken::new(testkit::hubspot::DEFAULT_TOKEN)?;
        let crm_config = HubSpotConfig::new(token)?
            .with_base_url(&hubspot.base_url())?
            .with_requests_per_ten_seconds(0)
            .with_searches_per_second(0);
        let crm = HubSpotApi::new(crm_config)?;
        let gong = Arc::new(GongClient::new(config)?);
        Ok(Self {
            simulator,
            hubspot,
            gong,
            crm: Arc::new(crm),
            org,
        })
    }

    /// The late call and the late transcript appear, a call is renamed, one is deleted.
    pub(crate) fn change_gong(&self) -> Result<Changes, Box<dyn Error>> {
        let state = self.simulator.state();
        let changes = Changes {
            late_call: from_the_end(&self.org, 0)?.to_owned(),
            late_transcript: from_the_end(&self.org, 1)?.to_owned(),
            renamed: from_the_end(&self.org, 2)?.to_owned(),
            deleted: from_the_end(&self.org, 3)?.to_owned(),
        };
        state.set_visibility(&changes.late_call, CallVisibility::Visible)?;
        state.release_transcript(&changes.late_transcript)?;
        state.retitle_call(&changes.renamed, "Renamed after the call")?;
        state.delete_call(&changes.deleted);
        Ok(changes)
    }
}

/// The id of the latest call that has a transcript, the one before it, and so on; calls of the
/// deal that is shown at the end stay as they are.
fn from_the_end(org: &SyntheticOrg, position: usize) -> Result<&str, Box<dyn Error>> {
    let mut ids = org
        .calls
        .iter()
        .rev()
        .filter(|c| c.transcript.is_some() && !is_of_written_deal(c))
        .filter_map(|c| c.id());
    ids.nth(position)
        .ok_or_else(|| "the simulated company has too few calls".into())
}

fn is_of_written_deal(call: &SimulatedCall) -> bool {
    let objects = call.extensive["context"][0]["objects"].as_array();
    let mut objects = objects.into_iter().flatten();
    objects.any(|object| object["objectId"] == WRITTEN_DEAL)
}

/// Removes what an earlier quickstart left.
pub(crate) fn remove_database(path: &Path) -> std::io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", path.display());
        match std::fs::remove_file(file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
