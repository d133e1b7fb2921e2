//! Gong's webhooks: a call that matched a rule is synced at once.
//!
//! Gong promises neither order nor repetition, so an event is a hint: the call is read from
//! Gong as every sync reads it, and what was missed is found by the next one. Gong is answered
//! before that, because it need not wait for it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use gong_snowflake::calls::Timestamp;
use gong_snowflake::gong_client::GongApi;
use gong_snowflake::gong_client::webhooks::{CallEvent, WebhookVerifier};
use gong_snowflake::ingest::{GongSync, SyncSettings};
use gong_snowflake::snowflake_store::{CallStore, SyncMode};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Events that wait for a sync; more are refused, and found by the next scheduled sync.
const MOST_WAITING: usize = 1_000;
/// Around the call's times: Gong compares the scheduled one for some calls.
const AROUND: Duration = Duration::from_secs(60);

#[derive(Debug, Clone)]
struct Receiving {
    verifier: Arc<WebhookVerifier>,
    calls: Sender<CallEvent>,
}

impl FromRef<Receiving> for Arc<WebhookVerifier> {
    fn from_ref(receiving: &Receiving) -> Self {
        receiving.verifier.clone()
    }
}

/// Calls that Gong has told of and nobody has synced.
#[derive(Debug)]
pub struct TellingOfCalls(Receiver<CallEvent>);

/// What receives events at `path`, and what they are taken from.
///
/// It answers 202 to what Gong signed, 401 to everything else, and 503 while too many wait.
pub fn webhook(path: &str, verifier: WebhookVerifier) -> (Router, TellingOfCalls) {
    let (calls, told) = channel(MOST_WAITING);
    let verifier = Arc::new(verifier);
    let router = Router::new().route(path, post(receive));
    let router = router.with_state(Receiving { verifier, calls });
    (router, TellingOfCalls(told))
}

async fn receive(State(receiving): State<Receiving>, event: CallEvent) -> StatusCode {
    if event.is_test {
        return StatusCode::ACCEPTED;
    }
    match receiving.calls.try_send(event) {
        Ok(()) => StatusCode::ACCEPTED,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl TellingOfCalls {
    /// Syncs one call after another, until nobody can tell of any more.
    pub async fn sync(mut self, gong: Arc<dyn GongApi>, store: Arc<dyn CallStore>) {
        while let Some(event) = self.0.recv().await {
            let call_id = &event.document.call_id;
            let Some(settings) = around(&event) else {
                tracing::warn!(%call_id, "the event has no time to sync around");
                continue;
            };
            match GongSync::new(gong.clone(), store.clone(), settings)
                .run()
                .await
            {
                Ok(report) => tracing::info!(%call_id, seen = report.calls_seen, "synced"),
                Err(error) => tracing::warn!(%call_id, %error, "left to the next sync"),
            }
        }
    }
}

/// A sync of the time that holds the call; `None` where Gong has sent neither of its times.
fn around(event: &CallEvent) -> Option<SyncSettings> {
    let call = event.call.meta_data.as_ref()?;
    let times = || [call.scheduled, call.started].into_iter().flatten();
    let (first, last): (Timestamp, Timestamp) = (times().min()?, times().max()?);
    let mut settings = SyncSettings::new(SyncMode::Backfill);
    settings.from = Some(first.checked_sub(AROUND).ok()?);
    settings.to = Some(last.checked_add(AROUND).ok()?);
    Some(settings)
}
